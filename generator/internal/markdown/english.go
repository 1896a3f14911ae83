package markdown

import (
	"unicode"
	"unicode/utf8"
)

// english collects the edits of English text: curly quotation marks and
// apostrophes, dashes and the ellipsis.
func (t *setter) english() {
	for i := 0; i < len(t.text); {
		switch c := t.text[i]; {
		case c == '\'':
			t.englishApostrophe(i)
			i++
		case c == '"':
			t.quote(i, func(open, end, _ int) {
				t.replace(open, open+1, "“")
				t.replace(end, end+1, "”")
			})
			i++
		case c == '.':
			i = t.dots(i)
		case c == '-':
			i = t.dashes(i)
		case c < utf8.RuneSelf:
			i++
		default:
			r, n := utf8.DecodeRuneInString(t.text[i:])
			if start := t.blanksBefore(i); r == '\ufffb' && start > 0 && start < i {
				t.replace(start, i, nnbsp)
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
	case isWord(before), unicode.IsDigit(after) && isOpening(before), unicode.IsPunct(before) && !isOpening(before) && isClosing(after):
		t.replace(i, i+1, "’")
	case isOpening(before) && unicode.IsLetter(after):
		t.replace(i, i+1, "‘")
	}
}
