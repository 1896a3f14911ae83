package watch

import (
	"os"
	"path/filepath"
	"slices"
)

// follow has the system tell of changes to the file that a symbolic link leads to: the
// folder of the link is silent about them. name is below the root.
func (w *Watcher) follow(name string) {
	target, err := filepath.EvalSymlinks(filepath.Join(w.root, filepath.FromSlash(name)))
	if err != nil {
		return // it leads nowhere: the build says so
	}
	if info, err := os.Stat(target); err != nil || info.IsDir() {
		return // folders are not followed
	}
	if w.links == nil {
		w.links = map[string][]string{}
	}
	if slices.Contains(w.links[target], name) {
		return
	}
	w.links[target] = append(w.links[target], name)
	// Where this fails the link is as it was before: the page shows its text at start.
	if err := w.notify.Add(filepath.Dir(target)); err != nil && w.options.Notice != nil {
		w.options.Notice("changes to what the symbolic link " + name + " leads to do not show until the next start")
	}
}
