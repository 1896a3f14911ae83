package markdown

import (
	"bytes"
	"net/url"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// linkParser is goldmark's parser of links and images, which also tells the
// survey where each of them ends.
type linkParser struct{ parser.InlineParser }

func (p linkParser) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	n := p.InlineParser.Parse(parent, block, pc)
	switch n.(type) {
	case *ast.Link, *ast.Image:
		_, pos := block.Position()
		pc.Get(surveyKey).(*survey).ends[n] = pos.Start
	}
	return n
}

// CloseBlock implements [parser.CloseBlocker] as goldmark's parser does.
func (p linkParser) CloseBlock(parent ast.Node, block text.Reader, pc parser.Context) {
	p.InlineParser.(parser.CloseBlocker).CloseBlock(parent, block, pc)
}

// target is where a reference stands in the body.
type target struct {
	form       form
	start, end int // what its address replaces
	text       [2]int
	title      string
}

// form is how a reference is written.
type form int

const (
	inlineForm    form = iota // [text](start:end)
	referenceForm             // start:end is [text][label], [text][] or [text]
	angleForm                 // start:end is <address>
	bareForm                  // start:end is the address in the text
	wikiForm                  // start:end is [[name|text]]
	citationForm              // start:end is @id
	embedForm                 // start:end is ![[name|text]]
	factForm                  // start:end is [=page.property]
	restForm                  // start:end is the fact that rests on the source
)

// refer registers a reference and returns its index.
func (s *survey) refer(r Reference, t target) int {
	end := s.d.place(r.Offset + r.Length)
	r.Offset = s.d.place(r.Offset)
	r.Length = max(end-r.Offset, 0)
	s.d.refs = append(s.d.refs, r)
	s.d.targets = append(s.d.targets, t)
	return len(s.d.refs) - 1
}

// link registers a link and walks its text.
func (s *survey) link(n *ast.Link) {
	start, end := n.Pos(), s.ends[n]
	index := -1
	if destination, ok := s.destination(KindLink, n.Destination, start, end); ok {
		index = s.refer(destination, s.target(start, end, n.Destination, n.Title, n.Reference))
		s.d.nodes[n] = index
	}
	from := len(s.prose.runs)
	outer := s.inLink
	s.inLink = true
	s.walkInlines(n)
	s.inLink = outer
	if index >= 0 {
		s.d.refs[index].Label = s.prose.since(from)
	}
}

// destination returns the reference that a destination makes, or reports why it
// makes none.
func (s *survey) destination(kind Kind, raw []byte, start, end int) (Reference, bool) {
	address := unescape(raw)
	r := Reference{Kind: kind, Offset: start, Length: end - start}
	if address == "" {
		s.errorf(start, end-start, "empty-target", "%s without a target", kind).suggest("write the address between the parentheses")
		return r, false
	}
	if scheme := dangerousScheme(address); scheme != "" {
		s.errorf(start, end-start, "dangerous-link", "%s with a %s: address, which could run a script", kind, scheme).
			suggest("give a file or page of the site, or an https: address")
		return r, false
	}
	if what, cure := foreignTarget(kind, address); what != "" {
		s.errorf(start, end-start, "foreign-syntax", "target %s of %s is not read", what, kind).suggest("%s", cure)
		return r, false
	}
	r.Target, r.Fragment, _ = strings.Cut(address, "#")
	return r, true
}

// target finds where the destination of a link or image is written between start
// and end.
func (s *survey) target(start, end int, destination, title []byte, ref *ast.ReferenceLink) target {
	t := target{start: start, end: end, title: string(title)}
	source := s.d.text[start:end]
	opening := bytes.IndexByte(source, '[') + 1
	if ref != nil {
		t.form = referenceForm
		closing := 1 // [text]
		switch ref.Type {
		case ast.ReferenceLinkFull:
			closing = bytes.LastIndexByte(source, '[')
			closing = len(source) - max(closing-1, 0)
		case ast.ReferenceLinkCollapsed:
			closing = 3
		}
		t.text = [2]int{start + opening, max(end-closing, start+opening)}
		return t
	}
	// From the end: ")", the title and its delimiters, blanks, perhaps ">".
	rest := bytes.TrimRight(source[:max(len(source)-1, 0)], " \t\r\n")
	if len(title) > 0 {
		if i := bytes.LastIndex(rest, title); i > 0 {
			rest = bytes.TrimRight(rest[:i-1], " \t\r\n")
		}
	} else if n := len(rest); n > 1 && bytes.IndexByte([]byte(`"')`), rest[n-1]) >= 0 && !bytes.HasSuffix(rest, destination) {
		rest = bytes.TrimRight(rest[:n-2], " \t\r\n") // an empty title
	}
	tail := len(destination)
	if bytes.HasSuffix(rest, []byte(">")) && !bytes.HasSuffix(rest, destination) {
		tail += 2
	}
	t.start, t.end = start+max(len(rest)-tail, 0), start+len(rest)
	return t
}

