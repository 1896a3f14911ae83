package index_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/blevesearch/bleve/v2"
	_ "github.com/blevesearch/bleve/v2/analysis/lang/fr"
	"github.com/blevesearch/bleve/v2/mapping"

	"vigie/generator/internal/search"
	"vigie/generator/internal/search/index"
)

// BenchmarkBuild builds an index of 10,000 documents, and tells how long bleve's own
// offline builder takes in comparison.
func BenchmarkBuild(b *testing.B) {
	docs := generated(10000)
	start := time.Now()
	peer(b, docs)
	alone := time.Since(start)
	b.ResetTimer()
	size := 0
	for b.Loop() {
		file, err := index.Build(context.Background(), "fr", docs, index.Options{})
		if err != nil {
			b.Fatal(err)
		}
		size = len(file)
	}
	each := b.Elapsed() / time.Duration(b.N)
	b.ReportMetric(alone.Seconds(), "s/NewBuilder")
	b.ReportMetric(float64(each)/float64(alone), "×NewBuilder")
	b.ReportMetric(float64(size)/1e6, "MB")
}

// BenchmarkEdit builds the index of 10,000 documents anew after an edit of one of them,
// with the parts of the build before.
func BenchmarkEdit(b *testing.B) {
	docs := generated(10000)
	kept := newShelf()
	start := time.Now()
	kept.build(b, docs)
	first := time.Since(start)
	b.ResetTimer()
	n := 0
	for b.Loop() {
		docs[n*7919%len(docs)].Body[0].Text += " Une phrase de plus."
		kept.build(b, docs)
		n++
	}
	each := b.Elapsed() / time.Duration(b.N)
	b.ReportMetric(float64(each)/float64(first), "×first")
}

// peer indexes the same texts with bleve's builder and its French analyzer.
func peer(b *testing.B, docs []search.Document) {
	text := bleve.NewTextFieldMapping()
	text.Analyzer = "fr"
	text.Store, text.DocValues = false, false
	stored := bleve.NewTextFieldMapping()
	stored.Index, stored.Store, stored.DocValues, stored.IncludeInAll = false, true, false, false
	keyword := bleve.NewKeywordFieldMapping()
	keyword.Store, keyword.DocValues = false, false
	page := mapping.NewDocumentStaticMapping()
	for _, name := range []string{"title", "names", "headings", "summary", "entities", "body"} {
		page.AddFieldMappingsAt(name, text)
	}
	page.AddFieldMappingsAt("kind", keyword)
	page.AddFieldMappingsAt("tags", keyword)
	page.AddFieldMappingsAt("record", stored)
	m := bleve.NewIndexMapping()
	m.DefaultMapping = page
	builder, err := bleve.NewBuilder(filepath.Join(b.TempDir(), "peer"), m, nil)
	if err != nil {
		b.Fatal(err)
	}
	for _, d := range docs {
		var headings, body []string
		for _, s := range d.Body {
			headings, body = append(headings, s.Heading), append(body, s.Text)
		}
		err := builder.Index(d.ID, map[string]any{
			"title": d.Title, "names": d.Names, "headings": headings, "summary": d.Summary,
			"entities": d.Entities, "body": body, "kind": d.Kind, "tags": d.Tags,
			"record": strings.Join(append(body, d.Title, d.Summary), "\n"),
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	if err := builder.Close(); err != nil {
		b.Fatal(err)
	}
}
