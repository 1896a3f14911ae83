package build

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"vigie/generator/internal/diag"
	"vigie/generator/internal/render"
	"vigie/generator/internal/search"
	"vigie/generator/internal/search/index"
	"vigie/generator/internal/search/segment"
	"vigie/generator/internal/search/shard"
)

// searchOptions say how search is made.
type searchOptions struct {
	index index.Options
	early func(path string, data []byte) // told of large files before the last is made; nil for nobody
}

// addSearch adds to the files of a site those of its search.
func (s *Site) addSearch(ctx context.Context, out render.Output, o searchOptions) (diags diag.List) {
	added := func(path, origin string, err error) {
		s.search = append(s.search, path)
		if err != nil {
			diags = append(diags, diag.Errorf(diag.Position{File: origin}, "duplicate-url", "%v", err))
		}
	}
	if out.KeptSearch != nil {
		for _, f := range out.KeptSearch {
			added(f.Path, "search index", out.Files.Keep(f.Path, f.Sum, f.Size, "search index"))
		}
		return diags
	}
	o.index.Known, o.index.Whole = out.Known, out.Whole
	files, diags := searchFiles(ctx, out.SearchPages, out.Documents, o)
	for _, f := range files {
		added(f.path, f.origin, out.Files.Add(f.path, f.data, f.origin))
	}
	return diags
}

// searchFailure tells why an index cannot be made.
func searchFailure(origin string, err error) diag.Diagnostic {
	if failed := (*diag.Failure)(nil); errors.As(err, &failed) {
		return diag.Recovered(failed, origin)
	}
	return diag.Errorf(diag.Position{File: origin}, "search-index", "%v", err)
}

// searchFile is a file of a site's search.
type searchFile struct {
	path, origin string
	data         []byte
}

// searchFiles indexes documents, one index for each language, and returns the indexes,
// their projection for the browser and the descriptor that says where they are.
func searchFiles(ctx context.Context, pages []render.SearchPage, documents map[string][]search.Document, o searchOptions) (list []searchFile, diags diag.List) {
	descriptor := search.Descriptor{Version: search.DescriptorVersion}
	for _, page := range pages {
		origin := "search index " + page.Lang
		file, err := index.Build(ctx, page.Lang, documents[page.Lang], o.index)
		if err != nil {
			diags = append(diags, searchFailure(origin, err))
			continue
		}
		sum := segment.Sum(file)
		path := fmt.Sprintf("search/%s.%s.vigie", page.Lang, hex.EncodeToString(sum[:5]))
		list = append(list, searchFile{path, origin, file})
		if o.early != nil {
			o.early(path, file)
		}
		files, err := shard.Project(file, shard.Options{Made: true})
		if err != nil {
			diags = append(diags, searchFailure(origin, err))
			continue
		}
		for _, f := range files {
			list = append(list, searchFile{"search/" + f.Path, origin, f.Data})
		}
		descriptor.Languages = append(descriptor.Languages, search.LanguageDescriptor{
			Lang: page.Lang, Page: strings.TrimPrefix(page.Path, "/"), Index: path, Manifest: strings.TrimPrefix(page.Manifest, "/"),
		})
	}
	return append(list, searchFile{search.DescriptorPath, "search descriptor", descriptor.Encode()}), diags
}
