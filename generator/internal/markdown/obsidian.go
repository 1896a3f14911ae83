package markdown

import (
	"bytes"
	"path"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// highlight is ==text==, as Obsidian and others have it.
type highlight struct{ ast.BaseInline }

var kindHighlight = ast.NewNodeKind("Highlight")

func (n *highlight) Kind() ast.NodeKind            { return kindHighlight }
func (n *highlight) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

type highlightDelimiters struct{}

func (highlightDelimiters) IsDelimiter(b byte) bool { return b == '=' }

func (highlightDelimiters) CanOpenCloser(opener, closer *parser.Delimiter) bool {
	return opener.Char == closer.Char && opener.Length == closer.Length
}

func (highlightDelimiters) OnMatch(int) ast.Node { return &highlight{} }

// highlightParser parses the two signs around what is highlighted. Between letters they
// are text, as in a==b.
type highlightParser struct{}

// Trigger implements [parser.InlineParser].
func (highlightParser) Trigger() []byte { return []byte{'='} }

// Parse implements [parser.InlineParser].
func (highlightParser) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	before := block.PrecendingCharacter()
	line, segment := block.PeekLine()
	node := parser.ScanDelimiter(line, before, 2, highlightDelimiters{})
	if node == nil || node.OriginalLength != 2 || before == '=' {
		return nil
	}
	after, _ := utf8.DecodeRune(line[2:])
	node.CanOpen = node.CanOpen && !isWordRune(before)
	node.CanClose = node.CanClose && !isWordRune(after)
	node.Segment = segment.WithStop(segment.Start + 2)
	block.Advance(2)
	pc.PushDelimiter(node)
	return node
}

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// blockID is an anchor that Obsidian's ^id gives a block: at the start of the block, or
// before it where the id stands below it.
type blockID struct {
	ast.BaseBlock
	id string
}

var kindBlockID = ast.NewNodeKind("BlockID")

func (n *blockID) Kind() ast.NodeKind            { return kindBlockID }
func (n *blockID) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// blockMark is an id at the end of a block. One of digits alone is long enough not to be
// a power or the number of a note.
var blockMark = regexp.MustCompile(`(?:^|[ \t])\^([A-Za-z0-9-]*[A-Za-z][A-Za-z0-9-]*|[0-9-]{4,})[ \t]*\r?\n?$`)

// blockMark takes the ^id at the end of a block out of its text, and makes an anchor of
// it. It reports whether nothing else stood there; the block is then taken out.
func (s *survey) blockMark(n ast.Node) bool {
	last, ok := n.LastChild().(*ast.Text)
	if !ok {
		return false
	}
	// The parser cuts text into pieces where a sign could have meant something.
	start, stop := last.Segment.Start, last.Segment.Stop
	first := ast.Node(last)
	for p := last.PreviousSibling(); p != nil; p = p.PreviousSibling() {
		t, ok := p.(*ast.Text)
		if !ok || t.Segment.Stop != start || t.SoftLineBreak() || t.HardLineBreak() {
			break
		}
		start, first = t.Segment.Start, p
	}
	line := s.d.text[start:stop]
	if p := first.PreviousSibling(); p != nil {
		if t, ok := p.(*ast.Text); !ok || !t.SoftLineBreak() && !t.HardLineBreak() {
			if !bytes.HasPrefix(line, []byte(" ")) && !bytes.HasPrefix(line, []byte("\t")) && !bytes.ContainsAny(line, " \t") {
				return false // the id touches what stands before it
			}
		}
	}
	found := blockMark.FindSubmatchIndex(line)
	if found == nil {
		return false
	}
	id := "^" + string(line[found[2]:found[3]])
	at := start + found[0]
	s.drop(at, stop, "")
	for child := ast.Node(last); child != nil; {
		previous := child.PreviousSibling()
		t, ok := child.(*ast.Text)
		if !ok || t.Segment.Stop <= at {
			if ok && child != ast.Node(last) && t.Segment.Stop == at {
				t.SetSoftLineBreak(false)
			}
			break
		}
		if t.Segment.Start >= at {
			n.RemoveChild(n, child)
		} else {
			t.Segment = t.Segment.WithStop(at)
			t.SetSoftLineBreak(false)
			t.SetHardLineBreak(false)
		}
		child = previous
	}
	alone := !n.HasChildren()
	if t, ok := n.LastChild().(*ast.Text); ok {
		t.SetSoftLineBreak(false)
		t.SetHardLineBreak(false)
	}
	if s.d.anchors[id] {
		s.errorf(start+found[2]-1, len(id), "duplicate-id", "block %s is there twice", id).suggest("give one of them another name")
		return alone
	}
	s.d.anchors[id] = true
	anchor := &blockID{id: id}
	anchor.SetPos(at)
	parent, before := n.Parent(), ast.Node(n)
	if previous := n.PreviousSibling(); alone && previous != nil {
		before = previous
	}
	parent.InsertBefore(parent, before, anchor)
	return alone
}

