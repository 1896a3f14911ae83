package publish

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
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

// removeLeftovers removes the staging folders of killed builds of dir, but for the one that
// own returns when asked, and puts back the old site where a build was killed in the middle
// of a swap of two renames. Folders that only look like ours are left alone.
func removeLeftovers(dir string, own func() string) error {
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
		if name == own() {
			continue
		}
		// A build that looks ahead has no lock: its folders may be gone by now.
		if err := removeLeftover(name, dir, aside); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// removeLeftover removes the folder name, if it is ours, or puts it back at dir where it
// was set aside.
func removeLeftover(name, dir string, aside bool) error {
	marker, err := readMarker(name)
	if err != nil {
		return err
	}
	if aside && bytes.HasPrefix(marker, []byte(markerHead+markerFinished)) {
		if _, err := os.Lstat(dir); errors.Is(err, fs.ErrNotExist) {
			return os.Rename(name, dir)
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
	if !ours {
		return nil
	}
	return removeTree(name)
}

// swap gives the tree at staged the name dir, and where there was one, the tree
// at dir the name staged.
func swap(ctx context.Context, staged, dir string, exists bool) error {
	if !exists {
		return os.Rename(staged, dir)
	}
	err := exchange(staged, dir)
	if errors.Is(err, errors.ErrUnsupported) {
		return swapInTwo(ctx, staged, dir)
	}
	if err != nil {
		return fmt.Errorf("swapping in the new site (a mount point cannot be replaced: mount the folder above it): %w", err)
	}
	return nil
}

// swapInTwo is swap for systems that cannot exchange two names. Killed after
// the first rename, it leaves the work of the second to removeLeftovers.
func swapInTwo(ctx context.Context, staged, dir string) error {
	aside := sibling(dir, asideInfix)
	if err := os.Rename(dir, aside); err != nil {
		return err
	}
	step(ctx, stepAside)
	if err := os.Rename(staged, dir); err != nil {
		return errors.Join(err, os.Rename(aside, dir))
	}
	return os.Rename(aside, staged)
}
