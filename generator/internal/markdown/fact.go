package markdown

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// fact shows the value of a fact: [=page.property], [=property] on the thing's own
// page, [=page#id] or [=#id] for one of several.
type fact struct {
	ast.BaseInline
	ref, end int        // ref is the index of the reference, -1 without
	marks    *citations // what the fact rests on, numbered among the page's sources; nil where nothing is known
}

var kindFact = ast.NewNodeKind("Fact")

func (n *fact) Kind() ast.NodeKind            { return kindFact }
func (n *fact) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// Basis says on which publications the fact that a reference of [KindFact] names
// rests, by their ids; none for a fact that does not exist.
type Basis func(Reference) []string

// factParser parses facts. One stands on one line; behind its "]" a "(" makes it
// CommonMark's link.
type factParser struct{}

// Trigger implements [parser.InlineParser].
func (factParser) Trigger() []byte { return []byte{'['} }

// Parse implements [parser.InlineParser].
func (factParser) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, segment := block.PeekLine()
	if len(line) < 3 || line[1] != '=' || bytes.IndexByte([]byte("=] \t\r\n"), line[2]) >= 0 {
		return nil
	}
	s := pc.Get(surveyKey).(*survey)
	closing := bytes.IndexByte(line, ']')
	end := closing + 1
	switch {
	case closing < 0:
		s.errorf(segment.Start, 2, "unclosed-fact", "fact without its closing ]").
			suggest(`close it on the same line, or write \[= for the signs`)
		return nil
	case end < len(line) && line[end] == '(':
		return nil
	}
	if _, _, _, ok := splitFact(line[2:closing]); !ok {
		s.errorf(segment.Start, end, "malformed-fact", "fact %q is malformed", line[:end]).
			suggest(`write [=page.property], [=property] or [=page#id], or \[= for the signs`)
		return nil
	}
	n := &fact{ref: -1, end: segment.Start + end}
	n.SetPos(segment.Start)
	block.Advance(end)
	return n
}

// splitFact splits what stands between [= and ]: the page ("" for the page itself)
// and a property's name or a fact's id.
func splitFact(content []byte) (page, property, id string, ok bool) {
	written := unescape(content)
	if before, after, found := strings.Cut(written, "#"); found {
		return before, "", after, isSourceID(after) && before == strings.TrimSpace(before)
	}
	property = written
	if i := strings.LastIndexByte(written, '.'); i >= 0 {
		page, property = written[:i], written[i+1:]
		if page == "" || page != strings.TrimSpace(page) {
			return "", "", "", false
		}
	}
	if strings.Trim(property, "abcdefghijklmnopqrstuvwxyz0123456789_-") != "" || property == "" {
		return "", "", "", false
	}
	return page, property, "", true
}

// fact registers a fact, and numbers what it rests on as citations.
func (s *survey) fact(n *fact) {
	start := n.Pos()
	page, property, id, _ := splitFact(s.d.text[start+2 : n.end-1])
	ref := Reference{Kind: KindFact, Target: page, Property: property, Fragment: id, Offset: start, Length: n.end - start}
	if s.inLink {
		s.prose.addObject(ref.name())
		s.nested(KindFact, start, n.end)
		return
	}
	s.prose.addName(len(s.d.refs))
	n.ref = s.refer(ref, target{form: factForm, start: start, end: n.end})
	if s.page.Basis == nil {
		return
	}
	sources := s.page.Basis(s.d.refs[n.ref])
	if len(sources) == 0 {
		return
	}
	n.marks = &citations{}
	for _, id := range sources {
		n.marks.items = append(n.marks.items, cited{source: id, start: start, end: n.end, ref: -1, form: restForm})
	}
	s.citations(n.marks)
}

// fact writes a fact's value as a link to where the fact is stated, and the numbers
// of what it rests on.
func (w *renderer) fact(n *fact) {
	res, ok := w.answer(n.ref)
	if !ok {
		if n.ref >= 0 {
			w.broken(func() { w.text(w.d.refs[n.ref].name()) })
		}
		return
	}
	w.WriteString(`<a`)
	if !w.feed {
		w.WriteString(` class="fact-ref"`)
	}
	w.WriteString(` href="`)
	w.url(res.URL)
	w.WriteByte('"')
	w.attribute("title", res.Title)
	w.attribute("hreflang", res.Lang)
	w.attribute("lang", res.TextLang)
	w.WriteByte('>')
	w.text(firstOf(res.Text, w.d.refs[n.ref].name()))
	w.WriteString("</a>")
	if n.marks != nil {
		w.citations(n.marks)
	}
}

// rests returns the numbers of what the fact of a reference rests on: "1; 3". Their
// references follow the fact's own.
func (d *Document) rests(ref int, numbers map[string]int) string {
	var list []string
	for i := ref + 1; i < len(d.refs) && d.targets[i].form == restForm; i++ {
		list = append(list, strconv.Itoa(numbers[d.refs[i].Target]))
	}
	return strings.Join(list, "; ")
}
