package publish

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxName is the longest file name, in bytes, that common file systems take.
const maxName = 255

// Set is the files of one site, by slash-separated relative path. The zero Set
// is empty and ready to use; its methods may be called concurrently. It must
// not be copied.
type Set struct {
	mu    sync.Mutex
	files map[string]*file
	taken map[string]claim // by folded path: the files and every folder above them
}

// file is one file of a set: added, with its bytes, or kept, with their sum.
type file struct {
	data []byte
	kept bool
	size int64
	once sync.Once // makes the sum of an added file
	sum  [sha256.Size]byte
}

func (f *file) checksum() [sha256.Size]byte {
	f.once.Do(func() {
		if !f.kept {
			f.sum = sha256.Sum256(f.data)
		}
	})
	return f.sum
}

// claim says who was the first to use a path, and as what.
type claim struct {
	path   string
	origin string
	folder bool
}

// Add puts a file in the set. The path is slash-separated and relative
// ("actualites/index.html"); origin says what made the file, for error messages
// ("content/actualites/x.md", "the feed of tag bleu"). Add keeps data, which
// must not be changed afterwards.
//
// It refuses, naming both origins, a path already taken, also when it differs
// in case or Unicode normalisation only (file systems exist that cannot tell
// those apart) or when one is a folder of the other; and a path that is
// absolute, leaves the site, or cannot be a file name.
func (s *Set) Add(path string, data []byte, origin string) error {
	return s.claim(path, &file{data: data, size: int64(len(data))}, origin)
}

// Keep puts a file in the set that the destination already has: size bytes whose
// SHA-256 is sum. It refuses the paths that [Set.Add] refuses. Whether the
// destination has those bytes is found when the set is written.
func (s *Set) Keep(path string, sum [sha256.Size]byte, size int64, origin string) error {
	return s.claim(path, &file{kept: true, sum: sum, size: size}, origin)
}

func (s *Set) claim(path string, f *file, origin string) error {
	if err := checkPath(path); err != nil {
		return fmt.Errorf("path %q of %s %w", path, origin, err)
	}
	key := fold(path)
	above := path[:max(0, strings.LastIndexByte(path, '/'))]
	aboveKey := fold(above)
	s.mu.Lock()
	defer s.mu.Unlock()
	// All is checked before anything is claimed: a refused file leaves no folders.
	// A folder that has its own claim has those above it.
	var folders []string
	if first := s.taken[aboveKey]; above != "" && (!first.folder || first.path != above) {
		folders = parents(path)
	}
	for _, folder := range folders {
		if first, ok := s.taken[fold(folder)]; ok {
			if err := first.clash(claim{folder, origin, true}); err != nil {
				return err
			}
		}
	}
	if first, ok := s.taken[key]; ok {
		return first.clash(claim{path, origin, false})
	}
	if s.files == nil {
		s.files, s.taken = make(map[string]*file), make(map[string]claim)
	}
	for _, folder := range folders {
		if key := fold(folder); s.taken[key].path == "" {
			s.taken[key] = claim{folder, origin, true}
		}
	}
	s.taken[key] = claim{path, origin, false}
	s.files[path] = f
	return nil
}

// Grow makes room for n more files, each in a folder of its own.
func (s *Set) Grow(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	files, taken := make(map[string]*file, len(s.files)+n), make(map[string]claim, len(s.taken)+2*n)
	maps.Copy(files, s.files)
	maps.Copy(taken, s.taken)
	s.files, s.taken = files, taken
}

// Len returns how many files the set holds.
func (s *Set) Len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.files)
}

// Paths returns the paths of the set's files, sorted.
func (s *Set) Paths() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Sorted(maps.Keys(s.files))
}

// Get returns the bytes of the file at path, and whether the set has them: not
// those of a kept file. The bytes must not be changed.
func (s *Set) Get(path string) ([]byte, bool) {
	f := s.file(path)
	if f == nil || f.kept {
		return nil, false
	}
	return f.data, true
}

// Sum returns the SHA-256 and the size in bytes of the file at path, added or
// kept, and whether there is one. The sum of an added file is made once.
func (s *Set) Sum(path string) (sum [sha256.Size]byte, size int64, ok bool) {
	f := s.file(path)
	if f == nil {
		return sum, 0, false
	}
	return f.checksum(), f.size, true
}

func (s *Set) file(path string) *file {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.files[path]
}

// FS returns the files that the set holds now as a read-only file system. Its
// files can seek and have no modification time; a kept file is listed with its
// size, but cannot be opened ([ErrKept]). Making it takes time in proportion to
// the set; files added later do not appear in it.
func (s *Set) FS() fs.FS {
	s.mu.Lock()
	defer s.mu.Unlock()
	return newMemory(s.files)
}

// clash returns why next cannot have its path beside c, whose folded path is
// the same, or nil where both name one folder.
func (c claim) clash(next claim) error {
	switch {
	case c.folder != next.folder:
		file, folder := c, next
		if c.folder {
			file, folder = next, c
		}
		return fmt.Errorf("path %q of %s is a file, and a folder for %s", file.path, file.origin, folder.origin)
	case c.path != next.path:
		return fmt.Errorf("path %q of %s differs from %q of %s in case or accents’ encoding only", next.path, next.origin, c.path, c.origin)
	case c.folder:
		return nil
	}
	return fmt.Errorf("path %q of %s is already taken by %s", next.path, next.origin, c.origin)
}

// checkPath returns what is wrong with a path, as the end of a sentence.
func checkPath(path string) error {
	switch {
	case path == "":
		return fmt.Errorf("is empty")
	case strings.HasPrefix(path, "/"):
		return fmt.Errorf("is absolute, want one relative to the site")
	case !utf8.ValidString(path):
		return fmt.Errorf("is not UTF-8")
	}
	for name := range strings.SplitSeq(path, "/") {
		switch {
		case name == "":
			return fmt.Errorf("has an empty element")
		case name == "." || name == "..":
			return fmt.Errorf("has the element %q", name)
		case len(name) > maxName:
			return fmt.Errorf("has an element of %d bytes, want at most %d", len(name), maxName)
		case strings.Contains(name, `\`):
			return fmt.Errorf("has a backslash")
		case strings.ContainsFunc(name, unicode.IsControl):
			return fmt.Errorf("has a control character")
		}
	}
	if fold(path) == markerName || strings.HasPrefix(fold(path), markerName+"/") {
		return fmt.Errorf("is reserved for the list of published files")
	}
	return nil
}

// parents returns the folders above path, the topmost first.
func parents(path string) []string {
	var folders []string
	for i, c := range path {
		if c == '/' {
			folders = append(folders, path[:i])
		}
	}
	return folders
}

// Fold maps the paths that a set takes for one, since file systems do that tell neither case
// nor Unicode's normal forms apart, to one string.
func Fold(path string) string { return fold(path) }

// fold maps the paths that a case-insensitive, normalising file system holds
// for the same to one string.
func fold(path string) string {
	if isFolded(path) {
		return path
	}
	return strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf {
			return unicode.ToLower(r)
		}
		// The letters of one case orbit, as SimpleFold walks it, share the smallest.
		least := r
		for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
			least = min(least, next)
		}
		return unicode.ToLower(least)
	}, norm.NFC.String(path))
}

// isFolded reports whether a path is plainly its own folded form, as most are.
func isFolded(path string) bool {
	for i := range len(path) {
		if c := path[i]; c >= utf8.RuneSelf || 'A' <= c && c <= 'Z' {
			return false
		}
	}
	return true
}
