package sitetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"vigie/generator/internal/browsertest"
	"vigie/generator/internal/build"
	"vigie/generator/internal/preview"
)

// What an editor of a large site may wait for.
const (
	editMedian = 60.0  // milliseconds from the file to the reader's eye
	editP95    = 100.0 // … for 19 of 20
	partialMax = 200.0 // … for the page shown, when a partial of all pages changed
)

// TestPreviewSpeed edits bodies of a site of 10,000 articles, or as many as
// -corpus-size says, and measures from the file to the changed text in Chromium.
// Milliseconds depend on the machine: they are told, not judged.
func TestPreviewSpeed(t *testing.T) {
	if os.Getenv("VIGIE_SOAK") != "1" {
		t.Skip("VIGIE_SOAK is not 1: a large site would take a minute")
	}
	browser := browsertest.New(t)
	dir := filepath.Join(t.TempDir(), "site")
	if err := Corpus(dir, *corpusSize); err != nil {
		t.Fatal(err)
	}
	updates := make(chan preview.Update, 1000)
	ctx, stop := context.WithCancel(context.Background())
	session, err := preview.New(ctx, preview.Options{
		Build:   build.Options{Source: dir, Theme: os.DirFS(Root()), Now: Now, Drafts: true, Future: true},
		Updated: func(u preview.Update) { updates <- u },
	})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(session)
	followed := make(chan error, 1)
	go func() { followed <- session.Follow(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-followed; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		server.Close()
	})
	first := <-updates
	t.Logf("site of %d articles opened in %v", *corpusSize, first.Duration.Round(time.Millisecond))
	for quiet := false; !quiet; {
		select {
		case <-updates:
		case <-time.After(2 * time.Second):
			quiet = true
		}
	}
	files, err := filepath.Glob(filepath.Join(dir, "content", "*", "*.md"))
	if err != nil || len(files) < 100 {
		t.Fatalf("%d pages, %v", len(files), err)
	}
	slices.Sort(files)
	file := files[len(files)/2]
	original, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	name := strings.TrimPrefix(filepath.ToSlash(file), filepath.ToSlash(dir)+"/content/")
	p := browser.Open(t, server.URL+session.PathOf(name), browsertest.View{})
	p.Until(t, `document.querySelector("vigie-preview")`)

	var edits []float64
	for i := range 100 {
		mark := fmt.Sprintf("marque%dfin", i)
		edits = append(edits, seen(t, p, mark, func() { write(t, file, append(bytes.Clone(original), "\n\nUn texte neuf, "+mark+".\n"...)) }))
		time.Sleep(30 * time.Millisecond)
	}
	s := spreadOf(edits)
	t.Logf("body edited → seen in Chromium: median %.1f ms (aim %g), 95th percentile %.1f ms (aim %g), worst %.1f ms", s.median, editMedian, s.p95, editP95, slices.Max(edits))

	partial, err := os.ReadFile(filepath.Join(Root(), "layouts", "partials", "footer.html"))
	if err != nil {
		t.Fatal(err)
	}
	var partials []float64
	for i := range 10 {
		mark := fmt.Sprintf("pied%dfin", i)
		text := strings.Replace(string(partial), "</footer>", "<p>"+mark+"</p></footer>", 1)
		partials = append(partials, seen(t, p, mark, func() { write(t, filepath.Join(dir, "layouts", "partials", "footer.html"), []byte(text)) }))
		time.Sleep(500 * time.Millisecond)
	}
	t.Logf("shared partial edited → page seen: median %.1f ms (aim %g), worst %.1f ms; in order: %.0f", spreadOf(partials).median, partialMax, slices.Max(partials), partials)

	peer := hugoEdits(t, browser, dir, strings.TrimSuffix(name, ".md"), 20)
	if len(peer) == 0 {
		return
	}
	h := spreadOf(peer)
	t.Logf("hugo server, the same articles: body edited → seen: median %.0f ms, 95th percentile %.0f ms; ours is %.3f of it", h.median, h.p95, s.median/h.median)
	if s.median > h.median {
		t.Errorf("an edit takes longer to be seen than with hugo server: %.1f ms against %.1f", s.median, h.median)
	}
}

func write(t *testing.T, file string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

// seen does an edit and returns the milliseconds until a text of it is in the page and
// the browser has drawn it.
func seen(t *testing.T, p *browsertest.Page, mark string, edit func()) float64 {
	t.Helper()
	ms, ok := seenWithin(p, mark, edit, time.Minute)
	if !ok {
		t.Fatalf("%s was never seen", mark)
	}
	return ms
}

// seenWithin is seen for an edit that may never be: not ok says so.
func seenWithin(p *browsertest.Page, mark string, edit func(), most time.Duration) (ms float64, ok bool) {
	start := time.Now()
	edit()
	// The page may be loaded anew: what watches for the mark must survive that.
	for time.Since(start) < most {
		var at float64
		if err := p.Try(fmt.Sprintf(`new Promise(done => {
			const look = () => {
				if (document.body?.textContent.includes(%q)) {
					requestAnimationFrame(() => { const c = new MessageChannel(); c.port1.onmessage = () => done(performance.timeOrigin + performance.now()); c.port2.postMessage(0) });
					return true;
				}
				return false;
			};
			if (!look()) { const o = new MutationObserver(() => { if (look()) o.disconnect() }); o.observe(document, { childList: true, subtree: true, characterData: true }) }
		})`, mark), &at); err == nil {
			return at - float64(start.UnixMicro())/1000, true
		}
	}
	return 0, false
}
