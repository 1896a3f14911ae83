package serve

import (
	"bytes"
	"io/fs"
	"net/http"
	"path"
	"strconv"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"vigie/generator/internal/search"
)

// suggest is a result in the form of OpenSearch suggestions: the query, completions,
// their descriptions, their addresses.
func suggest(r search.Result, query, base string) []any {
	titles, descriptions, addresses := []string{}, []string{}, []string{}
	for _, h := range r.Hits {
		if h.Tier >= search.Near {
			continue
		}
		titles, descriptions, addresses = append(titles, h.Title), append(descriptions, h.KindTitle), append(addresses, h.URL(base))
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
