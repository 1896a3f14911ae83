package index

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// memoryFile returns a file in memory, opened by the name that /proc gives it.
func memoryFile() (scratch, error) {
	fd, err := unix.MemfdCreate("vigie-index", unix.MFD_CLOEXEC)
	if err != nil {
		return scratch{}, err
	}
	s := scratch{File: os.NewFile(uintptr(fd), "vigie-index"), name: fmt.Sprintf("/proc/self/fd/%d", fd), gone: true}
	if _, err := os.Stat(s.name); err != nil { // there is no /proc
		s.Close()
		return scratch{}, err
	}
	return s, nil
}
