package sitefuzz

import "regexp"

// Known is a fault that is known and not mended yet: findings of this form are passed over
// when sites are made by chance. testdata/known/<Case>.txtar says what is wrong, and is a
// site that has the fault. When it has it no longer the test fails: the case goes to
// testdata/cases, the line here goes, and what [Make] leaves out for it comes back.
type Known struct {
	Case   string
	Form   *regexp.Regexp // of the findings; nil for one that panics, which [Make] avoids
	Panics bool
}

// known lists the faults that are known.
var known = []Known{
	{Case: "comment", Form: regexp.MustCompile(`leak: comment in Markdown alternate`)},
	{Case: "obsidian", Form: regexp.MustCompile(`leak: obsidian in (Markdown alternate|feed|index|shards|HTML|another file)`)},
	{Case: "reference", Form: regexp.MustCompile(`leak: reference in Markdown alternate`)},
	{Case: "footnote", Form: regexp.MustCompile(`leak: footnote in Markdown alternate`)},
	{Case: "cell", Form: regexp.MustCompile(`leak: cell in Markdown alternate`)},
	{Case: "control", Form: regexp.MustCompile(`control: character`)},
	{Case: "leaving", Form: regexp.MustCompile(`leak: leaving in|unused: resource is published`)},
	{Case: "resource", Form: regexp.MustCompile(`unused: resource is published`)},
	{Case: "markdown-case", Form: regexp.MustCompile(`lost: .*\.MD is on no page`)},
	{Case: "json", Form: regexp.MustCompile(`leak: (draft|future|params) in`)},
	{Case: "published-false", Form: regexp.MustCompile(`leak: spelling in`)},
	{Case: "sanitize", Form: regexp.MustCompile(`leak: sanitized in Markdown alternate`)},
	{Case: "image-link", Panics: true},
	{Case: "prefix-folder", Panics: true},
	{Case: "term-page", Form: regexp.MustCompile(`nowhere: `)},
}

// unknown are the findings that no known fault explains.
func unknown(list []Finding) []Finding {
	var rest []Finding
	for _, f := range list {
		explained := false
		for _, k := range known {
			explained = explained || k.Form != nil && k.Form.MatchString(f.String())
		}
		if !explained {
			rest = append(rest, f)
		}
	}
	return rest
}
