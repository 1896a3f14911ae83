package publish

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
)

// update is one run of Write or Update.
type update struct {
	set       *Set
	last      *State
	look      *Look        // nil without
	remembers bool         // makes a state, and keeps a spare
	complete  func() error // returns when the set is complete, or why it will not be; nil where it is

	dir    string
	old    *tree
	start  int64 // the file system's time when the run began to look; 0 if unknown
	spares bool  // a spare is kept
	report Report
	state  *State
}

func (u *update) run(ctx context.Context, shown string) (err error) {
	if u.dir, err = resolve(shown); err != nil {
		return err
	}
	undo, err := makeParents(u.dir)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			undo()
		}
	}()
	unlock, err := lock(ctx, filepath.Dir(u.dir), lockWait)
	switch {
	case errors.Is(err, ErrBusy):
		return fmt.Errorf("%w to the same place (wait for it to end)", ErrBusy)
	case errors.Is(err, errNoLock):
		// Random names keep two builds apart, but a staging folder might be a
		// live one's: none is removed, and there is no spare, whose name both know.
	case err != nil:
		return err
	default:
		defer unlock()
		step(ctx, stepClean)
		if err := removeLeftovers(u.dir, u.look.own); err != nil {
			return fmt.Errorf("removing what a killed build left: %w", err)
		}
		if u.spares = u.remembers; !u.spares {
			_ = removeSpare(u.dir) // costs disk space only
		}
	}
	step(ctx, stepRead)
	if u.old = u.look.found(ctx, u.dir); u.old != nil {
		u.start = u.look.start
	} else {
		if u.remembers {
			u.start = clock(u.dir)
		}
		if u.old, err = readTree(ctx, u.dir, shown, u.last, many()); err != nil {
			return err
		}
	}
	known := u.set.Paths()
	same, err := u.unchanged(ctx, known)
	if err != nil {
		return err
	}
	if u.complete == nil {
		return u.publish(ctx, known, same, target{})
	}
	var to target
	if len(same) < len(known) { // else there may be nothing to stage
		if to, err = u.target(ctx); err != nil {
			return u.leave(ctx, to, err)
		}
	}
	paths, err := u.await(ctx, same)
	if err != nil {
		if to.spared {
			return err // and the spare is as it was
		}
		return u.leave(ctx, to, err)
	}
	return u.publish(ctx, paths, same, to)
}

// await waits for the set to be complete, returns its paths, and adds those that are
// unchanged to the ones that are the same.
func (u *update) await(ctx context.Context, same map[string]bool) (paths []string, err error) {
	if err := u.complete(); err != nil {
		return nil, err
	}
	paths = u.set.Paths()
	later, err := u.unchanged(ctx, slices.DeleteFunc(slices.Clone(paths), func(p string) bool { return same[p] }))
	maps.Copy(same, later)
	return paths, err
}

// publish makes the old tree one of the set's paths, of which it has those that are the
// same, by way of a target, which may be zero.
func (u *update) publish(ctx context.Context, paths []string, same map[string]bool, to target) error {
	u.report = compare(u.old, paths, same)
	s := &staging{old: u.old, set: u.set, look: u.look, paths: paths, same: same, marker: finishedMarker(paths)}
	if u.remembers {
		u.state = u.remember(same)
		u.state.paths, u.state.former = paths, u.last.spare()
	}
	if u.old.exists && !u.old.surplus && bytes.Equal(u.old.marker, s.marker) && u.report.Written == 0 {
		if u.remembers {
			u.state.folders = newFolders(u.old.found, u.start, u.old.foreign)
		}
		return nil
	}
	return u.replace(ctx, s, to)
}

// replace stages the new tree in a target, if it is not zero, and swaps it in.
func (u *update) replace(ctx context.Context, s *staging, to target) (err error) {
	if to.dir == "" {
		to, err = u.target(ctx)
	}
	if err == nil {
		err = u.stage(ctx, s, to)
	}
	if err == nil {
		step(ctx, stepSwap)
		err = swap(ctx, to.dir, u.dir, u.old.exists)
	}
	if err != nil {
		return u.leave(ctx, to, err)
	}
	// The site is published. A failure from here on costs disk space only, which
	// the next build frees, or reports that it cannot.
	step(ctx, stepOutlast)
	_ = flushFolder(filepath.Dir(u.dir))
	if u.old.exists && !to.spared {
		step(ctx, stepRemove)
		_ = removeTree(to.dir)
	}
	step(ctx, stepEnd)
	return nil
}

// target is the tree to stage in.
type target struct {
	dir    string           // on disk
	have   map[string]entry // what it holds
	spared bool             // it is the spare
}

