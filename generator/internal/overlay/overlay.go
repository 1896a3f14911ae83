// Package overlay owns one thing: a file system made of layers, in which a file of
// an upper layer hides the file of the same path below it and folders are merged.
// So a site's layouts/ and static/ override the default theme one file at a time.
// It never writes.
package overlay

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
)

// FS is a read-only file system of layers, the first the uppermost. Layers that
// are nil or lack a path are passed over.
type FS []fs.FS

// Open opens the uppermost file of that name. A folder opened lists its own
// layer alone; use [fs.ReadDir] or [fs.WalkDir] for the merged view.
func (o FS) Open(name string) (fs.File, error) {
	for _, layer := range o {
		if layer == nil {
			continue
		}
		f, err := layer.Open(name)
		if err == nil || !errors.Is(err, fs.ErrNotExist) {
			return f, err
		}
	}
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

// ReadDir lists the folder's entries over all layers, sorted by name.
func (o FS) ReadDir(name string) ([]fs.DirEntry, error) {
	entries := map[string]fs.DirEntry{}
	found := false
	for _, layer := range o {
		if layer == nil {
			continue
		}
		list, err := fs.ReadDir(layer, name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
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
