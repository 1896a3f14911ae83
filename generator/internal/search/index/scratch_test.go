package index

import (
	"bytes"
	"errors"
	"io"
	"os"
	"testing"
)

// TestScratch writes through the name of a scratch file, as zapx does, and reads what was
// written; nothing is left of the file afterwards.
func TestScratch(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	for name, open := range map[string]func() (scratch, error){"memory": memoryFile, "disk": diskFile, "any": newScratch} {
		t.Run(name, func(t *testing.T) {
			s, err := open()
			if errors.Is(err, errors.ErrUnsupported) {
				t.Skip("this system has no files in memory")
			}
			if err != nil {
				t.Fatal(err)
			}
			want := bytes.Repeat([]byte("segment"), 1<<16)
			f, err := os.OpenFile(s.name, os.O_RDWR|os.O_CREATE, 0o600)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := f.Write(want); err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(f.Sync(), f.Close()); err != nil {
				t.Fatal(err)
			}
			if have, err := io.ReadAll(s); err != nil || !bytes.Equal(have, want) {
				t.Errorf("read %d bytes, %v; want the %d written", len(have), err, len(want))
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
			if left, err := os.ReadDir(os.TempDir()); err != nil || len(left) > 0 {
				t.Errorf("left behind: %v, %v", left, err)
			}
		})
	}
}
