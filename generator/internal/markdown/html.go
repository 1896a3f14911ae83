package markdown

import (
	"bytes"
	"strings"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark/ast"
	"golang.org/x/net/html"
)

// newPolicy returns what the policy Sanitize lets through. Ids stay out, for they
// would clash with the page's, and so do links and images, whose targets are only
// checked where they are Markdown.
func newPolicy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements(
		"abbr", "b", "bdi", "bdo", "blockquote", "br", "caption", "cite", "code", "dd", "del", "details", "dfn", "div", "dl", "dt",
		"em", "figcaption", "figure", "hr", "i", "ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "rp", "rt", "ruby", "s", "samp",
		"small", "span", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "u", "ul", "var", "wbr")
	p.AllowNoAttrs().OnElements("span")
	p.AllowAttrs("lang", "title").Globally()
	p.AllowAttrs("dir").Matching(bluemonday.Direction).Globally()
	p.AllowAttrs("colspan", "rowspan").Matching(bluemonday.Integer).OnElements("td", "th")
	p.AllowAttrs("datetime").Matching(bluemonday.ISO8601).OnElements("del", "ins", "time")
	p.AllowAttrs("open").OnElements("details")
	p.AllowAttrs("start").Matching(bluemonday.Integer).OnElements("ol")
	return p
}

// cures are what to write instead of an element.
var cures = map[string]string{
	"a":          "write [text](address)",
	"img":        "write ![alternative text](file)",
	"code":       "write `text`",
	"strike":     "write ~~text~~",
	"p":          "leave a blank line between paragraphs",
	"h1":         "write ## text",
	"h2":         "write ## text",
	"h3":         "write ### text",
	"h4":         "write #### text",
	"h5":         "write ##### text",
	"h6":         "write ###### text",
	"ul":         "start the lines with -",
	"ol":         "start the lines with 1.",
	"li":         "start the line with - or 1.",
	"dl":         "write the term on a line, and the definition on the next behind : and a space",
	"pre":        "put a line ``` before the code and one behind it",
	"input":      "write - [ ] or - [x] for a task",
	"video":      "link to the file with [text](file)",
	"audio":      "link to the file with [text](file)",
	"iframe":     "link to the page with [text](address)",
	"div":        htmlCure,
	"span":       htmlCure,
	"center":     htmlCure,
	"font":       htmlCure,
	"section":    htmlCure,
	"hr":         "write ---",
	"blockquote": "start the lines with >",
	"table":      "write a table with | and ---",
	"figure":     `write ![alternative text](file "caption")`,
}

// htmlCure is what helps with elements that Markdown has no signs for.
const htmlCure = `remove it and leave its text, or set raw_html = "sanitize" under [markdown] in config.toml`

// isComment reports whether n is HTML that holds comments alone.
func isComment(n ast.Node, source []byte) bool {
	block, ok := n.(*ast.HTMLBlock)
	return ok && afterComments(blockHTML(block, source)) < 0
}

// blockHTML returns the source of an HTML block.
func blockHTML(n *ast.HTMLBlock, source []byte) []byte {
	var b []byte
	for i := range n.Lines().Len() {
		line := n.Lines().At(i)
		b = append(b, line.Value(source)...)
	}
	if n.HasClosure() {
		b = append(b, n.ClosureLine.Value(source)...)
	}
	return b
}

// afterComments returns where the first thing that is no comment and no blank
// stands in raw, or -1.
func afterComments(raw []byte) int {
	i := 0
	for i < len(raw) {
		switch rest := raw[i:]; {
		case bytes.IndexByte([]byte(" \t\r\n"), rest[0]) >= 0:
			i++
		case bytes.HasPrefix(rest, []byte("<!-->")):
			i += len("<!-->")
		case bytes.HasPrefix(rest, []byte("<!--")):
			end := bytes.Index(rest, []byte("-->"))
			if end < 0 {
				return -1 // open to the end of the body
			}
			i += end + len("-->")
		default:
			return i
		}
	}
	return -1
}

// htmlBlock applies the policy to a block of HTML.
func (s *survey) htmlBlock(n *ast.HTMLBlock) {
	raw := blockHTML(n, s.d.text)
	from := afterComments(raw)
	switch {
	case from < 0:
	case s.c.options.RawHTML == Trust, s.c.options.RawHTML == Sanitize:
		s.foreignHTMLBlock(n, raw)
		s.rawHTML(n, n.Pos()+from, raw[from:])
	default:
		if from > 0 || !s.detailsBlock(n) {
			s.refuse(n, n.Pos()+from, raw[from:])
		}
	}
}

// inlineHTML applies the policy to a tag in the text.
func (s *survey) inlineHTML(n *ast.RawHTML) {
	raw := n.Segments.Value(s.d.text)
	offset := n.Segments.At(0).Start
	switch {
	case afterComments(raw) < 0:
	case s.c.options.RawHTML == Trust, s.c.options.RawHTML == Sanitize:
		s.foreignHTML(offset, raw)
		s.rawHTML(n, offset, raw)
	case !s.safeInlineHTML(n, offset, raw):
		s.refuse(n, offset, raw)
	}
}

