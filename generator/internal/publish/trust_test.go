package publish_test

import (
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"vigie/generator/internal/publish"
)

// TestTrust does something to a published tree of which every folder is trusted: what
// comes of it is what comes of it where nothing is, whether it happens before the look or
// after it.
func TestTrust(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no inodes, and no permissions to tamper with")
	}
	in := func(dir, p string) string { return filepath.Join(dir, filepath.FromSlash(p)) }
	for _, test := range []struct {
		name    string
		tamper  func(t *testing.T, dir string)
		missing string // a kept file that is
		refused string // a part of the error
		early   bool   // only before the look: a file in place, or what no build under way survives
	}{
		{name: "nothing", tamper: func(*testing.T, string) {}},
		{name: "file more", tamper: func(t *testing.T, dir string) { write(t, in(dir, "a/own"), "o") }, refused: "a/own was not published"},
		{name: "file more below", tamper: func(t *testing.T, dir string) { write(t, in(dir, "a/b/own"), "o") }, refused: "a/b/own was not published"},
		{name: "folder more", tamper: func(t *testing.T, dir string) { write(t, in(dir, "a/own/x"), "o") }, refused: "a/own/ was not published"},
		{name: "litter", tamper: func(t *testing.T, dir string) { write(t, in(dir, "a/b/.DS_Store"), "o") }},
		{name: "empty folder", tamper: func(t *testing.T, dir string) { must(t, os.Mkdir(in(dir, "a/empty"), 0o755)) }},
		{name: "file less", tamper: func(t *testing.T, dir string) { must(t, os.Remove(in(dir, "a/x"))) }, missing: "a/x"},
		{name: "folder less", tamper: func(t *testing.T, dir string) { must(t, os.RemoveAll(in(dir, "a/b"))) }, missing: "a/b/y"},
		{name: "file renamed", tamper: func(t *testing.T, dir string) { must(t, os.Rename(in(dir, "a/x"), in(dir, "a/z"))) }, refused: "a/z was not published"},
		{name: "file in place", tamper: func(t *testing.T, dir string) {
			info, err := os.Stat(in(dir, "a/x"))
			must(t, err)
			must(t, os.WriteFile(in(dir, "a/x"), []byte("XXX"), 0o644))
			must(t, os.Chtimes(in(dir, "a/x"), info.ModTime(), info.ModTime()))
		}, missing: "a/x", early: true},
		{name: "file swapped", tamper: func(t *testing.T, dir string) {
			write(t, in(dir, "../other"), "XXX")
			must(t, os.Rename(in(dir, "../other"), in(dir, "a/x")))
		}, missing: "a/x"},
		{name: "file swapped for the same", tamper: func(t *testing.T, dir string) {
			write(t, in(dir, "../other"), "xxx")
			must(t, os.Rename(in(dir, "../other"), in(dir, "a/x")))
		}},
		{name: "files swapped", tamper: func(t *testing.T, dir string) {
			must(t, os.Rename(in(dir, "a/x"), in(dir, "../other")))
			must(t, os.Rename(in(dir, "a/b/y"), in(dir, "a/x")))
			must(t, os.Rename(in(dir, "../other"), in(dir, "a/b/y")))
		}, missing: "a/b/y and 1 more"},
		{name: "folders swapped", tamper: func(t *testing.T, dir string) {
			must(t, os.Rename(in(dir, "a/b"), in(dir, "../other")))
			must(t, os.Rename(in(dir, "a/c"), in(dir, "a/b")))
			must(t, os.Rename(in(dir, "../other"), in(dir, "a/c")))
		}, missing: "a/b/y and 1 more"},
		{name: "link for a file", tamper: func(t *testing.T, dir string) {
			must(t, os.Rename(in(dir, "a/x"), in(dir, "../other")))
			must(t, os.Symlink("../../other", in(dir, "a/x")))
		}, refused: "a/x was not published"},
		{name: "link for a folder", tamper: func(t *testing.T, dir string) {
			must(t, os.Rename(in(dir, "a"), in(dir, "../other")))
			must(t, os.Symlink("../other", in(dir, "a")))
		}, refused: "a was not published"},
		{name: "link for a folder below", tamper: func(t *testing.T, dir string) {
			must(t, os.Rename(in(dir, "a/b"), in(dir, "../other")))
			must(t, os.Symlink("../../other", in(dir, "a/b")))
		}, refused: "a/b was not published"},
		{name: "file for a folder", tamper: func(t *testing.T, dir string) {
			must(t, os.RemoveAll(in(dir, "a/b")))
			write(t, in(dir, "a/b"), "o")
		}, refused: "a/b was not published"},
		{name: "folder for a file", tamper: func(t *testing.T, dir string) {
			must(t, os.Remove(in(dir, "a/x")))
			write(t, in(dir, "a/x/own"), "o")
		}, refused: "a/x/ was not published"},
		{name: "permissions", tamper: func(t *testing.T, dir string) { must(t, os.Chmod(in(dir, "a/b"), 0o700)) }},
		{name: "at the top", tamper: func(t *testing.T, dir string) { write(t, in(dir, "own"), "o") }, refused: "own was not published"},
		{name: "copied", tamper: func(t *testing.T, dir string) {
			must(t, os.Rename(dir, in(dir, "../other")))
			must(t, os.CopyFS(dir, os.DirFS(in(dir, "../other"))))
			must(t, os.RemoveAll(in(dir, "../other")))
		}},
		{name: "copied with more", tamper: func(t *testing.T, dir string) {
			must(t, os.Rename(dir, in(dir, "../other")))
			must(t, os.CopyFS(dir, os.DirFS(in(dir, "../other"))))
			must(t, os.RemoveAll(in(dir, "../other")))
			write(t, in(dir, "a/b/own"), "o")
		}, refused: "a/b/own was not published"},
		{name: "a file less in the list", tamper: func(t *testing.T, dir string) {
			marker, err := os.ReadFile(in(dir, ".vigie"))
			must(t, err)
			write(t, in(dir, ".vigie"), strings.Replace(string(marker), "a/x\n", "", 1))
		}, refused: "a/x was not published", early: true},
		{name: "a file more in the list", tamper: func(t *testing.T, dir string) {
			marker, err := os.ReadFile(in(dir, ".vigie"))
			must(t, err)
			write(t, in(dir, ".vigie"), strings.Replace(string(marker), "a/x\n", "a/w\na/x\n", 1))
		}, early: true},
		{name: "published by another build", tamper: func(t *testing.T, dir string) {
			_, err := publish.Write(t.Context(), dir, keeping(t, nil, map[string]string{"a/x": "XXX", "a/b/y": "yyy", "a/c/y": "YYY", "index": "1"}))
			must(t, err)
		}, missing: "a/x"},
		{name: "gone", tamper: func(t *testing.T, dir string) { must(t, os.RemoveAll(dir)) }, missing: "a/b/y and 2 more"},
	} {
		t.Run(test.name, func(t *testing.T) {
			kept := map[string]string{"a/x": "xxx", "a/b/y": "yyy", "a/c/y": "YYY"}
			type result struct {
				err    string
				report publish.Report
				tree   map[string]string
			}
			run := func(trusting bool, when string) result {
				dir := filepath.Join(t.TempDir(), "public")
				first, second := maps.Clone(kept), maps.Clone(kept)
				first["index"], second["index"] = "0", "1"
				state := update(t, dir, keeping(t, nil, first), nil, publish.Report{Written: 4})
				state = settle(t, dir, second, update(t, dir, keeping(t, first, second), state, publish.Report{Written: 1, Unchanged: 3}))
				next := maps.Clone(kept)
				next["index"], next["new/z"] = "2", "z"
				if !trusting {
					state = nil
				}
				var look *publish.Look
				if when == "after the look" {
					look = publish.Ahead(t.Context(), dir, func() *publish.State { return state })
					look.Wait()
				}
				test.tamper(t, dir)
				before := texts(t, dir)
				if when == "before the look" {
					look = publish.Ahead(t.Context(), dir, func() *publish.State { return state })
				}
				var r result
				var err error
				var after *publish.State
				if look == nil {
					r.report, after, err = publish.Update(t.Context(), dir, keeping(t, kept, next), state)
				} else {
					r.report, after, err = look.Update(t.Context(), keeping(t, kept, next))
					look.Close()
				}
				if r.tree = texts(t, dir); err != nil {
					r.err = strings.ReplaceAll(err.Error(), dir, "public")
					if !maps.Equal(r.tree, before) {
						t.Errorf("%s: the folder holds %q, want %q", when, r.tree, before)
					}
				} else {
					publish.CheckFolders(t, after, dir)
				}
				return r
			}
			want := run(false, "without a look")
			if test.refused != "" && !strings.Contains(want.err, test.refused) || test.missing != "" && !strings.Contains(want.err, test.missing+" do") || (want.err == "") != (test.refused+test.missing == "") {
				t.Errorf("Update = %s", want.err)
			}
			for _, when := range []string{"without a look", "before the look", "after the look"} {
				if test.early && when == "after the look" {
					continue
				}
				got := run(true, when)
				if got.err != want.err || got.report != want.report || !maps.Equal(got.tree, want.tree) {
					t.Errorf("%s: %+v, want %+v", when, got, want)
				}
			}
		})
	}
}

