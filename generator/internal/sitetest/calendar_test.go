package sitetest

import (
	"bytes"
	"io/fs"
	"path"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	parser "github.com/arran4/golang-ical"

	"vigie/generator/internal/build"
)

// entry is an event as a calendar program keeps it.
type entry struct {
	Sequence, Start, End, Status string
	Summary, URL                 string
	Stamp                        time.Time
}

// calendarOf reads one of a site's calendars with a parser that is not ours, after it
// has held its lines to RFC 5545.
func calendarOf(t *testing.T, files fs.FS, name string) map[string]entry {
	t.Helper()
	data, err := fs.ReadFile(files, name)
	if err != nil {
		t.Fatal(err)
	}
	for n, line := range bytes.SplitAfter(data, []byte("\n")) {
		if len(line) == 0 {
			continue
		}
		text, ok := bytes.CutSuffix(line, []byte("\r\n"))
		if !ok || len(text) > 75 || !utf8.Valid(text) {
			t.Errorf("%s:%d: line of %d octets, or cut within a character, or without CR LF: %q", name, n+1, len(text), line)
		}
	}
	calendar, err := parser.ParseCalendar(bytes.NewReader(data))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	entries := map[string]entry{}
	for _, e := range calendar.Events() {
		value := func(p parser.ComponentProperty) string {
			property := e.GetProperty(p)
			if property == nil {
				t.Errorf("%s: %s has no %s", name, e.Id(), p)
				return ""
			}
			return property.Value
		}
		stamp, err := e.GetDtStampTime()
		if err != nil {
			t.Errorf("%s: %s: %v", name, e.Id(), err)
		}
		if _, twice := entries[e.Id()]; twice {
			t.Errorf("%s: %s stands twice", name, e.Id())
		}
		entries[e.Id()] = entry{
			Sequence: value(parser.ComponentPropertySequence), Start: value(parser.ComponentPropertyDtStart), End: value(parser.ComponentPropertyDtEnd),
			Status: value(parser.ComponentPropertyStatus), Summary: value(parser.ComponentPropertySummary), URL: value(parser.ComponentPropertyUrl), Stamp: stamp,
		}
	}
	return entries
}

// TestCalendars reads every calendar of the repository's own site.
func TestCalendars(t *testing.T) {
	site := Own(t)
	files, base := site.Files.FS(), site.Config.BaseURL.String()
	all := calendarOf(t, files, "echeances/tout.ics")
	calendars := 0
	eachFile(t, files, ".ics", func(name string) {
		calendars++
		own := calendarOf(t, files, name)
		if len(own) == 0 {
			t.Errorf("%s is empty", name)
		}
		for uid, e := range own {
			if !strings.HasSuffix(uid, "@vigie.example") {
				t.Errorf("%s: UID %s is not the site's", name, uid)
			}
			// The same date has the same UID, day and number in every calendar and language.
			if a := all[uid]; a.Start != e.Start || a.End != e.End || a.Sequence != e.Sequence || a.Status != e.Status {
				t.Errorf("%s: %s is %+v, and %+v in the calendar of all", name, uid, e, a)
			}
			page, _, anchored := strings.Cut(strings.TrimPrefix(e.URL, base), "#")
			if _, err := fs.Stat(files, page+"index.html"); err != nil || !anchored {
				t.Errorf("%s: %s leads to no statement: %s", name, uid, e.URL)
			}
			if e.Stamp.After(Now) {
				t.Errorf("%s: %s was revised in the future: %v", name, uid, e.Stamp)
			}
		}
	})
	if calendars < 10 {
		t.Errorf("%d calendars, want one of all, of each scheme and of each provider, in each language", calendars)
	}
	for _, name := range []string{"en/deadlines/all.ics", "referentiels/secnumcloud/echeances.ics", "fournisseurs/bleu/echeances.ics", "en/providers/bleu/deadlines.ics"} {
		if _, err := fs.Stat(files, name); err != nil {
			t.Error(err)
		}
		page, err := fs.ReadFile(files, path.Join(path.Dir(name), "index.html"))
		if err != nil || !bytes.Contains(page, []byte(`type="text/calendar"`)) {
			t.Errorf("%s is not announced on its page: %v", name, err)
		}
	}
	expiry := all["fournisseurs/outscale/2023-11-30/expires@vigie.example"]
	if expiry.Start != "20261130" || expiry.End != "20261201" || expiry.Status != "TENTATIVE" || !strings.Contains(expiry.Summary, "Outscale") {
		t.Errorf("the end of Outscale's qualification is %+v", expiry)
	}
}

// TestSameNextDay asserts that what machines read keeps its bytes when the site is
// built again on another day on which nothing falls due: programs would take a new
// stamp for news.
func TestSameNextDay(t *testing.T) {
	at := func(hours int) *build.Site {
		site, diags := buildOn(t, Root(), Now.Add(time.Duration(hours)*time.Hour))
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		return site
	}
	today, tomorrow := at(0).Files.FS(), at(24).Files.FS()
	compared := 0
	for _, pattern := range []string{"echeances/*.ics", "fournisseurs/*/*.ics", "donnees/*.json", "donnees/*.csv", "changements/*.xml", "fournisseurs/*/*.xml", "fournisseurs/*/feed.json", "corrections/*.xml"} {
		names, err := fs.Glob(today, pattern)
		if err != nil || len(names) == 0 {
			t.Errorf("%s: %v, %v", pattern, names, err)
		}
		for _, name := range names {
			a, _ := fs.ReadFile(today, name)
			b, err := fs.ReadFile(tomorrow, name)
			if compared++; err != nil || !bytes.Equal(a, b) {
				t.Errorf("%s differs from one day to the next (%v)", name, err)
			}
		}
	}
	t.Logf("%d files compared", compared)
}
