package record_test

import (
	"fmt"
	"strings"
	"testing"

	"vigie/generator/internal/diag"
	"vigie/generator/internal/record"
)

// Positions count from the start of the file, whatever stands before the range,
// and line ends of two bytes do not move them.
func TestRangeOfAFile(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"TOML", "+++\r\n# é\r\n\"é\" = 1\r\ntitre = Été\r\n+++\r\nété", "x:4:9"},
		{"YAML", "---\r\n# é\r\né: 1\r\ntitre: @Été\r\n---\r\nété", "x:4:8"},
	} {
		t.Run(test.name, func(t *testing.T) {
			src := diag.NewSource("x", []byte(test.text))
			read, from, to := record.ParseTOML, 5, strings.LastIndex(test.text, "+++")
			if test.name == "YAML" {
				read, to = record.ParseYAML, strings.LastIndex(test.text, "---")
			}
			_, list := read(src, from, to)
			if len(list) != 1 || list[0].Position.String() != test.want {
				t.Errorf("diagnostics are %v, want one at %s", list, test.want)
			}
		})
	}
}

// A range may start in the midst of a line; whatever it is, reading does not panic.
func TestRangeIsClamped(t *testing.T) {
	src := diag.NewSource("x", []byte("é a: é, b: &x 1"))
	table, list := record.ParseYAML(src, 3, 8)
	if v, _ := table.Get("a"); len(list) > 0 || v.Any() != "é" || v.Span() != (record.Span{Offset: 6, Length: 2}) {
		t.Errorf("a is %v at %v, diagnostics %v", v.Any(), v.Span(), list)
	}
	for _, r := range [][2]int{{-5, 900}, {9, 2}, {900, 901}} {
		record.ParseYAML(src, r[0], r[1])
		record.ParseTOML(src, r[0], r[1])
	}
}

// What multiplies or nests without end is refused before it costs memory.
func TestYAMLBounds(t *testing.T) {
	var laughs strings.Builder
	laughs.WriteString("a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n")
	for i := range 12 {
		fmt.Fprintf(&laughs, "a%d: &a%d [%s]\n", i+1, i+1, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d, ", i), 10), ", "))
	}
	for _, test := range []struct{ name, text, want string }{
		{"billion laughs", laughs.String(), "YAML has more than 100000 values, aliases counted"},
		{"flow", "a: " + strings.Repeat("[", 50_000), "YAML is nested more than 100 levels deep"},
		{"block", strings.Repeat("- ", 50_000) + "a", "YAML is nested more than 100 levels deep"},
		{"tags", "a: " + strings.Repeat("!!str ", 10_000) + "a", "YAML is nested more than 100 levels deep"},
		{"keys", strings.Repeat("? ", 50_000) + "a", "YAML is nested more than 100 levels deep"},
		{"size", "a: " + strings.Repeat("a", 128<<10), "YAML is larger than 128 KiB"},
		{"itself", "a: &a [*a]", `anchor "a" is unknown`},
	} {
		t.Run(test.name, func(t *testing.T) {
			src := diag.NewSource("x.yaml", []byte(test.text))
			_, list := parse(src)
			if len(list) != 1 || list[0].Message != test.want {
				t.Errorf("diagnostics are %v, want %q", list, test.want)
			}
		})
	}
}

// Keys given twice are reported, but not without end.
func TestDuplicatesAreBounded(t *testing.T) {
	for name, line := range map[string]string{"x.toml": "a = 1\n", "x.yaml": "a: 1\n"} {
		if _, list := parse(diag.NewSource(name, []byte(strings.Repeat(line, 1000)))); len(list) != 20 {
			t.Errorf("%s gives %d diagnostics, want 20", name, len(list))
		}
	}
}

func TestTOMLBounds(t *testing.T) {
	src := diag.NewSource("x.toml", []byte("a = "+strings.Repeat("[", 100_000)))
	if _, list := parse(src); len(list) != 1 {
		t.Errorf("diagnostics are %v, want one", list)
	}
}
