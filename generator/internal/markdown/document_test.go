package markdown_test

import (
	"strings"
	"sync"
	"testing"

	"vigie/generator/internal/diag"
	"vigie/generator/internal/markdown"
)

func parse(t *testing.T, lang, body string) *markdown.Document {
	t.Helper()
	d, _ := markdown.New(markdown.Options{Language: lang}).Parse(diag.NewSource("x.md", []byte(body)), 0)
	return d
}

func TestSummary(t *testing.T) {
	const body = "## Titre\n\n> Une citation de Bleu [@a] : *vraiment*, oui.\n\nSuite.\n"
	for _, c := range []struct {
		max  int
		want string
	}{
		{100, "Une citation de Bleu\u00a0: vraiment, oui."},
		{37, "Une citation de Bleu\u00a0: vraiment, oui."},
		{36, "Une citation de Bleu\u00a0: vraiment…"},
		{33, "Une citation de Bleu\u00a0: vraiment…"},
		{32, "Une citation de Bleu…"},
		{17, "Une citation de…"},
		{16, "Une citation de…"},
		{15, "Une citation…"},
		{4, "Une…"},
		{3, "Un…"},
		{1, "…"},
		{0, ""},
	} {
		if got := parse(t, "fr", body).Summary(c.max); got != c.want {
			t.Errorf("Summary(%d) = %q, want %q", c.max, got, c.want)
		}
	}
	if got := parse(t, "fr", "# Titre\n\n- liste\n").Summary(10); got != "" {
		t.Errorf("Summary without a paragraph = %q", got)
	}
}

func TestWords(t *testing.T) {
	for body, want := range map[string]int{
		"":                               0,
		"Vraiment ? Oui ! « Non »":       3,
		"Il y a 10 000 serveurs : 50 %.": 6,
		"l'IA et `du code`":              4,
		"## Un titre\n\ntexte[^1]\n\n```\npas compté\n```\n\n[^1]: note ici": 5,
	} {
		if got := parse(t, "fr", body).Words(); got != want {
			t.Errorf("Words of %q = %d, want %d", body, got, want)
		}
	}
}

func TestTypography(t *testing.T) {
	for _, c := range []struct{ lang, in, want string }{
		{"fr", "L'état : 50% de 10 000 €", "L’état\u00a0: 50\u202f% de 10\u202f000\u202f€"},
		{"fr-CA", "Quoi ?", "Quoi\u202f?"},
		{"fr", "https://example.org/a?b=c; a@example.org; x", "https://example.org/a?b=c; a@example.org; x"},
		{"fr", "de 08:30 à 9:15, C:\\a, 16:9", "de 08:30 à 9:15, C:\\a, 16:9"},
		{"fr", "(voir « l'annexe »).", "(voir «\u202fl’annexe\u202f»)."},
		{"fr", "Bleu, S3NS: \"la suite\"", "Bleu, S3NS\u00a0: «\u202fla suite\u202f»"},
		{"fr", "le 2026 100 fois, 06 12 34", "le 2026 100 fois, 06 12 34"},
		{"fr", "45 M€, 3 ans, 100 MW, 5 Go, 12 jours", "45\u202fM€, 3\u00a0ans, 100\u202fMW, 5\u202fGo, 12\u00a0jours"},
		{"fr", "déjà\u00a0! fait\u202f: oui", "déjà\u202f! fait\u00a0: oui"},
		{"fr", ":) ;) :-) !", ":) ;) :-)\u202f!"},
		{"en", "It's \"here\" -- now...", "It’s “here” – now…"},
		{"en", "Really ? 50 % :", "Really ? 50 % :"},
		{"de", "\"x\" !", "\"x\" !"},
		{"", "l'x", "l'x"},
	} {
		if got := markdown.Typography(c.lang, c.in); got != c.want {
			t.Errorf("Typography(%q, %q) = %q, want %q", c.lang, c.in, got, c.want)
		}
	}
}

// TestHasAnchor lists what a link to a place in the page may name.
func TestHasAnchor(t *testing.T) {
	d := parse(t, "fr", "## Un [@b]\n\nx[^n] y[^n] [@a] [@b]\n\n[^n]: z\n")
	for _, id := range []string{"un", "fn-1", "fnref-1", "fnref-1-2", "cite-1", "cite-3", "source-1", "source-2"} {
		if !d.HasAnchor(id) {
			t.Errorf("no anchor %q", id)
		}
	}
	for _, id := range []string{"", "deux", "fn-2", "cite-4", "source-3"} {
		if d.HasAnchor(id) {
			t.Errorf("anchor %q", id)
		}
	}
}

