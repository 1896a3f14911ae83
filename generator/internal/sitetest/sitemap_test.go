package sitetest

import (
	"bytes"
	"encoding/xml"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
)

// alternates are the addresses of a page's languages, by hreflang.
type alternates map[string]string

// lists are the layouts of pages that only lead to others; the sitemap may do
// without them, as without the later pages of a list.
var lists = []string{"layout-archives", "layout-archive", "layout-taxonomy", "layout-search"}

// TestSitemap asserts that the sitemap lists every page that says something and may
// be indexed, once, and that what it says of a page's languages is what the page
// says, and what its translations say of it.
func TestSitemap(t *testing.T) {
	site := Own(t)
	files, base := site.Files.FS(), site.Config.BaseURL.String()
	data, err := fs.ReadFile(files, "sitemap.xml")
	if err != nil {
		t.Fatal(err)
	}
	var sitemap struct {
		URLs []struct {
			Loc   string `xml:"loc"`
			Links []struct {
				Lang string `xml:"hreflang,attr"`
				Href string `xml:"href,attr"`
			} `xml:"http://www.w3.org/1999/xhtml link"`
		} `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 url"`
	}
	if err := xml.Unmarshal(data, &sitemap); err != nil {
		t.Fatal(err)
	}
	listed := map[string]alternates{}
	for _, u := range sitemap.URLs {
		if listed[u.Loc] != nil {
			t.Errorf("%s stands twice", u.Loc)
		}
		listed[u.Loc] = alternates{}
		for _, l := range u.Links {
			listed[u.Loc][l.Lang] = l.Href
		}
	}

	pages := map[string]alternates{}
	names, err := Pages(files)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		data, err := fs.ReadFile(files, name)
		if err != nil {
			t.Fatal(err)
		}
		head := headOf(t, data)
		if head.noindex {
			continue
		}
		if want := base + strings.TrimSuffix(name, "index.html"); head.canonical != want {
			t.Errorf("%s calls itself %q", name, head.canonical)
		}
		if listed[head.canonical] == nil && (slices.Contains(lists, head.layout) || strings.Contains(name, "/page/")) {
			continue
		}
		pages[head.canonical] = head.languages
	}
	if diff := cmp.Diff(pages, listed); diff != "" {
		t.Errorf("pages and sitemap differ, -pages +sitemap:\n%s", diff)
	}

	translated := 0
	for loc, links := range listed {
		if len(links) == 0 {
			continue
		}
		translated++
		own := slices.Collect(maps.Values(links))
		if !slices.Contains(own, loc) {
			t.Errorf("%s does not list itself", loc)
		}
		if links["x-default"] == "" {
			t.Errorf("%s has no x-default", loc)
		}
		for lang, href := range links {
			if !maps.Equal(listed[href], links) {
				t.Errorf("%s calls %s its %s, which does not answer", loc, href, lang)
			}
		}
	}
	if translated < 10 {
		t.Errorf("%d translated pages, want at least 10", translated)
	}
}

// head is what a page says of itself to a search engine.
type head struct {
	canonical string
	layout    string
	noindex   bool
	languages alternates
}

func headOf(t *testing.T, data []byte) head {
	t.Helper()
	root, err := html.Parse(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	h := head{languages: alternates{}}
	for n := range root.Descendants() {
		attributes := map[string]string{}
		for _, a := range n.Attr {
			attributes[a.Key] = a.Val
		}
		switch {
		case n.Data == "body":
			h.layout = attributes["class"]
		case n.Data == "meta" && attributes["name"] == "robots":
			h.noindex = strings.Contains(attributes["content"], "noindex")
		case n.Data == "link" && attributes["rel"] == "canonical":
			h.canonical = attributes["href"]
		case n.Data == "link" && attributes["rel"] == "alternate" && attributes["hreflang"] != "":
			h.languages[attributes["hreflang"]] = attributes["href"]
		}
	}
	return h
}
