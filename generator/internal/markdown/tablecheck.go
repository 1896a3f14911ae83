package markdown

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
)

// escapeCure is what helps where a sign that stands for itself parts cells.
const escapeCure = `write \| for a sign that parts no cells, also within code and [[page\|text]]`

// tableRows reports what GFM drops of a table: cells beyond those of the head; and text
// that it takes for a row because no blank line parts them.
func (s *survey) tableRows(n *extast.Table) {
	bars := false
	for row := n.FirstChild(); row != nil; row = row.NextSibling() {
		start := row.Pos()
		if _, head := row.(*extast.TableHeader); head {
			for c := row.FirstChild(); c != nil && start < 0; c = c.NextSibling() {
				start = c.Pos()
			}
			if start >= 0 {
				line := s.d.text[lineStart(s.d.text, start):lineEnd(s.d.text, start)]
				bars = bytes.IndexByte(line, '|') >= 0
			}
			continue
		}
		if start < 0 {
			continue
		}
		line := s.d.text[start:lineEnd(s.d.text, start)]
		if bars && bytes.IndexByte(line, '|') < 0 {
			from := start + len(line) - len(bytes.TrimLeft(line, " \t"))
			s.errorf(from, len(bytes.TrimSpace(line)), "broken-table", "text below a table becomes a row of it").
				suggest("put a blank line before it; a row starts with |").warning()
			continue
		}
		cells := splitRow(line)
		for _, c := range cells[min(len(n.Alignments), len(cells)):] {
			if c.start == c.end {
				continue // nothing is lost
			}
			s.errorf(start+c.start, c.end-c.start, "table-cells", "table row with %d cells under a head of %d; what is beyond is not shown",
				len(cells), len(n.Alignments)).suggest("%s", escapeCure).warning()
			s.drop(start+c.start, start+cells[len(cells)-1].end, "")
			break
		}
	}
}

// span is a stretch of a text.
type span struct{ start, end int }

// splitRow returns the cells of a table's row, without the blanks around them, parted
// as GFM does: at each | that has no backslash before it.
func splitRow(line []byte) []span {
	end := len(bytes.TrimRight(line, " \t\r\n"))
	at := len(line) - len(bytes.TrimLeft(line, " \t"))
	if at < end && line[at] == '|' {
		at++
	}
	if end > at && line[end-1] == '|' && (end < 2 || line[end-2] != '\\') {
		end--
	}
	var cells []span
	for at < end {
		next := at
		for next < end && (line[next] != '|' || next > 0 && line[next-1] == '\\') {
			next++
		}
		c := span{at, next}
		for c.start < c.end && (line[c.start] == ' ' || line[c.start] == '\t') {
			c.start++
		}
		for c.end > c.start && (line[c.end-1] == ' ' || line[c.end-1] == '\t') {
			c.end--
		}
		cells = append(cells, c)
		at = next + 1
	}
	return cells
}

// brokenTable reports a paragraph that was meant to be a table: its row of dashes is
// none, has other cells than the head, or is missing.
func (s *survey) brokenTable(n ast.Node) {
	lines := n.Lines()
	framed := 0
	for i := range lines.Len() {
		at := lines.At(i)
		line := bytes.TrimSpace(at.Value(s.d.text))
		if isFramed(line) {
			framed++
		}
		if !looksLikeDelimiters(line) {
			continue
		}
		from := at.Start + bytes.Index(at.Value(s.d.text), line)
		switch {
		case i == 0:
			if i+1 >= lines.Len() || !s.hasBar(lines.At(i+1)) {
				continue
			}
			s.errorf(from, len(line), "broken-table", "table without a head stays text").
				suggest("put a row of titles above the dashes").warning()
		case !s.hasBar(lines.At(i - 1)):
			continue
		default:
			above := lines.At(i - 1)
			head, cells := len(splitRow(above.Value(s.d.text))), len(splitRow(line))
			if !validDelimiters(line) {
				s.errorf(from, len(line), "broken-table", "table stays text, for the row below its head is not made of ---").
					suggest("write |%s", strings.Repeat("---|", head)).warning()
			} else {
				s.errorf(from, len(line), "broken-table", "table stays text, for its head has %d cells and the row of dashes %d", head, cells).
					suggest("give both as many; %s", escapeCure).warning()
			}
		}
		return
	}
	if framed == 0 || framed != lines.Len() {
		return
	}
	first := lines.At(0)
	line := bytes.TrimSpace(first.Value(s.d.text))
	_, below := n.PreviousSibling().(*extast.Table)
	switch {
	case below:
		s.errorf(first.Start, len(line), "broken-table", "table row stands apart from its table, and stays text").
			suggest("remove the blank line above").warning()
	case framed > 1:
		s.errorf(first.Start, len(line), "broken-table", "table without a row of dashes stays text").
			suggest("write |%s below its head", strings.Repeat("---|", len(splitRow(line)))).warning()
	}
}

// isFramed reports whether line stands between bars, as rows of tables do.
func isFramed(line []byte) bool {
	return len(line) > 2 && line[0] == '|' && line[len(line)-1] == '|'
}

func (s *survey) hasBar(line text.Segment) bool {
	return bytes.IndexByte(line.Value(s.d.text), '|') >= 0
}

// looksLikeDelimiters reports whether line may have been meant as the row below a
// table's head: bars and dashes of any kind.
func looksLikeDelimiters(line []byte) bool {
	if bytes.IndexByte(line, '|') < 0 {
		return false
	}
	dashes := 0
	for _, r := range string(line) {
		switch r {
		case '|', ':', ' ', '\t', '+', '\u00a0', '\u202f':
		case '-', '=', '_', '\u2010', '\u2011', '\u2012', '–', '—', '―', '−', '─':
			dashes++
		default:
			return false
		}
	}
	return dashes > 0
}

// validDelimiters reports whether each cell of line is dashes, with colons for the
// alignment.
func validDelimiters(line []byte) bool {
	for _, c := range splitRow(line) {
		cell := bytes.TrimSuffix(bytes.TrimPrefix(line[c.start:c.end], []byte(":")), []byte(":"))
		if len(cell) == 0 || len(bytes.Trim(cell, "-")) > 0 {
			return false
		}
	}
	return true
}

// lineStart returns where the line that holds at begins.
func lineStart(text []byte, at int) int { return bytes.LastIndexByte(text[:at], '\n') + 1 }
