package record

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2/unstable"
)

// syntaxError reports the error that ended the parser, in words for somebody who
// writes TOML once a month.
func (p *tomlParser) syntaxError(parser *unstable.Parser, err error) {
	offset, length := len(p.data), 0
	var at *unstable.ParserError
	if errors.As(err, &at) && cap(at.Highlight) > 0 {
		r := parser.Range(at.Highlight)
		offset, length = int(r.Offset), int(r.Length)
	}
	for offset > 0 && offset < len(p.data) && !utf8.RuneStart(p.data[offset]) {
		offset--
	}
	r, size := utf8.DecodeRune(p.data[offset:])
	rest := p.restOfLine(offset)
	message := strings.TrimPrefix(err.Error(), "toml: ")
	says := func(part string) bool { return strings.Contains(message, part) }

	switch {
	case says("at start of value"), says("expected keyword"), says("expected value, not end of input"):
		p.badValue(offset, r)
	case says("expected '=' after key"):
		p.report(offset, size, "toml-syntax", "key has no = behind it")
		if r == ':' {
			p.suggest("write key = value; key: value is YAML, which stands between --- lines")
		} else {
			p.suggest("write key = value; a key with spaces or accents stands in quotes")
		}
	case says("at start of key"):
		p.report(offset, size, "toml-syntax", "character %q cannot start a key", r)
		if unicode.IsLetter(r) {
			p.suggest(`put the key in quotes: "…"`)
		}
	case says("expected newline"):
		p.report(offset, len(rest), "toml-syntax", "line goes on after its value")
		p.suggest(`write one key a line; write a quote inside a text as \"`)
	case says("cannot have new lines"), says("unterminated"), says("not terminated"):
		p.report(p.openQuote(offset), 1, "toml-syntax", "text has no closing quote")
		p.suggest("close it; a text of several lines stands between three quotes")
	case says("leading zeroes"):
		p.report(offset, length, "toml-syntax", "number %s starts with a zero", p.data[offset:offset+length])
		p.suggest("remove the zero, or put it in quotes if it is a text")
	case says("invalid escape"):
		p.report(offset, length, "toml-syntax", "escape %s is unknown", p.data[offset:offset+length])
		p.suggest(`write a backslash as \\, or put the text in single quotes`)
	case says("after array value"), says("array is incomplete"):
		p.report(offset, size, "toml-syntax", "array is not closed, or lacks a comma")
		p.suggest("write , or ]")
	case says("inline table is incomplete"), says("after inline table"):
		p.report(offset, size, "toml-syntax", "table is not closed, or lacks a comma")
		p.suggest("write , or }")
	case says("close table name"), says("close array table name"):
		p.report(offset, 0, "toml-syntax", "header is not closed")
		p.suggest("write ], or ]] for an element of an array")
	default:
		p.report(offset, length, "toml-syntax", "TOML is malformed: %s", message)
	}
}

// badValue reports what stands at offset in the place of a value.
func (p *tomlParser) badValue(offset int, first rune) {
	word := p.restOfLine(offset)
	line := p.data[bytes.LastIndexByte(p.data[:offset], '\n')+1 : offset]
	if i := strings.IndexAny(word, ",]}"); i >= 0 && bytes.ContainsAny(line, "[{") {
		word = strings.TrimRight(word[:i], " ")
	}
	p.report(offset, len(word), "toml-syntax", "value %s is not TOML", word)
	bare := strings.Trim(word, `"'“”«»‘’ `)
	switch {
	case word == "":
		p.list[len(p.list)-1].Message = "value is missing"
		p.suggest("write one")
	case bare == "" || strings.ContainsAny(bare, `"\`):
		p.suggest(`put a text in quotes: "…"`)
	case strings.EqualFold(bare, "true"), strings.EqualFold(bare, "yes"):
		p.suggest("write true")
	case strings.EqualFold(bare, "false"), strings.EqualFold(bare, "no"):
		p.suggest("write false")
	default:
		p.suggest(fmt.Sprintf(`write "%s"`, bare))
	}
}

// openQuote returns the offset of the quote that opens the text which the parser
// found unclosed at offset.
func (p *tomlParser) openQuote(offset int) int {
	before := p.data[:offset]
	if long := max(bytes.LastIndex(before, []byte(`"""`)), bytes.LastIndex(before, []byte("'''"))); long >= 0 &&
		bytes.IndexByte(before[long:], '\n') >= 0 {
		return long
	}
	start := bytes.LastIndexByte(before, '\n') + 1
	open := -1
	for i := start; i < offset; i++ {
		switch c := p.data[i]; {
		case open >= 0 && c == '\\' && p.data[open] == '"':
			i++
		case open >= 0 && c == p.data[open]:
			open = -1
		case open < 0 && (c == '"' || c == '\''):
			open = i
		}
	}
	if open < 0 {
		return offset
	}
	return open
}

// suggest sets the cure of the last diagnostic.
func (p *tomlParser) suggest(cure string) {
	last := len(p.list) - 1
	p.list[last] = p.list[last].WithSuggestion("%s", cure)
}

// restOfLine returns the rest of offset's line without comment and white space at
// its end.
func (p *tomlParser) restOfLine(offset int) string {
	rest, _, _ := bytes.Cut(p.data[min(offset, len(p.data)):], []byte("\n"))
	rest, _, _ = bytes.Cut(rest, []byte(" #"))
	return string(bytes.TrimRight(rest, " \t\r"))
}

// lineOffset returns the offset of the first byte of the 1-based line n.
func lineOffset(data []byte, n int) int {
	offset := 0
	for range n - 1 {
		i := bytes.IndexByte(data[offset:], '\n')
		if i < 0 {
			return len(data)
		}
		offset += i + 1
	}
	return offset
}
