// Package asset owns the static files that are built rather than copied: style
// sheets and scripts are bundled, images get the sizes that pages need, and each
// output is named after its bytes.
//
// [Bundle] makes one file of a style sheet or script and all it imports.
// [Process] makes of one image a [Picture]: the files to publish and what an
// <img> element says about them. Both are pure functions of their arguments:
// the same input has the same output, byte for byte, on any machine.
//
// The package never reads the disk, never writes a file, and never makes HTML.
// It lets nothing through that would load from a third party or run a script
// hidden in an image.
package asset

import (
	"crypto/sha256"
	"encoding/hex"
	"path"
	"strings"
)

// File is one output: its slash-separated path below the site's root, and its bytes.
type File struct {
	Path string
	Data []byte
}

// folder is where built files are published; a server may let browsers keep
// what is in it for ever, since other bytes have another name.
const folder = "assets"

// Fingerprint returns the published path of a built file: name's last element
// under assets/, with the first 10 hexadecimal digits of the SHA-256 of data
// before its extension: ("css/main.css", …) → "assets/main.0a1b2c3d4e.css".
func Fingerprint(name string, data []byte) string {
	base, ext := splitExt(name)
	return path.Join(folder, base+"."+digest(data)+ext)
}

// digest returns the digits of a fingerprint.
func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:5])
}

// splitExt returns the last element of name, without and with only its extension.
func splitExt(name string) (base, ext string) {
	base = path.Base(name)
	ext = path.Ext(base)
	return strings.TrimSuffix(base, ext), ext
}
