package render

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"vigie/generator/internal/content"
	"vigie/generator/internal/diag"
)

// checkMissing reports, beside each place that rests on a source that is not there,
// once for each such source all that does: who removes a source sees at a glance what
// it carried. One that is wanted in a single place is a slip of the pen, and reported
// there alone.
func (r *renderer) checkMissing() {
	wanted := map[string]map[*content.Page][]string{} // by source and page: facts, events, "text"
	places := map[string]int{}
	add := func(id string, p *content.Page, what string) {
		if wanted[id] == nil {
			wanted[id] = map[*content.Page][]string{}
		}
		wanted[id][p] = append(wanted[id][p], what)
		places[id]++
	}
	for _, m := range r.site.Missing {
		what := m.Statement
		if what == "" {
			what = "sources"
		}
		add(m.ID, m.Page, what)
	}
	for _, p := range r.site.Pages {
		for _, c := range r.citedBy(p) {
			if r.site.Source(c) == nil {
				add(c, p, "text")
			}
		}
	}
	for _, id := range slices.Sorted(maps.Keys(wanted)) {
		if places[id] < 2 {
			continue
		}
		pages := slices.SortedFunc(maps.Keys(wanted[id]), func(a, b *content.Page) int { return strings.Compare(a.FileName(), b.FileName()) })
		var list []string
		for _, p := range pages {
			list = append(list, fmt.Sprintf("%s (%s)", p.FileName(), strings.Join(wanted[id][p], ", ")))
		}
		d := diag.Errorf(diag.Position{File: path.Join(content.Dir, "sources.toml")}, "unknown-source", "source %q is missing, and %d places on %d pages rest on it: %s", id, places[id], len(pages), strings.Join(list, ", "))
		r.report(r.site.UnknownSource(d, id))
	}
}
