package sitefuzz

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// root is the repository's folder.
var root = filepath.Join("..", "..", "..")

// TestNothingHidden builds a site with every way of hiding something, and of each a twin
// that is shown.
func TestNothingHidden(t *testing.T) {
	theme := os.DirFS(root)
	text, err := os.ReadFile(filepath.Join("testdata", "hidden.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	s, _ := Parse(text)
	dir := t.TempDir()
	s = s.Write(dir)
	b := Build(dir, theme)
	for _, f := range unknown(Inspect(s, b)) {
		if strings.HasPrefix(f.Detail, "css/") { // the theme's, which no bundle of the site's own is made from
			continue
		}
		t.Error(f)
	}
	if b.Files == nil {
		t.Errorf("site has errors")
	}
	if t.Failed() {
		for _, d := range b.Diags {
			t.Log(d)
		}
	}
}
