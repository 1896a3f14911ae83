//go:build !linux

package publish

// flushesTrees tells that files are flushed one by one.
const flushesTrees = false

// flushTree makes the given folders in the tree at dir outlast a loss of power.
func flushTree(dir string, folders map[string]bool, _ bool) error {
	return flushFolders(dir, folders)
}
