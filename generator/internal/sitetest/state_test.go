package sitetest

import (
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"vigie/generator/internal/almanac"
	"vigie/generator/internal/browsertest"
)

// stateOn is the page in force on a day.
func stateOn(t *testing.T, site fs.FS, folder, day string) string {
	t.Helper()
	data, err := fs.ReadFile(site, folder+almanac.File)
	if err != nil {
		t.Fatal(err)
	}
	a, err := almanac.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	asked, ok := almanac.ParseDay(day)
	if !ok {
		t.Fatalf("%q is no day", day)
	}
	found, ok := a.InForce(asked)
	if !ok {
		return folder + "index.html"
	}
	return folder + almanac.Name(found) + "/index.html"
}

// TestStateDays: what the pages of past days say of Bleu and of S3NS, in both
// languages.
func TestStateDays(t *testing.T) {
	files := Own(t).Files.FS()
	for _, c := range []struct {
		day, thing string
		fr, en     string
		not        []string
	}{
		{"2025-04-16", "Bleu", "", "", nil},
		{"2025-06-01", "Bleu", "en cours SecNumCloud 3.2, J0", "in progress SecNumCloud 3.2, J0", []string{"J1", "qualifié", "qualified"}},
		{"2025-06-01", "S3NS", "en cours", "in progress", []string{"J3", "qualifié", "qualified"}},
		{"2025-12-16", "S3NS", "en cours", "in progress", []string{"J3", "qualifié", "qualified"}},
		{"2025-12-18", "S3NS", "qualifié", "qualified", []string{"en cours", "in progress"}},
		{"2025-12-18", "Bleu", "en cours SecNumCloud 3.2, J1", "in progress SecNumCloud 3.2, J1", []string{"J3", "qualifié", "qualified"}},
	} {
		for folder, want := range map[string]string{"etat/": c.fr, "en/state/": c.en} {
			file := stateOn(t, files, folder, c.day)
			said := ""
			for _, item := range elements(t, files, file, "li", "") {
				if item.Parent.Parent != nil && hasClass(item.Parent.Parent, "state-board") && strings.HasPrefix(wording(item), c.thing+" ") {
					said += wording(item) + "\n"
				}
			}
			if !strings.Contains(said, want) || want == "" && said != "" {
				t.Errorf("%s, in force on %s, says of %s %q, want %q", file, c.day, c.thing, said, want)
			}
			for _, not := range c.not {
				if strings.Contains(said, not) {
					t.Errorf("%s, in force on %s, says of %s %q", file, c.day, c.thing, said)
				}
			}
		}
	}
}

// TestStatePages: the pages of past days are for readers who ask for them, not for
// search; all together they are not heavy.
func TestStatePages(t *testing.T) {
	site := Own(t)
	files := site.Files.FS()
	total, pages := 0, 0
	for _, folder := range []string{"etat", "en/state"} {
		err := fs.WalkDir(files, folder, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			data, err := fs.ReadFile(files, name)
			if err != nil {
				return err
			}
			total += len(data)
			if _, dated := almanac.ParseDay(path.Base(path.Dir(name))); !dated {
				return nil
			}
			pages++
			if !strings.Contains(string(data), `<meta name="robots" content="noindex">`) {
				t.Errorf("%s does not ask search engines to leave it out", name)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d pages of days, %d kB in all with those of today", pages, total/1000)
	if pages < 60 || total > 12_000_000 {
		t.Errorf("%d pages of days of %d bytes, want at least 60 and at most 12 MB", pages, total)
	}
	sitemap, err := fs.ReadFile(files, "sitemap.xml")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(sitemap), "/etat/<") || strings.Contains(string(sitemap), "/etat/2") {
		t.Error("sitemap lists the pages of days, or not the page that leads to them")
	}
	for lang, documents := range site.Documents {
		for _, d := range documents {
			if _, dated := almanac.ParseDay(path.Base(d.ID)); dated {
				t.Errorf("search in %s finds %s", lang, d.ID)
			}
		}
	}
}

// TestState asks for a day in a browser: of vigie's server without JavaScript, of any
// static host with it.
func TestState(t *testing.T) {
	b, root := browsertest.New(t), served(t)
	dir := filepath.Join(t.TempDir(), "site")
	if err := os.CopyFS(dir, Own(t).Files.FS()); err != nil {
		t.Fatal(err)
	}
	static := httptest.NewServer(http.FileServer(http.Dir(dir)))
	t.Cleanup(static.Close)
	type place struct{ Path, Field, Title string }
	where := func(p *browsertest.Page) (at place) {
		t.Helper()
		p.Eval(t, `({path: location.pathname, field: document.querySelector("#state-date").value, title: document.querySelector("h1").textContent})`, &at)
		return at
	}
	files := Own(t).Files.FS()
	for _, folder := range []string{"etat/", "en/state/"} {
		want := "/" + strings.TrimSuffix(stateOn(t, files, folder, "2025-06-01"), "index.html")
		for host, view := range map[string]browsertest.View{root: {NoScript: true}, static.URL + "/": {}} {
			p := b.Open(t, host+folder+"?date=2025-06-01", view)
			p.Settle(t)
			if at := where(p); at.Path != want || !strings.Contains(at.Title, "2025") {
				t.Errorf("asked for a day (scripts %t) the browser is at %+v, want %s", !view.NoScript, at, want)
			}
			p.Close()
			if folder != "etat/" {
				continue
			}
			// Today and what no calendar has: the page of today.
			for _, day := range []string{"2026-11-21", "2025-02-31"} {
				p := b.Open(t, host+folder+"?date="+day, view)
				p.Settle(t)
				if at := where(p); at.Path != "/"+folder {
					t.Errorf("asked for %s (scripts %t) the browser is at %+v", day, !view.NoScript, at)
				}
				p.Close()
			}
		}
	}

	// The form, by keyboard alone and without scripts.
	p := b.Open(t, root+"etat/", browsertest.View{NoScript: true})
	report(t, "axe without scripts", p.Axe(t))
	p.Eval(t, `document.querySelector("#state-date").value = "2025-12-18", document.querySelector("#state-date").focus()`, nil)
	p.Run(t, chromedp.KeyEvent("\r"))
	want := "/" + strings.TrimSuffix(stateOn(t, files, "etat/", "2025-12-18"), "index.html")
	eventually(t, func() bool {
		return slices.ContainsFunc(p.Requests(), func(address string) bool { return strings.Contains(address, want) })
	}, "the form does not lead to "+want)
	p.Settle(t)
	if at := where(p); at.Path != want {
		t.Errorf("the form leads to %+v, want %s", at, want)
	}
	report(t, "axe without scripts, a past day", p.Axe(t))
	p.Look(t, browsertest.View{NoScript: true, Width: 360, Height: 740, Mobile: true, Dark: true})
	report(t, "axe without scripts, phone", p.Axe(t))
	report(t, "target under 24 by 24 pixels", probe(t, p, "targets"))
	p.Close()
}

// eventually fails the test where done does not become true within minutes.
func eventually(t *testing.T, done func() bool, otherwise string) {
	t.Helper()
	for start := time.Now(); !done(); time.Sleep(20 * time.Millisecond) {
		if time.Since(start) > 3*time.Minute {
			t.Fatal(otherwise)
		}
	}
}
