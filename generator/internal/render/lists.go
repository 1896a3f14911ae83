package render

import (
	"cmp"
	"fmt"
	"html/template"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"vigie/generator/internal/config"
	"vigie/generator/internal/content"
	"vigie/generator/internal/diag"
	"vigie/generator/internal/markdown"
	"vigie/generator/internal/permalink"
)

// minGrouped is from how many undated pages on a section is grouped by letter.
const minGrouped = 12

// job is a page of the site that the build makes or completes: a list, a page of a
// list, an archive.
type job struct {
	sitePath string
	origin   string
	// section is the page that the list completes, nil for one that nobody wrote.
	section *content.Page
	// view makes the page's view from the renderer it is given, when it is wanted.
	view func(r *renderer) *View
	// open says that a page which an editor wrote at the address introduces the list.
	open bool
	// versions lists the list in all languages, unless that is nobody's concern.
	versions func(r *renderer) []Translation
	// listed has search engines told of a page that a view has made below its own.
	listed bool
}

// planLists plans the home pages, sections, taxonomies, archives, search pages and
// 404 pages.
func (r *renderer) planLists() {
	var jobs []job
	for _, home := range r.site.Homes {
		lang := home.Lang
		jobs = append(jobs, job{sitePath: home.SitePath, origin: home.FileName(), section: home, view: func(r *renderer) *View { return r.homeView(home) }})
		r.planTwin(home)
		jobs = append(jobs, r.taxonomyJobs(lang)...)
		jobs = append(jobs, r.archiveJobs(lang)...)
		jobs = append(jobs, r.searchJob(lang), r.notFoundJob(home))
	}
	r.introduce(jobs)
	for _, s := range r.site.Sections {
		if !r.introduced[s.Page] {
			jobs = append(jobs, r.sectionJobs(s)...)
		}
		r.planTwin(s.Page)
	}
	extra := r.featureJobs()
	for _, j := range extra {
		if j.listed {
			r.extra = append(r.extra, j)
		}
	}
	jobs = append(jobs, extra...)
	for _, j := range jobs {
		r.plan(output{path: outputFile(j.sitePath), origin: j.origin, by: claimedByPage(j.section), list: true, make: func(r *renderer) ([]byte, diag.List) {
			var list diag.List
			if j.section != nil {
				_, list = r.bodies[j.section].html(r)
			}
			view := j.view(r)
			if versions, ok := r.versionsAt(j.sitePath, view.Language.Code); ok && (view.Paginator == nil || view.Paginator.Page == 1) {
				view.Translations = versions
			}
			data, problems := r.execute(view, j.origin)
			return data, append(slices.Clip(list), problems...)
		}})
	}
}

// isList tells whether a list that the build makes stands at a site path.
func (r *renderer) isList(sitePath string) bool {
	for _, t := range r.site.Terms {
		if t.Path == sitePath {
			return true
		}
	}
	for _, home := range r.site.Homes {
		for _, t := range r.config.Taxonomies {
			if sitePath == r.taxonomyPath(t.Name, home.Lang) {
				return true
			}
		}
		if sitePath == r.searchPath(home.Lang) || sitePath == r.archivesPath(home.Lang) {
			return true
		}
	}
	return r.isSourcePage(sitePath) || r.isStatePage(sitePath)
}

// isMachineFile tells whether the build makes a file for machines at a path, to which
// pages may link: a feed, a sitemap, llms.txt.
func (r *renderer) isMachineFile(name string) bool {
	if r.machine[name] {
		return true
	}
	dir, file := path.Split(name)
	switch file {
	case "sitemap.xml", "robots.txt", "llms.txt":
		return dir == "/"
	case "atom.xml", "feed.json":
		list := permalink.Clean(dir)
		if i := slices.IndexFunc(r.site.Terms, func(t *content.Term) bool { return t.Path == list }); i >= 0 {
			return len(dated(r.site.Terms[i].Pages)) > 0
		}
		p := r.site.PageAt(list)
		if p == nil || p.IsHome {
			return p != nil && len(r.site.News(p.Lang)) > 0
		}
		section := r.site.Section(p.Lang, p.Dir)
		return p.IsSection && section != nil && len(dated(section.Pages)) > 0
	}
	return false
}

