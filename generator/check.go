package generator

import (
	"context"
	"io"

	"vigie/generator/internal/build"
	"vigie/generator/internal/check"
	"vigie/generator/internal/search"
	"vigie/generator/internal/search/engine"
)

// CheckOptions say what to check beside what every build checks.
type CheckOptions struct {
	// Search runs the judged queries of content/queries.toml and reports an error
	// where their mean reciprocal rank is below 0.9 in a language.
	Search bool
}

// CheckReport is what a check found beside diagnostics.
type CheckReport struct {
	Counts    Counts
	relevance *check.Report
}

// PrintRelevance writes how the judged queries fared, by class; nothing where they
// were not run.
func (r CheckReport) PrintRelevance(w io.Writer) error {
	if r.relevance == nil {
		return nil
	}
	return r.relevance.Print(w)
}

// Check does all that Build does but writing, and what the options add.
func Check(ctx context.Context, o Options, c CheckOptions) (CheckReport, Diagnostics) {
	site, diags := build.Render(ctx, o.build())
	var report CheckReport
	if site != nil {
		report.Counts = site.Counts
	}
	if !c.Search || site == nil || diags.HasErrors() {
		return report, diags
	}
	searchers, err := openSearchers(site)
	if err != nil {
		return report, append(diags, Diagnostic{Rule: "search-index", Message: err.Error()})
	}
	relevance, list := check.Relevance(ctx, site.Content, searchers, check.MinimumMRR)
	report.relevance = &relevance
	return report, append(diags, list...).Sort()
}

// openSearchers opens the indexes among a site's files, by language.
func openSearchers(site *build.Site) (map[string]search.Searcher, error) {
	data, _ := site.Files.Get(search.DescriptorPath)
	descriptor, err := search.ParseDescriptor(data)
	if err != nil {
		return nil, err
	}
	searchers := map[string]search.Searcher{}
	for _, l := range descriptor.Languages {
		file, _ := site.Files.Get(l.Index)
		if searchers[l.Lang], err = engine.Open(file); err != nil {
			return nil, err
		}
	}
	return searchers, nil
}
