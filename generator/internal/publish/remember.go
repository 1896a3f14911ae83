package publish

import (
	"context"
	"maps"
	"os"
	"slices"
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
// knows of them, tells how those are that got another name, and which folders the
// tree has. have is what was found in it before.
func (u *update) learn(ctx context.Context, staged string, have map[string]entry, done *changes) error {
	now := clock(u.dir)
	each := func(paths []string, take func(p string, e entry)) error {
		return eachPath(ctx, paths, func(p string) error {
			info, err := os.Lstat(onDisk(staged, p))
			if err == nil {
				take(p, entryOf(info))
			}
			return err
		})
	}
	var mu sync.Mutex
	file := func(p string, e entry, trust bool) {
		sum := u.set.file(p).checksum() // several at once here
		mu.Lock()
		defer mu.Unlock()
		if trust && e.changed < now {
			u.state.files[p] = record{e.identity, sum}
		} else {
			delete(u.state.files, p)
		}
	}
	err := each(done.linked, func(p string, e entry) {
		// A link changes when the file was last changed, and nothing else.
		was := u.old.files[p]
		file(p, e, e.is(was) && e.size == was.size && e.modified == was.modified && e.modified < u.start)
	})
	if err != nil {
		return err
	}
	err = each(done.written, func(p string, e entry) {
		file(p, e, e.mode.IsRegular() && e.size == u.set.file(p).size)
	})
	if err != nil {
		return err
	}
	u.state.folders = make(folders, len(done.stayed)+len(done.folders))
	for p := range done.stayed {
		u.state.folders[p] = have[p].settled(u.start)
	}
	err = each(slices.Collect(maps.Keys(done.folders)), func(p string, e entry) {
		mu.Lock()
		defer mu.Unlock()
		u.state.folders[p] = e.settled(now)
	})
	delete(u.state.folders, ".") // always listed
	return err
}
