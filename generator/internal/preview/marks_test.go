package preview_test

import (
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"vigie/generator/internal/browsertest"
)

// things adds to a site things with facts and events, and a page that is right.
func (s *studio) things() {
	s.write("config.toml", "title = \"Essai\"\nbase_url = \"https://example.org/\"\n[kinds.article]\nfolder = \"actualites\"\nnews = true\n"+
		"[kinds.provider]\nfolder = \"fournisseurs\"\nproperties = [\"staff\"]\n[properties.staff]\ntype = \"number\"\ntitle = \"Effectif\"\n[languages.fr]\nname = \"Français\"\n[languages.en]\nname = \"English\"\n")
	s.write("content/sources.toml", "[[sources]]\nid = \"s\"\ntitle = \"S\"\npublisher = \"P\"\nurl = \"https://example.org/s\"\ndate = 2024-01-02\ntype = \"press\"\n")
	s.write("content/fournisseurs/bleu.md", provider("s", "s"))
	s.write("content/fournisseurs/bleu.en.md", "+++\ntitle = \"Bleu\"\n+++\nA text.\n")
	if u := s.settle(); u.Problems.HasErrors() {
		s.t.Fatal(u.Problems)
	}
}

// provider is a page that states a fact and an event, with their sources; "" leaves
// the source out.
func provider(fact, event string) string {
	source := func(id string) string {
		if id == "" {
			return ""
		}
		return "source = \"" + id + "\"\n"
	}
	return "+++\ntitle = \"Bleu\"\n[[facts]]\nproperty = \"staff\"\nvalue = 120\nas_of = 2025\n" + source(fact) +
		"[[events]]\ndate = 2025-04-17\ntitle = \"Un dépôt\"\n" + source(event) + "+++\nUn texte.\n"
}

// ofUpdate matches what in a page counts the updates there have been.
var ofUpdate = regexp.MustCompile(` data-update="\d+"`)

// get returns the page at a path as a browser gets it, whatever update it is of.
func (s *studio) get(path string) string {
	s.t.Helper()
	response, err := http.Get(s.server.URL + path)
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return ofUpdate.ReplaceAllString(string(text), "")
}

// markedText matches what is marked, with why.
var markedText = regexp.MustCompile(`<mark class="vigie-broken" data-vigie-problem="[0-9a-f]{16}" title="([^"]*)"[^>]*>(.*?)</mark>`)

// noted matches what is told beside a place.
var noted = regexp.MustCompile(`<span class="vigie-note" data-vigie-problem="[0-9a-f]{16}"[^>]*>([^<]*)</span>`)

// marksIn lists the marks of a page: what is marked, and why.
func marksIn(page string) (list []string) {
	for _, m := range markedText.FindAllStringSubmatch(page, -1) {
		list = append(list, m[2]+": "+m[1])
	}
	for _, m := range noted.FindAllStringSubmatch(page, -1) {
		list = append(list, "note: "+m[1])
	}
	return list
}

