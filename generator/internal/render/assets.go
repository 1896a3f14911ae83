package render

import (
	"fmt"
	"html/template"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"vigie/generator/internal/asset"
	"vigie/generator/internal/diag"
	"vigie/generator/internal/markdown"
	"vigie/generator/internal/tree"
)

// stylesheet is the entry point of the style sheet: it is built, with all it imports,
// into one fingerprinted file.
const stylesheet = "css/main.css"

// scriptDir is the folder of scripts: each file directly in it is an entry point.
const scriptDir = "js/"

// bundleDirs are the folders of static/ that hold sources of bundles: what a bundle is
// made from is not published as it is.
var bundleDirs = []string{"css/", scriptDir}

// buildAssets builds the bundles and lists the static files to be copied.
func (r *renderer) buildAssets() {
	r.assets, r.statics = map[string]string{}, map[string]bool{}
	var sources []string // in bundleDirs
	err := fs.WalkDir(r.static, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if base := path.Base(name); name != "." && strings.HasPrefix(base, ".") && base != ".well-known" {
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if e, ok := d.(tree.Entry); ok && e.Spelled != nil {
			r.report(diag.Errorf(diag.Position{File: path.Join("static", name)}, "same-name", "names of %d files differ in the spelling of their accents alone", len(e.Spelled)).
				WithSuggestion("rename or remove one"))
		}
		switch {
		case d.IsDir():
		case isBundleSource(name):
			sources = append(sources, name)
		default:
			r.statics[name] = true
		}
		return nil
	})
	if err != nil {
		r.report(diag.Errorf(diag.Position{File: "static"}, "unreadable", "folder cannot be read: %v", err))
		return
	}
	syntax, err := markdown.Stylesheet("", "")
	if err != nil {
		r.report(diag.Errorf(diag.Position{File: "static"}, "asset", "style sheet of code: %v", err))
	}
	bundled := map[string]bool{}
	for _, entry := range append([]string{stylesheet}, r.scriptEntries()...) {
		if _, err := fs.Stat(r.static, entry); err != nil {
			continue // a layout that asks for it gets an error at its own line
		}
		options := asset.BundleOptions{Root: "static"}
		if entry == stylesheet {
			options.Append = []asset.File{{Path: "css/syntax.css", Data: syntax}}
		}
		output, list := asset.Bundle(r.static, entry, options)
		r.report(list...)
		for _, name := range output.Inputs {
			bundled[name] = bundled[name] || name != entry || path.Ext(name) != ".js" // which may be asked for by its own name
		}
		for _, f := range output.Files {
			r.add(f.Path, f.Data, path.Join("static", entry))
		}
		r.assets[entry] = output.Path
	}
	r.addUnbundled(sources, bundled)
}

// addUnbundled publishes as they are those sources that no bundle is made from: a style
// sheet of the site that its own layouts link to. A browser cannot read TypeScript.
func (r *renderer) addUnbundled(sources []string, bundled map[string]bool) {
	for _, name := range sources {
		switch {
		case bundled[name] || !r.isOwn(name): // a theme's sources are for its bundles alone
		case path.Ext(name) == ".ts":
			r.report(diag.Errorf(diag.Position{File: path.Join("static", name)}, "unused-file", "script that no other imports is not published").
				WithSuggestion("import it, move it to static/js/ itself, or remove it").AsWarning())
		default:
			r.statics[name] = true
		}
	}
}

// isOwn reports whether a file of static/ is the site's, not its theme's.
func (r *renderer) isOwn(name string) bool {
	if r.ownStatic == nil {
		return true
	}
	_, err := fs.Stat(r.ownStatic, name)
	return err == nil
}

// scriptEntries lists the theme's scripts, sorted.
func (r *renderer) scriptEntries() []string {
	entries, err := fs.ReadDir(r.static, strings.TrimSuffix(scriptDir, "/"))
	if err != nil {
		return nil // there are none
	}
	var list []string
	for _, e := range entries {
		if ext := path.Ext(e.Name()); !e.IsDir() && (ext == ".ts" || ext == ".js") && !strings.HasPrefix(e.Name(), ".") {
			list = append(list, scriptDir+e.Name())
		}
	}
	return list
}

// searchEntries are the entry points of the browser's search: the script of every
// page, and those that it fetches when search is first used.
var searchEntries = []string{"main.ts", "app.ts", "worker.ts"}

// searchOrigin is what the scripts of search are said to be made from.
const searchOrigin = "the browser's search"

// buildScripts builds the browser's search, where the site has it.
func (r *renderer) buildScripts() {
	if r.scripts == nil {
		return
	}
	r.script = map[string]string{}
	for _, entry := range searchEntries {
		output, list := asset.Bundle(r.scripts, entry, asset.BundleOptions{Root: "search"})
		r.report(list...)
		for _, f := range output.Files {
			r.add(f.Path, f.Data, searchOrigin)
		}
		r.script[entry] = output.Path
	}
}

func isBundleSource(name string) bool {
	for _, dir := range bundleDirs {
		if strings.HasPrefix(name, dir) {
			return true
		}
	}
	return false
}

// functions are what layouts may call: asset, the URL of a built file, and static,
// the URL of a file of static/ as it is.
func (r *renderer) functions() template.FuncMap {
	return template.FuncMap{
		"asset": func(name string) (string, error) {
			published, ok := r.assets[name]
			if !ok {
				return "", fmt.Errorf("asset %q is not built; built are %s", name, strings.Join(slices.Sorted(maps.Keys(r.assets)), ", "))
			}
			return r.config.BaseURL.Rel("/" + published), nil
		},
		"static": func(name string) (string, error) {
			name = tree.Name(name)
			if !r.statics[strings.TrimPrefix(name, "/")] {
				return "", fmt.Errorf("static file %q does not exist", name)
			}
			return r.config.BaseURL.Rel("/" + strings.TrimPrefix(name, "/")), nil
		},
	}
}
