package engine

import (
	"context"
	"slices"

	"github.com/blevesearch/bleve/v2/mapping"
	blevesearch "github.com/blevesearch/bleve/v2/search"
	blevequery "github.com/blevesearch/bleve/v2/search/query"
	bleveindex "github.com/blevesearch/bleve_index_api"

	"vigie/generator/internal/search/analysis"
	"vigie/generator/internal/search/segment"
)

// literalWords returns the words that a phrase is made of, as they are compared.
func literalWords(text string) []string {
	tokens := analysis.Literal(text)
	words := make([]string, len(tokens))
	for i, t := range tokens {
		words[i] = t.Term
	}
	return words
}

// exactPhrase returns the documents that have these very words one after the other in
// one of their parts. The index says which may; their texts say which do.
func (e *Engine) exactPhrase(ctx context.Context, l lexicon, words []string) ([]uint32, error) {
	candidates, err := e.havingAll(l, words)
	if err != nil {
		return nil, err
	}
	var found []uint32
	for n, doc := range candidates {
		if n%64 == 0 {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
		}
		r, err := e.segment.Record(int(doc))
		if err != nil {
			return nil, err
		}
		for part := range r.Parts() {
			if analysis.Holds(part, words) {
				found = append(found, doc)
				break
			}
		}
	}
	return found, nil
}

// havingAll returns the documents that may have all of some literal words: the index
// holds those that are neither a term of the document nor a stop word.
func (e *Engine) havingAll(l lexicon, words []string) ([]uint32, error) {
	having := make([]int, e.meta.Documents) // how many of the words, from the first on
	asked := 0
	for i, w := range words {
		if e.analyzer.IsStop(w) || slices.Contains(words[:i], w) {
			continue
		}
		term, _ := l.find(w)
		for f := range segment.Fields {
			if f != segment.Literal && (f >= segment.TextFields || !term.in(f)) {
				continue
			}
			docs, err := e.docs(f, w)
			if err != nil {
				return nil, err
			}
			for _, d := range docs {
				if having[d] == asked {
					having[d]++
				}
			}
		}
		asked++
	}
	var all []uint32
	for d, n := range having {
		if n == asked {
			all = append(all, uint32(d))
		}
	}
	return all, nil
}

// docs returns the documents of a term in a field.
func (e *Engine) docs(f segment.Field, term string) ([]uint32, error) {
	list, err := e.segment.Postings(f, term, false)
	if err != nil {
		return nil, err
	}
	var docs []uint32
	for {
		at, ok, err := list.Next()
		if err != nil || !ok {
			return docs, err
		}
		docs = append(docs, at.Doc)
	}
}

// nearPhrase returns the documents that have the terms of a phrase at their distances.
func (e *Engine) nearPhrase(ctx context.Context, u *unit) ([]uint32, error) {
	var any []blevequery.Query
	for _, f := range u.fields {
		any = append(any, blevequery.NewPhraseQuery(u.phrase, f.String()))
	}
	if len(any) == 0 {
		return nil, nil
	}
	hits, err := e.run(ctx, new(plan), &best{groups: [][]blevequery.Query{any}}, false)
	docs := make([]uint32, len(hits))
	for i, h := range hits {
		docs[i] = h.doc
	}
	return docs, err
}

// union returns the numbers of two ascending lists.
func union(a, b []uint32) []uint32 {
	all := slices.Concat(a, b)
	slices.Sort(all)
	return slices.Compact(all)
}

// within is a query for bleve: it finds the documents of a list, and gives each the
// score that another query has for it, 0 where that does not match.
type within struct {
	docs   []uint32
	scored blevequery.Query // nil: every score is 0
}

var (
	_ blevequery.Query     = (*within)(nil)
	_ blevesearch.Searcher = (*withinSearcher)(nil)
)

// Searcher implements bleve's Query.
func (q *within) Searcher(ctx context.Context, r bleveindex.IndexReader, m mapping.IndexMapping, options blevesearch.SearcherOptions) (blevesearch.Searcher, error) {
	s := &withinSearcher{docs: q.docs, explain: options.Explain}
	if q.scored != nil {
		var err error
		if s.scored, err = q.scored.Searcher(ctx, r, m, options); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// withinSearcher runs the scoring query beside the list.
type withinSearcher struct {
	docs    []uint32
	scored  blevesearch.Searcher // nil if there is none
	current *blevesearch.DocumentMatch
	started bool
	explain bool
}

// Next implements bleve's Searcher.
func (s *withinSearcher) Next(ctx *blevesearch.SearchContext) (*blevesearch.DocumentMatch, error) {
	if len(s.docs) == 0 {
		return nil, nil
	}
	id := bleveindex.NewIndexInternalID(nil, uint64(s.docs[0]))
	s.docs = s.docs[1:]
	if s.scored != nil && (!s.started || s.current != nil && s.current.IndexInternalID.Compare(id) < 0) {
		if s.current != nil {
			ctx.DocumentMatchPool.Put(s.current)
		}
		s.started = true
		var err error
		if s.current, err = s.scored.Advance(ctx, id); err != nil {
			return nil, err
		}
	}
	if s.current != nil && s.current.IndexInternalID.Equals(id) {
		match := s.current
		s.current, s.started = nil, false
		return match, nil
	}
	match := ctx.DocumentMatchPool.Get()
	match.IndexInternalID, match.Score = id, 0
	if s.explain {
		match.Expl = &blevesearch.Explanation{Message: "words that are not scored"}
	}
	return match, nil
}

// Advance implements bleve's Searcher.
func (s *withinSearcher) Advance(ctx *blevesearch.SearchContext, id bleveindex.IndexInternalID) (*blevesearch.DocumentMatch, error) {
	i, _ := slices.BinarySearch(s.docs, uint32(id.Value()))
	s.docs = s.docs[i:]
	return s.Next(ctx)
}

// Close implements bleve's Searcher.
func (s *withinSearcher) Close() error {
	if s.scored == nil {
		return nil
	}
	return s.scored.Close()
}

// Weight returns that of the scoring query.
func (s *withinSearcher) Weight() float64 {
	if s.scored == nil {
		return 0
	}
	return s.scored.Weight()
}

// SetQueryNorm implements bleve's Searcher.
func (s *withinSearcher) SetQueryNorm(norm float64) {
	if s.scored != nil {
		s.scored.SetQueryNorm(norm)
	}
}

// Count returns how many matches there are at most.
func (s *withinSearcher) Count() uint64 { return uint64(len(s.docs)) }

// Min implements bleve's Searcher.
func (s *withinSearcher) Min() int { return 0 }

// Size implements bleve's Searcher; nobody asks.
func (s *withinSearcher) Size() int { return 0 }

// DocumentMatchPoolSize implements bleve's Searcher.
func (s *withinSearcher) DocumentMatchPoolSize() int {
	if s.scored == nil {
		return 2
	}
	return 2 + s.scored.DocumentMatchPoolSize()
}
