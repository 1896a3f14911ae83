package serve

import (
	"cmp"
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/net/html"

	"vigie/generator/internal/search"
)

// resultWriter builds the HTML of results as nodes, so that no text of a page or of
// a query can become markup. texts are the page's own words for it, by the value of
// the attribute data-text.
type resultWriter struct {
	texts map[string]string
	base  string
}

// element appends an element with attributes in pairs to parent and returns it.
func element(parent *html.Node, name string, pairs ...string) *html.Node {
	n := &html.Node{Type: html.ElementNode, Data: name}
	for i := 0; i+1 < len(pairs); i += 2 {
		n.Attr = append(n.Attr, html.Attribute{Key: pairs[i], Val: pairs[i+1]})
	}
	parent.AppendChild(n)
	return n
}

func text(parent *html.Node, s string) {
	parent.AppendChild(&html.Node{Type: html.TextNode, Data: s})
}

// say returns one of the page's texts, with %d and %s replaced.
func (b resultWriter) say(name, otherwise string, n int, s string) string {
	return strings.NewReplacer("%d", strconv.Itoa(n), "%s", s).Replace(cmp.Or(b.texts[name], otherwise))
}

// write appends the results to parent. self is the page's path, for links to
// further pages of results.
func (b resultWriter) write(parent *html.Node, r search.Result, request search.Request, self string) {
	link := func(query string, offset int) string {
		q := url.Values{"q": {query}}
		if offset > 0 {
			q.Set("offset", strconv.Itoa(offset))
		}
		return self + "?" + q.Encode()
	}
	switch r.Total {
	case 0:
		none := b.say("none", "No page answers “%s”.", 0, r.Query)
		if r.Near > 0 {
			none = b.say("none-exact", "No page has exactly this phrase.", 0, "")
		}
		text(element(parent, "p", "class", "search-count"), none)
	case 1:
		text(element(parent, "p", "class", "search-count"), b.say("results-one", "1 result", 1, r.Query))
	default:
		text(element(parent, "p", "class", "search-count"), b.say("results", "%d results", r.Total, r.Query))
	}
	if r.Suggestion != "" {
		p := element(parent, "p", "class", "search-suggestion")
		text(element(p, "a", "href", link(r.Suggestion, 0)), b.say("suggestion", "Try “%s”", 0, r.Suggestion))
	}
	for _, ignored := range r.Ignored {
		text(element(parent, "p", "class", "search-ignored"), b.say("ignored", "Not used: %s", 0, ignored))
	}
	var list *html.Node
	apart := search.Exact // the tier that stands under a title of its own
	for _, h := range r.Hits {
		if h.Tier >= search.Near && h.Tier != apart {
			apart, list = h.Tier, nil
			title := b.say("partial", "Pages that answer a part of it", 0, "")
			if apart == search.Near {
				title = b.say("near", "Pages with a phrase like it", 0, "")
			}
			text(element(parent, "h2", "class", "search-partial"), title)
		}
		if list == nil {
			list = element(parent, "ol", "class", "search-hits", "start", strconv.Itoa(request.Offset+1))
		}
		b.hit(element(list, "li", "class", "search-hit"), h)
	}
	limit := cmp.Or(request.Limit, defaultHits)
	if request.Offset+len(r.Hits) < r.Total+r.Near+r.Partial && len(r.Hits) > 0 && request.Offset+limit <= maxOffset {
		more := element(parent, "p", "class", "more search-more")
		text(element(more, "a", "rel", "next", "href", link(r.Query, request.Offset+limit)), b.say("more", "More results", 0, ""))
	}
}

// hit appends one result.
func (b resultWriter) hit(li *html.Node, h search.Hit) {
	heading := element(li, "h3", "class", "search-title")
	text(element(heading, "a", "href", h.URL(b.base)), h.Title)
	var about []string
	for _, s := range []string{h.KindTitle, h.Heading} {
		if s != "" {
			about = append(about, s)
		}
	}
	meta := element(li, "p", "class", "search-meta")
	text(meta, strings.Join(about, " › "))
	if !h.Date.IsZero() {
		if len(about) > 0 {
			text(meta, " ")
		}
		day := h.Date.Format("2006-01-02")
		text(element(meta, "time", "datetime", day), day)
	}
	if meta.FirstChild == nil {
		li.RemoveChild(meta)
	}
	excerpt := element(li, "p", "class", "search-excerpt")
	for _, f := range h.Excerpt {
		if f.Match {
			text(element(excerpt, "mark"), f.Text)
			continue
		}
		text(excerpt, f.Text)
	}
	if len(h.Excerpt) == 0 {
		text(excerpt, h.Summary)
	}
	if excerpt.FirstChild == nil || h.Summary == "" && len(h.Excerpt) == 0 {
		li.RemoveChild(excerpt)
	}
}
