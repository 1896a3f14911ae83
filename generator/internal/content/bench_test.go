package content_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"vigie/generator/internal/config"
	"vigie/generator/internal/content"
	"vigie/generator/internal/diag"
	"vigie/generator/internal/sitetest"
)

// BenchmarkLoad loads a generated site of 2,000 articles (10,000 with VIGIE_SOAK=1),
// and Vigie's own, from the disk.
func BenchmarkLoad(b *testing.B) {
	n := 2000
	if os.Getenv("VIGIE_SOAK") != "" {
		n = 10000
	}
	generated := filepath.Join(b.TempDir(), "site")
	if err := sitetest.Corpus(generated, n); err != nil {
		b.Fatal(err)
	}
	for _, site := range []struct{ name, dir string }{{"generated", generated}, {"own", sitetest.Root()}} {
		b.Run(site.name, func(b *testing.B) {
			text, err := os.ReadFile(filepath.Join(site.dir, "config.toml"))
			if err != nil {
				b.Fatal(err)
			}
			cfg, diags := config.Load(diag.NewSource("config.toml", text))
			if diags.HasErrors() {
				b.Fatal(diags[0])
			}
			files := os.DirFS(filepath.Join(site.dir, content.Dir))
			b.ReportAllocs()
			pages := 0
			for b.Loop() {
				loaded, diags := content.Load(context.Background(), files, cfg, content.Options{Now: sitetest.Now})
				if diags.HasErrors() {
					b.Fatal(diags[0])
				}
				pages = len(loaded.Pages)
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*pages), "µs/page")
		})
	}
}
