package watch_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestLinkedFile changes files that symbolic links lead to, outside the site and below
// it, in place and by another file that takes their name.
func TestLinkedFile(t *testing.T) {
	for name, poll := range map[string]time.Duration{"told": 0, "polled": 10 * time.Millisecond} {
		t.Run(name, func(t *testing.T) {
			s := start(t, poll)
			outside := filepath.Join(t.TempDir(), "outside.md")
			s.do(os.WriteFile(outside, []byte("first"), 0o644))
			s.do(os.Symlink(outside, s.path("content/link.md")))
			s.want("content/link.md")
			s.do(os.WriteFile(outside, []byte("second, longer"), 0o644))
			s.want("content/link.md")
			s.do(os.WriteFile(outside+".new", []byte("third, longer still"), 0o644))
			s.do(os.Rename(outside+".new", outside))
			s.want("content/link.md")
			// a link back to itself, and one to nothing, are no matter
			s.do(os.Symlink("loop.md", s.path("content/loop.md")))
			s.do(os.Symlink("nothing.md", s.path("content/nowhere.md")))
			s.want("content/loop.md", "content/nowhere.md")
		})
	}
}
