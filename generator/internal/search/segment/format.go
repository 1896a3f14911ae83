package segment

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/blevesearch/zapx/v17"

	"vigie/generator/internal/search/analysis"
)

// Why a file is refused.
var (
	ErrForeign   = errors.New("not a search index")
	ErrVersion   = errors.New("search index of another version")
	ErrMapping   = errors.New("search index made with other fields or another analysis, build the site again")
	ErrTruncated = errors.New("search index is truncated")
	ErrCorrupt   = errors.New("search index is corrupt")
)

const (
	magic = "VIGIEIDX"
	// Version is the version of the file format.
	// 1: the first.
	Version = 1

	headerSize = 92
	summed     = 60 // bytes of the header that the sum covers
	// maxMeta bounds the metadata, which name each kind and tag once.
	maxMeta = 8 << 20
)

// Mapping describes all that decides which terms a document is found under. Two
// indexes of the same mapping answer alike; an index of another is refused.
func Mapping() string {
	return "title names headings summary entities body: frequencies, positions from 1, gap 100, lengths of 4 bits\n" +
		"literal: words of title, names, headings, summary, body\n" +
		"kind tags year: keywords\n" +
		"exact: first term, space, FNV-1a of the terms\n" +
		"documents by date descending, undated last, then id\n" +
		"record 1\n" +
		"analysis " + strconv.Itoa(analysis.Version) + "\n"
}

// Meta is what the file says about its index as a whole.
type Meta struct {
	Lang      string `json:"lang"`
	Documents int    `json:"documents"`
	Dated     int    `json:"dated"` // documents with a date, which have the first numbers
	// Totals is the sum of the fields' lengths before rounding, by field name: what
	// the average length of BM25 is made of.
	Totals map[string]int `json:"totals"`
	// Kinds and Tags are the titles of the values of the fields of these names.
	Kinds map[string]string `json:"kinds"`
	Tags  map[string]string `json:"tags"`
}

// Pack returns the file of a zap segment of a size in bytes, which it reads, as it stands
// on disk, and brings into canonical order; and what [Open] makes of the file. The file
// is whole when [Seal] has written its sum.
func Pack(meta Meta, size int, data io.Reader) ([]byte, *Segment, error) {
	text, err := json.Marshal(meta) // maps are written in order
	if err != nil {
		return nil, nil, err
	}
	if len(text) > maxMeta {
		return nil, nil, fmt.Errorf("metadata have %d bytes, at most %d are read", len(text), maxMeta)
	}
	mapping := sha256.Sum256([]byte(Mapping()))
	file := make([]byte, headerSize+len(text)+size)
	header := append(file[:0], magic...)
	header = binary.BigEndian.AppendUint32(header, Version)
	header = binary.BigEndian.AppendUint32(header, zap.Version)
	header = append(header, mapping[:]...)
	header = binary.BigEndian.AppendUint32(header, uint32(len(text)))
	binary.BigEndian.AppendUint64(header, uint64(size))
	copy(file[headerSize:], text)
	segment := file[headerSize+len(text):]
	if _, err := io.ReadFull(data, segment); err != nil {
		return nil, nil, fmt.Errorf("reading the segment: %w", err)
	}
	if err := Canonical(segment); err != nil {
		return nil, nil, err
	}
	s, err := Trust(file)
	return file, s, err
}

// Seal writes the sum of a file that [Pack] returned into it. The segment may be read
// meanwhile.
func Seal(file []byte) {
	sum := checksum(file)
	copy(file[summed:], sum[:])
}

// Trust is [Open] for a file that this process packed: its sum is not compared.
func Trust(file []byte) (*Segment, error) {
	meta, data, err := unpack(file, false)
	if err != nil {
		return nil, err
	}
	return open(file, meta, data)
}

// Sum is the sum of what an index file holds, as its header has it. The file must be one
// that [Seal] completed.
func Sum(file []byte) (sum [sha256.Size]byte) {
	copy(sum[:], file[summed:headerSize])
	return sum
}

func checksum(file []byte) (sum [sha256.Size]byte) {
	h := sha256.New()
	h.Write(file[:summed])
	h.Write(file[headerSize:])
	h.Sum(sum[:0])
	return sum
}

// unpack checks a file, its sum if that is not just made, and returns its two parts.
func unpack(file []byte, sum bool) (Meta, []byte, error) {
	var meta Meta
	switch {
	case len(file) < len(magic) && bytes.HasPrefix([]byte(magic), file):
		return meta, nil, fmt.Errorf("%w: %d bytes", ErrTruncated, len(file))
	case !bytes.HasPrefix(file, []byte(magic)):
		return meta, nil, ErrForeign
	case len(file) < headerSize:
		return meta, nil, fmt.Errorf("%w: %d bytes", ErrTruncated, len(file))
	}
	if v := binary.BigEndian.Uint32(file[8:]); v != Version {
		return meta, nil, fmt.Errorf("%w: format %d, want %d", ErrVersion, v, Version)
	}
	if v := binary.BigEndian.Uint32(file[12:]); v != zap.Version {
		return meta, nil, fmt.Errorf("%w: zap %d, want %d", ErrVersion, v, zap.Version)
	}
	mapping := sha256.Sum256([]byte(Mapping()))
	if !bytes.Equal(file[16:48], mapping[:]) {
		return meta, nil, ErrMapping
	}
	text, data := uint64(binary.BigEndian.Uint32(file[48:])), binary.BigEndian.Uint64(file[52:])
	have := uint64(len(file) - headerSize)
	switch {
	case text > maxMeta:
		return meta, nil, fmt.Errorf("%w: metadata of %d bytes", ErrCorrupt, text)
	case text > have || data > have-text:
		return meta, nil, fmt.Errorf("%w: %d bytes, want %d and %d after the header", ErrTruncated, len(file), text, data)
	case text+data != have:
		return meta, nil, fmt.Errorf("%w: %d bytes too many", ErrCorrupt, have-text-data)
	}
	if sum && checksum(file) != [sha256.Size]byte(file[summed:headerSize]) {
		return meta, nil, fmt.Errorf("%w: checksum does not match", ErrCorrupt)
	}
	if err := json.Unmarshal(file[headerSize:headerSize+text], &meta); err != nil {
		return meta, nil, fmt.Errorf("%w: metadata: %w", ErrCorrupt, err)
	}
	return meta, file[headerSize+text:], nil
}
