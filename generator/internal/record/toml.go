package record

import (
	"bytes"
	"errors"
	"math"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"

	"vigie/generator/internal/diag"
)

// ParseTOML reads the bytes of src from offset from up to offset to as TOML
// (toml.io, version 1.0). A syntax error ends the reading and gives one
// diagnostic; keys given twice give one each. The table is complete only where
// the list has no errors, and never nil.
func ParseTOML(src *diag.Source, from, to int) (*Table, diag.List) {
	p := newTOMLParser(src, from, to)
	p.parse()
	return p.root, p.list
}

// tomlParser walks the expressions of go-toml's parser, which alone knows where
// things stand. Its parser for values alone knows the rules that span
// expressions, such as which tables may be opened again, so [tomlParser.check]
// asks that one too.
type tomlParser struct {
	src  *diag.Source
	base int    // offset of data in src
	data []byte // the TOML
	root *Table
	list diag.List
	// numbers are the dates and numbers read, which only check judges.
	numbers []number
	// sealed holds the inline tables, which nothing can be added to.
	sealed map[*Table]bool
	// doubtful tells that there is something only check can judge.
	doubtful bool
}

// number is where a date or a number stands.
type number struct {
	kind Kind
	span Span
}

func newTOMLParser(src *diag.Source, from, to int) *tomlParser {
	from, to = clampRange(src, from, to)
	return &tomlParser{
		src:  src,
		base: from,
		data: src.Text()[from:to:to],
		root: newTable(src, Span{from, to - from}, formatTOML),
	}
}

// parsers are go-toml's, which keep room for the nodes of the next text.
var parsers = sync.Pool{New: func() any { return new(unstable.Parser) }}

func (p *tomlParser) parse() {
	parser := parsers.Get().(*unstable.Parser)
	defer parsers.Put(parser)
	parser.Reset(p.data)
	current := p.root
	for parser.NextExpression() {
		e := parser.Expression()
		switch e.Kind {
		case unstable.KeyValue:
			p.keyValue(current, e)
		case unstable.Table:
			current = p.header(e, false)
		case unstable.ArrayTable:
			current = p.header(e, true)
		}
	}
	if err := parser.Error(); err != nil {
		p.syntaxError(parser, err)
		return
	}
	if p.doubtful && !p.list.HasErrors() {
		p.check()
	}
}

// check reports what is wrong beyond a single expression: days that do not exist,
// numbers out of range, tables opened twice. Reading everything once more, it is
// asked only where something is doubtful: most front matter has plain keys and values.
func (p *tomlParser) check() {
	var ignored map[string]any
	err := toml.Unmarshal(p.data, &ignored)
	if err == nil {
		return
	}
	message := strings.TrimPrefix(err.Error(), "toml: ")
	var at *toml.DecodeError
	if !errors.As(err, &at) {
		p.report(0, 0, "toml-syntax", "TOML is malformed: %s", message)
		return
	}
	line, column := at.Position()
	offset := lineOffset(p.data, line) + column - 1
	if v, ok := p.scalarAt(p.base + offset); ok {
		p.badScalar(v, message)
		return
	}
	if !strings.Contains(message, "already") {
		p.report(offset, 0, "toml-syntax", "TOML is malformed: %s", message)
		return
	}
	length, key := 0, at.Key()
	if len(key) > 0 && bytes.HasPrefix(p.data[min(offset, len(p.data)):], []byte(key[0])) {
		length = len(key[0])
	}
	p.report(offset, length, "duplicate-key", "%s", message)
	p.suggest("remove one")
	table := p.root
	for i, name := range key {
		v, _ := table.Get(name)
		next, ok := v.AsTable()
		if i == len(key)-1 || !ok {
			if first := table.KeySpan(name).Offset; first < p.base+offset {
				p.list[0] = p.list[0].WithNote(p.src.Position(first), "it was given here first")
			}
			return
		}
		table = next
	}
}

// scalarAt returns the date or number that stands at an offset in the source.
func (p *tomlParser) scalarAt(offset int) (number, bool) {
	for _, n := range p.numbers {
		if n.span.Offset <= offset && offset <= n.span.End() {
			return n, true
		}
	}
	return number{}, false
}

