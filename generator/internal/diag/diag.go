// Package diag owns what Vigie says about bad input: positions, diagnostics and
// the way they are ordered and suggested.
//
// Its fundamental types are [Source], a file's text that turns byte offsets into
// positions, and [Diagnostic], a value that says what is wrong, where, and what
// would cure it. Packages carry byte offsets and turn them into positions at the
// edge; they return a [List] and never print. Printing is [Print]'s alone.
//
// The package never reads files and never decides whether a build goes on.
package diag

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"sync"
	"unicode/utf8"
)

// Severity tells an error, which stops a build, from a warning, which does not.
type Severity int

// The severities, the gravest first.
const (
	Error Severity = iota
	Warning
)

// String returns the word printed in a diagnostic: "error" or "warning".
func (s Severity) String() string {
	if s == Warning {
		return "warning"
	}
	return "error"
}

// Position is a place in a named file. Line and Col count from 1, Col in
// characters (Unicode code points), as editors do; 0 means unknown.
type Position struct {
	File string
	Line int
	Col  int
}

// String formats p as file:line:col, leaving out what is unknown.
func (p Position) String() string {
	switch {
	case p.File == "":
		return "-"
	case p.Line == 0:
		return p.File
	case p.Col == 0:
		return fmt.Sprintf("%s:%d", p.File, p.Line)
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Col)
}

// Compare orders positions by file, line and column.
func (p Position) Compare(q Position) int {
	if c := strings.Compare(p.File, q.File); c != 0 {
		return c
	}
	if p.Line != q.Line {
		return p.Line - q.Line
	}
	return p.Col - q.Col
}

// Note is a second place that explains a diagnostic, such as where a duplicate
// was first seen.
type Note struct {
	Position
	Message string
}

// Diagnostic is one finding about the input.
type Diagnostic struct {
	Severity Severity
	Position
	// Length is how many characters from Col the finding covers; 0 for a point.
	Length int
	// Message starts with the noun, lower case, without a full stop.
	Message string
	// Suggestion is the cure in a few words, shown in parentheses behind the
	// message: `did you mean "bleu"?`, `add as_of = 2025-03`. It may be empty.
	Suggestion string
	// Rule is the finding's stable name, such as "unknown-page".
	Rule string
	// Text is the source line at Position, without its line end.
	Text  string
	Notes []Note
}

// String formats d as it stands in a pipe:
//
//	content/x.md:12:5: error: unknown page "blue" in link (did you mean "bleu"?)
func (d Diagnostic) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s: %s", d.Position, d.Severity, d.Message)
	if d.Suggestion != "" {
		fmt.Fprintf(&b, " (%s)", d.Suggestion)
	}
	return b.String()
}

// WithSuggestion returns d with its cure set.
func (d Diagnostic) WithSuggestion(format string, args ...any) Diagnostic {
	d.Suggestion = fmt.Sprintf(format, args...)
	return d
}

// WithNote returns d with one more note.
func (d Diagnostic) WithNote(pos Position, format string, args ...any) Diagnostic {
	d.Notes = append(slices.Clip(d.Notes), Note{pos, fmt.Sprintf(format, args...)})
	return d
}

// AsWarning returns d as a warning.
func (d Diagnostic) AsWarning() Diagnostic {
	d.Severity = Warning
	return d
}

// Errorf returns an error at pos with no source line. Prefer [Source.Errorf]
// where the file's text is at hand.
func Errorf(pos Position, rule, format string, args ...any) Diagnostic {
	return Diagnostic{Position: pos, Rule: rule, Message: fmt.Sprintf(format, args...)}
}

// List is a collection of diagnostics in any order.
type List []Diagnostic

// Sort orders l by position and then message, and drops exact repetitions, so
// that a parallel build prints the same lines in the same order every time.
func (l List) Sort() List {
	slices.SortStableFunc(l, func(a, b Diagnostic) int {
		if c := a.Position.Compare(b.Position); c != 0 {
			return c
		}
		if a.Severity != b.Severity {
			return int(a.Severity - b.Severity)
		}
		return strings.Compare(a.Message, b.Message)
	})
	return slices.CompactFunc(l, func(a, b Diagnostic) bool {
		return a.Position == b.Position && a.Severity == b.Severity && a.Message == b.Message
	})
}

// HasErrors tells whether any of l is an error.
func (l List) HasErrors() bool {
	return slices.ContainsFunc(l, func(d Diagnostic) bool { return d.Severity == Error })
}

