package publish

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// State is what an [Update] remembers of the files it published, so that the
// next one need not read them: the sum of each, and how the file system tells
// that it was changed since; and the same of the folders, so that it need not list
// them. It vouches only for those for which the file system can: what was last
// changed in the very moment at which the state was taken might change again without
// showing it.
type State struct {
	paths   []string          // of all files, sorted
	files   map[string]record // those that it vouches for
	folders folders           // of the published tree
	former  former            // the tree published before
}

// record is a published file: its SHA-256, while it is the file of that identity.
type record struct {
	identity
	sum [sha256.Size]byte
}

// identity is what changes when a file is changed or replaced. Times are in
// nanoseconds since 1970.
type identity struct {
	size     int64
	modified int64
	changed  int64  // of the file or what is known of it; modified where there is no such time
	inode    uint64 // 0 where there is none
}

// stateHead opens an encoded state. Its number changes with the format.
const stateHead = "vigie published files 2\n"

// What an encoded state tells of a file in the former tree, and which trees have a
// folder.
const (
	formerNone  = 0
	formerSame  = 1
	formerOther = 2 // and its inode

	inPublished = 1
	inFormer    = 2
)

// Encode returns the state as bytes for [ReadState]: the head; the number of
// files, and of each in the order of paths its path, identity, sum if the identity
// is not zero, and what the former tree has; the number of the files that only that
// tree has, and of each its path and inode; the number of folders, and of each its
// path, which trees have it, and its identity in each of them; and the SHA-256 of
// all before it. Numbers are varints as in encoding/binary, and stand before paths
// to give their length.
func (s *State) Encode() []byte {
	b := make([]byte, 0, len(stateHead)+120*len(s.paths)+100*len(s.folders)+sha256.Size)
	b = append(b, stateHead...)
	b = binary.AppendUvarint(b, uint64(len(s.paths)))
	also := 0 // files of the former tree that the published one has too
	for _, p := range s.paths {
		r := s.files[p]
		b = r.append(appendPath(b, p))
		if r.identity != (identity{}) {
			b = append(b, r.sum[:]...)
		}
		inode, ok := s.former.files[p]
		if ok {
			also++
		}
		switch {
		case !ok:
			b = append(b, formerNone)
		case inode == r.inode:
			b = append(b, formerSame)
		default:
			b = binary.AppendUvarint(append(b, formerOther), inode)
		}
	}
	b = binary.AppendUvarint(b, uint64(len(s.former.files)-also))
	for _, p := range s.gone(len(s.former.files) - also) {
		b = binary.AppendUvarint(appendPath(b, p), s.former.files[p])
	}
	all := slices.AppendSeq(make([]string, 0, len(s.folders)+len(s.former.folders)), maps.Keys(s.folders))
	for p := range s.former.folders {
		if _, ok := s.folders[p]; !ok {
			all = append(all, p)
		}
	}
	slices.Sort(all)
	b = binary.AppendUvarint(b, uint64(len(all)))
	for _, p := range all {
		b = appendPath(b, p)
		in := len(b)
		b = append(b, 0)
		if id, ok := s.folders[p]; ok {
			b[in] |= inPublished
			b = id.append(b)
		}
		if id, ok := s.former.folders[p]; ok {
			b[in] |= inFormer
			b = id.append(b)
		}
	}
	sum := sha256.Sum256(b)
	return append(b, sum[:]...)
}

// gone returns the files, so many of them, that only the former tree has, sorted.
func (s *State) gone(count int) []string {
	if count == 0 {
		return nil
	}
	all := make([]string, 0, count)
	for p := range s.former.files {
		if _, ok := slices.BinarySearch(s.paths, p); !ok {
			all = append(all, p)
		}
	}
	slices.Sort(all)
	return all
}

func appendPath(b []byte, p string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(p))), p...)
}

// append encodes an identity: where both times are known, they are mostly one.
func (id identity) append(b []byte) []byte {
	b = binary.AppendVarint(b, id.size)
	b = binary.AppendVarint(b, id.modified)
	b = binary.AppendVarint(b, id.changed-id.modified)
	return binary.AppendUvarint(b, id.inode)
}

var errDamagedState = errors.New("state of the published files is damaged")

// ReadState reads what [State.Encode] wrote. It fails on bytes that are damaged,
// or of another version.
func ReadState(data []byte) (*State, error) {
	s, err := readState(data)
	if err != nil {
		return nil, fmt.Errorf("publish: %w", err)
	}
	return s, nil
}