// target returns the tree to stage in. A first site is staged apart: what it replaces
// makes no good spare.
func (u *update) target(ctx context.Context) (to target, err error) {
	step(ctx, stepTarget)
	if u.spares && len(u.old.files) > 0 {
		to.spared = true
		if to.dir, to.have, err = openSpare(ctx, u.dir, u.last.spare()); err == nil || ctx.Err() != nil {
			return to, err
		}
		u.spares = false // somebody else's folder has its name
	}
	staged, err := newStaged(ctx, u.dir)
	return target{dir: staged}, err
}

// leave returns why nothing is published, and removes what was staged.
func (u *update) leave(ctx context.Context, to target, err error) error {
	// A spare that nothing is wrong with is patched again by the next run.
	if to.dir != "" && (!to.spared || ctx.Err() == nil) {
		err = errors.Join(err, removeTree(to.dir))
	}
	return err
}

// stage makes the new tree and completes the state.
func (u *update) stage(ctx context.Context, s *staging, to target) error {
	done, err := s.fill(ctx, to.dir, to.have)
	if err != nil {
		return err
	}
	switch {
	case !u.spares:
	case len(u.old.files) > 0:
		// The exchange makes the old tree the spare, just as it is.
		u.state.former = newFormer(u.old.found, u.start, u.old.foreign)
	default:
		if err := u.copyToSpare(ctx, s, to.dir); err != nil {
			if ctx.Err() != nil {
				return err
			}
			_ = removeSpare(u.dir) // the next build does without
		}
	}
	if u.remembers {
		return u.learn(ctx, to.dir, to.have, done)
	}
	return nil
}

// copyToSpare makes the spare a copy of the staged tree, by links.
func (u *update) copyToSpare(ctx context.Context, s *staging, staged string) error {
	found, _, err := survey(ctx, staged, everywhere, nil, many())
	if err != nil {
		return err
	}
	step(ctx, stepCopy)
	spare, have, err := openSpare(ctx, u.dir, former{})
	if err != nil {
		return err
	}
	copied := &staging{old: &tree{dir: staged, files: found}, set: s.set, paths: s.paths, marker: s.marker, links: true}
	copied.same = make(map[string]bool, len(s.paths))
	for _, p := range s.paths {
		copied.same[p] = true
	}
	if _, err = copied.fill(ctx, spare, have); err != nil {
		return err
	}
	now := clock(u.dir)
	if found, _, err = survey(ctx, spare, everywhere, nil, many()); err != nil {
		return err
	}
	u.state.former = newFormer(found, now, func(p string) bool { return p == markerName })
	return nil
}

// unchanged returns the paths whose file in the old tree already has the bytes
// that the set gives it.
func (u *update) unchanged(ctx context.Context, paths []string) (map[string]bool, error) {
	var mu sync.Mutex
	same := make(map[string]bool, len(paths))
	missing := new(MissingError)
	err := eachPath(ctx, paths, func(p string) error {
		is, err := u.has(p)
		mu.Lock()
		defer mu.Unlock()
		if is {
			same[p] = true
		} else if _, added := u.set.Get(p); !added {
			missing.Paths = append(missing.Paths, p)
		}
		return err
	})
	if err == nil && len(missing.Paths) > 0 {
		slices.Sort(missing.Paths)
		return nil, missing
	}
	return same, err
}

// has tells whether the file at path p of the old tree has the bytes wanted.
func (u *update) has(p string) (bool, error) {
	e, ok := u.old.files[p]
	f := u.set.file(p)
	if !ok || e.size != f.size {
		return false, nil
	}
	if sum, ok := u.last.trusted(p, e.identity); ok {
		return sum == f.checksum(), nil
	}
	before, err := os.ReadFile(onDisk(u.old.dir, p))
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, fs.ErrNotExist) {
		return false, nil // made anew
	}
	if f.kept {
		return sha256.Sum256(before) == f.checksum(), err
	}
	is := bytes.Equal(before, f.data)
	if is && u.remembers {
		f.checksum() // several at once here
	}
	return is, err
}

// compare counts what changes from old to a site of the given paths.
func compare(old *tree, paths []string, same map[string]bool) Report {
	report := Report{Written: len(paths) - len(same), Unchanged: len(same), Removed: len(old.files)}
	for _, p := range paths {
		if _, ok := old.files[p]; ok {
			report.Removed--
		}
	}
	return report
}

// resolve returns the absolute path of the folder that dir stands for.
func resolve(dir string) (string, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	info, err := os.Lstat(abs)
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR):
		return abs, nil // makeParents judges what is above
	case err != nil:
		return "", err
	case info.Mode()&fs.ModeSymlink == 0:
		return abs, nil
	}
	target, err := filepath.EvalSymlinks(abs)
	if err != nil {
		return "", fmt.Errorf("%s is a symbolic link to nothing (make the folder it points to): %w", dir, err)
	}
	return target, nil
}
