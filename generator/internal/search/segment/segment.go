// Package segment owns the search index as a file: its header, the fields of the
// zap segment in it, and the reading of both. It neither analyses texts nor ranks;
// search/index writes such files, search/engine answers queries from them and
// search/shard projects them for the browser.
//
// # The file
//
// All integers are big-endian.
//
//	 0   8  magic "VIGIEIDX"
//	 8   4  version of this format
//	12   4  version of the zap format
//	16  32  SHA-256 of [Mapping]
//	48   4  length of the metadata
//	52   8  length of the zap segment
//	60  32  SHA-256 of the bytes 0 to 59, the metadata and the zap segment
//	92      metadata: JSON, see [Meta]
//	        the zap segment, as github.com/blevesearch/zapx writes it to disk
//
// [Open] refuses a file that is not whole, before any decoder sees it. The sum
// protects against damage, not against an author of hostile files: an index is
// opened by the site that built it.
//
// # The segment
//
// Document numbers follow the date, the newest first; documents without a date come
// last; ties go by id. So equal scores resolve alike in every reader.
//
// Text fields carry, for each posting, the number of occurrences, their positions
// and the field's length as [Length] rounds it, stored where zap keeps a norm.
// Keyword fields ([Kind], [Tags], [Year], [Exact], [Literal]) carry document numbers
// alone. Where in a document a word of [Literal] stands, its [Record] says: positions of
// all words would almost double the index.
package segment

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/bits"

	zapsegment "github.com/blevesearch/scorch_segment_api/v2"
	"github.com/blevesearch/zapx/v17"
)

// Field is a field of a document in the segment.
type Field uint8

// The fields: text, which is scored, then keywords.
const (
	Title Field = iota
	Names
	Headings
	Summary
	Entities
	Body
	Kind
	Tags
	Year    // four digits
	Exact   // one [Key] for the title and each name
	Literal // each [analysis.Literal] word that a phrase may have, but stop words and what is a term
	Fields
)

// TextFields is the number of the fields that are scored, which come first.
const TextFields = Body + 1

// StoredField is the name of the field that holds a document's [Record].
const StoredField = "record"

// IDField is the name of the field that holds a document's id.
const IDField = "_id"

// String returns the name of the field in the segment.
func (f Field) String() string {
	switch f {
	case Title:
		return "title"
	case Names:
		return "names"
	case Headings:
		return "headings"
	case Summary:
		return "summary"
	case Entities:
		return "entities"
	case Body:
		return "body"
	case Kind:
		return "kind"
	case Tags:
		return "tags"
	case Year:
		return "year"
	case Exact:
		return "exact"
	case Literal:
		return "literal"
	}
	return fmt.Sprintf("field %d", uint8(f))
}

// Gap is what separates the positions of the parts of a field, such as two
// sections of a body: no phrase and no neighbourhood spans it.
const Gap = 100

// Length rounds the number of a field's tokens down to four significant bits: 0 to
// 15 stay, 300 becomes 288. Documents of about one length then score alike, and the
// browser's shards need half a byte for what would be two.
func Length(tokens int) int {
	if extra := bits.Len(uint(tokens)) - 4; extra > 0 {
		return tokens >> extra << extra
	}
	return tokens
}

// IsCommon reports whether a term of so many of all documents' bodies is too common
// for its places there to count as near others: they would say little, and would take
// most of what the browser loads for such a word.
func IsCommon(count, documents int) bool { return count > max(128, documents/4) }

// Norm returns what zap makes of a field's length: 1/√length, in the precision of a
// float32. BM25 computes the length back from it.
func Norm(length uint32) float64 {
	return float64(float32(1 / math.Sqrt(float64(length))))
}

// Key returns the term of the field [Exact] for a title or name whose query
// analysis is terms; "" for none. It is the first term, so that it stands beside it
// in a sorted dictionary, a space, and the FNV-1a sum (32 bits, eight hexadecimal
// digits) of all terms joined by spaces.
func Key(terms []string) string {
	if len(terms) == 0 {
		return ""
	}
	sum := uint32(2166136261)
	add := func(b byte) { sum = (sum ^ uint32(b)) * 16777619 }
	for n, term := range terms {
		if n > 0 {
			add(' ')
		}
		for i := range len(term) {
			add(term[i])
		}
	}
	return fmt.Sprintf("%s %08x", terms[0], sum)
}

// Segment is an open index. It is safe for use by several goroutines; what it reads
// from stays the file's bytes, which must not change.
type Segment struct {
	meta Meta
	zap  *zap.SegmentBase
	size int
}

// Open returns the segment in the bytes of a file. Errors are [ErrForeign],
// [ErrVersion], [ErrMapping], [ErrTruncated] and [ErrCorrupt].
func Open(file []byte) (*Segment, error) {
	meta, data, err := unpack(file, true)
	if err != nil {
		return nil, err
	}
	return open(file, meta, data)
}

