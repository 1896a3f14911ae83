package record

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"vigie/generator/internal/diag"
)

// UnknownPolicy says what becomes of a key that the destination does not know.
type UnknownPolicy int

// The answers to an unknown key.
const (
	UnknownError UnknownPolicy = iota
	UnknownWarn
	UnknownIgnore
)

// DecodeOptions adjust decoding. The zero value is the strictest.
type DecodeOptions struct {
	Unknown UnknownPolicy
	// Noun names a key in messages, such as "front matter key"; "key" when empty.
	Noun string
	// Path is the dotted key under which the table stands, which messages name;
	// empty for a whole file.
	Path string
	// Also lists keys of the table itself that the destination has no field for and
	// the caller reads on its own.
	Also []string
	// Cure, if not nil, says what to write in the place of an unknown key of the table
	// itself; "" where it does not know.
	Cure func(name string) string
	// Location is where dates without a zone are read into a time.Time; nil for UTC.
	Location *time.Location
}

// KeysOf returns the keys that decoding into the struct that dst points to knows.
func KeysOf(dst any) []string {
	var names []string
	for _, f := range fieldsOf(reflect.TypeOf(dst).Elem()) {
		names = append(names, f.name)
	}
	return names
}

// Unmarshaler is a type that reads itself from a value. Its error becomes a
// diagnostic that covers the value, or its own diagnostics where it is an [*Error].
type Unmarshaler interface {
	UnmarshalRecord(v Value) error
}

// Error carries diagnostics, with their own places, out of an [Unmarshaler].
type Error struct{ List diag.List }

// NewError returns list as an error, nil when it is empty.
func NewError(list diag.List) error {
	if len(list) == 0 {
		return nil
	}
	return &Error{list}
}

// Error returns the first diagnostic's message.
func (e *Error) Error() string {
	if len(e.List) == 0 {
		return "record: no diagnostics"
	}
	return e.List[0].Message
}

// Field is a decoded value that remembers where it stood. A value that was wrong
// leaves Set false, so that who checks further does not report it again; its Key
// and Span are there.
type Field[T any] struct {
	Value T
	Key   Span // of the key; of the array's key for an element of an array
	Span  Span // of the value
	Set   bool // whether the key was there and its value right
}

// place notes where f stands and returns where its value goes.
func (f *Field[T]) place(key, span Span) any {
	f.Key, f.Span = key, span
	return &f.Value
}

// settle notes whether f's value was right.
func (f *Field[T]) settle(right bool) { f.Set = right }

// placer is any *[Field].
type placer interface {
	place(key, span Span) any
	settle(right bool)
}

var (
	valueType    = reflect.TypeFor[Value]()
	tableType    = reflect.TypeFor[*Table]()
	dateTimeType = reflect.TypeFor[DateTime]()
	timeType     = reflect.TypeFor[time.Time]()
)

// decode fills what dst points to from v.
func decode(v Value, dst any, opts DecodeOptions) diag.List {
	target := reflect.ValueOf(dst)
	if target.Kind() != reflect.Pointer || target.IsNil() {
		panic(fmt.Sprintf("record: Decode into %T, want a pointer", dst))
	}
	if opts.Noun == "" {
		opts.Noun = "key"
	}
	d := &decoder{opts: opts}
	d.value(v, v.span, target.Elem(), opts.Path)
	return d.list
}

type decoder struct {
	opts DecodeOptions
	list diag.List
}

// value decodes v, which stands under key, into dst. path names it in messages.
func (d *decoder) value(v Value, key Span, dst reflect.Value, path string) {
	if dst.CanAddr() {
		switch target := dst.Addr().Interface().(type) {
		case placer:
			before := len(d.list)
			d.value(v, key, reflect.ValueOf(target.place(key, v.span)).Elem(), path)
			target.settle(!d.list[before:].HasErrors())
			return
		case Unmarshaler:
			d.unmarshal(v, target)
			return
		}
	}
	switch dst.Type() {
	case valueType:
		dst.Set(reflect.ValueOf(v))
		return
	case tableType:
		if t, ok := v.AsTable(); ok {
			dst.Set(reflect.ValueOf(t))
		} else {
			d.wrongType(v, path, "a table")
		}
		return
	case dateTimeType, timeType:
		d.date(v, dst, path)
		return
	}
	switch dst.Kind() {
	case reflect.Pointer:
		target := reflect.New(dst.Type().Elem())
		d.value(v, key, target.Elem(), path)
		dst.Set(target)
	case reflect.Interface:
		if dst.NumMethod() > 0 {
			panic(fmt.Sprintf("record: cannot decode into %s", dst.Type()))
		}
		if plain := v.Any(); plain != nil {
			dst.Set(reflect.ValueOf(plain))
		}
	case reflect.Struct:
		if t, ok := v.AsTable(); ok {
			d.table(t, dst, path)
		} else {
			d.wrongType(v, path, "a table")
		}
	case reflect.Map:
		d.mapping(v, dst, path)
	case reflect.Slice:
		d.slice(v, key, dst, path)
	default:
		d.scalar(v, dst, path)
	}
}

