package analysis

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Literal returns the words of a text as they stand there, for phrases in quotation
// marks: every run of letters, numbers and marks, in small letters and composed (NFC),
// œ and æ taken apart. Nothing is dropped and nothing stemmed; accents stay. All other
// characters part words, so that elisions and the parts of compounds are words, and
// punctuation does not count; invisible ones count as nothing, and a Han character is a
// word on its own. It is the same in all languages.
func Literal(text string) []Token {
	tokens := make([]Token, 0, len(text)/5+1)
	for start, end, plain := nextLiteral(text, 0); start < end; start, end, plain = nextLiteral(text, end) {
		tokens = append(tokens, Token{literal(text[start:end], plain), len(tokens) + 1, start, end})
	}
	return tokens
}

// Holds reports whether the words of a phrase, which are those of [Literal], stand in a
// text one after the other.
func Holds(text string, phrase []string) bool {
	_, end := Find(text, 0, phrase)
	return end > 0
}

// Find returns where the words of a phrase first stand in a text, at or after a place;
// twice 0 if they do not.
func Find(text string, at int, phrase []string) (from, to int) {
	if len(phrase) == 0 {
		return 0, 0
	}
	for {
		start, end, plain := nextLiteral(text, at)
		if start == end {
			return 0, 0
		}
		at = end
		for n := 0; literal(text[start:end], plain) == phrase[n]; {
			if n == 0 {
				from = start
			}
			if n++; n == len(phrase) {
				return from, end
			}
			start, end, plain = nextLiteral(text, end)
		}
	}
}

// nextLiteral returns where the first word of text at or after i starts and ends, and
// whether it is written there as it is compared; start equals end if there is none.
func nextLiteral(text string, i int) (start, end int, plain bool) {
	r, start, end := charAt(text, i)
	for r != none && !isAlnum(r) {
		r, start, end = charAt(text, end)
	}
	if r == none {
		return start, start, false
	}
	plain = isPlain(r)
	for last := r; ; {
		next, from, to := charAt(text, end)
		if !isMark(next) && (!isAlnum(next) || isHan(next) || isHan(last)) {
			return start, end, plain
		}
		plain = plain && from == end && isPlain(next)
		last, end = next, to
	}
}

func isPlain(r rune) bool { return isDigit(r) || 'a' <= r && r <= 'z' }

// literal writes a word of letters, numbers and marks as phrases compare it.
func literal(word string, plain bool) string {
	if plain {
		return cut(word)
	}
	var b strings.Builder
	for r, _, end := charAt(word, 0); r != none; r, _, end = charAt(word, end) {
		b.WriteRune(r)
	}
	s := b.String()
	if isASCII(s) {
		return cut(lower(s))
	}
	s = lower(norm.NFC.String(s))
	b.Reset()
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch r {
		case 'œ':
			b.WriteString("oe")
		case 'æ':
			b.WriteString("ae")
		default:
			b.WriteRune(r)
		}
		i += size
	}
	return cut(b.String())
}
