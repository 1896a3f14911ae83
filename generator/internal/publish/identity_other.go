//go:build !linux && !freebsd && !openbsd && !dragonfly && !darwin && !netbsd

package publish

import "io/fs"

// identityOf knows nothing here that a program could not set: a file changed
// while its size and time were kept passes for the same.
func identityOf(info fs.FileInfo) identity {
	modified := info.ModTime().UnixNano()
	return identity{size: info.Size(), modified: modified, changed: modified}
}
