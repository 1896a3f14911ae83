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
		{"three dots", "---\na: 1\n...\nCorps", frontmatter.YAML, "a: 1\n", "Corps"},
		{"JSON", "{\n \"a\": { \"b\": 1 }\n} \r\nCorps\n", frontmatter.JSON, "{\n \"a\": { \"b\": 1 }\n}", "Corps\n"},
		{"empty object", "{}\nCorps", frontmatter.JSON, "{}", "Corps"},
		{"object alone", "{ \"a\": 1 }", frontmatter.JSON, "{ \"a\": 1 }", ""},
		{"brace in a text", "{ \"a\": \"}\" }\n}\n", frontmatter.JSON, "{ \"a\": \"}\" }", "}\n"},
		{"shortcode", "{{< figure >}}\n", frontmatter.None, "", "{{< figure >}}\n"},
		{"set", "{a, b} et {\"c\"}\n", frontmatter.None, "", "{a, b} et {\"c\"}\n"},
		{"quotation in braces", "{\"un mot\"} suit\n", frontmatter.None, "", "{\"un mot\"} suit\n"},
		{"attributes", "{: .x}\n", frontmatter.None, "", "{: .x}\n"},
		{"heading, prose with a colon", "# Titre\n\nNote: ceci.\n", frontmatter.None, "", "# Titre\n\nNote: ceci.\n"},
		{"prose with colons", "Date: le 3 mai\nLieu: Paris\n\nCorps", frontmatter.None, "", "Date: le 3 mai\nLieu: Paris\n\nCorps"},
		{"a stage in prose", "Status: nous en parlerons plus tard.\n", frontmatter.None, "", "Status: nous en parlerons plus tard.\n"},
		{"rules around prose", "---\na: 1\n---\n\n---\n\nNote: ceci.\n\n---\n", frontmatter.YAML, "a: 1\n", "\n---\n\nNote: ceci.\n\n---\n"},
		{"a sample", "Voici :\n\n```yaml\n---\ntitle: x\ndraft: true\n---\n```\n", frontmatter.None, "", "Voici :\n\n```yaml\n---\ntitle: x\ndraft: true\n---\n```\n"},
		{"dashes", "— Bonjour, dit-il.\n", frontmatter.None, "", "— Bonjour, dit-il.\n"},
		{"comment", "<!-- à relire -->\nCorps", frontmatter.None, "", "<!-- à relire -->\nCorps"},
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

// Front matter that is not read as such would be text: draft: true and all.
func TestLost(t *testing.T) {
	for text, want := range map[string]string{
		"\n---\ntitle: x\n---\n":                           "2:1 does not open on the first line",
		"\u00a0\u200b\n  ---\ndraft: true\n  ---\n":        "2:3 does not open on the first line",
		"\n{ \"title\": \"x\" }\nCorps":                    "2:1 does not open on the first line",
		"{ title: \"x\", draft: true }\nCorps":             "1:1 key \"title\" of JSON front matter is not in quotes",
		"{\n  'draft': true\n}\n":                          "1:1 key \"draft\" of JSON front matter is not in quotes",
		"{ \"title\": \"x\" } Corps":                       "1:17 text stands on the line that closes the front matter",
		"{ \"title\": \"x\", }\nCorps":                     "1:15 comma stands behind the last element",
		"{ \"draft\": true\nCorps":                         "2:1 comma or colon is missing before \"C\"",
		"title: x\ndraft: true\n\nCorps":                   "1:1 has no fences",
		"Title: x\nDate: 2010-12-03\nStatus: draft\n\n":    "1:1 has no fences",
		"Status: hidden\n\nCorps":                          "1:1 has no fences",
		"title: x\ndate: 2010-12-03\n---\nCorps":           "1:1 has no fences",
		"\"title\": \"x\",\n\"date\": \"2010\"\n;;;\n":     "1:1 has no fences",
		"title = \"x\"\ndraft = true\n\nCorps":             "1:1 has no fences",
		"Tags: a\n  b\nAuthor: é\nDate: 2010\n\n":          "1:1 has no fences",
		"---json\n{ \"title\": \"x\" }\n---\n":             "1:1 opens with \"---json\"",
		"--- yaml\ntitle: x\n---\n":                        "1:1 opens with \"--- yaml\"",
		"+++toml\ntitle = 1\n+++\n":                        "1:1 opens with \"+++toml\"",
		"----\ndraft: true\n----\n":                        "1:1 opens with \"----\"",
		"—\ndraft: true\n—\n":                              "1:1 opens with \"—\"",
		";;;\n\"title\": \"x\"\n;;;\n":                     "1:1 opens with \";;;\"",
		"===\ntitle: x\ndraft: true\n===\nCorps":           "1:1 opens with \"===\"",
		"***\ndraft: true\n***\nCorps":                     "1:1 opens with \"***\"",
		"draft:: true\npublish:: false\n\nCorps":           "1:1 has no fences",
		"<!--\n.. title: x\n.. status: draft\n-->\n":       "1:1 stands in a comment",
		"<!-- draft: true -->\nCorps":                      "1:1 stands in a comment",
		"# Titre\n\n---\ndraft: true\n---\nCorps":          "3:1 does not open on the first line",
		"<!-- x -->\n---\ndraft: true\n---\nCorps":         "2:1 does not open on the first line",
		"---\ntitle: x\n---\n\n---\ndraft: true\n---\n":    "5:1 is the second one",
		"+++\ntitle = 1\n+++\n---\ndraft: true\n---\n":     "4:1 is the second one",
		"---\ntitle: x\n+++\nCorps":                        "1:1 is not closed (close it with ---, as it opens)",
		"+++\ntitle = 1\n---\nCorps":                       "1:1 is not closed (close it with +++, as it opens)",
		"---\n\nUne règle.\n":                              "1:1 is not closed (write *** for a rule",
		"---\ntitle: {{title}}\n---\n":                     "2:8 value {{title}} is a template's (put it in quotes: \"…\"; or leave the folder of templates out: [content] ignore = [\"modèles/**\"])",
		"---\ntags: [{{a}}, b]\n---\n":                     "2:8 value {{a}} is a template's",
		"---\ntags:\n  - <% tp.x %>\n---\n":                "3:5 value <% tp.x %> is a template's",
		"---\ndate: {{date:YYYY-MM-DD}}\n---\n":            "2:7 value {{date:YYYY-MM-DD}} is a template's",
		"+++\ntitle = {{ .Name }}\n+++\n":                  "2:9 value {{ .Name }} is a template's",
		"---\ntitle: \"{{title}}\"\nautre: a {{b}}\n---\n": "",
	} {
		src := diag.NewSource("content/modèles/x.md", []byte(text))
		_, _, list := frontmatter.Parse(src)
		if want == "" {
			if len(list) > 0 {
				t.Errorf("%q gives %v", text, list)
			}
			continue
		}
		place, message, _ := strings.Cut(want, " ")
		if !list.HasErrors() || !strings.HasPrefix(list[0].String(), "content/modèles/x.md:"+place+": error: ") || !strings.Contains(list[0].String(), message) {
			t.Errorf("%q gives %v, want %s", text, list, want)
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
		if m.Format == frontmatter.JSON {
			if opening != "" || text[0] != '{' || text[m.To-1] != '}' || closing != "" {
				t.Fatalf("JSON is %q, with %q and %q around it", text[m.From:m.To], opening, closing)
			}
			return
		}
		if (opening != closing && (closing != "..." || opening != "---")) || opening != "+++" && opening != "---" {
			t.Fatalf("fences are %q and %q", opening, closing)
		}
	})
}
