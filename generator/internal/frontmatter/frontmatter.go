// Package frontmatter owns the seam of a content file: where its front matter
// ends and its body starts.
//
// [Split] finds the seam, [Parse] also reads the matter, [CheckText] says whether a
// file is text at all, [Clean] takes out what no text has. The package knows no key
// but those by which front matter that stands in the wrong place is known for what it
// is, and never reads files.
package frontmatter

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"unicode/utf8"

	"vigie/generator/internal/diag"
	"vigie/generator/internal/record"
)

// MaxSize is the size of the largest file that is read: 8 MiB.
const MaxSize = 8 << 20

// Format is the language a front matter is written in.
type Format int

// The formats of front matter.
const (
	None Format = iota // the file has no front matter
	TOML               // between lines of +++
	YAML               // between lines of ---, or from --- to ...
	JSON               // an object
)

// fence returns the line that opens and closes a front matter.
func (f Format) fence() string {
	switch f {
	case TOML:
		return "+++"
	case YAML:
		return "---"
	}
	return ""
}

// Matter tells where the parts of a content file stand. From and To are the range
// of the front matter's bytes, fences not included, braces included; Body is the offset
// of the first byte behind the line that closes it.
type Matter struct {
	Format   Format
	From, To int
	Body     int
}

// Parse splits a content file and reads its front matter, an empty table for a file
// without one. body is the offset of its Markdown. The table is complete only where
// the list has no errors, and never nil.
func Parse(src *diag.Source) (table *record.Table, body int, list diag.List) {
	m, list := Split(src)
	if list.HasErrors() {
		m.Format, m.To = None, m.From
	} else if m.Format == YAML || m.Format == TOML {
		if list = placeholders(src, m.From, m.To); len(list) > 0 {
			m.Format = None // to read on would be to guess
		}
	}
	table, _ = record.ParseTOML(src, 0, 0)
	var more diag.List
	switch m.Format {
	case YAML:
		table, more = record.ParseYAML(src, m.From, m.To)
	case TOML:
		table, more = record.ParseTOML(src, m.From, m.To)
	case JSON:
		table, _, more = record.ParseJSON(src, m.From, m.To)
	}
	table, strays := cleanTable(table)
	return table, m.Body, append(append(list, more...), strays...)
}

// Split finds the front matter of a content file. It opens on the file's very first
// line and closes on the next line that is the same fence, or in YAML on a line of
// three dots; white space behind a fence is allowed, and lines may end in CRLF. A file
// that begins with a JSON object has that. Split also does [CheckText], and reports
// what was meant as front matter and would be text.
func Split(src *diag.Source) (Matter, diag.List) {
	if list := CheckText(src); len(list) > 0 {
		return Matter{}, list
	}
	text := src.Text()
	line, next := lineAt(text, 0)
	var m Matter
	switch string(line) {
	case TOML.fence():
		m.Format = TOML
	case YAML.fence():
		m.Format = YAML
	default:
		if looksLikeJSON(text) {
			return splitJSON(src)
		}
		return m, lost(src)
	}
	m.From = next
	other := 0
	for at := next; at < len(text); at = next {
		line, next = lineAt(text, at)
		switch closing := string(line); {
		case closing == m.Format.fence(), m.Format == YAML && closing == "...":
			m.To, m.Body = at, next
			return m, second(src, m.Body)
		case isFence(closing) && other == 0:
			other = at
		}
	}
	fence := m.Format.fence()
	d := src.Errorf(0, len(fence), "unclosed-front-matter", "front matter is not closed")
	if other > 0 {
		return Matter{}, diag.List{d.WithSuggestion("close it with %s, as it opens", fence).WithNote(src.Position(other), "another fence stands here")}
	}
	if lines, _ := linesFrom(text, m.From, 3); m.Format == YAML && shapeOf(lines).keys == 0 {
		return Matter{}, diag.List{d.WithSuggestion("write *** for a rule at the start of a text, or add a line --- behind the last key")}
	}
	return Matter{}, diag.List{d.WithSuggestion("add a line %s behind its last key", fence)}
}

// splitJSON finds the end of a JSON front matter.
func splitJSON(src *diag.Source) (Matter, diag.List) {
	text := src.Text()
	_, end, list := record.ParseJSON(src, 0, len(text))
	if list.HasErrors() && end == 0 {
		return Matter{}, list
	}
	line, next := lineAt(text, end)
	if len(bytes.TrimSpace(line)) > 0 {
		return Matter{}, diag.List{src.Errorf(end, len(line), "unclosed-front-matter", "text stands on the line that closes the front matter").
			WithSuggestion("begin the text on a line of its own")}
	}
	m := Matter{Format: JSON, To: end, Body: next}
	return m, second(src, m.Body)
}

// lineAt returns the line that starts at offset, without white space at its end,
// and the offset of the next one.
func lineAt(text []byte, offset int) (line []byte, next int) {
	line, _, found := bytes.Cut(text[offset:], []byte("\n"))
	next = offset + len(line)
	if found {
		next++
	}
	return bytes.TrimRight(line, " \t\r"), next
}

// CheckText reports what keeps a file from being read as text: that it is empty,
// larger than [MaxSize], starts with a byte order mark, or holds bytes that are
// not UTF-8 or NUL. It reports the first of these alone.
func CheckText(src *diag.Source) diag.List {
	text := src.Text()
	switch {
	case len(bytes.TrimSpace(text)) == 0:
		return diag.List{src.Errorf(0, 0, "empty-file", "file is empty").WithSuggestion("write it or remove it")}
	case len(text) > MaxSize:
		return diag.List{src.Errorf(0, 0, "large-file", "file is larger than %d MiB", MaxSize>>20).WithSuggestion("split it")}
	case bytes.HasPrefix(text, []byte("\xef\xbb\xbf")):
		return diag.List{src.Errorf(0, len("\xef\xbb\xbf"), "byte-order-mark", "file starts with a byte order mark").
			WithSuggestion("save the file as UTF-8 without BOM")}
	}
	bad := firstInvalid(text)
	if nul := bytes.IndexByte(text[:bad], 0); nul >= 0 {
		return diag.List{src.Errorf(nul, 1, "nul-byte", "file has a NUL byte").
			WithSuggestion("remove it; save the file as UTF-8 if it is UTF-16")}
	}
	if bad < len(text) {
		return diag.List{src.Errorf(bad, 1, "invalid-utf-8", "byte 0x%02X is not UTF-8", text[bad]).
			WithSuggestion("save the file as UTF-8")}
	}
	return nil
}

// firstInvalid returns the offset of the first byte that is not part of valid
// UTF-8, or the length of text. Every byte of a site comes by here: it goes from one
// accented letter to the next by words of eight bytes, in half the time that
// [utf8.Valid] takes for French.
func firstInvalid(text []byte) int {
	at := 0
	for at < len(text) {
		for at+8 <= len(text) {
			if high := binary.LittleEndian.Uint64(text[at:]) & 0x8080808080808080; high != 0 {
				at += bits.TrailingZeros64(high) / 8
				break
			}
			at += 8
		}
		for at < len(text) {
			if at+1 < len(text) && 0xC2 <= text[at] && text[at] <= 0xDF && text[at+1]&0xC0 == 0x80 {
				at += 2 // all characters of two bytes
			} else if r, size := utf8.DecodeRune(text[at:]); r != utf8.RuneError || size > 1 {
				at += size
			} else {
				return at
			}
			if at < len(text) && text[at] < utf8.RuneSelf {
				break
			}
		}
	}
	return at
}
