package edtf_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"vigie/generator/internal/diag"
	"vigie/generator/internal/edtf"
	"vigie/generator/internal/record"
)

func TestParse(t *testing.T) {
	for _, test := range []struct {
		text       string
		precision  edtf.Precision
		start, end string
	}{
		{"2025", edtf.Year, "2025-01-01", "2025-12-31"},
		{"2024-02", edtf.Month, "2024-02-01", "2024-02-29"},
		{"2023-02", edtf.Month, "2023-02-01", "2023-02-28"},
		{"2025-12", edtf.Month, "2025-12-01", "2025-12-31"},
		{"2025-05-17", edtf.Day, "2025-05-17", "2025-05-17"},
		{"0000", edtf.Year, "0000-01-01", "0000-12-31"},
		{"2025?", edtf.Year, "2025-01-01", "2025-12-31"},
		{"2025-05~", edtf.Month, "2025-05-01", "2025-05-31"},
		{"2025-05-17%", edtf.Day, "2025-05-17", "2025-05-17"},
		{"2024-03/2024-04", edtf.Month, "2024-03-01", "2024-04-30"},
		{"2024/2024-04-05", edtf.Year, "2024-01-01", "2024-04-05"},
		{"2024-03~/2026?", edtf.Month, "2024-03-01", "2026-12-31"},
		{"2024-03/..", edtf.Month, "2024-03-01", "9999-12-31"},
		{"2024-03/", edtf.Month, "2024-03-01", "9999-12-31"},
		{"../2024", edtf.Year, "0000-01-01", "2024-12-31"},
		{"/2024", edtf.Year, "0000-01-01", "2024-12-31"},
	} {
		d, err := edtf.Parse(test.text)
		if err != nil {
			t.Errorf("%s: %v", test.text, err)
			continue
		}
		if got := d.String(); got != test.text {
			t.Errorf("%s comes back as %s", test.text, got)
		}
		if d.Precision() != test.precision || d.IsZero() || d.IsInterval() != strings.Contains(test.text, "/") {
			t.Errorf("%s: precision %v, zero %v, interval %v", test.text, d.Precision(), d.IsZero(), d.IsInterval())
		}
		start, end := d.Start().Format(time.DateOnly), d.End().Format(time.DateOnly)
		if start != test.start || end != test.end {
			t.Errorf("%s runs from %s to %s, want %s to %s", test.text, start, end, test.start, test.end)
		}
		marked := strings.ContainsAny(test.text, "?%")
		if d.Uncertain() != marked || d.Approximate() != strings.ContainsAny(test.text, "~%") {
			t.Errorf("%s: uncertain %v, approximate %v", test.text, d.Uncertain(), d.Approximate())
		}
	}
}

func TestParseErrors(t *testing.T) {
	for text, want := range map[string]string{
		"":                     "date is empty",
		"..":                   `date ".." has no year`,
		"2025-13":              "month 13 is not between 01 and 12",
		"2025-00":              "month 00 is not between 01 and 12",
		"2025-02-29":           "day 29 is not between 01 and 28, the days of 2025-02",
		"2025-04-00":           "day 00 is not between 01 and 30, the days of 2025-04",
		"25":                   `year "25" of date "25" is not 4 digits; write 2025, 2025-05 or 2025-05-17`,
		"2025-4-17":            `month "4" of date "2025-4-17" is not 2 digits; write 2025, 2025-05 or 2025-05-17`,
		"17/05/2025":           `year "17" of date "17" is not 4 digits; write 2025, 2025-05 or 2025-05-17`,
		"mai 2025":             `year "mai 2025" of date "mai 2025" is not 4 digits; write 2025, 2025-05 or 2025-05-17`,
		"201X":                 `year "201X" of date "201X" is not 4 digits; write 2025, 2025-05 or 2025-05-17`,
		"２０２５":                 `year "２０２５" of date "２０２５" is not 4 digits; write 2025, 2025-05 or 2025-05-17`,
		"2025?~":               `date "2025?~" has more than one of ?, ~ and %; % means both`,
		"2025-05-17T09:00:00Z": `date "2025-05-17T09:00:00Z" has a time; write the day alone`,
		"2025-05-17-01":        `date "2025-05-17-01" has more than year, month and day`,
		"2025/2024":            `interval "2025/2024" ends before it starts`,
		"../..":                `interval "../.." has no date`,
		"/":                    `interval "/" has no date`,
		"2024/2025/2026":       `year "2025/2026" of date "2025/2026" is not 4 digits; write 2025, 2025-05 or 2025-05-17`,
	} {
		if d, err := edtf.Parse(text); err == nil || err.Error() != want {
			t.Errorf("%q gives %v and %v, want %s", text, d, err, want)
		}
	}
}

