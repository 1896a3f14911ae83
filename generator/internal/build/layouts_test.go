package build_test

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vigie/generator/internal/build"
	"vigie/generator/internal/scaffold"
)

// TestLayoutsAlone changes files and folders of layouts/ in a site that stays open: the
// site is read anew only where more than templates changed, and is right in any case.
func TestLayoutsAlone(t *testing.T) {
	const footer, texts = "layouts/partials/footer.html", "layouts/i18n/fr.toml"
	for _, test := range []struct {
		name    string
		before  map[string]string
		change  func(dir string) error
		changed []string
		short   bool
		want    string // a text of the page
	}{
		{"a template in new folders", nil, func(dir string) error {
			return scaffold.Write(filepath.Join(dir, footer), []byte("<footer>neuf</footer>"))
		},
			[]string{"layouts", "layouts/partials", footer}, true, "<footer>neuf</footer>"},
		{"a template", map[string]string{footer: "<footer>un</footer>"}, func(dir string) error {
			return os.WriteFile(filepath.Join(dir, footer), []byte("<footer>deux</footer>"), 0o644)
		},
			[]string{footer}, true, "<footer>deux</footer>"},
		{"a template less", map[string]string{footer: "<footer>un</footer>"}, func(dir string) error { return os.Remove(filepath.Join(dir, footer)) },
			[]string{footer}, true, "<footer"},
		{"a folder less", map[string]string{footer: "<footer>un</footer>"}, func(dir string) error { return os.RemoveAll(filepath.Join(dir, "layouts")) },
			[]string{"layouts", "layouts/partials"}, false, "<footer"},
		{"texts in new folders", nil, func(dir string) error {
			all, err := fs.ReadFile(theme, texts)
			if err != nil {
				return err
			}
			return scaffold.Write(filepath.Join(dir, texts), bytes.ReplaceAll(all, []byte("Aller au contenu"), []byte("Saut neuf")))
		},
			[]string{"layouts", "layouts/i18n", texts}, false, "Saut neuf"},
	} {
		t.Run(test.name, func(t *testing.T) {
			files := map[string]string{"config.toml": kinds, "content/un.md": "+++\ntitle = \"Un\"\n+++\nUn texte.\n"}
			for name, text := range test.before {
				files[name] = text
			}
			dir := write(t, files)
			live, diags := build.Open(context.Background(), build.Options{Source: dir, Theme: theme, Now: now})
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			if err := test.change(dir); err != nil {
				t.Fatal(err)
			}
			next, _, diags := live.Update(context.Background(), test.changed)
			if next == nil || diags.HasErrors() {
				t.Fatal(diags)
			}
			if short := next == live; short != test.short {
				t.Errorf("the short way was taken: %t, want %t", short, test.short)
			}
			page, diags, ok := next.Make("un/index.html")
			if !ok || diags.HasErrors() || !strings.Contains(string(page), test.want) || strings.Contains(string(page), "<footer>un</footer>") {
				t.Errorf("the page (%t, %v) has not %q:\n%s", ok, diags, test.want, page)
			}
		})
	}
}