// madeView is the view of a page that nobody wrote.
func (r *renderer) madeView(lang, layoutName, title, description, sitePath string, parents ...Link) *View {
	v := r.newView(lang, layoutName, title, description, sitePath)
	v.Breadcrumbs = append([]Link{r.homeLink(lang)}, parents...)
	v.Breadcrumbs = append(v.Breadcrumbs, Link{Title: v.Title, URL: v.URL})
	v.Meta.JSONLD = r.listJSONLD(v)
	return v
}

// homeView makes a language's front page.
func (r *renderer) homeView(p *content.Page) *View {
	v := r.writtenView(p, "home")
	v.HeadTitle = v.Site.Name()
	news := r.language[p.Lang].news
	if len(news) > 0 {
		v.Lead = r.cardOf(news[0], p.Lang)
		news = news[1:]
	}
	for _, n := range news[:min(len(news), frontPageNews)] {
		v.Pages = append(v.Pages, r.card(n, p.Lang))
	}
	v.Board = r.board(p.Lang)
	v.Upcoming, v.Latest = r.agenda(p.Lang, frontPageEvents)
	for _, s := range r.topSections(p.Lang) {
		if s.Page.Kind.News || len(s.Pages) == 0 {
			continue
		}
		group := CardGroup{Title: markdown.Typography(p.Lang, s.Page.Title), ID: "section-" + permalink.Slug(s.Dir), URL: r.config.BaseURL.Rel(s.Page.SitePath), Count: len(s.Pages)}
		for _, page := range s.Pages[:min(len(s.Pages), frontPageSection)] {
			group.Pages = append(group.Pages, r.card(page, p.Lang))
		}
		v.Groups = append(v.Groups, group)
	}
	if v.Lead == nil && len(v.Groups) == 0 { // a site of a few pages has no other list of them
		if loose := r.loosePages(p.Lang); len(loose) > 0 {
			group := CardGroup{Title: v.texts.Must("search.loose"), ID: "section-pages", Count: len(loose)}
			for _, page := range loose {
				group.Pages = append(group.Pages, r.card(page, p.Lang))
			}
			v.Groups = append(v.Groups, group)
		}
	}
	v.Meta.JSONLD = r.homeJSONLD(v)
	return v
}

// How much the front page shows.
const (
	frontPageNews    = 10
	frontPageEvents  = 6
	frontPageSection = 9
)

// sectionJobs makes a section's pages.
func (r *renderer) sectionJobs(s *content.Section) []job {
	p := s.Page
	if view := r.features[p]; view != "" && r.layouts.Has(view) {
		return []job{r.featuredSection(s, view)}
	}
	view := func(r *renderer) *View {
		v := r.writtenView(p, "section")
		for _, sub := range s.Subsections {
			card := r.card(sub.Page, p.Lang)
			card.Count = len(sub.Pages)
			v.Subsections = append(v.Subsections, card)
		}
		v.Feeds = append(r.feedLinks(p), v.Feeds...)
		return v
	}
	if len(s.Pages) >= minGrouped && len(dated(s.Pages)) == 0 {
		return []job{{sitePath: p.SitePath, origin: p.FileName(), section: p, view: func(r *renderer) *View {
			v := view(r)
			v.Groups = r.byLetter(s.Pages, p.Lang)
			for _, page := range s.Pages {
				v.Pages = append(v.Pages, r.card(page, p.Lang))
			}
			v.Meta.JSONLD = r.listJSONLD(v)
			return v
		}}}
	}
	jobs := r.paginate(s.Pages, p.SitePath, p.FileName(), view)
	jobs[0].section = p
	return jobs
}

