package diag_test

import (
	"strings"
	"testing"

	"vigie/generator/internal/diag"
)

func TestPosition(t *testing.T) {
	src := diag.NewSource("x.md", []byte("é ü\r\n\nfin"))
	for _, test := range []struct {
		offset, line, col int
	}{
		{-1, 1, 1}, {0, 1, 1}, {2, 1, 2}, {3, 1, 3}, {5, 1, 4}, {7, 2, 1}, {8, 3, 1}, {10, 3, 3}, {11, 3, 4}, {99, 3, 4},
	} {
		p := src.Position(test.offset)
		if p.File != "x.md" || p.Line != test.line || p.Col != test.col {
			t.Errorf("offset %d is at %v, want %d:%d", test.offset, p, test.line, test.col)
		}
	}
	for offset := range string(src.Text()) {
		if p := src.Position(offset); src.Offset(p.Line, p.Col) != offset {
			t.Errorf("offset %d at %v comes back as %d", offset, p, src.Offset(p.Line, p.Col))
		}
	}
	for n, want := range []string{"", "é ü", "", "fin", ""} {
		if got := src.Line(n); got != want {
			t.Errorf("line %d is %q, want %q", n, got, want)
		}
	}
}

func TestPositionString(t *testing.T) {
	for want, p := range map[string]diag.Position{
		"-":       {},
		"x.md":    {File: "x.md"},
		"x.md:2":  {File: "x.md", Line: 2},
		"x:2:3":   {File: "x", Line: 2, Col: 3},
		"x.md:20": {File: "x.md", Line: 20},
	} {
		if got := p.String(); got != want {
			t.Errorf("%+v is %q, want %q", p, got, want)
		}
	}
}

func TestErrorf(t *testing.T) {
	src := diag.NewSource("x.md", []byte("un\nété [[blue]]\nfin"))
	at := strings.Index(string(src.Text()), "[[")
	d := src.Errorf(at, len("[[blue]]\nfin"), "unknown-page", "unknown page %q", "blue").WithSuggestion("did you mean %q?", "bleu")
	if got, want := d.String(), `x.md:2:5: error: unknown page "blue" (did you mean "bleu"?)`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	// What runs on to the next line is covered to the end of its first.
	if d.Length != len("[[blue]]") || d.Text != "été [[blue]]" || d.Rule != "unknown-page" {
		t.Errorf("length %d, text %q, rule %q", d.Length, d.Text, d.Rule)
	}
	if beyond := src.Errorf(1000, 5, "r", "m"); beyond.Length != 0 || beyond.Line != 3 {
		t.Errorf("beyond the text: %+v", beyond)
	}
}

// A diagnostic that gets a note does not share it with its copies.
func TestWithNoteCopies(t *testing.T) {
	d := diag.Errorf(diag.Position{File: "x"}, "r", "m").WithNote(diag.Position{File: "a"}, "first")
	one := d.WithNote(diag.Position{File: "b"}, "one")
	d.WithNote(diag.Position{File: "c"}, "two")
	if len(d.Notes) != 1 || len(one.Notes) != 2 || one.Notes[1].Message != "one" {
		t.Errorf("notes are %v and %v", d.Notes, one.Notes)
	}
}

func TestSort(t *testing.T) {
	at := func(file string, line, col int) diag.Position { return diag.Position{File: file, Line: line, Col: col} }
	list := diag.List{
		diag.Errorf(at("b", 1, 1), "r", "m"),
		diag.Errorf(at("a", 2, 1), "r", "m"),
		diag.Errorf(at("a", 1, 10), "r", "m"),
		diag.Errorf(at("a", 1, 9), "r", "w").AsWarning(),
		diag.Errorf(at("a", 1, 9), "r", "z"),
		diag.Errorf(at("a", 1, 9), "r", "k"),
		diag.Errorf(at("a", 1, 9), "r", "z"),
	}.Sort()
	var got []string
	for _, d := range list {
		got = append(got, d.String())
	}
	want := "a:1:9: error: k|a:1:9: error: z|a:1:9: warning: w|a:1:10: error: m|a:2:1: error: m|b:1:1: error: m"
	if strings.Join(got, "|") != want {
		t.Errorf("got %s, want %s", strings.Join(got, "|"), want)
	}
	if errors, warnings := list.Count(); errors != 5 || warnings != 1 || !list.HasErrors() || list[2:3].HasErrors() {
		t.Errorf("%d errors, %d warnings", errors, warnings)
	}
}

func TestNearest(t *testing.T) {
	for _, test := range []struct {
		word       string
		candidates []string
		want       string
	}{
		{"blue", []string{"bleu", "s3ns"}, "bleu"},     // letters swapped
		{"titel", []string{"title", "tiles"}, "title"}, // one transposition before two edits
		{"Titre", []string{"titre"}, "titre"},          // only the case differs
		{"sourse", []string{"source", "sources"}, "source"},
		{"chat", []string{"that", "char"}, "char"}, // a tie goes to the first
		{"xyz", []string{"title"}, ""},             // too far
		{"date", []string{"date"}, ""},             // the word itself is no cure
		{"a", []string{"b"}, "b"},
		{"ete", []string{"été"}, ""}, // two edits of three
		{"", []string{"title", ""}, ""},
	} {
		if got := diag.Nearest(test.word, test.candidates); got != test.want {
			t.Errorf("nearest to %q of %v is %q, want %q", test.word, test.candidates, got, test.want)
		}
	}
	if got := diag.DidYouMean("blue", []string{"bleu"}); got != `did you mean "bleu"?` {
		t.Errorf("got %s", got)
	}
	if got := diag.DidYouMean("blue", nil); got != "" {
		t.Errorf("got %s", got)
	}
}
