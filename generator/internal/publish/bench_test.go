package publish_test

import (
	"crypto/sha256"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"vigie/generator/internal/publish"
)

// benchPaths are those of a site of 23,700 files in 11,000 folders.
func benchPaths() []string {
	var paths []string
	for i := range 11_000 {
		paths = append(paths, fmt.Sprintf("actualites/article-%05d/index.html", i), fmt.Sprintf("actualites/article-%05d/index.md", i))
	}
	for i := range 1700 {
		paths = append(paths, fmt.Sprintf("search/fragment-%04d.bin", i))
	}
	return paths
}

// benchSite returns such a site after n edits, each of another page.
func benchSite(b *testing.B, paths []string, n int, keep bool) *publish.Set {
	b.Helper()
	page := []byte(strings.Repeat("Une page de site. ", 455))
	first := sha256.Sum256(page)
	set := new(publish.Set)
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

// BenchmarkUpdate publishes a site of which one file changed.
func BenchmarkUpdate(b *testing.B) {
	paths := benchPaths()
	for _, bench := range []struct {
		name       string
		keep, last bool
	}{{"read", false, false}, {"added", false, true}, {"kept", true, true}} {
		b.Run(bench.name, func(b *testing.B) {
			dir := filepath.Join(b.TempDir(), "public")
			_, last, err := publish.Update(b.Context(), dir, benchSite(b, paths, 0, false), nil)
			if err != nil {
				b.Fatal(err)
			}
			edits := 0
			for b.Loop() {
				b.StopTimer()
				edits++
				set := benchSite(b, paths, edits, bench.keep)
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

// BenchmarkAhead looks at a published site, with what is remembered of it and without.
func BenchmarkAhead(b *testing.B) {
	dir := filepath.Join(b.TempDir(), "public")
	_, state, err := publish.Update(b.Context(), dir, benchSite(b, benchPaths(), 0, false), nil)
	if err != nil {
		b.Fatal(err)
	}
	encoded := state.Encode()
	for _, bench := range []struct {
		name string
		last func() *publish.State
	}{
		{"listed", func() *publish.State { return nil }},
		{"trusted", func() *publish.State { return state }},
		{"read", func() *publish.State {
			state, err := publish.ReadState(encoded)
			if err != nil {
				b.Error(err)
			}
			return state
		}},
	} {
		b.Run(bench.name, func(b *testing.B) {
			for b.Loop() {
				publish.Ahead(b.Context(), dir, bench.last).Wait()
			}
		})
	}
}
