package markdown

import (
	"bytes"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
)

// accident warns of prose that may have become structure by accident.
func (s *survey) accident(offset, length int, cure, format string, args ...any) {
	s.errorf(offset, length, "accidental-markup", format, args...).suggest("%s", cure).warning()
}

// accidents looks at a block for prose that it may be.
func (s *survey) accidents(n ast.Node) {
	switch n := n.(type) {
	case *ast.List:
		s.accidentalList(n)
	case *ast.Blockquote:
		s.accidentalQuote(n)
	case *ast.Heading:
		s.accidentalHeading(n)
	case *ast.CodeBlock:
		s.accidentalCode(n)
	case *extast.DefinitionList:
		s.accidentalDefinition(n)
	case *ast.LinkReferenceDefinition:
		s.accidentalReference(n)
	}
}

// line returns where the line that a block begins on is, without blanks before it.
func (s *survey) firstLine(n ast.Node) (start, end int, ok bool) {
	for n != nil && (n.Type() != ast.TypeBlock || n.Lines() == nil || n.Lines().Len() == 0) {
		n = n.FirstChild()
	}
	if n == nil || n.Type() != ast.TypeBlock {
		return 0, 0, false
	}
	at := n.Lines().At(0).Start
	start, end = lineStart(s.d.text, at), lineEnd(s.d.text, at)
	for start < end && strings.IndexByte(" \t>", s.d.text[start]) >= 0 {
		start++
	}
	return start, end, start < end
}

// above returns the last line of the paragraph directly above offset, nil for none.
func (s *survey) above(n ast.Node, offset int) []byte {
	p, ok := n.PreviousSibling().(*ast.Paragraph)
	if !ok || p.Lines().Len() == 0 {
		return nil
	}
	last := p.Lines().At(p.Lines().Len() - 1)
	if lineEnd(s.d.text, last.Start)+1 < lineStart(s.d.text, offset) {
		return nil
	}
	return last.Value(s.d.text)
}

