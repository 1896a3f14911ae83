package markdown

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// plainText collects a document's text, one block a line. Where a wiki link has
// no text of its own, it holds a mark for the name of the page.
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

// A mark stands for the name of the page that reference n leads to: \x02 n \x03.
// Text has no such characters: [prose] replaces them.
const markStart, markEnd = "\x02", "\x03"

func nameMark(ref int) string { return markStart + strconv.Itoa(ref) + markEnd }

// fillNames puts names in the place of the marks in text.
func fillNames(text string, refs []Reference, name func(Reference) string) string {
	if !strings.Contains(text, markStart) {
		return text
	}
	var b strings.Builder
	for {
		before, after, found := strings.Cut(text, markStart)
		b.WriteString(before)
		if !found {
			return b.String()
		}
		number, rest, _ := strings.Cut(after, markEnd)
		if n, err := strconv.Atoi(number); err == nil && n < len(refs) {
			b.WriteString(oneLine(name(refs[n])))
		}
		text = rest
	}
}

// fill gives the texts of d the names of pages, which are what name says.
func (d *Document) fill(name func(Reference) string) {
	d.nameOf = name
	d.plain = fillNames(d.markedPlain, d.refs, name)
	d.lead = fillNames(d.markedLead, d.refs, name)
	d.words = countWords(d.plain)
	d.headings = slices.Clone(d.headings)
	for i, marked := range d.markedHeadings {
		d.headings[i].Text = fillNames(marked, d.refs, name)
	}
}

// Resolve returns a document like d whose texts (Text, Words, Summary, Headings)
// have what the resolver says for wiki links without a text of their own, rather
// than the names the author wrote. What does not resolve keeps its name and is
// left for [Converter.Render] to report. Ids stay as they are.
func (d *Document) Resolve(r Resolver) *Document {
	resolved := *d
	if strings.Contains(d.markedPlain, markStart) {
		resolved.fill(func(ref Reference) string {
			if res, problem := r.Resolve(ref); problem == nil && res.Text != "" {
				return res.Text
			}
			return ref.name()
		})
	}
	return &resolved
}

// name returns what stands for a wiki link without text, or a fact, before it is
// resolved.
func (r Reference) name() string {
	if r.Kind == KindFact {
		return strings.Trim(r.Target+"."+firstOf(r.Property, r.Fragment), ".")
	}
	return firstOf(r.Target, r.Fragment)
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
// blocks, raw HTML, and the numbers of footnotes and citations. Footnotes come
// last. A wiki link without text counts with the name the author wrote; see
// [Document.Resolve].
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
