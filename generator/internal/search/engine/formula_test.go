package engine_test

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"vigie/generator/internal/search"
	"vigie/generator/internal/search/analysis"
	"vigie/generator/internal/search/engine"
	"vigie/generator/internal/search/index"
	"vigie/generator/internal/search/segment"
)

// model computes the formula of the package comment from the postings, as simply
// as it is written there and without bleve, for words that are in the dictionary.
type model struct {
	meta  segment.Meta
	terms map[string][segment.TextFields]map[int]segment.Posting
}

var boosts = []float64{6, 6, 2.5, 2, 1, 1}

func newModel(t *testing.T, s *segment.Segment) *model {
	m := &model{s.Meta(), make(map[string][segment.TextFields]map[int]segment.Posting)}
	for term, err := range s.Terms("", "") {
		if err != nil {
			t.Fatal(err)
		}
		if term.Total() == 0 {
			continue
		}
		var fields [segment.TextFields]map[int]segment.Posting
		for f := range segment.TextFields {
			p, err := s.Postings(f, term.Text, true)
			if err != nil {
				t.Fatal(err)
			}
			fields[f] = make(map[int]segment.Posting)
			for {
				at, ok, err := p.Next()
				if err != nil {
					t.Fatal(err)
				}
				if !ok {
					break
				}
				at.Positions = slices.Clone(at.Positions)
				fields[f][int(at.Doc)] = at
			}
		}
		m.terms[term.Text] = fields
	}
	return m
}

type factored struct {
	term   string
	factor float64
}

// expand returns the exact term and, for a beginning, the completions.
func (m *model) expand(term, beginning string) []factored {
	var list []factored
	if _, ok := m.terms[term]; ok {
		list = append(list, factored{term, 1})
	}
	if len([]rune(beginning)) < 3 {
		return list
	}
	frequency := func(term string) (n int) {
		for _, postings := range m.terms[term] {
			n += len(postings)
		}
		return n
	}
	var more []string
	for other := range m.terms {
		if strings.HasPrefix(other, beginning) && other != term {
			more = append(more, other)
		}
	}
	slices.SortFunc(more, func(a, b string) int { return cmp.Or(frequency(b)-frequency(a), cmp.Compare(a, b)) })
	for _, other := range more[:min(12, len(more))] {
		list = append(list, factored{other, 0.4})
	}
	return list
}

func (m *model) idf(f int, term string) float64 {
	df := float64(len(m.terms[term][f]))
	return math.Log(1 + (float64(m.meta.Documents)-df+0.5)/(df+0.5))
}

func (m *model) score(f int, x factored, p segment.Posting, queryNorm float64) float64 {
	idf := m.idf(f, x.term)
	avg := math.Ceil(float64(m.meta.Totals[segment.Field(f).String()]) / float64(m.meta.Documents))
	norm := float64(float32(1 / math.Sqrt(float64(p.Length))))
	length := 1 / (norm * norm)
	tf := math.Sqrt(float64(p.Frequency))
	return idf * (tf * 1.2) / (tf + 1.2*(1-0.75+0.75*length/avg)) * (boosts[f] * x.factor * idf * queryNorm)
}

// words returns the documents that match all units, in order, with their scores.
func (m *model) words(unitsOf [][]factored) (order []int, finals map[int]float64) {
	weights := 0.0
	for _, unit := range unitsOf {
		for _, x := range unit {
			for f := range m.terms[x.term] {
				if len(m.terms[x.term][f]) > 0 {
					w := boosts[f] * x.factor * m.idf(f, x.term)
					weights += w * w
				}
			}
		}
	}
	queryNorm := 1 / math.Sqrt(weights)
	finals = make(map[int]float64)
	for doc := range m.meta.Documents {
		sum, matched := 0.0, 0
		for _, unit := range unitsOf {
			best := 0.0
			for _, x := range unit {
				fields := 0.0
				for f, postings := range m.terms[x.term] {
					if p, ok := postings[doc]; ok {
						fields += m.score(f, x, p, queryNorm)
					}
				}
				best = max(best, fields)
			}
			if best > 0 {
				matched++
			}
			sum += best
		}
		if matched < len(unitsOf) {
			continue
		}
		fresh := 0.0
		if doc < m.meta.Dated {
			fresh = float64(m.meta.Dated-doc) / float64(m.meta.Dated)
		}
		finals[doc] = sum * (1 + 0.5*(m.near(unitsOf, doc)+m.title(unitsOf, doc)) + 0.1*fresh)
	}
	order = slices.SortedFunc(maps.Keys(finals), func(a, b int) int {
		return cmp.Or(cmp.Compare(float32(finals[b]), float32(finals[a])), cmp.Compare(a, b))
	})
	return order, finals
}

func (m *model) title(unitsOf [][]factored, doc int) float64 {
	if len(unitsOf) < 2 {
		return 0
	}
	for _, unit := range unitsOf {
		if !slices.ContainsFunc(unit, func(x factored) bool {
			_, title := m.terms[x.term][segment.Title][doc]
			_, name := m.terms[x.term][segment.Names][doc]
			return title || name
		}) {
			return 0
		}
	}
	return 1
}

