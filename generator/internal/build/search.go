package build

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"vigie/generator/internal/diag"
	"vigie/generator/internal/render"
	"vigie/generator/internal/search"
	"vigie/generator/internal/search/index"
	"vigie/generator/internal/search/shard"
)

// addSearch indexes what was rendered, one index for each language, and adds to the
// files the indexes, their projection for the browser and the descriptor that says
// where they are.
func addSearch(ctx context.Context, out render.Output) diag.List {
	var diags diag.List
	descriptor := search.Descriptor{Version: search.DescriptorVersion}
	add := func(path string, data []byte, origin string) {
		if err := out.Files.Add(path, data, origin); err != nil {
			diags = append(diags, diag.Errorf(diag.Position{File: origin}, "duplicate-url", "%v", err))
		}
	}
	for _, page := range out.SearchPages {
		origin := "search index " + page.Lang
		file, err := index.Build(ctx, page.Lang, out.Documents[page.Lang])
		if err != nil {
			diags = append(diags, diag.Errorf(diag.Position{File: origin}, "search-index", "%v", err))
			continue
		}
		sum := sha256.Sum256(file)
		path := fmt.Sprintf("search/%s.%s.vigie", page.Lang, hex.EncodeToString(sum[:5]))
		add(path, file, origin)
		files, err := shard.Project(file, shard.Options{})
		if err != nil {
			diags = append(diags, diag.Errorf(diag.Position{File: origin}, "search-index", "%v", err))
			continue
		}
		for _, f := range files {
			add("search/"+f.Path, f.Data, origin)
		}
		descriptor.Languages = append(descriptor.Languages, search.LanguageDescriptor{
			Lang: page.Lang, Page: strings.TrimPrefix(page.Path, "/"), Index: path, Manifest: strings.TrimPrefix(page.Manifest, "/"),
		})
	}
	add(search.DescriptorPath, descriptor.Encode(), "search descriptor")
	return diags
}
