package engine

import (
	"context"
	"slices"

	"vigie/generator/internal/search/segment"
)

// place is where one expansion of a unit stands in one field.
type place struct {
	postings *segment.Postings
	at       segment.Posting
	live     bool
}

// words returns the units that are words.
func (p *plan) words() []*unit {
	var words []*unit
	for i := range p.units {
		if p.units[i].near {
			words = append(words, &p.units[i])
		}
	}
	return words
}

// titled returns, for each hit (by ascending document), 1 if its title and names
// together have all the words, else 0.
func (e *Engine) titled(ctx context.Context, p *plan, hits []hit) ([]float64, error) {
	titled := make([]float64, len(hits))
	words := p.words()
	if len(words) < 2 {
		return titled, nil
	}
	places := make([][]place, len(words))
	for i, u := range words {
		for _, x := range u.expansions {
			for _, f := range []segment.Field{segment.Title, segment.Names} {
				if x.word.in(f) {
					list, err := e.segment.Postings(f, x.word.text, false)
					if err != nil {
						return nil, err
					}
					places[i] = append(places[i], place{postings: list, live: true})
				}
			}
		}
	}
	for n, h := range hits {
		if n%checkEvery == 0 {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
		}
		all := true
		for i := range places {
			found := false
			for j := range places[i] {
				p := &places[i][j]
				if err := p.advance(h.doc, n == 0); err != nil {
					return nil, err
				}
				found = found || p.live && p.at.Doc == h.doc
			}
			all = all && found
		}
		if all {
			titled[n] = 1
		}
	}
	return titled, nil
}

// near returns, for each hit (by ascending document), how close the words are.
func (e *Engine) near(ctx context.Context, p *plan, hits []hit) ([]float64, error) {
	near := make([]float64, len(hits))
	words := p.words()
	if len(words) < 2 || len(hits) == 0 {
		return near, nil
	}
	for f := range segment.TextFields {
		places := make([][]place, len(words))
		whole := true
		for i, u := range words {
			for _, x := range u.expansions {
				if x.word.in(f) {
					list, err := e.segment.Postings(f, x.word.text, true)
					if err != nil {
						return nil, err
					}
					if f == segment.Body && segment.IsCommon(list.Count(), e.meta.Documents) {
						continue
					}
					places[i] = append(places[i], place{postings: list, live: true})
				}
			}
			whole = whole && len(places[i]) > 0
		}
		if !whole {
			continue
		}
		if err := nearIn(ctx, places, hits, near); err != nil {
			return nil, err
		}
	}
	return near, nil
}

// nearIn raises the nearness of the hits to what one field gives them.
func nearIn(ctx context.Context, places [][]place, hits []hit, near []float64) error {
	var blocks, same, pair []uint32
	for n, h := range hits {
		if n%checkEvery == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		for i := range places {
			blocks = blocks[:0]
			for j := range places[i] {
				p := &places[i][j]
				if err := p.advance(h.doc, n == 0); err != nil {
					return err
				}
				if p.live && p.at.Doc == h.doc {
					for _, at := range p.at.Positions {
						blocks = append(blocks, at/blockSize)
					}
				}
			}
			slices.Sort(blocks)
			blocks = slices.Compact(blocks)
			if i == 0 {
				same = append(same[:0], blocks...)
				pair = pair[:0] // the first of two blocks; after a gap, block 0 has none before
				for _, b := range blocks {
					if b > 0 {
						pair = append(pair, b-1)
					}
					pair = append(pair, b)
				}
				continue
			}
			same = slices.DeleteFunc(same, func(b uint32) bool { return !has(blocks, b) })
			pair = slices.DeleteFunc(pair, func(b uint32) bool { return !has(blocks, b) && !has(blocks, b+1) })
			if len(pair) == 0 {
				break
			}
		}
		switch {
		case len(same) > 0 && len(pair) > 0:
			near[n] = 1
		case len(pair) > 0:
			near[n] = max(near[n], 0.5)
		}
	}
	return nil
}

func has(sorted []uint32, b uint32) bool {
	_, ok := slices.BinarySearch(sorted, b)
	return ok
}

// advance moves to the first posting that is not before doc.
func (p *place) advance(doc uint32, first bool) error {
	if !p.live || !first && p.at.Doc >= doc {
		return nil
	}
	var err error
	p.at, p.live, err = p.postings.Advance(doc)
	return err
}
