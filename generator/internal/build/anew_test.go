package build_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"vigie/generator/internal/build"
	"vigie/generator/internal/diag"
)

// TestAnew builds where both the cache and the published folder are not as they were left:
// the site is made anew, and what is wrong with the cache is told all the same.
func TestAnew(t *testing.T) {
	files := map[string]string{"config.toml": kinds}
	for i := range 60 { // more than one part of the index
		files[fmt.Sprintf("content/p%d.md", i)] = fmt.Sprintf("+++\ntitle = \"Page %d\"\n+++\nUn texte %d.\n", i, i)
	}
	dir := write(t, files)
	public := filepath.Join(dir, "public")
	publish := func() diag.List {
		t.Helper()
		site, _, diags := build.Publish(context.Background(), build.Options{Source: dir, Theme: theme, Now: now}, public)
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		for _, name := range site.Files.Paths() {
			if _, err := os.Stat(filepath.Join(public, filepath.FromSlash(name))); err != nil {
				t.Error(err)
			}
		}
		return diags
	}
	publish()
	parts, err := filepath.Glob(filepath.Join(dir, filepath.FromSlash(build.CacheDir), "*", "search-*"))
	if err != nil || len(parts) == 0 {
		t.Fatalf("parts kept: %q, %v", parts, err)
	}
	for _, name := range parts {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		data[len(data)-1] ^= 1
		if err := os.WriteFile(name, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Remove(filepath.Join(public, "p7", "index.html")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "content", "p3.md"), []byte("+++\ntitle = \"Page 3\"\n+++\nUn autre texte.\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	diags := publish()
	if !slices.ContainsFunc(diags, func(d diag.Diagnostic) bool { return d.Rule == "cache" && strings.Contains(d.Message, "damaged") }) {
		t.Errorf("the damaged cache is not told: %v", diags)
	}
	if diags := publish(); slices.ContainsFunc(diags, func(d diag.Diagnostic) bool { return d.Rule == "cache" }) {
		t.Errorf("told again: %v", diags)
	}
}
