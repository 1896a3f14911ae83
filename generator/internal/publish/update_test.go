package publish_test

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"vigie/generator/internal/publish"
)

// keeping returns a set that keeps the files of before that have the same text,
// and adds the others.
func keeping(t *testing.T, before, files map[string]string) *publish.Set {
	t.Helper()
	set := new(publish.Set)
	for p, text := range files {
		var err error
		if was, ok := before[p]; ok && was == text {
			err = set.Keep(p, sha256.Sum256([]byte(text)), int64(len(text)), "test")
		} else {
			err = set.Add(p, []byte(text), "test")
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return set
}

func update(t *testing.T, dir string, set *publish.Set, last *publish.State, want publish.Report) *publish.State {
	t.Helper()
	got, state, err := publish.Update(t.Context(), dir, set, last)
	if err != nil {
		t.Fatal(err)
	}
	if got != want {
		t.Errorf("Update = %+v, want %+v", got, want)
	}
	return state
}

func TestUpdate(t *testing.T) {
	parent := t.TempDir()
	dir := filepath.Join(parent, "public")
	one := map[string]string{"index.html": "one", "a/b.html": "b", "gone/x.html": "x"}
	state := update(t, dir, keeping(t, nil, one), nil, publish.Report{Written: 3})
	stamp := time.Date(2024, 5, 17, 10, 0, 0, 0, time.UTC)
	if err := os.Chtimes(filepath.Join(dir, "a/b.html"), stamp, stamp); err != nil {
		t.Fatal(err)
	}
	sites := []map[string]string{one,
		{"index.html": "two", "a/b.html": "b", "new/y.html": ""},
		{"index.html": "three", "a/b.html": "b", "new/y.html": ""},
		{"index.html": "three", "a/b.html": "b", "new": "now a file"},
		{"index.html": "three", "a/b.html": "b", "new/y.html": "again"},
	}
	for i, want := range []publish.Report{{Written: 2, Unchanged: 1, Removed: 1}, {Written: 1, Unchanged: 2}, {Written: 1, Unchanged: 2, Removed: 1}, {Written: 1, Unchanged: 2, Removed: 1}} {
		state = update(t, dir, keeping(t, sites[i], sites[i+1]), state, want)
		if got := read(t, dir); !maps.Equal(got, sites[i+1]) {
			t.Errorf("after %d updates public holds %q, want %q", i+1, got, sites[i+1])
		}
		info, err := os.Stat(filepath.Join(dir, "a/b.html"))
		if err != nil {
			t.Fatal(err)
		}
		if !info.ModTime().Equal(stamp) {
			t.Errorf("after %d updates an unchanged file has the time %v, want %v", i+1, info.ModTime(), stamp)
		}
		wantAlone(t, parent, ".public.vigie-spare", "public")
	}
	before, err := os.Stat(dir)
	if err != nil {
		t.Fatal(err)
	}
	update(t, dir, keeping(t, sites[4], sites[4]), state, publish.Report{Unchanged: 3})
	if after, err := os.Stat(dir); err != nil || !os.SameFile(before, after) {
		t.Errorf("a site that did not change was replaced (%v)", err)
	}
	// Write leaves nothing beside the site, and can keep files too.
	publishTo(t, dir, keeping(t, sites[4], sites[4]), publish.Report{Unchanged: 3})
	wantAlone(t, parent, "public")
}

// settle returns what is remembered of a site, published as it is, when the file
// system's clock went on.
func settle(t *testing.T, dir string, files map[string]string, state *publish.State) *publish.State {
	t.Helper()
	for !publish.Trusts(state) {
		state = update(t, dir, keeping(t, nil, files), state, publish.Report{Unchanged: len(files)})
	}
	return state
}

// What a state trusts is not read: here bytes change behind the file system's
// back, as far as it can be had, and the state vouches for other ones.
func TestUpdateTrusts(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "public")
	files := map[string]string{"index.html": "one"}
	state := update(t, dir, keeping(t, nil, files), nil, publish.Report{Written: 1})
	state = settle(t, dir, files, state)
	publish.Swear(state, "index.html", sha256.Sum256([]byte("two")))
	set := new(publish.Set)
	if err := set.Keep("index.html", sha256.Sum256([]byte("two")), 3, "test"); err != nil {
		t.Fatal(err)
	}
	update(t, dir, set, state, publish.Report{Unchanged: 1})
}

func TestUpdateMissing(t *testing.T) {
	parent := t.TempDir()
	dir := filepath.Join(parent, "public")
	files := map[string]string{"b": "bbb", "a/x": "xxx", "c": "ccc", "d": "ddd"}
	state := update(t, dir, keeping(t, nil, files), nil, publish.Report{Written: 4})
	write(t, filepath.Join(dir, "b"), "BBB")
	if err := errors.Join(os.RemoveAll(filepath.Join(dir, "a")), os.Remove(filepath.Join(dir, "d"))); err != nil {
		t.Fatal(err)
	}
	before := read(t, parent)
	next := maps.Clone(files)
	next["d"] = "changed"
	for _, last := range []*publish.State{nil, state} {
		_, _, err := publish.Update(t.Context(), dir, keeping(t, files, next), last)
		missing, ok := errors.AsType[*publish.MissingError](err)
		if !ok || !slices.Equal(missing.Paths, []string{"a/x", "b"}) {
			t.Errorf("Update = %v, want that a/x and b are missing", err)
		}
		if after := read(t, parent); !maps.Equal(after, before) {
			t.Errorf("the folder changed: %q, want %q", after, before)
		}
	}
	update(t, dir, keeping(t, map[string]string{"c": "ccc"}, next), state, publish.Report{Written: 3, Unchanged: 1})
	if got := read(t, dir); !maps.Equal(got, next) {
		t.Errorf("public holds %q, want %q", got, next)
	}
}

// The spare is used where it is ours, made anew where it cannot be used, and
// left alone where it is somebody else's.
func TestUpdateSpare(t *testing.T) {
	for _, test := range []struct {
		name   string
		tamper func(t *testing.T, spare string)
		stays  bool // as it was tampered with
	}{
		{"nothing", func(*testing.T, string) {}, false},
		{"gone", func(t *testing.T, spare string) { must(t, os.RemoveAll(spare)) }, false},
		{"tree gone", func(t *testing.T, spare string) { must(t, os.RemoveAll(filepath.Join(spare, "tree"))) }, false},
		{"tree is a file", func(t *testing.T, spare string) {
			must(t, os.RemoveAll(filepath.Join(spare, "tree")))
			write(t, filepath.Join(spare, "tree"), "x")
		}, false},
		{"tree is a link", func(t *testing.T, spare string) {
			must(t, os.RemoveAll(filepath.Join(spare, "tree")))
			must(t, os.Symlink("../public", filepath.Join(spare, "tree")))
		}, false},
		{"folder is a link", func(t *testing.T, spare string) {
			must(t, os.RemoveAll(filepath.Join(spare, "tree", "a")))
			must(t, os.Symlink("../../public/a", filepath.Join(spare, "tree", "a")))
		}, false},
		{"something more", func(t *testing.T, spare string) {
			write(t, filepath.Join(spare, "tree", "a", "more"), "x")
			write(t, filepath.Join(spare, "tree", "more", "more"), "x")
		}, false},
		{"patched by a build that was killed", func(t *testing.T, spare string) {
			must(t, os.Remove(filepath.Join(spare, "tree", "index.html")))
			write(t, filepath.Join(spare, "tree", "index.html"), "th")
		}, false},
		{"marker cut short", func(t *testing.T, spare string) {
			must(t, os.RemoveAll(spare))
			write(t, filepath.Join(spare, ".gitignore"), "# Vigie")
		}, false},
		{"foreign folder", func(t *testing.T, spare string) {
			must(t, os.RemoveAll(spare))
			write(t, filepath.Join(spare, "thesis.txt"), "mine")
		}, true},
		{"foreign file", func(t *testing.T, spare string) {
			must(t, os.RemoveAll(spare))
			write(t, spare, "mine")
		}, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			parent := t.TempDir()
			dir, spare := filepath.Join(parent, "public"), filepath.Join(parent, ".public.vigie-spare")
			sites := []map[string]string{
				{"index.html": "one", "a/b.html": "b", "a/c.html": "c"},
				{"index.html": "two", "a/b.html": "b", "a/c.html": "c"},
				{"index.html": "three", "a/b.html": "b", "a/c.html": "c"},
			}
			state := update(t, dir, keeping(t, nil, sites[0]), nil, publish.Report{Written: 3})
			state = update(t, dir, keeping(t, sites[0], sites[1]), state, publish.Report{Written: 1, Unchanged: 2})
			test.tamper(t, spare)
			tampered := shape(t, spare)
			update(t, dir, keeping(t, sites[1], sites[2]), state, publish.Report{Written: 1, Unchanged: 2})
			if got := read(t, dir); !maps.Equal(got, sites[2]) {
				t.Errorf("public holds %q, want %q", got, sites[2])
			}
			wantAlone(t, parent, ".public.vigie-spare", "public")
			if test.stays {
				if after := shape(t, spare); !maps.Equal(after, tampered) {
					t.Errorf("what was not ours is now %q, want %q", after, tampered)
				}
				return
			}
			if got := read(t, filepath.Join(spare, "tree")); !maps.Equal(got, sites[1]) {
				t.Errorf("the spare holds %q, want %q", got, sites[1])
			}
			ignore, err := os.ReadFile(filepath.Join(spare, ".gitignore"))
			if err != nil || !strings.HasSuffix(string(ignore), "\n*\n") {
				t.Errorf("git is told to ignore %q, %v", ignore, err)
			}
		})
	}
}

