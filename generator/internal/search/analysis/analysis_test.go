package analysis_test

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	bleve "github.com/blevesearch/bleve/v2/analysis"
	"github.com/google/go-cmp/cmp"

	"vigie/generator/internal/search/analysis"
)

var update = flag.Bool("update", false, "rewrite the vectors in testdata with what the Go code gives")

// Both forms are what bleve indexes with.
var (
	_ bleve.Analyzer = (*analysis.Analyzer)(nil)
	_ bleve.Analyzer = (*analysis.Cache)(nil)
)

// TestVectors holds the Go code and its twin to the vectors. A vector is a line of
// text and, indented, a line for each mode; # starts a comment. Escapes such as
// \u00a0 and \xff are Go's.
func TestVectors(t *testing.T) {
	browser := newTwin(t)
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) < 3 {
		t.Fatalf("vectors: %v, %v", files, err)
	}
	for _, file := range files {
		lang := strings.TrimSuffix(filepath.Base(file), ".txt")
		t.Run(lang, func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			a := analysis.For(lang)
			cache := a.NewCache()
			var out bytes.Buffer
			text, n := "", 0
			for line := range strings.Lines(string(data)) {
				n++
				line = strings.TrimSuffix(line, "\n")
				mode, want, isResult := strings.Cut(strings.TrimPrefix(line, "  "), ":")
				if line == "" || line[0] == '#' || !isResult || line[0] != ' ' {
					fmt.Fprintln(&out, line)
					if line == "" || line[0] == '#' {
						continue
					}
					if text, err = strconv.Unquote(`"` + strings.ReplaceAll(line, `"`, `\"`) + `"`); err != nil {
						t.Fatalf("%s:%d: %v", file, n, err)
					}
					if *update {
						writeModes(&out, a, text)
					}
					continue
				}
				if *update {
					continue
				}
				want = strings.TrimSpace(want)
				if got := show(analyze(t, a, mode, text)); got != want {
					t.Errorf("%s:%d: %s of %q\ngot  %s\nwant %s", file, n, mode, text, got, want)
				}
				if got := show(browser.analyze(t, lang, mode, valid(text))); got != want {
					t.Errorf("%s:%d: browser: %s of %q\ngot  %s\nwant %s", file, n, mode, text, got, want)
				}
				if mode == "index" {
					for range 2 {
						if got := show(cache.Index(text)); got != want {
							t.Errorf("%s:%d: cache: %q\ngot  %s\nwant %s", file, n, text, got, want)
						}
					}
				}
			}
			if *update {
				if err := os.WriteFile(file, out.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// writeModes writes the result lines of a vector. That of prefix is left out where
// it says nothing new.
func writeModes(w *bytes.Buffer, a *analysis.Analyzer, text string) {
	index, query, prefix := show(a.Index(text)), show(a.Query(text)), show(a.Prefix(text))
	fmt.Fprintln(w, strings.TrimRight("  index: "+index, " "))
	fmt.Fprintln(w, strings.TrimRight("  query: "+query, " "))
	if prefix != query {
		fmt.Fprintln(w, strings.TrimRight("  prefix: "+prefix, " "))
	}
}

func analyze(tb testing.TB, a *analysis.Analyzer, mode, text string) []analysis.Token {
	tb.Helper()
	switch mode {
	case "index":
		return a.Index(text)
	case "query":
		return a.Query(text)
	case "prefix":
		return a.Prefix(text)
	}
	tb.Fatalf("mode %q is unknown", mode)
	return nil
}

func show(tokens []analysis.Token) string {
	var parts []string
	for _, t := range tokens {
		parts = append(parts, fmt.Sprintf("%s@%d", t.Term, t.Position))
	}
	return strings.Join(parts, " ")
}

func TestParts(t *testing.T) {
	a := analysis.For("fr")
	for text, want := range map[string]string{
		"SecNumCloud":                  "sec@1 num@2 cloud@3",
		"le sous-traitant du SaaS, J0": "sou@2 traitant@3 saa@4 j0@5",
		"l’OVHcloud-Bleu":              "ovhcloud@1 bleu@2",
	} {
		if got := show(a.Parts(text)); got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	}
}

func TestVersionOfTwin(t *testing.T) {
	if got := newTwin(t).call(t, "version"); fmt.Sprint(got) != fmt.Sprint(analysis.Version) {
		t.Errorf("browser's version %v, want %d", got, analysis.Version)
	}
}

// TestPlaces holds the places of tokens to the text they were cut from.
func TestPlaces(t *testing.T) {
	const text = "« L’immunité » selon SecNumCloud 3.2 (art. L. 121-1), 10 000 sous‑traitants"
	want := []string{"immunité", "selon", "SecNumCloud", "Sec", "Num", "3.2", "Cloud", "art", "L. 121-1", "10 000",
		"sous‑traitants", "sous", "traitants"}
	var got []string
	for _, token := range analysis.For("fr").Index(text) {
		piece := text[token.Start:token.End]
		if len(got) == 0 || got[len(got)-1] != piece { // a word and the same without accents
			got = append(got, piece)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestBleve(t *testing.T) {
	const text = "Le Cloud Act s’applique"
	for _, a := range []bleve.Analyzer{analysis.For("fr"), analysis.For("fr").NewCache()} {
		var got []string
		for _, token := range a.Analyze([]byte(text)) {
			got = append(got, fmt.Sprintf("%s@%d %s", token.Term, token.Position, text[token.Start:token.End]))
		}
		want := []string{"cloud@2 Cloud", "act@3 Act", "apliqu@4 applique"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
}

func TestLanguages(t *testing.T) {
	browser := newTwin(t)
	for tag, want := range map[string]string{
		"fr": "cloud@2", "fr-CA": "cloud@2", "FR": "cloud@2", "fr_FR": "cloud@2",
		"en": "le@1 cloud@2", "en-GB": "le@1 cloud@2",
		"de": "les@1 clouds@2", "": "les@1 clouds@2", "constructor": "les@1 clouds@2", "frr": "les@1 clouds@2",
	} {
		if got := show(analysis.For(tag).Query("les clouds")); got != want {
			t.Errorf("%q: got %s, want %s", tag, got, want)
		}
		if got := show(browser.analyze(t, tag, "query", "les clouds")); got != want {
			t.Errorf("browser: %q: got %s, want %s", tag, got, want)
		}
	}
}

// TestCharacters compares the twins on the characters that Go knows, alone and
// within words: on all of them if VIGIE_SOAK is set, otherwise on those of the
// alphabets next to ours and some of the others.
func TestCharacters(t *testing.T) {
	browser := newTwin(t)
	all := os.Getenv("VIGIE_SOAK") != ""
	a := analysis.For("fr")
	var text strings.Builder
	compare := func() {
		want := a.Index(text.String())
		got := browser.analyze(t, "fr", "index", text.String())
		for i := range want {
			if i >= len(got) || want[i] != got[i] {
				around := text.String()[want[i].Start:min(want[i].End+8, text.Len())]
				t.Fatalf("around %+q: Go %+v, browser %+v", around, want[i], got[min(i, len(got)):min(i+1, len(got))])
			}
		}
		text.Reset()
	}
	for r := rune(1); r <= unicode.MaxRune; r++ {
		far := r > 0x250 && (r < 0x2000 || r > 0x2100)
		if !isKnown(r) || far && !all && r%61 != 0 {
			continue
		}
		fmt.Fprintf(&text, "; %c ; a%cB ; é%c ; 1%c2 ; %cux", r, r, r, r, r)
		if text.Len() > 1<<12 {
			compare()
		}
	}
	compare()
}

// isKnown reports whether Go's version of Unicode assigns r, and r is no surrogate
// and for no private use.
func isKnown(r rune) bool {
	return utf8.ValidRune(r) && unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.P, unicode.S, unicode.Z, unicode.Cc, unicode.Cf)
}

// TestStemmers compares the browser's stemmers with bleve's on words made of the
// endings that they know.
func TestStemmers(t *testing.T) {
	browser := newTwin(t)
	endings := strings.Fields("issement issant ement ivement ficatrice ficateur catrice cateur atrice ateur trice ième ieme " +
		"teuse teur euse ère ere ive folle molle nnelle nnel ète ique esse inage isation ualisation isateur ation ition " +
		"ie er ée ées ée oes shoes canoes oboes ches caches quiches ies xes shes sses us ss es s x eaux aux oux xx iée iie aille " +
		"éèe eéà ééàl çç ûu")
	beginnings := strings.Fields("a b ab cr abc éc abcd prot abcde éditeu abcdef immuni abcdefg eéàeé")
	for _, lang := range []string{"fr", "en"} {
		a := analysis.For(lang)
		for _, ending := range endings {
			var words []string
			for _, beginning := range append(beginnings, "") {
				for _, plural := range []string{"", "s", "x"} {
					words = append(words, beginning+ending+plural)
				}
			}
			text := strings.Join(words, " ")
			if diff := cmp.Diff(a.Index(text), browser.analyze(t, lang, "index", text)); diff != "" {
				t.Errorf("%s: %q\n-go +browser\n%s", lang, text, diff)
			}
		}
	}
}

// TestTwins compares the twins on random texts; VIGIE_SOAK=5m does so for longer.
func TestTwins(t *testing.T) {
	browser := newTwin(t)
	random := rand.New(rand.NewPCG(1, 2))
	end := time.Now().Add(time.Second)
	if soak := os.Getenv("VIGIE_SOAK"); soak != "" {
		d, err := time.ParseDuration(soak)
		if err != nil { // VIGIE_SOAK=1, as make soak sets it
			d = time.Minute
		}
		seed := rand.Uint64()
		t.Logf("seed %d", seed)
		random = rand.New(rand.NewPCG(seed, 0))
		end = time.Now().Add(d)
	}
	n := 0
	for ; n < 100 || time.Now().Before(end); n++ {
		text := randomText(random)
		for _, lang := range []string{"fr", "en", "de"} {
			for _, mode := range []string{"index", "query", "prefix"} {
				got, want := browser.analyze(t, lang, mode, text), analyze(t, analysis.For(lang), mode, text)
				if !slices.Equal(got, want) {
					t.Fatalf("%s %s of %+q\n-go +browser\n%s", lang, mode, text, cmp.Diff(want, got))
				}
			}
		}
	}
	t.Logf("%d texts", n)
}

// pieces make random texts dense in what the analysis treats apart.
var pieces = strings.Fields("a e é É l L r D A d s S qu jusqu aujourd hui Sec Num Cloud OVH sous client client·e·s immunité " +
	"J0 M365 -il -t-on -ce elle tu issement ement isation ualisation trice ère ième eaux aux x s ies shoes ches ' ' ’ ʼ ‘ - - ‐ ‑ . . , / · ‧ 0 1 12 121 000 000 2024 " +
	"œ æ ß ø İ ı Σ ς ſ K Å ﬁ ² ½ 漢 字 ー カ 한 글 ع ر ب ً 🔒 🇫🇷 … « » ( )")

var spacing = []string{" ", " ", " ", "\u00a0", "\u202f", "\u2009", "\n", "\u00ad", "\u200f", "\u200b", "\u0301", "\u0327", "\u0338", "\x00", "\ufffd", "\ufe0f\u20e3"}

func randomText(random *rand.Rand) string {
	var b strings.Builder
	for range random.IntN(40) {
		switch random.IntN(8) {
		case 0, 1:
			b.WriteString(spacing[random.IntN(len(spacing))])
		case 2:
			if r := rune(random.IntN(0x3000)); isKnown(r) {
				b.WriteRune(r)
			}
		default:
			b.WriteString(pieces[random.IntN(len(pieces))])
		}
	}
	return b.String()
}

// TestHostile makes sure that texts made to be slow or long are not.
func TestHostile(t *testing.T) {
	browser := newTwin(t)
	const size = 10 << 10
	for name, piece := range map[string]string{
		"letters": "é", "digits": "1", "thousands": "100 000 ", "groups": "000 ", "hyphens": "a-", "apostrophes": "l'", "capitals": "aaBB",
		"invisible": "\u200f", "marks": "\u0301", "law": "L. 1", "Han": "漢", "endings": "ux", "points": "1.", "spaces": " ",
	} {
		text := strings.Repeat(piece, size/len(piece))
		start := time.Now()
		tokens := analysis.For("fr").Index(text)
		for _, token := range tokens {
			if n := utf8.RuneCountInString(token.Term); n > analysis.MaxTerm {
				t.Errorf("%s: term of %d characters", name, n)
			}
		}
		if d := time.Since(start); d > 3*time.Minute { // a bound for what never ends, not for speed
			t.Errorf("%s: Go took %v", name, d)
		}
		start = time.Now()
		if !slices.Equal(browser.analyze(t, "fr", "index", text), tokens) {
			t.Errorf("%s: browser differs", name)
		}
		if d := time.Since(start); d > 3*time.Minute {
			t.Errorf("%s: browser took %v", name, d)
		}
	}
}

func FuzzIndex(f *testing.F) {
	f.Add("L’immunité, SecNumCloud 3.2, L. 121-1 du 10 000")
	f.Add("l'\xff-\u0301é")
	f.Add("aujourd’hui client·e·s sous-traitant·e·s")
	f.Add("Y a-t-il un J0 ? M365 est-il sous-tu, peut-on")
	analyzers := []*analysis.Analyzer{analysis.For("fr"), analysis.For("en"), analysis.For("")}
	f.Fuzz(func(t *testing.T, text string) {
		for _, a := range analyzers {
			tokens := a.Index(text)
			checkTokens(t, text, tokens)
			if diff := cmp.Diff(tokens, a.NewCache().Index(text)); diff != "" {
				t.Errorf("-analyzer +cache\n%s", diff)
			}
			query := a.Query(text)
			checkTokens(t, text, query)
			checkTokens(t, text, a.Prefix(text))
			for _, q := range query {
				if !slices.Contains(tokens, q) {
					t.Errorf("query's %+v is not in the index's %+v", q, tokens)
				}
			}
		}
	})
}

func checkTokens(t *testing.T, text string, tokens []analysis.Token) {
	t.Helper()
	position := 1
	for _, token := range tokens {
		n := utf8.RuneCountInString(token.Term)
		if n == 0 || n > analysis.MaxTerm || token.Position < position || token.Start < 0 || token.Start >= token.End || token.End > len(text) {
			t.Errorf("%+v of %q", token, text)
		}
		position = token.Position
	}
}

// BenchmarkIndex reads the French texts of the site, Markdown and all; MB/s count
// their bytes.
func BenchmarkIndex(b *testing.B) {
	var text strings.Builder
	fsys := os.DirFS("../../../../content")
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".md") || strings.HasSuffix(name, ".en.md") {
			return err
		}
		data, err := fs.ReadFile(fsys, name)
		text.Write(data)
		return err
	})
	if err != nil || text.Len() < 1<<16 {
		b.Fatalf("site's texts: %d bytes, %v", text.Len(), err)
	}
	a := analysis.For("fr")
	b.Run("plain", func(b *testing.B) {
		b.SetBytes(int64(text.Len()))
		b.ReportAllocs()
		for b.Loop() {
			a.Index(text.String())
		}
	})
	b.Run("cache", func(b *testing.B) {
		cache := a.NewCache()
		b.SetBytes(int64(text.Len()))
		b.ReportAllocs()
		for b.Loop() {
			cache.Index(text.String())
		}
	})
}
