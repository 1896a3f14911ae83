package markdown

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The spaces typography sets.
const (
	nbsp  = "\u00a0" // no-break space: before a colon, in « 3 ans »
	nnbsp = "\u202f" // narrow no-break space: before ; ! ?, inside « », in « 10 000 % »
)

// Typography returns a plain text, such as a title, with the typography of a
// language: "fr" (also "fr-CA" and the like) and "en" have one, for other
// languages text is returned as it is. It is idempotent.
func Typography(lang, text string) string { return apply(text, typeset(lang, text)) }

// edit replaces text[start:end]; where both are equal it inserts.
type edit struct {
	start, end int
	text       string
}

// apply returns text with edits, which are in order and do not overlap.
func apply(text string, edits []edit) string {
	if len(edits) == 0 {
		return text
	}
	var b strings.Builder
	b.Grow(len(text) + 3*len(edits))
	pos := 0
	for _, e := range edits {
		b.WriteString(text[pos:e.start])
		b.WriteString(e.text)
		pos = e.end
	}
	b.WriteString(text[pos:])
	return b.String()
}

// typeset returns what the typography of lang changes in text, in order and
// without overlaps. Quotation marks and apostrophes are settled first, each for
// one other sign; spaces, dots and dashes are then set among what they became.
func typeset(lang, text string) []edit {
	base, _, _ := strings.Cut(lang, "-")
	if base != "fr" && base != "en" {
		return nil
	}
	marks := setter{text: text}
	rest := setter{text: text}
	if strings.ContainsAny(text, `"'`) {
		if base == "fr" {
			marks.frenchQuotes()
		} else {
			marks.englishQuotes()
		}
		marks.order()
		rest.text = apply(text, marks.edits)
	}
	if base == "fr" {
		rest.frenchSpaces()
	} else {
		rest.englishDashes()
	}
	rest.order()
	return merge(marks.edits, rest.edits)
}

// order sorts the edits and drops those that overlap an earlier one: two rules
// that agree about one space.
func (t *setter) order() {
	if len(t.edits) < 2 {
		return
	}
	slices.SortStableFunc(t.edits, func(a, b edit) int { return a.start - b.start })
	kept := t.edits[:1]
	for _, e := range t.edits[1:] {
		if last := kept[len(kept)-1]; e.start >= last.end && (e.start != last.start || e.end != last.end) {
			kept = append(kept, e)
		}
	}
	t.edits = kept
}

// merge returns first and then as edits of one text: then counts from the text
// that first has made, but touches none of what it put there.
func merge(first, then []edit) []edit {
	if len(first) == 0 {
		return then
	}
	merged := make([]edit, 0, len(first)+len(then))
	shift := 0 // how far first has moved what follows
	for _, e := range then {
		for len(first) > 0 && first[0].start+shift < e.start {
			shift += len(first[0].text) - (first[0].end - first[0].start)
			merged = append(merged, first[0])
			first = first[1:]
		}
		merged = append(merged, edit{e.start - shift, e.end - shift, e.text})
	}
	return append(merged, first...)
}

// setter collects the edits of one text.
type setter struct {
	text   string
	edits  []edit
	quotes []int // opening " that wait for their partner
	word   word
}

func (t *setter) replace(start, end int, text string) {
	if t.text[start:end] != text {
		t.edits = append(t.edits, edit{start, end, text})
	}
}

// before returns the rune that ends at i, and 0 at the start of the text.
func (t *setter) before(i int) rune {
	if i == 0 {
		return 0
	}
	r, _ := utf8.DecodeLastRuneInString(t.text[:i])
	return r
}

// after returns the rune that starts at i, and 0 at the end of the text.
func (t *setter) after(i int) rune {
	if i >= len(t.text) {
		return 0
	}
	r, _ := utf8.DecodeRuneInString(t.text[i:])
	return r
}

// isBlank reports whether r is a space, a line end or a space that typography set.
func isBlank(r rune) bool {
	switch r {
	case ' ', '\n', '\t', '\u00a0', '\u202f', '\u2009':
		return true
	}
	return false
}

