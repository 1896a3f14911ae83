package preview

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vigie/generator/internal/build"
	"vigie/generator/internal/diag"
	"vigie/generator/internal/watch"
)

// desk is a session whose updates are called for by the test, not by files that change.
type desk struct {
	*Session
	t       *testing.T
	dir     string
	updates chan Update
}

func newDesk(t *testing.T, editor func(file string, line, column int) string) *desk {
	t.Helper()
	d := &desk{t: t, dir: t.TempDir(), updates: make(chan Update, 100)}
	d.write("config.toml", "title = \"Essai\"\nbase_url = \"https://example.org/\"\n[kinds.article]\nfolder = \"actualites\"\nnews = true\n")
	d.write("content/actualites/un.md", article("Un", "Premier texte."))
	d.write("content/actualites/deux.md", article("Deux", "Second texte."))
	ctx, stop := context.WithCancel(context.Background())
	session, err := New(ctx, Options{
		Build:  build.Options{Source: d.dir, Theme: os.DirFS(filepath.Join("..", "..", "..")), Now: time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)},
		Editor: editor, Updated: func(u Update) { d.updates <- u },
	})
	if err != nil {
		t.Fatal(err)
	}
	d.Session = session
	t.Cleanup(func() {
		stop()
		session.checks.running.Wait()
	})
	d.told()
	return d
}

func article(title, body string) string {
	return "+++\ntitle = \"" + title + "\"\ndate = 2025-01-02\n+++\n" + body + "\n"
}

func (d *desk) write(name, text string) {
	d.t.Helper()
	file := filepath.Join(d.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		d.t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		d.t.Fatal(err)
	}
}

// changed has the session take over files that changed.
func (d *desk) changed(names ...string) { d.update(d.ctx, watch.Batch{Paths: names}) }

// told waits until an update is told.
func (d *desk) told() Update {
	d.t.Helper()
	select {
	case u := <-d.updates:
		return u
	case <-time.After(3 * time.Minute):
		d.t.Fatal("the update is not told")
	}
	return Update{}
}

// get is the page at a path, as browsers get it.
func (d *desk) get(path string) (status int, page string) {
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Host = "localhost"
	d.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

// event is one that a page got.
type event struct{ name, data string }

// connect opens a page's stream and returns its events.
func (d *desk) connect(query url.Values) <-chan event {
	d.t.Helper()
	server := httptest.NewServer(d)
	ctx, stop := context.WithCancel(context.Background())
	d.t.Cleanup(func() { stop(); server.Close() })
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+"/_vigie/events?"+query.Encode(), nil)
	if err != nil {
		d.t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		d.t.Fatal(err)
	}
	events := make(chan event, 100)
	go func() {
		defer close(events)
		defer func() { _ = response.Body.Close() }()
		name := ""
		for lines := bufio.NewScanner(response.Body); lines.Scan(); {
			if n, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
				name = n
			} else if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				events <- event{name, data}
			}
		}
	}()
	return events
}

// next waits for the next event of a stream.
func (d *desk) next(events <-chan event) event {
	d.t.Helper()
	select {
	case e := <-events:
		return e
	case <-time.After(3 * time.Minute):
		d.t.Fatal("nothing comes")
	}
	return event{}
}

// TestTouched tells of every update, also where a file is touched, or written in two
// steps, before the site has been looked through.
func TestTouched(t *testing.T) {
	d := newDesk(t, nil)
	for range 20 {
		for _, body := range []string{"Texte changé.", "Texte encore changé, et un lien [[nulle-part]]."} {
			d.write("content/actualites/un.md", article("Un", body))
			d.changed("content/actualites/un.md")
			d.changed("content/actualites/un.md") // nothing new
			u := d.told()
			if len(u.Changed) != 1 || u.Problems.HasErrors() != strings.Contains(body, "nulle-part") {
				t.Fatalf("told of %v with %v after %q", u.Changed, u.Problems, body)
			}
		}
	}
}

// TestClosely tells of updates that follow closely, if not each, then all that changed.
func TestClosely(t *testing.T) {
	d := newDesk(t, nil)
	for i := range 20 {
		d.write("content/actualites/un.md", article("Un", "Un lien [[nulle-part]]."))
		d.changed("content/actualites/un.md")
		d.write("content/actualites/un.md", article("Un", "Sans lien."))
		d.write("content/actualites/deux.md", article("Deux", strings.Repeat("Encore. ", i+1)))
		d.changed("content/actualites/deux.md")
		d.changed("content/actualites/un.md")
		var files []string
		var last Update
		for len(files) < 2 || last.Problems.HasErrors() {
			last = d.told()
			for _, name := range last.Changed {
				if !strings.Contains(strings.Join(files, " "), name) {
					files = append(files, name)
				}
			}
		}
	}
}