// badScalar reports a date or a number that only looks like one.
func (p *tomlParser) badScalar(n number, message string) {
	raw := p.src.Text()[n.span.Offset:n.span.End()]
	start := n.span.Offset - p.base
	switch {
	case n.kind == KindDateTime && looksLikeDate(string(raw)):
		p.report(start, len(raw), "toml-syntax", "date %s does not exist", raw)
	case n.kind == KindDateTime:
		p.report(start, len(raw), "toml-syntax", "date %s is not written in full", raw)
		p.suggest("write 2025-04-17 or 2025-04-17T09:00:00+02:00")
	default:
		p.report(start, len(raw), "toml-syntax", "number %s is malformed: %s", raw, message)
		p.suggest("put it in quotes if it is a text")
	}
}

// report adds an error about length bytes of the TOML from offset on.
func (p *tomlParser) report(offset, length int, rule, format string, args ...any) {
	p.list = append(p.list, p.src.Errorf(p.base+offset, length, rule, format, args...))
}

// span returns the place in the source of a range of the TOML.
func (p *tomlParser) span(from, to int) Span { return Span{p.base + from, to - from} }

// header opens the table that [a.b] or [[a.b]] names and returns it.
func (p *tomlParser) header(e *unstable.Node, element bool) *Table {
	var parts []*unstable.Node
	for it := e.Key(); it.Next(); {
		parts = append(parts, it.Node())
	}
	// The header from its first bracket to its last.
	brackets := 1
	if element {
		brackets = 2
	}
	first, last := parts[0].Raw, parts[len(parts)-1].Raw
	from := bytes.LastIndexByte(p.data[:first.Offset], '[') + 1 - brackets
	to := int(last.Offset + last.Length)
	to += bytes.IndexByte(p.data[to:], ']') + brackets
	place := p.span(from, to)

	table := p.root
	p.doubtful = p.doubtful || len(parts) > 1
	for i, part := range parts {
		name, key := string(part.Data), p.keySpan(part)
		existing, found := table.Get(name)
		p.doubtful = p.doubtful || found && !(element && p.opened(existing))
		if i == len(parts)-1 && element {
			next := newTable(p.src, place, formatTOML)
			list, isArray := existing.AsArray()
			if found && !isArray {
				p.duplicate(table, name, key)
				return next
			}
			if !found {
				existing = Value{kind: KindArray, span: place, source: p.src}
			}
			existing.array = append(list, tableValue(next))
			table.put(name, key, existing)
			return next
		}
		if !found {
			next := newTable(p.src, place, formatTOML)
			table.add(name, key, tableValue(next))
			table = next
			continue
		}
		next, ok := existing.AsTable()
		if list, isArray := existing.AsArray(); isArray && len(list) > 0 {
			next, ok = list[len(list)-1].AsTable()
		}
		if !ok || p.sealed[next] {
			p.duplicate(table, name, key)
			return newTable(p.src, place, formatTOML)
		}
		table = next
	}
	return table
}

// opened tells whether v is an array of tables that headers made.
func (p *tomlParser) opened(v Value) bool {
	return len(v.array) > 0 && v.array[0].kind == KindTable && !p.sealed[v.array[0].table]
}

// keyValue adds an expression's key, which may be dotted, and value to table.
func (p *tomlParser) keyValue(table *Table, e *unstable.Node) {
	for it := e.Key(); it.Next(); {
		part := it.Node()
		name, key := string(part.Data), p.keySpan(part)
		if it.IsLast() {
			start := p.skipTo(int(part.Raw.Offset+part.Raw.Length), " \t=")
			value, _ := p.value(e.Value(), start)
			if !table.add(name, key, value) {
				p.duplicate(table, name, key)
			}
			return
		}
		p.doubtful = true
		existing, found := table.Get(name)
		next, ok := existing.AsTable()
		switch {
		case !found:
			next = newTable(p.src, key, formatTOML)
			table.add(name, key, tableValue(next))
		case !ok || p.sealed[next]:
			p.duplicate(table, name, key)
			return
		}
		table = next
	}
}

