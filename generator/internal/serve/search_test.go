package serve_test

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"vigie/generator/internal/search"
	"vigie/generator/internal/serve"
)

// searchPage is a search page as a theme makes it: the place for results, and the
// texts to say them with.
const searchPage = `<!doctype html><title>Rechercher</title><form><input name="q"></form>` +
	`<div id="search-results"><p>toutes les pages</p></div>` +
	`<template><p data-text="results" data-single="1 résultat">%d résultats</p><p data-text="none">Rien pour %s.</p>` +
	`<p data-text="suggestion">Essayer %s</p><p data-text="partial">En partie</p><p data-text="near">Proches</p><p data-text="none-exact">Pas ainsi</p><p data-text="more">Suite</p></template>`

// fake is an index that answers by what the query says.
type fake struct{}

func (fake) Search(ctx context.Context, r search.Request) (search.Result, error) {
	result := search.Result{Query: r.Query}
	switch {
	case r.Query == "panne":
		return result, errors.New("segment is corrupt")
	case r.Query == "rien":
		result.Suggestion = "bien"
		return result, nil
	}
	if r.Query == `"presque"` {
		result.Near, result.Partial = 1, 1
		result.Hits = []search.Hit{{ID: "/d/", Title: "Proche", Tier: search.Near}, {ID: "/c/", Title: "Partiel", Tier: search.Partial}}
		return result, nil
	}
	result.Total, result.Partial = 25, 1
	for i := r.Offset; i < min(r.Offset+r.Limit, 25); i++ {
		result.Hits = append(result.Hits, search.Hit{ID: "/a b/", Title: "<Titre> " + r.Query, KindTitle: "Actualités", Kind: "article", Anchor: "où",
			Heading: "Où", Date: time.Date(2025, 4, 17, 0, 0, 0, 0, time.UTC), Excerpt: []search.Fragment{{Text: "avant "}, {Text: "<b>", Match: true}}})
	}
	result.Hits = append(result.Hits, search.Hit{ID: "/c/", Title: "Partiel", Tier: search.Partial, Summary: "Résumé"})
	return result, nil
}

// searchSite is a site with one index, at base.
func searchSite(t *testing.T, open serve.OpenIndex, base string) http.Handler {
	t.Helper()
	descriptor := search.Descriptor{Version: search.DescriptorVersion, Languages: []search.LanguageDescriptor{{Lang: "fr", Page: "search/", Index: "search/fr.0123456789.vigie", Manifest: "search/fr.bin"}}}
	site := fstest.MapFS{
		"index.html":                 {Data: []byte("accueil")},
		"search/index.html":          {Data: []byte(searchPage)},
		"search/index.json":          {Data: descriptor.Encode()},
		"search/fr.0123456789.vigie": {Data: []byte("index")},
		"search/fr.bin":              {Data: []byte("manifest")},
	}
	return serve.New(func() fs.FS { return site }, serve.Options{OpenIndex: open, BasePath: base})
}

func works([]byte) (search.Searcher, error) { return fake{}, nil }

func ask(h http.Handler, method, target string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(method, target, nil))
	return w
}

func TestSearchJSON(t *testing.T) {
	h := searchSite(t, works, "/docs/")
	w := ask(h, "GET", "/docs/search.json?q=bleu&limit=3&offset=2")
	var answer struct {
		Version, Total, Partial, Offset int
		Lang                            string
		Hits                            []struct{ URL, Title, Date, Match string }
		Kinds                           []any
	}
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
		t.Fatalf("%v: %s", err, w.Body)
	}
	if answer.Version != 1 || answer.Total != 25 || answer.Partial != 1 || answer.Offset != 2 || answer.Lang != "fr" || len(answer.Hits) != 4 || answer.Kinds == nil {
		t.Errorf("answer is %s", w.Body)
	}
	if hit := answer.Hits[0]; hit.URL != "/docs/a%20b/#o%C3%B9" || hit.Date != "2025-04-17" || hit.Match != "exact" {
		t.Errorf("first hit is %+v", hit)
	}
	if got := w.Header().Get("Content-Security-Policy"); got == "" || w.Header().Get("Content-Type") != "application/json; charset=utf-8" {
		t.Errorf("headers are %v", w.Header())
	}
	var suggestions []any
	if err := json.Unmarshal(ask(h, "GET", "/docs/suggest.json?q=bl").Body.Bytes(), &suggestions); err != nil || len(suggestions) != 4 || suggestions[0] != "bl" || len(suggestions[1].([]any)) != 8 {
		t.Errorf("suggestions are %v, %v", suggestions, err)
	}
	for target, want := range map[string]int{
		"/docs/search.json?q=bleu&lang=de":                     400,
		"/docs/search.json?q=" + strings.Repeat("a", 1100):     400,
		"/docs/search.json?q=panne":                            503,
		"/docs/search.json?q=bleu&limit=9999&offset=-4":        200,
		"/docs/search.json?q=%ff%00%e2%80%ae&limit=x":          200,
		"/docs/search.json":                                    200,
		"/search.json?q=bleu":                                  404,
		"/docs/search/?q=" + strings.Repeat("%22%2A%20", 1000): 400,
	} {
		if w := ask(h, "GET", target); w.Code != want {
			t.Errorf("%.60s: status %d, want %d", target, w.Code, want)
		}
	}
	if w := ask(h, "HEAD", "/docs/search.json?q=bleu"); w.Code != 200 || w.Body.Len() != 0 {
		t.Errorf("HEAD answers %d with %d bytes", w.Code, w.Body.Len())
	}
	if w := ask(h, "POST", "/docs/search.json?q=bleu"); w.Code != 405 {
		t.Errorf("POST answers %d", w.Code)
	}
}

