package record

import (
	"math"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"vigie/generator/internal/diag"
)

// The bounds of YAML that is read. The parser works recursively, keeps a path for
// every node and takes time that grows with the square of the keys, and aliases
// multiply: without bounds, a small file could take all memory there is.
const (
	yamlMaxBytes   = 128 << 10
	yamlMaxNesting = 100
	yamlMaxValues  = 100_000 // with every alias counted as what it stands for
)

// ParseYAML reads the bytes of src from offset from up to offset to as one YAML
// document (yaml.org, version 1.2) of at most 128 KiB that is a mapping. Anchors,
// aliases and merge keys are followed, within bounds; plain scalars that look like
// dates are dates. A syntax error ends the reading and gives one diagnostic; keys
// given twice give one each. The table is complete only where the list has no
// errors, and never nil.
func ParseYAML(src *diag.Source, from, to int) (*Table, diag.List) {
	from, to = clampRange(src, from, to)
	p := &yamlParser{
		src:  src,
		base: from,
		text: string(src.Text()[:to]),
		line: src.Position(from).Line,
		root: newTable(src, Span{from, to - from}, formatYAML),
	}
	p.column = src.Position(from).Col - 1
	// The tokenizer counts some CRLF twice.
	p.parse(strings.ReplaceAll(p.text[from:], "\r\n", "\n"))
	return p.root, p.list
}

// yamlParser turns the syntax tree of go-yaml into tables. It goes by the lines
// and columns of the tokens: their offsets drift with line ends and accents.
type yamlParser struct {
	src     *diag.Source
	base    int                                // offset of the YAML in src
	text    string                             // of src up to the YAML's end
	line    int                                // line of base
	column  int                                // characters before base on its line
	last    struct{ line, column, offset int } // what offset found last
	root    *Table
	anchors map[string]anchored
	values  int
	list    diag.List
}

// anchored is what an anchor stands for and how many values that is.
type anchored struct {
	value Value
	size  int
}

func (p *yamlParser) parse(text string) {
	if len(text) > yamlMaxBytes {
		p.report(Span{p.base, 0}, "YAML is larger than %d KiB", yamlMaxBytes>>10)
		return
	}
	tokens, ok := p.tokenize(text)
	if !ok || !p.bounded(tokens) {
		return
	}
	file, ok := p.syntaxTree(tokens)
	if !ok {
		return
	}
	p.anchors = map[string]anchored{}
	found := false
	for _, doc := range file.Docs {
		if doc.Body == nil {
			continue
		}
		if found {
			p.report(p.tokenSpan(doc.Start), "document is the second one")
			p.suggest("write a single one")
			return
		}
		found = true
		p.document(doc.Body)
	}
}

func (p *yamlParser) document(body ast.Node) {
	switch body.(type) {
	case *ast.CommentGroupNode, *ast.NullNode:
		return
	}
	v := p.value(body)
	switch {
	case v.kind == KindTable:
		p.root.entries, p.root.places = v.table.entries, v.table.places
	case !p.list.HasErrors():
		p.report(Span{v.span.Offset, 0}, "YAML is %s, want keys with values", v.kind)
		p.suggest("write key: value")
	}
}

// tokenize splits text into tokens. The libraries are known to panic on some
// malformed input; that is an error of the input like any other.
func (p *yamlParser) tokenize(text string) (tokens token.Tokens, ok bool) {
	defer func() {
		if recover() != nil {
			p.report(Span{p.base, 0}, "YAML is malformed")
			ok = false
		}
	}()
	return lexer.Tokenize(text), true
}

// syntaxTree parses tokens, reporting the syntax error if there is one.
func (p *yamlParser) syntaxTree(tokens token.Tokens) (file *ast.File, ok bool) {
	defer func() {
		if recover() != nil {
			p.report(Span{p.base, 0}, "YAML is malformed")
			ok = false
		}
	}()
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		p.syntaxError(err)
		return nil, false
	}
	return file, true
}

