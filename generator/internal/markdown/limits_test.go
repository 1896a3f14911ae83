package markdown_test

import (
	"strings"
	"testing"
	"time"

	"vigie/generator/internal/diag"
	"vigie/generator/internal/markdown"
)

// TestBombs gives the parser what costs the square of its length, or a stack
// frame a byte, in parsers without limits. Each is about half a megabyte; without
// the limits the quickest takes minutes, so that the bound is no matter of luck.
func TestBombs(t *testing.T) {
	staircase := ""
	for i := range 900 {
		staircase += strings.Repeat(" ", 2*i) + "- a\n"
	}
	bombs := map[string]string{
		"quotations":       strings.Repeat("> ", 250_000),
		"lists":            strings.Repeat("- ", 250_000),
		"staircase":        staircase,
		"brackets":         strings.Repeat("[", 500_000),
		"open links":       strings.Repeat("[a](", 125_000),
		"open targets":     strings.Repeat("[a](<b", 80_000),
		"delimiters":       strings.Repeat("a**b_c*d_ ", 50_000),
		"heading":          "# " + strings.Repeat("a**b_c*d_ ", 50_000),
		"cells":            "|a|\n|-|\n|" + strings.Repeat("a**b_c*d_ ", 50_000) + "|\n",
		"wiki links":       strings.Repeat("[[", 250_000),
		"citations":        strings.Repeat("[@a ", 125_000),
		"link definitions": strings.Repeat("[a]: b\n", 70_000),
		"findings":         strings.Repeat("[^x] [[]] `a` \n\n", 30_000) + strings.Repeat("\n[^a]: b", 1000),
	}
	for name, bomb := range bombs {
		t.Run(name, func(t *testing.T) {
			c := markdown.New(markdown.Options{Language: "fr"})
			start := time.Now()
			d, diags := c.Parse(diag.NewSource("bomb.md", []byte(bomb)), 0)
			c.Render(d, site{})
			if took := time.Since(start); took > 3*time.Minute {
				t.Errorf("took %v", took)
			}
			if !diags.HasErrors() {
				t.Error("no error")
			}
			if len(diags) > 201 {
				t.Errorf("%d diagnostics", len(diags))
			}
		})
	}
}

// TestLargeBody reads a body of 10 MB that is large and nothing else.
func TestLargeBody(t *testing.T) {
	if testing.Short() {
		t.Skip("a large body in short mode")
	}
	paragraph := "Un texte [[bleu]] avec « des signes » : *oui* ! " + strings.Repeat("Des mots, 10 000 mots. ", 20) + "\n\n"
	text := strings.Repeat(paragraph, 10<<20/len(paragraph))
	c := markdown.New(markdown.Options{Language: "fr"})
	d, diags := c.Parse(diag.NewSource("large.md", []byte(text)), 0)
	out, more := c.Render(d, site{})
	if len(diags)+len(more) > 0 {
		t.Errorf("unexpected diagnostics: %v %v", diags, more)
	}
	if want := strings.Count(text, "[[bleu]]"); strings.Count(string(out), `<a href="/fournisseurs/bleu/">Bleu</a>`) != want {
		t.Errorf("not all of the %d links are there", want)
	}
}
