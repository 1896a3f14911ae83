package diag

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// PrintOptions choose the form that [Print] writes. The caller knows where it
// writes to: a terminal gets Color and Excerpt, a pipe neither.
type PrintOptions struct {
	JSON    bool // one JSON object a line; the others are ignored
	GitHub  bool // one workflow command of GitHub Actions a line; Color and Excerpt are ignored
	Color   bool // ANSI escape sequences
	Excerpt bool // the source line below, with the place underlined
	// Base is the folder that GitHub's file names start from, slash-separated, as seen
	// from the repository's root: files are named below it.
	Base string
}

// Print writes list to w, sorted, without changing it: one diagnostic a line, its
// notes on lines of their own behind it. It returns the first error of w.
func Print(w io.Writer, list List, o PrintOptions) error {
	var b bytes.Buffer
	for _, d := range slices.Clone(list).Sort() {
		b.Reset()
		switch {
		case o.JSON:
			if err := writeJSON(&b, d); err != nil {
				return err
			}
		case o.GitHub:
			writeGitHub(&b, d, o.Base)
		default:
			writeText(&b, d, o)
		}
		if _, err := w.Write(b.Bytes()); err != nil {
			return err
		}
	}
	return nil
}

// jsonNote and jsonDiagnostic are the JSON form, whose keys scripts rely on.
type jsonNote struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Message string `json:"message"`
}

type jsonDiagnostic struct {
	Severity   string     `json:"severity"`
	File       string     `json:"file"`
	Line       int        `json:"line"`
	Column     int        `json:"column"`
	Length     int        `json:"length"`
	Message    string     `json:"message"`
	Suggestion string     `json:"suggestion"`
	Rule       string     `json:"rule"`
	Notes      []jsonNote `json:"notes"`
}

func writeJSON(b *bytes.Buffer, d Diagnostic) error {
	j := jsonDiagnostic{d.Severity.String(), d.File, d.Line, d.Col, d.Length, d.Message, d.Suggestion, d.Rule, []jsonNote{}}
	for _, n := range d.Notes {
		j.Notes = append(j.Notes, jsonNote{n.File, n.Line, n.Col, n.Message})
	}
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	return e.Encode(j)
}

// The ANSI sequences of the coloured form.
const (
	styleBold   = "\x1b[1m"
	styleRed    = "\x1b[1;31m"
	styleYellow = "\x1b[1;33m"
	styleGreen  = "\x1b[1;32m"
	styleCyan   = "\x1b[36m"
	styleDim    = "\x1b[2m"
	styleReset  = "\x1b[0m"
)

func writeText(b *bytes.Buffer, d Diagnostic, o PrintOptions) {
	paint := func(style, text string) string {
		if !o.Color || text == "" {
			return text
		}
		return style + text + styleReset
	}
	severity := styleRed
	if d.Severity == Warning {
		severity = styleYellow
	}
	fmt.Fprintf(b, "%s %s %s", paint(styleBold, harmless(d.Position.String())+":"), paint(severity, d.Severity.String()+":"), harmless(d.Message))
	if d.Suggestion != "" {
		fmt.Fprintf(b, " %s", paint(styleCyan, "("+harmless(d.Suggestion)+")"))
	}
	b.WriteByte('\n')
	if o.Excerpt && d.Line > 0 && d.Text != "" {
		line, padding, marks := excerpt(d.Text, d.Col, d.Length)
		fmt.Fprintf(b, "%s%s\n", paint(styleDim, fmt.Sprintf("%5d | ", d.Line)), line)
		if d.Col > 0 {
			fmt.Fprintf(b, "%s%s%s\n", paint(styleDim, "      | "), padding, paint(styleGreen, marks))
		}
	}
	for _, n := range d.Notes {
		fmt.Fprintf(b, "%s %s %s\n", paint(styleBold, harmless(n.Position.String())+":"), paint(styleCyan, "note:"), harmless(n.Message))
	}
}

// commands tells whether r would command a terminal or turn the direction of text,
// which could show a line other than it is.
func commands(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) }

// harmless returns text on one line, without what commands a terminal.
func harmless(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return ' '
		case commands(r):
			return unicode.ReplacementChar
		}
		return r
	}, text)
}

// The columns of an excerpt, how many of them stand before the finding when the
// line has to be cut, and the most characters there, since some take no column.
const (
	excerptWidth = 120
	excerptLead  = 40
	excerptRunes = 3 * excerptWidth
)

// excerpt returns a source line, cut around the finding where it is long, with the
// padding and the marks of the line below. col counts characters from 1.
func excerpt(text string, col, length int) (line, padding, marks string) {
	runes := []rune(text)
	for i, r := range runes {
		if commands(r) && r != '\t' {
			runes[i] = unicode.ReplacementChar
		}
	}
	at := min(max(col-1, 0), len(runes))
	from, to := 0, len(runes)
	before, after := "", ""
	if len(runes) > excerptRunes || columns(runes) > excerptWidth {
		for from = at; from > 0 && at-from < excerptRunes/3 && columns(runes[from-1:at]) <= excerptLead; {
			from--
		}
		for to = at; to < len(runes) && to-from < excerptRunes && columns(runes[from:to+1]) <= excerptWidth; {
			to++
		}
		if from > 0 {
			before = "…"
		}
		if to < len(runes) {
			after = "…"
		}
	}
	// What is covered is marked as far as it shows; a point gets one mark.
	end := max(at, min(at+length, to))
	line = before + string(runes[from:to]) + after
	padding = blank([]rune(before)) + blank(runes[from:at])
	marks = strings.Repeat("^", max(1, columns(runes[at:end])))
	return line, padding, marks
}

// blank returns what takes as many columns as runes and shows nothing: tabs are
// kept, for their width depends on where they stand.
func blank(runes []rune) string {
	var b strings.Builder
	for _, r := range runes {
		if r == '\t' {
			b.WriteByte('\t')
			continue
		}
		b.WriteString(strings.Repeat(" ", columnsOf(r)))
	}
	return b.String()
}

// columns returns how many columns of a terminal runes take; a tab counts as one.
func columns(runes []rune) int {
	n := 0
	for _, r := range runes {
		n += columnsOf(r)
	}
	return n
}

func columnsOf(r rune) int {
	if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}
