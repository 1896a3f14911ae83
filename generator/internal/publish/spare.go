package publish

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// The spare of public is the tree that was published before it, and is made the
// next one. Making that anew, of 23,700 links in 11,000 folders, and removing
// the old one takes some 3 s; patching the spare takes a tenth. It stands in
// the folder .public.vigie-spare, whose .gitignore also tells that it is ours.
const (
	spareSuffix = ".vigie-spare"
	spareTree   = "tree"
	ignoreName  = ".gitignore"
	ignoreText  = "# Vigie keeps the site before the published one here, to make the next one of it. Delete it if you like.\n*\n"
)

func everywhere(string) bool { return true }

var errForeignSpare = errors.New("folder for the spare tree was not made by a build")

func spareFolder(dir string) string {
	return filepath.Join(filepath.Dir(dir), "."+filepath.Base(dir)+spareSuffix)
}

// openSpare returns the spare tree of dir and what it holds; known is what it
// may be known to hold. It makes an empty one where there is none, or
// where it cannot be used.
func openSpare(ctx context.Context, dir string, known former) (tree string, have map[string]entry, err error) {
	folder := spareFolder(dir)
	ours, err := ownsSpare(folder)
	if err != nil {
		return "", nil, err
	}
	if !ours {
		if err := os.Mkdir(folder, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
			return "", nil, err
		}
		if err := os.WriteFile(filepath.Join(folder, ignoreName), []byte(ignoreText), 0o600); err != nil {
			return "", nil, err
		}
	}
	tree = filepath.Join(folder, spareTree)
	if info, err := os.Lstat(tree); err == nil && info.IsDir() {
		have, trusted, err := survey(ctx, tree, everywhere, known.folders, many())
		if err == nil || ctx.Err() != nil {
			known.addTo(have, trusted)
			return tree, have, err
		}
	}
	if err := os.RemoveAll(tree); err != nil {
		return "", nil, err
	}
	return tree, nil, os.Mkdir(tree, folderMode)
}

// ownsSpare tells whether the folder of a spare is ours and complete. It fails
// on one that is not ours; one that is not there, or whose making was cut
// short, is neither.
func ownsSpare(folder string) (bool, error) {
	info, err := os.Lstat(folder)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	case err != nil:
		return false, err
	case !info.IsDir():
		return false, errForeignSpare
	}
	text, err := os.ReadFile(filepath.Join(folder, ignoreName))
	if err == nil && string(text) == ignoreText {
		return true, nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false, err
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return false, err
	}
	if !strings.HasPrefix(ignoreText, string(text)) || len(entries) > 1 || len(entries) == 1 && entries[0].Name() != ignoreName {
		return false, errForeignSpare
	}
	return false, nil
}

// removeSpare removes the spare of dir, if there is one and it is ours. The file
// that tells goes last.
func removeSpare(dir string) error {
	folder := spareFolder(dir)
	if ours, err := ownsSpare(folder); err != nil || !ours {
		return err
	}
	return errors.Join(os.RemoveAll(filepath.Join(folder, spareTree)), os.RemoveAll(folder))
}
