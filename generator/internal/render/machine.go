package render

import (
	"bytes"
	"cmp"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"vigie/generator/internal/content"
	"vigie/generator/internal/diag"
	"vigie/generator/internal/markdown"
	"vigie/generator/internal/sitemap"
)

// planMachineFiles plans what only machines read: sitemaps, robots.txt, the OpenSearch
// descriptions and llms.txt.
func (r *renderer) planMachineFiles() {
	planned := func(name string, fresh bool, make func(r *renderer) ([]byte, error)) {
		r.plan(output{path: name, origin: name, fresh: fresh, make: func(r *renderer) ([]byte, diag.List) {
			data, err := make(r)
			if err != nil {
				return nil, diag.List{diag.Errorf(diag.Position{File: name}, "sitemap", "%v", err)}
			}
			return data, nil
		}})
	}
	plan := func(name string, make func(r *renderer) ([]byte, error)) { planned(name, false, make) }
	// How many sitemaps there are depends on how many pages; no body changes them.
	files, err := sitemap.Files(r.config.BaseURL.String(), r.sitemapURLs())
	for _, f := range files {
		planned(f.Name, true, func(*renderer) ([]byte, error) { return f.Data, nil })
	}
	if err != nil {
		plan("sitemap.xml", func(*renderer) ([]byte, error) { return nil, err })
	}
	for _, home := range r.site.Homes {
		plan(strings.TrimPrefix(path.Join(home.SitePath, "opensearch.xml"), "/"), func(r *renderer) ([]byte, error) { return r.openSearch(home) })
	}
	robots := sitemap.Robots{Sitemaps: []string{r.config.BaseURL.Abs("/sitemap.xml")}}
	if slices.ContainsFunc(r.config.Kinds, func(k kind) bool { return k.News }) {
		planned("sitemap-news.xml", true, func(r *renderer) ([]byte, error) { return sitemap.News(r.site.Now, r.newsArticles()) })
		robots.Sitemaps = append(robots.Sitemaps, r.config.BaseURL.Abs("/sitemap-news.xml"))
	}
	if !r.replaced("robots.txt") {
		plan("robots.txt", func(*renderer) ([]byte, error) { return robots.Text() })
	}
	r.planCards()
	if r.replaced("llms.txt") {
		return
	}
	plan("llms.txt", func(r *renderer) ([]byte, error) { return r.llms().Text() })
}

// openSearch describes a language's search to browsers.
func (r *renderer) openSearch(home *content.Page) ([]byte, error) {
	parts, base := r.language[home.Lang], r.config.BaseURL
	return sitemap.OpenSearch{
		ShortName: shorten(parts.site.Title, 16), LongName: shorten(parts.site.Name(), 48),
		Description: shorten(cmp.Or(parts.site.Description, parts.site.Title), 1024), Language: parts.language.Locale,
		Results: base.Abs(r.searchPath(home.Lang)) + "?q={searchTerms}", Self: base.Abs(path.Join(home.SitePath, "opensearch.xml")),
		Icon: r.icon(),
	}.XML()
}

// newsArticles are the news of all languages, newest first in each. Titles are set for
// those alone that the sitemap can hold; the others are checked with them.
func (r *renderer) newsArticles() []sitemap.Article {
	var articles []sitemap.Article
	for _, home := range r.site.Homes {
		parts := r.language[home.Lang]
		for _, p := range parts.news {
			if !p.Kind.News {
				continue
			}
			title := p.Title
			if r.site.Now.Sub(p.Date) <= sitemap.NewsAge {
				title = markdown.Typography(p.Lang, title)
			}
			articles = append(articles, sitemap.Article{Loc: r.config.BaseURL.Abs(p.SitePath), Publication: parts.site.Title, Language: p.Lang,
				Title: title, Published: p.Date})
		}
	}
	return articles
}

func (r *renderer) icon() string {
	if r.statics["favicon.ico"] {
		return r.config.BaseURL.Abs("/favicon.ico")
	}
	return ""
}

// shorten cuts a text to at most n characters, after a word.
func shorten(text string, n int) string {
	runes := []rune(text)
	if len(runes) <= n {
		return text
	}
	cut := string(runes[:n-1])
	if i := strings.LastIndexByte(cut, ' '); i > 0 {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, " ,;:–-") + "…"
}

