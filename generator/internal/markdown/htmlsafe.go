package markdown

import (
	"bytes"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"golang.org/x/net/html"
)

// safeInline are the elements of text that pass whatever the policy: they say what a
// text is and can do nothing else.
var safeInline = []string{
	"abbr", "b", "bdi", "bdo", "br", "cite", "del", "dfn", "em", "i", "ins", "kbd", "mark", "q", "rp", "rt", "ruby",
	"s", "samp", "small", "strong", "sub", "sup", "time", "u", "var", "wbr",
}

// safeBlock are those that stand among blocks.
var safeBlock = []string{"details", "summary"}

// isVoid reports whether an element has no content, and so no end tag.
func isVoid(name string) bool {
	switch name {
	case "br", "wbr", "hr", "img", "input", "col", "area", "base", "embed", "link", "meta", "source", "track":
		return true
	}
	return false
}

// safeAttribute reports whether an element may have an attribute.
func safeAttribute(element, name, value string) bool {
	switch name {
	case "title", "lang":
		return value != ""
	case "dir":
		return value == "ltr" || value == "rtl" || value == "auto"
	case "datetime":
		return value != "" && slices.Contains([]string{"time", "ins", "del"}, element)
	case "open":
		return element == "details"
	}
	return false
}

// safeTag is a tag of a safe element.
type safeTag struct {
	name  string
	end   bool
	attrs []html.Attribute
}

// String returns the tag as it is written for readers.
func (t safeTag) String() string {
	if t.end {
		return "</" + t.name + ">"
	}
	var b strings.Builder
	b.WriteString("<" + t.name)
	for _, a := range t.attrs {
		b.WriteString(" " + a.Key)
		if a.Key != "open" {
			b.WriteString(`="` + html.EscapeString(a.Val) + `"`)
		}
	}
	b.WriteByte('>')
	return b.String()
}

// safeInlineHTML passes a tag in the text if its element is safe; false leaves it to be
// refused.
func (s *survey) safeInlineHTML(n *ast.RawHTML, offset int, raw []byte) bool {
	written, _ := tagName(raw)
	name := strings.ToLower(written)
	if slices.Contains(safeBlock, name) {
		s.errorf(offset, len(raw), "raw-html", "raw HTML <%s> within a line of text", name).
			suggest("begin a line with it, with a blank line before")
		return true
	}
	if !slices.Contains(safeInline, name) {
		return false
	}
	tag := s.readTag(raw, offset)
	if isVoid(name) {
		if !tag.end { // </br> means nothing
			s.d.html[n] = tag.String()
			if name == "br" {
				s.prose.addMark(nil, breakRune, "\n")
			}
		}
		return true
	}
	if s.balance(n, offset, len(raw), tag) {
		s.d.html[n] = tag.String()
	}
	return true
}

// readTag reads a tag, and reports the attributes that it may not have.
func (s *survey) readTag(raw []byte, offset int) safeTag {
	z := html.NewTokenizer(bytes.NewReader(raw))
	kind := z.Next()
	token := z.Token()
	tag := safeTag{name: token.Data, end: kind == html.EndTagToken}
	for _, a := range token.Attr {
		a.Val = strings.Map(func(r rune) rune {
			if r < ' ' || r == 0x7f {
				return ' '
			}
			return r
		}, a.Val)
		switch {
		case tag.end:
		case safeAttribute(tag.name, a.Key, a.Val):
			tag.attrs = append(tag.attrs, a)
		default:
			s.errorf(offset, len(raw), "raw-html", "raw HTML <%s> with the attribute %q", tag.name, a.Key).
				suggest(`remove it, or write \< for the sign; allowed are title, lang, dir, datetime (of time, ins, del) and open (of details)`)
		}
	}
	return tag
}

// balance notes that a tag opens or closes an element among these siblings; false where
// an end tag closes nothing, which is reported.
func (s *survey) balance(n ast.Node, offset, length int, tag safeTag) bool {
	if !tag.end {
		s.open = append(s.open, openTag{tag.name, n, offset})
		return true
	}
	if len(s.open) > 0 && s.open[len(s.open)-1].name == tag.name {
		s.open = s.open[:len(s.open)-1]
		return true
	}
	f := s.errorf(offset, length, "html-unbalanced", "raw HTML </%s> closes no element that is open here", tag.name)
	if len(s.open) > 0 {
		last := s.open[len(s.open)-1]
		f.suggest("close <%s> first", last.name).note(last.offset, "opened here")
	} else {
		f.suggest("remove it, or write <%s> before it in the same paragraph, list item or quotation", tag.name)
	}
	return false
}

