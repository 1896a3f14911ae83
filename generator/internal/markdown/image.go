package markdown

import (
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// image registers an image.
func (s *survey) image(n *ast.Image) {
	s.prose.addObject(" ") // its alternative text stands for it where it is not seen, not in the text
	s.registerImage(n)
}

func (s *survey) registerImage(n *ast.Image) {
	start, end := n.Pos(), s.ends[n]
	r, ok := s.destination(KindImage, n.Destination, start, end)
	if !ok {
		return
	}
	if r.Label = altText(n, s.d.text); r.Label == "" {
		s.errorf(start, end-start, "missing-alt", "image %q without alternative text", r.Target).
			suggest("say what it shows between the brackets").warning()
	}
	s.d.nodes[n] = s.refer(r, s.target(start, end, n.Destination, n.Title, n.Reference))
}

// altText returns the plain text between an image's brackets.
func altText(n ast.Node, source []byte) string {
	var b strings.Builder
	var walk func(ast.Node)
	walk = func(parent ast.Node) {
		for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
			switch n := n.(type) {
			case *ast.Text:
				b.WriteString(unescape(n.Segment.Value(source)))
				if n.SoftLineBreak() || n.HardLineBreak() {
					b.WriteByte(' ')
				}
			case *leaf:
				b.WriteString(n.value)
			case *ast.CodeSpan:
				b.WriteString(codeText(n, source))
			case *ast.AutoLink:
				b.Write(n.Label(source))
			case *embed:
				b.WriteString(n.alt)
			case *wikiLink:
				if !n.HasChildren() {
					b.WriteString(n.name())
				}
				walk(n)
			default:
				walk(n)
			}
		}
	}
	walk(n)
	return strings.Join(strings.Fields(b.String()), " ")
}

// image writes an image. One that does not resolve leaves its alternative text.
// The title is an attribute unless a figure shows it as its caption.
func (w *renderer) image(n *ast.Image, captioned bool) {
	alt := Typography(w.c.options.Language, altText(n, w.d.text))
	res, ok := w.resolve(n)
	if !ok {
		w.broken(func() { w.text(alt) })
		return
	}
	title := ""
	if !captioned {
		title = Typography(w.c.options.Language, unescape(n.Title))
	}
	w.picture(res, alt, title)
}

// picture writes the image that a reference leads to.
func (w *renderer) picture(res Resolution, alt, title string) {
	w.WriteString(`<img src="`)
	w.url(res.URL)
	w.WriteString(`" alt="`)
	w.text(alt)
	w.WriteByte('"')
	w.attribute("title", title)
	if res.Width > 0 && res.Height > 0 {
		w.WriteString(` width="` + strconv.Itoa(res.Width) + `" height="` + strconv.Itoa(res.Height) + `"`)
	}
	if !w.feed {
		if res.SrcSet != "" {
			w.attribute("srcset", res.SrcSet)
			w.attribute("sizes", w.c.sizes)
		}
		w.WriteString(` loading="lazy" decoding="async"`)
	}
	w.WriteByte('>')
}
