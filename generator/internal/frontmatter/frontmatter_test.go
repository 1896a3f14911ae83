package frontmatter_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"vigie/generator/internal/diag"
	"vigie/generator/internal/frontmatter"
)

func TestSplit(t *testing.T) {
	for _, test := range []struct {
		name, text   string
		format       frontmatter.Format
		matter, body string
	}{
		{"TOML", "+++\ntitle = \"é\"\n+++\nCorps\n", frontmatter.TOML, "title = \"é\"\n", "Corps\n"},
		{"YAML", "---\ntitle: é\n---\nCorps\n", frontmatter.YAML, "title: é\n", "Corps\n"},
		{"CRLF", "+++\r\na = 1\r\n+++\r\nCorps\r\n", frontmatter.TOML, "a = 1\r\n", "Corps\r\n"},
		{"white space behind fences", "--- \na: 1\n---\t\nCorps", frontmatter.YAML, "a: 1\n", "Corps"},
		{"empty matter", "+++\n+++\nCorps", frontmatter.TOML, "", "Corps"},
		{"no body", "+++\na = 1\n+++", frontmatter.TOML, "a = 1\n", ""},
		{"no front matter", "# Titre\n---\n", frontmatter.None, "", "# Titre\n---\n"},
		{"rule in the body", "---\na: 1\n---\nun\n---\ndeux\n", frontmatter.YAML, "a: 1\n", "un\n---\ndeux\n"},
		{"other fence inside", "---\na: 1\n+++\n---\n", frontmatter.YAML, "a: 1\n+++\n", ""},
		{"longer line is no fence", "+++\na = 1\n++++\n+++\nCorps", frontmatter.TOML, "a = 1\n++++\n", "Corps"},
		{"blank lines and one rule", "\n---\nCorps", frontmatter.None, "", "\n---\nCorps"},
	} {
		t.Run(test.name, func(t *testing.T) {
			m, list := frontmatter.Split(diag.NewSource("x.md", []byte(test.text)))
			if len(list) > 0 {
				t.Fatal(list)
			}
			if m.Format != test.format || test.text[m.From:m.To] != test.matter || test.text[m.Body:] != test.body {
				t.Errorf("format %d, matter %q, body %q, want %d, %q, %q", m.Format, test.text[m.From:m.To], test.text[m.Body:], test.format, test.matter, test.body)
			}
		})
	}
}

func TestParse(t *testing.T) {
	for text, want := range map[string]string{
		"+++\n# é\ntitle = \"é\"\n+++\nCorps":  "map[title:é] Corps",
		"---\r\ntitle: é\r\n---\r\nCorps":      "map[title:é] Corps",
		"Corps":                                "map[] Corps",
		"---\n---\n":                           "map[] ",
		"+++\n# été\ntitle = été\n+++\n":       `x.md:3:9: error: value été is not TOML (write "été")`,
		"---\n# été\ntitle: @é\n---\n":         `x.md:3:8: error: character "@" cannot start a text (put the text in quotes: "…")`,
		"+++\ntitle = \"é\"\n":                 "x.md:1:1: error: front matter is not closed (add a line +++ behind its last key)",
		"---\ntitle: é\nCorps":                 "x.md:1:1: error: front matter is not closed (add a line --- behind its last key)",
		"\n\n+++\ntitle = \"é\"\n+++\n":        "x.md:3:1: error: front matter does not open on the first line (remove what stands before it)",
		"\xef\xbb\xbf+++\n+++\n":               "x.md:1:1: error: file starts with a byte order mark (save the file as UTF-8 without BOM)",
		"+++\ntitle = \"été\"\n+++\né\xe9\n":   "x.md:4:2: error: byte 0xE9 is not UTF-8 (save the file as UTF-8)",
		"+++\ntitle = \"été\"\n+++\né\uFFFD\n": "map[title:été] é\uFFFD\n",
		"Coupé \xe2\x82":                       "x.md:1:7: error: byte 0xE2 is not UTF-8 (save the file as UTF-8)",
		"é\x00":                                "x.md:1:2: error: file has a NUL byte (remove it; save the file as UTF-8 if it is UTF-16)",
		"":                                     "x.md:1:1: error: file is empty (write it or remove it)",
		" \n\t\r\n":                            "x.md:1:1: error: file is empty (write it or remove it)",
	} {
		table, body, list := frontmatter.Parse(diag.NewSource("x.md", []byte(text)))
		got := fmt.Sprintf("%v %s", table.Any(), text[body:])
		if len(list) > 0 {
			got = list[0].String()
		}
		if got != want {
			t.Errorf("%q gives\n%s, want\n%s", text, got, want)
		}
	}
}

func TestSizeLimit(t *testing.T) {
	text := bytes.Repeat([]byte("a"), frontmatter.MaxSize)
	if list := frontmatter.CheckText(diag.NewSource("x.md", text)); len(list) > 0 {
		t.Errorf("file of the largest size gives %v", list)
	}
	list := frontmatter.CheckText(diag.NewSource("x.md", append(text, 'a')))
	if len(list) != 1 || list[0].String() != "x.md:1:1: error: file is larger than 8 MiB (split it)" {
		t.Errorf("file beyond it gives %v", list)
	}
}

// Split never panics; what it finds is in order, and putting the parts between
// their fences again gives the file.
func FuzzSplit(f *testing.F) {
	for _, seed := range []string{"+++\na = 1\n+++\nx", "---\r\na: 1\r\n---\r\nx", "---\n", "\n+++\n+++", "x", "\xef\xbb\xbf", "é\xff", "+++"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		src := diag.NewSource("x.md", text)
		m, list := frontmatter.Split(src)
		table, body, more := frontmatter.Parse(src)
		if table == nil || body != m.Body || list.HasErrors() && !more.HasErrors() {
			t.Fatalf("Split gives %+v %v, Parse %v %d %v", m, list, table, body, more)
		}
		if list.HasErrors() {
			return
		}
		if m.From > m.To || m.To > m.Body || m.Body > len(text) {
			t.Fatalf("matter %+v is out of order in %d bytes", m, len(text))
		}
		if m.Format == frontmatter.None {
			return
		}
		opening, closing := strings.TrimSpace(string(text[:m.From])), strings.TrimSpace(string(text[m.To:m.Body]))
		if opening != closing || opening != "+++" && opening != "---" {
			t.Fatalf("fences are %q and %q", opening, closing)
		}
	})
}
