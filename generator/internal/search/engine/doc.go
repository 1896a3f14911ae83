// Package engine answers queries from an index: it compiles them to bleve's queries,
// runs bleve's searchers and BM25 scorers over the segment, and ranks what they
// find. It never writes an index and knows no HTML.
//
// The segment is read straight from bytes: [index] implements bleve's IndexReader
// over package segment. bleve's own Index type is left aside: it takes its index
// from a registry of the whole process, and it sorts by score before anyone could
// weigh what it does not know (nearness, freshness, exact titles).
//
// # The formula
//
// This is the contract with the browser's engine (browser/src), which computes the
// same from the shards: equal totals and order, scores within 1e-6. All numbers are
// float64; "float32(x)" rounds to the nearest, as Math.fround does.
//
// Symbols: N documents, D of them with a date; d a document's number, from 0; df the
// number of documents with a term in a field; f the number of its occurrences in a
// field of a document; L the length of that field, as segment.Length rounds it, of
// headings the mean of their lengths, rounded up before (each is a title of its own, and a
// page of many sections has no more to say on each of them for want of others); T the sum of the field's unrounded lengths over all documents (metadata).
//
// Units. Each word of the query gives one unit for each of its terms (query
// analysis); a unit whose term came before is dropped. Each phrase is a unit. For a word that may be the beginning of another
// (query.Word.Prefix), the unit of its last term also has the beginning p
// (analysis.Prefix, its last token). If the word has no term, as a stop word, it
// gives a unit of p alone if the query has no other unit, and else nothing.
//
// Where the query has other units or phrases, a last word that may go on and has at most one
// term, and of whose beginning p fewer than 3 characters are written, no digit among them,
// has only begun. If it is one letter that no title and no name has as a term, it gives no
// unit; else its unit is dropped again where no document matches the query with it.
//
// Expansions of a word unit, in a dictionary that is the union of the text fields'; the
// frequency of a term is the sum of its df over the text fields:
//
//	exact       the term, if it is in the dictionary                    factor 1
//	completion  p of at least 3 characters: the terms that begin with   factor 0.4
//	            p, other than the exact one; the 12 most frequent, ties
//	            in the order of bytes
//	stem        only without the above: the longest term that p begins  factor 0.4
//	            with, of at least 4 characters, if the rest of p is the
//	            beginning of an ending that stemmers drop: ation ition
//	            isation ement ique inage nnelle
//	typo        only without the above, if the term has no digit: the   factor 0.6
//	            terms without a digit that have the same first          for one edit,
//	            character and the least distance, 1 from 4 characters   0.3 for two
//	            of the term, up to 2 from 8; the 8 most frequent, ties
//	            in the order of bytes
//	            where one edit finds nothing, from 8 characters, before
//	            two do: the longest term without a digit, of at least
//	            4 characters, that the term begins with, if the rest is
//	            one edit from an ending as above (stemmers miss
//	            « hébergment »); it counts as one edit
//
// Lengths are in characters (code points). The distance counts insertions,
// deletions, substitutions and transpositions of neighbours (optimal string
// alignment).
//
// Matching. A document matches a word unit if a text field has one of its
// expansions; a phrase unit if one of its parts (title, a name, a heading, summary, the
// text of a section) has the phrase's literal words one after the other
// (analysis.Literal): stop words and inflection count; case, typographic variants and
// punctuation do not. It is near a phrase unit if it matches it, or if title, names,
// headings, summary or body has the phrase's terms at the distances they have in the
// phrase. It must match every unit and every filter, and nothing that the query is
// without: a word there stands for its exact term in any text field, a word of several
// terms for these at their distances, a phrase for its literal words.
// Filters: one of the kinds; all of the tags; one of the years; the language of the
// index is one of the languages. A query of filters or exclusions alone finds all that
// passes, with score 0.
//
// The score of a term in a field of a document is bleve's BM25 with bleve's
// constants, k1 = 1.2 and b = 0.75; avg is rounded up, tf is a root, the length comes
// back from a float32, idf counts twice: so does bleve.
//
//	idf    = ln(1 + (N - df + 0.5) / (df + 0.5))
//	weight = boost(field) × factor × idf
//	avg    = ceil(T / N)
//	norm   = float32(1 / √L)
//	length = 1 / (norm × norm)
//	tf     = √f
//	term   = idf × (tf × k1) / (tf + k1 × (1 - b + b × length / avg))
//	         × weight × queryNorm
//
//	boost: title 6, names 6, headings 2.5, summary 2, entities 1, body 1
//
// For a phrase, f counts all occurrences of each of its terms in the field, and its
// factor is 1.
//
//	word unit    = max over its expansions of (sum of term over the text fields)
//	phrase unit  = sum, over title, names, headings, summary and body where they have
//	               all its terms, of
//	               (sum of term over its distinct places: a term that stands twice
//	               in the phrase counts twice); 0 without terms
//	queryNorm    = 1 / √(sum of weight² over all units, expansions and fields: for a
//	               word, each field whose dictionary has the expansion; for a phrase,
//	               each field whose dictionary has all its terms, each term)
//	score        = sum over the units
//
// bleve would multiply a disjunction by the share of its clauses that match (coord).
// For the fields and completions of one word that is a distortion: a page with five
// unrelated completions would beat the page with the word itself. So the word's
// disjunction is ours ([best]); its leaves, conjunctions, phrases, exclusions,
// filters and norms are bleve's.
//
//	final = score × (1 + 0.5 × (near + title) + 0.1 × fresh)
//	fresh = (D - d) / D for d < D, else 0
//
// near tells whether the word units (at least two, phrases aside) stand together. A
// text field has a unit in block ⌊position / 16⌋ of each occurrence of each of its
// expansions, but the body does not count those of an expansion that more than
// max(128, ⌊N / 4⌋) bodies have (segment.IsCommon). near is 1 if a field has all units in one block; else 0.5 if it has
// them all in two successive blocks; else 0. Parts of a field are 100 positions apart, so
// sections and headings do not mix. Blocks, not exact distances, because they let
// the browser's postings carry nearness in a third of the bytes; and where a word
// stands that most pages have says little, for more bytes than all else of it.
//
// title is 1 if title and names together have all word units (at least two, phrases
// aside), else 0: a page is about what its title says, where another that has one of
// the words as its name only mentions the rest.
//
// fresh follows the rank of the date, not its age: it costs the browser nothing, and
// a site that rests for a year does not forget what was news.
//
// Tiers. A hit is Exact if its title or one of its names is the query: the field
// exact has segment.Key of the terms of all words in order, or of the only phrase;
// not if the query has words and phrases, or several phrases; without a word that was
// dropped as one that has only begun. Else it is Typo if one of the
// query's units has typo expansions; else All.
//
// If fewer than 3 hits are found, and the query has phrases, those that are near every
// phrase and match all else follow as Near. There, score is as above, near and title are 0.
//
// Then, if fewer than 3 hits are found (with phrases: none), those that match at least half,
// rounded up, of the loose units follow as Partial. Loose are the units with each phrase
// replaced by its terms: a word unit, of the exact term alone, for each that no unit before
// has. They must be at least two. There, score is that sum over the loose units a document
// matches, times matched / live, where live is the number of loose units that have
// expansions; queryNorm is over the loose units, and near and title are 0.
//
// Order: the tier; then, first those whose title or one of whose names is the query (as
// for Exact) with each word that is in no dictionary taken for its first expansion;
// then float32(final) descending, then the document's number.
// Where the last word has only begun and gives no unit, those of the first ten hits whose title
// or one of whose names has a term that begins with p go before those of the same tier (and
// likewise named) that have none: the list stays as it was, but what may be meant comes first.
// Rounding makes what is equal in mathematics equal in both readers, whatever the
// order of their sums.
//
// # What a result shows
//
// Facets count the hits that are neither Near nor Partial: kinds and tags by count, then value; years
// from the last. The suggestion replaces each unknown word, one without any but typo
// expansions (or a phrase's term that is in no dictionary), by the first of these, written as a
// document writes it. The section linked to is the one that has the most of the query's units
// in its heading and text, if these are more than the title has. The excerpt is
// the piece of it with the most units, then the most matches.
package engine

