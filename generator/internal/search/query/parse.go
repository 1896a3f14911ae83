package query

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Parse reads a query. Every input is one.
func Parse(input string) Query {
	text, rest := read(input)
	p := parser{text: text, open: rest == ""}
	for p.next() {
	}
	if last := len(p.q.Words) - 1; p.open && p.endsInWord && last >= 0 {
		p.q.Words[last].Prefix = true
	}
	p.q.Words = joinWords(p.q.Words)
	for len(p.q.Words) > MaxWords {
		p.ignore(p.q.Words[MaxWords].Text)
		p.q.Words = slices.Delete(p.q.Words, MaxWords, MaxWords+1)
	}
	if rest != "" {
		p.ignore(rest)
	}
	return p.q
}

// String returns the query in its canonical form, which parses to the same query:
// filters, exclusions, phrases, words. If the last word is no prefix, a space
// follows it. What was ignored is gone.
func (q Query) String() string {
	var parts []string
	add := func(before string, values []string) {
		for _, v := range values {
			parts = append(parts, before+v)
		}
	}
	add("kind:", q.Filters.Kinds)
	add("tag:", q.Filters.Tags)
	add("lang:", q.Filters.Langs)
	for _, y := range q.Filters.Years {
		parts = append(parts, y.String())
	}
	for _, t := range q.Without {
		if t.Phrase {
			parts = append(parts, `-"`+t.Text+`"`)
		} else {
			parts = append(parts, "-"+t.Text)
		}
	}
	for _, phrase := range q.Phrases {
		parts = append(parts, `"`+phrase+`"`)
	}
	for _, w := range q.Words {
		parts = append(parts, w.Text)
	}
	if n := len(q.Words); n > 0 && !q.Words[n-1].Prefix {
		parts = append(parts, "")
	}
	return strings.Join(parts, " ")
}

// String returns the range as a filter of the query language.
func (y YearRange) String() string {
	if y.From == y.To {
		return "year:" + year(y.From)
	}
	from, to := "", ""
	if y.From > 0 {
		from = year(y.From)
	}
	if y.To < maxYear {
		to = year(y.To)
	}
	return "year:" + from + ".." + to
}

const maxYear = 9999

func year(n int) string {
	s := strconv.Itoa(n)
	return strings.Repeat("0", max(0, 4-len(s))) + s
}

// read returns the characters of input that count, with plain quotation marks and
// spaces, and what is beyond the limit.
func read(input string) (text, rest string) {
	var b strings.Builder
	n := 0
	for i, r := range input {
		if n++; n > MaxLength {
			return b.String(), readable(input[i:])
		}
		if r, ok := plain(r); ok {
			b.WriteRune(r)
		}
	}
	return b.String(), ""
}

// plain returns a character as the parser reads it; false if it is dropped.
func plain(r rune) (rune, bool) {
	switch {
	case r == '«', r == '»', r == '“', r == '”', r == '„':
		return '"', true
	case r == utf8.RuneError, r == '\t', r == '\n', r == '\r', unicode.Is(unicode.Z, r):
		return ' ', true
	case unicode.Is(unicode.Cc, r), unicode.Is(unicode.Cf, r):
		return 0, false
	}
	return r, true
}

// readable shortens what is ignored to a line.
func readable(s string) string {
	const limit = 64
	var b strings.Builder
	n := 0
	for _, r := range s {
		if r, ok := plain(r); ok {
			if n++; n > limit {
				b.WriteString("…")
				break
			}
			b.WriteRune(r)
		}
	}
	if short := words(b.String()); short != "" {
		return short
	}
	return "…"
}

// words puts one space between words and none around them.
func words(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == ' ' }), " ")
}

type parser struct {
	text       string // what is left
	open       bool   // the text may go on
	endsInWord bool
	q          Query
}

// next reads one item; it reports false at the end.
func (p *parser) next() bool {
	p.text = strings.TrimLeft(p.text, " ")
	if p.text == "" {
		return false
	}
	without := p.text[0] == '-'
	p.text = strings.TrimLeft(p.text, "-")
	p.endsInWord = false
	if quoted, ok := strings.CutPrefix(p.text, `"`); ok {
		phrase, rest, _ := strings.Cut(quoted, `"`)
		p.text = rest
		p.phrase(words(phrase), without)
		return true
	}
	end := strings.IndexAny(p.text, ` "`)
	if end < 0 {
		end = len(p.text)
	}
	word := p.text[:end]
	p.text = p.text[end:]
	switch {
	case p.filter(word, without):
	case !isWord(word):
	case without:
		p.without(Term{Text: word})
	default:
		p.q.Words = append(p.q.Words, Word{Text: word})
		last, _ := utf8.DecodeLastRuneInString(word)
		p.endsInWord = p.text == "" && isAlnum(last)
	}
	return true
}

