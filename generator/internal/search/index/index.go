// Package index owns the writing of the search index: it turns documents into the
// file that package segment describes. It never answers a query.
//
// Texts are analysed and written in batches, in parallel; zapx merges the batches
// into one segment. The bytes depend on the documents alone: not on their order,
// the number of cores or the run.
//
// Each index is read back in full before it is handed out: zapx has written
// segments that could not be read (bleve issue 2393), and a search that panics
// months after the build would name no culprit.
package index

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"
	bleveindex "github.com/blevesearch/bleve_index_api"
	zapsegment "github.com/blevesearch/scorch_segment_api/v2"
	"github.com/blevesearch/zapx/v17"
	"golang.org/x/sync/errgroup"

	"vigie/generator/internal/search"
	"vigie/generator/internal/search/analysis"
	"vigie/generator/internal/search/segment"
)

// batchSize is the number of documents that are written at once. It is part of the
// format in so far as it decides the bytes of a segment.
const batchSize = 2500

// Build returns the index file of the documents of one language, in any order. An
// error means that two documents have one id, that a document is of another
// language, that ctx is done, or that the written index cannot be read.
func Build(ctx context.Context, lang string, docs []search.Document) ([]byte, error) {
	docs, err := ordered(lang, docs)
	if err != nil {
		return nil, err
	}
	b := newBuilder(lang, docs)
	data, err := b.write(ctx)
	if err != nil {
		return nil, err
	}
	file, err := segment.Pack(b.meta(), data)
	if err != nil {
		return nil, err
	}
	if err := segment.Guard(func() error { return b.verify(ctx, file) }); err != nil {
		return nil, fmt.Errorf("verifying the index: %w", err)
	}
	return file, nil
}

// ordered returns the documents in the order of their numbers.
func ordered(lang string, docs []search.Document) ([]search.Document, error) {
	docs = slices.Clone(docs)
	slices.SortFunc(docs, func(a, b search.Document) int {
		switch {
		case a.Date.Equal(b.Date):
		case a.Date.IsZero():
			return 1
		case b.Date.IsZero():
			return -1
		default:
			return b.Date.Compare(a.Date)
		}
		return cmp.Compare(a.ID, b.ID)
	})
	ids := make(map[string]bool, len(docs))
	for _, d := range docs {
		switch {
		case d.ID == "":
			return nil, fmt.Errorf("document %q has no id", d.Title)
		case ids[d.ID]:
			return nil, fmt.Errorf("document %s stands twice", d.ID)
		case d.Lang != lang:
			return nil, fmt.Errorf("document %s is in %q, not in %q", d.ID, d.Lang, lang)
		}
		ids[d.ID] = true
	}
	return docs, nil
}

// builder makes one index.
type builder struct {
	lang     string
	docs     []search.Document // by number
	analyzer *analysis.Analyzer

	mu     sync.Mutex
	caches []*analysis.Cache       // those that no batch uses
	totals [segment.TextFields]int // tokens by field
}

func newBuilder(lang string, docs []search.Document) *builder {
	return &builder{lang: lang, docs: docs, analyzer: analysis.For(lang)}
}

// cache returns a cache for one batch, which gives it back when it is analysed.
func (b *builder) cache() *analysis.Cache {
	b.mu.Lock()
	defer b.mu.Unlock()
	if n := len(b.caches); n > 0 {
		c := b.caches[n-1]
		b.caches = b.caches[:n-1]
		return c
	}
	return b.analyzer.NewCache()
}

