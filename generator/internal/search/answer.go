package search

import (
	"net/url"
	"strings"
)

// AnswerVersion is the version of the form of [Answer]. A field may be added within it;
// one that changes or goes raises it.
const AnswerVersion = 1

// Answer is a result as data: what /search.json and vigie search --json say.
type Answer struct {
	Version    int           `json:"version"`
	Query      string        `json:"query"`
	Lang       string        `json:"lang"`
	Total      int           `json:"total"`   // hits that answer the whole query
	Near       int           `json:"near"`    // hits that have a phrase only nearly
	Partial    int           `json:"partial"` // hits that answer a part of it
	Offset     int           `json:"offset"`
	Hits       []AnswerHit   `json:"hits"`
	Kinds      []AnswerFacet `json:"kinds"`
	Tags       []AnswerFacet `json:"tags"`
	Years      []AnswerFacet `json:"years"`
	Suggestion string        `json:"suggestion,omitempty"` // "did you mean"
	Ignored    []string      `json:"ignored,omitempty"`
}

// AnswerHit is a hit of an [Answer].
type AnswerHit struct {
	URL         string           `json:"url"` // from the server's root, with the section's anchor
	Title       string           `json:"title"`
	Kind        string           `json:"kind"`
	Date        string           `json:"date,omitempty"`    // YYYY-MM-DD
	Heading     string           `json:"heading,omitempty"` // of the section
	Summary     string           `json:"summary,omitempty"`
	Excerpt     []AnswerFragment `json:"excerpt,omitempty"`
	Tags        []string         `json:"tags,omitempty"`
	Score       float64          `json:"score"`
	Match       string           `json:"match"` // exact, all, typo, near or partial
	Explanation string           `json:"explanation,omitempty"`
}

// AnswerFragment is a piece of an excerpt.
type AnswerFragment struct {
	Text  string `json:"text"`
	Match bool   `json:"match,omitempty"`
}

// AnswerFacet counts the hits that have a value.
type AnswerFacet struct {
	Value string `json:"value"`
	Title string `json:"title,omitempty"`
	Count int    `json:"count"`
}

// NewAnswer returns a result as data, given its language, how many hits were passed over
// and the path of the site's root, which ends with a slash.
func NewAnswer(r Result, lang string, offset int, base string) Answer {
	a := Answer{Version: AnswerVersion, Query: r.Query, Lang: lang, Total: r.Total, Near: r.Near, Partial: r.Partial, Offset: offset,
		Hits: []AnswerHit{}, Kinds: facets(r.Kinds), Tags: facets(r.Tags), Years: facets(r.Years), Suggestion: r.Suggestion, Ignored: r.Ignored}
	for _, h := range r.Hits {
		one := AnswerHit{URL: h.URL(base), Title: h.Title, Kind: h.Kind, Heading: h.Heading, Summary: h.Summary, Tags: h.Tags,
			Score: h.Score, Match: h.Tier.String(), Explanation: h.Explanation}
		if !h.Date.IsZero() {
			one.Date = h.Date.Format("2006-01-02")
		}
		for _, f := range h.Excerpt {
			one.Excerpt = append(one.Excerpt, AnswerFragment(f))
		}
		a.Hits = append(a.Hits, one)
	}
	return a
}

func facets(list []Facet) []AnswerFacet {
	out := []AnswerFacet{}
	for _, f := range list {
		out = append(out, AnswerFacet(f))
	}
	return out
}

// URL returns where a hit leads, given the path of the site's root.
func (h Hit) URL(base string) string {
	u := url.URL{Path: base + strings.TrimPrefix(h.ID, "/"), Fragment: h.Anchor}
	return u.String()
}

// String returns the tier's name, as data have it.
func (t Tier) String() string {
	switch t {
	case Exact:
		return "exact"
	case All:
		return "all"
	case Typo:
		return "typo"
	case Near:
		return "near"
	case Partial:
		return "partial"
	}
	return ""
}
