package record_test

import (
	"flag"
	"fmt"
	"os"
	"path"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"vigie/generator/internal/diag"
	"vigie/generator/internal/record"
)

var update = flag.Bool("update", false, "rewrite the golden files from what the code gives")

// golden runs f on every file of an archive that has a file of the same name with
// the extension .want behind it, and compares what it gives with that.
func golden(t *testing.T, archive string, f func(name string, text []byte) string) {
	t.Helper()
	a, err := txtar.ParseFile(archive)
	if err != nil {
		t.Fatal(err)
	}
	if len(a.Files) == 0 || len(a.Files)%2 != 0 {
		t.Fatalf("%s has %d files, want pairs", archive, len(a.Files))
	}
	for i := 0; i < len(a.Files); i += 2 {
		in, want := a.Files[i], &a.Files[i+1]
		if want.Name != strings.TrimSuffix(in.Name, path.Ext(in.Name))+".want" {
			t.Fatalf("%s: %s stands behind %s", archive, want.Name, in.Name)
		}
		t.Run(in.Name, func(t *testing.T) {
			got := f(in.Name, in.Data)
			if *update {
				want.Data = []byte(got)
			}
			if diff := cmp.Diff(string(want.Data), got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
	if *update {
		if err := os.WriteFile(archive, txtar.Format(a), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// parse reads a file by its extension.
func parse(src *diag.Source) (*record.Table, diag.List) {
	switch path.Ext(src.Name()) {
	case ".json":
		table, _, list := record.ParseJSON(src, 0, len(src.Text()))
		return table, list
	case ".yaml":
		return record.ParseYAML(src, 0, len(src.Text()))
	}
	return record.ParseTOML(src, 0, len(src.Text()))
}

// printed returns the diagnostics as they stand in a pipe, each with its rule and
// the text that it covers.
func printed(src *diag.Source, list diag.List) string {
	var b strings.Builder
	for _, d := range list.Sort() {
		start := src.Offset(d.Line, d.Col)
		end := src.Offset(d.Line, d.Col+d.Length)
		fmt.Fprintf(&b, "%s [%s] <%s>\n", d, d.Rule, src.Text()[start:end])
		for _, n := range d.Notes {
			fmt.Fprintf(&b, "%s: note: %s\n", n.Position, n.Message)
		}
	}
	return b.String()
}

func TestTree(t *testing.T) {
	for _, archive := range []string{"testdata/toml.txtar", "testdata/yaml.txtar", "testdata/json.txtar"} {
		golden(t, archive, func(name string, text []byte) string {
			src := diag.NewSource(name, text)
			table, list := parse(src)
			var b strings.Builder
			if len(list) == 0 {
				dump(&b, table, "")
			}
			return b.String() + printed(src, list)
		})
	}
}

// dump writes a table as lines of path, the text of the key and that of the value
// as they stand in the source, kind and value.
func dump(b *strings.Builder, table *record.Table, prefix string) {
	for _, name := range table.Keys() {
		v, _ := table.Get(name)
		fmt.Fprintf(b, "%s%s  key %s", prefix, name, place(table.Source(), table.KeySpan(name)))
		dumpValue(b, v, prefix+name)
	}
}

func dumpValue(b *strings.Builder, v record.Value, path string) {
	fmt.Fprintf(b, "  value %s  %s", place(v.Source(), v.Span()), v.Kind())
	if table, ok := v.AsTable(); ok {
		b.WriteString("\n")
		dump(b, table, path+".")
		return
	}
	if list, ok := v.AsArray(); ok {
		b.WriteString("\n")
		for i, e := range list {
			element := fmt.Sprintf("%s[%d]", path, i)
			b.WriteString(element)
			dumpValue(b, e, element)
		}
		return
	}
	if date, ok := v.AsDateTime(); ok {
		fmt.Fprintf(b, " form %d %s\n", date.Form, date.Time(nil).Format("2006-01-02T15:04:05.999Z07:00"))
		return
	}
	fmt.Fprintf(b, " %#v\n", v.Any())
}

func place(src *diag.Source, s record.Span) string {
	p := src.Position(s.Offset)
	text := strings.ReplaceAll(string(src.Text()[s.Offset:s.End()]), "\n", "⏎")
	return fmt.Sprintf("%d:%d<%s>", p.Line, p.Col, text)
}
