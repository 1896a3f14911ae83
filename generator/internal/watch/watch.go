// Package watch tells when files below a folder change, in batches: what an editor
// writes in one go, or git checks out at once, is one [Batch].
//
// It owns the watching (inotify and its relatives through fsnotify; polling where
// those are exhausted or do not work), the waiting until a batch has settled, and
// the ignoring of what editors write beside the files they edit. It reads no files, but
// for those polled whose next change might not show in their time, and does not judge
// whether a change matters.
package watch

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"

	"vigie/generator/internal/tree"
)

// Options say what to watch.
type Options struct {
	Root string // a folder
	// Paths are the files and folders below Root to watch, with slashes, whether they
	// exist or not; folders with all that is in them.
	Paths []string
	// Poll, if positive, is how often to look instead of being told: for file systems
	// that tell nothing.
	Poll time.Duration
	// Notice, if not nil, is told what the user should know, such as that files are
	// polled from now on. It is called from one goroutine at a time.
	Notice func(message string)
}

// Batch is what changed until all was quiet.
type Batch struct {
	// Paths are the files and folders that were written, made, moved or removed: below
	// Root, with slashes, sorted. A folder may stand for all in it.
	Paths []string
	// All says that changes were missed: anything may have changed.
	All bool
}

// How long nothing may happen before a batch is delivered. One saved file is waited
// for briefly; many are written by a tool that is not done yet.
const (
	quietFew   = 6 * time.Millisecond
	quietSome  = 60 * time.Millisecond
	quietMany  = 250 * time.Millisecond
	few, some  = 4, 32
	maxHold    = 30 * time.Second       // for a tool that says it is at work
	maxEmpty   = 150 * time.Millisecond // for who emptied a file and will fill it
	checkHold  = 40 * time.Millisecond
	pollPeriod = 700 * time.Millisecond // where polling was not chosen
)

// Watcher watches until its context is done.
type Watcher struct {
	options Options
	root    string
	batches chan Batch
	notify  *fsnotify.Watcher   // nil where files are polled
	poll    *poller             // nil where they are not
	missed  bool                // changes were, in whatever file
	links   map[string][]string // what symbolic links lead to → their names
}

// New starts watching. It fails only where Root is no folder.
func New(ctx context.Context, o Options) (*Watcher, error) {
	root, err := filepath.Abs(o.Root)
	if err != nil {
		return nil, fmt.Errorf("folder to watch: %w", err)
	}
	if root, err = filepath.EvalSymlinks(root); err != nil {
		return nil, fmt.Errorf("folder to watch: %w", err)
	}
	if info, err := os.Stat(root); err != nil || !info.IsDir() {
		return nil, fmt.Errorf("folder to watch: %s is no folder", o.Root)
	}
	w := &Watcher{options: o, root: root, batches: make(chan Batch)}
	if o.Poll > 0 {
		w.poll = newPoller(w, o.Poll)
	} else {
		w.start()
	}
	go w.run(ctx)
	return w, nil
}

// Batches delivers what changed. While nobody receives, further changes join the
// batch. It is closed when the watcher's context is done.
func (w *Watcher) Batches() <-chan Batch { return w.batches }

// start asks the system to be told of changes, or falls back to polling.
func (w *Watcher) start() {
	notify, err := fsnotify.NewBufferedWatcher(4096)
	if err != nil {
		w.fallBack(err)
		return
	}
	w.notify = notify
	for _, dir := range append([]string{"."}, w.folders()...) {
		if err := notify.Add(filepath.Join(w.root, filepath.FromSlash(dir))); err != nil && !errors.Is(err, fs.ErrNotExist) {
			w.fallBack(err)
			return
		}
	}
}

// fallBack polls from now on. What the system told of last may be lost.
func (w *Watcher) fallBack(cause error) {
	w.missed = true
	if w.notify != nil {
		_ = w.notify.Close()
		w.notify = nil
	}
	w.poll = newPoller(w, pollPeriod)
	if w.options.Notice != nil {
		w.options.Notice(fmt.Sprintf("the system tells of no more changes (%v): files are looked at every %v instead", cause, pollPeriod))
	}
}

