package content

import (
	"fmt"
	"slices"
	"strings"

	"vigie/generator/internal/diag"
	"vigie/generator/internal/record"
)

// translate joins the pages of one logical path and lets a translation inherit
// from the default-language page what is not text.
func (l *loader) translate() {
	slices.SortFunc(l.Pages, func(a, b *Page) int {
		if c := strings.Compare(a.Path, b.Path); c != 0 {
			return c
		}
		if a.IsSection != b.IsSection {
			if a.IsSection {
				return -1
			}
			return 1
		}
		if a.Lang != b.Lang {
			return l.languageOrder(a.Lang) - l.languageOrder(b.Lang)
		}
		return strings.Compare(a.FileName(), b.FileName())
	})
	var kept []*Page
	for start := 0; start < len(l.Pages); {
		end := start + 1
		for end < len(l.Pages) && l.Pages[end].Path == l.Pages[start].Path && l.Pages[end].IsSection == l.Pages[start].IsSection {
			end++
		}
		kept = append(kept, l.joinTranslations(l.Pages[start:end])...)
		start = end
	}
	l.Pages = kept
}

func (l *loader) languageOrder(code string) int {
	for i, language := range l.Config.Languages {
		if language.Code == code {
			return i
		}
	}
	return len(l.Config.Languages)
}

// joinTranslations links the versions of one page, the default language first.
func (l *loader) joinTranslations(versions []*Page) []*Page {
	var group []*Page
	for _, p := range versions {
		if n := len(group); n > 0 && group[n-1].Lang == p.Lang {
			l.report(p.errorf(record.Span{}, "duplicate-page", "page %q exists twice in language %q", p.Path, p.Lang).
				WithNote(group[n-1].File.Position(0), "the other is here"))
			continue
		}
		group = append(group, p)
	}
	for _, p := range group {
		p.Translations = group
	}
	original := group[0]
	if original.Lang != l.Config.Language {
		return group
	}
	for _, p := range group[1:] {
		p.Original = original
		l.inherit(p, original)
	}
	return group
}

// inherit gives a translation what the original says once for all languages. To
// say it again is an error: two places for one statement drift apart.
func (l *loader) inherit(p, original *Page) {
	defer diag.WorkingOn(p.FileName())
	m := &p.matter
	for _, key := range []struct {
		name string
		set  bool
		at   record.Span
	}{
		{"date", m.Date.Set, m.Date.Key},
		{"kind", m.Kind.Set, m.Kind.Key},
		{"form", m.Form.Set, m.Form.Key},
		{"tags", m.Tags.Set, m.Tags.Key},
		{"authors", m.Authors.Set, m.Authors.Key},
		{"weight", m.Weight.Set, m.Weight.Key},
		{"sources", m.Sources.Set, m.Sources.Key},
		{"facts", m.Facts.Set, m.Facts.Key},
		{"events", m.Events.Set, m.Events.Key},
		{"definition", m.Definition.Set, m.Definition.Key},
		{"equivalent", m.Equivalent.Set, m.Equivalent.Key},
		{"interview", m.Interview.Set, m.Interview.Key},
		{"corrections", m.Corrections.Set, m.Corrections.Key},
	} {
		if key.set {
			l.writtenOnce(p, original, key.name, key.at)
		}
	}
	for _, name := range l.otherTaxonomies {
		if f := m.Terms[name]; f.Set {
			l.writtenOnce(p, original, name, f.Key)
		}
	}
	p.Kind, p.Form, p.Weight = original.Kind, original.Form, original.Weight
	p.Date, p.HasTime = original.Date, original.HasTime
	p.Draft = p.Draft || original.Draft
	p.publication = p.publication.join(original.publication)
	if !p.matter.Updated.Set {
		p.Updated, p.UpdatedTime = original.Updated, original.UpdatedTime
	}
	if !p.Image.Set {
		p.Image = original.Image
	}
	if len(p.Names) == 0 {
		p.Names = original.Names
	}
	if !p.matter.TermLinks.Set {
		p.TermLinks = original.TermLinks
	}
	if p.Params == nil {
		p.Params = original.Params
	}
}

// writtenOnce reports a key of a translation that the original says for both.
func (l *loader) writtenOnce(p, original *Page, key string, at record.Span) {
	if l.lenient() { // other tools have it in every file
		l.late = append(l.late, lateRemark{p, remark{"ignored-key", "inherited " + key, at, fmt.Sprintf("%s is ignored in a translation: it is inherited from %s", key, original.FileName()), "remove it here"}})
		return
	}
	l.report(p.errorf(at, "inherited-key", "%s is written once, in %s, and inherited", key, original.FileName()).WithSuggestion("remove it here"))
}

// hide takes out drafts and pages of the future, unless they are asked for, and what is
// kept back or has expired.
func (l *loader) hide() {
	var shown []*Page
	for _, p := range l.Pages {
		why := l.heldBack(p)
		if !p.Updated.IsZero() && p.Updated.Before(p.Date) {
			l.report(p.errorf(p.matter.Updated.Span, "bad-date", "updated is before date").WithSuggestion("swap them"))
		}
		if why == "" {
			shown = append(shown, p)
			continue
		}
		l.Hidden = append(l.Hidden, p)
		l.hidden[p.File.Name()] = why
	}
	for _, p := range shown {
		p.Translations = slices.DeleteFunc(slices.Clone(p.Translations), func(t *Page) bool { return l.hidden[t.File.Name()] != "" })
	}
	l.Pages = shown
}

// WhyHidden says why a page is left out of this build, "" for one that is not.
func (s *Site) WhyHidden(p *Page) string { return s.hidden[p.FileName()] }

// duplicate reports a later use of what has been used at first.
func duplicate(p *Page, at record.Span, rule, what string, first *Page, firstAt record.Span) diag.Diagnostic {
	d := p.errorf(at, rule, "%s", what)
	if first.File == nil {
		return d
	}
	return d.WithNote(first.File.Position(firstAt.Offset), "first used here")
}
