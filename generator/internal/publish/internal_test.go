package publish

import (
	"context"
	"crypto/sha256"
	"errors"
	"os"
	"path"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// Exchanges tells the external tests whether names swap in one step in dir.
func Exchanges(dir string) bool {
	a, b := filepath.Join(dir, "a"), filepath.Join(dir, "b")
	if errors.Join(os.Mkdir(a, 0o755), os.Mkdir(b, 0o755)) != nil {
		return false
	}
	return exchange(a, b) == nil
}

// Wait waits until a look is over.
func (l *Look) Wait() { <-l.done }

// Trusts tells whether a state vouches for all files and folders of its site.
func Trusts(s *State) bool {
	for _, id := range s.folders {
		if id == (identity{}) {
			return false
		}
	}
	return len(s.files) == len(s.paths)
}

// Vouch makes a state trust a folder of the tree at dir as it is.
func Vouch(t *testing.T, s *State, dir, folder string) {
	t.Helper()
	info, err := os.Lstat(onDisk(dir, folder))
	if err != nil {
		t.Fatal(err)
	}
	s.folders[folder] = identityOf(info)
}

// CheckFolders fails where what a state knows of the folders of the published tree at
// dir is wrong.
func CheckFolders(t *testing.T, s *State, dir string) {
	t.Helper()
	want := make(map[string][]string) // what is in each folder
	for _, p := range s.paths {
		for at := p; at != "." && !slices.Contains(want[above(at)], path.Base(at)); at = above(at) {
			want[above(at)] = append(want[above(at)], path.Base(at))
		}
	}
	delete(want, ".")
	if len(s.folders) != len(want) {
		t.Fatalf("the state knows the folders %v, want those of %q", s.folders, s.paths)
	}
	for folder, names := range want {
		id, ok := s.folders[folder]
		if !ok {
			t.Fatalf("the state does not know the folder %s", folder)
		}
		if id == (identity{}) {
			continue
		}
		info, err := os.Lstat(onDisk(dir, folder))
		if err != nil {
			t.Fatal(err)
		}
		if now := identityOf(info); now != id {
			t.Fatalf("the state knows %s as %v, it is %v", folder, id, now)
		}
		paths, _, err := list(dir, folder)
		if err != nil {
			t.Fatal(err)
		}
		for i := range paths {
			paths[i] = path.Base(paths[i])
		}
		if slices.Sort(names); !slices.Equal(paths, names) {
			t.Fatalf("%s holds %q, and is trusted to hold %q", folder, paths, names)
		}
	}
}

// Swear makes a state vouch for other bytes of a file than it has.
func Swear(s *State, path string, sum [sha256.Size]byte) {
	r := s.files[path]
	r.sum = sum
	s.files[path] = r
}

// The swap of systems without an exchange, which no test elsewhere reaches on
// Linux and macOS.
func TestSwapInTwo(t *testing.T) {
	parent := t.TempDir()
	dir, staged := filepath.Join(parent, "public"), sibling(filepath.Join(parent, "public"), stagingInfix)
	for name, text := range map[string]string{dir: "old", staged: "new"} {
		if err := errors.Join(os.Mkdir(name, 0o755), os.WriteFile(filepath.Join(name, "index.html"), []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	if err := swapInTwo(t.Context(), staged, dir); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{dir: "new", staged: "old"} {
		if got, err := os.ReadFile(filepath.Join(name, "index.html")); err != nil || string(got) != want {
			t.Errorf("%s holds %q, %v, want %q", filepath.Base(name), got, err, want)
		}
	}
	if err := swapInTwo(t.Context(), staged+"-missing", dir); err == nil {
		t.Error("a missing tree was swapped in")
	}
	if got, err := os.ReadFile(filepath.Join(dir, "index.html")); err != nil || string(got) != "new" {
		t.Errorf("after a failed swap public holds %q, %v, want %q", got, err, "new")
	}
}

// A build that looks ahead has no lock: its folders come and go while another one
// removes leftovers.
func TestLeftoverGoing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "public")
	done, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			select {
			case <-done:
				return
			default:
				clock(dir)
			}
		}
	}()
	for range 2000 {
		if err := removeLeftovers(dir, func() string { return "" }); err != nil {
			t.Error(err)
			break
		}
	}
	close(done)
	<-stopped
}

func TestLock(t *testing.T) {
	parent := t.TempDir()
	unlock, err := lock(t.Context(), parent, 0)
	if errors.Is(err, errNoLock) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := lock(t.Context(), parent, 50*time.Millisecond); !errors.Is(err, ErrBusy) {
		t.Errorf("the second lock = %v, want %v", err, ErrBusy)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := lock(ctx, parent, time.Minute); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the lock of a build that gave up = %v, want %v", err, context.DeadlineExceeded)
	}
	unlock()
	unlock, err = lock(t.Context(), parent, 0)
	if err != nil {
		t.Fatalf("the lock after the first is freed = %v", err)
	}
	unlock()
}
