package markdown

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// citations is a group of citations in Pandoc's syntax: [@id], [@id, p. 12],
// [@a; @b].
type citations struct {
	ast.BaseInline
	items []cited
}

// cited is one citation of a group.
type cited struct {
	source     string
	locator    string
	start, end int // of @id
	ref        int // index of the reference, -1 without
	number     int // of the source
	use        int // from 1, over the document
	form       form
}

var kindCitations = ast.NewNodeKind("Citations")

func (n *citations) Kind() ast.NodeKind            { return kindCitations }
func (n *citations) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// citationParser parses citations. A group stands on one line; behind its "]" a
// "(" makes it CommonMark's link.
type citationParser struct{}

// Trigger implements [parser.InlineParser].
func (citationParser) Trigger() []byte { return []byte{'['} }

// Parse implements [parser.InlineParser].
func (citationParser) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, segment := block.PeekLine()
	if len(line) < 2 || line[1] != '@' {
		return nil
	}
	s := pc.Get(surveyKey).(*survey)
	closing := bytes.IndexByte(line, ']')
	end := closing + 1
	switch {
	case closing < 0:
		s.errorf(segment.Start, 2, "unclosed-citation", "citation without its closing ]").
			suggest(`close it on the same line, or write \[@ for the signs`)
		return nil
	case end < len(line) && line[end] == '(':
		return nil
	}
	content := string(line[1:closing])
	n := &citations{}
	n.SetPos(segment.Start)
	offset := segment.Start + 1
	for part := range strings.SplitSeq(content, ";") {
		trimmed := strings.TrimLeft(part, " ")
		c := cited{start: offset + len(part) - len(trimmed), ref: -1, form: citationForm}
		offset += len(part) + 1
		key, locator, located := strings.Cut(trimmed, ",")
		key = strings.TrimRight(key, " ")
		c.end = c.start + len(key)
		c.source, c.locator = strings.TrimPrefix(key, "@"), unescape([]byte(strings.TrimSpace(locator)))
		if !strings.HasPrefix(key, "@") || !isSourceID(c.source) || located && c.locator == "" {
			s.errorf(c.start, max(len(trimmed), 1), "malformed-citation", "citation %q is malformed", trimmed).
				suggest(`write [@source], [@source, p. 12] or [@a; @b], with ids of a-z, 0-9 and -_.:, or \[@ for the signs`)
			return nil
		}
		n.items = append(n.items, c)
	}
	block.Advance(end)
	return n
}

func isSourceID(id string) bool {
	for i := range len(id) {
		if c := id[i]; ('a' > c || c > 'z') && ('0' > c || c > '9') && strings.IndexByte("-_.:", c) < 0 {
			return false
		}
	}
	return id != ""
}

// citations numbers a group of citations.
func (s *survey) citations(n *citations) {
	s.prose.addNote()
	if s.inLink {
		s.nested(KindCitation, n.Pos(), n.items[len(n.items)-1].end)
		n.items = nil
		return
	}
	for i := range n.items {
		c := &n.items[i]
		c.locator = Typography(s.c.options.Language, c.locator)
		index, seen := s.sources[c.source]
		if !seen {
			index = len(s.d.citations)
			s.sources[c.source] = index
			s.d.citations = append(s.d.citations, Citation{Number: index + 1, Source: c.source})
			s.d.anchors["source-"+strconv.Itoa(index+1)] = true
		}
		s.uses++
		c.number, c.use = index+1, s.uses
		anchor := "cite-" + strconv.Itoa(c.use)
		s.d.anchors[anchor] = true
		s.d.citations[index].Uses = append(s.d.citations[index].Uses, Use{anchor, c.locator, s.d.place(c.start)})
		c.ref = s.refer(
			Reference{Kind: KindCitation, Target: c.source, Locator: c.locator, Offset: c.start, Length: c.end - c.start},
			target{form: c.form, start: c.start, end: c.end})
	}
}

func (w *renderer) citations(n *citations) {
	for i, c := range n.items {
		if i > 0 {
			w.WriteString("<sup>, </sup>")
		}
		text := strconv.Itoa(c.number)
		if c.locator != "" {
			text += ", " + c.locator
		}
		res, ok := w.answer(c.ref)
		if !ok {
			w.WriteString("<sup>")
			w.broken(func() { w.text(text) })
			w.WriteString("</sup>")
			continue
		}
		if w.feed {
			w.WriteString("<sup>")
			if res.URL != "" {
				w.openLink(Resolution{URL: res.URL, Title: res.Title}, "", false)
				w.text(text)
				w.WriteString("</a></sup>")
			} else {
				w.text(text)
				w.WriteString("</sup>")
			}
			continue
		}
		w.WriteString(`<sup class="citation" id="cite-`)
		w.WriteString(strconv.Itoa(c.use))
		w.WriteString(`"><a href="#source-`)
		w.WriteString(strconv.Itoa(c.number))
		w.WriteByte('"')
		w.attribute("title", res.Title)
		label := w.c.label("citation", c.number)
		if c.locator != "" {
			label += ", " + c.locator
		}
		w.attribute("aria-label", label)
		w.WriteByte('>')
		w.text(text)
		w.WriteString("</a></sup>")
	}
}
