package render

import (
	"cmp"
	"html/template"
	"slices"
	"strings"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"vigie/generator/internal/content"
	"vigie/generator/internal/diagram"
	"vigie/generator/internal/markdown"
	"vigie/generator/internal/permalink"
)

// SourceIndex is all publications that the site cites.
type SourceIndex struct {
	Count      int
	Publishers int
	Archived   int           // how many have an archived copy
	Bar        template.HTML // the shares as an SVG element
	Types      []SourceShare
}

// SourceShare is the sources of one type.
type SourceShare struct {
	Type       string // official | press | company | secondary
	Title      string // « Sources officielles »
	ID         string
	URL        string // of the page that lists them
	Number     int    // from 1, as the bar's parts are numbered
	Count      int
	Percent    string // of all, rounded
	Publishers []SourcePublisher
}

// SourcePublisher is the sources of one publisher, the newest first.
type SourcePublisher struct {
	Title   string
	ID      string
	Sources []CitedSource
}

// CitedSource is a publication with what rests on it.
type CitedSource struct {
	SourceView
	Uses []SourceUse
}

// SourceUse is a page that rests on a source: its text, its facts, its events.
type SourceUse struct {
	Page   Link
	Facts  []Link
	Events []Link
}

// sourceUse is what of a page, in the default language, rests on a source.
type sourceUse struct {
	page   *content.Page
	facts  []*content.Fact
	events []*content.Event
}

// citedSources finds which pages rest on each source, in any language, in the order
// of the site's pages.
func (r *renderer) citedSources() map[*content.Source][]*sourceUse {
	uses := map[*content.Source][]*sourceUse{}
	use := func(s *content.Source, p *content.Page) *sourceUse {
		if p.Original != nil {
			p = p.Original
		}
		for _, u := range uses[s] {
			if u.page == p {
				return u
			}
		}
		u := &sourceUse{page: p}
		uses[s] = append(uses[s], u)
		return u
	}
	for _, p := range r.site.Pages {
		for _, id := range r.citedBy(p) {
			if s := r.site.Source(id); s != nil {
				use(s, p)
			}
		}
		if p.Original != nil {
			continue
		}
		for _, s := range p.Sources {
			use(s, p)
		}
		for _, f := range p.Facts {
			for _, s := range f.Sources {
				u := use(s, p)
				u.facts = append(u.facts, f)
			}
		}
		for _, e := range p.Events {
			for _, s := range e.Sources {
				u := use(s, p)
				u.events = append(u.events, e)
			}
		}
	}
	return uses
}

// sourceTypes are the types of sources in the order shown.
var sourceTypes = []content.SourceType{content.Official, content.Press, content.Company, content.Secondary}

// showSources shows the shares of the types, and who publishes. The sources themselves
// stand on a page for each type, since all of them would be too much for one.
func showSources(r *renderer, p *content.Page, v *View) {
	v.SourceIndex = r.sourceIndex(p.Lang)
	for i := range v.SourceIndex.Types {
		v.SourceIndex.Types[i].URL = r.config.BaseURL.Rel(r.sourceTypePath(p, v.SourceIndex.Types[i].Type))
	}
}

// sourceJobs makes the page of each type of sources.
func sourceJobs(r *renderer, p *content.Page) []job {
	var jobs []job
	for _, share := range r.sourceIndex(p.Lang).Types {
		sitePath := r.sourceTypePath(p, share.Type)
		jobs = append(jobs, job{sitePath: sitePath, origin: p.FileName(), listed: true, view: func(r *renderer) *View {
			v := r.madeView(p.Lang, "sources", share.Title, r.strings[p.Lang].Must("sources.description", share.Count), sitePath, r.pageLink(p))
			v.SourceType = &share
			var pages []*content.Page
			for _, home := range r.site.Homes {
				if t := p.In(home.Lang); t != nil {
					pages = append(pages, home)
				}
			}
			v.Translations = r.madeTranslations(p.Lang, "sources."+share.Type, func(lang string) string { return r.sourceTypePath(p.In(lang), share.Type) }, pages)
			return v
		}})
	}
	return jobs
}

// sourceTypePath is where the sources of a type stand, below the page that shows the
// index.
func (r *renderer) sourceTypePath(p *content.Page, kind string) string {
	return permalink.Clean(p.SitePath + permalink.Slug(r.strings[p.Lang].Must("sources."+kind)))
}

