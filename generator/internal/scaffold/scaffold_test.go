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
	"vigie/generator/internal/record"
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
review_after = "P18M"
[kinds.dated]
folder = "dated"
permalink = "/dated/:year/:slug/"
[kinds.note]
taxonomies = []
[kinds.page]
layout = "page"
[properties]
staff = { type = "number", unit = "personnes en\n équivalent temps plein" }
owner = { type = "page", multiple = true, review_after = "never" }
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
# slug = "le-point" # the page's address, which the file's name gives
date = 2026-11-21T00:30:00+01:00
description = "" # one or two sentences, shown in lists and by search engines
draft = true
form = "breve" # breve | analyse
authors = ["redaction"]
regions = []
tags = [] # of droit, sante
# sources = [] # ids of content/sources.toml that the page rests on, beside those its text cites with [@id]
+++

`,
		"provider": `content/fournisseurs/le-point.md
+++
title = "Le point"
# slug = "le-point" # the page's address, which the file's name gives
description = "" # one or two sentences, shown in lists and by search engines
draft = true
tags = [] # of droit, sante
regions = []
# sources = [] # ids of content/sources.toml that the page rests on, beside those its text cites with [@id]

# What is known of it. Each statement carries its date and its source, an id of
# content/sources.toml. Properties:
#   staff  number (personnes en équivalent temps plein), reviewed after P18M
#   owner  page, several at a time
#
# [[facts]]
# property = "staff"
# value    = 0
# as_of    = "2026-11" # when it was so: a day, a month or a year
# source   = ""
# status   = "current" # current | announced | disputed | to-confirm | superseded | withdrawn
#
# [[events]]
# date   = "2026-11-21"
# title  = ""
# source = ""
+++

`,
		"dated": `content/dated/le-point.md
+++
title = "Le point"
# slug = "le-point" # the page's address, which the file's name gives
date = 2026-11-21
description = "" # one or two sentences, shown in lists and by search engines
draft = true
authors = ["redaction"]
regions = []
tags = [] # of droit, sante
# sources = [] # ids of content/sources.toml that the page rests on, beside those its text cites with [@id]
+++

`,
		"note": `content/le-point.md
+++
title = "Le point"
# slug = "le-point" # the page's address, which the file's name gives
kind = "note"
description = "" # one or two sentences, shown in lists and by search engines
draft = true
# sources = [] # ids of content/sources.toml that the page rests on, beside those its text cites with [@id]
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

// TestStatements: what stands in comments can be taken over as it is, whatever the type
// of a property.
func TestStatements(t *testing.T) {
	for _, kind := range []string{"text", "number", "date", "url", "page", "boolean"} {
		cfg := load(t, "title = \"x\"\nbase_url = \"https://x.example\"\nkinds.k = { properties = [\"p\"] }\nproperties.p.type = \""+kind+"\"\n")
		k, _ := cfg.Kind("k")
		_, text, err := scaffold.Page(cfg, k, "Titre", now)
		if err != nil {
			t.Fatal(err)
		}
		_, template, ok := strings.Cut(string(text), "#\n# [[facts]]")
		if !ok {
			t.Fatalf("no fact in\n%s", text)
		}
		template = strings.ReplaceAll("# [[facts]]"+strings.TrimSuffix(template, "+++\n\n"), "\n#", "\n")[1:]
		table, list := record.ParseTOML(diag.NewSource("x.md", []byte(template)), 0, len(template))
		if len(list) > 0 {
			t.Fatalf("%s: %v in\n%s", kind, list, template)
		}
		var keys []string
		for _, name := range table.Keys() {
			v, _ := table.Get(name)
			array, _ := v.AsArray()
			for _, element := range array {
				fields, _ := element.AsTable()
				keys = append(keys, fields.Keys()...)
			}
		}
		if want := []string{"property", "value", "as_of", "source", "status", "date", "title", "source"}; !slices.Equal(keys, want) {
			t.Errorf("%s has the keys %q, want %q", kind, keys, want)
		}
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
