package content

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"vigie/generator/internal/config"
	"vigie/generator/internal/edtf"
)

// LastMilestone is the one by which a service is qualified.
const LastMilestone = "J3"

// Milestones returns the steps of a qualification, the first first.
func Milestones() []string { return slices.Clone(milestones) }

// Standing says where a thing stood on a day with a scheme's qualification of one of
// its services. It is made of the events of the thing's page that name the scheme and
// a milestone: the one place in which a status is written.
type Standing struct {
	Page   *Page // the thing's, in the default language
	Scheme *Page // in the default language

	Service  config.Text // zero where no event names one
	Version  string      // of the scheme, "" where no event names one
	Scope    []string    // kinds of service, as the latest event that names any has them
	Decision string      // of the qualification, "" where it is not known

	State StandingState
	// Milestones holds for each of [Milestones] the latest event that reached it by
	// the day, nil for one that none did. An early one may be unknown where a later
	// one is reached.
	Milestones []*Event
	// Reached is the event of the furthest milestone reached.
	Reached *Event
	// Expires is when the qualification ends or ended, zero without one or where its
	// end is not known.
	Expires edtf.Date
}

// StandingState says in a word where a qualification stands.
type StandingState string

// The states, in the order a reader who asks what is going on wants them.
const (
	InProgress StandingState = "in-progress" // a milestone before the last is reached
	Qualified  StandingState = "qualified"
	Expired    StandingState = "expired" // past its known expiry; a renewal is not known
	Claimed    StandingState = "claimed" // nothing but claims that are not confirmed
)

// standingStates lists the states in their order.
var standingStates = []StandingState{InProgress, Qualified, Expired, Claimed}

// StandingStates returns the states in the order of [StandingState.Rank].
func StandingStates() []StandingState { return slices.Clone(standingStates) }

// Rank returns the state's place in the order shown, from 0.
func (s StandingState) Rank() int { return slices.Index(standingStates, s) }

// Standings returns where every thing stood on a day, by state; those in progress and
// claimed the furthest first, the qualified by their expiry, the soonest first and
// the unknown last, the expired by it, the latest first; then by title.
//
// One standing is the way of one service, in one version of the scheme, through the
// milestones. An event that names no service is about all that the thing offers: it
// is a step of each way that is not at its end, and a way of its own where there is
// none; the event that names the service first gives the way its name. The same goes
// for the version. A qualification of the same service that came after an expired one
// replaces it.
func (s *Site) Standings(day time.Time) []*Standing { return standings(s.Events, day) }

// StandingsOf returns where one page's thing stood on a day, as [Site.Standings].
func (s *Site) StandingsOf(p *Page, day time.Time) []*Standing { return standings(p.Events, day) }

// standings returns the standings that events make.
func standings(events []*Event, day time.Time) []*Standing {
	type key struct{ page, scheme *Page }
	ways := map[key][]*way{}
	var keys []key
	for _, e := range happened(events, day) {
		k := key{e.Page, e.Scheme}
		if ways[k] == nil {
			keys = append(keys, k)
		}
		ways[k] = join(ways[k], e)
	}
	var list []*Standing
	for _, k := range keys {
		for _, w := range ways[k] {
			if st := w.standing(day); !replaced(st, ways[k], day) {
				list = append(list, st)
			}
		}
	}
	slices.SortStableFunc(list, compareStandings)
	return list
}

// happened lists the milestones reached by a day, in the order in which they were.
func happened(events []*Event, day time.Time) []*Event {
	var list []*Event
	for _, e := range events {
		if e.Scheme != nil && e.Milestone != "" && e.Page != e.Scheme && e.HappenedBy(day) {
			list = append(list, e)
		}
	}
	slices.SortStableFunc(list, func(a, b *Event) int { return cmp.Or(a.day.Compare(b.day), strings.Compare(a.Milestone, b.Milestone)) })
	return list
}

// way is the events of one service's way through the milestones, oldest first.
type way struct {
	service config.Text
	version string
	events  []*Event
}

// join adds an event to the ways it is a step of: that of its service or, where there
// is none yet, the first that has no name; all that are open for an event without a
// service.
func join(ways []*way, e *Event) []*way {
	steps := slices.DeleteFunc(slices.Clone(ways), func(w *way) bool { return !w.takes(e) })
	if !e.Service.IsZero() && len(steps) > 0 {
		own := max(0, slices.IndexFunc(steps, func(w *way) bool { return w.service.Equal(e.Service) }))
		steps = steps[own : own+1]
	}
	if len(steps) == 0 {
		steps = []*way{{}}
		ways = append(ways, steps[0])
	}
	for _, w := range steps {
		w.add(e)
	}
	return ways
}

func (w *way) add(e *Event) {
	w.events = append(w.events, e)
	if w.service.IsZero() {
		w.service = e.Service
	}
	w.version = cmp.Or(w.version, e.Version)
}

