// Package tree owns how a site sees its folders: under one spelling of every name, and
// without what editors, desktops and version control leave behind.
//
// It never reads a file's bytes, and never writes.
package tree

import (
	"errors"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// FS is a folder as a site sees it: names are composed (NFC), however the file system
// spells them, and leavings and hidden files are not there.
type FS struct{ fsys fs.FS }

// New returns a folder as a site sees it.
func New(fsys fs.FS) FS {
	if f, ok := fsys.(FS); ok {
		return f
	}
	return FS{fsys}
}

// Name returns the one spelling of a file's name or path: composed (NFC), as texts are
// written. macOS may spell it decomposed.
func Name(name string) string {
	if isASCII(name) {
		return name
	}
	composed := norm.NFC.String(name)
	if isASCII(composed) {
		return name // the sign for kelvin and its like: another name
	}
	return composed
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r >= utf8.RuneSelf })
}

// Entry is an entry of a folder under its one name.
type Entry struct {
	fs.DirEntry
	name string
	// Spelled are the names of two or more entries that differ in spelling alone; nil
	// for the others.
	Spelled []string
}

// Name returns the entry's name, composed.
func (e Entry) Name() string { return e.name }

// Open implements [fs.FS].
func (f FS) Open(name string) (fs.File, error) {
	real, err := f.real("open", name)
	if err != nil {
		return nil, err
	}
	file, err := f.fsys.Open(real)
	if err != nil {
		return nil, err
	}
	if folder, ok := file.(fs.ReadDirFile); ok {
		if info, err := file.Stat(); err == nil && info.IsDir() {
			return &openFolder{ReadDirFile: folder}, nil
		}
	}
	return file, nil
}

// Stat implements [fs.StatFS].
func (f FS) Stat(name string) (fs.FileInfo, error) {
	real, err := f.real("stat", name)
	if err != nil {
		return nil, err
	}
	return fs.Stat(f.fsys, real)
}

// ReadDir implements [fs.ReadDirFS]. The entries are of type [Entry].
func (f FS) ReadDir(name string) ([]fs.DirEntry, error) {
	real, err := f.real("readdir", name)
	if err != nil {
		return nil, err
	}
	list, err := fs.ReadDir(f.fsys, real)
	return see(list), err
}

// see turns the entries of a folder into those that a site sees.
func see(list []fs.DirEntry) []fs.DirEntry {
	var seen []fs.DirEntry
	place := map[string]int{}
	for _, e := range list {
		if IsLeaving(e.Name()) || IsHidden(e.Name()) {
			continue
		}
		name := Name(e.Name())
		at, twice := place[name]
		if !twice {
			place[name] = len(seen)
			seen = append(seen, Entry{DirEntry: e, name: name})
			continue
		}
		first := seen[at].(Entry)
		if first.Spelled == nil {
			first.Spelled = []string{first.DirEntry.Name()}
		}
		first.Spelled = append(first.Spelled, e.Name())
		seen[at] = first
	}
	slices.SortFunc(seen, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return seen
}

// real returns the path under which the file system has what a site calls name.
func (f FS) real(op, name string) (string, error) {
	if !fs.ValidPath(name) {
		return "", &fs.PathError{Op: op, Path: name, Err: fs.ErrInvalid}
	}
	for part := range strings.SplitSeq(name, "/") {
		if part != "." && (IsLeaving(part) || IsHidden(part)) {
			return "", &fs.PathError{Op: op, Path: name, Err: fs.ErrNotExist}
		}
	}
	if isASCII(name) {
		return name, nil
	}
	if _, err := fs.Stat(f.fsys, name); !errors.Is(err, fs.ErrNotExist) {
		return name, nil // also where it cannot be read: who opens it is told why
	}
	dir := "."
	for part := range strings.SplitSeq(name, "/") {
		next := path.Join(dir, part)
		if !isASCII(part) {
			entries, err := fs.ReadDir(f.fsys, dir)
			if err != nil {
				return name, nil
			}
			for _, e := range entries {
				if Name(e.Name()) == Name(part) {
					next = path.Join(dir, e.Name())
					break
				}
			}
		}
		dir = next
	}
	return dir, nil
}

// openFolder is an open folder that lists what a site sees.
type openFolder struct {
	fs.ReadDirFile
	rest []fs.DirEntry
	read bool
}

// ReadDir implements [fs.ReadDirFile].
func (f *openFolder) ReadDir(n int) ([]fs.DirEntry, error) {
	if n <= 0 && !f.read {
		list, err := f.ReadDirFile.ReadDir(n)
		f.read = true
		return see(list), err
	}
	if !f.read {
		list, err := f.ReadDirFile.ReadDir(-1)
		if err != nil {
			return nil, err
		}
		f.rest, f.read = see(list), true
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
