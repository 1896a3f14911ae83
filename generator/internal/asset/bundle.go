package asset

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/evanw/esbuild/pkg/api"

	"vigie/generator/internal/diag"
)

// BundleOptions says how [Bundle] builds. The zero value minifies for the
// browsers of 2022.
type BundleOptions struct {
	// Root is put before file names in diagnostics: "static" where fsys is the
	// static/ folder. Empty for none.
	Root string
	// Append are further sources, bundled behind the entry as though they stood
	// in fsys at their paths (which need not exist there): generated style
	// sheets, such as "css/syntax.css".
	Append []File
	// Readable leaves the output unminified.
	Readable bool
}

// Output is what [Bundle] made.
type Output struct {
	// Path is the fingerprinted path of the bundle, the first of Files.
	Path string
	// Files are the bundle and what it refers to (fonts, images of url()).
	Files []File
	// Inputs are the paths in fsys that were read, sorted; a build watches them.
	// They are also set where the bundle has errors.
	Inputs []string
}

// Bundle builds the style sheet or script at entry in fsys ("css/main.css",
// "search/main.ts") with all it imports into one file: CSS, or an ECMAScript
// module. It reads through fsys only. Paths in sources are relative to their
// file, or with a leading slash to the root of fsys; scripts may leave out
// ".ts" or ".js". A reference to another site is an error.
//
// Errors in the sources come back as diagnostics at their line and column;
// Path and Files are then empty.
func Bundle(fsys fs.FS, entry string, o BundleOptions) (Output, diag.List) {
	b := &bundler{fsys: fsys, root: o.Root, sources: make(map[string]*diag.Source), inputs: make(map[string]bool), files: make(map[string]File)}
	base, ext := splitExt(entry)
	if ext != ".css" {
		ext = ".js"
	}
	first := entry
	if len(o.Append) > 0 {
		first = b.join(entry, ext, o.Append)
	}
	result := api.Build(api.BuildOptions{
		EntryPoints: []string{first},
		Outfile:     base + ext,
		Bundle:      true,
		Format:      api.FormatESModule,
		Charset:     api.CharsetUTF8,
		Engines: []api.Engine{
			{Name: api.EngineChrome, Version: "103"},
			{Name: api.EngineEdge, Version: "103"},
			{Name: api.EngineFirefox, Version: "102"},
			{Name: api.EngineSafari, Version: "15.6"},
			{Name: api.EngineIOS, Version: "15.6"},
		},
		MinifyWhitespace:  !o.Readable,
		MinifyIdentifiers: !o.Readable,
		MinifySyntax:      !o.Readable,
		TsconfigRaw:       "{}", // none is looked for on the disk
		LogLevel:          api.LogLevelSilent,
		LogLimit:          0,
		// esbuild lets broken CSS pass with a warning, as browsers do; an @import
		// it cannot follow would be left to the browser, and fail there.
		LogOverride: map[string]api.LogLevel{
			"css-syntax-error": api.LogLevelError,
			"invalid-@import":  api.LogLevelError,
		},
		Plugins: []api.Plugin{{Name: "fs", Setup: b.setup}},
	})
	out := Output{Inputs: slices.Sorted(maps.Keys(b.inputs))}
	var list diag.List
	for _, m := range result.Errors {
		list = append(list, b.diagnostic(m))
	}
	for _, m := range result.Warnings {
		list = append(list, b.diagnostic(m).AsWarning())
	}
	list = list.Sort()
	if list.HasErrors() {
		return out, list
	}
	bundle := result.OutputFiles[0].Contents
	out.Path = Fingerprint(base+ext, bundle)
	out.Files = []File{{out.Path, bundle}}
	for _, p := range slices.Sorted(maps.Keys(b.files)) {
		out.Files = append(out.Files, b.files[p])
	}
	return out, list
}

// Namespaces of the paths given to esbuild; none is its own "file", so that it
// never looks at the disk.
const (
	inFS    = "site"
	inEntry = "entry" // the source that joins the entry and what is appended
)

// bundler answers esbuild's questions about one bundle. esbuild asks from many
// goroutines.
type bundler struct {
	fsys     fs.FS
	root     string
	joined   string
	appended map[string][]byte

	mu      sync.Mutex
	sources map[string]*diag.Source // by path, for positions
	inputs  map[string]bool
	files   map[string]File // referred to, by published path
}