// unmarshal lets a type read itself.
func (d *decoder) unmarshal(v Value, target Unmarshaler) {
	err := target.UnmarshalRecord(v)
	if err == nil {
		return
	}
	var own *Error
	if errors.As(err, &own) {
		d.list = append(d.list, own.List...)
		return
	}
	d.list = append(d.list, v.Errorf("invalid-value", "%s", err))
}

// table decodes t into a struct.
func (d *decoder) table(t *Table, dst reflect.Value, path string) {
	fields := fieldsOf(dst.Type())
	for _, f := range fields {
		e := t.entry(f.name)
		if e != nil && e.value.kind != KindNull {
			d.value(e.value, e.key, dst.FieldByIndex(f.index), join(path, f.name))
			continue
		}
		if !f.required {
			continue
		}
		at, state := Span{t.span.Offset, 0}, "missing"
		if e != nil {
			at, state = e.key, "empty"
		} else if t.span.Length > 0 && path != "" {
			at = t.span
		}
		d.list = append(d.list, t.Errorf(at, "missing-key", "%s %q is %s", d.opts.Noun, join(path, f.name), state).
			WithSuggestion("%s", t.example(f)))
	}
	policy, own := d.opts.Unknown, path == d.opts.Path
	if policy == UnknownIgnore {
		if own {
			return
		}
		policy = UnknownWarn // below a key that is known, it is a mistake in ours
	}
	var also []string
	if own {
		also = d.opts.Also
	}
	for _, e := range t.entries {
		if slices.ContainsFunc(fields, func(f field) bool { return f.name == e.name }) || slices.Contains(also, e.name) {
			continue
		}
		var known []string
		for _, f := range fields {
			known = append(known, f.name)
		}
		known = append(known, also...)
		finding := t.Errorf(e.key, "unknown-key", "%s %q is unknown", d.opts.Noun, join(path, e.name))
		cure := ""
		if own && d.opts.Cure != nil {
			cure = d.opts.Cure(e.name)
		}
		if cure = cmp.Or(cure, diag.DidYouMean(e.name, known)); cure != "" {
			finding = finding.WithSuggestion("%s", cure)
		} else {
			finding = finding.WithSuggestion("known: %s", strings.Join(known, ", "))
		}
		if policy == UnknownWarn {
			finding = finding.AsWarning()
		}
		d.list = append(d.list, finding)
	}
}

// field is a struct's field that a key fills.
type field struct {
	name     string
	required bool
	index    []int // as of [reflect.Value.FieldByIndex]
	typ      reflect.Type
}

// structs keeps what fieldsOf found of each type, which never changes.
var structs sync.Map // reflect.Type → []field

// fieldsOf returns the fields of a struct that have a tag, those of embedded
// structs included.
func fieldsOf(t reflect.Type) []field {
	if known, ok := structs.Load(t); ok {
		return known.([]field)
	}
	var fields []field
	for i := range t.NumField() {
		f := t.Field(i)
		tag, ok := f.Tag.Lookup("record")
		if !ok {
			if f.Anonymous && f.Type.Kind() == reflect.Struct {
				for _, inner := range fieldsOf(f.Type) {
					inner.index = slices.Concat(f.Index, inner.index)
					fields = append(fields, inner)
				}
			}
			continue
		}
		name, option, _ := strings.Cut(tag, ",")
		fields = append(fields, field{name, option == "required", f.Index, f.Type})
	}
	structs.Store(t, fields)
	return fields
}

// example returns the cure for a missing key, in the table's own language.
func (t *Table) example(f field) string {
	sample := "…"
	if f.typ.Kind() == reflect.String || f.typ == reflect.TypeFor[Field[string]]() {
		sample = `"…"`
	}
	switch t.format {
	case formatYAML:
		return "add " + f.name + ": " + sample
	case formatJSON:
		return "add " + strconv.Quote(f.name) + ": " + sample
	}
	return "add " + f.name + " = " + sample
}

func (d *decoder) mapping(v Value, dst reflect.Value, path string) {
	t, ok := v.AsTable()
	if !ok {
		d.wrongType(v, path, "a table")
		return
	}
	m := reflect.MakeMapWithSize(dst.Type(), t.Len())
	for _, e := range t.entries {
		element := reflect.New(dst.Type().Elem()).Elem()
		d.value(e.value, e.key, element, join(path, e.name))
		m.SetMapIndex(reflect.ValueOf(e.name).Convert(dst.Type().Key()), element)
	}
	dst.Set(m)
}

