package build

import (
	"bytes"
	"context"
	"io"
	"io/fs"
	"path"
	"strings"
	"time"

	"vigie/generator/internal/search"
)

// liveFS is the files of a live site, each made when it is opened. What a folder holds
// is not told, only whether it has a page.
type liveFS struct {
	ctx  context.Context
	live *Live
}

// Open implements [fs.FS].
func (f liveFS) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	if f.isFolder(name) {
		return &liveFile{info: liveInfo{name: path.Base(name), folder: true}, Reader: bytes.NewReader(nil)}, nil
	}
	f.prepare(name)
	data, _, ok := f.live.Make(name)
	if !ok || data == nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return &liveFile{info: liveInfo{name: path.Base(name), size: int64(len(data))}, Reader: bytes.NewReader(data)}, nil
}

// Stat implements [fs.StatFS]. The size of a file is not told: it would have to be
// made.
func (f liveFS) Stat(name string) (fs.FileInfo, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "stat", Path: name, Err: fs.ErrInvalid}
	}
	if f.isFolder(name) {
		return liveInfo{name: path.Base(name), folder: true}, nil
	}
	f.prepare(name)
	if f.live.Has(name) {
		return liveInfo{name: path.Base(name)}, nil
	}
	if data, _, ok := f.live.Make(name); ok { // an image, or a file of search
		return liveInfo{name: path.Base(name), size: int64(len(data))}, nil
	}
	return nil, &fs.PathError{Op: "stat", Path: name, Err: fs.ErrNotExist}
}

// isFolder tells whether a name is that of a folder with a page.
func (f liveFS) isFolder(name string) bool {
	return f.live.Has(path.Join(name, "index.html"))
}

// prepare has search up to date before one of its files is read. Those that are named
// after their bytes are right if they are there.
func (f liveFS) prepare(name string) {
	if !strings.HasPrefix(name, path.Dir(search.DescriptorPath)+"/") {
		return
	}
	if _, there := f.live.search.file(name); !there || strings.Count(name, "/") == 1 {
		f.live.MakeSearch(f.ctx)
	}
}

// liveFile is an open file or folder.
type liveFile struct {
	*bytes.Reader
	info liveInfo
}

// Stat implements [fs.File].
func (f *liveFile) Stat() (fs.FileInfo, error) { return f.info, nil }

// Close implements [fs.File].
func (f *liveFile) Close() error { return nil }

var _ io.ReadSeeker = (*liveFile)(nil)

// liveInfo describes a file or folder.
type liveInfo struct {
	name   string
	size   int64
	folder bool
}

func (i liveInfo) Name() string       { return i.name }
func (i liveInfo) Size() int64        { return i.size }
func (i liveInfo) ModTime() time.Time { return time.Time{} }
func (i liveInfo) IsDir() bool        { return i.folder }
func (i liveInfo) Sys() any           { return nil }

// Mode implements [fs.FileInfo].
func (i liveInfo) Mode() fs.FileMode {
	if i.folder {
		return fs.ModeDir | 0o555
	}
	return 0o444
}
