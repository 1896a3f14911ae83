package build

import (
	"os"
	"path"
	"path/filepath"

	"vigie/generator/internal/dataset"
	"vigie/generator/internal/diag"
)

// checkShrink compares the site's data sets with those that the destination holds. One
// that lost more of its rows than [data] max_shrink allows is an error: most often a
// file was not found, and readers who load the data by program would not notice.
//
// A destination without an index of data, or with one that cannot be read, holds
// nothing to compare with.
func checkShrink(site *Site, destination string) diag.List {
	if site.Data.Index == "" {
		return nil
	}
	old, err := os.ReadFile(filepath.Join(destination, filepath.FromSlash(site.Data.Index)))
	if err != nil {
		return nil
	}
	before, err := dataset.ReadIndex(old)
	if err != nil {
		return nil
	}
	var diags diag.List
	most := site.Config.Data.MaxShrink
	for _, s := range dataset.Shrunk(before, site.Data.Sizes, most) {
		diags = append(diags, diag.Errorf(diag.Position{File: path.Join(filepath.ToSlash(destination), site.Data.Index)}, "data-shrinks",
			"data set %q shrinks from %d rows to %d, by more than the %d per cent that data.max_shrink allows", s.Table, s.Old, s.New, most).
			WithSuggestion("bring back what is missing, or build with --allow-shrink"))
	}
	return diags
}