// paginate spreads pages over as many pages of a list as they need; the first has
// the list's own address.
func (r *renderer) paginate(pages []*content.Page, sitePath, origin string, view func(r *renderer) *View) []job {
	total := max(1, (len(pages)+r.config.Paginate-1)/r.config.Paginate)
	at := func(n int) string {
		if n == 1 {
			return sitePath
		}
		return permalink.Clean(fmt.Sprintf("%s/page/%d", sitePath, n))
	}
	var jobs []job
	for n := 1; n <= total; n++ {
		if n == 2 {
			origin = "a further page of " + origin
		}
		jobs = append(jobs, job{sitePath: at(n), origin: origin, view: func(r *renderer) *View { return r.pageOfList(n, total, pages, at, view(r)) }})
	}
	return jobs
}

// pageOfList makes a list's view that of its page n of total. pages are those of the
// whole list, at says where a page of it stands.
func (r *renderer) pageOfList(n, total int, pages []*content.Page, at func(int) string, v *View) *View {
	from := (n - 1) * r.config.Paginate
	for _, p := range pages[from:min(len(pages), from+r.config.Paginate)] {
		v.Pages = append(v.Pages, r.card(p, v.Language.Code))
	}
	if total > 1 {
		v.Paginator = r.paginator(n, total, at)
		if n > 1 {
			v.Meta.Previous = r.config.BaseURL.Abs(at(n - 1))
			v.Content, v.Contents, v.MarkdownURL, v.Translations, v.Meta.AltLocales = "", nil, "", nil, nil
			v.Facts, v.Standings, v.Events, v.Sources, v.Corrections, v.Subsections = nil, nil, nil, nil, nil, nil // they stand on the first
			v.URL, v.Permalink = r.config.BaseURL.Rel(at(n)), r.config.BaseURL.Abs(at(n))
			page := v.texts.Must("paginator.page", n)
			v.HeadTitle = fmt.Sprintf("%s, %s – %s", v.Title, page, v.Site.Title)
			v.Breadcrumbs = append(v.Breadcrumbs, Link{Title: page, URL: v.URL})
		}
		if n < total {
			v.Meta.Next = r.config.BaseURL.Abs(at(n + 1))
		}
	}
	v.Meta.JSONLD = r.listJSONLD(v)
	return v
}

// paginator shows the first page, the last and those around n.
func (r *renderer) paginator(n, total int, at func(int) string) *Paginator {
	p := &Paginator{Page: n, Total: total}
	if n > 1 {
		p.Previous = r.config.BaseURL.Rel(at(n - 1))
	}
	if n < total {
		p.Next = r.config.BaseURL.Rel(at(n + 1))
	}
	last := 0
	for i := 1; i <= total; i++ {
		if i != 1 && i != total && (i < n-2 || i > n+2) {
			continue
		}
		if i > last+1 {
			p.Pages = append(p.Pages, PageNumber{Gap: true})
		}
		last = i
		p.Pages = append(p.Pages, PageNumber{Number: i, URL: r.config.BaseURL.Rel(at(i)), Current: i == n})
	}
	return p
}

// byLetter groups pages by the first letter of their titles, accents folded.
func (r *renderer) byLetter(pages []*content.Page, lang string) []CardGroup {
	pages = slices.SortedStableFunc(slices.Values(pages), content.ByTitle)
	var groups []CardGroup
	for _, p := range pages {
		letter := initial(p.Title)
		id := "lettre-" + cmp.Or(permalink.Slug(letter), "0")
		i := slices.IndexFunc(groups, func(g CardGroup) bool { return g.ID == id })
		if i < 0 {
			groups = append(groups, CardGroup{Title: letter, ID: id})
			i = len(groups) - 1
		}
		groups[i].Pages = append(groups[i].Pages, r.card(p, lang))
		groups[i].Count++
	}
	// Titles are sorted with their quotation marks, letters are not.
	slices.SortStableFunc(groups, func(a, b CardGroup) int { return strings.Compare(a.Title, b.Title) })
	return groups
}

