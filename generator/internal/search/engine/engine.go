package engine

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"

	blevesearch "github.com/blevesearch/bleve/v2/search"
	blevequery "github.com/blevesearch/bleve/v2/search/query"
	bleveindex "github.com/blevesearch/bleve_index_api"

	"vigie/generator/internal/search"
	"vigie/generator/internal/search/analysis"
	"vigie/generator/internal/search/query"
	"vigie/generator/internal/search/segment"
)

// Engine answers queries over the documents of one index. It is safe for use by
// several goroutines.
type Engine struct {
	segment  *segment.Segment
	meta     segment.Meta
	index    *index
	analyzer *analysis.Analyzer
	stats    *blevesearch.BM25Stats
	prepare  func() (tables, error)
}

var _ search.Searcher = (*Engine)(nil)

// tables are what the first search makes of the dictionaries.
type tables struct {
	lexicon lexicon
	values  [segment.Fields]values // of the fields that make facets
}

// Open returns the engine of an index file, whose bytes must not change. Errors are
// those of [segment.Open].
func Open(file []byte) (*Engine, error) {
	s, err := segment.Open(file)
	if err != nil {
		return nil, err
	}
	e := &Engine{segment: s, meta: s.Meta(), index: newIndex(s), analyzer: analysis.For(s.Meta().Lang)}
	e.stats = &blevesearch.BM25Stats{DocCount: float64(e.meta.Documents), FieldCardinality: make(map[string]int)}
	for f := range segment.Fields { // bleve asks for those of keywords, too
		e.stats.FieldCardinality[f.String()] = e.meta.Totals[f.String()]
	}
	e.prepare = sync.OnceValues(e.tables)
	return e, nil
}

// Meta returns what the index says about itself.
func (e *Engine) Meta() segment.Meta { return e.meta }

func (e *Engine) tables() (tables, error) {
	var t tables
	// A panic must not pass: OnceValues would repeat it in every search.
	err := segment.Guard(func() (err error) {
		if t.lexicon, err = newLexicon(e.segment); err != nil {
			return err
		}
		for _, f := range []segment.Field{segment.Kind, segment.Tags, segment.Year} {
			if t.values[f], err = readValues(e.segment, f); err != nil {
				return err
			}
		}
		return nil
	})
	return t, err
}

// Search implements [search.Searcher]. It gives up after [MaxTime]; an index that
// cannot be read is a [segment.ErrCorrupt], never a panic.
func (e *Engine) Search(ctx context.Context, r search.Request) (search.Result, error) {
	ctx, cancel := context.WithTimeout(ctx, MaxTime)
	defer cancel()
	var result search.Result
	err := segment.Guard(func() (err error) {
		result, err = e.search(ctx, r)
		return err
	})
	if err != nil {
		return search.Result{}, fmt.Errorf("search: %w", err)
	}
	return result, nil
}

func (e *Engine) search(ctx context.Context, r search.Request) (search.Result, error) {
	q := query.Parse(r.Query)
	result := search.Result{Query: r.Query, Ignored: q.Ignored}
	t, err := e.prepare()
	if err != nil || e.meta.Documents == 0 {
		return result, err
	}
	p := newPlan(q, e.analyzer, t.lexicon)
	p.filters(e.meta.Lang, t.values[segment.Year])
	hits, err := e.hits(ctx, t.lexicon, &p.plan, r.Explain)
	if err != nil {
		return result, err
	}
	for _, h := range hits {
		switch h.tier {
		case search.Partial:
			result.Partial++
		case search.Near:
			result.Near++
		default:
			result.Total++
		}
	}
	found := hits[:result.Total] // near and partial hits are last
	result.Kinds = t.values[segment.Kind].facets(found, e.meta.Kinds)
	result.Tags = t.values[segment.Tags].facets(found, e.meta.Tags)
	result.Years = t.values[segment.Year].facets(found, nil)
	slices.SortFunc(result.Years, func(a, b search.Facet) int { return cmp.Compare(b.Value, a.Value) })

	limit := r.Limit
	if limit <= 0 {
		limit = DefaultLimit
	}
	from := min(max(r.Offset, 0), len(hits))
	to := from + min(limit, MaxLimit, len(hits)-from)
	for _, h := range hits[from:to] {
		shown, err := e.show(h, &p.plan, r.Explain)
		if err != nil {
			return result, err
		}
		result.Hits = append(result.Hits, shown)
	}
	result.Suggestion, err = e.suggestion(&p.plan)
	return result, err
}

