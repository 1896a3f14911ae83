// Package sitefuzz owns whole sites made by chance, and what must hold for any of them:
// nothing that an editor hides is published, nothing that an editor publishes is lost
// without a word, every link leads somewhere, every file is what it says it is.
//
// Sites carry words that tell by themselves what is to become of them, "canaries" (see
// [Hidden] and [Visible]), so a site written by hand, one made by a fuzzer and one kept
// as a case are judged alike, without knowing how the generator works. It is for tests
// only.
package sitefuzz

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/tools/txtar"
)

// Site is the files of a site's folder, by slash-separated path.
type Site map[string]string

var (
	// Hidden is a word that stands where readers are not to see it: no published file
	// holds it, in its name or its bytes, and search does not know it. "zqxh" is followed
	// by how it is hidden ("draft", "comment"), by "x" and by letters that tell it apart.
	Hidden = regexp.MustCompile(`(?i)zqxh([a-wyz]+)x[a-z]*`)
	// Visible is a word of a page that readers are to see: an HTML page has it, or a
	// diagnostic names the file in which it stands.
	Visible = regexp.MustCompile(`zqxv[a-z]+`)
)

// Paths are the paths of the site's files, sorted.
func (s Site) Paths() []string { return slices.Sorted(maps.Keys(s)) }

// Format returns the site as text that [Parse] reads.
func (s Site) Format(comment string) []byte {
	archive := &txtar.Archive{Comment: []byte(comment)}
	for _, name := range s.Paths() {
		archive.Files = append(archive.Files, txtar.File{Name: name, Data: []byte(s[name])})
	}
	return txtar.Format(archive)
}

// Parse reads the files of a site written as text, and what is said of it. "\x{1F}" in a
// file stands for the byte of that number, and a line "\" at its end for no line end.
func Parse(text []byte) (Site, string) {
	archive := txtar.Parse(text)
	s := Site{}
	for _, f := range archive.Files {
		s[f.Name] = string(unescape(f.Data))
	}
	return s, string(archive.Comment)
}

var escape = regexp.MustCompile(`\\x\{([0-9A-Fa-f]{2})\}`)

func unescape(data []byte) []byte {
	data = escape.ReplaceAllFunc(data, func(m []byte) []byte {
		high, low := strings.IndexByte(digits, m[3]|0x20), strings.IndexByte(digits, m[4]|0x20)
		if m[3] <= '9' {
			high = int(m[3] - '0')
		}
		if m[4] <= '9' {
			low = int(m[4] - '0')
		}
		return []byte{byte(high<<4 | low)}
	})
	return bytes.TrimSuffix(data, []byte("\\\n"))
}

const digits = "0123456789abcdef"

// Write writes the site into a folder. It returns the site without the files that the
// file system cannot hold: a name that is too long, or a folder of the same name.
func (s Site) Write(dir string) Site {
	held := Site{}
	for _, name := range s.Paths() {
		at := filepath.Join(dir, filepath.FromSlash(name))
		if os.MkdirAll(filepath.Dir(at), 0o755) != nil || os.WriteFile(at, []byte(s[name]), 0o644) != nil {
			continue
		}
		held[name] = s[name]
	}
	return held
}
