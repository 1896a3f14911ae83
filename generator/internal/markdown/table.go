package markdown

import (
	"strconv"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
)

// table writes a GFM table in a box that scrolls alone and takes the focus, so
// that it can be scrolled with the keyboard. Columns are aligned by classes: the
// Content-Security-Policy forbids style attributes, and HTML the align attribute.
func (w *renderer) table(n *extast.Table) {
	if !w.feed {
		w.tables++
		label := w.c.label("table.scroll")
		if w.tables > 1 { // landmarks need names of their own
			label += " " + strconv.Itoa(w.tables)
		}
		w.WriteString(`<div class="table-scroll" role="region" tabindex="0"`)
		w.attribute("aria-label", label)
		w.WriteString(">\n")
	}
	w.WriteString("<table>\n")
	body := false
	for row := n.FirstChild(); row != nil; row = row.NextSibling() {
		if _, ok := row.(*extast.TableHeader); ok {
			w.WriteString("<thead>\n")
			w.row(row, "th")
			w.WriteString("</thead>\n")
			continue
		}
		if !body {
			w.WriteString("<tbody>\n")
			body = true
		}
		w.row(row, "td")
	}
	if body {
		w.WriteString("</tbody>\n")
	}
	w.WriteString("</table>\n")
	if !w.feed {
		w.WriteString("</div>\n")
	}
}

func (w *renderer) row(row ast.Node, tag string) {
	w.WriteString("<tr>\n")
	for c := row.FirstChild(); c != nil; c = c.NextSibling() {
		cell, ok := c.(*extast.TableCell)
		if !ok {
			continue
		}
		name := tag
		if tag == "th" && !cell.HasChildren() {
			name = "td" // an empty corner heads nothing
		}
		w.WriteString("<" + name)
		if name == "th" {
			w.WriteString(` scope="col"`)
		}
		if cell.Alignment != extast.AlignNone && !w.feed {
			w.WriteString(` class="align-` + cell.Alignment.String() + `"`)
		}
		w.WriteByte('>')
		if tag == "th" {
			w.unlinked(func() { w.inlines(cell) })
		} else {
			w.inlines(cell)
		}
		w.WriteString("</" + name + ">\n")
	}
	w.WriteString("</tr>\n")
}
