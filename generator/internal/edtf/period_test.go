package edtf_test

import (
	"strings"
	"testing"
	"time"

	"vigie/generator/internal/diag"
	"vigie/generator/internal/edtf"
	"vigie/generator/internal/record"
)

func TestParsePeriod(t *testing.T) {
	for _, test := range []struct{ text, from, to string }{
		{"P18M", "2024-03-31", "2025-09-30"},
		{"P1Y", "2024-02-29", "2025-02-28"},
		{"P1Y6M", "2025-01-01", "2026-07-01"},
		{"P1M", "2025-01-31", "2025-02-28"},
		{"P2W", "2025-12-25", "2026-01-08"},
		{"P90D", "2025-01-01", "2025-04-01"},
		{"P1Y2M3W4D", "2025-01-31", "2026-04-25"},
	} {
		p, err := edtf.ParsePeriod(test.text)
		if err != nil {
			t.Errorf("%s: %v", test.text, err)
			continue
		}
		if p.String() != test.text {
			t.Errorf("%s reads as %s", test.text, p)
		}
		from, err := time.Parse(time.DateOnly, test.from)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.After(from).Format(time.DateOnly); got != test.to {
			t.Errorf("%s after %s is %s, want %s", test.text, test.from, got, test.to)
		}
	}
}

func TestBadPeriods(t *testing.T) {
	for text, want := range map[string]string{
		"":           "want one such as",
		"18 months":  "want one such as",
		"P":          "want one such as",
		"p1y":        "want one such as",
		"PT1H":       "has hours",
		"P1DT1H":     "has hours",
		"P0Y":        "is empty",
		"P1M1Y":      "in the order",
		"P1Y1Y":      "in the order",
		"P1H":        "in the order",
		"PY":         "is not made of numbers",
		"P1":         "is not made of numbers",
		"P1.5Y":      "in the order",
		"P-1Y":       "is not made of numbers",
		"P99999Y":    "at most 9999",
		"P99999999D": "at most 9999",
	} {
		if p, err := edtf.ParsePeriod(text); err == nil || !strings.Contains(err.Error(), want) || !p.IsZero() {
			t.Errorf("%q reads as %s, error %v, want %q", text, p, err, want)
		}
	}
}

func TestPeriodUnmarshalRecord(t *testing.T) {
	text := "a = \"P18M\"\nb = 18\nc = \"18M\"\n"
	table, list := record.ParseTOML(diag.NewSource("x.toml", []byte(text)), 0, len(text))
	if len(list) > 0 {
		t.Fatal(list)
	}
	var dst struct {
		A edtf.Period `record:"a"`
		B edtf.Period `record:"b"`
		C edtf.Period `record:"c"`
	}
	list = table.Decode(&dst, record.DecodeOptions{})
	if dst.A.String() != "P18M" || len(list) != 2 || list[0].Line != 2 || list[1].Line != 3 {
		t.Errorf("read %+v, %v", dst, list)
	}
}

// ParsePeriod never panics, and what it reads it writes the same up to leading zeros.
func FuzzParsePeriod(f *testing.F) {
	for _, seed := range []string{"P18M", "P1Y2M3W4D", "P", "PT1H", "P007D", "P1Y1Y"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := edtf.ParsePeriod(text)
		if err != nil {
			return
		}
		again, err := edtf.ParsePeriod(p.String())
		if err != nil || again != p {
			t.Errorf("%q gives %s, which gives %s, %v", text, p, again, err)
		}
	})
}
