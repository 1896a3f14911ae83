package sitetest

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"vigie/generator/internal/build"
	"vigie/generator/internal/preview"
)

var editFor = flag.Duration("edit-for", 30*time.Minute, "how long TestPreviewEndurance edits")

// startPreview previews the site in a folder until the test ends, and hands out its updates.
func startPreview(t *testing.T, dir string) (*preview.Session, chan preview.Update) {
	t.Helper()
	updates := make(chan preview.Update, 10000)
	ctx, stop := context.WithCancel(context.Background())
	session, err := preview.New(ctx, preview.Options{
		Build:   build.Options{Source: dir, Theme: os.DirFS(Root()), Now: Now, Drafts: true, Future: true},
		Updated: func(u preview.Update) { updates <- u },
	})
	if err != nil {
		t.Fatal(err)
	}
	followed := make(chan error, 1)
	go func() { followed <- session.Follow(ctx) }()
	t.Cleanup(func() {
		stop()
		<-followed
	})
	return session, updates
}

// rest waits until nothing has been heard for a moment, and counts what was.
func rest(updates chan preview.Update, moment time.Duration) (n int, last preview.Update) {
	for {
		select {
		case last = <-updates:
			n++
		case <-time.After(moment):
			return n, last
		}
	}
}

// equalToClean holds what a preview serves against a clean build.
func equalToClean(t *testing.T, session *preview.Session, dir string) {
	t.Helper()
	want, diags := build.Render(context.Background(), build.Options{Source: dir, Theme: os.DirFS(Root()), Now: Now, Drafts: true, Future: true})
	if diags.HasErrors() {
		t.Fatalf("clean build: %v", diags[0])
	}
	files := session.Site()
	for _, name := range want.Files.Paths() {
		w, _ := want.Files.Get(name)
		f, err := files.Open(name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		info, err := f.Stat()
		if err != nil {
			t.Fatal(err)
		}
		got := make([]byte, info.Size())
		if len(got) > 0 {
			if _, err := f.Read(got); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		_ = f.Close()
		if string(got) != string(w) {
			t.Errorf("%s differs from a clean build: %s", name, FirstDifference(string(got), string(w)))
			return
		}
	}
}

// TestPreviewCheckout switches between two branches with 3,000 changed files: one
// update, and the site is that of a clean build.
func TestPreviewCheckout(t *testing.T) {
	if os.Getenv("VIGIE_SOAK") != "1" {
		t.Skip("VIGIE_SOAK is not 1: a large site would take a minute")
	}
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	dir := filepath.Join(t.TempDir(), "site")
	if err := Corpus(dir, 4000); err != nil {
		t.Fatal(err)
	}
	git := func(args ...string) {
		t.Helper()
		cmd := exec.Command("git", append([]string{"-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "init.defaultBranch=main", "-c", "gc.auto=0"}, args...)...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
		}
	}
	git("init", "-q")
	git("add", "-A")
	git("commit", "-qm", "one")
	git("checkout", "-qb", "other")
	files, err := filepath.Glob(filepath.Join(dir, "content", "*", "*.md"))
	if err != nil || len(files) < 3000 {
		t.Fatalf("%d pages, %v", len(files), err)
	}
	slices.Sort(files)
	for i, file := range files[:3000] {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		write(t, file, append(text, fmt.Sprintf("\n\nAutre branche, page %d.\n", i)...))
	}
	git("add", "-A")
	git("commit", "-qm", "two")
	session, updates := startPreview(t, dir)
	rest(updates, 3*time.Second)
	for _, branch := range []string{"main", "other"} {
		start := time.Now()
		git("checkout", "-q", branch)
		checkedOut := time.Since(start)
		n, last := rest(updates, 5*time.Second)
		t.Logf("checkout of %s took %v; %d update of %d files in %v", branch, checkedOut.Round(time.Millisecond), n, len(last.Changed), last.Duration.Round(time.Millisecond))
		if n != 1 {
			t.Errorf("%d updates for one checkout", n)
		}
		equalToClean(t, session, dir)
	}
}

// TestPreviewEndurance edits a site at random for a long time: memory and goroutines
// stay within bounds, and what is served at the end is a clean build.
func TestPreviewEndurance(t *testing.T) {
	if os.Getenv("VIGIE_SOAK") != "1" {
		t.Skip("VIGIE_SOAK is not 1: it would take half an hour")
	}
	dir := t.TempDir()
	editing := NewEditing(rand.New(rand.NewPCG(7, 7)))
	for name, text := range editing.Files() {
		write(t, filepath.Join(dir, filepath.FromSlash(name)), []byte(text))
	}
	heap := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	base := heap()
	session, updates := startPreview(t, dir)
	rest(updates, time.Second)
	var early uint64
	goroutines := runtime.NumGoroutine()
	start, told := time.Now(), time.Now()
	edits, heard := 0, 0
	for time.Since(start) < *editFor {
		if err := editing.Next().Apply(dir); err != nil {
			t.Fatal(err)
		}
		edits++
		time.Sleep(time.Duration(20+edits%7*40) * time.Millisecond)
		for len(updates) > 0 {
			<-updates
			heard++
		}
		if files := session.Site(); files != nil { // as a reader would
			if f, err := files.Open("index.html"); err == nil {
				_ = f.Close()
			}
		}
		if early == 0 && time.Since(start) > *editFor/10 {
			early = heap()
		}
		if time.Since(told) > time.Minute {
			told = time.Now()
			t.Logf("%v: %d edits, %d updates, %d pages, heap %.1f MB, %d goroutines", time.Since(start).Round(time.Second), edits, heard, len(editing.pages()), float64(heap())/1e6, runtime.NumGoroutine())
		}
	}
	rest(updates, 2*time.Second)
	late := heap()
	t.Logf("%d edits, %d updates; heap %.1f MB after a tenth of the time, %.1f MB at the end; %d goroutines, %d at the start",
		edits, heard, float64(early)/1e6, float64(late)/1e6, runtime.NumGoroutine(), goroutines)
	if n := runtime.NumGoroutine(); n > goroutines+10 {
		t.Errorf("%d goroutines, %d at the start", n, goroutines)
	}
	// The site itself grows: what is held against it is a session opened on it now.
	fresh, updates := startPreview(t, dir)
	rest(updates, time.Second)
	both := heap()
	runtime.KeepAlive(fresh)
	t.Logf("the session holds %.1f MB, one opened now %.1f MB", float64(late-base)/1e6, float64(both-late)/1e6)
	if late-base > 2*(both-late)+20e6 {
		t.Errorf("the session holds %d bytes, one opened now %d", late-base, both-late)
	}
}