func (d *decoder) slice(v Value, key Span, dst reflect.Value, path string) {
	list, ok := v.AsArray()
	if !ok {
		d.wrongType(v, path, "an array")
		return
	}
	s := reflect.MakeSlice(dst.Type(), len(list), len(list))
	for i, element := range list {
		name := path
		if element.kind != KindTable {
			name = path + "[" + strconv.Itoa(i) + "]"
		}
		d.value(element, key, s.Index(i), name)
	}
	dst.Set(s)
}

func (d *decoder) date(v Value, dst reflect.Value, path string) {
	date, ok := v.AsDateTime()
	if !ok {
		d.wrongType(v, path, "a date")
		return
	}
	if dst.Type() == dateTimeType {
		dst.Set(reflect.ValueOf(date))
		return
	}
	if date.Form == LocalTime {
		d.list = append(d.list, v.Errorf("wrong-type", "%s is a time without a date", subject(path)))
		return
	}
	dst.Set(reflect.ValueOf(date.Time(d.opts.Location)))
}

func (d *decoder) scalar(v Value, dst reflect.Value, path string) {
	switch dst.Kind() {
	case reflect.String:
		if s, ok := v.AsString(); ok {
			dst.SetString(s)
		} else {
			d.wrongType(v, path, "a string")
		}
	case reflect.Bool:
		if b, ok := v.AsBool(); ok {
			dst.SetBool(b)
		} else {
			d.wrongType(v, path, "a boolean")
		}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		n, ok := v.AsInteger()
		switch {
		case !ok:
			d.wrongType(v, path, "an integer")
		case dst.OverflowInt(n):
			d.outOfRange(v, path, n)
		default:
			dst.SetInt(n)
		}
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		n, ok := v.AsInteger()
		switch {
		case !ok:
			d.wrongType(v, path, "an integer")
		case n < 0 || dst.OverflowUint(uint64(n)):
			d.outOfRange(v, path, n)
		default:
			dst.SetUint(uint64(n))
		}
	case reflect.Float32, reflect.Float64:
		x, ok := v.AsFloat()
		if !ok {
			d.wrongType(v, path, "a number")
			return
		}
		if math.IsNaN(x) || math.IsInf(x, 0) {
			d.list = append(d.list, v.Errorf("wrong-type", "%s is not a finite number", subject(path)))
			return
		}
		dst.SetFloat(x)
	default:
		panic(fmt.Sprintf("record: cannot decode into %s", dst.Type()))
	}
}

func (d *decoder) outOfRange(v Value, path string, n int64) {
	d.list = append(d.list, v.Errorf("wrong-type", "%s is %d, which is out of range", subject(path), n))
}

// wrongType says that v is of another kind than the destination wants.
func (d *decoder) wrongType(v Value, path, want string) {
	finding := v.Errorf("wrong-type", "%s is %s, want %s", subject(path), v.kind, want)
	switch {
	case want == "a string" && (v.kind == KindInteger || v.kind == KindFloat || v.kind == KindBool || v.kind == KindDateTime):
		finding = finding.WithSuggestion("put it in quotes")
	case v.kind == KindString && wantsBare(v.text, want):
		finding = finding.WithSuggestion("write it without quotes")
	case v.kind == KindString && want == "a boolean" && slices.Contains([]string{"yes", "on", "oui"}, strings.ToLower(v.text)):
		finding = finding.WithSuggestion("write true")
	case v.kind == KindString && want == "a boolean" && slices.Contains([]string{"no", "off", "non"}, strings.ToLower(v.text)):
		finding = finding.WithSuggestion("write false")
	case v.kind == KindString && want == "an array":
		finding = finding.WithSuggestion("put it in brackets: %s", bracketed(v.text))
	case v.kind == KindTable && v.table.format == formatTOML && want == "an array":
		finding = finding.WithSuggestion("write [[%s]]", path)
	case v.kind == KindString && want == "a date":
		finding = finding.WithSuggestion("write it as 2025-04-17 or 2025-04-17T09:00:00+02:00")
	}
	d.list = append(d.list, finding)
}

// bracketed is the array that a text with commas was meant as.
func bracketed(text string) string {
	var list []string
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part != "" {
			list = append(list, strconv.Quote(part))
		}
	}
	return "[" + strings.Join(list, ", ") + "]"
}

// wantsBare tells whether text would be what is wanted were it not in quotes.
func wantsBare(text, want string) bool {
	switch want {
	case "a date":
		_, ok := parseDateTime(text)
		return ok
	case "a boolean":
		return text == "true" || text == "false"
	case "an integer", "a number":
		return text != "" && strings.Trim(text, "0123456789") == ""
	}
	return false
}

// subject names a value in a message.
func subject(path string) string {
	if path == "" {
		return "value"
	}
	return path
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
