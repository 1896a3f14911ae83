package scaffold_test

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // so that timezones do not depend on the machine

	"vigie/generator/internal/config"
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

// TestPageName: titles make file names that every system takes.
func TestPageName(t *testing.T) {
	cfg := load(t, kinds)
	kind, _ := cfg.Kind("article")
	for title, want := range map[string]string{
		"L’été : « le point »":               "2026-11-21-l-ete-le-point.md",
		"../../etc/passwd":                   "2026-11-21-etc-passwd.md",
		strings.Repeat("mot ", 100):          "2026-11-21-" + strings.Repeat("mot-", 29) + "mot.md",
		strings.Repeat("x", 300):             "2026-11-21-" + strings.Repeat("x", 120) + ".md",
		strings.Repeat("日", 100):             "2026-11-21-" + strings.Repeat("日", 40) + ".md",
		strings.Repeat("x", 120) + " un mot": "2026-11-21-" + strings.Repeat("x", 120) + ".md",
	} {
		file, _, err := scaffold.Page(cfg, kind, title, now)
		if got := filepath.ToSlash(file); err != nil || got != "content/actualites/"+want {
			t.Errorf("%.20q gives %q, %v, want %q", title, got, err, want)
		}
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
