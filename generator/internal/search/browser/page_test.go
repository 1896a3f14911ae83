package browser_test

import (
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"vigie/generator/internal/browsertest"
)

// TestPage asserts that the search page answers the query of its address, keeps
// the address in step, and lists all pages while nothing is asked.
func TestPage(t *testing.T) {
	b, site := browsertest.New(t), newSite(t, "fr")
	p := open(t, b, site.URL+"/search/?q="+url.QueryEscape("bleu secnumcloud"), desktop)
	s := until(t, p, "answered", options(3))
	if s.Value != "bleu secnumcloud" || s.Status != "3 résultats" || s.Focus == "input" {
		t.Errorf("arrived: %+v", s)
	}
	page := func() (got struct {
		Query, Title string
		Listed       bool
		Links        []string
	}) {
		p.Eval(t, `({query: location.search, title: document.title, listed: !document.querySelector("[data-search-unasked]").hidden,
			links: [...document.querySelectorAll(".search-results a")].map(a => a.getAttribute("href"))})`, &got)
		return got
	}
	got := page()
	if got.Title != "bleu secnumcloud – Page d’essai" || got.Listed {
		t.Errorf("title %q, list of all pages shown: %v", got.Title, got.Listed)
	}
	want := []string{"/fournisseurs/bleu/", "/fournisseurs/bleu/#objectif", "/actualites/bleu-jalon-0/", "/actualites/s3ns-qualifie/", "/actualites/s3ns-qualifie/#la-decision"}
	if !slices.Equal(got.Links, want) {
		t.Errorf("links %q, want %q", got.Links, want)
	}

	// "/" leads to the field there is, and opens nothing over it.
	press(t, p, "/")
	until(t, p, "in the field", func(s state) bool { return s.Focus == "input" && !s.Open })
	write(t, p, "eucs")
	until(t, p, "answered", options(1))
	if got := page(); got.Query != "?q=eucs" {
		t.Errorf("address has %q", got.Query)
	}
	press(t, p, kb.Enter) // asks again, and loads nothing
	until(t, p, "answered", options(1))
	press(t, p, strings.Repeat(kb.Backspace, 4))
	until(t, p, "empty", options(0))
	if got := page(); got.Query != "" || !got.Listed || got.Title != "Page d’essai" {
		t.Errorf("with nothing asked: %+v", got)
	}
	clean(t, p)
}

// TestMore asserts that the search page shows all there is, piece by piece, and
// goes on reading where it left off.
func TestMore(t *testing.T) {
	b, site := browsertest.New(t), newSite(t, "fr")
	site.set("many")
	p := open(t, b, site.URL+"/search/?q=article", desktop)
	s := until(t, p, "answered", options(20))
	if s.Status != "130 résultats" {
		t.Errorf("status = %q", s.Status)
	}
	p.Eval(t, `document.querySelector("[data-action=more]").focus()`, nil)
	press(t, p, kb.Enter)
	if s = until(t, p, "more", options(40)); s.Options[20] != "Article 20" {
		t.Errorf("the 21st is %q", s.Options[20])
	}
	until(t, p, "going on", func(s state) bool { return s.Focus == "Article 20" })
	for n := 60; n <= 140; n += 20 { // beyond the hundred that the engine gives at a time
		p.Run(t, chromedp.Click(`[data-action=more]`))
		s = until(t, p, "more", options(min(n, 130)))
	}
	if s.After != "" {
		t.Errorf("after all of them stands %q", s.After)
	}
	clean(t, p)
}

// TestAll asserts that the dialog leads to what it has no room for.
func TestAll(t *testing.T) {
	b, site := browsertest.New(t), newSite(t, "fr")
	site.set("many")
	p := open(t, b, site.URL+"/", desktop)
	openDialog(t, p)
	write(t, p, "article")
	s := until(t, p, "answered", options(10))
	if s.After != "Voir les 130 résultats" {
		t.Errorf("after the hits stands %q", s.After)
	}
	p.Run(t, chromedp.Click(`.search-all`))
	until(t, p, "on the search page", func(s state) bool { return !s.Open && s.Value == "article" && len(s.Options) == 20 })
}

