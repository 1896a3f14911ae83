package index

import (
	"errors"
	"os"
)

// scratch is a file for zapx to write a segment to. What is in it need not outlive the
// build: zapx flushes it to the disk all the same, which takes as long as the merging
// where disks are slow, and a killed build leaves it behind. So it is in memory where the
// system has such files, else in the folder for temporary ones.
type scratch struct {
	*os.File
	name string // by which it is opened
	gone bool   // when it is closed
}

func newScratch() (scratch, error) {
	if s, err := memoryFile(); err == nil {
		return s, nil
	}
	return diskFile()
}

func diskFile() (scratch, error) {
	f, err := os.CreateTemp("", "vigie-index-")
	if err != nil {
		return scratch{}, err
	}
	return scratch{File: f, name: f.Name()}, nil
}

// Close closes the file and removes it.
func (s scratch) Close() error {
	err := s.File.Close()
	if s.gone {
		return err
	}
	return errors.Join(err, os.Remove(s.name))
}
