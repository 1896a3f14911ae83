package content

import (
	"time"

	"vigie/generator/internal/diag"
	"vigie/generator/internal/edtf"
	"vigie/generator/internal/record"
)

// readTexts reads what a page says once for all its languages beside facts and
// events: its definition, its names elsewhere, who is interviewed, what was corrected.
func (l *loader) readTexts(p *Page) {
	defer diag.WorkingOn(p.FileName())
	m := &p.matter
	p.Definition, p.Equivalent = m.Definition.Value, m.Equivalent.Value
	l.resolveTexts(&p.Definition, &p.Equivalent)
	p.Corrections = l.notes(p, m.Corrections.Value)
	if m.Interview.Key.Length == 0 {
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

// settleUpdated lets a page be updated on the day of its last correction, if its
// editor did not say so.
func (p *Page) settleUpdated(location *time.Location) {
	for _, n := range p.Corrections {
		on := n.On.Start()
		if day := time.Date(on.Year(), on.Month(), on.Day(), 0, 0, 0, 0, location); day.After(p.Modified()) {
			p.Updated, p.UpdatedTime = day, false
		}
	}
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
		if m.On.Value.Precision() != edtf.Day || m.On.Value.IsInterval() {
			l.report(p.errorf(m.On.Span, "bad-date", "note of %s is of no day", m.On.Value).WithSuggestion("give the day on which it was made"))
			continue
		}
		if m.On.Value.Start().After(l.Today()) {
			l.report(p.errorf(m.On.Span, "bad-date", "note of %s is after the build's clock, %s", m.On.Value, l.Today().Format(time.DateOnly)).
				WithSuggestion("give the day on which it was made"))
			continue
		}
		if n := len(list); n > 0 && m.On.Value.Compare(list[n-1].On) < 0 {
			l.report(p.errorf(m.On.Span, "bad-date", "note of %s stands after that of %s", m.On.Value, list[n-1].On).WithSuggestion("write the oldest first"))
		}
		list = append(list, Note{On: m.On.Value, Text: m.Note})
	}
	return list
}
