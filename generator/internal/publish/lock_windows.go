package publish

import (
	"errors"
	"os"
	"path/filepath"

	"golang.org/x/sys/windows"
)

// tryLock locks a file beside the site, which is removed with the lock: folders
// cannot be locked here. The system frees the lock of a killed build, and the
// file it leaves can be locked again.
func tryLock(parent string) (unlock func(), err error) {
	name := filepath.Join(parent, stagingInfix+"lock")
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	err = windows.LockFileEx(windows.Handle(f.Fd()), windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, new(windows.Overlapped))
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) {
		err = ErrBusy
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return func() {
		_ = f.Close()
		_ = os.Remove(name) // fails, rightly, where the next build has it open
	}, nil
}
