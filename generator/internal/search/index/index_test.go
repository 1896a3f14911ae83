package index_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"vigie/generator/internal/search"
	"vigie/generator/internal/search/analysis"
	"vigie/generator/internal/search/index"
	"vigie/generator/internal/search/segment"
)

// vocabulary is what the generated documents are written with.
var vocabulary = strings.Fields(`le la de et à un une les des en du que qui dans pour sur ne
nuage donnée service fournisseur référentiel qualification exigence sécurité État marché client
contrat loi décret région réseau stockage calcul chiffrement clé audit évaluation jalon décision
conformité Europe France souveraineté droit immunité accès centre plateforme offre périmètre
projet année logiciel technologie licence partenaire capital société système information
administration hébergement sauvegarde incident continuité réversibilité portabilité coût source
texte article règlement directive commission agence autorité catalogue annonce calendrier échéance
renouvellement extension recours arrêt été déjà où français étranger européen public nouveau
certifié qualifié annoncé prévu confirmé contesté juridique stratégique l’usage d’accord
qu’elle s’appuie n’est aujourd’hui sous-traitant SecNumCloud S3NS 10 000 2024/1689 19.6 œuvre`)

// sentence is n words, of which the first of the vocabulary come most often; one in
// nine is a rare one, as texts have many words that are in few documents.
func sentence(random *rand.Rand, n int) string {
	list := make([]string, n)
	for i := range list {
		u := random.Float64()
		list[i] = vocabulary[int(u*u*float64(len(vocabulary)))]
		if random.IntN(9) == 0 {
			list[i] += string(rune('a'+random.IntN(26))) + string(rune('a'+random.IntN(13))) + vocabulary[random.IntN(len(vocabulary))]
		}
	}
	return strings.Join(list, " ") + "."
}

// generated returns n documents of about 3 kB.
func generated(n int) []search.Document {
	docs := make([]search.Document, n)
	for i := range docs {
		random := rand.New(rand.NewPCG(uint64(i), 3))
		d := search.Document{
			ID: fmt.Sprintf("/articles/a%05d/", i), Lang: "fr", Kind: "article", KindTitle: "Articles",
			Title: sentence(random, 7), Summary: sentence(random, 22),
			Entities:  []string{sentence(random, 2)},
			Tags:      []string{fmt.Sprint("theme-", random.IntN(20)), fmt.Sprint("theme-", 20+random.IntN(20))},
			TagTitles: []string{"Thème", "Autre thème"},
		}
		if i%10 > 0 {
			d.Date = time.Date(2015, 1, 1, 8, 0, 0, 0, time.UTC).Add(time.Duration(i/3) * 30 * time.Hour)
		}
		if i%7 == 0 {
			d.Names = []string{sentence(random, 2), fmt.Sprint("A", i)}
		}
		for s := range 4 {
			section := search.Section{}
			if s > 0 {
				section.Heading = sentence(random, 5)
				section.Anchor = fmt.Sprint("section-", s)
			}
			for range 6 {
				section.Text += sentence(random, 10+random.IntN(14)) + " "
			}
			d.Body = append(d.Body, section)
		}
		docs[i] = d
	}
	return docs
}

