package markdown_test

import (
	"hash/fnv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/tools/txtar"

	"vigie/generator/internal/diag"
	"vigie/generator/internal/markdown"
)

// oracle answers at random, but always the same to the same question.
type oracle struct{ seed byte }

func (o oracle) Resolve(r markdown.Reference) (markdown.Resolution, *markdown.Problem) {
	h := fnv.New32a()
	h.Write([]byte{o.seed, byte(r.Kind)})
	h.Write([]byte(r.Target + r.Fragment + r.Label))
	n := h.Sum32()
	if n%4 == 0 {
		return markdown.Resolution{}, &markdown.Problem{Message: "reference is unlucky", Rule: "unlucky", Severity: diag.Severity(n >> 8 % 2)}
	}
	res := markdown.Resolution{URL: r.Target + "#" + r.Fragment, External: n%3 == 0}
	if n%5 == 0 {
		res.Text, res.Lang, res.Title = r.Target+`"><script>`, `e"n`, `<b>"`+r.Label
	}
	if n%7 == 0 {
		res.Width, res.Height, res.SrcSet = 10, 20, r.Target+` 1x, " onload="x`
	}
	return res, nil
}

// basis answers as [oracle.Resolve] does.
func (o oracle) basis(r markdown.Reference) []string {
	return []string{"a", "b", "c"}[:(len(r.Target)+int(o.seed))%4]
}

func seedBodies(f *testing.F) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		f.Fatalf("no case files: %v", err)
	}
	for i, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for _, section := range txtar.Parse(data).Files {
			if section.Name == "in.md" {
				f.Add(string(section.Data), byte(i))
			}
		}
	}
	f.Add("[![a](b \"[^1]: c\")](d)\n\n[^1]: e", byte(1))
	f.Add("> [!NOTE]\n> ---\n\n| [[a|b]] |\n|-|\n| `a\\|b` |", byte(2))
	f.Add("- [ ] \n- [x] [[a]]\n\n: a\n\n\ta\n: b", byte(3))
	f.Add("&#2;0&#3; \x020\x03 [[a]] `\x02` ![\x02](b)\n\n## [[a]] &#2;", byte(5))
	f.Add("> [=a.b]\n> — [=c] [@d]\n\n[=#e]: f\n\n| [=a#b] |\n|-|", byte(6))
	f.Add("<details <kbd>\n[r]: b\n</details>", byte(7))
	f.Add("> <details>\n> — [[a]], b\n", byte(8))
	f.Add("<summary>a<\n```\n- b > <details>\n| a |\n", byte(9))
	f.Add("![a](b \"c\nd\")\r\n\r\n\"a\" !\r\n", byte(4))
}

// FuzzRender checks what holds of every body under the policy Error, whatever
// the resolver says.
func FuzzRender(f *testing.F) {
	seedBodies(f)
	f.Fuzz(func(t *testing.T, body string, seed byte) {
		lang := []string{"fr", "en", "de"}[seed%3]
		c := markdown.New(markdown.Options{Language: lang})
		src := diag.NewSource("fuzz.md", []byte("+++\n"+body))
		d, diags := c.ParsePage(src, 4, markdown.Page{Basis: oracle{seed}.basis})
		out, more := c.Render(d, oracle{seed})
		again, _ := c.Render(d, oracle{seed})
		if string(out) != string(again) {
			t.Errorf("second rendering differs:\n%s\n%s", out, again)
		}
		feed, _ := c.RenderFeed(d, oracle{seed})
		linked, _ := c.RenderTerms(d, oracle{seed}, glossary(lang))
		checkHTML(t, string(linked))
		twin, _ := d.Source(oracle{seed})
		if same, _ := d.Source(nil); !strings.Contains(body, "[[") && !strings.Contains(body, "[@") && !strings.Contains(body, "[=") && string(same) != string(markdown.Visible([]byte(strings.TrimPrefix(body, "\ufeff")))) {
			t.Errorf("twin without resolutions differs:\n%q\n%q", body, same)
		}
		c.Parse(diag.NewSource("twin.md", twin), 0)
		for _, found := range slices.Concat(diags, more) {
			if found.Line < 2 && body != "" || found.Col < 1 {
				t.Errorf("position outside the body: %v", found)
			}
			if found.Message == "" || found.Rule == "" || strings.HasSuffix(found.Message, ".") {
				t.Errorf("malformed diagnostic %+v", found)
			}
		}
		for _, r := range d.References() {
			if r.Offset < 4 || r.Length < 1 || r.Offset+r.Length > len(src.Text()) {
				t.Errorf("reference outside the body: %+v", r)
			}
		}
		ids := checkHTML(t, string(out))
		for id := range ids {
			if !d.HasAnchor(id) {
				t.Errorf("anchor %q is not known", id)
			}
		}
		for _, h := range d.Headings() {
			if !ids[h.ID] {
				t.Errorf("heading %q is not in the output", h.ID)
			}
		}
		if len(checkHTML(t, string(feed))) > 0 {
			t.Error("ids in the feed")
		}
		for _, q := range d.Quotations() {
			if strings.ContainsAny(q.Text+q.By, "\x02\x03") || q.Offset < 4 || q.Offset >= len(src.Text()) {
				t.Errorf("malformed quotation %+v", q)
			}
		}
		if resolved := d.Resolve(oracle{seed}); strings.ContainsAny(d.Text()+resolved.Text()+d.Title(), "\x02\x03") {
			t.Errorf("mark in text %q, %q", d.Text(), resolved.Text())
		}
		if n := len([]rune(d.Summary(20))); n > 20 {
			t.Errorf("summary of %d characters", n)
		}
	})
}

