package markdown

import (
	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
)

// definition writes one definition of a term. A text that follows its term
// without a blank line needs no paragraph of its own, unless there are several.
func (w *renderer) definition(n *extast.DefinitionDescription) {
	texts := 0
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if isText(c) {
			texts++
		}
	}
	tight := n.IsTight && texts < 2
	w.WriteString("<dd>")
	if !tight {
		w.WriteByte('\n')
	}
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch {
		case !isText(c):
			w.block(c)
		case tight:
			w.inlines(c)
			if c.NextSibling() != nil {
				w.WriteByte('\n')
			}
		default:
			w.WriteString("<p>")
			w.inlines(c)
			w.WriteString("</p>\n")
		}
	}
	w.WriteString("</dd>\n")
}

// isText reports whether n is a paragraph, or text that goes without its element.
func isText(n ast.Node) bool {
	return n.Kind() == ast.KindParagraph || n.Kind() == ast.KindTextBlock
}
