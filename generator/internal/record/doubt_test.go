package record

import (
	"path"
	"testing"

	"github.com/pelletier/go-toml/v2"
	"golang.org/x/tools/txtar"

	"vigie/generator/internal/diag"
)

// plainTOML is TOML in which there is nothing to doubt.
var plainTOML = []string{
	"",
	"title = \"Été\"\ndraft = false\ntags = ['a', \"b\"]\n",
	"date = 2025-04-17\nupdated = 2025-04-17T09:00:00+02:00\nn = [-1, 0x1F, 1_000, 1.5e3, nan, -inf]\n",
	"value = { fr = 'a', en = { b = 1 } }\n",
	"a = 1\n[[facts]]\nb = 1\n[[facts]]\nb = 1\n[params]\nb = 2\n",
}

// doubtfulTOML is TOML that may be wrong in ways that only the whole tells; some is.
var doubtfulTOML = []string{
	"a.b = 1\na.c = 2\n",
	"v = { a.b = 1 }\n",
	"[a]\n[a]\n",
	"[a.b]\n",
	"[[a]]\n[a]\n",
	"[a]\n[[a]]\n",
	"a = []\n[[a]]\n",
	"a = [{ b = 1 }]\n[[a]]\n",
	"n = 9223372036854775808\n",
	"x = 1e999\n",
	"d = 2025-02-30\n",
	"d = 2025-04-17T9:00:00Z\n",
	"d = 2025-04-17T09:00:00+24:00\n",
	"d = 2025-04-17 09:00:00Z\n",
	"d = 2025-04-17T09:00:00\n",
	"d = 09:00:00\n",
}

// settled tells whether a text was read without the second opinion, and holds it
// against that: it is found right too.
func settled(t *testing.T, text []byte) bool {
	t.Helper()
	p := newTOMLParser(diag.NewSource("x.toml", text), 0, len(text))
	p.parse()
	if p.doubtful || len(p.list) > 0 {
		return false
	}
	var all map[string]any
	if err := toml.Unmarshal(text, &all); err != nil {
		t.Errorf("%q was not doubted, and is wrong: %s", text, err)
	}
	return true
}

func TestDoubt(t *testing.T) {
	for _, text := range plainTOML {
		if !settled(t, []byte(text)) {
			t.Errorf("%q was doubted", text)
		}
	}
	for _, text := range doubtfulTOML {
		if settled(t, []byte(text)) {
			t.Errorf("%q was not doubted", text)
		}
	}
}

// FuzzDoubt holds what is not doubted against the parser that knows all rules.
func FuzzDoubt(f *testing.F) {
	for _, name := range []string{"testdata/toml.txtar", "testdata/decode.txtar"} {
		a, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range a.Files {
			if path.Ext(file.Name) == ".toml" {
				f.Add(file.Data)
			}
		}
	}
	for _, text := range append(plainTOML, doubtfulTOML...) {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) { settled(t, text) })
}
