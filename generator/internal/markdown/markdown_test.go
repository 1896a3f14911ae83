package markdown_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"vigie/generator/internal/diag"
	"vigie/generator/internal/markdown"
)

var update = flag.Bool("update", false, "rewrite the golden sections of testdata/*.txtar")

// TestCases runs every file of testdata. A file starts with options (lang,
// raw_html, front, title of the front matter, named for a title that is not given, callouts as name=title,
// foreign),
// one a line; in.md is the input, the other sections what is
// wanted: out.html, terms.html (with the glossary of [glossary]), feed.html, twin.md,
// title, toc, text, resolved (the text with the names and values of the site),
// summary, references, citations, quotations, diagnostics (of Parse and Render
// together). out.html and, where
// there are any, diagnostics are always compared.
func TestCases(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no case files: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			archive := txtar.Parse(data)
			got := runCase(t, archive)
			changed := false
			wanted := map[string]bool{}
			for i, section := range archive.Files {
				wanted[section.Name] = true
				if section.Name == "in.md" {
					continue
				}
				text, known := got[section.Name]
				if !known {
					t.Errorf("unknown section %q", section.Name)
					continue
				}
				if diff := cmp.Diff(string(section.Data), text); diff != "" && !*update {
					t.Errorf("%s (-want +got):\n%s", section.Name, diff)
				}
				changed = changed || string(section.Data) != text
				archive.Files[i].Data = []byte(text)
			}
			for _, name := range []string{"out.html", "diagnostics"} {
				if wanted[name] || got[name] == "" {
					continue
				}
				if !*update {
					t.Errorf("unexpected %s:\n%s", name, got[name])
				}
				archive.Files = append(archive.Files, txtar.File{Name: name, Data: []byte(got[name])})
				changed = true
			}
			if *update && changed {
				if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// runCase returns the actual text of every section.
func runCase(t *testing.T, archive *txtar.Archive) map[string]string {
	t.Helper()
	options := markdown.Options{ReservedIDs: []string{"sources"}}
	front, page := "", markdown.Page{Basis: basis}
	for line := range strings.Lines(string(archive.Comment)) {
		key, value, found := strings.Cut(strings.TrimSpace(line), ": ")
		if !found {
			continue
		}
		switch key {
		case "lang":
			options.Language = value
		case "raw_html":
			options.RawHTML = markdown.RawHTML(value)
		case "title":
			page.Title, page.TitleGiven = value, true
		case "callouts":
			options.Callouts = map[string]markdown.Callout{}
			for name := range strings.FieldsSeq(value) {
				name, title, _ := strings.Cut(name, "=")
				options.Callouts[name] = markdown.Callout{Title: title, Like: "tip"}
			}
		case "foreign":
			options.Foreign = value == "true"
		case "named":
			page.Title = value
		case "front":
			front = strings.ReplaceAll(value, `\n`, "\n")
		}
	}
	var in string
	for _, f := range archive.Files {
		if f.Name == "in.md" {
			in = string(f.Data)
		}
	}
	c := markdown.New(options)
	src := diag.NewSource("in.md", []byte(front+in))
	d, diags := c.ParsePage(src, len(front), page)
	html, more := c.Render(d, site{})
	feed, _ := c.RenderFeed(d, site{base: "https://vigie.example"})
	twin, _ := d.Source(site{base: "https://vigie.example"})
	diags = append(diags, more...).Sort()
	if options.RawHTML != markdown.Trust {
		checkHTML(t, string(html))
	}

	linked, _ := c.RenderTerms(d, site{}, glossary(options.Language))
	if options.RawHTML != markdown.Trust {
		checkHTML(t, string(linked))
	}
	got := map[string]string{
		"out.html":   string(html),
		"terms.html": string(linked),
		"resolved":   d.Resolve(site{}).Text(),
		"feed.html":  string(feed),
		"twin.md":    string(twin),
		"title":      d.Title() + "\n",
		"text":       d.Text(),
		"summary":    d.Summary(60) + "\n",
		"words":      fmt.Sprintln(d.Words()),
	}
	for _, h := range d.Headings() {
		pos := src.Position(h.Offset)
		got["toc"] += fmt.Sprintf("%d:%d: h%d #%s %s\n", pos.Line, pos.Col, h.Level, h.ID, h.Text)
	}
	for _, r := range d.References() {
		pos := src.Position(r.Offset)
		got["references"] += fmt.Sprintf("%d:%d: %s target=%q fragment=%q label=%q locator=%q %q\n", pos.Line, pos.Col,
			r.Kind, r.Target, r.Fragment, r.Label, r.Locator, src.Text()[r.Offset:r.Offset+r.Length])
	}
	for _, c := range d.Citations() {
		got["citations"] += fmt.Sprintf("%d %s", c.Number, c.Source)
		for _, u := range c.Uses {
			got["citations"] += fmt.Sprintf(" #%s %q", u.Anchor, u.Locator)
		}
		got["citations"] += "\n"
	}
	for _, q := range d.Quotations() {
		pos := src.Position(q.Offset)
		got["quotations"] += fmt.Sprintf("%d:%d: %q by %q (%s) %q\n", pos.Line, pos.Col, q.Text, q.By, q.Name(), q.Sources)
	}
	for _, found := range diags {
		got["diagnostics"] += fmt.Sprintf("%s [%s] %d\n", found, found.Rule, found.Length)
		for _, n := range found.Notes {
			got["diagnostics"] += fmt.Sprintf("\t%s: %s\n", n.Position, n.Message)
		}
	}
	return got
}

// glossary explains a few terms; "loin" has one that is not to be linked.
func glossary(lang string) markdown.TermLinks {
	return markdown.TermLinks{
		Terms: markdown.NewTerms(lang, []markdown.Term{
			{Name: "Offre hybride", Target: "offre"}, {Name: "offre", Target: "achat"}, {Name: "Région cloud", Target: "region"},
			{Name: "Référentiel national", Target: "referentiel"}, {Name: "Données sensibles", Target: "donnees"},
			{Name: "IaaS", Target: "iaas"}, {Name: "infrastructure à la demande", Target: "iaas"}, {Name: "Immunité", Target: "immunite"},
			{Name: "système d'acquisition", Target: "sad"}, {Name: "air-gap", Target: "air"}, {Name: "air gap", Target: "air"},
			{Name: "Bleu", Target: "bleu", Proper: true}, {Name: "Data Act", Target: "data", Proper: true}, {Name: "J0", Target: "jalons"},
			{Name: "loin", Target: "loin"}, {Name: "immunité", Target: "other"}, {Name: "x", Target: "x"}, {Name: " ", Target: "blank"},
			{Name: "Security policy", Target: "policy"}, {Name: "Œuvre", Target: "oeuvre"},
		}),
		Link: func(target string) (string, bool) { return "/g/" + target + "/", target != "loin" },
	}
}

// basis says what the facts of [site] rest on.
func basis(r markdown.Reference) []string {
	switch r.Target + "." + r.Property + r.Fragment {
	case "bleu.servers":
		return []string{"anssi-2026", "bleu-2025-04.1:a"}
	case ".staff", "bleu.staff-2025-03":
		return []string{"anssi-2026"}
	}
	return nil
}

// site is a small site to resolve against.
type site struct{ base string }

func (s site) Resolve(r markdown.Reference) (markdown.Resolution, *markdown.Problem) {
	pages := map[string]markdown.Resolution{
		"":         {URL: ""},
		"bleu":     {URL: s.base + "/fournisseurs/bleu/", Text: "Bleu"},
		"bleu.md":  {URL: s.base + "/fournisseurs/bleu/"},
		"cloud":    {URL: s.base + "/en/glossary/cloud/", Text: "Trusted cloud", Lang: "en"},
		"l’<été>":  {URL: s.base + "/l-ete/", Text: `L’<été> & "co"`},
		"a (b).md": {URL: s.base + "/a (b)/"},
	}
	images := map[string]markdown.Resolution{
		"jalons.svg": {URL: s.base + "/jalons.1a2b.svg", Width: 640, Height: 480},
		"photo.jpg":  {URL: s.base + "/photo.3c4d.jpg", Width: 1200, Height: 800, SrcSet: s.base + "/photo-600.jpg 600w, " + s.base + "/photo.3c4d.jpg 1200w"},
	}
	sources := map[string]markdown.Resolution{
		"anssi-2026":       {URL: "https://cyber.gouv.fr/catalogue", Title: "ANSSI, 15 septembre 2026"},
		"bleu-2025-04.1:a": {Title: "Bleu, avril 2025"},
	}
	facts := map[string]markdown.Resolution{
		"bleu.servers":       {URL: s.base + "/fournisseurs/bleu/#fait-servers", Text: "10\u202f000\u00a0serveurs", Title: "mars 2025, ANSSI"},
		".staff":             {URL: s.base + "#fait-staff", Text: "130 personnes"},
		"bleu.staff-2025-03": {URL: s.base + "/fournisseurs/bleu/#fait-staff-2025-03", Text: "130 people", TextLang: "en", Lang: "en"},
	}
	known := pages
	switch r.Kind {
	case markdown.KindFact:
		r.Target, r.Fragment = r.Target+"."+r.Property+r.Fragment, ""
		known = facts
	case markdown.KindImage:
		known = images
	case markdown.KindCitation:
		known = sources
	}
	if r.Kind == markdown.KindLink && (strings.Contains(r.Target, "://") || strings.HasPrefix(r.Target, "mailto:")) {
		url := r.Target
		if r.Fragment != "" {
			url += "#" + r.Fragment
		}
		return markdown.Resolution{URL: url, External: !strings.HasPrefix(r.Target, "mailto:")}, nil
	}
	res, ok := known[r.Target]
	if !ok {
		var names []string
		for name := range known {
			names = append(names, name)
		}
		return markdown.Resolution{}, &markdown.Problem{
			Message: fmt.Sprintf("unknown target %q in %s", r.Target, r.Kind), Suggestion: diag.DidYouMean(r.Target, names), Rule: "unknown-target",
		}
	}
	if r.Fragment != "" {
		res.URL += "#" + r.Fragment
	}
	return res, nil
}
