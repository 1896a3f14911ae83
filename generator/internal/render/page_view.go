package render

import (
	"cmp"
	"html/template"
	"slices"
	"strconv"
	"strings"
	"time"

	"vigie/generator/internal/config"
	"vigie/generator/internal/content"
	"vigie/generator/internal/diag"
	"vigie/generator/internal/markdown"
	"vigie/generator/internal/record"
)

// wordsPerMinute is how fast an adult reads prose in silence.
const wordsPerMinute = 230

// T returns an interface text in the page's language; see layout.Strings.T.
func (v *View) T(key string, args ...any) (string, error) { return v.texts.T(key, args...) }

// newView makes the parts of a view that every page has, written or made up.
// sitePath is where it is published, in lang.
func (r *renderer) newView(lang, layoutName, title, description, sitePath string) *View {
	parts := r.language[lang]
	v := &View{
		texts: r.strings[lang], Site: parts.site, Language: parts.language, Layout: layoutName,
		Title: markdown.Typography(lang, title), Description: markdown.Typography(lang, description),
		URL: r.config.BaseURL.Rel(sitePath), Permalink: r.config.BaseURL.Abs(sitePath),
		MainMenu: r.menu("main", lang, sitePath), FooterMenu: r.menu("footer", lang, sitePath),
		Feeds: slices.Clone(parts.feeds),
	}
	v.HeadTitle = v.Title + " – " + parts.site.Title
	v.Meta = Meta{Type: "website", SiteName: parts.site.Title, Locale: strings.ReplaceAll(parts.language.Locale, "-", "_")}
	if r.config.Image.Set {
		name := r.config.Image.Value
		if r.statics[name] {
			name = "/" + name
		}
		r.setImage(v, r.config.Source, r.config.Image.Span, name)
	}
	return v
}

// pageView makes the view of a page that is no list.
func (r *renderer) pageView(p *content.Page) (*View, diag.List) {
	name := r.layoutOf(p.Kind)
	if view := r.features[p]; view != "" && r.layouts.Has(view) {
		name = view
	}
	if !r.layouts.Has(name) {
		unknown := diag.Errorf(diag.Position{File: r.config.Source.Name()}, "unknown-layout", "layout %q of kind %q does not exist", name, p.Kind.Name)
		if at := p.Kind.LayoutAt; at.Length > 0 {
			unknown = r.config.Source.Errorf(at.Offset, at.Length, unknown.Rule, "%s", unknown.Message)
		}
		return nil, diag.List{unknown.
			WithSuggestion("%s", cmp.Or(diag.DidYouMean(name, r.layouts.Names()), "add layouts/"+name+".html"))}
	}
	v := r.writtenView(p, name)
	b := r.bodies[p]
	if p.Kind.News {
		v.Meta.Type = "article"
	}
	if form, ok := p.Kind.Forms[p.Form]; ok {
		v.Form = &Link{Title: form.In(p.Lang)}
	}
	if !p.Date.IsZero() {
		v.Meta.Published = r.stamp(p.Date, p.HasTime)
		v.Meta.Modified = v.Meta.Published
	}
	if v.Updated = r.updated(p); v.Updated != nil {
		v.Meta.Modified = r.stamp(p.Updated, p.UpdatedTime)
	}
	v.Names = typographyAll(p.Lang, p.Names)
	for _, t := range r.related(p) {
		v.Related = append(v.Related, r.card(t, p.Lang))
	}
	linkers := slices.Clone(b.linkers(r))
	slices.SortStableFunc(linkers, newestFirst)
	for _, t := range linkers {
		v.Backlinks = append(v.Backlinks, r.card(t, p.Lang))
	}
	if section := r.site.SectionOf(p); section != nil {
		if i, ok := r.place[p]; ok {
			if i+1 < len(section.Pages) {
				v.Previous = r.cardOf(section.Pages[i+1], p.Lang)
			}
			if i > 0 {
				v.Next = r.cardOf(section.Pages[i-1], p.Lang)
			}
			if p.Date.IsZero() || p.Weight != 0 { // not in the order of time: of titles, or the editors' own
				v.Previous, v.Next = v.Next, v.Previous
			}
		}
		v.Feeds = append(r.feedLinks(section.Page), v.Feeds...)
		v.Meta.Section = markdown.Typography(p.Lang, section.Page.Title)
	}
	v.Standings = r.standings(p, r.references(p))
	r.showHistory(p, v)
	r.showCalendar(p, v)
	r.showFeature(p, v)
	r.showTerms(p, v)
	v.Relations = r.relations(p)
	v.Interview = r.interview(p)
	v.Equivalents = r.termEquivalents(p)
	v.Meta.JSONLD = r.pageJSONLD(v, p)
	return v, nil
}

