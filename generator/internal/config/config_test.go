package config_test

import (
	"flag"
	"fmt"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	_ "time/tzdata" // so that timezones do not depend on the machine

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"vigie/generator/internal/config"
	"vigie/generator/internal/diag"
	"vigie/generator/internal/record"
)

var update = flag.Bool("update", false, "rewrite the golden files from what the code gives")

// TestLoad compares what every config of testdata/load.txtar gives, the config or
// the diagnostics, with the file behind it.
func TestLoad(t *testing.T) {
	const archive = "testdata/load.txtar"
	a, err := txtar.ParseFile(archive)
	if err != nil {
		t.Fatal(err)
	}
	if len(a.Files) == 0 || len(a.Files)%2 != 0 {
		t.Fatalf("%s has %d files, want pairs", archive, len(a.Files))
	}
	for i := 0; i < len(a.Files); i += 2 {
		in, want := a.Files[i], &a.Files[i+1]
		if want.Name != strings.TrimSuffix(in.Name, path.Ext(in.Name))+".want" {
			t.Fatalf("%s stands behind %s", want.Name, in.Name)
		}
		t.Run(in.Name, func(t *testing.T) {
			src := diag.NewSource(in.Name, in.Data)
			c, list := config.Load(src)
			got := printed(src, list)
			if len(list) == 0 {
				got = shown(c)
			}
			if *update {
				want.Data = []byte(got)
			}
			if diff := cmp.Diff(string(want.Data), got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
	if *update {
		if err := os.WriteFile(archive, txtar.Format(a), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// printed returns diagnostics as they stand in a pipe, each with its rule and the
// text that it covers.
func printed(src *diag.Source, list diag.List) string {
	var b strings.Builder
	for _, d := range list.Sort() {
		start, end := src.Offset(d.Line, d.Col), src.Offset(d.Line, d.Col+d.Length)
		fmt.Fprintf(&b, "%s [%s] <%s>\n", d, d.Rule, src.Text()[start:end])
		for _, n := range d.Notes {
			fmt.Fprintf(&b, "%s: note: %s\n", n.Position, n.Message)
		}
	}
	return b.String()
}

// shown returns a config as text, every text in French and in English.
func shown(c *config.Config) string {
	var b strings.Builder
	text := func(t config.Text) string { return fmt.Sprintf("%q/%q", t.In("fr"), t.In("en")) }
	fmt.Fprintf(&b, "title %s tagline %s description %s\n", text(c.Title), text(c.Tagline), text(c.Description))
	fmt.Fprintf(&b, "base %s language %s timezone %s paginate %d image %q\n", c.BaseURL, c.Language, c.Location, c.Paginate, c.Image.Value)
	fmt.Fprintf(&b, "unknown %s raw_html %s feeds %d\n", c.UnknownKeys, c.RawHTML, c.FeedLimit)
	if !c.TermLinks {
		b.WriteString("terms are not linked\n")
	}
	for _, l := range c.Languages {
		fmt.Fprintf(&b, "language %+v\n", l)
	}
	for _, k := range c.Kinds {
		fmt.Fprintf(&b, "kind %s title %s folder %q permalink %s layout %s schema %s news %v taxonomies %v properties %v", k.Name, text(k.Title), k.Folder, text(k.Permalink), k.Layout, k.Schema, k.News, k.Taxonomies, k.Properties)
		for _, name := range k.FormNames {
			fmt.Fprintf(&b, " form %s %s", name, text(k.Forms[name]))
		}
		b.WriteByte('\n')
	}
	names := make([]string, 0, len(c.Properties))
	for name := range c.Properties {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		p := c.Properties[name]
		fmt.Fprintf(&b, "property %s title %s type %s unit %s multiple %v", p.Name, text(p.Title), p.Type, text(p.Unit), p.Multiple)
		if !p.Inverse.IsZero() {
			fmt.Fprintf(&b, " inverse %s", text(p.Inverse))
		}
		if len(p.After) > 0 {
			fmt.Fprintf(&b, " after %v", p.After)
		}
		b.WriteByte('\n')
	}
	for _, t := range c.Taxonomies {
		fmt.Fprintf(&b, "taxonomy %s title %s path %s closed %v", t.Name, text(t.Title), text(t.Path), t.Closed)
		for _, name := range t.TermNames {
			fmt.Fprintf(&b, " term %s %s", name, text(t.Terms[name]))
		}
		b.WriteByte('\n')
	}
	for _, menu := range []string{"main", "footer"} {
		for _, e := range c.Menus[menu] {
			fmt.Fprintf(&b, "menu %s page %q url %q title %s\n", menu, e.Page.Value, e.URL.Value, text(e.Title))
		}
	}
	for _, role := range []string{"about", "privacy"} {
		if page, ok := c.Publication[role]; ok {
			fmt.Fprintf(&b, "publication %s %q\n", role, page.Value)
		}
	}
	for _, view := range config.Views {
		if page, ok := c.Views[view]; ok {
			fmt.Fprintf(&b, "view %s %q\n", view, page.Value)
		}
	}
	if d := c.Data; d.MaxShrink != 10 || !d.License.IsZero() || d.LicenseURL.Set || !d.Citation.IsZero() {
		fmt.Fprintf(&b, "data license %s at %q citation %s max_shrink %d\n", text(d.License), d.LicenseURL.Value, text(d.Citation), d.MaxShrink)
	}
	return b.String()
}

// TestOwnSite loads the configuration of the site this repository publishes.
func TestOwnSite(t *testing.T) {
	const file = "../../../config.toml"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	c, list := config.Load(diag.NewSource("config.toml", text))
	if len(list) > 0 {
		t.Fatal(list)
	}
	if len(c.Kinds) < 2 || c.Kinds[0].Name != "article" || !c.Kinds[0].News || c.Kinds[len(c.Kinds)-1].Name != "page" {
		t.Errorf("kinds are %+v", c.Kinds)
	}
	if got := c.Kinds[0].Permalink.In("en"); got != "/news/:slug/" {
		t.Errorf("English permalink of articles is %s", got)
	}
	if tags, ok := c.Taxonomy("tags"); !ok || !tags.Closed || tags.TermNames[0] != "bleu" {
		t.Errorf("tags are %+v", tags)
	}
	if c.DefaultLanguage().Code != "fr" || len(c.Languages) != 2 {
		t.Errorf("languages are %+v", c.Languages)
	}
}

func TestLookups(t *testing.T) {
	c, list := config.Load(diag.NewSource("config.toml", []byte(`
title = "x"
base_url = "https://x.example"
[kinds.guide]
folder = "docs/guide"
[kinds.note]
`)))
	if len(list) > 0 {
		t.Fatal(list)
	}
	for dir, want := range map[string]string{
		"docs/guide":          "guide",
		"docs/guide/avancé/x": "guide",
		"docs/guides":         "",
		"docs":                "",
		"":                    "",
	} {
		if k, ok := c.KindOfFolder(dir); k.Name != want || ok != (want != "") {
			t.Errorf("kind of folder %q is %q, want %q", dir, k.Name, want)
		}
	}
	if k, ok := c.Kind("note"); !ok || k.Name != "note" {
		t.Errorf("kind note is %+v", k)
	}
	if _, ok := c.Kind("notes"); ok {
		t.Error("kind notes is there")
	}
	if _, ok := c.LanguageOf("en"); ok {
		t.Error("language en is there")
	}
}

func TestTextIn(t *testing.T) {
	for _, test := range []struct{ name, toml, lang, want string }{
		{"common", `t = "c"`, "en", "c"},
		{"own", `t = { fr = "f", en = "e" }`, "en", "e"},
		{"default's", `t = { de = "d", fr = "f" }`, "en", "f"},
		{"first by code", `t = { nl = "n", de = "d" }`, "en", "d"},
		{"empty on purpose", `t = { fr = "f", en = "" }`, "en", ""},
		{"none", ``, "en", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			c, _ := config.Load(diag.NewSource("config.toml", []byte("title = \"x\"\nbase_url = \"https://x.example\"\nlanguages = { fr = {}, en = {}, de = {}, nl = {} }\n")))
			src := diag.NewSource("x.toml", []byte(test.toml))
			table, _ := record.ParseTOML(src, 0, len(test.toml))
			var dst struct {
				T config.Text `record:"t"`
			}
			list := table.Decode(&dst, record.DecodeOptions{})
			if list = append(list, c.Resolve(&dst.T)...); len(list) > 0 {
				t.Fatal(list)
			}
			if got := dst.T.In(test.lang); got != test.want || dst.T.IsZero() != (test.toml == "") {
				t.Errorf("text is %q, want %q", got, test.want)
			}
		})
	}
}

// A text that is built, not read, has no language to report.
func TestResolveBuiltText(t *testing.T) {
	c, _ := config.Load(diag.NewSource("config.toml", []byte("title = \"x\"\nbase_url = \"https://x.example\"\n")))
	text := config.Text{ByLanguage: map[string]string{"fr": "f", "de": "d"}}
	if list := c.Resolve(&text); len(list) > 0 || text.In("en") != "f" {
		t.Errorf("text is %q, diagnostics %v", text.In("en"), list)
	}
}

// Load never panics and never gives a nil config; one without errors can be used.
func FuzzLoad(f *testing.F) {
	a, err := txtar.ParseFile("testdata/load.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range a.Files {
		if path.Ext(file.Name) == ".toml" {
			f.Add(file.Data)
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		c, list := config.Load(diag.NewSource("config.toml", text))
		if c == nil {
			t.Fatal("config is nil")
		}
		for _, d := range list {
			if d.Line < 1 || d.Message == "" || d.Rule == "" {
				t.Errorf("diagnostic is incomplete: %+v", d)
			}
		}
		if list.HasErrors() {
			return
		}
		if _, ok := c.Kind("page"); !ok || c.DefaultLanguage().Code != c.Language || c.BaseURL.String() == "" || c.Location == nil {
			t.Errorf("config is incomplete: %+v", c)
		}
	})
}
