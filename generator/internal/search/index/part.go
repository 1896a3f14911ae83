package index

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"

	"github.com/blevesearch/zapx/v17"

	"vigie/generator/internal/search"
	"vigie/generator/internal/search/segment"
)

// Parts keeps parts of an index from one build to the next. Its methods are called by
// several goroutines at once. Whoever keeps parts longer than a program runs keeps those
// of another version of the program apart.
type Parts interface {
	// Get returns what was put under a key, false if that is not kept. The bytes must
	// stay as they are until the build ends; it does not change them.
	Get(key string) ([]byte, bool)
	// Put keeps bytes, which the build may go on reading.
	Put(key string, data []byte)
}

// part is the segment of a batch of documents.
type part struct {
	docs    []search.Document
	segment *segment.Segment
	counts  counts
	kept    bool // it was not made in this build
}

// A part is kept as the CRC-32 of all that follows (four bytes), the counts of its
// postings but those of places (eight bytes each) and the zap segment as it stands on
// disk. All integers are big-endian.
const (
	partVersion = 1
	partHeader  = 4 + 8*(int(segment.TextFields)+int(segment.Fields))
)

// encode returns the bytes to keep of a part.
func (p part) encode() ([]byte, error) {
	var size sizer
	if _, err := p.segment.Zap().WriteTo(&size); err != nil {
		return nil, err
	}
	data := make([]byte, 4, partHeader+int(size))
	for _, n := range p.counts.tokens {
		data = binary.BigEndian.AppendUint64(data, uint64(n))
	}
	for _, n := range p.counts.sums {
		data = binary.BigEndian.AppendUint64(data, n)
	}
	b := bytes.NewBuffer(data)
	if _, err := p.segment.Zap().WriteTo(b); err != nil {
		return nil, err
	}
	data = b.Bytes()
	if err := segment.Canonical(data[partHeader:]); err != nil {
		return nil, err
	}
	binary.BigEndian.PutUint32(data, crc32.ChecksumIEEE(data[4:]))
	return data, nil
}

// sizer counts what is written.
type sizer int

func (s *sizer) Write(p []byte) (int, error) {
	*s += sizer(len(p))
	return len(p), nil
}

// decodePart opens a part of some documents.
func decodePart(data []byte, docs []search.Document) (part, error) {
	p := part{docs: docs, kept: true}
	if len(data) < partHeader || binary.BigEndian.Uint32(data) != crc32.ChecksumIEEE(data[4:]) {
		return part{}, errors.New("part is damaged")
	}
	at := data[4:]
	for f := range p.counts.tokens {
		p.counts.tokens[f], at = int(binary.BigEndian.Uint64(at)), at[8:]
	}
	for f := range p.counts.sums {
		p.counts.sums[f], at = binary.BigEndian.Uint64(at), at[8:]
	}
	if err := segment.Guard(func() (err error) {
		p.segment, err = segment.OpenZap(at)
		return err
	}); err != nil {
		return part{}, err
	}
	if n := p.segment.Zap().Count(); n != uint64(len(docs)) {
		return part{}, fmt.Errorf("part has %d documents, want %d", n, len(docs))
	}
	return p, nil
}

// partKey returns the key of the part of documents of some sums: a sum of all that
// decides its bytes.
func partKey(lang string, sums [][sha256.Size]byte) string {
	h := sha256.New()
	fmt.Fprintf(h, "%d %d %d\n%s\n%s\n%d\n", partVersion, segment.Version, zap.Version, segment.Mapping(), lang, len(sums))
	for _, sum := range sums {
		h.Write(sum[:])
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Sum returns a sum of all that a document says.
func Sum(d *search.Document) [sha256.Size]byte {
	buf := record(d).Encode(nil) // tells its own end
	text := func(s string) {
		buf = binary.AppendUvarint(buf, uint64(len(s)))
		buf = append(buf, s...)
	}
	texts := func(list []string) {
		buf = binary.AppendUvarint(buf, uint64(len(list)))
		for _, s := range list {
			text(s)
		}
	}
	text(d.Lang)
	text(d.KindTitle)
	texts(d.Entities)
	texts(d.TagTitles)
	return sha256.Sum256(buf)
}
