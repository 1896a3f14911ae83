// Package scaffold owns the first version of files that editors go on with: a new
// page of a kind, a new site. It asks nothing it can know and never overwrites.
package scaffold

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"vigie/generator/internal/config"
	"vigie/generator/internal/permalink"
)

// Page returns where a new page of a kind stands, below the site's folder, and its
// text: front matter with what is known filled in and the kind's other keys as
// comments. now is the date given to news.
func Page(cfg *config.Config, kind config.Kind, title string, now time.Time) (name string, text []byte, err error) {
	slug := shorten(permalink.Slug(title))
	if slug == "" {
		return "", nil, fmt.Errorf("title %q gives no file name; use letters or digits", title)
	}
	now = now.In(cfg.Location)
	var b bytes.Buffer
	fmt.Fprintf(&b, "+++\ntitle = %s\n# slug = %q # the page's address, which the file's name gives\n", quote(title), slug)
	if owner, ok := cfg.KindOfFolder(kind.Folder); kind.Name != "page" && (!ok || owner.Name != kind.Name) {
		fmt.Fprintf(&b, "kind = %q\n", kind.Name) // no folder says it
	}
	switch {
	case kind.News:
		slug = now.Format("2006-01-02-") + slug
		fmt.Fprintf(&b, "date = %s\n", now.Format(time.RFC3339))
	case needsDate(cfg, kind):
		fmt.Fprintf(&b, "date = %s\n", now.Format(time.DateOnly))
	}
	b.WriteString("description = \"\" # one or two sentences, shown in lists and by search engines\ndraft = true\n")
	if len(kind.FormNames) > 0 {
		fmt.Fprintf(&b, "form = %q # %s\n", kind.FormNames[0], strings.Join(kind.FormNames, " | "))
	}
	for _, name := range kind.Taxonomies {
		taxonomy, _ := cfg.Taxonomy(name)
		switch {
		case taxonomy.Closed && len(taxonomy.TermNames) == 1:
			fmt.Fprintf(&b, "%s = [%q]\n", name, taxonomy.TermNames[0])
		case taxonomy.Closed:
			fmt.Fprintf(&b, "%s = [] # of %s\n", name, strings.Join(taxonomy.TermNames, ", "))
		default:
			fmt.Fprintf(&b, "%s = []\n", name)
		}
	}
	b.WriteString("# sources = [] # ids of content/sources.toml that the page rests on, beside those its text cites with [@id]\n")
	if len(kind.Properties) > 0 {
		b.WriteString(statements(cfg, kind, now))
	}
	b.WriteString("+++\n\n")
	return filepath.Join("content", filepath.FromSlash(kind.Folder), slug+".md"), b.Bytes(), nil
}

// statements shows, as comments, what a page of a kind may state: its properties with
// their types, and a fact and an event to fill in.
func statements(cfg *config.Config, kind config.Kind, now time.Time) string {
	var b strings.Builder
	b.WriteString("\n# What is known of it. Each statement carries its date and its source, an id of\n# content/sources.toml. Properties:\n")
	width := 0
	for _, name := range kind.Properties {
		width = max(width, len(name))
	}
	for _, name := range kind.Properties {
		property := cfg.Properties[name]
		fmt.Fprintf(&b, "#   %-*s  %s", width, name, property.Type)
		if unit := strings.Join(strings.Fields(property.Unit.In(cfg.Language)), " "); unit != "" {
			fmt.Fprintf(&b, " (%s)", unit)
		}
		if property.Multiple {
			b.WriteString(", several at a time")
		}
		if period := cfg.ReviewAfter(kind, property); !period.IsZero() {
			fmt.Fprintf(&b, ", reviewed after %s", period)
		}
		b.WriteByte('\n')
	}
	first := cfg.Properties[kind.Properties[0]]
	day, month := now.Format(time.DateOnly), now.Format("2006-01")
	fmt.Fprintf(&b, "#\n# [[facts]]\n# property = %q\n# value    = %s\n# as_of    = %q # when it was so: a day, a month or a year\n# source   = \"\"\n"+
		"# status   = \"current\" # current | announced | disputed | to-confirm | superseded | withdrawn\n", first.Name, example(first.Type, month), month)
	fmt.Fprintf(&b, "#\n# [[events]]\n# date   = %q\n# title  = \"\"\n# source = \"\"\n", day)
	return b.String()
}

