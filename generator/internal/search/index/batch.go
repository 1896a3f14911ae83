package index

import (
	"context"
	"fmt"
	"runtime"

	bleveindex "github.com/blevesearch/bleve_index_api"
	"github.com/blevesearch/zapx/v17"
	"golang.org/x/sync/errgroup"

	"vigie/generator/internal/search"
	"vigie/generator/internal/search/segment"
)

// Documents that are written at once: few enough for an edit to cost little, many enough
// for the merger to have little to do.
const (
	leastBatch = 64
	meanBatch  = 256 // about, with leastBatch added
	mostBatch  = 1024
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
			p, err := b.part(each, docs)
			parts[i] = p
			return err
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
	if err := ctx.Err(); err != nil || b.parts == nil {
		if err != nil {
			return part{}, err
		}
		return b.batch(ctx, docs)
	}
	key := partKey(b.lang, docs)
	if data, ok := b.parts.Get(key); ok && !b.distrust {
		if p, err := decodePart(data, docs); err == nil {
			return p, nil
		}
	}
	p, err := b.batch(ctx, docs)
	if err != nil {
		return part{}, err
	}
	data, err := p.encode()
	if err != nil {
		return part{}, err
	}
	b.parts.Put(key, data)
	return p, nil
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
