package browser_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/chromedp/chromedp"

	"vigie"
	"vigie/generator/internal/asset"
	"vigie/generator/internal/browsertest"
	"vigie/generator/internal/layout"
	"vigie/generator/internal/search/browser"
)

// policy is the strictest under which search must work: nothing inline, no
// WebAssembly, no worker from a blob.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; form-action 'self'; base-uri 'none'"

// site is a page of the theme, a search page and an index, which can go wrong.
type site struct {
	*httptest.Server
	mu       sync.Mutex
	files    map[string][]byte
	manifest string // what the fake engine is told: "docs" for all well
	broken   map[string]bool
}

// newSite serves the theme's elements with the interface over the engine of
// testdata/engine.ts.
func newSite(t *testing.T, lang string) *site {
	t.Helper()
	s := &site{files: map[string][]byte{}, manifest: "docs", broken: map[string]bool{}}
	sources := fstest.MapFS{}
	copyTo(t, sources, browser.Source, "")
	sources["engine.ts"] = &fstest.MapFile{Data: read(t, "testdata/engine.ts")}
	add := func(output asset.Output) string {
		for _, f := range output.Files {
			s.files["/"+f.Path] = f.Data
		}
		return "/" + output.Path
	}
	static, err := fs.Sub(vigie.Theme, "static")
	if err != nil {
		t.Fatal(err)
	}
	css := add(bundle(t, static, "css/main.css"))
	view := newView(t, lang)
	view.Site.Search.Script = add(bundle(t, sources, browser.Main))
	view.Site.Search.App = add(bundle(t, sources, browser.App))
	view.Site.Search.Engine = add(bundle(t, sources, browser.Worker))
	s.files["/search/docs.json"] = read(t, "testdata/docs.json")
	s.files["/search/many.json"] = many(t)

	layouts := fstest.MapFS{}
	theme, err := fs.Sub(vigie.Theme, "layouts")
	if err != nil {
		t.Fatal(err)
	}
	copyTo(t, layouts, theme, "")
	layouts["base.html"] = &fstest.MapFile{Data: read(t, "testdata/base.html")}
	layouts["plain.html"] = &fstest.MapFile{Data: []byte(`{{define "unused"}}{{end}}`)}
	set, list := layout.Load(layouts, "layouts", map[string]any{
		"asset":  func(string) string { return css },
		"static": func(name string) string { return "/" + name },
	})
	if len(list) > 0 {
		t.Fatal(list)
	}
	for address, name := range map[string]string{"/": "plain", "/search/": "search"} {
		view.Layout = name
		var page bytes.Buffer
		if d, ok := set.Execute(&page, name, view); !ok {
			t.Fatal(d)
		}
		s.files[address] = page.Bytes()
	}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w.Header().Set("Content-Security-Policy", policy)
	data, ok := s.files[r.URL.Path]
	switch {
	case s.broken[script(r.URL.Path)]:
		http.Error(w, "gone", http.StatusNotFound)
	case r.URL.Path == "/search/manifest":
		_, _ = w.Write([]byte(s.manifest))
	case ok:
		if strings.HasPrefix(r.URL.Path, "/search/") {
			w.Header().Set("Cache-Control", "no-store") // so that a file can go
		}
		http.ServeContent(w, r, typeOf(r.URL.Path), time.Time{}, bytes.NewReader(data))
	default: // the page of any hit
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, "<!doctype html><html lang=fr><title>%s</title><h1>Page</h1>", html.EscapeString(r.URL.Path))
	}
}

// script returns the name of the entry point that a script is built from, without
// ".ts"; of other files, the path.
func script(path string) string {
	name, ok := strings.CutPrefix(path, "/assets/")
	if !ok {
		return path
	}
	name, _, _ = strings.Cut(name, ".")
	return name
}

func typeOf(path string) string {
	if strings.HasSuffix(path, "/") {
		return "index.html"
	}
	return path
}

