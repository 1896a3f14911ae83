package cache_test

import (
	"crypto/sha256"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"vigie/generator/internal/cache"
)

// program stands for a program of some bytes.
func program(name string) func() ([sha256.Size]byte, error) {
	return func() ([sha256.Size]byte, error) { return sha256.Sum256([]byte(name)), nil }
}

func TestGet(t *testing.T) {
	at := filepath.Join(t.TempDir(), ".vigie", "cache")
	d := cache.Open(at, program("one"))
	if _, err := d.Get("slot/a"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that was never put: %v", err)
	}
	if err := d.Put("slot/a", []byte("first"), nil, []byte(" second")); err != nil {
		t.Fatal(err)
	}
	if data, err := d.Get("slot/a"); err != nil || string(data) != "first second" {
		t.Errorf("got %q, %v", data, err)
	}
	if err := d.Put("slot/a"); err != nil {
		t.Fatal(err)
	}
	if data, err := d.Get("slot/a"); err != nil || len(data) != 0 {
		t.Errorf("an empty file is %q, %v", data, err)
	}
	for _, note := range []string{".gitignore", "CACHEDIR.TAG"} {
		if _, err := os.Stat(filepath.Join(at, note)); err != nil {
			t.Error(err)
		}
	}
	if _, err := cache.Open(at, program("two")).Get("slot/a"); !errors.Is(err, cache.ErrForeign) {
		t.Errorf("a file of another program: %v", err)
	}
	broken := errors.New("no program")
	if _, err := cache.Open(at, func() (sum [sha256.Size]byte, err error) { return sum, broken }).Get("slot/a"); !errors.Is(err, broken) {
		t.Errorf("without a program: %v", err)
	}
}

// TestDamage cuts and changes a file everywhere: no byte of it is returned again.
func TestDamage(t *testing.T) {
	at := t.TempDir()
	d := cache.Open(at, program("one"))
	if err := d.Put("a", []byte("what was kept")); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(at, "a")
	whole, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	refused := func(what string, data []byte) {
		t.Helper()
		if err := os.WriteFile(name, data, 0o644); err != nil {
			t.Fatal(err)
		}
		if got, err := d.Get("a"); !errors.Is(err, cache.ErrDamaged) && !errors.Is(err, cache.ErrForeign) {
			t.Errorf("%s: got %q, %v", what, got, err)
		}
	}
	for i := range whole {
		refused("cut", whole[:i])
		other := slices.Clone(whole)
		other[i] ^= 1
		refused("changed", other)
	}
	refused("longer", append(slices.Clone(whole), 0))
	refused("another program's file", []byte(strings.Repeat("x", 200)))
}

// TestFailure: where nothing can be written, what was there stays, and nothing is left
// behind.
func TestFailure(t *testing.T) {
	at := filepath.Join(t.TempDir(), "cache")
	if err := os.WriteFile(at, []byte("a file"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := cache.Open(at, program("one")).Put("slot/a", []byte("x")); err == nil {
		t.Error("a file was put below a file")
	}
	dir := t.TempDir()
	d := cache.Open(dir, program("one"))
	if err := os.MkdirAll(filepath.Join(dir, "slot", "a", "b"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := d.Put("slot/a", []byte("x")); err == nil {
		t.Error("a folder was replaced")
	}
	entries, err := os.ReadDir(filepath.Join(dir, "slot"))
	if err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

// TestPrune removes what is not wanted, and what another process is writing only when
// it must be gone.
func TestPrune(t *testing.T) {
	at := t.TempDir()
	d := cache.Open(at, program("one"))
	for _, name := range []string{"slot/a", "slot/b", "other/a"} {
		if err := d.Put(name, []byte(name)); err != nil {
			t.Fatal(err)
		}
	}
	longAgo := time.Now().Add(-2 * time.Hour)
	for name, old := range map[string]bool{".partial-1": false, ".partial-2": true} {
		file := filepath.Join(at, "slot", name)
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if old {
			if err := os.Chtimes(file, longAgo, longAgo); err != nil {
				t.Fatal(err)
			}
		}
	}
	d.Prune("slot", func(name string) bool { return name == "a" })
	d.Prune("none", func(string) bool { return false })
	if got := list(t, filepath.Join(at, "slot")); !slices.Equal(got, []string{".partial-1", "a"}) {
		t.Errorf("pruned to %v", got)
	}
	for i, name := range []string{"slot", "other"} {
		used := longAgo.Add(time.Duration(i) * time.Minute)
		if err := os.Chtimes(filepath.Join(at, name), used, used); err != nil {
			t.Fatal(err)
		}
	}
	d.PruneFolders(1)
	if got := list(t, at); !slices.Equal(got, []string{".gitignore", "CACHEDIR.TAG", "other"}) {
		t.Errorf("folders pruned to %v", got)
	}
}

func list(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// TestAtOnce: whoever reads while others write gets one of the versions whole.
func TestAtOnce(t *testing.T) {
	at := t.TempDir()
	versions := map[string]bool{}
	for _, c := range "abc" {
		versions[strings.Repeat(string(c), 50_000)] = true
	}
	var wg sync.WaitGroup
	for text := range versions {
		wg.Go(func() {
			d := cache.Open(at, program("one"))
			for range 30 {
				if err := d.Put("a", []byte(text)); err != nil {
					t.Error(err)
				}
				if got, err := d.Get("a"); err != nil || !versions[string(got)] {
					t.Errorf("got %.10q…, %v", got, err)
				}
			}
		})
	}
	wg.Wait()
}
