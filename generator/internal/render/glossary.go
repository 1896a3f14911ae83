package render

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"vigie/generator/internal/content"
	"vigie/generator/internal/diag"
	"vigie/generator/internal/markdown"
	"vigie/generator/internal/permalink"
)

// glossary is what the site explains in a language: the pages of the glossary's own
// kind and all others that have a definition.
type glossary struct {
	page    *content.Page   // that shows it
	entries []*content.Page // by title
	has     map[*content.Page]bool
	paths   map[string]*content.Page // of the entries, by content path
	terms   *markdown.Terms
}

// GlossaryView is the glossary, A to Z.
type GlossaryView struct {
	Letters []GlossaryLetter // the whole alphabet and what else entries start with
	Count   int
}

// GlossaryLetter is the entries of one letter, accents and ligatures folded; none for
// a letter that nothing starts with.
type GlossaryLetter struct {
	Title   string
	ID      string
	Entries []GlossaryEntry
}

// GlossaryEntry is a term with its explanation.
type GlossaryEntry struct {
	Title       string
	URL         string
	ID          string
	Definition  string
	Equivalents []Equivalent
	KindTitle   string // of a page that is more than an entry of the glossary, else ""
}

// Equivalent is what a thing is called in another language.
type Equivalent struct {
	In   string // « en anglais »
	Lang string
	Text string
}

// termScript shows a card beside a link to a term; the file of cards stands beside the
// glossary.
const (
	termScript = "js/terms.ts"
	cardsFile  = "cards.json"
)

// prepareGlossary gathers the glossary of every language that has one.
func (r *renderer) prepareGlossary() {
	r.glossary = map[string]*glossary{}
	for _, home := range r.site.Homes {
		p := r.featurePage("glossary", home.Lang)
		if p == nil || p.Lang != home.Lang {
			continue
		}
		g := &glossary{page: p, has: map[*content.Page]bool{}, paths: map[string]*content.Page{}}
		for _, e := range r.site.Pages {
			own := p.IsSection && e.Kind.Name == p.Kind.Name && e.Kind.Folder == p.Dir
			defined := !e.Definition.IsZero() && e.Definition.Language(home.Lang) == home.Lang
			if e.Lang == home.Lang && !e.IsSection && (own || defined) {
				g.entries = append(g.entries, e)
				g.has[e], g.paths[e.Path] = true, e
			}
		}
		slices.SortStableFunc(g.entries, content.ByTitle)
		g.terms = markdown.NewTerms(home.Lang, g.names())
		r.glossary[home.Lang] = g
	}
}

// names are the names by which texts call the entries, titles first: of a name that
// two entries share, its owner is the one that has it as its title. A
// thing that facts can be stated about has a proper name.
func (g *glossary) names() []markdown.Term {
	var titles, others []markdown.Term
	for _, e := range g.entries {
		if !e.TermLinks {
			continue
		}
		proper := len(e.Kind.Properties) > 0
		titles = append(titles, markdown.Term{Name: e.Title, Target: e.Path, Proper: proper})
		for _, name := range e.Names {
			others = append(others, markdown.Term{Name: name, Target: e.Path, Proper: proper})
		}
	}
	return append(titles, others...)
}

// explains tells whether a link from one page to another leads to the explanation of
// a term, so that a card may show it in place.
func (r *renderer) explains(from, to *content.Page) bool {
	g := r.glossary[from.Lang]
	return g != nil && g.has[to] && to != from && to.TermLinks && r.linksTerms(from)
}

// linksTerms tells whether the first use of a term on a page leads to it.
func (r *renderer) linksTerms(p *content.Page) bool {
	return r.config.TermLinks && p.TermLinks && !p.IsSection
}

// renderBody renders a page's text. The first use of a term leads to it, unless the
// page is the term's own or its author has linked the term somewhere.
func (r *renderer) renderBody(b *body, resolve resolver) ([]byte, diag.List) {
	return r.converters[b.page.Lang].RenderTerms(b.document(r), resolve, r.termsIn(b))
}

// termsIn are the terms to be linked in a page's text.
func (r *renderer) termsIn(b *body) markdown.TermLinks {
	g := r.glossary[b.page.Lang]
	if g == nil || !r.linksTerms(b.page) {
		return markdown.TermLinks{}
	}
	return markdown.TermLinks{Terms: g.terms, Link: func(target string) (string, bool) {
		t := g.paths[target]
		if t == b.page || slices.Contains(b.linksTo(r), t) {
			return "", false
		}
		return r.config.BaseURL.Rel(t.SitePath), true
	}}
}

// showTerms gives a page that links to terms the script that shows their cards.
//
// The cards of all terms are one file, fetched when a reader first rests on a term. A
// page with its cards inside would be heavier by a tenth for every reader, and most
// rest on none; a file for each term would cost a request each time.
func (r *renderer) showTerms(p *content.Page, v *View) {
	g := r.glossary[p.Lang]
	if g == nil || r.assets[termScript] == "" {
		return
	}
	if html, _ := r.bodies[p].html(r); !bytes.Contains(html, []byte(`class="term"`)) {
		return
	}
	v.Cards = r.config.BaseURL.Rel(g.cards())
	v.Scripts = append(v.Scripts, termScript)
}

