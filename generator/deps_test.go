package generator_test

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
)

// DO NOT CHANGE THIS DATA TO FIX A BUILD.
//
// It is a statement of policy: imports only go down, so that every package can
// be read, tested and replaced with nothing above it in mind. An edge that fails
// here means that a type or a function lives in the wrong package: move it down,
// or pass it in from above. The table changes when the design does, in a commit
// of its own that says why.

// layers lists the packages under generator/internal from the lowest layer to
// the highest. A package may import those of the layers before its own, never
// its neighbours. A package without code is one to come.
var layers = [][]string{
	// 0: leaves, in three steps
	{"diag", "diagram", "tree"},
	{"record", "overlay", "permalink", "publish", "sitemap", "ical", "dataset", "watch", "livereload", "linkcheck", "search", "almanac", "cache"},
	{"edtf"},
	// 1, in two steps: the configuration is read with the checks of a content file
	{"frontmatter", "markdown", "layout", "asset", "search/analysis", "search/query"},
	{"config", "search/segment"},
	// 2; the writer of the index stands below its readers, whose tests need one
	{"search/index"},
	{"content", "scaffold", "search/engine", "search/shard", "search/browser", "feed"},
	// 3
	{"render", "serve", "check"},
	// 4
	{"build"},
	// 5
	{"preview", "bundle", "deploy"},
}

// testOnly lists the packages that only tests import. They may import any
// package under generator/internal.
var testOnly = []string{"sitetest", "sitefuzz", "search/conformance", "browsertest", "killtest", "sitetest/days", "sitetest/live"}

// owners names the packages that may import what is not ours: a module, or a
// package of the standard library that is listed here. A trailing /* stands for
// all packages below; "*" for all packages; "test" for every test file and
// test-only package.
var owners = map[string][]string{
	"github.com/alecthomas/chroma/v2":    {"markdown"},
	"github.com/microcosm-cc/bluemonday": {"markdown"},
	"github.com/yuin/goldmark":           {"markdown", "test"}, // tests: the peer of benchmarks
	"html/template":                      {"layout", "render"},

	"github.com/goccy/go-yaml":        {"record"},
	"github.com/pelletier/go-toml/v2": {"record"},

	"github.com/evanw/esbuild": {"asset", "test"}, // tests: scripts run in QuickJS
	"golang.org/x/image":       {"asset"},

	"github.com/blevesearch/bleve/v2":              {"search/analysis", "search/query", "search/index", "search/engine"},
	"github.com/blevesearch/bleve_index_api":       {"search/segment", "search/index", "search/engine"},
	"github.com/blevesearch/scorch_segment_api/v2": {"search/segment", "search/index"},
	"github.com/blevesearch/zapx/v17":              {"search/segment", "search/index"},
	"github.com/RoaringBitmap/roaring/v2":          {"search/index"}, // a type of zapx's signatures

	"github.com/andybalholm/brotli":    {"serve"},
	"github.com/bmatcuk/doublestar/v4": {"config"}, // patterns of [content]
	"github.com/fsnotify/fsnotify":     {"watch"},
	"gocloud.dev":                      {"deploy"},
	"golang.org/x/sys":                 {"publish", "search/index"},

	"github.com/spf13/cobra": {"cmd/vigie"},
	"golang.org/x/term":      {"cmd/vigie"},

	"golang.org/x/sync": {"*"},
	"golang.org/x/net":  {"markdown", "serve", "test"}, // sanitizing and reading HTML
	"golang.org/x/text": {"*"},

	"github.com/arran4/golang-ical":            {"test"},
	"github.com/santhosh-tekuri/jsonschema/v6": {"test"},

	"github.com/chromedp/cdproto":     {"test"},
	"github.com/chromedp/chromedp":    {"test"},
	"github.com/google/go-cmp":        {"test"},
	"github.com/rogpeppe/go-internal": {"test"},
	"golang.org/x/tools":              {"test"}, // txtar
	"modernc.org/quickjs":             {"test"},
}