// Patching the spare fails in the middle: a file name that only the disk finds
// too long.
func TestUpdateFailure(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "public")
	old := map[string]string{"index.html": "old", "a/b.html": "b"}
	state := update(t, dir, keeping(t, nil, old), nil, publish.Report{Written: 2})
	next := map[string]string{"index.html": "new", "a/b.html": "b", strings.Repeat(strings.Repeat("d", 250)+"/", 20) + "x": "new"}
	if _, _, err := publish.Update(t.Context(), dir, keeping(t, old, next), state); err == nil {
		t.Fatal("a path of 5,000 bytes was written")
	}
	if got := read(t, dir); !maps.Equal(got, old) {
		t.Errorf("public holds %q, want the old site", got)
	}
	next = map[string]string{"index.html": "new", "a/b.html": "b"}
	update(t, dir, keeping(t, old, next), state, publish.Report{Written: 1, Unchanged: 1})
	if got := read(t, dir); !maps.Equal(got, next) {
		t.Errorf("public holds %q, want %q", got, next)
	}
}

func TestUpdatePermissions(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no such permissions")
	}
	dir := filepath.Join(t.TempDir(), "public")
	var state *publish.State
	before := map[string]string{}
	for i := range 4 {
		next := map[string]string{"a/b.html": "b", "index.html": fmt.Sprint(i)}
		_, now, err := publish.Update(t.Context(), dir, keeping(t, before, next), state)
		must(t, err)
		for name, want := range map[string]fs.FileMode{".": 0o755, "a": 0o755, "a/b.html": 0o644, ".vigie": 0o644} {
			info, err := os.Stat(filepath.Join(dir, name))
			must(t, err)
			if info.Mode().Perm() != want {
				t.Errorf("update %d: %s has the permissions %o, want %o", i, name, info.Mode().Perm(), want)
			}
		}
		if i == 1 { // what is published now is staged in two updates later
			must(t, os.Chmod(filepath.Join(dir, "a"), 0o700))
			must(t, os.Chmod(filepath.Join(dir, "a/b.html"), 0o600))
			must(t, os.Chmod(dir, 0o700))
		}
		state, before = now, next
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Whatever is published in whatever order, and whatever happens to the trees
// between, the site is the one asked for, or nothing was touched.
func TestUpdateAnything(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no permissions to tamper with, nor times that cannot be set")
	}
	rounds := 25
	if os.Getenv("VIGIE_SOAK") != "" {
		rounds = 500
	}
	missed := 0
	for seed := range rounds {
		r := rand.New(rand.NewPCG(uint64(seed), 7))
		parent := t.TempDir()
		dir := filepath.Join(parent, "public")
		believed := map[string]string{} // what the caller published last
		states := []*publish.State{nil}
		for step := range 12 {
			want := edit(r, believed)
			trees := []string{dir, filepath.Join(parent, ".public.vigie-spare", "tree")}
			for range r.IntN(4) {
				tamper(t, r, trees[min(r.IntN(3), 1)], true)
			}
			last := states[max(0, len(states)-1-r.IntN(r.IntN(3)+1))]
			if r.IntN(4) == 0 {
				last = nil
			}
			kept := maps.Clone(believed)
			maps.DeleteFunc(kept, func(string, string) bool { return r.IntN(5) == 0 })
			name := fmt.Sprintf("seed %d, step %d", seed, step)
			update := func() (*publish.State, error) {
				_, state, err := publish.Update(t.Context(), dir, keeping(t, kept, want), last)
				return state, err
			}
			if r.IntN(2) == 0 {
				look := publish.Ahead(t.Context(), dir, func() *publish.State { return last })
				look.Wait()
				for range r.IntN(2) {
					tamper(t, r, trees[min(r.IntN(3), 1)], false) // a file written in place is as one written afterwards
				}
				update = func() (*publish.State, error) {
					_, state, err := look.Update(t.Context(), keeping(t, kept, want))
					return state, err
				}
			}
			before, was := shape(t, dir), texts(t, dir)
			state, err := update()
			if missing, ok := errors.AsType[*publish.MissingError](err); ok {
				missed++
				if after := shape(t, dir); !maps.Equal(after, before) {
					t.Fatalf("%s: public is %q, want %q", name, after, before)
				}
				for _, p := range missing.Paths {
					if kept[p] != want[p] || was[p] == want[p] {
						t.Fatalf("%s: %s is missing, which is %q, kept %q, wanted %q", name, p, was[p], kept[p], want[p])
					}
					delete(kept, p)
				}
				state, err = update()
			}
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if got := read(t, dir); !maps.Equal(got, want) {
				t.Fatalf("%s: public holds %q, want %q", name, got, want)
			}
			publish.CheckFolders(t, state, dir)
			if r.IntN(2) == 0 {
				if state, err = publish.ReadState(state.Encode()); err != nil {
					t.Fatal(err)
				}
			}
			states, believed = append(states, state), want
		}
	}
	if missed == 0 {
		t.Error("no round missed a file")
	}
}

