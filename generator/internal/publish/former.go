package publish

// folders are those of a tree, all but the topmost, by path, as they were when it
// was known what is in them. One that still has its identity has no other entries
// than it had then, so that it need not be listed. The identity is zero for a folder
// that also held something else, or for which the file system cannot tell.
type folders map[string]identity

// former is what was known of a tree when it ceased to be the published one: its
// folders, and the inodes of the files in them, so that most of a spare need not
// be listed.
type former struct {
	folders folders
	files   map[string]uint64
}

// newFolders returns the folders of a tree as it was found at a time before which
// changes show: see clock. other tells what is neither a file of the site nor a
// folder above one.
func newFolders(found map[string]entry, before int64, other func(path string) bool) folders {
	all := make(folders, len(found)/2)
	var mixed []string
	for p, e := range found {
		switch {
		case p == ".":
		case other(p) || !e.mode.IsDir() && e.inode == 0:
			mixed = append(mixed, above(p))
		case e.mode.IsDir():
			all[p] = e.settled(before)
		}
	}
	for _, folder := range mixed {
		if folder != "." {
			all[folder] = identity{}
		}
	}
	return all
}

// newFormer returns what is known of such a tree.
func newFormer(found map[string]entry, before int64, other func(path string) bool) former {
	f := former{newFolders(found, before, other), make(map[string]uint64, len(found))}
	for p, e := range found {
		if !e.mode.IsDir() && e.inode != 0 && !other(p) {
			f.files[p] = e.inode
		}
	}
	return f
}

// settled is the identity of a folder that was made by a build and last changed
// before a time, zero for another one.
func (e entry) settled(before int64) identity {
	if e.changed < before && e.mode.Perm() == folderMode && e.inode != 0 {
		return e.identity
	}
	return identity{}
}

// trusted tells whether a folder still holds what it held.
func (f folders) trusted(folder string, now identity) bool {
	was, ok := f[folder]
	return ok && was == now && was != identity{}
}

// tree returns the folders in each folder.
func (f folders) tree() map[string][]string {
	below := make(map[string][]string)
	for p := range f {
		below[above(p)] = append(below[above(p)], p)
	}
	return below
}

// addTo adds the files in trusted folders to what a survey found of the tree.
func (f former) addTo(found map[string]entry, trusted map[string]bool) {
	if len(trusted) == 0 {
		return
	}
	for p, inode := range f.files {
		if trusted[above(p)] {
			found[p] = entry{identity: identity{inode: inode}}
		}
	}
}