// detailsTags finds the tags of details and summary.
var detailsTags = regexp.MustCompile(`(?i)</?(?:details|summary)(?:\s[^<>]*)?/?>`)

// detailsBlock puts what a block of HTML that begins with <details>, <summary> or
// </details> consists of in its place: the tags, and what stands between them, which is
// Markdown. It reports whether it is such a block.
func (s *survey) detailsBlock(n *ast.HTMLBlock) bool {
	raw := blockHTML(n, s.d.text)
	tags := detailsTags.FindAllIndex(raw, -1)
	if len(tags) == 0 || len(bytes.TrimSpace(raw[:tags[0][0]])) > 0 {
		return false // so that what is parsed anew is always less
	}
	// Where each byte of raw stands in the body.
	var lines []text.Segment
	for i := range n.Lines().Len() {
		lines = append(lines, n.Lines().At(i))
	}
	parent := n.Parent()
	var summary *ast.HTMLBlock // that is open
	named := false             // it has content
	at := 0
	put := func(child ast.Node) {
		parent.InsertBefore(parent, n, child)
		s.block(child)
	}
	content := func(end int) {
		for _, child := range s.markdownBetween(lines, at, end) {
			p, isParagraph := child.(*ast.Paragraph)
			_, isHeading := child.(*ast.Heading)
			switch {
			case summary == nil:
			case isParagraph && !named:
				block := ast.NewTextBlock()
				block.SetLines(p.Lines())
				for c := p.FirstChild(); c != nil; c = p.FirstChild() {
					block.AppendChild(block, c)
				}
				child, named = block, true
			case isHeading && !named:
				named = true
			default:
				s.errorf(max(child.Pos(), 0), 1, "raw-html", "raw HTML <summary> with more than a line of text").
					suggest("move the rest behind </summary>")
				continue
			}
			put(child)
		}
	}
	for _, found := range tags {
		content(found[0])
		at = found[1]
		offset, piece := positionIn(lines, found[0]), raw[found[0]:found[1]]
		tag := s.readTag(piece, offset)
		node := ast.NewHTMLBlock(ast.HTMLBlockType6)
		node.SetPos(offset)
		switch {
		case tag.name == "details" && summary != nil:
			s.errorf(offset, len(piece), "raw-html", "raw HTML %s within <summary>", piece).suggest("close </summary> first")
			continue
		case tag.name == "details" && !tag.end:
			s.details = append(s.details, detailsTag{offset, len(piece)})
		case tag.name == "summary" && !tag.end:
			if k := len(s.open); k == 0 || s.open[k-1].name != "details" || s.summarized[s.open[k-1].offset] {
				s.errorf(offset, len(piece), "raw-html", "raw HTML <summary> that does not open a <details>").
					suggest("write it once, directly behind <details>")
				continue
			}
			s.summarized[s.open[len(s.open)-1].offset] = true
			summary, named = node, false
		case tag.name == "summary" && summary == nil:
			continue // its start tag was refused, or it is told of
		}
		if tag.name == "summary" && tag.end {
			if !named {
				s.errorf(summary.Pos(), len("<summary>"), "raw-html", "raw HTML <summary> without text").suggest("say what <details> holds")
			}
			summary = nil
		} else if tag.name == "summary" {
			parent.InsertBefore(parent, n, node)
			s.d.html[node] = tag.String()
			continue
		}
		if tag.name == "summary" || s.balance(node, offset, len(piece), tag) {
			parent.InsertBefore(parent, n, node)
			s.d.html[node] = tag.String() + "\n"
		}
	}
	content(len(raw))
	if summary != nil {
		s.errorf(summary.Pos(), len("<summary>"), "html-unbalanced", "raw HTML <summary> is not closed").
			suggest("add </summary> before the next blank line")
		end := ast.NewHTMLBlock(ast.HTMLBlockType6)
		parent.InsertBefore(parent, n, end)
		s.d.html[end] = "</summary>\n"
	}
	parent.RemoveChild(parent, n)
	return true
}

