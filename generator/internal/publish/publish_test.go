package publish_test

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"vigie/generator/internal/publish"
)

// site returns a set of files: path, text, path, text…
func site(t *testing.T, pairs ...string) *publish.Set {
	t.Helper()
	set := new(publish.Set)
	for pair := range slices.Chunk(pairs, 2) {
		if err := set.Add(pair[0], []byte(pair[1]), "test"); err != nil {
			t.Fatal(err)
		}
	}
	return set
}

// write puts a file on the disk as a user would.
func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// read returns the files under dir and their text, the marker left out.
func read(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := make(map[string]string)
	err := fs.WalkDir(os.DirFS(dir), ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || p == ".vigie" || d.Type() == fs.ModeSymlink {
			return err
		}
		data, err := os.ReadFile(filepath.Join(dir, p))
		files[p] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// wantAlone fails if parent holds anything but the given names.
func wantAlone(t *testing.T, parent string, names ...string) {
	t.Helper()
	entries, err := os.ReadDir(parent)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if !slices.Equal(got, names) {
		t.Errorf("folder holds %q, want %q", got, names)
	}
}

func publishTo(t *testing.T, dir string, set *publish.Set, want publish.Report) {
	t.Helper()
	got, err := publish.Write(t.Context(), dir, set)
	if err != nil {
		t.Fatal(err)
	}
	if got != want {
		t.Errorf("Write = %+v, want %+v", got, want)
	}
}

func TestWrite(t *testing.T) {
	parent := t.TempDir()
	dir := filepath.Join(parent, "public")
	publishTo(t, dir, site(t, "index.html", "one", "a/b.html", "b", "gone/x.html", "x"), publish.Report{Written: 3})

	stamp := time.Date(2024, 5, 17, 10, 0, 0, 0, time.UTC)
	if err := os.Chtimes(filepath.Join(dir, "a/b.html"), stamp, stamp); err != nil {
		t.Fatal(err)
	}
	publishTo(t, dir, site(t, "index.html", "two", "a/b.html", "b", "new/y.html", ""), publish.Report{Written: 2, Unchanged: 1, Removed: 1})

	if got, want := read(t, dir), map[string]string{"index.html": "two", "a/b.html": "b", "new/y.html": ""}; !maps.Equal(got, want) {
		t.Errorf("public holds %q, want %q", got, want)
	}
	wantAlone(t, parent, "public")
	info, err := os.Stat(filepath.Join(dir, "a/b.html"))
	if err != nil {
		t.Fatal(err)
	}
	if !info.ModTime().Equal(stamp) {
		t.Errorf("an unchanged file has the time %v, want %v", info.ModTime(), stamp)
	}
	marker, err := os.ReadFile(filepath.Join(dir, ".vigie"))
	if err != nil {
		t.Fatal(err)
	}
	if _, list, _ := strings.Cut(string(marker), "published 1\n"); list != "a/b.html\nindex.html\nnew/y.html\n" {
		t.Errorf("the marker lists %q", list)
	}
}

func TestWriteNothingNew(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "public")
	set := site(t, "index.html", "one", "a/b.html", "b")
	publishTo(t, dir, set, publish.Report{Written: 2})
	before, err := os.Stat(dir)
	if err != nil {
		t.Fatal(err)
	}
	publishTo(t, dir, set, publish.Report{Unchanged: 2})
	after, err := os.Stat(dir)
	if err != nil {
		t.Fatal(err)
	}
	if !os.SameFile(before, after) {
		t.Error("a site that did not change was replaced")
	}
}

// A file changed or deleted by hand in public/ comes back.
func TestWriteRepairs(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "public")
	set := site(t, "index.html", "one", "a/b.html", "b")
	publishTo(t, dir, set, publish.Report{Written: 2})
	write(t, filepath.Join(dir, "index.html"), "eno")
	if err := os.RemoveAll(filepath.Join(dir, "a")); err != nil {
		t.Fatal(err)
	}
	publishTo(t, dir, set, publish.Report{Written: 2})
	if got := read(t, dir); got["index.html"] != "one" || got["a/b.html"] != "b" {
		t.Errorf("public holds %q", got)
	}
}

func TestWritePermissions(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no such permissions")
	}
	dir := filepath.Join(t.TempDir(), "public")
	publishTo(t, dir, site(t, "a/b.html", "b", "c", ""), publish.Report{Written: 2})
	stamp := time.Date(2024, 5, 17, 10, 0, 0, 0, time.UTC)
	if err := errors.Join(os.Chmod(filepath.Join(dir, "a/b.html"), 0o600), os.Chtimes(filepath.Join(dir, "a/b.html"), stamp, stamp)); err != nil {
		t.Fatal(err)
	}
	publishTo(t, dir, site(t, "a/b.html", "b"), publish.Report{Unchanged: 1, Removed: 1})
	for name, want := range map[string]fs.FileMode{".": 0o755, "a": 0o755, "a/b.html": 0o644, ".vigie": 0o644} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != want {
			t.Errorf("%s has the permissions %o, want %o", name, info.Mode().Perm(), want)
		}
		if name == "a/b.html" && !info.ModTime().Equal(stamp) {
			t.Errorf("an unchanged file that was copied has the time %v, want %v", info.ModTime(), stamp)
		}
	}
}

