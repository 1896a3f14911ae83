package browsertest_test

import (
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"vigie/generator/internal/browsertest"
)

// site serves testdata/site.txtar under a strict Content-Security-Policy, and
// /echo with the Accept-Language it was asked in.
func site(t *testing.T) string {
	t.Helper()
	archive, err := txtar.ParseFile(filepath.Join("testdata", "site.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	fsys, err := txtar.FS(archive)
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/", http.FileServerFS(fsys))
	mux.HandleFunc("/echo", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		_, _ = w.Write([]byte(r.Header.Get("Accept-Language")))
	})
	mux.HandleFunc("/favicon.ico", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.HandleFunc("/events", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		w.(http.Flusher).Flush()
		<-r.Context().Done() // a stream that stays open
	})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'self'; img-src 'self' data:")
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// TestPlainPage asserts that a page without fault shows none, in every view.
func TestPlainPage(t *testing.T) {
	b, root := browsertest.New(t), site(t)
	for _, c := range []struct {
		name                    string
		view                    browsertest.View
		background, small       string
		letter, word, indent    string
		scripted                string
		innerWidth, innerHeight int
	}{
		{"desktop", browsertest.View{}, "rgb(255, 255, 255)", "block", "normal", "0px", "0px", "yes", 1280, 800},
		{"dark", browsertest.View{Dark: true}, "rgb(1, 2, 3)", "block", "normal", "0px", "0px", "yes", 1280, 800},
		{"mobile", browsertest.View{Width: 390, Height: 844, Mobile: true}, "rgb(255, 255, 255)", "none", "normal", "0px", "0px", "yes", 390, 844},
		{"without scripts", browsertest.View{NoScript: true}, "rgb(255, 255, 255)", "block", "normal", "0px", "0px", "no", 1280, 800},
		{"print", browsertest.View{Print: true}, "rgb(255, 255, 255)", "block", "3px", "0px", "0px", "yes", 1280, 800},
		{"reduced motion", browsertest.View{ReducedMotion: true}, "rgb(255, 255, 255)", "block", "normal", "5px", "0px", "yes", 1280, 800},
		{"forced colours", browsertest.View{ForcedColors: true}, "rgb(255, 255, 255)", "block", "normal", "0px", "7px", "yes", 1280, 800},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := b.Open(t, root+"/plain.html", c.view)
			type look struct {
				Background, Small, Letter, Word, Indent, Scripted string
				Width, Height                                     int
			}
			var got look
			p.Eval(t, `({
				background: getComputedStyle(document.body).backgroundColor,
				small: getComputedStyle(document.querySelector(".small")).display,
				letter: getComputedStyle(document.querySelector("h1")).letterSpacing,
				word: getComputedStyle(document.querySelector("h1")).wordSpacing,
				indent: getComputedStyle(document.querySelector("h1")).textIndent,
				scripted: document.getElementById("scripted").textContent,
				width: innerWidth, height: innerHeight,
			})`, &got)
			want := look{c.background, c.small, c.letter, c.word, c.indent, c.scripted, c.innerWidth, c.innerHeight}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("look, -want +got:\n%s", diff)
			}
			if p.Status() != 200 {
				t.Errorf("status = %d", p.Status())
			}
			for what, list := range map[string][]string{
				"axe": p.Axe(t), "console": p.Console(), "failed": p.Failed(), "third party": p.ThirdParty(), "cookies": p.Cookies(t),
			} {
				if len(list) > 0 {
					t.Errorf("%s: %q", what, list)
				}
			}
			files := []string{"/plain.html", "/style.css"}
			if !c.view.NoScript {
				files = append(files, "/script.js")
			}
			for n, f := range files {
				files[n] = root + f
			}
			requests := slices.Sorted(slices.Values(p.Requests()))
			if want := slices.Sorted(slices.Values(files)); !slices.Equal(requests, want) {
				t.Errorf("requests = %q, want %q", requests, want)
			}
		})
	}
}