// sitemapURLs lists the pages that search engines should know: all written pages,
// the first pages of sections and terms, and the archives' root.
func (r *renderer) sitemapURLs() []sitemap.URL {
	var urls []sitemap.URL
	for _, p := range r.site.Pages {
		if u, ok := r.pageURL(p); ok {
			urls = append(urls, u)
		}
	}
	for _, t := range r.site.Terms {
		if t.Page != nil {
			continue // told of with the pages
		}
		versions, _ := r.versionsAt(t.Path, t.Lang)
		u := sitemap.URL{Loc: r.config.BaseURL.Abs(t.Path), Alternates: alternates(versions)}
		for _, p := range dated(t.Pages) {
			if m := p.Modified(); m.After(u.Modified) {
				u.Modified = m
			}
		}
		urls = append(urls, u)
	}
	for _, j := range r.extra {
		if r.site.PageAt(j.sitePath) != nil {
			continue // which is an error
		}
		v := j.view(r)
		urls = append(urls, sitemap.URL{Loc: v.Permalink, Alternates: alternates(v.Translations)})
	}
	for _, home := range r.site.Homes {
		root := r.archivesPath(home.Lang)
		if news := r.language[home.Lang].news; len(news) > 0 && r.site.PageAt(root) == nil {
			versions, _ := r.versionsAt(root, home.Lang)
			urls = append(urls, sitemap.URL{Loc: r.config.BaseURL.Abs(root), Modified: news[0].Date, Alternates: alternates(versions)})
		}
	}
	return urls
}

// pageURL is a page for search engines; ok is false for one that they need not know.
func (r *renderer) pageURL(p *content.Page) (u sitemap.URL, ok bool) {
	defer diag.WorkingOn(p.FileName())
	if p.SitePath == r.searchPath(p.Lang) {
		return u, false // as where nobody introduces it
	}
	u = sitemap.URL{Loc: r.config.BaseURL.Abs(p.SitePath), Modified: p.Modified(), Alternates: alternates(r.translations(p))}
	if p.IsSection || p.Term != nil { // a list changes with the newest of its pages
		for _, item := range r.feedPages(p) {
			if m := item.Modified(); m.After(u.Modified) {
				u.Modified = m
			}
		}
	}
	return u, true
}

// alternates are a page's versions for search engines, the default language's once
// more for readers of any other.
func alternates(translations []Translation) []sitemap.Alternate {
	if len(translations) == 0 {
		return nil
	}
	var list []sitemap.Alternate
	for _, t := range translations {
		list = append(list, sitemap.Alternate{Lang: t.Code, Href: t.Permalink})
	}
	return append(list, sitemap.Alternate{Lang: "x-default", Href: translations[0].Permalink})
}

// llms describes the site to language models, by section in the default language.
func (r *renderer) llms() sitemap.LLMs {
	home := r.site.Homes[0]
	site := r.language[home.Lang].site
	l := sitemap.LLMs{Title: site.Title, Summary: cmp.Or(site.Description, site.Tagline)}
	link := func(p *content.Page) sitemap.LLMLink {
		card := r.card(p, home.Lang)
		return sitemap.LLMLink{Title: card.Title, URL: r.config.BaseURL.Abs("/" + twinFile(p.SitePath)), Notes: card.Description}
	}
	for _, s := range r.topSections(home.Lang) {
		if len(s.Pages) == 0 {
			continue
		}
		section := sitemap.LLMSection{Title: markdown.Typography(home.Lang, s.Page.Title)}
		for _, p := range s.Pages {
			section.Links = append(section.Links, link(p))
		}
		l.Sections = append(l.Sections, section)
	}
	for _, p := range r.site.Pages {
		if p.Lang == home.Lang && p.Dir == "" && !p.IsSection {
			l.Optional = append(l.Optional, link(p))
		}
	}
	return l
}

// twinFile is the file of a page's Markdown twin.
func twinFile(sitePath string) string {
	return strings.TrimSuffix(outputFile(sitePath), ".html") + ".md"
}

