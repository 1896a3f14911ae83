package render

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"vigie/generator/internal/content"
)

// maxRelated is how many related pages a page shows.
const maxRelated = 5

// maxPeers bounds how many pages of one term are looked at as candidates, the
// newest first: on a large site a common tag says little and would cost much.
const maxPeers = 200

// related returns the pages most like p in its language, the likest first. A page
// is alike by the terms it shares, each worth more the fewer pages carry it, and
// by links: one way or to the same pages. Pages that p links to are left out, as
// its readers have them at hand. Ties go to the newer page.
func (r *renderer) related(p *content.Page) []*content.Page {
	scores := map[*content.Page]float64{}
	total := float64(len(r.site.Pages))
	for _, term := range slices.Concat(p.Tags, p.Terms) {
		weight := math.Log(1 + total/float64(len(term.Pages)))
		for _, peer := range term.Pages[:min(len(term.Pages), maxPeers)] {
			scores[peer] += weight
		}
	}
	b := r.bodies[p]
	for _, target := range b.linksTo(r) {
		linkers := r.bodies[target].linkers(r)
		weight := math.Log(1+total/float64(1+len(linkers))) / 2
		for _, peer := range linkers[:min(len(linkers), maxPeers)] {
			scores[peer] += weight
		}
	}
	var list []*content.Page
	for peer := range scores {
		if peer != p && !peer.IsSection && !slices.Contains(b.linksTo(r), peer) {
			list = append(list, peer)
		}
	}
	slices.SortFunc(list, func(a, c *content.Page) int {
		// Sums of floats in map order would differ in the last bit; round them.
		if d := cmp.Compare(math.Round(scores[c]*1e6), math.Round(scores[a]*1e6)); d != 0 {
			return d
		}
		if d := c.Date.Compare(a.Date); d != 0 {
			return d
		}
		return strings.Compare(a.Path, c.Path)
	})
	return list[:min(len(list), maxRelated)]
}
