package analysis_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"vigie/generator/internal/search/analysis"
)

// literals are texts with their words as phrases compare them.
var literals = map[string]string{
	"": "", "…": "", "« »": "",
	"Ce qui est demandé dans":          "ce qui est demandé dans",
	"L’immunité aux lois":              "l immunité aux lois",
	"l'immunité aux\u00a0lois":         "l immunité aux lois",
	"d‘une lʼautre":                    "d une l autre",
	"sous-traitant sous\u2011traitant": "sous traitant sous traitant",
	"Œuvre, cœur ; ŒUVRE\u202f!":       "oeuvre coeur oeuvre",
	"ex æquo":                          "ex aequo",
	"E\u0301TE\u0301 été ETE":          "été été ete",
	"sou\u00adverain":                  "souverain",
	"10\u202f000 clients (19,6 %)":     "10 000 clients 19 6",
	"L. 121-1 et L.121-1":              "l 121 1 et l 121 1",
	"SecNumCloud S3NS J0":              "secnumcloud s3ns j0",
	"client·e·s aujourd’hui":           "client e s aujourd hui",
	"東京 2025":                          "東 京 2025",
	"İstanbul straße":                  "istanbul straße",
	"«\u00a0à la\u00a0», “to the”":     "à la to the",
}

func TestLiteral(t *testing.T) {
	twin := newTwin(t)
	for text, want := range literals {
		tokens := analysis.Literal(text)
		if got := terms(tokens); got != want {
			t.Errorf("%q has the words %q, want %q", text, got, want)
		}
		if got := twin.literal(t, text); !slices.Equal(got, tokens) && len(got)+len(tokens) > 0 {
			t.Errorf("twin: %q has %v, want %v", text, got, tokens)
		}
	}
}

func TestFind(t *testing.T) {
	for _, c := range []struct {
		text, phrase string
		want         string // the piece of the text; "" for none
	}{
		{"Voici ce qui est demandé dans le texte.", "ce qui est demandé dans", "ce qui est demandé dans"},
		{"Ce que demande, dans", "ce que demande dans", "Ce que demande, dans"},
		{"ce qui est est demandé", "est demandé", "est demandé"},
		{"de la de la loi", "de la loi", "de la loi"},
		{"aaa aa aab", "aa aab", "aa aab"},
		{"L’immunité aux lois", "d’immunité aux lois", ""},
		{"qualification", "qualifi", ""},
		{"une offre qualifiée", "qualifié", ""},
		{"la loi de", "de la", ""},
	} {
		from, to := analysis.Find(c.text, 0, strings.Fields(terms(analysis.Literal(c.phrase))))
		if got := c.text[from:to]; got != c.want {
			t.Errorf("%q in %q is %q, want %q", c.phrase, c.text, got, c.want)
		}
	}
}

func FuzzLiteral(f *testing.F) {
	for text := range literals {
		f.Add(text)
	}
	twin := newTwin(f)
	f.Fuzz(func(t *testing.T, text string) {
		text = valid(text)
		tokens := analysis.Literal(text)
		if got := twin.literal(t, text); !slices.Equal(got, tokens) && len(got)+len(tokens) > 0 {
			t.Errorf("twin: %q has %v, want %v", text, got, tokens)
		}
		words := strings.Fields(terms(tokens))
		if len(words) == len(tokens) && len(words) > 0 && !analysis.Holds(text, words) {
			t.Errorf("%q does not hold its words %q", text, words)
		}
	})
}

func terms(tokens []analysis.Token) string {
	var list []string
	for _, t := range tokens {
		list = append(list, t.Term)
	}
	return strings.Join(list, " ")
}

// literal returns the twin's words of a text, with their places in bytes.
func (t *twin) literal(tb testing.TB, text string) []analysis.Token {
	tb.Helper()
	out, err := t.vm.Call("literalWords", text)
	if err != nil {
		tb.Fatalf("twin on %q: %v", text, err)
	}
	var tokens []analysis.Token
	if err := json.Unmarshal([]byte(out.(string)), &tokens); err != nil {
		tb.Fatal(err)
	}
	return inBytes(tokens, text)
}
