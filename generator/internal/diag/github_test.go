package diag_test

import (
	"strings"
	"testing"

	"vigie/generator/internal/diag"
)

func TestPrintGitHub(t *testing.T) {
	src := diag.NewSource("content/a,b: 100%.md", []byte("é [[x]]\n"))
	list := diag.List{
		src.Errorf(3, 5, "unknown-page", "unknown page %q: 100%%, says\r\n::error::x", "x").
			WithSuggestion("did you mean %q?", "y").
			WithNote(diag.Position{File: "config.toml", Line: 2}, "declared\nhere").AsWarning(),
		diag.Errorf(diag.Position{File: "config.toml"}, "no-config", "file cannot be read"),
		diag.Errorf(diag.Position{}, "interrupted", "build was interrupted"),
	}
	for base, want := range map[string]string{
		"": `::error title=interrupted::build was interrupted
::error file=config.toml,title=no-config::file cannot be read
::warning file=content/a%2Cb%3A 100%25.md,line=1,col=3,endColumn=8,title=unknown-page::unknown page "x": 100%25, says` + "\ufffd" + ` ::error::x (did you mean "y"?)%0Aconfig.toml:2: note: declared here
`,
		"docs/site": `::error title=interrupted::build was interrupted
::error file=docs/site/config.toml,title=no-config::file cannot be read
::warning file=docs/site/content/a%2Cb%3A 100%25.md,line=1,col=3,endColumn=8,title=unknown-page::unknown page "x": 100%25, says` + "\ufffd" + ` ::error::x (did you mean "y"?)%0Adocs/site/config.toml:2: note: declared here
`,
	} {
		var b strings.Builder
		if err := diag.Print(&b, list, diag.PrintOptions{GitHub: true, Base: base, Color: true, Excerpt: true}); err != nil {
			t.Fatal(err)
		}
		if b.String() != want {
			t.Errorf("base %q gives\n%swant\n%s", base, b.String(), want)
		}
	}
}
