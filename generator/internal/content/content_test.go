package content_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
	_ "time/tzdata" // so that timezones do not depend on the machine

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"vigie/generator/internal/config"
	"vigie/generator/internal/content"
	"vigie/generator/internal/diag"
)

var update = flag.Bool("update", false, "rewrite the golden files from what the code gives")

// now is the clock of the cases that give no other.
var now = time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)

// site is one case: config.toml, files below content/, and what is asked of them.
type site struct {
	cfg     *config.Config
	files   fstest.MapFS
	options content.Options
	lookups []string // "fr name" a line
	diags   diag.List
}

// read sorts the files of an archive.
func read(t *testing.T, files []txtar.File) site {
	t.Helper()
	s := site{files: fstest.MapFS{}, options: content.Options{Now: now}}
	for _, f := range files {
		name, isContent := strings.CutPrefix(f.Name, "content/")
		switch {
		case isContent:
			s.files[name] = &fstest.MapFile{Data: f.Data}
		case f.Name == "config.toml":
			s.cfg, s.diags = config.Load(diag.NewSource(f.Name, f.Data))
		case f.Name == "lookup":
			s.lookups = strings.Split(strings.TrimSpace(string(f.Data)), "\n")
		case f.Name == "options":
			for word := range strings.FieldsSeq(string(f.Data)) {
				key, value, _ := strings.Cut(word, "=")
				switch key {
				case "drafts":
					s.options.Drafts = true
				case "future":
					s.options.Future = true
				case "now":
					at, err := time.Parse(time.RFC3339, value)
					if err != nil {
						t.Fatal(err)
					}
					s.options.Now = at
				default:
					t.Fatalf("unknown option %q", word)
				}
			}
		default:
			t.Fatalf("file %s is no part of a site", f.Name)
		}
	}
	if s.cfg == nil {
		t.Fatal("case has no config.toml")
	}
	return s
}

