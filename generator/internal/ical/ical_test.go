package ical_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	parser "github.com/arran4/golang-ical"
	"github.com/google/go-cmp/cmp"

	"vigie/generator/internal/ical"
)

var update = flag.Bool("update", false, "rewrite the golden file")

func date(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }

// calendar has one event with everything, one that spans a month and one that
// was withdrawn.
func calendar() ical.Calendar {
	return ical.Calendar{
		Product: "-//vigie.example//Vigie//FR", Name: "Vigie – échéances", Description: "Jalons, fins de validité ; dates d’application",
		Language: "fr-FR", URL: "https://vigie.example/echeances/", Source: "https://vigie.example/echeances/tout.ics", Refresh: 1,
		Events: []ical.Event{
			{
				UID: "fournisseurs/outscale/2023-11-30/expires@vigie.example", Sequence: 2,
				Stamp: time.Date(2026, 11, 21, 1, 2, 3, 0, time.FixedZone("CET", 3600)), Start: date(2026, 11, 30),
				Summary:     "Outscale\u00a0: fin de la qualification, « IaaS Cloud on Demand » ; renouvellement non confirmé à ce jour",
				Description: "À confirmer.\nSource : catalogue, 15 septembre 2026 ; C:\\temp\x07\r\nhttps://vigie.example/fournisseurs/outscale/",
				URL:         "https://vigie.example/fournisseurs/outscale/#evenement-2023-11-30",
				Categories:  []string{"Fin de validité", "SecNumCloud, 3.2"}, Status: ical.Tentative,
			},
			{UID: "a", Stamp: date(2026, 1, 1), Start: date(2026, 12, 1), End: date(2026, 12, 31), Summary: "En\ndécembre", Status: ical.Confirmed},
			{UID: "b", Stamp: date(2026, 2, 1), Start: date(2026, 2, 28), Summary: strings.Repeat("é𝄞", 40), Status: ical.Cancelled},
		},
	}
}

