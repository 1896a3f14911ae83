package build_test

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"vigie/generator/internal/build"
	"vigie/generator/internal/check"
	"vigie/generator/internal/diag"
)

// failing is a theme of which one file makes the program panic where it is read, while
// broken says so.
type failing struct {
	fs.FS
	name   string
	broken func() bool
}

func (f failing) Open(name string) (fs.File, error) {
	if name == f.name && f.broken() {
		panic("theme is possessed")
	}
	return f.FS.Open(name)
}

// TestPanic: what panics while a site is built, checked or followed is told with the file,
// publishes nothing and passes when the cause does.
func TestPanic(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("config.toml", "title = \"Essai\"\nlanguage = \"fr\"\nbase_url = \"https://example.org/\"\n")
	write("content/a.md", "# A\n\nTexte.\n")
	destination := filepath.Join(dir, "public")
	broken := false
	options := build.Options{Source: dir, Now: now, NoCache: true,
		Theme: failing{os.DirFS(filepath.Join("..", "..", "..")), "static/favicon.ico", func() bool { return broken }}}
	ctx := context.Background()
	if _, _, diags := build.Publish(ctx, options, destination); diags.HasErrors() {
		t.Fatal(diags)
	}
	published, err := os.ReadFile(filepath.Join(destination, "a", "index.html"))
	if err != nil {
		t.Fatal(err)
	}
	check1 := func(how string, diags diag.List) {
		t.Helper()
		i := slices.IndexFunc(diags, func(d diag.Diagnostic) bool { return d.Rule == diag.InternalRule })
		if i < 0 || !strings.HasPrefix(diags[i].String(), "static/favicon.ico: error: program failed: theme is possessed, in build_test.failing.Open (") {
			t.Errorf("%s tells %v", how, diags)
		}
	}

	broken = true
	write("content/a.md", "# A\n\nAutre texte.\n")
	_, _, diags := build.Publish(ctx, options, destination)
	check1("Publish", diags)
	if after, err := os.ReadFile(filepath.Join(destination, "a", "index.html")); err != nil || string(after) != string(published) {
		t.Errorf("a site was published though the program failed: %v", err)
	}
	_, diags = build.Render(ctx, options)
	check1("Render", diags)
	_, _, diags = build.Check(ctx, options, check.Options{})
	check1("Check", diags)
	live, _ := build.Open(ctx, options)
	if live == nil {
		t.Fatal("a site of which one file cannot be made cannot be opened")
	}
	_, diags, _ = live.Make("favicon.ico")
	check1("Make", diags)
	if data, _, ok := live.Make("a/index.html"); !ok || !strings.Contains(string(data), "Autre texte") {
		t.Error("a page is missing for the fault of another file")
	}

	broken = false
	if data, diags, _ := live.Make("favicon.ico"); len(diags) > 0 || len(data) == 0 {
		t.Errorf("after the fault the file is %d bytes, with %v", len(data), diags)
	}
	if _, _, diags := build.Publish(ctx, options, destination); diags.HasErrors() {
		t.Errorf("after the fault: %v", diags)
	}
}
