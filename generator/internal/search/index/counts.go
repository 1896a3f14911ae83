package index

import "vigie/generator/internal/search/segment"

// counts say what the postings of some documents are, as far as that can be compared
// after they were written: they do not depend on the order of documents and terms, and
// those of two sets of documents can be added.
type counts struct {
	tokens [segment.TextFields]int    // occurrences by field
	sums   [segment.Fields]uint64     // of what posting gives for each posting, by field
	places [segment.TextFields]uint64 // of what placed gives, by field
}

func (c *counts) add(more counts) {
	for f, n := range more.tokens {
		c.tokens[f] += n
	}
	for f, n := range more.sums {
		c.sums[f] += n
	}
	for f, n := range more.places {
		c.places[f] += n
	}
}

// posting returns a number for a term, given by its hash, in a document, given by the
// hash of its id, in a field of a length. With another term, document, frequency or
// length it is another.
func posting(term, doc uint64, length, frequency uint32) uint64 {
	return mix(mix(term+mix(doc)) + uint64(length)<<32 + uint64(frequency))
}

// placed returns a number for a posting and its positions, given by their places.
func placed(posting, places uint64) uint64 { return mix(posting ^ places) }

// place returns a number for a list of positions with one more at its end.
func place(before uint64, position uint32) uint64 {
	return before*0x9e3779b97f4a7c15 + uint64(position) + 1
}

// hash returns the FNV-1a sum of a text, mixed.
func hash(text string) uint64 {
	sum := uint64(14695981039346656037)
	for i := range len(text) {
		sum = (sum ^ uint64(text[i])) * 1099511628211
	}
	return mix(sum)
}

// mix spreads each bit of x over all bits (the finalizer of MurmurHash3).
func mix(x uint64) uint64 {
	x = (x ^ x>>33) * 0xff51afd7ed558ccd
	x = (x ^ x>>33) * 0xc4ceb9fe1a85ec53
	return x ^ x>>33
}
