package markdown

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// What follows keeps prose from becoming structure where a wrapped line happens to
// begin with a sign of Markdown's. CommonMark lets such a line interrupt a paragraph;
// here it does not where the paragraph's last line plainly goes on. Where the meaning
// is in doubt, structure it is, and accident.go warns.

// wrappedLength is from how many characters on a line counts as one that an editor
// wrapped.
const wrappedLength = 40

// interrupted returns the paragraph that a block would interrupt, nil for none. Paragraphs in list items are left alone: what interrupts them is a list.
func interrupted(parent ast.Node, source []byte, pc parser.Context) []byte {
	p, ok := pc.LastOpenedBlock().Node.(*ast.Paragraph)
	if !ok || p.Parent() != parent || parent.Kind() == ast.KindListItem || p.Lines().Len() == 0 {
		return nil
	}
	return source[p.Lines().At(0).Start:p.Lines().At(p.Lines().Len()-1).Stop]
}

// lastLine returns the last line of a paragraph.
func lastLine(paragraph []byte) []byte {
	paragraph = bytes.TrimRight(paragraph, "\r\n")
	return paragraph[bytes.LastIndexByte(paragraph, '\n')+1:]
}

// goesOn reports whether a line of prose ends within a sentence.
func goesOn(line []byte) bool {
	if bytes.HasSuffix(bytes.TrimRight(line, "\r\n"), []byte("  ")) {
		return false
	}
	line = bytes.TrimRight(line, " \t\r\n")
	r, _ := utf8.DecodeLastRune(line)
	return len(line) > 0 && !strings.ContainsRune(`.:;!?…»)]}|\*_`, r)
}

// isWrapped reports whether a line of a paragraph is as long as an editor makes them.
func isWrapped(paragraph []byte) bool {
	for line := range bytes.Lines(paragraph) {
		if utf8.RuneCount(bytes.TrimSpace(line)) >= wrappedLength {
			return true
		}
	}
	return false
}

// goesOnWith reports whether text continues a sentence: it begins with a small letter
// or a digit.
func goesOnWith(text []byte) bool {
	r, _ := utf8.DecodeRune(bytes.TrimLeft(text, " \t"))
	return unicode.IsLower(r) || unicode.IsDigit(r)
}

// beginsWithNumber reports whether text begins with a digit.
func beginsWithNumber(text []byte) bool {
	text = bytes.TrimLeft(text, " \t\u00a0\u202f")
	return len(text) > 0 && '0' <= text[0] && text[0] <= '9'
}

// keepProse is a block parser that leaves prose alone.
type keepProse struct {
	parser.BlockParser
	// is reports whether line, which begins at the offset at of source, goes on the prose
	// of the paragraph above. above is nil where nothing is interrupted.
	is func(above, line, source []byte, at int) bool
}

// Open implements [parser.BlockParser].
func (p keepProse) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, segment := reader.PeekLine()
	if _, item := pc.LastOpenedBlock().Node.(*ast.List); item || parent.Kind() == ast.KindList {
		return p.BlockParser.Open(parent, reader, pc) // which knows of the item to come
	}
	if p.is(interrupted(parent, reader.Source(), pc), line, reader.Source(), segment.Start) {
		return nil, parser.NoChildren
	}
	return p.BlockParser.Open(parent, reader, pc)
}

// listMarker returns the marker of a list item that line begins with, its number, and
// the text behind; marker is 0 for none. An ordered item's is "." or ")".
func listMarker(line []byte) (marker byte, number int, rest []byte) {
	line = bytes.TrimLeft(line, " ")
	i := 0
	for i < len(line) && i < 9 && '0' <= line[i] && line[i] <= '9' {
		number = 10*number + int(line[i]-'0')
		i++
	}
	if i >= len(line) || i == 0 && bytes.IndexByte([]byte("-+*"), line[i]) < 0 || i > 0 && line[i] != '.' && line[i] != ')' {
		return 0, 0, nil
	}
	rest = line[i+1:]
	if len(rest) > 0 && bytes.IndexByte([]byte(" \t\r\n"), rest[0]) < 0 {
		return 0, 0, nil
	}
	return line[i], number, bytes.TrimSpace(rest)
}

// goesOnAsList reports whether other lines of the same block, or the next after a blank
// line, are items of the list that begins at.
func goesOnAsList(source []byte, at int, marker byte, number int) bool {
	rest := source[lineStart(source, at):]
	first, blanks := true, 0
	for line := range bytes.Lines(rest) {
		line = bytes.TrimLeft(line, "> \t")
		if first {
			first = false
			continue
		}
		if len(bytes.TrimSpace(line)) == 0 {
			blanks++
			continue
		}
		if m, next, _ := listMarker(line); m == marker && (next == number || next == number+1 || number >= 1000 && next >= 1000) {
			return true
		}
		if blanks > 0 {
			return false
		}
	}
	return false
}

