package asset

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
)

// privateAttribute is an attribute that drawing programs keep for themselves: the file's
// name on the author's disk, where it was exported to, how its layers are called.
var privateAttribute = regexp.MustCompile(`\s+(?:inkscape|sodipodi):[\w.-]+\s*=\s*(?:"[^"]*"|'[^']*')`)

// publicSVG returns a drawing that [checkedSVG] allows without what nobody sees in it:
// comments, <metadata>, and what drawing programs keep for themselves.
func publicSVG(data []byte) ([]byte, error) {
	if _, err := checkedSVG(data); err != nil {
		return nil, err
	}
	d := xml.NewDecoder(bytes.NewReader(data))
	var out []byte
	from, depth := int64(0), 0 // out holds what stands before from; depth of elements left out
	for {
		at := d.InputOffset()
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, svgSyntaxError(err)
		}
		leave := func(with []byte) {
			if depth == 0 {
				out = append(append(out, data[from:at]...), with...)
			}
			from = d.InputOffset()
		}
		switch t := token.(type) {
		case xml.Comment:
			leave(nil)
		case xml.StartElement:
			switch {
			case depth > 0 || isPrivate(t.Name):
				leave(nil)
				depth++
			default:
				leave(privateAttribute.ReplaceAll(data[at:d.InputOffset()], nil))
			}
		case xml.EndElement:
			if depth > 0 {
				depth--
				from = d.InputOffset()
			}
		}
	}
	out = append(out, data[from:]...)
	return checkedSVG(out) // what stood on both sides of a comment is one now
}

// isPrivate reports whether an element, by its name as written, draws nothing and tells of
// its author.
func isPrivate(name xml.Name) bool {
	return name.Space == "" && name.Local == "metadata" || name.Space == "svg" && name.Local == "metadata" ||
		name.Space == "sodipodi" || name.Space == "inkscape"
}
