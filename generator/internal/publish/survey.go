package publish

import (
	"context"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
)

// entry is what is known of a file, a folder or something else on disk.
type entry struct {
	identity
	mode fs.FileMode
	info fs.FileInfo // nil for one that was not looked at but known: see former
}

func entryOf(info fs.FileInfo) entry { return entry{identityOf(info), info.Mode(), info} }

// is tells whether both are one file under two names.
func (e entry) is(other entry) bool {
	if e.inode != 0 && other.inode != 0 {
		return e.inode == other.inode
	}
	return e.info != nil && other.info != nil && os.SameFile(e.info, other.info)
}

// onDisk is the name of a slash-separated path of the folder dir, which is clean.
func onDisk(dir, p string) string {
	if p == "." {
		return dir
	}
	return dir + string(filepath.Separator) + filepath.FromSlash(p)
}

// above is [path.Dir] for the path of something in a tree, which is clean.
func above(p string) string {
	if i := strings.LastIndexByte(p, '/'); i >= 0 {
		return p[:i]
	}
	return "."
}

// survey returns everything in the folder dir by slash-separated path, dir
// itself as ".". It looks into the folders for which enter is true, some at
// once, and follows no links. Of the folders that known tells the entries of, it
// returns which those are, and nothing of the files in them. enter may be called
// concurrently, known may be nil.
func survey(ctx context.Context, dir string, enter func(folder string) bool, known folders, atOnce int) (all map[string]entry, trusted map[string]bool, err error) {
	var mu sync.Mutex
	all = make(map[string]entry, 3*len(known))
	trusted = make(map[string]bool, len(known))
	below := known.tree()
	for level := []string{"."}; len(level) > 0; {
		var next []string
		err := eachPathOf(ctx, atOnce, level, func(folder string) error {
			itself, err := os.Lstat(onDisk(dir, folder))
			if err != nil {
				return err
			}
			e := entryOf(itself)
			var names []string
			var entries []entry
			knows := known.trusted(folder, e.identity)
			if !knows {
				if names, entries, err = list(dir, folder); err != nil {
					return err
				}
			}
			mu.Lock()
			defer mu.Unlock()
			all[folder] = e
			if knows {
				trusted[folder] = true
				next = append(next, below[folder]...)
				return nil
			}
			for i, name := range names {
				if entries[i].mode.IsDir() && enter(name) {
					next = append(next, name)
				} else {
					all[name] = entries[i]
				}
			}
			return nil
		})
		if err != nil {
			return nil, nil, err
		}
		level = next
	}
	return all, trusted, nil
}

// list returns the paths in a folder of dir and what is known of them.
func list(dir, folder string) (paths []string, entries []entry, err error) {
	found, err := os.ReadDir(onDisk(dir, folder))
	if err != nil {
		return nil, nil, err
	}
	paths, entries = make([]string, len(found)), make([]entry, len(found))
	for i, f := range found {
		paths[i] = path.Join(folder, f.Name())
		if f.IsDir() {
			entries[i].mode = fs.ModeDir
			continue
		}
		info, err := f.Info()
		if err != nil {
			return nil, nil, err
		}
		entries[i] = entryOf(info)
	}
	return paths, entries, nil
}
