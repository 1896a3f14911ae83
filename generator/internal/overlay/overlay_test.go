package overlay_test

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"vigie/generator/internal/overlay"
)

// layer is a file system whose every file says in which layer it lies.
func layer(name string, paths ...string) fstest.MapFS {
	files := fstest.MapFS{}
	for _, p := range paths {
		files[p] = &fstest.MapFile{Data: []byte(name + ":" + p)}
	}
	return files
}

// onDisk is the same on a real file system, whose errors differ.
func onDisk(t *testing.T, files fstest.MapFS) fs.FS {
	t.Helper()
	dir := t.TempDir()
	for name, f := range files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return os.DirFS(dir)
}

// dump lists every file below the root with its text.
func dump(t *testing.T, fsys fs.FS) string {
	t.Helper()
	var b strings.Builder
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(fsys, name)
		b.WriteString(name + " " + string(text) + "\n")
		return err
	})
	if err != nil {
		t.Error(err)
	}
	return b.String()
}

func TestOverlay(t *testing.T) {
	site := layer("site", "base.html", "partials/card.html", "new/deep/x.html", "clash", "tree/leaf")
	theme := layer("theme", "base.html", "home.html", "partials/card.html", "partials/nav.html", "clash/hidden.html", "tree")
	const want = `base.html site:base.html
clash site:clash
home.html theme:home.html
new/deep/x.html site:new/deep/x.html
partials/card.html site:partials/card.html
partials/nav.html theme:partials/nav.html
tree/leaf site:tree/leaf
`
	for name, fsys := range map[string]overlay.FS{
		"memory":   {site, nil, theme},
		"disk":     {onDisk(t, site), onDisk(t, theme)},
		"embedded": {onDisk(t, site), theme},
		"nested":   {overlay.FS{site}, overlay.FS{nil, theme}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := dump(t, fsys); got != want {
				t.Errorf("got\n%swant\n%s", got, want)
			}
			if err := fstest.TestFS(fsys, "base.html", "home.html", "partials/card.html", "partials/nav.html", "clash", "tree/leaf"); err != nil {
				t.Error(err)
			}
			for _, missing := range []string{"absent", "partials/absent.html", "clash/hidden.html", "clash/deeper/x", "base.html/x"} {
				if _, err := fsys.Open(missing); !errors.Is(err, fs.ErrNotExist) {
					t.Errorf("Open(%q) gives the error %v, want fs.ErrNotExist", missing, err)
				}
				if _, err := fs.ReadDir(fsys, missing); !errors.Is(err, fs.ErrNotExist) {
					t.Errorf("ReadDir(%q) gives the error %v, want fs.ErrNotExist", missing, err)
				}
			}
			if _, err := fs.ReadDir(fsys, "clash"); err == nil {
				t.Error("a file that hides a folder is listed as one")
			}
			if _, err := fsys.Open("../base.html"); !errors.Is(err, fs.ErrInvalid) {
				t.Errorf("a path outside gives the error %v, want fs.ErrInvalid", err)
			}
		})
	}
}

func TestEmpty(t *testing.T) {
	for _, fsys := range []overlay.FS{nil, {}, {nil}} {
		if _, err := fs.ReadDir(fsys, "."); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("root of no layers gives the error %v, want fs.ErrNotExist", err)
		}
	}
}

// failing is a layer that cannot be read.
type failing struct{}

func (failing) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
}

// TestUnreadable: a layer that fails must not let the file below show through.
func TestUnreadable(t *testing.T) {
	fsys := overlay.FS{failing{}, layer("theme", "base.html")}
	if _, err := fsys.Open("base.html"); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("Open gives the error %v, want fs.ErrPermission", err)
	}
	if _, err := fsys.ReadDir("."); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("ReadDir gives the error %v, want fs.ErrPermission", err)
	}
}

func TestReadDirInParts(t *testing.T) {
	f, err := overlay.FS{layer("site", "a", "c"), layer("theme", "b")}.Open(".")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var names []string
	for {
		list, err := f.(fs.ReadDirFile).ReadDir(2)
		for _, e := range list {
			names = append(names, e.Name())
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if got := strings.Join(names, " "); got != "a b c" {
		t.Errorf("listed %q, want a b c", got)
	}
}
