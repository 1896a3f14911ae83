// Package edtf owns dates that are known to the day, the month or the year alone:
// the part of the Extended Date/Time Format (Library of Congress, 2019; also ISO
// 8601-2:2019) that a chronicle needs.
//
// A [Date] is a day, a month or a year of level 0, a qualification of level 1
// ("2025?" uncertain, "2025~" approximate, "2025%" both), or an interval of two of
// them, whose ends may be open ("2024-03/..") or unknown ("2024-03/"). Times,
// seasons, unspecified digits and sets are not read.
//
// A [Period] is a length of time in whole days, as ISO 8601 writes it.
//
// The package knows no clock, no time zone and no language.
package edtf

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"vigie/generator/internal/record"
)

// Precision is how closely a date is known.
type Precision int

// The precisions, the coarsest first.
const (
	Year Precision = iota + 1
	Month
	Day
)

// String returns "year", "month" or "day".
func (p Precision) String() string {
	switch p {
	case Year:
		return "year"
	case Month:
		return "month"
	case Day:
		return "day"
	}
	return "none"
}

// Date is a date or an interval of dates. Dates are equal (==) when they are
// written the same. The zero Date is no date.
type Date struct {
	first, last point
	interval    bool
}

// point is one end of a date. Without a year it is open or unknown.
type point struct {
	precision   Precision
	year        int16
	month, day  int8
	uncertain   bool
	approximate bool
	open        bool // ".."; with precision 0
}

// Parse reads a date, such as "2025", "2025-05", "2025-05-17", "2025~" or
// "2024-03/2024-04". Its error says what is wrong in words for the date's author.
func Parse(text string) (Date, error) {
	if text == "" {
		return Date{}, fmt.Errorf("date is empty")
	}
	before, after, interval := strings.Cut(text, "/")
	if !interval {
		p, err := parsePoint(text)
		if err == nil && p.precision == 0 {
			err = fmt.Errorf("date %q has no year", text)
		}
		if err != nil {
			return Date{}, err
		}
		return Date{first: p}, nil
	}
	first, err := parsePoint(before)
	if err != nil {
		return Date{}, err
	}
	last, err := parsePoint(after)
	if err != nil {
		return Date{}, err
	}
	d := Date{first, last, true}
	if first.precision == 0 && last.precision == 0 {
		return Date{}, fmt.Errorf("interval %q has no date", text)
	}
	if first.precision != 0 && last.precision != 0 && last.start().Before(first.start()) {
		return Date{}, fmt.Errorf("interval %q ends before it starts", text)
	}
	return d, nil
}

// parsePoint reads one end of an interval, or a date alone.
func parsePoint(text string) (point, error) {
	switch text {
	case "":
		return point{}, nil
	case "..":
		return point{open: true}, nil
	}
	bare := strings.TrimRight(text, "?~%")
	p := point{}
	switch text[len(bare):] {
	case "":
	case "?":
		p.uncertain = true
	case "~":
		p.approximate = true
	case "%":
		p.uncertain, p.approximate = true, true
	default:
		return point{}, fmt.Errorf("date %q has more than one of ?, ~ and %%; %% means both", text)
	}
	if strings.ContainsAny(bare, "T:") && len(bare) > len("2025-05-17") {
		return point{}, fmt.Errorf("date %q has a time; write the day alone", text)
	}
	parts := strings.Split(bare, "-")
	if len(parts) > 3 {
		return point{}, fmt.Errorf("date %q has more than year, month and day", text)
	}
	names := [...]string{"year", "month", "day"}
	var numbers [3]int
	for i, part := range parts {
		n, ok := digits(part)
		if width := len("0000") >> min(i, 1); !ok || len(part) != width {
			return point{}, fmt.Errorf("%s %q of date %q is not %d digits; write 2025, 2025-05 or 2025-05-17", names[i], part, text, width)
		}
		numbers[i] = n
	}
	p.precision = Precision(len(parts))
	p.year, p.month, p.day = int16(numbers[0]), int8(numbers[1]), int8(numbers[2])
	if p.precision >= Month && (p.month < 1 || p.month > 12) {
		return point{}, fmt.Errorf("month %02d is not between 01 and 12", p.month)
	}
	if p.precision == Day {
		if last := daysIn(numbers[0], time.Month(numbers[1])); numbers[2] < 1 || numbers[2] > last {
			return point{}, fmt.Errorf("day %02d is not between 01 and %d, the days of %04d-%02d", p.day, last, p.year, p.month)
		}
	}
	return p, nil
}

