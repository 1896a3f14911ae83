package dataset_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"vigie/generator/internal/dataset"
)

var update = flag.Bool("update", false, "rewrite the golden files")

var languages = dataset.Languages{"fr", "en"}

const schemaURL = "https://vigie.example/donnees/faits.schema.json"

func text(fr, en string) dataset.Text { return dataset.Text{"fr": fr, "en": en} }

var terms = dataset.Terms{License: text("Aucune", "None"), LicenseURL: "https://vigie.example/mentions-legales/", Citation: text("Vigie, faits", "Vigie, facts")}

// table has a column of every type, and rows that are full, empty and awkward.
func table() dataset.Table {
	return dataset.Table{
		Name: "facts", Title: text("Faits", "Facts"), Description: text("Un fait par ligne", "One fact per row"),
		Columns: []dataset.Column{
			{Name: "id", Type: dataset.String, Unique: true, Title: text("Identifiant", "Identifier")},
			{Name: "status", Type: dataset.String, Required: true, Enum: []string{"current", "superseded"}},
			{Name: "rank", Type: dataset.String, Enum: []string{"a", "b"}},
			{Name: "text", Type: dataset.String, Description: text("Le texte", "")},
			{Name: "count", Type: dataset.Integer},
			{Name: "value", Type: dataset.Number},
			{Name: "yes", Type: dataset.Boolean},
			{Name: "day", Type: dataset.Day},
			{Name: "date", Type: dataset.Date},
			{Name: "url", Type: dataset.URL},
			{Name: "sources", Type: dataset.List, References: "sources.id"},
		},
		Rows: [][]any{
			{"bleu/staff-2025-03", "current", "a", "Cent, « trente »", 3, 130.5, true, time.Date(2025, 3, 31, 23, 0, 0, 0, time.UTC), "2025-03~", "https://example.org/a?b=c&d", []string{"s1", "s2"}},
			{"b", "superseded", nil, nil, nil, nil, nil, nil, nil, nil, nil},
			{"c", "current", nil, "=SUM(A1:A9)", -3, -0.25, false, nil, "2024-03/..", nil, []string{}},
			{"d", "current", nil, "-1 point\n\"cité\"", 0, 1e21, nil, nil, "/2025", nil, nil},
			{"e", "current", nil, "'apostrophe", nil, 86010000, nil, nil, "2025", nil, nil},
			{"f", "current", nil, "@home <b> & co", nil, nil, nil, nil, nil, nil, nil},
			{"g", "current", nil, "+33 1", nil, nil, nil, nil, nil, nil, nil},
			{"h", "current", nil, "\tx", nil, nil, nil, nil, nil, nil, nil},
		},
	}
}

func golden(t *testing.T, name string, got []byte, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got)\n%s", name, diff)
	}
}

func TestFormats(t *testing.T) {
	csv, err := table().CSV()
	golden(t, "facts.csv", csv, err)
	data, err := table().JSON(languages, terms, schemaURL)
	golden(t, "facts.json", data, err)
	schema, err := table().Schema(languages, schemaURL)
	golden(t, "facts.schema.json", schema, err)
	dictionary, err := dataset.Dictionary([]dataset.Table{table()}, languages, terms)
	golden(t, "dictionary.json", dictionary, err)
	index, err := dataset.Index(dataset.Package{
		Name: "vigie", Title: text("Données", "Data"), Homepage: "https://vigie.example/donnees/", Terms: terms, Languages: languages,
	}, []dataset.Resource{{Table: table(), Path: "facts.csv", Data: csv}, {Table: table(), Path: "facts.json", Schema: "facts.schema.json", Data: data}})
	golden(t, "datapackage.json", index, err)
}