func readState(data []byte) (*State, error) {
	if !bytes.HasPrefix(data, []byte(stateHead)) {
		return nil, errors.New("not a state of published files of this version")
	}
	body := len(data) - sha256.Size
	if body < len(stateHead) || sha256.Sum256(data[:body]) != [sha256.Size]byte(data[body:]) {
		return nil, errDamagedState
	}
	// Paths are parts of one string: there are many, and all stay or none.
	d := decoder{data: data[:body], text: string(data[:body]), at: len(stateHead)}
	count := d.count()
	s := &State{paths: make([]string, 0, count), files: make(map[string]record, count)}
	s.former.files = make(map[string]uint64, count)
	d.each(count, func(p string) {
		r := record{identity: d.identity()}
		if r.identity != (identity{}) {
			copy(r.sum[:], d.bytes(sha256.Size))
			s.files[p] = r
		}
		s.paths = append(s.paths, p)
		switch d.uvarint() {
		case formerNone:
		case formerSame:
			s.former.files[p] = r.inode
		case formerOther:
			s.former.files[p] = d.uvarint()
		default:
			d.failed = true
		}
	})
	d.each(d.count(), func(p string) {
		if _, ok := s.former.files[p]; ok {
			d.failed = true
		}
		s.former.files[p] = d.uvarint()
	})
	count = d.count()
	s.folders, s.former.folders = make(folders, count), make(folders, count)
	d.each(count, func(p string) {
		in := d.uvarint()
		if in&inPublished != 0 {
			s.folders[p] = d.identity()
		}
		if in&inFormer != 0 {
			s.former.folders[p] = d.identity()
		}
		d.failed = d.failed || in == 0 || in > inPublished|inFormer
	})
	if d.failed || d.at < len(d.data) {
		return nil, errDamagedState
	}
	return s, nil
}

// decoder takes values from data, zeros once it failed.
type decoder struct {
	data   []byte
	text   string // the same
	at     int
	failed bool
}

// count reads how many follow, at most as many as there can be.
func (d *decoder) count() int {
	n := d.uvarint()
	if n > uint64(len(d.data)-d.at) {
		d.failed = true
		return 0
	}
	return int(n)
}

// each reads a list, whose paths must be in order. do reads what follows a path.
func (d *decoder) each(count int, do func(p string)) {
	last := ""
	for ; count > 0 && !d.failed; count-- {
		from, to := d.take(d.uvarint())
		p := d.text[from:to]
		d.failed = d.failed || p <= last
		do(p)
		last = p
	}
}

func (d *decoder) identity() identity {
	id := identity{size: d.varint(), modified: d.varint()}
	id.changed = id.modified + d.varint()
	id.inode = d.uvarint()
	return id
}

func (d *decoder) uvarint() uint64 {
	v, n := binary.Uvarint(d.data[d.at:])
	d.take(uint64(max(n, 0)))
	d.failed = d.failed || n <= 0
	return v
}

func (d *decoder) varint() int64 {
	v, n := binary.Varint(d.data[d.at:])
	d.take(uint64(max(n, 0)))
	d.failed = d.failed || n <= 0
	return v
}

func (d *decoder) bytes(n uint64) []byte {
	from, to := d.take(n)
	return d.data[from:to]
}

// take returns where the next n bytes begin and end, which is the same where there
// are not as many.
func (d *decoder) take(n uint64) (from, to int) {
	from = d.at
	if n > uint64(len(d.data)-from) {
		d.failed = true
		return from, from
	}
	d.at += int(n)
	return from, d.at
}

// spare returns what is known of the tree published before.
func (s *State) spare() former {
	if s == nil {
		return former{}
	}
	return s.former
}

// published returns the folders of a tree that has the files of the given sorted
// paths, nil where that is not the one the state knows. A nil state knows none.
func (s *State) published(paths []string) folders {
	if s == nil || !slices.Equal(s.paths, paths) {
		return nil
	}
	return s.folders
}

// trusted returns the sum of the file at path if it is still the one that the
// state knows, as its identity now tells. A nil state knows no files.
func (s *State) trusted(path string, now identity) ([sha256.Size]byte, bool) {
	if s == nil {
		return [sha256.Size]byte{}, false
	}
	r, ok := s.files[path]
	return r.sum, ok && r.identity == now
}
