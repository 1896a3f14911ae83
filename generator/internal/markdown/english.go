package markdown

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// englishQuotes settles curly quotation marks and apostrophes.
func (t *setter) englishQuotes() {
	for i := range len(t.text) {
		switch t.text[i] {
		case '\'':
			t.englishApostrophe(i)
		case '"':
			t.quote(i, func(open, end, _ int) {
				t.replace(open, open+1, "“")
				t.replace(end, end+1, "”")
			})
		}
	}
}

// englishDashes sets dashes and dots, and keeps a note's number with its word.
func (t *setter) englishDashes() {
	for i := 0; i < len(t.text); {
		switch c := t.text[i]; {
		case c == '.':
			i = t.dots(i)
		case c == '-':
			i = t.dashes(i)
		case c < utf8.RuneSelf:
			i++
		default:
			r, n := utf8.DecodeRuneInString(t.text[i:])
			if r == noteRune {
				t.bindNote(i)
			}
			i += n
		}
	}
}

// englishApostrophe sets the straight mark at i: ’ within and behind a word and
// before a decade (’90s), ‘ where it opens a quotation.
func (t *setter) englishApostrophe(i int) {
	before, after := t.before(i), t.after(i+1)
	switch {
	case isWord(before), unicode.IsDigit(after) && isOpening(before), before != 0 && strings.ContainsRune(".,!?…)", before) && isClosing(after):
		t.replace(i, i+1, "’")
	case isOpening(before) && unicode.IsLetter(after):
		t.replace(i, i+1, "‘")
	}
}