// folders lists the folders to be watched that exist, the root left out.
func (w *Watcher) folders() []string {
	var list []string
	for _, p := range w.options.Paths {
		for dir := path.Dir(p); dir != "."; dir = path.Dir(dir) {
			list = append(list, dir) // where p is made or removed
		}
		w.walk(p, func(name string, d fs.DirEntry) {
			if d.IsDir() {
				list = append(list, name)
			} else if d.Type()&fs.ModeSymlink != 0 && w.notify != nil {
				w.follow(name)
			}
		})
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// walk calls f for what exists below a path, in order.
func (w *Watcher) walk(name string, f func(name string, d fs.DirEntry)) {
	_ = fs.WalkDir(os.DirFS(w.root), name, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil // it vanished, or cannot be read: the build says so
		}
		if ignored(path.Base(name)) && name != "." {
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		f(name, d)
		return nil
	})
}

// ignored tells names of what is none of a site's business: hidden files, and what
// editors write beside the file they edit.
func ignored(base string) bool {
	return tree.IsHidden(base) || tree.IsLeaving(base)
}

// watched tells whether a path below the root is one of those to watch, or holds one.
func (w *Watcher) watched(name string) bool {
	for segment := range strings.SplitSeq(name, "/") {
		if ignored(segment) {
			return false
		}
	}
	return slices.ContainsFunc(w.options.Paths, func(p string) bool {
		return p == "." || name == p || strings.HasPrefix(name, p+"/") || strings.HasPrefix(p, name+"/")
	})
}

// run gathers changes and delivers them as they settle.
func (w *Watcher) run(ctx context.Context) {
	defer close(w.batches)
	defer func() {
		if w.notify != nil {
			_ = w.notify.Close()
		}
	}()
	pending := map[string]bool{}
	settle := time.NewTimer(time.Hour)
	settle.Stop()
	defer settle.Stop()
	var out chan Batch // nil until the batch has settled
	var batch Batch
	var held time.Time
	changed := func(names ...string) {
		for _, name := range names {
			pending[name] = true
		}
		out = nil
		settle.Reset(quiet(len(pending)))
	}
	for {
		var events chan fsnotify.Event
		var errs chan error
		var ticks <-chan time.Time
		if w.notify != nil {
			events, errs = w.notify.Events, w.notify.Errors
		} else {
			ticks = w.poll.ticker.C
		}
		select {
		case <-ctx.Done():
			return
		case event, ok := <-events:
			if !ok {
				return
			}
			if names := w.names(event); len(names) > 0 || w.missed {
				changed(names...)
			}
		case err := <-errs:
			if !errors.Is(err, fsnotify.ErrEventOverflow) {
				w.fallBack(err)
			} else {
				w.rewatch()
			}
			w.missed = true
			changed()
		case <-ticks:
			if names := w.poll.look(); len(names) > 0 {
				changed(names...)
			}
		case <-settle.C:
			if held.IsZero() {
				held = time.Now()
			}
			if since := time.Since(held); since < maxHold && w.held() || since < maxEmpty && w.emptied(pending) {
				settle.Reset(checkHold)
				continue
			}
			held = time.Time{}
			batch = Batch{Paths: slices.Sorted(maps.Keys(pending)), All: w.missed}
			out = w.batches
		case out <- batch:
			out, w.missed = nil, false
			clear(pending)
		}
	}
}

// quiet is how long to wait after the last of n changes.
func quiet(n int) time.Duration {
	switch {
	case n <= few:
		return quietFew
	case n <= some:
		return quietSome
	}
	return quietMany
}

// held tells whether git is changing files, which it says by a lock.
func (w *Watcher) held() bool {
	for dir := w.root; ; dir = filepath.Dir(dir) {
		if _, err := os.Lstat(filepath.Join(dir, ".git")); err == nil {
			_, err := os.Lstat(filepath.Join(dir, ".git", "index.lock"))
			return err == nil
		}
		if dir == filepath.Dir(dir) {
			return false
		}
	}
}

// emptied tells whether any of a few files is empty: editors that write a file in place
// empty it first, and nobody wants to see that.
func (w *Watcher) emptied(names map[string]bool) bool {
	if len(names) > some {
		return false
	}
	for name := range names {
		info, err := os.Stat(filepath.Join(w.root, filepath.FromSlash(name)))
		if err == nil && info.Mode().IsRegular() && info.Size() == 0 {
			return true
		}
	}
	return false
}

// names are the watched paths that an event tells of. A new folder is watched from
// now on; what it holds already counts as new.
func (w *Watcher) names(event fsnotify.Event) []string {
	if event.Op == fsnotify.Chmod {
		return nil // some indexers and backups touch every file
	}
	linked := w.links[event.Name]
	name, err := filepath.Rel(w.root, event.Name)
	if err != nil {
		return linked
	}
	name = filepath.ToSlash(name)
	if !w.watched(name) {
		return linked
	}
	return append(w.own(event, name), linked...)
}

// own are the paths that an event of a watched path tells of.
func (w *Watcher) own(event fsnotify.Event, name string) []string {
	if event.Has(fsnotify.Remove) || event.Has(fsnotify.Rename) {
		w.forget(event.Name)
		return []string{name}
	}
	if info, err := os.Lstat(event.Name); event.Has(fsnotify.Create) && err == nil && info.IsDir() {
		return w.watchFolder(name)
	} else if err == nil && info.Mode()&fs.ModeSymlink != 0 {
		w.follow(name)
	}
	return []string{name}
}

// forget stops watching a folder that moved or went, and those in it: the system
// would go on to tell of them under their old names.
func (w *Watcher) forget(dir string) {
	for _, watched := range w.notify.WatchList() {
		if watched == dir || strings.HasPrefix(watched, dir+string(filepath.Separator)) {
			_ = w.notify.Remove(watched)
		}
	}
}

// watchFolder watches a folder and those below it, and lists what they hold. Files
// are listed after the watch began, so that none is missed in between.
func (w *Watcher) watchFolder(name string) []string {
	list := []string{name}
	w.walk(name, func(name string, d fs.DirEntry) {
		if d.IsDir() && w.watched(name) && w.notify != nil { // else they are polled by now
			if err := w.notify.Add(filepath.Join(w.root, filepath.FromSlash(name))); err != nil && !errors.Is(err, fs.ErrNotExist) {
				w.fallBack(err)
			}
		}
		if w.watched(name) {
			list = append(list, name)
			if d.Type()&fs.ModeSymlink != 0 && w.notify != nil {
				w.follow(name)
			}
		}
	})
	return list
}

// rewatch watches every folder anew after events were lost.
func (w *Watcher) rewatch() {
	for _, dir := range w.folders() {
		if err := w.notify.Add(filepath.Join(w.root, filepath.FromSlash(dir))); err != nil && !errors.Is(err, fs.ErrNotExist) {
			w.fallBack(err)
			return
		}
	}
}