// layoutOf is the name of a kind's layout. A kind that declares none and has none
// of its own name gets the theme's for what it is: news, a thing with facts, a page.
func (r *renderer) layoutOf(k kind) string {
	switch {
	case k.Layout != k.Name || r.layouts.Has(k.Layout):
		return k.Layout
	case k.News:
		return "article"
	case len(k.Properties) > 0:
		return "entity"
	}
	return "page"
}

// writtenView makes the parts of a view that come from a page's file: a page's own
// or a list's index page.
func (r *renderer) writtenView(p *content.Page, layoutName string) *View {
	b := r.bodies[p]
	v := r.newView(p.Lang, layoutName, p.Title, p.Description, p.SitePath)
	v.Kind, v.Draft = p.Kind.Name, p.Draft
	v.Date = dateView(v.texts, p.Date, p.HasTime)
	v.Translations = r.translations(p)
	for _, t := range v.Translations {
		if !t.Current {
			v.Meta.AltLocales = append(v.Meta.AltLocales, strings.ReplaceAll(t.Locale, "-", "_"))
		}
	}
	v.Breadcrumbs = r.breadcrumbs(p)
	for _, term := range slices.Concat(p.Tags, p.Terms) {
		v.Tags = append(v.Tags, r.termLink(term))
		v.Meta.TagNames = append(v.Meta.TagNames, v.Tags[len(v.Tags)-1].Title)
	}
	for _, term := range p.Authors {
		v.Authors = append(v.Authors, r.termLink(term))
	}
	if b.written() {
		html, _ := b.html(r) // what is wrong is reported by the page
		v.Content = template.HTML(html)
		v.Words = b.resolved(r).Words()
		if !p.IsSection {
			v.ReadingTime = max(1, (v.Words+wordsPerMinute/2)/wordsPerMinute)
		}
		v.Contents = contents(b.resolved(r).Headings())
		v.MarkdownURL = r.config.BaseURL.Rel("/" + twinFile(p.SitePath))
		if v.Description == "" {
			v.Description = b.resolved(r).Summary(200)
		}
	}
	references := r.references(p)
	v.Sources = references.views
	v.Facts = r.factGroups(p, references)
	for _, e := range p.Events {
		v.Events = append(v.Events, r.eventView(e, p.Lang, references))
	}
	if p.Image.Set && p.Image.Value != "" {
		owner := imageOwner(p)
		r.setImage(v, owner.File, p.Image.Span, resolver{renderer: r, page: owner}.imagePath(p.Image.Value))
		v.Meta.ImageAlt = v.Title
	}
	return v
}

// imageOwner is the page in whose file the image was named: relative paths start there.
func imageOwner(p *content.Page) *content.Page {
	if p.Original != nil && p.Image == p.Original.Image {
		return p.Original
	}
	return p
}

// setImage sets the image that is shown where the page is shared. src names it at a
// span, for diagnostics.
func (r *renderer) setImage(v *View, src *diag.Source, at record.Span, name string) {
	picture, err := r.picture(name)
	if err != nil {
		d := src.Errorf(at.Offset, at.Length, err.rule, "%s", err.message)
		if err.suggestion != "" {
			d = d.WithSuggestion("%s", err.suggestion)
		}
		v.problems = append(v.problems, d)
		return
	}
	v.Meta.Image, v.Meta.ImageWidth, v.Meta.ImageHeight = r.config.BaseURL.Abs("/"+picture.Src), picture.Width, picture.Height
	v.Meta.ImageAlt = v.Site.Name()
}

