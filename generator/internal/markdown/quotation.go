package markdown

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// quotation is a quotation whose last line says whose words it has:
//
//	> The words.
//	> — Name, role, date [@source]
//
// Its last child is that line.
type quotation struct{ ast.BaseBlock }

// attribution is a line that starts with a dash, the last of a paragraph in a
// quotation.
type attribution struct{ ast.BaseBlock }

var (
	kindQuotation   = ast.NewNodeKind("Quotation")
	kindAttribution = ast.NewNodeKind("Attribution")
)

func (n *quotation) Kind() ast.NodeKind              { return kindQuotation }
func (n *quotation) Dump(source []byte, level int)   { ast.DumpHelper(n, source, level, nil, nil) }
func (n *attribution) Kind() ast.NodeKind            { return kindAttribution }
func (n *attribution) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// Quotation is what somebody said, in a document.
type Quotation struct {
	Text string // plain, one paragraph a line
	// By is the last line without its dash: "Jean Coumaros, president, March 2025".
	// What stands before its first comma is taken for a name.
	By      string
	Sources []string // ids of what By cites
	Offset  int      // of By's line in the file
}

// Name returns who speaks.
func (q Quotation) Name() string {
	name, _, _ := strings.Cut(q.By, ",")
	return strings.TrimSpace(name)
}

// Quotations returns the quotations that say whose words they are, in order.
func (d *Document) Quotations() []Quotation {
	list := make([]Quotation, len(d.quotations))
	for i, q := range d.quotations {
		list[i] = q
		list[i].Text = fillNames(q.Text, d.refs, d.nameOf)
		list[i].By = fillNames(q.By, d.refs, d.nameOf)
	}
	return list
}

// attributionTransformer cuts the last line from a quotation's paragraph where it
// starts with a dash.
type attributionTransformer struct{}

// Transform implements [parser.ParagraphTransformer].
func (attributionTransformer) Transform(n *ast.Paragraph, reader text.Reader, _ parser.Context) {
	quote, ok := n.Parent().(*ast.Blockquote)
	if !ok || n.Lines().Len() == 0 {
		return
	}
	last := n.Lines().Len() - 1
	segment := n.Lines().At(last)
	segment = segment.TrimLeftSpace(reader.Source())
	segment = segment.TrimRightSpace(reader.Source())
	line := segment.Value(reader.Source())
	rest, isDash := bytes.CutPrefix(line, []byte("— "))
	if !isDash || len(rest) == 0 {
		return
	}
	a := &attribution{}
	a.SetPos(segment.Start)
	a.Lines().Append(segment)
	quote.InsertAfter(quote, n, a)
	n.Lines().SetSliced(0, last)
	if last == 0 {
		quote.RemoveChild(quote, n)
		return
	}
	segment = n.Lines().At(last - 1)
	n.Lines().Set(last-1, segment.TrimRightSpace(reader.Source()))
}

// quotation walks a quotation. One that says whose words it has becomes a node of
// its own, and what it says is noted.
func (s *survey) quotation(block *ast.Blockquote) {
	if _, ok := block.LastChild().(*attribution); !ok || block.LastChild().PreviousSibling() == nil {
		s.blocks(block)
		return
	}
	n := &quotation{}
	n.SetPos(block.Pos())
	for child := block.FirstChild(); child != nil; child = block.FirstChild() {
		n.AppendChild(n, child)
	}
	block.Parent().ReplaceChild(block.Parent(), block, n)
	outer := s.openScope()
	defer s.closeScope(n, outer)
	from := s.plain.b.Len()
	for child := n.FirstChild(); child != n.LastChild(); {
		next := child.NextSibling()
		s.block(child)
		child = next
	}
	said := Quotation{Text: strings.TrimSuffix(s.plain.b.String()[from:], "\n")}
	refs := len(s.d.refs)
	said.Offset = s.d.place(n.LastChild().Pos())
	said.By = strings.TrimPrefix(s.inlines(n.LastChild(), false), "— ")
	for _, r := range s.d.refs[refs:] {
		if r.Kind == KindCitation {
			said.Sources = append(said.Sources, r.Target)
		}
	}
	s.d.quotations = append(s.d.quotations, said)
}

// quotation writes a quotation as a figure, whose caption names the speaker.
func (w *renderer) quotation(n *quotation) {
	w.WriteString("<figure")
	if !w.feed {
		w.WriteString(` class="quotation"`)
	}
	w.WriteString("><blockquote>\n")
	for child := n.FirstChild(); child != n.LastChild(); child = child.NextSibling() {
		w.block(child)
	}
	w.tell(n.LastChild())
	w.WriteString("</blockquote>\n<figcaption>")
	w.inlines(n.LastChild())
	w.WriteString("</figcaption></figure>\n")
}
