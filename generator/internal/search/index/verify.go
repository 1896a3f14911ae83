package index

import (
	"context"
	"fmt"

	"golang.org/x/sync/errgroup"

	"vigie/generator/internal/search/segment"
)

// verify reads an index back: the documents and their records, each under its title
// and names, and every posting of every term.
func (b *builder) verify(ctx context.Context, file []byte) error {
	s, err := segment.Open(file)
	if err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		return segment.Guard(func() error { return b.verifyDocuments(ctx, s) })
	})
	for f := range segment.TextFields {
		group.Go(func() error {
			return segment.Guard(func() error { return b.verifyField(ctx, s, f) })
		})
	}
	return group.Wait()
}

func (b *builder) verifyDocuments(ctx context.Context, s *segment.Segment) error {
	for n := range b.docs {
		if err := ctx.Err(); err != nil {
			return err
		}
		d := &b.docs[n]
		r, err := s.Record(n)
		if err != nil {
			return err
		}
		if r.ID != d.ID || r.Title != d.Title || len(r.Body) != len(d.Body) {
			return fmt.Errorf("%w: document %d is %s, want %s", segment.ErrCorrupt, n, r.ID, d.ID)
		}
		for _, key := range keys(b.analyzer, d) {
			if key == "" {
				continue
			}
			p, err := s.Postings(segment.Exact, key, false)
			if err != nil {
				return err
			}
			if at, ok, err := p.Advance(uint32(n)); err != nil || !ok || at.Doc != uint32(n) {
				return fmt.Errorf("%w: document %s is not found by its title %q", segment.ErrCorrupt, d.ID, d.Title)
			}
		}
	}
	return nil
}

// verifyField counts what the postings of a field hold: each occurrence of the
// analysed documents is there, at a position of its own.
func (b *builder) verifyField(ctx context.Context, s *segment.Segment, f segment.Field) error {
	occurrences := 0
	for t, err := range s.Terms("", "", f) {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		p, err := s.Postings(f, t.Text, true)
		if err != nil {
			return err
		}
		documents, last := 0, -1
		for {
			at, ok, err := p.Next()
			if err != nil {
				return err
			}
			if !ok {
				break
			}
			documents++
			occurrences += len(at.Positions)
			if int(at.Doc) <= last || int(at.Doc) >= len(b.docs) || len(at.Positions) != int(at.Frequency) || at.Length == 0 {
				return fmt.Errorf("%w: postings of %s:%s are out of order", segment.ErrCorrupt, f, t.Text)
			}
			last = int(at.Doc)
		}
		if documents != t.Count[f] || documents == 0 {
			return fmt.Errorf("%w: postings of %s:%s are %d, want %d", segment.ErrCorrupt, f, t.Text, documents, t.Count[f])
		}
	}
	if want := b.totals[f]; occurrences != want {
		return fmt.Errorf("%w: %s has %d occurrences, want %d", segment.ErrCorrupt, f, occurrences, want)
	}
	return nil
}
