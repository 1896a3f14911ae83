package record

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/token"
)

// syntaxError reports the error that ended the parser.
func (p *yamlParser) syntaxError(err error) {
	var positioned yaml.Error
	if !errors.As(err, &positioned) || positioned.GetToken() == nil {
		p.report(Span{p.base, 0}, "YAML is malformed: %s", firstLine(err.Error()))
		return
	}
	t := positioned.GetToken()
	span := p.tokenSpan(t)
	if tab, ok := p.tabIndent(t.Position.Line); ok {
		p.report(Span{tab, 1}, "indentation has a tab")
		p.suggest("indent with spaces")
		return
	}
	message := firstLine(positioned.GetMessage())
	switch {
	case strings.Contains(message, "mapping value is not allowed"):
		if line := p.src.Line(p.line + t.Position.Line - 1); strings.Count(line, ": ") > 1 || strings.HasSuffix(line, ":") {
			p.report(span, "value has a colon of its own")
			p.suggest(`put it in quotes: "…"`)
		} else {
			p.report(span, "line below this value is indented too far")
			p.suggest("indent the keys of one level alike")
		}
	case strings.Contains(message, "is a reserved character"), strings.Contains(message, "unexpected directive"):
		p.report(Span{span.Offset, min(span.Length, 1)}, "character %q cannot start a text", strings.TrimSpace(t.Value))
		p.suggest(`put the text in quotes: "…"`)
	case strings.Contains(message, "could not find end character of"):
		p.report(Span{span.Offset, 1}, "text has no closing quote")
		p.suggest("close it")
	case strings.Contains(message, "end token"):
		p.report(Span{span.Offset, 1}, "%s", message)
		p.suggest("close the bracket")
	default:
		p.report(span, "YAML is malformed: %s", message)
	}
}

// tabIndent returns the offset of a tab in the indentation of a line of the YAML,
// counted from 1, or of its neighbours, where the parser notices it.
func (p *yamlParser) tabIndent(line int) (int, bool) {
	for n := max(1, line-1); n <= line+1; n++ {
		text := p.src.Line(p.line + n - 1)
		indent := text[:len(text)-len(strings.TrimLeft(text, " \t"))]
		offset := p.src.Offset(p.line+n-1, 1)
		if i := strings.IndexByte(indent, '\t'); i >= 0 && offset+i >= p.base && offset+i < len(p.text) {
			return offset + i, true
		}
	}
	return 0, false
}

// tokenSpan returns where a token stands.
func (p *yamlParser) tokenSpan(t *token.Token) Span {
	if t == nil {
		return Span{p.base, 0}
	}
	column := t.Position.Column
	if t.Position.Line == 1 {
		column += p.column
	}
	offset := min(max(p.offset(p.line+t.Position.Line-1, column), p.base), len(p.text))
	rest := p.text[offset:]
	if trimmed := strings.TrimLeft(rest, " \t"); t.Type != token.NullType && t.Type != token.ImplicitNullType {
		offset, rest = offset+len(rest)-len(trimmed), trimmed
	}
	return Span{offset, tokenLength(t, rest)}
}

// offset returns the offset of a line and column. Tokens mostly come in their
// order, so it goes on from where it was: a long line costs no more than others.
func (p *yamlParser) offset(line, column int) int {
	if line != p.last.line || column < p.last.column {
		p.last.line, p.last.column, p.last.offset = line, 1, p.src.Offset(line, 1)
	}
	for p.last.column < column && p.last.offset < len(p.text) && p.text[p.last.offset] != '\n' {
		_, size := utf8.DecodeRuneInString(p.text[p.last.offset:])
		p.last.offset += size
		p.last.column++
	}
	return p.last.offset
}

// tokenLength returns how many bytes of rest, which starts with the token, it
// covers.
func tokenLength(t *token.Token, rest string) int {
	switch t.Type {
	case token.DoubleQuoteType:
		for i := 1; i < len(rest); i++ {
			switch rest[i] {
			case '\\':
				i++
			case '"':
				return i + 1
			}
		}
	case token.SingleQuoteType:
		for i := 1; i < len(rest); i++ {
			if rest[i] != '\'' {
				continue
			}
			if i+1 < len(rest) && rest[i+1] == '\'' {
				i++
				continue
			}
			return i + 1
		}
	case token.NullType, token.ImplicitNullType:
		if !strings.HasPrefix(rest, t.Value) {
			return 0
		}
		return len(t.Value)
	}
	for _, text := range []string{t.Value, strings.TrimSpace(t.Origin)} {
		if text != "" && strings.HasPrefix(rest, text) {
			return len(text)
		}
	}
	line, _, _ := strings.Cut(rest, "\n")
	return len(strings.TrimRight(line, " \t\r"))
}

func (p *yamlParser) report(span Span, format string, args ...any) {
	p.list = append(p.list, p.src.Errorf(span.Offset, span.Length, "yaml-syntax", format, args...))
}

// suggest sets the cure of the last diagnostic.
func (p *yamlParser) suggest(format string, args ...any) {
	last := len(p.list) - 1
	p.list[last] = p.list[last].WithSuggestion("%s", fmt.Sprintf(format, args...))
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}
