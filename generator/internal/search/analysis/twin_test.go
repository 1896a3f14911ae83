package analysis_test

import (
	"encoding/json"
	"testing"
	"unicode/utf8"

	"github.com/evanw/esbuild/pkg/api"
	"modernc.org/quickjs"

	"vigie/generator/internal/search/analysis"
)

// twin is the browser's analysis, run by QuickJS.
type twin struct {
	vm   *quickjs.VM
	size int // of the minified script, in bytes
}

func newTwin(tb testing.TB) *twin {
	tb.Helper()
	result := api.Build(api.BuildOptions{
		Stdin: &api.StdinOptions{
			Contents: `import { analyzer, literal, version } from "./analysis";
				globalThis.literalWords = (text) => JSON.stringify(literal(text));
				globalThis.version = () => version;
				globalThis.analyze = (lang, mode, text) => JSON.stringify(analyzer(lang)[mode](text));`,
			ResolveDir: "../browser/src",
		},
		Bundle:            true,
		Format:            api.FormatIIFE,
		Target:            api.ES2022,
		Charset:           api.CharsetUTF8,
		MinifyWhitespace:  true,
		MinifyIdentifiers: true,
		MinifySyntax:      true,
		TsconfigRaw:       "{}",
	})
	for _, m := range result.Errors {
		tb.Fatalf("esbuild: %s: %v", m.Text, m.Location)
	}
	vm, err := quickjs.NewVM()
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = vm.Close() })
	script := result.OutputFiles[0].Contents
	if _, err := vm.Eval(string(script), quickjs.EvalGlobal); err != nil {
		tb.Fatal(err)
	}
	return &twin{vm, len(script)}
}

// analyze returns the twin's tokens, with their places in bytes. The text must be
// UTF-8.
func (t *twin) analyze(tb testing.TB, lang, mode, text string) []analysis.Token {
	tb.Helper()
	out, err := t.vm.Call("analyze", lang, mode, text)
	if err != nil {
		tb.Fatalf("twin on %q: %v", text, err)
	}
	var tokens []analysis.Token
	if err := json.Unmarshal([]byte(out.(string)), &tokens); err != nil {
		tb.Fatal(err)
	}
	return inBytes(tokens, text)
}

// inBytes turns places in UTF-16 units into places in bytes.
func inBytes(tokens []analysis.Token, text string) []analysis.Token {
	bytes := make([]int, 0, len(text)+1) // by UTF-16 unit
	for i, r := range text {
		bytes = append(bytes, i)
		if r > 0xffff {
			bytes = append(bytes, i)
		}
	}
	bytes = append(bytes, len(text))
	for i := range tokens {
		tokens[i].Start, tokens[i].End = bytes[tokens[i].Start], bytes[tokens[i].End]
	}
	return tokens
}

func (t *twin) call(tb testing.TB, function string) any {
	tb.Helper()
	v, err := t.vm.Call(function)
	if err != nil {
		tb.Fatal(err)
	}
	return v
}

// valid returns text as the browser would have it.
func valid(text string) string {
	if utf8.ValidString(text) {
		return text
	}
	return string([]rune(text))
}