// example is a value of a type, as TOML.
func example(t config.PropertyType, month string) string {
	switch t {
	case config.TypeNumber:
		return "0"
	case config.TypeDate:
		return quote(month)
	case config.TypeURL:
		return `"https://"`
	case config.TypePage:
		return `"" # a page's name, as in [[name]]`
	case config.TypeBoolean:
		return "true"
	}
	return `""`
}

// maxSlug is the longest file name that is made of a title, in bytes; file systems
// take 255, with the date and the extension.
const maxSlug = 120

// shorten cuts a slug to maxSlug bytes, after a word where it can.
func shorten(slug string) string {
	if len(slug) <= maxSlug {
		return slug
	}
	cut := maxSlug
	for !utf8.RuneStart(slug[cut]) {
		cut--
	}
	if i := strings.LastIndexByte(slug[:cut], '-'); i > 0 && slug[cut] != '-' {
		cut = i
	}
	return slug[:cut]
}

// needsDate tells whether the addresses of a kind's pages are made of their dates.
func needsDate(cfg *config.Config, kind config.Kind) bool {
	for _, lang := range cfg.Languages {
		if _, err := permalink.Expand(kind.Permalink.In(lang.Code), permalink.Values{Slug: "x", Filename: "x"}); err != nil {
			return true
		}
	}
	return false
}

// quote returns text as a TOML string. Only what TOML does not take as it stands is
// escaped, so that editors can read a narrow space or an emoji.
func quote(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < ' ' || r == 0x7f:
			fmt.Fprintf(&b, "\\u%04X", r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// Site returns the files of a small new site, by slash-separated path.
func Site(now time.Time) map[string][]byte {
	date := now.UTC().Format("2006-01-02") // never a day to come in the zone of the new site
	return map[string][]byte{
		"config.toml": []byte(`# Every key is checked: an unknown or mistyped one fails the build.
title       = "Mon site"
description = "Ce que ce site suit, en une phrase."
base_url    = "https://example.org/"
language    = "fr"
timezone    = "Europe/Paris"

[kinds.article]
title      = "Actualités"
folder     = "actualites"
schema     = "NewsArticle"
news       = true
`),
		"content/_index.md": []byte(`+++
title = "Mon site"
description = "Ce que ce site suit, en une phrase."
+++

Ce texte se trouve dans ` + "`content/_index.md`" + `.
`),
		"content/actualites/" + date + "-bienvenue.md": []byte(`+++
title = "Bienvenue"
description = "Le premier article de ce site."
+++

Chaque chiffre porte sa source [@exemple]. Un article renvoie à un autre par son nom : [[a-propos]].

> [!NOTE]
> ` + "`vigie serve`" + ` montre le site, ` + "`vigie new article \"Titre\"`" + ` commence un article.
`),
		"content/a-propos.md": []byte(`+++
title = "À propos"
description = "Qui publie ce site, et pourquoi."
+++

Qui publie ce site, et pourquoi.
`),
		"content/sources.toml": []byte(`# Les publications citées : [@exemple] dans le texte renvoie à celle-ci.
[[sources]]
id        = "exemple"
title     = "Domaines réservés"
publisher = "IANA"
url       = "https://www.iana.org/domains/reserved"
date      = "` + date[:4] + `"
accessed  = "` + date + `"
lang      = "en"
type      = "official"
`),
		".gitignore": []byte("public/\n.vigie/\n"),
	}
}

// ErrExists is returned (wrapped) where a file or folder is there already.
var ErrExists = errors.New("already exists")

// Write writes one new file, making the folders above it. It fails with
// [ErrExists] rather than overwrite.
func Write(name string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s %w", name, ErrExists)
	}
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	return errors.Join(err, f.Close())
}

// Init makes a new site in a folder, which must not exist or be empty. It returns
// the files written, in order.
func Init(dir string, now time.Time) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if len(entries) > 0 {
		return nil, fmt.Errorf("folder %s is not empty; give the name of a new one", dir)
	}
	files := Site(now)
	var names []string
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	for i, name := range names {
		if err := Write(filepath.Join(dir, filepath.FromSlash(name)), files[name]); err != nil {
			return names[:i], err
		}
	}
	return names, nil
}