func encode(t *testing.T, c ical.Calendar) []byte {
	t.Helper()
	data, err := ical.Encode(c)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestEncodeGolden(t *testing.T) {
	golden := filepath.Join("testdata", "calendar.ics")
	got := encode(t, calendar())
	if *update {
		if err := os.WriteFile(golden, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestEncodeLines holds every line to the form of RFC 5545, § 3.1.
func TestEncodeLines(t *testing.T) { checkLines(t, encode(t, calendar())) }

func checkLines(t *testing.T, data []byte) {
	t.Helper()
	if !bytes.HasSuffix(data, []byte("END:VCALENDAR\r\n")) {
		t.Errorf("calendar does not end with its last line and CR LF: %q", data[max(0, len(data)-30):])
	}
	for n, line := range bytes.Split(bytes.TrimSuffix(data, []byte("\r\n")), []byte("\r\n")) {
		if len(line) > 75 {
			t.Errorf("line %d has %d octets", n+1, len(line))
		}
		if !utf8.Valid(line) {
			t.Errorf("line %d is cut within a character: %q", n+1, line)
		}
		if bytes.ContainsAny(line, "\r\n\x00\x07\x7f") {
			t.Errorf("line %d has a control character: %q", n+1, line)
		}
	}
}

// TestEncodeParsed reads the calendar back with a parser that is not ours.
func TestEncodeParsed(t *testing.T) {
	want := calendar()
	parsed, err := parser.ParseCalendar(bytes.NewReader(encode(t, want)))
	if err != nil {
		t.Fatal(err)
	}
	events := parsed.Events()
	if len(events) != len(want.Events) {
		t.Fatalf("parsed %d events, want %d", len(events), len(want.Events))
	}
	value := func(e *parser.VEvent, name parser.ComponentProperty) string {
		if p := e.GetProperty(name); p != nil {
			return p.Value
		}
		return ""
	}
	for i, e := range events {
		w := want.Events[i]
		if got := e.Id(); got != w.UID {
			t.Errorf("UID %q, want %q", got, w.UID)
		}
		if got, want := value(e, parser.ComponentPropertySummary), strings.ReplaceAll(w.Summary, "\n", " "); got != want {
			t.Errorf("%s: summary %q, want %q", w.UID, got, want)
		}
		plain := strings.NewReplacer("\x07", "", "\r\n", "\n").Replace(w.Description)
		if got := value(e, parser.ComponentPropertyDescription); got != plain {
			t.Errorf("%s: description %q, want %q", w.UID, got, plain)
		}
		if got := value(e, parser.ComponentPropertyStatus); got != string(w.Status) {
			t.Errorf("%s: status %q, want %q", w.UID, got, w.Status)
		}
		start, err := e.GetAllDayStartAt()
		if err != nil || start.Format(time.DateOnly) != w.Start.Format(time.DateOnly) {
			t.Errorf("%s: start %v, %v, want %v", w.UID, start, err, w.Start)
		}
		last := w.Start
		if !w.End.IsZero() {
			last = w.End
		}
		end, err := e.GetAllDayEndAt()
		if err != nil || end.Format(time.DateOnly) != last.AddDate(0, 0, 1).Format(time.DateOnly) {
			t.Errorf("%s: end %v, %v, want the day after %v", w.UID, end, err, last)
		}
		if got, err := e.GetDtStampTime(); err != nil || !got.Equal(w.Stamp) {
			t.Errorf("%s: stamp %v, %v, want %v", w.UID, got, err, w.Stamp)
		}
	}
}

func TestEncodeErrors(t *testing.T) {
	ok := func() ical.Event {
		return ical.Event{UID: "u", Stamp: date(2026, 1, 1), Start: date(2026, 1, 2), Summary: "S"}
	}
	for _, c := range []struct {
		name   string
		change func(*ical.Calendar)
		want   string
	}{
		{"product", func(c *ical.Calendar) { c.Product = "" }, "product missing"},
		{"name", func(c *ical.Calendar) { c.Name = "" }, "name missing"},
		{"address", func(c *ical.Calendar) { c.URL = "/x" }, `address "/x" is not an absolute address`},
		{"injected source", func(c *ical.Calendar) { c.Source = "https://x/\r\nATTENDEE:y" }, "is not an absolute address"},
		{"injected language", func(c *ical.Calendar) { c.Language = "fr:X" }, `language "fr:X" is no language tag`},
		{"UID", func(c *ical.Calendar) { c.Events[0].UID = "" }, "UID missing"},
		{"twice", func(c *ical.Calendar) { c.Events = append(c.Events, ok()) }, "event 2 (u) stands twice"},
		{"summary", func(c *ical.Calendar) { c.Events[0].Summary = "" }, "summary missing"},
		{"start", func(c *ical.Calendar) { c.Events[0].Start = time.Time{} }, "start or stamp missing"},
		{"order", func(c *ical.Calendar) { c.Events[0].End = date(2025, 1, 1) }, "ends before it starts"},
		{"sequence", func(c *ical.Calendar) { c.Events[0].Sequence = -1 }, "sequence is negative"},
		{"event address", func(c *ical.Calendar) { c.Events[0].URL = "x" }, "address \"x\" is not"},
		{"status", func(c *ical.Calendar) { c.Events[0].Status = "MAYBE" }, `status "MAYBE" is unknown`},
		{"year", func(c *ical.Calendar) { c.Events[0].Start = date(12000, 1, 1) }, "has the year 12000"},
	} {
		t.Run(c.name, func(t *testing.T) {
			calendar := ical.Calendar{Product: "p", Name: "n", URL: "https://example.org/", Events: []ical.Event{ok()}}
			c.change(&calendar)
			if data, err := ical.Encode(calendar); err == nil || !strings.Contains(err.Error(), c.want) || data != nil {
				t.Errorf("error %v with %d bytes, want %q and none", err, len(data), c.want)
			}
		})
	}
}

// FuzzEncode gives texts that try to break out of their lines.
func FuzzEncode(f *testing.F) {
	f.Add("Bleu : J1", "une\r\nEND:VEVENT\r\n;,\\", "catégorie,")
	f.Add(strings.Repeat("é", 100), "\xff\x00\u2028", "")
	f.Fuzz(func(t *testing.T, summary, description, category string) {
		c := ical.Calendar{Product: summary + "p", Name: category + "n", Description: description, URL: "https://example.org/", Events: []ical.Event{{
			UID: summary + "u", Stamp: date(2026, 1, 1), Start: date(2026, 1, 2), Summary: summary + ".", Description: description, Categories: []string{category},
		}}}
		data := encode(t, c)
		checkLines(t, data)
		unfolded := strings.ReplaceAll(string(data), "\r\n ", "")
		if n := strings.Count(unfolded, "\r\nBEGIN:VEVENT\r\n"); n != 1 {
			t.Errorf("%d events, want 1", n)
		}
		if lines := strings.Count(unfolded, "\r\n"); lines > 26 {
			t.Errorf("%d lines: a text broke out of its own", lines)
		}
	})
}