// blanksBefore returns where the blanks that end at i begin.
func (t *setter) blanksBefore(i int) int {
	for i > 0 {
		r, n := utf8.DecodeLastRuneInString(t.text[:i])
		if !isBlank(r) {
			break
		}
		i -= n
	}
	return i
}

// blanksAfter returns where the blanks that start at i end.
func (t *setter) blanksAfter(i int) int {
	for i < len(t.text) {
		r, n := utf8.DecodeRuneInString(t.text[i:])
		if !isBlank(r) {
			break
		}
		i += n
	}
	return i
}

// word is what the setter knows of the word before a place in the text. Blanks
// and guillemets, which will have blanks beside them, part words.
type word struct {
	start, end int
	address    bool // looks like a URL or an e-mail address
	colon      bool // holds a colon
}

// wordBefore returns the word that ends at i, which must not be less than in the
// call before: the text is looked through only once.
func (t *setter) wordBefore(i int) word {
	w := &t.word
	for w.end < i {
		rest := t.text[w.end:]
		r, n := utf8.DecodeRuneInString(rest)
		at := w.end
		w.end += n
		switch {
		case isBlank(r) || r == '«' || r == '»':
			*w = word{start: w.end, end: w.end}
		case r == '@':
			w.address = w.address || at > w.start
		case r == ':':
			w.colon = true
			w.address = w.address || strings.HasPrefix(rest, "://")
		case r == 'w':
			w.address = w.address || strings.HasPrefix(rest, "www.")
		}
	}
	return *w
}

// part puts a space at i, behind the place of the last call of wordBefore.
func (t *setter) part(i int, space string) {
	t.replace(i, i, space)
	t.word = word{start: i, end: i}
}

func isWord(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r) || r == objectRune
}

// isOpening reports whether a quotation may open behind r.
func isOpening(r rune) bool {
	return r == 0 || isBlank(r) || r == breakRune || strings.ContainsRune("([{«“‘’'\"-–—/", r)
}

// isClosing reports whether a quotation may close, or a sentence end, before r.
func isClosing(r rune) bool {
	return r == 0 || isBlank(r) || r == breakRune || r == noteRune || strings.ContainsRune(")]}»”’'\".,;:!?…-–—/", r)
}

// quote pairs the straight quotation mark at i with the one it closes; pair is
// called with both places and how many pairs stand around them.
func (t *setter) quote(i int, pair func(open, end, depth int)) {
	before, after := t.before(i), t.after(i+1)
	switch {
	case before == '"' || after == '"':
		// Several in a row are no quotation.
	case len(t.quotes) > 0 && isClosing(after) && !isBlank(before):
		open := t.quotes[len(t.quotes)-1]
		t.quotes = t.quotes[:len(t.quotes)-1]
		pair(open, i, len(t.quotes))
	case isOpening(before) && after != 0 && !isBlank(after):
		t.quotes = append(t.quotes, i)
	}
}

// dots sets the ellipsis that starts at i and returns where it ends; a run of
// any other length, and one that a word follows (a path, a variadic), stays.
func (t *setter) dots(i int) int {
	end := i
	for end < len(t.text) && t.text[end] == '.' {
		end++
	}
	if end-i == 3 && !isWord(t.after(end)) && t.after(end) != '/' {
		t.replace(i, end, "…")
	}
	return end
}

// dashes sets "--" between blanks as an en dash, "---" as an em dash, and
// returns where they end.
func (t *setter) dashes(i int) int {
	end := i
	for end < len(t.text) && t.text[end] == '-' {
		end++
	}
	apart := func(r rune) bool { return isBlank(r) || r == '«' || r == '»' } // which have blanks beside them
	if apart(t.before(i)) && apart(t.after(end)) {
		switch end - i {
		case 2:
			t.replace(i, end, "–")
		case 3:
			t.replace(i, end, "—")
		}
	}
	return end
}

// bindNote keeps the number of a note at i from beginning a line.
func (t *setter) bindNote(i int) {
	if start := t.blanksBefore(i); start > 0 && start < i {
		t.replace(start, i, nnbsp)
	}
}
