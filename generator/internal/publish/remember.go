package publish

import (
	"context"
	"os"
	"path/filepath"
	"sync"
)

// What may be trusted is decided here, when a file is taken into the state. Its
// bytes were looked at, or made, before its identity was; and the identity is
// older than a time that the file system gave before. So whoever changes the
// file after that look leaves another identity, however coarse the clock is.

// clock returns the time of the file system that holds dir, which need not be
// that of this machine, in nanoseconds since 1970; 0 if it cannot be told.
func clock(dir string) int64 {
	name := sibling(dir, stagingInfix) // an empty one is removed by the next build
	if err := os.Mkdir(name, 0o700); err != nil {
		return 0
	}
	info, err := os.Lstat(name)
	if err := os.Remove(name); err != nil {
		return 0
	}
	if err != nil {
		return 0
	}
	return identityOf(info).changed
}

// remember returns the state of those files of the old tree that stay.
func (u *update) remember(same map[string]bool) *State {
	s := &State{files: make(map[string]record, len(same))}
	for p := range same {
		id := u.old.files[p].identity
		if sum, ok := u.last.trusted(p, id); ok {
			s.files[p] = record{id, sum}
		} else if id.changed < u.start {
			s.files[p] = record{id, u.set.file(p).checksum()}
		}
	}
	return s
}

// learn adds the files made in the staged tree to the state, before anybody else
// knows of them, and tells how those are that got another name.
func (u *update) learn(ctx context.Context, staged string, done *changes) error {
	now := clock(u.dir)
	var mu sync.Mutex
	each := func(paths []string, trust func(p string, e entry) bool) error {
		return eachPath(ctx, paths, func(p string) error {
			info, err := os.Lstat(filepath.Join(staged, filepath.FromSlash(p)))
			if err != nil {
				return err
			}
			sum := u.set.file(p).checksum()
			mu.Lock()
			defer mu.Unlock()
			if e := entryOf(info); e.changed < now && trust(p, e) {
				u.state.files[p] = record{e.identity, sum}
			} else {
				delete(u.state.files, p)
			}
			return nil
		})
	}
	err := each(done.linked, func(p string, e entry) bool {
		// A link changes when the file was last changed, and nothing else.
		was := u.old.files[p]
		return e.is(was) && e.size == was.size && e.modified == was.modified && e.modified < u.start
	})
	if err != nil {
		return err
	}
	return each(done.written, func(p string, e entry) bool {
		return e.mode.IsRegular() && e.size == u.set.file(p).size
	})
}
