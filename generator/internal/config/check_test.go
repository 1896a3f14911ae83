package config_test

import (
	"slices"
	"testing"

	"vigie/generator/internal/config"
	"vigie/generator/internal/diag"
)

const checked = `
title = "x"
base_url = "https://x.example"
languages = { fr = {}, en = {}, de = {} }
[check]
ignore = ["orphan-page", "dead-link"]
translations = ["en"]
[kinds.provider]
review_after = "P18M"
translations = []
[kinds.law]
translations = ["en", "de"]
[kinds.note]
[properties]
staff = { review_after = "P6M" }
adopted = { review_after = "never" }
owner = {}
`

func TestCheck(t *testing.T) {
	c, list := config.Load(diag.NewSource("config.toml", []byte(checked)))
	if len(list) > 0 {
		t.Fatal(list)
	}
	var ignored []string
	for _, f := range c.Check.Ignore {
		ignored = append(ignored, f.Value)
	}
	if want := []string{"orphan-page", "dead-link"}; !slices.Equal(ignored, want) {
		t.Errorf("ignored are %q, want %q", ignored, want)
	}
	for _, test := range []struct{ kind, property, want string }{
		{"provider", "staff", "P6M"},
		{"provider", "adopted", ""},
		{"provider", "owner", "P18M"},
		{"note", "staff", "P6M"},
		{"note", "owner", ""},
	} {
		kind, _ := c.Kind(test.kind)
		if got := c.ReviewAfter(kind, c.Properties[test.property]).String(); got != test.want {
			t.Errorf("%s of %s is reviewed after %q, want %q", test.property, test.kind, got, test.want)
		}
	}
	for name, want := range map[string][]string{"provider": {}, "law": {"en", "de"}, "note": {"en"}, "page": {"en"}} {
		kind, _ := c.Kind(name)
		if got, ok := c.Translations(kind); !ok || !slices.Equal(got, want) {
			t.Errorf("%s is translated into %q, %v, want %q", name, got, ok, want)
		}
	}
}

// A site that says nothing of translations leaves it to its pages.
func TestNoTranslations(t *testing.T) {
	c, _ := config.Load(diag.NewSource("config.toml", []byte("title = \"x\"\nbase_url = \"https://x.example\"\n")))
	kind, _ := c.Kind("page")
	if codes, ok := c.Translations(kind); ok {
		t.Errorf("pages are translated into %q", codes)
	}
}
