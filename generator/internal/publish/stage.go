package publish

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

const (
	fileMode   fs.FileMode = 0o644
	folderMode fs.FileMode = 0o755
)

// The names of staging folders, beside public: .public.vigie-<random>, and for
// the old tree in the middle of a swap of two renames .public.vigie-old-<random>.
const (
	stagingInfix = ".vigie-"
	asideInfix   = ".vigie-old-"
)

// randomName matches what rand.Text returns.
var randomName = regexp.MustCompile(`^[A-Z2-7]{26,}$`)

// sibling returns a fresh name beside dir.
func sibling(dir, infix string) string {
	return filepath.Join(filepath.Dir(dir), "."+filepath.Base(dir)+infix+rand.Text())
}

// stage writes the new site beside dir and flushes it. It returns the staging
// folder, also with an error as soon as there is one to remove.
func stage(ctx context.Context, dir string, old *tree, set *Set, paths []string, same map[string]bool, marker []byte) (string, error) {
	staged := sibling(dir, stagingInfix)
	if err := os.Mkdir(staged, folderMode); err != nil {
		return "", err
	}
	// Marked before anything else is written: from here on it is known as ours.
	if err := writeFile(filepath.Join(staged, markerName), []byte(markerHead+markerUnfinished)); err != nil {
		return staged, err
	}
	if err := os.Chmod(staged, folderMode); err != nil { // whatever the umask
		return staged, err
	}
	folders := make(map[string]bool)
	for _, p := range paths {
		for _, folder := range parents(p) {
			folders[folder] = true
		}
	}
	for _, folder := range slices.Sorted(maps.Keys(folders)) {
		name := filepath.Join(staged, filepath.FromSlash(folder))
		if err := os.Mkdir(name, folderMode); err != nil {
			return staged, err
		}
		if err := os.Chmod(name, folderMode); err != nil {
			return staged, err
		}
	}
	err := eachPath(ctx, paths, func(p string) error {
		name := filepath.FromSlash(p)
		to := filepath.Join(staged, name)
		data, _ := set.Get(p)
		if !same[p] {
			return writeFile(to, data)
		}
		return keepFile(filepath.Join(old.dir, name), to, data, old.files[p])
	})
	if err != nil {
		return staged, err
	}
	if err := writeFile(filepath.Join(staged, markerName), marker); err != nil {
		return staged, err
	}
	return staged, flushTree(staged, folders)
}

// writeFile writes a new file with its permissions, whatever the umask.
func writeFile(name string, data []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, fileMode)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Chmod(fileMode)
	}
	if err == nil {
		err = flushFile(f)
	}
	return errors.Join(err, f.Close())
}

// keepFile makes to the same file as from, or where the file system has no hard
// links, or from has other permissions, one with the same bytes and time.
func keepFile(from, to string, data []byte, info fs.FileInfo) error {
	if info.Mode().Perm() == fileMode && os.Link(from, to) == nil {
		return nil
	}
	if err := writeFile(to, data); err != nil {
		return err
	}
	return os.Chtimes(to, info.ModTime(), info.ModTime())
}

// removeLeftovers removes the staging folders of killed builds of dir, and puts
// back the old site where a build was killed in the middle of a swap of two
// renames. Folders that only look like ours are left alone.
func removeLeftovers(dir string) error {
	entries, err := os.ReadDir(filepath.Dir(dir))
	if err != nil {
		return err
	}
	for _, e := range entries {
		random, aside := strings.CutPrefix(e.Name(), "."+filepath.Base(dir)+asideInfix)
		staged := false
		if !aside {
			random, staged = strings.CutPrefix(e.Name(), "."+filepath.Base(dir)+stagingInfix)
		}
		if !aside && !staged || !e.IsDir() || !randomName.MatchString(random) {
			continue
		}
		name := filepath.Join(filepath.Dir(dir), e.Name())
		marker, err := readMarker(name)
		if err != nil {
			return err
		}
		if aside && bytes.HasPrefix(marker, []byte(markerHead+markerFinished)) {
			if _, err := os.Lstat(dir); errors.Is(err, fs.ErrNotExist) {
				if err := os.Rename(name, dir); err != nil {
					return err
				}
				continue
			}
		}
		ours := marker != nil
		if !ours {
			// Killed between making the folder and marking it, or the empty
			// folder that a first build replaced.
			if ours, err = onlyLitter(name); err != nil {
				return err
			}
		}
		if ours {
			if err := removeTree(name); err != nil {
				return err
			}
		}
	}
	return nil
}

// swap gives the tree at staged the name dir, and where there was one, the tree
// at dir the name staged.
func swap(staged, dir string, exists bool) error {
	if !exists {
		return os.Rename(staged, dir)
	}
	err := exchange(staged, dir)
	if errors.Is(err, errors.ErrUnsupported) {
		return swapInTwo(staged, dir)
	}
	if err != nil {
		return fmt.Errorf("swapping in the new site (a mount point cannot be replaced: mount the folder above it): %w", err)
	}
	return nil
}

// swapInTwo is swap for systems that cannot exchange two names. Killed after
// the first rename, it leaves the work of the second to removeLeftovers.
func swapInTwo(staged, dir string) error {
	aside := sibling(dir, asideInfix)
	if err := os.Rename(dir, aside); err != nil {
		return err
	}
	if err := os.Rename(staged, dir); err != nil {
		return errors.Join(err, os.Rename(aside, dir))
	}
	return os.Rename(aside, staged)
}
