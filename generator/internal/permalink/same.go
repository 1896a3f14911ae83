package permalink

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Same reports whether a and b are one name: they differ in case, in accents, or in what
// typography does to spaces, hyphens, apostrophes and quotation marks, and in nothing
// else. "Élise Martin" is "elise-martin"; "C++" is not "C", though both have one [Slug].
func Same(a, b string) bool { return a == b || plain(a, keepAll) == plain(b, keepAll) }

// Alike is Same for names in a text, where punctuation may be left out: "Qui décide ?"
// may be called "qui decide". Signs that tell names apart, such as those of C++ and C#,
// still do.
func Alike(a, b string) bool { return a == b || plain(a, keepSigns) == plain(b, keepSigns) }

// keepAll and keepSigns say which of the characters that are no letters or digits are
// part of a name.
func keepAll(r rune) bool { return true }

func keepSigns(r rune) bool {
	return unicode.IsSymbol(r) || r == '#' || r == '&' || r == '@' || r == '*' || r == '%'
}

// plain is a name without what two spellings of it may differ in. One space parts words;
// there is none beside a sign.
func plain(name string, keep func(r rune) bool) string {
	var b strings.Builder
	gap, foreign := false, false // a space is due; the last letter was not Latin
	afterWord := false
	for _, r := range ligatures.Replace(norm.NFKD.String(name)) {
		switch {
		case unicode.IsMark(r):
			if foreign && !gap {
				b.WriteRune(r)
			}
		case unicode.IsLetter(r) || unicode.IsNumber(r):
			if gap && afterWord {
				b.WriteByte(' ')
			}
			gap, afterWord, foreign = false, true, unicode.IsLetter(r) && !unicode.Is(unicode.Latin, r)
			b.WriteRune(unicode.ToLower(r))
		case parts(r) || !keep(r):
			gap = true
		default:
			gap, afterWord, foreign = false, false, false
			b.WriteRune(r)
		}
	}
	return norm.NFC.String(strings.TrimPrefix(b.String(), "#")) // as some write tags
}

// parts reports whether a character only parts words, or is a mark around them, and may be
// written in several ways.
func parts(r rune) bool {
	switch r {
	case '\'', '’', 'ʼ', '‘', '`', '´', '"', '«', '»', '‹', '›', '“', '”', '„', '_', '\u00ad', '\u200b', '\u2060', '\ufeff':
		return true
	}
	return unicode.IsSpace(r) || unicode.Is(unicode.Pd, r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r)
}
