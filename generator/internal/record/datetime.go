package record

import "time"

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
