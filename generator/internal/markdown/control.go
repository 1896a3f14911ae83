package markdown

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// controls are the control characters in ASCII that may not stand in HTML and XML.
// Nothing that is made of a body holds them; the file they were typed in is warned of
// where it is read.
const controls = "\x00\x01\x02\x03\x04\x05\x06\x07\x08\x0b\x0c\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f\x7f"

// isControl reports whether r may not stand in HTML and XML.
func isControl(r rune) bool {
	return r < ' ' && r != '\t' && r != '\n' && r != '\r' || 0x7f <= r && r <= 0x9f || r == 0xfffe || r == 0xffff
}

// controlAt returns how many bytes the character that may not stand in HTML and begins
// at text[i] has; 0 if that is another.
func controlAt[T string | []byte](text T, i int) int {
	switch c := text[i]; {
	case c < ' ' && c != '\t' && c != '\n' && c != '\r' || c == 0x7f:
		return 1
	case c == 0xc2 && i+1 < len(text) && text[i+1] >= 0x80 && text[i+1] <= 0x9f:
		return 2
	case c == 0xef && i+2 < len(text) && text[i+1] == 0xbf && (text[i+2] == 0xbe || text[i+2] == 0xbf):
		return 3
	}
	return 0
}

// wideControls reports whether text holds control characters beyond ASCII.
func wideControls(text []byte) bool {
	for rest := text; ; {
		i := bytes.IndexByte(rest, 0xc2)
		if i < 0 {
			break
		}
		if controlAt(rest, i) > 0 {
			return true
		}
		rest = rest[i+1:]
	}
	return bytes.Contains(text, []byte("\ufffe")) || bytes.Contains(text, []byte("\uffff"))
}

// withoutControls returns text without control characters.
func withoutControls(text string) string {
	if strings.IndexFunc(text, isControl) < 0 {
		return text
	}
	return strings.Map(func(r rune) rune {
		if isControl(r) {
			return -1
		}
		return r
	}, text)
}

// controlEntities reports the numeric references of a text to characters that may not
// stand in HTML; they are left out.
func (s *survey) controlEntities(offset int, text []byte) {
	for at := 0; ; {
		i := bytes.Index(text[at:], []byte("&#"))
		if i < 0 {
			return
		}
		at += i
		end := bytes.IndexByte(text[at:min(len(text), at+12)], ';')
		if end < 0 || at > 0 && text[at-1] == '\\' {
			at += 2
			continue
		}
		entity := text[at : at+end+1]
		value := resolveEntities(entity)
		r, n := utf8.DecodeRune(value)
		if !bytes.Equal(value, entity) && (n == len(value) && isControl(r) || len(bytes.Trim(entity, "&#xX0;")) == 0) {
			s.errorf(offset+at, len(entity), "control-character", "entity %s stands for a control character, which is left out", entity).
				suggest("remove it").warning()
		}
		at += len(entity)
	}
}
