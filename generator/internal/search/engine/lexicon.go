package engine

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"vigie/generator/internal/search/segment"
)

// word is a term of the text fields.
type word struct {
	text      string
	frequency int   // sum of the fields' document counts
	fields    uint8 // a bit for each text field that has it
}

// in reports whether the field has the term.
func (w word) in(f segment.Field) bool { return w.fields>>f&1 == 1 }

// lexicon is the union of the text fields' dictionaries, in the order of bytes.
type lexicon []word

func newLexicon(s *segment.Segment) (lexicon, error) {
	var l lexicon
	fields := make([]segment.Field, segment.TextFields)
	for f := range fields {
		fields[f] = segment.Field(f)
	}
	for t, err := range s.Terms("", "", fields...) {
		if err != nil {
			return nil, err
		}
		w := word{text: t.Text, frequency: t.Total()}
		for f := range segment.TextFields {
			if t.Count[f] > 0 {
				w.fields |= 1 << f
			}
		}
		l = append(l, w)
	}
	return l, nil
}

// find returns the entry of a term.
func (l lexicon) find(term string) (word, bool) {
	i, ok := l.search(term)
	if !ok {
		return word{}, false
	}
	return l[i], true
}

func (l lexicon) search(term string) (int, bool) {
	return slices.BinarySearchFunc(l, term, func(w word, s string) int { return cmp.Compare(w.text, s) })
}

// beginning returns the entries that begin with a prefix.
func (l lexicon) beginning(prefix string) lexicon {
	from, _ := l.search(prefix)
	to := from
	for to < len(l) && strings.HasPrefix(l[to].text, prefix) {
		to++
	}
	return l[from:to]
}

// common sorts words by frequency, then text, and keeps the first max of them.
func common(words []word, max int) []word {
	slices.SortFunc(words, func(a, b word) int {
		return cmp.Or(cmp.Compare(b.frequency, a.frequency), cmp.Compare(a.text, b.text))
	})
	return words[:min(len(words), max)]
}

// completions returns the most frequent words that begin with prefix, except one.
func (l lexicon) completions(prefix, except string) []word {
	if utf8.RuneCountInString(prefix) < minPrefix {
		return nil
	}
	words := slices.DeleteFunc(slices.Clone(l.beginning(prefix)), func(w word) bool { return w.text == except })
	return common(words, maxCompletions)
}

// stem returns the longest word that prefix begins with, if the rest of prefix is the
// beginning of an ending.
func (l lexicon) stem(prefix string) (word, bool) {
	cut := len(prefix)
	for utf8.RuneCountInString(prefix[:cut]) > minStem {
		_, size := utf8.DecodeLastRuneInString(prefix[:cut])
		cut -= size
		rest := prefix[cut:]
		if !slices.ContainsFunc(endings, func(e string) bool { return strings.HasPrefix(e, rest) }) {
			continue
		}
		if w, ok := l.find(prefix[:cut]); ok {
			return w, true
		}
	}
	return word{}, false
}

// typos returns the words of the least distance to a term, and that distance; 1 for a
// word whose ending is misspelt.
func (l lexicon) typos(term string) ([]word, int) {
	want := []rune(term)
	limit := 0
	switch {
	case len(want) >= minTypos:
		limit = 2
	case len(want) >= minTypo:
		limit = 1
	}
	if limit == 0 || strings.ContainsFunc(term, unicode.IsDigit) {
		return nil, 0
	}
	var found []word
	var have []rune
	for _, w := range l.beginning(string(want[:1])) {
		// A term has at most four bytes for each character.
		if len(w.text) < len(want)-limit || strings.ContainsFunc(w.text, unicode.IsDigit) {
			continue
		}
		have = appendRunes(have[:0], w.text)
		if n := distance(want, have, limit); n <= limit {
			if n < limit {
				found, limit = found[:0], n
			}
			found = append(found, w)
		}
	}
	if limit > 1 { // one edit did not do
		if w, ok := l.misspelt(term); ok {
			return []word{w}, 1
		}
	}
	return common(found, maxTypos), limit
}

// misspelt returns the longest word that term begins with, if the rest is an ending
// but for one edit: a stemmer did not know it.
func (l lexicon) misspelt(term string) (word, bool) {
	cut := len(term)
	for utf8.RuneCountInString(term[:cut]) > minStem {
		_, size := utf8.DecodeLastRuneInString(term[:cut])
		cut -= size
		rest := []rune(term[cut:])
		if !slices.ContainsFunc(endings, func(e string) bool { return distance(rest, []rune(e), 1) <= 1 }) {
			continue
		}
		if w, ok := l.find(term[:cut]); ok && !strings.ContainsFunc(w.text, unicode.IsDigit) {
			return w, true
		}
	}
	return word{}, false
}

func appendRunes(buf []rune, s string) []rune {
	for _, r := range s {
		buf = append(buf, r)
	}
	return buf
}

// distance returns the number of edits between two words (optimal string
// alignment), or more than limit if it is more than limit.
func distance(a, b []rune, limit int) int {
	if d := len(a) - len(b); d > limit || -d > limit {
		return limit + 1
	}
	var rows [3][]int
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
	}
	before, last, row := rows[0], rows[1], rows[2]
	for j := range last {
		last[j] = j
	}
	for i, x := range a {
		row[0] = i + 1
		least := row[0]
		for j, y := range b {
			cost := 1
			if x == y {
				cost = 0
			}
			row[j+1] = min(last[j]+cost, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && x == b[j-1] && a[i-1] == y {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
			least = min(least, row[j+1])
		}
		if least > limit+1 { // a transposition may still come back by one
			return limit + 1
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
