package permalink_test

import (
	"testing"

	"vigie/generator/internal/permalink"
)

func TestSame(t *testing.T) {
	for _, c := range []struct {
		a, b        string
		same, alike bool
	}{
		{"Élise", "elise", true, true},
		{"Élise", "E\u0301lise", true, true},
		{"à", "a", true, true},
		{"Œuvre", "oeuvre", true, true},
		{"№1", "No1", true, true},
		{"Jean-Pierre", "Jean Pierre", true, true},
		{"Jean\u202fPierre", "jean‑pierre", true, true}, // narrow space, non-breaking hyphen
		{"l’été", "l'« été »", true, true},
		{"R&D", "R & D", true, true},
		{"#veille", "Veille", true, true},
		{"cloud_act", "Cloud Act", true, true},
		{"日本語", "日本語", true, true},
		{"が", "か", false, false},

		{"C", "C++", false, false},
		{"C++", "C#", false, false},
		{"C", "C#", false, false},
		{"R&D", "R D", false, false},
		{"A+", "A*", false, false},
		{".NET", "NET", false, true},
		{"J. Martin", "J-Martin", false, true},
		{"a/b", "a-b", false, true},
		{"Qui décide ?", "qui decide", false, true},
		{"2.0", "20", false, false},
		{"???", "!!!", false, true},
		{"x²", "x2", true, true}, // compatibility, as in slugs
		{"ab", "a b", false, false},
	} {
		if got := permalink.Same(c.a, c.b); got != c.same {
			t.Errorf("Same(%q, %q) is %v", c.a, c.b, got)
		}
		if got := permalink.Alike(c.a, c.b); got != c.alike {
			t.Errorf("Alike(%q, %q) is %v", c.a, c.b, got)
		}
		if permalink.Same(c.a, c.b) != permalink.Same(c.b, c.a) || permalink.Same(c.a, c.b) && permalink.Slug(c.a) != permalink.Slug(c.b) {
			t.Errorf("Same(%q, %q) depends on the order, or joins what slugs part", c.a, c.b)
		}
	}
}
