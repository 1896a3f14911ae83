// Package publish owns the writing of a finished site: a set of files becomes a
// folder, atomically.
//
// Its fundamental types are [Set], the files of one build, collected from many
// goroutines, and [Report], what writing them changed. [Write] turns a set into
// a folder that is a whole site at every moment, the old one or the new one,
// whatever kills the build.
//
// For that, the new site is staged in a folder beside the old one, named
// .public.vigie-<random>: files whose bytes did not change are hard links to
// the old ones, so that they keep their modification time and cost nothing, the
// others are written and flushed to the disk. Then the two folders swap names
// in one step, and the old one is removed. What a killed build leaves behind is
// removed by the next one.
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
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
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
	report, err := write(ctx, dir, set)
	if err != nil {
		return Report{}, fmt.Errorf("publishing to %s: %w", dir, err)
	}
	return report, nil
}

func write(ctx context.Context, shown string, set *Set) (Report, error) {
	dir, err := resolve(shown)
	if err != nil {
		return Report{}, err
	}
	unlock, err := lock(ctx, filepath.Dir(dir), lockWait)
	switch {
	case errors.Is(err, ErrBusy):
		return Report{}, fmt.Errorf("%w to the same place (wait for it to end)", ErrBusy)
	case errors.Is(err, errNoLock):
		// Random names keep two builds apart, but a staging folder might be a
		// live one's: none is removed.
	case err != nil:
		return Report{}, err
	default:
		defer unlock()
		if err := removeLeftovers(dir); err != nil {
			return Report{}, fmt.Errorf("removing what a killed build left: %w", err)
		}
	}
	old, err := readTree(dir, shown)
	if err != nil {
		return Report{}, err
	}
	paths := set.Paths()
	marker := finishedMarker(paths)
	same, err := unchanged(ctx, old, set, paths)
	if err != nil {
		return Report{}, err
	}
	report := compare(old, paths, same)
	if old.exists && !old.surplus && bytes.Equal(old.marker, marker) && report.Written == 0 {
		return report, nil
	}

	staged, err := stage(ctx, dir, old, set, paths, same, marker)
	if err == nil {
		err = swap(staged, dir, old.exists)
	}
	if err != nil {
		if staged != "" {
			err = errors.Join(err, removeTree(staged))
		}
		return Report{}, err
	}
	// The site is published. A failure from here on costs disk space only, which
	// the next build frees, or reports that it cannot.
	_ = flushFolder(filepath.Dir(dir))
	if old.exists {
		_ = removeTree(staged)
	}
	return report, nil
}

// resolve returns the absolute path of the folder that dir stands for.
func resolve(dir string) (string, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	info, err := os.Lstat(abs)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if _, err := os.Stat(filepath.Dir(abs)); err != nil {
			return "", err
		}
		return abs, nil
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

// unchanged returns the paths whose file in old already has the bytes that set
// gives it.
func unchanged(ctx context.Context, old *tree, set *Set, paths []string) (map[string]bool, error) {
	var mu sync.Mutex
	same := make(map[string]bool, len(paths))
	err := eachPath(ctx, paths, func(p string) error {
		info, ok := old.files[p]
		data, _ := set.Get(p)
		if !ok || info.Size() != int64(len(data)) {
			return nil
		}
		before, err := os.ReadFile(filepath.Join(old.dir, filepath.FromSlash(p)))
		if err != nil {
			return err
		}
		if bytes.Equal(before, data) {
			mu.Lock()
			same[p] = true
			mu.Unlock()
		}
		return nil
	})
	return same, err
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

// eachPath calls do for every path, several at once, until one fails or ctx is
// done. It returns the error of the first path in order among those that failed.
func eachPath(ctx context.Context, paths []string, do func(path string) error) error {
	errs := make([]error, len(paths))
	var next atomic.Int64
	var failed atomic.Bool
	var wg sync.WaitGroup
	// The work waits for the disk more than it computes.
	for range min(4*runtime.GOMAXPROCS(0), len(paths)) {
		wg.Go(func() {
			for !failed.Load() && ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= len(paths) {
					return
				}
				if errs[i] = do(paths[i]); errs[i] != nil {
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