// takes tells whether an event is a step of the way.
func (w *way) takes(e *Event) bool {
	if w.version != "" && e.Version != "" && w.version != e.Version {
		return false
	}
	ended := w.has(LastMilestone)
	again := e.Milestone == LastMilestone // a renewal
	switch same := w.service.Equal(e.Service); {
	case same && !e.Service.IsZero():
		return true
	case same, w.service.IsZero():
		return !ended || again && same
	case e.Service.IsZero():
		return !ended
	}
	return false
}

func (w *way) has(milestone string) bool {
	return slices.ContainsFunc(w.events, func(e *Event) bool { return e.Milestone == milestone })
}

// standing sums the way up.
func (w *way) standing(day time.Time) *Standing {
	st := &Standing{Page: w.events[0].Page, Scheme: w.events[0].Scheme, Service: w.service, Version: w.version,
		Milestones: make([]*Event, len(milestones)), State: Claimed}
	known := "" // the furthest milestone that is no mere claim
	for _, e := range w.events {
		st.Milestones[slices.Index(milestones, e.Milestone)] = e
		if len(e.Scope) > 0 {
			st.Scope = e.Scope
		}
		if st.Reached == nil || e.Milestone >= st.Reached.Milestone {
			st.Reached = e
		}
		if e.established() {
			known = max(known, e.Milestone)
		}
	}
	switch known {
	case "":
	case LastMilestone:
		st.State = Qualified
	default:
		st.State = InProgress
	}
	if last := st.Milestones[len(milestones)-1]; last != nil {
		st.Decision, st.Expires = last.Decision, last.Expires
		if after, ok := last.expiredFrom(); ok && !day.Before(after) {
			st.State = Expired
		}
	}
	return st
}

// established tells whether the event is more than a claim: it is stated as a fact, or
// an official source says so and only the reading of it is to be confirmed.
func (e *Event) established() bool {
	switch e.Status {
	case Current:
		return true
	case ToConfirm:
		return slices.ContainsFunc(e.Sources, func(s *Source) bool { return s.Type == Official })
	}
	return false
}

// replaced tells whether an expired qualification was followed by another of the same
// service, in another version of the scheme.
func replaced(st *Standing, ways []*way, day time.Time) bool {
	if st.State != Expired {
		return false
	}
	return slices.ContainsFunc(ways, func(w *way) bool {
		other := w.standing(day)
		return other.State == Qualified && other.Service.Equal(st.Service) && other.Version != st.Version && other.Reached.day.After(st.Reached.day)
	})
}

// compareStandings orders standings as [Site.Standings] says.
func compareStandings(a, b *Standing) int {
	if c := cmp.Compare(a.State.Rank(), b.State.Rank()); c != 0 {
		return c
	}
	var c int
	switch a.State {
	case InProgress, Claimed:
		c = strings.Compare(b.Reached.Milestone, a.Reached.Milestone)
	case Qualified:
		if c = cmp.Compare(rank(a.Expires.IsZero()), rank(b.Expires.IsZero())); c == 0 {
			c = a.Expires.End().Compare(b.Expires.End())
		}
	case Expired:
		c = b.Expires.End().Compare(a.Expires.End())
	}
	return cmp.Or(c, ByTitle(a.Page, b.Page), ByTitle(a.Scheme, b.Scheme), strings.Compare(a.Name(), b.Name()))
}

func rank(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Name is the service and the version in the default language, as a key: with the
// page and the scheme it tells one standing of a day from the others.
func (st *Standing) Name() string {
	return strings.TrimSpace(st.Service.In("") + " " + st.Version)
}

// DaysLeft returns how many whole days lie between a day and the last day of the
// qualification: 0 on it, less after it. ok is false where no end is known.
func (st *Standing) DaysLeft(day time.Time) (days int, ok bool) {
	if end := st.Expires.End(); !st.Expires.IsZero() && end.Year() < 9999 {
		return int(end.Sub(day).Hours() / 24), true
	}
	return 0, false
}

// Sources returns what the standing rests on, that of the furthest milestone first.
func (st *Standing) Sources() []*Source {
	list := slices.Clone(st.Reached.Sources)
	for _, e := range slices.Backward(st.Milestones) {
		if e == nil {
			continue
		}
		for _, s := range e.Sources {
			if !slices.Contains(list, s) {
				list = append(list, s)
			}
		}
	}
	return list
}

// Verified returns the latest date at which one of its sources was read or, where
// that is not known, published.
func (st *Standing) Verified() edtf.Date {
	var latest edtf.Date
	for _, s := range st.Sources() {
		read := s.Accessed
		if read.IsZero() {
			read = s.Date
		}
		if latest.IsZero() || read.End().After(latest.End()) {
			latest = read
		}
	}
	return latest
}
