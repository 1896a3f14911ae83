//go:build linux || openbsd || dragonfly

package publish

import (
	"io/fs"
	"syscall"
)

func identityOf(info fs.FileInfo) identity {
	id := identity{size: info.Size(), modified: info.ModTime().UnixNano(), changed: info.ModTime().UnixNano()}
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		id.changed, id.inode = stat.Ctim.Nano(), stat.Ino
	}
	return id
}