// bounded tells whether what tokens say is nested moderately. A line of a block can
// open a level with each of its indicators; deeper indentation has to be paid for
// in spaces, and so is bounded by the size.
func (p *yamlParser) bounded(tokens token.Tokens) bool {
	flow, line, onLine := 0, 0, 0
	for _, t := range tokens {
		if t.Position.Line != line {
			line, onLine = t.Position.Line, 0
		}
		switch t.Type {
		case token.SequenceStartType, token.MappingStartType:
			flow++
		case token.SequenceEndType, token.MappingEndType:
			flow--
		case token.SequenceEntryType, token.MappingKeyType, token.AnchorType, token.TagType:
			if flow <= 0 {
				onLine++
			}
		}
		if max(flow, onLine) > yamlMaxNesting {
			p.report(p.tokenSpan(t), "YAML is nested more than %d levels deep", yamlMaxNesting)
			return false
		}
	}
	return true
}

// value converts a node.
func (p *yamlParser) value(n ast.Node) Value {
	p.values++
	if p.values > yamlMaxValues {
		return p.tooMany(n)
	}
	v := Value{source: p.src}
	switch n := n.(type) {
	case nil:
		v.kind = KindNull
		return v
	case *ast.AnchorNode:
		return p.anchor(n)
	case *ast.AliasNode:
		return p.alias(n)
	case *ast.TagNode:
		return p.tag(n)
	case *ast.MappingNode:
		return p.mapping(n, n.Values)
	case *ast.MappingValueNode:
		return p.mapping(nil, []*ast.MappingValueNode{n})
	case *ast.SequenceNode:
		return p.sequence(n)
	}
	v.span = p.tokenSpan(n.GetToken())
	switch n := n.(type) {
	case *ast.NullNode, *ast.CommentGroupNode:
		v.kind = KindNull
	case *ast.StringNode:
		p.scalar(&v, n)
	case *ast.LiteralNode:
		v.kind, v.text = KindString, n.Value.Value
	case *ast.BoolNode:
		v.kind, v.boolean = KindBool, n.Value
	case *ast.IntegerNode:
		v.kind = KindInteger
		switch number := n.Value.(type) {
		case int64:
			v.integer = number
		case uint64:
			if number > math.MaxInt64 {
				p.report(v.span, "integer %s is out of range", n.Token.Value)
				return v
			}
			v.integer = int64(number)
		}
	case *ast.FloatNode:
		v.kind, v.float = KindFloat, n.Value
	case *ast.InfinityNode:
		v.kind, v.float = KindFloat, n.Value
	case *ast.NanNode:
		v.kind, v.float = KindFloat, math.NaN()
	default:
		p.report(v.span, "value %s is not allowed here", n.GetToken().Value)
	}
	return v
}

// scalar reads a string, or a date where it is plain and looks like one.
func (p *yamlParser) scalar(v *Value, n *ast.StringNode) {
	v.kind, v.text = KindString, n.Value
	if n.Token.Type != token.StringType || !looksLikeDate(n.Value) {
		return
	}
	date, ok := parseDateTime(n.Value)
	if !ok {
		p.report(v.span, "date %s does not exist", n.Value)
		p.suggest("write 2025-04-17 or 2025-04-17T09:00:00+02:00, or put it in quotes")
		return
	}
	v.kind, v.date = KindDateTime, &date
}

func (p *yamlParser) anchor(n *ast.AnchorNode) Value {
	before := p.values
	v := p.value(n.Value)
	if n.Name != nil {
		p.anchors[n.Name.GetToken().Value] = anchored{v, p.values - before}
	}
	return v
}

func (p *yamlParser) alias(n *ast.AliasNode) Value {
	name := ""
	span := p.tokenSpan(n.GetToken())
	if n.Value != nil {
		name = n.Value.GetToken().Value
		span.Length = max(span.Length, p.tokenSpan(n.Value.GetToken()).End()-span.Offset)
	}
	a, ok := p.anchors[name]
	if !ok {
		p.report(span, "anchor %q is unknown", name)
		p.suggest("define it before as &%s, or put the text in quotes", name)
		return Value{source: p.src, span: span}
	}
	if p.values += a.size; p.values > yamlMaxValues {
		return p.tooMany(n)
	}
	// The value stands where it is used: that is the line to look at.
	v := a.value
	v.span = span
	return v
}

// tooMany reports once that the bound of values is passed.
func (p *yamlParser) tooMany(n ast.Node) Value {
	v := Value{source: p.src}
	if n != nil {
		v.span = p.tokenSpan(n.GetToken())
	}
	if p.values < 2*yamlMaxValues {
		p.values = 2 * yamlMaxValues
		p.report(v.span, "YAML has more than %d values, aliases counted", yamlMaxValues)
	}
	return v
}