// FuzzSanitize checks that sanitized HTML is as harmless and well nested.
func FuzzSanitize(f *testing.F) {
	seedBodies(f)
	f.Fuzz(func(t *testing.T, body string, seed byte) {
		c := markdown.New(markdown.Options{RawHTML: markdown.Sanitize})
		d, _ := c.Parse(diag.NewSource("fuzz.md", []byte(body)), 0)
		out, _ := c.Render(d, oracle{seed})
		checkHTML(t, string(out))
	})
}

// checkHTML checks that out is well nested and cannot run a script, and returns
// its ids.
func checkHTML(t *testing.T, out string) map[string]bool {
	t.Helper()
	ids := map[string]bool{}
	if i := strings.IndexFunc(out, func(r rune) bool { return r < ' ' && r != '\n' && r != '\t' && r != '\r' || r == 0x7f }); i >= 0 {
		t.Errorf("control character %q in output:\n%s", out[i], out)
	}
	var open []string
	links := 0
	for z := html.NewTokenizer(strings.NewReader(out)); ; {
		kind := z.Next()
		if kind == html.ErrorToken {
			break
		}
		token := z.Token()
		switch kind {
		case html.CommentToken, html.DoctypeToken:
			t.Errorf("%v in output:\n%s", kind, out)
		case html.EndTagToken:
			if len(open) == 0 || open[len(open)-1] != token.Data {
				t.Fatalf("</%s> closes %v in output:\n%s", token.Data, open, out)
			}
			open = open[:len(open)-1]
			if token.Data == "a" {
				links--
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			switch token.Data {
			case "script", "style", "iframe", "object", "embed", "form", "input", "meta", "link", "base", "svg", "math":
				t.Errorf("<%s> in output:\n%s", token.Data, out)
			case "a":
				if links++; links > 1 {
					t.Errorf("link within a link in output:\n%s", out)
				}
			}
			for _, a := range token.Attr {
				switch {
				case strings.HasPrefix(a.Key, "on"), a.Key == "style", a.Key == "align", a.Key == "srcdoc":
					t.Errorf("attribute %s in output:\n%s", a.Key, out)
				case a.Key == "href" || a.Key == "src":
					address := strings.ToLower(strings.Map(func(r rune) rune {
						if r <= ' ' || r == 0x7f {
							return -1
						}
						return r
					}, a.Val))
					for _, scheme := range []string{"javascript:", "vbscript:", "data:"} {
						if strings.HasPrefix(address, scheme) {
							t.Errorf("address %q in output:\n%s", a.Val, out)
						}
					}
				case a.Key == "id":
					if ids[a.Val] {
						t.Errorf("id %q twice in output:\n%s", a.Val, out)
					}
					ids[a.Val] = true
				}
			}
			if kind == html.StartTagToken && !slices.Contains([]string{"br", "hr", "img", "wbr", "col"}, token.Data) {
				open = append(open, token.Data)
			}
		}
	}
	if len(open) > 0 {
		t.Errorf("%v left open in output:\n%s", open, out)
	}
	return ids
}

// FuzzTypography checks that typography applied twice is typography applied
// once, and that it touches spaces, quotation marks, dots and dashes alone.
func FuzzTypography(f *testing.F) {
	for _, seed := range []string{
		"Vraiment ? « mot » \"x \"y\" z\" l'été : 10 000 %...", "C: 08:30 :) ;-) a!=b ?! :: « ! » \"!\"", "-- --- \"\" '' '90s O'Neil's", "1 000 000€ 50% 3 ans",
		"\"\"\" 0\"", "0 \"»\"", "0 \"0\"' ", "...!", "a@b«0!", ":0!):", "\"--\"", "« : » ; \"a\" \"b", "\u202f!\u00a0:\n?", "\ufffb \ufffc !",
	} {
		f.Add(seed)
	}
	letters := func(text string) string {
		return strings.Map(func(r rune) rune {
			if strings.ContainsRune(" \n\t\u00a0\u202f\u2009\"'’‘“”«»….-–—", r) {
				return -1
			}
			return r
		}, text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		text = strings.ToValidUTF8(text, "?")
		for _, lang := range []string{"fr", "en", "de"} {
			once := markdown.Typography(lang, text)
			if twice := markdown.Typography(lang, once); twice != once {
				t.Errorf("%s: %q gives %q, which gives %q", lang, text, once, twice)
			}
			if letters(once) != letters(text) {
				t.Errorf("%s: %q lost or gained letters in %q", lang, text, once)
			}
		}
	})
}
