package render

import (
	"context"
	"slices"

	"vigie/generator/internal/content"
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

// searchable is a page as search sees it, and what that was made from.
type searchable struct {
	document *search.Document // nil for a page that search does not find
	reads    *reads
}

// documents are the written pages of every language as search sees them, by
// language code.
func (r *renderer) documents(ctx context.Context) map[string][]search.Document {
	pages := r.searched()
	r.searchable = make([]searchable, len(r.site.Pages))
	r.each(ctx, len(pages), func(i int) {
		p := pages[i]
		b := r.bodies[p]
		if old := r.retracing.found(b.place); old != nil {
			document := *old
			document.Date = p.Date
			r.searchable[b.place] = searchable{&document, nil}
			return
		}
		own := r.reading()
		document := own.document(p)
		r.searchable[b.place] = searchable{&document, own.reads}
	})
	all := map[string][]search.Document{}
	for _, p := range pages {
		if d := r.searchable[r.bodies[p].place].document; d != nil {
			all[p.Lang] = append(all[p.Lang], *d)
		}
	}
	return all
}

// searched are the pages that search may find.
func (r *renderer) searched() []*content.Page {
	return slices.DeleteFunc(slices.Clone(r.site.Pages), func(p *content.Page) bool { return p.IsHome || p.File == nil })
}

// document is a page as search sees it.
func (r *renderer) document(p *content.Page) search.Document {
	b := r.bodies[p]
	d := search.Document{
		ID: p.SitePath, Lang: p.Lang, Kind: p.Kind.Name, KindTitle: kindTitle(p.Kind, p.Lang),
		Title: markdown.Typography(p.Lang, p.Title), Names: typographyAll(p.Lang, p.Names),
		Summary: markdown.Typography(p.Lang, p.Description), Date: p.Date,
	}
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
