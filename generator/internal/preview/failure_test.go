package preview_test

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"vigie/generator/internal/build"
	"vigie/generator/internal/diag"
	"vigie/generator/internal/preview"
	"vigie/generator/internal/search"
	"vigie/generator/internal/search/engine"
)

// possessed is a theme of which one file makes the program panic where it is read.
type possessed struct {
	fs.FS
	name   string
	broken *atomic.Bool
}

func (f possessed) Open(name string) (fs.File, error) {
	if name == f.name && f.broken.Load() {
		panic("theme is possessed")
	}
	return f.FS.Open(name)
}

// TestPanic: preview tells of a panic with the file and its line, answers what it can, and
// is as it was when the file is mended; also where all of the site could not be read.
func TestPanic(t *testing.T) {
	for name, file := range map[string]string{"of a page": "static/favicon.ico", "of the whole site": "layouts/base.html"} {
		t.Run(name, func(t *testing.T) {
			s := &studio{t: t, dir: t.TempDir(), updates: make(chan preview.Update, 1000)}
			s.write("config.toml", "title = \"Essai\"\nlanguage = \"fr\"\nbase_url = \"https://example.org/\"\n")
			s.write("content/a.md", "# A\n\nTexte.\n")
			s.write("content/b.md", "# B\n\nTexte.\n")
			var broken atomic.Bool
			ctx, stop := context.WithCancel(context.Background())
			session, err := preview.New(ctx, preview.Options{
				Build:     build.Options{Source: s.dir, Theme: possessed{theme, file, &broken}, Now: now, NoCache: true},
				OpenIndex: func(file []byte) (search.Searcher, error) { return engine.Open(file) },
				Updated:   func(u preview.Update) { s.updates <- u },
			})
			if err != nil {
				t.Fatal(err)
			}
			server := httptest.NewServer(session)
			followed := make(chan error, 1)
			go func() { followed <- session.Follow(ctx) }()
			defer func() {
				stop()
				if err := <-followed; !errors.Is(err, context.Canceled) {
					t.Errorf("follow: %v", err)
				}
				server.Close()
			}()
			s.settle()
			get := func(path string) string {
				t.Helper()
				answer, err := http.Get(server.URL + path)
				if err != nil {
					t.Fatal(err)
				}
				defer answer.Body.Close()
				body, _ := io.ReadAll(answer.Body)
				return string(body)
			}
			until := func(text string, failed bool) {
				t.Helper()
				for {
					u := s.settle()
					if strings.Contains(get("/a/"), text) && hasFailed(u.Problems) == failed {
						return
					}
				}
			}

			broken.Store(true)
			s.write("content/a.md", "# A\n\n![Icône](/favicon.ico)\n") // no image by its name: an error of its own, in any case
			s.write("config.toml", "title = \"Essai\"\nlanguage = \"fr\"\nbase_url = \"https://example.org/\"\ntagline = \"Un\"\n")
			var told string
			for !strings.Contains(told, "program failed: theme is possessed") {
				for _, d := range s.settle().Problems {
					told += d.String() + "\n"
				}
			}
			if !strings.Contains(get("/b/"), "Texte.") {
				t.Error("another page is missing")
			}

			broken.Store(false)
			s.write("content/a.md", "# A\n\nMieux.\n")
			until("Mieux.", false)
			if err := os.Remove(filepath.Join(s.dir, "content", "b.md")); err != nil {
				t.Fatal(err)
			}
			s.settle()
		})
	}
}

func hasFailed(list diag.List) bool { return build.Failed(list) }