// set changes how the index answers.
func (s *site) set(manifest string, broken ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.manifest = manifest
	clear(s.broken)
	for _, path := range broken {
		s.broken[path] = true
	}
}

func bundle(t *testing.T, fsys fs.FS, entry string) asset.Output {
	t.Helper()
	output, list := asset.Bundle(fsys, entry, asset.BundleOptions{})
	if len(list) > 0 {
		t.Fatal(list)
	}
	return output
}

func copyTo(t *testing.T, to fstest.MapFS, from fs.FS, prefix string) {
	t.Helper()
	err := fs.WalkDir(from, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(from, name)
		to[prefix+name] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.FromSlash(name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// many returns documents that fill more than one page of results.
func many(t *testing.T) []byte {
	t.Helper()
	var docs []map[string]string
	for n := range 130 {
		docs = append(docs, map[string]string{
			"url": fmt.Sprintf("/actualites/%d/", n), "title": fmt.Sprintf("Article %d", n), "kind": "article", "kindTitle": "Actualités",
			"date": fmt.Sprintf("%d-05-01", 2020+n%7), "anchor": "", "heading": "", "text": "Un article parmi d’autres.",
		})
	}
	data, err := json.Marshal(docs)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// view stands for render.View: the fields that the templates of search use.
type view struct {
	Site struct {
		Title, Tagline, Home, SearchURL, SearchHelp string
		Search                                      *searchView
	}
	Language                              struct{ Code string }
	Layout, HeadTitle, Title, Description string
	Content                               string
	Translations, MainMenu, Paginator     []struct{}
	Corrections, Facts, Standings, Events []struct{}
	Sources, References                   []struct{}
	Groups                                []group

	texts *layout.Strings
}

type searchView struct{ Script, App, Engine, Manifest, Root string }

type group struct {
	ID, URL, Title string
	Count          int
	Pages          []listed
}

type listed struct {
	URL, Title, Lang string
	External         bool
	Date             *struct{ ISO, Short string }
}

func (v *view) T(key string, args ...any) (string, error) { return v.texts.T(key, args...) }

func newView(t *testing.T, lang string) *view {
	t.Helper()
	theme, err := fs.Sub(vigie.Theme, "layouts")
	if err != nil {
		t.Fatal(err)
	}
	texts, list := layout.LoadStrings(theme, "layouts", []string{"fr", "en"})
	if len(list) > 0 {
		t.Fatal(list)
	}
	v := &view{texts: texts[lang], Title: "Page d’essai", HeadTitle: "Page d’essai", Description: "Une page pour essayer la recherche."}
	v.Language.Code = lang
	v.Site.Title, v.Site.Home, v.Site.SearchURL, v.Site.SearchHelp = "Vigie", "/", "/search/", "/aide-recherche/"
	v.Site.Search = &searchView{Manifest: "/search/manifest", Root: "/"}
	v.Groups = []group{{ID: "section-glossaire", Title: "Glossaire", Count: 1, Pages: []listed{{URL: "/glossaire/immunite/", Title: "Immunité"}}}}
	return v
}

var (
	desktop = browsertest.View{}
	phone   = browsertest.View{Width: 360, Height: 740, Mobile: true}
	looks   = map[string]browsertest.View{
		"desktop": desktop, "dark": {Dark: true, ReducedMotion: true}, "phone": phone,
		"phone-dark": {Width: 360, Height: 740, Mobile: true, Dark: true}, "forced-colours": {ForcedColors: true},
	}
)

// state is what a reader meets: the dialog, the field, the chosen option, and
// what is said.
type state struct {
	Open     bool
	Focus    string // "input", or the text of what has the focus
	Value    string
	Expanded string
	Active   string // text of the active option's title, "" without
	Selected int    // options marked as selected
	Groups   []string
	Options  []string
	Status   string
	Live     string
	Chips    []string
	After    string
}

const readState = `(() => {
	const d = document.querySelector("dialog.search-dialog"), root = d ?? document.querySelector("[data-search-page]");
	const text = (e) => (e?.textContent ?? "").replace(/[\s\u00a0]+/g, " ").trim(), texts = (q) => [...root.querySelectorAll(q)].map(text);
	if (!root) return {};
	const input = root.querySelector("input[name=q]"), focus = document.activeElement;
	const active = document.getElementById(input.getAttribute("aria-activedescendant") ?? "");
	return {open: d?.open ?? false, focus: focus === input ? "input" : text(focus).slice(0, 60), value: input.value,
		expanded: input.getAttribute("aria-expanded") ?? "", active: active ? text(active.querySelector(".search-hit-title") ?? active) : "",
		selected: root.querySelectorAll('[aria-selected="true"]').length,
		groups: texts(".search-group-title"), options: texts("[role=option] .search-hit-title, [role=option][data-query], article.search-hit .search-hit-title"),
		status: text(root.querySelector(".search-status")), live: text(root.querySelector("[role=status]")),
		chips: texts(".search-chip"), after: text(root.querySelector(".search-after"))};
})()`

// until waits for a state of which ok is true, and returns it.
func until(t *testing.T, p *browsertest.Page, what string, ok func(state) bool) state {
	t.Helper()
	var s state
	for deadline := time.Now().Add(3 * time.Minute); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if p.Eval(t, readState, &s); ok(s) {
			return s
		}
	}
	t.Fatalf("never %s: %+v", what, s)
	return s
}

func press(t *testing.T, p *browsertest.Page, keys string, modifiers ...chromedp.Modifier) {
	t.Helper()
	p.Run(t, chromedp.KeyEvent(keys, chromedp.KeyModifiers(modifiers...)))
}

// open opens a page and makes its keys those of a keyboard: over the DevTools
// protocol a character comes as an event of its own, though its key was used up.
func open(t *testing.T, b *browsertest.Browser, address string, view browsertest.View) *browsertest.Page {
	t.Helper()
	p := b.Open(t, address, view)
	asKeyboard(t, p)
	return p
}

func asKeyboard(t *testing.T, p *browsertest.Page) {
	t.Helper()
	p.Eval(t, `(() => {
		let used = false, focus = null;
		addEventListener("keydown", () => { focus = document.activeElement }, true);
		addEventListener("keydown", (event) => { used = event.defaultPrevented });
		addEventListener("keypress", (event) => {
			if (used || focus !== document.activeElement) event.preventDefault();
		}, true);
	})()`, nil)
}

// openDialog opens the dialog by its key.
func openDialog(t *testing.T, p *browsertest.Page) state {
	t.Helper()
	press(t, p, "/")
	return until(t, p, "open", opened)
}

// write types a query into the field that has the focus, and waits until the last
// letter's answer is there, not only that of one before.
func write(t *testing.T, p *browsertest.Page, query string) {
	t.Helper()
	press(t, p, query)
	p.Eval(t, `new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 20, 0)))`, nil)
	p.Settle(t) // the engine of the tests fetches its documents for each query
}

// clean asserts that nothing went wrong in the page unseen.
func clean(t *testing.T, p *browsertest.Page) {
	t.Helper()
	for what, list := range map[string][]string{"console": p.Console(), "failed": p.Failed(), "third party": p.ThirdParty(), "cookies": p.Cookies(t)} {
		if len(list) > 0 {
			t.Errorf("%s: %q", what, list)
		}
	}
}

func options(n int) func(state) bool { return func(s state) bool { return len(s.Options) == n } }

func opened(s state) bool { return s.Open && s.Focus == "input" }

// shots is a folder for pictures of what the tests see, "" for none.
var shots = os.Getenv("VIGIE_SHOTS")

func shoot(t *testing.T, p *browsertest.Page, name string) {
	t.Helper()
	if shots != "" {
		p.Screenshot(t, filepath.Join(shots, name+".png"))
	}
}
