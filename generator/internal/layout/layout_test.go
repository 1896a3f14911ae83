package layout_test

import (
	"flag"
	"fmt"
	"html/template"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"vigie/generator/internal/diag"
	"vigie/generator/internal/layout"
)

var update = flag.Bool("update", false, "rewrite the golden files from what the code gives")

// eachCase runs every archive of testdata that matches pattern: its last file,
// "want", is what do makes of the others.
func eachCase(t *testing.T, pattern string, do func(files fstest.MapFS) string) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join("testdata", pattern))
	if err != nil || len(names) == 0 {
		t.Fatalf("no cases %s: %v", pattern, err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			last := len(archive.Files) - 1
			if last < 0 || archive.Files[last].Name != "want" {
				t.Fatalf("%s does not end with a file want", name)
			}
			files := fstest.MapFS{}
			for _, f := range archive.Files[:last] {
				files[f.Name] = &fstest.MapFile{Data: f.Data}
			}
			got := do(files)
			if *update {
				archive.Files[last].Data = []byte(got)
				if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(string(archive.Files[last].Data), got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// view is the dot of the cases.
type view struct {
	Title string
	Tags  []string
	URL   string
	Data  map[string]any
}

func (view) T(key string) (string, error) { return "", fmt.Errorf("text %q is unknown", key) }

// print writes diagnostics as they stand in a pipe, with the line they are about
// and a caret.
func print(b *strings.Builder, list diag.List) {
	for _, d := range list.Sort() {
		fmt.Fprintln(b, d)
		if d.Text != "" {
			fmt.Fprintf(b, "\t%s\n", strings.ReplaceAll(d.Text, "\t", " "))
			if d.Col > 0 {
				fmt.Fprintf(b, "\t%s^\n", strings.Repeat(" ", d.Col-1))
			}
		}
	}
}

// TestLayouts executes every layout of a folder.
func TestLayouts(t *testing.T) {
	eachCase(t, "layout-*.txtar", func(files fstest.MapFS) string {
		var b strings.Builder
		set, diags := layout.Load(files, "layouts", template.FuncMap{
			"asset": func(name string) (string, error) { return "", fmt.Errorf("asset %q is not built", name) },
		})
		print(&b, diags)
		if set == nil {
			return b.String()
		}
		dot := view{Title: "L’été <vite>", Tags: []string{"un", "deux"}, URL: `javascript:alert("x")`, Data: map[string]any{"known": 1}}
		for _, name := range set.Names() {
			fmt.Fprintf(&b, "== %s\n", name)
			var out strings.Builder
			if d, ok := set.Execute(&out, name, dot); !ok {
				if out.Len() > 0 {
					t.Errorf("layout %s failed and wrote %q", name, out.String())
				}
				print(&b, diag.List{d})
				continue
			}
			fmt.Fprintln(&b, strings.TrimSpace(out.String()))
		}
		fmt.Fprintf(&b, "== ids: %s\n", strings.Join(set.IDs(), " "))
		return b.String()
	})
}

func TestUnknownLayout(t *testing.T) {
	set, diags := layout.Load(fstest.MapFS{"article.html": {Data: []byte("x")}}, "layouts", nil)
	if diags.HasErrors() {
		t.Fatal(diags[0])
	}
	d, ok := set.Execute(&strings.Builder{}, "artcle", nil)
	if want := `layouts: error: layout "artcle" does not exist (did you mean "article"?)`; ok || d.String() != want {
		t.Errorf("got %v, %q, want %q", ok, d, want)
	}
}

func TestLayoutsMissing(t *testing.T) {
	_, diags := layout.Load(fstest.MapFS{}, "layouts", nil)
	if diags.HasErrors() {
		t.Errorf("an empty folder gives %v", diags)
	}
	sub, err := fs.Sub(os.DirFS(t.TempDir()), "layouts")
	if err != nil {
		t.Fatal(err)
	}
	if _, diags = layout.Load(sub, "layouts", nil); !diags.HasErrors() {
		t.Error("a folder that is not there gives no error")
	}
}

// TestConcurrent executes one layout from many goroutines: html/template escapes a
// template when it is first executed.
func TestConcurrent(t *testing.T) {
	set, diags := layout.Load(fstest.MapFS{"a.html": {Data: []byte(`<p title="{{.}}">{{template "partials/b.html" .}}</p>`)}, "partials/b.html": {Data: []byte(`{{.}}`)}}, "layouts", nil)
	if diags.HasErrors() {
		t.Fatal(diags[0])
	}
	done := make(chan string)
	for range 8 {
		go func() {
			var b strings.Builder
			_, _ = set.Execute(&b, "a", "x&y")
			done <- b.String()
		}()
	}
	for range 8 {
		if got := <-done; got != `<p title="x&amp;y">x&amp;y</p>` {
			t.Errorf("got %q", got)
		}
	}
}