func (p *tomlParser) keySpan(key *unstable.Node) Span {
	return p.span(int(key.Raw.Offset), int(key.Raw.Offset+key.Raw.Length))
}

func (p *tomlParser) duplicate(table *Table, name string, key Span) {
	if len(p.list) < maxDuplicates {
		p.list = append(p.list, duplicateKey(table, name, key))
	}
}

// value returns the value of a node that starts at start, and where it ends. The
// parser gives no range for arrays and inline tables, so they are followed from
// element to element.
func (p *tomlParser) value(n *unstable.Node, start int) (Value, int) {
	v := Value{source: p.src}
	end := int(n.Raw.Offset + n.Raw.Length)
	switch n.Kind {
	case unstable.Array:
		v.kind = KindArray
		end = start + 1
		for it := n.Children(); it.Next(); {
			var element Value
			element, end = p.value(it.Node(), p.skip(end))
			v.array = append(v.array, element)
		}
		end = p.skip(end) + 1
	case unstable.InlineTable:
		v.kind = KindTable
		v.table = newTable(p.src, Span{}, formatTOML)
		end = start + 1
		for it := n.Children(); it.Next(); {
			p.keyValue(v.table, it.Node())
			end = int(it.Node().Raw.Offset + it.Node().Raw.Length)
		}
		end = p.skip(end) + 1
		v.table.span = p.span(start, end)
		if p.sealed == nil {
			p.sealed = map[*Table]bool{}
		}
		p.sealed[v.table] = true
	default:
		start = int(n.Raw.Offset)
		p.scalar(&v, n)
	}
	v.span = p.span(start, end)
	switch v.kind {
	case KindInteger, KindFloat, KindDateTime:
		p.numbers = append(p.numbers, number{v.kind, v.span})
	}
	return v, end
}

// scalar reads the value of a node that is neither an array nor a table. What is
// wrong with it [tomlParser.check] says.
func (p *tomlParser) scalar(v *Value, n *unstable.Node) {
	raw := string(n.Data)
	sure := true
	switch n.Kind {
	case unstable.String:
		v.kind, v.text = KindString, raw
	case unstable.Bool:
		v.kind, v.boolean = KindBool, raw == "true"
	case unstable.Integer:
		var err error
		v.kind = KindInteger
		v.integer, err = strconv.ParseInt(raw, 0, 64)
		sure = err == nil
	case unstable.Float:
		v.kind, v.float = KindFloat, math.NaN()
		if !strings.HasSuffix(raw, "nan") {
			var err error
			v.float, err = strconv.ParseFloat(strings.ReplaceAll(raw, "_", ""), 64)
			sure = err == nil
		}
	default:
		date, ok := parseDateTime(raw)
		v.kind, v.text, v.date = KindDateTime, raw, &date
		sure = ok && isStrict(date)
	}
	p.doubtful = p.doubtful || !sure
}

// isStrict tells whether a date is a day, or written as Go writes RFC 3339: package
// time reads more than TOML allows.
func isStrict(d DateTime) bool {
	if d.Form != ZonedDateTime {
		return d.Form == DateOnly
	}
	const day = 24 * 60 * 60
	_, offset := d.wall.Zone()
	return -day < offset && offset < day && d.wall.Format(time.RFC3339) == d.Raw
}

// skip returns the offset of the first byte at or after offset that is neither
// white space, nor a comma, nor in a comment.
func (p *tomlParser) skip(offset int) int {
	for {
		offset = p.skipTo(offset, " \t\r\n,")
		if offset >= len(p.data) || p.data[offset] != '#' {
			return offset
		}
		end := bytes.IndexByte(p.data[offset:], '\n')
		if end < 0 {
			return len(p.data)
		}
		offset += end
	}
}

// skipTo returns the offset of the first byte at or after offset that is not in set.
func (p *tomlParser) skipTo(offset int, set string) int {
	for offset < len(p.data) && strings.IndexByte(set, p.data[offset]) >= 0 {
		offset++
	}
	return offset
}
