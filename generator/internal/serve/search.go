package serve

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"vigie/generator/internal/search"
)

// OpenIndex opens the bytes of an index file.
type OpenIndex func(file []byte) (search.Searcher, error)

// The limits of a search request.
const (
	searchTime  = 2 * time.Second
	maxQuery    = 1024 // bytes; longer ones are refused
	maxHits     = 50
	defaultHits = 10
	maxOffset   = 1000
	suggestions = 8
)

// searches answers queries from the indexes that the site publishes. Each index is
// opened when it is first asked, and again when the site was replaced.
type searches struct {
	open OpenIndex
	mu   sync.Mutex
	kept map[string]search.Searcher // by the index's path, which names its bytes
}

// errNoSearch says that the site publishes no index for what was asked.
var errNoSearch = errors.New("serve: site has no search index")

// descriptor reads what the site says of its indexes.
func (s *searches) descriptor(site fs.FS) (search.Descriptor, error) {
	data, err := fs.ReadFile(site, search.DescriptorPath)
	if errors.Is(err, fs.ErrNotExist) {
		return search.Descriptor{}, errNoSearch
	}
	if err != nil {
		return search.Descriptor{}, err
	}
	return search.ParseDescriptor(data)
}

// searcher returns the open index of a language.
func (s *searches) searcher(site fs.FS, l search.LanguageDescriptor) (search.Searcher, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if open := s.kept[l.Index]; open != nil {
		return open, nil
	}
	data, err := fs.ReadFile(site, l.Index)
	if err != nil {
		return nil, err
	}
	opened, err := s.open(data)
	if err != nil {
		return nil, err
	}
	if len(s.kept) > 8 { // of sites that are gone
		s.kept = nil
	}
	if s.kept == nil {
		s.kept = map[string]search.Searcher{}
	}
	s.kept[l.Index] = opened
	return opened, nil
}

// search answers a request for one of the search addresses: the search page with a
// query, search.json and suggest.json. It reports false for all others.
func (s *server) search(w *response, r *http.Request, name string) bool {
	if s.searches == nil {
		return false
	}
	query := r.URL.Query()
	text := query.Get("q")
	data := name == "search.json" || name == "suggest.json"
	if !data && (text == "" || !strings.HasSuffix(name, "/")) {
		return false
	}
	site := s.site()
	d, err := s.searches.descriptor(site)
	if errors.Is(err, errNoSearch) {
		return false
	}
	var lang search.LanguageDescriptor
	found := false
	if err == nil {
		if data {
			lang, found = d.Of(query.Get("lang"))
		}
		for _, l := range d.Languages {
			if l.Page == name {
				lang, found = l, true
			}
		}
		if !found && !data {
			return false
		}
	}
	switch {
	case err != nil:
		s.searchFailed(w, r, name, data, err)
		return true
	case !found:
		s.searchRefused(w, "language is not one of the site's")
		return true
	case len(text) > maxQuery:
		s.searchRefused(w, "query is longer than "+strconv.Itoa(maxQuery)+" bytes")
		return true
	}
	request := search.Request{Query: text, Limit: number(query, "limit", defaultHits, 1, maxHits), Offset: number(query, "offset", 0, 0, maxOffset)}
	if name == "suggest.json" {
		request.Limit, request.Offset = suggestions, 0
	}
	ctx, cancel := context.WithTimeout(r.Context(), searchTime)
	defer cancel()
	searcher, err := s.searches.searcher(site, lang)
	var result search.Result
	if err == nil {
		result, err = searcher.Search(ctx, request)
	}
	if err != nil {
		s.searchFailed(w, r, name, data, err)
		return true
	}
	w.Header().Set("Cache-Control", "no-cache")
	switch name {
	case "search.json":
		s.sendJSON(w, r, "application/json; charset=utf-8", search.NewAnswer(result, lang.Lang, request.Offset, s.base))
	case "suggest.json":
		s.sendJSON(w, r, "application/x-suggestions+json; charset=utf-8", suggest(result, text, s.base))
	default:
		s.sendResults(w, r, site, name, result, request)
	}
	return true
}

// number reads a whole number of a query, held between least and most.
func number(query url.Values, key string, otherwise, least, most int) int {
	n, err := strconv.Atoi(query.Get(key))
	if err != nil {
		n = otherwise
	}
	return min(max(n, least), most)
}

// searchRefused answers a request that asks for too much or for nothing we have.
func (s *server) searchRefused(w *response, why string) {
	w.Header().Set("Cache-Control", "no-cache")
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(http.StatusBadRequest)
	_ = json.NewEncoder(w).Encode(map[string]any{"version": search.AnswerVersion, "error": why})
}

// searchFailed says that search does not work just now. The site stays up: the
// search page is served as any page, with its list of all pages.
func (s *server) searchFailed(w *response, r *http.Request, name string, data bool, err error) {
	s.log.Error("search failed", "path", r.URL.Path, "query", r.URL.Query().Get("q"), "error", err)
	if !data {
		s.file(w, r, name)
		return
	}
	w.Header().Set("Cache-Control", "no-cache")
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(http.StatusServiceUnavailable)
	_ = json.NewEncoder(w).Encode(map[string]any{"version": search.AnswerVersion, "error": "the search index is unavailable"})
}

// sendJSON sends a value as JSON.
func (s *server) sendJSON(w *response, r *http.Request, mediaType string, value any) {
	w.Header().Set("Content-Type", mediaType)
	data, err := json.Marshal(value)
	if err != nil {
		s.log.Error("search failed", "path", r.URL.Path, "error", err)
		s.fail(w, http.StatusInternalServerError)
		return
	}
	if r.Method == http.MethodHead {
		w.Header().Set("Content-Length", strconv.Itoa(len(data)))
		w.WriteHeader(http.StatusOK)
		return
	}
	_, _ = w.Write(data)
}