// initial is the letter a title is filed under, without accent, Œ under O; "#" for
// one that starts with none.
func initial(title string) string {
	c, _ := utf8.DecodeRuneInString(permalink.Slug(title))
	if !unicode.IsLetter(c) {
		return "#"
	}
	return string(unicode.ToUpper(c))
}

// dated are the pages that have a date, newest first.
func dated(pages []*content.Page) []*content.Page {
	var list []*content.Page
	for _, p := range pages {
		if !p.Date.IsZero() {
			list = append(list, p)
		}
	}
	slices.SortStableFunc(list, newestFirst)
	return list
}

// taxonomyPath is where a taxonomy's list of terms stands.
func (r *renderer) taxonomyPath(name, lang string) string {
	taxonomy, _ := r.config.Taxonomy(name)
	language, _ := r.config.LanguageOf(lang)
	return content.LanguagePath(language, taxonomy.Path.In(lang))
}

// taxonomyTitle is a taxonomy's title; for one that is given none the interface's
// own, or its name.
func (r *renderer) taxonomyTitle(taxonomy config.Taxonomy, lang string) string {
	switch title := taxonomy.Title.In(lang); {
	case title != taxonomy.Name:
		return title
	case title == "tags":
		return r.strings[lang].Must("tags")
	default:
		return content.Humanize(title)
	}
}

// taxonomyJobs makes a language's lists of terms, and the list of each term's pages.
func (r *renderer) taxonomyJobs(lang string) []job {
	var jobs []job
	for _, taxonomy := range r.config.Taxonomies {
		var cards []Card
		title := markdown.Typography(lang, r.taxonomyTitle(taxonomy, lang))
		index := Link{Title: title, URL: r.config.BaseURL.Rel(r.taxonomyPath(taxonomy.Name, lang))}
		for _, term := range r.site.Terms {
			if term.Lang != lang || term.Taxonomy != taxonomy.Name {
				continue
			}
			link := r.termLink(term)
			cards = append(cards, Card{Title: link.Title, URL: link.URL, Count: len(term.Pages)})
			pages := r.paginate(term.Pages, term.Path, "the list of "+taxonomy.Name+" "+quote(term.Title), func(r *renderer) *View {
				v := r.madeView(lang, "tag", term.Title, r.strings[lang].Must("tag.description", len(term.Pages)), term.Path, index)
				if len(dated(term.Pages)) > 0 {
					v.Feeds = append(r.feedLinksAt(term.Path, lang, term.Title), v.Feeds...)
				}
				return v
			})
			pages[0].open, pages[0].versions = true, func(r *renderer) []Translation { return r.termVersions(term) }
			jobs = append(jobs, pages...)
		}
		if len(cards) == 0 {
			continue
		}
		sitePath := r.taxonomyPath(taxonomy.Name, lang)
		jobs = append(jobs, job{sitePath: sitePath, origin: "the list of " + taxonomy.Name, open: true, view: func(r *renderer) *View {
			v := r.madeView(lang, "taxonomy", title, r.strings[lang].Must("taxonomy.description", strings.ToLower(title)), sitePath)
			v.Pages = slices.Clone(cards)
			return v
		}})
	}
	return jobs
}

// termVersions lists the languages in which a term has pages.
func (r *renderer) termVersions(term *content.Term) []Translation {
	var list []Translation
	for _, home := range r.site.Homes {
		for _, t := range r.site.Terms {
			if t.Taxonomy == term.Taxonomy && t.Name == term.Name && t.Lang == home.Lang {
				list = append(list, r.versionOf(t.Lang, t.Title, t.Path))
			}
		}
	}
	return list
}

// madeVersions lists the versions of a page that the build makes in each of the languages
// of homes.
func (r *renderer) madeVersions(titleKey string, at func(lang string) string, homes []*content.Page) []Translation {
	var list []Translation
	for _, home := range homes {
		list = append(list, r.versionOf(home.Lang, r.strings[home.Lang].Must(titleKey), at(home.Lang)))
	}
	return list
}