// positionIn returns where byte at of the joined lines stands in the body.
func positionIn(lines []text.Segment, at int) int {
	for _, l := range lines {
		if at < l.Len() {
			return l.Start + at
		}
		at -= l.Len()
	}
	return lines[len(lines)-1].Stop
}

// markdownBetween parses what stands between two places of the joined lines.
func (s *survey) markdownBetween(lines []text.Segment, from, to int) (list []ast.Node) {
	part := text.NewSegments()
	for _, l := range lines {
		n := l.Len()
		if start, stop := max(from, 0), min(to, n); start < stop {
			segment := text.NewSegment(l.Start+start, l.Start+stop)
			line := segment.Value(s.d.text)
			if markers, end := containerMarkers(line); markers > maxMarkers {
				s.errorf(segment.Start, end, "deep-nesting", "lists and quotations nested deeper than %d", maxMarkers).suggest("flatten them")
				return nil
			}
			part.Append(segment)
		}
		from, to = from-n, to-n
	}
	if part.Len() == 0 {
		return nil
	}
	// goldmark ends a last line that has no end by appending to its slice of the source,
	// which must not reach into what follows: neither now nor when it is rendered.
	end := part.At(part.Len() - 1).Stop
	root := s.c.parser.Parse(text.NewBlockReader(s.d.text[:end:end], part), parser.WithContext(s.context))
	_ = ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering && n.Type() == ast.TypeBlock && n.Lines() != nil {
			for i := range n.Lines().Len() {
				line := n.Lines().At(i)
				line.ForceNewline = false
				n.Lines().Set(i, line)
			}
		}
		return ast.WalkContinue, nil
	}) // which never fails
	s.collect(root)
	for child := root.FirstChild(); child != nil; child = root.FirstChild() {
		root.RemoveChild(root, child)
		list = append(list, child)
	}
	return list
}

// detailsTag is where a <details> is written.
type detailsTag struct{ offset, length int }

// checkDetails reports the <details> that nothing names.
func (s *survey) checkDetails() {
	for _, d := range s.details {
		if !s.summarized[d.offset] {
			s.errorf(d.offset, d.length, "raw-html", "raw HTML <details> without a <summary>").
				suggest("write <summary>what it holds</summary> on the next line")
		}
	}
}

// htmlBlockParser is goldmark's, but where only safe elements pass a tag of them is
// what it looks like: <kbd> alone on a line is text, and the lines of <details>,
// <summary> and </details> end where they end, so that what stands between them is
// Markdown without the blank lines that CommonMark wants.
type htmlBlockParser struct{ parser.BlockParser }

// Open implements [parser.BlockParser].
func (p htmlBlockParser) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	if passesSafe(pc) {
		line, _ := reader.PeekLine()
		name, _ := tagName(bytes.TrimLeft(line, " "))
		if slices.Contains(safeInline, strings.ToLower(name)) {
			return nil, parser.NoChildren
		}
	}
	return p.BlockParser.Open(parent, reader, pc)
}

// Continue implements [parser.BlockParser].
func (p htmlBlockParser) Continue(node ast.Node, reader text.Reader, pc parser.Context) parser.State {
	block := node.(*ast.HTMLBlock)
	if passesSafe(pc) && block.HTMLBlockType == ast.HTMLBlockType6 {
		raw := bytes.ToLower(blockHTML(block, reader.Source()))
		name, _ := tagName(bytes.TrimLeft(raw, " "))
		unfinished := bytes.LastIndexByte(raw, '<') > bytes.LastIndexByte(raw, '>') ||
			bytes.Count(raw, []byte("<summary")) > bytes.Count(raw, []byte("</summary"))
		if slices.Contains(safeBlock, name) && !unfinished {
			return parser.Close
		}
	}
	return p.BlockParser.Continue(node, reader, pc)
}

// passesSafe reports whether the policy is to pass safe elements alone.
func passesSafe(pc parser.Context) bool {
	s, ok := pc.Get(surveyKey).(*survey)
	return ok && s.c.options.RawHTML != Sanitize && s.c.options.RawHTML != Trust
}
