package browser_test

import (
	"bytes"
	"compress/gzip"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/google/go-cmp/cmp"

	"vigie/generator/internal/browsertest"
	"vigie/generator/internal/search/browser"
)

// TestKeyboard walks through the dialog as one does who has a keyboard only.
func TestKeyboard(t *testing.T) {
	b, site := browsertest.New(t), newSite(t, "fr")
	p := open(t, b, site.URL+"/", desktop)
	if len(p.Requests()) != 3 {
		t.Errorf("a page that is not searched makes requests %q, want the page, its style and its script", p.Requests())
	}

	// A letter typed into a field of the page is a letter.
	p.Eval(t, `document.getElementById("other").focus()`, nil)
	press(t, p, "/")
	press(t, p, "k", chromedp.ModifierCtrl)
	var typed string
	if p.Eval(t, `document.getElementById("other").value + String(document.querySelector("dialog"))`, &typed); typed != "/null" {
		t.Errorf("in a field, the keys give %q, want the slash typed and no dialog", typed)
	}
	p.Eval(t, `document.activeElement.blur()`, nil)

	s := openDialog(t, p)
	if s.Expanded != "false" || len(s.Options) > 0 {
		t.Errorf("opened: %+v, want an empty field alone", s)
	}
	until(t, p, "helpful", func(s state) bool { return strings.HasPrefix(s.After, "Guillemets") })
	write(t, p, "qualif")
	got := until(t, p, "answered", func(s state) bool { return len(s.Options) == 7 && s.Live != "" })
	want := state{
		Open: true, Focus: "input", Value: "qualif", Expanded: "true", Status: "7 résultats", Live: "7 résultats",
		Groups: []string{"Fournisseurs 1", "Actualités 3", "Référentiels 1", "Glossaire 1", "Autres pages"},
		Options: []string{
			"Bleu", "Bleu franchit le jalon J0 de la qualification SecNumCloud", "S3NS obtient la qualification SecNumCloud 3.2",
			"EUCS : le schéma européen reste bloqué", "SecNumCloud", "Immunité aux lois extraterritoriales", "À propos <b>de</b> Vigie",
		},
		Chips: []string{"Actualités 3", "Glossaire 1", "Référentiels 1", "Fournisseurs 1", "2025 2", "2026 1"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("answer, -want +got:\n%s", diff)
	}

	// The arrows go round through the field; Home and End belong to the text until
	// an option is chosen.
	for _, c := range []struct{ key, active string }{
		{kb.ArrowUp, "À propos <b>de</b> Vigie"},
		{kb.ArrowDown, ""},
		{kb.ArrowDown, "Bleu"},
		{kb.ArrowDown, "Bleu franchit le jalon J0 de la qualification SecNumCloud"},
		{kb.End, "À propos <b>de</b> Vigie"},
		{kb.Home, "Bleu"},
		{kb.ArrowUp, ""},
		{kb.Home, ""},
	} {
		press(t, p, c.key)
		var s state
		p.Eval(t, readState, &s)
		selected := 0
		if c.active != "" {
			selected = 1
		}
		if s.Active != c.active || s.Focus != "input" || s.Selected != selected {
			t.Errorf("%q: active %q of %d selected, focus on %q; want %q", c.key, s.Active, s.Selected, s.Focus, c.active)
		}
	}
	var caret int
	if p.Eval(t, `document.activeElement.selectionStart`, &caret); caret != 0 {
		t.Errorf("Home with no option chosen leaves the caret at %d", caret)
	}

	// Every stop of the Tab key is in the dialog or the browser's own, and none is an option.
	for range 12 {
		press(t, p, kb.Tab)
		var where string
		p.Eval(t, `(() => { const e = document.activeElement; return e === document.body ? "body" : e.closest("dialog") ? e.getAttribute("role") ?? e.localName : "outside: " + e.outerHTML })()`, &where)
		if where == "option" || strings.HasPrefix(where, "outside") {
			t.Errorf("Tab leads to %s", where)
		}
	}

	// A filter is set with the keyboard, and the focus stays on it.
	p.Eval(t, `document.querySelector('[data-key="kind:article"]').focus()`, nil)
	press(t, p, kb.Enter)
	s = until(t, p, "filtered", options(3))
	if s.Value != "kind:article qualif" || s.Focus != "Actualités 3" || s.Status != "3 résultats" {
		t.Errorf("filtered: %+v", s)
	}
	press(t, p, " ")
	if s = until(t, p, "unfiltered", options(7)); s.Value != "qualif" || s.Focus != "Actualités 3" {
		t.Errorf("unfiltered: %+v", s)
	}

	// Escape closes, and gives the focus back.
	press(t, p, kb.Escape)
	until(t, p, "closed", func(s state) bool { return !s.Open })
	p.Eval(t, `document.querySelector("[data-search-open]").focus()`, nil)
	press(t, p, kb.Enter)
	until(t, p, "open by the link", opened)
	press(t, p, kb.Escape)
	if s = until(t, p, "closed", func(s state) bool { return !s.Open }); !strings.HasPrefix(s.Focus, "Rechercher") {
		t.Errorf("after Escape the focus is on %q, want the link that opened", s.Focus)
	}

	// Opened again, what was typed is there, chosen to be written over; Enter opens
	// the chosen hit, at its section.
	press(t, p, "k", chromedp.ModifierCtrl)
	until(t, p, "open by Ctrl-K", opened)
	write(t, p, "s3ns")
	until(t, p, "answered", func(s state) bool { return s.Value == "s3ns" && len(s.Options) == 1 })
	press(t, p, kb.ArrowDown)
	press(t, p, kb.Enter)
	p.Settle(t)
	var address string
	if p.Eval(t, `location.pathname + location.hash`, &address); address != "/actualites/s3ns-qualifie/#la-decision" {
		t.Errorf("Enter leads to %s", address)
	}
	clean(t, p)
}

// TestEnter asserts where Enter leads with no option chosen: to the search page,
// with the query in its address.
func TestEnter(t *testing.T) {
	b, site := browsertest.New(t), newSite(t, "fr")
	p := open(t, b, site.URL+"/", desktop)
	openDialog(t, p)
	write(t, p, "l'immunité")
	press(t, p, kb.Enter)
	p.Settle(t)
	s := until(t, p, "on the search page", func(s state) bool { return !s.Open && s.Value == "l'immunité" && s.Status != "" })
	var address string
	if p.Eval(t, `location.href`, &address); address != site.URL+"/search/?q=l%27immunit%C3%A9" {
		t.Errorf("Enter leads to %s (%+v)", address, s)
	}
	clean(t, p)
}

// TestNewTab asserts that Ctrl-Enter opens a hit beside the page.
func TestNewTab(t *testing.T) {
	b, site := browsertest.New(t), newSite(t, "fr")
	p := open(t, b, site.URL+"/", desktop)
	p.Eval(t, `window.open = (...args) => { window.opened = args }`, nil)
	openDialog(t, p)
	write(t, p, "bleu")
	until(t, p, "answered", options(3))
	press(t, p, kb.ArrowDown)
	press(t, p, kb.Enter, chromedp.ModifierCtrl)
	var args []string
	p.Eval(t, `window.opened`, &args)
	// The page is called as it was asked for: its top, not a section.
	if want := []string{site.URL + "/fournisseurs/bleu/", "_blank", "noopener"}; !slices.Equal(args, want) {
		t.Errorf("window.open%q, want %q", args, want)
	}
	until(t, p, "still open", opened)
}

// TestMarkup asserts that data never becomes markup, and that matches are marked.
func TestMarkup(t *testing.T) {
	b, site := browsertest.New(t), newSite(t, "fr")
	p := open(t, b, site.URL+"/", desktop)
	openDialog(t, p)
	write(t, p, "vigie")
	until(t, p, "answered", options(1))
	var got []string
	p.Eval(t, `[...document.querySelectorAll("[role=option] mark")].map(e => e.textContent)`, &got)
	if want := []string{"Vigie", "Vigie"}; !slices.Equal(got, want) {
		t.Errorf("marked: %q, want %q", got, want)
	}
	var elements int
	if p.Eval(t, `document.querySelectorAll("[role=option] :is(b, img)").length`, &elements); elements > 0 {
		t.Error("texts became elements")
	}
	clean(t, p)
}

// TestRecent asserts that searches are kept in this browser until they are erased.
func TestRecent(t *testing.T) {
	b, site := browsertest.New(t), newSite(t, "fr")
	p := open(t, b, site.URL+"/", desktop)
	openDialog(t, p)
	for _, query := range []string{"bleu", "eucs", "bleu"} {
		p.Eval(t, `document.querySelector("[role=combobox]").value = ""`, nil)
		write(t, p, query)
		until(t, p, "answered", func(s state) bool {
			return s.Value == query && len(s.Options) > 0 && s.Status == map[string]string{"bleu": "3 résultats", "eucs": "1 résultat"}[query]
		})
		p.Eval(t, `window.open = () => null`, nil)
		press(t, p, kb.ArrowDown)
		press(t, p, kb.Enter, chromedp.ModifierCtrl)
	}
	p.Eval(t, `document.querySelector("[role=combobox]").select()`, nil)
	press(t, p, kb.Backspace)
	s := until(t, p, "shows earlier searches", options(2))
	if !slices.Equal(s.Groups, []string{"Recherches récentes"}) || !slices.Equal(s.Options, []string{"bleu", "eucs"}) {
		t.Errorf("recent: %q %q, want bleu and eucs, once each", s.Groups, s.Options)
	}
	shoot(t, p, "recent")
	if found := p.Axe(t); len(found) > 0 {
		t.Errorf("axe: %q", found)
	}
	press(t, p, kb.ArrowUp)
	press(t, p, kb.Enter)
	until(t, p, "searched again", func(s state) bool { return s.Value == "eucs" && s.Status == "1 résultat" && s.Focus == "input" })
	press(t, p, kb.Escape)
	until(t, p, "closed", func(s state) bool { return !s.Open })
	openDialog(t, p)
	p.Eval(t, `document.querySelector("[role=combobox]").select()`, nil)
	press(t, p, kb.Backspace)
	until(t, p, "shows earlier searches", options(2))
	p.Run(t, chromedp.Click(`[data-action=erase]`))
	s = until(t, p, "erased", func(s state) bool { return len(s.Options) == 0 && s.Focus == "input" })
	if s.Expanded != "false" || strings.Contains(s.After, "Effacer") {
		t.Errorf("erased: %+v", s)
	}
	var kept string
	if p.Eval(t, `localStorage.getItem("search")`, &kept); strings.Contains(kept, "bleu") {
		t.Errorf("kept: %s", kept)
	}
	clean(t, p)
}

// TestStorageRefused asserts that search works where nothing may be kept, and
// where what is kept is nonsense.
func TestStorageRefused(t *testing.T) {
	b, site := browsertest.New(t), newSite(t, "fr")
	for name, spoil := range map[string]string{
		"refused":  `Object.defineProperty(window, "localStorage", {get() { throw new DOMException("refused", "SecurityError") }})`,
		"nonsense": `localStorage.setItem("search", '{"recent": [1, {}, "", null], "slash": "maybe"}')`,
		"no JSON":  `localStorage.setItem("search", "{")`,
	} {
		t.Run(name, func(t *testing.T) {
			p := open(t, b, site.URL+"/", desktop)
			p.Eval(t, spoil+", 0", nil)
			openDialog(t, p)
			write(t, p, "bleu")
			until(t, p, "answered", options(3))
			p.Eval(t, `window.open = () => null`, nil)
			press(t, p, kb.ArrowDown)
			press(t, p, kb.Enter, chromedp.ModifierCtrl)
			p.Eval(t, `document.querySelector("[role=combobox]").select()`, nil)
			press(t, p, kb.Backspace)
			until(t, p, "idle", func(s state) bool { return s.Value == "" && strings.Contains(s.After, "Guillemets") })
			clean(t, p)
		})
	}
}

// TestSlashOff asserts that the key "/" can be turned off (WCAG 2.1.4), for good.
func TestSlashOff(t *testing.T) {
	b, site := browsertest.New(t), newSite(t, "fr")
	p := open(t, b, site.URL+"/", desktop)
	openDialog(t, p)
	p.Run(t, chromedp.Click(`[data-search-slash]`))
	press(t, p, kb.Escape)
	until(t, p, "closed", func(s state) bool { return !s.Open })
	p.Eval(t, `location.reload()`, nil)
	p.Settle(t)
	asKeyboard(t, p)
	p.Eval(t, `document.activeElement.blur()`, nil)
	press(t, p, "/")
	var got string
	if p.Eval(t, `String(document.querySelector("dialog")) + " " + document.querySelector("[data-search-open]").getAttribute("aria-keyshortcuts")`, &got); got != "null Control+K Meta+K" {
		t.Errorf("turned off, the key gives %q", got)
	}
	press(t, p, "k", chromedp.ModifierMeta)
	until(t, p, "open by ⌘-K", opened)
}

// TestLooks judges the open dialog as axe-core sees it, in every look and state.
func TestLooks(t *testing.T) {
	b, site := browsertest.New(t), newSite(t, "fr")
	for name, look := range looks {
		t.Run(name, func(t *testing.T) {
			p := open(t, b, site.URL+"/", look)
			openDialog(t, p)
			until(t, p, "helpful", func(s state) bool { return s.After != "" })
			check := func(state string) {
				t.Helper()
				shoot(t, p, name+"-"+state)
				for _, found := range p.Axe(t) {
					t.Errorf("%s: %s", state, found)
				}
				var wide string
				p.Eval(t, `[...document.querySelectorAll("dialog, dialog *")].filter(e => !e.closest(".search-chips")).filter(e => { const r = e.getBoundingClientRect(); return r.width > 2 && (r.right > innerWidth + 1 || r.left < -1) }).map(e => e.className || e.localName).join(" ")`, &wide)
				if wide != "" {
					t.Errorf("%s: wider than the window: %s", state, wide)
				}
				var small string
				p.Eval(t, `[...document.querySelectorAll("dialog :is(a, button, input, label)")].filter(e => !(e.type === "checkbox")).filter(e => { const r = e.getBoundingClientRect(); return r.width > 0 && (r.width < 24 || r.height < 24) }).map(e => e.outerHTML).join(" ")`, &small)
				if small != "" {
					t.Errorf("%s: targets under 24 px: %s", state, small)
				}
			}
			check("idle")
			write(t, p, "qualif")
			until(t, p, "answered", options(7))
			press(t, p, kb.ArrowDown)
			press(t, p, kb.ArrowDown)
			check("results")
			p.Eval(t, `document.querySelector("[role=combobox]").select()`, nil)
			write(t, p, "orange microsoft licorne")
			s := until(t, p, "partial", options(1))
			if !slices.Equal(s.Groups, []string{"Une partie des mots seulement"}) || s.Status != "Aucune page n’a tous ces mots." {
				t.Errorf("partial: %q under %q", s.Status, s.Groups)
			}
			check("partial")
			p.Eval(t, `document.querySelector("[role=combobox]").select()`, nil)
			write(t, p, "secnumclaud")
			until(t, p, "nothing", func(s state) bool { return strings.HasPrefix(s.Status, "Aucun") })
			check("suggestion")
			clean(t, p)
		})
	}
}

// TestSources asserts that the entry points build from the package's own sources
// without a warning, and stay small. Compressed with Brotli, as good hosts do, they
// have 22 kB, of which exact phrases take 1.5: with a manifest less than 24.
func TestSources(t *testing.T) {
	for entry, limit := range map[string]int{browser.Main: 1600, browser.App: 4600, browser.Worker: 16_000} {
		output := bundle(t, browser.Source, entry)
		n := compressed(t, output.Files[0].Data)
		t.Logf("%s: %d bytes, %d compressed", entry, len(output.Files[0].Data), n)
		if n > limit {
			t.Errorf("%s has %d bytes compressed, want at most %d", entry, n, limit)
		}
	}
}

// TestApart asserts that the engine is in no script but its own: a page loads it
// once, be it in a worker or not.
func TestApart(t *testing.T) {
	mark := []byte("search index: ") // of all errors of the engine
	for entry, want := range map[string]bool{browser.Main: false, browser.App: false, browser.Worker: true} {
		if got := bytes.Contains(bundle(t, browser.Source, entry).Files[0].Data, mark); got != want {
			t.Errorf("%s has the engine: %v, want %v", entry, got, want)
		}
	}
}

func compressed(t *testing.T, data []byte) int {
	t.Helper()
	var packed bytes.Buffer
	w, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return packed.Len()
}
