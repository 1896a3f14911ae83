package markdown

import (
	"bytes"
	"strings"
	"unicode"

	"github.com/yuin/goldmark/ast"
	"golang.org/x/text/unicode/norm"
)

// Page is what must be known of a page to read its body.
type Page struct {
	// Title is the page's title; "" means that a heading of level 1 which opens the body
	// is the title, whatever it says.
	Title string
	// TitleGiven says that the title is not taken from the body.
	TitleGiven bool
	// Basis says what the facts shown in the text rest on; nil where nobody asks.
	Basis Basis
}

// takeTitle takes a level 1 heading that opens the body and says what the page is
// called out of the tree. One that says something else stays, as a heading.
func (s *survey) takeTitle() {
	n := s.d.root.FirstChild()
	for n != nil && (isComment(n, s.d.text) || n.Kind() == ast.KindLinkReferenceDefinition) {
		n = n.NextSibling()
	}
	h, ok := n.(*ast.Heading)
	if !ok || h.Level != 1 {
		return
	}
	if !s.isTitle(altText(h, s.d.text)) {
		s.opening = h
		return
	}
	// A title is shown in places where links make no sense, so that it is read by
	// a survey of its own, whose references go nowhere.
	d := &Document{src: s.d.src, base: s.d.base, text: s.d.text, cuts: s.d.cuts}
	title := newSurvey(s.c, d)
	title.ends = s.ends
	s.d.title = fillNames(title.inlines(h, false), d.refs, Reference.name)
	s.diags = append(s.diags, title.diags...)
	if len(d.refs) > 0 {
		r := d.refs[0]
		s.errorf(s.d.within(r.Offset), r.Length, "title-link", "%s in the title", r.Kind).suggest("move it into the text")
	}
	s.d.root.RemoveChild(s.d.root, h)
	start, end := headingSpan(h, s.d.text)
	s.d.demoted = append(s.d.demoted, edit{start: start, end: end})
}

// isTitle reports whether a heading that opens the body says the page's title, signs of
// markup and typography aside.
func (s *survey) isTitle(heading string) bool {
	title := s.page.Title
	if title == "" || heading == "" {
		return true
	}
	if lang := s.c.options.Language; sameTitle(Typography(lang, title), Typography(lang, heading)) {
		return true
	}
	// A title taken from the body was read with its markup.
	return !s.page.TitleGiven && strings.Contains(lettersOf(title), lettersOf(heading))
}

// sameTitle reports whether two titles are told apart by case, by kinds of spaces, or
// not at all.
func sameTitle(a, b string) bool {
	fold := func(text string) string {
		return strings.Join(strings.FieldsFunc(norm.NFC.String(text), unicode.IsSpace), " ")
	}
	return strings.EqualFold(fold(a), fold(b))
}

func lettersOf(text string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, norm.NFC.String(text)))
}

// lower shows a heading below the page's title. A body whose sections are headings of
// level 1 moves down as a whole from the first of them on, which is told once.
func (s *survey) lower(n *ast.Heading, text string, start, length int) {
	written := n.Level
	nested := n.Parent() != ast.Node(s.d.root)
	if written == 1 && !nested && s.shift == 0 {
		s.shift = 1
		switch {
		case s.opening == n && s.sections(n) == 1:
			s.errorf(start, length, "two-titles", "heading %q opens the body, and the page's title is %q", text, s.page.Title).
				suggest("start it with ## if it is a section (it is shown as one), or remove one of the two").warning()
		default:
			s.errorf(start, length, "body-h1", "heading of level 1 in body, whose page has its title already; from here on all headings are shown one level lower").
				suggest("start it with ##, and those below it with one # more").warning()
		}
	}
	if written == 1 && nested && s.shift == 0 {
		if !s.nestedTop {
			s.errorf(start, length, "body-h1", "heading of level 1 in body, whose page has its title already; it is shown one level lower").
				suggest("start it with ##").warning()
		}
		s.nestedTop = true
		n.Level = 2
	} else {
		n.Level = min(written+s.shift, 6)
	}
	if n.Level != written {
		s.d.demote(n, written)
	}
}

// sections counts the headings of level 1 from n on.
func (s *survey) sections(n ast.Node) int {
	count := 0
	for ; n != nil; n = n.NextSibling() {
		if h, ok := n.(*ast.Heading); ok && h.Level == 1 {
			count++
		}
	}
	return count
}

// demote notes how a heading that was written one level higher is written for readers
// of the Markdown.
func (d *Document) demote(n *ast.Heading, written int) {
	start, end := headingSpan(n, d.text)
	if d.text[start] == '#' {
		d.demoted = append(d.demoted, edit{start, start, "#"})
		return
	}
	lines := n.Lines()
	if lines.Len() == 0 {
		return
	}
	last := lines.At(lines.Len() - 1)
	underline := last.Start + len(bytes.TrimRight(d.text[last.Start:last.Stop], " \t\r\n"))
	if written == 1 {
		d.demoted = append(d.demoted, edit{underline, end, strings.ReplaceAll(string(d.text[underline:end]), "=", "-")})
	} else if lines.Len() == 1 { // there is no line to write below it
		d.demoted = append(d.demoted, edit{start, start, strings.Repeat("#", n.Level) + " "}, edit{underline, end, ""})
	}
}

// headingSpan returns where a heading begins, and where the last of its lines ends.
func headingSpan(n *ast.Heading, text []byte) (start, end int) {
	start = n.Pos()
	lines := n.Lines()
	if lines.Len() == 0 || start < len(text) && text[start] == '#' {
		return start, lineEnd(text, start)
	}
	start = lines.At(0).Start
	// The line below, which is not part of the heading's text.
	last := lineEnd(text, lines.At(lines.Len()-1).Start)
	return start, lineEnd(text, min(last+1, len(text)))
}

// lineEnd returns where the line that holds at ends, without its end.
func lineEnd(text []byte, at int) int {
	if i := bytes.IndexByte(text[at:], '\n'); i >= 0 {
		if i > 0 && text[at+i-1] == '\r' {
			i--
		}
		return at + i
	}
	return len(text)
}
