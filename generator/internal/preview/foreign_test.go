package preview_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vigie/generator/internal/build"
	"vigie/generator/internal/preview"
)

// TestForeignCache opens a preview on what another version of the program kept: that it
// is not used is said.
func TestForeignCache(t *testing.T) {
	s := &studio{t: t, dir: t.TempDir()}
	s.write("config.toml", "title = \"Essai\"\nbase_url = \"https://example.org/\"\n")
	s.write("content/un.md", "+++\ntitle = \"Un\"\n+++\nUn texte.\n")
	notices := func() (list []string) {
		t.Helper()
		checked := make(chan preview.Update, 10)
		_, err := preview.New(t.Context(), preview.Options{
			Build:   build.Options{Source: s.dir, Theme: theme, Now: now, Drafts: true, Future: true},
			Notice:  func(message string) { list = append(list, message) },
			Updated: func(u preview.Update) { checked <- u },
		})
		if err != nil {
			t.Fatal(err)
		}
		<-checked // what is found of the bodies has been kept
		return list
	}
	for range 2 {
		if list := notices(); len(list) > 0 {
			t.Errorf("notices: %q", list)
		}
	}
	flipped := 0
	cached := filepath.Join(s.dir, filepath.FromSlash(build.CacheDir))
	err := filepath.WalkDir(cached, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Dir(name) == cached {
			return err
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		flipped++
		data[len("vigie cache 1\n")] ^= 1 // the sum of the program
		return os.WriteFile(name, data, 0o644)
	})
	if err != nil || flipped == 0 {
		t.Fatalf("%d files kept, %v", flipped, err)
	}
	if list := notices(); len(list) != 1 || !strings.Contains(list[0], "another version") {
		t.Errorf("notices: %q", list)
	}
}
