package watch_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"vigie/generator/internal/watch"
)

// patience is how long a test waits for what must come.
const patience = 3 * time.Minute

// site is a folder being watched.
type site struct {
	t       *testing.T
	root    string
	batches <-chan watch.Batch
	fences  int // files that drain wrote
	notices chan string
}

// start makes a site with a few files and watches it.
func start(t *testing.T, poll time.Duration) *site {
	t.Helper()
	s := &site{t: t, root: t.TempDir(), notices: make(chan string, 10)}
	for _, name := range []string{"config.toml", "content/a.md", "content/sub/b.md", "static/css/main.css", "public/index.html"} {
		s.write(name, "first")
	}
	ctx, cancel := context.WithCancel(t.Context())
	w, err := watch.New(ctx, watch.Options{Root: s.root, Paths: []string{"config.toml", "content", "layouts", "static"}, Poll: poll,
		Notice: func(m string) { s.notices <- m }})
	if err != nil {
		t.Fatal(err)
	}
	s.batches = w.Batches()
	t.Cleanup(func() {
		cancel()
		for range s.batches { // until it is closed: nothing is left running
		}
	})
	return s
}

func (s *site) path(name string) string { return filepath.Join(s.root, filepath.FromSlash(name)) }

func (s *site) write(name, text string) {
	s.t.Helper()
	if err := os.MkdirAll(filepath.Dir(s.path(name)), 0o755); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(s.path(name), []byte(text), 0o644); err != nil {
		s.t.Fatal(err)
	}
}

func (s *site) do(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// want waits until all names were told of, and fails where others are.
func (s *site) want(names ...string) {
	s.t.Helper()
	missing := slices.Clone(names)
	deadline := time.After(patience)
	for len(missing) > 0 {
		select {
		case b := <-s.batches:
			for _, p := range b.Paths {
				if !slices.Contains(names, p) {
					s.t.Errorf("told of %s, want only %s", p, strings.Join(names, " "))
				}
			}
			missing = slices.DeleteFunc(missing, func(m string) bool { return slices.Contains(b.Paths, m) })
		case <-deadline:
			s.t.Fatalf("never told of %s", strings.Join(missing, " "))
		}
	}
}

// drain receives until all that was done so far has been told of: changes are told in
// their order, and the last is one of its own. It returns how many batches there were, the
// one of its own change aside, and what else they told of.
func (s *site) drain() (n int, paths map[string]bool) {
	s.t.Helper()
	s.fences++
	fence := fmt.Sprintf("content/fence-%d.md", s.fences)
	s.write(fence, "all that came before has been seen")
	paths = map[string]bool{}
	deadline := time.After(patience)
	for {
		select {
		case b := <-s.batches:
			n++
			for _, p := range b.Paths {
				paths[p] = true
			}
			if paths[fence] {
				delete(paths, fence)
				if len(b.Paths) == 1 {
					n--
				}
				return n, paths
			}
		case <-deadline:
			s.t.Fatalf("never told of %s, only of %v", fence, paths)
		}
	}
}

// TestChanges goes through the ways in which files change, told and polled.
func TestChanges(t *testing.T) {
	for name, poll := range map[string]time.Duration{"told": 0, "polled": 30 * time.Millisecond} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t, poll)
			s.write("content/a.md", "second, longer")
			s.want("content/a.md")
			s.drain()

			s.write("config.toml", "second, longer")
			s.want("config.toml")
			s.drain()

			s.do(os.Remove(s.path("content/sub/b.md")))
			s.want("content/sub/b.md")
			s.drain()

			// As editors save: a file beside, then a rename over the old one.
			s.write("content/.a.md.tmp", "third, and longer still")
			s.do(os.Rename(s.path("content/.a.md.tmp"), s.path("content/a.md")))
			s.want("content/a.md")
			s.drain()

			// Folders that did not exist, with files written at once.
			s.write("content/new/deep/c.md", "c")
			s.want("content/new", "content/new/deep", "content/new/deep/c.md")
			s.drain()
			s.write("content/new/deep/c.md", "c, again")
			s.want("content/new/deep/c.md")
			s.drain()
			s.write("layouts/page.html", "layout")
			s.want("layouts", "layouts/page.html")
			s.drain()

			// A folder goes away, and comes back.
			s.do(os.Rename(s.path("content/new"), s.path("away")))
			if _, paths := s.drain(); !paths["content/new"] {
				t.Errorf("folder moved away: told of %v", paths)
			}
			s.write("away/deep/c.md", "nobody's business")
			if _, paths := s.drain(); len(paths) > 0 {
				t.Errorf("told of %v, which has left the site", paths)
			}
			s.do(os.Rename(s.path("away"), s.path("content/new")))
			if _, paths := s.drain(); !paths["content/new/deep/c.md"] {
				t.Errorf("folder moved back: told of %v", paths)
			}
			s.write("content/new/deep/c.md", "c, a third time")
			s.want("content/new/deep/c.md")
			s.drain()

			// What is none of the site's business.
			for _, name := range []string{"public/index.html", "content/.git/x", "content/a.md~", "content/4913", "content/#a.md#", "content/.a.md.swp", "README.md"} {
				s.write(name, "something else")
			}
			if _, paths := s.drain(); len(paths) > 0 {
				t.Errorf("told of %v", paths)
			}
		})
	}
}

// TestOneBatch holds a burst to one batch.
func TestOneBatch(t *testing.T) {
	s := start(t, 0)
	const n = 3000
	for i := range n {
		s.write(fmt.Sprintf("content/many/%d/page.md", i), "text")
	}
	batches, paths := s.drain()
	pages := 0
	for p := range paths {
		if strings.HasSuffix(p, "page.md") {
			pages++
		}
	}
	if pages != n {
		t.Errorf("told of %d pages, want %d", pages, n)
	}
	if batches > 3 { // the first files may go ahead of the rest
		t.Errorf("%d batches", batches)
	}
}

// TestGit waits for git to be done: it says so by a lock.
func TestGit(t *testing.T) {
	s := start(t, 0)
	s.write(".git/index.lock", "")
	s.write("content/a.md", "half of a checkout")
	select {
	case b := <-s.batches:
		t.Fatalf("told of %v while git is at work", b.Paths)
	case <-time.After(400 * time.Millisecond):
	}
	s.write("content/sub/b.md", "the other half")
	s.do(os.Remove(s.path(".git/index.lock")))
	select {
	case b := <-s.batches:
		if want := []string{"content/a.md", "content/sub/b.md"}; !slices.Equal(b.Paths, want) {
			t.Errorf("told of %v, want %v", b.Paths, want)
		}
	case <-time.After(patience):
		t.Fatal("never told")
	}
}

// TestNobodyListens joins what changes while nobody receives. What the system has told the
// watcher by a moment cannot be known: it is given more and more time.
func TestNobodyListens(t *testing.T) {
	s := start(t, 0)
	want := []string{"content/a.md", "content/sub/b.md"}
	var b watch.Batch
	for wait := 50 * time.Millisecond; wait < patience; wait *= 2 {
		s.write("content/a.md", "after "+wait.String())
		time.Sleep(wait)
		s.write("content/sub/b.md", "after "+wait.String())
		time.Sleep(wait)
		if b = <-s.batches; slices.Equal(b.Paths, want) {
			return
		}
		s.drain()
	}
	t.Errorf("told of %v, want %v", b.Paths, want)
}

// TestNoFolder refuses to watch nothing.
func TestNoFolder(t *testing.T) {
	if _, err := watch.New(t.Context(), watch.Options{Root: filepath.Join(t.TempDir(), "none")}); err == nil {
		t.Error("no error")
	}
}
