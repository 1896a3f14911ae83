package edtf

import (
	"fmt"
	"strings"
	"time"

	"vigie/generator/internal/record"
)

// Period is a length of time in the calendar: so many years, months, weeks and days.
// The zero Period is none.
type Period struct {
	years, months, weeks, days int
}

// maxPeriod bounds each number of a period: the dates it is added to have four digits.
const maxPeriod = 9999

// ParsePeriod reads a duration of ISO 8601-1:2019, § 5.5.2, in whole years, months,
// weeks and days: "P18M", "P1Y6M", "P90D", "P2W". Its error says what is wrong in
// words for the period's author.
func ParsePeriod(text string) (Period, error) {
	rest, ok := strings.CutPrefix(text, "P")
	if !ok || rest == "" {
		return Period{}, fmt.Errorf("period is %q, want one such as \"P18M\" (18 months), \"P1Y\" or \"P90D\"", text)
	}
	if strings.Contains(rest, "T") {
		return Period{}, fmt.Errorf("period %q has hours; whole days are the shortest", text)
	}
	var p Period
	units := "YMWD"
	for rest != "" {
		end := strings.IndexFunc(rest, func(r rune) bool { return r < '0' || r > '9' })
		if end <= 0 {
			return Period{}, fmt.Errorf("period %q is not made of numbers, each with Y, M, W or D behind it", text)
		}
		n, ok := digits(rest[:end])
		if !ok || n > maxPeriod {
			return Period{}, fmt.Errorf("period %q has the number %s, want at most %d", text, rest[:end], maxPeriod)
		}
		at := strings.IndexByte(units, rest[end])
		if at < 0 {
			return Period{}, fmt.Errorf("period %q does not have its units once each, in the order Y, M, W, D", text)
		}
		*[...]*int{&p.years, &p.months, &p.weeks, &p.days}[strings.IndexByte("YMWD", rest[end])] = n
		units, rest = units[at+1:], rest[end+1:]
	}
	if p.IsZero() {
		return Period{}, fmt.Errorf("period %q is empty", text)
	}
	return p, nil
}

// IsZero tells whether p is none.
func (p Period) IsZero() bool { return p == Period{} }

// String returns p as [ParsePeriod] reads it, "" for the zero Period.
func (p Period) String() string {
	if p.IsZero() {
		return ""
	}
	var b strings.Builder
	b.WriteByte('P')
	for _, part := range []struct {
		n    int
		unit byte
	}{{p.years, 'Y'}, {p.months, 'M'}, {p.weeks, 'W'}, {p.days, 'D'}} {
		if part.n > 0 {
			fmt.Fprintf(&b, "%d%c", part.n, part.unit)
		}
	}
	return b.String()
}

// After returns the day that is p after day. A month without such a day ends sooner:
// a month after the 31st of January is the last of February.
func (p Period) After(day time.Time) time.Time {
	first := time.Date(day.Year()+p.years, day.Month()+time.Month(p.months), 1, 0, 0, 0, 0, day.Location())
	in := min(day.Day(), daysIn(first.Year(), first.Month()))
	return first.AddDate(0, 0, in-1+7*p.weeks+p.days)
}

// UnmarshalRecord reads a period from a string.
func (p *Period) UnmarshalRecord(v record.Value) error {
	text, ok := v.AsString()
	if !ok {
		return fmt.Errorf("period is %s, want a string such as \"P18M\"", v.Kind())
	}
	parsed, err := ParsePeriod(text)
	if err != nil {
		return err
	}
	*p = parsed
	return nil
}
