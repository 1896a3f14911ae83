package shard

import (
	"context"
	"encoding/hex"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"vigie/generator/internal/search/segment"
)

// occurrences are the postings of a term in a field.
type occurrences struct {
	docs      []uint32
	more      []uint32 // occurrences in each document, than one
	lengths   []byte   // codes of the field's length in each document
	positions []uint32 // those of all documents, one after the other
}

// in returns the positions in the document whose postings stand at i, and where
// those of the next begin.
func (o *occurrences) in(i, from int) (positions []uint32, next int) {
	next = from + int(o.more[i]) + 1
	return o.positions[from:next], next
}

// hasBlocks reports whether a position is beyond the first block.
func (o *occurrences) hasBlocks() bool {
	from := 0
	for i := range o.docs {
		var at []uint32
		at, from = o.in(i, from)
		if at[len(at)-1] >= blockSize { // positions ascend
			return true
		}
	}
	return false
}

// distances appends the blocks, of a size, that the positions in each document are in,
// each as its distance to the one before.
func (o *occurrences) distances(list []uint32, size uint32) []uint32 {
	from := 0
	for i := range o.docs {
		var at []uint32
		at, from = o.in(i, from)
		last := uint32(0)
		for _, n := range at {
			list = append(list, n/size-last)
			last = n / size
		}
	}
	return list
}

// termReader makes the terms of a range of the dictionaries, in memory that it uses
// again: it is for one goroutine.
type termReader struct {
	*projection
	reader *segment.Reader
	bodies []byte // length code of each document's body, as far as it came by

	occurrences                occurrences
	distances                  []uint32
	data, blocks, late, places writer
}

func (p *projection) termReader() *termReader {
	return &termReader{projection: p, reader: p.segment.Reader(), bodies: make([]byte, p.meta.Documents)}
}

// entriesPerRange is the number of terms that are read at once: few enough for all
// cores to end at about one time, though some terms have most of the occurrences.
const entriesPerRange = 512

