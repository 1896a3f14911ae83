package content_test

import (
	"context"
	"testing"
	"testing/fstest"

	"vigie/generator/internal/config"
	"vigie/generator/internal/content"
	"vigie/generator/internal/diag"
)

// TestTitleOfHeading reads pages without front matter: their titles are what their first
// headings say to readers.
func TestTitleOfHeading(t *testing.T) {
	cfg, diags := config.Load(diag.NewSource("config.toml", []byte("title = \"x\"\nbase_url = \"https://x.example/\"\nlanguage = \"fr\"\n")))
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	for heading, want := range map[string]string{
		"# Le *nuage* de `confiance`\n":                     "Le nuage de confiance",
		"# Budget <!-- à revoir --> 2026\n":                 "Budget 2026",
		"# Budget %%à revoir%% 2026\n":                      "Budget 2026",
		"Budget <!-- à revoir -->\n===\n":                   "Budget",
		"# Sur [[bleu]] et [[s3ns|l’autre]]\n":              "Sur bleu et l’autre",
		"# Voir [le site](https://x.example/a_(b)) !\n":     "Voir le site !",
		"# Voir [le site][1] et ![un plan](plan.svg)\n":     "Voir le site et un plan",
		"# Une note[^1] et une source [@anssi, p. 3]\n":     "Une note et une source",
		"# H<sub>2</sub>O ==marqué== <https://x.example>\n": "H2O marqué <https://x.example>",
		"# Un prix < 3 et > 2\n":                            "Un prix < 3 et > 2",
		"# La balise `<!-- x -->` et `[a](b)`\n":            "La balise <!-- x --> et [a](b)",
		"# [1] et [x]\n":                                    "[1] et [x]",
		"# 50 %% de 100 %%\n":                               "50",
		"# <!-- rien -->\n":                                 "Page",
	} {
		files := fstest.MapFS{"page.md": &fstest.MapFile{Data: []byte(heading + "\nTexte.\n")}}
		site, diags := content.Load(context.Background(), files, cfg, content.Options{Now: now})
		if len(diags) > 0 {
			t.Fatal(diags)
		}
		if got := site.PageOf("page.md").Title; got != want {
			t.Errorf("%q gives %q, want %q", heading, got, want)
		}
	}
}
