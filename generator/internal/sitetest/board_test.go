package sitetest

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"golang.org/x/net/html"

	"vigie/generator/internal/browsertest"
	"vigie/generator/internal/build"
	"vigie/generator/internal/diag"
)

// ownOn builds the repository's own site with another clock: noon UTC of a day.
func ownOn(t *testing.T, day string) *build.Site {
	t.Helper()
	now, err := time.Parse(time.DateOnly, day)
	if err != nil {
		t.Fatal(err)
	}
	site, diags := build.Render(context.Background(), build.Options{Source: Root(), Theme: os.DirFS(Root()), Now: now.Add(12 * time.Hour)})
	if diags.HasErrors() {
		var b bytes.Buffer
		_ = diag.Print(&b, diags, diag.PrintOptions{})
		t.Fatalf("on %s the site has errors:\n%s", day, b.String())
	}
	return site
}

// elements returns the elements of a published page that are named so and have a
// class, "" for any.
func elements(t *testing.T, site fs.FS, file, name, class string) []*html.Node {
	t.Helper()
	data, err := fs.ReadFile(site, file)
	if err != nil {
		t.Fatal(err)
	}
	root, err := html.Parse(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	var list []*html.Node
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && n.Data == name && (class == "" || hasClass(n, class)) {
			list = append(list, n)
		}
	}
	return list
}

func hasClass(n *html.Node, class string) bool {
	for _, c := range strings.Fields(attr(n, "class")) {
		if c == class {
			return true
		}
	}
	return false
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// wording is an element's text with single spaces, no-break ones included.
func wording(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data + " ")
		}
	}
	return strings.Join(strings.Fields(strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(b.String())), " ")
}

// boardRows are the rows of the whole board about a thing.
func boardRows(t *testing.T, site fs.FS, file, thing string) []*html.Node {
	t.Helper()
	var list []*html.Node
	for _, row := range elements(t, site, file, "tr", "") {
		if attr(row, "data-state") != "" && strings.HasPrefix(wording(row), thing+" ") {
			list = append(list, row)
		}
	}
	if len(list) == 0 {
		t.Fatalf("%s has no row of %s", file, thing)
	}
	return list
}

// TestBoardClock: the board counts the days to an expiry by the build's clock, and
// says of one that is past that its renewal is not confirmed; so does the provider's
// own page.
func TestBoardClock(t *testing.T) {
	for _, c := range []struct {
		day, state string
		says       map[string]string // by page
		not        string
	}{
		{"2026-11-21", "qualified", map[string]string{"ou-en-sont-ils/index.html": "dans 9 jours", "en/where-they-stand/index.html": "in 9 days", "fournisseurs/outscale/index.html": "dans 9 jours"}, "renouvellement non confirmé"},
		{"2026-11-30", "qualified", map[string]string{"ou-en-sont-ils/index.html": "aujourd’hui"}, "renouvellement non confirmé"},
		{"2026-12-05", "expired", map[string]string{"ou-en-sont-ils/index.html": "renouvellement non confirmé", "en/where-they-stand/index.html": "renewal not confirmed", "fournisseurs/outscale/index.html": "renouvellement non confirmé"}, "dans "},
	} {
		files := ownOn(t, c.day).Files.FS()
		for file, want := range c.says {
			var found []*html.Node
			if strings.HasPrefix(file, "fournisseurs/") {
				found = elements(t, files, file, "dd", "standing")
			} else {
				found = boardRows(t, files, file, "Outscale")
				if state := attr(found[0], "data-state"); state != c.state {
					t.Errorf("on %s, %s has Outscale as %s, want %s", c.day, file, state, c.state)
				}
			}
			if len(found) == 0 {
				t.Fatalf("on %s, %s does not say where Outscale stands", c.day, file)
			}
			if text := wording(found[0]); !strings.Contains(text, want) || strings.Contains(text, c.not) || !strings.Contains(text, "2026") {
				t.Errorf("on %s, %s says of Outscale %q, want %q", c.day, file, text, want)
			}
		}
	}
}

// TestBoardRows: every row of the board says what it is about, and leads to sources;
// every provider page shows the rows that the board has of it.
func TestBoardRows(t *testing.T) {
	files := Own(t).Files.FS()
	count := map[string]int{}
	for _, row := range elements(t, files, "ou-en-sont-ils/index.html", "tr", "") {
		if attr(row, "data-state") == "" {
			continue
		}
		page, sources := "", 0
		for n := range row.Descendants() {
			if n.Data != "a" {
				continue
			}
			if href := attr(n, "href"); strings.Contains(href, "#source-") {
				sources++
			} else if page == "" {
				page = href
			}
		}
		if count[page]++; sources == 0 {
			t.Errorf("row %q leads to no source", wording(row))
		}
	}
	if len(count) < 5 {
		t.Errorf("the board speaks of %d pages only", len(count))
	}
	for page, n := range count {
		if got := len(elements(t, files, strings.TrimPrefix(page, "/")+"index.html", "dd", "standing")); got != n {
			t.Errorf("%s shows %d standings, the board %d", page, got, n)
		}
	}
}

