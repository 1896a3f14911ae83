package render

import (
	"cmp"
	"html/template"
	"slices"
	"strings"
	"time"

	"vigie/generator/internal/content"
	"vigie/generator/internal/diag"
	"vigie/generator/internal/feed"
	"vigie/generator/internal/markdown"
)

// planFeeds plans the feeds of the site, of every section and of every term that has
// dated pages, in Atom and JSON Feed.
func (r *renderer) planFeeds() {
	type list struct {
		lang, title, sitePath string
		pages                 []*content.Page
	}
	var lists []list
	for _, home := range r.site.Homes {
		lists = append(lists, list{home.Lang, "", home.SitePath, r.language[home.Lang].news})
	}
	for _, s := range r.site.Sections {
		if s.Page.Term != nil {
			continue // the term's feed has all
		}
		lists = append(lists, list{s.Page.Lang, s.Page.Title, s.Page.SitePath, r.dated[s.Page]})
	}
	for _, t := range r.site.Terms {
		lists = append(lists, list{t.Lang, t.Title, t.Path, dated(t.Pages)})
	}
	for _, l := range lists {
		if len(l.pages) > 0 {
			r.planFeed(l.sitePath, func(r *renderer) feed.Feed { return r.feed(l.lang, l.title, l.sitePath, l.pages) })
		}
	}
}

// planFeed plans the two forms of a feed of the list at a site path.
func (r *renderer) planFeed(sitePath string, make func(r *renderer) feed.Feed) {
	for _, form := range []struct {
		name  string
		write func(feed.Feed) ([]byte, error)
	}{{"atom.xml", feed.Atom}, {"feed.json", feed.JSON}} {
		origin := "the feed of " + sitePath
		r.plan(output{path: outputFile(feedDir(sitePath) + form.name), origin: origin, make: func(r *renderer) ([]byte, diag.List) {
			data, err := form.write(make(r))
			if err != nil {
				return nil, diag.List{diag.Errorf(diag.Position{File: origin}, "feed", "%v", err)}
			}
			return data, nil
		}})
	}
}

// feed makes the feed of a list. pages are newest first.
func (r *renderer) feed(lang, title, sitePath string, pages []*content.Page) feed.Feed {
	f := r.newFeed(lang, title, sitePath)
	for _, p := range pages[:min(len(pages), r.config.FeedLimit)] {
		f.Items = append(f.Items, r.feedItem(p))
	}
	return f
}

// newFeed is a feed without items, of the list at sitePath.
func (r *renderer) newFeed(lang, title, sitePath string) feed.Feed {
	site := r.language[lang].site
	f := feed.Feed{
		ID: r.tagURI(r.epoch(), sitePath), Title: site.Title, Subtitle: site.Description,
		Language: r.language[lang].language.Locale, URL: r.config.BaseURL.Abs(sitePath),
		SelfAtom: r.config.BaseURL.Abs(feedDir(sitePath) + "atom.xml"), SelfJSON: r.config.BaseURL.Abs(feedDir(sitePath) + "feed.json"),
		Authors: []feed.Author{{Name: site.Title, URL: r.config.BaseURL.String()}},
	}
	if title = markdown.Typography(lang, title); title != "" && title != site.Title {
		f.Title += " – " + title
	}
	if r.statics["apple-touch-icon.png"] {
		f.Icon = r.config.BaseURL.Abs("/apple-touch-icon.png")
	}
	return f
}

// feedItem is a page as feeds carry it: whole, with addresses that hold anywhere.
func (r *renderer) feedItem(p *content.Page) feed.Item {
	b := r.bodies[p]
	item := feed.Item{
		ID: r.tagURI(p.Date, p.SitePath), URL: r.config.BaseURL.Abs(p.SitePath), Title: markdown.Typography(p.Lang, p.Title),
		Summary: markdown.Typography(p.Lang, p.Description), Published: p.Date, Language: p.Lang,
	}
	if b.written() {
		item.HTML = string(b.feedHTML(r))
		if item.Summary == "" {
			item.Summary = b.resolved(r).Summary(200)
		}
	}
	if strings.TrimSpace(item.HTML) == "" { // feeds carry no item without content
		item.HTML = "<p>" + template.HTMLEscapeString(cmp.Or(item.Summary, item.Title)) + "</p>"
	}
	if p.Updated.After(p.Date) {
		item.Updated = p.Updated
	}
	for _, t := range p.Authors {
		item.Authors = append(item.Authors, feed.Author{Name: markdown.Typography(p.Lang, t.Title), URL: r.config.BaseURL.Abs(t.Path)})
	}
	for _, t := range slices.Concat(p.Tags, p.Terms) {
		item.Tags = append(item.Tags, markdown.Typography(p.Lang, t.Title))
	}
	return item
}

// feedBody renders a page's body for feeds. What is wrong with its references has
// been reported with the page itself.
func (r *renderer) feedBody(b *body) []byte {
	html, _ := r.converters[b.page.Lang].RenderFeed(b.document(r), resolver{renderer: r, page: b.page, absolute: true})
	return html
}

// tagURI names a page or list for ever: by the site's host, the date it was first
// published and the place it had then on that host, which other sites may share.
func (r *renderer) tagURI(date time.Time, sitePath string) string {
	return feed.TagURI(r.config.BaseURL.String(), date, r.config.BaseURL.Rel(sitePath))
}

// epoch dates the identifiers of lists, which have no date: the day from which the
// site's host is taken to be its own. It must never change.
func (r *renderer) epoch() time.Time { return time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC) }