// Count returns how many errors and warnings l holds.
func (l List) Count() (errors, warnings int) {
	for _, d := range l {
		if d.Severity == Error {
			errors++
		} else {
			warnings++
		}
	}
	return errors, warnings
}

// Source is the text of one file, able to turn byte offsets into positions.
// It is immutable and safe for concurrent use.
type Source struct {
	name string
	text []byte

	once  sync.Once
	lines []int // offset of each line's first byte; see starts
}

// NewSource returns the source of a file called name (its slash-separated path
// as the user knows it, such as "content/actualites/x.md"). It keeps text.
func NewSource(name string, text []byte) *Source {
	return &Source{name: name, text: text}
}

// starts returns the offsets at which lines start. Most sources are never asked.
func (s *Source) starts() []int {
	s.once.Do(func() {
		s.lines = []int{0}
		for i, c := range s.text {
			if c == '\n' {
				s.lines = append(s.lines, i+1)
			}
		}
	})
	return s.lines
}

// Name returns the file's name.
func (s *Source) Name() string { return s.name }

// Text returns the file's bytes, which must not be changed.
func (s *Source) Text() []byte { return s.text }

// Position returns the position of the byte at offset, which is clamped to the text.
func (s *Source) Position(offset int) Position {
	offset = min(max(offset, 0), len(s.text))
	lines := s.starts()
	line := sort.SearchInts(lines, offset+1) // lines[line-1] <= offset
	start := lines[line-1]
	return Position{s.name, line, utf8.RuneCount(s.text[start:offset]) + 1}
}

// Offset returns the byte offset of a 1-based line and of a 1-based column in
// characters, clamped to the text.
func (s *Source) Offset(line, col int) int {
	if line < 1 {
		return 0
	}
	lines := s.starts()
	if line > len(lines) {
		return len(s.text)
	}
	offset := lines[line-1]
	for range col - 1 {
		if offset >= len(s.text) || s.text[offset] == '\n' {
			break
		}
		_, n := utf8.DecodeRune(s.text[offset:])
		offset += n
	}
	return offset
}

// Line returns the text of the 1-based line n without its line end, or "".
func (s *Source) Line(n int) string {
	lines := s.starts()
	if n < 1 || n > len(lines) {
		return ""
	}
	end := len(s.text)
	if n < len(lines) {
		end = lines[n]
	}
	return strings.TrimRight(string(s.text[lines[n-1]:end]), "\r\n")
}

// Errorf returns an error about length bytes of the source from offset on.
func (s *Source) Errorf(offset, length int, rule, format string, args ...any) Diagnostic {
	pos := s.Position(offset)
	end := min(max(offset, 0)+max(length, 0), len(s.text))
	start := min(max(offset, 0), end)
	covered, _, _ := strings.Cut(string(s.text[start:end]), "\n")
	return Diagnostic{
		Position: pos,
		Length:   utf8.RuneCountInString(covered),
		Rule:     rule,
		Message:  fmt.Sprintf(format, args...),
		Text:     s.Line(pos.Line),
	}
}

// DidYouMean returns `did you mean "x"?` for the candidate nearest to word, or
// "" when none is near: at most one edit in three characters (Levenshtein
// distance with transpositions, case folded). Ties go to the first in
// alphabetical order.
func DidYouMean(word string, candidates []string) string {
	if best := Nearest(word, candidates); best != "" {
		return fmt.Sprintf("did you mean %q?", best)
	}
	return ""
}

// Nearest returns the candidate that [DidYouMean] would suggest, or "".
func Nearest(word string, candidates []string) string {
	from := []rune(strings.ToLower(word))
	best, bestDistance := "", max(1, len(from)/3)+1
	for _, c := range slices.Sorted(slices.Values(candidates)) {
		if c == "" || c == word {
			continue
		}
		if d := distance(from, []rune(strings.ToLower(c)), bestDistance); d < bestDistance {
			best, bestDistance = c, d
		}
	}
	return best
}

// distance is the optimal string alignment distance of a and b, or limit where
// it is at least that.
func distance(a, b []rune, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit {
		return limit
	}
	older, prev, cur := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		cur[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			cur[j] = min(prev[j]+1, cur[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				cur[j] = min(cur[j], older[j-2]+1)
			}
		}
		older, prev, cur = prev, cur, older
	}
	return min(prev[len(b)], limit)
}
