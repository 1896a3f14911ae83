package sitetest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"vigie/generator/internal/build"
	"vigie/generator/internal/diag"
)

// buildOn builds the site in a folder by a clock.
func buildOn(t testing.TB, dir string, now time.Time) (*build.Site, diag.List) {
	t.Helper()
	return build.Render(context.Background(), build.Options{Source: dir, Theme: os.DirFS(Root()), Now: now})
}

// ownCopy copies the repository's own site, without the theme, to a folder of the
// test's, where it may be changed.
func ownCopy(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "content"), os.DirFS(filepath.Join(Root(), "content"))); err != nil {
		t.Fatal(err)
	}
	config, err := os.ReadFile(filepath.Join(Root(), "config.toml"))
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "config.toml"), config, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestOneChange changes Bleu's status in one place of the repository's own site, one
// event of its page, and asserts that one build changes everything made of it.
func TestOneChange(t *testing.T) {
	dir := ownCopy(t)
	const page = "content/fournisseurs/bleu.md"
	text, err := os.ReadFile(filepath.Join(dir, page))
	if err != nil {
		t.Fatal(err)
	}
	// The event of J1, which has an id by its date or one of its own, and its first
	// keys; what was revised before counts.
	event := regexp.MustCompile(`(?s)\[\[events\]\]\n((?:[^\[]|\[[^\[])*?milestone = "J1".*?)(\n\[\[events\]\]|\n\+\+\+)`)
	found := event.FindSubmatch(text)
	if found == nil {
		t.Fatal("Bleu's page has no event of J1")
	}
	date := regexp.MustCompile(`(?m)^date = "([^"]*)"`).FindSubmatch(found[1])
	id := regexp.MustCompile(`(?m)^id = "([^"]*)"`).FindSubmatch(found[1])
	if date == nil {
		t.Fatalf("Bleu's event of J1 has no date: %s", found[1])
	}
	name := string(date[1])
	before, revised := string(found[1]), string(found[1])
	if id != nil {
		name = string(id[1])
	} else {
		revised = fmt.Sprintf("id = %q\n%s", name, revised)
	}
	revised = strings.Replace(revised, string(date[0]), `date = "2026-10-05"`, 1)
	revised = strings.Replace(revised, `milestone = "J1"`, `milestone = "J2"`, 1)
	revised += "\n[[events.revisions]]\non = \"2026-11-20\"\nnote = { fr = \"Le jalon atteint est le J2.\", en = \"The milestone reached is J2.\" }\n"

	old := Build(t, dir).Files.FS()
	if err := os.WriteFile(filepath.Join(dir, page), []byte(strings.Replace(string(text), before, revised, 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	changed := Build(t, dir).Files.FS()

	read := func(site fs.FS, name string) string {
		data, err := fs.ReadFile(site, name)
		if err != nil {
			t.Error(err)
		}
		return string(data)
	}
	// rows of a page that speak of a thing, by what begins and ends one
	row := func(page, begin, end, of string) string {
		for _, part := range strings.Split(page, begin)[1:] {
			if part, _, ok := strings.Cut(part, end); ok && strings.Contains(part, of) {
				return part
			}
		}
		return ""
	}
	const bleu = `/fournisseurs/bleu/"`
	for _, c := range []struct {
		what, file     string
		begin, end, of string // "" for the whole file
		then           []string
	}{
		{"board", "ou-en-sont-ils/index.html", "<tr ", "</tr>", bleu, []string{"J2", "2026-10-05"}},
		{"front page's board", "index.html", `<li class="board-row`, "</li>", bleu, []string{"J2", "2026-10-05"}},
		{"infobox", "fournisseurs/bleu/index.html", `class="facts"`, "</section>", "", []string{"J2", "2026-10-05"}},
		{"infobox in English", "en/providers/bleu/index.html", `class="facts"`, "</section>", "", []string{"J2", "2026-10-05"}},
		{"events of the page", "fournisseurs/bleu/index.html", `id="evenement-` + name + `"`, "</li>", "", []string{"J2", "2026-10-05"}},
		{"comparison", "comparer/index.html", "", "", "", []string{"2026-10-05"}},
		{"timeline", "chronologie/index.html", "<li ", "</li>", "/fournisseurs/bleu/#evenement-" + name, []string{"J2", "2026-10-05"}},
		{"deadlines", "echeances/index.html", "<li ", "</li>", "/fournisseurs/bleu/#evenement-" + name, []string{"J2", "2026-10-05"}},
		{"changes", "changements/index.html", "<li ", "</li>", "fournisseurs-bleu-" + name + "-revised", []string{"2026-11-20", "Le jalon atteint est le J2."}},
		{"history of the page", "fournisseurs/bleu/index.html", `class="history"`, "</section>", "", []string{"Le jalon atteint est le J2."}},
		{"feed of changes", "changements/atom.xml", "<entry", "</entry>", "/bleu/" + name + "/revised-2026-11-20", []string{"Le jalon atteint est le J2."}},
		{"feed of Bleu", "fournisseurs/bleu/atom.xml", "<entry", "</entry>", "/bleu/" + name + "/revised-2026-11-20", []string{"Le jalon atteint est le J2."}},
		{"feed in English", "en/changes/feed.json", "", "", "", []string{"The milestone reached is J2."}},
		{"state of the day", "etat/2026-10-05/index.html", "", "", "", []string{"J2"}},
	} {
		part := func(site fs.FS) string {
			whole := read(site, c.file)
			if c.begin == "" {
				return whole
			}
			return row(whole, c.begin, c.end, c.of)
		}
		now := part(changed)
		for _, want := range c.then {
			if !strings.Contains(now, want) {
				t.Errorf("%s (%s) does not say %q: %.600s", c.what, c.file, want, now)
			}
		}
		if _, err := fs.Stat(old, c.file); err == nil && part(old) == now {
			t.Errorf("%s (%s) is as it was", c.what, c.file)
		}
	}

	// The calendar's event is the same, has moved and is one revision on.
	uid := "fournisseurs/bleu/" + name + "@vigie.example"
	for _, file := range []string{"echeances/tout.ics", "fournisseurs/bleu/echeances.ics", "referentiels/secnumcloud/echeances.ics", "en/deadlines/all.ics"} {
		was, is := calendarOf(t, old, file)[uid], calendarOf(t, changed, file)[uid]
		if sequence := func(e entry) (n int) { _, _ = fmt.Sscan(e.Sequence, &n); return n }; sequence(is) != sequence(was)+1 || is.Start != "20261005" || was.Start == is.Start {
			t.Errorf("%s: %s was %+v and is %+v", file, uid, was, is)
		}
	}

	// The data say the same.
	type set struct {
		Rows []map[string]any `json:"rows"`
	}
	data := func(site fs.FS, file, id string) map[string]any {
		var s set
		if err := json.Unmarshal([]byte(read(site, file)), &s); err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(s.Rows, func(row map[string]any) bool { return strings.HasPrefix(row["id"].(string), id) })
		if i < 0 {
			t.Fatalf("%s has no row %s", file, id)
		}
		return s.Rows[i]
	}
	was, is := data(old, "donnees/evenements.json", "bleu/"+name), data(changed, "donnees/evenements.json", "bleu/"+name)
	if is["milestone"] != "J2" || is["date"] != "2026-10-05" || is["revised"] != "2026-11-20" || is["revisions"] != was["revisions"].(float64)+1 {
		t.Errorf("the event's data were %v and are %v", was, is)
	}
	is = data(changed, "donnees/qualifications.json", "bleu/secnumcloud")
	if is["milestone"] != "J2" || is["j2"] != "2026-10-05" {
		t.Errorf("the qualification's data are %v", is)
	}
	for _, file := range []string{"donnees/evenements.csv", "donnees/qualifications.csv", "donnees/datapackage.json"} {
		if read(old, file) == read(changed, file) {
			t.Errorf("%s is as it was", file)
		}
	}
	// What has nothing to do with it keeps its bytes.
	for _, file := range []string{"donnees/sources.csv", "droit/cloud-act/index.md", "fournisseurs/outscale/echeances.ics"} {
		if !bytes.Equal([]byte(read(old, file)), []byte(read(changed, file))) {
			t.Errorf("%s changed", file)
		}
	}
}

// TestMissingSource removes sources from the repository's own site, and asserts that
// the build names every page and fact that rested on them, each at its place.
func TestMissingSource(t *testing.T) {
	site := Own(t)
	facts := map[string][]string{} // by source: "file id"
	pages := map[string]map[string]bool{}
	for _, p := range site.Content.Pages {
		if p.Original != nil {
			continue
		}
		rest := func(id string) {
			if pages[id] == nil {
				pages[id] = map[string]bool{}
			}
			pages[id][p.FileName()] = true
		}
		for _, f := range p.Facts {
			for _, s := range f.Sources {
				facts[s.ID] = append(facts[s.ID], p.FileName()+" fact "+f.ID)
				rest(s.ID)
			}
		}
		for _, e := range p.Events {
			for _, s := range e.Sources {
				facts[s.ID] = append(facts[s.ID], p.FileName()+" event "+e.ID)
				rest(s.ID)
			}
		}
		for _, s := range p.Sources {
			rest(s.ID)
		}
	}
	cited := regexp.MustCompile(`\[@[^\]]*\]`)
	for _, p := range site.Content.Pages { // citations in prose, as they are written
		if p.File == nil {
			continue
		}
		for _, mark := range cited.FindAllString(string(p.File.Text()[p.Body:]), -1) {
			for id := range pages {
				if strings.Contains(mark+" ", "@"+id+"]") || strings.Contains(mark, "@"+id+",") || strings.Contains(mark, "@"+id+";") {
					pages[id][p.FileName()] = true
				}
			}
		}
	}
	// The three that most facts rest on.
	ids := make([]string, 0, len(facts))
	for id := range facts {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b string) int {
		if d := len(facts[b]) - len(facts[a]); d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
	dir := ownCopy(t)
	text, err := os.ReadFile(filepath.Join(dir, "content", "sources.toml"))
	if err != nil {
		t.Fatal(err)
	}
	ids = ids[:3]
	for _, id := range ids {
		without := regexp.MustCompile(`(?s)\[\[sources\]\]\s+id\s*=\s*"`+regexp.QuoteMeta(id)+`".*?(\n\[\[|$)`).ReplaceAll(text, []byte("$1"))
		if bytes.Equal(without, text) {
			t.Fatalf("source %s does not stand in sources.toml", id)
		}
		text = without
	}
	if err := os.WriteFile(filepath.Join(dir, "content", "sources.toml"), text, 0o644); err != nil {
		t.Fatal(err)
	}
	_, diags := buildOn(t, dir, Now)
	for _, d := range diags {
		if d.Severity == diag.Error && d.Rule != "unknown-source" {
			t.Errorf("another mistake is told: %s", d)
		}
	}
	for _, id := range ids {
		var summary string
		named := map[string]bool{}
		placed := map[string]bool{}
		for _, d := range diags {
			switch {
			case d.Severity != diag.Error || !strings.Contains(d.Message, strconv.Quote(id)):
			case d.Line == 0:
				summary = d.Message
			default:
				if d.Col == 0 || !strings.Contains(d.Text, id) {
					t.Errorf("without %s: not at its place: %s (%s)", id, d, d.Text)
				}
				placed[d.File] = true
				if _, statement, ok := strings.Cut(d.Message, `" of `); ok {
					named[d.File+" "+statement] = true
				}
			}
		}
		for _, want := range facts[id] {
			if !named[want] {
				t.Errorf("without %s the build does not name %s", id, want)
			}
			if _, statement, _ := strings.Cut(want, " "); !strings.Contains(summary, strings.Fields(statement)[1]) {
				t.Errorf("without %s the summary leaves out %s: %s", id, want, summary)
			}
		}
		for page := range pages[id] {
			if !placed[page] || !strings.Contains(summary, page) {
				t.Errorf("without %s the build does not name %s: %s", id, page, summary)
			}
		}
		t.Logf("%s: %d statements on %d pages", id, len(facts[id]), len(pages[id]))
	}
}

// TestCorrections builds a small site with corrections, and asserts that they are told
// where readers look: on the page, on the page of corrections, in the feed, in the
// Markdown twin and in the page's metadata.
func TestCorrections(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"config.toml": `title = "Essai"
base_url = "https://example.org/"
[languages.fr]
[languages.en]
[kinds.article]
folder = "a"
news = true
schema = "NewsArticle"
[publication]
corrections = "errata"
`,
		"content/errata.md":    "+++\ntitle = \"Errata\"\n+++\nCe que nous avons corrigé.\n",
		"content/errata.en.md": "+++\ntitle = \"Errata\"\n+++\nWhat we corrected.\n",
		"content/a/un.md": `+++
title = "Un"
date = 2026-01-02
[[corrections]]
on = "2026-01-05"
note = { fr = "Il fallait lire 200 & non 300.", en = "It should have read 200." }
[[corrections]]
on = "2026-02-03"
note = "Deux fois."
+++
Un texte. [Suivre les corrections](/errata/atom.xml).
`,
		"content/a/un.en.md": "+++\ntitle = \"One\"\n+++\nA text.\n",
		"content/a/deux.md":  "+++\ntitle = \"Deux\"\ndate = 2026-01-03\n+++\nUn texte.\n",
	} {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	files := Build(t, dir).Files.FS()
	for name, wants := range map[string][]string{
		"a/un/index.html":        {`class="corrections"`, "Correction du 5 janvier 2026", "Il fallait lire 200 &amp; non 300.", "Correction du 3 février 2026", `class="dt-updated" datetime="2026-02-03"`, `href="/errata/"`, `"@type":"CorrectionComment"`},
		"en/a/un/index.html":     {"It should have read 200.", `<span lang="fr">Deux fois.</span>`, `href="/en/errata/"`},
		"a/un/index.md":          {"- Correction du 5 janvier 2026\u00a0: Il fallait lire 200 & non 300."},
		"errata/index.html":      {`class="correction-log"`, `<a href="/a/un/">Un</a>`, "Deux fois.", `href="/errata/atom.xml"`},
		"errata/atom.xml":        {"tag:example.org,2025-01-01:/changes/fr/a/un/corrected-2026-01-05", "Il fallait lire 200 &amp; non 300.", "Deux fois."},
		"en/errata/feed.json":    {"It should have read 200.", "https://example.org/en/a/un/"},
		"a/deux/index.html":      {"Deux"},
		"changements/index.html": nil,
	} {
		data, err := fs.ReadFile(files, name)
		if wants == nil {
			if err == nil {
				t.Errorf("%s is there, and nothing asked for it", name)
			}
			continue
		}
		if err != nil {
			t.Error(err)
		}
		for _, want := range wants {
			if !strings.Contains(string(data), want) {
				t.Errorf("%s does not hold %q", name, want)
			}
		}
	}
	if data, _ := fs.ReadFile(files, "a/deux/index.html"); strings.Contains(string(data), "Correction du") {
		t.Error("a page without corrections tells of one")
	}
	atom, _ := fs.ReadFile(files, "errata/atom.xml")
	if first, second := bytes.Index(atom, []byte("corrected-2026-02-03")), bytes.Index(atom, []byte("corrected-2026-01-05")); first < 0 || second < first {
		t.Errorf("the newest correction does not come first: %s", atom)
	}
}
