// Package layout owns the site's templates: it reads layouts/ (html/template),
// executes a layout by name and says where a template went wrong.
//
// Every file directly under layouts/ but base.html is a layout, named for its
// file; every file below layouts/partials/ is a partial, called by its path:
// {{template "partials/card.html" .}}. A layout that only defines blocks is put
// into base.html; one that writes text of its own is a whole document. The
// interface's texts are in layouts/i18n/, one file for each language ([Strings]).
//
// The package knows nothing of pages: what a layout may use comes from its dot
// and from the functions that the caller gives.
package layout

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"text/template/parse"

	"vigie/generator/internal/diag"
)

// Set is the site's layouts, ready to be executed. It is immutable and safe for
// concurrent use.
type Set struct {
	layouts map[string]*entry
	sources map[string]*diag.Source // by file name
	dir     string
}

// entry is a layout and the template to start it with.
type entry struct {
	template *template.Template
	start    string
}

// Load reads the layouts in fsys, whose root is the layouts folder; dir is that
// folder's name in diagnostics. The functions are available to every template,
// beside html/template's own and dict, list and add.
func Load(fsys fs.FS, dir string, functions template.FuncMap) (*Set, diag.List) {
	set := &Set{layouts: map[string]*entry{}, sources: map[string]*diag.Source{}, dir: dir}
	var diags diag.List

	base := template.New("base").Option("missingkey=error").Funcs(builtins()).Funcs(functions)
	var names []string
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() || path.Ext(name) != ".html" {
			return nil
		}
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		set.sources[name] = diag.NewSource(path.Join(dir, name), text)
		if name != "base.html" && !strings.Contains(name, "/") {
			names = append(names, name)
			return nil
		}
		if _, err := base.New(name).Parse(string(text)); err != nil {
			diags = append(diags, set.diagnose(err, name))
		}
		return nil
	})
	if err != nil {
		return nil, append(diags, diag.Errorf(diag.Position{File: dir}, "layout", "%v", err))
	}
	if diags.HasErrors() {
		return nil, diags
	}
	for _, name := range names {
		t := template.Must(base.Clone())
		if _, err := t.New(name).Parse(string(set.sources[name].Text())); err != nil {
			diags = append(diags, set.diagnose(err, name))
			continue
		}
		start := name
		if own := t.Lookup(name); own == nil || own.Tree == nil || parse.IsEmptyTree(own.Tree.Root) {
			start = "base.html"
			if t.Lookup(start) == nil {
				diags = append(diags, diag.Errorf(diag.Position{File: path.Join(dir, name)}, "layout", "layout %q only defines blocks, and there is no base.html to put them into", name))
				continue
			}
		}
		if err := guardLoops(t); err != nil {
			diags = append(diags, set.diagnose(err, name))
			continue
		}
		set.layouts[strings.TrimSuffix(name, ".html")] = &entry{t, start}
	}
	return set, diags
}

// Has tells whether there is a layout of that name.
func (s *Set) Has(name string) bool { return s.layouts[name] != nil }

// Names returns the layouts' names, sorted.
func (s *Set) Names() []string { return slices.Sorted(maps.Keys(s.layouts)) }

// elementID matches an id that a template writes as it stands.
var elementID = regexp.MustCompile(`\sid="([^"{}]+)"`)

// IDs returns the ids of elements that the templates write, sorted. A page's own
// headings must stay clear of them.
func (s *Set) IDs() []string {
	ids := map[string]bool{}
	for _, src := range s.sources {
		for _, m := range elementID.FindAllSubmatch(src.Text(), -1) {
			ids[string(m[1])] = true
		}
	}
	return slices.Sorted(maps.Keys(ids))
}

// rootedPath matches what may be a path of the site in a template.
var rootedPath = regexp.MustCompile(`/[^\s"'<>(){}]+`)

// Paths returns what the templates name that may be paths of the site, sorted.
func (s *Set) Paths() []string {
	paths := map[string]bool{}
	for _, src := range s.sources {
		for _, m := range rootedPath.FindAll(src.Text(), -1) {
			paths[string(m)] = true
		}
	}
	return slices.Sorted(maps.Keys(paths))
}

