package index

import (
	bleveindex "github.com/blevesearch/bleve_index_api"

	"vigie/generator/internal/search"
	"vigie/generator/internal/search/analysis"
	"vigie/generator/internal/search/segment"
)

// document is an analysed document as zapx takes it. Every document has every
// field, even empty: batches of the same fields are merged by copying.
type document struct {
	id     string
	hash   uint64 // of the id
	fields []field
	counts counts
}

// field is an analysed field; it implements bleve's index.Field.
type field struct {
	name    string
	options bleveindex.FieldIndexingOptions
	value   []byte
	length  int
	terms   bleveindex.TokenFrequencies
}

var (
	_ bleveindex.Document = (*document)(nil)
	_ bleveindex.Field    = (*field)(nil)
)

// What zapx does not ask of documents that are analysed returns zeros.

func (d *document) ID() string                                      { return d.id }
func (d *document) Size() int                                       { return 0 }
func (d *document) HasComposite() bool                              { return false }
func (d *document) VisitComposite(bleveindex.CompositeFieldVisitor) {}
func (d *document) NumPlainTextBytes() uint64                       { return 0 }
func (d *document) AddIDField()                                     {}
func (d *document) StoredFieldsBytes() uint64                       { return 0 }
func (d *document) Indexed() bool                                   { return true }

func (d *document) VisitFields(visit bleveindex.FieldVisitor) {
	for i := range d.fields {
		visit(&d.fields[i])
	}
}

func (f *field) Name() string                                          { return f.name }
func (f *field) Value() []byte                                         { return f.value }
func (f *field) ArrayPositions() []uint64                              { return nil }
func (f *field) EncodedFieldType() byte                                { return 't' }
func (f *field) Analyze()                                              {}
func (f *field) Options() bleveindex.FieldIndexingOptions              { return f.options }
func (f *field) AnalyzedLength() int                                   { return f.length }
func (f *field) AnalyzedTokenFrequencies() bleveindex.TokenFrequencies { return f.terms }
func (f *field) NumPlainTextBytes() uint64                             { return 0 }

// analyse returns the document with its texts as terms.
func analyse(cache *analysis.Cache, analyzer *analysis.Analyzer, d *search.Document) *document {
	out := &document{id: d.ID, hash: hash(d.ID), fields: make([]field, 0, segment.Fields+2)}
	out.fields = append(out.fields, keywords(segment.IDField, bleveindex.IndexField|bleveindex.StoreField, d.ID))
	out.fields[0].value = []byte(d.ID)

	headings, body := make([]string, len(d.Body)), make([]string, len(d.Body))
	for i, s := range d.Body {
		headings[i], body[i] = s.Heading, s.Text
	}
	out.text(cache, segment.Title, d.Title)
	out.text(cache, segment.Names, d.Names...)
	out.text(cache, segment.Headings, headings...)
	out.text(cache, segment.Summary, d.Summary)
	out.text(cache, segment.Entities, d.Entities...)
	out.text(cache, segment.Body, body...)

	out.keywords(segment.Kind, d.Kind)
	out.keywords(segment.Tags, d.Tags...)
	out.keywords(segment.Year, year(d))
	out.keywords(segment.Exact, keys(analyzer, d)...)
	out.literal(analyzer, d)

	out.fields = append(out.fields, field{
		name:    segment.StoredField,
		options: bleveindex.StoreField,
		value:   record(d).Encode(nil),
	})
	return out
}

// record returns what the index stores of a document.
func record(d *search.Document) segment.Record {
	return segment.Record{
		ID: d.ID, Kind: d.Kind, Title: d.Title, Names: d.Names, Summary: d.Summary,
		Tags: d.Tags, Date: d.Date, Body: d.Body,
	}
}

// keys returns what the title and the names are found under as a whole, compounds
// also written apart.
func keys(analyzer *analysis.Analyzer, d *search.Document) []string {
	list := make([]string, 0, 2+2*len(d.Names))
	for i := -1; i < len(d.Names); i++ {
		name := d.Title
		if i >= 0 {
			name = d.Names[i]
		}
		for _, tokens := range [][]analysis.Token{analyzer.Query(name), analyzer.Parts(name)} {
			terms := make([]string, len(tokens))
			for i, t := range tokens {
				terms[i] = t.Term
			}
			list = append(list, segment.Key(terms))
		}
	}
	return list
}