// TestTrouble asserts what a reader is told when search fails, in the dialog and
// on the search page, and that it recovers.
func TestTrouble(t *testing.T) {
	b, site := browsertest.New(t), newSite(t, "fr")
	const noIndex, noScript, noDocs, noEngine = "/search/manifest", "app", "/search/docs.json", "worker"
	offline := `Object.defineProperty(navigator, "onLine", {get: () => !window.offline, configurable: true}); window.offline = true`
	for _, c := range []struct {
		name, manifest, broken, query, prepare, status, after string
		cure                                                  string // how the reader goes on, as a script
	}{
		{"no manifest", "docs", noIndex, "bleu", "", "La recherche n’est pas disponible pour le moment.Réessayer", "Parcourir toutes les pages", `document.querySelector("[data-action=retry]").click()`},
		{"no files", "docs", noDocs, "bleu", "", "La recherche n’est pas disponible pour le moment.Réessayer", "Parcourir toutes les pages", `document.querySelector("[data-action=retry]").click()`},
		{"corrupt", "corrupt", "", "bleu", "", "L’index de recherche n’a pas pu être lu.Réessayer", "Parcourir toutes les pages", `document.querySelector("[data-action=retry]").click()`},
		{"too new", "version", "", "bleu", "", "Le site a changé depuis l’ouverture de cette page : rechargez-la pour chercher.Recharger la page", "Parcourir toutes les pages", ""},
		{"offline", "docs", noIndex, "bleu", offline, "Vous êtes hors ligne. La recherche reprendra avec la connexion.", "Parcourir toutes les pages", `window.offline = false; dispatchEvent(new Event("online"))`},
		{"no script", "docs", noScript, "bleu", "", "La recherche n’est pas disponible pour le moment.", "", `document.querySelector("[role=combobox]").dispatchEvent(new Event("input"))`},
		{"offline, no script", "docs", noScript, "bleu", offline, "Vous êtes hors ligne. La recherche reprendra avec la connexion.", "", `window.offline = false; dispatchEvent(new Event("online"))`},
		{"no engine", "docs", noEngine, "bleu", "", "La recherche n’est pas disponible pour le moment.Réessayer", "Parcourir toutes les pages", `document.querySelector("[data-action=retry]").click()`},
		{"mistake", "docs", "", "plante", "", "La recherche n’est pas disponible pour le moment.Réessayer", "Parcourir toutes les pages", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			site.set(c.manifest, c.broken)
			p := open(t, b, site.URL+"/", desktop)
			if c.prepare != "" {
				p.Eval(t, c.prepare, nil)
			}
			openDialog(t, p)
			write(t, p, c.query)
			s := until(t, p, "told", func(s state) bool { return s.Status == c.status })
			if s.After != c.after || s.Expanded != "false" || s.Focus != "input" {
				t.Errorf("told: %+v", s)
			}
			shoot(t, p, "trouble-"+strings.ReplaceAll(c.name, " ", "-"))
			for _, found := range p.Axe(t) {
				t.Error(found)
			}
			if c.cure == "" {
				return
			}
			site.set("docs")
			p.Eval(t, c.cure+", 0", nil)
			if s = until(t, p, "mended", options(3)); s.Focus != "input" {
				t.Errorf("mended, the focus is on %q", s.Focus)
			}
		})
	}
}

// TestPublishedAnew asserts that a page that is open while the site is published
// again goes on searching: the manifest it read names files that are gone.
func TestPublishedAnew(t *testing.T) {
	b, site := browsertest.New(t), newSite(t, "fr")
	site.set("many")
	p := open(t, b, site.URL+"/", desktop)
	openDialog(t, p)
	write(t, p, "article")
	until(t, p, "answered", options(10))
	site.set("docs", "/search/many.json")
	p.Eval(t, `document.querySelector("[role=combobox]").select()`, nil)
	write(t, p, "bleu")
	if s := until(t, p, "answered from the new index", options(3)); s.Status != "3 résultats" {
		t.Errorf("status = %q", s.Status)
	}
}

