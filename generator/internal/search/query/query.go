// Package query reads what people write into the search field. It owns the query
// language; it knows nothing of terms, indexes and scores. The twin in the
// browser is browser/src/query.ts; both read the vectors in testdata.
//
// # The language
//
//	cloud souverain           all the words, in any order
//	"cloud de confiance"      exactly this phrase, these very words; also « », “ ”
//	-amazon -"cloud act"      without the word, the phrase
//	kind:provider             only pages of the kind; several: of any of them
//	tag:eucs                  only pages with the tag; several: with all of them
//	lang:fr                   only pages in the language; several: in any of them
//	year:2025                 only pages of the year
//	2024..2026                only pages of these years; also year:2024..2026, 2024.., ..2026
//
// Several years or ranges are alternatives. The last word, if nothing follows it,
// may be the beginning of a longer one. « L. 121-1 » and « 10 000 » are one word
// each. A quotation mark that is not closed reaches to the end. A name before a
// colon other than these four is part of a word.
//
// Every text is a query: nothing is an error. What cannot be used stands in
// [Query].Ignored; words and phrases without a letter or digit, such as a
// question mark apart, are left out silently. Control and format characters are
// dropped, and the limits below hold.
package query

// Limits of a query. What goes beyond is ignored.
const (
	MaxLength  = 1024 // characters read
	MaxWords   = 16
	MaxPhrases = 8
	MaxWithout = 8
	MaxFilters = 8 // values of each filter
)

// Query is a parsed query. The zero value asks for nothing.
type Query struct {
	Words   []Word
	Phrases []string // without quotation marks
	Without []Term
	Filters Filters
	Ignored []string // pieces of the input that are not used
}

// Word is a wanted word, as it was written. Its analysis may give several terms,
// or none.
type Word struct {
	Text   string
	Prefix bool // may be the beginning of a longer word; only of the last word
}

// Term is an unwanted word or phrase.
type Term struct {
	Text   string
	Phrase bool
}

// Filters restrict the pages. Values are in lower case, without doubles.
type Filters struct {
	Kinds []string // any of them
	Tags  []string // all of them
	Langs []string // any of them
	Years []YearRange
}

// YearRange is a range of years, both ends included.
type YearRange struct {
	From, To int // 0 and 9999 for an open end
}
