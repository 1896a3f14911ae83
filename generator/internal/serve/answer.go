package serve

import (
	"bytes"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"vigie/generator/internal/search"
)

// answerVersion is the version of search.json's form. A field may be added within
// it; one that changes or goes raises it.
const answerVersion = 1

// answer is the form of search.json.
type answer struct {
	Version    int      `json:"version"`
	Query      string   `json:"query"`
	Lang       string   `json:"lang"`
	Total      int      `json:"total"`   // hits that answer the whole query
	Partial    int      `json:"partial"` // hits that answer a part of it
	Offset     int      `json:"offset"`
	Hits       []hit    `json:"hits"`
	Kinds      []facet  `json:"kinds"`
	Tags       []facet  `json:"tags"`
	Years      []facet  `json:"years"`
	Suggestion string   `json:"suggestion,omitempty"` // "did you mean"
	Ignored    []string `json:"ignored,omitempty"`
}

type hit struct {
	URL     string     `json:"url"` // from the server's root, with the section's anchor
	Title   string     `json:"title"`
	Kind    string     `json:"kind"`
	Date    string     `json:"date,omitempty"`    // YYYY-MM-DD
	Heading string     `json:"heading,omitempty"` // of the section
	Summary string     `json:"summary,omitempty"`
	Excerpt []fragment `json:"excerpt,omitempty"`
	Tags    []string   `json:"tags,omitempty"`
	Score   float64    `json:"score"`
	Match   string     `json:"match"` // exact, all, typo or partial
}

type fragment struct {
	Text  string `json:"text"`
	Match bool   `json:"match,omitempty"`
}

type facet struct {
	Value string `json:"value"`
	Title string `json:"title,omitempty"`
	Count int    `json:"count"`
}

// matches names the tiers, in their order.
var matches = []string{"exact", "all", "typo", "partial"}

func newAnswer(r search.Result, lang string, request search.Request, base string) answer {
	a := answer{Version: answerVersion, Query: r.Query, Lang: lang, Total: r.Total, Partial: r.Partial, Offset: request.Offset,
		Hits: []hit{}, Kinds: facets(r.Kinds), Tags: facets(r.Tags), Years: facets(r.Years), Suggestion: r.Suggestion, Ignored: r.Ignored}
	for _, h := range r.Hits {
		one := hit{URL: hitURL(h, base), Title: h.Title, Kind: h.Kind, Heading: h.Heading, Summary: h.Summary, Tags: h.Tags, Score: h.Score}
		if int(h.Tier) < len(matches) {
			one.Match = matches[h.Tier]
		}
		if !h.Date.IsZero() {
			one.Date = h.Date.Format("2006-01-02")
		}
		for _, f := range h.Excerpt {
			one.Excerpt = append(one.Excerpt, fragment(f))
		}
		a.Hits = append(a.Hits, one)
	}
	return a
}

func facets(list []search.Facet) []facet {
	out := []facet{}
	for _, f := range list {
		out = append(out, facet(f))
	}
	return out
}

// hitURL is where a hit leads.
func hitURL(h search.Hit, base string) string {
	u := url.URL{Path: base + strings.TrimPrefix(h.ID, "/"), Fragment: h.Anchor}
	return u.String()
}

// suggest is a result in the form of OpenSearch suggestions: the query, completions,
// their descriptions, their addresses.
func suggest(r search.Result, query, base string) []any {
	titles, descriptions, addresses := []string{}, []string{}, []string{}
	for _, h := range r.Hits {
		if h.Tier == search.Partial {
			continue
		}
		titles, descriptions, addresses = append(titles, h.Title), append(descriptions, h.KindTitle), append(addresses, hitURL(h, base))
	}
	return []any{query, titles, descriptions, addresses}
}

// sendResults sends the search page with the results in it, for readers without
// JavaScript: what the element with the id search-results holds gives way to them.
// Texts come from the elements with data-text that the page has for its script, so
// that they are in its language.
func (s *server) sendResults(w *response, r *http.Request, site fs.FS, name string, result search.Result, request search.Request) {
	data, err := fs.ReadFile(site, path.Join(name, "index.html"))
	var page []byte
	if err == nil {
		page, err = fillResults(data, result, request, s.base, r.URL.Path)
	}
	if err != nil {
		s.searchFailed(w, r, name, false, err)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(page)))
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = w.Write(page)
	}
}

// fillResults puts results into a search page.
func fillResults(page []byte, result search.Result, request search.Request, base, self string) ([]byte, error) {
	root, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		return nil, err
	}
	var place, input *html.Node
	texts := map[string]string{}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		switch {
		case attribute(n, "id") == "search-results":
			place = n
		case attribute(n, "data-text") != "" && n.FirstChild != nil:
			texts[attribute(n, "data-text")] = n.FirstChild.Data
			if one := attribute(n, "data-single"); one != "" {
				texts[attribute(n, "data-text")+"-one"] = one
			}
		case n.DataAtom == atom.Input && attribute(n, "name") == "q" && input == nil:
			input = n
		}
	}
	if input != nil {
		setAttribute(input, "value", result.Query)
	}
	if place == nil {
		return page, nil // a theme without a place for results: its own page
	}
	for place.FirstChild != nil {
		place.RemoveChild(place.FirstChild)
	}
	b := resultWriter{texts: texts, base: base}
	b.write(place, result, request, self)
	var out bytes.Buffer
	if err := html.Render(&out, root); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func setAttribute(n *html.Node, key, value string) {
	for i, a := range n.Attr {
		if a.Key == key {
			n.Attr[i].Val = value
			return
		}
	}
	n.Attr = append(n.Attr, html.Attribute{Key: key, Val: value})
}