// read returns the terms of the text fields with their keys, read on all cores.
func (p *projection) read(entries []segment.Entry) ([]term, error) {
	var ranges [][]segment.Entry
	for len(entries) > 0 {
		n := min(entriesPerRange, len(entries))
		for n < len(entries) && entries[n].In(segment.Exact) { // keys stand with their first term
			n++
		}
		ranges = append(ranges, entries[:n])
		entries = entries[n:]
	}
	lists := make([][]term, len(ranges))
	readers := make([]*termReader, min(runtime.GOMAXPROCS(0), len(ranges)))
	var next atomic.Int64
	group, ctx := errgroup.WithContext(context.Background())
	for i := range readers {
		r := p.termReader()
		readers[i] = r
		group.Go(func() error {
			return segment.Guard(func() error {
				for n := int(next.Add(1)) - 1; n < len(ranges) && ctx.Err() == nil; n = int(next.Add(1)) - 1 {
					list, err := r.list(ranges[n])
					if err != nil {
						return err
					}
					lists[n] = list
				}
				return nil
			})
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	for _, r := range readers {
		for d, code := range r.bodies {
			p.bodies[d] |= code // all readers that met a document have the same
		}
	}
	return slices.Concat(lists...), nil
}

// list returns the terms of some entries.
func (r *termReader) list(entries []segment.Entry) ([]term, error) {
	list := make([]term, 0, len(entries))
	for _, e := range entries {
		// A key stands directly after its first term, which is a word of the title or
		// name. Kinds and years are in the manifest.
		if e.In(segment.Exact) {
			if err := r.key(list, e.Text); err != nil {
				return nil, err
			}
		}
		t, err := r.word(e)
		if err != nil {
			return nil, err
		}
		if t.bits != 0 {
			list = append(list, t)
		}
	}
	return list, nil
}

// read reads the postings of a term into r.occurrences.
func (r *termReader) read(f segment.Field, text string) (*occurrences, error) {
	o := &r.occurrences
	o.docs, o.more, o.lengths, o.positions = o.docs[:0], o.more[:0], o.lengths[:0], o.positions[:0]
	isText := f < segment.TextFields
	postings, err := r.reader.Postings(f, text, isText)
	if err != nil {
		return nil, err
	}
	for {
		at, ok, err := postings.Next()
		if err != nil {
			return nil, err
		}
		if !ok {
			return o, nil
		}
		if int(at.Doc) >= r.meta.Documents || isText && (len(at.Positions) == 0 || len(at.Positions) != int(at.Frequency)) {
			return nil, fmt.Errorf("%w: postings of %s:%s", segment.ErrCorrupt, f, text)
		}
		o.docs = append(o.docs, at.Doc)
		o.more = append(o.more, at.Frequency-1)
		o.lengths = append(o.lengths, lengthCode(at.Length))
		o.positions = append(o.positions, at.Positions...)
	}
}

// word returns a term of the text fields; one without bits if it is in none of them.
func (r *termReader) word(from segment.Entry) (term, error) {
	t := term{text: from.Text}
	r.data, r.blocks, r.late, r.places = r.data[:0], r.blocks[:0], r.late[:0], r.places[:0]
	var counts [segment.TextFields]int
	fields := 0
	for f := range segment.TextFields {
		if !from.In(f) {
			continue
		}
		o, err := r.read(f, from.Text)
		if err != nil {
			return term{}, err
		}
		t.bits |= 1 << f
		t.frequency += len(o.docs)
		count := 2 * len(o.docs)
		r.data.docs(o.docs, r.meta.Documents)
		r.data.packed(o.more)
		if f == segment.Body {
			for i, d := range o.docs {
				r.bodies[d] = o.lengths[i]
			}
		} else {
			r.data = append(r.data, o.lengths...)
		}
		inHalves := f != segment.Entities
		if o.hasBlocks() {
			count++
			if f == segment.Body && segment.IsCommon(len(o.docs), r.meta.Documents) {
				r.distances = o.distances(r.distances[:0], 1)
				r.late.packed(r.distances)
				inHalves = false
			} else {
				r.distances = o.distances(r.distances[:0], blockSize)
				r.blocks.packed(r.distances)
			}
		}
		counts[fields] = count
		fields++
		if inHalves {
			for _, n := range o.positions {
				r.places = append(r.places, byte(n%blockSize))
			}
		}
	}
	if fields == 0 {
		return t, nil
	}
	t.counts = slices.Clone(counts[:fields])
	t.data = slices.Concat(r.data, r.blocks)
	t.positions = slices.Concat(r.late, halves(r.places))
	return t, nil
}

// halves packs numbers below 16, two in a byte, in place.
func halves(list writer) writer {
	packed := list[:(len(list)+1)/2]
	for i := range packed {
		b := list[2*i]
		if 2*i+1 < len(list) {
			b |= list[2*i+1] << 4
		}
		packed[i] = b
	}
	return packed
}

// key adds the key of a title or name to its first term, the last of the list.
func (r *termReader) key(list []term, key string) error {
	first, digits, _ := strings.Cut(key, " ")
	sum, err := hex.DecodeString(digits)
	if err != nil || len(sum) != 4 {
		return fmt.Errorf("%w: key %q", segment.ErrCorrupt, key)
	}
	o, err := r.read(segment.Exact, key)
	if err != nil {
		return err
	}
	i := len(list) - 1
	if i < 0 || list[i].text != first {
		return fmt.Errorf("%w: key %q without its first term", segment.ErrCorrupt, key)
	}
	list[i].bits |= bitKeys
	list[i].keyCount++
	keys := &list[i].keys
	*keys = append(*keys, sum...)
	keys.number(len(o.docs))
	keys.docs(o.docs, r.meta.Documents)
	return nil
}
