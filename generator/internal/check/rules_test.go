package check_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"vigie/generator/internal/check"
	"vigie/generator/internal/config"
	"vigie/generator/internal/content"
	"vigie/generator/internal/diag"
	"vigie/generator/internal/linkcheck"
	"vigie/generator/internal/markdown"
)

// bodies are a site's texts, parsed as a build does, with links resolved well enough
// for cases: wiki links, site paths, and files of the same folder.
type bodies struct {
	site      *content.Site
	documents map[*content.Page]*markdown.Document
}

// parse parses the texts of a site, and says what a build would tell of them.
func parse(site *content.Site) (bodies, diag.List) {
	b := bodies{site, map[*content.Page]*markdown.Document{}}
	var told diag.List
	for _, p := range site.Pages {
		if p.File != nil {
			document, list := markdown.New(markdown.Options{Language: p.Lang}).Parse(p.File, p.Body)
			b.documents[p] = document
			told = append(told, list...)
		}
	}
	return b, told
}

func (b bodies) Document(p *content.Page) *markdown.Document { return b.documents[p] }

func (b bodies) Target(p *content.Page, ref markdown.Reference) *content.Page {
	switch {
	case ref.Kind == markdown.KindWiki:
		target, _ := b.site.Lookup(p.Lang, ref.Target)
		return target
	case ref.Kind != markdown.KindLink:
		return nil
	case strings.HasPrefix(ref.Target, "/"):
		return b.site.PageAt(ref.Target)
	}
	return b.site.PageOf(path.Join(p.Dir, ref.Target))
}

