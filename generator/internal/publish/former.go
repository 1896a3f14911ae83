package publish

import "path"

// former is what was known of a tree when it ceased to be the published one: its
// folders, and the inodes of the files in them. A folder that still has its
// identity has no other entries than it had then, so that most of a spare need
// not be listed. The identity is zero for a folder that also holds something
// else, or for which the file system cannot tell.
type former struct {
	folders map[string]identity
	files   map[string]uint64
}

// newFormer returns what is known of a tree as it was found at a time before
// which changes show: see clock. other tells what is neither a file of the site
// nor a folder above one.
func newFormer(found map[string]entry, before int64, other func(path string) bool) former {
	f := former{make(map[string]identity, len(found)/2), make(map[string]uint64, len(found))}
	var mixed []string
	for p, e := range found {
		switch {
		case p == ".":
		case other(p) || !e.mode.IsDir() && e.inode == 0:
			mixed = append(mixed, path.Dir(p))
		case !e.mode.IsDir():
			f.files[p] = e.inode
		case e.changed < before && e.mode.Perm() == folderMode && e.inode != 0:
			f.folders[p] = e.identity
		default:
			f.folders[p] = identity{}
		}
	}
	for _, folder := range mixed {
		f.folders[folder] = identity{}
	}
	return f
}

// trusted tells whether a folder still holds what it held.
func (f former) trusted(folder string, now identity) bool {
	was, ok := f.folders[folder]
	return ok && was == now && was != identity{}
}

// tree returns the folders in each folder.
func (f former) tree() map[string][]string {
	below := make(map[string][]string)
	for p := range f.folders {
		if p != "." {
			below[path.Dir(p)] = append(below[path.Dir(p)], p)
		}
	}
	return below
}