func TestSearchPage(t *testing.T) {
	h := searchSite(t, works, "")
	contains := func(target string, code int, want ...string) string {
		t.Helper()
		w := ask(h, "GET", target)
		if w.Code != code {
			t.Errorf("%s: status %d, want %d", target, w.Code, code)
		}
		for _, s := range want {
			if !strings.Contains(w.Body.String(), s) {
				t.Errorf("%s lacks %s in\n%s", target, s, w.Body)
			}
		}
		return w.Body.String()
	}
	page := contains("/search/?q=%3Cscript%3Ealert(1)%3C/script%3E", 200, `<p class="search-count">25 résultats</p>`, `value="&lt;script&gt;`,
		`&lt;Titre&gt; &lt;script&gt;alert(1)`, `href="/a%20b/#o%C3%B9"`, `avant <mark>&lt;b&gt;</mark>`, `<h2 class="search-partial">En partie</h2>`, `Résumé`,
		`<a rel="next" href="/search/?offset=10&amp;q=%3Cscript%3Ealert%281%29%3C%2Fscript%3E">Suite</a>`)
	if strings.Contains(page, "<script") || strings.Contains(page, "toutes les pages") {
		t.Errorf("results page is\n%s", page)
	}
	// What has the phrase only nearly stands apart, before what has a part of it.
	contains("/search/?q=%22presque%22", 200, `<p class="search-count">Pas ainsi</p>`, `<h2 class="search-partial">Proches</h2><ol class="search-hits" start="1"><li class="search-hit"><h3 class="search-title"><a href="/d/">`,
		`<h2 class="search-partial">En partie</h2><ol class="search-hits" start="1"><li class="search-hit"><h3 class="search-title"><a href="/c/">`)
	if w := ask(h, "GET", "/search.json?q=%22presque%22"); !strings.Contains(w.Body.String(), `"total":0,"near":1,"partial":1,`) || !strings.Contains(w.Body.String(), `"match":"near"`) {
		t.Errorf("answer is %s", w.Body)
	}
	contains("/search/?q=rien", 200, "Rien pour rien.", `<a href="/search/?q=bien">Essayer bien</a>`)
	contains("/search/", 200, "toutes les pages")
	contains("/search/?q=panne", 200, "toutes les pages") // the site stays up
	if got := contains("/search/?q=bleu&offset=20", 200, `start="21"`); strings.Contains(got, `rel="next"`) {
		t.Error("the last page of results leads on")
	}
}

func TestSearchUnavailable(t *testing.T) {
	opened := 0
	h := searchSite(t, func([]byte) (search.Searcher, error) {
		opened++
		return nil, errors.New("index is damaged")
	}, "")
	for range 2 { // it is tried again: a new build may have cured it
		if w := ask(h, "GET", "/search.json?q=bleu"); w.Code != 503 || !strings.Contains(w.Body.String(), "unavailable") || strings.Contains(w.Body.String(), "damaged") {
			t.Errorf("answer is %d %s", w.Code, w.Body)
		}
	}
	if opened != 2 {
		t.Errorf("index opened %d times", opened)
	}
	if w := ask(h, "GET", "/search/?q=bleu"); w.Code != 200 || !strings.Contains(w.Body.String(), "toutes les pages") {
		t.Errorf("page is %d %s", w.Code, w.Body)
	}
	if w := ask(h, "GET", "/search/fr.0123456789.vigie"); w.Header().Get("Cache-Control") != "public, max-age=31536000, immutable" {
		t.Errorf("index is cached %q", w.Header().Get("Cache-Control"))
	}
	if w := ask(h, "GET", "/search/fr.bin"); w.Header().Get("Cache-Control") != "no-cache" {
		t.Errorf("manifest is cached %q", w.Header().Get("Cache-Control"))
	}
}
