// Package overlay owns one thing: a file system made of layers, in which a file of
// an upper layer hides the file of the same path below it and folders are merged.
// So a site's layouts/ and static/ override the default theme one file at a time.
// It never writes.
package overlay

import (
	"errors"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// FS is a read-only file system of layers, the first the uppermost. Layers that
// are nil or lack a path are passed over. A file of one layer also hides a folder
// of the same path below it, with all that lies in it, and a folder hides a file.
type FS []fs.FS

// Open opens the uppermost file of that name. A folder lists the files of all
// layers.
func (o FS) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	for _, layer := range o {
		if layer == nil {
			continue
		}
		f, err := layer.Open(name)
		if err != nil {
			if hides(layer, name) {
				break
			}
			if errors.Is(err, fs.ErrNotExist) {
				continue
			}
			return nil, err
		}
		info, err := f.Stat()
		if err != nil {
			return nil, errors.Join(err, f.Close())
		}
		if info.IsDir() {
			return &folder{File: f, list: func() ([]fs.DirEntry, error) { return o.ReadDir(name) }}, nil
		}
		return f, nil
	}
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

// ReadDir lists the folder's entries over all layers, sorted by name.
func (o FS) ReadDir(name string) ([]fs.DirEntry, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: fs.ErrInvalid}
	}
	entries := map[string]fs.DirEntry{}
	found := false
	for _, layer := range o {
		if layer == nil {
			continue
		}
		info, err := fs.Stat(layer, name)
		switch {
		case err == nil && !info.IsDir() && !found:
			return nil, &fs.PathError{Op: "readdir", Path: name, Err: errors.New("not a directory")}
		case err == nil && !info.IsDir():
			continue // hidden by the folder above it
		case err != nil && hides(layer, name):
			return o.entries(name, entries, found)
		case errors.Is(err, fs.ErrNotExist):
			continue
		case err != nil:
			return nil, err
		}
		list, err := fs.ReadDir(layer, name)
		if err != nil {
			return nil, err
		}
		found = true
		for _, e := range list {
			if _, hidden := entries[e.Name()]; !hidden {
				entries[e.Name()] = e
			}
		}
	}
	return o.entries(name, entries, found)
}

// entries sorts what was found in a folder.
func (o FS) entries(name string, entries map[string]fs.DirEntry, found bool) ([]fs.DirEntry, error) {
	if !found {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: fs.ErrNotExist}
	}
	list := make([]fs.DirEntry, 0, len(entries))
	for _, e := range entries {
		list = append(list, e)
	}
	slices.SortFunc(list, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return list, nil
}

// hides tells whether one of the folders above name is a file in layer.
func hides(layer fs.FS, name string) bool {
	for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
		if info, err := fs.Stat(layer, dir); err == nil {
			return !info.IsDir()
		}
	}
	return false
}

// folder is an open folder that lists the files of all layers.
type folder struct {
	fs.File
	list func() ([]fs.DirEntry, error)
	rest []fs.DirEntry
	read bool
}

// ReadDir implements [fs.ReadDirFile].
func (f *folder) ReadDir(n int) ([]fs.DirEntry, error) {
	if !f.read {
		list, err := f.list()
		if err != nil {
			return nil, err
		}
		f.rest, f.read = list, true
	}
	if n > 0 && len(f.rest) == 0 {
		return nil, io.EOF
	}
	if n <= 0 || n > len(f.rest) {
		n = len(f.rest)
	}
	next := f.rest[:n:n]
	f.rest = f.rest[n:]
	return next, nil
}
