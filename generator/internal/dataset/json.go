package dataset

import (
	"bytes"
	"encoding/json"
	"strconv"
	"time"
)

// Terms say under which conditions data may be used. They travel with every file
// that can carry them.
type Terms struct {
	License    Text   // its name, or that there is none
	LicenseURL string // absolute; "" for none
	Citation   Text   // how to cite the data
}

// object is a JSON object whose keys stand in the order given.
type object []member

type member struct {
	key   string
	value any
}

// MarshalJSON writes the members in their order, leaving out those that are nil.
func (o object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	first := true
	for _, m := range o {
		if m.value == nil {
			continue
		}
		if !first {
			b.WriteByte(',')
		}
		first = false
		key, err := encode(m.key)
		if err != nil {
			return nil, err
		}
		value, err := encode(m.value)
		if err != nil {
			return nil, err
		}
		b.Write(key)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// encode writes JSON without the escapes that only HTML needs.
func encode(value any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(value); err != nil {
		return nil, err
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}

// file is a JSON value as a file: indented, ending in a line break.
func file(value any) ([]byte, error) {
	compact, err := encode(value)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := json.Indent(&b, compact, "", "  "); err != nil {
		return nil, err
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}

// optional is s, or nothing where it is empty.
func optional(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// texts is t by language, in the order of the languages; nothing where it is empty.
func (l Languages) texts(t Text) any {
	var o object
	for _, lang := range l {
		if t[lang] != "" {
			o = append(o, member{lang, t[lang]})
		}
	}
	if o == nil {
		return nil
	}
	return o
}

// members are the terms as JSON files carry them.
func (t Terms) members(l Languages) []member {
	return []member{{"license", l.texts(t.License)}, {"license_url", optional(t.LicenseURL)}, {"citation", l.texts(t.Citation)}}
}

// JSON writes the table as one object: what it is, under which terms, and its rows,
// each an object with a key for every column and null for an absent value. schema is
// the absolute address of its JSON Schema, which [Table.Schema] writes. A row stands
// on a line of its own, so that two versions can be compared.
func (t Table) JSON(l Languages, terms Terms, schema string) ([]byte, error) {
	if err := t.Check(); err != nil {
		return nil, err
	}
	head := object{{"$schema", schema}, {"name", t.Name}, {"title", l.texts(t.Title)}, {"description", l.texts(t.Description)}}
	head = append(head, terms.members(l)...)
	var b bytes.Buffer
	data, err := file(head)
	if err != nil {
		return nil, err
	}
	b.Write(bytes.TrimSuffix(data, []byte("\n}\n")))
	b.WriteString(",\n  \"rows\": [")
	for n, row := range t.Rows {
		if n > 0 {
			b.WriteByte(',')
		}
		b.WriteString("\n    ")
		o := make(object, len(row))
		for i, value := range row {
			o[i] = member{t.Columns[i].Name, t.Columns[i].json(value)}
		}
		line, err := encode(o)
		if err != nil {
			return nil, err
		}
		b.Write(line)
	}
	if len(t.Rows) > 0 {
		b.WriteString("\n  ")
	}
	b.WriteString("]\n}\n")
	return b.Bytes(), nil
}

// json is a cell's value as encoding/json takes it.
func (c Column) json(value any) any {
	switch v := value.(type) {
	case nil:
		return json.RawMessage("null")
	case time.Time:
		return v.Format(time.DateOnly)
	case float64: // never in the form 1e+21, which not every reader takes for a number
		return json.RawMessage(strconv.FormatFloat(v, 'f', -1, 64))
	}
	return value
}

// Schema writes the JSON Schema (draft 2020-12) of what [Table.JSON] writes. id is
// its own absolute address.
func (t Table) Schema(l Languages, id string) ([]byte, error) {
	properties := object{}
	var required []string
	for _, c := range t.Columns {
		properties = append(properties, member{c.Name, c.schema(l)})
		required = append(required, c.Name)
	}
	row := object{
		{"type", "object"}, {"properties", properties}, {"required", required}, {"additionalProperties", false},
	}
	text := object{{"type", "object"}, {"additionalProperties", object{{"type", "string"}}}}
	return file(object{
		{"$schema", "https://json-schema.org/draft/2020-12/schema"},
		{"$id", id},
		{"title", optional(l.in(t.Title))},
		{"description", optional(l.in(t.Description))},
		{"type", "object"},
		{"properties", object{
			{"$schema", object{{"const", id}}},
			{"name", object{{"const", t.Name}}},
			{"title", text}, {"description", text}, {"license", text},
			{"license_url", object{{"type", "string"}, {"format", "uri"}}},
			{"citation", text},
			{"rows", object{{"type", "array"}, {"items", row}}},
		}},
		{"required", []string{"$schema", "name", "rows"}},
		{"additionalProperties", false},
	})
}

// schema describes a column's values.
func (c Column) schema(l Languages) object {
	o := object{{"title", optional(l.in(c.Title))}, {"description", optional(l.in(c.Description))}}
	kind := ""
	var more []member
	switch c.Type {
	case Integer, Number, Boolean:
		kind = string(c.Type)
	case List:
		kind = "array"
		more = []member{{"items", object{{"type", "string"}, {"pattern", word.String()}}}, {"uniqueItems", true}}
	case Day:
		kind = "string"
		more = []member{{"format", "date"}}
	case Date:
		kind = "string"
		more = []member{{"pattern", edtfDate}}
	case URL:
		kind = "string"
		more = []member{{"format", "uri"}}
	default:
		kind = "string"
		more = []member{{"minLength", 1}}
	}
	optional := !c.Required && !c.Unique
	if optional {
		o = append(o, member{"type", []string{kind, "null"}})
	} else {
		o = append(o, member{"type", kind})
	}
	if c.Enum != nil {
		var values []any
		for _, v := range c.Enum {
			values = append(values, v)
		}
		if optional {
			values = append(values, json.RawMessage("null"))
		}
		more = []member{{"enum", values}}
	}
	return append(o, more...)
}

// Dictionary writes what every table and column of a set means, in all languages.
func Dictionary(tables []Table, l Languages, terms Terms) ([]byte, error) {
	list := []any{}
	for _, t := range tables {
		columns := []any{}
		for _, c := range t.Columns {
			o := object{
				{"name", c.Name}, {"type", string(c.Type)}, {"required", c.Required || c.Unique}, {"unique", c.Unique},
				{"title", l.texts(c.Title)}, {"description", l.texts(c.Description)}, {"references", optional(c.References)},
			}
			if c.Enum != nil {
				o = append(o, member{"values", c.Enum})
			}
			columns = append(columns, o)
		}
		list = append(list, object{{"name", t.Name}, {"title", l.texts(t.Title)}, {"description", l.texts(t.Description)}, {"columns", columns}})
	}
	return file(append(object(terms.members(l)), member{"tables", list}))
}
