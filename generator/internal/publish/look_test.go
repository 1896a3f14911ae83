package publish_test

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vigie/generator/internal/publish"
)

// TestAhead looks before something happens: what came or went in the meantime is found
// all the same.
func TestAhead(t *testing.T) {
	for _, test := range []struct {
		name    string
		tamper  func(t *testing.T, dir string)
		missing bool   // a kept file is
		refused string // a part of the error
	}{
		{name: "nothing", tamper: func(*testing.T, string) {}},
		{name: "a file less", tamper: func(t *testing.T, dir string) { must(t, os.Remove(filepath.Join(dir, "a", "x"))) }, missing: true},
		{name: "somebody's file", tamper: func(t *testing.T, dir string) { write(t, filepath.Join(dir, "a", "own"), "o") }, refused: "a/own was not published by a build"},
		{name: "another build", tamper: func(t *testing.T, dir string) {
			if _, err := publish.Write(t.Context(), dir, keeping(t, nil, map[string]string{"a/x": "XXX", "b": "b"})); err != nil {
				t.Fatal(err)
			}
		}, missing: true},
		{name: "no folder", tamper: func(t *testing.T, dir string) { must(t, os.RemoveAll(dir)) }, missing: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "public")
			kept := map[string]string{"a/x": "xxx"}
			files := map[string]string{"a/x": "xxx", "b": "b1"}
			state := update(t, dir, keeping(t, nil, files), nil, publish.Report{Written: 2})
			look := publish.Ahead(t.Context(), dir, func() *publish.State { return state })
			look.Wait()
			test.tamper(t, dir)
			before := read(t, filepath.Dir(dir))
			files["b"] = "b2"
			_, _, err := look.Update(t.Context(), keeping(t, kept, files))
			_, missing := errors.AsType[*publish.MissingError](err)
			switch {
			case test.missing != missing, test.refused != "" && (err == nil || !strings.Contains(err.Error(), test.refused)):
				t.Fatalf("Update = %v", err)
			case err != nil:
				if after := read(t, filepath.Dir(dir)); !maps.Equal(after, before) {
					t.Errorf("the folder changed: %q, want %q", after, before)
				}
			default:
				if got := read(t, dir); !maps.Equal(got, files) {
					t.Errorf("public holds %q, want %q", got, files)
				}
			}
		})
	}
}

// TestWriteAhead writes files of the next tree before it is made: they are used where
// they are what is wanted, and nothing is left of the others.
func TestWriteAhead(t *testing.T) {
	parent := t.TempDir()
	dir := filepath.Join(parent, "public")
	big := strings.Repeat("large ", 300_000)
	files := map[string]string{"a": "a", "big": big, "same": big}
	state := update(t, dir, keeping(t, nil, files), nil, publish.Report{Written: 3})
	for _, next := range []string{big + "1", big + "2"} {
		data := []byte(next)
		look := publish.Ahead(t.Context(), dir, func() *publish.State { return state })
		look.Write("big", data)
		look.Write("same", []byte(big))
		look.Write("gone", data)
		look.Write("other/x", []byte(big+"x"))
		set := keeping(t, files, map[string]string{"a": "a", "same": big, "other/x": big + "y"})
		must(t, set.Add("big", data, "test"))
		var err error
		if _, state, err = look.Update(t.Context(), set); err != nil {
			t.Fatal(err)
		}
		look.Close()
		want := map[string]string{"a": "a", "same": big, "big": next, "other/x": big + "y"}
		if got := read(t, dir); !maps.Equal(got, want) {
			t.Error("public holds other files")
		}
		if info, err := os.Stat(filepath.Join(dir, "big")); err != nil || info.Mode().Perm() != 0o644 {
			t.Errorf("the file written ahead has %v, %v", info, err)
		}
		files = want
		entries, err := os.ReadDir(parent)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if e.Name() != "public" && e.Name() != ".public.vigie-spare" && !strings.HasSuffix(e.Name(), ".lock") {
				t.Errorf("%s is left behind", e.Name())
			}
		}
	}
	look := publish.Ahead(t.Context(), filepath.Join(parent, "none", "public"), func() *publish.State { return nil })
	look.Write("big", []byte(big))
	look.Close()
}
