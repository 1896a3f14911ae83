package publish

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"sync"
)

const (
	fileMode   fs.FileMode = 0o644
	folderMode fs.FileMode = 0o755
)

// fewFiles is up to how many files and folders are flushed one by one where the
// whole file system could be in one call: that one also waits for what others
// wrote.
const fewFiles = 64

// staging is the making of a tree from files of a set and of the tree old.
type staging struct {
	old    *tree
	set    *Set
	paths  []string        // of the set, sorted
	same   map[string]bool // those whose file in old has the bytes wanted
	marker []byte
	look   *Look // which may have written files ahead; nil without
	links  bool  // do it by links or fail
}

// changes is what staging changed in a tree, by slash-separated path.
type changes struct {
	mu      sync.Mutex
	written []string        // files made
	linked  []string        // files of the old tree that got another name
	folders map[string]bool // whose entries are others now; "." is the tree
	stayed  map[string]bool // folders that were there before, the changed ones too
}

// newStaged makes an empty folder beside dir to stage in.
func newStaged(ctx context.Context, dir string) (string, error) {
	staged := sibling(dir, stagingInfix)
	if err := os.Mkdir(staged, folderMode); err != nil {
		return "", err
	}
	step(ctx, stepClaim)
	// Marked before anything else is written: from here on it is known as ours.
	return staged, writeFile(filepath.Join(staged, markerName), []byte(markerHead+markerUnfinished), os.O_TRUNC, false)
}

// fill makes the tree at to, which holds what have says, hold the set, and
// flushes it. It changes no file in place, since its bytes may be those of a
// file in the old tree: it removes what differs and makes it anew.
func (s *staging) fill(ctx context.Context, to string, have map[string]entry) (*changes, error) {
	done := &changes{folders: make(map[string]bool)}
	step(ctx, stepShape)
	var err error
	if done.stayed, err = s.shape(to, have, done); err != nil {
		return nil, err
	}
	few := len(s.paths)-len(s.same) <= fewFiles
	err = eachPath(ctx, s.paths, func(p string) error {
		step(ctx, stepFile)
		before, exists := have[p]
		exists = exists && !before.mode.IsDir() && done.stayed[path.Dir(p)]
		kept, now := s.same[p], s.old.files[p]
		if kept && exists && now.mode.Perm() == fileMode && before.is(now) {
			return nil
		}
		name := onDisk(to, p)
		if exists {
			if err := os.Remove(name); err != nil {
				return err
			}
		}
		linked, err := s.put(p, name, few)
		if err == nil {
			done.file(p, linked)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	step(ctx, stepMark)
	if err := s.mark(to, have, few); err != nil {
		return nil, err
	}
	done.folders["."] = true
	step(ctx, stepFlush)
	return done, flushTree(to, done.folders, few)
}

// shape removes from the tree at to what the set has no place for, and makes
// its folders. It returns those that were there before.
func (s *staging) shape(to string, have map[string]entry, done *changes) (map[string]bool, error) {
	folders := map[string]bool{".": true}
	files := make(map[string]bool, len(s.paths))
	for _, p := range s.paths {
		files[p] = true
		for folder := path.Dir(p); !folders[folder]; folder = path.Dir(folder) {
			folders[folder] = true
		}
	}
	stays := make(map[string]bool, len(folders))
	for p, e := range have {
		if e.mode.IsDir() && folders[p] {
			stays[p] = true
		}
	}
	for p, e := range have {
		switch above := path.Dir(p); {
		case stays[p] || p != "." && !stays[above]: // the folder goes as a whole
		case !e.mode.IsDir() && (files[p] || p == markerName):
		default:
			if err := os.RemoveAll(onDisk(to, p)); err != nil {
				return nil, err
			}
			done.folders[above] = true
		}
	}
	for _, folder := range slices.Sorted(maps.Keys(folders)) {
		if stays[folder] && have[folder].mode.Perm() == folderMode {
			continue
		}
		name := onDisk(to, folder)
		if !stays[folder] && folder != "." {
			if err := os.Mkdir(name, folderMode); err != nil {
				return nil, err
			}
			done.folders[path.Dir(folder)] = true
		}
		done.folders[folder] = true
		if err := os.Chmod(name, folderMode); err != nil { // whatever the umask
			return nil, err
		}
	}
	return stays, nil
}

// put makes the new file to the one of the set at path p, and tells whether it
// is a link to the old one.
func (s *staging) put(p, to string, flush bool) (linked bool, err error) {
	data, added := s.set.Get(p)
	if !s.same[p] {
		if s.look.take(p, data, to) {
			return false, nil
		}
		return false, writeFile(to, data, os.O_EXCL, flush)
	}
	// The same file, or where the file system has no hard links, or the old one
	// has other permissions, one with the same bytes and time.
	from, old := onDisk(s.old.dir, p), s.old.files[p]
	if old.mode.Perm() == fileMode {
		if err := os.Link(from, to); err == nil || s.links {
			return true, err
		}
	}
	if !added {
		if data, err = os.ReadFile(from); err != nil {
			return false, err
		}
		if sum, _, _ := s.set.Sum(p); sha256.Sum256(data) != sum {
			return false, &MissingError{[]string{p}}
		}
	}
	if err := writeFile(to, data, os.O_EXCL, flush); err != nil {
		return false, err
	}
	return false, os.Chtimes(to, old.info.ModTime(), old.info.ModTime())
}

// mark writes the marker of the tree at to, if it is not there.
func (s *staging) mark(to string, have map[string]entry, flush bool) error {
	name := filepath.Join(to, markerName)
	if e, ok := have[markerName]; ok {
		if e.mode.IsRegular() && e.mode.Perm() == fileMode && e.size == int64(len(s.marker)) {
			if before, err := os.ReadFile(name); err == nil && bytes.Equal(before, s.marker) {
				return nil
			}
		}
		if err := os.RemoveAll(name); err != nil {
			return err
		}
	}
	return writeFile(name, s.marker, os.O_TRUNC, flush)
}

func (c *changes) file(p string, linked bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if linked {
		c.linked = append(c.linked, p)
	} else {
		c.written = append(c.written, p)
	}
	c.folders[path.Dir(p)] = true
}

// writeFile writes a file with its permissions, whatever the umask. Where it
// exists, how says what to do: [os.O_EXCL] or [os.O_TRUNC].
func writeFile(name string, data []byte, how int, flush bool) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|how, fileMode)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Chmod(fileMode)
	}
	if err == nil && (flush || !flushesTrees) {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}
