package record_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"vigie/generator/internal/diag"
	"vigie/generator/internal/record"
)

// core are fields that page embeds.
type core struct {
	Title string `record:"title,required"`
	Draft bool   `record:"draft"`
}

// page has a field of every type that decodes.
type page struct {
	core
	Date     time.Time                     `record:"date"`
	Raw      record.DateTime               `record:"raw"`
	Weight   int8                          `record:"weight"`
	Count    uint                          `record:"count"`
	Ratio    float64                       `record:"ratio"`
	Tags     []record.Field[string]        `record:"tags"`
	Names    map[string]string             `record:"names"`
	Facts    []fact                        `record:"facts"`
	Image    *image                        `record:"image"`
	Level    level                         `record:"level"`
	Levels   record.Field[[]level]         `record:"levels"`
	Params   map[string]any                `record:"params"`
	Any      any                           `record:"any"`
	Value    record.Value                  `record:"value"`
	Table    *record.Table                 `record:"table"`
	Roles    map[string]record.Field[bool] `record:"roles"`
	Untagged string
}

type image struct {
	Path record.Field[string] `record:"path,required"`
	Alt  string               `record:"alt"`
}

type fact struct {
	Property string                 `record:"property,required"`
	Value    record.Value           `record:"value,required"`
	Source   record.Field[[]string] `record:"source"`
}

// level reads itself from "J0" to "J3".
type level int

func (l *level) UnmarshalRecord(v record.Value) error {
	s, ok := v.AsString()
	if !ok || len(s) != 2 {
		return errors.New("level is not written as J0 to J3")
	}
	if s[1] > '3' {
		inner := record.Span{Offset: v.Span().Offset + 2, Length: 1}
		return record.NewError(diag.List{v.Source().Errorf(inner.Offset, inner.Length, "bad-level", "digit %c is not between 0 and 3", s[1])})
	}
	*l = level(s[1] - '0')
	return nil
}

func TestDecode(t *testing.T) {
	golden(t, "testdata/decode.txtar", func(name string, text []byte) string {
		src := diag.NewSource(name, text)
		table, list := parse(src)
		if len(list) > 0 {
			t.Fatalf("%s does not parse: %v", name, list)
		}
		opts := record.DecodeOptions{Noun: "front matter key"}
		if strings.HasPrefix(name, "warn") {
			opts.Unknown = record.UnknownWarn
		}
		if strings.HasPrefix(name, "ignore") {
			opts.Unknown = record.UnknownIgnore
		}
		p := page{Untagged: "before"}
		list = table.Decode(&p, opts)
		if p.Untagged != "before" {
			t.Errorf("field without a tag is %q", p.Untagged)
		}
		out := printed(src, list)
		if !list.HasErrors() {
			var b bytes.Buffer
			e := json.NewEncoder(&b)
			e.SetEscapeHTML(false)
			e.SetIndent("", "  ")
			if err := e.Encode(show(p, src)); err != nil {
				t.Fatal(err)
			}
			out += b.String()
		}
		return out
	})
}

// show returns what the golden file shows of a page.
func show(p page, src *diag.Source) map[string]any {
	m := map[string]any{
		"title": p.Title, "draft": p.Draft, "date": p.Date, "raw": p.Raw.Raw, "weight": p.Weight, "count": p.Count,
		"ratio": p.Ratio, "names": p.Names, "level": p.Level, "levels": p.Levels.Value, "params": p.Params, "any": p.Any,
		"value": p.Value.Kind().String(),
	}
	for i, tag := range p.Tags {
		m[fmt.Sprintf("tags[%d]", i)] = fmt.Sprintf("%s key %s value %s", tag.Value, place(src, tag.Key), place(src, tag.Span))
	}
	for role, f := range p.Roles {
		m["roles."+role] = fmt.Sprintf("%v key %s value %s", f.Value, place(src, f.Key), place(src, f.Span))
	}
	if p.Image != nil {
		m["image"] = *p.Image
	}
	if p.Table != nil {
		m["table"] = p.Table.Any()
	}
	for i, f := range p.Facts {
		m[fmt.Sprintf("facts[%d]", i)] = fmt.Sprintf("%s = %v (%v)", f.Property, f.Value.Any(), f.Source.Value)
	}
	return m
}

func TestDecodeLocation(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Skip(err)
	}
	src := diag.NewSource("x.toml", []byte("title = \"x\"\ndate = 2025-07-14\n"))
	table, _ := parse(src)
	var p page
	if list := table.Decode(&p, record.DecodeOptions{Location: paris}); len(list) > 0 {
		t.Fatal(list)
	}
	if got, want := p.Date.Format(time.RFC3339), "2025-07-14T00:00:00+02:00"; got != want {
		t.Errorf("date is %s, want %s", got, want)
	}
}

// A wrong value leaves the field as it was, unset, with its place.
func TestDecodeKeepsFieldOfWrongType(t *testing.T) {
	src := diag.NewSource("x.toml", []byte("title = 3\n"))
	table, _ := parse(src)
	dst := struct {
		Title record.Field[string] `record:"title"`
	}{record.Field[string]{Value: "before"}}
	if list := table.Decode(&dst, record.DecodeOptions{}); len(list) != 1 {
		t.Errorf("diagnostics are %v, want one", list)
	}
	want := record.Field[string]{Value: "before", Key: record.Span{Length: 5}, Span: record.Span{Offset: 8, Length: 1}}
	if dst.Title != want {
		t.Errorf("field is %+v, want %+v", dst.Title, want)
	}
}

// An element of an array knows the array's key; a value decodes on its own.
func TestDecodeValue(t *testing.T) {
	src := diag.NewSource("x.toml", []byte("n = [1, \"é\", 3]\n"))
	table, _ := parse(src)
	v, _ := table.Get("n")
	var numbers []int
	list := v.Decode(&numbers, record.DecodeOptions{Path: "kinds.n"})
	if got, want := printed(src, list), "x.toml:1:9: error: kinds.n[1] is a string, want an integer [wrong-type] <\"é\">\n"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
