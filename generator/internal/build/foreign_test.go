package build_test

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vigie/generator/internal/build"
)

// TestForeignCache builds on what another version of the program kept: it is not used,
// which is said, and what is published is the same.
func TestForeignCache(t *testing.T) {
	dir := write(t, map[string]string{"config.toml": kinds, "content/un.md": "+++\ntitle = \"Un\"\n+++\nUn texte.\n"})
	o := build.Options{Source: dir, Theme: theme, Now: now}
	publish := func() *build.Site {
		t.Helper()
		site, report, diags := build.Publish(context.Background(), o, filepath.Join(dir, "public"))
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		if site.CacheNote == "" && site.Kept == 0 && report.Written == 0 {
			t.Error("nothing was kept, and nothing said of it")
		}
		return site
	}
	publish()
	if site := publish(); site.CacheNote != "" || site.Kept == 0 {
		t.Errorf("note %q, %d files kept; want all", site.CacheNote, site.Kept)
	}
	err := filepath.WalkDir(filepath.Join(dir, filepath.FromSlash(build.CacheDir)), func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(name)
		if at := len("vigie cache 1\n"); err == nil && len(data) > at && strings.HasPrefix(string(data), "vigie cache 1\n") {
			data[at] ^= 1 // the sum of the program
			err = os.WriteFile(name, data, 0o644)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if site := publish(); !strings.Contains(site.CacheNote, "another version") || site.Kept > 0 {
		t.Errorf("note %q, %d files kept; want none, and why", site.CacheNote, site.Kept)
	}
	if site := publish(); site.CacheNote != "" || site.Kept == 0 {
		t.Errorf("note %q, %d files kept; want all again", site.CacheNote, site.Kept)
	}
}
