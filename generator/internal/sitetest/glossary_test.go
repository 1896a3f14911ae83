package sitetest

import (
	"context"
	"encoding/json"
	"io/fs"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"vigie/generator/internal/browsertest"
)

// termsPage is a page of the site with links to terms.
const termsPage = "actualites/bleu-obtient-le-jalon-j0/"

// TestCards asserts that the file of cards explains every link to a term, once for
// each page and never in a heading or another link.
func TestCards(t *testing.T) {
	site := Own(t)
	files := site.Files.FS()
	cards := map[string]struct{ Title, Definition string }{}
	for _, file := range []string{"glossaire/cards.json", "en/glossary/cards.json"} {
		data, err := fs.ReadFile(files, file)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(data, &cards); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
	}
	links := 0
	eachFile(t, files, ".html", func(name string) {
		data, _ := fs.ReadFile(files, name)
		text := string(data)
		for part := range strings.SplitSeq(text, `<a class="term" href="`) {
			href, _, _ := strings.Cut(part, `"`)
			if !strings.HasPrefix(href, "/") { // before the first
				continue
			}
			links++
			if cards[href].Definition == "" {
				t.Errorf("%s: no card for %s", name, href)
			}
			if n := strings.Count(text, `<a class="term" href="`+href+`"`); n > 1 {
				t.Errorf("%s links %d uses of %s", name, n, href)
			}
			if "/"+strings.TrimSuffix(name, "index.html") == href {
				t.Errorf("%s links to itself", name)
			}
		}
	})
	if links < 50 || len(cards) < 60 {
		t.Errorf("%d links to terms and %d cards, too few for the site", links, len(cards))
	}
}

// card is what the browser shows of a term's card.
type card struct {
	Open      bool
	Text      string
	Describes bool // the link that has the focus or the pointer refers to it
	Focus     string
	Covers    bool // the card lies over its link
	Path      string
}

const cardProbe = `(() => {
	const panel = document.getElementById("term-card");
	const link = document.querySelector("a.term[aria-describedby]");
	const box = (e) => e.getBoundingClientRect();
	return {
		open: !!panel && panel.checkVisibility(), text: panel?.innerText ?? "",
		describes: !!link && link.getAttribute("aria-describedby") === "term-card",
		focus: document.activeElement?.getAttribute("href") ?? "",
		covers: !!link && box(panel).top < box(link).bottom - 1 && box(panel).bottom > box(link).top + 1,
		path: location.pathname,
	};
})()`