// digits returns the number that text is.
func digits(text string) (n int, ok bool) {
	for _, c := range []byte(text) {
		if c < '0' || c > '9' || n > 9999 {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, true
}

func daysIn(year int, month time.Month) int {
	return time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// Of returns the day that t is in its own location.
func Of(t time.Time) Date {
	return Date{first: point{precision: Day, year: int16(t.Year()), month: int8(t.Month()), day: int8(t.Day())}}
}

// String returns d as [Parse] reads it, "" for the zero Date.
func (d Date) String() string {
	if !d.interval {
		return d.first.String()
	}
	return d.first.String() + "/" + d.last.String()
}

func (p point) String() string {
	var s string
	switch p.precision {
	case Year:
		s = fmt.Sprintf("%04d", p.year)
	case Month:
		s = fmt.Sprintf("%04d-%02d", p.year, p.month)
	case Day:
		s = fmt.Sprintf("%04d-%02d-%02d", p.year, p.month, p.day)
	default:
		if p.open {
			return ".."
		}
		return ""
	}
	switch {
	case p.uncertain && p.approximate:
		return s + "%"
	case p.uncertain:
		return s + "?"
	case p.approximate:
		return s + "~"
	}
	return s
}

// IsZero tells whether d is no date.
func (d Date) IsZero() bool { return d == Date{} }

// IsInterval tells whether d has two ends.
func (d Date) IsInterval() bool { return d.interval }

// Ends returns the first and the last date of an interval, the zero Date for an end
// that is open or unknown; for others d and d.
func (d Date) Ends() (first, last Date) {
	if !d.interval {
		return d, d
	}
	if d.first.precision != 0 {
		first = Date{first: d.first}
	}
	if d.last.precision != 0 {
		last = Date{first: d.last}
	}
	return first, last
}

// known returns the end that d is told by: the first, or the last where the first
// is open or unknown.
func (d Date) known() point {
	if d.first.precision == 0 {
		return d.last
	}
	return d.first
}

// Precision returns how closely d is known: of an interval, its first end (its last
// where the first is open). It is 0 for the zero Date.
func (d Date) Precision() Precision { return d.known().precision }

// Uncertain tells whether an end of d is marked with ? or %.
func (d Date) Uncertain() bool { return d.first.uncertain || d.last.uncertain }

// Approximate tells whether an end of d is marked with ~ or %.
func (d Date) Approximate() bool { return d.first.approximate || d.last.approximate }

// Year returns the year of d, as [Date.Precision] tells of which end.
func (d Date) Year() int { return int(d.known().year) }

// Month returns the month of d, 0 where it is not known.
func (d Date) Month() time.Month { return time.Month(d.known().month) }

// Day returns the day of the month of d, 0 where it is not known.
func (d Date) Day() int { return int(d.known().day) }

// Start returns the first day of d as midnight UTC: the first of January for a year.
// For an open or unknown start it is the first day of the year 0, for the zero Date
// the zero time.
func (d Date) Start() time.Time {
	switch {
	case d.IsZero():
		return time.Time{}
	case d.first.precision == 0:
		return time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	return d.first.start()
}

// End returns the last day of d as midnight UTC: the 31st of December for a year.
// For an open or unknown end it is the last day of the year 9999, for the zero Date
// the zero time.
func (d Date) End() time.Time {
	last := d.first
	if d.interval {
		last = d.last
	}
	switch {
	case d.IsZero():
		return time.Time{}
	case last.precision == 0:
		return time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)
	}
	return last.end()
}

func (p point) start() time.Time {
	return time.Date(int(p.year), time.Month(max(p.month, 1)), int(max(p.day, 1)), 0, 0, 0, 0, time.UTC)
}

func (p point) end() time.Time {
	year, month, day := int(p.year), time.Month(p.month), int(p.day)
	if p.precision == Year {
		month = time.December
	}
	if p.precision != Day {
		day = daysIn(year, month)
	}
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// Compare orders dates by their start, then by precision, the coarser first, then
// by their end and their marks; the zero Date comes first. It returns 0 for equal
// dates only.
func (d Date) Compare(e Date) int {
	if d.IsZero() || e.IsZero() {
		return rank(!d.IsZero()) - rank(!e.IsZero())
	}
	return cmp.Or(
		d.Start().Compare(e.Start()),
		cmp.Compare(d.Precision(), e.Precision()),
		d.End().Compare(e.End()),
		strings.Compare(d.String(), e.String()),
	)
}

// Before tells whether d comes before e in the order of [Date.Compare].
func (d Date) Before(e Date) bool { return d.Compare(e) < 0 }

func rank(b bool) int {
	if b {
		return 1
	}
	return 0
}

// UnmarshalRecord reads a date from a string, from a year given as an integer, or
// from a date, with or without a time, whose day it takes.
func (d *Date) UnmarshalRecord(v record.Value) error {
	text := ""
	switch v.Kind() {
	case record.KindString:
		text, _ = v.AsString()
	case record.KindInteger:
		year, _ := v.AsInteger()
		if year < 0 || year > 9999 {
			return fmt.Errorf("year %d is not between 0000 and 9999", year)
		}
		text = fmt.Sprintf("%04d", year)
	case record.KindDateTime:
		date, _ := v.AsDateTime()
		if date.Form == record.LocalTime {
			return fmt.Errorf("date %s is a time alone", date)
		}
		text = date.Raw[:len("2025-05-17")]
	default:
		return fmt.Errorf("date is %s, want a date such as \"2025-05\"", v.Kind())
	}
	parsed, err := Parse(text)
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}