// literal adds the words of a document that a phrase may have and no term says: those
// that are written otherwise than the terms of its texts, stop words aside, which are
// everywhere.
func (d *document) literal(analyzer *analysis.Analyzer, of *search.Document) {
	// The fields so far, but for the id.
	texts := d.fields[1 : 1+segment.TextFields]
	terms := make(bleveindex.TokenFrequencies)
	for part := range record(of).Parts() {
	words:
		for _, t := range analysis.Literal(part) {
			if _, ok := terms[t.Term]; ok || analyzer.IsStop(t.Term) {
				continue
			}
			for i := range texts {
				if _, ok := texts[i].terms[t.Term]; ok {
					continue words
				}
			}
			terms[t.Term] = once
			d.counts.sums[segment.Literal] += posting(hash(t.Term), d.hash, 1, 1)
		}
	}
	d.fields = append(d.fields, field{name: segment.Literal.String(), options: bleveindex.IndexField, length: 1, terms: terms})
}

// once is the frequency of whole values.
var once = func() *bleveindex.TokenFreq {
	f := new(bleveindex.TokenFreq)
	f.SetFrequency(1)
	return f
}()

// text adds a text field of several parts, whose positions are a gap apart.
func (d *document) text(cache *analysis.Cache, f segment.Field, parts ...string) {
	count, base := 0, 0
	cut := make([][]analysis.Token, len(parts))
	for i, part := range parts {
		cut[i] = cache.Index(part)
		count += len(cut[i])
	}
	// Terms and locations come from one slice each: single ones would be most of
	// what a build allocates.
	number := make(map[string]int32, count) // of a term, from 0
	sizes := make([]int32, 0, count)
	of := make([]int32, 0, count)
	for _, tokens := range cut {
		for _, t := range tokens {
			n, ok := number[t.Term]
			if !ok {
				n = int32(len(sizes))
				number[t.Term] = n
				sizes = append(sizes, 0)
			}
			sizes[n]++
			of = append(of, n)
		}
	}
	frequencies := make([]bleveindex.TokenFreq, len(sizes))
	locations, pointers := make([]bleveindex.TokenLocation, count), make([]*bleveindex.TokenLocation, count)
	for n, size := range sizes {
		frequencies[n].SetFrequency(int(size))
		frequencies[n].Locations, pointers = pointers[:0:size], pointers[size:]
	}
	places := make([]uint64, len(sizes)) // of each term, as its posting is counted
	i := 0
	for _, tokens := range cut {
		last := base
		for _, t := range tokens {
			last = max(last, base+t.Position)
			locations[i].Position = base + t.Position
			at := &frequencies[of[i]]
			at.Locations = append(at.Locations, &locations[i])
			places[of[i]] = place(places[of[i]], uint32(base+t.Position))
			i++
		}
		if len(tokens) > 0 {
			base = last + segment.Gap
		}
	}
	length := count
	if f == segment.Headings {
		length = mean(cut)
	}
	terms := make(bleveindex.TokenFrequencies, len(sizes))
	for term, n := range number {
		terms[term] = &frequencies[n]
		p := posting(hash(term), d.hash, uint32(segment.Length(length)), uint32(sizes[n]))
		d.counts.sums[f] += p
		d.counts.places[f] += placed(p, places[n])
	}
	d.counts.tokens[f] = count
	d.fields = append(d.fields, field{
		name:    f.String(),
		options: bleveindex.IndexField | bleveindex.IncludeTermVectors,
		length:  segment.Length(length),
		terms:   terms,
	})
}

// mean returns how many tokens the parts that have some have on average, rounded up.
func mean(parts [][]analysis.Token) int {
	sum, n := 0, 0
	for _, tokens := range parts {
		if len(tokens) > 0 {
			sum += len(tokens)
			n++
		}
	}
	return (sum + max(n, 1) - 1) / max(n, 1)
}

// keywords adds a field of whole values.
func (d *document) keywords(f segment.Field, values ...string) {
	added := keywords(f.String(), bleveindex.IndexField, values...)
	for term := range added.terms {
		d.counts.sums[f] += posting(hash(term), d.hash, 1, 1)
	}
	d.fields = append(d.fields, added)
}

// keywords returns a field of whole values; empty ones count as none.
func keywords(name string, options bleveindex.FieldIndexingOptions, values ...string) field {
	terms := make(bleveindex.TokenFrequencies, len(values))
	for _, v := range values {
		if v != "" {
			frequency := new(bleveindex.TokenFreq)
			frequency.SetFrequency(1)
			terms[v] = frequency
		}
	}
	return field{name: name, options: options, length: 1, terms: terms}
}
