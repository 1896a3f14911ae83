package check

import (
	"slices"
	"strings"

	"vigie/generator/internal/content"
	"vigie/generator/internal/diag"
	"vigie/generator/internal/record"
)

// buildRules are the rules that can be silenced and that every build keeps to.
var buildRules = []string{
	"accidental-markup", "body-h1", "broken-table", "control-character", "foreign-key", "heading-level", "html-sanitized", "ignored-key",
	"missing-alt", "missing-language", "not-published", "suspected-syntax", "table-cells", "two-titles", "unknown-language",
	"unknown-status", "unused-footnote", "unused-slug", "yaml-comment",
}

// Silence returns list without the warnings that the site ([check] ignore) or the page
// they are about (check_ignore) silences on purpose.
func Silence(site *content.Site, list diag.List) diag.List {
	return newSilence(site).filter(list)
}

// silence is what a site and its pages want to hear nothing of.
type silence struct {
	site   *content.Site
	ofSite []*ignored
	ofPage map[string][]*ignored // by file as diagnostics name it
}

// ignored is a rule silenced somewhere.
type ignored struct {
	rule string
	used bool
	src  *diag.Source
	at   record.Span
}

func newSilence(site *content.Site) *silence {
	s := &silence{site: site, ofPage: map[string][]*ignored{}}
	for _, f := range site.Config.Check.Ignore {
		s.ofSite = append(s.ofSite, &ignored{rule: f.Value, src: site.Config.Source, at: f.Span})
	}
	for _, p := range slices.Concat(site.Pages, site.Hidden) { // one that is held back may be warned of, too
		for _, f := range p.CheckIgnore {
			s.ofPage[p.FileName()] = append(s.ofPage[p.FileName()], &ignored{rule: f.Value, src: p.File, at: f.Span})
		}
	}
	return s
}

// filter returns list without what is silenced. Where both the site and the page
// silence a finding, each has done so.
func (s *silence) filter(list diag.List) diag.List {
	if len(s.ofSite) == 0 && len(s.ofPage) == 0 {
		return list
	}
	return slices.DeleteFunc(slices.Clone(list), func(d diag.Diagnostic) bool {
		if d.Severity != diag.Warning {
			return false
		}
		silenced := false
		for _, where := range [][]*ignored{s.ofSite, s.ofPage[d.File]} {
			for _, i := range where {
				if i.rule == d.Rule {
					i.used, silenced = true, true
				}
			}
		}
		return silenced
	})
}

// unusedIgnore is a silence that silenced nothing.
type unusedIgnore struct {
	rule       string
	diagnostic diag.Diagnostic
}

// unused lists the silences that silenced nothing.
func (s *silence) unused() []unusedIgnore {
	var list []unusedIgnore
	add := func(where []*ignored, what string) {
		for _, i := range where {
			if !i.used {
				list = append(list, unusedIgnore{i.rule, i.src.Errorf(i.at.Offset, i.at.Length, "unused-ignore", "rule %q finds nothing to silence %s", i.rule, what).
					WithSuggestion("remove it").AsWarning()})
			}
		}
	}
	add(s.ofSite, "on this site")
	for _, p := range s.site.Pages {
		if p.File != nil {
			add(s.ofPage[p.FileName()], "on this page")
		}
	}
	return list
}

// fold brings a text into the form in which two that readers take for the same are the
// same.
func fold(text string) string { return strings.ToLower(strings.Join(strings.Fields(text), " ")) }