func (w *renderer) blockID(n *blockID) {
	if w.feed {
		return
	}
	w.WriteString(`<span class="block-id"`)
	w.attribute("id", n.id)
	w.WriteString("></span>")
}

// embed is ![[image.png]], with a size or an alternative text behind a bar.
type embed struct {
	ast.BaseInline
	name, alt     string
	width, height int // 0 where not given
	end           int
	ref           int
}

var kindEmbed = ast.NewNodeKind("Embed")

func (n *embed) Kind() ast.NodeKind            { return kindEmbed }
func (n *embed) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// embedSize is what stands behind a bar and is no text.
var embedSize = regexp.MustCompile(`^([0-9]{1,5})(?:x([0-9]{1,5}))?$`)

// isImageName reports whether a name is that of an image.
func isImageName(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".avif", ".bmp":
		return true
	}
	return false
}

// newEmbed returns the image that the content of ![[…]] shows, nil for no image.
func newEmbed(content []byte, start, end int) *embed {
	parts := strings.Split(strings.ReplaceAll(string(content), `\|`, "|"), "|")
	name, _, _ := strings.Cut(unescape([]byte(parts[0])), "#")
	n := &embed{name: strings.TrimSpace(name), end: end, ref: -1}
	if !isImageName(n.name) {
		return nil
	}
	n.SetPos(start)
	var words []string
	for _, part := range parts[1:] {
		part = strings.TrimSpace(part)
		if size := embedSize.FindStringSubmatch(part); size != nil {
			n.width, _ = strconv.Atoi(size[1])
			n.height, _ = strconv.Atoi(size[2])
		} else if part != "" {
			words = append(words, part)
		}
	}
	n.alt = strings.Join(words, " ")
	return n
}

// embed registers an embedded image.
func (s *survey) embed(n *embed) {
	s.prose.addObject(" ")
	start := n.Pos()
	if n.alt == "" {
		s.errorf(start, n.end-start, "missing-alt", "image %q without alternative text", n.name).
			suggest("say what it shows behind a bar: ![[%s|…]]", n.name).warning()
	}
	n.ref = s.refer(
		Reference{Kind: KindImage, Target: n.name, Label: n.alt, Named: true, Offset: start, Length: n.end - start},
		target{form: embedForm, start: start, end: n.end})
}

func (w *renderer) embed(n *embed) {
	alt := Typography(w.c.options.Language, n.alt)
	res, ok := w.answer(n.ref)
	if !ok {
		w.broken(func() { w.text(alt) })
		return
	}
	if n.width > 0 {
		height := n.height
		if height == 0 && res.Width > 0 {
			height = max((res.Height*n.width+res.Width/2)/res.Width, 1)
		}
		res.Width, res.Height = n.width, height
	}
	w.picture(res, alt, "")
}