// autoLink registers <https://example.org>, <a@b.c>, or an address standing in the text.
func (s *survey) autoLink(n *ast.AutoLink) {
	label := n.Label(s.d.text)
	s.prose.addObject(string(label))
	start := n.Pos()
	t := target{form: bareForm, start: start, end: start + len(label)}
	if s.d.text[start] == '<' {
		t.form, t.end = angleForm, start+len(label)+2
	}
	if s.inLink && t.form == bareForm { // the address that a link shows
		n.Parent().ReplaceChild(n.Parent(), n, &leaf{value: string(label)})
		return
	}
	if s.inLink {
		s.nested(KindLink, t.start, t.end)
		return
	}
	address := n.URL(s.d.text)
	if n.AutoLinkType == ast.AutoLinkEmail && !bytes.HasPrefix(bytes.ToLower(address), []byte("mailto:")) {
		address = append([]byte("mailto:"), address...)
	}
	if r, ok := s.destination(KindLink, bytes.ReplaceAll(address, []byte(`\`), []byte(`%5C`)), t.start, t.end); ok {
		r.Label = string(label)
		s.d.nodes[n] = s.refer(r, t)
	}
}

// nested reports a link within a link's text, which HTML does not allow.
func (s *survey) nested(kind Kind, start, end int) {
	s.errorf(start, end-start, "nested-link", "%s within the text of a link", kind).suggest("move it out of the brackets")
}

// dangerousScheme returns the scheme of an address that could run a script, or "".
// Like browsers it ignores case, and control characters and spaces within the scheme.
func dangerousScheme(address string) string {
	var scheme []byte
	for i := 0; i < len(address) && len(scheme) < 16; i++ {
		switch c := address[i]; {
		case c <= ' ' || c == 0x7f:
		case c == ':':
			switch string(scheme) {
			case "javascript", "vbscript", "data":
				return string(scheme)
			}
			return ""
		case 'A' <= c && c <= 'Z':
			scheme = append(scheme, c+'a'-'A')
		default:
			scheme = append(scheme, c)
		}
	}
	return ""
}

// identity is the resolver that stands for nil: every address as it is written.
type identity struct{}

func (identity) Resolve(r Reference) (Resolution, *Problem) {
	address := r.Target
	if r.Kind == KindCitation {
		return Resolution{}, nil
	}
	if r.Kind == KindFact {
		return Resolution{URL: "#" + firstOf(r.Fragment, r.Property), Text: r.name()}, nil
	}
	if r.Fragment != "" {
		address += "#" + r.Fragment
	}
	u, err := url.Parse(r.Target)
	return Resolution{URL: address, External: err == nil && u.Host != ""}, nil
}

// openLink writes the start tag of a link. Its text is in the language of the
// target if it comes from there (inText).
func (w *renderer) openLink(res Resolution, title string, inText bool) {
	w.WriteString(`<a href="`)
	w.url(res.URL)
	w.WriteByte('"')
	if title == "" {
		title = res.Title
	}
	w.attribute("title", title)
	if res.Lang != "" {
		w.attribute("hreflang", res.Lang)
		if inText {
			w.attribute("lang", res.Lang)
		}
	}
	switch {
	case res.External:
		w.WriteString(` class="external" rel="noopener"`)
	case res.Term && !w.feed && !w.inHeading:
		w.WriteString(` class="term"`)
	}
	w.WriteByte('>')
}

func (w *renderer) link(n *ast.Link) {
	res, ok := w.resolve(n)
	if !ok {
		w.broken(func() { w.inlines(n) })
		return
	}
	w.openLink(res, Typography(w.c.options.Language, unescape(n.Title)), false)
	w.links++
	w.inlines(n)
	w.links--
	w.WriteString("</a>")
}

func (w *renderer) autoLink(n *ast.AutoLink) {
	label := string(n.Label(w.d.text))
	res, ok := w.resolve(n)
	if !ok {
		w.broken(func() { w.text(label) })
		return
	}
	w.openLink(res, "", false)
	w.text(label)
	w.WriteString("</a>")
}

// url writes an address within an attribute's quotes, percent-encoded where needed.
func (w *renderer) url(address string) {
	if dangerousScheme(address) != "" {
		return // no resolver may open the door that the parser closed
	}
	w.text(string(util.URLEscape([]byte(asciiHost(address)), false)))
}