// join makes a source that imports the entry and then what is appended, and
// returns its path.
func (b *bundler) join(entry, ext string, appended []File) string {
	b.appended = make(map[string][]byte, len(appended))
	keyword := "import"
	if ext == ".css" {
		keyword = "@import"
	}
	var text strings.Builder
	fmt.Fprintf(&text, "%s %q;\n", keyword, "/"+entry)
	for _, f := range appended {
		b.appended[f.Path] = f.Data
		fmt.Fprintf(&text, "%s %q;\n", keyword, "/"+f.Path)
	}
	b.joined = text.String()
	return "joined" + ext
}

func (b *bundler) setup(build api.PluginBuild) {
	build.OnResolve(api.OnResolveOptions{Filter: `.*`}, func(a api.OnResolveArgs) (api.OnResolveResult, error) {
		return b.resolve(a), nil
	})
	build.OnLoad(api.OnLoadOptions{Filter: `.*`, Namespace: inEntry}, func(a api.OnLoadArgs) (api.OnLoadResult, error) {
		return api.OnLoadResult{Contents: &b.joined, Loader: loaderOf(a.Path)}, nil
	})
	build.OnLoad(api.OnLoadOptions{Filter: `.*`, Namespace: inFS}, func(a api.OnLoadArgs) (api.OnLoadResult, error) {
		return b.load(a.Path), nil
	})
}

// refused is a finding of ours, kept in a message's Detail.
type refused struct{ rule, suggestion string }

func refuse(rule, suggestion, format string, args ...any) []api.Message {
	return []api.Message{{Text: fmt.Sprintf(format, args...), Detail: refused{rule, suggestion}}}
}

func (b *bundler) resolve(a api.OnResolveArgs) api.OnResolveResult {
	if a.Kind == api.ResolveEntryPoint {
		if b.joined != "" {
			return api.OnResolveResult{Path: a.Path, Namespace: inEntry}
		}
		return api.OnResolveResult{Path: a.Path, Namespace: inFS}
	}
	scheme, _, hasScheme := strings.Cut(a.Path, ":")
	switch {
	case strings.HasPrefix(a.Path, "//"), hasScheme && strings.EqualFold(scheme, "http"), hasScheme && strings.EqualFold(scheme, "https"):
		return api.OnResolveResult{Errors: refuse("third-party-request", "copy the file into the site", "reference %q leads to another site", a.Path)}
	case strings.HasPrefix(a.Path, "#"), hasScheme && strings.EqualFold(scheme, "data"):
		return api.OnResolveResult{Path: a.Path, External: true}
	}
	ref, suffix := a.Path, ""
	if a.Kind == api.ResolveCSSURLToken {
		if i := strings.IndexAny(ref, "?#"); i >= 0 {
			ref, suffix = ref[:i], ref[i:]
		}
	}
	target := path.Join(path.Dir(a.Importer), ref)
	isScript := a.Kind != api.ResolveCSSURLToken && a.Kind != api.ResolveCSSImportRule
	if rooted, ok := strings.CutPrefix(ref, "/"); ok {
		target = path.Clean(rooted)
	} else if isScript && !strings.HasPrefix(ref, ".") {
		return api.OnResolveResult{Errors: refuse("unknown-import", "start it with ./", "import %q names a package, want a path", a.Path)}
	}
	found, ok := b.find(target, isScript)
	if !ok {
		suggestion := ""
		if entries, err := fs.ReadDir(b.fsys, path.Dir(target)); err == nil {
			var names []string
			for _, e := range entries {
				names = append(names, e.Name())
			}
			suggestion = diag.DidYouMean(path.Base(target), names)
		}
		return api.OnResolveResult{Errors: refuse("unknown-import", suggestion, "file %q does not exist", b.shown(target))}
	}
	if a.Kind != api.ResolveCSSURLToken {
		return api.OnResolveResult{Path: found, Namespace: inFS}
	}
	data, err := b.read(found)
	if err != nil {
		return api.OnResolveResult{Errors: refuse("unreadable-file", "", "%v", err)}
	}
	published := Fingerprint(found, data)
	b.mu.Lock()
	b.files[published] = File{published, data}
	b.mu.Unlock()
	// The bundle is in the same folder.
	return api.OnResolveResult{Path: "./" + path.Base(published) + suffix, External: true}
}

