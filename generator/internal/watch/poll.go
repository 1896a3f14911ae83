package watch

import (
	"io/fs"
	"maps"
	"slices"
	"time"
)

// poller finds changes by looking at all files again and again.
type poller struct {
	watcher *Watcher
	ticker  *time.Ticker
	seen    map[string]state
}

// state is what tells a file from itself after a change.
type state struct {
	modified time.Time
	size     int64
	mode     fs.FileMode
}

func newPoller(w *Watcher, every time.Duration) *poller {
	p := &poller{watcher: w, ticker: time.NewTicker(every)}
	p.seen = p.snapshot()
	return p
}

// snapshot is the state of all that is watched.
func (p *poller) snapshot() map[string]state {
	found := map[string]state{}
	for _, name := range p.watcher.options.Paths {
		p.watcher.walk(name, func(name string, d fs.DirEntry) {
			info, err := d.Info()
			if err != nil {
				return
			}
			s := state{mode: info.Mode()}
			if !d.IsDir() {
				s.modified, s.size = info.ModTime(), info.Size()
			}
			found[name] = s
		})
	}
	return found
}

// look lists what changed since it last looked, sorted.
func (p *poller) look() []string {
	found := p.snapshot()
	changed := map[string]bool{}
	for name, s := range found {
		if old, ok := p.seen[name]; !ok || old != s {
			changed[name] = true
		}
	}
	for name := range p.seen {
		if _, ok := found[name]; !ok {
			changed[name] = true
		}
	}
	p.seen = found
	return slices.Sorted(maps.Keys(changed))
}
