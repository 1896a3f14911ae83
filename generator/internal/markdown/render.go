package markdown

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"

	"vigie/generator/internal/diag"
)

// renderer writes one document as HTML. It only reads the tree.
type renderer struct {
	bytes.Buffer
	c         *Converter
	d         *Document
	resolver  Resolver
	feed      bool
	diags     diag.List
	tables    int // so far, for their labels
	terms     TermLinks
	named     map[string]bool // targets of terms that the text has named
	plain     int             // over 0 where terms are left alone
	inHeading bool
	links     int                    // how many links are open
	marks     *Marks                 // nil for readers
	notes     map[ast.Node]diag.List // what to tell before which blocks
	failed    *diag.Diagnostic       // why the last reference leads nowhere
}

// Render returns the document as HTML and what is wrong with its references. A
// nil resolver leaves every address as it is written. The document is not
// changed: it may be rendered again, with other resolvers, and concurrently.
func (c *Converter) Render(d *Document, r Resolver) ([]byte, diag.List) {
	return c.render(d, &renderer{resolver: r})
}

// RenderFeed is Render for a reader outside the site: without ids, heading
// anchors, tabindex and links within the page; a citation leads to the
// publication itself. The resolver must give absolute URLs.
func (c *Converter) RenderFeed(d *Document, r Resolver) ([]byte, diag.List) {
	return c.render(d, &renderer{resolver: r, feed: true})
}

func (c *Converter) render(d *Document, w *renderer) ([]byte, diag.List) {
	if w.resolver == nil {
		w.resolver = identity{}
	}
	w.c, w.d = c, d
	w.Grow(len(d.text) + len(d.text)/2)
	w.blocks(d.root)
	w.footnotes()
	return w.Bytes(), w.diags.Sort()
}

// resolve asks the resolver about the reference of a link or image; false means
// there is none, or that it leads nowhere, which is then reported.
func (w *renderer) resolve(n ast.Node) (Resolution, bool) {
	index, ok := w.d.nodes[n]
	if !ok {
		w.failed = nil
		return Resolution{}, false
	}
	return w.answer(index)
}

func (w *renderer) answer(index int) (Resolution, bool) {
	w.failed = nil
	if index < 0 {
		return Resolution{}, false
	}
	res, problem := w.resolver.Resolve(w.d.refs[index])
	if problem != nil {
		if len(w.diags) >= maxFindings {
			return Resolution{}, false
		}
		w.diags = append(w.diags, w.d.diagnostic(w.d.refs[index], problem))
		w.failed = &w.diags[len(w.diags)-1]
		return Resolution{}, false
	}
	return res, true
}

// diagnostic returns a resolver's problem at the place of its reference.
func (d *Document) diagnostic(r Reference, p *Problem) diag.Diagnostic {
	found := d.src.Errorf(r.Offset, r.Length, p.Rule, "%s", p.Message)
	found.Severity, found.Suggestion = p.Severity, p.Suggestion
	return found
}

func (w *renderer) blocks(parent ast.Node) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		w.block(n)
	}
}

func (w *renderer) block(n ast.Node) {
	w.tell(n)
	switch n := n.(type) {
	case *ast.Paragraph:
		if !n.HasChildren() {
			return
		}
		w.WriteString("<p>")
		w.inlines(n)
		w.WriteString("</p>\n")
	case *ast.TextBlock:
		w.inlines(n)
		if n.NextSibling() != nil && n.HasChildren() {
			w.WriteByte('\n')
		}
	case *ast.Heading:
		w.inHeading = true
		w.unlinked(func() { w.heading(n) })
		w.inHeading = false
	case *ast.List:
		w.list(n)
	case *ast.ListItem:
		w.listItem(n)
	case *ast.Blockquote:
		w.unlinked(func() { w.element("blockquote", n) })
	case *callout:
		w.callout(n)
	case *quotation:
		w.unlinked(func() { w.quotation(n) })
	case *attribution: // not the quotation's last line
		w.WriteString("<p>")
		w.inlines(n)
		w.WriteString("</p>\n")
	case *figure:
		w.figure(n)
	case *blockID:
		w.blockID(n)
	case *ast.FencedCodeBlock:
		w.fencedCode(n)
	case *ast.CodeBlock:
		w.code("", n.Lines())
	case *ast.HTMLBlock:
		w.WriteString(w.d.html[n])
	case *ast.ThematicBreak:
		w.WriteString("<hr>\n")
	case *extast.Table:
		w.table(n)
	case *extast.DefinitionList:
		w.element("dl", n)
	case *extast.DefinitionTerm:
		w.WriteString("<dt>")
		w.unlinked(func() { w.inlines(n) })
		w.WriteString("</dt>\n")
	case *extast.DefinitionDescription:
		w.definition(n)
	}
}

