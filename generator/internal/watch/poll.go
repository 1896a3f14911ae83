package watch

import (
	"crypto/sha256"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// coarseTick is how long a file may be rewritten without another time of change: two
// seconds are the steps of FAT.
const coarseTick = 2 * time.Second

// poller finds changes by looking at all files again and again.
type poller struct {
	watcher *Watcher
	ticker  *time.Ticker
	now     func() time.Time
	seen    map[string]state
}

// state is what tells a file from itself after a change.
type state struct {
	modified time.Time
	size     int64
	mode     fs.FileMode

	young time.Time         // until when a change may not show in these; zero for never
	sum   [sha256.Size]byte // of the bytes meanwhile
}

// same tells whether a file shows no change since an earlier state.
func (s state) same(old state) bool {
	return s.modified.Equal(old.modified) && s.size == old.size && s.mode == old.mode
}

func newPoller(w *Watcher, every time.Duration) *poller {
	p := &poller{watcher: w, ticker: time.NewTicker(every), now: time.Now}
	p.start()
	return p
}

// start takes the files as they are for what the user knows.
func (p *poller) start() {
	p.seen = p.snapshot()
	for name, s := range p.seen {
		// Whoever watches has read, or is about to read, all files. The clocks of shares
		// differ from ours, so a time to come is young too.
		if p.now().Sub(s.modified) < coarseTick && s.mode.IsRegular() {
			p.seen[name] = p.watch(name, s)
		}
	}
}

// watch is the state of a file that changed a moment ago: for a while its bytes are
// compared as well.
func (p *poller) watch(name string, s state) state {
	s.young, s.sum = p.now().Add(coarseTick), p.sum(name)
	return s
}

// sum is the sum of a file's bytes, zero for one that cannot be read.
func (p *poller) sum(name string) (sum [sha256.Size]byte) {
	f, err := os.Open(filepath.Join(p.watcher.root, filepath.FromSlash(name)))
	if err != nil {
		return sum
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return sum
	}
	h.Sum(sum[:0])
	return sum
}

// snapshot is the state of all that is watched, without sums.
func (p *poller) snapshot() map[string]state {
	found := map[string]state{}
	for _, name := range p.watcher.options.Paths {
		p.watcher.walk(name, func(name string, d fs.DirEntry) {
			info, err := d.Info()
			if err != nil {
				return
			}
			if d.Type()&fs.ModeSymlink != 0 { // what it leads to may change
				if target, err := os.Stat(filepath.Join(p.watcher.root, filepath.FromSlash(name))); err == nil {
					info = target
				}
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
		old, known := p.seen[name]
		switch {
		case !known || !s.same(old):
			changed[name] = true
			if s.mode.IsRegular() {
				found[name] = p.watch(name, s)
			}
		case old.young.IsZero():
		case p.sum(name) != old.sum:
			changed[name] = true
			found[name] = p.watch(name, s)
		case p.now().Before(old.young):
			found[name] = old
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