// madeTranslations lists the versions of a page that the build makes in each of the
// languages of homes; none for one language alone.
func (r *renderer) madeTranslations(lang, titleKey string, at func(lang string) string, homes []*content.Page) []Translation {
	if len(homes) < 2 {
		return nil
	}
	var list []Translation
	for _, home := range homes {
		sitePath := at(home.Lang)
		list = append(list, Translation{LanguageView: r.language[home.Lang].language, Title: r.strings[home.Lang].Must(titleKey),
			URL: r.config.BaseURL.Rel(sitePath), Permalink: r.config.BaseURL.Abs(sitePath), Current: home.Lang == lang})
	}
	return list
}

// searchPageSection is how many pages of a section the search page lists.
const searchPageSection = 200

// searchJob plans a language's search page.
func (r *renderer) searchJob(lang string) job {
	versions := func(r *renderer) []Translation { return r.madeVersions("search.title", r.searchPath, r.site.Homes) }
	return job{sitePath: r.searchPath(lang), origin: "the search page", open: true, versions: versions, view: func(r *renderer) *View { return r.searchView(lang) }}
}

// searchView makes a language's search page: every page, by section.
func (r *renderer) searchView(lang string) *View {
	texts, sitePath := r.strings[lang], r.searchPath(lang)
	v := r.madeView(lang, "search", texts.Must("search.title"), texts.Must("search.description"), sitePath)
	group := func(title, id, address string, pages []*content.Page) {
		g := CardGroup{Title: markdown.Typography(lang, title), ID: id, URL: address, Count: len(pages)}
		// Of a large section, the first: its own list has them all.
		for _, p := range pages[:min(len(pages), searchPageSection)] {
			g.Pages = append(g.Pages, r.card(p, lang))
		}
		if len(pages) > 0 {
			v.Groups = append(v.Groups, g)
		}
	}
	for _, s := range r.topSections(lang) {
		group(s.Page.Title, "section-"+permalink.Slug(s.Dir), r.config.BaseURL.Rel(s.Page.SitePath), s.Pages)
	}
	group(texts.Must("search.loose"), "section-pages", "", r.loosePages(lang))
	return v
}

// loosePages are the pages of a language that stand in no section, by title.
func (r *renderer) loosePages(lang string) []*content.Page {
	var loose []*content.Page
	for _, p := range r.site.Pages {
		if p.Lang == lang && !p.IsSection && r.site.SectionOf(p) == nil {
			loose = append(loose, p)
		}
	}
	slices.SortStableFunc(loose, content.ByTitle)
	return loose
}

// notFoundJob makes a language's 404 page.
func (r *renderer) notFoundJob(home *content.Page) job {
	sitePath := path.Join(home.SitePath, "404.html")
	return job{sitePath: sitePath, origin: "the page of errors", view: func(r *renderer) *View {
		texts := r.strings[home.Lang]
		v := r.madeView(home.Lang, "not-found", texts.Must("404.title"), texts.Must("404.description"), sitePath)
		v.NoIndex, v.Breadcrumbs, v.Meta.JSONLD = true, nil, nil
		return v
	}}
}

// planRedirects plans a page at every old address, which leads to the new one.
func (r *renderer) planRedirects() {
	for _, p := range r.site.Pages {
		for _, alias := range p.Aliases {
			if !strings.HasPrefix(alias.Value, "/") {
				continue // reported
			}
			r.plan(output{path: outputFile(alias.Value), origin: p.FileName(), by: claimedByAlias(p, alias), list: true, make: func(r *renderer) ([]byte, diag.List) {
				v := r.newView(p.Lang, "redirect", p.Title, "", p.SitePath)
				v.NoIndex, v.Content = true, template.HTML("")
				return r.execute(v, p.FileName())
			}})
		}
	}
}
