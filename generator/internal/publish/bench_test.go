package publish_test

import (
	"crypto/sha256"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"vigie/generator/internal/publish"
)

// BenchmarkUpdate publishes a site of 23,700 files in 11,000 folders of which
// one changed.
func BenchmarkUpdate(b *testing.B) {
	page := []byte(strings.Repeat("Une page de site. ", 455))
	var paths []string
	for i := range 11_000 {
		paths = append(paths, fmt.Sprintf("actualites/article-%05d/index.html", i), fmt.Sprintf("actualites/article-%05d/index.md", i))
	}
	for i := range 1700 {
		paths = append(paths, fmt.Sprintf("search/fragment-%04d.bin", i))
	}
	// site returns the site after n edits, each of another page.
	site := func(b *testing.B, n int, keep bool) *publish.Set {
		set := new(publish.Set)
		first := sha256.Sum256(page)
		for i, p := range paths {
			data, sum := page, first
			if edit := n - (n-i+len(paths))%len(paths); edit > 0 { // the last one of this page
				data = fmt.Appendf(nil, "%s%d", page, edit)
				sum = sha256.Sum256(data)
			}
			var err error
			if keep && i != n%len(paths) {
				err = set.Keep(p, sum, int64(len(data)), "bench")
			} else {
				err = set.Add(p, data, "bench")
			}
			if err != nil {
				b.Fatal(err)
			}
		}
		return set
	}
	for _, bench := range []struct {
		name       string
		keep, last bool
	}{{"read", false, false}, {"added", false, true}, {"kept", true, true}} {
		b.Run(bench.name, func(b *testing.B) {
			dir := filepath.Join(b.TempDir(), "public")
			_, last, err := publish.Update(b.Context(), dir, site(b, 0, false), nil)
			if err != nil {
				b.Fatal(err)
			}
			edits := 0
			for b.Loop() {
				b.StopTimer()
				edits++
				set := site(b, edits, bench.keep)
				b.StartTimer()
				var report publish.Report
				if bench.last {
					report, last, err = publish.Update(b.Context(), dir, set, last)
				} else {
					report, err = publish.Write(b.Context(), dir, set)
				}
				if err != nil || report.Written != 1 {
					b.Fatal(report, err)
				}
			}
		})
	}
}
