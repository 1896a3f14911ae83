package markdown

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// figure is an image, or a link around one, alone in its paragraph and with a
// title. Its children are the image or link and, as a text block, the caption.
type figure struct{ ast.BaseBlock }

var kindFigure = ast.NewNodeKind("Figure")

func (n *figure) Kind() ast.NodeKind            { return kindFigure }
func (n *figure) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// figure puts a figure in the place of p and reads it, if p is to be one.
func (s *survey) figure(p *ast.Paragraph) bool {
	content := p.FirstChild()
	if content == nil || content.NextSibling() != nil {
		return false
	}
	img, ok := content.(*ast.Image)
	if link, isLink := content.(*ast.Link); isLink && link.ChildCount() == 1 {
		img, ok = link.FirstChild().(*ast.Image)
	}
	if !ok || len(img.Title) == 0 {
		return false
	}
	f := &figure{}
	f.SetPos(p.Pos())
	f.AppendChild(f, content)
	p.Parent().ReplaceChild(p.Parent(), p, f)
	s.prose.reset()
	if link, isLink := content.(*ast.Link); isLink {
		s.link(link)
	} else {
		s.registerImage(img)
	}
	caption := s.caption(img)
	f.AppendChild(f, caption)
	s.inlines(caption, false)
	return true
}

// caption parses an image's title as the text it is to be below it: with
// emphasis, links and citations.
func (s *survey) caption(img *ast.Image) ast.Node {
	start, end := img.Pos(), s.ends[img]
	if img.Reference != nil { // its title stands with its definition
		start, end = 0, len(s.d.text)
	}
	if i := bytes.LastIndex(s.d.text[start:end], img.Title); i >= 0 {
		from, to := start+i, start+i+len(img.Title)
		// The body up to the title's end, read from the title on, gives true positions.
		reader := text.NewReader(s.d.text[:to])
		lineEnd := to
		if i := bytes.IndexByte(s.d.text[from:to], '\n'); i >= 0 {
			lineEnd = from + i + 1
		}
		reader.SetPosition(0, text.NewSegment(from, lineEnd))
		root := s.c.parser.Parse(reader, parser.WithContext(s.context))
		if p, ok := root.FirstChild().(*ast.Paragraph); ok && p.NextSibling() == nil {
			block := ast.NewTextBlock()
			for n := p.FirstChild(); n != nil; n = p.FirstChild() {
				block.AppendChild(block, n)
			}
			return block
		}
	}
	block := ast.NewTextBlock()
	l := ast.NewString(img.Title)
	block.AppendChild(block, l)
	return block
}

func (w *renderer) figure(n *figure) {
	w.WriteString("<figure>\n")
	if link, ok := n.FirstChild().(*ast.Link); ok {
		res, ok := w.resolve(link)
		image := func() { w.image(link.FirstChild().(*ast.Image), true) }
		switch {
		case ok:
			w.openLink(res, "", false)
			w.links++
			image()
			w.links--
			w.WriteString("</a>")
		case w.marks != nil:
			w.broken(image)
		default:
			image()
		}
	} else {
		w.image(n.FirstChild().(*ast.Image), true)
	}
	w.WriteString("\n<figcaption>")
	w.inlines(n.LastChild())
	w.WriteString("</figcaption>\n</figure>\n")
}
