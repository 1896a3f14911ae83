package markdown

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"
)

// In the text given to [typeset], what is not text but stands among it.
const (
	breakRune  = '\u2028' // a hard line break
	keptRune   = '\x01'   // a sign that the author escaped: typography keeps off
	objectRune = '\ufffc' // code, an image, a bare URL: reads as a word
	noteRune   = '\ufffb' // a footnote's or citation's number: stands behind a word
)

// leaf is a stretch of text as readers see it: escapes and entities resolved,
// typography set. It takes the place of goldmark's Text in the tree.
type leaf struct {
	ast.BaseInline
	value string
	hard  bool // ends with a hard line break
}

var kindLeaf = ast.NewNodeKind("VigieText")

func (n *leaf) Kind() ast.NodeKind            { return kindLeaf }
func (n *leaf) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// prose is the text of one block, across its inline nodes, on its way from the
// author to the reader. The zero value is ready; reset it for every block.
type prose struct {
	flat []byte
	runs []run
	odd  bool // the text may hold control characters beyond ASCII
}

// run is a part of flat: text of a leaf or, where it has a text of its own to
// show, the mark of something else.
type run struct {
	leaf       *leaf // nil for an object, which is shown in plain text alone
	start, end int
	mark       bool
	shown      string // in the place of the mark; "" for a number behind a word
}

func (p *prose) reset() { p.flat, p.runs = p.flat[:0], p.runs[:0] }

func (p *prose) add(l *leaf, text []byte) {
	if len(text) == 0 {
		return
	}
	if p.odd {
		text = []byte(withoutControls(string(text)))
	}
	start := len(p.flat)
	p.flat = append(p.flat, text...)
	p.runs = append(p.runs, run{leaf: l, start: start, end: len(p.flat)})
}

func (p *prose) addMark(l *leaf, mark rune, shown string) {
	start := len(p.flat)
	p.flat = utf8.AppendRune(p.flat, mark)
	p.runs = append(p.runs, run{leaf: l, start: start, end: len(p.flat), mark: true, shown: shown})
}

// addKept adds text that the author escaped. Only signs that typography would
// touch are kept from it.
func (p *prose) addKept(l *leaf, text []byte) {
	if len(text) == 1 && bytes.IndexByte([]byte(`"'.-:;!?`), text[0]) >= 0 {
		p.addMark(l, keptRune, string(text))
		return
	}
	p.add(l, text)
}

// addObject adds something that reads as a word, whose plain text is text.
func (p *prose) addObject(text string) {
	p.addMark(nil, objectRune, withoutControls(text))
}

// addName adds the name of the page that a reference leads to.
func (p *prose) addName(ref int) { p.addMark(nil, objectRune, nameMark(ref)) }

// addNote adds a number that stands behind a word.
func (p *prose) addNote() { p.addMark(nil, noteRune, "") }

// addText puts a leaf in the place of n.
func (p *prose) addText(parent ast.Node, n *ast.Text, source []byte) {
	l := &leaf{hard: n.HardLineBreak()}
	l.SetPos(n.Segment.Start)
	parent.ReplaceChild(parent, n, l)
	p.addEscaped(l, n.Segment.Value(source))
	switch {
	case l.hard:
		p.addMark(l, breakRune, "\n")
	case n.SoftLineBreak() && joinsWord(n.Segment.Value(source), source[min(lineEnd(source, n.Segment.Stop)+1, len(source)):]):
	case n.SoftLineBreak():
		p.add(l, []byte("\n"))
	}
}

// special are the bytes that stand for something else in Markdown text, or for
// nothing: control characters, some of which mark places here.
const special = "\\&" + controls

// addEscaped adds Markdown text to l, its escapes and entities resolved.
func (p *prose) addEscaped(l *leaf, text []byte) {
	for {
		i := bytes.IndexAny(text, special)
		if i < 0 {
			p.add(l, text)
			return
		}
		p.add(l, text[:i])
		text = text[i:]
		switch {
		case text[0] < ' ' || text[0] == 0x7f:
			text = text[1:]
		case text[0] == '\\' && len(text) > 1 && util.IsPunct(text[1]):
			p.addKept(l, text[1:2])
			text = text[2:]
		default:
			if end := bytes.IndexByte(text[:min(len(text), 40)], ';'); text[0] == '&' && end > 0 {
				if value := resolveEntities(text[:end+1]); !bytes.Equal(value, text[:end+1]) {
					if zero := len(bytes.Trim(text[:end+1], "&#xX0;")) == 0; !zero {
						p.addKept(l, []byte(withoutControls(string(value))))
					}
					text = text[end+1:]
					continue
				}
			}
			p.add(l, text[:1])
			text = text[1:]
		}
	}
}

func resolveEntities(text []byte) []byte {
	return util.ResolveEntityNames(util.ResolveNumericReferences(text))
}

// unescape returns the text that Markdown means: escapes and entities resolved.
func unescape(text []byte) string {
	if !bytes.ContainsAny(text, special) {
		return withoutControls(string(text))
	}
	p := prose{odd: true}
	p.addEscaped(nil, text)
	var b strings.Builder
	for _, r := range p.runs {
		if r.mark {
			b.WriteString(r.shown)
		} else {
			b.Write(p.flat[r.start:r.end])
		}
	}
	return b.String()
}

// since returns the plain text of the runs from index from on, as it is before
// typography.
func (p *prose) since(from int) string {
	var b strings.Builder
	for _, r := range p.runs[from:] {
		if r.mark {
			b.WriteString(r.shown)
		} else {
			b.Write(p.flat[r.start:r.end])
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// set gives the leaves their text with the typography of lang, and returns the
// plain text of the whole, objects included, on one line.
func (p *prose) set(lang string) string {
	flat := string(p.flat)
	edits := typeset(lang, flat)
	var out strings.Builder
	out.Grow(len(flat) + 3*len(edits))
	plain := make([]byte, 0, len(flat)+3*len(edits))
	var current *leaf
	begin, skip := 0, 0
	finish := func() {
		if current != nil {
			current.value = out.String()[begin:]
		}
		begin = out.Len()
	}
	for i, r := range p.runs {
		if r.leaf != current {
			finish()
			current = r.leaf
		}
		if r.mark {
			if r.leaf != nil {
				out.WriteString(r.shown)
			} else if r.shown == "" {
				plain = bytes.TrimRight(plain, " \n"+nbsp+nnbsp)
			}
			plain = append(plain, r.shown...)
			continue
		}
		from := out.Len()
		pos := min(max(r.start, skip), r.end)
		for len(edits) > 0 && edits[0].start < r.start { // within a mark
			edits = edits[1:]
		}
		// What is put in before a mark goes to the text before it.
		last := i+1 < len(p.runs) && p.runs[i+1].mark
		for len(edits) > 0 && (edits[0].start < r.end || last && edits[0].end == r.end) {
			e := edits[0]
			edits = edits[1:]
			out.WriteString(flat[pos:e.start])
			out.WriteString(e.text)
			pos, skip = min(e.end, r.end), e.end
		}
		out.WriteString(flat[pos:r.end])
		plain = append(plain, out.String()[from:]...)
	}
	finish()
	return oneLine(string(plain))
}

// codeText returns the text of a code span, line ends as spaces.
func codeText(n *ast.CodeSpan, source []byte) string {
	var b strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok {
			value := t.Segment.Value(source)
			if bytes.HasSuffix(value, []byte("\n")) {
				b.Write(bytes.TrimSuffix(value[:len(value)-1], []byte("\r")))
				b.WriteByte(' ')
			} else {
				b.Write(value)
			}
		}
	}
	return b.String()
}