func (p *parser) phrase(text string, without bool) {
	switch {
	case !isWord(text):
	case without:
		p.without(Term{text, true})
	case len(p.q.Phrases) == MaxPhrases:
		p.ignore(text)
	default:
		p.q.Phrases = append(p.q.Phrases, text)
	}
}

func (p *parser) without(t Term) {
	if len(p.q.Without) == MaxWithout {
		p.ignore("-" + t.Text)
		return
	}
	p.q.Without = append(p.q.Without, t)
}

func (p *parser) ignore(text string) {
	p.q.Ignored = append(p.q.Ignored, text)
}

// filter reads a word that is a filter; it reports false if it is none.
func (p *parser) filter(word string, without bool) bool {
	name, value, named := strings.Cut(word, ":")
	if !named {
		name, value = "", word // may be years
	}
	name, value = strings.ToLower(name), strings.Map(unicode.ToLower, value)
	f := &p.q.Filters
	kept := false
	switch name {
	case "kind":
		f.Kinds, kept = keep(f.Kinds, value, isWord(value) && !without)
	case "tag":
		f.Tags, kept = keep(f.Tags, value, isWord(value) && !without)
	case "lang":
		f.Langs, kept = keep(f.Langs, value, isWord(value) && !without)
	case "year", "":
		years, isYears := parseYears(value, named)
		if name == "" && (named || !isYears) {
			return false
		}
		f.Years, kept = keep(f.Years, years, isYears && !without)
	default:
		return false
	}
	if !kept {
		if without {
			word = "-" + word
		}
		p.ignore(word)
	}
	return true
}

// keep appends a value unless it is there; it reports false if it is not valid or
// there are too many.
func keep[T comparable](values []T, v T, valid bool) ([]T, bool) {
	switch {
	case !valid:
		return values, false
	case slices.Contains(values, v):
		return values, true
	case len(values) == MaxFilters:
		return values, false
	}
	return append(values, v), true
}

// parseYears reads "2024..2026", "2024..", "..2026" and, if a single year will do,
// "2024".
func parseYears(s string, single bool) (YearRange, bool) {
	from, to, isRange := strings.Cut(s, "..")
	if !isRange {
		to = from
	}
	y := YearRange{0, maxYear}
	if !isRange && !single || !readYear(from, &y.From) || !readYear(to, &y.To) || y == (YearRange{0, maxYear}) {
		return YearRange{}, false
	}
	if y.From > y.To {
		y.From, y.To = y.To, y.From
	}
	return y, true
}

// readYear reads a year of four digits into n; an empty one leaves it.
func readYear(s string, n *int) bool {
	if s == "" {
		return true
	}
	if len(s) != 4 || strings.Trim(s, "0123456789") != "" {
		return false
	}
	*n, _ = strconv.Atoi(s)
	return *n > 0
}

// joinWords joins what the analysis reads as one word: groups of thousands, and
// the letter and the number of a law.
func joinWords(words []Word) []Word {
	var out []Word
	for _, w := range words {
		if n := len(out); n > 0 && joins(out[n-1].Text, w.Text) {
			out[n-1] = Word{out[n-1].Text + " " + w.Text, w.Prefix}
			continue
		}
		out = append(out, w)
	}
	return out
}

func joins(before, after string) bool {
	before = strings.TrimLeftFunc(before, func(r rune) bool { return !isAlnum(r) })
	digits := len(after) - len(strings.TrimLeft(after, "0123456789"))
	if digits == 0 {
		return false
	}
	hyphen := len(after) > digits+1 && after[digits] == '-' && '0' <= after[digits+1] && after[digits+1] <= '9'
	switch strings.ToLower(before) {
	case "l.", "r.", "d.":
		return true
	case "l", "r", "d", "a.":
		return hyphen
	}
	next, _ := utf8.DecodeRuneInString(after[digits:])
	return digits == 3 && !isAlnum(next) && isThousands(before)
}

// isThousands reports whether s is a number of at most three digits or of groups
// of three.
func isThousands(s string) bool {
	for i, group := range strings.Split(s, " ") {
		if group == "" || len(group) > 3 || i > 0 && len(group) < 3 || strings.Trim(group, "0123456789") != "" {
			return false
		}
	}
	return s[0] != '0'
}

// isWord reports whether s has a letter or a digit.
func isWord(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) })
}

func isAlnum(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r)
}
