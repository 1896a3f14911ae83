package markdown

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"

	"vigie/generator/internal/diag"
)

// callout is a quotation that starts with GitHub's marker, > [!NOTE], or Obsidian's,
// > [!faq]- Title. Its first child is the title.
type callout struct {
	ast.BaseBlock
	kind  string // one of calloutKinds: how it looks
	label string // what it is, for readers
	fold  fold
}

// fold says whether a callout can be folded up.
type fold int

const (
	unfoldable fold = iota
	open            // [!NOTE]+
	folded          // [!NOTE]-
)

// Callout is a type of callouts that a site declares.
type Callout struct {
	Title string // what readers are told that it is
	Like  string // the type that it looks like; "" for note
}

// calloutTitle is the rest of the marker's line; it may be empty.
type calloutTitle struct {
	ast.BaseBlock
	kind string // as written, in lower case
	fold fold
	meta [2]int // where Obsidian's metadata is written, with its bar; equal without
}

// calloutKinds are GitHub's.
var calloutKinds = []string{"note", "tip", "important", "warning", "caution"}

// calloutTypes are the types of Obsidian beside those: which of ours each looks like,
// and the key of its name.
var calloutTypes = map[string]struct{ kind, label string }{
	"abstract": {"note", "abstract"}, "summary": {"note", "abstract"}, "tldr": {"note", "abstract"},
	"info": {"note", "info"}, "todo": {"note", "todo"},
	"hint":    {"tip", "tip"},
	"success": {"tip", "success"}, "check": {"tip", "success"}, "done": {"tip", "success"},
	"question": {"note", "question"}, "help": {"note", "question"}, "faq": {"note", "question"},
	"attention": {"warning", "warning"},
	"failure":   {"caution", "failure"}, "fail": {"caution", "failure"}, "missing": {"caution", "failure"},
	"danger": {"caution", "danger"}, "error": {"caution", "error"}, "bug": {"caution", "bug"},
	"example": {"note", "example"}, "quote": {"note", "quote"}, "cite": {"note", "quote"},
}

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
	marker, after, closed := bytes.Cut(line, []byte("]"))
	if !closed || !bytes.HasPrefix(marker, []byte("[!")) {
		return
	}
	name, _, _ := bytes.Cut(marker[2:], []byte("|")) // Obsidian's metadata is for its style sheets
	name = bytes.TrimSpace(name)
	if len(name) == 0 || bytes.ContainsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' && r != '_' }) {
		return
	}
	title := &calloutTitle{kind: strings.ToLower(string(name))}
	if bar := bytes.IndexByte(marker, '|'); bar > 0 {
		title.meta = [2]int{first.Start + bar, first.Start + len(marker)}
	}
	title.SetPos(first.Start)
	behind := first.Start + len(marker) + 1
	switch {
	case bytes.HasPrefix(after, []byte("-")):
		title.fold = folded
		behind++
	case bytes.HasPrefix(after, []byte("+")):
		title.fold = open
		behind++
	}
	rest := text.NewSegment(behind, first.Stop)
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
	c := &callout{fold: title.fold}
	s.drop(title.meta[0], title.meta[1], "")
	c.SetPos(n.Pos())
	known := false
	if c.kind, c.label, known = s.c.callout(title.kind); !known {
		names := slices.Concat(calloutKinds, slices.Sorted(maps.Keys(calloutTypes)), slices.Sorted(maps.Keys(s.c.options.Callouts)))
		cure := fmt.Sprintf("use NOTE, TIP, IMPORTANT, WARNING or CAUTION, or declare [markdown.callouts.%s] in config.toml", title.kind)
		if near := diag.Nearest(title.kind, names); near != "" {
			cure = fmt.Sprintf("did you mean %q?", strings.ToUpper(near))
		}
		f := s.errorf(title.Pos(), len(title.kind)+3, "unknown-callout", "unknown callout %q", strings.ToUpper(title.kind)).
			suggest("%s", cure)
		if s.c.options.Foreign {
			f.warning()
		}
	}
	for child := n.FirstChild(); child != nil; child = n.FirstChild() {
		c.AppendChild(c, child)
	}
	n.Parent().ReplaceChild(n.Parent(), n, c)
	return c
}

// callout returns how callouts of a type look and what they are called. One of a type
// that nobody declared is a note with the name of its type.
func (c *Converter) callout(name string) (kind, label string, known bool) {
	if own, ok := c.options.Callouts[name]; ok {
		kind, _, _ = c.callout(firstOf(own.Like, calloutKinds[0]))
		return kind, own.Title, true
	}
	if slices.Contains(calloutKinds, name) {
		return name, c.label("callout." + name), true
	}
	if t, ok := calloutTypes[name]; ok {
		return t.kind, c.label("callout." + t.label), true
	}
	first, size := utf8.DecodeRuneInString(name)
	return calloutKinds[0], string(unicode.ToUpper(first)) + name[size:], false
}

// callout writes a callout. Its type is told by its label too, whatever the title says.
// One that can be folded is open for readers outside the site.
func (w *renderer) callout(n *callout) {
	title := n.FirstChild()
	foldable := n.fold != unfoldable && !w.feed && title.NextSibling() != nil
	element, line := "aside", "p"
	if foldable {
		element, line = "details", "summary"
	}
	w.WriteString(`<` + element + ` class="callout callout-` + n.kind + `"`)
	if !foldable {
		w.WriteString(` role="note"`)
	}
	w.attribute("aria-label", n.label)
	if foldable && n.fold == open {
		w.WriteString(" open")
	}
	w.WriteString(">\n<" + line + " class=\"callout-title\">")
	if title.HasChildren() {
		w.unlinked(func() { w.inlines(title) })
	} else {
		w.text(n.label)
	}
	w.WriteString("</" + line + ">\n")
	for child := title.NextSibling(); child != nil; child = child.NextSibling() {
		w.block(child)
	}
	w.WriteString("</" + element + ">\n")
}