// Execute writes the layout called name with dot to w. An error is a
// [diag.Diagnostic] at the template's line.
func (s *Set) Execute(w io.Writer, name string, dot any) (diag.Diagnostic, bool) {
	e := s.layouts[name]
	if e == nil {
		return diag.Errorf(diag.Position{File: s.dir}, "unknown-layout", "layout %q does not exist", name).
			WithSuggestion("%s", diag.DidYouMean(name, s.Names())), false
	}
	var b bytes.Buffer
	if err := e.template.ExecuteTemplate(&b, e.start, dot); err != nil {
		return s.diagnose(err, name+".html"), false
	}
	if _, err := w.Write(b.Bytes()); err != nil {
		return diag.Errorf(diag.Position{File: s.dir}, "layout", "%v", err), false
	}
	return diag.Diagnostic{}, true
}

// diagnose turns an error of html/template, whose position stands in its text
// ("template: article.html:12:5: message"), into a diagnostic.
func (s *Set) diagnose(err error, fallback string) diag.Diagnostic {
	message := err.Error()
	var endless *loopError
	if errors.As(err, &endless) {
		return s.located(endless.place+": "+endless.Error(), fallback)
	}
	var escape *template.Error
	if errors.As(err, &escape) && escape.Node != nil {
		// The error's own name is that of the template escaped, not of the file.
		place, _ := (*parse.Tree)(nil).ErrorContext(escape.Node)
		description, _, _ := strings.Cut(escape.Description, ": {state") // the escaper's inner state
		return s.located(place+": "+description, fallback)
	}
	for _, prefix := range []string{"template: ", "html/template:"} {
		message = strings.TrimPrefix(message, prefix)
	}
	return s.located(message, fallback)
}

// located makes a diagnostic of "file:line:column: message"; the column, which
// counts from 0, may lack. Without a known file it is about fallback.
func (s *Set) located(message, fallback string) diag.Diagnostic {
	name, rest, ok := strings.Cut(message, ":")
	if _, known := s.sources[name]; !ok || !known {
		return diag.Errorf(diag.Position{File: path.Join(s.dir, fallback)}, "template", "%s", message)
	}
	line, col := 0, 0
	if n, after, ok := cutNumber(rest); ok {
		line, rest = n, after
		if n, after, ok := cutNumber(rest); ok {
			col, rest = n+1, after
		}
	}
	// "executing "x" at <.Foo>: cause" repeats the place; keep what was being evaluated.
	rest = strings.TrimSpace(rest)
	if _, after, ok := strings.Cut(rest, " at <"); ok && strings.HasPrefix(rest, "executing ") {
		if expression, cause, ok := strings.Cut(after, ">: "); ok {
			rest = fmt.Sprintf("in %s: %s", expression, calling.ReplaceAllString(cause, ""))
		}
	}
	return s.at(name, line, col, rest)
}

// at makes a diagnostic at a line and a column in bytes of a template.
func (s *Set) at(name string, line, col int, message string) diag.Diagnostic {
	d := diag.Errorf(diag.Position{File: path.Join(s.dir, name), Line: line}, "template", "%s", message)
	if src := s.sources[name]; src != nil && line > 0 {
		d.Text = src.Line(line)
		if col > 0 {
			d.Position = src.Position(src.Offset(line, 1) + col - 1)
		}
	}
	return d
}

// calling is what text/template writes before the error of a function.
var calling = regexp.MustCompile(`^error calling \w+: `)

// cutNumber cuts "12:rest" into 12 and "rest".
func cutNumber(s string) (int, string, bool) {
	digits, rest, ok := strings.Cut(s, ":")
	n, err := strconv.Atoi(strings.TrimSpace(digits))
	return n, rest, ok && err == nil
}

// builtins are the functions every template has beside html/template's own.
func builtins() template.FuncMap {
	return template.FuncMap{
		"dict": func(pairs ...any) (map[string]any, error) {
			if len(pairs)%2 != 0 {
				return nil, errors.New("dict wants keys and values in pairs")
			}
			m := make(map[string]any, len(pairs)/2)
			for i := 0; i < len(pairs); i += 2 {
				key, ok := pairs[i].(string)
				if !ok {
					return nil, fmt.Errorf("dict key %v is not a string", pairs[i])
				}
				m[key] = pairs[i+1]
			}
			return m, nil
		},
		"list":    func(items ...any) []any { return items },
		"add":     func(a, b int) int { return a + b },
		guardName: guard,
	}
}
