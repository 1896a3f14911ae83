// Package index owns the writing of the search index: it turns documents into the
// file that package segment describes. It never answers a query.
//
// Texts are analysed and written in batches, in parallel; zapx merges the batches
// into one segment. The bytes depend on the documents alone: not on their order, the
// batches, the number of cores or the run. So the batches can be kept as [Parts], and a
// build after an edit makes those anew that the edit is in.
//
// Each index is read back before it is handed out, in full but for what is copied from
// parts that an earlier build read: zapx has written segments that could not be read
// (bleve issue 2393), and a search that panics months after the build would name no
// culprit.
package index

import (
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"strconv"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"
	zapsegment "github.com/blevesearch/scorch_segment_api/v2"
	"github.com/blevesearch/zapx/v17"

	"vigie/generator/internal/search"
	"vigie/generator/internal/search/analysis"
	"vigie/generator/internal/search/segment"
)

// Options say what a build may use. The zero value makes everything anew.
type Options struct {
	Parts Parts // nil: none
	// Known are the sums ([Sum]) of documents, by id, that are given to Build without
	// their texts: with ID, Lang, Kind, KindTitle, Tags, TagTitles and Date alone. Whole
	// returns one of them whole, where its part has to be made; it is called by several
	// goroutines.
	Known map[string][sha256.Size]byte
	Whole func(id string) (search.Document, error)
}

// Build returns the index file of the documents of one language, in any order. It is
// the same with parts and without; damaged ones are made anew. An error means that two
// documents have one id, that a document is of another language or not what was known of
// it, that ctx is done, or that the written index cannot be read.
func Build(ctx context.Context, lang string, docs []search.Document, o Options) ([]byte, error) {
	docs, err := ordered(lang, docs)
	if err != nil {
		return nil, err
	}
	b := newBuilder(lang, docs, o)
	file, err := b.build(ctx)
	if err != nil && ctx.Err() == nil && b.kept {
		b = newBuilder(lang, docs, o)
		b.distrust = true
		file, err = b.build(ctx)
	}
	return file, err
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
	options  Options
	distrust bool // nothing kept is used

	mu     sync.Mutex
	caches []*analysis.Cache // those that no batch uses
	counts counts
	kept   bool // something kept was used
}

func newBuilder(lang string, docs []search.Document, o Options) *builder {
	return &builder{lang: lang, docs: docs, analyzer: analysis.For(lang), options: o}
}

// build returns the index file.
func (b *builder) build(ctx context.Context) ([]byte, error) {
	parts, err := b.batches(ctx)
	if err != nil {
		return nil, err
	}
	var file []byte
	var s *segment.Segment
	if err := segment.Guard(func() (err error) {
		file, s, err = b.merge(ctx, parts)
		return err
	}); err != nil {
		return nil, err
	}
	var sealing sync.WaitGroup
	sealing.Go(func() { segment.Seal(file) })
	err = segment.Guard(func() error { return b.verify(ctx, s, parts) })
	if sealing.Wait(); err != nil {
		return nil, fmt.Errorf("verifying the index: %w", err)
	}
	return file, nil
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

// merge returns the file of the documents of all parts, and opens it. zapx merges into a
// file only. One part is merged as well: it is the merger that writes terms of one
// document shortly.
func (b *builder) merge(ctx context.Context, parts []part) ([]byte, *segment.Segment, error) {
	segments := make([]zapsegment.Segment, len(parts))
	for i, p := range parts {
		segments[i] = p.segment.Zap()
	}
	if len(segments) == 0 { // zapx merges nothing into something it cannot read
		empty, _, err := new(zap.ZapPlugin).New(nil)
		if err != nil {
			return nil, nil, err
		}
		segments = append(segments, empty)
	}
	file, err := newScratch()
	if err != nil {
		return nil, nil, err
	}
	defer file.Close()
	drops := make([]*roaring.Bitmap, len(segments))
	stop := make(chan struct{})
	defer context.AfterFunc(ctx, func() { close(stop) })()
	_, size, err := new(zap.ZapPlugin).Merge(segments, drops, file.name, stop, nil)
	if err != nil {
		if ctx.Err() != nil {
			return nil, nil, ctx.Err()
		}
		return nil, nil, err
	}
	return segment.Pack(b.meta(), int(size), file)
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
	for f, n := range b.counts.tokens {
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
