package sitetest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vigie/generator/internal/build"
	"vigie/generator/internal/check"
	"vigie/generator/internal/content"
	"vigie/generator/internal/search"
	"vigie/generator/internal/search/engine"
)

// TestRelevance holds search over the repository's own site, with the indexes it
// publishes, to its judged queries.
func TestRelevance(t *testing.T) {
	report, diags := check.Relevance(t.Context(), ownContent(t), published(t, Own(t)), check.MinimumMRR)
	var b strings.Builder
	if err := report.Print(&b); err != nil {
		t.Fatal(err)
	}
	t.Logf("\n%s", b.String())
	for _, d := range diags {
		t.Error(d)
	}
	for lang, least := range map[string]int{"fr": 80, "en": 20} {
		if got := report.Score(lang).Queries; got < least {
			t.Errorf("%d judged queries in %q, want at least %d", got, lang, least)
		}
	}
}

// ownContent loads the content of the repository's own site.
func ownContent(t *testing.T) *content.Site {
	t.Helper()
	cfg, diags := build.LoadConfig(build.Options{Source: Root()})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	site, diags := content.Load(t.Context(), os.DirFS(filepath.Join(Root(), content.Dir)), cfg, content.Options{Now: Now})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return site
}

// published opens the indexes that a site publishes, by language.
func published(t *testing.T, site *build.Site) map[string]search.Searcher {
	t.Helper()
	data, ok := site.Files.Get(search.DescriptorPath)
	if !ok {
		t.Fatalf("site publishes no %s", search.DescriptorPath)
	}
	descriptor, err := search.ParseDescriptor(data)
	if err != nil {
		t.Fatal(err)
	}
	searchers := map[string]search.Searcher{}
	for _, l := range descriptor.Languages {
		index, ok := site.Files.Get(l.Index)
		if !ok {
			t.Fatalf("site publishes no %s", l.Index)
		}
		if searchers[l.Lang], err = engine.Open(index); err != nil {
			t.Fatal(err)
		}
	}
	return searchers
}