func (s *survey) accidentalList(n *ast.List) {
	plus := 0
	for item := n.FirstChild(); item != nil && n.Marker == '+'; item = item.NextSibling() {
		start, end, ok := s.firstLine(item)
		if !ok {
			continue
		}
		if _, _, rest := listMarker(s.d.text[start:end]); beginsWithNumber(rest) && plus == 0 {
			plus++
			s.accident(start, end-start, `write \+, or + without a space behind it, for a number with its sign; else begin the list with -`,
				"plus sign before a number begins a list, and is not shown")
		}
	}
	start, end, ok := s.firstLine(n)
	if !ok || plus > 0 {
		return
	}
	marker, number, rest := listMarker(s.d.text[start:end])
	if n.ChildCount() > 1 {
		s.wrongNumbers(n)
		return
	}
	above := s.above(n, start)
	switch {
	case marker == 0:
	case above != nil && goesOn(above) && goesOnWith(rest):
		s.accident(start, end-start, `write \`+string(marker)+" for the sign, or leave a blank line before a list",
			"line of a paragraph becomes a list of one item")
	case n.IsOrdered() && number > 1 && above == nil && !s.continuesList(n, number):
		s.accident(start, end-start, `write \`+string(marker)+" for the sign behind the number",
			"paragraph that begins with a number becomes a list of one item, number %d", number)
	case !n.IsOrdered() && marker == '-' && beginsWithNumber(rest) && isPercent(rest):
		s.accident(start, end-start, `write \- or − for a number with its sign`, "minus sign before a number begins a list, and is not shown")
	}
}

// continuesList reports whether a list that begins with number goes on one before it in
// the same place, which something else interrupts.
func (s *survey) continuesList(n *ast.List, number int) bool {
	for p := n.PreviousSibling(); p != nil; p = p.PreviousSibling() {
		if l, ok := p.(*ast.List); ok && l.IsOrdered() {
			return l.Start+l.ChildCount() == number
		}
	}
	return false
}

// wrongNumbers reports a list that is numbered from year to year, but not shown so.
func (s *survey) wrongNumbers(n *ast.List) {
	if !n.IsOrdered() || n.Start < 100 {
		return
	}
	want := n.Start
	for item := n.FirstChild(); item != nil; item = item.NextSibling() {
		start, end, ok := s.firstLine(item)
		if !ok {
			return
		}
		marker, number, _ := listMarker(s.d.text[start:end])
		if number != want {
			s.accident(start, end-start, `write \`+string(marker)+" for the sign behind the number, or make the lines items with -",
				"list item is written with the number %d and shown with %d", number, want)
			return
		}
		want++
	}
}

// isPercent reports whether a text is a number with a percent sign.
func isPercent(text []byte) bool { return percent.Match(text) }

var percent = regexp.MustCompile(`^[\d.,\s\x{a0}\x{202f}]*\d[\s\x{a0}\x{202f}]*(%|‰|€|\$|°)`)

func (s *survey) accidentalQuote(n *ast.Blockquote) {
	start, end, ok := s.firstLine(n)
	if !ok || n.ChildCount() != 1 || n.FirstChild().Lines() == nil || n.FirstChild().Lines().Len() != 1 {
		return
	}
	if at := lineStart(s.d.text, start); percent.Match(s.d.text[start:end]) {
		from := at + bytes.IndexByte(s.d.text[at:end], '>')
		s.accident(max(from, at), end-max(from, at), `write \> for the sign`, "greater-than sign before a number begins a quotation, and is not shown")
	}
}

// accidentalHeading reports several lines of text that a line of dashes makes a heading.
func (s *survey) accidentalHeading(n *ast.Heading) {
	lines := n.Lines()
	if lines.Len() < 2 {
		return
	}
	first, last := lines.At(0), lines.At(lines.Len()-1)
	below := lineEnd(s.d.text, last.Start) + 1
	if below < len(s.d.text) {
		s.accident(below, lineEnd(s.d.text, below)-below, "leave a blank line before it to part the text, or write the heading on one line behind ##",
			"line below %d lines of text makes all of them a heading, from line %d on", lines.Len(), s.d.src.Position(s.d.base+first.Start).Line)
	}
}

// accidentalCode reports an indented paragraph.
func (s *survey) accidentalCode(n *ast.CodeBlock) {
	lines := n.Lines()
	if lines.Len() == 0 {
		return
	}
	var prose []byte
	for i := range lines.Len() {
		at := lines.At(i)
		prose = append(prose, at.Value(s.d.text)...)
	}
	prose = bytes.TrimSpace(prose)
	if !looksLikeProse(prose) {
		return
	}
	start := lines.At(0).Start
	s.accident(start, lineEnd(s.d.text, start)-start, "remove the spaces before it, or put code between lines of ```",
		"text behind four spaces or a tab is shown as code")
}

// looksLikeProse reports whether text reads as a sentence: it begins as one, ends as
// one, and is words.
func looksLikeProse(text []byte) bool {
	first, n := utf8.DecodeRune(text)
	last, _ := utf8.DecodeLastRune(text)
	if !unicode.IsUpper(first) && !strings.ContainsRune("«“\"—–", first) || !strings.ContainsRune(".!?…»”", last) || n == 0 {
		return false
	}
	words := bytes.Fields(text)
	if len(words) < 5 || bytes.ContainsAny(text, "{}=;<>$\\|`") || bytes.Contains(text, []byte("  ")) && bytes.Count(text, []byte("  ")) > len(words)/4 {
		return false
	}
	letters := 0
	for _, w := range words {
		if r, _ := utf8.DecodeRune(w); unicode.IsLetter(r) {
			letters++
		}
	}
	return letters*4 >= len(words)*3
}

// accidentalDefinition reports a sentence whose colon began a line.
func (s *survey) accidentalDefinition(n *extast.DefinitionList) {
	if n.ChildCount() != 2 || n.LastChild().ChildCount() != 1 {
		return
	}
	start, end, ok := s.firstLine(n.LastChild())
	if !ok || s.d.text[start] != ':' {
		return
	}
	text := s.d.text[start+1 : end]
	term := n.FirstChild().Lines()
	if term.Len() == 0 {
		return
	}
	if at := term.At(0); len(bytes.Fields(at.Value(s.d.text))) < 2 {
		return // a word alone is a term
	}
	if bytes.HasPrefix(text, []byte("  ")) || bytes.HasPrefix(text, []byte("\t")) || !goesOnWith(text) {
		return
	}
	s.accident(start, end-start, "join the lines if they are a sentence; write three spaces behind the colon for a definition",
		"line that begins with a colon makes a definition of it, and a term of the line above")
}

// accidentalReference reports a definition of a link that no link uses and that leads
// nowhere: a line of text that is not shown.
func (s *survey) accidentalReference(n *ast.LinkReferenceDefinition) {
	target := string(n.Destination)
	if target == "" || strings.ContainsAny(target, "/.#:@") || n.Lines().Len() == 0 || s.usesLabel(n.Label) {
		return
	}
	at := n.Lines().At(0)
	s.accident(at.Start, lineEnd(s.d.text, at.Start)-at.Start, `write \[ for the bracket if it is text; else remove it`,
		"line reads as the definition of a link that nothing uses, and is not shown")
}

// usesLabel reports whether a link or image is written with a label.
func (s *survey) usesLabel(label []byte) bool {
	if s.labels == nil {
		s.labels = map[string]bool{}
		_ = ast.Walk(s.d.root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
			var ref *ast.ReferenceLink
			switch n := n.(type) {
			case *ast.Link:
				ref = n.Reference
			case *ast.Image:
				ref = n.Reference
			}
			if entering && ref != nil {
				s.labels[foldLabel(ref.Value)] = true
			}
			return ast.WalkContinue, nil
		}) // which never fails
	}
	return s.labels[foldLabel(label)]
}