// find returns the path of the file that target stands for.
func (b *bundler) find(target string, isScript bool) (string, bool) {
	candidates := []string{target}
	if isScript {
		if stem, ok := strings.CutSuffix(target, ".js"); ok {
			candidates = append(candidates, stem+".ts") // how TypeScript names its own output
		}
		candidates = append(candidates, target+".ts", target+".js", path.Join(target, "index.ts"), path.Join(target, "index.js"))
	}
	for _, c := range candidates {
		if _, ok := b.appended[c]; ok {
			return c, true
		}
		if info, err := fs.Stat(b.fsys, c); err == nil && info.Mode().IsRegular() {
			return c, true
		}
	}
	return "", false
}

func (b *bundler) read(name string) ([]byte, error) {
	if data, ok := b.appended[name]; ok {
		return data, nil
	}
	b.mu.Lock()
	b.inputs[name] = true
	b.mu.Unlock()
	return fs.ReadFile(b.fsys, name)
}

func (b *bundler) load(name string) api.OnLoadResult {
	loader := loaderOf(name)
	if loader == api.LoaderNone {
		return api.OnLoadResult{Errors: refuse("unknown-import", "", "file %q has a type that cannot be bundled", b.shown(name))}
	}
	data, err := b.read(name)
	if errors.Is(err, fs.ErrNotExist) {
		return api.OnLoadResult{Errors: refuse("unknown-import", "", "file %q does not exist", b.shown(name))}
	}
	if err != nil {
		return api.OnLoadResult{Errors: refuse("unreadable-file", "", "%v", err)}
	}
	b.mu.Lock()
	b.sources[name] = diag.NewSource(b.shown(name), data)
	b.mu.Unlock()
	text := string(data)
	return api.OnLoadResult{Contents: &text, Loader: loader}
}

// loaderOf returns how a file is read, by its extension.
func loaderOf(name string) api.Loader {
	switch path.Ext(name) {
	case ".css":
		return api.LoaderCSS
	case ".ts":
		return api.LoaderTS
	case ".js":
		return api.LoaderJS
	case ".json":
		return api.LoaderJSON
	case ".txt":
		return api.LoaderText
	}
	return api.LoaderNone
}

// shown returns the name of a file as the user knows it.
func (b *bundler) shown(name string) string { return path.Join(b.root, name) }

// diagnostic makes an error of a message of esbuild's.
func (b *bundler) diagnostic(m api.Message) diag.Diagnostic {
	noun := "script"
	if m.Location != nil && path.Ext(m.Location.File) == ".css" {
		noun = "style sheet"
	}
	rule, text := cmp.Or(m.ID, "script-syntax-error"), noun+": "+lowerFirst(m.Text)
	ours, isOurs := m.Detail.(refused)
	if isOurs {
		rule, text = ours.rule, m.Text
	}
	d := b.at(m.Location, rule, text)
	switch {
	case isOurs && ours.suggestion != "":
		d = d.WithSuggestion("%s", ours.suggestion)
	case m.Location != nil && m.Location.Suggestion != "":
		d = d.WithSuggestion("write %s", m.Location.Suggestion)
	}
	for _, n := range m.Notes {
		if n.Location != nil {
			d = d.WithNote(b.at(n.Location, "", "").Position, "%s", lowerFirst(strings.TrimSuffix(n.Text, ":")))
		}
	}
	return d
}

// at returns a diagnostic at a place given by esbuild.
func (b *bundler) at(l *api.Location, rule, text string) diag.Diagnostic {
	if l == nil {
		return diag.Errorf(diag.Position{File: b.root}, rule, "%s", text)
	}
	name := strings.TrimPrefix(l.File, inFS+":")
	source, ok := b.sources[name]
	if !ok {
		return diag.Errorf(diag.Position{File: b.shown(name)}, rule, "%s", text)
	}
	return source.Errorf(lineOffset(source.Text(), l.Line)+l.Column, l.Length, rule, "%s", text)
}

// lineOffset returns the offset of a 1-based line as esbuild counts them:
// ECMAScript's line ends are four, diag's one.
func lineOffset(text []byte, line int) int {
	offset := 0
	for line > 1 && offset < len(text) {
		r, n := utf8.DecodeRune(text[offset:])
		offset += n
		switch r {
		case '\r':
			if offset < len(text) && text[offset] == '\n' {
				offset++
			}
			line--
		case '\n', '\u2028', '\u2029':
			line--
		}
	}
	return offset
}

// lowerFirst lowers the first letter of a sentence, and takes off its full stop.
func lowerFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToLower(r)) + strings.TrimSuffix(s[n:], ".")
}
