package shard

import (
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
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
)

// term is an entry of a file of terms and what the other files hold of it.
type term struct {
	text      string
	bits      byte
	counts    []int // of documents, as the entry writes them
	data      writer
	keys      writer // each key of the list
	keyCount  int
	blocks    []byte // nil if all are in data
	positions []byte
	frequency int
}

// terms reads the dictionaries and writes the files of terms, blocks, positions and
// the lexicon.
func (p *projection) terms() error {
	var list []term
	for t, err := range p.segment.Terms("", "") {
		if err != nil {
			return err
		}
		// A key stands directly after its first term, which is a word of the title or
		// name. Kinds and years are in the manifest.
		if n := t.Count[segment.Exact]; n > 0 {
			if list, err = p.key(list, t.Text); err != nil {
				return err
			}
		}
		if t.Total() > 0 {
			if list, err = p.word(list, t); err != nil {
				return err
			}
		}
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

// occurrences are the postings of a term in a field.
type occurrences struct {
	docs        []uint32
	frequencies []uint32
	lengths     []byte
	positions   [][]uint32
}

func (p *projection) occurrences(f segment.Field, text string) (occurrences, error) {
	var o occurrences
	postings, err := p.segment.Postings(f, text, f < segment.TextFields)
	if err != nil {
		return o, err
	}
	for {
		at, ok, err := postings.Next()
		if err != nil || !ok {
			return o, err
		}
		o.docs = append(o.docs, at.Doc)
		o.frequencies = append(o.frequencies, at.Frequency)
		o.lengths = append(o.lengths, lengthCode(at.Length))
		o.positions = append(o.positions, append([]uint32(nil), at.Positions...))
	}
}

// word appends a term of the text fields.
func (p *projection) word(list []term, from segment.Term) ([]term, error) {
	entry := term{text: from.Text, frequency: from.Total()}
	var fields [segment.TextFields]occurrences
	short := make(map[uint32]bool) // documents that have the term beside the body
	for f := range segment.TextFields {
		if from.Count[f] == 0 {
			continue
		}
		o, err := p.occurrences(f, from.Text)
		if err != nil {
			return nil, err
		}
		fields[f] = o
		if f != segment.Body {
			for _, d := range o.docs {
				short[d] = true
			}
		}
	}
	var data, blocks, left, positions writer
	for f, o := range fields {
		if len(o.docs) == 0 {
			continue
		}
		entry.bits |= 1 << f
		count := 2 * len(o.docs)
		data.docs(o.docs, p.meta.Documents)
		for _, n := range o.frequencies {
			data.number(int(n))
		}
		data = append(data, o.lengths...)
		if o.hasBlocks() {
			count++
			parted := segment.Field(f) == segment.Body && len(o.docs) > p.many()
			for i, d := range o.docs {
				if parted && !short[d] {
					left.ascending(blocksOf(o.positions[i]))
				} else {
					blocks.ascending(blocksOf(o.positions[i]))
				}
			}
		}
		entry.counts = append(entry.counts, count)
		if segment.Field(f) != segment.Entities {
			for _, at := range o.positions {
				for _, n := range at {
					positions = append(positions, byte(n%blockSize))
				}
			}
		}
	}
	entry.data = append(data, blocks...)
	entry.blocks = left
	entry.positions = halves(positions)
	if n := len(list); n > 0 && list[n-1].text == entry.text {
		return nil, fmt.Errorf("%w: term %q stands twice", segment.ErrCorrupt, entry.text)
	}
	return append(list, entry), nil
}

// many is the number of documents from which a term's blocks are parted.
func (p *projection) many() int { return max(128, p.meta.Documents/16) }

// halves packs numbers below 16, two in a byte.
func halves(list []byte) []byte {
	packed := make([]byte, (len(list)+1)/2)
	for i, n := range list {
		packed[i/2] |= n << (4 * (i & 1))
	}
	return packed
}

// hasBlocks reports whether a position is beyond the first block.
func (o occurrences) hasBlocks() bool {
	for _, at := range o.positions {
		if n := len(at); n > 0 && at[n-1] >= blockSize {
			return true
		}
	}
	return false
}

func blocksOf(positions []uint32) []uint32 {
	blocks := make([]uint32, len(positions))
	for i, at := range positions {
		blocks[i] = at / blockSize
	}
	return blocks
}

// key adds the key of a title or name to its first term.
func (p *projection) key(list []term, key string) ([]term, error) {
	first, digits, _ := strings.Cut(key, " ")
	sum, err := hex.DecodeString(digits)
	if err != nil || len(sum) != 4 {
		return nil, fmt.Errorf("%w: key %q", segment.ErrCorrupt, key)
	}
	o, err := p.occurrences(segment.Exact, key)
	if err != nil {
		return nil, err
	}
	i := len(list) - 1
	if i < 0 || list[i].text != first {
		return nil, fmt.Errorf("%w: key %q without its first term", segment.ErrCorrupt, key)
	}
	list[i].bits |= bitKeys
	list[i].keyCount++
	keys := &list[i].keys
	*keys = append(*keys, sum...)
	keys.number(len(o.docs))
	keys.docs(o.docs, p.meta.Documents)
	return list, nil
}

// tags returns the keywords.
func (p *projection) tags() ([]term, error) {
	var list []term
	for t, err := range p.segment.Terms("", "", segment.Tags) {
		if err != nil {
			return nil, err
		}
		o, err := p.occurrences(segment.Tags, t.Text)
		if err != nil {
			return nil, err
		}
		entry := term{text: "#" + t.Text, bits: bitKeyword, counts: []int{len(o.docs)}}
		entry.data.docs(o.docs, p.meta.Documents)
		list = append(list, entry)
	}
	return list, nil
}

// pack writes the files of terms: as many terms as fit, and a term that would fill a
// file by itself alone, so that its neighbours do not weigh on it nor it on them.
func (p *projection) pack(list []term) {
	for i := range list {
		if t := &list[i]; t.keyCount > 0 {
			t.data.number(t.keyCount)
			t.data = append(t.data, t.keys...)
		}
	}
	// On a large site, all files together are at most a tenth of the pages: with the
	// manifest and the kinds, which are still to come.
	limit := max(smallSite, p.meta.Documents/10) - len(p.shards) - 2
	size := p.options.ShardSize
	ranges := split(list, size)
	for fileCount(ranges) > limit && size < maxSize {
		size += size / 8
		ranges = split(list, size)
	}
	for i, terms := range ranges {
		p.firsts = append(p.firsts, terms[0].text)
		p.write(i, terms)
	}
	if len(p.firsts) > 0 {
		p.firsts[0] = ""
	}
}

// fileCount returns how many files hold the terms, their positions and blocks.
func fileCount(ranges [][]term) int {
	n := 2 * len(ranges)
	for _, terms := range ranges {
		if slices.ContainsFunc(terms, func(t term) bool { return len(t.blocks) > 0 }) {
			n++
		}
	}
	return n
}

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

// write adds the files of a range of terms.
func (p *projection) write(number int, list []term) {
	var terms, blocks, positions writer
	terms.number(len(list))
	before := ""
	for _, t := range list {
		terms.term(before, t.text)
		before = t.text
		terms = append(terms, t.bits)
		for _, n := range t.counts {
			terms.number(n)
		}
		terms.number(len(t.data))
		positions.number(len(t.positions))
		positions = append(positions, t.positions...)
		if len(t.blocks) > 0 {
			blocks.number(len(t.blocks))
			blocks = append(blocks, t.blocks...)
		}
	}
	for _, t := range list {
		terms = append(terms, t.data...)
	}
	p.add('t', number, terms)
	p.add('p', number, positions)
	if len(blocks) > 0 {
		p.add('n', number, blocks)
	}
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
