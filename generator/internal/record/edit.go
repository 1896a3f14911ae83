package record

import (
	"fmt"
	"slices"
	"strings"

	"vigie/generator/internal/diag"
)

// What a caller makes of a table before it is decoded. A table is immutable: each of
// these returns another one, whose keys and values stand where they stood.

// Without returns t without the named keys.
func (t *Table) Without(names ...string) *Table {
	return t.rebuild(func(e entry) (entry, bool) { return e, !slices.Contains(names, e.name) })
}

// Only returns t with the keys that keep reports true of.
func (t *Table) Only(keep func(name string) bool) *Table {
	return t.rebuild(func(e entry) (entry, bool) { return e, keep(e.name) })
}

// Renamed returns t with what stands under a key under another name, unless t has that
// one already.
func (t *Table) Renamed(old, name string) *Table {
	if t.Has(name) {
		return t
	}
	return t.rebuild(func(e entry) (entry, bool) {
		if e.name == old {
			e.name = name
		}
		return e, true
	})
}

// With returns t with another value under a key that it has.
func (t *Table) With(name string, v Value) *Table {
	return t.rebuild(func(e entry) (entry, bool) {
		if e.name == name {
			e.value = v
		}
		return e, true
	})
}

// rebuild returns a table of the entries that change keeps, as it returns them.
func (t *Table) rebuild(change func(entry) (entry, bool)) *Table {
	out := newTable(t.source, t.span, t.format)
	for _, e := range t.entries {
		if e, keep := change(e); keep {
			out.put(e.name, e.key, e.value)
		}
	}
	return out
}

// Text returns v as text, as it stands in the source where it is a number, a boolean or
// a date: what a writer of plain YAML meant by title: 2024. ok is false for arrays,
// tables and nothing.
func (v Value) Text() (text string, ok bool) {
	switch v.kind {
	case KindString:
		return v.text, true
	case KindInteger, KindFloat, KindBool, KindDateTime:
		if text = string(v.source.Text()[v.span.Offset:v.span.End()]); strings.HasPrefix(text, "*") {
			text = fmt.Sprint(v.Any()) // an alias, which stands where it is used
		}
		return text, true
	}
	return "", false
}

// StringValue returns a string that stands at a span of src.
func StringValue(src *diag.Source, span Span, text string) Value {
	return Value{kind: KindString, source: src, span: span, text: text}
}

// IntegerValue returns an integer that stands at a span of src.
func IntegerValue(src *diag.Source, span Span, n int64) Value {
	return Value{kind: KindInteger, source: src, span: span, integer: n}
}

// ArrayValue returns an array that stands at a span of src.
func ArrayValue(src *diag.Source, span Span, elements []Value) Value {
	return Value{kind: KindArray, source: src, span: span, array: elements}
}

// MapStrings returns t with every string in it, at any depth, as f returns it.
func (t *Table) MapStrings(f func(v Value, text string) string) *Table {
	changed := false
	entries := make([]entry, len(t.entries))
	for i, e := range t.entries {
		var own bool
		e.value, own = e.value.mapStrings(f)
		entries[i], changed = e, changed || own
	}
	if !changed {
		return t
	}
	out := *t
	out.entries = entries
	return &out
}

func (v Value) mapStrings(f func(v Value, text string) string) (Value, bool) {
	switch v.kind {
	case KindString:
		text := f(v, v.text)
		changed := text != v.text
		v.text = text
		return v, changed
	case KindTable:
		table := v.table.MapStrings(f)
		changed := table != v.table
		v.table = table
		return v, changed
	case KindArray:
		changed := false
		list := make([]Value, len(v.array))
		for i, e := range v.array {
			var own bool
			list[i], own = e.mapStrings(f)
			changed = changed || own
		}
		if changed {
			v.array = list
		}
		return v, changed
	}
	return v, false
}