// TestConcurrentRender renders one document with one converter many times at
// once; the race detector looks on.
func TestConcurrentRender(t *testing.T) {
	c := markdown.New(markdown.Options{Language: "fr"})
	body := "## A\n\n[[bleu]] « x » `y` [@anssi-2026]\n\n```go\nfunc main() {}\n```\n\n![a](photo.jpg \"b\")\n"
	d, _ := c.Parse(diag.NewSource("x.md", []byte(body)), 0)
	want, _ := c.Render(d, site{})
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			again, _ := c.Parse(diag.NewSource("x.md", []byte(body)), 0)
			for _, d := range []*markdown.Document{d, again} {
				if got, _ := c.Render(d, site{}); string(got) != string(want) {
					t.Errorf("concurrent rendering differs:\n%s", got)
				}
			}
			c.RenderFeed(d, site{base: "https://vigie.example"})
			d.Source(site{})
		})
	}
	wait.Wait()
}

// TestLabels checks that the interface's texts come from the caller, escaped.
func TestLabels(t *testing.T) {
	keys := map[string]bool{}
	c := markdown.New(markdown.Options{Label: func(key string, args ...any) string {
		keys[key] = true
		return `<"` + key + `">`
	}})
	d, _ := c.Parse(diag.NewSource("x.md", []byte("## A\n\n> [!TIP]\n> x[^1] [@a]\n\n- [ ] a\n- [x] b\n\n|a|\n|-|\n\n    code\n\n[^1]: n\n")), 0)
	out, _ := c.Render(d, nil)
	for _, key := range []string{"anchor", "callout.tip", "citation", "code.scroll", "footnote.back", "footnotes", "table.scroll", "task.done", "task.open"} {
		if !keys[key] {
			t.Errorf("label %q was not asked for", key)
		}
		if want := "&lt;&quot;" + key + "&quot;&gt;"; !strings.Contains(string(out), want) {
			t.Errorf("no %s in output:\n%s", want, out)
		}
	}
	if strings.Contains(string(out), `<"`) {
		t.Errorf("label not escaped:\n%s", out)
	}
}

func TestInvalidUTF8(t *testing.T) {
	c := markdown.New(markdown.Options{})
	d, diags := c.Parse(diag.NewSource("x.md", []byte("é\n\nœuf \xe9t\xe9\n")), 0)
	if len(diags) != 1 || diags[0].String() != "x.md:3:5: error: byte 0xE9 is not UTF-8 (save the file as UTF-8)" {
		t.Errorf("diagnostics %v", diags)
	}
	if out, _ := c.Render(d, nil); len(out) > 0 {
		t.Errorf("output %q", out)
	}
	if d, _ := c.Parse(diag.NewSource("x.md", []byte("\ufeff# Title\n")), 0); d.Title() != "Title" {
		t.Errorf("title behind a byte order mark %q", d.Title())
	}
}

// TestResolve checks the texts that depend on the names of other pages.
func TestResolve(t *testing.T) {
	d := parse(t, "fr", "## Voir [[bleu]]\n\nPour [[bleu]] : [[bleu|l'offre]], [[perdu]], `a\x02"+"0\x03` b\x021&#3;.\n")
	r := d.Resolve(site{})
	if got, want := d.Text(), "Voir bleu\nPour bleu\u00a0: l’offre, perdu, a0 b1.\n"; got != want {
		t.Errorf("Text = %q, want %q", got, want)
	}
	if got, want := r.Text(), "Voir Bleu\nPour Bleu\u00a0: l’offre, perdu, a0 b1.\n"; got != want {
		t.Errorf("resolved Text = %q, want %q", got, want)
	}
	if got, want := r.Summary(13), "Pour Bleu…"; got != want {
		t.Errorf("resolved Summary = %q, want %q", got, want)
	}
	if h := r.Headings()[0]; h.Text != "Voir Bleu" || h.ID != "voir-bleu" {
		t.Errorf("resolved heading %+v", h)
	}
	if h := d.Headings()[0]; h.Text != "Voir bleu" {
		t.Errorf("heading of the document itself %+v", h)
	}
}
