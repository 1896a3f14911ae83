package segment

import (
	"fmt"
	"iter"
	"slices"

	zapsegment "github.com/blevesearch/scorch_segment_api/v2"
	"github.com/blevesearch/zapx/v17"
)

// Term is a term of the dictionaries of several fields.
type Term struct {
	Text string
	// Count is the number of documents that have the term, by field.
	Count [Fields]int
}

// Total returns the sum of the term's counts in the text fields. It is what readers
// mean by the frequency of a term when they choose among completions.
func (t Term) Total() int {
	sum := 0
	for _, n := range t.Count[:TextFields] {
		sum += n
	}
	return sum
}

// Entry is a term and the fields whose dictionaries have it.
type Entry struct {
	Text   string
	fields uint16 // a bit for each
}

// In reports whether a field has the term.
func (e Entry) In(f Field) bool { return e.fields>>f&1 != 0 }

// cursor walks through the dictionary of one field.
type cursor struct {
	field Field
	it    zapsegment.DictionaryIterator
	term  string
	count int
	live  bool
}

// cursors returns one cursor for each of the fields, of all without any, at the first
// of the terms between two bounds. Without counts, no postings are read.
func (s *Segment) cursors(from, to string, counts bool, fields []Field) ([]*cursor, error) {
	var list []*cursor
	for f := range Fields {
		if len(fields) > 0 && !slices.Contains(fields, f) {
			continue
		}
		dict, err := s.zap.Dictionary(f.String())
		if err != nil {
			return nil, fmt.Errorf("%w: dictionary of %s: %w", ErrCorrupt, f, err)
		}
		c := &cursor{field: f}
		if terms, ok := dict.(*zap.Dictionary); ok && !counts {
			c.it = terms.AutomatonIteratorOmitCount(nil, bound(from), bound(to))
		} else {
			c.it = dict.AutomatonIterator(nil, bound(from), bound(to))
		}
		if err := c.next(); err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	return list, nil
}

// least returns the least term of the cursors; false after the last.
func least(cursors []*cursor) (string, bool) {
	text, found := "", false
	for _, c := range cursors {
		if c.live && (!found || c.term < text) {
			text, found = c.term, true
		}
	}
	return text, found
}

func (c *cursor) next() error {
	entry, err := c.it.Next()
	if err != nil {
		return fmt.Errorf("%w: dictionary of %s: %w", ErrCorrupt, c.field, err)
	}
	if c.live = entry != nil; c.live {
		c.term, c.count = entry.Term, int(entry.Count)
	}
	return nil
}

// Terms returns, in the order of their bytes, the terms of the fields (of all
// without any) that are at least from and less than to; "" means no bound. An error
// is the last pair.
func (s *Segment) Terms(from, to string, fields ...Field) iter.Seq2[Term, error] {
	return func(yield func(Term, error) bool) {
		cursors, err := s.cursors(from, to, true, fields)
		if err != nil {
			yield(Term{}, err)
			return
		}
		for {
			text, found := least(cursors)
			if !found {
				return
			}
			t := Term{Text: text}
			for _, c := range cursors {
				if c.live && c.term == text {
					t.Count[c.field] = c.count
					if err := c.next(); err != nil {
						yield(Term{}, err)
						return
					}
				}
			}
			if !yield(t, nil) {
				return
			}
		}
	}
}

// Entries returns all terms of the dictionaries in the order of their bytes. It reads
// no postings.
func (s *Segment) Entries() ([]Entry, error) {
	cursors, err := s.cursors("", "", false, nil)
	if err != nil {
		return nil, err
	}
	var list []Entry
	for {
		text, found := least(cursors)
		if !found {
			return list, nil
		}
		if n := len(list); n > 0 && text <= list[n-1].Text {
			return nil, fmt.Errorf("%w: term %q comes after %q", ErrCorrupt, text, list[n-1].Text)
		}
		e := Entry{Text: text}
		for _, c := range cursors {
			if c.live && c.term == text {
				e.fields |= 1 << c.field
				if err := c.next(); err != nil {
					return nil, err
				}
			}
		}
		list = append(list, e)
	}
}

func bound(s string) []byte {
	if s == "" {
		return nil
	}
	return []byte(s)
}

// Posting is one document in which a term occurs.
type Posting struct {
	Doc       uint32
	Frequency uint32   // occurrences; 1 for keywords
	Length    uint32   // the field's length in this document, rounded; 1 for keywords
	Positions []uint32 // ascending, from 1; nil if not asked for
}

// Postings walks through the documents of a term in one field, by number. It is for
// one goroutine.
type Postings struct {
	field     Field
	list      zapsegment.PostingsList
	it        zapsegment.PostingsIterator
	positions bool
	at        int64 // the number last returned, -1 before
	buf       []uint32
}

// Postings returns the documents of a term; none if the field has no such term.
// Positions are read on demand only.
func (s *Segment) Postings(f Field, term string, positions bool) (*Postings, error) {
	dict, err := s.zap.Dictionary(f.String())
	if err != nil {
		return nil, fmt.Errorf("%w: dictionary of %s: %w", ErrCorrupt, f, err)
	}
	list, err := dict.PostingsList([]byte(term), nil, nil)
	if err != nil {
		return nil, fmt.Errorf("%w: postings of %s:%s: %w", ErrCorrupt, f, term, err)
	}
	p := &Postings{field: f, list: list, positions: positions}
	p.restart()
	return p, nil
}

func (p *Postings) restart() {
	p.it = p.list.Iterator(true, true, p.positions, p.it)
	p.at = -1
}

// Reader reads one list of postings after another, each into the memory of the one
// before: the way to read a whole index. It is for one goroutine.
type Reader struct {
	segment  *Segment
	dicts    [Fields]zapsegment.TermDictionary
	term     []byte
	postings Postings
}

// Reader returns a reader.
func (s *Segment) Reader() *Reader { return &Reader{segment: s} }

// Postings returns what [Segment.Postings] does; it holds until the next call.
func (r *Reader) Postings(f Field, term string, positions bool) (*Postings, error) {
	dict := r.dicts[f]
	if dict == nil {
		var err error
		if dict, err = r.segment.zap.Dictionary(f.String()); err != nil {
			return nil, fmt.Errorf("%w: dictionary of %s: %w", ErrCorrupt, f, err)
		}
		r.dicts[f] = dict
	}
	p := &r.postings
	r.term = append(r.term[:0], term...)
	list, err := dict.PostingsList(r.term, nil, p.list)
	if err != nil {
		return nil, fmt.Errorf("%w: postings of %s:%s: %w", ErrCorrupt, f, term, err)
	}
	p.field, p.list, p.positions = f, list, positions
	p.restart()
	return p, nil
}

// Count returns the number of documents.
func (p *Postings) Count() int { return int(p.list.Count()) }

// Next returns the next posting; false after the last. Positions hold until the
// next call.
func (p *Postings) Next() (Posting, bool, error) {
	next, err := p.it.Next()
	return p.posting(next, err)
}

// Advance returns the first posting whose document is at least doc; false if there
// is none. It may go back.
func (p *Postings) Advance(doc uint32) (Posting, bool, error) {
	if int64(doc) <= p.at {
		p.restart()
	}
	next, err := p.it.Advance(uint64(doc))
	return p.posting(next, err)
}

func (p *Postings) posting(next zapsegment.Posting, err error) (Posting, bool, error) {
	if err != nil {
		return Posting{}, false, fmt.Errorf("%w: postings of %s: %w", ErrCorrupt, p.field, err)
	}
	if next == nil {
		return Posting{}, false, nil
	}
	p.at = int64(next.Number())
	rv := Posting{Doc: uint32(next.Number()), Frequency: uint32(next.Frequency()), Length: 1}
	if z, ok := next.(*zap.Posting); ok {
		rv.Length = uint32(z.NormUint64())
	}
	if p.positions {
		p.buf = p.buf[:0]
		for _, l := range next.Locations() {
			if z, ok := l.(*zap.Location); ok { // always; saves a call
				p.buf = append(p.buf, uint32(z.Pos()))
			} else {
				p.buf = append(p.buf, uint32(l.Pos()))
			}
		}
		rv.Positions = p.buf
	}
	return rv, true, nil
}
