package markdown

import (
	"bytes"
	"strconv"
	"strings"
	"unicode"

	"github.com/yuin/goldmark/ast"

	"vigie/generator/internal/permalink"
)

// heading reads a heading and gives it its id, which stands in its attribute "id".
func (s *survey) heading(n *ast.Heading) {
	start := n.Pos()
	if lines := n.Lines(); lines.Len() > 0 && s.d.text[start] != '#' {
		start = lines.At(0).Start // of an underlined heading
	}
	length := bytes.IndexByte(s.d.text[start:], '\n')
	if length < 0 {
		length = len(s.d.text) - start
	}
	marked := s.inlines(n, false)
	text := fillNames(marked, s.d.refs, Reference.name)
	s.lower(n, text, start, length)
	switch {
	case strings.HasSuffix(text, "}") && strings.Contains(text, "{#"):
		s.errorf(start, length, "heading-id", "heading id is malformed").suggest("write {#id} with letters, digits, - _ .")
	case text == "":
		s.errorf(start, length, "empty-heading", "heading without text").suggest("write it, or remove the line")
	case n.Level > s.level+1:
		s.errorf(start, length, "heading-level", "heading of level %d follows one of level %d", n.Level, s.level).
			suggest("start the line with %s", strings.Repeat("#", max(s.level+1-s.shift, 1))).warning()
	}
	s.level = n.Level
	id := s.headingID(n, text, start, length)
	s.d.nodes[n] = len(s.d.headings)
	s.d.markedHeadings = append(s.d.markedHeadings, marked)
	s.d.headings = append(s.d.headings, Heading{n.Level, id, text, s.d.place(start)})
}

// headingID returns the id a heading asks for with {#id}, or one made of its text.
func (s *survey) headingID(n *ast.Heading, text string, start, length int) string {
	for _, a := range n.Attributes() {
		value, _ := a.Value.([]byte)
		switch id := string(value); {
		case string(a.Name) != "id":
			s.errorf(start, length, "heading-attribute", "attribute %q in heading", a.Name).suggest("only {#id} is possible")
		case !isID(id):
			s.errorf(start, length, "heading-id", "heading id %q is not valid", id).suggest("start with a letter, go on with letters, digits, - _ .")
		case s.isReserved(id):
			s.errorf(start, length, "heading-id", "heading id %q is one the page needs for itself", id).suggest("choose another")
		case s.d.anchors[id]:
			f := s.errorf(start, length, "duplicate-id", "heading id %q is there twice", id).suggest("choose another")
			for _, h := range s.d.headings {
				if h.ID == id {
					f.note(s.d.within(h.Offset), "first used here")
				}
			}
		default:
			s.d.anchors[id] = true
			return id
		}
	}
	return s.slugID(text)
}

// slugID returns a free id made of a heading's text.
func (s *survey) slugID(text string) string {
	base := permalink.Slug(text)
	if base == "" || s.isReserved(base) {
		base = strings.TrimSuffix("section-"+base, "-")
	}
	id := base
	for i := max(s.slugs[base], 2); s.d.anchors[id] || s.explicit[id] || s.isReserved(id); i++ {
		id = base + "-" + strconv.Itoa(i)
		s.slugs[base] = i + 1
	}
	s.d.anchors[id] = true
	return id
}

// isID reports whether id may stand in a URL's fragment and in HTML as it is.
func isID(id string) bool {
	for i, r := range id {
		if !unicode.IsLetter(r) && (i == 0 || !unicode.IsDigit(r) && !strings.ContainsRune("-_.", r)) {
			return false
		}
	}
	return id != ""
}

// isReserved reports whether id belongs to the layout, or has the form of a
// footnote's or citation's.
func (s *survey) isReserved(id string) bool {
	if s.c.reserved[id] {
		return true
	}
	prefix, number, found := strings.Cut(id, "-")
	if !found {
		return false
	}
	switch prefix {
	case "fn", "fnref", "cite", "source":
		return strings.Trim(number, "0123456789-") == ""
	}
	return false
}

// heading writes a heading with the link to itself, which the stylesheet may show
// only on hover and focus.
func (w *renderer) heading(n *ast.Heading) {
	tag := "h" + strconv.Itoa(n.Level)
	if w.feed {
		w.WriteString("<" + tag + ">")
		w.inlines(n)
		w.WriteString("</" + tag + ">\n")
		return
	}
	h := w.d.headings[w.d.nodes[n]]
	w.WriteString("<" + tag)
	w.attribute("id", h.ID)
	w.WriteByte('>')
	w.inlines(n)
	w.WriteString(` <a class="anchor" href="#`)
	w.url(h.ID)
	w.WriteByte('"')
	w.attribute("aria-label", w.c.label("anchor", h.Text))
	w.WriteString(">#</a></" + tag + ">\n")
}
