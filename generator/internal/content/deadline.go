package content

import (
	"slices"
	"strings"
	"time"

	"vigie/generator/internal/config"
	"vigie/generator/internal/edtf"
)

// Deadlines: the dates that a calendar shows, past and to come.

// DeadlineKind says what a deadline is.
type DeadlineKind string

// The kinds of deadlines.
const (
	DeadlineMilestone DeadlineKind = "milestone" // a step of a qualification
	DeadlineExpiry    DeadlineKind = "expiry"    // the end of what an event granted
	DeadlineDate      DeadlineKind = "date"      // a date that a fact gives: adopted, in force, expires
	DeadlineEvent     DeadlineKind = "event"     // any other event
)

// Deadline is a date that matters to someone.
type Deadline struct {
	// ID names the deadline on the site for ever: "fournisseurs/bleu/2025-04-17" for an
	// event, "…/expires" behind it for its expiry, "droit/dora/in_force" for the date
	// that a property gives. It stays when the date is corrected.
	ID   string
	Kind DeadlineKind
	Date edtf.Date
	Page *Page // of the thing, in the default language
	// Event is the event itself, or that which expires; Fact the statement that gives
	// the date. One of them is set.
	Event *Event
	Fact  *Fact
	// Revisions counts how often what was said here before was corrected.
	Revisions int
	Status    Status
	// Modified is the day, midnight UTC, on which the statement was last looked at: the
	// latest of its revisions, of the readings of its sources and of the page's update.
	// It is zero where none is dated.
	Modified time.Time
}

// Deadlines returns the dates of all events, of what expires and of the facts that are
// dates, oldest first, the withdrawn ones included, since those who were told of them
// must hear that they are off. A date that a fact gives is left out where an event of
// its page tells of the same day.
func (s *Site) Deadlines() []Deadline {
	var list []Deadline
	for _, e := range s.Events {
		d := Deadline{ID: e.Page.Path + "/" + e.ID, Kind: DeadlineEvent, Date: e.Date, Page: e.Page, Event: e, Revisions: len(e.Revisions), Status: e.Status}
		if e.Milestone != "" {
			d.Kind = DeadlineMilestone
		}
		d.Modified = modified(e.Page, e.Sources, e.Revisions)
		list = append(list, d)
		if !e.Expires.IsZero() {
			d.ID, d.Kind, d.Date = d.ID+"/expires", DeadlineExpiry, e.Expires
			list = append(list, d)
		}
	}
	for _, p := range s.Pages {
		if p.Original == nil {
			list = append(list, dateFacts(p)...)
		}
	}
	slices.SortStableFunc(list, func(a, b Deadline) int {
		if c := a.Date.Compare(b.Date); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
	return list
}

// dateFacts are the deadlines that a page's facts give.
func dateFacts(p *Page) []Deadline {
	var list []Deadline
	past := map[string]int{} // values of a property that were corrected
	for _, f := range p.Facts {
		if f.Status.Past() {
			past[f.Property.Name]++
		}
	}
	named := map[string]bool{}
	for _, f := range p.Facts {
		if f.Property.Type != config.TypeDate || f.Value.Date.IsZero() || f.Status == Superseded {
			continue
		}
		// The property names the date, so that it is known again once it is corrected;
		// of several that hold at once the first shown.
		id := p.Path + "/" + f.Property.Name
		if named[f.Property.Name] {
			if f.Status == Withdrawn {
				continue
			}
			id = p.Path + "/" + f.ID
		}
		named[f.Property.Name] = true
		if slices.ContainsFunc(p.Events, func(e *Event) bool { return e.Date == f.Value.Date || e.Expires == f.Value.Date }) {
			continue
		}
		list = append(list, Deadline{
			ID: id, Kind: DeadlineDate, Date: f.Value.Date, Page: p, Fact: f, Revisions: past[f.Property.Name], Status: f.Status,
			Modified: modified(p, f.Sources, nil),
		})
	}
	return list
}

// modified is when a statement of a page was last looked at.
func modified(p *Page, sources []*Source, revisions []Note) (latest time.Time) {
	consider := func(d edtf.Date) {
		if !d.IsZero() && d.Start().After(latest) {
			latest = d.Start()
		}
	}
	if m := p.Modified(); !m.IsZero() {
		consider(edtf.Of(m))
	}
	for _, s := range sources {
		consider(s.Date)
		consider(s.Accessed)
	}
	for _, n := range revisions {
		consider(n.On)
	}
	return latest
}

// Concerns tells whether the deadline is one of a page's thing: it stands on the page,
// or its event names the thing as an actor or as the scheme.
func (d Deadline) Concerns(p *Page) bool {
	if p.Original != nil {
		p = p.Original
	}
	return d.Page == p || d.Event != nil && (d.Event.Scheme == p || slices.Contains(d.Event.Actors, p))
}

// Days returns the first and the last day of the deadline. ok is false where an end is
// open or known to the year alone, which no calendar can show.
func (d Deadline) Days() (first, last time.Time, ok bool) {
	from, to := d.Date.Ends()
	if from.Precision() < edtf.Month || to.Precision() < edtf.Month {
		return time.Time{}, time.Time{}, false
	}
	return from.Start(), to.End(), true
}

// Due returns the day after which the deadline is past: its last or, where that is
// open, its first.
func (d Deadline) Due() time.Time {
	if from, to := d.Date.Ends(); to.IsZero() {
		return from.End()
	}
	return d.Date.End()
}