func (s *survey) rawHTML(n ast.Node, offset int, raw []byte) {
	if s.c.options.RawHTML == Trust {
		s.d.html[n] = string(raw)
		return
	}
	s.sanitize(n, offset, raw)
}

// refuse reports a piece of HTML; the end tag of an element that was reported in
// the same text is not reported again.
func (s *survey) refuse(n ast.Node, offset int, raw []byte) {
	name, end := tagName(raw)
	length := len(raw)
	if i := bytes.IndexByte(raw, '>'); i >= 0 {
		length = i + 1
	}
	element := strings.ToLower(name)
	if n.Type() == ast.TypeInline && name != "" {
		if end && s.openTags[element] > 0 {
			s.openTags[element]--
			return
		}
		if !end {
			s.openTags[element]++
		}
	}
	cure, ok := cures[element]
	if !ok || end {
		cure = "write Markdown, put code between backquotes, or write \\< for the sign"
	}
	shown, _, _ := strings.Cut(string(raw[:length]), "\n")
	if name != "" {
		shown = "<" + name + ">"
		if end {
			shown = "</" + name + ">"
		}
	}
	s.errorf(offset, length, "raw-html", "raw HTML %s in Markdown", shown).suggest("%s", cure)
}

// tagName returns the name of the tag that raw starts with, "" if it
// is a declaration or the like, and whether it is an end tag.
func tagName(raw []byte) (name string, end bool) {
	raw = bytes.TrimPrefix(raw, []byte("<"))
	raw, end = bytes.CutPrefix(raw, []byte("/"))
	i := 0
	for i < len(raw) && ('a' <= raw[i]|0x20 && raw[i]|0x20 <= 'z' || i > 0 && ('0' <= raw[i] && raw[i] <= '9' || raw[i] == '-')) {
		i++
	}
	return string(raw[:i]), end
}

// openTag is an element that sanitized HTML opened and has not closed yet.
type openTag struct {
	name   string
	node   ast.Node
	offset int
}

// sanitize keeps what the policy allows of a piece of HTML. An element must be
// closed among the siblings of the piece that opens it, so that no piece reaches
// out of its place in the page.
func (s *survey) sanitize(n ast.Node, offset int, raw []byte) {
	clean := s.c.policy.SanitizeBytes(raw)
	length := bytes.IndexByte(raw, '>') + 1
	if countMarkup(raw) != countMarkup(clean) {
		s.errorf(offset, length, "html-sanitized", "raw HTML loses elements or attributes that are not allowed").
			suggest("remove them; links and images are written as Markdown").warning()
	}
	for z := html.NewTokenizer(bytes.NewReader(clean)); ; {
		kind := z.Next()
		if kind == html.ErrorToken {
			break
		}
		raw, _ := z.TagName()
		name := string(raw)
		switch kind {
		case html.StartTagToken:
			if name != "br" && name != "hr" && name != "wbr" {
				s.open = append(s.open, openTag{name, n, offset})
			}
		case html.EndTagToken:
			if len(s.open) == 0 || s.open[len(s.open)-1].name != name {
				s.errorf(offset, length, "html-unbalanced", "raw HTML </%s> closes no element that is open here", name).
					suggest("close elements in the place where they open, the last one first")
				return
			}
			s.open = s.open[:len(s.open)-1]
		}
	}
	s.d.html[n] = withoutControls(string(clean))
}

// countMarkup counts the tags and attributes of raw.
func countMarkup(raw []byte) int {
	n := 0
	for z := html.NewTokenizer(bytes.NewReader(raw)); ; {
		switch z.Next() {
		case html.ErrorToken:
			return n
		case html.StartTagToken, html.SelfClosingTagToken, html.EndTagToken:
			n++
			_, more := z.TagName()
			for more {
				_, _, more = z.TagAttr()
				n++
			}
		}
	}
}

// openScope starts a row of siblings; closeScope, given what it returned, ends it
// and reports the elements left open.
func (s *survey) openScope() []openTag {
	outer := s.open
	s.open = nil
	return outer
}

func (s *survey) closeScope(parent ast.Node, outer []openTag) {
	for i := len(s.open) - 1; i >= 0; i-- {
		tag := s.open[i]
		f := s.errorf(tag.offset, len(tag.name)+2, "html-unbalanced", "raw HTML <%s> is not closed", tag.name)
		if tag.name == "details" {
			f.suggest("add a line </details> behind what it holds, in the same list item or quotation")
		} else {
			f.suggest("add </%s> in the same paragraph, list item or quotation", tag.name)
		}
		if s.c.options.RawHTML == Sanitize {
			delete(s.d.html, tag.node)
			continue
		}
		// It is closed here, so that it does not reach out of its place in the page.
		var end ast.Node = ast.NewRawHTML()
		written := "</" + tag.name + ">"
		if tag.node.Type() == ast.TypeBlock {
			end, written = ast.NewHTMLBlock(ast.HTMLBlockType6), written+"\n"
		}
		if last, ok := parent.LastChild().(*attribution); ok { // which stays the last
			parent.InsertBefore(parent, last, end)
		} else {
			parent.AppendChild(parent, end)
		}
		s.d.html[end] = written
	}
	s.open = outer
}
