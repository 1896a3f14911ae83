// Package check owns what is judged of a site beyond what a build needs: whether its
// pages are linked, described, translated and up to date, whether what it links to is
// still there, and whether search finds what editors expect of it.
//
// [Site] judges by named rules ([config.CheckRules]), all of which warn, and honours
// what editors silence on purpose. [Relevance] asks a [search.Searcher] the site's
// judged queries. The package never renders, never builds an index and never writes;
// the network is [linkcheck]'s.
package check

import (
	"context"
	"slices"

	"vigie/generator/internal/content"
	"vigie/generator/internal/diag"
	"vigie/generator/internal/search"
)

// MinimumMRR is the mean reciprocal rank that search is held to in every language.
const MinimumMRR = 0.9

// Depth is the number of hits that are looked at; a page found further down counts
// as not found.
const Depth = 10

// Answer is what search made of one judged query.
type Answer struct {
	Query    string
	Class    string
	Lang     string
	Expected []string // site paths, any of which answers the query
	Found    []string // site paths of the first hits, at most Depth
	Rank     int      // of the first expected page among those found, from 1; 0 without
	Position diag.Position
}

// ReciprocalRank is 1 for an expected page found first, 1/2 for one found second and
// so on, and 0 where none is found.
func (a Answer) ReciprocalRank() float64 {
	if a.Rank == 0 {
		return 0
	}
	return 1 / float64(a.Rank)
}

// Relevance asks the searchers, by language code, what the site's judged queries
// ([content.QueriesFile]) ask for. It reports queries that are written wrongly, that
// search fails on, and the languages whose mean reciprocal rank is below minimum.
// Queries that are written wrongly are not asked; the report holds the others in the
// order of the file.
func Relevance(ctx context.Context, site *content.Site, searchers map[string]search.Searcher, minimum float64) (Report, diag.List) {
	judged, diags := readQueries(site)
	var r Report
	for _, j := range judged {
		searcher := searchers[j.lang]
		if searcher == nil {
			diags = append(diags, diag.Errorf(j.position, "no-index", "language %q has no search index", j.lang))
			continue
		}
		result, err := searcher.Search(ctx, search.Request{Query: j.query, Limit: Depth})
		if err != nil {
			diags = append(diags, diag.Errorf(j.position, "search-failed", "search for %q failed: %v", j.query, err))
			if ctx.Err() != nil {
				return r, diags.Sort()
			}
			continue
		}
		r.Answers = append(r.Answers, j.answer(result.Hits))
	}
	for _, lang := range r.Languages() {
		if score := r.Score(lang); score.MRR < minimum {
			at := diag.Position{File: fileName}
			diags = append(diags, diag.Errorf(at, "low-relevance", "search in %q has a mean reciprocal rank of %.3f over %d queries, want at least %.3f", lang, score.MRR, score.Queries, minimum).
				WithSuggestion("look at the misses: a page's title, names or description may lack the words"))
		}
	}
	return r, diags.Sort()
}

// answer judges the hits of a query.
func (j judgement) answer(hits []search.Hit) Answer {
	a := Answer{Query: j.query, Class: j.class, Lang: j.lang, Position: j.position}
	for _, p := range j.pages {
		a.Expected = append(a.Expected, p.SitePath)
	}
	for i, h := range hits[:min(len(hits), Depth)] {
		a.Found = append(a.Found, h.ID)
		if a.Rank == 0 && slices.Contains(a.Expected, h.ID) {
			a.Rank = i + 1
		}
	}
	return a
}
