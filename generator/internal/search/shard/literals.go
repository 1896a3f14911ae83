package shard

import (
	"maps"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"vigie/generator/internal/search/analysis"
	"vigie/generator/internal/search/segment"
)

const (
	literalSize = 8 << 10 // bytes of a file of literal words, about

	// On a large site, files of literal words are at most one for so many pages.
	pagesPerLiteral = 20
	smallLiterals   = 100 // files that nobody minds
)

// places is where a literal word stands: packed lists, and how long they are.
type places struct {
	docs      []uint32
	counts    []uint32 // occurrences in each document, than one
	positions []uint32 // of all documents, each as its distance to the one before
}

// literals adds the files of literal words and that which lists them. The records say
// where each word stands: positions count the words of a document's parts, between two of
// which there is a gap.
func (p *projection) literals() error {
	const chunk = 256 // documents that a goroutine reads before it takes the next
	n := p.meta.Documents
	parts := make([]map[string]*places, (n+chunk-1)/chunk)
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i := range parts {
		group.Go(func() error {
			return segment.Guard(func() error {
				words := make(map[string]*places)
				for d := i * chunk; d < min(n, (i+1)*chunk); d++ {
					r, err := p.segment.Record(d)
					if err != nil {
						return err
					}
					addLiterals(words, uint32(d), r)
				}
				parts[i] = words
				return nil
			})
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	words := make(map[string]*places)
	for _, part := range parts { // by ascending document
		for word, more := range part {
			at := words[word]
			if at == nil {
				words[word] = more
				continue
			}
			at.docs = append(at.docs, more.docs...)
			at.counts = append(at.counts, more.counts...)
			at.positions = append(at.positions, more.positions...)
		}
	}
	list := make([]literal, 0, len(words))
	for _, word := range slices.Sorted(maps.Keys(words)) {
		at := words[word]
		l := literal{text: word, count: len(at.docs)}
		l.data.docs(at.docs, n)
		l.data.packed(at.counts)
		l.data.packed(at.positions)
		list = append(list, l)
	}
	p.packLiterals(list)
	return nil
}

// addLiterals adds the words of a document.
func addLiterals(words map[string]*places, doc uint32, r segment.Record) {
	last := make(map[string]uint32)
	base := uint32(0)
	for part := range r.Parts() {
		end := base
		for _, t := range analysis.Literal(part) {
			at := words[t.Term]
			if at == nil {
				at = new(places)
				words[t.Term] = at
			}
			if n := len(at.docs); n == 0 || at.docs[n-1] != doc {
				at.docs = append(at.docs, doc)
				at.counts = append(at.counts, 0)
			} else {
				at.counts[n-1]++
			}
			end = base + uint32(t.Position)
			at.positions = append(at.positions, end-last[t.Term])
			last[t.Term] = end
		}
		if end > base {
			base = end + 1 // no phrase goes over it
		}
	}
}

// literal is an entry of a file of literal words.
type literal struct {
	text  string
	count int // of documents
	data  writer
}

// packLiterals adds the files of literal words, and the list of the first word of each.
// A word that would fill a file has one of its own.
func (p *projection) packLiterals(list []literal) {
	if len(list) == 0 {
		return
	}
	limit := max(smallLiterals, p.meta.Documents/pagesPerLiteral)
	var ranges [][]literal
	for size := min(literalSize, p.options.ShardSize); ; size += size / 16 {
		ranges = splitLiterals(list, size)
		if len(ranges) <= limit || size >= maxSize {
			break
		}
	}
	var index writer
	index.number(len(ranges))
	first := ""
	for i, words := range ranges {
		next := words[0].text
		if i == 0 {
			next = ""
		}
		index.term(first, next)
		first = next
		p.writeLiterals(i, words)
	}
	p.add('x', 0, index)
}

// splitLiterals parts the words into ranges whose files are of about a size.
func splitLiterals(list []literal, size int) [][]literal {
	var ranges [][]literal
	from, filled := 0, 0
	for i := range list {
		n := len(list[i].data) + len(list[i].text)/2 + 4
		if i > from && (filled+n > size || i-from == maxTerms) {
			ranges = append(ranges, list[from:i])
			from, filled = i, 0
		}
		filled += n
	}
	return append(ranges, list[from:])
}

// writeLiterals adds a file of literal words.
func (p *projection) writeLiterals(number int, list []literal) {
	var w writer
	w.number(len(list))
	before := ""
	for _, l := range list {
		w.term(before, l.text)
		before = l.text
		w.number(l.count)
		w.number(len(l.data))
	}
	for _, l := range list {
		w = append(w, l.data...)
	}
	p.add('w', number, w)
}
