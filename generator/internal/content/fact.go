package content

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"vigie/generator/internal/config"
	"vigie/generator/internal/diag"
	"vigie/generator/internal/edtf"
	"vigie/generator/internal/permalink"
	"vigie/generator/internal/record"
)

// Fact is a sourced, dated statement about the thing its page is about.
type Fact struct {
	ID       string // unique on its page, the same in every language
	Page     *Page
	Property config.Property
	Value    FactValue
	Unit     config.Text // its own, else the property's
	AsOf     edtf.Date
	Until    edtf.Date // from when a past value no longer held; zero for one that holds
	Sources  []*Source // at least one, unless its lack was reported
	Status   Status
	Note     config.Text
	Written  record.Span // all that states it in the front matter
	At       record.Span // of the property
	AsOfAt   record.Span
	ValueAt  record.Span

	from, until time.Time // the days of [Fact.Days]
}

// FactValue is a fact's value; the property's type says which field holds it.
type FactValue struct {
	Text    config.Text
	Number  float64
	Literal string // the number as written
	Date    edtf.Date
	URL     string
	Page    *Page // in the default language
	Boolean bool
}

// Status says how a fact stands.
type Status string

// The statuses of facts, in the order they are shown.
const (
	Current    Status = "current"
	Announced  Status = "announced"
	Disputed   Status = "disputed"
	ToConfirm  Status = "to-confirm"
	Superseded Status = "superseded"
	Withdrawn  Status = "withdrawn"
)

// statuses lists the statuses of facts in the order they are shown.
var statuses = []string{string(Current), string(Announced), string(Disputed), string(ToConfirm), string(Superseded), string(Withdrawn)}

// Rank returns the status's place in the order shown, from 0.
func (s Status) Rank() int { return slices.Index(statuses, string(s)) }

// Past tells whether the statement no longer holds.
func (s Status) Past() bool { return s == Superseded || s == Withdrawn }

// Event is something that happened, or is due to, at a date.
type Event struct {
	ID        string // unique on its page
	Page      *Page
	Date      edtf.Date
	Title     config.Text
	Actors    []*Page // in the default language
	Sources   []*Source
	Scheme    *Page       // nil without
	Milestone string      // "J0" … "J3", "" without
	Service   config.Text // what the milestone is about; zero for all that the page's thing offers
	Version   string      // of the scheme, "" where it is not known
	Scope     []string    // kinds of service: "IaaS", "PaaS" …
	Decision  string      // the decision's number, "" without
	Expires   edtf.Date   // zero without
	Status    Status      // how sure it is that it happened so
	Note      config.Text
	Revisions []Note      // of this very statement, oldest first
	Written   record.Span // all that states it in the front matter
	At        record.Span

	day time.Time // of [Event.Day]
}

// Note is a dated remark about something that was said: the revision of an event,
// the correction of a page.
type Note struct {
	On   edtf.Date
	Text config.Text
}

// milestones are the steps of a SecNumCloud qualification.
var milestones = []string{"J0", "J1", "J2", "J3"}

