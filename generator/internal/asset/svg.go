package asset

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// svgNamespace is the namespace of the elements that a browser draws.
const svgNamespace = "http://www.w3.org/2000/svg"

// svgDoctype matches a DOCTYPE without declarations of its own.
var svgDoctype = regexp.MustCompile(`^DOCTYPE\s+svg(\s+PUBLIC\s+"[^"<>]*"\s+"[^"<>]*")?\s*$`)

// isSVG tells a file whose first element is <svg>.
func isSVG(data []byte) bool {
	if !bytes.HasPrefix(bytes.TrimLeft(data, "\ufeff \t\r\n"), []byte("<")) {
		return false
	}
	d := xml.NewDecoder(bytes.NewReader(data))
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil } // only told here; checkedSVG refuses
	for {
		token, err := d.RawToken()
		if err != nil {
			return false
		}
		if start, ok := token.(xml.StartElement); ok {
			return start.Name.Local == "svg"
		}
	}
}

// checkedSVG returns data if nothing in it runs, and nothing in it loads or
// links to anything outside the file.
func checkedSVG(data []byte) ([]byte, error) {
	d := xml.NewDecoder(bytes.NewReader(data))
	d.CharsetReader = func(charset string, _ io.Reader) (io.Reader, error) {
		return nil, fmt.Errorf("its encoding is %s (save it as UTF-8)", charset)
	}
	depth, root := 0, false   // of style elements
	var style strings.Builder // their text, which comments and CDATA may cut up
	for {
		token, err := d.Token()
		line, _ := d.InputPos()
		if errors.Is(err, io.EOF) && root {
			return data, nil
		}
		if err != nil {
			return nil, svgSyntaxError(err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			if !root && t.Name.Space != svgNamespace {
				return nil, fmt.Errorf("has no SVG namespace (write <svg xmlns=%q>)", svgNamespace)
			}
			root = true
			if t.Name.Local == "style" {
				depth++
			}
			err = checkElement(t)
		case xml.EndElement:
			if t.Name.Local == "style" {
				depth--
			}
			if depth == 0 {
				err = checkStyle(style.String())
				style.Reset()
			}
		case xml.CharData:
			if depth > 0 {
				style.Write(t)
			}
			if !root && len(bytes.Trim(t, "\ufeff \t\r\n")) > 0 {
				err = errors.New("holds text before its first element")
			}
		case xml.ProcInst:
			if t.Target != "xml" {
				err = fmt.Errorf("holds the instruction <?%s?>", t.Target)
			}
		case xml.Directive:
			if root || !svgDoctype.Match(t) {
				err = errors.New("holds a declaration other than a plain DOCTYPE")
			}
		}
		if err != nil {
			return nil, fmt.Errorf("%w in line %d (SVG files must be self-contained and without script)", err, line)
		}
	}
}

func svgSyntaxError(err error) error {
	var syntax *xml.SyntaxError
	switch {
	case errors.Is(err, io.EOF):
		return errTruncated
	case errors.As(err, &syntax) && syntax.Msg == "unexpected EOF":
		return errTruncated
	case errors.As(err, &syntax):
		return fmt.Errorf("is not well-formed XML: %s in line %d", syntax.Msg, syntax.Line)
	}
	return fmt.Errorf("cannot be read: %w", err)
}

func checkElement(t xml.StartElement) error {
	switch strings.ToLower(t.Name.Local) {
	case "script", "foreignobject", "iframe", "object", "embed", "handler", "listener":
		return fmt.Errorf("holds a <%s> element", t.Name.Local)
	}
	if t.Name.Space == "http://www.w3.org/1999/xhtml" {
		return fmt.Errorf("holds the HTML element <%s>", t.Name.Local)
	}
	for _, a := range t.Attr {
		name, value := strings.ToLower(a.Name.Local), strings.TrimSpace(a.Value)
		switch {
		case strings.HasPrefix(name, "on"):
			return fmt.Errorf("holds the event handler %s", a.Name.Local)
		case name == "href" || name == "src":
			if !isLocal(value) {
				return fmt.Errorf("refers to %q", shorten(value))
			}
		case name == "base" && a.Name.Space != "":
			return errors.New("holds an xml:base")
		case name == "attributename":
			// An animation could set what is refused when written down.
			if target := strings.ToLower(value); strings.HasPrefix(target, "on") || strings.HasSuffix(target, "href") {
				return fmt.Errorf("animates the attribute %s", value)
			}
		case name == "style":
			if err := checkStyle(value); err != nil {
				return err
			}
		default:
			// fill="url(…)" and its like.
			if a.Name.Space != "xmlns" && name != "xmlns" && strings.Contains(strings.ToLower(value), "url(") {
				if err := checkStyle(value); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// isLocal tells a reference within the file or to pixels carried along.
func isLocal(ref string) bool {
	if ref == "" || strings.HasPrefix(ref, "#") {
		return true
	}
	for _, kind := range []string{"png", "jpeg", "gif", "webp", "avif"} {
		if rest, ok := cutPrefixFold(ref, "data:image/"+kind); ok && (strings.HasPrefix(rest, ";") || strings.HasPrefix(rest, ",")) {
			return true
		}
	}
	return false
}

func cutPrefixFold(s, prefix string) (string, bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return s, false
	}
	return s[len(prefix):], true
}

var (
	cssURL = regexp.MustCompile(`(?is)url\(\s*["']?([^"')]*)`)
	// cssLoads matches the other ways of CSS to load something, and escapes,
	// which could spell any of them.
	cssLoads = regexp.MustCompile(`(?i)@import|image-set\(|\bimage\(|\bsrc\(|\bexpression\(|javascript:|\\`)
)

func checkStyle(css string) error {
	for _, m := range cssURL.FindAllStringSubmatch(css, -1) {
		if ref := strings.TrimSpace(m[1]); !isLocal(ref) {
			return fmt.Errorf("refers to %q", shorten(ref))
		}
	}
	if found := cssLoads.FindString(css); found != "" {
		return fmt.Errorf("holds %s in a style", found)
	}
	return nil
}

// shorten cuts a reference to what an error can show.
func shorten(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}

// sizeOfSVG returns the size that the root element's width and height, or else
// its viewBox, say; 0 where neither does.
func sizeOfSVG(data []byte) (width, height int, err error) {
	d := xml.NewDecoder(bytes.NewReader(data))
	for {
		token, err := d.Token()
		if err != nil {
			return 0, 0, svgSyntaxError(err)
		}
		root, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		var w, h, boxW, boxH float64
		for _, a := range root.Attr {
			switch a.Name.Local {
			case "width":
				w = svgLength(a.Value)
			case "height":
				h = svgLength(a.Value)
			case "viewBox":
				if box := strings.FieldsFunc(a.Value, func(r rune) bool { return strings.ContainsRune(", \t\r\n", r) }); len(box) == 4 {
					boxW, boxH = svgLength(box[2]), svgLength(box[3])
				}
			}
		}
		switch {
		case w > 0 && h > 0:
		case boxW == 0 || boxH == 0:
			return 0, 0, nil
		case w > 0:
			h = w * boxH / boxW
		case h > 0:
			w = h * boxW / boxH
		default:
			w, h = boxW, boxH
		}
		width, height = pixels(w, h)
		return width, height, nil
	}
}

// pixels rounds lengths to whole pixels, at least one. An SVG is drawn at any
// size: one that says it is huge is only shown smaller.
func pixels(w, h float64) (width, height int) {
	const most = 5000
	shrink := max(1, max(w, h)/most)
	return int(max(math.Round(w/shrink), 1)), int(max(math.Round(h/shrink), 1))
}

// svgLength returns a positive absolute length in pixels, 0 for anything else.
func svgLength(s string) float64 {
	s = strings.TrimSpace(s)
	number := strings.TrimRight(s, "abcdefghijklmnopqrstuvwxyz%")
	perUnit := map[string]float64{"": 1, "px": 1, "pt": 96.0 / 72, "pc": 16, "in": 96, "cm": 96 / 2.54, "mm": 96 / 25.4}
	v, err := strconv.ParseFloat(number, 64)
	if err != nil || !(v > 0) || math.IsInf(v, 0) {
		return 0
	}
	return v * perUnit[s[len(number):]]
}
