package markdown

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// wikiLink is [[name]], [[name|text]], [[name#fragment]] or [[#fragment]]. Its
// child, if any, is the text.
type wikiLink struct {
	ast.BaseInline
	target, fragment string
	end              int
	label            [2]int // where the text is written; equal without one
	ref              int    // index of the reference, -1 without
}

var kindWikiLink = ast.NewNodeKind("WikiLink")

func (n *wikiLink) Kind() ast.NodeKind            { return kindWikiLink }
func (n *wikiLink) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// name returns what stands for a link without text, as long as nothing is resolved.
func (n *wikiLink) name() string {
	if n.target == "" {
		return n.fragment
	}
	return n.target
}

// wikiParser parses wiki links. A link stands on one line; in a table its bar is
// written \|, as in Obsidian. Behind "]]" a "(" makes it CommonMark's link whose
// text is in brackets: [[1]](url).
type wikiParser struct{}

// Trigger implements [parser.InlineParser].
func (wikiParser) Trigger() []byte { return []byte{'[', '!'} }

// Parse implements [parser.InlineParser].
func (wikiParser) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, segment := block.PeekLine()
	s := pc.Get(surveyKey).(*survey)
	embed := line[0] == '!'
	start := segment.Start
	if embed {
		line, start = line[1:], start+1
	}
	if !bytes.HasPrefix(line, []byte("[[")) {
		return nil
	}
	// asText leaves n bytes of the author's text as they are.
	asText := func(n int) ast.Node {
		if embed {
			n++
		}
		block.Advance(n)
		return ast.NewTextSegment(text.NewSegment(segment.Start, segment.Start+n))
	}
	closing := bytes.Index(line, []byte("]]"))
	if closing < 0 {
		s.errorf(start, 2, "unclosed-wiki-link", "wiki link without its closing ]]").
			suggest(`close it on the same line (in a table write its bar as \|), or write \[[ for two brackets`)
		return asText(2)
	}
	end := closing + 2
	if end < len(line) && line[end] == '(' {
		return nil
	}
	content := line[2:closing]
	switch {
	case bytes.IndexByte(content, '[') >= 0:
		s.errorf(start, end, "malformed-wiki-link", "wiki link with a bracket in its name").
			suggest(`write \[[ for two brackets, or put code between backquotes`)
		return asText(2)
	case embed:
		if image := newEmbed(content, segment.Start, start+end); image != nil {
			block.Advance(end + 1)
			return image
		}
		f := s.errorf(segment.Start, end+1, "embed", "embedded ![[%s]] is not supported", content).
			suggest("link with [[%s]]", content)
		if !s.c.options.Foreign {
			return asText(end)
		}
		f.warning() // it is shown as the link that it is, too
		block.Advance(1)
	}
	n := &wikiLink{end: start + end, ref: -1}
	n.SetPos(start)
	name, label, labelled := bytes.Cut(content, []byte("|"))
	if labelled {
		from := start + 2 + len(name) + 1
		name = bytes.TrimSuffix(name, []byte(`\`))
		from += len(label) - len(bytes.TrimLeft(label, " \t"))
		label = bytes.TrimSpace(label)
		n.label = [2]int{from, from + len(label)}
		if len(label) > 0 {
			n.AppendChild(n, ast.NewTextSegment(text.NewSegment(n.label[0], n.label[1])))
		} else {
			s.errorf(start, end, "empty-wiki-link", "wiki link without text behind its bar").suggest("write the text, or remove the bar")
		}
	}
	page, fragment, parted := strings.Cut(unescape(name), "#")
	if n.target, n.fragment = strings.TrimSpace(page), strings.TrimSpace(fragment); parted && n.target != "" && n.fragment == "" {
		n.target += "#" // of a name such as C#
	}
	if n.name() == "" {
		s.errorf(start, end, "empty-wiki-link", "wiki link without a page").suggest(`write [[page]], or \[[ for two brackets`)
		return asText(end)
	}
	block.Advance(end)
	return n
}

// wikiLink registers a wiki link.
func (s *survey) wikiLink(n *wikiLink) {
	from := len(s.prose.runs)
	switch {
	case n.HasChildren():
		s.walkInlines(n)
	case s.inLink:
		s.prose.addObject(n.name())
	default:
		s.prose.addName(len(s.d.refs))
	}
	if s.inLink {
		s.nested(KindWiki, n.Pos(), n.end)
		return
	}
	label := ""
	if n.HasChildren() {
		label = s.prose.since(from)
	}
	n.ref = s.refer(
		Reference{Kind: KindWiki, Target: n.target, Fragment: n.fragment, Label: label, Offset: n.Pos(), Length: n.end - n.Pos()},
		target{form: wikiForm, start: n.Pos(), end: n.end, text: n.label})
}

func (w *renderer) wikiLink(n *wikiLink) {
	res, ok := w.answer(n.ref)
	label := func() {
		switch {
		case n.HasChildren():
			w.inlines(n)
		case res.Text != "":
			w.text(res.Text)
		default:
			w.text(n.name())
		}
	}
	if !ok {
		w.broken(label)
		return
	}
	w.openLink(res, "", !n.HasChildren() && res.Text != "")
	label()
	w.WriteString("</a>")
}
