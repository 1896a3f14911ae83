package check

import (
	"context"

	"vigie/generator/internal/content"
	"vigie/generator/internal/diag"
	"vigie/generator/internal/linkcheck"
	"vigie/generator/internal/markdown"
)

// Bodies are the parsed texts of a site's pages.
type Bodies interface {
	// Document is the Markdown of a page, nil for one that nobody wrote.
	Document(p *content.Page) *markdown.Document
	// Target is the page that a reference of p's Markdown leads to, nil for none.
	Target(p *content.Page, ref markdown.Reference) *content.Page
}

// Options say what is judged beside the site itself.
type Options struct {
	// Links, if not nil, tries the addresses outside the site.
	Links *linkcheck.Checker
}

// Findings are what was found beside diagnostics.
type Findings struct {
	Links    LinkCounts
	Unjudged []Unjudged // the addresses that LinkCounts counts as unknown, sorted
	Notices  []string   // what the user should know of how links were tried
}

// rule is one thing that is judged. Its name is among [config.CheckRules].
type rule struct {
	name string
	// whole rules say something of a page that depends on all others: they are silent
	// where a mistake may have kept some out.
	whole bool
	find  func(*judge) diag.List
}

// rules are the rules that need no network.
var rules = []rule{
	{"orphan-page", true, (*judge).orphans},
	{"missing-translation", true, (*judge).missingTranslations},
	{"stale-translation", false, (*judge).staleTranslations},
	{"duplicate-title", false, (*judge).duplicateTitles},
	{"long-title", false, (*judge).longTitles},
	{"missing-description", false, (*judge).missingDescriptions},
	{"duplicate-description", false, (*judge).duplicateDescriptions},
	{"long-description", false, (*judge).longDescriptions},
	{"stale-fact", false, (*judge).staleFacts},
	{"unused-source", true, (*judge).unusedSources},
}

// judge looks at a site.
type judge struct {
	*content.Site
	bodies Bodies
}

// Site judges a site by all rules. told is what its build told: it comes back with what
// was found, all sorted, without what the site or a page silences on purpose, and with
// a warning for each silence that silenced nothing.
func Site(ctx context.Context, site *content.Site, bodies Bodies, told diag.List, o Options) (Findings, diag.List) {
	j := &judge{site, bodies}
	whole := !told.HasErrors()
	ran := map[string]bool{}
	var findings Findings
	diags := append(diag.List(nil), told...)
	for _, r := range rules {
		if ran[r.name] = whole || !r.whole; ran[r.name] {
			diags = append(diags, r.find(j)...)
		}
	}
	if o.Links != nil {
		var list diag.List
		findings, list = j.outsideLinks(ctx, o.Links)
		diags = append(diags, list...)
	}
	if err := context.Cause(ctx); err != nil {
		diags = append(diags, diag.Errorf(diag.Position{}, "interrupted", "check was interrupted: %v", err))
	}
	ran[deadLink], ran[movedLink] = o.Links != nil, o.Links != nil
	for _, name := range buildRules {
		ran[name] = whole
	}
	s := newSilence(site)
	diags = s.filter(diags.Sort())
	for _, unused := range s.unused() {
		if ran[unused.rule] {
			diags = append(diags, unused.diagnostic)
		}
	}
	return findings, diags.Sort()
}

// written lists the pages that editors wrote.
func (j *judge) written() []*content.Page {
	var list []*content.Page
	for _, p := range j.Pages {
		if p.File != nil {
			list = append(list, p)
		}
	}
	return list
}
