package dataset

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// guard stands before a text that a spreadsheet would take for a formula.
const guard = "'"

// CSV writes the table as RFC 4180 has it: a header, lines that end in CR LF, commas,
// quotes where needed; in UTF-8 without byte order mark. Numbers have a dot, days
// are ISO 8601, booleans true or false, an absent value is empty, and the words of a
// list are separated by a space.
//
// A text that starts with =, +, -, @, a tab or a line break is given an apostrophe
// in front, since spreadsheets would run it as a formula; so is one that starts with
// an apostrophe, so that taking one off gives back the text of the JSON form.
func (t Table) CSV() ([]byte, error) {
	if err := t.Check(); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	record := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		record[i] = c.Name
	}
	if err := w.Write(record); err != nil {
		return nil, err
	}
	for _, row := range t.Rows {
		for i, value := range row {
			record[i] = cell(value)
		}
		if err := w.Write(record); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

// cell writes one value.
func cell(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		return guarded(v)
	case int:
		return strconv.Itoa(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case time.Time:
		return v.Format(time.DateOnly)
	case []string:
		return guarded(strings.Join(v, " "))
	}
	return fmt.Sprint(value)
}

func guarded(text string) string {
	// encoding/csv turns a lone CR LF within a field into what UseCRLF says; a text
	// has the same line ends in both forms.
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	if text != "" && strings.ContainsRune("=+-@\t\n"+guard, rune(text[0])) {
		return guard + text
	}
	return text
}
