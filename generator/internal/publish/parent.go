package publish

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// makeParents makes the folders above dir that are not there. undo removes those it
// made, if nothing came into them.
func makeParents(dir string) (undo func(), err error) {
	var made []string
	undo = func() {
		for _, folder := range made { // the innermost first
			_ = os.Remove(folder)
		}
	}
	for above := filepath.Dir(dir); ; above = filepath.Dir(above) {
		info, err := os.Stat(above)
		if err == nil && !info.IsDir() {
			return nil, notFolder(above)
		}
		if err == nil || above == filepath.Dir(above) {
			break
		}
		if !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ENOTDIR) {
			return nil, err
		}
		if _, err := os.Lstat(above); err == nil {
			return nil, fmt.Errorf("%s is a symbolic link to nothing (make the folder it points to)", above)
		}
		made = append(made, above)
	}
	if len(made) == 0 {
		return undo, nil
	}
	if err := os.MkdirAll(made[0], folderMode); err != nil {
		undo()
		return nil, err
	}
	return undo, nil
}

func notFolder(name string) error {
	return fmt.Errorf("%s is a file, not a folder (choose another destination)", name)
}
