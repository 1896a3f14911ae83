package render

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"

	"vigie/generator/internal/content"
	"vigie/generator/internal/diag"
	"vigie/generator/internal/markdown"
	"vigie/generator/internal/search"
)

// searchPages lists where each language's search stands.
func (r *renderer) searchPages() []SearchPage {
	var list []SearchPage
	for _, home := range r.site.Homes {
		list = append(list, SearchPage{Lang: home.Lang, Path: r.searchPath(home.Lang), Manifest: manifestPath(home.Lang)})
	}
	return list
}

// manifestPath is where a language's search manifest is published.
func manifestPath(lang string) string { return "/search/" + lang + ".bin" }

// searchable is a page that search may find.
type searchable struct {
	found bool
	sum   [sha256.Size]byte // of a document that is as it was
	reads *reads            // … what it was made from, for one that is not; else nil
}

// documents are the written pages of every language as search sees them, by language
// code, and the sums of those that are as they were: these lack their texts.
func (r *renderer) documents(ctx context.Context) (all map[string][]search.Document, known map[string][sha256.Size]byte) {
	pages := r.searched()
	documents := make([]search.Document, len(pages))
	r.searchable = make([]searchable, len(r.site.Pages))
	r.each(ctx, len(pages), func(i int) {
		p := pages[i]
		place := r.bodies[p].place
		if old := r.retracing.found(place); old != nil {
			documents[i], r.searchable[place] = r.documentHead(p), searchable{found: true, sum: old.Search}
			return
		}
		own := r.reading()
		documents[i] = own.document(p)
		r.searchable[place] = searchable{found: true, reads: own.reads}
	})
	all, known = map[string][]search.Document{}, map[string][sha256.Size]byte{}
	for i, p := range pages {
		all[p.Lang] = append(all[p.Lang], documents[i])
		if s := r.searchable[r.bodies[p].place]; s.found && s.reads == nil && r.reads != nil {
			known[p.SitePath] = s.sum
		}
	}
	return all, known
}

// whole is the document of an id.
func (r *renderer) whole(id string) (search.Document, error) {
	p := r.site.PageAt(id)
	if p == nil || r.bodies[p] == nil || !r.bodies[p].written() {
		return search.Document{}, fmt.Errorf("no page stands at %s", id)
	}
	return r.reading().document(p), nil
}

// documentHead is a page as search sees it, without what it says.
func (r *renderer) documentHead(p *content.Page) search.Document {
	d := search.Document{ID: p.SitePath, Lang: p.Lang, Kind: p.Kind.Name, KindTitle: kindTitle(p.Kind, p.Lang), Date: p.Date}
	switch {
	case p.IsSection:
		d.Kind, d.KindTitle = "section", r.strings[p.Lang].Must("search.sections")
	case d.KindTitle == "":
		d.KindTitle = r.strings[p.Lang].Must("search.loose")
	}
	for _, t := range p.Tags {
		d.Tags = append(d.Tags, t.Name)
		d.TagTitles = append(d.TagTitles, markdown.Typography(p.Lang, t.Title))
	}
	return d
}

// searched are the pages that search may find.
func (r *renderer) searched() []*content.Page {
	return slices.DeleteFunc(slices.Clone(r.site.Pages), func(p *content.Page) bool { return p.IsHome || p.File == nil })
}

// document is a page as search sees it.
func (r *renderer) document(p *content.Page) search.Document {
	defer diag.WorkingOn(p.FileName())
	b := r.bodies[p]
	d := r.documentHead(p)
	d.Title, d.Names = markdown.Typography(p.Lang, p.Title), typographyAll(p.Lang, p.Names)
	d.Summary = markdown.Typography(p.Lang, p.Description)
	for _, s := range b.resolved(r).Sections() {
		d.Body = append(d.Body, search.Section{Anchor: s.Anchor, Heading: s.Heading, Text: s.Text})
	}
	property := ""
	for _, f := range p.Facts {
		// A property's title counts once, however many values it has had.
		heading := ""
		if f.Property.Name != property {
			property, heading = f.Property.Name, markdown.Typography(p.Lang, f.Property.Title.In(p.Lang))
		}
		if text := plainText(string(r.factValue(f, p.Lang))); text != "" {
			d.Body = append(d.Body, search.Section{Anchor: factAnchor(f), Heading: heading, Text: text})
		}
	}
	for _, e := range p.Events {
		d.Body = append(d.Body, search.Section{Anchor: eventAnchor(e), Text: markdown.Typography(e.Title.Language(p.Lang), e.Title.In(p.Lang))})
	}
	for _, target := range b.linksTo(r) {
		if title := markdown.Typography(target.Lang, target.Title); !target.Kind.News && !target.IsSection && !slices.Contains(d.Entities, title) {
			d.Entities = append(d.Entities, title)
		}
	}
	return d
}
