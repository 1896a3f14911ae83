package markdown

import (
	"fmt"
	"strings"
	"testing"

	"vigie/generator/internal/diag"
)

func TestSections(t *testing.T) {
	src := diag.NewSource("x.md", []byte("Avant **tout**.\n\n## Une\n\nDeux\nlignes.\n\n- un point\n\n### Sous [[bleu]]\n\n## Vide\n\n## Fin\n\nFin.\n"))
	doc, diags := New(Options{Language: "fr"}).Parse(src, 0)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	var b strings.Builder
	for _, s := range doc.Sections() {
		fmt.Fprintf(&b, "%s|%s|%q\n", s.Anchor, s.Heading, s.Text)
	}
	want := "||\"Avant tout.\"\nune|Une|\"Deux lignes.\\nun point\"\nsous-bleu|Sous bleu|\"\"\nvide|Vide|\"\"\nfin|Fin|\"Fin.\"\n"
	if b.String() != want {
		t.Errorf("got\n%swant\n%s", b.String(), want)
	}
	if doc, _ := New(Options{}).Parse(diag.NewSource("x.md", nil), 0); len(doc.Sections()) != 0 {
		t.Error("an empty document has sections")
	}
}
