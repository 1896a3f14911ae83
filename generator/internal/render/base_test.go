package render_test

import (
	"bytes"
	"context"
	"io/fs"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/tools/txtar"

	"vigie/generator/internal/config"
	"vigie/generator/internal/content"
	"vigie/generator/internal/diag"
	"vigie/generator/internal/render"
)

// everything is a site with something of each: languages, news, facts, events, terms,
// pictures, files, aliases, menus, drafts.
func everything(t *testing.T, base string) site {
	t.Helper()
	archive, err := txtar.ParseFile(filepath.Join("testdata", "article.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	s := read(t, archive.Files[:len(archive.Files)-1])
	s.config = bytes.Replace(s.config, []byte(`"https://example.org/"`), []byte(`"`+base+`"`), 1)
	s.config = append(s.config, `
[kinds.provider]
folder = "p"
schema = "Organization"
properties = ["page", "staff"]
[properties]
page = { type = "page" }
staff = { type = "number" }
[publication]
about = "a propos"
[[menus.main]]
page = "actualites"
[[menus.main]]
url = "/themes/"
title = "Thèmes"
[[menus.footer]]
page = "a propos"
`...)
	for name, text := range map[string]string{
		"À propos.md": "# À propos\n\nVoir [[un]], ![Une photo](actualites/photo.png) et [ici](#bas).\n\n## Bas\n\nTexte.[^1]\n\n[^1]: Note.\n",
		"p/snc.md":    "# SecNumCloud\n",
		"p/bleu.md": `+++
title = "Bleu"
image = "/actualites/photo.png"
[[facts]]
property = "page"
value = "snc"
as_of = "2025"
source = "anssi"
[[events]]
date = "2025-01-01"
title = "Jalon"
actors = ["snc"]
scheme = "snc"
milestone = "J3"
expires = "2027-01-01"
source = "anssi"
+++
Du texte.
`,
	} {
		s.content[name] = file(text)
	}
	return s
}

// TestBase publishes a site below a path, with the site's own theme: every address
// in every file carries it.
func TestBase(t *testing.T) {
	const base = "https://example.org/docs/"
	layouts, static := theme(root, "")
	set, _, diags := everything(t, base).build(t, layouts, static)
	for _, d := range diags {
		t.Error(d)
	}
	host := strings.TrimSuffix(base, "docs/")
	for _, name := range set.Paths() {
		data, _ := set.Get(name)
		switch path.Ext(name) {
		case ".html", ".xml", ".json", ".md", ".txt":
		default:
			continue
		}
		for rest := string(data); ; {
			_, after, found := strings.Cut(rest, host)
			if !found {
				break
			}
			if !strings.HasPrefix(after, "docs/") {
				t.Errorf("%s has the address %s%.30s", name, host, after)
			}
			rest = after
		}
		if path.Ext(name) == ".html" {
			for _, address := range addresses(t, data) {
				if !strings.HasPrefix(address, "/docs/") && !strings.HasPrefix(address, base) && !strings.HasPrefix(address, "#") && !strings.HasPrefix(address, "https://example.com/") {
					t.Errorf("%s has the address %s", name, address)
				}
				if rest, ok := strings.CutPrefix(address, "/docs/"); ok && strings.HasPrefix(rest, "docs/") {
					t.Errorf("%s has the address %s, with the base twice", name, address)
				}
			}
		}
		if path.Ext(name) == ".md" && bytes.Contains(data, []byte("](/")) {
			t.Errorf("%s has an address that holds on the site alone", name)
		}
	}
}

// addresses lists the values of the attributes of an HTML file that hold addresses.
func addresses(t *testing.T, data []byte) []string {
	t.Helper()
	var list []string
	for z := html.NewTokenizer(bytes.NewReader(data)); ; {
		if z.Next() == html.ErrorToken {
			break
		}
		for _, a := range z.Token().Attr {
			switch a.Key {
			case "href", "src", "action", "poster", "cite":
				list = append(list, a.Val)
			case "srcset":
				for candidate := range strings.SplitSeq(a.Val, ",") {
					list = append(list, strings.Fields(candidate)[0])
				}
			case "content":
				if _, target, ok := strings.Cut(a.Val, "url="); ok {
					list = append(list, target)
				}
			}
		}
	}
	if len(list) == 0 {
		t.Error("a page has no address at all")
	}
	return list
}

// TestSame renders a site twice: the files are the same, byte for byte.
func TestSame(t *testing.T) {
	layouts, static := theme(root, "")
	first, _, _ := everything(t, "https://example.org/").build(t, layouts, static)
	for range 3 {
		second, _, _ := everything(t, "https://example.org/").build(t, layouts, static)
		if a, b := strings.Join(first.Paths(), " "), strings.Join(second.Paths(), " "); a != b {
			t.Fatalf("files %s and %s", a, b)
		}
		for _, name := range first.Paths() {
			a, _ := first.Get(name)
			if b, _ := second.Get(name); !bytes.Equal(a, b) {
				t.Errorf("%s differs from build to build", name)
			}
		}
	}
}

// TestIDs: the identifiers of feeds stay when the site moves to another scheme or port,
// or its pages are edited. Below a path it is another site: TestIdentifiersOfNeighbours.
func TestIDs(t *testing.T) {
	layouts, static := theme(root, filepath.Join("testdata", "theme"))
	ids := func(base, edit string) string {
		s := everything(t, base)
		page := s.content["actualites/2025-04-17-un.md"]
		page.Data = bytes.Replace(page.Data, []byte("updated = 2025-05-01"), []byte(edit), 1)
		set, _, _ := s.build(t, layouts, static)
		data, ok := set.Get("atom.xml")
		if !ok {
			t.Fatal("no feed")
		}
		var list []string
		for line := range strings.Lines(string(data)) {
			if line = strings.TrimSpace(line); strings.HasPrefix(line, "<id>") {
				list = append(list, line)
			}
		}
		return strings.Join(list, "\n")
	}
	want := ids("https://example.org/", "updated = 2025-05-01")
	if strings.Count(want, "<id>tag:example.org,") != 4 {
		t.Fatalf("ids are\n%s", want)
	}
	for _, base := range []string{"http://example.org/", "https://example.org:8080"} {
		if got := ids(base, "updated = 2026-01-01\ndescription = \"Changée\""); got != want {
			t.Errorf("at %s the ids are\n%s\nwant\n%s", base, got, want)
		}
	}
}

func TestCounts(t *testing.T) {
	s := everything(t, "https://example.org/")
	s.content["brouillon.md"] = file("+++\ntitle = \"Brouillon\"\ndraft = true\n+++\n")
	cfg, _ := config.Load(diag.NewSource("config.toml", s.config))
	loaded, _ := content.Load(context.Background(), s.content, cfg, content.Options{Now: s.now})
	layouts, static := theme(root, "")
	var mu sync.Mutex
	var last, total int
	out, _ := render.Render(context.Background(), render.Input{Site: loaded, Layouts: layouts, Static: static, Progress: func(stage string, done, of int) {
		mu.Lock()
		defer mu.Unlock()
		last, total = max(last, done), of
	}})
	if counts := out.Counts; counts.Pages != 7 || counts.ByKind["article"] != 3 || counts.ByKind["provider"] != 2 || counts.ByKind["page"] != 1 ||
		counts.Language["en"] != 1 || counts.Facts != 1 || counts.Events != 1 || counts.Sources != 2 || counts.Hidden != 1 || counts.Images != 1 {
		t.Errorf("counts are %+v", counts)
	}
	if last == 0 || last != total {
		t.Errorf("progress ended at %d of %d", last, total)
	}
}

// TestInterrupted: a rendering that is cancelled says so, and makes no half site
// that could be taken for a whole one.
func TestInterrupted(t *testing.T) {
	s := everything(t, "https://example.org/")
	cfg, _ := config.Load(diag.NewSource("config.toml", s.config))
	loaded, _ := content.Load(context.Background(), s.content, cfg, content.Options{Now: s.now})
	layouts, static := theme(root, "")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, diags := render.Render(ctx, render.Input{Site: loaded, Layouts: layouts, Static: static})
	if !diags.HasErrors() {
		t.Error("a cancelled rendering has no error")
	}
}

// TestBroken: static files or layouts that cannot be read are told, not passed over.
func TestBroken(t *testing.T) {
	s := everything(t, "https://example.org/")
	layouts, _ := theme(root, "")
	set, _, diags := s.build(t, layouts, unreadable{})
	if !diags.HasErrors() || set.Len() > 0 {
		t.Errorf("an unreadable static/ gives %d files and %v", set.Len(), diags)
	}
}

type unreadable struct{}

func (unreadable) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
}