// TestNewsOvertakesNothing has the site's errors go while a page is being greeted with
// them: it must hear of both in this order.
func TestNewsOvertakesNothing(t *testing.T) {
	var d *desk
	judged := make(chan bool)
	greeting := make(chan bool, 1)
	d = newDesk(t, func(string, int, int) string {
		select {
		case <-greeting: // what the page will hear is being gathered
			go func() {
				d.tellProblems(nil)
				close(judged)
			}()
			select {
			case <-judged:
			case <-time.After(100 * time.Millisecond): // it waits for the greeting
			}
		default:
		}
		return ""
	})
	d.tellProblems(diag.List{diag.Errorf(diag.Position{File: "content/actualites/un.md", Line: 1, Col: 1}, "test", "a mistake")})
	greeting <- true
	events := d.connect(url.Values{"path": {"/actualites/un/"}, "seen": {"0"}})
	var heard []string
	for !strings.Contains(strings.Join(heard, " "), "hello") || !strings.Contains(strings.Join(heard, " "), "problems") {
		if e := d.next(events); e.name == "hello" || e.name == "problems" {
			heard = append(heard, e.name)
		}
	}
	<-judged
	if heard[len(heard)-1] != "problems" {
		t.Errorf("a page heard %v: it shows errors that are gone", heard)
	}
}

// TestElsewhere tells a page that comes back, however late, of what changed elsewhere
// since it was told last, and not again.
func TestElsewhere(t *testing.T) {
	d := newDesk(t, nil)
	d.write("content/actualites/un.md", article("Un", "Texte changé."))
	d.changed("content/actualites/un.md")
	d.told()
	d.write("content/actualites/deux.md", article("Deux", "Texte changé."))
	d.changed("content/actualites/deux.md")
	d.told()
	for _, c := range []struct {
		path, seen string
		want       string // titles
	}{
		{"/actualites/un/", "0", "Deux"},
		{"/actualites/deux/", "0", "Un"},
		{"/", "0", "Deux Un"},
		{"/", "1", "Deux"},
		{"/", "2", ""},
		{"/", "9", ""}, // of another run of the program
		{"/", "", ""},
	} {
		events := d.connect(url.Values{"path": {c.path}, "seen": {c.seen}, "hash": {"of a page long gone"}})
		var titles []string
		for e := d.next(events); e.name != "reload"; e = d.next(events) {
			if e.name != "elsewhere" {
				continue
			}
			var told struct {
				Update int
				Pages  []struct{ Title string }
			}
			if err := json.Unmarshal([]byte(e.data), &told); err != nil || told.Update != 2 {
				t.Errorf("%s, seen %q: %s, %v", c.path, c.seen, e.data, err)
			}
			for _, p := range told.Pages {
				titles = append(titles, p.Title)
			}
		}
		if got := strings.Join(titles, " "); got != c.want {
			t.Errorf("%s, seen %q: told of %q, want %q", c.path, c.seen, got, c.want)
		}
	}
}

// TestHeld serves the last good form of a page through any number of mistakes that keep
// it from being read, to those who come only then too.
func TestHeld(t *testing.T) {
	d := newDesk(t, nil)
	for _, text := range []string{"+++\ntitle\n+++\n", "+++\ntitle = \n+++\nPerdu\n", "+++\ntitle = \"x\"\n", "+++\nslug = \"ailleurs\"\ntitel = \"x\"\n+++\n", "\xff", "\xff\xff"} {
		d.write("content/actualites/un.md", text)
		d.changed("content/actualites/un.md")
		d.told()
		if status, page := d.get("/actualites/un/"); status != http.StatusOK || !strings.Contains(page, "Premier texte.") {
			t.Errorf("after %q: status %d", text, status)
		}
	}
	d.write("content/actualites/un.md", article("Un", "De retour."))
	d.changed("content/actualites/un.md")
	if _, page := d.get("/actualites/un/"); !strings.Contains(page, "De retour.") {
		t.Error("the page is held where it can be read")
	}
}

// TestFaultyFromTheStart shows edits of a page whose front matter has always had a
// mistake: it has no better form.
func TestFaultyFromTheStart(t *testing.T) {
	d := newDesk(t, nil)
	faulty := strings.Replace(article("Un", "Un texte."), "date", "dat", 1)
	d.write("content/actualites/neuf.md", faulty)
	d.changed("content/actualites/neuf.md")
	if u := d.told(); !u.Problems.HasErrors() {
		t.Fatal("no error")
	}
	for _, body := range []string{"Un texte changé.", "Un autre."} {
		d.write("content/actualites/neuf.md", strings.Replace(faulty, "Un texte.", body, 1))
		d.changed("content/actualites/neuf.md")
		if _, page := d.get("/actualites/neuf/"); !strings.Contains(page, body) {
			t.Errorf("the page does not show %q", body)
		}
	}
}
