package sitefuzz

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"vigie/generator/internal/diag"
)

// TestInspect puts one fault at a time into a site that has none, and sees it found.
func TestInspect(t *testing.T) {
	s, _ := read(t, "testdata/cases/plain.txtar")
	dir := t.TempDir()
	s.Write(dir)
	b := Build(dir, themeOf(t))
	if list := Inspect(s, b); len(list) > 0 || b.Files == nil {
		t.Fatal(list, b.Diags)
	}
	edit := func(name, old, fresh string) func(*Built) {
		return func(b *Built) {
			text := string(b.Files[name])
			if !strings.Contains(text, old) {
				t.Fatalf("%s holds no %q", name, old)
			}
			b.Files[name] = []byte(strings.ReplaceAll(text, old, fresh))
		}
	}
	add := func(name, text string) func(*Built) {
		return func(b *Built) { b.Files[name] = []byte(text) }
	}
	say := func(d diag.Diagnostic) func(*Built) {
		return func(b *Built) { b.Diags = append(b.Diags, d.AsWarning()) }
	}
	at := func(file string, line, col int) diag.Position { return diag.Position{File: file, Line: line, Col: col} }
	for _, c := range []struct {
		name  string
		fault func(*Built)
		want  string
	}{
		{"hidden word in a page", edit("a/index.html", "zqxva", "zqxva zqxhdraftxa"), "leak: draft in HTML"},
		{"in other case", edit("a/index.html", "zqxva", "zqxva ZQXHdraftxa"), "leak: draft in HTML"},
		{"in a file's name", add("zqxhdraftxa.html", ""), "leak: draft in the name of a file"},
		{"in the alternate", edit("a/index.md", "zqxva", "zqxhparamsxa"), "leak: params in Markdown alternate"},
		{"lost word", func(b *Built) {
			for name, data := range b.Files {
				if strings.HasSuffix(name, ".html") {
					b.Files[name] = []byte(strings.ReplaceAll(string(data), "zqxva", ""))
				}
			}
		}, "lost: zqxva of content/a.md"},
		{"lost page", func(b *Built) { delete(b.Files, "b/index.html") }, "lost: zqxvc of content/b.md"},
		{"… that links lead to", func(b *Built) { delete(b.Files, "b/index.html") }, "crawl: .*leads to no file"},
		{"damaged index", func(b *Built) {
			for name, data := range b.Files {
				if strings.HasSuffix(name, ".vigie") {
					b.Files[name] = append([]byte("x"), data...)
				}
			}
		}, "index: .* does not open"},
		{"file of no use", add("x.txt", "x"), "unused: x.txt"},
		{"XML that is none", edit("sitemap.xml", "</urlset>", ""), "syntax: sitemap.xml"},
		{"JSON that is none", edit("search/index.json", "{", ""), "syntax: search/index.json"},
		{"bytes that are no text", edit("a/index.html", "zqxva", "zqxva\xff"), "syntax: HTML is no UTF-8"},
		{"control character", edit("a/index.html", "zqxva", "zqxva\x03"), "control: character 0x03 in HTML"},
		{"inline script", edit("a/index.html", "<p>zqxva", "<p>zqxva<script>1</script>"), "crawl: .*script is inline"},
		{"line outside", say(diag.Errorf(at("content/a.md", 99, 1), "r", "page is odd")), "position: line outside"},
		{"column outside", say(diag.Errorf(at("content/a.md", 1, 9), "r", "page is odd")), "position: column outside"},
		{"no such file", say(diag.Errorf(at("content/x.md", 1, 1), "r", "page is odd")), "position: no such file"},
		{"no file at all", say(diag.Errorf(at("sitemap.xml", 0, 0), "r", "page is odd")), "nowhere: "},
		{"no rule", say(diag.Errorf(at("content/a.md", 1, 1), "", "page is odd")), "message: has no rule"},
		{"full stop", say(diag.Errorf(at("content/a.md", 1, 1), "r", "page is odd.")), "message: is no sentence"},
	} {
		faulty := Built{Files: maps.Clone(b.Files), Diags: slices.Clone(b.Diags), Base: b.Base}
		c.fault(&faulty)
		list := Inspect(s, faulty)
		if !slices.ContainsFunc(list, func(f Finding) bool { return regexp.MustCompile("^" + c.want).MatchString(f.String()) }) {
			t.Errorf("%s: found are %v, want %s", c.name, list, c.want)
		}
	}
}

// TestMake makes sites of bytes: the same of the same, most of them different.
func TestMake(t *testing.T) {
	seen := map[string]bool{}
	for seed := range uint64(50) {
		text := string(Make(randomBytes(seed)).Format(""))
		if text != string(Make(randomBytes(seed)).Format("")) {
			t.Fatalf("seed %d gives two sites", seed)
		}
		seen[text] = true
	}
	if len(seen) < 50 {
		t.Errorf("50 seeds give %d sites", len(seen))
	}
	if s := Make(nil); len(s) < 2 {
		t.Errorf("no bytes give %v", s)
	}
	if _, err := os.Stat(root + "/layouts/page.html"); err != nil {
		t.Error(err)
	}
}