// state reads the facts and events of all pages, and what pages rest on.
func (l *loader) state() {
	for _, p := range l.Pages {
		if p.Original != nil {
			continue
		}
		p.Sources = l.resolveSources(p, p.matter.Sources.Value, "", "")
		l.readFacts(p)
		l.readEvents(p)
		l.readTexts(p)
		for _, t := range p.Translations {
			t.Sources, t.Facts, t.Events = p.Sources, p.Facts, p.Events
			t.Definition, t.Equivalent, t.Interview, t.Corrections = p.Definition, p.Equivalent, p.Interview, p.Corrections
			t.settleUpdated(l.Config.Location)
		}
		l.Events = append(l.Events, p.Events...)
	}
	l.settleDays()
	slices.SortStableFunc(l.Events, func(a, b *Event) int {
		if c := a.Date.Compare(b.Date); c != 0 {
			return c
		}
		if c := strings.Compare(a.Page.Path, b.Page.Path); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
}

// uniqueID returns the id that a fact or event asks for, or one made from name.
func (l *loader) uniqueID(p *Page, asked record.Field[string], name string, used map[string]record.Span) string {
	if asked.Set {
		if !sourceID.MatchString(asked.Value) {
			l.report(p.errorf(asked.Span, "bad-id", "id %q may hold lower-case letters, digits and - . _ : only", asked.Value).
				WithSuggestion("write %q", cmp.Or(permalink.Slug(asked.Value), name)))
		}
		if first, taken := used[asked.Value]; taken {
			l.report(duplicate(p, asked.Span, "duplicate-id", fmt.Sprintf("id %q is used twice on this page", asked.Value), p, first))
		}
		used[asked.Value] = asked.Span
		return asked.Value
	}
	id := name
	for n := 2; ; n++ {
		if _, taken := used[id]; !taken {
			used[id] = record.Span{}
			return id
		}
		id = fmt.Sprintf("%s-%d", name, n)
	}
}

// readFacts reads the page's facts.
func (l *loader) readFacts(p *Page) {
	defer diag.WorkingOn(p.FileName())
	used := map[string]record.Span{}
	current := map[string]*Fact{}
	unfit, said := map[*Fact]bool{}, map[*Fact]bool{}
	for _, f := range p.matter.Facts.Value {
		m := f.Value
		l.resolveTexts(&m.Unit.Value, &m.Note)
		property, ok := l.propertyOf(p, m.Property)
		if !ok {
			continue
		}
		fact := &Fact{Page: p, Property: property, Unit: m.Unit.Value, AsOf: m.AsOf.Value, Note: m.Note, At: m.Property.Span, AsOfAt: m.AsOf.Span, ValueAt: m.Value.Span()}
		fact.Written = written(f.Span, m.ID.Span, m.Property.Span, m.Value.Span(), m.Unit.Span, m.AsOf.Span, m.Until.Span, m.Source.Span, m.Status.Span)
		if fact.Unit.IsZero() {
			fact.Unit = property.Unit
		}
		fact.Status = l.status(p, m.Status)
		if fact.Status == Superseded && m.Note.IsZero() {
			l.report(p.errorf(m.Status.Span, "missing-note", "superseded value has no note").WithSuggestion("say in note what replaced it and why"))
		}
		fact.ID = l.uniqueID(p, m.ID, permalink.Slug(strings.ReplaceAll(property.Name, "_", "-")+" "+m.AsOf.Value.String()), used)
		fact.Value, ok = l.factValue(p, property, m.Value)
		l.checkAsOf(p, m)
		l.checkUnit(p, property, m)
		fact.Until, said[fact] = l.until(p, m, fact), m.Until.Key.Length > 0
		if m.Source.Set {
			fact.Sources = l.resolveSources(p, m.Source.Value, "fact", fact.ID)
			if len(m.Source.Value) == 0 {
				l.report(p.errorf(m.Source.Span, "missing-source", "fact has no source").WithSuggestion("add source = \"…\", an id of sources.toml"))
			}
		}
		if fact.Status == Current && !property.Multiple {
			if other := current[property.Name]; other != nil {
				l.report(duplicate(p, m.Property.Span, "contradiction", fmt.Sprintf("two current values of %s contradict each other", property.Name), p, other.At).
					WithSuggestion(`mark the older one status = "superseded", or both "disputed"`))
			}
			current[property.Name] = fact
		}
		p.Facts = append(p.Facts, fact)
		unfit[fact] = !ok // one without a source is shown to its editor, and keeps the site from being published
	}
	// A fact that is left out for another mistake still tells when an earlier value
	// ended, so that each mistake is told once.
	l.checkPast(p, said)
	l.checkAfter(p)
	p.Facts = slices.DeleteFunc(p.Facts, func(f *Fact) bool { return unfit[f] })
	order := func(f *Fact) int { return slices.Index(p.Kind.Properties, f.Property.Name) }
	slices.SortStableFunc(p.Facts, func(a, b *Fact) int {
		if c := order(a) - order(b); c != 0 {
			return c
		}
		if c := a.Status.Rank() - b.Status.Rank(); c != 0 {
			return c
		}
		return b.AsOf.Compare(a.AsOf)
	})
}

// written is the span from where a statement begins to the end of the last of its parts.
func written(statement record.Span, parts ...record.Span) record.Span {
	end := statement.End()
	for _, part := range parts {
		end = max(end, part.End())
	}
	return record.Span{Offset: statement.Offset, Length: end - statement.Offset}
}

// resolveTexts makes texts fall back to the default language, and reports those for
// languages that are not declared.
func (l *loader) resolveTexts(texts ...*config.Text) {
	for _, t := range texts {
		l.diags = append(l.diags, l.Config.Resolve(t)...)
	}
}

// status reads how a fact or event stands; Current where it does not say.
func (l *loader) status(p *Page, written record.Field[string]) Status {
	if !written.Set {
		return Current
	}
	status := Status(written.Value)
	if status.Rank() >= 0 {
		return status
	}
	l.report(p.errorf(written.Span, "bad-status", "status %q is unknown", written.Value).
		WithSuggestion("%s", cmp.Or(diag.DidYouMean(written.Value, statuses), "one of "+strings.Join(statuses, ", "))))
	return ToConfirm
}

// propertyOf finds the property that a fact is about.
func (l *loader) propertyOf(p *Page, name record.Field[string]) (config.Property, bool) {
	property, declared := l.Config.Properties[name.Value]
	if declared && slices.Contains(p.Kind.Properties, name.Value) {
		return property, true
	}
	if !name.Set {
		return property, false // reported as missing or of the wrong type
	}
	why := "is not declared in config.toml"
	if declared {
		why = fmt.Sprintf("is not accepted by kind %q", p.Kind.Name)
	}
	l.report(p.errorf(name.Span, "unknown-property", "property %q %s", name.Value, why).
		WithSuggestion("%s", cmp.Or(diag.DidYouMean(name.Value, p.Kind.Properties), "see [properties] and the kind's properties in config.toml")))
	return property, false
}

// checkAsOf reports a fact that is dated after the build's clock.
func (l *loader) checkAsOf(p *Page, m factMatter) {
	if m.AsOf.Set && !m.AsOf.Value.IsZero() && m.AsOf.Value.Start().After(l.Today()) {
		l.report(p.errorf(m.AsOf.Span, "bad-date", "as_of %s is after the build's clock, %s", m.AsOf.Value, l.Today().Format("2006-01-02")).
			WithSuggestion("a fact is known when it is written; a promise has status = \"announced\" and the date it was made"))
	}
}

// factValue reads a value as the property's type.
func (l *loader) factValue(p *Page, property config.Property, v record.Value) (value FactValue, ok bool) {
	fail := func(format string, args ...any) (FactValue, bool) {
		l.report(p.errorf(v.Span(), "bad-value", "%s", fmt.Sprintf("value of %s ", property.Name)+fmt.Sprintf(format, args...)))
		return FactValue{}, false
	}
	decode := func(dst any) bool {
		list := v.Decode(dst, record.DecodeOptions{Noun: "key"})
		l.diags = append(l.diags, list...)
		return !list.HasErrors()
	}
	if v.Kind() == record.KindInvalid {
		return value, false // reported as missing
	}
	switch property.Type {
	case config.TypeText:
		ok = decode(&value.Text)
		l.resolveTexts(&value.Text)
		return value, ok
	case config.TypeNumber:
		if value.Number, ok = v.AsFloat(); !ok {
			return fail("is %s, want a number", v.Kind())
		}
		value.Literal = strings.ReplaceAll(string(p.File.Text()[v.Span().Offset:v.Span().End()]), "_", "")
		return value, true
	case config.TypeDate:
		return value, decode(&value.Date)
	case config.TypeBoolean:
		if value.Boolean, ok = v.AsBool(); !ok {
			return fail("is %s, want true or false", v.Kind())
		}
		return value, true
	case config.TypeURL:
		if value.URL, ok = v.AsString(); !ok || !isWebAddress(value.URL) {
			return fail("is no web address")
		}
		return value, true
	case config.TypePage:
		name, isString := v.AsString()
		if !isString {
			return fail("is %s, want a page's name", v.Kind())
		}
		value.Page = l.related(p, record.Field[string]{Value: name, Span: v.Span(), Set: true})
		return value, value.Page != nil
	}
	return value, false
}

// related returns the page of a name in front matter, nil after reporting that
// there is none.
func (l *loader) related(p *Page, name record.Field[string]) *Page {
	target, candidates := l.Lookup(p.Lang, name.Value)
	switch {
	case target == nil && len(candidates) > 0:
		l.report(p.errorf(name.Span, "ambiguous-page", "page %q could be %s", name.Value, strings.Join(candidates, " or ")).WithSuggestion("write its path"))
	case target == nil:
		l.report(p.errorf(name.Span, "unknown-page", "unknown page %q", name.Value).WithSuggestion("%s", cmp.Or(diag.DidYouMean(name.Value, l.Names()), "write the page, or correct the name")))
	case l.WhyHidden(target) != "":
		l.report(p.errorf(name.Span, "hidden-page", "page %q %s", name.Value, l.WhyHidden(target)))
		target = nil
	}
	return target
}

// readEvents reads the page's events.
func (l *loader) readEvents(p *Page) {
	defer diag.WorkingOn(p.FileName())
	used := map[string]record.Span{}
	for _, f := range p.matter.Events.Value {
		m := f.Value
		l.resolveTexts(&m.Title, &m.Note)
		e := &Event{Page: p, Date: m.Date.Value, Title: m.Title, Milestone: m.Milestone.Value, Expires: m.Expires.Value, Status: l.status(p, m.Status), Note: m.Note, At: m.Date.Span}
		e.Written = written(f.Span, m.ID.Span, m.Date.Span, m.Source.Span, m.Scheme.Span, m.Milestone.Span, m.Expires.Span, m.Status.Span)
		e.Service, e.Version, e.Decision = m.Service, m.Version, m.Decision
		l.resolveTexts(&e.Service)
		e.ID = l.uniqueID(p, m.ID, cmp.Or(permalink.Slug(m.Date.Value.String()), "event"), used)
		e.Scope = l.scope(p, m.Scope)
		e.Revisions = l.notes(p, m.Revisions)
		if len(m.Revisions) > 0 && !m.ID.Set {
			l.report(p.errorf(m.Revisions[0].Span, "missing-id", "event that was revised has no id").
				WithSuggestion("add id = %q, so that calendars know it again when its date changes", e.ID))
		}
		for _, actor := range m.Actors {
			if target := l.related(p, actor); target != nil {
				e.Actors = append(e.Actors, target)
			}
		}
		if m.Scheme.Set {
			e.Scheme = l.related(p, m.Scheme)
		}
		if m.Milestone.Set {
			if !slices.Contains(milestones, m.Milestone.Value) {
				l.report(p.errorf(m.Milestone.Span, "bad-milestone", "milestone %q is unknown", m.Milestone.Value).WithSuggestion("one of %s", strings.Join(milestones, ", ")))
				e.Milestone = ""
			}
			if !m.Scheme.Set {
				l.report(p.errorf(m.Milestone.Span, "bad-milestone", "milestone has no scheme").WithSuggestion(`add scheme = "…", the page of the scheme`))
			}
		}
		l.checkExpiry(p, m)
		if m.Source.Set {
			e.Sources = l.resolveSources(p, m.Source.Value, "event", e.ID)
			if len(m.Source.Value) == 0 {
				l.report(p.errorf(m.Source.Span, "missing-source", "event has no source").WithSuggestion("add source = \"…\", an id of sources.toml"))
			}
		}
		if m.Date.Set && !m.Date.Value.IsZero() {
			p.Events = append(p.Events, e)
		}
	}
	slices.SortStableFunc(p.Events, func(a, b *Event) int { return a.Date.Compare(b.Date) })
	l.checkMilestones(p)
}