// write returns the zap segment of all documents.
func (b *builder) write(ctx context.Context) ([]byte, error) {
	parts := make([]zapsegment.Segment, (len(b.docs)+batchSize-1)/batchSize)
	group, each := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i := range parts {
		group.Go(func() error {
			docs := b.docs[i*batchSize : min((i+1)*batchSize, len(b.docs))]
			part, err := b.batch(each, docs)
			parts[i] = part
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return merge(ctx, parts)
}

// batch returns the segment of some documents.
func (b *builder) batch(ctx context.Context, docs []search.Document) (zapsegment.Segment, error) {
	cache := b.cache()
	analysed := make([]bleveindex.Document, len(docs))
	var totals [segment.TextFields]int
	for i := range docs {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		d := analyse(cache, b.analyzer, &docs[i])
		for f := range totals {
			totals[f] += d.tokens[f]
		}
		analysed[i] = d
	}
	b.mu.Lock()
	b.caches = append(b.caches, cache)
	for f, n := range totals {
		b.totals[f] += n
	}
	b.mu.Unlock()
	part, _, err := new(zap.ZapPlugin).New(analysed)
	return part, err
}

// merge writes parts as one segment. zapx merges into a file only. One part is
// merged as well: it is the merger that writes terms of one document shortly.
func merge(ctx context.Context, parts []zapsegment.Segment) ([]byte, error) {
	if len(parts) == 0 { // zapx merges nothing into something it cannot read
		empty, _, err := new(zap.ZapPlugin).New(nil)
		if err != nil {
			return nil, err
		}
		parts = append(parts, empty)
	}
	dir, err := os.MkdirTemp("", "vigie-index-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	name := filepath.Join(dir, "segment")
	drops := make([]*roaring.Bitmap, len(parts))
	stop := make(chan struct{})
	defer context.AfterFunc(ctx, func() { close(stop) })()
	if _, _, err := new(zap.ZapPlugin).Merge(parts, drops, name, stop, nil); err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, err
	}
	return os.ReadFile(name)
}

// meta returns what the file says of the documents.
func (b *builder) meta() segment.Meta {
	m := segment.Meta{
		Lang:      b.lang,
		Documents: len(b.docs),
		Totals:    make(map[string]int),
		Kinds:     make(map[string]string),
		Tags:      make(map[string]string),
	}
	for f, n := range b.totals {
		m.Totals[segment.Field(f).String()] = n
	}
	for _, d := range b.docs {
		if !d.Date.IsZero() {
			m.Dated++
		}
		name(m.Kinds, d.Kind, d.KindTitle)
		for i, tag := range d.Tags {
			title := tag
			if i < len(d.TagTitles) {
				title = d.TagTitles[i]
			}
			name(m.Tags, tag, title)
		}
	}
	return m
}

// name gives a slug its title; of several, the first in the order of their bytes.
func name(titles map[string]string, slug, title string) {
	if slug == "" {
		return
	}
	if title == "" {
		title = slug
	}
	if old, ok := titles[slug]; !ok || title < old {
		titles[slug] = title
	}
}

// year returns the year of a document as the index writes it.
func year(d *search.Document) string {
	if d.Date.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d", d.Date.Year())
}

// Info is what [Inspect] tells of an index.
type Info struct {
	segment.Meta
	Size  int            // bytes
	Terms map[string]int // distinct terms, by field
}

// Inspect tells what an index file holds. Errors are those of [segment.Open].
func Inspect(file []byte) (Info, error) {
	s, err := segment.Open(file)
	if err != nil {
		return Info{}, err
	}
	info := Info{Meta: s.Meta(), Size: s.Size(), Terms: make(map[string]int)}
	err = segment.Guard(func() error {
		for t, err := range s.Terms("", "") {
			if err != nil {
				return err
			}
			for f, n := range t.Count {
				if n > 0 {
					info.Terms[segment.Field(f).String()]++
				}
			}
		}
		return nil
	})
	return info, err
}

// String describes the index in a line.
func (i Info) String() string {
	terms := 0
	for _, n := range i.Terms {
		terms += n
	}
	return i.Lang + ": " + strconv.Itoa(i.Documents) + " documents, " + strconv.Itoa(terms) + " terms, " + strconv.Itoa(i.Size) + " bytes"
}
