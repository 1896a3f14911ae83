package check_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"vigie/generator/internal/check"
	"vigie/generator/internal/config"
	"vigie/generator/internal/content"
	"vigie/generator/internal/diag"
	"vigie/generator/internal/search"
)

var update = flag.Bool("update", false, "rewrite the golden files from what the code gives")

// canned answers queries with the site paths listed for them.
type canned map[string][]string

var errBroken = errors.New("segment is truncated")

func (c canned) Search(ctx context.Context, r search.Request) (search.Result, error) {
	paths := c[r.Query]
	if slices.Contains(paths, "broken") {
		return search.Result{}, errBroken
	}
	result := search.Result{Query: r.Query, Total: len(paths)}
	for _, p := range paths[:min(len(paths), r.Limit)] {
		result.Hits = append(result.Hits, search.Hit{ID: p})
	}
	return result, ctx.Err()
}

// load reads a site from the files of an archive.
func load(t testing.TB, files []txtar.File) (*content.Site, map[string]search.Searcher) {
	t.Helper()
	var cfg *config.Config
	contents := fstest.MapFS{}
	searchers := map[string]search.Searcher{}
	for _, f := range files {
		name, isContent := strings.CutPrefix(f.Name, "content/")
		lang, isHits := strings.CutPrefix(f.Name, "hits.")
		switch {
		case isContent:
			contents[name] = &fstest.MapFile{Data: f.Data}
		case isHits: // "query: /path/ /path/" a line
			answers := canned{}
			for line := range strings.Lines(string(f.Data)) {
				query, paths, _ := strings.Cut(strings.TrimSpace(line), ": ")
				answers[query] = strings.Fields(paths)
			}
			searchers[lang] = answers
		case f.Name == "config.toml":
			var list diag.List
			if cfg, list = config.Load(diag.NewSource(f.Name, f.Data)); list.HasErrors() {
				t.Fatal(list)
			}
		default:
			t.Fatalf("file %s is no part of a case", f.Name)
		}
	}
	site, list := content.Load(t.Context(), contents, cfg, content.Options{Now: time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)})
	if list.HasErrors() {
		t.Fatal(list)
	}
	return site, searchers
}

// TestRelevance judges the cases of testdata and compares the diagnostics and the
// printed report with the file want.
func TestRelevance(t *testing.T) {
	names, err := filepath.Glob(filepath.Join("testdata", "*.txtar"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			last := len(archive.Files) - 1
			if last < 0 || archive.Files[last].Name != "want" {
				t.Fatalf("%s does not end with a file want", name)
			}
			site, searchers := load(t, archive.Files[:last])
			report, diags := check.Relevance(t.Context(), site, searchers, check.MinimumMRR)
			got := dump(t, report, diags)
			if *update {
				archive.Files[last].Data = []byte(got)
				if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(string(archive.Files[last].Data), got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// dump writes diagnostics and a report as an editor sees them.
func dump(t *testing.T, report check.Report, diags diag.List) string {
	t.Helper()
	var b strings.Builder
	for _, d := range diags {
		fmt.Fprintln(&b, d)
		for _, n := range d.Notes {
			fmt.Fprintf(&b, "  %s: note: %s\n", n.Position, n.Message)
		}
	}
	if err := report.Print(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

const small = `
-- config.toml --
title = "Essai"
base_url = "https://example.org/"
-- content/bleu.md --
# Bleu
-- hits.fr --
bleu: /bleu/
`

// TestMinimum asks for what is just met and for what is not.
func TestMinimum(t *testing.T) {
	files := append(txtar.Parse([]byte(small)).Files, txtar.File{
		Name: "content/queries.toml",
		Data: []byte("[[queries]]\nquery = \"bleu\"\nclass = \"c\"\npages = [\"bleu\"]\n"),
	})
	site, searchers := load(t, files)
	for minimum, want := range map[float64]int{1: 0, 1.01: 1} {
		_, diags := check.Relevance(t.Context(), site, searchers, minimum)
		if len(diags) != want {
			t.Errorf("minimum %v: %v, want %d diagnostics", minimum, diags, want)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	report, diags := check.Relevance(ctx, site, searchers, 0)
	if len(report.Answers) != 0 || len(diags) != 1 || diags[0].Rule != "search-failed" {
		t.Errorf("cancelled: %v, %v, want one diagnostic search-failed and no answer", report, diags)
	}
}

// FuzzQueries reads any file of queries: it never panics, asks only what names a page
// and says where anything is wrong.
func FuzzQueries(f *testing.F) {
	for _, seed := range []string{
		"", "[[queries]]\nquery = \"bleu\"\nclass = \"c\"\npages = [\"bleu\"]\n",
		"queries = 1", "queries = []", "[[queries]]\npages = [1]", "[[queries]]\nquery = \"x\"\nclass = \"\"\nlang = \"en\"\npages = []",
		"[[queries]]\nquery = \"\\u0000\"\nclass = \"c\"\npages = [\"\"]", "\xff",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		files := append(txtar.Parse([]byte(small)).Files, txtar.File{Name: "content/queries.toml", Data: []byte(text)})
		site, searchers := load(t, files)
		report, diags := check.Relevance(t.Context(), site, searchers, 0)
		for _, a := range report.Answers {
			if len(a.Expected) == 0 || a.Query == "" || a.Lang != "fr" {
				t.Errorf("asked %+v", a)
			}
		}
		for _, d := range diags {
			if d.File != "content/queries.toml" || d.Rule == "" || d.Message == "" {
				t.Errorf("diagnostic %v with rule %q", d, d.Rule)
			}
		}
		if len(report.Answers) == 0 && len(diags) == 0 {
			t.Error("neither asked nor said anything")
		}
	})
}
