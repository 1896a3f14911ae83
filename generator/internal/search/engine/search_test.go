package engine_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vigie/generator/internal/search"
	"vigie/generator/internal/search/engine"
	"vigie/generator/internal/search/index"
	"vigie/generator/internal/search/segment"
)

func TestFacets(t *testing.T) {
	r := find(t, open(t, corpus(t)), search.Request{Query: "secnumcloud ", Limit: 1})
	if len(r.Hits) != 1 || r.Total != 6 {
		t.Errorf("%d of %d hits, want 1 of 6", len(r.Hits), r.Total)
	}
	if diff := cmp.Diff([]search.Facet{
		{Value: "article", Title: "Actualités", Count: 3},
		{Value: "provider", Title: "Fournisseurs", Count: 2},
		{Value: "scheme", Title: "Référentiels", Count: 1},
	}, r.Kinds); diff != "" {
		t.Errorf("kinds (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]search.Facet{
		{Value: "secnumcloud", Title: "SECNUMCLOUD", Count: 4},
		{Value: "bleu", Title: "BLEU", Count: 1},
	}, r.Tags); diff != "" {
		t.Errorf("tags (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]search.Facet{
		{Value: "2025", Title: "2025", Count: 2}, {Value: "2024", Title: "2024", Count: 1},
	}, r.Years); diff != "" {
		t.Errorf("years (-want +got):\n%s", diff)
	}
}

// TestPages asserts that pages of results are the parts of the whole.
func TestPages(t *testing.T) {
	e := open(t, corpus(t))
	whole := find(t, e, search.Request{Query: "secnumcloud", Limit: 1000})
	for n := -1; n <= whole.Total+whole.Partial+1; n++ {
		r := find(t, e, search.Request{Query: "secnumcloud", Offset: n, Limit: 2})
		from := min(max(n, 0), len(whole.Hits))
		want := whole.Hits[from:min(from+2, len(whole.Hits))]
		if len(r.Hits) != len(want) || len(want) > 0 && !cmp.Equal(r.Hits, want) {
			t.Errorf("from %d: %d hits, want %d", n, len(r.Hits), len(want))
		}
	}
}

func TestExcerpts(t *testing.T) {
	long := strings.Repeat("Rien de tel n’est écrit à cet endroit du texte. ", 12)
	e := open(t, append(corpus(t), search.Document{
		ID: "/long/", Lang: "fr", Title: "Long", Kind: "page",
		Body: []search.Section{
			{Text: long},
			{Anchor: "fin", Heading: "À la fin", Text: long + "L’hyperviseur chiffre ; le sous-traitant migre. " + long},
		},
	}))
	for _, c := range []struct{ query, want string }{
		{"hyperviseur ", "#fin … Rien de tel n’est écrit à cet endroit du texte. L’[hyperviseur] chiffre ; le sous-traitant migre. "},
		{"sous-traitant hyperviseur ", "L’[hyperviseur] chiffre ; le [sous-traitant] migre. "},
		{"migr", "le sous-traitant [migre]. "},
		{"traitant migration ", "sous-[traitant] "}, // migration is another stem
		{"long ", "Rien de tel n’est écrit"},
		{"microsoft ", "technologies de [Microsoft]."},
		{"jalon", "[jalon] J0 a été franchi, le [jalon] J1"},
	} {
		var found []string
		for _, h := range find(t, e, search.Request{Query: c.query}).Hits {
			text := "#" + h.Anchor + " "
			for _, f := range h.Excerpt {
				if f.Match {
					f.Text = "[" + f.Text + "]"
				}
				text += f.Text
			}
			found = append(found, text)
			if len(text) > 300 {
				t.Errorf("query %q: excerpt has %d bytes", c.query, len(text))
			}
		}
		if !strings.Contains(strings.Join(found, "\n"), c.want) {
			t.Errorf("query %q gives the excerpts\n%s\nwant among them\n%s", c.query, strings.Join(found, "\n"), c.want)
		}
	}
}

// TestNear asserts that words near each other win over the same words apart.
func TestNear(t *testing.T) {
	filler := strings.Repeat("autre chose ", 30)
	e := open(t, []search.Document{
		{ID: "/a-apart/", Lang: "fr", Title: "A", Body: []search.Section{{Text: "Le jalon " + filler + " du fournisseur."}}},
		{ID: "/b-sections/", Lang: "fr", Title: "B", Body: []search.Section{{Text: filler + " Le jalon"}, {Text: "fournisseur autre"}}},
		{ID: "/c-near/", Lang: "fr", Title: "C", Body: []search.Section{{Text: "Le jalon du fournisseur. " + filler}}},
	})
	r := find(t, e, search.Request{Query: "fournisseur jalon ", Explain: true})
	if len(r.Hits) != 3 || r.Hits[0].ID != "/c-near/" {
		t.Fatalf("hits are %s", report(r))
	}
	if x := r.Hits[0].Explanation; !strings.Contains(x, "near 1 ") || !strings.Contains(x, "idf(docFreq=3, maxDocs=3)") {
		t.Errorf("explanation is\n%s", x)
	}
	for _, h := range r.Hits[1:] {
		if !strings.Contains(h.Explanation, "near 0 ") {
			t.Errorf("explanation of %s is\n%s", h.ID, h.Explanation)
		}
	}
	if x := find(t, e, search.Request{Query: "jalon"}).Hits[0].Explanation; x != "" {
		t.Errorf("explanation nobody asked for: %s", x)
	}
}

