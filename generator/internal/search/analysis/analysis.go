// Package analysis turns texts and queries into the terms that search compares.
// It owns how words are cut, stemmed and folded; it never decides what matches
// or how much it counts.
//
// The twin in the browser is browser/src/analysis.ts; both read the vectors in
// testdata and must agree on every text. A change of the terms raises [Version].
//
// # Words
//
// A word is a run of letters, numbers and marks. Inside, it may hold
//   - an apostrophe: « aujourd’hui », « l’immunité »;
//   - a hyphen: « sous-traitant », « 2024-449 »;
//   - a point, a comma or a slash between two digits: « 19.6 », « 2024/1689 »;
//   - a middle dot between two letters: « client·e·s »;
//   - one space between groups of thousands: « 10 000 »;
//   - what stands between the letter and the number of a French law:
//     « L. 121-1 », « L.121-1 » and « L 121-1 » are one word.
//
// A Han character is a word on its own. The apostrophes ’ ʼ ‘ count as ', no-break
// and thin spaces as spaces, U+2010 and U+2011 as hyphens; invisible format
// characters (soft hyphens, direction marks) count as nothing. What is not UTF-8
// separates words.
//
// # Terms
//
// Each word takes one position, whether or not it gives a term.
//  1. French elisions are dropped (l’ qu’ jusqu’ presqu’ …), the English 's too; other
//     apostrophes vanish: « aujourdhui ». So are the pronouns of French questions
//     (est-il a-t-on). Of « client·e·s », French keeps « client ».
//  2. The word is composed (NFC) and put in lower case.
//  3. Stop words give no term.
//  4. French words lose their endings to bleve's light stemmer, English ones to its
//     plural stemmer; words with a digit never do.
//  5. Accents and other marks are dropped, œ æ ß ø ł đ written oe ae ss o l d.
//  6. Numbers are written without spaces and with a point for a comma, laws with a
//     point after the letter: « l.121-1 ».
//  7. What goes beyond [MaxTerm] characters is cut, before the stemmer and after folding.
//
// A compound with a hyphen (unless it stands between two digits) or with a capital
// after a small letter gives the term of the whole, without its hyphens:
// « soustraitant », « secnumcloud ». In the index, its parts follow, the first at
// the position of the whole, the others after it; the next word stands directly
// after the whole, so that phrases match as they are written. Capitals only part a
// word if no part is a single character: « PaaS » and « eIDAS » have none.
//
// A code of one letter (of ASCII) and a number is also indexed as the number, at the same
// position: « jalon 0 » finds « jalon J0 », « Microsoft 365 » finds « M365 ».
//
// Stemmers judge accents: « agrément » keeps the ending that « agrement » loses.
// So that a query without accents finds what has them, the index also holds the
// term of the word without accents where it differs, at the same position.
//
// # Unicode
//
// Go and browsers know different versions of Unicode. Characters that only one of
// them knows can give different terms; assigned since 2022, they are of no living
// orthography of French or English.
package analysis

import (
	"slices"

	"github.com/blevesearch/bleve/v2/analysis"
)

// Version names the output of the analyzers. An index made by another version
// cannot be searched.
const Version = 4

// MaxTerm is the length of the longest term, in characters.
const MaxTerm = 64

// Token is an occurrence of a term.
type Token struct {
	Term     string
	Position int // of the word in the text, from 1
	Start    int // where the word or part begins in the text, in bytes
	End      int // where it ends
}

// Analyzer cuts texts of one language into terms. It may be used by many
// goroutines.
type Analyzer struct {
	lang *language
}

// For returns the analyzer of a language, named by its BCP 47 tag ("fr",
// "en-GB"). Languages other than French and English are only folded: no stop
// words, no stems.
func For(lang string) *Analyzer {
	return &Analyzer{languageOf(lang)}
}

// Index returns the tokens to index of a text, by ascending position. Of those at
// one position, that of the word or compound as a whole comes first.
func (a *Analyzer) Index(text string) []Token {
	return a.tokens(text, a.forms)
}

// Query returns the tokens to look for: at most one for each word.
func (a *Analyzer) Query(text string) []Token {
	return a.tokens(text, func(raw string, _ int) []form { return a.lang.whole(raw, queried) })
}

// IsStop reports whether a word, as [Literal] writes it, is one that gives no term.
func (a *Analyzer) IsStop(word string) bool { return a.lang.stop[word] }

// Parts returns what Query does, but of compounds the parts in place of the whole:
// what a reader looks for who writes « sec num cloud ».
func (a *Analyzer) Parts(text string) []Token {
	return a.tokens(text, func(raw string, _ int) []form { return a.lang.parts(raw) })
}

// Prefix returns the tokens of a text whose last word is still being written:
// those of [Analyzer.Query], but the last one keeps its ending and may be a stop
// word, since both can be the beginning of other words.
func (a *Analyzer) Prefix(text string) []Token {
	last := 0
	for start, end := nextWord(text, 0); start < end; start, end = nextWord(text, end) {
		last = start
	}
	return a.tokens(text, func(raw string, start int) []form {
		if start < last {
			return a.lang.whole(raw, queried)
		}
		return a.lang.whole(raw, unfinished)
	})
}

// Analyze returns the tokens to index as bleve wants them. It makes Analyzer a
// bleve analysis.Analyzer.
func (a *Analyzer) Analyze(text []byte) analysis.TokenStream {
	return stream(a.Index(string(text)))
}

func (a *Analyzer) forms(raw string, _ int) []form {
	return a.lang.forms(raw)
}

// tokens cuts a text into words and places the forms that formsOf makes of each,
// given the word and where it starts.
func (a *Analyzer) tokens(text string, formsOf func(raw string, start int) []form) []Token {
	tokens := make([]Token, 0, len(text)/7+1)
	position, sorted := 0, true
	for start, end := nextWord(text, 0); start < end; start, end = nextWord(text, end) {
		position++
		for _, f := range formsOf(text[start:end], start) {
			t := Token{f.term, position + f.offset, start + f.start, start + f.end}
			sorted = sorted && (len(tokens) == 0 || tokens[len(tokens)-1].Position <= t.Position)
			tokens = append(tokens, t)
		}
	}
	if !sorted {
		slices.SortStableFunc(tokens, func(x, y Token) int { return x.Position - y.Position })
	}
	return tokens
}

func stream(tokens []Token) analysis.TokenStream {
	out := make(analysis.TokenStream, len(tokens))
	made := make([]analysis.Token, len(tokens))
	for i, t := range tokens {
		made[i] = analysis.Token{Term: []byte(t.Term), Position: t.Position, Start: t.Start, End: t.End}
		out[i] = &made[i]
	}
	return out
}
