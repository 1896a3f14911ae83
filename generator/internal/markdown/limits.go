package markdown

import (
	"bytes"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// Limits on what a body may ask. The parser follows nesting line by line and
// level by level, and recurses into it; pairing brackets and emphasis costs the
// square of their number in a paragraph. No text written by people comes near.
const (
	maxMarkers    = 100  // container markers at the start of one line
	maxIndent     = 400  // columns before the last of them
	maxDelimiters = 2000 // brackets and signs of emphasis in one paragraph or heading
	maxFindings   = 200  // diagnostics of one body
)

// check reports a body that cannot be parsed: text that is not UTF-8, or lines
// that are too much for the parser.
func (s *survey) check() bool {
	if !utf8.Valid(s.d.text) {
		for i := 0; i < len(s.d.text); {
			r, n := utf8.DecodeRune(s.d.text[i:])
			if r == utf8.RuneError && n == 1 {
				s.errorf(i, 1, "invalid-utf-8", "byte 0x%02X is not UTF-8", s.d.text[i]).suggest("save the file as UTF-8")
				return false
			}
			i += n
		}
	}
	return s.checkLines()
}

// checkLines reports the first line that opens more containers than maxMarkers,
// opens one further right than maxIndent, or is a heading with too many
// delimiters. It reports whether parsing is safe.
func (s *survey) checkLines() bool {
	for start := 0; start < len(s.d.text); {
		line := s.d.text[start:]
		if i := bytes.IndexByte(line, '\n'); i >= 0 {
			line = line[:i+1]
		}
		n, end := containerMarkers(line)
		if n > maxMarkers || n > 0 && columns(line[:end]) > maxIndent {
			s.errorf(start, end, "deep-nesting", "lists and quotations nested deeper than %d", maxMarkers).
				suggest("flatten them")
			return false
		}
		if bytes.HasPrefix(bytes.TrimLeft(line[end:], " "), []byte("#")) && delimiters(line) > maxDelimiters {
			s.crowded(start, len(line), "heading")
			return false
		}
		start += len(line)
	}
	return true
}

// crowded reports a block with too many delimiters.
func (s *survey) crowded(offset, length int, block string) {
	s.errorf(offset, length, "too-many-delimiters", "%s with more than %d brackets and signs of emphasis", block, maxDelimiters).
		suggest("part it with blank lines, or put code in a block of code")
}

// delimiters counts what may open or close a link or emphasis in text.
func delimiters(text []byte) int {
	n := 0
	for _, c := range text {
		switch c {
		case '[', '*', '_', '~':
			n++
		}
	}
	return n
}

// limitTransformer leaves out paragraphs with too many delimiters, before their
// text is parsed. The rows of a table are counted alone.
type limitTransformer struct{}

// Transform implements [parser.ParagraphTransformer].
func (limitTransformer) Transform(n *ast.Paragraph, reader text.Reader, pc parser.Context) {
	source := reader.Source()
	total, most, table := 0, 0, false
	for i := range n.Lines().Len() {
		segment := n.Lines().At(i)
		line := segment.Value(source)
		count := delimiters(line)
		total, most = total+count, max(most, count)
		table = table || bytes.IndexByte(line, '|') >= 0 && len(bytes.Trim(line, "|-: \t\r\n")) == 0
	}
	if table {
		total = most
	}
	if total <= maxDelimiters {
		return
	}
	first := n.Lines().At(0)
	pc.Get(surveyKey).(*survey).crowded(first.Start, first.Len(), "paragraph")
	n.Parent().RemoveChild(n.Parent(), n)
}

// containerMarkers counts the markers of quotations, list items and definitions
// that line starts with, and returns where the last ends.
func containerMarkers(line []byte) (n, end int) {
	blank := func(i int) bool { return i < len(line) && (line[i] == ' ' || line[i] == '\t') }
	for i := 0; i < len(line); {
		switch c := line[i]; {
		case c == ' ' || c == '\t':
			i++
			continue
		case c == '>':
			i++
		case bytes.IndexByte([]byte("-+*:"), c) >= 0 && blank(i+1):
			i += 2
		case '0' <= c && c <= '9':
			for i < len(line) && '0' <= line[i] && line[i] <= '9' {
				i++
			}
			if i >= len(line) || line[i] != '.' && line[i] != ')' || !blank(i+1) {
				return n, end
			}
			i += 2
		default:
			return n, end
		}
		n, end = n+1, i
	}
	return n, end
}

// columns returns how many columns text covers, its tabs reaching the next multiple of 4.
func columns(text []byte) int {
	n := 0
	for _, c := range text {
		if c == '\t' {
			n += 4 - n%4
		} else {
			n++
		}
	}
	return n
}