// tag follows the tags of YAML's core schema as far as they say what the value is
// anyway; !!str makes a string of any scalar.
func (p *yamlParser) tag(n *ast.TagNode) Value {
	name := n.GetToken().Value
	if name == "!!str" {
		if scalar, ok := n.Value.(ast.ScalarNode); ok {
			v := Value{source: p.src, kind: KindString, span: p.tokenSpan(scalar.GetToken()), text: scalar.GetToken().Value}
			if literal, ok := scalar.(*ast.LiteralNode); ok {
				v.text = literal.Value.Value
			}
			return v
		}
	}
	switch name {
	case "!!str", "!!int", "!!float", "!!bool", "!!null", "!!map", "!!seq", "!!timestamp":
		return p.value(n.Value)
	}
	span := p.tokenSpan(n.GetToken())
	p.report(span, "tag %s is not supported", name)
	p.suggest("remove it")
	return Value{source: p.src, span: span}
}

func (p *yamlParser) sequence(n *ast.SequenceNode) Value {
	start := p.tokenSpan(n.GetToken())
	v := Value{source: p.src, kind: KindArray, span: start}
	for _, element := range n.Values {
		e := p.value(element)
		v.array = append(v.array, e)
		v.span.Length = max(v.span.Length, e.span.End()-start.Offset)
	}
	if n.IsFlowStyle && n.End != nil {
		v.span.Length = p.tokenSpan(n.End).End() - start.Offset
	}
	return v
}

func (p *yamlParser) mapping(n *ast.MappingNode, values []*ast.MappingValueNode) Value {
	t := newTable(p.src, Span{}, formatYAML)
	var merged []*Table
	start, end := -1, 0
	for _, entry := range values {
		name, key, ok := p.key(entry.Key)
		if start < 0 {
			start, end = key.Offset, key.End()
		}
		v := p.value(entry.Value)
		if v.span == (Span{}) {
			v.span = Span{key.End(), 0}
		}
		end = max(end, v.span.End())
		if _, isMerge := entry.Key.(*ast.MergeKeyNode); isMerge {
			merged = append(merged, p.merged(v)...)
			continue
		}
		if ok && !t.add(name, key, v) && len(p.list) < maxDuplicates {
			p.list = append(p.list, duplicateKey(t, name, key))
		}
	}
	// A key of the mapping itself goes before a merged one, an earlier merged
	// mapping before a later one.
	for _, m := range merged {
		for _, e := range m.entries {
			t.add(e.name, e.key, e.value)
		}
	}
	if n != nil && n.IsFlowStyle {
		start = p.tokenSpan(n.Start).Offset
		if n.End != nil {
			end = p.tokenSpan(n.End).End()
		}
	}
	t.span = Span{max(start, p.base), max(0, end-max(start, p.base))}
	return tableValue(t)
}

// merged returns the mappings that a merge key's value stands for.
func (p *yamlParser) merged(v Value) []*Table {
	if t, ok := v.AsTable(); ok {
		return []*Table{t}
	}
	var tables []*Table
	list, ok := v.AsArray()
	for _, e := range list {
		t, isTable := e.AsTable()
		ok = ok && isTable
		tables = append(tables, t)
	}
	if !ok {
		if v.kind != KindInvalid {
			p.report(v.span, "merge key << is %s, want a mapping", v.kind)
		}
		return nil
	}
	return tables
}

// key returns the text of a mapping's key and where it stands.
func (p *yamlParser) key(n ast.MapKeyNode) (string, Span, bool) {
	var scalar ast.Node = n
	if explicit, ok := n.(*ast.MappingKeyNode); ok {
		scalar = explicit.Value
	}
	if anchor, ok := scalar.(*ast.AnchorNode); ok {
		scalar = anchor.Value
	}
	if scalar == nil || scalar.GetToken() == nil {
		span := p.tokenSpan(n.GetToken())
		p.report(span, "key is empty")
		return "", span, false
	}
	span := p.tokenSpan(scalar.GetToken())
	switch scalar := scalar.(type) {
	case *ast.StringNode:
		return scalar.Value, span, true
	case *ast.MergeKeyNode:
		return "<<", span, true
	case *ast.LiteralNode:
		return scalar.Value.Value, span, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.NullNode, *ast.InfinityNode, *ast.NanNode:
		return scalar.GetToken().Value, span, true
	}
	p.report(span, "key is not a text")
	return "", span, false
}
