package conformance_test

import (
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"vigie/generator/internal/browsertest"
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
	lang := "fr"
	if len(docs) > 0 {
		lang = docs[0].Lang
	}
	file, err := index.Build(t.Context(), lang, docs, index.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// TestOwnSite compares the engines over the repository's own site.
func TestOwnSite(t *testing.T) {
	t.Parallel()
	site := sitetest.Own(t)
	for lang, docs := range site.Documents {
		t.Run(lang, func(t *testing.T) { inQuickJS(t, docs, shard.Options{}, 550) })
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
	inQuickJS(t, conformance.Generate(documents), shard.Options{TextLength: 100}, queries)
}

// TestSmallShards compares them over files so small that a query needs many, of more
// groups than one for each file of documents, and over texts long enough to link to
// sections.
func TestSmallShards(t *testing.T) {
	t.Parallel()
	inQuickJS(t, conformance.Generate(150), shard.Options{BlockSize: 2, ShardSize: 500, TextLength: 4000}, 180)
}

// TestFewDocuments compares them over no document, one, and as many as a file holds or
// one more.
func TestFewDocuments(t *testing.T) {
	t.Parallel()
	const blockSize = 3
	for _, n := range []int{0, 1, blockSize, blockSize + 1} {
		docs := conformance.Generate(n)
		file := buildIndex(t, docs)
		files := project(t, file, shard.Options{BlockSize: blockSize})
		oracle, err := engine.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		twin := newTwin(t, files)
		if err := twin.Open(files["fr.bin"]); err != nil {
			t.Fatalf("%d documents: %v", n, err)
		}
		for _, d := range docs {
			want, err := oracle.Search(t.Context(), search.Request{Query: d.Title, Limit: n})
			if err != nil {
				t.Fatal(err)
			}
			got, err := twin.Search(d.Title, n, 0)
			if err != nil {
				t.Fatalf("%d documents, %q: %v", n, d.Title, err)
			}
			if diff := differences(want, got); len(diff) > 0 || want.Total == 0 {
				t.Errorf("%d documents, %q: %d hits, %q", n, d.Title, want.Total, diff)
			}
		}
		if n == 0 {
			if got, err := twin.Search("nuage", 3, 0); err != nil || got.Total != 0 {
				t.Errorf("no documents: %d hits, %v", got.Total, err)
			}
		}
	}
}

// TestOwnSiteInChromium compares what the repository's own site publishes, read by
// Go from the published index and by Chromium from the published shards, over HTTP.
func TestOwnSiteInChromium(t *testing.T) {
	t.Parallel()
	b, site := browsertest.New(t), sitetest.Own(t)
	data, _ := site.Files.Get(search.DescriptorPath)
	published, err := search.ParseDescriptor(data)
	if err != nil {
		t.Fatal(err)
	}
	if len(published.Languages) < 2 {
		t.Fatalf("languages are %v, want French and English", published.Languages)
	}
	tab := conformance.NewTab(t, b, site.Files.FS(), sources)
	for _, l := range published.Languages {
		t.Run(l.Lang, func(t *testing.T) {
			index, _ := site.Files.Get(l.Index)
			inChromium(t, tab, index, l.Manifest, conformance.Queries(site.Documents[l.Lang], 550))
		})
	}
}

// TestGeneratedInChromium does so over a generated site of 5,000 pages.
func TestGeneratedInChromium(t *testing.T) {
	if os.Getenv("VIGIE_SOAK") == "" {
		t.Skip("VIGIE_SOAK is not set: the index of 5,000 pages would take its time")
	}
	docs := conformance.Generate(5000)
	file := buildIndex(t, docs)
	site := fstest.MapFS{}
	for name, data := range project(t, file, shard.Options{}) {
		site["search/"+name] = &fstest.MapFile{Data: data}
	}
	tab := conformance.NewTab(t, browsertest.New(t), site, sources)
	inChromium(t, tab, file, "search/fr.bin", conformance.Queries(docs, 1000))
}

// inQuickJS compares the engines over some documents.
func inQuickJS(t *testing.T, docs []search.Document, o shard.Options, n int) {
	t.Helper()
	file := buildIndex(t, docs)
	files := project(t, file, o)
	twin := newTwin(t, files)
	if err := twin.Open(files[docs[0].Lang+".bin"]); err != nil {
		t.Fatal(err)
	}
	compare(t, file, conformance.Queries(docs, n), func(questions []conformance.Question) (replies []conformance.Reply) {
		for _, q := range questions {
			answer, err := twin.Search(q.Query, q.Limit, q.Offset)
			replies = append(replies, conformance.Reply{Answer: answer, Err: err})
		}
		return replies
	})
}

// inChromium compares the engine of a tab with that of an index.
func inChromium(t *testing.T, tab *conformance.Tab, file []byte, manifest string, queries []string) {
	t.Helper()
	if err := tab.Open(t, manifest); err != nil {
		t.Fatal(err)
	}
	compare(t, file, queries, func(questions []conformance.Question) []conformance.Reply { return tab.Ask(t, questions) })
}

// batch is how many questions are asked at a time; after one with too many failures,
// no more are.
const batch = 50

// compare asks both engines all queries, and prints how many of them agree.
func compare(t *testing.T, file []byte, queries []string, ask func([]conformance.Question) []conformance.Reply) {
	t.Helper()
	oracle, err := engine.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	failures, found := 0, 0
	for questions := range slices.Chunk(conformance.Questions(queries), batch) {
		replies := ask(questions)
		if len(replies) != len(questions) {
			t.Fatalf("%d replies to %d questions", len(replies), len(questions))
		}
		for i, q := range questions {
			want, err := oracle.Search(t.Context(), search.Request{Query: q.Query, Limit: q.Limit, Offset: q.Offset})
			if err != nil {
				t.Fatalf("%q: %v", q.Query, err)
			}
			got := replies[i]
			if got.Err != nil {
				t.Errorf("%q: %v", q.Query, got.Err)
				failures++
			} else if diff := differences(want, got.Answer); len(diff) > 0 {
				t.Errorf("%q (from %d, %d):\n\t%s", q.Query, q.Offset, q.Limit, strings.Join(diff, "\n\t"))
				failures++
			}
			if len(want.Hits) > 0 {
				found++
			}
		}
		if failures > 20 {
			t.Fatal("too many differences")
		}
	}
	t.Logf("%d queries, %d with hits, %d differences", len(queries), found, failures)
	if found < len(queries)/2 {
		t.Errorf("%d of %d queries find something; they prove little", found, len(queries))
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
	if got.Near != want.Near {
		note("near", want.Near, got.Near)
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
