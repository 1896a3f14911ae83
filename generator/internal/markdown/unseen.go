package markdown

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"
)

// unseen finds what the page shows nothing of, so that readers of the Markdown do not
// see it either: definitions of links and footnotes that nothing refers to (a common
// way to write a comment: [//]: # (…)), what was taken out of HTML, what stands behind
// the language of a block of code.
func (s *survey) unseen() {
	used := map[string]bool{}
	seen := map[string]bool{}
	var definitions []*ast.LinkReferenceDefinition
	find := func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Link:
			if n.Reference != nil {
				used[util.ToLinkReference(n.Reference.Value)] = true
			}
		case *ast.Image:
			if n.Reference != nil {
				used[util.ToLinkReference(n.Reference.Value)] = true
			}
		case *ast.LinkReferenceDefinition:
			definitions = append(definitions, n)
		case *ast.FencedCodeBlock:
			if n.Info == nil {
				break
			}
			info := n.Info.Segment
			language := len(n.Language(s.d.text))
			if at := bytes.Index(info.Value(s.d.text), n.Language(s.d.text)); at >= 0 && info.Start+at+language < info.Stop {
				s.drop(info.Start+at+language, info.Stop, "")
			}
		case *ast.HTMLBlock:
			if lines := n.Lines(); s.c.options.RawHTML == Sanitize && lines.Len() > 0 {
				end := lines.At(lines.Len() - 1).Stop
				if n.HasClosure() {
					end = n.ClosureLine.Stop
				}
				if raw := blockHTML(n, s.d.text); string(raw) != s.d.html[n] && !isComment(n, s.d.text) {
					s.drop(lines.At(0).Start, end, s.d.html[n])
				}
			}
		case *ast.RawHTML:
			if k := n.Segments.Len(); s.c.options.RawHTML == Sanitize && k > 0 && string(n.Segments.Value(s.d.text)) != s.d.html[n] {
				s.drop(n.Segments.At(0).Start, n.Segments.At(k-1).Stop, s.d.html[n])
			}
		}
		return ast.WalkContinue, nil
	}
	_ = ast.Walk(s.d.root, find) // find never fails
	for _, note := range s.d.notes {
		_ = ast.Walk(note.node, find)
	}
	for _, note := range s.unnumbered {
		if note.number == 0 {
			s.drop(note.offset, s.noteEnd(note), "")
		}
	}
	for _, c := range s.d.cuts {
		if c.stub != "" && !s.partsLists(c) {
			s.drop(c.at, c.at+len(c.stub), "")
		}
	}
	for _, n := range definitions {
		label := util.ToLinkReference(n.Label)
		if used[label] && !seen[label] {
			seen[label] = true
			continue
		}
		if lines := n.Lines(); lines.Len() > 0 {
			s.drop(lines.At(0).Start, lines.At(lines.Len()-1).Stop, "")
		}
	}
}

// partsLists reports whether a comment alone on its lines stands between lines without a
// blank one, or between lists, which it parts.
func (s *survey) partsLists(c cut) bool {
	line := func(text []byte) (first []byte, blank bool) {
		first, _, _ = bytes.Cut(text, []byte("\n"))
		return first, len(bytes.TrimSpace(first)) == 0
	}
	_, after, _ := bytes.Cut(s.d.text[c.at+len(c.stub):], []byte("\n"))
	above := bytes.TrimSuffix(s.d.text[:bytes.LastIndexByte(s.d.text[:c.at], '\n')+1], []byte("\n"))
	above = above[bytes.LastIndexByte(above, '\n')+1:]
	_, blankNext := line(after)
	_, blankAbove := line(above)
	if len(after) > 0 && !blankNext || len(above) > 0 && !blankAbove {
		return true
	}
	next, _ := line(bytes.TrimLeft(after, " \t\r\n"))
	markers, _ := containerMarkers(next)
	return markers > 0
}

// drop has readers of the Markdown see replacement in the place of a part of the text.
func (s *survey) drop(start, end int, replacement string) {
	if end > start {
		s.d.dropped = append(s.d.dropped, edit{start: start, end: end, text: replacement})
	}
}

// noteEnd returns where the definition of a footnote ends: behind the last line of what
// it holds, and the indented lines that follow.
func (s *survey) noteEnd(note *footnote) int {
	end := lineEnd(s.d.text, note.offset)
	_ = ast.Walk(note.node, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering && n.Type() == ast.TypeBlock && n.Lines() != nil && n.Lines().Len() > 0 {
			end = max(end, lineEnd(s.d.text, max(n.Lines().At(n.Lines().Len()-1).Stop-1, 0)))
		}
		return ast.WalkContinue, nil
	})
	for end < len(s.d.text) {
		next := end
		for next < len(s.d.text) && (s.d.text[next] == '\n' || s.d.text[next] == '\r') {
			next++
		}
		line := s.d.text[next:lineEnd(s.d.text, next)]
		if next == end || len(line) == 0 || !bytes.HasPrefix(line, []byte("    ")) && line[0] != '\t' {
			break
		}
		end = next + len(line)
	}
	return end
}