// TestFaultyPage asserts that every kind of fault is seen: a judge that never
// says no proves nothing.
func TestFaultyPage(t *testing.T) {
	b, root := browsertest.New(t), site(t)
	p := b.Open(t, root+"/faulty.html", browsertest.View{})

	console := p.Console()
	for _, want := range []string{
		"error: broken: %s part (" + root + "/faulty.js:4)",
		"warning: careful 3 (" + root + "/faulty.js:3)",
		"exception: Uncaught Error: thrown on purpose (" + root + "/faulty.js:6)",
	} {
		if !slices.Contains(console, want) {
			t.Errorf("console lacks %q:\n%s", want, strings.Join(console, "\n"))
		}
	}
	if !slices.ContainsFunc(console, func(s string) bool {
		return strings.Contains(s, "inline script") && strings.Contains(s, "Content Security Policy")
	}) {
		t.Errorf("console does not tell of the inline script:\n%s", strings.Join(console, "\n"))
	}
	if text := strings.Join(console, "\n"); strings.Contains(text, "not a fault") || strings.Contains(text, "404") {
		t.Errorf("console holds what is no error, or a failed request:\n%s", text)
	}

	failed := slices.Sorted(slices.Values(p.Failed()))
	want := []string{
		"GET " + root + "/absent.json: status 404",
		"GET " + root + "/absent.png: status 404",
		"GET https://fonts.example.com/a.css: blocked, csp",
	}
	slices.Sort(want)
	if diff := cmp.Diff(want, failed); diff != "" {
		t.Errorf("failed, -want +got:\n%s", diff)
	}
	if got := p.ThirdParty(); !slices.Equal(got, []string{"https://fonts.example.com/a.css"}) {
		t.Errorf("third party = %q", got)
	}
	if got := p.Cookies(t); !slices.Equal(got, []string{"spy"}) {
		t.Errorf("cookies = %q", got)
	}

	// Another tab shares nothing with this one.
	other := b.Open(t, root+"/plain.html", browsertest.View{})
	if got := other.Cookies(t); len(got) > 0 {
		t.Errorf("cookies of another tab = %q", got)
	}

	for _, view := range []browsertest.View{{}, {NoScript: true}} {
		found := b.Open(t, root+"/faulty.html", view).Axe(t)
		if len(found) != 1 || !strings.HasPrefix(found[0], "image-alt (critical): ") || !strings.Contains(found[0], ": img: ") {
			t.Errorf("axe (%+v) = %q, want the image without text alone", view, found)
		}
	}
}

// TestStatus asserts that a page answered with an error is no failed request.
func TestStatus(t *testing.T) {
	b, root := browsertest.New(t), site(t)
	p := b.Open(t, root+"/absent/", browsertest.View{})
	if p.Status() != 404 || len(p.Failed()) > 0 || len(p.Console()) > 0 {
		t.Errorf("status %d, failed %q, console %q; want 404 alone", p.Status(), p.Failed(), p.Console())
	}
}

// TestLook asserts that an open page changes its look, and back.
func TestLook(t *testing.T) {
	b, root := browsertest.New(t), site(t)
	p := b.Open(t, root+"/plain.html", browsertest.View{})
	for _, c := range []struct {
		view browsertest.View
		want string
	}{
		{browsertest.View{Width: 390, Height: 844, Mobile: true, Dark: true}, "390 rgb(1, 2, 3)"},
		{browsertest.View{}, "1280 rgb(255, 255, 255)"},
	} {
		p.Look(t, c.view)
		var got string
		if p.Eval(t, "`${innerWidth} ${getComputedStyle(document.body).backgroundColor}`", &got); got != c.want {
			t.Errorf("look = %q, want %q", got, c.want)
		}
		if found := p.Axe(t); len(found) > 0 {
			t.Errorf("axe: %q", found)
		}
	}
	if got := p.Requests(); len(got) != 3 {
		t.Errorf("requests = %q, want those of one load", got)
	}
}

func TestLanguage(t *testing.T) {
	b, root := browsertest.New(t), site(t)
	var text string
	b.Open(t, root+"/echo", browsertest.View{Language: "fr-CA"}).Eval(t, `document.body.textContent`, &text)
	if text != "fr-CA" {
		t.Errorf("Accept-Language = %q", text)
	}
}

// TestOpenStream asserts that live reload's endless request holds nothing up.
func TestOpenStream(t *testing.T) {
	b, root := browsertest.New(t), site(t)
	p := b.Open(t, root+"/plain.html", browsertest.View{})
	p.Eval(t, `new Promise(done => { window.source = new EventSource("/events"); source.onopen = () => done(true) })`, nil)
	p.Eval(t, `fetch("/echo").then(r => r.ok)`, nil)
	p.Settle(t)
	if got := p.Requests(); !slices.Contains(got, root+"/events") || !slices.Contains(got, root+"/echo") {
		t.Errorf("requests = %q", got)
	}
	p.Run(t, chromedp.SetValue(chromedp.CSS("#scripted"), "unused"))
	p.Close()
}

