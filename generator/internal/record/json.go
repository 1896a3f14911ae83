package record

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"vigie/generator/internal/diag"
)

// jsonMaxNesting is how deep JSON may be nested.
const jsonMaxNesting = 100

// ParseJSON reads one JSON object (RFC 8259) from the bytes of src from offset from on,
// up to offset to at most, and returns the offset behind it. A syntax error ends the
// reading and gives one diagnostic; keys given twice give one each. The table is
// complete only where the list has no errors, and never nil.
func ParseJSON(src *diag.Source, from, to int) (table *Table, end int, list diag.List) {
	from, to = clampRange(src, from, to)
	p := &jsonParser{src: src, base: from, text: src.Text()[from:to]}
	p.decoder = json.NewDecoder(bytes.NewReader(p.text))
	p.decoder.UseNumber()
	root := newTable(src, Span{from, 0}, formatJSON)
	v, err := p.value(0)
	if err != nil {
		p.syntaxError(err)
		return root, from, p.list
	}
	end = v.span.End()
	if v.table == nil {
		p.report(v.span, "JSON is %s, want an object", v.kind)
		return root, end, p.list
	}
	return v.table, end, p.list
}

// jsonParser walks the tokens of encoding/json, which tells where each one ends.
type jsonParser struct {
	src     *diag.Source
	base    int // offset of text in src
	text    []byte
	decoder *json.Decoder
	list    diag.List
}

var errJSONDepth = errors.New("JSON is nested too deep")

// token returns the next token and where it stands.
func (p *jsonParser) token() (json.Token, Span, error) {
	before := int(p.decoder.InputOffset())
	t, err := p.decoder.Token()
	if err != nil {
		return nil, Span{}, err
	}
	after := int(p.decoder.InputOffset())
	start := before + len(p.text[before:after]) - len(bytes.TrimLeft(p.text[before:after], " \t\r\n,:"))
	return t, Span{p.base + start, after - start}, nil
}

func (p *jsonParser) value(depth int) (Value, error) {
	t, span, err := p.token()
	if err != nil {
		return Value{}, err
	}
	v := Value{source: p.src, span: span}
	switch t := t.(type) {
	case nil:
		v.kind = KindNull
	case bool:
		v.kind, v.boolean = KindBool, t
	case string:
		v.kind, v.text = KindString, t
	case json.Number:
		p.number(&v, t)
	case json.Delim:
		if depth == jsonMaxNesting {
			return v, errJSONDepth
		}
		if t == '[' {
			return v, p.array(&v, depth)
		}
		return v, p.object(&v, depth)
	}
	return v, nil
}

func (p *jsonParser) number(v *Value, n json.Number) {
	if i, err := n.Int64(); err == nil {
		v.kind, v.integer = KindInteger, i
		return
	}
	f, err := strconv.ParseFloat(n.String(), 64)
	if err != nil {
		p.report(v.span, "number %s is out of range", n)
	}
	v.kind, v.float = KindFloat, f
}

func (p *jsonParser) array(v *Value, depth int) error {
	v.kind = KindArray
	for p.decoder.More() {
		e, err := p.value(depth + 1)
		if err != nil {
			return err
		}
		v.array = append(v.array, e)
	}
	return p.close(v)
}

func (p *jsonParser) object(v *Value, depth int) error {
	t := newTable(p.src, v.span, formatJSON)
	for p.decoder.More() {
		name, key, err := p.token()
		if err != nil {
			return err
		}
		inner, err := p.value(depth + 1)
		if err != nil {
			return err
		}
		if !t.add(name.(string), key, inner) && len(p.list) < maxDuplicates {
			p.list = append(p.list, duplicateKey(t, name.(string), key))
		}
	}
	if err := p.close(v); err != nil {
		return err
	}
	t.span = v.span
	v.kind, v.table = KindTable, t
	return nil
}

// close reads the bracket that ends an array or object.
func (p *jsonParser) close(v *Value) error {
	_, span, err := p.token()
	if err == nil {
		v.span.Length = span.End() - v.span.Offset
	}
	return err
}

// syntaxError reports the error that ended the reading.
func (p *jsonParser) syntaxError(err error) {
	at := int(p.decoder.InputOffset())
	for at < len(p.text) && strings.IndexByte(" \t\r\n", p.text[at]) >= 0 {
		at++
	}
	var syntax *json.SyntaxError
	message := err.Error()
	says := func(part string) bool { return strings.Contains(message, part) }
	if errors.As(err, &syntax) && syntax.Offset > int64(at) && int(syntax.Offset) <= len(p.text) {
		at = int(syntax.Offset) - 1
	}
	for at > 0 && at < len(p.text) && !utf8.RuneStart(p.text[at]) {
		at--
	}
	_, size := utf8.DecodeRune(p.text[at:])
	span := Span{p.base + at, size}
	before := bytes.TrimRight(p.text[:at], " \t\r\n")
	found := strings.TrimSpace(string(p.text[at : at+size]))
	switch {
	case errors.Is(err, errJSONDepth):
		p.report(span, "JSON is nested more than %d levels deep", jsonMaxNesting)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), says("unexpected end"):
		p.report(Span{p.base, 1}, "JSON is not closed")
		p.suggest("write } behind its last key")
	case (found == "}" || found == "]") && bytes.HasSuffix(before, []byte(",")):
		p.report(Span{p.base + len(before) - 1, 1}, "comma stands behind the last element")
		p.suggest("remove it")
	case says("after object key:value pair"), says("after object key"), says("after array element"), says("after top-level"):
		p.report(span, "comma or colon is missing before %q", found)
		p.suggest("write key, colon, value, and a comma between two of them")
	case says("in string literal"):
		p.report(span, "text has a line end or a control character in it")
		p.suggest(`write a line end as \n, and close the text with "`)
	case says("escape"):
		p.report(span, "escape is unknown")
		p.suggest(`write a backslash as \\`)
	case found == "/":
		p.report(span, "JSON has no comments")
		p.suggest("remove it")
	default:
		p.report(span, "JSON is malformed at %q", found)
		p.suggest(`put keys and texts in quotes: "…"`)
	}
}

func (p *jsonParser) report(span Span, format string, args ...any) {
	p.list = append(p.list, p.src.Errorf(span.Offset, span.Length, "json-syntax", format, args...))
}

func (p *jsonParser) suggest(cure string) {
	p.list[len(p.list)-1] = p.list[len(p.list)-1].WithSuggestion("%s", cure)
}
