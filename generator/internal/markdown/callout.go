package markdown

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"

	"vigie/generator/internal/diag"
)

// callout is a quotation that starts with GitHub's marker, > [!NOTE]. Its first
// child is the title.
type callout struct {
	ast.BaseBlock
	kind string // one of calloutKinds
}

// calloutTitle is the rest of the marker's line; it may be empty.
type calloutTitle struct {
	ast.BaseBlock
	kind string // as written, in lower case
}

// calloutKinds are GitHub's.
var calloutKinds = []string{"note", "tip", "important", "warning", "caution"}

var (
	kindCallout      = ast.NewNodeKind("Callout")
	kindCalloutTitle = ast.NewNodeKind("CalloutTitle")
)

func (n *callout) Kind() ast.NodeKind                 { return kindCallout }
func (n *callout) Dump(source []byte, level int)      { ast.DumpHelper(n, source, level, nil, nil) }
func (n *calloutTitle) Kind() ast.NodeKind            { return kindCalloutTitle }
func (n *calloutTitle) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// calloutTransformer cuts the marker's line from the first paragraph of a
// quotation and makes a title of it.
type calloutTransformer struct{}

// Transform implements [parser.ParagraphTransformer].
func (calloutTransformer) Transform(n *ast.Paragraph, reader text.Reader, _ parser.Context) {
	quote, ok := n.Parent().(*ast.Blockquote)
	if !ok || quote.FirstChild() != ast.Node(n) {
		return
	}
	first := n.Lines().At(0)
	line := first.Value(reader.Source())
	marker, _, closed := bytes.Cut(line, []byte("]"))
	if !closed || !bytes.HasPrefix(marker, []byte("[!")) || len(marker) == 2 {
		return
	}
	for _, c := range marker[2:] {
		if ('a' > c || c > 'z') && ('A' > c || c > 'Z') && c != '-' {
			return
		}
	}
	title := &calloutTitle{kind: strings.ToLower(string(marker[2:]))}
	title.SetPos(first.Start)
	rest := text.NewSegment(first.Start+len(marker)+1, first.Stop)
	rest = rest.TrimLeftSpace(reader.Source())
	rest = rest.TrimRightSpace(reader.Source())
	if rest.Len() > 0 {
		title.Lines().Append(rest)
	}
	quote.InsertBefore(quote, n, title)
	n.Lines().SetSliced(1, n.Lines().Len())
	if n.Lines().Len() == 0 {
		quote.RemoveChild(quote, n)
	}
}

// callout puts a callout in the place of a quotation with a marker, and returns
// the node that stands there.
func (s *survey) callout(n *ast.Blockquote) ast.Node {
	title, ok := n.FirstChild().(*calloutTitle)
	if !ok {
		return n
	}
	c := &callout{kind: calloutKinds[0]}
	c.SetPos(n.Pos())
	if slices.Contains(calloutKinds, title.kind) {
		c.kind = title.kind
	} else {
		cure := "use NOTE, TIP, IMPORTANT, WARNING or CAUTION"
		if near := diag.Nearest(title.kind, calloutKinds); near != "" {
			cure = fmt.Sprintf("did you mean %q?", strings.ToUpper(near))
		}
		s.errorf(title.Pos(), len(title.kind)+3, "unknown-callout", "unknown callout %q", strings.ToUpper(title.kind)).
			suggest("%s", cure)
	}
	for child := n.FirstChild(); child != nil; child = n.FirstChild() {
		c.AppendChild(c, child)
	}
	n.Parent().ReplaceChild(n.Parent(), n, c)
	return c
}

// callout writes a callout. Its kind is told by its label too, whatever the title says.
func (w *renderer) callout(n *callout) {
	kind := w.c.label("callout." + n.kind)
	w.WriteString(`<aside class="callout callout-` + n.kind + `" role="note"`)
	w.attribute("aria-label", kind)
	w.WriteString(">\n<p class=\"callout-title\">")
	if title := n.FirstChild(); title.HasChildren() {
		w.unlinked(func() { w.inlines(title) })
	} else {
		w.text(kind)
	}
	w.WriteString("</p>\n")
	for child := n.FirstChild().NextSibling(); child != nil; child = child.NextSibling() {
		w.block(child)
	}
	w.WriteString("</aside>\n")
}
