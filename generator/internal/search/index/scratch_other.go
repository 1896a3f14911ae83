//go:build !linux

package index

import "errors"

func memoryFile() (scratch, error) { return scratch{}, errors.ErrUnsupported }
