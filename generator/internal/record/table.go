package record

import (
	"vigie/generator/internal/diag"
)

// format is the language a table was written in; it words the cures.
type format int

const (
	formatTOML format = iota
	formatYAML
	formatJSON
)

func newTable(src *diag.Source, span Span, f format) *Table {
	return &Table{source: src, span: span, format: f}
}

func tableValue(t *Table) Value {
	return Value{kind: KindTable, span: t.span, source: t.source, table: t}
}

// fewEntries is how many entries are looked through faster than a map is asked.
const fewEntries = 12

// entry returns what stands under a key, nil for nothing.
func (t *Table) entry(name string) *entry {
	if t.places != nil {
		if i, ok := t.places[name]; ok {
			return &t.entries[i]
		}
		return nil
	}
	for i := range t.entries {
		if t.entries[i].name == name {
			return &t.entries[i]
		}
	}
	return nil
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
	if e := t.entry(name); e != nil {
		e.value = v
		return
	}
	t.entries = append(t.entries, entry{name, key, v})
	switch n := len(t.entries); {
	case t.places != nil:
		t.places[name] = n - 1
	case n > fewEntries:
		t.places = make(map[string]int, 2*n)
		for i, e := range t.entries {
			t.places[e.name] = i
		}
	}
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
