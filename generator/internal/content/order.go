package content

import (
	"slices"
	"strings"
	"time"

	"vigie/generator/internal/config"
	"vigie/generator/internal/edtf"
	"vigie/generator/internal/record"
)

// What is checked of facts and events that no value alone can tell: the order of
// their dates, and what must stand beside them.

// checkUnit reports a unit given to what is no number.
func (l *loader) checkUnit(p *Page, property config.Property, m factMatter) {
	if m.Unit.Set && property.Type != config.TypeNumber {
		l.report(p.errorf(m.Unit.Span, "bad-unit", "unit does not fit: %s is no number but a %s", property.Name, property.Type).
			WithSuggestion("remove unit, or declare the property as a number in config.toml"))
	}
}

// until reads from when a past value no longer held; zero where it is not written.
func (l *loader) until(p *Page, m factMatter, fact *Fact) edtf.Date {
	switch {
	case !m.Until.Set || m.Until.Value.IsZero():
		return edtf.Date{}
	case !fact.Status.Past():
		l.report(p.errorf(m.Until.Span, "bad-date", "value that is %s has an until", fact.Status).
			WithSuggestion(`mark it status = "superseded" or "withdrawn", or remove until`))
	case m.Until.Value.End().Before(fact.AsOf.Start()):
		l.report(p.errorf(m.Until.Span, "bad-date", "until %s is before as_of %s", m.Until.Value, fact.AsOf).WithSuggestion("swap them"))
	case m.Until.Value.Start().After(l.Today()):
		l.report(p.errorf(m.Until.Span, "bad-date", "until %s is after the build's clock, %s", m.Until.Value, l.Today().Format(time.DateOnly)).
			WithSuggestion("a value that still holds is no past one"))
	default:
		return m.Until.Value
	}
	return edtf.Date{}
}

// checkPast finds until when the page's past values held: until the property's next
// value was known, where they do not say. said holds the facts that say it, if wrongly.
func (l *loader) checkPast(p *Page, said map[*Fact]bool) {
	for _, f := range p.Facts {
		if !f.Status.Past() || said[f] {
			continue
		}
		if f.Status == Superseded {
			if next := f.successor(); next != nil {
				f.Until = next.AsOf
				continue
			}
		}
		if slices.ContainsFunc(p.Facts, func(g *Fact) bool { return g.Property.Name == f.Property.Name && g.AsOf.IsZero() }) {
			continue // its date is reported, and may be the one that is missing here
		}
		l.report(p.errorf(f.At, "missing-until", "%s value of %s does not say until when it held", f.Status, f.Property.Name).
			WithSuggestion(`add until = "…", or the value that replaced it`))
	}
}

// successor is the value of the same property that was known next, nil without.
func (f *Fact) successor() *Fact {
	var next *Fact
	for _, g := range f.Page.Facts {
		if g.Property.Name != f.Property.Name || g == f || g.AsOf.Compare(f.AsOf) <= 0 {
			continue
		}
		if next == nil || g.AsOf.Compare(next.AsOf) < 0 {
			next = g
		}
	}
	return next
}

// checkAfter holds dates against those they must come after ([config.Property.After]).
func (l *loader) checkAfter(p *Page) {
	for _, f := range p.Facts {
		if len(f.Property.After) == 0 || f.Status.Past() {
			continue
		}
		found := false
		for _, g := range p.Facts {
			if !slices.Contains(f.Property.After, g.Property.Name) || g.Status.Past() {
				continue
			}
			found = true
			if !f.Value.Date.IsZero() && f.Value.Date.End().Before(g.Value.Date.Start()) {
				l.report(p.errorf(f.At, "bad-date", "%s %s is before %s %s", f.Property.Name, f.Value.Date, g.Property.Name, g.Value.Date).
					WithSuggestion("correct one of the dates").WithNote(p.File.Position(g.At.Offset), "%s is given here", g.Property.Name))
			}
		}
		if !found {
			l.report(p.errorf(f.At, "missing-start", "%s is given without a start", f.Property.Name).
				WithSuggestion("add a fact of %s", strings.Join(f.Property.After, " or ")))
		}
	}
}

// checkExpiry reports an expiry that comes before its event, or whose start is open.
func (l *loader) checkExpiry(p *Page, m eventMatter) {
	if !m.Expires.Set || m.Expires.Value.IsZero() || m.Date.Value.IsZero() {
		return
	}
	if first, _ := m.Date.Value.Ends(); m.Date.Value.IsInterval() && first.IsZero() {
		l.report(p.errorf(m.Expires.Span, "missing-start", "expires is given without a start: date %s is open", m.Date.Value).
			WithSuggestion("give the date from which it holds"))
		return
	}
	if m.Expires.Value.End().Before(m.Date.Value.Start()) {
		l.report(p.errorf(m.Expires.Span, "bad-date", "expires %s is before date %s", m.Expires.Value, m.Date.Value).WithSuggestion("swap them"))
	}
}

// checkMilestones reports a milestone dated before an earlier one of the same service
// and version: J2 cannot precede J1.
func (l *loader) checkMilestones(p *Page) {
	for i, e := range p.Events { // in the order of their dates
		if e.Milestone == "" || e.Status.Past() {
			continue
		}
		for _, later := range p.Events[i+1:] {
			if later.Milestone == "" || later.Milestone >= e.Milestone || later.Status.Past() || later.Scheme != e.Scheme ||
				later.Version != e.Version || !later.Service.Equal(e.Service) || !e.Date.End().Before(later.Date.Start()) {
				continue
			}
			l.report(p.errorf(e.At, "bad-date", "milestone %s of %s is dated before %s of %s", e.Milestone, e.Date, later.Milestone, later.Date).
				WithSuggestion("correct one of the dates; a new qualification has a service or version of its own").
				WithNote(p.File.Position(later.At.Offset), "%s is dated here", later.Milestone))
		}
	}
}

// scope reads the kinds of service that an event is about.
func (l *loader) scope(p *Page, written []record.Field[string]) []string {
	var list []string
	for _, f := range written {
		switch name := strings.TrimSpace(f.Value); {
		case name == "":
			l.report(p.errorf(f.Span, "bad-scope", "scope has an empty name").WithSuggestion("remove it"))
		case slices.Contains(list, name):
			l.report(p.errorf(f.Span, "bad-scope", "scope names %q twice", name).WithSuggestion("remove one"))
		default:
			list = append(list, name)
		}
	}
	return list
}
