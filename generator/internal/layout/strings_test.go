package layout_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"vigie/generator/internal/layout"
)

// TestStrings reads the texts of a folder and, where the case has a file calls,
// asks for texts: a language, a key, arguments on every line.
func TestStrings(t *testing.T) {
	eachCase(t, "strings-*.txtar", func(files fstest.MapFS) string {
		calls := files["calls"]
		delete(files, "calls")
		var b strings.Builder
		all, diags := layout.LoadStrings(files, "layouts", []string{"fr", "en"})
		print(&b, diags)
		if calls == nil {
			return b.String()
		}
		for line := range strings.Lines(string(calls.Data)) {
			words := strings.Fields(line)
			s := all[words[0]]
			var args []any
			for _, w := range words[2:] {
				if n, err := strconv.Atoi(w); err == nil {
					args = append(args, n)
				} else {
					args = append(args, w)
				}
			}
			text, err := s.T(words[1], args...)
			if err != nil {
				text = "error: " + err.Error()
			}
			fmt.Fprintf(&b, "%s → %s\n", strings.TrimSpace(line), strings.NewReplacer("\u00a0", "~", "\u202f", "~").Replace(text))
		}
		return b.String()
	})
}

// dates is the least that a file of texts must hold.
const dates = `months = ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"]
months_short = ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."]
date_format = "{day} {month} {year}"
date_short_format = "{day} {month_short} {year}"
month_format = "{month} {year}"
time_format = "{hour} h {minute}"
first_day = "1er"
`

const englishDates = `months = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]
months_short = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
date_format = "{month} {day}, {year}"
date_short_format = "{month_short} {day}, {year}"
month_format = "{month} {year}"
time_format = "{hour}:{minute}"
`

func TestDates(t *testing.T) {
	all, diags := layout.LoadStrings(fstest.MapFS{"i18n/fr.toml": {Data: []byte(dates)}, "i18n/en.toml": {Data: []byte(englishDates)}}, "layouts", []string{"fr", "en"})
	if diags.HasErrors() {
		t.Fatal(diags[0])
	}
	for _, c := range []struct{ moment, fr, en string }{
		{"2025-04-17T09:05:00Z", "17 avril 2025 | 17 avr. 2025 | avril 2025 | avr. 2025 | 9 h 05", "April 17, 2025 | Apr 17, 2025 | April 2025 | Apr 2025 | 9:05"},
		{"2025-05-01T00:00:00Z", "1er mai 2025 | 1er mai 2025 | mai 2025 | mai 2025 | 0 h 00", "May 1, 2025 | May 1, 2025 | May 2025 | May 2025 | 0:00"},
		{"0987-12-31T23:59:00Z", "31 décembre 987 | 31 déc. 987 | décembre 987 | déc. 987 | 23 h 59", "December 31, 987 | Dec 31, 987 | December 987 | Dec 987 | 23:59"},
	} {
		at, err := time.Parse(time.RFC3339, c.moment)
		if err != nil {
			t.Fatal(err)
		}
		for lang, want := range map[string]string{"fr": c.fr, "en": c.en} {
			s := all[lang]
			got := strings.Join([]string{s.Day(at, false), s.Day(at, true), s.Month(at.Year(), at.Month()), s.MonthShort(at.Year(), at.Month()), s.Clock(at)}, " | ")
			if got != want {
				t.Errorf("%s in %s: %s, want %s", c.moment, lang, got, want)
			}
		}
	}
}

func TestMust(t *testing.T) {
	all, diags := layout.LoadStrings(fstest.MapFS{"i18n/fr.toml": {Data: []byte(dates + "skip = \"Aller au contenu\"\n")}}, "layouts", []string{"fr"})
	if diags.HasErrors() {
		t.Fatal(diags[0])
	}
	fr := all["fr"]
	if got := fr.Must("skip"); got != "Aller au contenu" || len(fr.Missing()) != 0 {
		t.Errorf("got %q, missing %v", got, fr.Missing())
	}
	if got := fr.Must("skipp") + fr.Must("facts") + fr.Must("skipp"); got != "skippfactsskipp" || !slices.Equal(fr.Missing(), []string{"facts", "skipp"}) {
		t.Errorf("got %q, missing %v", got, fr.Missing())
	}
}

// FuzzStrings reads a file of any bytes: it never panics, every finding stands in the
// file, and what was read without fault can be shown.
func FuzzStrings(f *testing.F) {
	for _, seed := range []string{dates, englishDates, dates + "a = { one = \"%d\", other = \"%s %!\" }\n[b]\nc = \"%[9]d\"\n", "months = [", "\xff", "[months]\none = 1\n", "other = \"x\"\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		all, diags := layout.LoadStrings(fstest.MapFS{"i18n/fr.toml": {Data: data}}, "layouts", []string{"fr"})
		for _, d := range diags {
			if d.File != "layouts/i18n/fr.toml" {
				t.Errorf("%s stands in another file", d)
			}
		}
		fr := all["fr"]
		if fr == nil {
			if !diags.HasErrors() {
				t.Error("nothing was read, and nothing is said")
			}
			return
		}
		for _, key := range fr.Keys() {
			if _, err := fr.T(key, 1, "x"); err != nil {
				t.Errorf("text %q is listed and missing: %v", key, err)
			}
		}
		if at := time.Date(2025, 5, 1, 9, 5, 0, 0, time.UTC); !diags.HasErrors() && fr.Day(at, false)+fr.Month(2025, time.May)+fr.MonthShort(2025, time.May)+fr.Clock(at) == "" && !strings.Contains(string(data), `""`) {
			t.Error("dates show as nothing")
		}
	})
}