func (m *model) near(unitsOf [][]factored, doc int) float64 {
	best := 0.0
	if len(unitsOf) < 2 {
		return 0
	}
	for f := range segment.TextFields {
		counts := make(map[int]map[int]bool) // units by block
		for u, unit := range unitsOf {
			for _, x := range unit {
				postings := m.terms[x.term][f]
				if segment.Field(f) == segment.Body && len(postings) > max(128, m.meta.Documents/4) {
					continue
				}
				for _, at := range postings[doc].Positions {
					block := int(at) / 16
					if counts[block] == nil {
						counts[block] = make(map[int]bool)
					}
					counts[block][u] = true
				}
			}
		}
		for block, have := range counts {
			both := maps.Clone(have)
			maps.Copy(both, counts[block+1])
			switch len(unitsOf) {
			case len(have):
				best = 1
			case len(both):
				best = max(best, 0.5)
			}
		}
	}
	return best
}

// vocabulary is what the generated documents are written with.
var vocabulary = strings.Fields("nuage nuages donnée service fournisseur référentiel qualification qualité sécurité état marché client contrat " +
	"contraire contrôle loi région réseau stockage sous-traitant SecNumCloud S3NS jalon J0 audit auditeur souverain souveraineté confiance 2024/1689")

// site returns n documents whose words are drawn so that many are frequent and near
// each other.
func site(random *rand.Rand, n int) []search.Document {
	text := func(n int) string {
		list := make([]string, n)
		for i := range list {
			u := random.Float64()
			list[i] = vocabulary[int(u*u*float64(len(vocabulary)))]
		}
		return strings.Join(list, " ")
	}
	docs := make([]search.Document, n)
	for i := range docs {
		d := search.Document{ID: fmt.Sprintf("/%05d/", i), Lang: "fr", Title: text(1 + random.IntN(4)), Summary: text(random.IntN(20)), Entities: []string{text(1)}}
		if i%3 > 0 {
			d.Date = time.Date(2020, 1, 1+i/2, 0, 0, 0, 0, time.UTC)
		}
		if i%9 == 0 {
			d.Names = []string{text(2), text(1)}
		}
		for s := range random.IntN(4) {
			d.Body = append(d.Body, search.Section{Heading: text(2), Anchor: fmt.Sprint(s), Text: text(random.IntN(90))})
		}
		docs[i] = d
	}
	return docs
}

// BenchmarkSearch asks 10,000 documents for words that most of them have.
func BenchmarkSearch(b *testing.B) {
	file, err := index.Build(b.Context(), "fr", site(rand.New(rand.NewPCG(7, 7)), 10000), index.Options{})
	if err != nil {
		b.Fatal(err)
	}
	e, err := engine.Open(file)
	if err != nil {
		b.Fatal(err)
	}
	for _, q := range []string{"nuage ", "nuage service ", "serv", "nuage service fournisseur référentiel ", `"nuage service"`, "nuaje ", "kind:x"} {
		b.Run(q, func(b *testing.B) {
			for b.Loop() {
				find(b, e, search.Request{Query: q})
			}
		})
	}
}

// TestFormula compares the engine's order and scores with the model's.
func TestFormula(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 7))
	docs := site(random, 250)
	file, err := index.Build(t.Context(), "fr", docs, index.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s, err := segment.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	e, err := engine.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	m, analyzer := newModel(t, s), analysis.For("fr")
	compared := 0
	for n := range 70 {
		var words []string
		for range 1 + random.IntN(4) {
			words = append(words, vocabulary[random.IntN(len(vocabulary))])
		}
		slices.Sort(words)
		words = slices.Compact(words)
		q := strings.Join(words, " ")
		if n%2 == 0 {
			q += " "
		} else if runes := []rune(q); n%4 == 1 && len(runes) > 8 && !strings.ContainsAny(string(runes[len(runes)-5:]), " 0123456789") {
			q = string(runes[:len(runes)-2])
		}
		var unitsOf [][]factored
		known, seen := true, make(map[string]bool)
		tokens := analyzer.Query(q)
		for i, token := range tokens {
			beginning := ""
			if i == len(tokens)-1 && !strings.HasSuffix(q, " ") {
				prefix := analyzer.Prefix(q)
				beginning = prefix[len(prefix)-1].Term
			}
			if seen[token.Term] {
				continue
			}
			seen[token.Term] = true
			unit := m.expand(token.Term, beginning)
			known = known && len(unit) > 0
			unitsOf = append(unitsOf, unit)
		}
		if !known {
			continue
		}
		order, finals := m.words(unitsOf)
		r := find(t, e, search.Request{Query: q, Limit: 100})
		if r.Total != len(order) {
			t.Fatalf("query %q: %d found, want %d", q, r.Total, len(order))
		}
		// Exact hits go first: they are compared by score, the others by order, too.
		rest := slices.Clone(order)
		for _, h := range r.Hits {
			if h.Tier == search.Partial {
				break
			}
			number := slices.IndexFunc(rest, func(doc int) bool { id, _ := s.ID(doc); return id == h.ID })
			if number < 0 {
				t.Fatalf("query %q: %s is found, but does not match", q, h.ID)
			}
			if want := finals[rest[number]]; math.Abs(h.Score-want) > 1e-9*want {
				t.Errorf("query %q: score of %s is %.12g, want %.12g", q, h.ID, h.Score, want)
			}
			if number > 0 && h.Tier != search.Exact {
				t.Errorf("query %q: %s stands %d places too early", q, h.ID, number)
			}
			rest = slices.Delete(rest, number, number+1)
			compared++
		}
	}
	if compared < 1500 {
		t.Errorf("only %d hits were compared", compared)
	}
}
