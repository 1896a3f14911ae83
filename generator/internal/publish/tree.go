package publish

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

const (
	// markerName is the file, at the top of every tree made here, that tells it
	// from folders we must not touch and lists the files we may replace.
	markerName = ".vigie"

	// markerHead opens a marker; its second line tells a finished tree, whose
	// files follow one a line, from one being staged.
	markerHead       = "Vigie made this folder. A build replaces the files listed here and refuses to touch others.\n"
	markerFinished   = "published 1\n"
	markerUnfinished = "unfinished 1\n"
)

// tree is a published folder as it stands on disk.
type tree struct {
	dir     string
	exists  bool
	marker  []byte           // its bytes; nil without one
	files   map[string]entry // the published files still there, by path
	folders map[string]bool  // those above published files, by path
	found   map[string]entry // everything
	surplus bool             // something else that goes away unasked: system litter, empty folders
}

// foreign tells what is neither a published file nor a folder above one.
func (t *tree) foreign(p string) bool {
	_, file := t.files[p]
	return !file && !t.folders[p]
}

// finishedMarker returns the marker of a tree that holds the given sorted paths.
// It depends on nothing else, so that the same site has the same bytes.
func finishedMarker(paths []string) []byte {
	var b bytes.Buffer
	b.WriteString(markerHead)
	b.WriteString(markerFinished)
	for _, p := range paths {
		b.WriteString(p)
		b.WriteByte('\n')
	}
	return b.Bytes()
}

// readMarker returns the marker of the folder dir, nil if it has none.
func readMarker(dir string) ([]byte, error) {
	data, err := os.ReadFile(filepath.Join(dir, markerName))
	if errors.Is(err, fs.ErrNotExist) || err == nil && !bytes.HasPrefix(data, []byte(markerHead)) {
		return nil, nil
	}
	return data, err
}

// publishedPaths returns the paths a finished marker lists, and false for
// another kind of marker.
func publishedPaths(marker []byte) ([]string, bool) {
	list, ok := bytes.CutPrefix(marker, []byte(markerHead+markerFinished))
	if !ok {
		return nil, false
	}
	paths := make([]string, 0, bytes.Count(list, []byte{'\n'})+1)
	for p := range strings.SplitSeq(string(list), "\n") {
		if p != "" {
			paths = append(paths, p)
		}
	}
	return paths, true
}

// readTree looks at the folder dir, which shown names in errors. It fails where
// the folder holds anything that no build published. Where it holds the site that
// state knows, folders that did not change since are not listed.
func readTree(ctx context.Context, dir, shown string, state *State, atOnce int) (*tree, error) {
	t := &tree{dir: dir}
	info, err := os.Lstat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return t, nil
	case err != nil:
		return nil, err
	case !info.IsDir():
		return nil, fmt.Errorf("%s is not a folder (delete it, or choose another destination)", shown)
	}
	t.exists = true
	if t.marker, err = readMarker(dir); err != nil {
		return nil, err
	}
	paths, finished := publishedPaths(t.marker)
	known := make(map[string]bool, 2*len(paths)) // true for files, false for the folders above them
	last := "."
	for _, p := range paths {
		known[p] = true
		for folder := above(p); folder != last && folder != "."; folder = above(folder) {
			if _, ok := known[folder]; ok {
				break
			}
			known[folder] = false
		}
		last = above(p)
	}
	enter := func(folder string) bool {
		isFile, isKnown := known[folder]
		return isKnown && !isFile
	}
	trust := state.published(paths)
	t.found, err = surveyPublished(ctx, dir, enter, paths, trust, atOnce)
	if trust != nil && errors.Is(err, fs.ErrNotExist) {
		// Something went away without its folder showing it: no folder is to be trusted.
		t.found, err = surveyPublished(ctx, dir, enter, paths, nil, atOnce)
	}
	if err != nil {
		return nil, err
	}
	t.files, t.folders = make(map[string]entry, len(paths)), make(map[string]bool, len(known)-len(paths))
	var foreign []string
	for rel, e := range t.found {
		isFile, isKnown := known[rel]
		switch {
		case rel == "." || rel == markerName && t.marker != nil:
		case e.mode.IsDir():
			if isKnown && !isFile {
				t.folders[rel] = true
				continue
			}
			empty, err := onlyLitter(onDisk(dir, rel))
			if err != nil {
				return nil, err
			}
			if !empty {
				foreign = append(foreign, rel+"/")
			}
			t.surplus = true
		case isKnown && isFile && e.mode.IsRegular():
			t.files[rel] = e
		case isLitter(path.Base(rel)):
			t.surplus = true
		default:
			foreign = append(foreign, rel)
		}
	}
	if len(foreign) == 0 {
		return t, nil
	}
	if !finished {
		return nil, fmt.Errorf("%s was not made by a build and is not empty (delete it, or choose another destination)", shown)
	}
	return nil, foreignError(shown, foreign)
}

// surveyPublished is survey for a tree that, where known is not nil, has the files
// of the given sorted paths. They are looked at in trusted folders too, since a file
// changes without its folder.
func surveyPublished(ctx context.Context, dir string, enter func(folder string) bool, paths []string, known folders, atOnce int) (map[string]entry, error) {
	all, trusted, err := survey(ctx, dir, enter, known, atOnce)
	if err != nil || len(trusted) == 0 {
		return all, err
	}
	var unlisted []string
	for _, p := range paths {
		if trusted[above(p)] {
			unlisted = append(unlisted, p)
		}
	}
	var mu sync.Mutex
	err = eachPathOf(ctx, atOnce, unlisted, func(p string) error {
		info, err := os.Lstat(onDisk(dir, p))
		if err != nil {
			return err
		}
		mu.Lock()
		defer mu.Unlock()
		all[p] = entryOf(info)
		return nil
	})
	return all, err
}

// foreignError names the first few files that no build published.
func foreignError(shown string, foreign []string) error {
	slices.Sort(foreign)
	const most = 3
	names := make([]string, 0, most)
	for _, rel := range foreign[:min(most, len(foreign))] {
		name := path.Join(filepath.ToSlash(shown), rel)
		if strings.HasSuffix(rel, "/") {
			name += "/"
		}
		names = append(names, name)
	}
	list, cure, verb := strings.Join(names, ", "), "move it to static/ or delete it", "was"
	if len(foreign) > 1 {
		cure, verb = "move them to static/ or delete them", "were"
	}
	if more := len(foreign) - most; more > 0 {
		list += fmt.Sprintf(" and %d more", more)
	}
	return fmt.Errorf("%s %s not published by a build (%s)", list, verb, cure)
}

// isLitter tells the files that desktops leave in folders they showed.
func isLitter(name string) bool {
	switch strings.ToLower(name) {
	case ".ds_store", "thumbs.db", "desktop.ini":
		return true
	}
	return false
}

// errNotLitter stops the walk of onlyLitter.
var errNotLitter = errors.New("file that is not litter")

// onlyLitter tells whether the folder dir holds, at any depth, nothing but
// system litter and folders.
func onlyLitter(dir string) (bool, error) {
	err := filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && !isLitter(d.Name()) {
			return errNotLitter
		}
		return err
	})
	if errors.Is(err, errNotLitter) {
		return false, nil
	}
	return err == nil, err
}

// removeTree deletes a folder that we made. Its marker goes last: a removal
// that is killed leaves a folder still known as ours.
func removeTree(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.Name() != markerName {
			if err := os.RemoveAll(filepath.Join(dir, e.Name())); err != nil {
				return err
			}
		}
	}
	return os.RemoveAll(dir)
}
