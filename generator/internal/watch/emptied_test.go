package watch

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/fsnotify/fsnotify"
)

// TestEmptied does not tell of a file that was emptied to be written, and tells of one
// that stays empty.
func TestEmptied(t *testing.T) {
	root := t.TempDir()
	file := filepath.Join(root, "a.md")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("first")
	ctx, cancel := context.WithCancel(t.Context())
	w, err := New(ctx, Options{Root: root, Paths: []string{"a.md"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		for range w.Batches() {
		}
	})
	start := time.Now()
	write("")
	select {
	case b := <-w.Batches():
		if after := time.Since(start); after < maxEmpty {
			t.Errorf("told of %v, which is empty, after %v", b.Paths, after)
		}
	case <-time.After(5 * quietFew):
	}
	write("second")
	<-w.Batches()
	write("")
	select {
	case <-w.Batches():
	case <-time.After(3 * time.Minute):
		t.Error("never told that a file is empty")
	}
}

// TestFallBackAmidFolders goes over to polling, and says that changes may have been
// missed, where the system refuses to watch a new folder of folders.
func TestFallBackAmidFolders(t *testing.T) {
	root := t.TempDir()
	if err := os.MkdirAll(filepath.Join(root, "content", "new", "deep"), 0o755); err != nil {
		t.Fatal(err)
	}
	w := &Watcher{options: Options{Root: root, Paths: []string{"content"}}, root: root}
	w.start()
	if err := w.notify.Close(); err != nil { // from now on it refuses
		t.Fatal(err)
	}
	names := w.names(fsnotify.Event{Name: filepath.Join(root, "content", "new"), Op: fsnotify.Create})
	if len(names) == 0 || w.poll == nil || w.notify != nil || !w.missed {
		t.Errorf("told of %v, polling %t, missed %t", names, w.poll != nil, w.missed)
	}
}
