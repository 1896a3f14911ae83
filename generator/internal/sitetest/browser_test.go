package sitetest

import (
	"flag"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"vigie/generator/internal/browsertest"
	"vigie/generator/internal/serve"
)

// TestHTML holds every HTML file of the repository's own site against the HTML
// standard.
func TestHTML(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "site")
	if err := os.CopyFS(dir, Own(t).Files.FS()); err != nil {
		t.Fatal(err)
	}
	for _, found := range browsertest.Nu(t, dir) {
		t.Error(found)
	}
}

var desktop, phone = Desktop, Phone

// tabs is how many pages are open at the same time: a page is mostly waited for,
// and axe-core keeps one core busy.
const tabs = 2

// TestBrowser opens the repository's own site in a browser, as `vigie serve` serves
// it: the pages that [Cover] chooses, or all with VIGIE_SOAK=1.
func TestBrowser(t *testing.T) {
	b := browsertest.New(t)
	root := served(t)
	files := Own(t).Files.FS()
	list := Cover
	if os.Getenv("VIGIE_SOAK") == "1" {
		list = Pages
	}
	pages, err := list(files)
	if err != nil {
		t.Fatal(err)
	}
	if len(pages) < 15 {
		t.Errorf("pages looked at are %v, too few to stand for a site", pages)
	}
	open := make(chan struct{}, tabs)
	for _, name := range pages {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			open <- struct{}{}
			defer func() { <-open }()
			p := b.Open(t, root+strings.TrimSuffix(name, "index.html"), desktop)
			defer p.Close()
			quiet(t, p)
			Judge(t, p)
		})
	}
}

// TestWithoutScripts asserts that a page says the same to a browser without
// JavaScript: whatever scripts add, they add beside the text.
func TestWithoutScripts(t *testing.T) {
	b, root := browsertest.New(t), served(t)
	for _, path := range []string{"", "actualites/bleu-obtient-le-jalon-j0/", "fournisseurs/s3ns/", "actualites/", "search/", "en/"} {
		p := b.Open(t, root+path, browsertest.View{NoScript: true})
		quiet(t, p, ".js: blocked, csp") // a browser without scripts loads none, preloads included
		var text, title string
		p.Eval(t, `document.querySelector("main").innerText`, &text)
		p.Eval(t, `document.querySelector("h1").innerText`, &title)
		if len(text) < 400 || title == "" {
			t.Errorf("/%s shows %d bytes of text under the title %q without scripts", path, len(text), title)
		}
		if path != "search/" { // which scripts fill with results
			scripted := b.Open(t, root+path, desktop)
			var with string
			if scripted.Eval(t, `document.querySelector("main").innerText`, &with); with != text {
				t.Errorf("/%s does not say the same with scripts (%d bytes) and without (%d)", path, len(with), len(text))
			}
			scripted.Close()
		}
		p.Close()
	}
}

// TestKeyboard walks pages with the Tab key alone.
func TestKeyboard(t *testing.T) {
	b, root := browsertest.New(t), served(t)
	for _, path := range []string{"", "actualites/bleu-obtient-le-jalon-j0/"} {
		// Smooth scrolling would still be under way when the focus is looked at.
		p := b.Open(t, root+path, browsertest.View{ReducedMotion: true})
		press := func(key string) (at focus) {
			p.Run(t, chromedp.KeyEvent(key))
			p.Eval(t, probes(t, "focus"), &at)
			return at
		}
		first := press(kb.Tab)
		if first.Link != "#page-main" || first.Fault != "" {
			t.Fatalf("/%s: first stop is %+v, want the skip link", path, first)
		}
		if at := press(kb.Enter); at.Element != "main" {
			t.Errorf("/%s: skip link leads to %s, want main", path, at.Element)
		}
		if at := press(kb.Tab); !at.Main {
			t.Errorf("/%s: after the skip link the focus goes to %s, outside main", path, at.Element)
		}
		p.Eval(t, `document.activeElement.blur(), scrollTo(0, 0), document.querySelector(".skip-link").focus()`, nil)
		var stops int
		p.Eval(t, probes(t, "stops"), &stops)
		for n := 2; n <= stops; n++ {
			at := press(kb.Tab)
			if at.Fault != "" {
				t.Errorf("/%s: stop %d, %s: %s", path, n, at.Element, at.Fault)
			}
			if at.Number != n {
				t.Fatalf("/%s: stop %d is %s, which stands at %d of %d", path, n, at.Element, at.Number, stops)
			}
		}
		if stops < 20 {
			t.Errorf("/%s has %d stops, too few for the site's page", path, stops)
		}
		p.Close()
	}
}