func TestOrder(t *testing.T) {
	want := []string{"", "../2024", "2024", "2024/2025", "2024-01", "2024-01-01", "2024-01-02", "2024-02", "2025", "2025%", "2025?", "2025~", "2025/", "2025/.."}
	var dates []edtf.Date
	for _, text := range slices.Backward(want) {
		if text == "" {
			dates = append(dates, edtf.Date{})
			continue
		}
		d, err := edtf.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		dates = append(dates, d)
	}
	slices.SortFunc(dates, edtf.Date.Compare)
	for i, d := range dates {
		if d.String() != want[i] {
			t.Errorf("date %d is %q, want %q", i, d, want[i])
		}
		if i > 0 && (!dates[i-1].Before(d) || d.Before(dates[i-1]) || d.Compare(d) != 0) {
			t.Errorf("%q does not come before %q", dates[i-1], d)
		}
	}
}

func TestParts(t *testing.T) {
	d, err := edtf.Parse("../2024-05")
	if err != nil {
		t.Fatal(err)
	}
	if d.Year() != 2024 || d.Month() != time.May || d.Day() != 0 {
		t.Errorf("parts of %s are %d, %v, %d", d, d.Year(), d.Month(), d.Day())
	}
	first, last := d.Ends()
	if !first.IsZero() || last.String() != "2024-05" {
		t.Errorf("ends of %s are %q and %q", d, first, last)
	}
	if zero := (edtf.Date{}); zero.String() != "" || !zero.Start().IsZero() || !zero.End().IsZero() || zero.Precision() != 0 {
		t.Errorf("zero date is %q from %v to %v", zero, zero.Start(), zero.End())
	}
	tokyo := time.FixedZone("", 9*3600)
	if got := edtf.Of(time.Date(2025, 5, 16, 23, 0, 0, 0, time.UTC).In(tokyo)).String(); got != "2025-05-17" {
		t.Errorf("day in Tokyo is %s", got)
	}
}

func TestUnmarshalRecord(t *testing.T) {
	for text, want := range map[string]string{
		`d = "2025-05~"`:                "2025-05~",
		`d = 2025`:                      "2025",
		`d = 800`:                       "0800",
		`d = 2025-05-17`:                "2025-05-17",
		`d = 2025-05-17T23:30:00-05:00`: "2025-05-17",
		`d = 20250`:                     "x.toml:1:5: error: year 20250 is not between 0000 and 9999",
		`d = "mai"`:                     `x.toml:1:5: error: year "mai" of date "mai" is not 4 digits; write 2025, 2025-05 or 2025-05-17`,
		`d = 09:00:00`:                  "x.toml:1:5: error: date 09:00:00 is a time alone",
		`d = true`:                      `x.toml:1:5: error: date is a boolean, want a date such as "2025-05"`,
	} {
		src := diag.NewSource("x.toml", []byte(text))
		table, list := record.ParseTOML(src, 0, len(text))
		if len(list) > 0 {
			t.Fatal(list)
		}
		var dst struct {
			D edtf.Date `record:"d"`
		}
		got := ""
		for _, d := range table.Decode(&dst, record.DecodeOptions{}) {
			got += d.String()
		}
		if got+dst.D.String() != want {
			t.Errorf("%s gives %q and %q, want %q", text, dst.D, got, want)
		}
	}
}

// Parse never panics, and what it accepts is what String writes.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"2025", "2025-05~", "2025-05-17?", "2024-03/2024-04%", "../2024", "2024/", "2025-13", "99999", "Y12345"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := edtf.Parse(text)
		if err != nil {
			if !d.IsZero() || err.Error() == "" {
				t.Errorf("%q gives %v with error %v", text, d, err)
			}
			return
		}
		if d.String() != text {
			t.Errorf("%q comes back as %q", text, d)
		}
		if d.End().Before(d.Start()) && !d.IsInterval() {
			t.Errorf("%q ends before it starts", text)
		}
	})
}
