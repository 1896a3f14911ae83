package engine

import (
	"cmp"
	"slices"

	"vigie/generator/internal/search"
	"vigie/generator/internal/search/segment"
)

// values are what the documents have in a keyword field.
type values struct {
	names []string // sorted
	docs  [][]uint16
}

func readValues(s *segment.Segment, f segment.Field) (values, error) {
	v := values{docs: make([][]uint16, s.Meta().Documents)}
	for t, err := range s.Terms("", "", f) {
		if err != nil {
			return v, err
		}
		if len(v.names) > 1<<16-1 { // facets beyond that are nobody's
			return v, nil
		}
		list, err := s.Postings(f, t.Text, false)
		if err != nil {
			return v, err
		}
		for {
			at, ok, err := list.Next()
			if err != nil {
				return v, err
			}
			if !ok {
				break
			}
			v.docs[at.Doc] = append(v.docs[at.Doc], uint16(len(v.names)))
		}
		v.names = append(v.names, t.Text)
	}
	return v, nil
}

// facets counts the values that hits have, the most frequent first.
func (v values) facets(hits []hit, titles map[string]string) []search.Facet {
	counts := make([]int, len(v.names))
	for _, h := range hits {
		for _, n := range v.docs[h.doc] {
			counts[n]++
		}
	}
	var facets []search.Facet
	for n, count := range counts {
		if count > 0 {
			name := v.names[n]
			facets = append(facets, search.Facet{Value: name, Title: cmp.Or(titles[name], name), Count: count})
		}
	}
	slices.SortFunc(facets, func(a, b search.Facet) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value))
	})
	return facets
}
