package build_test

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"
	_ "time/tzdata" // so that timezones do not depend on the machine

	"vigie/generator/internal/build"
	"vigie/generator/internal/scaffold"
)

var now = time.Date(2026, 11, 20, 23, 30, 0, 0, time.UTC)

var theme = os.DirFS(filepath.Join("..", "..", ".."))

// write makes a site's folder of files by slash-separated path.
func write(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := scaffold.Write(filepath.Join(dir, filepath.FromSlash(name)), []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// kinds declares one kind for each way in which a new page may differ.
const kinds = `title = "Essai"
base_url = "https://example.org/"
timezone = "Europe/Paris"
[kinds.article]
folder = "actualites"
news = true
forms = { breve = "Brève", analyse = "Analyse" }
[kinds.provider]
folder = "fournisseurs"
taxonomies = ["tags", "regions"]
properties = ["staff", "owner"]
[kinds.dated]
folder = "dated"
permalink = "/dated/:year/:slug/"
[kinds.note]
taxonomies = []
[kinds.page]
layout = "page"
[properties]
staff = { type = "number" }
owner = { type = "page" }
[taxonomies.regions]
[taxonomies.authors]
closed = true
terms = { redaction = "La rédaction" }
[taxonomies.tags]
closed = true
terms = { droit = "Droit", sante = "Santé" }
`

// TestNewPages starts a page of every kind, with every sort of title, and builds the
// site that they make: it is without fault, with and without its drafts.
func TestNewPages(t *testing.T) {
	own, err := fs.ReadFile(theme, build.ConfigFile)
	if err != nil {
		t.Fatal(err)
	}
	// Our own menus and publication name pages that are not there.
	text, _, _ := strings.Cut(string(own), "[publication]")
	titles := []string{
		"L’été 2026 : le point",
		`Guillemets "droits" et \ barre`,
		"Espace\u202ffine 🙂 et \u00a0 insécable",
		strings.Repeat("Un titre sans fin ", 30),
		"2026-11-21",
	}
	for name, config := range map[string]string{"one of each": kinds, "our own": text} {
		t.Run(name, func(t *testing.T) {
			dir := write(t, map[string]string{"config.toml": config, "static/og.png": read(t, "static/og.png")})
			cfg, diags := build.LoadConfig(build.Options{Source: dir})
			if diags.HasErrors() {
				t.Fatal(diags[0])
			}
			for _, kind := range cfg.Kinds {
				for i, title := range titles {
					file, page, err := scaffold.Page(cfg, kind, fmt.Sprintf("%s %s %d", title, kind.Name, i), now)
					if err == nil {
						err = scaffold.Write(filepath.Join(dir, file), page)
					}
					if err != nil && i != 3 { // all endless titles are cut to the same name
						t.Fatal(err)
					}
				}
			}
			for _, drafts := range []bool{false, true} {
				site, diags := build.Render(context.Background(), build.Options{Source: dir, Theme: theme, Now: now, Drafts: drafts})
				for _, d := range diags {
					t.Errorf("drafts %v: %s", drafts, d)
				}
				if want := len(cfg.Kinds); drafts && len(site.Counts.ByKind) != want || !drafts && site.Counts.Pages != 0 {
					t.Errorf("drafts %v: counts are %+v, want pages of %d kinds", drafts, site.Counts, want)
				}
			}
		})
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := fs.ReadFile(theme, name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestNewSite: a new site is without fault, wherever on Earth it is made.
func TestNewSite(t *testing.T) {
	for _, zone := range []string{"UTC", "Asia/Tokyo", "Pacific/Honolulu"} {
		location, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		at := now.In(location)
		dir := filepath.Join(t.TempDir(), "site")
		if _, err := scaffold.Init(dir, at); err != nil {
			t.Fatal(err)
		}
		site, diags := build.Render(context.Background(), build.Options{Source: dir, Theme: theme, Now: at})
		for _, d := range diags {
			t.Errorf("%s: %s", zone, d)
		}
		if site.Counts.Hidden != 0 || site.Counts.ByKind["article"] != 1 {
			t.Errorf("%s: counts are %+v", zone, site.Counts)
		}
	}
}

func TestSources(t *testing.T) {
	const config = "title = \"Essai\"\nbase_url = \"https://example.org/\"\n"
	for name, c := range map[string]struct {
		files   map[string]string
		options build.Options
		want    string
	}{
		"no configuration":    {map[string]string{"content/a.md": "# A"}, build.Options{}, "config.toml: error: file cannot be read: "},
		"no content":          {map[string]string{"config.toml": config}, build.Options{}, "content: error: folder cannot be read: "},
		"content is a file":   {map[string]string{"config.toml": config, "content": "x"}, build.Options{}, "content: error: "},
		"binary config":       {map[string]string{"config.toml": "title = \"\xff\"", "content/a.md": "# A"}, build.Options{}, "config.toml:1:10: error: byte 0xFF is not UTF-8"},
		"base URL":            {map[string]string{"config.toml": config, "content/a.md": "# A"}, build.Options{BaseURL: "example.org"}, "--base-url: error: base URL \"example.org\" is not absolute"},
		"layouts is a file":   {map[string]string{"config.toml": config, "content/a.md": "# A", "layouts": "x"}, build.Options{}, "layouts/i18n/fr.toml: error: interface texts for language \"fr\" cannot be read: not a directory"},
		"mistake and warning": {map[string]string{"config.toml": config, "content/a.de.md": "# A", "content/b.md": "[[c]]"}, build.Options{}, "content/a.de.md:1:1: warning: "},
	} {
		t.Run(name, func(t *testing.T) {
			c.options.Source, c.options.Theme, c.options.Now = write(t, c.files), theme, now
			_, diags := build.Render(context.Background(), c.options)
			if !diags.HasErrors() || !strings.HasPrefix(diags[0].String(), c.want) {
				t.Errorf("got %v, want %q first", diags, c.want)
			}
			destination := filepath.Join(c.options.Source, "public")
			if _, _, diags := build.Publish(context.Background(), c.options, destination); !diags.HasErrors() {
				t.Error("it was published")
			}
			if _, err := os.Stat(destination); err == nil {
				t.Error("a folder was made for a site with errors")
			}
		})
	}
}

// TestBaseURL: the option replaces the configuration's base URL.
func TestBaseURL(t *testing.T) {
	dir := write(t, map[string]string{"config.toml": "title = \"Essai\"\nbase_url = \"https://example.org/\"\n", "content/a.md": "# A"})
	site, diags := build.Render(context.Background(), build.Options{Source: dir, Theme: theme, Now: now, BaseURL: "http://localhost:8080/docs"})
	if diags.HasErrors() {
		t.Fatal(diags[0])
	}
	page, _ := site.Files.Get("a/index.html")
	if !strings.Contains(string(page), `href="http://localhost:8080/docs/a/"`) || strings.Contains(string(page), "example.org") {
		t.Errorf("page is\n%s", page)
	}
}

// TestThemeAlone: a theme is layouts and static files in any file system.
func TestThemeAlone(t *testing.T) {
	dir := write(t, map[string]string{
		"config.toml": "title = \"Essai\"\nbase_url = \"https://example.org/\"\n", "content/a.md": "# A",
		"layouts/page.html": "own {{.Title}}",
	})
	memory := fstest.MapFS{"static/x.txt": {Data: []byte("x")}}
	for _, name := range []string{"home", "section", "taxonomy", "tag", "archives", "archive", "search", "not-found", "redirect", "page"} {
		memory["layouts/"+name+".html"] = &fstest.MapFile{Data: []byte("theme {{.Title}}")}
	}
	memory["layouts/i18n/fr.toml"] = &fstest.MapFile{Data: []byte(read(t, "layouts/i18n/fr.toml"))}
	site, diags := build.Render(context.Background(), build.Options{Source: dir, Theme: memory, Now: now})
	for _, d := range diags {
		t.Error(d)
	}
	for name, want := range map[string]string{"a/index.html": "own A", "index.html": "theme Essai", "x.txt": "x"} {
		if got, _ := site.Files.Get(name); string(got) != want {
			t.Errorf("%s holds %q, want %q", name, got, want)
		}
	}
}
