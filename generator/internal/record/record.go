// Package record owns the reading of structured text: a TOML, YAML or JSON table whose
// every key and value knows where it stands in its file.
//
// [ParseTOML], [ParseYAML] and [ParseJSON] turn a range of a [diag.Source] into a [Table];
// [Table.Decode] fills a Go struct from it, strictly, and reports everything that
// is wrong at its own place: unknown keys, wrong types, missing keys.
//
// The package knows nothing of what the keys mean, never reads files and never
// writes any of them.
package record

import (
	"vigie/generator/internal/diag"
)

// Span is a range of bytes in a source.
type Span struct{ Offset, Length int }

// End returns the offset of the first byte after s.
func (s Span) End() int { return s.Offset + s.Length }

// Kind is the kind of a [Value].
type Kind int

// The kinds of values. KindInvalid is the zero Value's; KindNull is YAML's and JSON's.
const (
	KindInvalid Kind = iota
	KindNull
	KindString
	KindInteger
	KindFloat
	KindBool
	KindDateTime
	KindArray
	KindTable
)

// String returns k with its article, as diagnostics say it: "an integer".
func (k Kind) String() string {
	switch k {
	case KindNull:
		return "empty"
	case KindString:
		return "a string"
	case KindInteger:
		return "an integer"
	case KindFloat:
		return "a float"
	case KindBool:
		return "a boolean"
	case KindDateTime:
		return "a date"
	case KindArray:
		return "an array"
	case KindTable:
		return "a table"
	}
	return "nothing"
}

// Value is one value of a table or an array, with its place. The zero Value has
// KindInvalid and no place. It is immutable.
type Value struct {
	kind   Kind
	span   Span
	source *diag.Source

	text    string // the string, or the raw text of a date
	integer int64
	float   float64
	boolean bool
	date    *DateTime
	array   []Value
	table   *Table
}

// Kind returns the kind of v.
func (v Value) Kind() Kind { return v.kind }

// Span returns where v stands in its source, quotes and brackets included.
func (v Value) Span() Span { return v.span }

// Source returns the source v was read from.
func (v Value) Source() *diag.Source { return v.source }

// AsString returns the string that v is.
func (v Value) AsString() (string, bool) { return v.text, v.kind == KindString }

// AsInteger returns the integer that v is.
func (v Value) AsInteger() (int64, bool) { return v.integer, v.kind == KindInteger }

// AsFloat returns the number that v is, integer or float.
func (v Value) AsFloat() (float64, bool) {
	if v.kind == KindInteger {
		return float64(v.integer), true
	}
	return v.float, v.kind == KindFloat
}

// AsBool returns the boolean that v is.
func (v Value) AsBool() (bool, bool) { return v.boolean, v.kind == KindBool }

// AsDateTime returns the date or time that v is.
func (v Value) AsDateTime() (DateTime, bool) {
	if v.kind != KindDateTime {
		return DateTime{}, false
	}
	return *v.date, true
}

// AsArray returns the elements of the array that v is, which must not be changed.
func (v Value) AsArray() ([]Value, bool) { return v.array, v.kind == KindArray }

// AsTable returns the table that v is.
func (v Value) AsTable() (*Table, bool) { return v.table, v.kind == KindTable }

// Any returns v as plain Go: nil, string, int64, float64, bool, [DateTime], []any
// or map[string]any.
func (v Value) Any() any {
	switch v.kind {
	case KindString:
		return v.text
	case KindInteger:
		return v.integer
	case KindFloat:
		return v.float
	case KindBool:
		return v.boolean
	case KindDateTime:
		return *v.date
	case KindArray:
		list := make([]any, len(v.array))
		for i, e := range v.array {
			list[i] = e.Any()
		}
		return list
	case KindTable:
		return v.table.Any()
	}
	return nil
}

// Errorf returns an error that covers v.
func (v Value) Errorf(rule, format string, args ...any) diag.Diagnostic {
	return errorf(v.source, v.span, rule, format, args...)
}

// Decode fills what dst points to from v, as [Table.Decode] fills a struct; dst
// may point to any type that a struct's field may have.
func (v Value) Decode(dst any, opts DecodeOptions) diag.List {
	return decode(v, dst, opts)
}

// Table is an ordered set of keys and values. It is immutable.
type Table struct {
	source  *diag.Source
	span    Span
	format  format
	entries []entry        // in the order of the source
	places  map[string]int // where entries has a name; nil for few of them
}

type entry struct {
	name  string
	key   Span
	value Value
}

// Source returns the source t was read from.
func (t *Table) Source() *diag.Source { return t.source }

// Span returns where t stands: for the table of a whole file or a front matter
// the range that was read, for a TOML [section] its header, for others their text.
func (t *Table) Span() Span { return t.span }

// Len returns the number of keys.
func (t *Table) Len() int { return len(t.entries) }

// Keys returns the keys in the order of the source.
func (t *Table) Keys() []string {
	names := make([]string, len(t.entries))
	for i, e := range t.entries {
		names[i] = e.name
	}
	return names
}

// Has tells whether t has the key.
func (t *Table) Has(name string) bool {
	return t.entry(name) != nil
}

// Get returns the value of a key.
func (t *Table) Get(name string) (Value, bool) {
	if e := t.entry(name); e != nil {
		return e.value, true
	}
	return Value{}, false
}

// KeySpan returns where a key stands, or the table's own span for one that is
// missing.
func (t *Table) KeySpan(name string) Span {
	if e := t.entry(name); e != nil {
		return e.key
	}
	return t.span
}

// Any returns t as plain Go; see [Value.Any].
func (t *Table) Any() map[string]any {
	m := make(map[string]any, len(t.entries))
	for _, e := range t.entries {
		m[e.name] = e.value.Any()
	}
	return m
}

// Errorf returns an error that covers span in t's source.
func (t *Table) Errorf(span Span, rule, format string, args ...any) diag.Diagnostic {
	return errorf(t.source, span, rule, format, args...)
}

// Decode fills the struct that dst points to. Its fields carry the tag
// `record:"name"` or `record:"name,required"`; fields without a tag are left alone,
// embedded structs count as their fields. A field may be a string, bool, integer,
// float, time.Time (see [DecodeOptions.Location]), [DateTime], [Value], *[Table],
// any, a type with [Unmarshaler], or a slice, map by string, struct, pointer or
// [Field] of those. A key without a value (YAML's null) counts as missing.
//
// Every problem is reported, and a field whose value is wrong keeps what it had.
func (t *Table) Decode(dst any, opts DecodeOptions) diag.List {
	return decode(Value{kind: KindTable, span: t.span, source: t.source, table: t}, dst, opts)
}

func errorf(src *diag.Source, span Span, rule, format string, args ...any) diag.Diagnostic {
	if src == nil {
		return diag.Errorf(diag.Position{}, rule, format, args...)
	}
	return src.Errorf(span.Offset, span.Length, rule, format, args...)
}
