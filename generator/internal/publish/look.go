package publish

import (
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// Look is what stands in a folder, found while its next files are made.
type Look struct {
	shown string
	done  chan struct{}

	dir   string
	at    identity // of the folder, before
	start int64    // the file system's time, before
	tree  *tree    // nil where that is not known
}

// Ahead begins to look at the folder dir, for [Look.Update]. It does not keep other
// builds from writing there: where one did meanwhile, the look is of no use.
func Ahead(ctx context.Context, dir string) *Look {
	l := &Look{shown: dir, done: make(chan struct{})}
	go func() {
		defer close(l.done)
		var err error
		if l.dir, err = resolve(dir); err != nil {
			return // Update will say so
		}
		info, err := os.Lstat(l.dir)
		if err != nil {
			return
		}
		l.at, l.start = identityOf(info), clock(l.dir)
		if found, err := readTree(ctx, l.dir, dir); err == nil {
			l.tree = found
		}
	}()
	return l
}

// Update is [Update] of the folder.
func (l *Look) Update(ctx context.Context, set *Set, last *State) (Report, *State, error) {
	return doUpdate(ctx, l.shown, set, last, l)
}

// found is the tree in a folder, nil where it may be another by now: where a site was
// published, or anything came or went in one of the folders. It is asked for when the
// folder is locked.
func (l *Look) found(ctx context.Context, dir string) *tree {
	if l == nil {
		return nil
	}
	<-l.done
	if l.tree == nil || !l.tree.exists || l.dir != dir || l.at.inode == 0 {
		return nil
	}
	folders := append(slices.Collect(maps.Keys(l.tree.folders)), ".")
	err := eachPath(ctx, folders, func(folder string) error {
		info, err := os.Lstat(filepath.Join(dir, filepath.FromSlash(folder)))
		if err != nil {
			return err
		}
		was := l.tree.found[folder].identity
		if folder == "." {
			was = l.at
		}
		if identityOf(info) != was {
			return errChanged
		}
		return nil
	})
	if err != nil {
		return nil
	}
	return l.tree
}

// errChanged stops the comparison of folders.
var errChanged = errors.New("folder changed")