func build(t testing.TB, docs []search.Document) []byte {
	t.Helper()
	file, err := index.Build(t.Context(), "fr", docs, index.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// TestReproducible builds an index of several batches again and again: in another
// order and on one core.
func TestReproducible(t *testing.T) {
	docs := generated(6000)
	for i := range docs { // the size of the texts does not matter here
		docs[i].Body = docs[i].Body[:1]
	}
	want := build(t, docs)
	random := rand.New(rand.NewPCG(1, 2))
	for run := range 3 {
		random.Shuffle(len(docs), func(i, j int) { docs[i], docs[j] = docs[j], docs[i] })
		if run == 1 {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
		}
		if got := build(t, docs); !bytes.Equal(got, want) {
			t.Fatalf("run %d: %d bytes, then %d; they differ first at byte %d", run, len(want), len(got), differ(want, got))
		}
	}
}

func differ(a, b []byte) int {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}

// TestContents compares what a segment gives back with the analysis of the
// documents, term by term.
func TestContents(t *testing.T) {
	docs := generated(300)
	s, err := segment.Open(build(t, docs))
	if err != nil {
		t.Fatal(err)
	}
	analyzer := analysis.For("fr")
	number := make(map[string]int)
	for n := range docs {
		r, err := s.Record(n)
		if err != nil {
			t.Fatal(err)
		}
		number[r.ID] = n
	}
	if len(number) != len(docs) {
		t.Fatalf("segment has %d ids, want %d", len(number), len(docs))
	}
	type place struct {
		term string
		doc  int
	}
	want := make(map[place][]uint32)
	lengths := make([]int, len(docs))
	for _, d := range docs {
		n, base := number[d.ID], 0
		for _, section := range d.Body {
			last := 0
			for _, token := range analyzer.Index(section.Text) {
				p := place{token.Term, n}
				want[p] = append(want[p], uint32(base+token.Position))
				last = max(last, token.Position)
				lengths[n]++
			}
			base += last + segment.Gap
		}
	}
	previous := ""
	for term, err := range s.Terms("", "") {
		if err != nil {
			t.Fatal(err)
		}
		if term.Text <= previous && previous != "" {
			t.Fatalf("term %q comes after %q", term.Text, previous)
		}
		previous = term.Text
		p, err := s.Postings(segment.Body, term.Text, true)
		if err != nil {
			t.Fatal(err)
		}
		if p.Count() != term.Count[segment.Body] {
			t.Errorf("%s is in %d documents, want %d", term.Text, p.Count(), term.Count[segment.Body])
		}
		for {
			at, ok, err := p.Next()
			if err != nil {
				t.Fatal(err)
			}
			if !ok {
				break
			}
			key := place{term.Text, int(at.Doc)}
			if !slices.Equal(at.Positions, want[key]) || int(at.Frequency) != len(want[key]) {
				t.Errorf("%v is at %v (%d times), want %v", key, at.Positions, at.Frequency, want[key])
			}
			if got := segment.Length(lengths[at.Doc]); int(at.Length) != got {
				t.Errorf("length of document %d is %d, want %d", at.Doc, at.Length, got)
			}
			delete(want, key)
		}
	}
	if len(want) > 0 {
		t.Errorf("%d postings are missing", len(want))
	}
}

// TestReader compares what a reader gives in the memory of the list before with lists
// read alone, and the entries of the dictionaries with their terms.
func TestReader(t *testing.T) {
	s, err := segment.Open(build(t, generated(300)))
	if err != nil {
		t.Fatal(err)
	}
	entries, err := s.Entries()
	if err != nil {
		t.Fatal(err)
	}
	reader, n := s.Reader(), 0
	for term, err := range s.Terms("", "") {
		if err != nil {
			t.Fatal(err)
		}
		if n == len(entries) || entries[n].Text != term.Text {
			t.Fatalf("entry %d is not %q", n, term.Text)
		}
		for f := range segment.Fields {
			if entries[n].In(f) != (term.Count[f] > 0) {
				t.Errorf("entry of %s:%s is %t", f, term.Text, entries[n].In(f))
			}
			positions := f < segment.TextFields && n%3 > 0
			want, err := s.Postings(f, term.Text, positions)
			if err != nil {
				t.Fatal(err)
			}
			got, err := reader.Postings(f, term.Text, positions) // also where there are none
			if err != nil {
				t.Fatal(err)
			}
			if got.Count() != want.Count() {
				t.Fatalf("%s:%s is in %d documents, want %d", f, term.Text, got.Count(), want.Count())
			}
			for more := true; more; {
				var a, b segment.Posting
				if a, more, err = want.Next(); err != nil {
					t.Fatal(err)
				}
				if b, _, err = got.Next(); err != nil {
					t.Fatal(err)
				}
				if b.Doc != a.Doc || b.Frequency != a.Frequency || b.Length != a.Length || !slices.Equal(b.Positions, a.Positions) {
					t.Fatalf("posting of %s:%s is %+v, want %+v", f, term.Text, b, a)
				}
			}
		}
		n++
	}
	if n != len(entries) {
		t.Errorf("%d entries, want %d", len(entries), n)
	}
}

// TestHeadings asserts that the length of headings is what one of them has.
func TestHeadings(t *testing.T) {
	d := search.Document{ID: "/a/", Lang: "fr", Title: "A", Body: []search.Section{
		{Heading: "Audit client"}, {Text: "Texte"}, {Heading: "Réseau nuage stockage"},
	}}
	s, err := segment.Open(build(t, []search.Document{d}))
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.Postings(segment.Headings, "audit", false)
	if err != nil {
		t.Fatal(err)
	}
	// (2 + 3) / 2, rounded up
	if at, ok, err := p.Next(); err != nil || !ok || at.Length != 3 {
		t.Errorf("postings are %+v, %v, %v, want a length of 3", at, ok, err)
	}
}

// TestOrder asserts the numbers of documents: by date, then id; and what the
// metadata say.
func TestOrder(t *testing.T) {
	day := func(d int) time.Time { return time.Date(2025, 12, d, 0, 0, 0, 0, time.UTC) }
	docs := []search.Document{
		{ID: "/z/", Lang: "fr", Title: "Z"},
		{ID: "/c/", Lang: "fr", Title: "C", Date: day(1), Kind: "article", KindTitle: "Actualités"},
		{ID: "/b/", Lang: "fr", Title: "B", Date: day(1), Tags: []string{"eucs"}, TagTitles: []string{"EUCS"}},
		{ID: "/a/", Lang: "fr", Title: "A B C", Date: day(3)},
		{ID: "/y/", Lang: "fr", Title: "Y"},
	}
	file := build(t, docs)
	s, err := segment.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	for n, want := range []string{"/a/", "/b/", "/c/", "/y/", "/z/"} {
		if id, err := s.ID(n); err != nil || id != want {
			t.Errorf("document %d is %s (%v), want %s", n, id, err, want)
		}
	}
	info, err := index.Inspect(file)
	if err != nil {
		t.Fatal(err)
	}
	if info.Documents != 5 || info.Dated != 3 || info.Lang != "fr" || info.Size != len(file) {
		t.Errorf("info = %+v", info)
	}
	if info.Kinds["article"] != "Actualités" || info.Tags["eucs"] != "EUCS" || info.Terms["kind"] != 1 {
		t.Errorf("info = %+v", info)
	}
}

func TestEmpty(t *testing.T) {
	s, err := segment.Open(build(t, nil))
	if err != nil {
		t.Fatal(err)
	}
	for term, err := range s.Terms("", "") {
		t.Errorf("term %q, %v in an empty index", term.Text, err)
	}
	if p, err := s.Postings(segment.Body, "nuage", true); err != nil || p.Count() != 0 {
		t.Errorf("postings in an empty index: %v, %v", p, err)
	}
}

func TestRefused(t *testing.T) {
	for _, c := range []struct {
		name string
		docs []search.Document
		want string
	}{
		{"no id", []search.Document{{Title: "A", Lang: "fr"}}, `document "A" has no id`},
		{"twice", []search.Document{{ID: "/a/", Lang: "fr"}, {ID: "/a/", Lang: "fr"}}, "document /a/ stands twice"},
		{"language", []search.Document{{ID: "/a/", Lang: "en"}}, `document /a/ is in "en", not in "fr"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := index.Build(t.Context(), "fr", c.docs, index.Options{}); err == nil || err.Error() != c.want {
				t.Errorf("error is %v, want %s", err, c.want)
			}
		})
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := index.Build(ctx, "fr", generated(10), index.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("error of a cancelled build is %v", err)
	}
}
