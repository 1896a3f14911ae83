// Package dataset owns tables of data as they are published: rows under typed,
// described columns, written as CSV (RFC 4180), as JSON with its JSON Schema
// (draft 2020-12), and told about in a data dictionary and a package descriptor.
//
// A [Table] holds its values as Go's; [Table.Check] says what does not fit its
// columns, and every writer refuses a table that does not. The same table gives
// the same bytes: nothing is sorted, dated or left out here.
//
// The package knows nothing of facts or pages, speaks no language of its own and
// never reads what it wrote but [ReadIndex], which compares two builds.
package dataset

import (
	"errors"
	"fmt"
	"math"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Text is a text by language code.
type Text map[string]string

// Type is the type of a column's values.
type Type string

// The types of columns, with the Go values that a cell of each may hold beside nil.
const (
	String  Type = "string"  // string
	Integer Type = "integer" // int
	Number  Type = "number"  // float64, or int
	Boolean Type = "boolean" // bool
	Day     Type = "day"     // time.Time, of which only the day counts: 2025-03-17
	Date    Type = "date"    // string, an Extended Date/Time Format date: 2025, 2025-03~, 2024-03/..
	URL     Type = "url"     // string, absolute
	List    Type = "list"    // []string, of words without spaces
)

// types lists the types in the order they are explained.
var types = []Type{String, Integer, Number, Boolean, Day, Date, URL, List}

// Types returns the types, in the order they are explained.
func Types() []Type { return slices.Clone(types) }

// Column describes the values of a table at one place of its rows.
type Column struct {
	Name        string // lower-case letters, digits and _
	Type        Type
	Title       Text
	Description Text
	Required    bool     // no cell is nil
	Unique      bool     // no two cells are the same; implies Required
	Enum        []string // the only values of a String column; nil for any
	References  string   // "pages.id": the column whose values these are; "" for none
}

// Table is a set of data.
type Table struct {
	Name        string // as Column.Name
	Title       Text
	Description Text
	Columns     []Column
	Rows        [][]any // a cell for each column; nil where there is no value
}

// Languages are the languages of the texts; the first is that of formats that can
// hold one only.
type Languages []string

// in returns the text in the first of the languages that it has.
func (l Languages) in(t Text) string {
	for _, lang := range l {
		if s := t[lang]; s != "" {
			return s
		}
	}
	return ""
}

var (
	name = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	// edtfDate is what a Date may look like: one date or an interval of two, of year,
	// month or day precision, with their marks.
	edtfDate = `^(\d{4}(-\d{2}(-\d{2})?)?[?~%]?|(\d{4}(-\d{2}(-\d{2})?)?[?~%]?|\.\.)?/(\d{4}(-\d{2}(-\d{2})?)?[?~%]?|\.\.)?)$`
	edtf     = regexp.MustCompile(edtfDate)
	// word is an entry of a List: what CSV can separate by spaces.
	word = regexp.MustCompile(`^\S+$`)
)

// Check returns everything in the table that is not as its columns say.
func (t Table) Check() error {
	var errs []error
	fail := func(format string, args ...any) {
		errs = append(errs, fmt.Errorf("table %s: "+format, append([]any{t.Name}, args...)...))
	}
	if !name.MatchString(t.Name) {
		fail("name is not made of lower-case letters, digits and _")
	}
	var names []string
	for _, c := range t.Columns {
		switch {
		case !name.MatchString(c.Name):
			fail("name of column %q is not made of lower-case letters, digits and _", c.Name)
		case slices.Contains(names, c.Name):
			fail("column %s stands twice", c.Name)
		case !slices.Contains(types, c.Type):
			fail("column %s has the unknown type %q", c.Name, c.Type)
		}
		names = append(names, c.Name)
	}
	seen := make([]map[string]int, len(t.Columns))
	for n, row := range t.Rows {
		if len(row) != len(t.Columns) {
			fail("row %d has %d cells, want %d", n+1, len(row), len(t.Columns))
			continue
		}
		for i, c := range t.Columns {
			if why := c.fault(row[i]); why != "" {
				fail("row %d, %s: %s", n+1, c.Name, why)
				continue
			}
			if !c.Unique {
				continue
			}
			if seen[i] == nil {
				seen[i] = map[string]int{}
			}
			value := fmt.Sprint(row[i])
			if first, taken := seen[i][value]; taken {
				fail("row %d, %s: %q stands in row %d already", n+1, c.Name, value, first)
			}
			seen[i][value] = n + 1
		}
	}
	return errors.Join(errs...)
}

// fault says why a cell's value does not fit its column, "" if it does.
func (c Column) fault(value any) string {
	if value == nil {
		if c.Required || c.Unique {
			return "no value"
		}
		return ""
	}
	ok, why := false, ""
	switch v := value.(type) {
	case string:
		switch c.Type {
		case String:
			if ok = true; v == "" {
				why = "empty text; leave the value out"
			} else if c.Enum != nil && !slices.Contains(c.Enum, v) {
				why = fmt.Sprintf("%q is not one of %s", v, strings.Join(c.Enum, ", "))
			}
		case Date:
			if ok = true; !edtf.MatchString(v) || v == "/" {
				why = fmt.Sprintf("%q is no date", v)
			}
		case URL:
			ok = true
			if u, err := url.Parse(v); err != nil || u.Host == "" {
				why = fmt.Sprintf("%q is no absolute address", v)
			}
		}
	case int:
		ok = c.Type == Integer || c.Type == Number
	case float64:
		if ok = c.Type == Number; math.IsNaN(v) || math.IsInf(v, 0) {
			why = "no number"
		}
	case bool:
		ok = c.Type == Boolean
	case time.Time:
		if ok = c.Type == Day; v.Year() < 0 || v.Year() > 9999 {
			why = fmt.Sprintf("the year %d cannot be written", v.Year())
		}
	case []string:
		ok = c.Type == List
		for i, s := range v {
			if !word.MatchString(s) || strings.HasPrefix(s, guard) {
				why = fmt.Sprintf("%q is no word", s)
			} else if slices.Contains(v[:i], s) {
				why = fmt.Sprintf("%q stands twice", s)
			}
		}
	}
	if !ok {
		return fmt.Sprintf("value is a %T, want a %s", value, c.Type)
	}
	return why
}
