package sitetest

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"

	"vigie/generator/internal/build"
)

// BenchmarkBuild builds a generated site of 1,000 articles (10,000 with
// VIGIE_SOAK=1) in memory, and tells how often goldmark alone, on one core, could
// have converted the same Markdown in that time.
func BenchmarkBuild(b *testing.B) {
	n := 1000
	if os.Getenv("VIGIE_SOAK") != "" {
		n = 10000
	}
	dir := filepath.Join(b.TempDir(), "site")
	if err := Corpus(dir, n); err != nil {
		b.Fatal(err)
	}
	peer := goldmark.New(goldmark.WithExtensions(extension.GFM, extension.Footnote))
	start := time.Now()
	for i := range n {
		if err := peer.Convert(article(i), discard{}); err != nil {
			b.Fatal(err)
		}
	}
	alone := time.Since(start)
	b.ResetTimer()
	for b.Loop() {
		_, diags := build.Render(context.Background(), build.Options{Source: dir, Theme: os.DirFS(Root()), Now: Now})
		if diags.HasErrors() {
			b.Fatal(diags[0])
		}
	}
	each := b.Elapsed() / time.Duration(b.N)
	b.ReportMetric(float64(each)/float64(alone), "×goldmark")
	b.ReportMetric(float64(each.Microseconds())/float64(n), "µs/page")
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }
