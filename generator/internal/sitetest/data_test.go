package sitetest

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// dataPackage is what a program reads of the index of open data.
type dataPackage struct {
	Homepage  string
	Licenses  []struct{ Title, Path string }
	Resources []struct {
		Name, Table, Path, Format, Hash, JSONSchema string
		Bytes, Rows                                 int
		Schema                                      struct {
			PrimaryKey string
			Fields     []struct {
				Name, Type, Format, Description string
				Constraints                     struct{ Required bool }
			}
		}
	}
}

// TestData loads the open data of the repository's own site as a stranger would: by
// the index, with checksums, against the published schemas, and type by type.
func TestData(t *testing.T) {
	site := Own(t)
	files := site.Files.FS()
	read := func(name string) []byte {
		data, err := fs.ReadFile(files, name)
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	var index dataPackage
	if err := json.Unmarshal(read("donnees/datapackage.json"), &index); err != nil {
		t.Fatal(err)
	}
	if index.Homepage != "https://vigie.example/donnees/" || len(index.Licenses) != 1 || index.Licenses[0].Path == "" {
		t.Errorf("index is of %q under %v", index.Homepage, index.Licenses)
	}
	ids := map[string]map[string]bool{}         // by "table.column", of the CSV form
	rows := map[string]map[string]int{}         // by table and format
	values := map[string][]map[string]any{}     // by table, of the JSON form
	records := map[string][]map[string]string{} // by table, of the CSV form
	for _, r := range index.Resources {
		data := read("donnees/" + r.Path)
		if sum := sha256.Sum256(data); r.Hash != "sha256:"+hex.EncodeToString(sum[:]) || r.Bytes != len(data) {
			t.Errorf("%s is %d bytes with another checksum than the index says", r.Path, len(data))
		}
		if rows[r.Table] == nil {
			rows[r.Table] = map[string]int{}
		}
		rows[r.Table][r.Format] = r.Rows
		if r.Rows < 5 {
			t.Errorf("%s has %d rows", r.Path, r.Rows)
		}
		if r.Format == "json" {
			values[r.Table] = validate(t, files, r.Path, r.JSONSchema, r.Rows)
			continue
		}
		table, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
		if err != nil || len(table) != r.Rows+1 || !bytes.HasSuffix(data, []byte("\r\n")) {
			t.Fatalf("%s has %d lines, want %d: %v", r.Path, len(table), r.Rows+1, err)
		}
		var header []string
		for _, f := range r.Schema.Fields {
			header = append(header, f.Name)
			if f.Description == "" {
				t.Errorf("%s: column %s is not described", r.Path, f.Name)
			}
		}
		if !slices.Equal(table[0], header) {
			t.Errorf("%s begins with %v, and the index says %v", r.Path, table[0], header)
		}
		if r.Schema.PrimaryKey != "id" {
			t.Errorf("%s has the key %q", r.Path, r.Schema.PrimaryKey)
		}
		for n, record := range table[1:] {
			named := map[string]string{}
			for i, cell := range record {
				f := r.Schema.Fields[i]
				named[f.Name] = cell
				key := r.Table + "." + f.Name
				if ids[key] == nil {
					ids[key] = map[string]bool{}
				}
				ids[key][cell] = true
				if why := unlike(cell, f.Type, f.Format, f.Constraints.Required); why != "" {
					t.Errorf("%s: row %d, %s: %s", r.Path, n+1, f.Name, why)
				}
			}
			records[r.Table] = append(records[r.Table], named)
		}
		if len(ids[r.Table+".id"]) != r.Rows {
			t.Errorf("%s has %d rows and %d ids", r.Path, r.Rows, len(ids[r.Table+".id"]))
		}
	}
	for table, by := range rows {
		if by["csv"] != by["json"] || len(by) != 2 {
			t.Errorf("%s has %v rows", table, by)
		}
	}
	checkReferences(t, read("donnees/dictionary.json"), values, ids)

	// The counts of the build are those of the data.
	for table, want := range map[string]int{"facts": site.Counts.Facts, "events": site.Counts.Events, "sources": site.Counts.Sources} {
		if got := rows[table]["csv"]; got != want {
			t.Errorf("%d rows of %s, and the build counts %d", got, table, want)
		}
	}
	// A fact known by heart, in both forms.
	i := slices.IndexFunc(records["facts"], func(r map[string]string) bool {
		return r["page"] == "bleu" && r["property"] == "staff" && r["as_of"] == "2025-03"
	})
	if i < 0 {
		t.Fatal("no fact of Bleu's staff in March 2025")
	}
	fact := records["facts"][i]
	if fact["id"] != "bleu/staff-2025-03" || fact["value_number"] != "130" || fact["unit_fr"] != "personnes" || fact["unit_en"] != "people" ||
		fact["as_of_first"] != "2025-03-01" || fact["as_of_last"] != "2025-03-31" || fact["sources"] != "informatiquenews-2025-03-coumaros" ||
		fact["url_en"] != "https://vigie.example/en/providers/bleu/#fait-staff-2025-03" {
		t.Errorf("fact is %v", fact)
	}
	if v := values["facts"][i]; v["value_number"] != json.Number("130") || v["id"] != fact["id"] {
		t.Errorf("fact is %v in JSON", v)
	}
}

// validate holds a data set against its published schema, and returns its rows.
func validate(t *testing.T, files fs.FS, name, schema string, want int) []map[string]any {
	t.Helper()
	parsed := func(name string) any {
		data, err := fs.ReadFile(files, "donnees/"+name)
		if err != nil {
			t.Fatal(err)
		}
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		return value
	}
	document := parsed(schema)
	id, _ := document.(map[string]any)["$id"].(string)
	if id != "https://vigie.example/donnees/"+schema {
		t.Errorf("%s calls itself %q", schema, id)
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource(id, document); err != nil {
		t.Fatal(err)
	}
	compiled, err := compiler.Compile(id)
	if err != nil {
		t.Fatal(err)
	}
	value := parsed(name)
	if err := compiled.Validate(value); err != nil {
		t.Errorf("%s: %v", name, err)
	}
	var rows []map[string]any
	for _, row := range value.(map[string]any)["rows"].([]any) {
		rows = append(rows, row.(map[string]any))
	}
	if len(rows) != want {
		t.Errorf("%s has %d rows, and the index says %d", name, len(rows), want)
	}
	return rows
}

// unlike says how a cell differs from its type in Table Schema, "" if it does not.
func unlike(cell, kind, format string, required bool) string {
	if cell == "" {
		if required && kind != "string" { // an empty list is an empty text
			return "empty"
		}
		return ""
	}
	var err error
	switch kind {
	case "integer":
		_, err = strconv.Atoi(cell)
	case "number":
		_, err = strconv.ParseFloat(cell, 64)
		if strings.ContainsAny(cell, ", eE\u00a0\u202f") {
			err = fmt.Errorf("%q is not a plain number", cell)
		}
	case "boolean":
		if cell != "true" && cell != "false" {
			err = fmt.Errorf("%q is neither true nor false", cell)
		}
	case "date":
		_, err = time.Parse(time.DateOnly, cell)
	case "string":
		if strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
			err = fmt.Errorf("%q is a formula", cell)
		}
		if format == "uri" {
			var u *url.URL
			if u, err = url.Parse(cell); err == nil && u.Host == "" {
				err = fmt.Errorf("%q is no address", cell)
			}
		}
	default:
		err = fmt.Errorf("type %q is unknown", kind)
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

// checkReferences follows every reference that the data dictionary declares.
func checkReferences(t *testing.T, dictionary []byte, values map[string][]map[string]any, ids map[string]map[string]bool) {
	t.Helper()
	var d struct {
		Tables []struct {
			Name    string
			Columns []struct {
				Name, References string
				Description      map[string]string
			}
		}
	}
	if err := json.Unmarshal(dictionary, &d); err != nil {
		t.Fatal(err)
	}
	followed := 0
	for _, table := range d.Tables {
		for _, c := range table.Columns {
			if c.Description["fr"] == "" || c.Description["en"] == "" {
				t.Errorf("%s.%s is not described in both languages", table.Name, c.Name)
			}
			if c.References == "" {
				continue
			}
			for _, row := range values[table.Name] {
				var list []any
				switch v := row[c.Name].(type) {
				case string:
					list = []any{v}
				case []any:
					list = v
				}
				for _, id := range list {
					if followed++; !ids[c.References][id.(string)] {
						t.Errorf("%s.%s of %v is %v, which is none of %s", table.Name, c.Name, row["id"], id, c.References)
					}
				}
			}
		}
	}
	if followed < 500 {
		t.Errorf("%d references followed, too few to mean anything", followed)
	}
}