// TestProbes asserts that each probe sees the faults it is for: a judge that never
// says no proves nothing.
func TestProbes(t *testing.T) {
	server := httptest.NewServer(serve.New(serve.Dir(filepath.Join("testdata", "faulty")), serve.Options{}))
	t.Cleanup(server.Close)
	p := browsertest.New(t).Open(t, server.URL, desktop)
	for _, c := range []struct {
		probe string
		view  browsertest.View
		want  []string
	}{
		{"overflow", browsertest.View{Width: 320, Height: 640}, []string{
			"main > p.wide (Wide) ends at 616 of 320",
			"main > p.cut (A line that is longer than its) cuts off",
		}},
		{"targets", phone, []string{"main > a.small (x) is"}},
		{"order", phone, []string{"main > p.raised (Raised) is above main > p.wide (Wide)"}},
		{"printed", browsertest.View{Print: true}, []string{"nav (Menu) has no use on paper", "text is not black", "dl > dd.lost (on paper) is missing"}},
	} {
		p.Look(t, c.view)
		found := probe(t, p, c.probe)
		for i, f := range found {
			if len(found) != len(c.want) || !strings.Contains(f, c.want[i]) {
				t.Errorf("%s = %q, want %q", c.probe, found, c.want)
				break
			}
		}
		if len(found) == 0 {
			t.Errorf("%s sees nothing, want %q", c.probe, c.want)
		}
	}
	p.Look(t, desktop)
	for _, want := range []string{"no outline", "no outline", "outside the window", "covered by something else"} {
		var at focus
		p.Run(t, chromedp.KeyEvent(kb.Tab))
		if p.Eval(t, probes(t, "focus"), &at); at.Fault != want {
			t.Errorf("fault of %s is %q, want %q", at.Element, at.Fault, want)
		}
	}
}

// focus is where the keyboard is, as testdata/focus.js tells it.
type focus struct {
	Element string // a selector of it
	Link    string // its href
	Number  int    // its place among what can be focused, in document order, from 1
	Main    bool   // whether it stands in main
	Fault   string // why a reader would not find it
}

// quiet asserts that the page loaded with nothing that fails, from nowhere else,
// and left nothing behind. Failures that end as expected says do not count.
func quiet(t *testing.T, p *browsertest.Page, expected ...string) {
	t.Helper()
	if p.Status() != 200 {
		t.Errorf("status is %d", p.Status())
	}
	report(t, "console", p.Console())
	report(t, "failed", slices.DeleteFunc(p.Failed(), func(f string) bool {
		return slices.ContainsFunc(expected, func(end string) bool { return strings.HasSuffix(f, end) })
	}))
	report(t, "third party", p.ThirdParty())
	report(t, "cookie", p.Cookies(t))
	var stored int
	if p.Eval(t, `localStorage.length + sessionStorage.length`, &stored); stored > 0 {
		t.Errorf("%d values stored in the browser", stored)
	}
}

func report(t *testing.T, what string, found []string) {
	t.Helper()
	Report(t, what, found)
}

func probe(t *testing.T, p *browsertest.Page, name string) []string {
	t.Helper()
	return Probe(t, p, name)
}

func probes(t *testing.T, name string) string {
	t.Helper()
	return Script(t, name)
}

// served serves the repository's own site until the test ends, and returns its
// address.
func served(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(serve.New(serve.FS(Own(t).Files.FS()), serve.Options{}))
	t.Cleanup(server.Close)
	return server.URL + "/"
}

var shotsDir = flag.String("shots", "", "write screenshots of the repository's own site to this `folder`, to be looked at")

// TestShots writes the screenshots that -shots asks for.
func TestShots(t *testing.T) {
	if *shotsDir == "" {
		t.Skip("no -shots given: nothing to write")
	}
	if err := os.MkdirAll(*shotsDir, 0o755); err != nil {
		t.Fatal(err)
	}
	b, root := browsertest.New(t), served(t)
	for name, path := range map[string]string{
		"front": "", "article": "actualites/bleu-obtient-le-jalon-j0/", "provider": "fournisseurs/s3ns/",
		"section": "actualites/", "term": "glossaire/jalons-j0-j3/", "search": "search/", "english": "en/",
	} {
		for device, size := range map[string]browsertest.View{"desktop": desktop, "phone": {Width: 390, Height: 844, Mobile: true}} {
			p := b.Open(t, root+path, size)
			p.Screenshot(t, filepath.Join(*shotsDir, name+"-"+device+"-light.png"))
			size.Dark = true
			p.Look(t, size)
			p.Screenshot(t, filepath.Join(*shotsDir, name+"-"+device+"-dark.png"))
			p.Close()
		}
	}
}