// listIsProse keeps a wrapped line that begins with a dash, a sign or a number, and a
// paragraph that begins with a year.
func listIsProse(above, line, source []byte, at int) bool {
	marker, number, rest := listMarker(line)
	if marker == 0 {
		return false
	}
	if above != nil {
		return goesOn(above) && isWrapped(above) && goesOnWith(rest) && !goesOnAsList(source, at, marker, number)
	}
	return number >= 1000 && len(rest) > 0 && !goesOnAsList(source, at, marker, number)
}

// quoteIsProse keeps a wrapped line that begins with "> 50 %".
func quoteIsProse(above, line, _ []byte, _ int) bool {
	return above != nil && goesOn(above) && beginsWithNumber(bytes.TrimPrefix(bytes.TrimLeft(line, " "), []byte(">")))
}

// headingIsProse keeps a wrapped line that begins with "# 1 du marché".
func headingIsProse(above, line, _ []byte, _ int) bool {
	text, found := bytes.CutPrefix(bytes.TrimLeft(line, " "), []byte("# "))
	return found && above != nil && goesOn(above) && goesOnWith(text)
}

// definitionIsProse keeps the colon of French, with its space before it, that begins a
// line: a definition stands below a term alone on its line.
func definitionIsProse(above, _, _ []byte, _ int) bool {
	if above == nil {
		return false
	}
	if isWrapped(above) {
		return true
	}
	term := bytes.TrimSpace(lastLine(above))
	r, _ := utf8.DecodeLastRune(term)
	return strings.ContainsRune(".:;!?…", r) || bytes.Contains(term, []byte(". ")) || bytes.Contains(above, []byte(",\n"))
}

// underlineIsProse keeps a paragraph from becoming a heading by the line of dashes below
// it that was to part it from the next; the line becomes one then.
func underlineIsProse(above, line, _ []byte, _ int) bool {
	if above == nil {
		return false
	}
	bar := bytes.TrimSpace(line)
	if len(bar) == 0 || bar[0] != '-' {
		return false
	}
	sentence := bytes.TrimRight(above, " \t\r\n")
	r, _ := utf8.DecodeLastRune(sentence)
	lines := bytes.Count(sentence, []byte("\n")) + 1
	return len(bar) < 3 || strings.ContainsRune(".,;:…", r) || lines > 1 && isWrapped(sentence) || utf8.RuneCount(sentence) > 100
}

// emphasisParser is goldmark's, but for signs that are none of emphasis: 5*3, 2**8, (*).
type emphasisParser struct{ parser.InlineParser }

// Parse implements [parser.InlineParser].
func (p emphasisParser) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, segment := block.PeekLine()
	n := 1
	for n < len(line) && line[n] == line[0] {
		n++
	}
	if line[0] != '_' && segment.Padding == 0 {
		before, _ := utf8.DecodeLastRune(block.Source()[:segment.Start])
		after, _ := utf8.DecodeRune(line[n:])
		digits := unicode.IsDigit(before) && (unicode.IsDigit(after) || line[0] == '*' && unicode.IsLetter(after))
		if digits || line[0] == '*' && before == '(' && after == ')' {
			// As text of its own, so that nobody looks at it again.
			block.Advance(n)
			return ast.NewTextSegment(text.NewSegment(segment.Start, segment.Start+n))
		}
	}
	return p.InlineParser.Parse(parent, block, pc)
}

// CloseBlock implements [parser.CloseBlocker] where goldmark's parser does.
func (p emphasisParser) CloseBlock(parent ast.Node, block text.Reader, pc parser.Context) {
	if closer, ok := p.InlineParser.(parser.CloseBlocker); ok {
		closer.CloseBlock(parent, block, pc)
	}
}

// tableTransformer is goldmark's, which takes a line of dashes without a bar for the row
// below a table's head.
type tableTransformer struct{ parser.ParagraphTransformer }

// Transform implements [parser.ParagraphTransformer].
func (t tableTransformer) Transform(n *ast.Paragraph, reader text.Reader, pc parser.Context) {
	for i := range n.Lines().Len() {
		at := n.Lines().At(i)
		if line := bytes.TrimSpace(at.Value(reader.Source())); len(line) > 0 && len(bytes.Trim(line, "-")) == 0 {
			return
		}
	}
	t.ParagraphTransformer.Transform(n, reader, pc)
}
