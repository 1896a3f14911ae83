package publish

import (
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
)

// Look is what stands in a folder, found while its next files are made. Its methods are
// not to be called concurrently, but for Write: see [Look.UpdateWhen].
type Look struct {
	shown string
	done  chan struct{}
	last  *State

	dir   string
	at    identity // of the folder, before
	start int64    // the file system's time, before
	tree  *tree    // nil where that is not known

	mu     sync.Mutex
	staged string // folder of files written ahead, "" without
	ahead  map[string]*aheadFile
}

// aheadFile is a large file of the next tree, on its way to the disk.
type aheadFile struct {
	data []byte
	name string // on disk
	done chan struct{}
	err  error
}

// leastAhead is the size from which on it is worth to write a file ahead.
const leastAhead = 1 << 20

// Ahead begins to look at the folder dir, for [Look.Update], with one core. last returns
// what is remembered of it, see [Update]; it is called once, while the caller goes on. Ahead
// does not keep other builds from writing there: where one did meanwhile, the look is of no use.
func Ahead(ctx context.Context, dir string, last func() *State) *Look {
	l := &Look{shown: dir, done: make(chan struct{})}
	go func() {
		defer close(l.done)
		l.last = last()
		var err error
		if l.dir, err = resolve(dir); err != nil {
			return // Update will say so
		}
		info, err := os.Lstat(l.dir)
		if err != nil {
			return
		}
		l.at, l.start = identityOf(info), clock(l.dir)
		if found, err := readTree(ctx, l.dir, dir, l.last, 1); err == nil {
			l.tree = found
		}
	}()
	return l
}

// Write begins to write a file that the next set will have at a path, so that the disk
// works while the caller does. It keeps data. What comes of it changes nothing but the
// time that Update takes; [Look.Close] removes what is of no use.
func (l *Look) Write(path string, data []byte) {
	<-l.done
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(data) < leastAhead || l.dir == "" || l.ahead[path] != nil {
		return
	}
	if l.staged == "" {
		staged, err := newStaged(context.Background(), l.dir)
		if err != nil {
			return
		}
		l.staged, l.ahead = staged, map[string]*aheadFile{}
	}
	f := &aheadFile{data: data, name: filepath.Join(l.staged, strconv.Itoa(len(l.ahead))), done: make(chan struct{})}
	l.ahead[path] = f
	go func() {
		defer close(f.done)
		f.err = writeFile(f.name, data, os.O_EXCL, true)
	}()
}

// take gives the file of a path its place, and tells whether it was written ahead.
func (l *Look) take(path string, data []byte, to string) bool {
	if l == nil || l.ahead[path] == nil {
		return false
	}
	f := l.ahead[path]
	<-f.done
	same := len(f.data) == len(data) && &f.data[0] == &data[0] // nobody changes what is in a set
	return same && f.err == nil && os.Rename(f.name, to) == nil
}

// Close ends the look.
func (l *Look) Close() {
	<-l.done
	for _, f := range l.ahead {
		<-f.done
	}
	if l.staged != "" {
		_ = removeTree(l.staged) // costs disk space only, until the next build
	}
}

// Update is [Update] of the folder.
func (l *Look) Update(ctx context.Context, set *Set) (Report, *State, error) {
	return l.UpdateWhen(ctx, set, nil)
}

// UpdateWhen is Update with a set to which files are still added: it does what can be
// done with those that are there, calls complete, and goes on when that returns. On an
// error of complete nothing is published. Other builds of the folder wait meanwhile.
// [Look.Write] may be called until complete returns.
func (l *Look) UpdateWhen(ctx context.Context, set *Set, complete func() error) (Report, *State, error) {
	<-l.done
	u := update{set: set, last: l.last, look: l, complete: complete}
	return u.update(ctx, l.shown)
}

// own is the folder of files written ahead, "" without.
func (l *Look) own() string {
	if l == nil {
		return ""
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.staged
}

// found is the tree in a folder, nil where it may be another by now: where a site was
// published, or anything came or went in one of the folders, or might have in the moment
// of the look. It is asked for when the folder is locked.
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
		info, err := os.Lstat(onDisk(dir, folder))
		if err != nil {
			return err
		}
		was := l.tree.found[folder].identity
		if folder == "." {
			was = l.at
		}
		if identityOf(info) != was || was.changed >= l.start {
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