const (
	module   = "vigie"
	facade   = "generator"
	command  = "cmd/vigie"
	theme    = "." // the module's root, which embeds the default theme
	internal = "generator/internal/"
)

// TestDeps holds every Go file of the module against the policy, whatever its
// build constraints.
func TestDeps(t *testing.T) {
	files, err := goFiles(os.DirFS(".."))
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(files, func(f goFile) bool { return f.dir == internal+"diag" }) {
		t.Fatal("generator/internal/diag not found: the test looks at the wrong folder")
	}
	for _, v := range violations(files) {
		t.Error(v)
	}
}

// TestTable makes sure that the data speaks of each package once and only of
// packages it knows.
func TestTable(t *testing.T) {
	seen := map[string]bool{command: true, "*": true, "test": true}
	for _, names := range append(slices.Clone(layers), testOnly) {
		for _, name := range names {
			if seen[name] {
				t.Errorf("%s stands twice", name)
			}
			seen[name] = true
		}
	}
	for what, names := range owners {
		for _, name := range names {
			if !seen[strings.TrimSuffix(name, "/*")] {
				t.Errorf("owner %s of %s is no package", name, what)
			}
		}
	}
}

// goFile is what the policy needs to know of one file.
type goFile struct {
	path    string
	dir     string
	test    bool
	imports []goImport
}

type goImport struct {
	path string
	line int
}

// goFiles reads the import clauses of all Go files below fsys, leaving out what
// the go command leaves out.
func goFiles(fsys fs.FS) ([]goFile, error) {
	var files []goFile
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		base := path.Base(name)
		switch {
		case err != nil:
			return err
		case d.IsDir():
			if name != "." && (base[0] == '.' || base[0] == '_' || base == "testdata" || base == "node_modules" || name == "public") {
				return fs.SkipDir
			}
			return nil
		case path.Ext(name) != ".go":
			return nil
		}
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		set := token.NewFileSet()
		tree, err := parser.ParseFile(set, name, text, parser.ImportsOnly)
		if err != nil {
			return err
		}
		f := goFile{path: name, dir: path.Dir(name), test: strings.HasSuffix(name, "_test.go")}
		for _, spec := range tree.Imports {
			target, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			f.imports = append(f.imports, goImport{target, set.Position(spec.Pos()).Line})
		}
		files = append(files, f)
		return nil
	})
	return files, err
}

// violations returns what in files breaks the policy, as "file:line: message".
func violations(files []goFile) []string {
	var found []string
	unplaced := map[string]bool{}
	for _, f := range files {
		from := place(f.dir)
		if from.kind == unknown {
			if !unplaced[f.dir] {
				unplaced[f.dir] = true
				found = append(found, fmt.Sprintf("%s:1: package %s stands in no layer", f.path, f.dir))
			}
			continue
		}
		for _, i := range f.imports {
			var fault string
			if target, ours := strings.CutPrefix(i.path, module+"/"); ours || i.path == module {
				if !ours {
					target = theme
				}
				fault = ownImport(f, from, target)
			} else {
				fault = foreignImport(f, from, i.path)
			}
			if fault != "" {
				found = append(found, fmt.Sprintf("%s:%d: %s", f.path, i.line, fault))
			}
		}
	}
	return found
}

// kind is the part that a package plays.
type kind int

const (
	unknown   kind = iota
	layered        // stands in layers
	forTests       // stands in testOnly
	isFacade       // generator
	isCommand      // cmd/vigie, or internal to it
	isTheme        // the module's root
)

type spot struct {
	kind  kind
	name  string // as the table writes it
	layer int    // of a layered package
}

