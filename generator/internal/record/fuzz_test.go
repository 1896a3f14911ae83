package record_test

import (
	"path"
	"testing"

	"golang.org/x/tools/txtar"

	"vigie/generator/internal/diag"
	"vigie/generator/internal/record"
)

// seed adds the inputs of an archive; none would be a broken test.
func seed(f *testing.F, archive, extension string) {
	a, err := txtar.ParseFile(archive)
	if err != nil {
		f.Fatal(err)
	}
	n := 0
	for _, file := range a.Files {
		if path.Ext(file.Name) == extension {
			f.Add(file.Data)
			n++
		}
	}
	if n == 0 {
		f.Fatalf("%s has no %s", archive, extension)
	}
}

// Whatever the text: no panic, every place within the text, and a table that
// decodes without a panic.
func checkParse(t *testing.T, name string, text []byte) {
	src := diag.NewSource(name, text)
	table, list := parse(src)
	for _, d := range list {
		if d.Line < 1 || d.Col < 1 || d.File != name || d.Message == "" || d.Rule == "" {
			t.Errorf("diagnostic is incomplete: %+v", d)
		}
	}
	checkTable(t, src, table)
	var p page
	table.Decode(&p, record.DecodeOptions{})
	if len(list) == 0 {
		table.Any()
	}
}

func checkTable(t *testing.T, src *diag.Source, table *record.Table) {
	checkSpan(t, src, table.Span())
	for _, name := range table.Keys() {
		checkSpan(t, src, table.KeySpan(name))
		v, ok := table.Get(name)
		if !ok {
			t.Fatalf("key %q has no value", name)
		}
		checkValue(t, src, v)
	}
}

func checkValue(t *testing.T, src *diag.Source, v record.Value) {
	checkSpan(t, src, v.Span())
	if table, ok := v.AsTable(); ok {
		checkTable(t, src, table)
	}
	list, _ := v.AsArray()
	for _, e := range list {
		checkValue(t, src, e)
	}
}

func checkSpan(t *testing.T, src *diag.Source, s record.Span) {
	if s.Offset < 0 || s.Length < 0 || s.End() > len(src.Text()) {
		t.Fatalf("span %+v is outside of %d bytes", s, len(src.Text()))
	}
}

func FuzzTOML(f *testing.F) {
	seed(f, "testdata/toml.txtar", ".toml")
	seed(f, "testdata/decode.txtar", ".toml")
	f.Fuzz(func(t *testing.T, text []byte) { checkParse(t, "x.toml", text) })
}

func FuzzYAML(f *testing.F) {
	seed(f, "testdata/yaml.txtar", ".yaml")
	seed(f, "testdata/decode.txtar", ".yaml")
	f.Fuzz(func(t *testing.T, text []byte) { checkParse(t, "x.yaml", text) })
}