// element writes blocks within an element.
func (w *renderer) element(tag string, n ast.Node) {
	w.WriteString("<" + tag + ">\n")
	w.blocks(n)
	w.WriteString("</" + tag + ">\n")
}

func (w *renderer) inlines(parent ast.Node) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		if l, ok := n.(*leaf); ok {
			n = w.leaves(l)
			continue
		}
		w.inline(n)
	}
}

// leaves writes a leaf and those that follow it, whose text is one, and returns the
// last.
func (w *renderer) leaves(l *leaf) ast.Node {
	value := l.value
	for !l.hard {
		next, ok := l.NextSibling().(*leaf)
		if !ok {
			break
		}
		value += next.value
		l = next
	}
	if l.hard {
		value = strings.TrimSuffix(value, "\n")
	}
	w.prose(value)
	if l.hard {
		w.WriteString("<br>\n")
	}
	return l
}

func (w *renderer) inline(n ast.Node) {
	switch n := n.(type) {
	case *ast.Emphasis:
		tag := "em"
		if n.Level == 2 {
			tag = "strong"
		}
		w.span(tag, n)
	case *extast.Strikethrough:
		w.span("del", n)
	case *ast.CodeSpan:
		w.WriteString("<code>")
		w.text(codeText(n, w.d.text))
		w.WriteString("</code>")
	case *ast.Link:
		w.unlinked(func() { w.link(n) })
	case *ast.AutoLink:
		w.autoLink(n)
	case *ast.Image:
		w.image(n, false)
	case *highlight:
		w.span("mark", n)
	case *embed:
		w.embed(n)
	case *wikiLink:
		w.unlinked(func() { w.wikiLink(n) })
	case *citations:
		w.citations(n)
	case *fact:
		w.fact(n)
	case *footnoteRef:
		w.footnoteRef(n)
	case *ast.RawHTML:
		w.WriteString(w.d.html[n])
	case *ast.String:
		w.text(string(n.Value))
	}
}

func (w *renderer) span(tag string, n ast.Node) {
	w.WriteString("<" + tag + ">")
	w.inlines(n)
	w.WriteString("</" + tag + ">")
}

// text writes text, escaped for elements and for attributes in double quotes, without
// control characters.
func (w *renderer) text(s string) {
	from := 0
	for i := 0; i < len(s); i++ {
		entity, n := "", 1
		switch s[i] {
		case '&':
			entity = "&amp;"
		case '<':
			entity = "&lt;"
		case '>':
			entity = "&gt;"
		case '"':
			entity = "&quot;"
		default:
			if n = controlAt(s, i); n == 0 {
				continue
			}
		}
		w.WriteString(s[from:i])
		w.WriteString(entity)
		from = i + n
		i = from - 1
	}
	w.WriteString(s[from:])
}

// attribute writes an attribute unless its value is empty.
func (w *renderer) attribute(name, value string) {
	if value == "" {
		return
	}
	w.WriteByte(' ')
	w.WriteString(name)
	w.WriteString(`="`)
	w.text(value)
	w.WriteByte('"')
}
