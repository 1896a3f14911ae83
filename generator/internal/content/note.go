package content

import (
	"vigie/generator/internal/record"
)

// readTexts reads what a page says once for all its languages beside facts and
// events: its definition, its names elsewhere, who is interviewed, what was corrected.
func (l *loader) readTexts(p *Page) {
	m := &p.matter
	p.Definition, p.Equivalent = m.Definition.Value, m.Equivalent.Value
	l.resolveTexts(&p.Definition, &p.Equivalent)
	p.Corrections = l.notes(p, m.Corrections.Value)
	if !m.Interview.Set {
		return
	}
	i := m.Interview.Value
	l.resolveTexts(&i.GuestRole)
	if i.Media.Set && !isWebAddress(i.Media.Value) {
		l.report(p.errorf(i.Media.Span, "bad-url", "media is no web address").WithSuggestion("write it in full, with https://, or remove it"))
		i.Media.Value = ""
	}
	p.Interview = &Interview{Guest: i.Guest, GuestRole: i.GuestRole, Host: i.Host, Outlet: i.Outlet, Media: i.Media.Value}
}

// notes reads dated notes, which are in the order of time and not of the future.
func (l *loader) notes(p *Page, written []record.Field[noteMatter]) []Note {
	var list []Note
	for _, f := range written {
		m := f.Value
		l.resolveTexts(&m.Note)
		if !m.On.Set || m.On.Value.IsZero() {
			continue // reported
		}
		if m.On.Value.Start().After(l.Today()) {
			l.report(p.errorf(m.On.Span, "bad-date", "note of %s is after the build's clock, %s", m.On.Value, l.Today().Format("2006-01-02")))
		}
		if n := len(list); n > 0 && m.On.Value.Compare(list[n-1].On) < 0 {
			l.report(p.errorf(m.On.Span, "bad-date", "note of %s stands after that of %s", m.On.Value, list[n-1].On).WithSuggestion("write the oldest first"))
		}
		list = append(list, Note{On: m.On.Value, Text: m.Note})
	}
	return list
}
