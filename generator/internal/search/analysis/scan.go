package analysis

import (
	"unicode"
	"unicode/utf8"
)

// none is the character beyond the end of a text.
const none = rune(-1)

// charAt returns the first character at or after i that is not invisible, as
// the analysis sees it, and where it starts and ends. What is not UTF-8 is
// U+FFFD.
func charAt(text string, i int) (r rune, start, end int) {
	for i < len(text) {
		if c := text[i]; c < utf8.RuneSelf {
			return rune(c), i, i + 1
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		switch r {
		case '’', '‘', 'ʼ':
			return '\'', i, i + size
		case '\u00a0', '\u2007', '\u2009', '\u202f':
			return ' ', i, i + size
		case '\u2010', '\u2011':
			return '-', i, i + size
		case '\u2027':
			return '·', i, i + size
		}
		if !unicode.Is(unicode.Cf, r) {
			return r, i, i + size
		}
		i += size
	}
	return none, i, i
}

// nextWord returns where the first word of text at or after i starts and ends;
// start equals end if there is none.
func nextWord(text string, i int) (start, end int) {
	r, start, end := charAt(text, i)
	for !isAlnum(r) {
		if r == none {
			return start, start
		}
		r, start, end = charAt(text, end)
	}
	var w word
	w.add(r)
	for {
		r, _, rEnd := charAt(text, end)
		if isAlnum(r) || isMark(r) {
			if !isMark(r) && (isHan(r) || isHan(w.last)) {
				return start, end
			}
			w.add(r)
			end = rEnd
			continue
		}
		n := w.join(r, text, rEnd)
		if n == 0 {
			return start, end
		}
		w.add(r)
		for range n {
			r, _, rEnd = charAt(text, rEnd)
			w.add(r)
			end = rEnd
		}
	}
}

// word is what is known of the word being read.
type word struct {
	chars     int
	last      rune
	law       bool // is a letter that laws are numbered with, no more
	thousands bool // is a number of at most three digits, or groups of three
	digits    int  // of the last group
	groups    int
}

// add appends a character.
func (w *word) add(r rune) {
	w.chars++
	first := w.chars == 1
	w.law = first && isLaw(r)
	switch {
	case first:
		w.thousands = '1' <= r && r <= '9'
		w.digits, w.groups = 1, 1
	case isDigit(r):
		w.digits++
	case r == ' ':
		w.digits = 0
		w.groups++
	default:
		w.thousands = false
	}
	w.last = r
}

// join returns how many characters after r, which ends at i, belong to the word
// together with r; 0 if the word ends before r.
func (w *word) join(r rune, text string, i int) int {
	next, _, after := charAt(text, i)
	ok := false
	switch r {
	case '\'', '-':
		ok = isAlnum(next)
	case ',', '/':
		ok = isDigit(w.last) && isDigit(next)
	case '.':
		ok = (isDigit(w.last) || w.law) && isDigit(next)
		if w.law && next == ' ' && startsNumber(text, after, unicode.ToLower(w.last) == 'a') {
			return 2
		}
	case '·':
		ok = unicode.IsLetter(w.last) && unicode.IsLetter(next)
	case ' ':
		ok = w.law && unicode.ToLower(w.last) != 'a' && startsNumber(text, i, true)
		if w.thousands && w.digits <= 3 && (w.groups == 1 || w.digits == 3) && startsThousands(text, i) {
			return 3
		}
	}
	if ok {
		return 1
	}
	return 0
}

// startsNumber reports whether digits stand at i; if hyphen is set, with a hyphen
// and a digit behind them.
func startsNumber(text string, i int, hyphen bool) bool {
	r, _, end := charAt(text, i)
	if !isDigit(r) || !hyphen {
		return isDigit(r)
	}
	for isDigit(r) {
		r, _, end = charAt(text, end)
	}
	next, _, _ := charAt(text, end)
	return r == '-' && isDigit(next)
}

// startsThousands reports whether exactly three digits stand at i.
func startsThousands(text string, i int) bool {
	var r rune
	for range 3 {
		if r, _, i = charAt(text, i); !isDigit(r) {
			return false
		}
	}
	r, _, _ = charAt(text, i)
	return !isAlnum(r) && !isMark(r)
}

func isDigit(r rune) bool {
	return '0' <= r && r <= '9'
}

// isLaw reports whether r is a letter of French codes: L. (loi), R. (décret en
// Conseil d’État), D. (décret), A. (arrêté).
func isLaw(r rune) bool {
	switch r | 0x20 {
	case 'l', 'r', 'd', 'a':
		return r < utf8.RuneSelf
	}
	return false
}

func isAlnum(r rune) bool {
	if r < utf8.RuneSelf {
		return isDigit(r) || 'a' <= r|0x20 && r|0x20 <= 'z'
	}
	return unicode.IsLetter(r) || unicode.IsNumber(r)
}

func isMark(r rune) bool {
	return r >= 0x300 && unicode.IsMark(r)
}

func isHan(r rune) bool {
	return r >= 0x2e80 && unicode.Is(unicode.Han, r)
}
