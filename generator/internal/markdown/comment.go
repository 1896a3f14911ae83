package markdown

import (
	"bytes"
	"slices"
	"sort"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Comments, <!-- … --> and Obsidian's %% … %%, are taken out of a body before anything
// else reads it: what is made of the text, in whatever form, never had them. Only code
// shows them as they are written.

// cut is a part of the author's text that was taken out.
type cut struct {
	start, end int    // in the author's text
	stub       string // what stands in its place
	at         int    // where it does, in the text that is left
	after      int    // what to add to a place behind it for the place in the author's text
}

// maxCommentsWithCode bounds how often a body is read anew because a comment hid what
// looked like the start of code.
const maxCommentsWithCode = 200

// Visible returns body without its comments.
func Visible(body []byte) []byte {
	left, _, _ := withoutComments(body)
	return left
}

// withoutComments takes the comments out of an author's text. open is where one begins
// that does not end, whose text is taken out to the last byte; -1 for none.
func withoutComments(source []byte) (left []byte, cuts []cut, open int) {
	if !bytes.Contains(source, []byte("<!--")) && !bytes.Contains(source, []byte("%%")) {
		return source, nil, -1
	}
	left, open = source, -1
	var code []text.Segment
	stale := true
	readings := 0
	for from := 0; from < len(source); {
		if stale {
			if readings++; readings > maxCommentsWithCode {
				open = from
				cuts = append(cuts, cut{start: from, end: len(source)})
				break
			}
			left = without(source, cuts)
			code = codeIn(left)
			for i := range code {
				code[i] = text.NewSegment(original(cuts, code[i].Start), original(cuts, code[i].Stop))
			}
			stale = false
		}
		start := nextComment(source, from)
		if start < 0 {
			break
		}
		if i := slices.IndexFunc(code, func(s text.Segment) bool { return start >= s.Start && start < s.Stop }); i >= 0 {
			from = max(code[i].Stop, start+1)
			continue
		}
		end := commentEnd(source, start)
		if end < 0 {
			open, end = start, len(source)
		}
		c := widen(source, cut{start: start, end: end})
		if len(cuts) > 0 { // two may meet
			c.start = max(c.start, cuts[len(cuts)-1].end)
		}
		cuts = append(cuts, c)
		from = max(c.end, end)
		stale = bytes.ContainsAny(source[start+2:end], "`~\n<\t")
	}
	return without(source, cuts), cuts, open
}

// nextComment returns where the next comment may begin, or -1.
func nextComment(source []byte, from int) int {
	for i := from; i < len(source); {
		n := bytes.IndexAny(source[i:], "<%")
		if n < 0 {
			return -1
		}
		i += n
		switch {
		case escaped(source, i):
		case bytes.HasPrefix(source[i:], []byte("<!--")):
			return i
		case bytes.HasPrefix(source[i:], []byte("%%")):
			if opensComment(source, i) {
				return i
			}
			for i+1 < len(source) && source[i+1] == '%' {
				i++
			}
		}
		i++
	}
	return -1
}

// escaped reports whether the sign at i has a backslash of its own before it.
func escaped(source []byte, i int) bool {
	n := 0
	for n < i && source[i-1-n] == '\\' {
		n++
	}
	return n%2 == 1
}

// opensComment reports whether the %% at i begins a comment: it does not where it ends a
// number (100%% sure), or belongs to an address.
func opensComment(source []byte, i int) bool {
	word := source[i-len(trailingWord(source[:i])) : i]
	if bytes.Contains(word, []byte("://")) || bytes.HasPrefix(word, []byte("www.")) {
		return false
	}
	if i == 0 || source[i-1] < '0' || source[i-1] > '9' {
		return true
	}
	rest := source[i+2:]
	return len(rest) > 0 && bytes.IndexByte([]byte(" \t\r\n.,;:!?)"), rest[0]) < 0
}

// trailingWord returns what follows the last blank of source.
func trailingWord(source []byte) []byte {
	return source[bytes.LastIndexAny(source, " \t\r\n")+1:]
}

// commentEnd returns where the comment that begins at start ends, or -1.
func commentEnd(source []byte, start int) int {
	opening, closing := 2, "%%"
	if source[start] == '<' {
		for _, short := range []string{"<!-->", "<!--->"} {
			if bytes.HasPrefix(source[start:], []byte(short)) {
				return start + len(short)
			}
		}
		opening, closing = len("<!--"), "-->"
	}
	n := bytes.Index(source[start+opening:], []byte(closing))
	if n < 0 {
		return -1
	}
	return start + opening + n + len(closing)
}

// widen has a comment take its surroundings along, so that what is left reads as if it
// had never been: no blanks that would break a line or make code of it, no empty line
// that would part a paragraph. A comment of HTML alone on its lines leaves an empty one,
// which parts lists as CommonMark has it.
func widen(source []byte, c cut) cut {
	lineStart := bytes.LastIndexByte(source[:c.start], '\n') + 1
	prefix := source[lineStart:c.start]
	end := c.end
	for end < len(source) && (source[end] == ' ' || source[end] == '\t') {
		end++
	}
	atEnd := end == len(source) || source[end] == '\n' || source[end] == '\r'
	atStart := len(bytes.TrimLeft(prefix, " \t>")) == 0
	if n, stop := containerMarkers(prefix); !atStart && n > 0 && n < maxMarkers {
		atStart = len(bytes.TrimSpace(prefix[stop:])) == 0
	}
	switch {
	case atStart && atEnd && source[c.start] == '<':
		c.stub = "<!---->"
	case atStart && atEnd:
		c.end = end
		if marked := bytes.ContainsAny(prefix, "-+*0123456789"); marked && continues(source, end) {
			return c // the item has more than the comment
		}
		c.start = lineStart
		if n := bytes.IndexByte(source[end:], '\n'); n >= 0 {
			c.end = end + n + 1
		}
	case atEnd:
		for c.start > lineStart && (source[c.start-1] == ' ' || source[c.start-1] == '\t') {
			c.start--
		}
		c.end = end
	case atStart, source[c.start-1] == ' ', source[c.start-1] == '\t':
		c.end = end
	}
	return c
}

// continues reports whether the line behind the one that ends at end is indented.
func continues(source []byte, end int) bool {
	n := bytes.IndexByte(source[end:], '\n')
	if n < 0 {
		return false
	}
	next := source[end+n+1:]
	return bytes.HasPrefix(next, []byte("  ")) || bytes.HasPrefix(next, []byte("\t"))
}

// without returns source without its cuts, and notes where each stood.
func without(source []byte, cuts []cut) []byte {
	if len(cuts) == 0 {
		return source
	}
	var b bytes.Buffer
	b.Grow(len(source))
	pos := 0
	for i := range cuts {
		c := &cuts[i]
		b.Write(source[pos:c.start])
		c.at = b.Len()
		b.WriteString(c.stub)
		pos = c.end
		c.after = c.end - b.Len()
	}
	b.Write(source[pos:])
	return b.Bytes()
}

// original returns where a place of the text that is left stands in the author's.
func original(cuts []cut, at int) int {
	i := sort.Search(len(cuts), func(i int) bool { return cuts[i].at+len(cuts[i].stub) > at })
	if i < len(cuts) && at > cuts[i].at { // within a stub
		return cuts[i].start
	}
	if i == 0 {
		return at
	}
	return at + cuts[i-1].after
}

// remaining returns where a place of the author's text stands in the text that is left.
func remaining(cuts []cut, at int) int {
	i := sort.Search(len(cuts), func(i int) bool { return cuts[i].end > at })
	if i < len(cuts) && at > cuts[i].start {
		return cuts[i].at
	}
	if i == 0 {
		return at
	}
	return at - cuts[i-1].after
}

// codeParser finds code, and what else holds no comments: addresses and tags.
var codeParser = parser.NewParser(
	parser.WithBlockParsers(
		util.Prioritized(parser.NewSetextHeadingParser(), 100),
		util.Prioritized(extension.NewDefinitionListParser(), 101),
		util.Prioritized(extension.NewDefinitionDescriptionParser(), 102),
		util.Prioritized(parser.NewThematicBreakParser(), 200),
		util.Prioritized(parser.NewListParser(), 300),
		util.Prioritized(parser.NewListItemParser(), 400),
		util.Prioritized(parser.NewCodeBlockParser(), 500),
		util.Prioritized(parser.NewATXHeadingParser(), 600),
		util.Prioritized(parser.NewFencedCodeBlockParser(), 700),
		util.Prioritized(parser.NewBlockquoteParser(), 800),
		util.Prioritized(parser.NewHTMLBlockParser(), 900),
		util.Prioritized(extension.NewFootnoteBlockParser(), 999),
		util.Prioritized(parser.NewParagraphParser(), 1000),
	),
	parser.WithInlineParsers(
		util.Prioritized(parser.NewCodeSpanParser(), 100),
		util.Prioritized(parser.NewAutoLinkParser(), 300),
		util.Prioritized(parser.NewRawHTMLParser(), 400),
	),
)

// codeIn returns the parts of a text in which comments are shown as they are written,
// in order.
func codeIn(source []byte) []text.Segment {
	var list []text.Segment
	add := func(lines *text.Segments) {
		if n := lines.Len(); n > 0 {
			list = append(list, text.NewSegment(lines.At(0).Start, lines.At(n-1).Stop))
		}
	}
	root := codeParser.Parse(text.NewReader(source))
	_ = ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.FencedCodeBlock:
			add(n.Lines())
		case *ast.CodeBlock:
			add(n.Lines())
		case *ast.HTMLBlock:
			if n.HTMLBlockType == ast.HTMLBlockType1 { // <script>, <style>, <pre>
				add(n.Lines())
			}
		case *ast.RawHTML:
			if first := n.Segments.At(0); !bytes.HasPrefix(source[first.Start:], []byte("<!--")) {
				add(n.Segments)
			}
		case *ast.CodeSpan:
			first, okFirst := n.FirstChild().(*ast.Text)
			last, okLast := n.LastChild().(*ast.Text)
			if okFirst && okLast {
				list = append(list, text.NewSegment(first.Segment.Start, last.Segment.Stop))
			}
			return ast.WalkSkipChildren, nil
		}
		return ast.WalkContinue, nil
	})
	slices.SortFunc(list, func(a, b text.Segment) int { return a.Start - b.Start })
	return list
}

// conceal takes the comments out of the document's text, and reports one without an end.
func (s *survey) conceal() {
	left, cuts, open := withoutComments(s.d.text)
	if open >= 0 {
		sign, closing := "<!--", "-->"
		if s.d.text[open] == '%' {
			sign, closing = "%%", "%%"
		}
		s.errorf(open, len(sign), "unclosed-comment", "comment that begins with %s does not end; all that follows is hidden", sign).
			suggest(`close it with %s, or write \%s if it is text`, closing, strings.TrimSpace(sign))
	}
	s.d.text, s.d.cuts = left, cuts
}

// place returns where a place of the document's text stands in the file.
func (d *Document) place(offset int) int { return d.base + original(d.cuts, offset) }

// within returns where a place of the file stands in the document's text.
func (d *Document) within(offset int) int { return remaining(d.cuts, offset-d.base) }
