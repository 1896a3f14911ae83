package browser_test

import (
	"path"
	"slices"
	"strings"
	"testing"

	"vigie/generator/internal/browsertest"
)

// TestWorker asserts that the engine works in a thread of its own, and in the page
// where there can be none; that it answers alike, says alike what is wrong, and that
// its script is asked for no more often than it must be.
func TestWorker(t *testing.T) {
	b, site := browsertest.New(t), newSite(t, "fr")
	for _, c := range []struct {
		name, prepare string
		inPage        bool
		scripts       int // requests for the engine's script
	}{
		{"worker", `0`, false, 1},
		{"no workers", `delete window.Worker`, true, 1},
		{"workers refused", `window.Worker = class { constructor() { throw new DOMException("refused", "SecurityError") } }, 0`, true, 1},
		{"no modules in workers", `(() => {
			const Real = Worker;
			window.Worker = class extends Real { constructor(address) { super(address) } };
		})()`, true, 2}, // as a plain script, it has a syntax error
	} {
		t.Run(c.name, func(t *testing.T) {
			site.set("docs")
			p := open(t, b, site.URL+"/", desktop)
			p.Eval(t, c.prepare, nil)
			openDialog(t, p)
			write(t, p, "bleu")
			if s := until(t, p, "answered", options(3)); s.Status != "3 résultats" || s.Options[0] != "Bleu" {
				t.Errorf("answer: %+v", s)
			}
			// A thread's requests are its own.
			var byPage []string
			p.Eval(t, `performance.getEntriesByType("resource").map(e => new URL(e.name).pathname)`, &byPage)
			if got := slices.Contains(byPage, "/search/docs.json"); got != c.inPage {
				t.Errorf("the page itself asks for the index's files: %v, want %v", got, c.inPage)
			}
			n, docs := 0, 0
			for _, address := range p.Requests() {
				if name := path.Base(address); strings.HasPrefix(name, "worker.") {
					n++
				} else if name == "docs.json" {
					docs++
				}
			}
			if n != c.scripts || docs == 0 {
				t.Errorf("%d requests for the engine's script, %d for documents; want %d, and some", n, docs, c.scripts)
			}

			// The letters of a query under way are passed over, an empty field waits for nothing.
			press(t, p, " lentement")
			p.Eval(t, `document.querySelector("[role=combobox]").select()`, nil)
			press(t, p, "eucs")
			if s := until(t, p, "answered", func(s state) bool { return s.Value == "eucs" && s.Status != loading && len(s.Options) == 1 }); s.Status != "1 résultat" {
				t.Errorf("a query later: %+v", s)
			}
			site.set("docs", "/search/docs.json")
			p.Eval(t, `document.querySelector("[role=combobox]").select()`, nil)
			press(t, p, "orange")
			until(t, p, "told", func(s state) bool { return strings.HasPrefix(s.Status, unavailable) })
			site.set("docs")
			p.Eval(t, `document.querySelector("[data-action=retry]").click()`, nil)
			until(t, p, "mended", func(s state) bool { return len(s.Options) > 0 })
			if list := slices.Concat(p.ThirdParty(), p.Cookies(t)); len(list) > 0 {
				t.Error(list)
			}
			if list := p.Console(); len(list) > 0 && c.scripts == 1 {
				t.Error(list)
			}
		})
	}
}
