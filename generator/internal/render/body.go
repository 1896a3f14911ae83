package render

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"vigie/generator/internal/content"
	"vigie/generator/internal/diag"
	"vigie/generator/internal/markdown"
)

// body is a page's Markdown on its way to HTML. Its methods take the renderer that
// asks, which notes what it read.
type body struct {
	renderer *renderer
	page     *content.Page
	place    int                    // of the page among all
	text     atomic.Pointer[parsed] // nil until it is parsed
	known    *BodyTrace             // what is known of the text without parsing it; nil for nothing
	same     bool                   // … its gist too
	links    []*content.Page        // pages of the same language that this one links to
	linkedBy []*content.Page        // in the order of all pages
	files    []string               // of content/ that it uses; see filesOf
	kept     atomic.Pointer[memo]
}

// parsed is a body's Markdown, parsed.
type parsed struct {
	document *markdown.Document
	problems diag.List // of parsing it
}

// memo is what was made of a body, each part when it was first asked for. What a body
// becomes depends on others (their titles, their headings), so every memo is of one
// version of all bodies.
type memo struct {
	version    uint64
	resolved   func(by *renderer) *markdown.Document
	gist       func() madeGist
	html       func(by *renderer) bodyHTML
	feedHTML   func(by *renderer) []byte
	references func(by *renderer) *references
	numbering  func() map[string]int
}

// bodyHTML is a body for its page, with what is wrong with its references.
type bodyHTML struct {
	html     []byte
	problems diag.List
}

// memo returns what has been made of the body in the renderer's present version.
func (b *body) memo() *memo {
	r := b.renderer
	old := b.kept.Load()
	if old != nil && old.version == r.version {
		return old
	}
	fresh := &memo{version: r.version,
		resolved: noted(r, b, func(r *renderer) *markdown.Document {
			return b.document(r).Resolve(resolver{renderer: r, page: b.page})
		}),
		gist: sync.OnceValue(func() madeGist { return r.makeGist(b) }),
		html: noted(r, b, func(r *renderer) bodyHTML {
			html, problems := r.renderBody(b, resolver{renderer: r, page: b.page})
			return bodyHTML{html, problems}
		}),
		feedHTML:   noted(r, b, func(r *renderer) []byte { return r.feedBody(b) }),
		references: noted(r, b, func(r *renderer) *references { return r.listSources(b.page) }),
		numbering: sync.OnceValue(func() map[string]int {
			defer diag.WorkingOn(b.page.FileName())
			return r.numberSources(b.page)
		}),
	}
	if b.kept.CompareAndSwap(old, fresh) {
		return fresh
	}
	return b.kept.Load()
}

// noted makes a value of a body once, of what the renderer has when it is first asked for.
// Whoever asks for it counts as having read what it was made from.
func noted[T any](r *renderer, b *body, make func(r *renderer) T) func(by *renderer) T {
	once := sync.OnceValues(func() (T, *reads) {
		defer diag.WorkingOn(b.page.FileName())
		own := r.reading()
		return make(own), own.reads
	})
	return func(by *renderer) T {
		value, from := once()
		by.reads.join(from)
		return value
	}
}

// written tells whether an editor wrote the page: one that the build made up has no
// Markdown.
func (b *body) written() bool { return b.page.File != nil }

// parsed parses the Markdown unless it is.
func (b *body) parsed() *parsed {
	if text := b.text.Load(); text != nil {
		return text
	}
	document, problems := b.renderer.parseBody(b.page)
	if text := (&parsed{document, problems}); b.text.CompareAndSwap(nil, text) {
		return text
	}
	return b.text.Load()
}

// document is the parsed Markdown, nil for a page that nobody wrote.
func (b *body) document(by *renderer) *markdown.Document {
	if !b.written() {
		return nil
	}
	by.reads.add(b.place, readText)
	return b.parsed().document
}

// problems is what is wrong with the Markdown itself.
func (b *body) problems() diag.List {
	if !b.written() || b.known != nil && !b.known.Faulty {
		return nil
	}
	return b.parsed().problems
}

// resolved is the document with the titles of what wiki links lead to, for plain
// texts. The body must be written.
func (b *body) resolved(by *renderer) *markdown.Document { return b.memo().resolved(by) }