// place returns where the package in dir stands.
func place(dir string) spot {
	switch {
	case dir == theme:
		return spot{kind: isTheme, name: dir}
	case dir == facade:
		return spot{kind: isFacade, name: dir}
	case dir == command || strings.HasPrefix(dir, command+"/internal/"):
		return spot{kind: isCommand, name: command}
	}
	name, ok := strings.CutPrefix(dir, internal)
	if !ok {
		return spot{name: dir}
	}
	if slices.Contains(testOnly, name) {
		return spot{kind: forTests, name: name}
	}
	for n, names := range layers {
		if slices.Contains(names, name) {
			return spot{kind: layered, name: name, layer: n}
		}
	}
	return spot{name: dir}
}

// ownImport judges an import of one of the module's packages.
func ownImport(f goFile, from spot, target string) string {
	to := place(target)
	if target == f.dir { // an external test and its package
		return ""
	}
	switch {
	case to.kind == unknown:
		return fmt.Sprintf("%s imports %s, which stands in no layer", from.name, target)
	case to.kind == forTests:
		if f.test || from.kind == forTests {
			return ""
		}
		return fmt.Sprintf("%s imports %s, which is for tests only", from.name, to.name)
	case to.kind == isTheme:
		if from.kind == isFacade || f.test {
			return ""
		}
		return fmt.Sprintf("%s imports the theme, which only %s does", from.name, facade)
	}
	switch from.kind {
	case isTheme:
		return fmt.Sprintf("the theme imports %s, but stands below all packages", to.name)
	case isCommand:
		if to.kind == isFacade || to.kind == isCommand {
			return ""
		}
		return fmt.Sprintf("%s imports %s, but may import only %s", from.name, to.name, facade)
	case isFacade, forTests:
		if to.kind == layered {
			return ""
		}
	case layered:
		if to.kind == layered && to.layer < from.layer {
			return ""
		}
		if to.kind == layered && to.layer == from.layer {
			return fmt.Sprintf("%s imports %s, its neighbour in the same layer", from.name, to.name)
		}
	}
	return fmt.Sprintf("%s imports %s, which stands above it", from.name, to.name)
}

// foreignImport judges an import of the standard library or of a module.
func foreignImport(f goFile, from spot, target string) string {
	owner, listed := "", false
	for what := range maps.Keys(owners) {
		if target == what || strings.HasPrefix(target, what+"/") {
			if !listed || len(what) > len(owner) {
				owner, listed = what, true
			}
		}
	}
	if !listed {
		if first, _, _ := strings.Cut(target, "/"); strings.Contains(first, ".") {
			return fmt.Sprintf("%s imports %s, whose module has no owner", from.name, target)
		}
		return ""
	}
	for _, name := range owners[owner] {
		below, wide := strings.CutSuffix(name, "/*")
		switch {
		case name == "*", name == from.name, wide && strings.HasPrefix(from.name, below+"/"),
			name == "test" && (f.test || from.kind == forTests):
			return ""
		}
	}
	return fmt.Sprintf("%s imports %s, which belongs to %s", from.name, target, strings.Join(owners[owner], ", "))
}