import (
	"time"

	"vigie/generator/internal/search/segment"
)

// boosts weigh the text fields.
var boosts = [segment.TextFields]float64{
	segment.Title:    6,
	segment.Names:    6,
	segment.Headings: 2.5,
	segment.Summary:  2,
	segment.Entities: 1,
	segment.Body:     1,
}

// phraseFields are where a phrase is looked for.
var phraseFields = []segment.Field{segment.Title, segment.Names, segment.Headings, segment.Summary, segment.Body}

const (
	exactFactor      = 1.0
	completionFactor = 0.4
	typoFactor       = 0.6 // of one edit
	typosFactor      = 0.3 // of two

	minPrefix      = 3 // characters of a beginning that is completed
	maxCompletions = 12
	minStem        = 4
	minTypo        = 4 // characters from which one edit is tolerated
	minTypos       = 8 // characters from which two are
	maxTypos       = 8

	nearWeight  = 0.5
	freshWeight = 0.1
	blockSize   = 16 // positions

	fewHits = 3 // fewer hits call for near and partial ones

	begunHits = 10 // are looked through for a title with a word that has begun
)

// endings are what stemmers drop from longer words.
var endings = []string{"ation", "ition", "isation", "ement", "ique", "inage", "nnelle"}

// Limits of one search.
const (
	DefaultLimit = 10
	MaxLimit     = 100
	MaxTime      = 5 * time.Second
)
