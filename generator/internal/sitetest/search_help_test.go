package sitetest

import (
	"bytes"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"vigie/generator/internal/search"
	"vigie/generator/internal/search/query"
)

// TestSearchHelp holds the help on search to what search does: each of its examples
// finds a page other than itself, and its limits are the parser's.
func TestSearchHelp(t *testing.T) {
	site := Own(t)
	searchers := published(t, site)
	for lang, at := range map[string]struct{ file, page, search string }{
		"fr": {"aide-recherche/index.html", "/aide-recherche/", "/search/"},
		"en": {"en/aide-recherche/index.html", "/en/aide-recherche/", "/en/search/"},
	} {
		data, ok := site.Files.Get(at.file)
		if !ok {
			t.Errorf("site publishes no %s", at.file)
			continue
		}
		root, err := html.Parse(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		examples := 0
		var text strings.Builder
		for n := range root.Descendants() {
			if n.Type == html.TextNode {
				text.WriteString(n.Data)
			}
			for _, a := range n.Attr {
				u, err := url.Parse(a.Val)
				if a.Key != "href" || err != nil || u.Path != at.search || !u.Query().Has("q") {
					continue
				}
				examples++
				q := u.Query().Get("q")
				result, err := searchers[lang].Search(t.Context(), search.Request{Query: q})
				if err != nil {
					t.Fatal(err)
				}
				if result.Total == 0 || result.Hits[0].ID == at.page {
					t.Errorf("%s: example %q finds %d pages, first of them %+v", at.file, q, result.Total, result.Hits[:min(1, len(result.Hits))])
				}
			}
		}
		if examples < 12 {
			t.Errorf("%s has %d examples", at.file, examples)
		}
		plain := strings.NewReplacer(",", "", "\u202f", "", "\u00a0", "", " ", "").Replace(text.String())
		for what, limit := range map[string]int{
			"caract": query.MaxLength, "charac": query.MaxLength, "mots": query.MaxWords, "words": query.MaxWords,
			"expressions": query.MaxPhrases, "phrases": query.MaxPhrases, "exclusions": query.MaxWithout,
		} {
			french := what == "caract" || what == "mots" || what == "expressions"
			if stated := strconv.Itoa(limit) + what; what != "exclusions" && french != (lang == "fr") {
				continue
			} else if !strings.Contains(plain, stated) {
				t.Errorf("%s does not say %s", at.file, stated)
			}
		}
	}
	for name := range map[string]bool{"search/index.html": true, "glossaire/index.html": true} {
		if data, _ := site.Files.Get(name); !bytes.Contains(data, []byte(`href="/aide-recherche/"`)) {
			t.Errorf("%s does not lead to the help", name)
		}
	}
}
