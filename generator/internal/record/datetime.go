package record

import (
	"strings"
	"time"
)

// DateForm tells what a [DateTime] gives.
type DateForm int

// The forms of dates, after TOML 1.0.
const (
	DateOnly      DateForm = iota + 1 // 2025-04-17
	LocalDateTime                     // 2025-04-17T09:00:00
	ZonedDateTime                     // 2025-04-17T09:00:00+02:00
	LocalTime                         // 09:00:00
)

// DateTime is a date, a time or both, as written.
type DateTime struct {
	Raw  string // as it stands in the source
	Form DateForm
	wall time.Time // in UTC unless the form is ZonedDateTime; year 0 for LocalTime
}

// Time returns the instant of d. A form without a zone is read in location, UTC
// when nil; one without a time is that day's midnight.
func (d DateTime) Time(location *time.Location) time.Time {
	if d.Form == ZonedDateTime {
		return d.wall
	}
	if location == nil {
		location = time.UTC
	}
	w := d.wall
	return time.Date(w.Year(), w.Month(), w.Day(), w.Hour(), w.Minute(), w.Second(), w.Nanosecond(), location)
}

// String returns d as written.
func (d DateTime) String() string { return d.Raw }

// layouts are the forms of dates that TOML and YAML share, tried in order.
var layouts = []struct {
	layout string
	form   DateForm
}{
	{"2006-01-02", DateOnly},
	{"2006-01-02T15:04:05Z07:00", ZonedDateTime},
	{"2006-01-02T15:04Z07:00", ZonedDateTime},
	{"2006-01-02T15:04:05Z0700", ZonedDateTime}, // as Jekyll and Hexo write it in YAML
	{"2006-01-02T15:04:05", LocalDateTime},
	{"2006-01-02T15:04", LocalDateTime},
	{"15:04:05", LocalTime},
	{"15:04", LocalTime},
}

// parseDateTime reads a date as TOML and YAML write it: RFC 3339, with a space
// for the T, and in YAML another one before the zone.
func parseDateTime(raw string) (DateTime, bool) {
	text := strings.ToUpper(raw)
	if len(text) > 10 && text[10] == ' ' {
		text = text[:10] + "T" + strings.Replace(strings.TrimLeft(text[11:], " "), " ", "", 1)
	}
	for _, l := range layouts {
		if l.form == DateOnly && len(text) != len(l.layout) {
			continue // spares the error that Parse would make
		}
		if wall, err := time.Parse(l.layout, text); err == nil {
			return DateTime{raw, l.form, wall}, true
		}
	}
	return DateTime{}, false
}

// looksLikeDate tells whether text has the shape of a date, whether or not there
// is such a day.
func looksLikeDate(text string) bool {
	const shape = "0000-00-00"
	if len(text) < len(shape) {
		return false
	}
	for i := range len(shape) {
		if isDigit := text[i] >= '0' && text[i] <= '9'; isDigit != (shape[i] == '0') || !isDigit && text[i] != '-' {
			return false
		}
	}
	rest := text[len(shape):]
	return rest == "" || len(rest) >= 6 && (rest[0] == ' ' || rest[0] == 'T' || rest[0] == 't') && strings.Trim(rest[1:], "0123456789:.+-Zz ") == ""
}