// stamp is a moment as metadata has it: with its zone, or a day alone.
func (r *renderer) stamp(t time.Time, hasTime bool) string {
	if hasTime {
		return t.Format(time.RFC3339)
	}
	return t.Format("2006-01-02")
}

// updated is when the page was last changed, nil unless after it was published.
func (r *renderer) updated(p *content.Page) *Date {
	if p.Updated.IsZero() || !p.Updated.After(p.Date) {
		return nil
	}
	return dateView(r.strings[p.Lang], p.Updated, p.UpdatedTime)
}

func newestFirst(a, b *content.Page) int {
	if c := b.Date.Compare(a.Date); c != 0 {
		return c
	}
	return content.ByTitle(a, b)
}

func typographyAll(lang string, list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = markdown.Typography(lang, s)
	}
	return out
}

// translations lists every language a page exists in, nothing for one alone.
func (r *renderer) translations(p *content.Page) []Translation {
	for _, t := range p.Translations {
		if r.introduced[t] {
			if list, ok := r.versionsAt(t.SitePath, p.Lang); ok {
				return list
			}
		}
	}
	if len(p.Translations) < 2 {
		return nil
	}
	var list []Translation
	for _, t := range p.Translations {
		list = append(list, Translation{
			LanguageView: r.language[t.Lang].language, Title: markdown.Typography(t.Lang, t.Title),
			URL: r.config.BaseURL.Rel(t.SitePath), Permalink: r.config.BaseURL.Abs(t.SitePath), Current: t == p,
		})
	}
	return list
}

// breadcrumbs leads from the home page to p.
func (r *renderer) breadcrumbs(p *content.Page) []Link {
	if p.IsHome {
		return nil
	}
	links := []Link{r.pageLink(p)}
	for section := r.site.SectionOf(p); section != nil; section = r.site.SectionOf(section.Page) {
		links = append(links, r.pageLink(section.Page))
	}
	links = append(links, r.homeLink(p.Lang))
	slices.Reverse(links)
	return links
}

func (r *renderer) homeLink(lang string) Link {
	return Link{Title: r.language[lang].site.Title, URL: r.language[lang].site.Home}
}

// pageLink is a page as a titled URL.
func (r *renderer) pageLink(p *content.Page) Link {
	return Link{Title: markdown.Typography(p.Lang, p.Title), URL: r.config.BaseURL.Rel(p.SitePath)}
}

func (r *renderer) termLink(t *content.Term) Link {
	return Link{Title: markdown.Typography(t.Lang, t.Title), URL: r.config.BaseURL.Rel(t.Path)}
}

// card is a page as lists in a language show it.
func (r *renderer) card(p *content.Page, lang string) Card {
	texts := r.strings[lang]
	c := Card{
		Title: markdown.Typography(p.Lang, p.Title), URL: r.config.BaseURL.Rel(p.SitePath),
		Description: markdown.Typography(p.Lang, p.Description),
		Kind:        p.Kind.Name, KindTitle: kindTitle(p.Kind, lang), Form: p.Kind.Forms[p.Form].In(lang),
		Date: dateView(texts, p.Date, p.HasTime), Updated: r.updated(p),
	}
	if p.Lang != lang {
		c.Lang = p.Lang
	}
	for _, t := range slices.Concat(p.Tags, p.Terms) {
		c.Tags = append(c.Tags, r.termLink(t))
	}
	if b := r.bodies[p]; b != nil && b.written() {
		gist := b.gist(r)
		c.ReadingTime = gist.Minutes
		if c.Description == "" {
			c.Description = gist.Summary
		}
	}
	if p.Image.Set && p.Image.Value != "" {
		if picture, err := r.picture(resolver{renderer: r, page: imageOwner(p)}.imagePath(p.Image.Value)); err == nil {
			c.Image = &Image{URL: r.config.BaseURL.Rel("/" + picture.Src), Width: picture.Width, Height: picture.Height}
			var set []string
			for _, variant := range picture.SrcSet {
				set = append(set, r.config.BaseURL.Rel("/"+variant.Src)+" "+strconv.Itoa(variant.Width)+"w")
			}
			c.Image.SrcSet = strings.Join(set, ", ")
		}
	}
	return c
}

