package markdown

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// plainText collects a document's text, one block a line.
type plainText struct {
	b    strings.Builder
	lead string
}

// add adds a block's text, one line; the first one that is a paragraph leads.
func (p *plainText) add(text string, paragraph bool) {
	if text == "" {
		return
	}
	if paragraph && p.lead == "" {
		p.lead = text
	}
	p.b.WriteString(text)
	p.b.WriteByte('\n')
}

func (p *plainText) finish(d *Document) {
	d.plain = p.b.String()
	d.words = countWords(d.plain)
	d.lead = p.lead
}

// oneLine returns text with each run of spaces and line ends as one space; the
// spaces that typography set stay.
func oneLine(text string) string {
	text = strings.Trim(text, " \t\r\n")
	if !strings.ContainsAny(text, "\t\r\n") && !strings.Contains(text, "  ") {
		return text
	}
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool {
		return r == ' ' || r == '\t' || r == '\r' || r == '\n'
	}), " ")
}

// countWords counts what stands between spaces and holds a letter or a digit;
// "10 000" with the space that typography set is one.
func countWords(text string) int {
	n := 0
	inside := false
	for _, r := range text {
		switch {
		case r == '\u00a0' || !unicode.IsSpace(r) && !unicode.IsLetter(r) && !unicode.IsDigit(r):
		case r == '\u202f':
		case unicode.IsSpace(r):
			inside = false
		case !inside:
			inside = true
			n++
		}
	}
	return n
}

// Text returns the plain text, one block (paragraph, heading, table cell,
// caption…) a line, with typography and inline code, but without the title, code
// blocks, raw HTML, and the numbers of footnotes and citations. Footnotes come last.
func (d *Document) Text() string { return d.plain }

// Words returns how many words [Document.Text] has.
func (d *Document) Words() int { return d.words }

// Summary returns the first paragraph as plain text; where it is longer than
// maxRunes it is cut after a word and ends with "…", that character included in
// the count. It returns "" where there is no paragraph.
func (d *Document) Summary(maxRunes int) string {
	if utf8.RuneCountInString(d.lead) <= maxRunes {
		return d.lead
	}
	cut, last, count := 0, 0, 0
	for i, r := range d.lead {
		if count == max(maxRunes-1, 0) {
			last = i
			if r == ' ' {
				cut = i
			}
			break
		}
		if r == ' ' {
			cut = i
		}
		count++
	}
	if maxRunes < 1 {
		return ""
	}
	if cut == 0 {
		cut = last // one word longer than everything
	}
	return strings.TrimRightFunc(d.lead[:cut], func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune(",;:–—(«", r)
	}) + "…"
}
