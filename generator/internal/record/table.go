package record

import (
	"vigie/generator/internal/diag"
)

// format is the language a table was written in; it words the cures.
type format int

const (
	formatTOML format = iota
	formatYAML
)

func newTable(src *diag.Source, span Span, f format) *Table {
	return &Table{source: src, span: span, format: f, entries: map[string]entry{}}
}

func tableValue(t *Table) Value {
	return Value{kind: KindTable, span: t.span, source: t.source, table: t}
}

// add puts a key that t does not have yet; it returns false where it has.
func (t *Table) add(name string, key Span, v Value) bool {
	if t.Has(name) {
		return false
	}
	t.put(name, key, v)
	return true
}

// put sets the value of a key, keeping the place of one that t has.
func (t *Table) put(name string, key Span, v Value) {
	if e, ok := t.entries[name]; ok {
		key = e.key
	} else {
		t.names = append(t.names, name)
	}
	t.entries[name] = entry{key, v}
}

// maxDuplicates is how many keys given twice are reported in one file; more would
// say the same, at a cost.
const maxDuplicates = 20

// duplicateKey says that a key stands twice in a table.
func duplicateKey(t *Table, name string, key Span) diag.Diagnostic {
	first := t.source.Position(t.KeySpan(name).Offset)
	return t.Errorf(key, "duplicate-key", "key %q is given twice", name).
		WithSuggestion("remove one").
		WithNote(first, "it was given here first")
}

// clampRange returns a range within the text of src.
func clampRange(src *diag.Source, from, to int) (int, int) {
	to = min(max(to, 0), len(src.Text()))
	return min(max(from, 0), to), to
}
