package almanac

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// day reads a day that a test is sure of.
func day(t testing.TB, name string) time.Time {
	t.Helper()
	d, ok := ParseDay(name)
	if !ok {
		t.Fatalf("%q is no day", name)
	}
	return d
}

func TestInForce(t *testing.T) {
	a := Almanac{Today: day(t, "2026-11-21"), Days: []time.Time{day(t, "2021-05-31"), day(t, "2025-04-17"), day(t, "2026-11-20")}}
	for asked, want := range map[string]string{
		"0001-01-01": "2021-05-31",
		"2021-05-30": "2021-05-31",
		"2021-05-31": "2021-05-31",
		"2025-04-16": "2021-05-31",
		"2025-04-17": "2025-04-17",
		"2025-06-01": "2025-04-17",
		"2026-11-20": "2026-11-20",
		"2026-11-21": "",
		"9999-12-31": "",
	} {
		got := ""
		if found, ok := a.InForce(day(t, asked)); ok {
			got = Name(found)
		}
		if got != want {
			t.Errorf("in force on %s is %q, want %q", asked, got, want)
		}
	}
	if _, ok := (Almanac{Today: day(t, "2026-11-21")}).InForce(day(t, "2026-01-01")); ok {
		t.Error("an almanac without days has one in force")
	}
}

func TestParse(t *testing.T) {
	for text, want := range map[string]string{
		`{"version":1,"today":"2026-11-21","days":["2025-04-17"]}`:              "",
		`{"version":1,"today":"2026-11-21","days":[],"more":1}`:                 "",
		`{"version":1,"today":"2026-11-21"}`:                                    "",
		`{"version":2,"today":"2026-11-21","days":[]}`:                          "version 2",
		`{"version":1,"days":[]}`:                                               `no day ""`,
		`{"version":1,"today":"2026-02-30","days":[]}`:                          `no day "2026-02-30"`,
		`{"version":1,"today":"2026-11-21","days":["2025-04-17","2025-04-17"]}`: "out of order",
		`{"version":1,"today":"2026-11-21","days":["2025-04-17","2024-04-17"]}`: "out of order",
		`{"version":1,"today":"2026-11-21","days":["../x"]}`:                    "out of order",
		`[]`: "cannot unmarshal",
		``:   "unexpected end",
		`{"version":1,"today":"` + strings.Repeat("2", MaxSize) + `"}`: "larger than",
	} {
		_, err := Parse([]byte(text))
		switch {
		case want == "" && err != nil:
			t.Errorf("%s gives %v", text, err)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%.80s gives %v, want %q", text, err, want)
		}
	}
}

// FuzzParse: what is read can be written and read again, and every day in force is
// one of the almanac's.
func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"version":1,"today":"2026-11-21","days":["2021-05-31","2025-04-17"]}`), "2025-06-01")
	f.Add([]byte(`{"version":1,"today":"0001-01-01","days":["9999-12-31"]}`), "2025-06-01")
	f.Add([]byte(`null`), "x")
	f.Fuzz(func(t *testing.T, data []byte, asked string) {
		a, err := Parse(data)
		if err != nil {
			return
		}
		again, err := Parse(a.Marshal())
		if err != nil || !again.Today.Equal(a.Today) || !slices.Equal(again.Days, a.Days) {
			t.Fatalf("%s is read again as %v, %v", a.Marshal(), again, err)
		}
		if d, ok := ParseDay(asked); ok {
			if found, ok := a.InForce(d); ok && !slices.Contains(a.Days, found) {
				t.Fatalf("in force on %s is %s, of %v", asked, Name(found), a.Days)
			}
		}
	})
}
