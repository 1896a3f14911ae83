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

// known lists the faults that are known: none now.
var known []Known

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