func open(file []byte, meta Meta, data []byte) (*Segment, error) {
	s := &Segment{meta: meta, size: len(file)}
	if err := Guard(func() (err error) {
		s.zap, err = initZap(data)
		return err
	}); err != nil {
		return nil, err
	}
	if n := s.zap.Count(); n != uint64(meta.Documents) {
		return nil, fmt.Errorf("%w: segment has %d documents, metadata say %d", ErrCorrupt, n, meta.Documents)
	}
	return s, nil
}

// footer is the end of a zap segment.
//
//	writer id · its length (4) · documents (8) · stored fields index (8) ·
//	sections index (8) · chunk mode (4) · version (4) · CRC-32 of all before (4)
type footer struct {
	documents, stored, sections uint64
	chunkMode, version, crc     uint32
	size                        int
}

func readFooter(data []byte) (footer, error) {
	var f footer
	if len(data) < zap.FooterSize {
		return f, fmt.Errorf("%w: zap segment has %d bytes", ErrCorrupt, len(data))
	}
	end := data[len(data)-zap.FooterSize:]
	id := binary.BigEndian.Uint32(end)
	f = footer{
		documents: binary.BigEndian.Uint64(end[4:]),
		stored:    binary.BigEndian.Uint64(end[12:]),
		sections:  binary.BigEndian.Uint64(end[20:]),
		chunkMode: binary.BigEndian.Uint32(end[28:]),
		version:   binary.BigEndian.Uint32(end[32:]),
		crc:       binary.BigEndian.Uint32(end[36:]),
		size:      zap.FooterSize,
	}
	switch body := uint64(len(data) - f.size); {
	case f.version != zap.Version:
		return f, fmt.Errorf("%w: zap version %d, want %d", ErrVersion, f.version, zap.Version)
	case id != 0:
		return f, fmt.Errorf("%w: zap segment written through a callback", ErrCorrupt)
	case f.stored > body || f.sections > body || f.documents > body:
		return f, fmt.Errorf("%w: zap footer points outside of the segment", ErrCorrupt)
	}
	return f, nil
}

// OpenZap returns the zap segment in bytes as they stand on disk, of which it trusts the
// checksum: it may panic on damaged ones, see [Guard].
func OpenZap(data []byte) (*Segment, error) {
	base, err := initZap(data)
	if err != nil {
		return nil, err
	}
	return FromZap(base), nil
}

// FromZap returns the segment that reads a zap segment outside of a file. It has no
// metadata.
func FromZap(base *zap.SegmentBase) *Segment { return &Segment{zap: base} }

// Zap returns the zap segment that is read.
func (s *Segment) Zap() *zap.SegmentBase { return s.zap }

func initZap(data []byte) (*zap.SegmentBase, error) {
	f, err := readFooter(data)
	if err != nil {
		return nil, err
	}
	base, err := zap.InitSegmentBase(data[:len(data)-f.size], f.crc, f.chunkMode, f.documents, f.stored, f.sections, nil, new(zapsegment.Stats))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrCorrupt, err)
	}
	return base, nil
}

// Guard runs f, which reads segments, and returns its error; if a decoder panics,
// as those of zap do on damaged bytes, an [ErrCorrupt].
func Guard(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v", ErrCorrupt, p)
		}
	}()
	return f()
}

// Meta returns what the file says about its index.
func (s *Segment) Meta() Meta { return s.meta }

// Size returns the length of the file in bytes.
func (s *Segment) Size() int { return s.size }

// Record returns the stored part of document n.
func (s *Segment) Record(n int) (Record, error) {
	var r Record
	var decode error
	found := false
	err := s.zap.VisitStoredFields(uint64(n), func(field string, _ byte, value []byte, _ []uint64) bool {
		if field == StoredField {
			found = true
			r, decode = Decode(value)
		}
		return true
	})
	if err != nil {
		return Record{}, fmt.Errorf("%w: document %d: %w", ErrCorrupt, n, err)
	}
	if !found {
		decode = errors.New("no record")
	}
	if decode != nil {
		return Record{}, fmt.Errorf("%w: document %d: %w", ErrCorrupt, n, decode)
	}
	return r, nil
}

// Holds reports whether document n is stored under an id, with a record of this encoded
// form.
func (s *Segment) Holds(n int, id string, record []byte) (bool, error) {
	is := 0
	err := s.zap.VisitStoredFields(uint64(n), func(field string, _ byte, value []byte, _ []uint64) bool {
		if field == IDField && string(value) == id || field == StoredField && bytes.Equal(value, record) {
			is++
		}
		return true
	})
	if err != nil {
		return false, fmt.Errorf("%w: document %d: %w", ErrCorrupt, n, err)
	}
	return is == 2, nil
}

// ID returns the id of document n.
func (s *Segment) ID(n int) (string, error) {
	id, err := s.zap.DocID(uint64(n))
	if err != nil {
		return "", fmt.Errorf("%w: document %d: %w", ErrCorrupt, n, err)
	}
	return string(id), nil
}
