package analysis

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// form is a term that a word gives, placed within the word.
type form struct {
	term   string
	offset int // in positions
	start  int // in bytes
	end    int
}

// letter is a visible character of a word and its place there.
type letter struct {
	r          rune
	start, end int
}

// letters returns the characters of a word that count: without elisions, without the
// pronoun of a question, and what follows a middle dot.
func (l *language) letters(raw string, m mode) []letter {
	letters := make([]letter, 0, len(raw))
	for r, start, end := charAt(raw, 0); r != none; r, start, end = charAt(raw, end) {
		if r == '·' && l.inclusive {
			break
		}
		letters = append(letters, letter{r, start, end})
	}
	if n := len(letters); l.possessive && n > 2 && letters[n-2].r == '\'' && letters[n-1].r|0x20 == 's' {
		letters = letters[:n-2]
	}
	letters = l.withoutElision(letters)
	if m == unfinished { // « sous-tu » may become « sous-tutelle »
		return letters
	}
	return l.withoutPronoun(letters)
}

// withoutPronoun drops what follows the verb of a question: « est-il », « a-t-on ».
func (l *language) withoutPronoun(letters []letter) []letter {
	i := len(letters) - 1
	for i > 0 && letters[i].r != '-' {
		i--
	}
	if i < 1 || !isIn(l.pronouns, letters[i+1:]) {
		return letters
	}
	letters = letters[:i]
	if n := len(letters); n > 2 && letters[n-2].r == '-' && letters[n-1].r|0x20 == 't' {
		letters = letters[:n-2]
	}
	return letters
}

func (l *language) withoutElision(letters []letter) []letter {
	for {
		i := slices.IndexFunc(letters, func(c letter) bool { return c.r == '\'' })
		if i < 1 || !isIn(l.elisions, letters[:i]) {
			return letters
		}
		letters = letters[i+1:]
	}
}

// isIn reports whether letters are one of a few short words in lower case.
func isIn(words map[string]bool, letters []letter) bool {
	var buf [8]byte
	if len(letters) > len(buf) {
		return false
	}
	for i, c := range letters {
		if c.r >= utf8.RuneSelf {
			return false
		}
		buf[i] = byte(c.r) | 0x20
	}
	return words[string(buf[:len(letters)])]
}

// mode says what the terms of a word are for.
type mode int

const (
	indexed    mode = iota
	queried         // the word is complete
	unfinished      // it keeps its ending and may be a stop word
)

// whole returns the form of a word as one.
func (l *language) whole(raw string, m mode) []form {
	return l.add(nil, l.letters(raw, m), 0, m)
}

// forms returns what to index of a word: the form of the whole and those of its
// parts.
func (l *language) forms(raw string) []form {
	letters := l.letters(raw, indexed)
	forms := l.add(nil, letters, 0, indexed)
	if isCode(letters) {
		return l.add(forms, letters[1:], 0, indexed)
	}
	parts := split(letters)
	if len(parts) < 2 {
		return forms
	}
	for i, part := range parts {
		forms = l.add(forms, l.withoutElision(part), i, indexed)
	}
	return forms
}

// parts returns the forms of a word's parts, or that of a word that has none.
func (l *language) parts(raw string) []form {
	var forms []form
	for i, part := range split(l.letters(raw, queried)) {
		forms = l.add(forms, l.withoutElision(part), i, queried)
	}
	return forms
}

// add appends the forms of letters, which may give none.
func (l *language) add(forms []form, letters []letter, offset int, m mode) []form {
	word := spell(letters)
	term := l.term(word, m)
	if term == "" {
		return forms
	}
	start, end := letters[0].start, letters[len(letters)-1].end
	forms = append(forms, form{term, offset, start, end})
	if m == indexed && l.stem != nil && !isASCII(word) {
		if plain := l.term(fold(word), m); plain != "" && plain != term {
			forms = append(forms, form{plain, offset, start, end})
		}
	}
	return forms
}