// TestMarks holds the marks of pages against the mistakes in their files, through
// preview's handler.
func TestMarks(t *testing.T) {
	s := open(t)
	s.things()
	const head = "+++\ntitle = \"Un\"\ndate = 2025-01-02\n+++\n"
	for _, test := range []struct {
		name, file, text, page string
		want                   []string
	}{
		{"a wiki link", "actualites/un.md", head + "Vers [[nulle-part]] et [[bleu]].\n", "/actualites/un/",
			[]string{`nulle-part: unknown page &#34;nulle-part&#34; in link (write the page, or correct the name)`}},
		{"a wiki link with text", "actualites/un.md", head + "Vers [[blue|la *page*]].\n", "/actualites/un/",
			[]string{`la *page*: unknown page &#34;blue&#34; in link (did you mean &#34;bleu&#34;?)`}},
		{"an anchor", "actualites/un.md", head + "## Titre\n\nVers [[#titra]].\n", "/actualites/un/",
			[]string{`titra: unknown anchor &#34;titra&#34; in content/actualites/un.md (did you mean &#34;titre&#34;?)`}},
		{"an image", "actualites/un.md", head + "Une ![photo](photo.png) là.\n", "/actualites/un/",
			[]string{`photo: unknown image &#34;content/actualites/photo.png&#34;`}},
		{"a file", "actualites/un.md", head + "Le [rapport](rapport.pdf).\n", "/actualites/un/",
			[]string{`rapport: unknown file &#34;rapport.pdf&#34; in link`}},
		{"a source", "actualites/un.md", head + "Dit-on[@t].\n", "/actualites/un/",
			[]string{`1: unknown source &#34;t&#34; in citation (did you mean &#34;s&#34;?)`}},
		{"a fact in prose", "actualites/un.md", head + "Ils sont [=bleu.staf].\n", "/actualites/un/",
			[]string{`bleu.staf: page &#34;bleu&#34; states no fact about &#34;staf&#34; (did you mean &#34;staff&#34;?)`}},
		{"what cannot be read", "actualites/un.md", head + "Premier.\n\n- point\n- vers [[ble\n", "/actualites/un/",
			[]string{`note: wiki link without its closing ]] (close it on the same line (in a table write its bar as \|), or write \[[ for two brackets)`}},
		{"HTML", "actualites/un.md", head + "Premier.\n\n> <span>gras</span>\n", "/actualites/un/",
			[]string{`note: raw HTML &lt;span&gt; in Markdown`}},
		{"a footnote", "actualites/un.md", head + "Note[^1].\n\n[^1]: Vers [[rien]].\n", "/actualites/un/",
			[]string{`rien: unknown page &#34;rien&#34; in link (write the page, or correct the name)`}},
		{"a fact without a source", "fournisseurs/bleu.md", provider("", "s"), "/fournisseurs/bleu/",
			[]string{`note: front matter key &#34;facts.source&#34; is missing`}},
		{"… in a translation", "fournisseurs/bleu.md", provider("", "s"), "/en/fournisseurs/bleu/",
			[]string{`note: front matter key &#34;facts.source&#34; is missing`}},
		{"a fact of an unknown source", "fournisseurs/bleu.md", provider("t", "s"), "/fournisseurs/bleu/",
			[]string{`note: unknown source &#34;t&#34; of fact staff-2025 (did you mean &#34;s&#34;?)`}},
		{"an event without a source", "fournisseurs/bleu.md", provider("s", ""), "/fournisseurs/bleu/",
			[]string{`note: front matter key &#34;events.source&#34; is missing`}},
	} {
		t.Run(test.name, func(t *testing.T) {
			file := filepath.Join(s.dir, "content", filepath.FromSlash(test.file))
			before, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			clean := s.get(test.page)
			if strings.Contains(clean, "data-vigie-problem") {
				t.Fatalf("marks before the mistake: %q", marksIn(clean))
			}
			s.write("content/"+test.file, test.text)
			if u := s.settle(); !u.Problems.HasErrors() {
				t.Error("no error is told")
			}
			got := marksIn(s.get(test.page))
			if len(got) != len(test.want) {
				t.Fatalf("marks %q, want %q", got, test.want)
			}
			for i := range got {
				if !strings.HasPrefix(got[i], test.want[i]) {
					t.Errorf("mark %q, want %q", got[i], test.want[i])
				}
			}
			data, err := fs.ReadFile(s.session.Site(), strings.TrimPrefix(test.page, "/")+"index.html")
			if err != nil || strings.Contains(string(data), "vigie-") {
				t.Errorf("the site itself has marks (%v)", err)
			}
			s.write("content/"+test.file, string(before))
			s.settle()
			if again := s.get(test.page); again != clean {
				t.Error("the page is not as it was before the mistake")
			}
		})
	}
}

// TestMarkedStatement sees that the row of a fact is marked, and the others are not.
func TestMarkedStatement(t *testing.T) {
	s := open(t)
	s.things()
	s.write("content/fournisseurs/bleu.md", provider("", "s"))
	s.settle()
	page := s.get("/fournisseurs/bleu/")
	row := regexp.MustCompile(`<div class="fact fact-current" id="fait-staff-2025" data-vigie-problem="[0-9a-f]{16}"><span class="vigie-note"[^>]*>[^<]*</span>\s*<p class="fact-value">120</p>`)
	if !row.MatchString(page) {
		t.Errorf("no marked row in\n%s", page[strings.Index(page, "<main"):strings.Index(page, "</main>")])
	}
	if strings.Count(page, "data-vigie-problem") != 2 { // the row, and its note
		t.Errorf("%d marks", strings.Count(page, "data-vigie-problem"))
	}
}

