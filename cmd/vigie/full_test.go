package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestCacheDiskFull builds a site whose cache is on a disk that is full: the site is
// published all the same, the reader is told, and what was kept before is not trusted.
func TestCacheDiskFull(t *testing.T) {
	bin, dir := program(t), t.TempDir()
	site, public := filepath.Join(dir, "site"), filepath.Join(dir, "public")
	vigie(t, bin, nil, "init", site)
	kept := filepath.Join(site, ".vigie")
	if err := os.Mkdir(kept, 0o755); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", kept).CombinedOutput(); err != nil {
		t.Skipf("no small disk can be had (mount: %v, %s)", err, strings.TrimSpace(string(out)))
	}
	t.Cleanup(func() {
		if out, err := exec.Command("umount", kept).CombinedOutput(); err != nil {
			t.Errorf("umount: %v\n%s", err, out)
		}
	})
	page := filepath.Join(site, "content", "full.md")
	for _, text := range []string{"Un texte.\n", "Un autre texte.\n"} {
		if err := os.WriteFile(page, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(bin, "build", "-s", site, "-d", public, "--now", now).CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		if want := ".vigie/cache: warning: what saves the next build work cannot be written: no space left on device"; !strings.Contains(string(out), want) {
			t.Errorf("the build says\n%swant %s", out, want)
		}
		html, err := os.ReadFile(filepath.Join(public, "full", "index.html"))
		if err != nil || !strings.Contains(string(html), strings.TrimSpace(text)) {
			t.Errorf("the page is not what was written (%v)", err)
		}
	}
	clean := filepath.Join(dir, "clean")
	vigie(t, bin, nil, "build", "-s", site, "-d", clean, "--now", now, "--no-cache")
	if d := difference(mustTree(t, public), mustTree(t, clean)); d != "" {
		t.Errorf("the site differs from one built without a cache:\n%s", d)
	}
}
