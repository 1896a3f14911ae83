package sitetest

import (
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"vigie/generator/internal/browsertest"
)

// chronicle is what the browser shows of the timeline.
type chronicle struct {
	Entries []string // kinds of the entries shown
	Linked  int      // of those, how many link to the provider Bleu
	Years   []string // headings shown
	Search  string
	Shown   string
	Form    bool // whether it is there to be used
	Stops   int  // links of the overview that the Tab key reaches
	Cells   int
	Focus   string // the title of the cell that has the focus, or the href of another link
	Target  bool   // what the address leads to is shown
}

const chronicleProbe = `(() => {
	const shown = (s) => [...document.querySelectorAll(s)].filter(e => e.checkVisibility());
	const cells = [...document.querySelectorAll(".chronicle a")];
	const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
	return {
		entries: shown(".event").map(e => e.dataset.kind),
		linked: shown(".event").filter(e => e.querySelector('a[href="/fournisseurs/bleu/"]')).length,
		years: shown(".chronicle-year h3").map(e => e.textContent),
		search: location.search,
		shown: document.querySelector("[data-shown]").textContent,
		form: document.querySelector("[data-timeline] form").checkVisibility(),
		stops: cells.filter(c => c.tabIndex === 0).length,
		cells: cells.length,
		focus: document.activeElement.querySelector?.("title")?.textContent ?? document.activeElement.getAttribute("href") ?? "",
		target: !!target && target.checkVisibility(),
	};
})()`

// TestTimeline uses the timeline in a browser: by keyboard, by address, and without
// JavaScript.
func TestTimeline(t *testing.T) {
	b, root := browsertest.New(t), served(t)
	address := root + "chronologie/"
	look := func(p *browsertest.Page) (seen chronicle) {
		t.Helper()
		p.Eval(t, chronicleProbe, &seen)
		return seen
	}

	p := b.Open(t, address, browsertest.View{NoScript: true, Width: 360, Height: 740, Mobile: true})
	all := look(p)
	if all.Form || len(all.Entries) < 50 || all.Stops != all.Cells || all.Cells < 20 || !slices.IsSortedFunc(all.Years, func(a, b string) int { return strings.Compare(b, a) }) {
		t.Errorf("without scripts the timeline is %+v", all)
	}
	report(t, "axe, phone without scripts", p.Axe(t))
	report(t, "target under 24 by 24 pixels", probe(t, p, "targets"))
	p.Look(t, browsertest.View{NoScript: true, Width: 320, Height: 640})
	report(t, "does not fit a width of 320", probe(t, p, "overflow"))
	p.Look(t, browsertest.View{NoScript: true})
	report(t, "axe, desktop without scripts", p.Axe(t))
	p.Close()

	p = b.Open(t, address, browsertest.View{ReducedMotion: true})
	quiet(t, p)
	if seen := look(p); !seen.Form || len(seen.Entries) != len(all.Entries) || seen.Stops != 1 || seen.Search != "" {
		t.Errorf("with scripts the timeline is %+v", seen)
	}
	press := func(keys string) { p.Run(t, chromedp.KeyEvent(keys)) }
	// The overview is one stop; arrow keys move in it, Enter leads to the list.
	p.Eval(t, `document.querySelector(".chronicle-skip a").focus()`, nil)
	press(kb.Tab)
	first := look(p)
	press(kb.ArrowRight)
	right := look(p)
	press(kb.ArrowDown)
	down := look(p)
	if right.Focus == first.Focus || down.Focus == right.Focus || down.Stops != 1 || !strings.Contains(down.Focus, ", ") {
		t.Errorf("arrow keys go from %q to %q and %q", first.Focus, right.Focus, down.Focus)
	}
	press(kb.Enter)
	if seen := look(p); !seen.Target {
		t.Errorf("Enter on %q shows nothing of the list", down.Focus)
	}
	p.Eval(t, `history.replaceState(null, "", location.pathname)`, nil)
	// Filters: a kind by arrow key.
	p.Eval(t, `document.querySelector("[name=kind]").focus()`, nil)
	press(kb.ArrowDown)
	eventually(t, func() bool { return look(p).Search != "" }, "arrow key chooses no kind")
	chosen := look(p)
	kind := strings.TrimPrefix(chosen.Search, "?kind=")
	if len(chosen.Entries) == 0 || len(chosen.Entries) >= len(all.Entries) || !strings.Contains(chosen.Shown, " ") {
		t.Errorf("with a kind chosen the timeline is %+v", chosen)
	}
	for _, entry := range chosen.Entries {
		if entry != kind {
			t.Errorf("kind %s shows an entry of %s", kind, entry)
		}
	}
	report(t, "axe, chosen", p.Axe(t))
	// What the filter hides is shown when a link leads to it.
	p.Eval(t, `location.hash = [...document.querySelectorAll(".event")].find(e => !e.checkVisibility()).id`, nil)
	eventually(t, func() bool { return look(p).Target }, "a link to a hidden entry does not show it")
	p.Close()

	p = b.Open(t, address+"?actor=bleu&kind=milestone&order=oldest&scheme=none", desktop)
	seen := look(p)
	if len(seen.Entries) < 2 || seen.Linked != len(seen.Entries) || slices.ContainsFunc(seen.Entries, func(kind string) bool { return kind != "milestone" }) || !slices.IsSorted(seen.Years) {
		t.Errorf("from the address the timeline is %+v", seen)
	}
	p.Run(t, chromedp.Click(`[data-timeline] [type=reset]`))
	eventually(t, func() bool {
		seen := look(p)
		return len(seen.Entries) == len(all.Entries) && seen.Search == "" && seen.Years[0] == all.Years[0]
	}, "the timeline is not shown whole again")
	p.Close()

	p = b.Open(t, address+"?actor=nobody&year=1900", desktop)
	if seen := look(p); len(seen.Entries) != len(all.Entries) {
		t.Errorf("an address that names what is not there shows %d entries", len(seen.Entries))
	}
	p.Close()
}