// TestTrusted has a state trust folders that it should not: so they are not listed. One
// that does not hold what it held after all, is.
func TestTrusted(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no inodes")
	}
	dir := filepath.Join(t.TempDir(), "public")
	files := map[string]string{"a/x": "xxx", "a/b/y": "yyy", "c/z": "z"}
	state := settle(t, dir, files, update(t, dir, keeping(t, nil, files), nil, publish.Report{Written: 3}))
	write(t, filepath.Join(dir, "a", "own"), "o")
	publish.Vouch(t, state, dir, "a")
	update(t, dir, keeping(t, files, files), state, publish.Report{Unchanged: 3})
	look := publish.Ahead(t.Context(), dir, func() *publish.State { return state })
	if report, _, err := look.Update(t.Context(), keeping(t, files, files)); err != nil || report.Unchanged != 3 {
		t.Errorf("after a look: %+v, %v", report, err)
	}
	must(t, os.Remove(filepath.Join(dir, "a", "own")))
	must(t, os.Remove(filepath.Join(dir, "c", "z")))
	publish.Vouch(t, state, dir, "c")
	state = settle(t, dir, files, update(t, dir, keeping(t, nil, files), state, publish.Report{Written: 1, Unchanged: 2}))
	must(t, os.RemoveAll(filepath.Join(dir, "a", "b")))
	publish.Vouch(t, state, dir, "a")
	update(t, dir, keeping(t, nil, files), state, publish.Report{Written: 1, Unchanged: 2})
}
