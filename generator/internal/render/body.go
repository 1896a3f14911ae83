package render

import (
	"slices"
	"sync"
	"sync/atomic"

	"vigie/generator/internal/content"
	"vigie/generator/internal/diag"
	"vigie/generator/internal/markdown"
)

// body is a page's Markdown on its way to HTML.
type body struct {
	renderer *renderer
	page     *content.Page
	place    int                // of the page among all
	document *markdown.Document // nil for a page that nobody wrote
	problems diag.List          // of parsing it
	links    []*content.Page    // pages of the same language that this one links to
	linkedBy []*content.Page    // in the order of all pages
	kept     atomic.Pointer[memo]
}

// memo is what was made of a body, each part when it was first asked for. What a body
// becomes depends on others (their titles, their headings), so every memo is of one
// version of all bodies.
type memo struct {
	version    uint64
	resolved   func() *markdown.Document
	html       func() ([]byte, diag.List)
	feedHTML   func() []byte
	references func() *references
}

// memo returns what has been made of the body in the renderer's present version.
func (b *body) memo() *memo {
	r := b.renderer
	old := b.kept.Load()
	if old != nil && old.version == r.version {
		return old
	}
	fresh := &memo{version: r.version,
		resolved: sync.OnceValue(func() *markdown.Document { return b.document.Resolve(resolver{renderer: r, page: b.page}) }),
		html: sync.OnceValues(func() ([]byte, diag.List) {
			return r.renderBody(b, resolver{renderer: r, page: b.page})
		}),
		feedHTML:   sync.OnceValue(func() []byte { return r.feedBody(b) }),
		references: sync.OnceValue(func() *references { return r.numberSources(b.page) }),
	}
	if b.kept.CompareAndSwap(old, fresh) {
		return fresh
	}
	return b.kept.Load()
}

// resolved is the document with the titles of what wiki links lead to, for plain
// texts. The body must have a document.
func (b *body) resolved() *markdown.Document { return b.memo().resolved() }

// html is the body for the page, with what is wrong with its references.
func (b *body) html() ([]byte, diag.List) {
	if b.document == nil {
		return nil, nil
	}
	return b.memo().html()
}

// feedHTML is the body for feeds. The body must have a document.
func (b *body) feedHTML() []byte { return b.memo().feedHTML() }

// references are the page's sources, numbered.
func (b *body) references() *references { return b.memo().references() }

// connect finds which pages link to which, so that each knows who links to it.
func (r *renderer) connect() {
	for _, p := range r.site.Pages {
		b := r.bodies[p]
		b.links = r.targets(b)
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
	if b.document == nil {
		return nil
	}
	resolve := resolver{renderer: r, page: b.page}
	var list []*content.Page
	for _, ref := range b.document.References() {
		target := resolve.pageOf(ref)
		if target != nil && target != b.page && target.Lang == b.page.Lang && !slices.Contains(list, target) {
			list = append(list, target)
		}
	}
	return list
}
