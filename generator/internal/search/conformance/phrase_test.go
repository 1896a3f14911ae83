package conformance_test

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"vigie/generator/internal/search"
	"vigie/generator/internal/search/conformance"
	"vigie/generator/internal/search/engine"
	"vigie/generator/internal/search/shard"
	"vigie/generator/internal/sitetest"
)

// TestPhrases holds both engines to what a plain search through the texts finds: quoted
// phrases of frequent words, over our own site and a generated one.
func TestPhrases(t *testing.T) {
	t.Parallel()
	corpora := map[string][]search.Document{"generated": conformance.Generate(300)}
	for lang, docs := range sitetest.Build(t, filepath.Join("..", "..", "..", "..")).Documents {
		corpora[lang] = docs
	}
	fixed := map[string][]string{
		"fr": {"ce qui est demandé dans", "à la", "a la", "de la", "l’immunité aux lois", "d’immunité aux lois", "cloud de confiance", "qualifiée", "qualifié",
			"dans le", "ce qui", "de l’État", "qu’il", "10 000", "sous-traitant", "sous traitant", "pas une", "n’est pas", "au titre de", "et la"},
		"en":        {"of the", "to the", "it is not", "what is", "trusted cloud", "qualified", "is qualified", "by the", "in a", "the cloud", "Bleu’s", "for a"},
		"generated": {"de la", "le la", "qu’elle", "à un", "l’usage", "nuage", "nuages"},
	}
	for name, docs := range corpora {
		t.Run(name, func(t *testing.T) {
			phrases := append(fixed[name], drawPhrases(docs, 30)...)
			holdPhrases(t, docs, phrases)
		})
	}
}

// holdPhrases asks both engines for phrases and compares the pages with those whose texts
// have them.
func holdPhrases(t *testing.T, docs []search.Document, phrases []string) {
	t.Helper()
	file := buildIndex(t, docs)
	oracle, err := engine.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	files := project(t, file, shard.Options{TextLength: 40, ShardSize: 2000})
	twin := newTwin(t, files)
	if err := twin.Open(files[docs[0].Lang+".bin"]); err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, phrase := range phrases {
		want := holding(docs, phrase)
		found += len(want)
		query := `"` + phrase + `"`
		var ours, theirs []string
		total := len(want)
		for from := 0; from == 0 || from < total; from += 100 {
			r, err := oracle.Search(t.Context(), search.Request{Query: query, Limit: 100, Offset: from})
			if err != nil {
				t.Fatal(err)
			}
			total = r.Total
			for _, h := range r.Hits {
				if h.Tier < search.Near {
					ours = append(ours, h.ID)
				}
			}
			a, err := twin.Search(query, 100, from)
			if err != nil {
				t.Fatal(err)
			}
			for _, h := range a.Hits {
				if h.Tier < int(search.Near) {
					theirs = append(theirs, h.ID)
				}
			}
			if diff := differences(r, a); len(diff) > 0 {
				t.Errorf("%s (from %d):\n\t%s", query, from, strings.Join(diff, "\n\t"))
			}
		}
		slices.Sort(ours)
		slices.Sort(theirs)
		if !slices.Equal(ours, want) || !slices.Equal(theirs, want) {
			t.Errorf("%s: %d pages have it, bleve's engine finds %d, the browser's %d", query, len(want), len(ours), len(theirs))
		}
		// What is without the phrase is all else.
		r, err := oracle.Search(t.Context(), search.Request{Query: "-" + query})
		if err != nil {
			t.Fatal(err)
		}
		if a, err := twin.Search("-"+query, 10, 0); err != nil || r.Total != len(docs)-len(want) || a.Total != r.Total {
			t.Errorf("-%s: %d and %d pages, want %d (%v)", query, r.Total, a.Total, len(docs)-len(want), err)
		}
	}
	if found < 3*len(phrases) {
		t.Errorf("%d phrases stand on %d pages; they prove little", len(phrases), found)
	}
}

// drawPhrases returns phrases that stand in the documents, of two to five words.
func drawPhrases(docs []search.Document, n int) []string {
	random := rand.New(rand.NewPCG(3, 5))
	var list []string
	for len(list) < n {
		d := docs[random.IntN(len(docs))]
		texts := []string{d.Title, d.Summary}
		for _, s := range d.Body {
			texts = append(texts, s.Heading, s.Text)
		}
		words := strings.Fields(plainText(texts[random.IntN(len(texts))]))
		if len(words) < 6 {
			continue
		}
		at := random.IntN(len(words) - 5)
		list = append(list, strings.Join(words[at:at+2+random.IntN(4)], " "))
	}
	return list
}

// holding returns the documents of which a part has a phrase: plain search through texts,
// which shares nothing with the engines.
func holding(docs []search.Document, phrase string) []string {
	var list []string
	for _, d := range docs {
		parts := append([]string{d.Title, d.Summary}, d.Names...)
		for _, s := range d.Body {
			parts = append(parts, s.Heading, s.Text)
		}
		if slices.ContainsFunc(parts, func(part string) bool {
			return strings.Contains(fmt.Sprintf(" %s ", plainText(part)), fmt.Sprintf(" %s ", plainText(phrase)))
		}) {
			list = append(list, d.ID)
		}
	}
	slices.Sort(list)
	return list
}

// plainText writes a text as its words in small letters with a space between.
func plainText(s string) string {
	s = strings.NewReplacer("œ", "oe", "æ", "ae", "\u00ad", "", "\u200b", "").Replace(strings.ToLower(norm.NFC.String(s)))
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r)
	}), " ")
}
