package sitefuzz

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing/fstest"
	"time"

	"vigie/generator/internal/build"
	"vigie/generator/internal/diag"
)

// Now is the clock of all builds.
var Now = time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)

// Theme returns the default theme in memory, from the repository's folder. Its style
// sheets and scripts are cut to nothing: a fuzzer asks what becomes of a site's content,
// and bundling takes longer than all else.
func Theme(root string) (fs.FS, error) {
	theme := fstest.MapFS{}
	for _, dir := range []string{"layouts", "static"} {
		err := fs.WalkDir(os.DirFS(root), dir, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			switch {
			case strings.HasPrefix(name, "static/css/") && name != "static/css/main.css":
				return nil
			case strings.HasPrefix(name, "static/css/"), strings.HasPrefix(name, "static/js/"):
				theme[name] = &fstest.MapFile{Data: []byte("\n")}
				return nil
			}
			data, err := fs.ReadFile(os.DirFS(root), name)
			theme[name] = &fstest.MapFile{Data: data}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return theme, nil
}

// Build builds a site that stands in a folder.
func Build(dir string, theme fs.FS) Built {
	site, diags := build.Render(context.Background(), options(dir, theme))
	return built(site, diags)
}

func options(dir string, theme fs.FS) build.Options {
	return build.Options{Source: dir, Theme: theme, Now: Now}
}

func built(site *build.Site, diags diag.List) Built {
	b := Built{Diags: diags}
	if site == nil || site.Files == nil || diags.HasErrors() {
		return b
	}
	b.Base = site.Config.BaseURL.Abs("/")
	b.Files = map[string][]byte{}
	for _, name := range site.Files.Paths() {
		data, _ := site.Files.Get(name)
		b.Files[name] = data
	}
	return b
}

// Again returns what differs where the same site is built once more, from a folder of
// another name.
func Again(s Site, b Built, dir string, theme fs.FS) []Finding {
	var list findings
	s.Write(dir)
	list.compare(b, Build(dir, theme))
	return list
}

func (list *findings) compare(a, b Built) {
	if got, want := fmt.Sprint(b.Diags), fmt.Sprint(a.Diags); got != want {
		list.add("reproducible", "diagnostics differ:\n%s\n%s", got, want)
	}
	for name, data := range a.Files {
		if other, ok := b.Files[name]; !ok || string(other) != string(data) {
			list.add("reproducible", "%s differs", name)
		}
	}
	if len(a.Files) != len(b.Files) {
		list.add("reproducible", "%d files, then %d", len(a.Files), len(b.Files))
	}
}

// Edited publishes a site with what a build keeps, edits the body of one of its pages,
// publishes it again, and returns what differs from a build from nothing. A build with
// errors must leave no folder.
func Edited(s Site, page, dir string, theme fs.FS) []Finding {
	var list findings
	source, public, clean := filepath.Join(dir, "site"), filepath.Join(dir, "public"), filepath.Join(dir, "clean")
	held := s.Write(source)
	o := options(source, theme)
	_, _, diags := build.Publish(context.Background(), o, public)
	if _, err := os.Stat(public); diags.HasErrors() == (err == nil) {
		list.add("publish", "errors: %t, and the folder: %v", diags.HasErrors(), err)
	}
	text := held[page] + "\nzqedited.\n"
	if err := os.WriteFile(filepath.Join(source, filepath.FromSlash(page)), []byte(text), 0o644); err != nil {
		return list
	}
	_, _, got := build.Publish(context.Background(), o, public)
	o.NoCache = true
	_, _, want := build.Publish(context.Background(), o, clean)
	list.compare(folder(clean, want), folder(public, got))
	return list
}

// folder is what a build has published in a folder; nothing of one that had errors,
// since the folder is as it was.
func folder(dir string, diags diag.List) Built {
	b := Built{Diags: diags, Files: map[string][]byte{}}
	if diags.HasErrors() {
		return b
	}
	_ = fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			b.Files[name], err = fs.ReadFile(os.DirFS(dir), name)
		}
		return err
	})
	return b
}
