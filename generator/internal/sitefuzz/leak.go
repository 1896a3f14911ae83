package sitefuzz

import (
	"path"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/text/unicode/norm"

	"vigie/generator/internal/search"
	"vigie/generator/internal/search/segment"
)

// leaks finds hidden words in what is published: in names and in bytes, whatever the
// file is. What shards hold compressed is a projection of the index, which
// [findings.index] reads.
func (list *findings) leaks(files map[string][]byte) {
	for name, data := range files {
		for _, m := range Hidden.FindAllStringSubmatch(name, -1) {
			list.add("leak", "%s in the name of a file (%s)", strings.ToLower(m[1]), class(name))
		}
		for _, m := range Hidden.FindAllSubmatch(data, -1) {
			list.add("leak", "%s in %s", strings.ToLower(string(m[1])), class(name))
		}
	}
}

// class says what a published file is, so that the same finding in two of a kind is one.
func class(name string) string {
	switch {
	case strings.HasSuffix(name, "/index.md"), name == "index.md":
		return "Markdown alternate"
	case strings.HasPrefix(name, "search/") && strings.HasSuffix(name, ".vigie"):
		return "index"
	case strings.HasPrefix(name, "search/") && !strings.HasSuffix(name, ".html"):
		return "shards"
	case strings.HasSuffix(name, "feed.xml"), strings.HasSuffix(name, "feed.json"), strings.HasSuffix(name, "atom.xml"):
		return "feed"
	case path.Ext(name) == ".html":
		return "HTML"
	case strings.Contains(name, "/") && (path.Ext(name) == ".css" || path.Ext(name) == ".js"):
		return "asset"
	}
	return "another file"
}

// index finds hidden words in the indexes: in what is stored of pages, in the
// dictionaries.
func (list *findings) index(files map[string][]byte) {
	for name, data := range files {
		if path.Ext(name) != ".vigie" {
			continue
		}
		s, err := segment.Open(data)
		if err != nil {
			list.add("index", "%s does not open: %v", name, err)
			continue
		}
		for i := range s.Meta().Documents {
			r, err := s.Record(i)
			if err != nil {
				list.add("index", "%s: %v", name, err)
				continue
			}
			texts := append([]string{r.ID, r.Title, r.Summary}, slices.Concat(r.Names, r.Tags)...)
			for _, section := range r.Body {
				texts = append(texts, section.Anchor, section.Heading, section.Text)
			}
			for _, text := range texts {
				for _, m := range Hidden.FindAllStringSubmatch(text, -1) {
					list.add("leak", "%s in index", strings.ToLower(m[1]))
				}
			}
		}
		for term, err := range s.Terms("", "") {
			if err != nil {
				list.add("index", "%s: %v", name, err)
				break
			}
			if m := Hidden.FindStringSubmatch(term.Text); m != nil {
				list.add("leak", "%s in index", strings.ToLower(m[1]))
			}
		}
	}
	if _, ok := files[search.DescriptorPath]; !ok {
		list.add("index", "%s is missing", search.DescriptorPath)
	}
}

// lost finds visible words that no page shows and search does not know, in a file of which
// nothing is said.
func (list *findings) lost(s Site, b Built) {
	shown := map[string]bool{}
	for name, data := range b.Files {
		if path.Ext(name) == ".html" {
			data = append([]byte(name+" "), data...) // an alias
			for _, word := range Visible.FindAllString(visibleText(data), -1) {
				shown[word] = true
			}
		}
	}
	for name, data := range b.Files { // other names of a thing are for search
		if path.Ext(name) != ".vigie" {
			continue
		}
		if index, err := segment.Open(data); err == nil {
			for i := range index.Meta().Documents {
				r, _ := index.Record(i)
				for _, word := range Visible.FindAllString(strings.Join(r.Names, " "), -1) {
					shown[word] = true
				}
			}
		}
	}
	for _, name := range s.Paths() {
		if !strings.HasPrefix(name, "content/") {
			continue
		}
		for _, word := range Visible.FindAllString(s[name], -1) {
			if shown[word] {
				continue
			}
			told := false
			for _, d := range b.Diags {
				told = told || d.File == norm.NFC.String(name)
			}
			if !told {
				list.add("lost", "%s of %s is on no page, and nothing is said of it", word, name)
			}
		}
	}
}

// visibleText is what a browser shows of a page: its text, and the attributes that are
// read out.
func visibleText(data []byte) string {
	root, err := html.Parse(strings.NewReader(string(data)))
	if err != nil {
		return ""
	}
	var b strings.Builder
	for n := range root.Descendants() {
		switch {
		case n.Type == html.TextNode && n.Parent.Data != "script" && n.Parent.Data != "style" && n.Parent.Data != "template":
			b.WriteString(n.Data + " ")
		case n.Type == html.ElementNode:
			for _, a := range n.Attr {
				if a.Key == "alt" || a.Key == "title" || a.Key == "aria-label" || a.Key == "href" || n.Data == "meta" && a.Key == "content" {
					b.WriteString(" " + a.Val + " ")
				}
			}
		}
	}
	return b.String()
}
