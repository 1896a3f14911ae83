// Package ical owns the calendar file that programs subscribe to: iCalendar
// (RFC 5545), with the properties for published calendars of RFC 7986.
//
// [Encode] writes a [Calendar] of all-day events. It reads no clock: the stamps
// are the caller's, so the same calendar always gives the same bytes. Lines end in
// CR LF, are folded at 75 octets and never within a character; texts are escaped
// and rid of the control characters that the format forbids.
//
// The package knows nothing of pages, reads no calendars and writes neither times
// of day, recurrences nor alarms: what a reader is reminded of is the reader's
// business.
package ical

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// MediaType is the calendar's media type, for links.
const MediaType = "text/calendar"

// Calendar is a list of events with what introduces it. Product, Name and URL are
// required.
type Calendar struct {
	Product     string // identifies the program, as "-//vigie.example//Vigie//FR"
	Name        string // plain text
	Description string // plain text, may be empty
	Language    string // BCP 47 tag of the texts, may be empty
	URL         string // the HTML page that shows the same events, absolute
	Source      string // where the calendar is published, absolute; may be empty
	// Refresh is how many days programs should wait before they ask again; 0 leaves
	// it to them.
	Refresh int
	Events  []Event // in the order they are to stand
}

// Event is one all-day event. UID, Stamp, Start and Summary are required.
type Event struct {
	// UID names the event for ever and in every calendar; programs know a changed
	// event by it.
	UID string
	// Sequence counts the revisions of the event. Programs take over one whose
	// number is higher than that of their copy.
	Sequence int
	Stamp    time.Time // when the event was last revised, to the second
	Start    time.Time // the first day; its time of day and zone do not count
	End      time.Time // the last day; zero for one day

	Summary     string // plain text, one line
	Description string // plain text; lines end in "\n"
	URL         string // the HTML page about it, absolute; may be empty
	Categories  []string
	Status      Status // "" for none
}

// Status says how sure an event is.
type Status string

// The statuses of an event (RFC 5545, § 3.8.1.11).
const (
	Confirmed Status = "CONFIRMED"
	Tentative Status = "TENTATIVE"
	Cancelled Status = "CANCELLED"
)

// Encode writes the calendar. The error lists all that the format demands and the
// calendar lacks.
func Encode(c Calendar) ([]byte, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	var w writer
	language := ""
	if c.Language != "" {
		language = ";LANGUAGE=" + c.Language
	}
	w.line("BEGIN", "VCALENDAR")
	w.line("VERSION", "2.0")
	w.line("PRODID", escape(c.Product))
	w.line("CALSCALE", "GREGORIAN")
	w.line("METHOD", "PUBLISH")
	w.line("NAME"+language, escape(c.Name))
	w.line("X-WR-CALNAME", escape(c.Name)) // read by programs that do not know RFC 7986
	if c.Description != "" {
		w.line("DESCRIPTION"+language, escape(c.Description))
		w.line("X-WR-CALDESC", escape(c.Description))
	}
	w.line("URL", c.URL)
	if c.Source != "" {
		w.line("SOURCE;VALUE=URI", c.Source)
	}
	if modified := c.modified(); !modified.IsZero() {
		w.line("LAST-MODIFIED", stamp(modified))
	}
	if c.Refresh > 0 {
		w.line("REFRESH-INTERVAL;VALUE=DURATION", fmt.Sprintf("P%dD", c.Refresh))
		w.line("X-PUBLISHED-TTL", fmt.Sprintf("P%dD", c.Refresh))
	}
	for _, e := range c.Events {
		w.event(e, language)
	}
	w.line("END", "VCALENDAR")
	return w.Bytes(), nil
}

// modified is when the newest event was revised.
func (c Calendar) modified() (newest time.Time) {
	for _, e := range c.Events {
		if e.Stamp.After(newest) {
			newest = e.Stamp
		}
	}
	return newest
}