// TestThread asserts that what a worker requests is the tab's, and that the tab's
// network is the worker's, be it there already or not.
func TestThread(t *testing.T) {
	b, root := browsertest.New(t), site(t)
	p := b.Open(t, root+"/plain.html", browsertest.View{})
	var heard atomic.Bool
	p.Listen(func(event any) {
		if e, ok := event.(*network.EventRequestWillBeSent); ok && e.Request.URL == root+"/echo" {
			heard.Store(true)
		}
	})
	ask := func(worker string) (status int) {
		p.Eval(t, `new Promise(done => { const w = `+worker+`; w.onmessage = e => done(e.data); w.postMessage(0) })`, &status)
		p.Settle(t)
		return status
	}
	const made, other = `window.first = new Worker("/thread.js")`, `new Worker("/thread.js?2")`
	if status := ask(made); status != 200 {
		t.Errorf("a worker's request has status %d", status)
	}
	if got := p.Requests(); !slices.Contains(got, root+"/thread.js") || !slices.Contains(got, root+"/echo") || !heard.Load() {
		t.Errorf("requests = %q, listener told of the worker's: %v", got, heard.Load())
	}
	p.Connect(t, network.Conditions{Offline: true, DownloadThroughput: -1, UploadThroughput: -1})
	if status := ask(`window.first`); status != 0 {
		t.Errorf("offline, a worker's request has status %d", status)
	}
	if got := p.Failed(); len(got) != 1 || !strings.HasPrefix(got[0], "GET "+root+"/echo: ") {
		t.Errorf("failed = %q", got)
	}
	p.Connect(t, network.Conditions{DownloadThroughput: -1, UploadThroughput: -1})
	for _, worker := range []string{`window.first`, other} {
		if status := ask(worker); status != 200 {
			t.Errorf("online again, a request of %s has status %d", worker, status)
		}
	}
}

func TestScreenshot(t *testing.T) {
	b, root := browsertest.New(t), site(t)
	p := b.Open(t, root+"/plain.html", browsertest.View{Width: 320, Height: 200, Dark: true})
	p.Eval(t, `document.body.style.height = "900px"`, nil)
	file := filepath.Join(t.TempDir(), "shot.png")
	p.Screenshot(t, file)
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	shot, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	if size := shot.Bounds().Size(); size.X != 320 || size.Y < 900 {
		t.Errorf("size = %v, want 320 by the whole page", size)
	}
	if r, g, b, _ := shot.At(1, 1).RGBA(); r>>8 != 1 || g>>8 != 2 || b>>8 != 3 {
		t.Errorf("corner is rgb(%d, %d, %d), want the dark background", r>>8, g>>8, b>>8)
	}
}

func TestNu(t *testing.T) {
	archive, err := txtar.ParseFile(filepath.Join("testdata", "site.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	fsys, err := txtar.FS(archive)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, fsys); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range browsertest.Nu(t, dir) {
		place, rest, _ := strings.Cut(m, ": ")
		kind, message, _ := strings.Cut(rest, ": ")
		// The checker's wording may change with its version; the words that
		// name the fault do not.
		for _, word := range []string{"ID 'a'", "alt", "'p'"} {
			if strings.Contains(message, word) {
				got = append(got, place+" "+kind+" "+word)
				break
			}
		}
	}
	want := []string{
		"deep/sous dossier/é.html:4:7 warning ID 'a'",
		"deep/sous dossier/é.html:4:22 error ID 'a'",
		"faulty.html:14:1 error alt",
		"invalid.html:5:35 error 'p'",
		"invalid.html:6:1 error alt",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestMissingTool asserts that a test whose tool is missing says so: it is
// skipped, and fails where the tools are required.
func TestMissingTool(t *testing.T) {
	for _, c := range []struct {
		test, env, required string
		pass                bool
		want                string
	}{
		{"TestStatus", "VIGIE_CHROMIUM=absent", "", true, "no browser found among absent (`make test` installs"},
		{"TestStatus", "VIGIE_CHROMIUM=absent", "1", false, "no browser found among absent, and VIGIE_REQUIRE_BROWSER=1"},
		{"TestNu", "PATH=", "", true, "Java not found (`make test` installs"},
		{"TestNu", "PATH=", "1", false, "Java not found, and VIGIE_REQUIRE_BROWSER=1"},
	} {
		cmd := exec.Command(os.Args[0], "-test.v", "-test.run=^"+c.test+"$")
		cmd.Env = append(os.Environ(), c.env, "VIGIE_REQUIRE_BROWSER="+c.required)
		out, err := cmd.CombinedOutput()
		if (err == nil) != c.pass || !strings.Contains(string(out), c.want) {
			t.Errorf("%s with %s, required %q: %v\n%s\nwant pass %v and %q", c.test, c.env, c.required, err, out, c.pass, c.want)
		}
	}
}
