package tree_test

import (
	"errors"
	"io/fs"
	"slices"
	"testing"
	"testing/fstest"

	"vigie/generator/internal/tree"
)

// The two spellings of a name that macOS and others give to one file.
const (
	composed   = "R\u00e9union/caf\u00e9.jpg"
	decomposed = "Re\u0301union/cafe\u0301.jpg"
)

func TestSpelling(t *testing.T) {
	for _, spelled := range []string{composed, decomposed} {
		fsys := tree.New(fstest.MapFS{spelled: {Data: []byte("x")}, "plain.md": {}})
		var names []string
		err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				names = append(names, name)
			}
			return err
		})
		if want := []string{composed, "plain.md"}; err != nil || !slices.Equal(names, want) {
			t.Errorf("of %+q: files %+q, %v, want %+q", spelled, names, err, want)
		}
		for _, asked := range []string{composed, decomposed} {
			if data, err := fs.ReadFile(fsys, asked); err != nil || string(data) != "x" {
				t.Errorf("of %+q: %+q reads %q, %v", spelled, asked, data, err)
			}
		}
		if _, err := fs.ReadFile(fsys, "R\u00e9union/th\u00e9.jpg"); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("of %+q: a file that is not there: %v", spelled, err)
		}
	}
}

// TestSpelledTwice has two files whose names differ in spelling alone: they stand as one
// entry that names both.
func TestSpelledTwice(t *testing.T) {
	fsys := tree.New(fstest.MapFS{"caf\u00e9.md": {}, "cafe\u0301.md": {}, "the.md": {}})
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil || len(entries) != 2 {
		t.Fatalf("%d entries, %v, want 2", len(entries), err)
	}
	if e := entries[0].(tree.Entry); e.Name() != "caf\u00e9.md" || len(e.Spelled) != 2 {
		t.Errorf("entry %+q is spelled %+q", e.Name(), e.Spelled)
	}
	if e := entries[1].(tree.Entry); e.Spelled != nil {
		t.Errorf("entry %q is spelled %q", e.Name(), e.Spelled)
	}
}

func TestLeavings(t *testing.T) {
	for name, want := range map[string]bool{
		"x.md~": true, "x.md.~1~": true, "#x.md#": true, ".#x.md": true, "x.md.bak": true, "X.BAK": true,
		"x.md.orig": true, "x.md.rej": true, "x.swp": true, "x.swo": true, "x.tmp": true, "4913": true, "Thumbs.db": true,
		"DESKTOP.INI": true, "~$x.docx": true, ".~lock.x.odt#": true, "Icon\r": true, "__MACOSX": true, "node_modules": true,
		"x.md___jb_tmp___": true, "base.html~": true, "style.css.orig": true,
		"4913.md": false, "a~b.md": false, "~a.md": false, "#1.md": false, "#": false, "x.md": false, "bak.md": false,
		"save.md": false, "icon": false, "tmp": false, "le-tmp.md": false, "orig": false,
	} {
		if got := tree.IsLeaving(name); got != want {
			t.Errorf("IsLeaving(%q) = %v", name, got)
		}
	}
	for name, want := range map[string]bool{
		"x (Ada's conflicted copy 2025-01-02).md": true, "x (conflicted copy 2025-01-02 101112).md": true,
		"x (copie en conflit de Ada 2025-01-02).md": true, "x.sync-conflict-20250102-101112-ABCDEFG.md": true,
		"x_conflict-20250102-101112.md": true, "x_LOCAL_1234.md": true, "x (SFConflict ada@example.org 2025-01-02).md": true,
		"copie en conflit.md": false, "conflict.md": false, "x (1).md": false, "le-conflit-de-2025.md": false, "x_LOCAL.md": false,
	} {
		if got := tree.IsConflict(name); got != want {
			t.Errorf("IsConflict(%q) = %v", name, got)
		}
	}
	fsys := tree.New(fstest.MapFS{"a.md": {}, "a.md~": {}, ".git/config": {}, ".well-known/security.txt": {}, "node_modules/x/README.md": {}, "old.bak/b.md": {}})
	var names []string
	if err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, name)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if want := []string{".well-known/security.txt", "a.md"}; !slices.Equal(names, want) {
		t.Errorf("files %q, want %q", names, want)
	}
	if _, err := fs.ReadFile(fsys, "old.bak/b.md"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file in a folder that was left behind: %v", err)
	}
}