// planTwin plans a page's Markdown twin.
func (r *renderer) planTwin(p *content.Page) {
	if r.bodies[p].written() {
		r.plan(output{path: twinFile(p.SitePath), origin: "the Markdown of " + p.FileName(), make: func(r *renderer) ([]byte, diag.List) { return r.twin(p), nil }})
	}
}

// twin is a page as Markdown at the page's address + index.md: its title,
// its dates, facts and events, the author's text with every address resolved, and
// the list of sources.
func (r *renderer) twin(p *content.Page) []byte {
	b := r.bodies[p]
	texts := r.strings[p.Lang]
	body, _ := b.document(r).Source(resolver{renderer: r, page: p, absolute: true}) // problems are reported with the page
	var out bytes.Buffer
	fmt.Fprintf(&out, "# %s\n\n", markdown.Typography(p.Lang, p.Title))
	if p.Description != "" {
		fmt.Fprintf(&out, "> %s\n\n", markdown.Typography(p.Lang, p.Description))
	}
	fmt.Fprintf(&out, "- %s\n", r.config.BaseURL.Abs(p.SitePath))
	if d := dateView(texts, p.Date, p.HasTime); d != nil {
		fmt.Fprintf(&out, "- %s %s\n", texts.Must("published"), d.Text)
	}
	if d := r.updated(p); d != nil {
		fmt.Fprintf(&out, "- %s %s\n", texts.Must("updated"), d.Text)
	}
	for _, n := range p.Corrections {
		note := r.noteView(n.On, n.Text.In(p.Lang), n.Text.Language(p.Lang), p.Lang)
		fmt.Fprintf(&out, "- %s%s%s\n", texts.Must("correction.of", note.Date.Text), texts.Must("colon"), note.Text)
	}
	r.addInterview(&out, p)
	refs := r.references(p)
	standings := r.standings(p, refs)
	if len(p.Facts)+len(standings) > 0 {
		fmt.Fprintf(&out, "\n## %s\n\n", texts.Must("facts"))
		for _, row := range standings {
			fmt.Fprintf(&out, "- %s%s%s%s\n", row.Scheme.Title, texts.Must("colon"), row.plain(texts), marks(row.Sources))
		}
		for _, group := range r.factGroups(p, refs) {
			for _, f := range group.Facts {
				fmt.Fprintf(&out, "- %s%s%s (%s", group.Title, texts.Must("colon"), plainText(string(f.Value)), f.StatusTitle)
				if f.AsOf != nil {
					fmt.Fprintf(&out, ", %s", f.AsOf.Text)
				}
				fmt.Fprintf(&out, ")%s\n", marks(f.Sources))
			}
		}
	}
	if text := bytes.TrimSpace(body); len(text) > 0 {
		fmt.Fprintf(&out, "\n%s\n", text)
	}
	if len(p.Events) > 0 {
		fmt.Fprintf(&out, "\n## %s\n\n", texts.Must("events"))
		for _, e := range p.Events {
			v := r.eventView(e, p.Lang, refs)
			fmt.Fprintf(&out, "- %s%s%s%s\n", v.Date.Text, texts.Must("colon"), v.Title, marks(v.Sources))
		}
	}
	if len(refs.views) > 0 {
		fmt.Fprintf(&out, "\n## %s\n\n", texts.Must("sources"))
		for _, s := range refs.views {
			fmt.Fprintf(&out, "%d. %s\n", s.Number, strings.Join(slices.DeleteFunc([]string{s.Publisher, s.Title, dateText(s.Date), s.Reference, s.URL, s.Note}, func(t string) bool { return t == "" }), ", "))
		}
	}
	return out.Bytes()
}

func dateText(d *Date) string {
	if d == nil {
		return ""
	}
	return d.Text
}

// marks are the numbers of sources as a text without links has them: " [1][3]".
func marks(sources []FactSource) string {
	var b strings.Builder
	for _, s := range sources {
		if b.Len() == 0 {
			b.WriteByte(' ')
		}
		b.WriteString("[" + strconv.Itoa(s.Number) + "]")
	}
	return b.String()
}

// plainText is the text of a fact's value, which is a text or one element.
func plainText(value string) string {
	if i := strings.IndexByte(value, '>'); strings.HasPrefix(value, "<") && i > 0 {
		value = value[i+1:]
		value, _, _ = strings.Cut(value, "<")
	}
	return unescape(value)
}
