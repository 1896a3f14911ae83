package dataset

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
)

// Package says what a set of tables is as a whole.
type Package struct {
	Name        string // lower-case letters, digits, - . _
	Title       Text
	Description Text
	Homepage    string // absolute
	Terms       Terms
	Languages   Languages
}

// Resource is a published file of a table.
type Resource struct {
	Table  Table
	Path   string // relative to the index
	Schema string // address of the JSON Schema, relative to the index; of JSON files
	Data   []byte
}

// SHA256 is the checksum of the file, in hexadecimal.
func (r Resource) SHA256() string {
	sum := sha256.Sum256(r.Data)
	return hex.EncodeToString(sum[:])
}

// Index writes the descriptor of the whole as Data Package (specs.frictionlessdata.io)
// has it: every file with its size, its checksum, its number of rows and, for CSV, a
// Table Schema. Programs that know the format load all tables from it.
func Index(p Package, resources []Resource) ([]byte, error) {
	l := p.Languages
	license := object{{"title", optional(l.in(p.Terms.License))}, {"path", optional(p.Terms.LicenseURL)}}
	var licenses []any
	if l.in(p.Terms.License) != "" || p.Terms.LicenseURL != "" {
		licenses = []any{license}
	}
	list := []any{}
	for _, r := range resources {
		format := r.Path[strings.LastIndexByte(r.Path, '.')+1:]
		o := object{
			{"name", r.Table.Name + "-" + format}, {"table", r.Table.Name}, {"title", optional(l.in(r.Table.Title))}, {"description", optional(l.in(r.Table.Description))},
			{"path", r.Path}, {"format", format}, {"mediatype", mediaTypes[format]}, {"encoding", "utf-8"},
			{"bytes", len(r.Data)}, {"hash", "sha256:" + r.SHA256()}, {"rows", len(r.Table.Rows)},
		}
		if format == "csv" {
			o = append(o, member{"profile", "tabular-data-resource"}, member{"schema", r.Table.tableSchema(l)})
		} else {
			o = append(o, member{"jsonSchema", optional(r.Schema)})
		}
		list = append(list, o)
	}
	o := object{
		{"profile", "data-package"}, {"name", p.Name}, {"title", optional(l.in(p.Title))}, {"description", optional(l.in(p.Description))},
		{"homepage", p.Homepage}, {"citation", l.texts(p.Terms.Citation)},
	}
	if licenses != nil {
		o = append(o, member{"licenses", licenses})
	}
	return file(append(o, member{"resources", list}))
}

var mediaTypes = map[string]string{"csv": "text/csv", "json": "application/json"}

// tableSchema describes the table's CSV form (Table Schema).
func (t Table) tableSchema(l Languages) object {
	fields := []any{}
	var key any
	for _, c := range t.Columns {
		kind, format := string(c.Type), any(nil)
		switch c.Type {
		case Day:
			kind = "date"
		case Date, List:
			kind = "string"
		case URL:
			kind, format = "string", "uri"
		}
		constraints := object{{"required", c.Required || c.Unique}}
		if c.Unique {
			constraints = append(constraints, member{"unique", true})
			if key == nil {
				key = c.Name
			}
		}
		if c.Enum != nil {
			constraints = append(constraints, member{"enum", c.Enum})
		}
		fields = append(fields, object{
			{"name", c.Name}, {"type", kind}, {"format", format}, {"title", optional(l.in(c.Title))}, {"description", optional(l.in(c.Description))}, {"constraints", constraints},
		})
	}
	return object{{"fields", fields}, {"missingValues", []string{""}}, {"primaryKey", key}}
}

// Size is a table's number of rows.
type Size struct {
	Table string
	Rows  int
}

// ReadIndex reads from an index how many rows each table had, in its order.
func ReadIndex(data []byte) ([]Size, error) {
	var index struct {
		Resources []struct {
			Table string `json:"table"`
			Rows  int    `json:"rows"`
		} `json:"resources"`
	}
	if err := json.Unmarshal(data, &index); err != nil {
		return nil, fmt.Errorf("index of data cannot be read: %w", err)
	}
	var sizes []Size
	seen := map[string]bool{}
	for _, r := range index.Resources {
		if r.Table == "" || r.Rows < 0 || seen[r.Table] {
			continue
		}
		seen[r.Table] = true
		sizes = append(sizes, Size{r.Table, r.Rows})
	}
	return sizes, nil
}

// Shrinkage is a table that lost rows.
type Shrinkage struct {
	Table    string
	Old, New int
}

// Shrunk returns the tables that lost more than most per cent of their rows, in the
// order of before. A table that is gone has none left.
func Shrunk(before, after []Size, most int) []Shrinkage {
	rows := map[string]int{}
	for _, s := range after {
		rows[s.Table] = s.Rows
	}
	var list []Shrinkage
	for _, s := range before {
		if now := rows[s.Table]; (s.Rows-now)*100 > s.Rows*most {
			list = append(list, Shrinkage{s.Table, s.Rows, now})
		}
	}
	return list
}