// TestExactFirst asserts that a title or a name is found first, whatever else there
// is, and that a typo never goes before.
func TestExactFirst(t *testing.T) {
	docs := corpus(t)
	e := open(t, docs)
	for _, d := range docs {
		for _, name := range append([]string{d.Title}, d.Names...) {
			for _, q := range []string{name, name + " ", strings.ToUpper(name), `"` + name + `"`} {
				r := find(t, e, search.Request{Query: q})
				if len(r.Hits) == 0 || r.Hits[0].ID != d.ID || r.Hits[0].Tier != search.Exact {
					t.Errorf("query %q gives\n%s", q, report(r))
				}
			}
		}
	}
}

func TestHostile(t *testing.T) {
	e := open(t, corpus(t))
	for _, q := range []string{
		strings.Repeat("secnumcloud", 1000),
		strings.Repeat("* ", 500),
		strings.Repeat("a b c d ", 500),
		strings.Repeat(`"le cloud de confiance" `, 100),
		strings.Repeat("-a ", 300),
		strings.Repeat("kind:a tag:b year:2024 lang:fr ", 100),
		strings.Repeat("\u202e\x00\u200f", 300) + "bleu",
		"\xff\xfe\xfd bleu \xc3", "2025..2024 bleu", "9999999999..", `"`, "-", `-"`, ":", "kind:", "..",
	} {
		if r := find(t, e, search.Request{Query: q, Explain: true}); len(r.Hits) > 10 {
			t.Errorf("query of %d bytes gives %d hits", len(q), len(r.Hits))
		}
	}
}

func TestContext(t *testing.T) {
	e := open(t, corpus(t))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := e.Search(ctx, search.Request{Query: "bleu"}); !errors.Is(err, context.Canceled) {
		t.Errorf("error of a cancelled search is %v", err)
	}
}

func TestEmpty(t *testing.T) {
	e := open(t, nil)
	for _, q := range []string{"bleu", "kind:a", `"a b"`, "-a", ""} {
		if r := find(t, e, search.Request{Query: q}); r.Total+r.Partial > 0 || r.Query != q {
			t.Errorf("query %q in an empty index gives %s", q, report(r))
		}
	}
}

// TestConcurrent searches from several goroutines; make race tells more.
func TestConcurrent(t *testing.T) {
	e := open(t, corpus(t))
	var group sync.WaitGroup
	for n := range 8 {
		group.Go(func() {
			for _, q := range []string{"bleu jalon", "secnumclod ", `"cloud de confiance"`, "kind:provider"} {
				if _, err := e.Search(context.Background(), search.Request{Query: q}); err != nil {
					t.Errorf("goroutine %d: %v", n, err)
				}
			}
		})
	}
	group.Wait()
}

func TestRefused(t *testing.T) {
	file, err := index.Build(t.Context(), "fr", corpus(t), index.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := engine.Open(file[:len(file)/2]); !errors.Is(err, segment.ErrTruncated) {
		t.Errorf("half a file: %v", err)
	}
	// What changes after opening, as a file that is written over in memory, must
	// not bring the process down.
	e, err := engine.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	find(t, e, search.Request{Query: "bleu"})
	for i := 1000; i < len(file); i++ {
		file[i] ^= 0x55
	}
	if r, err := e.Search(t.Context(), search.Request{Query: "bleu jalon"}); !errors.Is(err, segment.ErrCorrupt) {
		t.Errorf("damaged index gives %v, %v", report(r), err)
	}
}

// FuzzSearch asks anything: no error, no panic, hits in order. Within a tier scores
// rise once at most: behind the pages whose title or name the query means.
func FuzzSearch(f *testing.F) {
	e := open(f, corpus(f))
	for _, q := range []string{"bleu jalon", `"cloud de confiance" -microsoft`, "kind:provider 2024..2025 s", "secnumclod", "L. 121-1 10 000", "-\"a", "l’œuvre\xff"} {
		f.Add(q, 0, 10)
	}
	f.Fuzz(func(t *testing.T, q string, offset, limit int) {
		r, err := e.Search(context.Background(), search.Request{Query: q, Offset: offset, Limit: limit})
		if err != nil {
			t.Fatal(err)
		}
		rises := map[search.Tier]int{}
		for i, h := range r.Hits {
			if i > 0 && h.Tier == r.Hits[i-1].Tier && float32(h.Score) > float32(r.Hits[i-1].Score) {
				rises[h.Tier]++
			}
			if i > 0 && (h.Tier < r.Hits[i-1].Tier || rises[h.Tier] > 1) {
				t.Errorf("hit %d stands behind a worse one", i)
			}
			if h.ID == "" || fmt.Sprint(h.Score) == "NaN" {
				t.Errorf("hit %+v", h)
			}
		}
	})
}
