package scaffold_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
	_ "time/tzdata" // so that timezones do not depend on the machine

	"vigie/generator/internal/config"
	"vigie/generator/internal/content"
	"vigie/generator/internal/diag"
	"vigie/generator/internal/scaffold"
)

// now is late in the evening in London and the next day in Paris.
var now = time.Date(2026, 11, 20, 23, 30, 0, 0, time.UTC)

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

func load(t *testing.T, text string) *config.Config {
	t.Helper()
	cfg, diags := config.Load(diag.NewSource("config.toml", []byte(text)))
	if diags.HasErrors() {
		t.Fatal(diags[0])
	}
	return cfg
}

// TestPage makes a page of every kind and loads the site that they make: each is of
// its kind, has its title and hides as a draft.
func TestPage(t *testing.T) {
	own, err := os.ReadFile(filepath.Join("..", "..", "..", "config.toml"))
	if err != nil {
		t.Fatal(err)
	}
	titles := []string{
		"L’été 2026 : le point",
		`Guillemets "droits" et \ barre`,
		"Commande\x07 \u202f espace fine 🙂",
		strings.Repeat("Un titre sans fin ", 30),
		"2026-11-21",
	}
	for name, text := range map[string]string{"one of each": kinds, "our own": string(own)} {
		cfg := load(t, text)
		for _, kind := range cfg.Kinds {
			for _, title := range titles {
				t.Run(fmt.Sprintf("%s/%s/%.20q", name, kind.Name, title), func(t *testing.T) {
					file, page, err := scaffold.Page(cfg, kind, title, now)
					if err != nil {
						t.Fatal(err)
					}
					inside, ok := strings.CutPrefix(filepath.ToSlash(file), "content/")
					if base := filepath.Base(file); !ok || len(base) > 255 || strings.HasSuffix(base, "-.md") {
						t.Fatalf("page stands in %q", file)
					}
					files := fstest.MapFS{inside: {Data: page}}
					for _, drafts := range []bool{false, true} {
						site, diags := content.Load(context.Background(), files, cfg, content.Options{Now: now, Drafts: drafts})
						for _, d := range diags {
							t.Errorf("drafts %v: %s", drafts, d)
						}
						if !drafts {
							if len(site.Hidden) != 1 {
								t.Error("the page is no draft")
							}
							continue
						}
						p := site.PageOf(inside)
						if p == nil || p.Title != strings.TrimSpace(title) || p.Kind.Name != kind.Name {
							t.Errorf("page is %+v", p)
						}
					}
				})
			}
		}
	}
}

// TestPageText shows what editors find.
func TestPageText(t *testing.T) {
	cfg := load(t, kinds)
	for name, want := range map[string]string{
		"article": `content/actualites/2026-11-21-le-point.md
+++
title = "Le point"
date = 2026-11-21T00:30:00+01:00
description = "" # one or two sentences, shown in lists and by search engines
draft = true
form = "breve" # breve | analyse
authors = ["redaction"]
regions = []
tags = [] # of droit, sante
+++

`,
		"provider": `content/fournisseurs/le-point.md
+++
title = "Le point"
description = "" # one or two sentences, shown in lists and by search engines
draft = true
tags = [] # of droit, sante
regions = []

# Each statement carries its date and its source, an id of content/sources.toml.
# property: staff, owner
# [[facts]]
# property = "staff"
# value    = ""
# as_of    = "2026-11"
# source   = ""
# status   = "current" # current | announced | disputed | to-confirm | superseded | withdrawn
+++

`,
		"dated": `content/dated/le-point.md
+++
title = "Le point"
date = 2026-11-21
description = "" # one or two sentences, shown in lists and by search engines
draft = true
authors = ["redaction"]
regions = []
tags = [] # of droit, sante
+++

`,
		"note": `content/le-point.md
+++
title = "Le point"
kind = "note"
description = "" # one or two sentences, shown in lists and by search engines
draft = true
+++

`,
	} {
		kind, _ := cfg.Kind(name)
		file, text, err := scaffold.Page(cfg, kind, "Le point", now)
		if got := filepath.ToSlash(file) + "\n" + string(text); err != nil || got != want {
			t.Errorf("%v, got\n%s\nwant\n%s", err, got, want)
		}
	}
	kind, _ := cfg.Kind("page")
	if _, _, err := scaffold.Page(cfg, kind, "?!", now); err == nil {
		t.Error("a title without letters gives no error")
	}
}

// TestSite loads the new site, which must be without fault.
func TestSite(t *testing.T) {
	files := fstest.MapFS{}
	var cfg *config.Config
	for name, text := range scaffold.Site(now) {
		if name == "config.toml" {
			cfg = load(t, string(text))
		}
		if inside, ok := strings.CutPrefix(name, "content/"); ok {
			files[inside] = &fstest.MapFile{Data: text}
		}
	}
	site, diags := content.Load(context.Background(), files, cfg, content.Options{Now: now})
	for _, d := range diags {
		t.Error(d)
	}
	if len(site.Hidden) != 0 || len(site.News("fr")) != 1 {
		t.Errorf("new site hides %d pages and has %d news", len(site.Hidden), len(site.News("fr")))
	}
}

func TestWrite(t *testing.T) {
	name := filepath.Join(t.TempDir(), "a", "b", "c.md")
	if err := scaffold.Write(name, []byte("one")); err != nil {
		t.Fatal(err)
	}
	if err := scaffold.Write(name, []byte("two")); !errors.Is(err, scaffold.ErrExists) {
		t.Errorf("a second write gives %v, want ErrExists", err)
	}
	if text, err := os.ReadFile(name); err != nil || string(text) != "one" {
		t.Errorf("file holds %q, %v", text, err)
	}
}

func TestInit(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	names, err := scaffold.Init(dir, now)
	if err != nil {
		t.Fatal(err)
	}
	if want := slices.Sorted(maps.Keys(scaffold.Site(now))); !slices.Equal(names, want) {
		t.Errorf("wrote %v, want %v", names, want)
	}
	if _, err := scaffold.Init(dir, now); err == nil {
		t.Error("a second site in the same folder gives no error")
	}
	file := filepath.Join(dir, "config.toml")
	if _, err := scaffold.Init(file, now); err == nil {
		t.Error("a site in a file gives no error")
	}
}
