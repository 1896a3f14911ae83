package sitetest

import (
	"strconv"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"vigie/generator/internal/browsertest"
)

// TestRecords opens the pages of changes, deadlines, data and corrections, and a
// thing's own history, as browsers with and without scripts show them: folded parts
// open by keyboard, and axe-core looks at everything once it is open.
func TestRecords(t *testing.T) {
	b, root := browsertest.New(t), served(t)
	for _, path := range []string{"changements/", "changements/2025/", "echeances/", "donnees/", "corrections/", "fournisseurs/bleu/", "en/deadlines/"} {
		t.Run(path, func(t *testing.T) {
			for _, view := range []browsertest.View{
				{Width: 360, Height: 740, Mobile: true, Dark: true, NoScript: true},
				{Width: 1280, Height: 800, ReducedMotion: true},
			} {
				p := b.Open(t, root+path, view)
				if view.NoScript {
					quiet(t, p, ".js: blocked, csp")
				} else {
					quiet(t, p)
				}
				report(t, "axe, folded", p.Axe(t))
				p.Eval(t, `void (window.ours = ".changes-things, .history details, .deadlines-past, .data-set details")`, nil)
				// Each folded part: its summary takes the focus, and Enter opens it.
				var folds int
				p.Eval(t, `document.querySelectorAll(ours).length`, &folds)
				for n := range folds {
					var at struct {
						Open    bool
						Focused bool
					}
					p.Eval(t, `void (window.fold = document.querySelectorAll(ours)[`+strconv.Itoa(n)+`], fold.open = false, fold.querySelector("summary").focus())`, nil)
					p.Run(t, chromedp.KeyEvent(kb.Enter))
					p.Eval(t, `({open: fold.open, focused: document.activeElement === fold.querySelector("summary")})`, &at)
					if !at.Open || !at.Focused {
						t.Errorf("part %d of %d does not open by keyboard: %+v", n+1, folds, at)
					}
				}
				report(t, "axe, all open", p.Axe(t))
				report(t, "does not fit its width", probe(t, p, "overflow"))
				if view.Mobile {
					report(t, "target under 24 by 24 pixels", probe(t, p, "targets"))
					report(t, "read before what is drawn above it", probe(t, p, "order"))
				}
				// Every link of the page itself shows where the keyboard is.
				var unseen []string
				p.Eval(t, `[...document.querySelectorAll("main a, main summary")].filter(e => e.checkVisibility()).filter(e => {
					e.focus();
					return document.activeElement !== e || getComputedStyle(e).outlineStyle === "none";
				}).map(e => e.textContent.trim()).slice(0, 5)`, &unseen)
				report(t, "no outline", unseen)
				p.Close()
			}
		})
	}
}