// TestStale asserts that an answer that comes late does not replace a newer one,
// and that a long wait is told.
func TestStale(t *testing.T) {
	b, site := browsertest.New(t), newSite(t, "fr")
	p := open(t, b, site.URL+"/", desktop)
	openDialog(t, p)
	press(t, p, "bleu lentement")
	s := until(t, p, "waiting", func(s state) bool { return s.Status == "Recherche en cours…" })
	if s.Focus != "input" {
		t.Errorf("waiting: %+v", s)
	}
	press(t, p, strings.Repeat(kb.Backspace, len(" lentement")))
	until(t, p, "answered", options(3))
	p.Eval(t, `new Promise((resolve) => setTimeout(resolve, 1000, 0))`, nil)
	var busy string
	if p.Eval(t, `document.querySelector(".search-box").getAttribute("aria-busy") + ""`, &busy); busy != "null" {
		t.Errorf("aria-busy = %s after the answer", busy)
	}
	if s := until(t, p, "unchanged", options(3)); s.Status != "3 résultats" {
		t.Errorf("the late answer says %q", s.Status)
	}
	clean(t, p)
}

// TestIgnored asserts that a reader is told what was not used.
func TestIgnored(t *testing.T) {
	b, site := browsertest.New(t), newSite(t, "en")
	p := open(t, b, site.URL+"/", desktop)
	openDialog(t, p)
	write(t, p, "eucs anticonstitutionnellement ")
	s := until(t, p, "told", options(1))
	if want := "1 resultNot taken into account: anticonstitutionnellement."; s.Status != want {
		t.Errorf("status = %q, want %q", s.Status, want)
	}
	clean(t, p)
}

// TestPageLooks judges the search page as axe-core sees it, in every look.
func TestPageLooks(t *testing.T) {
	b, site := browsertest.New(t), newSite(t, "fr")
	for name, look := range looks {
		t.Run(name, func(t *testing.T) {
			p := open(t, b, site.URL+"/search/?q=qualification", look)
			until(t, p, "answered", options(7))
			shoot(t, p, "page-"+name)
			for _, found := range p.Axe(t) {
				t.Error(found)
			}
			var wide bool
			if p.Eval(t, `document.documentElement.scrollWidth > innerWidth`, &wide); wide {
				t.Error("wider than the window")
			}
			clean(t, p)
		})
	}
}

// TestHelp asserts that the dialog and the search page lead to the help.
func TestHelp(t *testing.T) {
	b, site := browsertest.New(t), newSite(t, "fr")
	p := open(t, b, site.URL+"/", desktop)
	openDialog(t, p)
	press(t, p, "bleu")
	until(t, p, "answered", options(3))
	var focused string
	for range 12 { // stops before it; facets have some
		press(t, p, kb.Tab)
		if p.Eval(t, `document.activeElement.textContent`, &focused); focused == "Comment chercher" {
			break
		}
	}
	press(t, p, kb.Enter)
	until(t, p, "left", func(s state) bool { return !s.Open })
	var at string
	if p.Eval(t, `location.pathname`, &at); focused != "Comment chercher" || at != "/aide-recherche/" {
		t.Errorf("from %q, the dialog leads to %s", focused, at)
	}
	p = open(t, b, site.URL+"/search/", desktop)
	if p.Eval(t, `document.querySelector("main .search-help-link")?.pathname ?? ""`, &at); at != "/aide-recherche/" {
		t.Errorf("the search page leads to %q", at)
	}
	clean(t, p)
}

// TestNoScript asserts what is left without scripts: a link to a page with a form
// and the list of all pages.
func TestNoScript(t *testing.T) {
	b, site := browsertest.New(t), newSite(t, "fr")
	p := b.Open(t, site.URL+"/", browsertest.View{NoScript: true})
	var address string
	if p.Eval(t, `document.querySelector("[data-search-open]").href`, &address); address != site.URL+"/search/" {
		t.Errorf("the link leads to %q", address)
	}
	p = b.Open(t, address, browsertest.View{NoScript: true})
	var got string
	if p.Eval(t, `document.querySelectorAll("form").length + " " + document.querySelectorAll("[data-search-unasked] .terms a").length`, &got); got != "1 1" {
		t.Errorf("the search page has %q, want the form and the list", got)
	}
}

// TestHTML holds the template and the search page against the HTML standard.
func TestHTML(t *testing.T) {
	site, dir := newSite(t, "fr"), t.TempDir()
	for address, name := range map[string]string{"/": "plain.html", "/search/": "search.html"} {
		if err := os.WriteFile(filepath.Join(dir, name), site.files[address], 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, found := range browsertest.Nu(t, dir) {
		t.Error(found)
	}
}
