// Package cache owns files that only save work: each can be deleted at any time, and is
// made anew.
//
// Its fundamental type is [Dir], a folder of such files. A file carries the program that
// wrote it, its length and a checksum: against failing disks, not against forgers, who could
// as well change the program. It is written beside its place and renamed, so it is
// there whole or not at all, whoever else writes; but it is not flushed to the disk: what
// a failing machine leaves of it is damaged, and found to be.
//
// The package does not know what the files say, never returns bytes that it did not
// write, and never fails a build: who uses it goes on without.
package cache

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// Why a file is not returned, beside [fs.ErrNotExist].
var (
	// ErrDamaged is reported for a file whose bytes are not those that were written.
	ErrDamaged = errors.New("file is damaged")
	// ErrForeign is reported for a file that another program wrote.
	ErrForeign = errors.New("file was written by another version")
)

const (
	magic      = "vigie cache 1\n"
	headerSize = len(magic) + sha256.Size + 8 + 4

	// partial marks files being written.
	partial = ".partial-"
	// abandoned is the age at which a file being written is of a process that is gone.
	abandoned = time.Hour
)

// castagnoli is the polynomial that processors compute.
var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// notes are files that tell others what the folder is: version control, and programs
// that make backups (bford.info/cachedir).
var notes = map[string]string{
	".gitignore":   "*\n",
	"CACHEDIR.TAG": "Signature: 8a477f597d28d172789f06886806bc55\n# What vigie keeps between runs. It can be deleted at any time.\n",
}

// Dir is a folder of cached files. Its methods may be called concurrently, also by
// other processes.
type Dir struct {
	path    string
	program func() ([sha256.Size]byte, error)
}

// Open returns the folder at path, which need not exist. Files of other programs than
// the one that program names, by a sum of its bytes, are foreign to it; it is called
// once, beside what else the caller does.
func Open(path string, program func() ([sha256.Size]byte, error)) *Dir {
	d := &Dir{path, sync.OnceValues(program)}
	go d.program()
	return d
}

// Program is a sum of the running program's bytes.
func Program() (sum [sha256.Size]byte, err error) {
	name, err := os.Executable()
	if err != nil {
		return sum, err
	}
	f, err := os.Open(name)
	if err != nil {
		return sum, err
	}
	defer f.Close()
	h := sha256.New()
	_, err = io.Copy(h, f)
	h.Sum(sum[:0])
	return sum, err
}

func (d *Dir) file(name string) string { return filepath.Join(d.path, filepath.FromSlash(name)) }

// Get returns what was put under a name, a slash-separated path. The error is, wrapped,
// fs.ErrNotExist, [ErrDamaged], [ErrForeign] or that of reading the file.
func (d *Dir) Get(name string) ([]byte, error) {
	program, err := d.program()
	if err != nil {
		return nil, err
	}
	data, err := os.ReadFile(d.file(name))
	switch {
	case err != nil:
		return nil, err
	case len(data) < headerSize || !bytes.HasPrefix(data, []byte(magic)):
		return nil, fmt.Errorf("%s: %w", name, ErrDamaged)
	}
	header, data := data[len(magic):headerSize], data[headerSize:]
	if !bytes.Equal(header[:sha256.Size], program[:]) {
		return nil, fmt.Errorf("%s: %w", name, ErrForeign)
	}
	if !bytes.Equal(header[sha256.Size:], trailer(data)) {
		return nil, fmt.Errorf("%s: %w", name, ErrDamaged)
	}
	return data, nil
}

// Put keeps bytes under a name, the parts one after another. On an error what was there
// stays.
func (d *Dir) Put(name string, parts ...[]byte) error {
	program, err := d.program()
	if err != nil {
		return err
	}
	to := d.file(name)
	if err := d.make(filepath.Dir(to)); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(to), partial)
	if err != nil {
		return err
	}
	header := slices.Concat([]byte(magic), program[:], trailer(parts...))
	for _, part := range slices.Concat([][]byte{header}, parts) {
		if err == nil {
			_, err = f.Write(part)
		}
	}
	err = cmp.Or(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), to)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

// trailer is the length and the checksum of parts.
func trailer(parts ...[]byte) []byte {
	length, sum := 0, uint32(0)
	for _, part := range parts {
		length += len(part)
		sum = crc32.Update(sum, castagnoli, part)
	}
	return binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint64(nil, uint64(length)), sum)
}

// make makes a folder, and the notes of the topmost.
func (d *Dir) make(dir string) error {
	if _, err := os.Stat(dir); err == nil {
		return nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for name, text := range notes {
		if err := os.WriteFile(filepath.Join(d.path, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// Names returns the names of the files directly in a folder below the cache, as far as
// it can be read.
func (d *Dir) Names(folder string) []string {
	entries, _ := os.ReadDir(d.file(folder))
	var names []string
	for _, e := range entries {
		if !e.IsDir() && !strings.HasPrefix(e.Name(), partial) {
			names = append(names, e.Name())
		}
	}
	return names
}

// Prune removes the files directly in a folder below the cache that keep does not want,
// and what processes that are gone were writing there. What cannot be removed stays.
func (d *Dir) Prune(folder string, keep func(name string) bool) {
	entries, err := os.ReadDir(d.file(folder))
	if err != nil {
		return
	}
	for _, e := range entries {
		name := e.Name()
		if e.IsDir() {
			continue
		}
		if strings.HasPrefix(name, partial) {
			if info, err := e.Info(); err != nil || time.Since(info.ModTime()) < abandoned {
				continue
			}
		} else if keep(name) {
			continue
		}
		_ = os.Remove(filepath.Join(d.file(folder), name))
	}
}

// PruneFolders removes all but the most recently used folders directly in the cache. Use
// is told by [Dir.Put].
func (d *Dir) PruneFolders(most int) {
	entries, err := os.ReadDir(d.path)
	if err != nil {
		return
	}
	type folder struct {
		name string
		used time.Time
	}
	var folders []folder
	for _, e := range entries {
		if info, err := e.Info(); err == nil && e.IsDir() {
			folders = append(folders, folder{e.Name(), info.ModTime()})
		}
	}
	slices.SortFunc(folders, func(a, b folder) int { return b.used.Compare(a.used) })
	for _, f := range folders[min(most, len(folders)):] {
		_ = os.RemoveAll(filepath.Join(d.path, f.name))
	}
}

// Remove forgets what was put under a name.
func (d *Dir) Remove(name string) {
	if err := os.Remove(d.file(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return // it is judged again when it is read
	}
}