// check returns every rule that the calendar breaks.
func (c Calendar) check() error {
	var errs []error
	fail := func(format string, args ...any) { errs = append(errs, fmt.Errorf("calendar: "+format, args...)) }
	address := func(what, address string) {
		if u, err := url.Parse(address); err != nil || !u.IsAbs() || strings.ContainsFunc(address, isControl) {
			fail("%s %q is not an absolute address", what, address)
		}
	}
	if c.Product == "" {
		fail("product missing")
	}
	if c.Name == "" {
		fail("name missing")
	}
	if strings.ContainsAny(c.Language, ";:,\"\r\n") {
		fail("language %q is no language tag", c.Language)
	}
	address("address", c.URL)
	if c.Source != "" {
		address("source", c.Source)
	}
	seen := map[string]bool{}
	for n, e := range c.Events {
		what := fmt.Sprintf("event %d (%s)", n+1, e.UID)
		switch {
		case e.UID == "":
			fail("%s UID missing", what)
		case seen[e.UID]:
			fail("%s stands twice", what)
		}
		seen[e.UID] = true
		if e.Summary == "" {
			fail("%s summary missing", what)
		}
		if e.Start.IsZero() || e.Stamp.IsZero() {
			fail("%s start or stamp missing", what)
		}
		if !e.End.IsZero() && day(e.End) < day(e.Start) {
			fail("%s ends before it starts", what)
		}
		if e.Sequence < 0 {
			fail("%s sequence is negative", what)
		}
		if e.URL != "" {
			address(what+" address", e.URL)
		}
		if e.Status != "" && !slices.Contains([]Status{Confirmed, Tentative, Cancelled}, e.Status) {
			fail("%s status %q is unknown", what, e.Status)
		}
		for _, t := range []time.Time{e.Stamp, e.Start, e.End} {
			if y := t.Year(); y < 0 || y > 9999 {
				fail("%s has the year %d, which the format cannot write", what, y)
			}
		}
	}
	return errors.Join(errs...)
}

// writer collects content lines.
type writer struct{ bytes.Buffer }

func (w *writer) event(e Event, language string) {
	w.line("BEGIN", "VEVENT")
	w.line("UID", escape(e.UID))
	w.line("DTSTAMP", stamp(e.Stamp))
	w.line("LAST-MODIFIED", stamp(e.Stamp))
	w.line("SEQUENCE", strconv.Itoa(e.Sequence))
	w.line("DTSTART;VALUE=DATE", day(e.Start))
	last := e.Start
	if !e.End.IsZero() {
		last = e.End
	}
	w.line("DTEND;VALUE=DATE", day(last.AddDate(0, 0, 1))) // the end is the first day after it
	w.line("SUMMARY"+language, escape(oneLine(e.Summary)))
	if e.Description != "" {
		w.line("DESCRIPTION"+language, escape(e.Description))
	}
	if e.URL != "" {
		w.line("URL", e.URL)
	}
	if len(e.Categories) > 0 {
		var list []string
		for _, category := range e.Categories {
			list = append(list, escape(category))
		}
		w.line("CATEGORIES"+language, strings.Join(list, ","))
	}
	if e.Status != "" {
		w.line("STATUS", string(e.Status))
	}
	w.line("TRANSP", "TRANSPARENT") // a deadline keeps nobody busy all day
	w.line("END", "VEVENT")
}

// oneLine folds the spaces of a text. No-break spaces are part of it.
func oneLine(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == '\t' || r == '\n' || r == '\r' }), " ")
}

// maxLine is how many octets a line may have without its end (RFC 5545, § 3.1).
const maxLine = 75

// line writes a content line, folded.
func (w *writer) line(name, value string) {
	rest := name + ":" + value
	for limit := maxLine; len(rest) > limit; limit = maxLine - 1 { // the space counts
		cut := limit
		for cut > 0 && rest[cut]&0xC0 == 0x80 { // within a character
			cut--
		}
		w.WriteString(rest[:cut])
		w.WriteString("\r\n ")
		rest = rest[cut:]
	}
	w.WriteString(rest)
	w.WriteString("\r\n")
}

// escape writes a text value (RFC 5545, § 3.3.11).
func escape(text string) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	text = strings.Map(func(r rune) rune {
		if r != '\n' && isControl(r) {
			return -1
		}
		return r
	}, text)
	return escaper.Replace(text)
}

var escaper = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`)

// isControl tells whether the format forbids r in any value.
func isControl(r rune) bool { return r < 0x20 && r != '\t' || r == 0x7F }

// stamp writes a moment in UTC.
func stamp(t time.Time) string { return t.UTC().Format("20060102T150405Z") }

// day writes the day that t is where it stands.
func day(t time.Time) string { return t.Format("20060102") }
