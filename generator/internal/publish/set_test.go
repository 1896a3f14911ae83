package publish_test

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"vigie/generator/internal/publish"
)

func TestSetRefuses(t *testing.T) {
	for _, test := range []struct {
		name   string
		before string // added first, by "the first"
		path   string
		want   string // "" for no error
	}{
		{"file", "", "actualites/été.html", ""},
		{"same folder", "a/b.html", "a/c.html", ""},
		{"dots within a name", "", "a/..b/c...html", ""},
		{"hidden file", "", ".well-known/security.txt", ""},
		{"duplicate", "a/b.html", "a/b.html", `path "a/b.html" of the second is already taken by the first`},
		{"file under a file", "a", "a/b.html", `path "a" of the first is a file, and a folder for the second`},
		{"file over a folder", "a/b.html", "a", `path "a" of the second is a file, and a folder for the first`},
		{"case of a file", "a/B.html", "a/b.html", `path "a/b.html" of the second differs from "a/B.html" of the first in case or accents’ encoding only`},
		{"case of a folder", "Tags/a.html", "tags/b.html", `path "tags" of the second differs from "Tags" of the first in case or accents’ encoding only`},
		{"case beyond ASCII", "ÉTÉ.html", "été.html", "in case or accents’ encoding only"},
		{"case with three letters", "σ", "ς", "in case or accents’ encoding only"},
		{"normalisation", "e\u0301te.html", "\u00e9te.html", "in case or accents’ encoding only"},
		{"empty", "", "", `path "" of the second is empty`},
		{"absolute", "", "/a.html", `path "/a.html" of the second is absolute, want one relative to the site`},
		{"parent", "", "a/../../b", `has the element ".."`},
		{"dot", "", "./a", `has the element "."`},
		{"double slash", "", "a//b", "has an empty element"},
		{"folder", "", "a/", "has an empty element"},
		{"backslash", "", `a\b`, "has a backslash"},
		{"line end", "", "a\nb", "has a control character"},
		{"NUL", "", "a\x00b", "has a control character"},
		{"not UTF-8", "", "a\xffb", "is not UTF-8"},
		{"long name", "", strings.Repeat("a", 256), "has an element of 256 bytes, want at most 255"},
		{"marker", "", ".vigie", "is reserved for the list of published files"},
		{"marker in capitals", "", ".Vigie/x", "is reserved for the list of published files"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var set publish.Set
			if test.before != "" {
				if err := set.Add(test.before, nil, "the first"); err != nil {
					t.Fatal(err)
				}
			}
			before := set.Len()
			err := set.Add(test.path, []byte("x"), "the second")
			switch {
			case test.want == "" && err != nil:
				t.Errorf("Add = %v, want no error", err)
			case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)):
				t.Errorf("Add = %v, want %s", err, test.want)
			case test.want != "" && set.Len() != before:
				t.Errorf("the set holds %d files after a refused one, want %d", set.Len(), before)
			}
		})
	}
}

// A refused file must not keep the folders it would have been in.
func TestSetForgetsRefused(t *testing.T) {
	var set publish.Set
	if err := set.Add("a/b", nil, "one"); err != nil {
		t.Fatal(err)
	}
	if err := set.Add("x/a/b/c", nil, "two"); err != nil {
		t.Fatal(err)
	}
	if err := set.Add("a/b/c/d", nil, "three"); err == nil {
		t.Fatal("a file became a folder")
	}
	if err := set.Add("a/B2/c", nil, "four"); err != nil {
		t.Errorf("Add = %v, want no trace of the refused file", err)
	}
}

func TestSetConcurrently(t *testing.T) {
	var set publish.Set
	var wg sync.WaitGroup
	refused := make([]bool, 8)
	for i := range 8 {
		wg.Go(func() {
			for j := range 100 {
				if err := set.Add(fmt.Sprintf("%d/%02d/index.html", i, j), nil, "test"); err != nil {
					t.Error(err)
				}
			}
			refused[i] = set.Add("shared.html", nil, fmt.Sprint(i)) != nil
		})
	}
	wg.Wait()
	if set.Len() != 801 {
		t.Errorf("Len = %d, want 801", set.Len())
	}
	if n := len(slices.DeleteFunc(refused, func(r bool) bool { return !r })); n != 7 {
		t.Errorf("%d of 8 duplicates were refused, want 7", n)
	}
	if !slices.IsSorted(set.Paths()) {
		t.Error("paths are not sorted")
	}
}

