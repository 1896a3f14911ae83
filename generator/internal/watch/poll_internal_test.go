package watch

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// TestPolledTick rewrites files without their time or size showing it, as happens within
// one step of a file system's clock: the next look finds it, for as long as it may happen.
func TestPolledTick(t *testing.T) {
	dir := t.TempDir()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	write := func(name, text string, modified time.Time) {
		t.Helper()
		file := filepath.Join(dir, filepath.FromSlash(name))
		must(os.MkdirAll(filepath.Dir(file), 0o755))
		must(os.WriteFile(file, []byte(text), 0o644))
		must(os.Chtimes(file, modified, modified))
	}
	old, young := now.Add(-time.Hour), now.Add(-time.Second)
	write("content/old.md", "first", old)
	write("content/young.md", "first", young)
	write("content/ahead.md", "first", now.Add(time.Hour)) // by the clock of a share
	p := &poller{watcher: &Watcher{root: dir, options: Options{Root: dir, Paths: []string{"content"}}}, now: func() time.Time { return now }}
	p.start()
	look := func(want ...string) {
		t.Helper()
		if got := p.look(); !slices.Equal(got, want) {
			t.Errorf("changed are %q, want %q", got, want)
		}
	}
	look()
	write("content/young.md", "later", young)
	write("content/ahead.md", "later", now.Add(time.Hour))
	look("content/ahead.md", "content/young.md")
	look()
	write("content/young.md", "again", young)
	look("content/young.md")
	write("content/old.md", "other", now) // shows
	look("content/old.md")
	write("content/old.md", "OTHER", now) // does not
	now = now.Add(coarseTick - time.Millisecond)
	look("content/old.md")
	now = now.Add(2 * coarseTick)
	look()
	if s := p.seen["content/old.md"]; !s.young.IsZero() {
		t.Error("the bytes of an old file are still compared")
	}
	must(os.Remove(filepath.Join(dir, "content", "old.md")))
	look("content/old.md")
}
