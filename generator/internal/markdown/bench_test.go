package markdown_test

import (
	"bytes"
	"os"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"

	"vigie/generator/internal/diag"
	"vigie/generator/internal/markdown"
)

// BenchmarkArticle turns a realistic article into HTML: with this package, and
// with goldmark and its own extensions alone, as the ratio to watch.
func BenchmarkArticle(b *testing.B) {
	text, err := os.ReadFile("testdata/article.md")
	if err != nil {
		b.Fatal(err)
	}
	b.Run("vigie", func(b *testing.B) {
		c := markdown.New(markdown.Options{Language: "fr"})
		b.SetBytes(int64(len(text)))
		b.ReportAllocs()
		for b.Loop() {
			d, _ := c.Parse(diag.NewSource("article.md", text), 0)
			c.Render(d, nil)
		}
	})
	b.Run("goldmark", func(b *testing.B) {
		md := goldmark.New(goldmark.WithExtensions(extension.GFM, extension.Footnote, extension.DefinitionList, extension.Typographer))
		b.SetBytes(int64(len(text)))
		b.ReportAllocs()
		for b.Loop() {
			var out bytes.Buffer
			if err := md.Convert(text, &out); err != nil {
				b.Fatal(err)
			}
		}
	})
}
