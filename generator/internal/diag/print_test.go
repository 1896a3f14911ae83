package diag_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"vigie/generator/internal/diag"
)

var update = flag.Bool("update", false, "rewrite the golden files from what the code gives")

// findings are diagnostics of every sort, about lines that are hard to underline.
func findings() diag.List {
	text := "Voir [[blue]] ici.\n" +
		"\t\té\t[[blue]]\n" +
		"日本語 [[日本]] 😀e\u0301 fin\n" +
		"rouge \x1b[31m [[blue]]\n" +
		strings.Repeat("début ", 40) + "[[blue]]" + strings.Repeat(" fin", 40) + "\n" +
		"[[blue]]" + strings.Repeat(" fin", 40) + "\n" +
		strings.Repeat("é", 300) + "\n"
	src := diag.NewSource("content/été.md", []byte(text))
	var list diag.List
	rest, at := text, 0
	for {
		i := strings.Index(rest, "[[")
		if i < 0 {
			break
		}
		end := strings.Index(rest[i:], "]]") + 2
		list = append(list, src.Errorf(at+i, end, "unknown-page", "unknown page in link").WithSuggestion("did you mean %q?", "bleu"))
		at, rest = at+i+end, rest[i+end:]
	}
	long := strings.Index(text, "éé")
	return append(list,
		src.Errorf(long, 600, "long-word", "word is long").AsWarning(),
		src.Errorf(strings.Index(text, " ici"), 0, "point", "place is a point"),
		src.Errorf(len(text)-1, 1, "end", "line ends here"),
		diag.Errorf(diag.Position{}, "nowhere", "site has no page"),
		diag.Errorf(diag.Position{File: "config.toml"}, "file", "file <b> is \x1b[2Jodd\nand goes on"),
		diag.Errorf(diag.Position{File: "a.md", Line: 3, Col: 1}, "duplicate", "slug is taken").
			WithNote(diag.Position{File: "b.md", Line: 9, Col: 2}, "it is taken here"),
	)
}

// TestPrint compares the forms with testdata/print.txtar; escape sequences stand
// there as ␛.
func TestPrint(t *testing.T) {
	const archive = "testdata/print.txtar"
	a, err := txtar.ParseFile(archive)
	if err != nil {
		t.Fatal(err)
	}
	forms := map[string]diag.PrintOptions{
		"pipe":     {},
		"excerpt":  {Excerpt: true},
		"terminal": {Color: true, Excerpt: true},
		"json":     {JSON: true, Color: true, Excerpt: true},
	}
	if len(a.Files) != len(forms) {
		t.Fatalf("%s has %d files, want %d", archive, len(a.Files), len(forms))
	}
	for i := range a.Files {
		want := &a.Files[i]
		o, ok := forms[want.Name]
		if !ok {
			t.Fatalf("%s is no form", want.Name)
		}
		var b bytes.Buffer
		if err := diag.Print(&b, findings(), o); err != nil {
			t.Fatal(err)
		}
		got := strings.ReplaceAll(b.String(), "\x1b", "␛")
		if *update {
			want.Data = []byte(got)
		}
		if diff := cmp.Diff(string(want.Data), got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", want.Name, diff)
		}
	}
	if *update {
		if err := os.WriteFile(archive, txtar.Format(a), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// Whatever the input, the pipe's form is a line a finding and commands no terminal.
func TestPrintPipeIsALineEach(t *testing.T) {
	list := findings()
	var b bytes.Buffer
	if err := diag.Print(&b, list, diag.PrintOptions{}); err != nil {
		t.Fatal(err)
	}
	notes := 1
	if got := strings.Count(b.String(), "\n"); got != len(list)+notes {
		t.Errorf("%d lines, want %d", got, len(list)+notes)
	}
	if strings.ContainsRune(b.String(), '\x1b') {
		t.Error("an escape sequence of the input is printed")
	}
}

func TestPrintJSONIsReadable(t *testing.T) {
	var b bytes.Buffer
	if err := diag.Print(&b, findings(), diag.PrintOptions{JSON: true}); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(b.String()) {
		var keys map[string]any
		if err := json.Unmarshal([]byte(line), &keys); err != nil || len(keys) != 9 {
			t.Errorf("%s gives %d keys, error %v", line, len(keys), err)
		}
	}
}

func TestPrintLeavesTheListAlone(t *testing.T) {
	list := findings()
	first := list[0].String()
	if err := diag.Print(&bytes.Buffer{}, list, diag.PrintOptions{}); err != nil || list[0].String() != first {
		t.Errorf("first is %s, was %s (%v)", list[0], first, err)
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("disk is full") }

func TestPrintReturnsTheWritersError(t *testing.T) {
	if err := diag.Print(full{}, findings(), diag.PrintOptions{}); err == nil || err.Error() != "disk is full" {
		t.Errorf("error is %v", err)
	}
}

// FuzzPrint draws any line with any place: no panic, marks below the line.
func FuzzPrint(f *testing.F) {
	f.Add("été [[bleu]]", 5, 8)
	f.Add("\t日本\x1b", 2, 100)
	f.Add(strings.Repeat("a", 500), 400, 3)
	f.Fuzz(func(t *testing.T, text string, col, length int) {
		d := diag.Diagnostic{Position: diag.Position{File: "x", Line: 1, Col: col}, Length: length, Text: text, Message: "m"}
		var b bytes.Buffer
		if err := diag.Print(&b, diag.List{d}, diag.PrintOptions{Excerpt: true}); err != nil {
			t.Fatal(err)
		}
		if lines := strings.Count(b.String(), "\n"); lines > 3 {
			t.Errorf("%d lines:\n%s", lines, b.String())
		}
		for line := range strings.Lines(b.String()) {
			if n := len([]rune(line)); n > 400 {
				t.Errorf("line of %d characters", n)
			}
		}
	})
}
