package render

import (
	"slices"

	"vigie/generator/internal/content"
	"vigie/generator/internal/markdown"
)

// introduce finds the pages that editors wrote at the addresses of lists that the build
// makes: content/tags/x/_index.md stands where the list of the tag x does. Such a page
// introduces its list, as in Hugo. What cannot, such as an article, is left to
// [renderer.checkClaims].
func (r *renderer) introduce(jobs []job) {
	r.introduced, r.versions = map[*content.Page]bool{}, map[string]func(*renderer) []Translation{}
	for i := range jobs {
		j := &jobs[i]
		if j.versions != nil {
			r.versions[j.sitePath] = j.versions
		}
		p := r.site.PageAt(j.sitePath)
		if p == nil || j.section != nil || !j.open || !r.introduces(p) {
			continue
		}
		j.section, r.introduced[p] = p, true
		made := j.view
		j.view = func(r *renderer) *View { return r.introducedView(p, made(r)) }
		if p.File != nil {
			j.origin = p.FileName()
		}
	}
}

// introduces tells whether a page can introduce a list: it shows nothing that a list's
// layout has no place for.
func (r *renderer) introduces(p *content.Page) bool {
	return (p.IsSection || p.Kind.Name == "page") && r.features[p] == "" && len(p.Facts)+len(p.Events)+len(p.Corrections) == 0
}

// introducedView is the page of a list with what an editor wrote to introduce it. Where
// that is no more than a folder the list stays as it is, but for what lies in the folder.
func (r *renderer) introducedView(p *content.Page, list *View) *View {
	r.addFolder(p, list)
	if p.File == nil {
		return list
	}
	v := r.writtenView(p, list.Layout)
	if v.Description == "" {
		v.Description = list.Description
	}
	v.Pages, v.Groups, v.Paginator, v.Feeds = list.Pages, list.Groups, list.Paginator, list.Feeds
	v.Scripts = append(v.Scripts, list.Scripts...)
	v.Meta.Next = list.Meta.Next
	v.NoIndex = list.NoIndex
	v.Breadcrumbs = slices.Clone(list.Breadcrumbs)
	if n := len(v.Breadcrumbs); n > 0 {
		v.Breadcrumbs[n-1].Title = v.Title
	}
	v.problems = append(v.problems, list.problems...)
	v.Meta.JSONLD = r.listJSONLD(v)
	return v
}

// addFolder adds to a list the pages of the folder that stands at its address. A term's
// list has them already.
func (r *renderer) addFolder(p *content.Page, v *View) {
	section := r.site.Section(p.Lang, p.Dir)
	if !p.IsSection || p.Term != nil || section == nil {
		return
	}
	listed := map[string]bool{}
	for _, g := range v.Groups {
		for _, c := range g.Pages {
			listed[c.URL] = true
		}
	}
	for _, c := range v.Pages {
		listed[c.URL] = true
	}
	var cards []Card
	for _, page := range section.Pages {
		if c := r.card(page, p.Lang); !listed[c.URL] {
			cards = append(cards, c)
		}
	}
	switch {
	case len(cards) == 0:
	case len(v.Groups) > 0 || v.Layout == "taxonomy": // whose pages are terms
		v.Groups = append(v.Groups, CardGroup{Title: v.texts.Must("search.loose"), ID: "section-folder", Pages: cards, Count: len(cards)})
	default:
		v.Pages = append(v.Pages, cards...)
	}
	v.Feeds = append(r.feedLinks(p), v.Feeds...)
}

// versionsAt lists the versions of what stands at a site path in every language: those of
// a list that the build makes, and of the pages that introduce it. It is the same for each
// of them; nil for one alone. ok is false where no list stands there.
func (r *renderer) versionsAt(sitePath, lang string) (list []Translation, ok bool) {
	made := r.versions[sitePath]
	if made == nil {
		return nil, false
	}
	list = made(r)
	has := func(lang string) bool {
		return slices.ContainsFunc(list, func(t Translation) bool { return t.Code == lang })
	}
	for _, t := range slices.Clone(list) {
		p := r.introduction(t.Permalink)
		if p == nil {
			continue
		}
		for _, q := range p.Translations {
			if !has(q.Lang) {
				list = append(list, r.versionOf(q.Lang, q.Title, q.SitePath))
			}
		}
	}
	if len(list) < 2 {
		return nil, true
	}
	order := func(code string) int {
		return slices.IndexFunc(r.site.Homes, func(h *content.Page) bool { return h.Lang == code })
	}
	slices.SortStableFunc(list, func(a, b Translation) int { return order(a.Code) - order(b.Code) })
	for i := range list {
		list[i].Current = list[i].Code == lang
	}
	return list, true
}

// introduction is the page that introduces the list at an absolute address, nil without.
func (r *renderer) introduction(permalink string) *content.Page {
	for p := range r.introduced {
		if r.config.BaseURL.Abs(p.SitePath) == permalink {
			return p // no other stands there
		}
	}
	return nil
}

// versionOf is a page as one of the versions of a list.
func (r *renderer) versionOf(lang, title, sitePath string) Translation {
	return Translation{LanguageView: r.language[lang].language, Title: markdown.Typography(lang, title),
		URL: r.config.BaseURL.Rel(sitePath), Permalink: r.config.BaseURL.Abs(sitePath)}
}
