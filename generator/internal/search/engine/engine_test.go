package engine_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vigie/generator/internal/search"
	"vigie/generator/internal/search/engine"
	"vigie/generator/internal/search/index"
)

var update = flag.Bool("update", false, "rewrite the expected results")

// corpus reads the pages of testdata/corpus.txt.
func corpus(t testing.TB) []search.Document {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "corpus.txt"))
	if err != nil {
		t.Fatal(err)
	}
	var docs []search.Document
	for block := range strings.SplitSeq(string(text), "\n== ") {
		if strings.HasPrefix(block, "#") {
			continue
		}
		id, rest, _ := strings.Cut(block, "\n")
		d := search.Document{ID: id, Lang: "fr", Body: []search.Section{{}}}
		for line := range strings.Lines(rest) {
			line = strings.TrimSpace(line)
			key, value, _ := strings.Cut(line, ": ")
			list := strings.Split(value, "; ")
			switch {
			case strings.HasPrefix(line, "## "):
				d.Body = append(d.Body, search.Section{Anchor: key[3:], Heading: value})
			case key == "kind":
				d.Kind, d.KindTitle, _ = strings.Cut(value, " ")
			case key == "title":
				d.Title = value
			case key == "names":
				d.Names = list
			case key == "tags":
				d.Tags = list
				for _, tag := range list {
					d.TagTitles = append(d.TagTitles, strings.ToUpper(tag))
				}
			case key == "entities":
				d.Entities = list
			case key == "summary":
				d.Summary = value
			case key == "date":
				if d.Date, err = time.Parse(time.DateOnly, value); err != nil {
					t.Fatal(err)
				}
			default:
				section := &d.Body[len(d.Body)-1]
				section.Text = strings.TrimSpace(section.Text + " " + line)
			}
		}
		docs = append(docs, d)
	}
	if len(docs) < 9 {
		t.Fatalf("corpus has %d pages", len(docs))
	}
	return docs
}

func open(t testing.TB, docs []search.Document) *engine.Engine {
	t.Helper()
	file, err := index.Build(t.Context(), "fr", docs, index.Options{})
	if err != nil {
		t.Fatal(err)
	}
	e, err := engine.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func find(t testing.TB, e *engine.Engine, r search.Request) search.Result {
	t.Helper()
	result, err := e.Search(t.Context(), r)
	if err != nil {
		t.Fatalf("query %q: %v", r.Query, err)
	}
	return result
}

var tiers = map[search.Tier]string{search.Exact: "exact", search.All: "all", search.Typo: "typo", search.Near: "near", search.Partial: "partial"}

// report writes a result as testdata/queries.txt does.
func report(r search.Result) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d found", r.Total)
	if r.Partial > 0 {
		fmt.Fprintf(&b, ", %d in part", r.Partial)
	}
	b.WriteByte('\n')
	for _, h := range r.Hits {
		anchor := ""
		if h.Anchor != "" {
			anchor = "#" + h.Anchor
		}
		fmt.Fprintf(&b, "%-7s %s%s\n", tiers[h.Tier], h.ID, anchor)
	}
	if r.Suggestion != "" {
		fmt.Fprintf(&b, "did you mean: %s\n", r.Suggestion)
	}
	return b.String()
}

// TestQueries holds the results of queries over a small site, in their order.
func TestQueries(t *testing.T) {
	e := open(t, corpus(t))
	name := filepath.Join("testdata", "queries.txt")
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	blocks := strings.Split(string(text), "\n? ")
	out := blocks[0]
	for _, block := range blocks[1:] {
		query, want, _ := strings.Cut(block, "\n")
		want = strings.TrimSpace(want)
		got := strings.TrimSpace(report(find(t, e, search.Request{Query: query})))
		if got != want && !*update {
			t.Errorf("query %q gives\n%s\nwant\n%s", query, got, want)
		}
		out += "\n? " + query + "\n" + got + "\n"
	}
	if len(blocks) < 40 {
		t.Errorf("%s has %d queries", name, len(blocks)-1)
	}
	if *update {
		if err := os.WriteFile(name, []byte(out), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
