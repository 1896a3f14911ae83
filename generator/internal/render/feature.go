package render

import (
	"maps"
	"slices"

	"vigie/generator/internal/content"
)

// feature is what a page of config.toml's [views] shows beside its text: views made
// from facts, events and sources. The layout has the view's name.
type feature struct {
	// fill adds to the page's view.
	fill func(r *renderer, p *content.Page, v *View)
	// extra are further pages, made by the build below the page's own; nil without.
	extra func(r *renderer, p *content.Page) []job
	// script is the entry point in static/ that makes the page easier to use, "" for
	// none. The page is complete without it.
	script string
}

// features lists the views by name, those of config.Views.
var features = map[string]feature{
	"timeline":   {fill: showTimeline, script: "js/timeline.ts"},
	"sources":    {fill: showSources, extra: sourceJobs},
	"glossary":   {fill: showGlossary},
	"changes":    {fill: showChanges, extra: changeJobs},
	"deadlines":  {fill: showDeadlines},
	"data":       {fill: showData},
	"board":      {fill: showBoard, script: "js/board.ts"},
	"comparison": {fill: showComparison, script: "js/comparison.ts"},
	"state":      {fill: showState, extra: stateJobs, script: stateScript},
}

// prepareFeatures finds the pages of config.toml's [views] in every language.
func (r *renderer) prepareFeatures() {
	r.features = map[*content.Page]string{}
	for _, view := range slices.Sorted(maps.Keys(r.config.Views)) {
		for _, home := range r.site.Homes {
			name := r.config.Views[view]
			if home == r.site.Homes[0] {
				r.checkNamed(name, home.Lang, "views")
			}
			if p := r.named(name.Value, home.Lang); p != nil && p.Lang == home.Lang {
				r.features[p] = view
				r.language[home.Lang].site.Views[view] = r.config.BaseURL.Rel(p.SitePath)
			}
		}
	}
}

// featurePage is the page that shows a view in a language, nil without.
func (r *renderer) featurePage(view, lang string) *content.Page {
	name, ok := r.config.Views[view]
	if !ok {
		return nil
	}
	if p := r.named(name.Value, lang); p != nil {
		return inLanguage(p, lang)
	}
	return nil
}

// showFeature adds to a page's view what config.toml's [views] has it show.
func (r *renderer) showFeature(p *content.Page, v *View) {
	f, ok := features[r.features[p]]
	if !ok {
		return
	}
	v.Today = dateView(r.strings[p.Lang], r.site.Today(), false)
	if f.fill != nil {
		f.fill(r, p, v)
	}
	if f.script != "" {
		v.Scripts = append(v.Scripts, f.script)
	}
}

// featureJobs are the pages that views have made below their own.
func (r *renderer) featureJobs() []job {
	var jobs []job
	for _, p := range r.site.Pages {
		if f := features[r.features[p]]; f.extra != nil {
			jobs = append(jobs, f.extra(r, p)...)
		}
	}
	return jobs
}

// featuredSection makes the page of a section that shows a view in the place of the
// list of its pages.
func (r *renderer) featuredSection(s *content.Section, view string) job {
	p := s.Page
	return job{sitePath: p.SitePath, origin: p.FileName(), section: p, view: func(r *renderer) *View {
		v := r.writtenView(p, view)
		v.Feeds = append(r.feedLinks(p), v.Feeds...)
		r.showFeature(p, v)
		if v.Meta.JSONLD == nil {
			v.Meta.JSONLD = r.listJSONLD(v)
		}
		return v
	}}
}
