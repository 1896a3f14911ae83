package markdown

import (
	"slices"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"

	"vigie/generator/internal/diag"
)

// Marks says how a rendering for editors shows where it is wrong. What readers get
// never has any.
type Marks struct {
	// Broken returns the start tag of a mark element around the text of a reference
	// that leads nowhere. plain says that it stands within a link, where nothing else
	// may be pressed.
	Broken func(d diag.Diagnostic, plain bool) string
	// Note returns an element of its own, to stand before the block that a problem of
	// parsing was found in.
	Note func(d diag.Diagnostic) string
}

// RenderMarked is RenderTerms with marks where something is an error: at references,
// and before the blocks that the problems found by parsing the document stand in.
func (c *Converter) RenderMarked(d *Document, r Resolver, links TermLinks, marks Marks, parsing diag.List) ([]byte, diag.List) {
	return c.render(d, &renderer{resolver: r, terms: links, named: map[string]bool{}, marks: &marks, notes: d.notesBefore(parsing)})
}

// notesBefore finds the blocks before which problems are to be told: each the last
// that begins before the problem.
func (d *Document) notesBefore(list diag.List) map[ast.Node]diag.List {
	type start struct {
		offset int
		block  ast.Node
	}
	var starts []start
	find := func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n.(type) {
		case *ast.Paragraph, *ast.TextBlock, *ast.Heading, *ast.FencedCodeBlock, *ast.CodeBlock, *ast.HTMLBlock, *extast.Table, *callout, *figure, *attribution:
			starts = append(starts, start{blockStart(n), n})
			switch n.(type) {
			case *callout: // has blocks of its own
			default:
				return ast.WalkSkipChildren, nil
			}
		}
		return ast.WalkContinue, nil
	}
	_ = ast.Walk(d.root, find) // find never fails
	for _, note := range d.notes {
		_ = ast.Walk(note.node, find)
	}
	slices.SortStableFunc(starts, func(a, b start) int { return a.offset - b.offset })
	notes := map[ast.Node]diag.List{}
	for _, p := range list {
		at := d.within(d.src.Offset(p.Line, p.Col))
		i, _ := slices.BinarySearchFunc(starts, at+1, func(s start, at int) int { return s.offset - at })
		if p.Severity == diag.Error && len(starts) > 0 {
			block := starts[max(i-1, 0)].block
			notes[block] = append(notes[block], p)
		}
	}
	return notes
}

// blockStart is where a block begins in the body.
func blockStart(n ast.Node) int {
	if n.Lines() != nil && n.Lines().Len() > 0 {
		return n.Lines().At(0).Start
	}
	return max(n.Pos(), 0)
}

// tell writes the notes that stand before a block.
func (w *renderer) tell(n ast.Node) {
	for _, p := range w.notes[n] {
		w.WriteString(w.marks.Note(p))
	}
}

// broken writes the text of a reference that leads nowhere.
func (w *renderer) broken(text func()) {
	failed := w.failed
	w.failed = nil
	switch {
	case w.feed:
		text()
	case w.marks != nil && failed != nil && failed.Severity == diag.Error:
		w.WriteString(w.marks.Broken(*failed, w.links > 0))
		before := w.Len()
		if text(); w.Len() == before { // an image without alternative text
			w.text("?")
		}
		w.WriteString("</mark>")
	default:
		w.WriteString(`<span class="broken-link">`)
		text()
		w.WriteString("</span>")
	}
}