// texts is read for a folder that need not be there.
func texts(t *testing.T, dir string) map[string]string {
	t.Helper()
	if _, err := os.Lstat(dir); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return read(t, dir)
}

// edit returns a site that differs from the former one in a few files. A name
// may be a file in one site and a folder in the next.
func edit(r *rand.Rand, before map[string]string) map[string]string {
	site := maps.Clone(before)
	for range r.IntN(5) {
		p := path.Join(strings.Split(strings.Repeat("abc"[r.IntN(3):][:1], r.IntN(3)+1), "")...)
		if r.IntN(2) == 0 {
			p += ".html"
		}
		maps.DeleteFunc(site, func(other, _ string) bool {
			return strings.HasPrefix(other, p+"/") || strings.HasPrefix(p, other+"/")
		})
		if delete(site, p); r.IntN(3) > 0 {
			site[p] = string(rune('A' + r.IntN(4)))
		}
	}
	return site
}

// tamper does something to a file or folder of a tree that a Write has to undo: also to
// a file in place, or only to what is in a folder.
func tamper(t *testing.T, r *rand.Rand, tree string, inPlace bool) {
	t.Helper()
	var files, folders []string
	_ = filepath.WalkDir(tree, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil || name == tree || d.Name() == ".vigie":
		case d.IsDir():
			folders = append(folders, name)
		default:
			files = append(files, name)
		}
		return err
	})
	if len(files) == 0 {
		return
	}
	slices.Sort(files)
	file := files[r.IntN(len(files))]
	info, err := os.Lstat(file)
	must(t, err)
	text := []byte{byte('A' + r.IntN(4))}
	switch what := r.IntN(8); {
	case !inPlace && slices.Contains([]int{0, 1, 4, 5}, what):
	case what < 2: // in place, the time put back
		must(t, os.WriteFile(file, text, 0o644))
		must(t, os.Chtimes(file, info.ModTime(), info.ModTime()))
	case what == 2: // replaced, with the time of the former
		must(t, os.Remove(file))
		must(t, os.WriteFile(file, text, 0o644))
		must(t, os.Chtimes(file, info.ModTime(), info.ModTime()))
	case what == 3:
		must(t, os.Remove(file))
	case what == 4:
		must(t, os.Chmod(file, 0o600))
	case what == 5:
		must(t, os.WriteFile(file, append(text, text...), 0o644))
	case len(folders) == 0:
	case what == 6:
		must(t, os.RemoveAll(folders[r.IntN(len(folders))]))
	default:
		must(t, os.Mkdir(filepath.Join(folders[r.IntN(len(folders))], fmt.Sprint("empty", r.IntN(1e9))), 0o700))
	}
}

// shape returns every path under dir with its kind, permissions, time and bytes.
func shape(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := make(map[string]string)
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) && name == dir {
			return nil
		}
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		var data []byte
		if info.Mode().IsRegular() {
			data, err = os.ReadFile(name)
		}
		all[name] = fmt.Sprint(info.Mode(), info.ModTime(), string(data))
		return err
	})
	must(t, err)
	return all
}