// TestRules judges the sites of testdata/rules and compares the diagnostics, each with
// its rule and the text that it covers, with the file want.
func TestRules(t *testing.T) {
	names, err := filepath.Glob(filepath.Join("testdata", "rules", "*.txtar"))
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
			site, _ := load(t, archive.Files[:last])
			_, loaded := content.Load(t.Context(), site.Files(), site.Config, content.Options{Now: site.Now})
			texts, told := parse(site)
			told = append(loaded, told...)
			_, diags := check.Site(t.Context(), site, texts, told, check.Options{})
			got := covered(archive.Files, diags)
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

// covered writes diagnostics with their rules and the texts that they cover.
func covered(files []txtar.File, diags diag.List) string {
	sources := map[string]*diag.Source{}
	for _, f := range files {
		sources[f.Name] = diag.NewSource(f.Name, f.Data)
	}
	var b strings.Builder
	for _, d := range diags {
		text := ""
		if src := sources[d.File]; src != nil {
			text = string(src.Text()[src.Offset(d.Line, d.Col):src.Offset(d.Line, d.Col+d.Length)])
		}
		fmt.Fprintf(&b, "%s [%s] <%s>\n", d, d.Rule, text)
		for _, n := range d.Notes {
			fmt.Fprintf(&b, "  %s: note: %s\n", n.Position, n.Message)
		}
	}
	return b.String()
}

// TestEveryRule: each rule that can be silenced is found in a case, and what cases find
// can be silenced.
func TestEveryRule(t *testing.T) {
	names, err := filepath.Glob(filepath.Join("testdata", "rules", "*.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{"dead-link": true, "moved-link": true} // TestOutsideLinks
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		_, want, _ := strings.Cut(string(text), "-- want --\n")
		for line := range strings.Lines(want) {
			if _, rest, ok := strings.Cut(line, ": warning: "); ok {
				rest = rest[strings.LastIndex(rest, " [")+2:]
				rule, _, _ := strings.Cut(rest, "]")
				if rule != "unused-ignore" && !slices.Contains(config.CheckRules, rule) {
					t.Errorf("%s finds %q, which cannot be silenced", name, rule)
				}
				found[rule] = true
			}
		}
	}
	for _, rule := range config.CheckRules {
		if !found[rule] && !slices.Contains([]string{"html-sanitized", "two-titles", "conflicted-copy", "undeclared-language", "unused-file", "unused-layout", "unused-pattern", "unused-slug", "unused-text"}, rule) { // which need a build, or the site's folders
			t.Errorf("no case finds %q", rule)
		}
	}
}

// TestSilence keeps what is no warning, and what is not about the page that asks.
func TestSilence(t *testing.T) {
	site, _ := load(t, txtar.Parse([]byte(`
-- config.toml --
title = "Essai"
base_url = "https://example.org/"
check = { ignore = ["long-title"] }
-- content/a.md --
+++
title = "A"
check_ignore = ["missing-alt"]
+++
-- content/b.md --
# B
`)).Files)
	at := func(file, rule string) diag.Diagnostic {
		return diag.Errorf(diag.Position{File: file, Line: 1, Col: 1}, rule, "finding")
	}
	list := diag.List{
		at("content/a.md", "missing-alt"), // an error is never silenced
		at("content/a.md", "missing-alt").AsWarning(),
		at("content/b.md", "missing-alt").AsWarning(),
		at("content/b.md", "long-title").AsWarning(),
		at("", "long-title").AsWarning(),
	}
	before := slices.Clone(list)
	var kept []string
	for _, d := range check.Silence(site, list) {
		kept = append(kept, fmt.Sprintf("%s %s %s", d.Severity, d.File, d.Rule))
	}
	if want := []string{"error content/a.md missing-alt", "warning content/b.md missing-alt"}; !slices.Equal(kept, want) {
		t.Errorf("kept %q, want %q", kept, want)
	}
	if !cmp.Equal(before, list) {
		t.Error("the list given was changed")
	}
}

// TestOutsideLinks finds what is gone or has moved, at every place where it is written.
func TestOutsideLinks(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/ok", "/copy":
		case "/old":
			http.Redirect(w, r, "/ok", http.StatusMovedPermanently)
		case "/closed":
			w.WriteHeader(http.StatusForbidden)
		default:
			http.NotFound(w, r)
		}
	}))
	defer server.Close()
	archive := txtar.Parse([]byte(strings.ReplaceAll(outside, "HOST", server.URL)))
	site, _ := load(t, archive.Files)
	texts, told := parse(site)
	findings, diags := check.Site(t.Context(), site, texts, told, check.Options{Links: linkcheck.New(linkcheck.Options{Pause: time.Nanosecond, Now: site.Now})})
	got := strings.ReplaceAll(covered(archive.Files, diags), server.URL, "HOST")
	want := `config.toml:5:16: warning: menu entry HOST/gone is dead: 404 Not Found (correct it, link to a copy, or remove it) [dead-link] <"HOST/gone">
content/a.md:5:17: warning: recording HOST/gone is dead: 404 Not Found (correct it, link to a copy, or remove it) [dead-link] <"HOST/gone">
content/a.md:9:11: warning: value of website HOST/old has moved for good (write HOST/ok) [moved-link] <"HOST/old">
content/a.md:20:4: warning: link to HOST/gone is dead: 404 Not Found (correct it, link to a copy, or remove it) [dead-link] <[b](HOST/gone)>
content/a.md:20:S: warning: link to HOST/old#part has moved for good (write HOST/ok#part) [moved-link] <<HOST/old#part>>
content/sources.toml:14:12: warning: source HOST/gone is dead: 404 Not Found (correct it, or add archived_url with the address of a copy) [dead-link] <"HOST/gone">
content/sources.toml:23:12: warning: source HOST/gone is dead: 404 Not Found (correct it, or add archived_url with the address of a copy) [dead-link] <"HOST/gone">
content/sources.toml:24:16: warning: copy HOST/gone-too is dead: 404 Not Found (correct it, link to a copy, or remove it) [dead-link] <"HOST/gone-too">
`
	// The column of the second link depends on the length of the server's address.
	column := fmt.Sprintf("content/a.md:20:%d:", len("Un [b](/gone), <")+len(server.URL))
	got = strings.Replace(got, column, "content/a.md:20:S:", 1)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if n := findings.Links; n != (check.LinkCounts{Tried: 5, Alive: 2, Dead: 2, Unknown: 1}) {
		t.Errorf("counted %+v", n)
	}
	if want := []check.Unjudged{{Address: server.URL + "/closed", Reason: "its host answers programs with 403 Forbidden"}}; !slices.Equal(findings.Unjudged, want) {
		t.Errorf("not judged are %+v, want %+v", findings.Unjudged, want)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, diags = check.Site(ctx, site, texts, nil, check.Options{Links: linkcheck.New(linkcheck.Options{Now: site.Now})})
	if !slices.ContainsFunc(diags, func(d diag.Diagnostic) bool { return d.Rule == "interrupted" && d.Severity == diag.Error }) {
		t.Errorf("a check that is interrupted says %v", diags)
	}
}

// outside is a site with links of every kind that leads outside.
const outside = `
-- config.toml --
title = "Essai"
base_url = "https://example.org/"
check = { ignore = ["missing-description", "orphan-page"] }
[[menus.main]]
url   =        "HOST/gone"
title = "Menu"
[kinds.page]
properties = ["website"]
[properties]
website = { type = "url", multiple = true }
-- content/a.md --
+++
title = "A"
[interview]
guest = "G"
media =         "HOST/gone"
[[facts]]
property = "website"
as_of = "2026"
value   = "HOST/old"
source = ["gone", "kept", "lost"]
[[facts]]
property = "website"
status = "withdrawn"
until = "2026"
as_of = "2025"
value = "HOST/was"
source = "gone"
+++

Un [b](HOST/gone), <HOST/old#part>, [closed](HOST/closed), [here](https://example.org/a/), <mailto:a@example.org>.
-- content/sources.toml --
[[sources]]
id = "kept"
title = "T"
publisher = "P"
url = "HOST/gone"
archived_url = "HOST/copy"
date = "2025"
type = "press"

[[sources]]
id = "gone"
title = "T"
publisher = "P"
url      = "HOST/gone"
date = "2025"
type = "press"

[[sources]]
id = "lost"
title = "T"
publisher = "P"
date = "2025"
url =      "HOST/gone"
archived_url = "HOST/gone-too"
type = "press"
`
