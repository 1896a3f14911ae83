package frontmatter

import (
	"unicode/utf8"

	"vigie/generator/internal/diag"
	"vigie/generator/internal/record"
)

// maxStrays is how many characters that do not belong are told of in one file.
const maxStrays = 5

// stray is what is wrong with a character in a text.
type stray int

const (
	fine    stray = iota
	control       // no text has it, and XML and HTML forbid it
	space         // a white space that forms and old word processors leave
	hidden        // shows nothing, and makes two names that look alike differ
	bidi          // lets a text look like another one
)

// strayOf judges a character. NUL is for [CheckText].
func strayOf(r rune) stray {
	switch {
	case r == '\t' || r == '\n' || r == '\r' || r == 0:
		return fine
	case r == '\v' || r == '\f' || r == 0x85 || r == 0x2028 || r == 0x2029:
		return space
	case r < ' ' || r >= 0x7F && r < 0xA0 || r >= 0xFDD0 && r <= 0xFDEF || r&0xFFFE == 0xFFFE:
		return control
	case r == 0xFEFF || r == 0x200B || r == 0x2060 || r == 0xAD:
		return hidden
	case r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069:
		return bidi
	}
	return fine
}

// suspicious are the bytes that a stray character can begin with.
var suspicious = func() (table [256]bool) {
	for b := range 0x20 {
		table[b] = b != '\t' && b != '\n' && b != '\r' && b != 0
	}
	table[0x7F], table[0xC2], table[0xE2], table[0xEF] = true, true, true, true
	for b := 0xF0; b <= 0xF4; b++ {
		table[b] = true
	}
	return table
}()

// Clean returns a file's text without the characters that no text has: control
// characters, noncharacters and byte order marks go, and white space of old, such as a
// vertical tab between two words, becomes a space. Each is warned of where it stands,
// as are characters that turn the direction of writing, which stay. The source is the
// one given where nothing had to go.
func Clean(src *diag.Source) (*diag.Source, diag.List) {
	text := src.Text()
	var list diag.List
	var out []byte
	from, strays := 0, 0
	for at := 0; at < len(text); {
		if !suspicious[text[at]] {
			at++
			continue
		}
		r, size := utf8.DecodeRune(text[at:])
		kind := strayOf(r)
		if kind == fine || r == utf8.RuneError && size == 1 || r == 0xFEFF && at == 0 || kind == hidden && r != 0xFEFF {
			at += size
			continue
		}
		if strays++; strays <= maxStrays {
			list = append(list, strayAt(src, at, size, r, kind))
		}
		if kind != bidi {
			out = append(out, text[from:at]...)
			if from = at + size; kind == space && joins(text, at, from) {
				out = append(out, ' ')
			}
		}
		at += size
	}
	if strays > maxStrays {
		list[maxStrays-1].Message += "; so do others in this file"
	}
	if out == nil {
		return src, list
	}
	return diag.NewSource(src.Name(), append(out, text[from:]...)), list
}

// joins reports whether two words would become one without what stands between.
func joins(text []byte, from, to int) bool {
	return from > 0 && to < len(text) && text[from-1] > ' ' && text[to] > ' '
}

// strayAt warns of a stray character.
func strayAt(src *diag.Source, at, size int, r rune, kind stray) diag.Diagnostic {
	if kind == bidi {
		return src.Errorf(at, size, "control-character", "character U+%04X turns the direction of what follows", r).
			WithSuggestion("remove it, unless the text is of both directions").AsWarning()
	}
	return src.Errorf(at, size, "control-character", "character U+%04X does not belong in a text, and is left out", r).
		WithSuggestion("remove it").AsWarning()
}

// cleanTable takes stray characters that were written as escapes, such as "\u0003", out
// of what was read, and those that show nothing.
func cleanTable(t *record.Table) (*record.Table, diag.List) {
	var list diag.List
	t = t.MapStrings(func(v record.Value, text string) string {
		var out []rune
		changed := false
		for _, r := range text {
			kind := strayOf(r)
			if r == 0 {
				kind = control
			}
			if kind == fine {
				out = append(out, r)
				continue
			}
			if len(list) < maxStrays {
				span := v.Span()
				list = append(list, strayAt(v.Source(), span.Offset, span.Length, r, kind))
			}
			switch kind {
			case bidi:
				out = append(out, r)
			case space:
				out, changed = append(out, ' '), true
			default:
				changed = true
			}
		}
		if !changed {
			return text
		}
		return string(out)
	})
	return t, list
}

// ParseTOML reads a whole file of TOML, as [Parse] reads front matter: without the
// characters that no text has.
func ParseTOML(src *diag.Source) (*record.Table, diag.List) {
	table, list := record.ParseTOML(src, 0, len(src.Text()))
	table, more := cleanTable(table)
	return table, append(list, more...)
}
