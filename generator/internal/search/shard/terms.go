package shard

import (
	"unicode/utf8"

	"vigie/generator/internal/search/segment"
)

const (
	blockSize = 16 // positions in a block, as search/engine counts

	bitKeys    = 1 << 6
	bitKeyword = 1 << 7

	maxTerms  = 1 << 16 // in a shard
	maxSize   = 8 << 20 // bytes that a shard is aimed at
	smallSite = 200     // files that nobody minds

	// Files of positions are larger than those of terms: few queries have phrases.
	positionsPerTerms = 2
)

// term is an entry of a file of terms and what the other files hold of it.
type term struct {
	text      string
	bits      byte
	counts    []int // of documents, as the entry writes them
	data      writer
	keys      writer // each key of the list
	keyCount  int
	positions []byte
	frequency int
}

// terms reads the postings of all entries and writes the files of terms, of positions and
// the lexicon.
func (p *projection) terms(entries []segment.Entry) error {
	list, err := p.read(entries)
	if err != nil {
		return err
	}
	tags, err := p.tags()
	if err != nil {
		return err
	}
	// A tag sorts before all words, which begin with a letter or a number.
	p.lexicon(list)
	p.pack(append(tags, list...))
	return nil
}

// tags returns the keywords.
func (p *projection) tags() ([]term, error) {
	r := p.termReader()
	var list []term
	for t, err := range p.segment.Terms("", "", segment.Tags) {
		if err != nil {
			return nil, err
		}
		o, err := r.read(segment.Tags, t.Text)
		if err != nil {
			return nil, err
		}
		entry := term{text: "#" + t.Text, bits: bitKeyword, counts: []int{len(o.docs)}}
		entry.data.docs(o.docs, p.meta.Documents)
		list = append(list, entry)
	}
	return list, nil
}

// pack writes the files of terms and of positions: as many terms as fit, and a term
// that would fill a file by itself alone, so that its neighbours do not weigh on it
// nor it on them.
func (p *projection) pack(list []term) {
	for i := range list {
		if t := &list[i]; t.keyCount > 0 {
			t.data.number(t.keyCount)
			t.data = append(t.data, t.keys...)
		}
	}
	// On a large site, all files but those of literal words are at most a tenth of the
	// pages: with the manifest and the kinds, which are still to come.
	limit := max(smallSite, p.meta.Documents/10) - len(p.shards) - 2
	size := p.options.ShardSize
	var ranges [][]term
	for ; ; size += size / 16 {
		ranges = split(list, size)
		p.covered = cover(ranges, positionsPerTerms*size)
		if len(ranges)+len(p.covered) <= limit || size >= maxSize {
			break
		}
	}
	for i, terms := range ranges {
		p.firsts = append(p.firsts, terms[0].text)
		p.writeTerms(i, terms)
	}
	if len(p.firsts) > 0 {
		p.firsts[0] = ""
	}
	for i, n := range p.covered {
		p.writePositions(i, ranges[:n])
		ranges = ranges[n:]
	}
}

// split parts the terms into ranges whose files are of about a size.
func split(list []term, size int) [][]term {
	var ranges [][]term
	from, filled := 0, 0
	for i := range list {
		n := len(list[i].data) + len(list[i].text)/2 + 4
		if i > from && (filled+n > size || i-from == maxTerms) {
			ranges = append(ranges, list[from:i])
			from, filled = i, 0
		}
		filled += n
	}
	if from < len(list) {
		ranges = append(ranges, list[from:])
	}
	return ranges
}

// cover returns how many successive ranges each file of positions covers, so that it
// is of about a size.
func cover(ranges [][]term, size int) []int {
	var covered []int
	filled := 0
	for _, terms := range ranges {
		n := 0
		for _, t := range terms {
			n += len(t.positions)
		}
		if len(covered) == 0 || filled+n > size {
			covered = append(covered, 0)
			filled = 0
		}
		covered[len(covered)-1]++
		filled += n
	}
	return covered
}

// writeTerms adds the file of a range of terms.
func (p *projection) writeTerms(number int, list []term) {
	var w writer
	w.number(len(list))
	before := ""
	for _, t := range list {
		w.term(before, t.text)
		before = t.text
		w = append(w, t.bits)
		for _, n := range t.counts {
			w.number(n)
		}
		w.number(len(t.data))
	}
	for _, t := range list {
		w = append(w, t.data...)
	}
	p.add('t', number, w)
}

// writePositions adds the file of positions of some ranges of terms.
func (p *projection) writePositions(number int, ranges [][]term) {
	var w writer
	for _, list := range ranges {
		var part writer
		for _, t := range list {
			part.number(len(t.positions))
			part = append(part, t.positions...)
		}
		w.number(len(part))
		w = append(w, part...)
	}
	p.add('p', number, w)
}

const lexiconSize = 8 << 10 // bytes of a lexicon file, at least, but for the last

// lexicon writes the terms of the text fields by their first characters.
func (p *projection) lexicon(list []term) {
	for from := 0; from < len(list); {
		var w writer
		var first rune
		before, to := "", from
		for ; to < len(list); to++ {
			r, _ := utf8.DecodeRuneInString(list[to].text)
			if r != first && len(w) >= lexiconSize {
				break
			}
			first = r
			w.term(before, list[to].text)
			w.number(list[to].frequency)
			before = list[to].text
		}
		var body writer
		body.number(to - from)
		start, _ := utf8.DecodeRuneInString(list[from].text)
		p.add('l', len(p.lexicons), append(body, w...))
		p.lexicons = append(p.lexicons, string(start))
		from = to
	}
	if len(p.lexicons) > 0 {
		p.lexicons[0] = ""
	}
}
