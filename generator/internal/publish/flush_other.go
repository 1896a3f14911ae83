//go:build !linux

package publish

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
)

func flushFile(f *os.File) error { return f.Sync() }

// flushTree makes the folders under dir outlast a loss of power; flushFile did
// it for the files.
func flushTree(dir string, folders map[string]bool) error {
	for folder := range folders {
		if err := flushFolder(filepath.Join(dir, filepath.FromSlash(folder))); err != nil {
			return err
		}
	}
	return flushFolder(dir)
}

// flushFolder makes the entries of dir outlast a loss of power.
func flushFolder(dir string) error {
	if runtime.GOOS == "windows" { // folders cannot be flushed there
		return nil
	}
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
