package generator

import (
	"context"
	"io"
	"path/filepath"
	"strings"

	"vigie/generator/internal/build"
	"vigie/generator/internal/check"
	"vigie/generator/internal/linkcheck"
	"vigie/generator/internal/search"
	"vigie/generator/internal/search/engine"
)

// CheckOptions say what to check beside what every build checks.
type CheckOptions struct {
	// Search runs the judged queries of content/queries.toml and reports an error
	// where their mean reciprocal rank is below 0.9 in a language.
	Search bool
	// External tries the links that lead outside the site, and keeps what it finds in
	// [LinkCache] below the site's folder.
	External bool
}

// LinkCache is the file below a site's folder that keeps what was found of links that
// lead outside. It is safe to delete.
const LinkCache = ".vigie/links.json"

// LinkCounts says how many addresses outside the site were tried.
type LinkCounts = check.LinkCounts

// UnjudgedLink is an address outside the site of which could not be told whether it
// leads anywhere.
type UnjudgedLink = check.Unjudged

// CheckReport is what a check found beside diagnostics.
type CheckReport struct {
	Counts    Counts
	Links     LinkCounts     // zero unless CheckOptions.External is set
	Unjudged  []UnjudgedLink // those that Links counts as unknown
	Notices   []string       // what the user should know of how the site was checked
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

// Check does all that Build does but writing, judges the site by further rules, all of
// which warn, and does what the options add.
func Check(ctx context.Context, o Options, c CheckOptions) (CheckReport, Diagnostics) {
	var how check.Options
	if c.External {
		how.Links = linkcheck.New(linkcheck.Options{
			UserAgent: userAgent(), Now: o.Now, Cache: filepath.Join(o.source(), filepath.FromSlash(LinkCache)),
			Progress: func(done, total int) {
				if o.Progress != nil {
					o.Progress("links", done, total)
				}
			},
		})
	}
	site, findings, diags := build.Check(ctx, o.build(), how)
	report := CheckReport{Links: findings.Links, Unjudged: findings.Unjudged, Notices: findings.Notices}
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

// userAgent is how vigie calls itself when it tries links: its name, which robots.txt
// may give rules for, and its version.
func userAgent() string {
	version, _, _ := strings.Cut(Version(), " ")
	return "Vigie/" + strings.Trim(version, "()") + " (link checker of a static site generator)"
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