// filters adds the query's filters.
func (p *planner) filters(lang string, years values) {
	var all []blevequery.Query
	anyOf := func(f segment.Field, list []string) {
		var any []blevequery.Query
		for _, v := range list {
			any = append(any, term(v, f, 1))
		}
		all = append(all, blevequery.NewDisjunctionQuery(any))
	}
	f := p.query.Filters
	if len(f.Kinds) > 0 {
		anyOf(segment.Kind, f.Kinds)
	}
	for _, tag := range f.Tags {
		all = append(all, term(tag, segment.Tags, 1))
	}
	if len(f.Years) > 0 {
		var within []string
		for _, y := range years.names {
			n, err := strconv.Atoi(y)
			if err == nil && slices.ContainsFunc(f.Years, func(r query.YearRange) bool { return r.From <= n && n <= r.To }) {
				within = append(within, y)
			}
		}
		anyOf(segment.Year, within)
		p.nothing = len(within) == 0
	}
	if len(f.Langs) > 0 && !slices.ContainsFunc(f.Langs, func(l string) bool { return strings.EqualFold(l, lang) }) {
		p.nothing = true
	}
	if len(all) > 0 {
		p.filter = blevequery.NewConjunctionQuery(all)
	}
}

// hit is a document found.
type hit struct {
	doc         uint32
	tier        search.Tier
	named       bool    // its title or a name is the query, with what terms are taken for
	begun       bool    // its title or a name has a word that begins as the last one does
	score       float64 // bleve's
	near, title float64
	fresh       float64
	final       float64
	explanation *blevesearch.Explanation
}

// hits returns the documents found, in order.
func (e *Engine) hits(ctx context.Context, l lexicon, p *plan, explain bool) ([]hit, error) {
	if f := p.query.Filters; p.nothing || len(p.units)+len(f.Kinds)+len(f.Tags)+len(f.Years)+len(f.Langs)+len(p.query.Without) == 0 {
		return nil, nil
	}
	for _, words := range p.unwanted {
		docs, err := e.exactPhrase(ctx, l, words)
		if err != nil {
			return nil, err
		}
		if len(docs) > 0 {
			p.without = append(p.without, &within{docs: docs})
		}
	}
	phrases := false
	for i := range p.units {
		if u := &p.units[i]; u.isPhrase() {
			phrases = true
			var err error
			if u.docs, err = e.exactPhrase(ctx, l, u.literal); err != nil {
				return nil, err
			}
		}
	}
	hits, err := e.full(ctx, p, explain)
	if err == nil && len(hits) == 0 && p.soft {
		p.dropSoft()
		hits, err = e.full(ctx, p, explain)
	}
	if err != nil {
		return nil, err
	}
	whole := len(hits)
	known := make(map[uint32]bool) // among the hits
	add := func(more []hit, tier search.Tier) {
		for i := range hits {
			known[hits[i].doc] = true
		}
		for _, h := range more {
			if !known[h.doc] {
				h.tier = tier
				hits = append(hits, h)
			}
		}
	}
	if phrases && len(hits) < fewHits {
		for i := range p.units {
			if u := &p.units[i]; u.isPhrase() {
				docs, err := e.nearPhrase(ctx, u)
				if err != nil {
					return nil, err
				}
				u.docs = union(u.docs, docs)
			}
		}
		near, err := e.all(ctx, p, explain)
		if err != nil {
			return nil, err
		}
		add(near, search.Near)
	}
	few := fewHits
	if phrases { // who quotes wants the quotation, if there is any
		few = 1
	}
	var some []blevequery.Query
	for i := range p.loose {
		if u := &p.loose[i]; u.live() {
			some = append(some, u.bleve())
		}
	}
	if half := (len(p.loose) + 1) / 2; len(hits) < few && len(p.loose) > 1 && len(some) >= half {
		q := blevequery.NewDisjunctionQuery(some)
		q.SetMin(float64(half))
		partial, err := e.run(ctx, p, q, explain)
		if err != nil {
			return nil, err
		}
		add(partial, search.Partial)
	}
	for i := range hits {
		h := &hits[i]
		if dated := float64(e.meta.Dated); float64(h.doc) < dated {
			h.fresh = (dated - float64(h.doc)) / dated
		}
		h.final = h.score * (1 + nearWeight*(h.near+h.title) + freshWeight*h.fresh)
	}
	slices.SortFunc(hits, func(a, b hit) int {
		return cmp.Or(cmp.Compare(a.tier, b.tier), first(a.named, b.named), cmp.Compare(float32(b.final), float32(a.final)), cmp.Compare(a.doc, b.doc))
	})
	if p.begun != "" && !p.soft {
		err = e.prefer(p.begun, hits[:min(whole, begunHits)])
	}
	return hits, err
}