// TestSchemaHolds has a validator that is not ours accept what is written, and
// refuse it once damaged.
func TestSchemaHolds(t *testing.T) {
	schema, err := table().Schema(languages, schemaURL)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := jsonschema.UnmarshalJSON(bytes.NewReader(schema))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	compiler.AssertFormat()
	if err := compiler.AddResource(schemaURL, parsed); err != nil {
		t.Fatal(err)
	}
	compiled, err := compiler.Compile(schemaURL)
	if err != nil {
		t.Fatal(err)
	}
	data, err := table().JSON(languages, terms, schemaURL)
	if err != nil {
		t.Fatal(err)
	}
	validate := func(data string) error {
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		return compiled.Validate(value)
	}
	if err := validate(string(data)); err != nil {
		t.Errorf("data does not fit its schema: %v", err)
	}
	for _, damage := range [][2]string{
		{`"name": "facts"`, `"name": "sources"`},
		{`"id":"b"`, `"id":null`},
		{`"id":"b"`, `"name":"b"`},
		{`"status":"superseded"`, `"status":"gone"`},
		{`"rank":"a"`, `"rank":"c"`},
		{`"count":3`, `"count":3.5`},
		{`"value":130.5`, `"value":"130.5"`},
		{`"yes":true`, `"yes":"true"`},
		{`"day":"2025-03-31"`, `"day":"31/03/2025"`},
		{`"date":"2025-03~"`, `"date":"mars 2025"`},
		{`"url":"https://example.org/a?b=c&d"`, `"url":"not an address"`},
		{`["s1","s2"]`, `["s1","s1"]`},
		{`["s1","s2"]`, `["s 1"]`},
	} {
		damaged := strings.Replace(string(data), damage[0], damage[1], 1)
		if damaged == string(data) {
			t.Errorf("%s does not stand in the data", damage[0])
		} else if validate(damaged) == nil {
			t.Errorf("%s in place of %s passes", damage[1], damage[0])
		}
	}
}

// TestCSVSafe reads the CSV form back: no cell starts as a formula does, and taking
// the guard off gives the texts of the table.
func TestCSVSafe(t *testing.T) {
	data, err := table().CSV()
	if err != nil {
		t.Fatal(err)
	}
	if bytes.HasPrefix(data, []byte("\xEF\xBB\xBF")) || !bytes.HasSuffix(data, []byte("\r\n")) {
		t.Error("file has a byte order mark, or does not end in CR LF")
	}
	records, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := slices.Index(records[0], "text")
	for n, record := range records[1:] {
		cell := record[column]
		if cell != "" && strings.ContainsRune("=+-@\t", rune(cell[0])) {
			t.Errorf("row %d is a formula: %q", n+1, cell)
		}
		want, _ := table().Rows[n][column].(string)
		if got := strings.TrimPrefix(cell, "'"); got != want {
			t.Errorf("row %d without its guard is %q, want %q", n+1, got, want)
		}
	}
	if got := records[3][slices.Index(records[0], "value")]; got != "-0.25" {
		t.Errorf("negative number is %q, want it unguarded", got)
	}
}

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*dataset.Table)
		want   string
	}{
		{"table name", func(t *dataset.Table) { t.Name = "Faits" }, "name is not made of"},
		{"column name", func(t *dataset.Table) { t.Columns[1].Name = "a b" }, `column "a b" is not made of`},
		{"column twice", func(t *dataset.Table) { t.Columns[1].Name = "id" }, "column id stands twice"},
		{"column type", func(t *dataset.Table) { t.Columns[3].Type = "colour" }, `unknown type "colour"`},
		{"cells", func(t *dataset.Table) { t.Rows[0] = t.Rows[0][1:] }, "row 1 has 10 cells, want 11"},
		{"unique", func(t *dataset.Table) { t.Rows[2][0] = "b" }, `row 3, id: "b" stands in row 2 already`},
		{"unique and absent", func(t *dataset.Table) { t.Rows[2][0] = nil }, "row 3, id: no value"},
		{"required", func(t *dataset.Table) { t.Rows[2][1] = nil }, "row 3, status: no value"},
		{"enum", func(t *dataset.Table) { t.Rows[2][1] = "gone" }, `"gone" is not one of current, superseded`},
		{"empty text", func(t *dataset.Table) { t.Rows[2][3] = "" }, "empty text"},
		{"type", func(t *dataset.Table) { t.Rows[2][4] = 3.5 }, "value is a float64, want a integer"},
		{"unknown type", func(t *dataset.Table) { t.Rows[2][4] = struct{}{} }, "value is a struct {}, want a integer"},
		{"date", func(t *dataset.Table) { t.Rows[2][8] = "mars" }, `"mars" is no date`},
		{"open date", func(t *dataset.Table) { t.Rows[2][8] = "/" }, `"/" is no date`},
		{"address", func(t *dataset.Table) { t.Rows[2][9] = "/x" }, `"/x" is no absolute address`},
		{"year", func(t *dataset.Table) { t.Rows[2][7] = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC) }, "the year 10000 cannot be written"},
		{"word", func(t *dataset.Table) { t.Rows[2][10] = []string{"a b"} }, `"a b" is no word`},
		{"word twice", func(t *dataset.Table) { t.Rows[2][10] = []string{"a", "a"} }, `"a" stands twice`},
	} {
		t.Run(c.name, func(t *testing.T) {
			table := table()
			c.change(&table)
			if err := table.Check(); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
			if data, err := table.CSV(); err == nil {
				t.Errorf("written all the same: %d bytes", len(data))
			}
		})
	}
}