// Gist is what lists say of a text.
type Gist struct {
	Minutes int    // to read it
	Summary string // its beginning; "" for a page that has a description
	Updated string // the day or moment on which the page was updated, RFC 3339
}

// madeGist is a gist and what it was made from.
type madeGist struct {
	Gist
	reads *reads
}

func (r *renderer) makeGist(b *body) madeGist {
	defer diag.WorkingOn(b.page.FileName())
	own := r.reading()
	document := b.resolved(own)
	gist := Gist{Minutes: max(1, (document.Words()+wordsPerMinute/2)/wordsPerMinute), Updated: b.page.Updated.Format(time.RFC3339Nano)}
	if b.page.Description == "" {
		gist.Summary = document.Summary(200)
	}
	return madeGist{gist, own.reads}
}

// gist is what lists say of the text. Who asks rests on what it is, not on the text.
// The body must be written.
func (b *body) gist(by *renderer) Gist {
	by.reads.add(b.place, readGist)
	if b.same {
		return b.known.Gist
	}
	return b.memo().gist().Gist
}

// html is the body for the page, with what is wrong with its references.
func (b *body) html(by *renderer) ([]byte, diag.List) {
	if !b.written() {
		return nil, nil
	}
	made := b.memo().html(by)
	return made.html, made.problems
}

// feedHTML is the body for feeds. It must be written.
func (b *body) feedHTML(by *renderer) []byte { return b.memo().feedHTML(by) }

// references are the page's sources, numbered.
func (b *body) references(by *renderer) *references { return b.memo().references(by) }

// linksTo are the pages of the same language that the body links to.
func (b *body) linksTo(by *renderer) []*content.Page {
	by.reads.add(b.place, readLinks)
	return b.links
}

// linkers are the pages that link to this one, in the order of all pages.
func (b *body) linkers(by *renderer) []*content.Page {
	by.reads.add(b.place, readLinks)
	return b.linkedBy
}

// citations are the ids of the sources cited, each once for each use.
func (b *body) citations() []string {
	switch {
	case !b.written():
		return nil
	case b.known != nil:
		return b.known.Citations
	}
	return b.parsed().document.CitedSources()
}

// quotations counts the quotations that say whose words they are.
func (b *body) quotations() int {
	switch {
	case !b.written():
		return 0
	case b.known != nil:
		return b.known.Quotations
	}
	return len(b.parsed().document.Quotations())
}

// connect finds which pages link to which, so that each knows who links to it.
func (r *renderer) connect() {
	for _, p := range r.site.Pages {
		b := r.bodies[p]
		b.links, b.files = r.targets(b), r.filesOf(b)
		if p.IsSection {
			continue
		}
		for _, target := range b.links {
			t := r.bodies[target]
			t.linkedBy = append(t.linkedBy, p)
		}
	}
}

// reconnect finds anew where a body links to, and tells those that it did link to and
// that it links to now.
func (r *renderer) reconnect(b *body) {
	old := b.links
	b.links = r.targets(b)
	if b.page.IsSection || slices.Equal(old, b.links) {
		return
	}
	for _, target := range old {
		t := r.bodies[target]
		t.linkedBy = slices.DeleteFunc(slices.Clone(t.linkedBy), func(p *content.Page) bool { return p == b.page })
	}
	for _, target := range b.links {
		t := r.bodies[target]
		at, _ := slices.BinarySearchFunc(t.linkedBy, b.place, func(p *content.Page, place int) int { return r.bodies[p].place - place })
		t.linkedBy = slices.Insert(slices.Clone(t.linkedBy), at, b.page)
	}
}

// targets lists the pages of the same language that a body links to, each once.
func (r *renderer) targets(b *body) []*content.Page {
	defer diag.WorkingOn(b.page.FileName())
	var list []*content.Page
	switch {
	case !b.written():
		return nil
	case b.known != nil:
		for _, place := range b.known.Links {
			list = append(list, r.site.Pages[place])
		}
		return list
	}
	resolve := resolver{renderer: r, page: b.page}
	for _, ref := range b.parsed().document.References() {
		target := resolve.pageOf(ref)
		if target != nil && target != b.page && target.Lang == b.page.Lang && !slices.Contains(list, target) {
			list = append(list, target)
		}
	}
	return list
}