// TestViolations proves that the checker sees each kind of wrong edge, and none
// in what is right.
func TestViolations(t *testing.T) {
	source := func(imports ...string) *fstest.MapFile {
		text := "//go:build never\n\npackage p\n"
		for _, i := range imports {
			text += "import _ " + strconv.Quote(i) + "\n"
		}
		return &fstest.MapFile{Data: []byte(text)}
	}
	in := "vigie/generator/internal/"
	for _, c := range []struct {
		name, file string
		imports    []string
		want       []string
	}{
		{"down", internal + "content/a.go", []string{in + "config", in + "diag", in + "edtf", "fmt"}, nil},
		{"up", internal + "markdown/a.go", []string{"fmt", in + "content"},
			[]string{internal + "markdown/a.go:5: markdown imports content, which stands above it"}},
		{"up from a test", internal + "markdown/a_test.go", []string{in + "content"},
			[]string{internal + "markdown/a_test.go:4: markdown imports content, which stands above it"}},
		{"sideways", internal + "feed/a.go", []string{in + "content"},
			[]string{internal + "feed/a.go:4: feed imports content, its neighbour in the same layer"}},
		{"own package from a test", internal + "feed/a_test.go", []string{in + "feed"}, nil},
		{"test package from a test", internal + "feed/a_test.go", []string{in + "browsertest"}, nil},
		{"test package from code", internal + "feed/a.go", []string{in + "browsertest"},
			[]string{internal + "feed/a.go:4: feed imports browsertest, which is for tests only"}},
		{"test package to anything", internal + "sitetest/a.go", []string{in + "deploy", in + "browsertest"}, nil},
		{"test package to the façade", internal + "sitetest/a.go", []string{"vigie/generator"},
			[]string{internal + "sitetest/a.go:4: sitetest imports generator, which stands above it"}},
		{"façade", "generator/a.go", []string{"vigie", in + "build", in + "deploy"}, nil},
		{"façade to the command", "generator/a.go", []string{"vigie/cmd/vigie/internal/x"},
			[]string{"generator/a.go:4: generator imports cmd/vigie, which stands above it"}},
		{"command", "cmd/vigie/a.go", []string{"vigie/generator", "vigie/cmd/vigie/internal/progress", "github.com/spf13/cobra"}, nil},
		{"command past the façade", "cmd/vigie/a.go", []string{in + "diag"},
			[]string{"cmd/vigie/a.go:4: cmd/vigie imports diag, but may import only generator"}},
		{"theme", "embed.go", []string{"embed"}, nil},
		{"theme upwards", "embed.go", []string{in + "diag"},
			[]string{"embed.go:4: the theme imports diag, but stands below all packages"}},
		{"theme from below", internal + "build/a.go", []string{"vigie"},
			[]string{internal + "build/a.go:4: build imports the theme, which only generator does"}},
		{"package without layer", internal + "util/a.go", []string{"fmt"},
			[]string{internal + "util/a.go:1: package generator/internal/util stands in no layer"}},
		{"import without layer", internal + "build/a.go", []string{in + "util"},
			[]string{internal + "build/a.go:4: build imports generator/internal/util, which stands in no layer"}},
		{"folder of its own", "scripts/a.go", nil, []string{"scripts/a.go:1: package scripts stands in no layer"}},
		{"owned module", internal + "markdown/a.go", []string{"github.com/yuin/goldmark/ast", "github.com/yuin/goldmark"}, nil},
		{"module of another", internal + "content/a.go", []string{"github.com/yuin/goldmark/ast"},
			[]string{internal + "content/a.go:4: content imports github.com/yuin/goldmark/ast, which belongs to markdown, test"}},
		{"name that only starts alike", internal + "markdown/a.go", []string{"github.com/yuin/goldmark-emoji"},
			[]string{internal + "markdown/a.go:4: markdown imports github.com/yuin/goldmark-emoji, whose module has no owner"}},
		{"module below a pattern", internal + "search/index/a.go", []string{"golang.org/x/text/unicode/norm"}, nil},
		{"module everywhere", internal + "diag/a.go", []string{"golang.org/x/sync/errgroup"}, nil},
		{"test module from a test", internal + "diag/a_test.go", []string{"github.com/google/go-cmp/cmp"}, nil},
		{"test module from a test package", internal + "sitetest/a.go", []string{"github.com/rogpeppe/go-internal/testscript"}, nil},
		{"test module from code", internal + "diag/a.go", []string{"github.com/google/go-cmp/cmp"},
			[]string{internal + "diag/a.go:4: diag imports github.com/google/go-cmp/cmp, which belongs to test"}},
		{"owned standard package", internal + "serve/a.go", []string{"html/template"},
			[]string{internal + "serve/a.go:4: serve imports html/template, which belongs to layout, render"}},
		{"left out", internal + "feed/testdata/x/a.go", []string{in + "deploy"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			files, err := goFiles(fstest.MapFS{c.file: source(c.imports...)})
			if err != nil {
				t.Fatal(err)
			}
			if got := violations(files); !slices.Equal(got, c.want) {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}
