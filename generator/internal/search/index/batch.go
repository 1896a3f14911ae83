package index

import (
	"context"
	"crypto/sha256"
	"fmt"
	"runtime"
	"slices"

	bleveindex "github.com/blevesearch/bleve_index_api"
	"github.com/blevesearch/zapx/v17"
	"golang.org/x/sync/errgroup"

	"vigie/generator/internal/diag"
	"vigie/generator/internal/search"
	"vigie/generator/internal/search/segment"
)

// Documents that are written at once: few enough for an edit to cost little, many enough
// for the merger to have little to do.
const (
	leastBatch = 32
	meanBatch  = 96 // about, with leastBatch added
	mostBatch  = 400
)

// cut parts documents into batches. One ends where the id of its last document says so:
// a document that comes or goes changes the batch it is in, not those after it.
func cut(docs []search.Document) [][]search.Document {
	var list [][]search.Document
	from := 0
	for i := range docs {
		n := i + 1 - from
		if n >= mostBatch || n >= leastBatch && hash(docs[i].ID)%meanBatch == 0 || i == len(docs)-1 {
			list = append(list, docs[from:i+1])
			from = i + 1
		}
	}
	return list
}

// batches returns the parts of all documents, in their order.
func (b *builder) batches(ctx context.Context) ([]part, error) {
	list := cut(b.docs)
	parts := make([]part, len(list))
	group, each := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, docs := range list {
		group.Go(func() error {
			return diag.Caught("", func() (err error) {
				parts[i], err = b.part(each, docs)
				return err
			})
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	for _, p := range parts {
		b.counts.add(p.counts)
		b.kept = b.kept || p.kept
	}
	return parts, nil
}

// part returns the part of some documents, a kept one if it is whole.
func (b *builder) part(ctx context.Context, docs []search.Document) (part, error) {
	if err := ctx.Err(); err != nil {
		return part{}, err
	}
	if b.options.Parts == nil {
		docs, err := b.whole(docs)
		if err != nil {
			return part{}, err
		}
		return b.batch(ctx, docs)
	}
	sums := make([][sha256.Size]byte, len(docs))
	for i := range docs {
		sum, ok := b.options.Known[docs[i].ID]
		if !ok {
			sum = Sum(&docs[i])
		}
		sums[i] = sum
	}
	key := partKey(b.lang, sums)
	if data, ok := b.options.Parts.Get(key); ok && !b.distrust {
		if p, err := decodePart(data, docs); err == nil {
			return p, nil
		}
	}
	docs, err := b.whole(docs)
	if err != nil {
		return part{}, err
	}
	p, err := b.batch(ctx, docs)
	if err != nil {
		return part{}, err
	}
	data, err := p.encode()
	if err != nil {
		return part{}, err
	}
	b.options.Parts.Put(key, data)
	return p, nil
}

// whole returns documents with their texts.
func (b *builder) whole(docs []search.Document) ([]search.Document, error) {
	docs = slices.Clone(docs)
	var group errgroup.Group // after an edit, one batch is all that is to be made
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, d := range docs {
		known, ok := b.options.Known[d.ID]
		if !ok {
			continue
		}
		group.Go(func() (err error) {
			return diag.Caught("", func() error {
				if docs[i], err = b.options.Whole(d.ID); err == nil && Sum(&docs[i]) != known {
					err = fmt.Errorf("document %s is not what was known of it", d.ID)
				}
				return err
			})
		})
	}
	return docs, group.Wait()
}

// batch makes the part of some documents.
func (b *builder) batch(ctx context.Context, docs []search.Document) (part, error) {
	cache := b.cache()
	analysed := make([]bleveindex.Document, len(docs))
	p := part{docs: docs}
	for i := range docs {
		if err := ctx.Err(); err != nil {
			return part{}, err
		}
		d := analyse(cache, b.analyzer, &docs[i])
		p.counts.add(d.counts)
		analysed[i] = d
	}
	b.mu.Lock()
	b.caches = append(b.caches, cache)
	b.mu.Unlock()
	made, _, err := new(zap.ZapPlugin).New(analysed)
	if err != nil {
		return part{}, err
	}
	base, ok := made.(*zap.SegmentBase)
	if !ok {
		return part{}, fmt.Errorf("zapx made a %T", made)
	}
	p.segment = segment.FromZap(base)
	return p, nil
}