// split returns the parts of a compound: between hyphens that do not stand between
// two digits, and between a small letter and a capital.
func split(letters []letter) [][]letter {
	var parts [][]letter
	from := 0
	for i := range letters {
		if isCompound(letters, i) {
			parts = append(parts, splitCapitals(letters[from:i])...)
			from = i + 1
		}
	}
	return append(parts, splitCapitals(letters[from:])...)
}

// isCode reports whether a word is one letter of ASCII and a number: « J0 ».
func isCode(letters []letter) bool {
	if len(letters) < 2 || letters[0].r|0x20 < 'a' || letters[0].r|0x20 > 'z' {
		return false
	}
	for _, c := range letters[1:] {
		if !isDigit(c.r) {
			return false
		}
	}
	return true
}

// isCompound reports whether the character at i is a hyphen between parts.
func isCompound(letters []letter, i int) bool {
	return letters[i].r == '-' && i > 0 && i+1 < len(letters) && !(isDigit(letters[i-1].r) && isDigit(letters[i+1].r))
}

func splitCapitals(letters []letter) [][]letter {
	var parts [][]letter
	base, from := rune(0), 0
	for i, c := range letters {
		if isMark(c.r) {
			continue
		}
		if unicode.IsLower(base) && unicode.IsUpper(c.r) {
			parts = append(parts, letters[from:i])
			from = i
		}
		base = c.r
	}
	parts = append(parts, letters[from:])
	if slices.ContainsFunc(parts, func(p []letter) bool { return len(p) < 2 }) {
		return [][]letter{letters}
	}
	return parts
}

// spell writes a word in small letters, composed, without what only holds it
// together, and not too long.
func spell(letters []letter) string {
	runes := make([]rune, 0, len(letters)+1)
	law := lawNumber(letters)
	for i, c := range letters {
		switch {
		case i == 1 && law:
			runes = append(runes, '.')
			if isDigit(c.r) {
				runes = append(runes, c.r)
			}
		case c.r == ' ', c.r == '\'', c.r == '·', !law && isCompound(letters, i):
		case c.r == ',':
			runes = append(runes, '.')
		default:
			runes = append(runes, c.r)
		}
	}
	s := string(runes)
	if !isASCII(s) {
		s = norm.NFC.String(s)
	}
	return cut(lower(s))
}

// lawNumber reports whether a word is a number of a French code: a letter and a
// point or a space, or a letter and numbers with hyphens.
func lawNumber(letters []letter) bool {
	if len(letters) < 3 || !isLaw(letters[0].r) {
		return false
	}
	if letters[1].r == '.' || letters[1].r == ' ' {
		return true
	}
	hyphen := false
	for _, c := range letters[1:] {
		hyphen = hyphen || c.r == '-'
		if !isDigit(c.r) && c.r != '-' {
			return false
		}
	}
	return hyphen && isDigit(letters[1].r)
}

// term returns the term of a spelled word, "" for none.
func (l *language) term(word string, m mode) string {
	if m != unfinished {
		if l.stop[word] {
			return ""
		}
		if l.stem != nil && !strings.ContainsAny(word, "0123456789") {
			word = l.stem(word)
		}
	}
	if isASCII(word) {
		return word
	}
	return cut(fold(word))
}

// lower puts each character in lower case by itself, whatever stands around it.
func lower(s string) string {
	return strings.Map(unicode.ToLower, s)
}

// fold drops marks and takes letters apart.
func fold(s string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(s) {
		switch r {
		case 'œ':
			b.WriteString("oe")
		case 'æ':
			b.WriteString("ae")
		case 'ß':
			b.WriteString("ss")
		case 'ø':
			b.WriteByte('o')
		case 'ł':
			b.WriteByte('l')
		case 'đ':
			b.WriteByte('d')
		default:
			if !isMark(r) {
				b.WriteRune(r)
			}
		}
	}
	return b.String()
}

func cut(s string) string {
	if len(s) <= MaxTerm {
		return s
	}
	n := 0
	for i := range s {
		if n++; n > MaxTerm {
			return s[:i]
		}
	}
	return s
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