func TestFS(t *testing.T) {
	var set publish.Set
	for _, p := range []string{"index.html", "a/index.html", "a/b/c.txt", "é.txt"} {
		if err := set.Add(p, []byte("text of "+p), "test"); err != nil {
			t.Fatal(err)
		}
	}
	fsys := set.FS()
	if err := fstest.TestFS(fsys, "index.html", "a/index.html", "a/b/c.txt", "é.txt"); err != nil {
		t.Error(err)
	}
	if err := set.Add("late.txt", nil, "test"); err != nil {
		t.Fatal(err)
	}
	if _, err := fsys.Open("late.txt"); err == nil {
		t.Error("a file added later appears in the file system")
	}
	var empty publish.Set
	if err := fstest.TestFS(empty.FS()); err != nil {
		t.Error(err)
	}
}

func FuzzSet(f *testing.F) {
	for _, p := range []string{"a/b", "A/b", "a", "../a", "é", "e\u0301", "a//", "\x00"} {
		f.Add(p, "a/b/c")
	}
	f.Fuzz(func(t *testing.T, p, q string) {
		var set publish.Set
		added := 0
		for _, path := range []string{p, q} {
			if set.Add(path, []byte(path), "fuzz") == nil {
				added++
			}
		}
		if set.Len() != added {
			t.Fatalf("Len = %d after %d files", set.Len(), added)
		}
		fsys := set.FS()
		for _, path := range set.Paths() {
			if data, err := fs.ReadFile(fsys, path); err != nil || string(data) != path {
				t.Fatalf("%q holds %q, %v", path, data, err)
			}
		}
		if strings.ContainsAny(p+q, `[*?`) {
			return // TestFS takes them for patterns
		}
		if err := fstest.TestFS(fsys, set.Paths()...); err != nil {
			t.Fatal(err)
		}
	})
}

func TestSetKeep(t *testing.T) {
	var set publish.Set
	sum := sha256.Sum256([]byte("kept"))
	if err := set.Keep("a/kept.html", sum, 4, "the first"); err != nil {
		t.Fatal(err)
	}
	if err := set.Add("a/added.html", []byte("added"), "the first"); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"a/kept.html":  `path "a/kept.html" of the second is already taken by the first`,
		"a/added.html": `path "a/added.html" of the second is already taken by the first`,
		"a":            `path "a" of the second is a file, and a folder for the first`,
		"A/b":          `path "A" of the second differs from "a" of the first in case or accents’ encoding only`,
		".vigie":       `path ".vigie" of the second is reserved for the list of published files`,
	} {
		if err := set.Keep(path, sum, 4, "the second"); err == nil || err.Error() != want {
			t.Errorf("Keep(%q) = %v, want %s", path, err, want)
		}
	}
	if got := set.Paths(); !slices.Equal(got, []string{"a/added.html", "a/kept.html"}) || set.Len() != 2 {
		t.Errorf("the set has the %d files %q", set.Len(), got)
	}
	if data, ok := set.Get("a/kept.html"); data != nil || ok {
		t.Errorf("Get gives the bytes %q of a kept file", data)
	}
	for path, text := range map[string]string{"a/kept.html": "kept", "a/added.html": "added"} {
		got, size, ok := set.Sum(path)
		if got != sha256.Sum256([]byte(text)) || size != int64(len(text)) || !ok {
			t.Errorf("Sum(%q) = %x, %d, %t", path, got, size, ok)
		}
		info, err := fs.Stat(set.FS(), path)
		if err != nil || info.Size() != int64(len(text)) {
			t.Errorf("Stat(%q) = %v, %v", path, info, err)
		}
	}
	if _, _, ok := set.Sum("a"); ok {
		t.Error("a folder has a sum")
	}
	if _, err := set.FS().Open("a/kept.html"); !errors.Is(err, publish.ErrKept) {
		t.Errorf("Open of a kept file = %v, want %v", err, publish.ErrKept)
	}
	if _, err := fs.ReadFile(set.FS(), "a/kept.html"); !errors.Is(err, publish.ErrKept) {
		t.Errorf("ReadFile of a kept file = %v, want %v", err, publish.ErrKept)
	}
}