// TestHeldAfterMarks serves the last form that could be read of a page which showed its
// mistakes already, once it cannot be read.
func TestHeldAfterMarks(t *testing.T) {
	s := open(t)
	s.things()
	const head = "+++\ntitle = \"Un\"\ndate = 2025-01-02\n+++\n"
	for _, test := range []struct{ name, file, right, marked, page, shows string }{
		{"a wiki link", "actualites/un.md", head + "Sans lien.\n", head + "Vers [[nulle-part]].\n", "/actualites/un/", "Vers <"},
		{"a fact without a source", "fournisseurs/bleu.md", provider("s", "s"), provider("", "s"), "/fournisseurs/bleu/", `<p class="fact-value">120</p>`},
	} {
		t.Run(test.name, func(t *testing.T) {
			s.write("content/"+test.file, test.marked)
			s.settle()
			if len(marksIn(s.get(test.page))) != 1 {
				t.Fatal("the mistake is not marked")
			}
			for _, text := range []string{"+++\ntitle \"Un\"\n+++\n", "+++\ntitle = \n+++\n"} {
				s.write("content/"+test.file, text)
				s.settle()
				if page := s.get(test.page); !strings.Contains(page, test.shows) {
					t.Errorf("after %q the page does not stay", text)
				}
			}
			s.write("content/"+test.file, test.marked)
			s.settle()
			if len(marksIn(s.get(test.page))) != 1 {
				t.Error("the page is held where it can show its mistake")
			}
			s.write("content/"+test.file, test.right)
			if u := s.settle(); u.Problems.HasErrors() {
				t.Error(u.Problems)
			}
		})
	}
}

