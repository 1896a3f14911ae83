package content

import (
	"fmt"
	"time"

	"vigie/generator/internal/config"
	"vigie/generator/internal/edtf"
	"vigie/generator/internal/record"
)

// matter is the front matter of a page, as written.
type matter struct {
	Title       record.Field[string]                      `record:"title"`
	Date        record.Field[moment]                      `record:"date"`
	Updated     record.Field[moment]                      `record:"updated"`
	Description record.Field[string]                      `record:"description"`
	Kind        record.Field[string]                      `record:"kind"`
	Form        record.Field[string]                      `record:"form"`
	Tags        record.Field[[]record.Field[string]]      `record:"tags"`
	Authors     record.Field[[]record.Field[string]]      `record:"authors"`
	Draft       record.Field[bool]                        `record:"draft"`
	Expires     record.Field[moment]                      `record:"expires"`
	Slug        record.Field[string]                      `record:"slug"`
	Aliases     []record.Field[string]                    `record:"aliases"`
	Lang        record.Field[string]                      `record:"lang"`
	Weight      record.Field[int]                         `record:"weight"`
	Image       record.Field[string]                      `record:"image"`
	Names       []string                                  `record:"names"`
	Sources     record.Field[[]record.Field[string]]      `record:"sources"`
	Params      map[string]any                            `record:"params"`
	Facts       record.Field[[]record.Field[factMatter]]  `record:"facts"`
	Events      record.Field[[]record.Field[eventMatter]] `record:"events"`
	Definition  record.Field[config.Text]                 `record:"definition"`
	Equivalent  record.Field[config.Text]                 `record:"equivalent"`
	TermLinks   record.Field[bool]                        `record:"term_links"`
	Interview   record.Field[interviewMatter]             `record:"interview"`
	Corrections record.Field[[]record.Field[noteMatter]]  `record:"corrections"`
	CheckIgnore []record.Field[string]                    `record:"check_ignore"`

	// Terms are the names listed under the declared taxonomies other than tags and
	// authors.
	Terms map[string]record.Field[[]record.Field[string]]
}

// factMatter is a fact as written.
type factMatter struct {
	ID       record.Field[string]      `record:"id"`
	Property record.Field[string]      `record:"property,required"`
	Value    record.Value              `record:"value,required"`
	Unit     record.Field[config.Text] `record:"unit"`
	AsOf     record.Field[edtf.Date]   `record:"as_of,required"`
	Until    record.Field[edtf.Date]   `record:"until"`
	Source   record.Field[names]       `record:"source,required"`
	Status   record.Field[string]      `record:"status"`
	Note     config.Text               `record:"note"`
}

// eventMatter is an event as written.
type eventMatter struct {
	ID        record.Field[string]    `record:"id"`
	Date      record.Field[edtf.Date] `record:"date,required"`
	Title     config.Text             `record:"title,required"`
	Actors    []record.Field[string]  `record:"actors"`
	Source    record.Field[names]     `record:"source,required"`
	Scheme    record.Field[string]    `record:"scheme"`
	Milestone record.Field[string]    `record:"milestone"`
	Service   config.Text             `record:"service"`
	Version   string                  `record:"version"`
	Scope     []record.Field[string]  `record:"scope"`
	Decision  string                  `record:"decision"`
	Expires   record.Field[edtf.Date] `record:"expires"`
	Status    record.Field[string]    `record:"status"`
	Note      config.Text             `record:"note"`

	Revisions []record.Field[noteMatter] `record:"revisions"`
}

// noteMatter is a dated note as written: the revision of an event or the correction
// of a page.
type noteMatter struct {
	On   record.Field[edtf.Date] `record:"on,required"`
	Note config.Text             `record:"note,required"`
}

// interviewMatter is who speaks in an interview, as written.
type interviewMatter struct {
	Guest     string               `record:"guest,required"`
	GuestRole config.Text          `record:"guest_role"`
	Host      string               `record:"host"`
	Outlet    string               `record:"outlet"`
	Media     record.Field[string] `record:"media"`
}