// board is what the browser shows of the whole board.
type board struct {
	Rows    []string // the first words of each row shown
	Sorted  string   // "service ascending"
	Search  string
	Shown   string
	Form    bool // whether it is there to be used
	Buttons int
	Focus   string
}

const boardProbe = `(() => ({
	rows: [...document.querySelectorAll("[data-board] tbody tr")].filter(r => r.checkVisibility()).map(r => r.dataset.state + " " + r.querySelector(".board-name").textContent),
	sorted: [...document.querySelectorAll("th[aria-sort]")].map(h => h.dataset.key + " " + h.ariaSort).join(),
	search: location.search,
	shown: document.querySelector("[data-board-shown]").textContent,
	form: document.querySelector("[data-board-form]").checkVisibility(),
	buttons: document.querySelectorAll("th button").length,
	focus: document.activeElement.textContent,
}))()`

// TestBoard uses the whole board in a browser: by keyboard, by address, and without
// JavaScript.
func TestBoard(t *testing.T) {
	b, root := browsertest.New(t), served(t)
	address := root + "ou-en-sont-ils/"
	look := func(p *browsertest.Page) (seen board) {
		t.Helper()
		p.Eval(t, boardProbe, &seen)
		return seen
	}

	p := b.Open(t, address, browsertest.View{NoScript: true, Width: 360, Height: 740, Mobile: true})
	all := look(p)
	if all.Form || all.Buttons > 0 || len(all.Rows) < 8 {
		t.Errorf("without scripts the board is %+v", all)
	}
	report(t, "axe, phone without scripts", p.Axe(t))
	p.Look(t, browsertest.View{NoScript: true})
	report(t, "axe, desktop without scripts", p.Axe(t))
	p.Close()

	p = b.Open(t, address, desktop)
	quiet(t, p)
	seen := look(p)
	if !seen.Form || seen.Buttons != 8 || len(seen.Rows) != len(all.Rows) || seen.Sorted != "" || seen.Search != "" {
		t.Errorf("with scripts the board is %+v", seen)
	}
	press := func(keys string) { p.Run(t, chromedp.KeyEvent(keys)) }
	// Sorting: up, down, as it was; the focus stays.
	p.Eval(t, `document.querySelector("th[data-key=expires] button").focus()`, nil)
	press(kb.Enter)
	up := look(p)
	if up.Sorted != "expires ascending" || up.Search != "?sort=expires" || !strings.HasPrefix(up.Focus, "Échéance") {
		t.Errorf("sorted by expiry the board is %+v", up)
	}
	press(" ")
	down := look(p)
	if down.Sorted != "expires descending" || down.Search != "?sort=-expires" || down.Rows[0] == up.Rows[0] || down.Rows[len(down.Rows)-1] != up.Rows[len(up.Rows)-1] {
		t.Errorf("sorted by expiry, the last first, the board is %+v; what has none stays last", down)
	}
	press(kb.Enter)
	if again := look(p); again.Sorted != "" || strings.Join(again.Rows, ",") != strings.Join(all.Rows, ",") {
		t.Errorf("in its own order again the board is %+v", again)
	}
	// Choosing: a state by arrow key, words by typing.
	p.Eval(t, `document.querySelector("[name=state]").focus()`, nil)
	press(kb.ArrowRight)
	chosen := look(p)
	state := strings.TrimPrefix(chosen.Search, "?state=")
	if len(chosen.Rows) == 0 || len(chosen.Rows) >= len(all.Rows) || state == chosen.Search {
		t.Errorf("with a state chosen the board is %+v", chosen)
	}
	for _, row := range chosen.Rows {
		if !strings.HasPrefix(row, state+" ") {
			t.Errorf("state %s shows %s", state, row)
		}
	}
	report(t, "axe, chosen", p.Axe(t))
	p.Close()

	p = b.Open(t, address+"?state=qualified&q=ovh+BARE&sort=-service&scope=none", desktop)
	if seen = look(p); len(seen.Rows) != 1 || seen.Rows[0] != "qualified OVHcloud" || !strings.HasPrefix(seen.Shown, "1 ") || seen.Sorted != "service descending" {
		t.Errorf("from the address the board is %+v", seen)
	}
	p.Run(t, chromedp.Click(`[data-board-form] [type=reset]`))
	eventually(t, func() bool {
		seen := look(p)
		return len(seen.Rows) == len(all.Rows) && seen.Search == "" && seen.Sorted == ""
	}, "the board is not shown whole again")
	p.Close()
}
