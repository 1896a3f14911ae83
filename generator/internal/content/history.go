package content

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"vigie/generator/internal/config"
	"vigie/generator/internal/edtf"
)

// What changed in what is known, when and why: the history of facts and events as the
// editors write it down, for readers who follow a thing.
//
// Nobody records when a line was added to a file. The dates are those of the
// statements: a value changed when the old one no longer held, an event happened on
// its date, a revision or a correction was made on the day it gives. A statement that
// is written down late therefore takes its place in the past.

// ChangeKind says what changed.
type ChangeKind string

// The kinds of changes.
const (
	Replaced  ChangeKind = "replaced"  // a value by the one known next
	Ended     ChangeKind = "ended"     // a value no longer holds, and none took its place
	Retracted ChangeKind = "withdrawn" // who stated a value took it back
	Learnt    ChangeKind = "learnt"    // something more became known of a thing already followed
	Happened  ChangeKind = "happened"  // an event
	Revised   ChangeKind = "revised"   // what was said of an event, most often its date
	Corrected ChangeKind = "corrected" // an error of ours on a page
)

// Change is one change. Its text is in the statements it points to.
type Change struct {
	// ID names the change on the site for ever, as long as the statements keep their
	// own ids: "fournisseurs/bleu/staff-2024/replaced".
	ID   string
	Kind ChangeKind
	On   edtf.Date   // when, as closely as it is known
	Page *Page       // of the thing, in the default language
	Old  *Fact       // the value that no longer holds: Replaced, Ended, Retracted
	New  *Fact       // the value that took its place, or became known: Replaced, Learnt
	Note config.Text // why; of Replaced, Ended and Retracted the old value's note
	// Event is what happened or was revised.
	Event *Event
	// Revision counts the revisions of the event, or the corrections of the page, up
	// to this one, from 1.
	Revision int
}

// Changes returns what changed up to the build's clock, newest first.
//
// A superseded value makes a change on the day it no longer held: it was replaced by
// the property's next value or, where that is known from later on only, or where
// several values of the property may hold at once, it ended. A withdrawn value was
// taken back. The values of the date of a page's first are how the thing was first
// described, and no change; one that is known from a later date and replaces none is
// something learnt. An event after the first statement about the thing is something
// that happened; one to come is no change yet but a deadline.
func (s *Site) Changes() []Change {
	var list []Change
	for _, p := range s.Pages {
		if p.Original != nil {
			continue
		}
		list = append(list, s.factChanges(p)...)
		list = append(list, s.eventChanges(p)...)
		for i, n := range p.Corrections {
			list = append(list, Change{ID: p.Path + "/" + string(Corrected) + "-" + n.On.String(), Kind: Corrected, On: n.On, Page: p, Note: n.Text, Revision: i + 1})
		}
	}
	uniqueChanges(list)
	slices.SortStableFunc(list, func(a, b Change) int {
		if c := b.On.Start().Compare(a.On.Start()); c != 0 {
			return c
		}
		if c := int(b.On.Precision()) - int(a.On.Precision()); c != 0 {
			return c // the day before the month it lies in
		}
		return strings.Compare(a.ID, b.ID)
	})
	return list
}

// factChanges are the changes that a page's facts tell of.
func (s *Site) factChanges(p *Page) []Change {
	var list []Change
	described := firstEnd(factDates(p))
	replacing := map[*Fact]bool{}
	for _, f := range p.Facts {
		if !f.Status.Past() || f.Until.IsZero() {
			continue
		}
		c := Change{Kind: Retracted, On: f.Until, Page: p, Old: f, Note: f.Note}
		if f.Status == Superseded {
			c.Kind = Ended
			if next := f.successor(); next != nil && !f.Property.Multiple && !next.AsOf.Start().After(f.Until.End()) {
				c.Kind, c.New = Replaced, next
				replacing[next] = true
			}
		}
		c.ID = p.Path + "/" + f.ID + "/" + string(c.Kind)
		list = append(list, c)
	}
	for _, f := range p.Facts {
		if !replacing[f] && f.AsOf.Start().After(described) {
			list = append(list, Change{ID: p.Path + "/" + f.ID + "/" + string(Learnt), Kind: Learnt, On: f.AsOf, Page: p, New: f})
		}
	}
	return list
}

// eventChanges are the changes that a page's events tell of.
func (s *Site) eventChanges(p *Page) []Change {
	var list []Change
	first := firstEnd(append(factDates(p), eventDates(p)...))
	today := s.Today()
	for _, e := range p.Events {
		id := p.Path + "/" + e.ID + "/"
		if e.HappenedBy(today) && e.Date.Start().After(first) {
			list = append(list, Change{ID: id + string(Happened), Kind: Happened, On: e.Date, Page: p, Event: e})
		}
		for i, n := range e.Revisions {
			list = append(list, Change{ID: id + string(Revised) + "-" + n.On.String(), Kind: Revised, On: n.On, Page: p, Event: e, Note: n.Text, Revision: i + 1})
		}
	}
	return list
}

func factDates(p *Page) (list []edtf.Date) {
	for _, f := range p.Facts {
		list = append(list, f.AsOf)
	}
	return list
}

func eventDates(p *Page) (list []edtf.Date) {
	for _, e := range p.Events {
		list = append(list, e.Date)
	}
	return list
}

// firstEnd is the last day of the first of some dates or, of an interval, of its
// beginning; the zero time without any.
func firstEnd(dates []edtf.Date) time.Time {
	if len(dates) == 0 {
		return time.Time{}
	}
	first := slices.MinFunc(dates, edtf.Date.Compare)
	begin, end := first.Ends()
	if begin.IsZero() {
		return end.End()
	}
	return begin.End()
}

// uniqueChanges numbers the changes of one page that were made on one day in one way:
// two corrections.
func uniqueChanges(list []Change) {
	seen := map[string]int{}
	for i := range list {
		id := list[i].ID
		if seen[id]++; seen[id] > 1 {
			list[i].ID += "-" + strconv.Itoa(seen[id])
		}
	}
}
