package render

import (
	"cmp"
	"path"
	"slices"

	"vigie/generator/internal/content"
	"vigie/generator/internal/feed"
	"vigie/generator/internal/markdown"
	"vigie/generator/internal/permalink"
)

// languageParts are the parts of a view that all pages of a language share.
type languageParts struct {
	language LanguageView
	site     SiteView
	menus    map[string][]MenuItem
	feeds    []FeedLink
	news     []*content.Page
}

// prepareLanguages makes the shared parts of every language that has pages.
func (r *renderer) prepareLanguages() {
	r.language = map[string]*languageParts{}
	r.dated, r.place = map[*content.Page][]*content.Page{}, map[*content.Page]int{}
	for _, s := range r.site.Sections {
		r.dated[s.Page] = dated(s.Pages)
		for i, p := range s.Pages {
			if r.site.SectionOf(p) == s {
				r.place[p] = i
			}
		}
	}
	for _, home := range r.site.Homes {
		lang := home.Lang
		declared, _ := r.config.LanguageOf(lang)
		r.language[lang] = &languageParts{
			language: LanguageView{Code: lang, Name: cmp.Or(declared.Name, lang), Locale: cmp.Or(declared.Locale, lang)},
			news:     r.site.News(lang),
		}
		parts := r.language[lang]
		publication := func(role string) string {
			name := r.config.Publication[role]
			if !name.Set {
				return ""
			}
			r.checkNamed(name, lang, "publication")
			p := r.named(name.Value, lang)
			if p == nil {
				return ""
			}
			return r.config.BaseURL.Rel(p.SitePath)
		}
		parts.site = SiteView{
			Views: map[string]string{},
			Title: markdown.Typography(lang, r.config.Title.In(lang)), Tagline: markdown.Typography(lang, r.config.Tagline.In(lang)),
			Description: markdown.Typography(lang, r.config.Description.In(lang)), URL: r.config.BaseURL.String(),
			Home: r.config.BaseURL.Rel(home.SitePath), SourcingURL: publication("sourcing"), AboutURL: publication("about"), CorrectionsURL: publication("corrections"),
			SearchURL: r.config.BaseURL.Rel(r.searchPath(lang)), SearchHelp: publication("search_help"),
			OpenSearch: r.config.BaseURL.Rel(path.Join(home.SitePath, "opensearch.xml")),
		}
		if r.scripts != nil {
			parts.site.Search = &SearchView{
				Script: r.config.BaseURL.Rel("/" + r.script["main.ts"]), App: r.config.BaseURL.Rel("/" + r.script["app.ts"]),
				Engine:   r.config.BaseURL.Rel("/" + r.script["worker.ts"]),
				Manifest: r.config.BaseURL.Rel(manifestPath(lang)), Root: r.config.BaseURL.Path(),
			}
		}
		for _, role := range []string{"privacy", "accessibility", "legal"} {
			publication(role)
		}
		if len(parts.news) > 0 {
			parts.site.ArchivesURL = r.config.BaseURL.Rel(r.archivesPath(lang))
			if section := r.newsSection(lang); section != nil {
				parts.site.NewsURL = r.config.BaseURL.Rel(section.Page.SitePath)
			}
		}
		parts.menus = map[string][]MenuItem{}
	}
	for _, home := range r.site.Homes { // all languages are there now: menus may lead to any
		parts := r.language[home.Lang]
		for name, entries := range r.config.Menus {
			parts.menus[name] = r.menuItems(entries, home.Lang)
			for _, e := range entries {
				if e.Page.Set {
					r.checkNamed(e.Page, home.Lang, "menu")
				}
			}
		}
		if len(r.config.Menus["main"]) == 0 {
			parts.menus["main"] = r.sectionMenu(home.Lang)
		}
		parts.feeds = r.feedLinks(home)
	}
}

// sectionMenu is the main menu of a site that declares none: its sections.
func (r *renderer) sectionMenu(lang string) []MenuItem {
	var list []MenuItem
	for _, s := range r.site.Sections {
		if s.Page.Lang == lang && path.Dir(s.Dir) == "." {
			list = append(list, MenuItem{Link: r.pageLink(s.Page)})
		}
	}
	return list
}

// topSections are a language's sections directly below content/, in the order of
// the main menu, those it leaves out last.
func (r *renderer) topSections(lang string) []*content.Section {
	place := map[string]int{}
	for i, item := range r.language[lang].menus["main"] {
		place[item.URL] = i + 1
	}
	var list []*content.Section
	for _, s := range r.site.Sections {
		if s.Page.Lang == lang && path.Dir(s.Dir) == "." {
			list = append(list, s)
		}
	}
	rank := func(s *content.Section) int {
		return cmp.Or(place[r.config.BaseURL.Rel(s.Page.SitePath)], len(place)+1)
	}
	slices.SortStableFunc(list, func(a, b *content.Section) int { return rank(a) - rank(b) })
	return list
}

// newsSection is the section of the first kind declared as news, nil without one.
func (r *renderer) newsSection(lang string) *content.Section {
	for _, k := range r.config.Kinds {
		if k.News {
			return r.site.Section(lang, k.Folder)
		}
	}
	return nil
}

// searchPath is where a language's search page stands.
func (r *renderer) searchPath(lang string) string { return r.pathOf(lang, "path.search", "search") }

// archivesPath is where a language's archives stand.
func (r *renderer) archivesPath(lang string) string {
	return r.pathOf(lang, "path.archives", "archives")
}

// pathOf is a site path that the interface's texts may translate.
func (r *renderer) pathOf(lang, key, fallback string) string {
	language, _ := r.config.LanguageOf(lang)
	name := fallback
	if r.strings[lang].Has(key) {
		name = permalink.Slug(r.strings[lang].Must(key))
	}
	return content.LanguagePath(language, name)
}

// feedDir is the folder of the feeds of a list at sitePath.
func feedDir(sitePath string) string { return permalink.Clean(sitePath) }

// feedLinks announces the feeds of a list page; none where it has no dated pages.
func (r *renderer) feedLinks(p *content.Page) []FeedLink {
	if len(r.feedPages(p)) == 0 {
		return nil
	}
	return r.feedLinksAt(p.SitePath, p.Lang, p.Title)
}

func (r *renderer) feedLinksAt(sitePath, lang, title string) []FeedLink {
	site := r.language[lang].site.Title
	if title = markdown.Typography(lang, title); title != site {
		title = site + " – " + title
	}
	return []FeedLink{
		{Title: title + " (Atom)", Type: feed.AtomType, URL: r.config.BaseURL.Rel(feedDir(sitePath) + "atom.xml")},
		{Title: title + " (JSON Feed)", Type: feed.JSONType, URL: r.config.BaseURL.Rel(feedDir(sitePath) + "feed.json")},
	}
}

// feedPages are the pages that the feed of a home or section page lists, newest first.
func (r *renderer) feedPages(p *content.Page) []*content.Page {
	switch {
	case p.IsHome:
		return r.language[p.Lang].news
	case p.Term != nil:
		return dated(p.Term.Pages)
	}
	return r.dated[p]
}