// Whatever the user has at the destination that we did not make stays.
func TestWriteRefuses(t *testing.T) {
	for _, test := range []struct {
		name  string
		setup func(t *testing.T, dir string) // dir does not exist yet
		want  string
	}{
		{"file", func(t *testing.T, dir string) { write(t, dir, "mine") }, "public is not a folder"},
		{"folder not ours", func(t *testing.T, dir string) { write(t, filepath.Join(dir, "thesis.txt"), "mine") }, "public was not made by a build and is not empty"},
		{"marker not ours", func(t *testing.T, dir string) { write(t, filepath.Join(dir, ".vigie"), "mine") }, "public was not made by a build and is not empty"},
		{"foreign file", func(t *testing.T, dir string) {
			publishTo(t, dir, site(t, "index.html", "x"), publish.Report{Written: 1})
			write(t, filepath.Join(dir, "CNAME"), "vigie.example")
		}, "public/CNAME was not published by a build (move it to static/ or delete it)"},
		{"foreign folder", func(t *testing.T, dir string) {
			publishTo(t, dir, site(t, "index.html", "x"), publish.Report{Written: 1})
			write(t, filepath.Join(dir, ".git/objects/aa"), "x")
		}, "public/.git/ was not published by a build (move it to static/ or delete it)"},
		{"foreign file in a published folder", func(t *testing.T, dir string) {
			publishTo(t, dir, site(t, "a/index.html", "x"), publish.Report{Written: 1})
			write(t, filepath.Join(dir, "a/note.txt"), "x")
		}, "public/a/note.txt was not published by a build"},
		{"many foreign files", func(t *testing.T, dir string) {
			publishTo(t, dir, site(t, "index.html", "x"), publish.Report{Written: 1})
			for _, name := range []string{"5", "4", "3", "2", "1"} {
				write(t, filepath.Join(dir, name), "x")
			}
		}, "public/3 and 2 more were not published by a build (move them to static/ or delete them)"},
		{"folder in place of a published file", func(t *testing.T, dir string) {
			publishTo(t, dir, site(t, "index.html", "x"), publish.Report{Written: 1})
			if err := os.Remove(filepath.Join(dir, "index.html")); err != nil {
				t.Fatal(err)
			}
			write(t, filepath.Join(dir, "index.html/mine"), "x")
		}, "public/index.html/ was not published by a build"},
		{"link to nothing", func(t *testing.T, dir string) {
			if err := os.Symlink("nowhere", dir); err != nil {
				t.Skip(err)
			}
		}, "public is a symbolic link to nothing"},
	} {
		t.Run(test.name, func(t *testing.T) {
			parent := t.TempDir()
			dir := filepath.Join(parent, "public")
			test.setup(t, dir)
			before := read(t, parent)
			_, err := publish.Write(t.Context(), dir, site(t, "index.html", "new"))
			if err == nil || !strings.Contains(filepath.ToSlash(err.Error()), test.want) {
				t.Errorf("Write = %v, want %s", err, test.want)
			}
			if after := read(t, parent); !maps.Equal(before, after) {
				t.Errorf("the folder changed: %q, want %q", after, before)
			}
			wantAlone(t, parent, "public")
		})
	}
}

func TestWriteDropsLitter(t *testing.T) {
	parent := t.TempDir()
	dir := filepath.Join(parent, "public")
	write(t, filepath.Join(dir, ".DS_Store"), "x") // the folder was only looked at
	set := site(t, "a/index.html", "x")
	publishTo(t, dir, set, publish.Report{Written: 1})
	write(t, filepath.Join(dir, "a/Thumbs.db"), "x")
	write(t, filepath.Join(dir, "b/desktop.ini"), "x")
	if err := os.MkdirAll(filepath.Join(dir, "empty/too"), 0o755); err != nil {
		t.Fatal(err)
	}
	publishTo(t, dir, set, publish.Report{Unchanged: 1})
	wantAlone(t, dir, ".vigie", "a")
	wantAlone(t, filepath.Join(dir, "a"), "index.html")
	wantAlone(t, parent, "public")
}

func TestWriteThroughLink(t *testing.T) {
	parent := t.TempDir()
	target := filepath.Join(parent, "elsewhere", "www")
	if err := os.MkdirAll(target, 0o755); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(parent, "public")
	if err := os.Symlink(filepath.Join("elsewhere", "www"), dir); err != nil {
		t.Skip(err)
	}
	publishTo(t, dir, site(t, "index.html", "one"), publish.Report{Written: 1})
	publishTo(t, dir, site(t, "index.html", "two"), publish.Report{Written: 1})
	if got := read(t, target)["index.html"]; got != "two" {
		t.Errorf("the target holds %q, want two", got)
	}
	if info, err := os.Lstat(dir); err != nil || info.Mode()&fs.ModeSymlink == 0 {
		t.Errorf("public is no longer a link: %v %v", info, err)
	}
	wantAlone(t, filepath.Dir(target), "www")
}