// TestMarksShown follows in Chromium a broken link and a fact that loses its source.
func TestMarksShown(t *testing.T) {
	browser := browsertest.New(t)
	s := open(t)
	s.things()
	shots := os.Getenv("VIGIE_SHOTS") // a folder for pictures of what is tested
	shot := func(p *browsertest.Page, name string) {
		if shots == "" {
			return
		}
		for view, v := range map[string]browsertest.View{
			"desktop-light": {}, "desktop-dark": {Dark: true},
			"phone-light": {Width: 360, Height: 700, Mobile: true}, "phone-dark": {Width: 360, Height: 700, Mobile: true, Dark: true},
		} {
			p.Look(t, v)
			p.Screenshot(t, filepath.Join(shots, name+"-"+view+".png"))
		}
		p.Look(t, browsertest.View{})
	}
	const head = "+++\ntitle = \"Un\"\ndate = 2025-01-02\n+++\n"
	long := strings.Repeat("Un long paragraphe.\n\n", 30)
	p := browser.Open(t, s.server.URL+"/actualites/un/", browsertest.View{})
	until(t, p, shadow+`.querySelector(".bar .state").textContent !== ""`)

	t.Run("a broken link", func(t *testing.T) {
		mark(t, p)
		p.Eval(t, `scrollTo(0, 300)`, nil)
		s.write("content/actualites/un.md", head+long+"Un lien vers [[nulle-part]] ici.\n\n"+long)
		until(t, p, `document.querySelector("mark.vigie-broken")?.textContent === "nulle-part"`)
		until(t, p, `!`+shadow+`.querySelector(".overlay").hidden`)
		var state struct {
			Title         string
			Quiet, Folded bool
			Scroll        float64
			Kept          bool
			Why           string
		}
		p.Eval(t, `(() => { const o = `+shadow+`.querySelector(".overlay"); return { Title: o.querySelector("h1").textContent, Quiet: o.classList.contains("quiet"),
			Folded: o.querySelector("ol").hidden, Scroll: scrollY, Kept: window.marked === true, Why: document.querySelector("mark.vigie-broken").title } })()`, &state)
		if state.Title != "1 erreur, 1 sur cette page" || !state.Quiet || !state.Folded || state.Scroll != 300 || !state.Kept ||
			state.Why != `unknown page "nulle-part" in link (write the page, or correct the name)` {
			t.Errorf("state %+v", state)
		}
		p.Eval(t, shadow+`.querySelector(".overlay .first").click()`, nil)
		until(t, p, `document.activeElement === document.querySelector("mark.vigie-broken") && (r => r.top > 0 && r.bottom < innerHeight)(document.activeElement.getBoundingClientRect())`)
		p.Eval(t, `document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }))`, nil)
		until(t, p, `!`+shadow+`.querySelector(".overlay ol").hidden && `+shadow+`.activeElement?.matches("li[data-mark]")`)
		p.Look(t, browsertest.View{Width: 360, Height: 700, Mobile: true})
		p.Eval(t, `scrollTo(0, scrollY + document.querySelector("mark.vigie-broken").getBoundingClientRect().top - 500)`, nil)
		p.Eval(t, `document.querySelector("mark.vigie-broken").click()`, nil) // what is told must not cover it
		until(t, p, `(r => r.top > 0 && r.bottom < `+shadow+`.querySelector(".overlay").getBoundingClientRect().top)(document.querySelector("mark.vigie-broken").getBoundingClientRect())`)
		p.Look(t, browsertest.View{})
		shot(p, "link")
		if list := p.Axe(t); len(list) > 0 {
			t.Errorf("axe: %v", list)
		}
		p.Eval(t, `dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }))`, nil)
		until(t, p, shadow+`.querySelector(".overlay ol").hidden`)
		s.write("content/actualites/un.md", head+long+"Un lien vers [[deux]] ici.\n\n"+long)
		until(t, p, `document.querySelector("[data-vigie-problem]") === null && `+shadow+`.querySelector(".overlay").hidden`)
	})
	s.settle()
	t.Run("a mistake of another page", func(t *testing.T) {
		s.write("content/actualites/deux.md", "+++\ntitle = \"Deux\"\ndate = 2025-01-03\ndraft = true\n+++\nVers [[rien]].\n")
		until(t, p, shadow+`.querySelector(".overlay.quiet:not([hidden]) h1")?.textContent === "1 erreur, 0 sur cette page"`)
		s.write("content/actualites/deux.md", "+++\ntitle = \"Deux\"\ndate = 2025-01-03\ndraft = true\n+++\nVers [[un]].\n")
		until(t, p, shadow+`.querySelector(".overlay").hidden`)
	})
	s.settle()
	q := browser.Open(t, s.server.URL+"/fournisseurs/bleu/", browsertest.View{})
	t.Run("a fact without a source", func(t *testing.T) {
		s.write("content/fournisseurs/bleu.md", provider("", ""))
		until(t, q, `document.querySelector("#fait-staff-2025[data-vigie-problem] .vigie-note")?.textContent.includes("facts.source")`)
		until(t, q, `document.querySelector("li.event[data-vigie-problem] .vigie-note") !== null`)
		until(t, q, shadow+`.querySelector(".overlay.quiet:not([hidden]) h1")?.textContent === "2 erreurs, 2 sur cette page"`)
		until(t, q, shadow+`.querySelector(".bar .state").textContent === "2 erreurs" && `+shadow+`.querySelectorAll(".bar button.bad").length === 2`)
		shot(q, "fact")
		if list := q.Axe(t); len(list) > 0 {
			t.Errorf("axe: %v", list)
		}
		q.Eval(t, shadow+`.querySelector(".overlay .see").click()`, nil)
		until(t, q, `document.activeElement.matches(".vigie-note")`)
		s.write("content/fournisseurs/bleu.md", provider("s", "s"))
		until(t, q, `document.querySelector("[data-vigie-problem]") === null && `+shadow+`.querySelector(".overlay").hidden`)
	})
	s.settle()
	t.Run("front matter that does not parse", func(t *testing.T) {
		s.write("content/fournisseurs/bleu.md", "+++\ntitle \"Bleu\"\n+++\n")
		until(t, q, shadow+`.querySelector(".overlay:not(.quiet):not([hidden])") !== null && !`+shadow+`.querySelector(".overlay ol").hidden`)
		s.write("content/fournisseurs/bleu.md", provider("s", "s"))
		until(t, q, shadow+`.querySelector(".overlay").hidden`)
	})
	if list := q.ThirdParty(); len(list) > 0 {
		t.Errorf("requests elsewhere: %v", list)
	}
}
