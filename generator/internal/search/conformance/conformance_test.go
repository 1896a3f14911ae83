package conformance_test

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"vigie/generator/internal/search"
	"vigie/generator/internal/search/conformance"
	"vigie/generator/internal/search/engine"
	"vigie/generator/internal/search/index"
	"vigie/generator/internal/search/shard"
	"vigie/generator/internal/sitetest"
)

const sources = "../browser/src"

// tolerance is how much scores may differ, relatively.
const tolerance = 1e-6

// newTwin returns a twin that reads some files.
func newTwin(t testing.TB, files map[string][]byte) *conformance.Twin {
	t.Helper()
	script, err := conformance.Script(sources)
	if err != nil {
		t.Fatal(err)
	}
	twin, err := conformance.NewTwin(script, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = twin.Close() })
	twin.Read = func(path string) ([]byte, bool) {
		data, ok := files[path]
		return data, ok
	}
	return twin
}

func project(t testing.TB, file []byte, o shard.Options) map[string][]byte {
	t.Helper()
	list, err := shard.Project(file, o)
	if err != nil {
		t.Fatal(err)
	}
	files := make(map[string][]byte)
	for _, f := range list {
		files[f.Path] = f.Data
	}
	return files
}

func buildIndex(t testing.TB, docs []search.Document) []byte {
	t.Helper()
	file, err := index.Build(t.Context(), docs[0].Lang, docs)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// TestOwnSite compares the engines over the repository's own site.
func TestOwnSite(t *testing.T) {
	t.Parallel()
	site := sitetest.Build(t, filepath.Join("..", "..", "..", ".."))
	for lang, docs := range site.Documents {
		t.Run(lang, func(t *testing.T) { compare(t, docs, shard.Options{}, 550) })
	}
}

// TestGenerated compares the engines over a generated site. Texts are cut short,
// since QuickJS takes most of its time to mark the matches in them.
func TestGenerated(t *testing.T) {
	t.Parallel()
	documents, queries := 400, 600
	if os.Getenv("VIGIE_SOAK") != "" {
		documents, queries = 5000, 1000
	}
	compare(t, conformance.Generate(documents), shard.Options{TextLength: 100}, queries)
}

// TestSmallShards compares them over files so small that a query needs many, and
// over texts long enough to link to sections.
func TestSmallShards(t *testing.T) {
	t.Parallel()
	compare(t, conformance.Generate(150), shard.Options{BlockSize: 3, ShardSize: 500, TextLength: 4000}, 180)
}

// compare asks both engines all queries.
func compare(t *testing.T, docs []search.Document, o shard.Options, n int) {
	t.Helper()
	file := buildIndex(t, docs)
	oracle, err := engine.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	files := project(t, file, o)
	twin := newTwin(t, files)
	if err := twin.Open(files[docs[0].Lang+".bin"]); err != nil {
		t.Fatal(err)
	}
	failures, found := 0, 0
	for i, q := range conformance.Queries(docs, n) {
		limit, offset := 10, 0
		switch i % 7 {
		case 3:
			limit = 40
		case 5:
			limit, offset = 10, 10
		}
		want, err := oracle.Search(context.Background(), search.Request{Query: q, Limit: limit, Offset: offset})
		if err != nil {
			t.Fatalf("%q: %v", q, err)
		}
		got, err := twin.Search(q, limit, offset)
		if err != nil {
			t.Errorf("%q: %v", q, err)
			failures++
		} else if diff := differences(want, got); len(diff) > 0 {
			t.Errorf("%q (from %d, %d):\n\t%s", q, offset, limit, strings.Join(diff, "\n\t"))
			failures++
		}
		if len(want.Hits) > 0 {
			found++
		}
		if failures > 20 {
			t.Fatal("too many differences")
		}
	}
	if found < n/2 {
		t.Errorf("%d of %d queries find something; they prove little", found, n)
	}
}

// differences tells where the answers differ. Excerpts are not compared: the
// browser has less text to cut them from.
func differences(want search.Result, got conformance.Answer) []string {
	var diff []string
	note := func(what string, want, got any) {
		diff = append(diff, what+": "+text(got)+", want "+text(want))
	}
	if got.Total != want.Total {
		note("total", want.Total, got.Total)
	}
	if got.Partial != want.Partial {
		note("partial", want.Partial, got.Partial)
	}
	if len(got.Hits) != len(want.Hits) {
		note("hits", len(want.Hits), len(got.Hits))
		return diff
	}
	for i, w := range want.Hits {
		g := got.Hits[i]
		date := ""
		if !w.Date.IsZero() {
			date = w.Date.Format(time.DateOnly)
		}
		title := ""
		for _, f := range g.Title {
			title += f.Text
		}
		if g.ID != w.ID || g.Tier != int(w.Tier) || math.Abs(g.Score-w.Score) > tolerance*math.Abs(w.Score) {
			note("hit "+text(i), []any{w.ID, w.Tier, w.Score}, []any{g.ID, g.Tier, g.Score})
		} else if title != w.Title || g.Kind != w.Kind || g.KindTitle != w.KindTitle || g.Date != date {
			note("hit "+text(i), w, g)
		}
	}
	facets := func(what string, want []search.Facet, got []conformance.Facet) {
		if !slices.EqualFunc(want, got, func(a search.Facet, b conformance.Facet) bool {
			return a.Value == b.Value && a.Title == b.Title && a.Count == b.Count
		}) {
			note(what, want, got)
		}
	}
	facets("kinds", want.Kinds, got.Kinds)
	facets("years", want.Years, got.Years)
	if !slices.Equal(got.Ignored, want.Ignored) {
		note("ignored", want.Ignored, got.Ignored)
	}
	if (got.Suggestion == "") != (want.Suggestion == "") {
		note("suggestion", want.Suggestion, got.Suggestion)
	}
	return diff
}

func text(v any) string { return fmt.Sprintf("%+v", v) }
