package query_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/evanw/esbuild/pkg/api"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"modernc.org/quickjs"

	"vigie/generator/internal/search/query"
)

var update = flag.Bool("update", false, "rewrite the vectors in testdata with what the Go code gives")

// TestVectors holds the Go code and its twin to the vectors. A vector is a line of
// input and, indented, what was read. # starts a comment; escapes such as \u00a0
// and \xff are Go's.
func TestVectors(t *testing.T) {
	browser := newTwin(t)
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("vectors: %v, %v", files, err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		lines := strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
		for n := 0; n < len(lines); n++ {
			line := lines[n]
			fmt.Fprintln(&out, line)
			if line == "" || line[0] == '#' {
				continue
			}
			input, err := strconv.Unquote(`"` + strings.ReplaceAll(line, `"`, `\"`) + `"`)
			if err != nil {
				t.Fatalf("%s:%d: %v", file, n+1, err)
			}
			want, at := "", n+1
			for n+1 < len(lines) && strings.HasPrefix(lines[n+1], "  ") {
				n++
				want += lines[n] + "\n"
			}
			q := query.Parse(input)
			out.WriteString(show(q))
			if *update {
				continue
			}
			if diff := cmp.Diff(want, show(q)); diff != "" {
				t.Errorf("%s:%d: %q: -want +got\n%s", file, at, input, diff)
			}
			twin, _ := browser.parse(t, valid(input))
			if diff := cmp.Diff(want, show(twin)); diff != "" {
				t.Errorf("%s:%d: browser: %q: -want +got\n%s", file, at, input, diff)
			}
		}
		if *update {
			if err := os.WriteFile(file, out.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// show writes a query as the vectors do.
func show(q query.Query) string {
	var b strings.Builder
	item := func(name string, values ...string) {
		for _, v := range values {
			fmt.Fprintf(&b, "  %s: %s\n", name, strings.Trim(strconv.QuoteToGraphic(v), `"`))
		}
	}
	for _, w := range q.Words {
		if w.Prefix {
			item("prefix", w.Text)
		} else {
			item("word", w.Text)
		}
	}
	item("phrase", q.Phrases...)
	for _, t := range q.Without {
		if t.Phrase {
			item("without phrase", t.Text)
		} else {
			item("without", t.Text)
		}
	}
	item("kind", q.Filters.Kinds...)
	item("tag", q.Filters.Tags...)
	item("lang", q.Filters.Langs...)
	for _, y := range q.Filters.Years {
		item("years", fmt.Sprintf("%d to %d", y.From, y.To))
	}
	item("ignored", q.Ignored...)
	return b.String()
}

func TestString(t *testing.T) {
	for input, want := range map[string]string{
		"":                      "",
		"cloud  souv":           "cloud souv",
		"cloud souverain ":      "cloud souverain ",
		`cloud « de confiance`:  `"de confiance" cloud `,
		`a -b -"c d" kind:X`:    `kind:x -b -"c d" a `,
		"2024..2026 x":          "year:2024..2026 x",
		"year:2025 2026..2024":  "year:2025 year:2024..2026",
		"2024.. ..2024":         "year:2024.. year:..2024",
		"tag:eucs lang:fr ?":    "tag:eucs lang:fr",
		"10 kind:x 000 L. 12-1": "kind:x 10 000 L. 12-1",
	} {
		if got := query.Parse(input).String(); got != want {
			t.Errorf("%q: got %q, want %q", input, got, want)
		}
	}
}

func TestLimits(t *testing.T) {
	q := query.Parse(strings.Repeat("a ", 20) + strings.Repeat(`"b" `, 10) + strings.Repeat("-c ", 10) + "kind:1 kind:2 kind:3 kind:4 kind:5 kind:6 kind:7 kind:8 kind:9 kind:1")
	if len(q.Words) != query.MaxWords || len(q.Phrases) != query.MaxPhrases || len(q.Without) != query.MaxWithout || len(q.Filters.Kinds) != query.MaxFilters {
		t.Errorf("%d words, %d phrases, %d without, kinds %q", len(q.Words), len(q.Phrases), len(q.Without), q.Filters.Kinds)
	}
	if got, want := fmt.Sprintf("%q", q.Ignored), `["b" "b" "-c" "-c" "kind:9" "a" "a" "a" "a"]`; got != want {
		t.Errorf("ignored %s, want %s", got, want)
	}

	q = query.Parse(strings.Repeat("é", 2000))
	if n := utf8.RuneCountInString(q.Words[0].Text); n != query.MaxLength || q.Words[0].Prefix {
		t.Errorf("word of %d characters, prefix %v", n, q.Words[0].Prefix)
	}
	if want := []string{strings.Repeat("é", 64) + "…"}; !cmp.Equal(q.Ignored, want) {
		t.Errorf("ignored %q, want %q", q.Ignored, want)
	}
}

// TestTwins compares the twins on random queries; VIGIE_SOAK=5m does so for longer.
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
	for ; n < 500 || time.Now().Before(end); n++ {
		input := randomInput(random)
		want := query.Parse(input)
		got, canonical := browser.parse(t, input)
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("%+q: -go +browser\n%s", input, diff)
		}
		if want.String() != canonical {
			t.Fatalf("%+q: Go writes %+q, browser %+q", input, want, canonical)
		}
		checkQuery(t, input, want)
	}
	t.Logf("%d queries", n)
}

// pieces make random queries dense in what the parser treats apart.
var pieces = strings.Fields(`cloud L. l R. d. a. A 121-1 12 10 000 000 1 0 " " « » “ ” „ - - -- – kind: KIND:x Kind:x tag:EUCS tag: ` +
	`lang:fr lang:İ year:2025 year: year:24 2024..2026 .. 2024 2024.. ..2026 ..0000 9999 0000..9999 : foo:bar ? é œ 漢 🔒 ( l’ *`)

var spacing = []string{" ", " ", " ", "  ", "\u00a0", "\u202f", "\t", "\n", "\r", "\u2028", "\u3000", "\x00", "\x7f", "\u0085", "\u200f", "\u202e", "\u2066", "\u00ad", "\ufeff", "\ufffd", "\u0301"}

func randomInput(random *rand.Rand) string {
	var b strings.Builder
	n := random.IntN(30)
	if random.IntN(50) == 0 {
		n = 600
	}
	for range n {
		switch random.IntN(10) {
		case 0, 1, 2, 3:
			b.WriteString(spacing[random.IntN(len(spacing))])
		case 4:
			r := rune(random.IntN(0x3000))
			if unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.P, unicode.S, unicode.Z, unicode.Cc, unicode.Cf) {
				b.WriteRune(r)
			}
		default:
			b.WriteString(pieces[random.IntN(len(pieces))])
		}
	}
	return b.String()
}

func FuzzParse(f *testing.F) {
	f.Add(`cloud "de confiance" -amazon -"cloud act" kind:provider tag:eucs year:2025 2024..2026 souv`)
	f.Add("« L. 121-1 » 10 000 -kind:x year:.. foo:bar")
	f.Add("-\"\xff\u202e\" --a\"")
	f.Fuzz(func(t *testing.T, input string) {
		checkQuery(t, input, query.Parse(input))
	})
}

// checkQuery checks what holds of every query: its limits, and that its canonical
// form is read as the same query.
func checkQuery(t *testing.T, input string, q query.Query) {
	t.Helper()
	if len(q.Words) > query.MaxWords || len(q.Phrases) > query.MaxPhrases || len(q.Without) > query.MaxWithout ||
		max(len(q.Filters.Kinds), len(q.Filters.Tags), len(q.Filters.Langs), len(q.Filters.Years)) > query.MaxFilters {
		t.Fatalf("%+q: beyond the limits: %+v", input, q)
	}
	for i, w := range q.Words {
		if w.Text == "" || w.Prefix && i < len(q.Words)-1 {
			t.Fatalf("%+q: words %+v", input, q.Words)
		}
	}
	if !utf8.ValidString(q.String()) || strings.ContainsFunc(q.String(), func(r rune) bool { return unicode.In(r, unicode.Cc, unicode.Cf) }) {
		t.Fatalf("%+q: control characters in %+q", input, q)
	}
	if utf8.RuneCountInString(q.String()) > query.MaxLength { // of a very long input; spaces came in
		return
	}
	again := query.Parse(q.String())
	q.Ignored = nil
	if diff := cmp.Diff(q, again); diff != "" {
		t.Fatalf("%+q: canonical form %+q is read as another query\n%s", input, q, diff)
	}
}

func BenchmarkParse(b *testing.B) {
	for b.Loop() {
		query.Parse(`cloud "de confiance" -amazon kind:provider 2024..2026 L. 121-1 souv`)
	}
}

// twin is the browser's parser, run by QuickJS.
type twin struct{ vm *quickjs.VM }

func newTwin(tb testing.TB) twin {
	tb.Helper()
	result := api.Build(api.BuildOptions{
		Stdin: &api.StdinOptions{
			Contents: `import { format, parse } from "./query";
				globalThis.parse = (input) => {
					const query = parse(input);
					return JSON.stringify({ query, canonical: format(query) });
				};`,
			ResolveDir: "../browser/src",
		},
		Bundle:      true,
		Format:      api.FormatIIFE,
		Target:      api.ES2022,
		Charset:     api.CharsetUTF8,
		TsconfigRaw: "{}",
	})
	for _, m := range result.Errors {
		tb.Fatalf("esbuild: %s: %v", m.Text, m.Location)
	}
	vm, err := quickjs.NewVM()
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = vm.Close() })
	if _, err := vm.Eval(string(result.OutputFiles[0].Contents), quickjs.EvalGlobal); err != nil {
		tb.Fatal(err)
	}
	return twin{vm}
}

// parse returns the twin's query and its canonical form. The input must be UTF-8.
func (t twin) parse(tb testing.TB, input string) (query.Query, string) {
	tb.Helper()
	out, err := t.vm.Call("parse", input)
	if err != nil {
		tb.Fatalf("twin on %q: %v", input, err)
	}
	var result struct {
		Query     query.Query
		Canonical string
	}
	if err := json.Unmarshal([]byte(out.(string)), &result); err != nil {
		tb.Fatal(err)
	}
	return result.Query, result.Canonical
}

// valid returns input as the browser would have it.
func valid(input string) string {
	if utf8.ValidString(input) {
		return input
	}
	return string([]rune(input))
}
