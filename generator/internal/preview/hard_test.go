package preview_test

import (
	"context"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"vigie/generator/internal/build"
)

// clean holds the site against a build from nothing.
func (s *studio) clean() {
	s.t.Helper()
	want, diags := build.Render(context.Background(), build.Options{Source: s.dir, Theme: theme, Now: now, Drafts: true, Future: true})
	if diags.HasErrors() {
		s.t.Fatalf("clean build: %v", diags[0])
	}
	site := s.session.Site()
	for _, name := range want.Files.Paths() {
		w, _ := want.Files.Get(name)
		if got, err := fs.ReadFile(site, name); err != nil || string(got) != string(w) {
			s.t.Errorf("%s differs from a clean build (%v)", name, err)
		}
	}
}

// status is the status that a path is answered with.
func (s *studio) status(path string) int {
	s.t.Helper()
	response, err := http.Get(s.server.URL + path)
	if err != nil {
		s.t.Fatal(err)
	}
	_ = response.Body.Close()
	return response.StatusCode
}

// TestHalfWritten writes a file in parts, each of which preview sees.
func TestHalfWritten(t *testing.T) {
	s := open(t)
	const page = "actualites/un.md"
	whole := "+++\ntitle = \"Un\"\ndate = 2025-01-02\n+++\nUn texte entier, motfin.\n"
	for _, cut := range []int{0, 2, len("+++\ntitle = \"U"), len("+++\ntitle = \"Un\"\n"), len(whole) - 10} {
		t.Run(fmt.Sprint(cut), func(t *testing.T) {
			s.write("content/"+page, whole[:cut])
			s.settle() // the half is seen, whatever it is worth
			if got := s.status("/actualites/un/"); cut > 0 && got != http.StatusOK {
				t.Errorf("half a file is answered with %d", got)
			}
			s.write("content/"+page, whole)
			if u := s.settle(); u.Problems.HasErrors() || u.Stale {
				t.Errorf("last word: %v, stale %t", u.Problems, u.Stale)
			}
			if !strings.Contains(s.get("/actualites/un/"), "motfin") {
				t.Error("the whole is not shown")
			}
			s.clean()
		})
	}
}

// TestVanishing has files come and go while pages are asked for.
func TestVanishing(t *testing.T) {
	s := open(t)
	var asking sync.WaitGroup
	done := make(chan struct{})
	for _, path := range []string{"/actualites/passant/", "/actualites/", "/"} {
		asking.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				response, err := http.Get(s.server.URL + path)
				if err != nil {
					t.Error(err)
					return
				}
				_ = response.Body.Close()
				if response.StatusCode != http.StatusOK && response.StatusCode != http.StatusNotFound {
					t.Errorf("%s: %s", path, response.Status)
				}
			}
		})
	}
	for i := range 60 {
		s.write("content/actualites/passant.md", fmt.Sprintf("+++\ntitle = \"Passant\"\ndate = 2025-01-04\n+++\nTexte %d, vers [[un]].\n", i))
		s.write("content/actualites/image.svg", `<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"/>`)
		for _, name := range []string{"passant.md", "image.svg"} {
			if err := os.Remove(filepath.Join(s.dir, "content", "actualites", name)); err != nil {
				t.Fatal(err)
			}
		}
	}
	s.write("content/actualites/un.md", "+++\ntitle = \"Un\"\ndate = 2025-01-02\n+++\nTexte dernier.\n")
	last := s.settle()
	close(done)
	asking.Wait()
	if last.Problems.HasErrors() || last.Stale {
		t.Errorf("last word: %v", last.Problems)
	}
	if got := s.status("/actualites/passant/"); got != http.StatusNotFound {
		t.Errorf("what is gone is answered with %d", got)
	}
	s.clean()
}

// TestFolderRestored takes a folder away and puts it back.
func TestFolderRestored(t *testing.T) {
	s := open(t)
	before := s.get("/actualites/un/")
	folder, aside := filepath.Join(s.dir, "content", "actualites"), filepath.Join(s.dir, "aside")
	s.write("content/notes/a.md", "+++\ntitle = \"A\"\n+++\nReste.\n")
	s.settle()
	if err := os.Rename(folder, aside); err != nil {
		t.Fatal(err)
	}
	s.settle()
	if got := s.status("/actualites/un/"); got != http.StatusNotFound {
		t.Errorf("without its folder the page is answered with %d", got)
	}
	s.clean()
	if err := os.Rename(aside, folder); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(s.dir, "content", "notes")); err != nil {
		t.Fatal(err)
	}
	if u := s.settle(); u.Problems.HasErrors() {
		t.Error(u.Problems)
	}
	if s.get("/actualites/un/") != before {
		t.Error("the page is not as it was")
	}
	s.write("content/actualites/un.md", "+++\ntitle = \"Un\"\ndate = 2025-01-02\n+++\nEncore suivi.\n") // the folder is watched again
	s.settle()
	if !strings.Contains(s.get("/actualites/un/"), "Encore suivi") {
		t.Error("the folder is not followed any more")
	}
	s.clean()
}

// TestConfigurationBreaks keeps the last good site while config.toml does not parse.
func TestConfigurationBreaks(t *testing.T) {
	s := open(t)
	before := s.get("/actualites/un/")
	config, err := os.ReadFile(filepath.Join(s.dir, "config.toml"))
	if err != nil {
		t.Fatal(err)
	}
	s.write("config.toml", "title = \n")
	if u := s.settle(); !u.Stale || !u.Problems.HasErrors() || u.Problems[0].File != "config.toml" || u.Problems[0].Line != 1 {
		t.Errorf("stale %t, %v", u.Stale, u.Problems)
	}
	s.write("content/actualites/un.md", "+++\ntitle = \"Un\"\ndate = 2025-01-02\n+++\nPendant la panne.\n")
	s.settle()
	if s.get("/actualites/un/") != before {
		t.Error("the last good site does not stay")
	}
	s.write("config.toml", string(config))
	if u := s.settle(); u.Stale || u.Problems.HasErrors() {
		t.Errorf("stale %t, %v", u.Stale, u.Problems)
	}
	if !strings.Contains(s.get("/actualites/un/"), "Pendant la panne") {
		t.Error("what was written meanwhile is not shown")
	}
	s.clean()
}

// TestLayoutLoops has a layout include itself.
func TestLayoutLoops(t *testing.T) {
	s := open(t)
	before := s.get("/actualites/un/")
	s.write("layouts/partials/footer.html", "<footer>{{range .MainMenu}}{{template \"partials/footer.html\" $}}{{end}}</footer>")
	s.settle()
	if page := s.get("/actualites/un/"); !strings.Contains(page, "<main></main>") {
		t.Error("a page is shown that cannot be made")
	}
	_, diags := build.Render(context.Background(), build.Options{Source: s.dir, Theme: theme, Now: now})
	const want = "layouts/partials/footer.html:1:39: error: template includes itself without end: partials/footer.html → partials/footer.html"
	if len(diags) != 1 || diags[0].String() != want {
		t.Errorf("build says %v, want %s", diags, want)
	}
	if err := os.Remove(filepath.Join(s.dir, "layouts", "partials", "footer.html")); err != nil {
		t.Fatal(err)
	}
	s.settle()
	if s.get("/actualites/un/") != before {
		t.Error("the page is not as it was")
	}
}