func TestShrunk(t *testing.T) {
	index, err := dataset.Index(dataset.Package{Name: "x", Languages: languages}, []dataset.Resource{
		{Table: table(), Path: "facts.csv"}, {Table: table(), Path: "facts.json"},
	})
	if err != nil {
		t.Fatal(err)
	}
	sizes, err := dataset.ReadIndex(index)
	if err != nil || !slices.Equal(sizes, []dataset.Size{{Table: "facts", Rows: 8}}) {
		t.Fatalf("sizes %v, %v", sizes, err)
	}
	if _, err := dataset.ReadIndex([]byte("{")); err == nil {
		t.Error("a damaged index is read")
	}
	size := func(rows ...int) (list []dataset.Size) {
		for i, n := range rows {
			list = append(list, dataset.Size{Table: string(rune('a' + i)), Rows: n})
		}
		return list
	}
	for _, c := range []struct {
		before, after []dataset.Size
		most          int
		want          []dataset.Shrinkage
	}{
		{size(100), size(90), 10, nil},
		{size(100), size(89), 10, []dataset.Shrinkage{{Table: "a", Old: 100, New: 89}}},
		{size(10), size(10), 0, nil},
		{size(10), size(9), 0, []dataset.Shrinkage{{Table: "a", Old: 10, New: 9}}},
		{size(10), size(20), 0, nil},
		{size(0), size(0), 0, nil},
		{size(10, 5), size(10), 50, []dataset.Shrinkage{{Table: "b", Old: 5}}},
		{size(10), size(0), 100, nil},
		{nil, size(3), 0, nil},
	} {
		if got := dataset.Shrunk(c.before, c.after, c.most); !slices.Equal(got, c.want) {
			t.Errorf("%v → %v by %d%%: %v, want %v", c.before, c.after, c.most, got, c.want)
		}
	}
}

// FuzzCSV holds that any text survives both forms.
func FuzzCSV(f *testing.F) {
	for _, seed := range []string{"=1+1", "a,b", "\"", "'", "ligne\nautre", "\r\n", "\ufeffx"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		table := dataset.Table{Name: "t", Columns: []dataset.Column{{Name: "a", Type: dataset.String}, {Name: "b", Type: dataset.String}}, Rows: [][]any{{s, "x"}}}
		if s == "" {
			return
		}
		data, err := table.CSV()
		if err != nil {
			t.Fatal(err)
		}
		records, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
		if err != nil || len(records) != 2 {
			t.Fatalf("%q is written as %q, read as %v, %v", s, data, records, err)
		}
		line := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s)
		if got := strings.TrimPrefix(records[1][0], "'"); got != line {
			t.Errorf("%q is read as %q", s, got)
		}
		whole, err := table.JSON(languages, dataset.Terms{}, schemaURL)
		if err != nil || !json.Valid(whole) {
			t.Errorf("%q: JSON %q, %v", s, whole, err)
		}
	})
}