func foldLabel(label []byte) string {
	return strings.ToLower(strings.Join(strings.Fields(string(label)), " "))
}

// exclaimedLink puts a link in the place of an image whose sign is the exclamation mark
// of the word before it: "Attention![le guide](guide.md)". It returns nil where n is an
// image.
func (s *survey) exclaimedLink(n *ast.Image) *ast.Link {
	before, _ := utf8.DecodeLastRune(s.d.text[:n.Pos()])
	target, _, _ := strings.Cut(strings.ToLower(string(n.Destination)), "#")
	target, _, _ = strings.Cut(target, "?")
	if !unicode.IsLetter(before) && before != '\u00a0' && before != '\u202f' {
		return nil
	}
	if ext := path.Ext(target); ext != ".md" && ext != ".html" && ext != ".htm" && !strings.HasSuffix(target, "/") && !(ext == "" && !strings.Contains(target, "/")) {
		return nil
	}
	link := ast.NewLink()
	link.Destination, link.Title, link.Reference = n.Destination, n.Title, n.Reference
	link.SetPos(n.Pos() + 1)
	for c := n.FirstChild(); c != nil; c = n.FirstChild() {
		link.AppendChild(link, c)
	}
	parent := n.Parent()
	sign := ast.NewTextSegment(text.NewSegment(n.Pos(), n.Pos()+1))
	parent.InsertBefore(parent, n, sign)
	parent.ReplaceChild(parent, n, link)
	s.prose.addText(parent, sign, s.d.text)
	s.ends[link] = s.ends[n]
	return link
}

// accidentalEmphasis puts the text of emphasis that begins and ends within words, with a
// space between, back in its place: étudiant*es et salarié*es. It returns the first of
// the nodes, nil where n is emphasis.
func (s *survey) accidentalEmphasis(n *ast.Emphasis) ast.Node {
	first, ok := n.FirstChild().(*ast.Text)
	last, isText := n.LastChild().(*ast.Text)
	if !ok || !isText {
		return nil
	}
	start, end := first.Segment.Start-n.Level, last.Segment.Stop+n.Level
	if start < 1 || end >= len(s.d.text) || s.d.text[start] != '*' || s.d.text[end-1] != '*' {
		return nil
	}
	before, _ := utf8.DecodeLastRune(s.d.text[:start])
	after, _ := utf8.DecodeRune(s.d.text[end:])
	inside := s.d.text[first.Segment.Start:last.Segment.Stop]
	if !isNameRune(before) || !isNameRune(after) || !bytes.ContainsAny(inside, " \n") {
		return nil
	}
	parent := n.Parent()
	open := ast.NewTextSegment(text.NewSegment(start, first.Segment.Start))
	parent.InsertBefore(parent, n, open)
	for c := n.FirstChild(); c != nil; c = n.FirstChild() {
		parent.InsertBefore(parent, n, c)
	}
	parent.ReplaceChild(parent, n, ast.NewTextSegment(text.NewSegment(last.Segment.Stop, end)))
	return open
}

// windowsPath is a path whose backslashes Markdown may take for escapes.
var windowsPath = regexp.MustCompile("(?:\\b[A-Za-z]:|\\\\)\\\\[^\\s`]*\\\\[!-/:-@\\[-`{-~]|\\b[A-Za-z]:\\\\[!-/:-@\\[-`{-~]")

// lostBackslashes reports a path in text that loses backslashes.
func (s *survey) lostBackslashes(offset int, text []byte) {
	if bytes.Count(text, []byte(`\`)) == 0 {
		return
	}
	if at := windowsPath.FindIndex(text); at != nil {
		s.accident(offset+at[0], at[1]-at[0], "put the path between backquotes", "path loses a backslash, which escapes the sign behind it")
	}
}

// conjunctions follow a part of a word that another is to complete: « pré- et post- ».
var conjunctions = []string{"et", "ou", "ni", "à", "au", "puis", "and", "or", "to"}

// joinsWord reports whether a line of text ends with the first part of a word that a
// hyphen parted, and the next begins with the rest: sous-⏎traitant.
func joinsWord(line, next []byte) bool {
	if !bytes.HasSuffix(line, []byte("-")) {
		return false
	}
	before, _ := utf8.DecodeLastRune(line[:len(line)-1])
	next = bytes.TrimLeft(next, " \t>")
	after, _ := utf8.DecodeRune(next)
	if !unicode.IsLetter(before) || !unicode.IsLower(after) {
		return false
	}
	word := next
	if i := bytes.IndexFunc(next, func(r rune) bool { return !unicode.IsLetter(r) }); i >= 0 {
		word = next[:i]
	}
	return !slices.Contains(conjunctions, string(word))
}