// TestTermCards uses the cards of the glossary: on hover, on focus, under a finger and
// without JavaScript (WCAG 1.4.13).
func TestTermCards(t *testing.T) {
	b, root := browsertest.New(t), served(t)
	look := func(p *browsertest.Page) (seen card) {
		t.Helper()
		p.Eval(t, cardProbe, &seen)
		return seen
	}
	var place struct{ X, Y float64 }
	const middle = `(() => { const r = %.getClientRects()[0]; return {x: r.left + r.width / 2, y: r.top + r.height / 2}; })()`
	at := func(p *browsertest.Page, element string) {
		t.Helper()
		p.Eval(t, strings.Replace(middle, "%", element, 1), &place)
	}
	move := func(p *browsertest.Page) {
		t.Helper()
		p.Run(t, chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
			_, err := cdp.Call(ctx, target, input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: chromedp.MouseMoved, X: place.X, Y: place.Y})
			return err
		}))
	}

	p := b.Open(t, root+termsPage, browsertest.View{ReducedMotion: true})
	quiet(t, p)
	const link = `document.querySelector("a.term")`
	p.Eval(t, link+`.scrollIntoView({block: "center"})`, nil)
	// Hover: the card opens, stays under the pointer, goes with it.
	at(p, link)
	move(p)
	eventually(t, func() bool { return look(p).Open }, "hover opens no card")
	seen := look(p)
	if len(seen.Text) < 20 || !seen.Describes || seen.Covers {
		t.Errorf("on hover the card is %+v", seen)
	}
	report(t, "axe with a card", p.Axe(t))
	at(p, `document.getElementById("term-card")`)
	move(p)
	time.Sleep(600 * time.Millisecond)
	if !look(p).Open {
		t.Error("the card goes when the pointer moves onto it")
	}
	place.X, place.Y = 2, 2
	move(p)
	eventually(t, func() bool { return !look(p).Open }, "the card stays when the pointer has left")
	// Hover, then Esc.
	at(p, link)
	move(p)
	eventually(t, func() bool { return look(p).Open }, "hover opens no card again")
	p.Run(t, chromedp.KeyEvent(kb.Escape))
	if look(p).Open {
		t.Error("Esc does not put away a card under the pointer")
	}
	place.X, place.Y = 2, 2
	move(p)
	// Focus: the card opens with the keyboard, Esc puts it away and leaves the focus.
	p.Eval(t, `(() => { const all = [...document.querySelectorAll("a[href], summary")].filter(e => e.checkVisibility()); all[all.indexOf(document.querySelector("a.term")) - 1].focus(); })()`, nil)
	p.Run(t, chromedp.KeyEvent(kb.Tab))
	eventually(t, func() bool { return look(p).Open }, "focus opens no card")
	focused := look(p)
	if focused.Text != seen.Text || !focused.Describes || focused.Covers || focused.Focus == "" {
		t.Errorf("on focus the card is %+v, on hover %+v", focused, seen)
	}
	p.Run(t, chromedp.KeyEvent(kb.Escape))
	if after := look(p); after.Open || after.Describes || after.Focus != focused.Focus {
		t.Errorf("after Esc the card is %+v", after)
	}
	p.Run(t, chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent(kb.Tab, chromedp.KeyModifiers(chromedp.ModifierShift)))
	eventually(t, func() bool { return look(p).Open }, "focus opens no card again")
	p.Eval(t, `document.activeElement.blur()`, nil)
	if look(p).Open {
		t.Error("the card stays when the focus has left")
	}
	p.Close()

	// A finger follows the link at once.
	p = b.Open(t, root+termsPage, phone)
	p.Eval(t, link+`.scrollIntoView({block: "center"})`, nil)
	report(t, "axe, phone", p.Axe(t))
	at(p, link)
	var href string
	p.Eval(t, link+`.getAttribute("href")`, &href)
	p.Run(t, chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		point := []*input.TouchPoint{{X: place.X, Y: place.Y}}
		if _, err := cdp.Call(ctx, target, input.DispatchTouchEvent, input.DispatchTouchEventParams{Type: input.DispatchTouchEventTypeTouchStart, TouchPoints: point}); err != nil {
			return err
		}
		_, err := cdp.Call(ctx, target, input.DispatchTouchEvent, input.DispatchTouchEventParams{Type: input.DispatchTouchEventTypeTouchEnd, TouchPoints: []*input.TouchPoint{}})
		return err
	}))
	p.Until(t, `location.pathname === `+strconv.Quote(href)) // look cannot see a page that is going
	p.Close()

	p = b.Open(t, root+termsPage, browsertest.View{NoScript: true})
	var text string
	p.Eval(t, link+`.click(), ""`, &text)
	p.Settle(t)
	p.Until(t, `location.pathname === `+strconv.Quote(href))
	p.Close()
}

// TestGlossary reads the glossary's page.
func TestGlossary(t *testing.T) {
	b, root := browsertest.New(t), served(t)
	p := b.Open(t, root+"glossaire/", browsertest.View{NoScript: true, Width: 360, Height: 740, Mobile: true})
	var page struct{ Entries, Letters, Empty, Wrong int }
	p.Eval(t, `(() => {
		const fold = (s) => s.normalize("NFD").replace("Œ", "O").replace("œ", "o")[0].toUpperCase();
		const entries = [...document.querySelectorAll(".glossary-entry")];
		return {
			entries: entries.length,
			letters: document.querySelectorAll(".alphabet a").length,
			empty: entries.filter(e => e.querySelector("dd").innerText.trim().length < 20).length,
			wrong: entries.filter(e => /^\p{L}/u.test(e.querySelector("dfn").innerText) && fold(e.querySelector("dfn").innerText) !== e.closest("section").querySelector("h2").innerText).length,
		};
	})()`, &page)
	if page.Entries < 60 || page.Letters < 15 || page.Empty > 0 || page.Wrong > 0 {
		t.Errorf("the glossary has %+v", page)
	}
	report(t, "axe, phone without scripts", p.Axe(t))
	report(t, "target under 24 by 24 pixels", probe(t, p, "targets"))
	p.Look(t, browsertest.View{Width: 320, Height: 640, NoScript: true})
	report(t, "does not fit a width of 320", probe(t, p, "overflow"))
	p.Look(t, browsertest.View{NoScript: true, Dark: true})
	report(t, "axe, desktop, dark", p.Axe(t))
	p.Close()
}
