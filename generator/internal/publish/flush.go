package publish

import (
	"errors"
	"os"
	"runtime"
)

// flushFolders flushes folders of the tree at dir.
func flushFolders(dir string, folders map[string]bool) error {
	for folder := range folders {
		if err := flushFolder(onDisk(dir, folder)); err != nil {
			return err
		}
	}
	return nil
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
