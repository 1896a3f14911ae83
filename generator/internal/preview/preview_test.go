package preview_test

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"vigie/generator/internal/browsertest"
	"vigie/generator/internal/build"
	"vigie/generator/internal/preview"
	"vigie/generator/internal/search"
	"vigie/generator/internal/search/engine"
)

var now = time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)

var theme = os.DirFS(filepath.Join("..", "..", ".."))

// studio is a site being previewed, in a folder of its own.
type studio struct {
	t       *testing.T
	dir     string
	session *preview.Session
	server  *httptest.Server
	updates chan preview.Update
	written []string // files that no update settle received has told of
}

// open starts the preview of a site of a few pages.
func open(t *testing.T) *studio {
	t.Helper()
	s := &studio{t: t, dir: t.TempDir(), updates: make(chan preview.Update, 1000)}
	s.write("config.toml", "title = \"Essai\"\nbase_url = \"https://example.org/\"\n[kinds.article]\nfolder = \"actualites\"\nnews = true\n")
	s.write("content/actualites/un.md", "+++\ntitle = \"Un\"\ndate = 2025-01-02\n+++\nPremier texte.\n\n"+strings.Repeat("Un long paragraphe.\n\n", 200))
	s.write("content/actualites/deux.md", "+++\ntitle = \"Deux\"\ndate = 2025-01-03\ndraft = true\n+++\nUn lien vers [[un]].\n")
	ctx, stop := context.WithCancel(context.Background())
	session, err := preview.New(ctx, preview.Options{
		Build:     build.Options{Source: s.dir, Theme: theme, Now: now, Drafts: true, Future: true},
		OpenIndex: func(file []byte) (search.Searcher, error) { return engine.Open(file) },
		Editor:    preview.Editor("code --wait", s.dir),
		Updated:   func(u preview.Update) { s.updates <- u },
	})
	if err != nil {
		t.Fatal(err)
	}
	s.session = session
	s.server = httptest.NewServer(session)
	followed := make(chan error, 1)
	go func() { followed <- session.Follow(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-followed; !errors.Is(err, context.Canceled) {
			t.Errorf("follow: %v", err)
		}
		s.server.Close()
	})
	s.written = nil // before anybody followed
	s.settle()
	return s
}

func (s *studio) write(name, text string) {
	s.t.Helper()
	file := filepath.Join(s.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		s.t.Fatal(err)
	}
	s.written = append(s.written, name)
}

// settle waits until every file that was written has been heard of, and nothing more for a
// moment, and returns what was heard last.
func (s *studio) settle() (last preview.Update) {
	patience := time.After(3 * time.Minute)
	for heard := false; ; {
		select {
		case last = <-s.updates:
			heard = true
			s.written = slices.DeleteFunc(s.written, func(name string) bool { return len(last.Changed) == 0 || slices.Contains(last.Changed, name) })
		case <-time.After(400 * time.Millisecond):
			if heard && len(s.written) == 0 {
				return last
			}
		case <-patience:
			s.t.Fatalf("the site is not heard of; nor are the files %v", s.written)
		}
	}
}

// until waits until a JavaScript expression holds in the page.
func until(t *testing.T, p *browsertest.Page, expression string) {
	t.Helper()
	p.Until(t, expression)
}

// shadow is the tree of preview's interface in the page.
const shadow = `document.querySelector("vigie-preview").shadowRoot`

// mark sets a mark that a reload would wipe out.
func mark(t *testing.T, p *browsertest.Page) { p.Eval(t, `void (window.marked = true)`, nil) }