// kindTitle is what a kind is called, "" for the one that says nothing: page.
func kindTitle(k kind, lang string) string {
	title := k.Title.In(lang)
	if title == k.Name {
		return ""
	}
	return markdown.Typography(lang, title)
}

func (r *renderer) cardOf(p *content.Page, lang string) *Card {
	c := r.card(p, lang)
	return &c
}

// contents nests a document's headings of the second and third level. A page with
// fewer than two of the second has no use for a table of contents.
func contents(headings []markdown.Heading) []Heading {
	var list []Heading
	for _, h := range headings {
		entry := Heading{ID: h.ID, Title: h.Text}
		switch {
		case h.Level == 2:
			list = append(list, entry)
		case h.Level == 3 && len(list) > 0:
			last := &list[len(list)-1]
			last.Children = append(last.Children, entry)
		}
	}
	if len(list) < 2 {
		return nil
	}
	return list
}

// menu makes a menu of the configuration for one page.
func (r *renderer) menu(name, lang, sitePath string) []MenuItem {
	items := r.language[lang].menus[name]
	list := make([]MenuItem, len(items))
	current := r.config.BaseURL.Rel(sitePath)
	for i, item := range items {
		item.Current = item.URL == current
		item.Within = !item.Current && !item.External && item.URL != r.language[lang].site.Home && strings.HasPrefix(current, item.URL)
		list[i] = item
	}
	return list
}

// menuItems resolves a menu's entries for a language. Where a page does not exist
// in the language the entry is left out.
func (r *renderer) menuItems(entries []config.MenuEntry, lang string) []MenuItem {
	var list []MenuItem
	for _, e := range entries {
		if e.URL.Set {
			link := Link{Title: markdown.Typography(lang, e.Title.In(lang)), URL: e.URL.Value, External: isExternal(e.URL.Value)}
			if path, ok := strings.CutPrefix(e.URL.Value, "/"); ok && !link.External {
				link.URL = r.config.BaseURL.Path() + path
			}
			if strings.HasPrefix(link.URL, "mailto:") || strings.HasPrefix(link.URL, "tel:") {
				link.External = false // leads to no other site
			}
			list = append(list, MenuItem{Link: link})
			continue
		}
		p := r.named(e.Page.Value, lang)
		if p == nil || p.Lang != lang {
			continue
		}
		link := r.pageLink(p)
		if title := e.Title.In(lang); title != "" {
			link.Title = markdown.Typography(lang, title)
		}
		list = append(list, MenuItem{Link: link})
	}
	return list
}

// named returns the page that the configuration calls by name: a section by its
// folder, else a page as wiki links do. It is nil for one that is not published.
func (r *renderer) named(name, lang string) *content.Page {
	if s := r.site.Section(lang, name); s != nil {
		return s.Page
	}
	p, _ := r.site.Lookup(lang, name)
	if p == nil || r.site.WhyHidden(p) != "" {
		return nil
	}
	return p
}

// checkNamed reports a name in the configuration, used for what, that names no page.
func (r *renderer) checkNamed(name record.Field[string], lang, what string) {
	if r.named(name.Value, lang) != nil {
		return
	}
	report := func(rule, suggestion, format string, args ...any) {
		d := r.config.Source.Errorf(name.Span.Offset, name.Span.Length, rule, format, args...)
		d.Suggestion = suggestion
		r.report(d)
	}
	switch p, candidates := r.site.Lookup(lang, name.Value); {
	case p != nil:
		report("hidden-page", "publish it, or build with --drafts or --future", "page %q in %s %s", name.Value, what, r.site.WhyHidden(p))
	case len(candidates) > 0:
		report("ambiguous-page", "write the path of one", "page %q in %s could be %s", name.Value, what, strings.Join(candidates, " or "))
	default:
		report("unknown-page", diag.DidYouMean(name.Value, r.site.Names()), "unknown page %q in %s", name.Value, what)
	}
}
