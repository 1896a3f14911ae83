package preview_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"vigie/generator/internal/browsertest"
)

// connected holds where the page is in touch with the program.
const connected = shadow + `.querySelector(".bar .state").textContent !== ""`

// TestComeBack shows an edit to a page that the reader left and came back to, as the
// browser kept it, and to one in a tab that was in the background.
func TestComeBack(t *testing.T) {
	browser := browsertest.New(t)
	s := open(t)
	for i, c := range []struct{ name, leave, back string }{
		{"page", `dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }))`, `dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }))`},
		{"tab", `Object.defineProperty(document, "visibilityState", { configurable: true, value: "hidden" }); document.dispatchEvent(new Event("visibilitychange"))`,
			`delete document.visibilityState; document.dispatchEvent(new Event("visibilitychange"))`},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := browser.Open(t, s.server.URL+"/actualites/deux/", browsertest.View{})
			until(t, p, connected)
			text := fmt.Sprintf("Texte changé %d.", i)
			p.Eval(t, c.leave, nil)
			s.write("content/actualites/deux.md", "+++\ntitle = \"Deux\"\ndate = 2025-01-03\n+++\n"+text+"\n")
			s.settle()
			var stale bool
			if p.Eval(t, `!document.querySelector("main").innerText.includes("`+text+`")`, &stale); !stale {
				t.Error("a page that was left hears of edits")
			}
			p.Eval(t, c.back, nil)
			until(t, p, `document.querySelector("main").innerText.includes("`+text+`")`)
		})
	}
}

// TestWayOut lets a reader leave for a page that takes a while, though the page left
// would have to be loaded anew meanwhile.
func TestWayOut(t *testing.T) {
	browser := browsertest.New(t)
	s := open(t)
	asked, heard := make(chan bool, 10), make(chan bool, 10)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/actualites/un/":
			asked <- true
			<-heard
		case "/heard":
			heard <- true
		}
		s.session.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	p := browser.Open(t, server.URL+"/actualites/deux/", browsertest.View{})
	until(t, p, shadow+`.querySelector(".bar .state").textContent === "Brouillon"`)
	// Chromium answers no test while it is on the way to another page: the page itself
	// says when it has heard of the report, which comes after the order to load it anew.
	p.Eval(t, `void new MutationObserver(() => fetch("/heard")).observe(`+shadow+`.querySelector(".bar .state"), { childList: true })`, nil)
	p.Eval(t, `void document.querySelector('main a[href="/actualites/un/"]').click()`, nil)
	<-asked
	s.write("config.toml", "title = \"Autre essai\"\nbase_url = \"https://example.org/\"\n[kinds.article]\nfolder = \"actualites\"\nnews = true\n")
	until(t, p, `location.pathname === "/actualites/un/" && document.title.includes("Autre essai")`)
}
