package engine

import (
	"context"

	"github.com/blevesearch/bleve/v2/mapping"
	blevesearch "github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/query"
	bleveindex "github.com/blevesearch/bleve_index_api"
)

// best is a disjunction for bleve: a document matches if it matches any of the
// queries, and scores the best of the groups' sums. The queries of a group are the
// fields of one expansion of a word.
type best struct {
	groups [][]query.Query
}

var (
	_ query.Query          = (*best)(nil)
	_ blevesearch.Searcher = (*bestSearcher)(nil)
)

// Searcher implements bleve's Query.
func (q *best) Searcher(ctx context.Context, r bleveindex.IndexReader, m mapping.IndexMapping, options blevesearch.SearcherOptions) (blevesearch.Searcher, error) {
	s := &bestSearcher{explain: options.Explain, groups: len(q.groups)}
	for g, group := range q.groups {
		for _, member := range group {
			child, err := member.Searcher(ctx, r, m, options)
			if err != nil {
				_ = s.Close()
				return nil, err
			}
			s.children = append(s.children, child)
			s.group = append(s.group, g)
		}
	}
	s.current = make([]*blevesearch.DocumentMatch, len(s.children))
	return s, nil
}

// bestSearcher runs the children side by side.
type bestSearcher struct {
	explain  bool
	groups   int
	children []blevesearch.Searcher
	group    []int // of each child
	current  []*blevesearch.DocumentMatch
	started  bool
}

// Next implements bleve's Searcher.
func (s *bestSearcher) Next(ctx *blevesearch.SearchContext) (*blevesearch.DocumentMatch, error) {
	if err := s.start(ctx); err != nil {
		return nil, err
	}
	lowest := -1
	for i, c := range s.current {
		if c != nil && (lowest < 0 || c.IndexInternalID.Compare(s.current[lowest].IndexInternalID) < 0) {
			lowest = i
		}
	}
	if lowest < 0 {
		return nil, nil
	}
	result := s.current[lowest]
	sums := make([]float64, s.groups)
	var explanations []*blevesearch.Explanation
	if s.explain {
		explanations = make([]*blevesearch.Explanation, s.groups)
	}
	for i := lowest; i < len(s.current); i++ {
		c := s.current[i]
		if c == nil || i > lowest && !c.IndexInternalID.Equals(result.IndexInternalID) {
			continue
		}
		g := s.group[i]
		sums[g] += c.Score
		if s.explain {
			if explanations[g] == nil {
				explanations[g] = &blevesearch.Explanation{Message: "sum of:"}
			}
			explanations[g].Value = sums[g]
			explanations[g].Children = append(explanations[g].Children, c.Expl)
		}
		if i != lowest {
			// The result keeps its id: the child's match may be reused only after it.
			ctx.DocumentMatchPool.Put(c)
		}
		next, err := s.children[i].Next(ctx)
		if err != nil {
			return nil, err
		}
		s.current[i] = next
	}
	top := 0
	for g, sum := range sums {
		if sum > sums[top] {
			top = g
		}
	}
	result.Score = sums[top]
	result.FieldTermLocations = result.FieldTermLocations[:0]
	if s.explain {
		result.Expl = explanations[top]
	}
	return result, nil
}

func (s *bestSearcher) start(ctx *blevesearch.SearchContext) error {
	if s.started {
		return nil
	}
	s.started = true
	for i, child := range s.children {
		next, err := child.Next(ctx)
		if err != nil {
			return err
		}
		s.current[i] = next
	}
	return nil
}

// Advance implements bleve's Searcher.
func (s *bestSearcher) Advance(ctx *blevesearch.SearchContext, id bleveindex.IndexInternalID) (*blevesearch.DocumentMatch, error) {
	if err := s.start(ctx); err != nil {
		return nil, err
	}
	for i, c := range s.current {
		if c == nil || c.IndexInternalID.Compare(id) >= 0 {
			continue
		}
		ctx.DocumentMatchPool.Put(c)
		next, err := s.children[i].Advance(ctx, id)
		if err != nil {
			return nil, err
		}
		s.current[i] = next
	}
	return s.Next(ctx)
}

// Close implements bleve's Searcher.
func (s *bestSearcher) Close() error {
	var first error
	for _, child := range s.children {
		if err := child.Close(); err != nil && first == nil {
			first = err
		}
	}
	return first
}

// Weight returns the sum of the children's weights, as bleve's disjunction does.
func (s *bestSearcher) Weight() float64 {
	sum := 0.0
	for _, child := range s.children {
		sum += child.Weight()
	}
	return sum
}

// SetQueryNorm implements bleve's Searcher.
func (s *bestSearcher) SetQueryNorm(norm float64) {
	for _, child := range s.children {
		child.SetQueryNorm(norm)
	}
}

// Count returns how many matches there are at most.
func (s *bestSearcher) Count() uint64 {
	var sum uint64
	for _, child := range s.children {
		sum += child.Count()
	}
	return sum
}

// Min implements bleve's Searcher.
func (s *bestSearcher) Min() int { return 0 }

// Size implements bleve's Searcher; nobody asks.
func (s *bestSearcher) Size() int { return 0 }

// DocumentMatchPoolSize implements bleve's Searcher.
func (s *bestSearcher) DocumentMatchPoolSize() int {
	n := len(s.current)
	for _, child := range s.children {
		n += child.DocumentMatchPoolSize()
	}
	return n
}