// TestSites loads the sites of testdata and compares what was understood, or what
// is wrong, with the file want.
func TestSites(t *testing.T) {
	names, err := filepath.Glob(filepath.Join("testdata", "*.txtar"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			last := len(archive.Files) - 1
			if last < 0 || archive.Files[last].Name != "want" {
				t.Fatalf("%s does not end with a file want", name)
			}
			in := read(t, archive.Files[:last])
			if in.diags.HasErrors() {
				t.Fatal(in.diags[0])
			}
			loaded, diags := content.Load(context.Background(), in.files, in.cfg, in.options)
			got := dump(loaded, diags, in.lookups)
			if *update {
				archive.Files[last].Data = []byte(got)
				if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(string(archive.Files[last].Data), got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// dump writes what is known of a site, leaving out what is empty.
func dump(s *content.Site, diags diag.List, lookups []string) string {
	var b strings.Builder
	for _, d := range diags {
		fmt.Fprintln(&b, d)
		for _, n := range d.Notes {
			fmt.Fprintf(&b, "  %s: note: %s\n", n.Position, n.Message)
		}
	}
	for _, p := range s.Pages {
		dumpPage(&b, p)
	}
	for _, p := range s.Hidden {
		fmt.Fprintf(&b, "hidden %s %s: %s\n", p.Lang, p.Path, s.WhyHidden(p))
	}
	for _, section := range s.Sections {
		fmt.Fprintf(&b, "section %s %s: %s\n", section.Page.Lang, section.Dir, titles(section.Pages))
		for _, sub := range section.Subsections {
			fmt.Fprintf(&b, "  below it: %s\n", sub.Dir)
		}
	}
	for _, t := range s.Terms {
		fmt.Fprintf(&b, "term %s %s/%s %q %s: %s\n", t.Lang, t.Taxonomy, t.Name, t.Title, t.Path, titles(t.Pages))
	}
	for _, lang := range s.Config.Languages {
		if news := s.News(lang.Code); len(news) > 0 {
			fmt.Fprintf(&b, "news %s: %s\n", lang.Code, titles(news))
		}
	}
	for _, source := range s.Sources {
		fmt.Fprintf(&b, "source %s %s %s %s %q\n", source.ID, source.Type, source.Date, source.Publisher, source.Title)
	}
	for _, e := range s.Events {
		fmt.Fprintf(&b, "event %s#%s %s %q %s expires %s by %s from %s\n", e.Page.Path, e.ID, e.Date, e.Title.In(s.Config.Language), e.Milestone, e.Expires, titles(e.Actors), sources(e.Sources))
	}
	if len(s.Resources) > 0 {
		var names []string
		for name := range s.Resources {
			names = append(names, name)
		}
		slices.Sort(names)
		fmt.Fprintf(&b, "resources: %s\n", strings.Join(names, ", "))
	}
	for _, line := range lookups {
		lang, name, _ := strings.Cut(line, " ")
		page, candidates := s.Lookup(lang, name)
		switch {
		case page != nil:
			fmt.Fprintf(&b, "[[%s]] in %s: %s in %s\n", name, lang, page.Path, page.Lang)
		default:
			fmt.Fprintf(&b, "[[%s]] in %s: none of %d %s\n", name, lang, len(candidates), strings.Join(candidates, ", "))
		}
	}
	return b.String()
}

func dumpPage(b *strings.Builder, p *content.Page) {
	what := p.Kind.Name
	switch {
	case p.IsHome:
		what = "home"
	case p.IsSection:
		what = "index of " + what
	}
	if p.IsBundle {
		what += " with folder"
	}
	if p.File == nil {
		what += ", made up"
	}
	fmt.Fprintf(b, "%s %s %q (%s)\n", p.Lang, p.SitePath, p.Title, what)
	show := func(key string, value any) {
		if text := fmt.Sprint(value); text != "" && text != "0" && text != "[]" {
			fmt.Fprintf(b, "  %s: %s\n", key, text)
		}
	}
	if p.File != nil {
		show("path", p.Path)
		show("name", p.Name)
	}
	show("description", p.Description)
	show("form", p.Form)
	show("weight", p.Weight)
	if !p.Date.IsZero() {
		show("date", stamp(p.Date, p.HasTime))
	}
	if !p.Updated.IsZero() {
		show("updated", stamp(p.Updated, p.UpdatedTime))
	}
	show("image", p.Image.Value)
	show("names", strings.Join(p.Names, ", "))
	show("tags", terms(p.Tags))
	show("authors", terms(p.Authors))
	show("terms", terms(p.Terms))
	show("sources", sources(p.Sources))
	for _, alias := range p.Aliases {
		show("alias", alias.Value)
	}
	for _, f := range p.Facts {
		v := f.Value
		value := fmt.Sprintf("%s|%s|%s|%s|%v", v.Text.In(p.Lang), v.Literal, v.Date, v.URL, v.Boolean)
		if v.Page != nil {
			value += "|" + v.Page.Path
		}
		show("fact "+f.ID, fmt.Sprintf("%s (%s) as of %s from %s", value, f.Status, f.AsOf, sources(f.Sources)))
	}
	if len(p.Params) > 0 {
		show("params", p.Params)
	}
	var others []string
	for _, t := range p.Translations {
		if t != p {
			others = append(others, t.Lang+" "+t.SitePath)
		}
	}
	show("also", strings.Join(others, ", "))
	if p.Original != nil {
		show("original", p.Original.SitePath)
	}
}

func stamp(t time.Time, hasTime bool) string {
	if hasTime {
		return t.Format(time.RFC3339)
	}
	return t.Format("2006-01-02 MST")
}

func titles(pages []*content.Page) string {
	var list []string
	for _, p := range pages {
		list = append(list, p.Title)
	}
	return strings.Join(list, ", ")
}

func terms(list []*content.Term) string {
	var names []string
	for _, t := range list {
		names = append(names, t.Taxonomy+"/"+t.Name)
	}
	return strings.Join(names, " ")
}

func sources(list []*content.Source) string {
	var ids []string
	for _, s := range list {
		ids = append(ids, s.ID)
	}
	return strings.Join(ids, " ")
}

func TestHumanize(t *testing.T) {
	for name, want := range map[string]string{
		"cloud-act":          "Cloud act",
		"état_des-lieux":     "État des lieux",
		"Le rendez-vous":     "Le rendez-vous",
		"2025-04-17":         "2025-04-17",
		"2025-04-17 réunion": "2025-04-17 réunion",
		"":                   "",
		"-":                  "-",
	} {
		if got := content.Humanize(name); got != want {
			t.Errorf("Humanize(%q) = %q, want %q", name, got, want)
		}
	}
}

// FuzzLoad loads a page of any bytes: it never panics, and every finding stands at
// a place of the file.
func FuzzLoad(f *testing.F) {
	for _, seed := range []string{
		"# Titre\n\nTexte.", "+++\ntitle = \"A\"\ndate = 2025-04-17\ntags = [\"a\"]\n+++\n", "---\ntitle: A\ndate: \"2025-04-17\"\n---\n",
		"+++\n[[facts]]\nproperty = \"staff\"\nvalue = 1\nas_of = \"2025\"\nsource = \"s\"\n+++\n", "+++\n[[events]]\ndate = \"2025-05/..\"\ntitle = { fr = \"x\" }\nsource = []\n+++\n",
		"---\ntags:\naliases: [x, /y/]\nslug: É\n---\n", "+++\n", "\xef\xbb\xbf# x", "",
	} {
		f.Add("a.md", []byte(seed))
		f.Add("things/2025-04-17-é.en.md", []byte(seed))
	}
	const text = `title = "Essai"
base_url = "https://example.org/"
[languages.fr]
[languages.en]
[kinds.thing]
folder = "things"
permalink = "/things/:year/:slug/"
properties = ["staff"]
[properties]
staff = { type = "number" }
`
	cfg, diags := config.Load(diag.NewSource("config.toml", []byte(text)))
	if diags.HasErrors() {
		f.Fatal(diags[0])
	}
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		files := fstest.MapFS{"b.md": {Data: []byte("# B")}}
		if !strings.HasSuffix(name, ".md") || !validName(name) || strings.HasPrefix(name, "b.md/") {
			return
		}
		files[name] = &fstest.MapFile{Data: data}
		site, diags := content.Load(context.Background(), files, cfg, content.Options{Now: now})
		for _, d := range diags {
			if !strings.HasPrefix(d.File, "content") {
				t.Errorf("%s stands in no file of the site", d)
			}
		}
		for _, p := range site.Pages {
			if !strings.HasPrefix(p.SitePath, "/") || site.PageAt(p.SitePath) != p {
				t.Errorf("page %q is published at %q, where PageAt does not find it", p.Path, p.SitePath)
			}
		}
	})
}

func validName(name string) bool {
	return fstest.TestFS(fstest.MapFS{name: {}}, name) == nil
}
