package markdown

import (
	"bytes"
	"maps"
	"slices"
	"strconv"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"

	"vigie/generator/internal/diag"
)

// footnoteRef is a footnote's call in the text, [^label]. goldmark parses the
// definitions; the calls are parsed here, so that one without a definition is
// seen, and numbered by the survey in the order in which they are read.
type footnoteRef struct {
	ast.BaseInline
	label string
	note  *footnote // nil without a definition
	use   int       // from 1, among the calls of the note
}

// footnote is a definition.
type footnote struct {
	label  string
	node   ast.Node
	offset int
	number int // from 1; 0 until it is referred to
	uses   int
}

var kindFootnoteRef = ast.NewNodeKind("VigieFootnoteRef")

func (n *footnoteRef) Kind() ast.NodeKind            { return kindFootnoteRef }
func (n *footnoteRef) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

type footnoteParser struct{}

// Trigger implements [parser.InlineParser]. An exclamation mark before a call is
// text, not an image's.
func (footnoteParser) Trigger() []byte { return []byte{'[', '!'} }

// Parse implements [parser.InlineParser].
func (footnoteParser) Parse(parent ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, segment := block.PeekLine()
	call, start := line, segment.Start
	if line[0] == '!' {
		call, start = line[1:], start+1
	}
	if !bytes.HasPrefix(call, []byte("[^")) {
		return nil
	}
	end := bytes.IndexAny(call[2:], "[] \t\r\n")
	if end < 1 || call[2+end] != ']' {
		return nil
	}
	if line[0] == '!' {
		ast.MergeOrAppendTextSegment(parent, text.NewSegment(segment.Start, start))
	}
	n := &footnoteRef{label: string(call[2 : 2+end])}
	n.SetPos(start)
	block.Advance(start - segment.Start + 2 + end + 1)
	return n
}

// define takes a list of definitions out of the tree.
func (s *survey) define(list *extast.FootnoteList) {
	for item := list.FirstChild(); item != nil; item = item.NextSibling() {
		def := &footnote{label: string(item.(*extast.Footnote).Ref), node: item, offset: item.Pos()}
		if first := s.definitions[def.label]; first != nil {
			s.errorf(def.offset, len(def.label)+3, "duplicate-footnote", "footnote %q is defined twice", def.label).
				suggest("give one of them another label").note(first.offset, "first defined here")
			continue
		}
		s.definitions[def.label] = def
		s.unnumbered = append(s.unnumbered, def)
	}
	list.Parent().RemoveChild(list.Parent(), list)
}

// footnoteRef numbers a footnote's call.
func (s *survey) footnoteRef(n *footnoteRef) {
	def := s.definitions[n.label]
	start, length := n.Pos(), len(n.label)+3
	switch {
	case def == nil:
		s.unknownFootnote(n)
		s.prose.addObject("[^" + n.label + "]")
		return
	case s.inLink:
		s.errorf(start, length, "nested-link", "footnote within the text of a link").suggest("move it out of the brackets")
		return
	}
	if def.number == 0 {
		s.d.notes = append(s.d.notes, def)
		def.number = len(s.d.notes)
		s.d.anchors[def.anchor()] = true
	}
	def.uses++
	n.note, n.use = def, def.uses
	s.d.anchors[def.callAnchor(n.use)] = true
	s.prose.addNote()
}

// unknownFootnote reports a call without a definition.
func (s *survey) unknownFootnote(n *footnoteRef) {
	if s.full() {
		return
	}
	cure := diag.DidYouMean(n.label, slices.Collect(maps.Keys(s.definitions)))
	if cure == "" {
		cure = "define it with a line [^" + n.label + "]: …"
	}
	s.errorf(n.Pos(), len(n.label)+3, "unknown-footnote", "unknown footnote %q", n.label).suggest("%s", cure)
}

// anchor returns the id of the footnote.
func (f *footnote) anchor() string { return "fn-" + strconv.Itoa(f.number) }

// callAnchor returns the id of its call number use.
func (f *footnote) callAnchor(use int) string {
	id := "fnref-" + strconv.Itoa(f.number)
	if use > 1 {
		id += "-" + strconv.Itoa(use)
	}
	return id
}

func (w *renderer) footnoteRef(n *footnoteRef) {
	switch {
	case n.note == nil:
		w.text("[^" + n.label + "]")
	case w.feed:
		w.WriteString("<sup>" + strconv.Itoa(n.note.number) + "</sup>")
	default:
		w.WriteString(`<sup class="footnote-ref" id="` + n.note.callAnchor(n.use) + `"><a href="#` + n.note.anchor() + `" role="doc-noteref">`)
		w.WriteString(strconv.Itoa(n.note.number))
		w.WriteString("</a></sup>")
	}
}

// footnotes writes the list of footnotes.
func (w *renderer) footnotes() {
	if len(w.d.notes) == 0 {
		return
	}
	w.WriteString(`<section class="footnotes"`)
	if !w.feed {
		w.WriteString(` role="doc-endnotes"`)
		w.attribute("aria-label", w.c.label("footnotes"))
	}
	w.WriteString(">\n<ol>\n")
	for _, f := range w.d.notes {
		if w.feed {
			w.WriteString("<li>\n")
			w.blocks(f.node)
			w.WriteString("</li>\n")
			continue
		}
		w.WriteString(`<li id="` + f.anchor() + "\">\n")
		last := f.node.LastChild()
		for n := f.node.FirstChild(); n != nil; n = n.NextSibling() {
			if p, ok := n.(*ast.Paragraph); ok && n == last {
				w.tell(p)
				w.WriteString("<p>")
				w.inlines(p)
				w.backLinks(f)
				w.WriteString("</p>\n")
				continue
			}
			w.block(n)
		}
		if _, ok := last.(*ast.Paragraph); !ok {
			w.WriteString("<p>")
			w.backLinks(f)
			w.WriteString("</p>\n")
		}
		w.WriteString("</li>\n")
	}
	w.WriteString("</ol>\n</section>\n")
}

// backLinks writes the links from a footnote to its calls.
func (w *renderer) backLinks(f *footnote) {
	for use := 1; use <= f.uses; use++ {
		label := w.c.label("footnote.back", f.number)
		if use > 1 {
			label += "-" + strconv.Itoa(use)
		}
		w.WriteString(` <a class="footnote-backref" role="doc-backlink" href="#` + f.callAnchor(use) + `"`)
		w.attribute("aria-label", label)
		w.WriteString(">↩\ufe0e")
		if use > 1 {
			w.WriteString("<sup>" + strconv.Itoa(use) + "</sup>")
		}
		w.WriteString("</a>")
	}
}