// Staging fails in the middle: a file name that only the disk finds too long.
func TestWriteFailure(t *testing.T) {
	parent := t.TempDir()
	dir := filepath.Join(parent, "public")
	publishTo(t, dir, site(t, "index.html", "old"), publish.Report{Written: 1})
	long := strings.Repeat(strings.Repeat("d", 250)+"/", 20) + "index.html"
	_, err := publish.Write(t.Context(), dir, site(t, "index.html", "new", "b.html", "new", long, "new"))
	if err == nil {
		t.Fatal("a path of 5,000 bytes was written")
	}
	if got := read(t, dir); !maps.Equal(got, map[string]string{"index.html": "old"}) {
		t.Errorf("public holds %q, want the old site", got)
	}
	wantAlone(t, parent, "public")
}

func TestWriteCancelled(t *testing.T) {
	parent := t.TempDir()
	dir := filepath.Join(parent, "public")
	publishTo(t, dir, site(t, "index.html", "old"), publish.Report{Written: 1})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := publish.Write(ctx, dir, site(t, "index.html", "new")); !errors.Is(err, context.Canceled) {
		t.Errorf("Write = %v, want %v", err, context.Canceled)
	}
	if got := read(t, dir)["index.html"]; got != "old" {
		t.Errorf("public holds %q, want the old site", got)
	}
	wantAlone(t, parent, "public")
}

func TestWriteMakesParents(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b", "public")
	publishTo(t, dir, site(t, "index.html", "x"), publish.Report{Written: 1})
	if got := read(t, dir)["index.html"]; got != "x" {
		t.Errorf("public holds %q", got)
	}
}

const random = "ABCDEFGHIJKLMNOPQRSTUVWXYZ" // what a staging folder's name ends in

func TestLeftovers(t *testing.T) {
	parent := t.TempDir()
	dir := filepath.Join(parent, "public")
	publishTo(t, dir, site(t, "index.html", "x"), publish.Report{Written: 1})
	marker, err := os.ReadFile(filepath.Join(dir, ".vigie"))
	if err != nil {
		t.Fatal(err)
	}
	// Ours: by name and marker, or by name and nothing to lose.
	write(t, filepath.Join(parent, ".public.vigie-"+random, ".vigie"), string(marker))
	write(t, filepath.Join(parent, ".public.vigie-"+random, "a", "index.html"), "x")
	if err := os.Mkdir(filepath.Join(parent, ".public.vigie-"+random+"2"), 0o755); err != nil {
		t.Fatal(err)
	}
	// Not ours.
	write(t, filepath.Join(parent, ".public.vigie-"+random+"3", "index.html"), "x")
	write(t, filepath.Join(parent, ".public.vigie-backup", ".vigie"), string(marker))
	write(t, filepath.Join(parent, ".other.vigie-"+random, ".vigie"), string(marker))

	publishTo(t, dir, site(t, "index.html", "x"), publish.Report{Unchanged: 1})
	wantAlone(t, parent, ".other.vigie-"+random, ".public.vigie-"+random+"3", ".public.vigie-backup", "public")
}

// A build killed between the two renames of a system without an exchange.
func TestLeftoverPutBack(t *testing.T) {
	parent := t.TempDir()
	dir := filepath.Join(parent, "public")
	publishTo(t, dir, site(t, "index.html", "x"), publish.Report{Written: 1})
	if err := os.Rename(dir, filepath.Join(parent, ".public.vigie-old-"+random)); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel() // the old site is back even though this build goes no further
	if _, err := publish.Write(ctx, dir, site(t, "index.html", "y")); err == nil {
		t.Fatal("a cancelled build wrote")
	}
	if got := read(t, dir)["index.html"]; got != "x" {
		t.Errorf("public holds %q, want the old site", got)
	}
	wantAlone(t, parent, "public")
}

func BenchmarkWrite(b *testing.B) {
	for _, bench := range []struct {
		name    string
		changed int
	}{{"all of 10000", 10_000}, {"10 of 10000", 10}} {
		b.Run(bench.name, func(b *testing.B) {
			dir := filepath.Join(b.TempDir(), "public")
			round := 0
			for b.Loop() {
				round++
				set := new(publish.Set)
				page := []byte(strings.Repeat("Une page de site. ", 600))
				for i := range 10_000 {
					data := page
					if i < bench.changed {
						data = append(slices.Clone(page), byte(round), byte(round>>8))
					}
					if err := set.Add(filepath.ToSlash(filepath.Join("p", string(rune('a'+i%26)), time.Duration(i).String(), "index.html")), data, "bench"); err != nil {
						b.Fatal(err)
					}
				}
				if _, err := publish.Write(b.Context(), dir, set); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