// all returns what has all units of the plan, by document number.
func (e *Engine) all(ctx context.Context, p *plan, explain bool) ([]hit, error) {
	var must []blevequery.Query
	for i := range p.units {
		u := &p.units[i]
		if !u.live() {
			return nil, nil
		}
		must = append(must, u.bleve())
	}
	if len(must) > 0 {
		return e.run(ctx, p, blevequery.NewConjunctionQuery(must), explain)
	}
	hits, err := e.run(ctx, p, blevequery.NewMatchAllQuery(), explain)
	for i := range hits { // bleve gives constants
		hits[i].score, hits[i].explanation = 0, nil
	}
	return hits, err
}

// full returns the hits that answer the whole query, with their tiers and nearness.
func (e *Engine) full(ctx context.Context, p *plan, explain bool) ([]hit, error) {
	hits, err := e.all(ctx, p, explain)
	if err != nil {
		return nil, err
	}
	tier := search.All
	if slices.ContainsFunc(p.units, func(u unit) bool { return u.typo }) {
		tier = search.Typo
	}
	var exact []uint32
	if p.key != "" {
		if exact, err = e.docs(segment.Exact, p.key); err != nil {
			return nil, err
		}
	}
	near, err := e.near(ctx, p, hits)
	if err != nil {
		return nil, err
	}
	titled, err := e.titled(ctx, p, hits)
	if err != nil {
		return nil, err
	}
	for i := range hits {
		h := &hits[i]
		h.tier, h.near, h.title = tier, near[i], titled[i]
		if _, ok := slices.BinarySearch(exact, h.doc); ok && len(p.units) > 0 {
			h.named = true
			if tier == search.All && len(p.taken) == 0 {
				h.tier = search.Exact
			}
		}
	}
	return hits, nil
}

// prefer puts those of the first hits before their like whose title or one of whose
// names has a word that begins so.
func (e *Engine) prefer(begun string, hits []hit) error {
	for i := range hits {
		r, err := e.segment.Record(int(hits[i].doc))
		if err != nil {
			return err
		}
		for _, name := range append([]string{r.Title}, r.Names...) {
			hits[i].begun = hits[i].begun || slices.ContainsFunc(e.analyzer.Index(name), func(t analysis.Token) bool {
				return strings.HasPrefix(t.Term, begun)
			})
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int {
		return cmp.Or(cmp.Compare(a.tier, b.tier), first(a.named, b.named), first(a.begun, b.begun))
	})
	return nil
}

// first compares so that what is true goes first.
func first(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

// run returns what a query finds within the plan's filters, by document number.
func (e *Engine) run(ctx context.Context, p *plan, q blevequery.Query, explain bool) ([]hit, error) {
	if p.filter != nil || len(p.without) > 0 {
		b := blevequery.NewBooleanQuery([]blevequery.Query{q}, nil, p.without)
		if p.filter != nil {
			b.AddFilter(p.filter)
		}
		q = b
	}
	ctx = context.WithValue(ctx, blevesearch.GetScoringModelCallbackKey,
		blevesearch.GetScoringModelCallbackFn(func() string { return bleveindex.BM25Scoring }))
	ctx = context.WithValue(ctx, blevesearch.BM25StatsKey, e.stats)
	s, err := q.Searcher(ctx, e.index, nil, blevesearch.SearcherOptions{Explain: explain})
	if err != nil {
		return nil, err
	}
	defer s.Close()
	sc := &blevesearch.SearchContext{
		DocumentMatchPool: blevesearch.NewDocumentMatchPool(s.DocumentMatchPoolSize()+1, 0),
		IndexReader:       e.index,
	}
	var hits []hit
	for {
		m, err := s.Next(sc)
		if err == nil && len(hits)%checkEvery == 0 {
			err = ctx.Err()
		}
		if err != nil {
			return nil, err
		}
		if m == nil {
			return hits, ctx.Err() // filters keep errors to themselves
		}
		if math.IsNaN(m.Score) || math.IsInf(m.Score, 0) {
			return nil, fmt.Errorf("%w: score of document %d is %v", segment.ErrCorrupt, m.IndexInternalID.Value(), m.Score)
		}
		hits = append(hits, hit{doc: uint32(m.IndexInternalID.Value()), score: m.Score, explanation: m.Expl})
		sc.DocumentMatchPool.Put(m)
	}
}