// TestEdits follows an editor's hour in Chromium.
func TestEdits(t *testing.T) {
	browser := browsertest.New(t)
	s := open(t)
	p := browser.Open(t, s.server.URL+"/actualites/un/", browsertest.View{})
	until(t, p, shadow+`.querySelector(".bar .state").textContent !== ""`)

	t.Run("a body", func(t *testing.T) {
		mark(t, p)
		p.Eval(t, `scrollTo(0, 1500)`, nil)
		s.write("content/actualites/un.md", "+++\ntitle = \"Un\"\ndate = 2025-01-02\n+++\nPremier texte, changé.\n\n"+strings.Repeat("Un long paragraphe.\n\n", 200))
		until(t, p, `document.querySelector("main").innerText.includes("changé")`)
		var kept bool
		p.Eval(t, `window.marked === true && Math.abs(scrollY - 1500) < 100`, &kept)
		if !kept {
			t.Error("the page was loaded anew, or lost its place")
		}
	})
	s.settle()
	t.Run("the front matter", func(t *testing.T) {
		p.Eval(t, `scrollTo(0, 1500)`, nil)
		s.write("content/actualites/un.md", "+++\ntitle = \"Un titre\"\ndate = 2025-01-02\n+++\nPremier texte.\n\n"+strings.Repeat("Un long paragraphe.\n\n", 200))
		until(t, p, `document.querySelector("h1").textContent === "Un titre" && document.title.startsWith("Un titre") && Math.abs(scrollY - 1500) < 100`)
	})
	s.settle()
	t.Run("a style sheet", func(t *testing.T) {
		mark(t, p)
		s.write("static/css/main.css", "body { background: rgb(1, 2, 3) }\n")
		// The old style sheet goes a moment after the new one is there.
		until(t, p, `getComputedStyle(document.body).backgroundColor === "rgb(1, 2, 3)" && document.querySelectorAll('link[rel="stylesheet"]').length === 1`)
		var kept bool
		p.Eval(t, `window.marked === true`, &kept)
		if !kept {
			t.Error("the page was loaded anew")
		}
	})
	s.settle()
	t.Run("a mistake, and its end", func(t *testing.T) {
		s.write("content/actualites/un.md", "+++\ntitle = \"Un titre\"\ndate = 2025-01-02\n+++\nUn lien [[nulle-part]].\n")
		until(t, p, `!`+shadow+`.querySelector(".overlay").hidden`)
		var place, href, source string
		p.Eval(t, shadow+`.querySelector(".overlay .place").textContent`, &place)
		p.Eval(t, shadow+`.querySelector(".overlay .place").getAttribute("href")`, &href)
		p.Eval(t, shadow+`.querySelector(".overlay pre").textContent`, &source)
		if place != "content/actualites/un.md:5:9" {
			t.Errorf("place %q", place)
		}
		if want := "vscode://file" + filepath.ToSlash(s.dir) + "/content/actualites/un.md:5:9"; href != want {
			t.Errorf("editor's address %q, want %q", href, want)
		}
		if want := "Un lien [[nulle-part]].\n        ^^^^^^^^^^^^^^"; source != want {
			t.Errorf("source line\n%s\nwant\n%s", source, want)
		}
		s.write("content/actualites/un.md", "+++\ntitle = \"Un titre\"\ndate = 2025-01-02\n+++\nSans lien.\n")
		until(t, p, shadow+`.querySelector(".overlay").hidden && document.querySelector("main").innerText.includes("Sans lien")`)
	})
	s.settle()
	t.Run("front matter that does not parse", func(t *testing.T) {
		s.write("content/actualites/un.md", "+++\ntitle \"Un titre\"\n+++\nPerdu ?\n")
		until(t, p, `!`+shadow+`.querySelector(".overlay").hidden`)
		var text string
		p.Eval(t, `document.querySelector("main").innerText`, &text)
		if !strings.Contains(text, "Sans lien") {
			t.Errorf("the last good page does not stay: %s", text)
		}
		s.write("content/actualites/un.md", "+++\ntitle = \"Un titre\"\ndate = 2025-01-02\n+++\nDe retour.\n")
		until(t, p, shadow+`.querySelector(".overlay").hidden && document.querySelector("main").innerText.includes("De retour")`)
	})
	s.settle()
	t.Run("a configuration that does not parse", func(t *testing.T) {
		config, err := os.ReadFile(filepath.Join(s.dir, "config.toml"))
		if err != nil {
			t.Fatal(err)
		}
		s.write("config.toml", "title = \n")
		until(t, p, `!`+shadow+`.querySelector(".overlay").hidden && `+shadow+`.querySelector(".overlay .place").textContent.startsWith("config.toml:1:")`)
		s.write("config.toml", string(config)+"[taxonomies.tags]\ntitle = \"Sujets\"\n")
		until(t, p, shadow+`.querySelector(".overlay").hidden`)
	})
	s.settle()
	t.Run("a layout that does not parse", func(t *testing.T) {
		s.write("layouts/partials/footer.html", "<footer>{{if}}</footer>")
		until(t, p, `!`+shadow+`.querySelector(".overlay").hidden && `+shadow+`.querySelector(".overlay .place").textContent.startsWith("layouts/partials/footer.html:1")`)
		s.write("layouts/partials/footer.html", "<footer>Autre pied</footer>")
		until(t, p, shadow+`.querySelector(".overlay").hidden && document.querySelector("footer").textContent === "Autre pied"`)
		for _, field := range []string{"Nothing", "NoMore"} { // the page in their place is the same
			s.write("layouts/partials/footer.html", "<footer>{{."+field+"}}</footer>")
			until(t, p, `!`+shadow+`.querySelector(".overlay").hidden && `+shadow+`.querySelector(".overlay .message").textContent.includes("`+field+`")`)
		}
		if err := os.Remove(filepath.Join(s.dir, "layouts", "partials", "footer.html")); err != nil {
			t.Fatal(err)
		}
		until(t, p, shadow+`.querySelector(".overlay").hidden && document.querySelector("footer") !== null && document.querySelector("main h1").textContent === "Un titre"`)
	})
	s.settle()
	t.Run("another page", func(t *testing.T) {
		s.write("content/notes/neuve.md", "+++\ntitle = \"Neuve\"\n+++\nUne page neuve, motmagique.\n")
		const link = shadow + `.querySelector(".toast a")`
		// The page's navigation changed: it is loaded anew, maybe just now.
		until(t, p, `!`+shadow+`.querySelector(".toast").hidden && `+link+`.getAttribute("href") === "/notes/neuve/" && (window.clicked ??= (`+link+`.click(), true)) && false
			|| location.pathname === "/notes/neuve/"`)
		until(t, p, `location.pathname === "/notes/neuve/" && document.querySelector("main").innerText.includes("motmagique")`)
	})
	s.settle()
	t.Run("search", func(t *testing.T) {
		q := browser.Open(t, s.server.URL+"/search/?q=motmagique", browsertest.View{})
		until(t, q, `document.querySelector("main").innerText.includes("Neuve")`)
		s.write("content/notes/neuve.md", "+++\ntitle = \"Neuve\"\n+++\nUne page neuve, autremot.\n")
		s.settle()
		q = browser.Open(t, s.server.URL+"/search/?q=autremot", browsertest.View{})
		until(t, q, `document.querySelector("#search-results").innerText.includes("Neuve")`)
	})
	t.Run("a page that goes", func(t *testing.T) {
		if err := os.RemoveAll(filepath.Join(s.dir, "content", "notes")); err != nil {
			t.Fatal(err)
		}
		until(t, p, `document.body.className === "layout-not-found"`)
		s.write("content/notes/neuve.md", "+++\ntitle = \"Neuve\"\n+++\nRevenue.\n")
		until(t, p, `document.querySelector("main").innerText.includes("Revenue")`)
	})
	if err := os.Remove(filepath.Join(s.dir, "static", "css", "main.css")); err != nil {
		t.Fatal(err)
	}
	until(t, p, `getComputedStyle(document.body).backgroundColor !== "rgb(1, 2, 3)"`)
	if list := p.ThirdParty(); len(list) > 0 {
		t.Errorf("requests elsewhere: %v", list)
	}
	if list := p.Axe(t); len(list) > 0 {
		t.Errorf("axe: %v", list)
	}
}

