package content

import (
	"slices"
	"strings"
	"time"

	"vigie/generator/internal/edtf"
)

// What held on a day, and on which days that changed.
//
// A statement's date may be known to the month or the year alone. It takes effect on
// the last day of its date: by the end of "2025-03" what was said of March 2025 held,
// and on the 10th of March nobody can tell. So a view of the past never shows too
// early what it cannot show at the right day. A month or a year that has begun but
// not ended by the build's clock takes effect on the clock's day instead, since its
// statement is known by then; it moves on with the clock until the month is over. An
// interval takes effect when it is over or, where its end is open, when it has begun.
//
// Only what is known at the build counts: a value of 2024 that was learnt in 2026
// held in 2024.

// Today is the day of the build's clock in the site's zone, as midnight UTC, the form
// in which all days of this package are.
func (s *Site) Today() time.Time {
	now := s.Now.In(s.Config.Location)
	return time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
}

// effective is the day on which a statement of date takes effect, as seen on today.
func effective(d edtf.Date, today time.Time) time.Time {
	if d.IsInterval() {
		switch first, last := d.Ends(); {
		case last.IsZero():
			d = first // open: it counts from when it began
		default:
			return d.End()
		}
	}
	if end := d.End(); !end.After(today) || d.Start().After(today) {
		return end
	}
	return today
}

// settleDays finds the days on which the facts and events of all pages take effect.
func (l *loader) settleDays() {
	today := l.Today()
	for _, p := range l.Pages {
		if p.Original != nil {
			continue
		}
		for _, f := range p.Facts {
			f.from = effective(f.AsOf, today)
			if !f.Status.Past() {
				continue
			}
			// What does not say until when it held, which is reported, never did.
			f.until = f.from
			if !f.Until.IsZero() {
				f.until = effective(f.Until, today)
			}
			// It held before it no longer did, if only for the day before, as far as
			// its date allows: "2025" was replaced in "2025-11".
			if last := f.until.AddDate(0, 0, -1); f.from.After(last) && !last.Before(f.AsOf.Start()) {
				f.from = last
			}
		}
		for _, e := range p.Events {
			if e.day = effective(e.Date, today); e.Status == Announced {
				e.day = announcedDay(e.Date)
			}
		}
	}
}

// announcedDay is the day by which an announced event has happened: no clock says
// that what was announced for some day of a year came before its last.
func announcedDay(d edtf.Date) time.Time {
	if _, last := d.Ends(); d.IsInterval() && last.IsZero() {
		d, _ = d.Ends()
	}
	return d.End()
}

// Days returns the day from which the fact held, and that from which it no longer
// did; until is zero for one that still holds by the build's clock.
func (f *Fact) Days() (from, until time.Time) { return f.from, f.until }

// HeldOn tells whether the fact held on a day. One that is superseded or withdrawn
// held from its as_of to the day before its Until.
func (f *Fact) HeldOn(day time.Time) bool {
	return !f.from.After(day) && (f.until.IsZero() || day.Before(f.until))
}

// Day returns the day by which the event has happened.
func (e *Event) Day() time.Time { return e.day }

// HappenedBy tells whether the event had happened by the end of a day. One that is
// superseded or withdrawn never did.
func (e *Event) HappenedBy(day time.Time) bool { return !e.Status.Past() && !e.day.After(day) }

// FactsOn returns the facts of a page that held on a day, in the order shown.
func (p *Page) FactsOn(day time.Time) []*Fact {
	var list []*Fact
	for _, f := range p.Facts {
		if f.HeldOn(day) {
			list = append(list, f)
		}
	}
	return list
}

// ChangeDay is what changed on one day.
type ChangeDay struct {
	Day      time.Time
	Begun    []*Fact  // held from this day on
	Ended    []*Fact  // held until the day before
	Happened []*Event // on this day or, by what is known of their dates, by it
	Expired  []*Event // qualifications whose last day was the day before, with none after them
}

// ChangesState tells whether more changed than that something happened: a value or
// where a qualification stands.
func (c ChangeDay) ChangesState() bool {
	return len(c.Begun)+len(c.Ended)+len(c.Expired) > 0 ||
		slices.ContainsFunc(c.Happened, func(e *Event) bool { return e.Scheme != nil && e.Milestone != "" })
}

// ChangeDays returns the days on which something changed, up to the build's clock,
// oldest first. Facts and events stand in the order of their pages.
func (s *Site) ChangeDays() []ChangeDay {
	today := s.Today()
	days := map[time.Time]*ChangeDay{}
	on := func(day time.Time) *ChangeDay {
		if days[day] == nil {
			days[day] = &ChangeDay{Day: day}
		}
		return days[day]
	}
	for _, p := range s.Pages {
		if p.Original != nil {
			continue
		}
		for _, f := range p.Facts {
			from, until := f.Days()
			if f.AsOf.IsZero() {
				continue // reported; it held on no day that can be shown
			}
			if !until.IsZero() && !until.After(from) {
				continue // held on no day that can be told
			}
			if !from.After(today) {
				c := on(from)
				c.Begun = append(c.Begun, f)
			}
			if !until.IsZero() && !until.After(today) {
				c := on(until)
				c.Ended = append(c.Ended, f)
			}
		}
		for _, e := range p.Events {
			if !e.HappenedBy(today) {
				continue
			}
			c := on(e.Day())
			c.Happened = append(c.Happened, e)
			if after, ok := e.expiredFrom(); ok && !after.After(today) && s.leftExpired(e, after) {
				c := on(after)
				c.Expired = append(c.Expired, e)
			}
		}
	}
	list := make([]ChangeDay, 0, len(days))
	for _, c := range days {
		slices.SortStableFunc(c.Happened, func(a, b *Event) int {
			if c := a.Date.Compare(b.Date); c != 0 {
				return c
			}
			return strings.Compare(a.Page.Path+"#"+a.ID, b.Page.Path+"#"+b.ID)
		})
		list = append(list, *c)
	}
	slices.SortFunc(list, func(a, b ChangeDay) int { return a.Day.Compare(b.Day) })
	return list
}

// expiredFrom is the first day on which the qualification that an event grants no
// longer held, where it grants one that ends.
func (e *Event) expiredFrom() (time.Time, bool) {
	if e.Milestone != LastMilestone || e.Expires.IsZero() {
		return time.Time{}, false
	}
	end := e.Expires.End()
	return end.AddDate(0, 0, 1), end.Year() < 9999
}

// leftExpired tells whether the qualification that an event grants was in force last
// when it expired: no other had taken its place by then.
func (s *Site) leftExpired(e *Event, day time.Time) bool {
	return slices.ContainsFunc(s.StandingsOf(e.Page, day), func(st *Standing) bool { return st.State == Expired && st.Reached == e })
}
