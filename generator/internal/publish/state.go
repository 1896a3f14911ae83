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
// that it was changed since. It holds only files for which the file system can:
// one last changed in the very moment at which the state was taken might change
// again without showing it.
type State struct {
	files  map[string]record
	former former // the tree published before
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
const stateHead = "vigie published files 1\n"

// Encode returns the state as bytes for [ReadState]: the head; the number of
// files, and of each in the order of paths its path, identity and sum; the same
// for the folders of the former tree, without sums; the files of which that tree
// had another inode, or none, 0; and the SHA-256 of all before it. Numbers are
// varints as in encoding/binary, and stand before paths to give their length.
func (s *State) Encode() []byte {
	b := make([]byte, 0, len(stateHead)+240*len(s.files)+2*sha256.Size)
	b = append(b, stateHead...)
	b = binary.AppendUvarint(b, uint64(len(s.files)))
	for _, p := range slices.Sorted(maps.Keys(s.files)) {
		r := s.files[p]
		b = r.append(appendPath(b, p))
		b = append(b, r.sum[:]...)
	}
	b = binary.AppendUvarint(b, uint64(len(s.former.folders)))
	for _, p := range slices.Sorted(maps.Keys(s.former.folders)) {
		b = s.former.folders[p].append(appendPath(b, p))
	}
	others := s.others()
	b = binary.AppendUvarint(b, uint64(len(others)))
	for _, p := range slices.Sorted(maps.Keys(others)) {
		b = binary.AppendUvarint(appendPath(b, p), others[p])
	}
	sum := sha256.Sum256(b)
	return append(b, sum[:]...)
}

// others returns the inodes, in the former tree, of the files that are others
// there; 0 for none.
func (s *State) others() map[string]uint64 {
	others := make(map[string]uint64)
	for p, r := range s.files {
		if inode := s.former.files[p]; inode != r.inode {
			others[p] = inode
		}
	}
	for p, inode := range s.former.files {
		if _, ok := s.files[p]; !ok {
			others[p] = inode
		}
	}
	return others
}

func appendPath(b []byte, p string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(p))), p...)
}

func (id identity) append(b []byte) []byte {
	b = binary.AppendVarint(b, id.size)
	b = binary.AppendVarint(b, id.modified)
	b = binary.AppendVarint(b, id.changed)
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
	d := decoder{data: data[len(stateHead):body]}
	s := &State{files: make(map[string]record), former: former{make(map[string]identity), make(map[string]uint64)}}
	d.each(func(p string) {
		r := record{identity: d.identity()}
		copy(r.sum[:], d.bytes(sha256.Size))
		s.files[p] = r
		if r.inode != 0 {
			s.former.files[p] = r.inode
		}
	})
	d.each(func(p string) { s.former.folders[p] = d.identity() })
	d.each(func(p string) {
		if inode := d.uvarint(); inode != 0 {
			s.former.files[p] = inode
		} else {
			delete(s.former.files, p)
		}
	})
	if d.failed || len(d.data) > 0 {
		return nil, errDamagedState
	}
	return s, nil
}

// decoder takes values from the front of data, zeros once it failed.
type decoder struct {
	data   []byte
	failed bool
}

// each reads a list, whose paths must be in order. do reads what follows a path.
func (d *decoder) each(do func(p string)) {
	last := ""
	for count := d.uvarint(); count > 0 && !d.failed; count-- {
		p := string(d.bytes(d.uvarint()))
		d.failed = d.failed || p <= last
		do(p)
		last = p
	}
}

func (d *decoder) identity() identity {
	return identity{d.varint(), d.varint(), d.varint(), d.uvarint()}
}

func (d *decoder) uvarint() uint64 {
	v, n := binary.Uvarint(d.data)
	d.bytes(uint64(max(n, 0)))
	d.failed = d.failed || n <= 0
	return v
}

func (d *decoder) varint() int64 {
	v, n := binary.Varint(d.data)
	d.bytes(uint64(max(n, 0)))
	d.failed = d.failed || n <= 0
	return v
}

func (d *decoder) bytes(n uint64) []byte {
	if n > uint64(len(d.data)) {
		d.failed = true
		return nil
	}
	taken := d.data[:n]
	d.data = d.data[n:]
	return taken
}

// spare returns what is known of the tree published before.
func (s *State) spare() former {
	if s == nil {
		return former{}
	}
	return s.former
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