// cards is the site path of the glossary's cards.
func (g *glossary) cards() string { return permalink.Clean(g.page.SitePath) + cardsFile }

// planCards plans the cards of every glossary.
func (r *renderer) planCards() {
	for _, home := range r.site.Homes {
		if g := r.glossary[home.Lang]; g != nil && r.config.TermLinks {
			r.plan(output{path: outputFile(g.cards()), origin: "cards of the glossary", make: func(r *renderer) ([]byte, diag.List) {
				return r.cards(g, home.Lang), nil
			}})
		}
	}
}

// cards are the cards of a glossary as JSON, by the address of what they explain.
func (r *renderer) cards(g *glossary, lang string) []byte {
	type card struct {
		Title      string `json:"title"`
		Definition string `json:"definition"`
		Equivalent string `json:"equivalent,omitempty"`
	}
	texts := r.strings[lang]
	cards := map[string]card{}
	for _, e := range g.entries {
		if !e.TermLinks {
			continue
		}
		shown := r.glossaryEntry(g, e)
		if shown.Definition == "" {
			continue
		}
		var equivalents []string
		for _, q := range shown.Equivalents {
			equivalents = append(equivalents, q.In+texts.Must("colon")+q.Text)
		}
		cards[shown.URL] = card{shown.Title, shown.Definition, strings.Join(equivalents, " · ")}
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(cards); err != nil {
		panic(err) // strings only: cannot fail
	}
	return b.Bytes()
}

// glossaryEntry shows an entry.
func (r *renderer) glossaryEntry(g *glossary, p *content.Page) GlossaryEntry {
	e := GlossaryEntry{
		Title: markdown.Typography(p.Lang, p.Title), URL: r.config.BaseURL.Rel(p.SitePath),
		Definition: r.definition(p), Equivalents: r.equivalents(p),
	}
	if p.Kind.Name != g.page.Kind.Name {
		e.KindTitle = kindTitle(p.Kind, p.Lang)
	}
	return e
}

// definition explains what a page is about in a sentence: its definition or, where
// it has none in its language, its description.
func (r *renderer) definition(p *content.Page) string {
	if !p.Definition.IsZero() && p.Definition.Language(p.Lang) == p.Lang {
		return markdown.Typography(p.Lang, p.Definition.In(p.Lang))
	}
	return r.card(p, p.Lang).Description
}

// equivalents are what a thing is called in the site's other languages, where that
// is not what it is called here.
func (r *renderer) equivalents(p *content.Page) []Equivalent {
	texts := r.strings[p.Lang]
	var list []Equivalent
	for _, language := range r.config.Languages {
		lang := language.Code
		if lang == p.Lang || !texts.Has("language."+lang) {
			continue
		}
		name := p.Equivalent.ByLanguage[lang]
		if t := p.In(lang); name == "" && t != nil {
			name = t.Title
		}
		if name = markdown.Typography(lang, name); name != "" && !strings.EqualFold(name, markdown.Typography(p.Lang, p.Title)) {
			list = append(list, Equivalent{In: texts.Must("language." + lang), Lang: lang, Text: name})
		}
	}
	return list
}

// termEquivalents are the equivalents of an entry of the glossary; none for others.
func (r *renderer) termEquivalents(p *content.Page) []Equivalent {
	if g := r.glossary[p.Lang]; g == nil || !g.has[p] {
		return nil
	}
	return r.equivalents(p)
}

// showGlossary shows all entries, by letter.
func showGlossary(r *renderer, p *content.Page, v *View) {
	g := r.glossary[p.Lang]
	if g == nil {
		return
	}
	view := &GlossaryView{Count: len(g.entries)}
	for c := 'A'; c <= 'Z'; c++ {
		view.Letters = append(view.Letters, GlossaryLetter{Title: string(c), ID: letterID(string(c))})
	}
	used := map[string]bool{}
	for _, page := range g.entries {
		letter := initial(page.Title)
		i := slices.IndexFunc(view.Letters, func(l GlossaryLetter) bool { return l.Title == letter })
		if i < 0 {
			i = len(view.Letters)
			view.Letters = append(view.Letters, GlossaryLetter{Title: letter, ID: letterID(letter)})
		}
		entry := r.glossaryEntry(g, page)
		entry.ID = freeID("terme-"+page.Slug, used)
		view.Letters[i].Entries = append(view.Letters[i].Entries, entry)
	}
	slices.SortStableFunc(view.Letters, func(a, b GlossaryLetter) int { return strings.Compare(a.Title, b.Title) })
	v.Glossary = view
	v.Meta.JSONLD = jsonLD(object{
		"@type": "DefinedTermSet", "@id": v.Permalink + "#glossary", "name": v.Title, "description": v.Description, "url": v.Permalink,
		"inLanguage": v.Language.Locale,
	}, r.breadcrumbList(v))
}

// letterID is the id of a letter's entries.
func letterID(letter string) string { return "lettre-" + cmp.Or(permalink.Slug(letter), "0") }
