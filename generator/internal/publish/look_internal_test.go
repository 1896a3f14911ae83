package publish

import (
	"os"
	"path/filepath"
	"testing"
)

// A folder that changed in the moment of the look might have changed again since.
func TestLookMoment(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "public")
	set := new(Set)
	if err := set.Add("a/x", []byte("x"), "test"); err != nil {
		t.Fatal(err)
	}
	if _, err := Write(t.Context(), dir, set); err != nil {
		t.Fatal(err)
	}
	info, err := os.Lstat(filepath.Join(dir, "a"))
	if err != nil {
		t.Fatal(err)
	}
	changed := identityOf(info).changed
	for clock(dir) <= changed { // until time went on
	}
	look := Ahead(t.Context(), dir, func() *State { return nil })
	look.Wait()
	if identityOf(info).inode == 0 {
		t.Skip("no inodes")
	}
	if look.found(t.Context(), dir) == nil {
		t.Error("a look at a folder at rest is of no use")
	}
	look.start = changed
	if look.found(t.Context(), dir) != nil {
		t.Error("a look at a folder in motion is of use")
	}
}
