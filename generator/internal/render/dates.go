package render

import (
	"strings"
	"time"

	"vigie/generator/internal/edtf"
	"vigie/generator/internal/layout"
)

// dateView shows a moment, with its time of day where it has one.
func dateView(texts *layout.Strings, t time.Time, hasTime bool) *Date {
	if t.IsZero() {
		return nil
	}
	d := &Date{ISO: t.Format("2006-01-02"), Text: texts.Day(t, false), Short: texts.Day(t, true)}
	if hasTime {
		d.ISO = t.Format(time.RFC3339)
		d.Time = texts.Clock(t)
	}
	return d
}

// edtfView shows a date of whatever precision. An interval shows both its ends.
func edtfView(texts *layout.Strings, d edtf.Date) *Date {
	if d.IsZero() {
		return nil
	}
	if d.IsInterval() {
		from, to := d.Ends()
		view := &Date{ISO: d.String()}
		var long, short []string
		for _, end := range []edtf.Date{from, to} {
			if v := edtfView(texts, end); v != nil {
				long, short = append(long, v.Text), append(short, v.Short)
				continue
			}
			long, short = append(long, "…"), append(short, "…")
		}
		view.Text, view.Short = strings.Join(long, " – "), strings.Join(short, " – ")
		// The element time knows no intervals: its machine form is the start.
		if !from.IsZero() {
			view.ISO = edtfView(texts, from).ISO
		}
		return view
	}
	start := d.Start()
	var view *Date
	switch d.Precision() {
	case edtf.Year:
		year := start.Format("2006")
		view = &Date{ISO: year, Text: year, Short: year}
	case edtf.Month:
		text := texts.Month(start.Year(), start.Month())
		view = &Date{ISO: start.Format("2006-01"), Text: text, Short: texts.MonthShort(start.Year(), start.Month())}
	default:
		view = dateView(texts, start, false)
	}
	if d.Approximate() {
		view.Text, view.Short = texts.Must("date.about", view.Text), texts.Must("date.about", view.Short)
	}
	if d.Uncertain() {
		view.Text, view.Short = view.Text+" (?)", view.Short+" (?)"
	}
	return view
}
