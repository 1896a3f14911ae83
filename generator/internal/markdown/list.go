package markdown

import (
	"strconv"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
)

// list writes a list; one that holds tasks has the class "tasks".
func (w *renderer) list(n *ast.List) {
	tag := "ul"
	if n.IsOrdered() {
		tag = "ol"
	}
	w.WriteString("<" + tag)
	if n.IsOrdered() && n.Start != 1 {
		w.WriteString(` start="` + strconv.Itoa(n.Start) + `"`)
	}
	for item := n.FirstChild(); item != nil; item = item.NextSibling() {
		if taskOf(item) != nil {
			w.WriteString(` class="tasks"`)
			break
		}
	}
	w.WriteString(">\n")
	w.blocks(n)
	w.WriteString("</" + tag + ">\n")
}

func (w *renderer) listItem(n *ast.ListItem) {
	w.WriteString("<li>")
	if first := n.FirstChild(); first != nil {
		task := taskOf(n)
		if _, tight := first.(*ast.TextBlock); !tight {
			w.WriteByte('\n')
		}
		if task != nil {
			w.task(n, task)
		} else {
			w.blocks(n)
		}
	}
	w.WriteString("</li>\n")
}

// taskOf returns the check box a list item starts with, or nil.
func taskOf(item ast.Node) *extast.TaskCheckBox {
	if first := item.FirstChild(); first != nil {
		box, _ := first.FirstChild().(*extast.TaskCheckBox)
		return box
	}
	return nil
}

// task writes a list item that starts with a check box. Nobody can change the
// box, so that it is written as an image of itself with its state in words, which
// unlike a disabled control is read by all assistive technology.
func (w *renderer) task(item *ast.ListItem, box *extast.TaskCheckBox) {
	label, class, sign := w.c.label("task.open"), "task task-open", "☐"
	if box.IsChecked {
		label, class, sign = w.c.label("task.done"), "task task-done", "☑"
	}
	for n := item.FirstChild(); n != nil; n = n.NextSibling() {
		if n != item.FirstChild() {
			w.block(n)
			continue
		}
		_, loose := n.(*ast.Paragraph)
		if loose {
			w.WriteString("<p>")
		}
		w.WriteString(`<span class="` + class + `" role="img"`)
		w.attribute("aria-label", label)
		w.WriteString(">" + sign + "</span> ")
		w.inlines(n)
		switch {
		case loose:
			w.WriteString("</p>\n")
		case n.NextSibling() != nil:
			w.WriteByte('\n')
		}
	}
}
