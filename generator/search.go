package generator

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"vigie/generator/internal/build"
	"vigie/generator/internal/search"
	"vigie/generator/internal/search/engine"
)

// SearchRequest asks the index of a published site.
type SearchRequest struct {
	Lang    string // the language's code; "" for the site's default
	Query   string // see the package comment of generator/internal/search/query
	Offset  int
	Limit   int  // 0 means 10
	Explain bool // tell how each score came about
}

// SearchResult is the answer.
type SearchResult = search.Result

// SearchTier says how well a hit answers.
type SearchTier = search.Tier

// SearchAnswer is the answer as data, in the form of the server's /search.json.
type SearchAnswer = search.Answer

// Search queries the index of the published site. Build the site first.
func Search(ctx context.Context, o Options, r SearchRequest) (SearchResult, error) {
	result, _, err := searchIndex(ctx, o, r)
	return result, err
}

// SearchData does what [Search] does, and returns the answer as data. Addresses begin with
// the path of the site's base URL, as those of the server do.
func SearchData(ctx context.Context, o Options, r SearchRequest) (SearchAnswer, error) {
	result, lang, err := searchIndex(ctx, o, r)
	if err != nil {
		return SearchAnswer{}, err
	}
	return search.NewAnswer(result, lang, r.Offset, o.basePath()), nil
}

// basePath is the path of the site's base URL; "/" where that cannot be read: a published
// folder can be searched without its source.
func (o Options) basePath() string {
	cfg, diags := build.LoadConfig(o.build())
	if cfg == nil || diags.HasErrors() {
		return "/"
	}
	return cfg.BaseURL.Path()
}

// searchIndex returns the answer and its language.
func searchIndex(ctx context.Context, o Options, r SearchRequest) (SearchResult, string, error) {
	published := os.DirFS(o.destination())
	data, err := fs.ReadFile(published, search.DescriptorPath)
	if errors.Is(err, fs.ErrNotExist) {
		return SearchResult{}, "", fmt.Errorf("%s has no search index; run vigie build first", filepath.ToSlash(o.destination()))
	}
	if err != nil {
		return SearchResult{}, "", err
	}
	descriptor, err := search.ParseDescriptor(data)
	if err != nil {
		return SearchResult{}, "", err
	}
	lang, ok := descriptor.Of(r.Lang)
	if !ok {
		return SearchResult{}, "", fmt.Errorf("language %q has no search index", r.Lang)
	}
	file, err := fs.ReadFile(published, lang.Index)
	if err != nil {
		return SearchResult{}, "", err
	}
	e, err := engine.Open(file)
	if err != nil {
		return SearchResult{}, "", fmt.Errorf("%s: %w; run vigie build", lang.Index, err)
	}
	result, err := e.Search(ctx, search.Request{Query: r.Query, Offset: r.Offset, Limit: r.Limit, Explain: r.Explain})
	return result, lang.Lang, err
}

// openIndex opens an index for the server.
func openIndex(file []byte) (search.Searcher, error) { return engine.Open(file) }