// isSourcePage tells whether the sources of a type stand at a site path.
func (r *renderer) isSourcePage(sitePath string) bool {
	for _, home := range r.site.Homes {
		p := r.featurePage("sources", home.Lang)
		if p == nil || p.Lang != home.Lang {
			continue
		}
		for _, s := range r.site.Sources {
			if r.sourceTypePath(p, string(s.Type)) == sitePath {
				return true
			}
		}
	}
	return false
}

// sourceIndex gathers the sources that are cited, by type and publisher.
func (r *renderer) sourceIndex(lang string) *SourceIndex {
	texts := r.strings[lang]
	index := &SourceIndex{}
	collator := collate.New(language.Make(r.language[lang].language.Locale), collate.IgnoreCase)
	publishers := map[string]bool{}
	var parts []float64
	for i, kind := range sourceTypes {
		share := SourceShare{Type: string(kind), Title: texts.Must("sources." + string(kind)), ID: "type-" + string(kind), Number: i + 1}
		used := map[string]bool{}
		for _, s := range r.site.Sources {
			if s.Type != kind || len(r.cited[s]) == 0 {
				continue
			}
			share.Count++
			publishers[s.Publisher] = true
			if s.Archived != "" {
				index.Archived++
			}
			at := slices.IndexFunc(share.Publishers, func(g SourcePublisher) bool { return g.Title == s.Publisher })
			if at < 0 {
				at = len(share.Publishers)
				share.Publishers = append(share.Publishers, SourcePublisher{Title: s.Publisher, ID: freeID("editeur-"+permalink.Slug(s.Publisher), used)})
			}
			share.Publishers[at].Sources = append(share.Publishers[at].Sources, r.citedSource(s, lang))
		}
		slices.SortStableFunc(share.Publishers, func(a, b SourcePublisher) int {
			return cmp.Or(collator.CompareString(a.Title, b.Title), strings.Compare(a.Title, b.Title))
		})
		for _, g := range share.Publishers {
			slices.SortStableFunc(g.Sources, func(a, b CitedSource) int { return strings.Compare(dateISO(b.Date), dateISO(a.Date)) })
		}
		index.Count += share.Count
		parts = append(parts, float64(share.Count))
		index.Types = append(index.Types, share)
	}
	for i := range index.Types {
		index.Types[i].Percent = percent(lang, index.Types[i].Count, index.Count)
	}
	index.Types = slices.DeleteFunc(index.Types, func(s SourceShare) bool { return s.Count == 0 })
	index.Publishers = len(publishers)
	index.Bar = template.HTML(diagram.Shares{Parts: parts}.SVG())
	return index
}

func dateISO(d *Date) string {
	if d == nil {
		return ""
	}
	return d.ISO
}

// percent is a share as a whole number with its sign; one that is not nothing is at
// least 1 %.
func percent(lang string, part, whole int) string {
	share := 0
	if whole > 0 {
		share = (200*part + whole) / (2 * whole)
		if part > 0 {
			share = max(share, 1)
		}
	}
	return formatNumber(lang, float64(share), "", "%")
}

// citedSource shows a source with what rests on it.
func (r *renderer) citedSource(s *content.Source, lang string) CitedSource {
	texts := r.strings[lang]
	cited := CitedSource{SourceView: r.sourceView(s, lang, 0)}
	cited.ID = "ref-" + s.ID
	for _, u := range r.cited[s] {
		page := inLanguage(u.page, lang)
		use := SourceUse{Page: r.linkIn(u.page, lang)}
		for _, f := range u.facts {
			title := markdown.Typography(lang, cmp.Or(f.Property.Title.In(lang), f.Property.Name))
			use.Facts = append(use.Facts, Link{Title: title, URL: r.config.BaseURL.Rel(page.SitePath) + "#" + factAnchor(f)})
		}
		for _, e := range u.events {
			use.Events = append(use.Events, Link{Title: edtfView(texts, e.Date).Short, URL: r.config.BaseURL.Rel(page.SitePath) + "#" + eventAnchor(e)})
		}
		cited.Uses = append(cited.Uses, use)
	}
	return cited
}

// citedBy are the ids of the sources that a page's text cites, each once.
func (r *renderer) citedBy(p *content.Page) []string {
	return slices.DeleteFunc(slices.Compact(slices.Clone(r.bodies[p].citations())), func(id string) bool { return id == "" })
}
