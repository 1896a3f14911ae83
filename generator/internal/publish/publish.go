// Package publish owns the writing of a finished site: a set of files becomes a
// folder, atomically.
//
// Its fundamental types are [Set], the files of one build, collected from many
// goroutines, and [Report], what writing them changed. [Write] turns a set into
// a folder that is a whole site at every moment, the old one or the new one,
// whatever kills the build. [Update] does so in proportion to what changed, for
// a caller that keeps a [State] from one build to the next.
//
// For that, the new site is staged in a folder beside the old one, named
// .public.vigie-<random>: files whose bytes did not change are hard links to
// the old ones, so that they keep their modification time and cost nothing, the
// others are written and flushed to the disk. Then the two folders swap names
// in one step, and the old one is removed. What a killed build leaves behind is
// removed by the next one.
//
// An Update does not remove the old tree: it is the spare, in the folder
// .public.vigie-spare, which git ignores. The next Update stages there, where
// only what differs has to be touched. The spare is never read: a file in it is
// right where it is the same file as the published one, which was looked at.
// Of both trees only those folders are listed that changed since the State was
// taken: adding, removing or replacing something in a folder changes the folder.
//
// The step is one system call on Linux (renameat2 with RENAME_EXCHANGE) and
// macOS (renamex_np with RENAME_SWAP). Elsewhere, and on file systems that
// cannot do it, it is two renames: a build killed between them leaves no public
// folder, and the next build first puts the old one back.
//
// A published folder carries a file .vigie that lists what was published. The
// package never renders, never reads content, and never deletes a folder or a
// file that no build made: it fails and names them instead. The litter of
// desktops (.DS_Store, Thumbs.db, desktop.ini) excepted.
package publish

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	"vigie/generator/internal/diag"
)

// Report counts the files of one [Write], compared with the folder before it.
type Report struct {
	Written   int // new, or with other bytes
	Unchanged int // same bytes; the file keeps its modification time
	Removed   int // published before, not in the set
}

// ErrBusy is reported (wrapped) by [Write] when another build kept the folder
// for longer than a build takes to write.
var ErrBusy = errors.New("another build is writing")

// Write makes the folder dir hold exactly the files of set, and returns what
// changed. It makes dir where there is none, but not the folders above it;
// where dir is a symbolic link to a folder, that folder is replaced. Files get
// the permissions 0644, folders 0755.
//
// On an error, also when ctx is done before the site was swapped in, dir is as
// it was. Where another build is writing, Write waits for it for a few seconds.
func Write(ctx context.Context, dir string, set *Set) (Report, error) {
	u := update{set: set}
	if err := u.run(ctx, dir); err != nil {
		return Report{}, fmt.Errorf("publishing to %s: %w", dir, err)
	}
	return u.report, nil
}

// Update is Write for a caller that publishes to dir again and again: it takes
// time in proportion to what changed. It returns, and takes as last, what it
// remembers of the files it published; a nil last, or one that does not fit
// dir, costs reading the files and nothing else. The set may keep files that
// dir has: see [Set.Keep]. Without last, Write can do that too.
//
// For that the tree published before stays on the disk, as links to the same
// files, in a hidden folder beside dir, which a Write removes.
func Update(ctx context.Context, dir string, set *Set, last *State) (Report, *State, error) {
	u := update{set: set, last: last}
	return u.update(ctx, dir)
}

// update is the run of an Update.
func (u *update) update(ctx context.Context, dir string) (Report, *State, error) {
	u.remembers = true
	if err := u.run(ctx, dir); err != nil {
		return Report{}, nil, fmt.Errorf("publishing to %s: %w", dir, err)
	}
	return u.report, u.state, nil
}

// MissingError is reported (wrapped) where the destination has not, or no
// longer, the bytes of files that a set keeps.
type MissingError struct {
	Paths []string // sorted, at least one
}

func (e *MissingError) Error() string {
	if more := len(e.Paths) - 1; more > 0 {
		return fmt.Sprintf("%s and %d more do not have the bytes to keep", e.Paths[0], more)
	}
	return e.Paths[0] + " does not have the bytes to keep"
}

// eachPath calls do for every path, several at once, until one fails or ctx is
// done. It returns the error of the first path in order among those that failed.
func eachPath(ctx context.Context, paths []string, do func(path string) error) error {
	return eachPathOf(ctx, many(), paths, do)
}

// many is how many paths to work on at once when nothing else is to be done: the work
// waits for the disk more than it computes.
func many() int { return 4 * runtime.GOMAXPROCS(0) }

// eachPathOf is eachPath for so many paths at once.
func eachPathOf(ctx context.Context, atOnce int, paths []string, do func(path string) error) error {
	errs := make([]error, len(paths))
	var next atomic.Int64
	var failed atomic.Bool
	var wg sync.WaitGroup
	for range min(atOnce, len(paths)) {
		wg.Go(func() {
			for !failed.Load() && ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= len(paths) {
					return
				}
				if errs[i] = diag.Caught(paths[i], func() error { return do(paths[i]) }); errs[i] != nil {
					failed.Store(true)
				}
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return context.Cause(ctx)
}
