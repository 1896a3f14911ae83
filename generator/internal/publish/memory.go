package publish

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"
)

// memory is a read-only file system over the files of a set.
type memory struct {
	nodes map[string]*node // by path; "." is the root
}

// node is one file or folder of a memory. It is its own FileInfo and DirEntry.
type node struct {
	name    string
	data    []byte
	size    int64
	kept    bool
	folder  bool
	entries []fs.DirEntry // of a folder, by name
}

// ErrKept is reported (wrapped) when a file of a set is opened whose bytes only
// the destination has: see [Set.Keep].
var ErrKept = errors.New("bytes are not in the set but at the destination")

func newMemory(files map[string]*file) *memory {
	m := &memory{nodes: map[string]*node{".": {name: ".", folder: true}}}
	for name, f := range files {
		m.enter(name, &node{name: path.Base(name), data: f.data, size: f.size, kept: f.kept})
	}
	for _, n := range m.nodes {
		slices.SortFunc(n.entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	}
	return m
}

// enter puts n at name and makes the folders above it.
func (m *memory) enter(name string, n *node) {
	m.nodes[name] = n
	parent, ok := m.nodes[path.Dir(name)]
	if !ok {
		parent = &node{name: path.Base(path.Dir(name)), folder: true}
		m.enter(path.Dir(name), parent)
	}
	parent.entries = append(parent.entries, n)
}

func (m *memory) find(op, name string) (*node, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: op, Path: name, Err: fs.ErrInvalid}
	}
	n, ok := m.nodes[name]
	if !ok {
		return nil, &fs.PathError{Op: op, Path: name, Err: fs.ErrNotExist}
	}
	return n, nil
}

func (m *memory) Open(name string) (fs.File, error) {
	n, err := m.find("open", name)
	if err != nil {
		return nil, err
	}
	if n.folder {
		return &openFolder{node: n, name: name}, nil
	}
	if n.kept {
		return nil, &fs.PathError{Op: "open", Path: name, Err: ErrKept}
	}
	return &openFile{bytes.NewReader(n.data), n}, nil
}

func (m *memory) Stat(name string) (fs.FileInfo, error) {
	n, err := m.find("stat", name)
	if err != nil {
		return nil, err
	}
	return n, nil
}

func (m *memory) ReadFile(name string) ([]byte, error) {
	n, err := m.find("read", name)
	if err != nil {
		return nil, err
	}
	if n.folder {
		return nil, &fs.PathError{Op: "read", Path: name, Err: errIsFolder}
	}
	if n.kept {
		return nil, &fs.PathError{Op: "read", Path: name, Err: ErrKept}
	}
	return bytes.Clone(n.data), nil
}

func (m *memory) ReadDir(name string) ([]fs.DirEntry, error) {
	n, err := m.find("readdir", name)
	if err != nil {
		return nil, err
	}
	if !n.folder {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: errNotFolder}
	}
	return slices.Clone(n.entries), nil
}

var (
	errIsFolder  = errors.New("is a folder")
	errNotFolder = errors.New("not a folder")
)

func (n *node) Name() string               { return n.name }
func (n *node) Size() int64                { return n.size }
func (n *node) ModTime() time.Time         { return time.Time{} }
func (n *node) IsDir() bool                { return n.folder }
func (n *node) Sys() any                   { return nil }
func (n *node) Type() fs.FileMode          { return n.Mode().Type() }
func (n *node) Info() (fs.FileInfo, error) { return n, nil }
func (n *node) String() string             { return fs.FormatFileInfo(n) }
func (n *node) Mode() fs.FileMode {
	if n.folder {
		return fs.ModeDir | 0o555
	}
	return 0o444
}

// openFile reads, seeks and reads at an offset through its bytes.Reader.
type openFile struct {
	*bytes.Reader
	node *node
}

func (f *openFile) Stat() (fs.FileInfo, error) { return f.node, nil }
func (f *openFile) Close() error               { return nil }

type openFolder struct {
	node *node
	name string
	next int
}

func (f *openFolder) Stat() (fs.FileInfo, error) { return f.node, nil }
func (f *openFolder) Close() error               { return nil }

func (f *openFolder) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: f.name, Err: errIsFolder}
}

func (f *openFolder) ReadDir(n int) ([]fs.DirEntry, error) {
	rest := f.node.entries[f.next:]
	if n > 0 {
		if len(rest) == 0 {
			return nil, io.EOF
		}
		rest = rest[:min(n, len(rest))]
	}
	f.next += len(rest)
	return slices.Clone(rest), nil
}

var (
	_ fs.ReadFileFS = (*memory)(nil)
	_ fs.ReadDirFS  = (*memory)(nil)
	_ fs.StatFS     = (*memory)(nil)
)