// TestBar tells of drafts and backlinks.
func TestBar(t *testing.T) {
	browser := browsertest.New(t)
	s := open(t)
	p := browser.Open(t, s.server.URL+"/actualites/deux/", browsertest.View{})
	until(t, p, shadow+`.querySelector(".bar .state").textContent === "Brouillon"`)
	q := browser.Open(t, s.server.URL+"/actualites/un/", browsertest.View{Width: 360, Height: 700, Mobile: true})
	until(t, q, shadow+`.querySelector(".bar-body").textContent.includes("Deux")`)
	q.Eval(t, `(() => { const r = `+shadow+`; r.querySelector(".toggle").click(); r.querySelector("input").value = "premier"; r.querySelector("form").requestSubmit() })()`, nil)
	until(t, q, shadow+`.querySelector(".rank").textContent.startsWith("1/1")`)
	s.write("content/actualites/deux.md", "+++\ntitle = \"Deux\"\ndate = 2025-01-03\ndraft = true\n+++\nSans lien.\n")
	until(t, q, `!`+shadow+`.querySelector(".bar-body").textContent.includes("Deux")`)
	var asked bool
	if q.Eval(t, shadow+`.querySelector("input").value === "premier" && `+shadow+`.querySelector(".rank").textContent.startsWith("1/1")`, &asked); !asked {
		t.Error("a report wipes out what was asked, or the answer")
	}
	if list := q.Axe(t); len(list) > 0 {
		t.Errorf("axe: %v", list)
	}
}

// TestNothingLeft ends a preview and looks for what it left running.
func TestNothingLeft(t *testing.T) {
	before := runtime.NumGoroutine()
	t.Run("preview", func(t *testing.T) {
		s := open(t)
		for i := range 20 {
			s.write("content/actualites/un.md", fmt.Sprintf("+++\ntitle = \"Un\"\ndate = 2025-01-02\n+++\nTexte %d.\n", i))
		}
		s.settle()
	})
	for range 2000 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	buffer := make([]byte, 1<<16)
	t.Errorf("%d goroutines, %d before\n%s", runtime.NumGoroutine(), before, buffer[:runtime.Stack(buffer, true)])
}