// sourceMatter is a source as written.
type sourceMatter struct {
	ID        record.Field[string]    `record:"id,required"`
	Code      string                  `record:"code"`
	Title     string                  `record:"title,required"`
	Publisher string                  `record:"publisher,required"`
	URL       record.Field[string]    `record:"url"`
	Reference string                  `record:"reference"`
	Date      record.Field[edtf.Date] `record:"date,required"`
	Accessed  record.Field[edtf.Date] `record:"accessed"`
	Lang      record.Field[string]    `record:"lang"`
	Type      record.Field[string]    `record:"type,required"`
	Note      config.Text             `record:"note"`
	Archived  record.Field[string]    `record:"archived_url"`
}

// names is one name or an array of names.
type names []record.Field[string]

// UnmarshalRecord reads a string or an array of strings.
func (n *names) UnmarshalRecord(v record.Value) error {
	if s, ok := v.AsString(); ok {
		*n = names{{Value: s, Span: v.Span(), Set: true}}
		return nil
	}
	if v.Kind() != record.KindArray {
		return fmt.Errorf("value is %s, want a string or an array of strings", v.Kind())
	}
	var list []record.Field[string]
	if err := record.NewError(v.Decode(&list, record.DecodeOptions{})); err != nil {
		return err
	}
	*n = list
	return nil
}

// moment is a date with or without a time of day, written as a date or, as other
// generators allow, as a string that holds one.
type moment struct {
	wall    time.Time
	zoned   bool // wall is an instant; else it is to be read in the site's zone
	hasTime bool
}

// momentLayouts are the forms of a date in a string.
var momentLayouts = []struct {
	layout         string
	zoned, hasTime bool
}{
	{"2006-01-02", false, false},
	{time.RFC3339Nano, true, true},
	{"2006-01-02 15:04:05Z07:00", true, true},
	{"2006-01-02 15:04:05 -07:00", true, true},
	{"2006-01-02 15:04:05 -0700", true, true},
	{"2006-01-02T15:04:05Z0700", true, true},
	{"2006-01-02 15:04:05Z0700", true, true},
	{"2006-01-02T15:04:05", false, true},
	{"2006-01-02 15:04:05", false, true},
	{"2006-01-02T15:04", false, true},
	{"2006-01-02 15:04", false, true},
	// the month as a word, as Astro's starter and feeds have it
	{"Jan _2 2006", false, false},
	{"Jan 2, 2006", false, false},
	{"January 2, 2006", false, false},
	{"2 Jan 2006", false, false},
	{"2 January 2006", false, false},
	{time.RFC1123Z, true, true},
	{"Mon, 2 Jan 2006 15:04:05 -0700", true, true},
	// year, month, day: no other order is written so
	{"2006/01/02", false, false},
	{"2006/01/02 15:04:05", false, true},
	{"2006/01/02 15:04", false, true},
}

// UnmarshalRecord reads a date or a string that holds one.
func (m *moment) UnmarshalRecord(v record.Value) error {
	if d, ok := v.AsDateTime(); ok && d.Form != record.LocalTime {
		*m = moment{d.Time(time.UTC), d.Form == record.ZonedDateTime, d.Form != record.DateOnly}
		return nil
	}
	found := v.Kind().String()
	if s, ok := v.AsString(); ok {
		for _, f := range momentLayouts {
			if t, err := time.Parse(f.layout, s); err == nil {
				*m = moment{t, f.zoned, f.hasTime}
				return nil
			}
		}
		found = fmt.Sprintf("%q", s)
	}
	return fmt.Errorf("date is %s, want a date such as 2025-04-17 or 2025-04-17T09:00:00+02:00", found)
}

// in returns m's instant, read in location where it has no zone, shown in location.
func (m moment) in(location *time.Location) time.Time {
	if m.zoned {
		return m.wall.In(location)
	}
	w := m.wall
	return time.Date(w.Year(), w.Month(), w.Day(), w.Hour(), w.Minute(), w.Second(), w.Nanosecond(), location)
}
