package preview

import (
	"context"
	"slices"
	"sync"

	"vigie/generator/internal/build"
	"vigie/generator/internal/diag"
)

// checks are the looks at the whole site, one after the other, that find what is wrong
// with it. They are begun and ended from one goroutine.
type checks struct {
	running sync.WaitGroup
	stop    context.CancelFunc // ends the look begun last
	ended   chan struct{}      // closed when the look begun last has ended

	untold *Update // what nobody has heard of; for the look under way alone
}

// check looks for what is wrong with the site as it is, in the background, and then
// tells of what became of it: in u, and in updates that were not told because
// [Session.stopCheck] came first. With neither there is nothing to do.
func (s *Session) check(ctx context.Context, u *Update) {
	c := &s.checks
	ctx, stop := context.WithCancel(ctx)
	before, ended := c.ended, make(chan struct{})
	c.stop, c.ended = stop, ended
	c.running.Go(func() {
		defer close(ended)
		defer stop()
		if before != nil {
			<-before // else its news could be told after ours
		}
		if c.untold = c.untold.and(u); c.untold == nil {
			return
		}
		problems := s.problems(ctx)
		if build.Failed(problems) {
			s.distrust()
		}
		if ctx.Err() != nil {
			return
		}
		told := *c.untold
		told.Problems, c.untold = problems, nil
		s.guarded(func() { s.tellProblems(told.Problems) })
		if s.options.Updated != nil {
			s.options.Updated(told)
		}
	})
}

// stopCheck ends the look under way, before the site becomes another. Another must
// follow: what was found is not told.
func (s *Session) stopCheck() {
	if s.checks.stop != nil {
		s.checks.stop()
	}
}

// and joins an update, if there was one, with a later one, if there was one.
func (u *Update) and(later *Update) *Update {
	switch {
	case later == nil:
		return u
	case u == nil:
		return later
	}
	joined := *later
	joined.Changed = slices.Compact(slices.Sorted(slices.Values(slices.Concat(u.Changed, later.Changed))))
	return &joined
}

// distrust has the site read from the files alone at the next change: the program failed,
// and what it holds of the site may be half of something.
func (s *Session) distrust() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failed = true
}

// guarded calls do. A panic is logged: preview goes on.
func (s *Session) guarded(do func()) {
	for _, d := range diag.Guard("", do) {
		if s.options.Logger != nil {
			s.options.Logger.Error("preview failed", "problem", d.String())
		}
	}
}

// problems is all that is wrong with the site.
func (s *Session) problems(ctx context.Context) diag.List {
	s.mu.RLock()
	live, loading := s.live, s.loading
	stale := len(s.pending) > 0 || s.missed
	s.mu.RUnlock()
	if live == nil || stale {
		return loading
	}
	return live.Problems(ctx)
}
