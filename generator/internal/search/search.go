// Package search owns the words that search speaks: what is indexed ([Document]),
// what is found ([Hit], [Result]) and who finds it ([Searcher]). It neither indexes
// nor searches, and imports nothing of ours.
package search

import (
	"context"
	"time"
)

// Document is a page as the index sees it: plain texts with their typography, no
// Markdown and no HTML.
type Document struct {
	ID        string // the site path, unique: "/fournisseurs/bleu/"
	Lang      string
	Kind      string // "provider"
	KindTitle string // « Fournisseurs »
	Title     string
	Names     []string // other names of the thing
	Summary   string
	Body      []Section
	Entities  []string // titles of the pages of things that the page links to
	Tags      []string // slugs
	TagTitles []string
	Date      time.Time // zero without
}

// Section is a part of a document's body that a link can lead to.
type Section struct {
	Anchor  string // "" for what stands before the first heading
	Heading string // "" likewise
	Text    string
}

// Hit is a document found.
type Hit struct {
	ID        string
	Score     float64
	Tier      Tier
	Title     string
	Kind      string
	KindTitle string
	Summary   string
	Tags      []string
	Date      time.Time
	// Anchor and Heading name the section that matches best; "" for the page as a whole.
	Anchor, Heading string
	// Excerpt is a piece of the document's text around the matches, in parts.
	Excerpt []Fragment
	// Explanation tells how the score came about; empty unless asked for.
	Explanation string
}

// Fragment is a piece of an excerpt.
type Fragment struct {
	Text  string
	Match bool // to be marked
}

// Tier says how well a hit answers; hits of a better tier always go first.
type Tier int

// The tiers, the best first.
const (
	Exact   Tier = iota // the title or a name is the query
	All                 // every word is there, exactly or as the beginning of one
	Typo                // every word is there, some with a typo
	Near                // as above, but of a phrase the words are near each other, or inflected
	Partial             // some of the words are there
)

// Facet counts the hits that have a value.
type Facet struct {
	Value string
	Title string
	Count int
}

// Result is the answer to a query.
type Result struct {
	Query      string
	Total      int // hits of the tiers Exact, All and Typo
	Near       int // hits of the tier Near
	Partial    int // hits of the tier Partial
	Hits       []Hit
	Kinds      []Facet
	Tags       []Facet
	Years      []Facet
	Suggestion string   // "did you mean": the query with its unknown words replaced; ""
	Ignored    []string // what of the query was not used, and why
}

// Request asks for hits.
type Request struct {
	Query   string
	Offset  int
	Limit   int // 0 means 10
	Explain bool
}

// Searcher answers queries over the documents of one language.
type Searcher interface {
	// Search answers a request. A query of any bytes is answered; an error means
	// that the index or the context failed.
	Search(ctx context.Context, r Request) (Result, error)
}
