package index

import (
	"cmp"
	"context"
	"fmt"
	"runtime"

	"golang.org/x/sync/errgroup"

	"vigie/generator/internal/search"
	"vigie/generator/internal/search/segment"
)

// verifiedTerms is the number of terms that a goroutine reads before it takes the next.
const verifiedTerms = 512

// verify reads an index back: the documents and their records, byte by byte, and every
// posting of every term, with its positions. What is read must be what was analysed.
//
// Where parts were kept, records and positions are read of the new parts alone. Those of
// the others were read when they were new, have kept their checksum since, and are copied
// by zapx without being decoded; that the copies are where they belong shows in the
// documents' ids and in the dictionaries and frequencies, which the merger writes anew
// and which are always read.
func (b *builder) verify(ctx context.Context, s *segment.Segment, parts []part) error {
	group, each := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	run := func(f func() error) {
		group.Go(func() error { return segment.Guard(f) })
	}
	first := 0
	for _, p := range parts {
		from := first
		run(func() error { return verifyDocuments(each, s, from, p) })
		first += len(p.docs)
		if b.kept && !p.kept {
			run(func() error { return verifyPostings(each, p.segment, p.docs, p.counts, true, 1) })
		}
	}
	err := verifyPostings(ctx, s, b.docs, b.counts, !b.kept, runtime.GOMAXPROCS(0))
	return cmp.Or(group.Wait(), err, ctx.Err())
}

// verifyDocuments reads the documents of a part, which begin at a number.
func verifyDocuments(ctx context.Context, s *segment.Segment, from int, p part) error {
	var buf []byte
	for n := range p.docs {
		if err := ctx.Err(); err != nil {
			return err
		}
		d, is := &p.docs[n], false
		if p.kept {
			id, err := s.ID(from + n)
			if err != nil {
				return err
			}
			is = id == d.ID
		} else {
			buf = record(d).Encode(buf[:0])
			var err error
			if is, err = s.Holds(from+n, d.ID, buf); err != nil {
				return err
			}
		}
		if !is {
			return fmt.Errorf("%w: document %d is not %s", segment.ErrCorrupt, from+n, d.ID)
		}
	}
	return nil
}

// verifyPostings reads all postings of some documents' segment in several goroutines, and
// compares their counts with those of the documents.
func verifyPostings(ctx context.Context, s *segment.Segment, docs []search.Document, want counts, positions bool, goroutines int) error {
	entries, err := s.Entries()
	if err != nil {
		return err
	}
	hashes := make([]uint64, len(docs))
	for n := range docs {
		hashes[n] = hash(docs[n].ID)
	}
	group, each := errgroup.WithContext(ctx)
	group.SetLimit(goroutines)
	have := make([]counts, (len(entries)+verifiedTerms-1)/verifiedTerms)
	for i := range have {
		group.Go(func() error {
			return segment.Guard(func() (err error) {
				from := i * verifiedTerms
				have[i], err = count(each, s, entries[from:min(from+verifiedTerms, len(entries))], positions, hashes)
				return err
			})
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	var sum counts
	for _, c := range have {
		sum.add(c)
	}
	if !positions {
		sum.places = want.places
	}
	for f := range segment.Fields {
		if f < segment.TextFields && (sum.tokens[f] != want.tokens[f] || sum.places[f] != want.places[f]) || sum.sums[f] != want.sums[f] {
			return fmt.Errorf("%w: %s has other postings than the documents", segment.ErrCorrupt, f)
		}
	}
	return nil
}

// count returns the counts of the postings of some terms, given the hashes of all
// documents' ids; those of places only with positions.
func count(ctx context.Context, s *segment.Segment, entries []segment.Entry, positions bool, hashes []uint64) (counts, error) {
	var c counts
	reader := s.Reader()
	for _, e := range entries {
		if err := ctx.Err(); err != nil {
			return c, err
		}
		term := hash(e.Text)
		for f := range segment.Fields {
			if !e.In(f) {
				continue
			}
			isText := f < segment.TextFields
			p, err := reader.Postings(f, e.Text, isText && positions)
			if err != nil {
				return c, err
			}
			documents, last := 0, -1
			for {
				at, ok, err := p.Next()
				if err != nil {
					return c, err
				}
				if !ok {
					break
				}
				documents++
				if int(at.Doc) <= last || int(at.Doc) >= len(hashes) || at.Length == 0 {
					return c, fmt.Errorf("%w: postings of %s:%s are out of order", segment.ErrCorrupt, f, e.Text)
				}
				last = int(at.Doc)
				posting := posting(term, hashes[at.Doc], at.Length, at.Frequency)
				c.sums[f] += posting
				if !isText {
					continue
				}
				c.tokens[f] += int(at.Frequency)
				if positions {
					places := uint64(0)
					for _, n := range at.Positions {
						places = place(places, n)
					}
					c.places[f] += placed(posting, places)
				}
			}
			if documents == 0 || documents != p.Count() {
				return c, fmt.Errorf("%w: postings of %s:%s are %d, want %d", segment.ErrCorrupt, f, e.Text, documents, p.Count())
			}
		}
	}
	return c, nil
}
