package publish

import (
	"context"
	"io/fs"
	"os"
	"path"
	"path/filepath"
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

// survey returns everything in the folder dir by slash-separated path, dir
// itself as ".". It looks into the folders for which enter is true, some at
// once, and follows no links; what known tells of a folder it does not look up.
// enter may be called concurrently, known may be zero.
func survey(ctx context.Context, dir string, enter func(folder string) bool, known former, atOnce int) (map[string]entry, error) {
	var mu sync.Mutex
	all := make(map[string]entry, len(known.folders)+len(known.files))
	below := known.tree()
	trusted := make(map[string]bool)
	for level := []string{"."}; len(level) > 0; {
		var next []string
		err := eachPathOf(ctx, atOnce, level, func(folder string) error {
			itself, err := os.Lstat(filepath.Join(dir, filepath.FromSlash(folder)))
			if err != nil {
				return err
			}
			e := entryOf(itself)
			if known.trusted(folder, e.identity) {
				mu.Lock()
				defer mu.Unlock()
				all[folder], trusted[folder] = e, true
				next = append(next, below[folder]...)
				return nil
			}
			names, entries, err := list(dir, folder)
			if err != nil {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			all[folder] = e
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
			return nil, err
		}
		level = next
	}
	if len(trusted) > 0 {
		for p, inode := range known.files {
			if trusted[path.Dir(p)] {
				all[p] = entry{identity: identity{inode: inode}}
			}
		}
	}
	return all, nil
}

// list returns the paths in a folder of dir and what is known of them.
func list(dir, folder string) (paths []string, entries []entry, err error) {
	found, err := os.ReadDir(filepath.Join(dir, filepath.FromSlash(folder)))
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
