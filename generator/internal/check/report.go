package check

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Report holds the answers to the judged queries.
type Report struct {
	Answers []Answer // in the order of the file
}

// Score sums up the answers to some queries.
type Score struct {
	Class   string // "" for all classes
	Queries int
	First   int     // queries whose first hit is an expected page
	MRR     float64 // mean reciprocal rank, from 0 to 1; 0 without queries
}

// shownHits is the number of hits that a report shows of a miss.
const shownHits = 3

// Languages lists the languages asked in, in the order of the file.
func (r Report) Languages() []string {
	var list []string
	for _, a := range r.Answers {
		if !slices.Contains(list, a.Lang) {
			list = append(list, a.Lang)
		}
	}
	return list
}

// Score sums up the answers in a language.
func (r Report) Score(lang string) Score {
	return r.sum("", func(a Answer) bool { return a.Lang == lang })
}

// Classes sums up the answers in a language by class, in the order of the file.
func (r Report) Classes(lang string) []Score {
	var names []string
	for _, a := range r.Answers {
		if a.Lang == lang && !slices.Contains(names, a.Class) {
			names = append(names, a.Class)
		}
	}
	scores := make([]Score, len(names))
	for i, name := range names {
		scores[i] = r.sum(name, func(a Answer) bool { return a.Lang == lang && a.Class == name })
	}
	return scores
}

func (r Report) sum(class string, of func(Answer) bool) Score {
	s := Score{Class: class}
	total := 0.0
	for _, a := range r.Answers {
		if !of(a) {
			continue
		}
		s.Queries++
		total += a.ReciprocalRank()
		if a.Rank == 1 {
			s.First++
		}
	}
	if s.Queries > 0 {
		s.MRR = total / float64(s.Queries)
	}
	return s
}

// Misses lists the answers in a language whose first hit is not an expected page.
func (r Report) Misses(lang string) []Answer {
	var list []Answer
	for _, a := range r.Answers {
		if a.Lang == lang && a.Rank != 1 {
			list = append(list, a)
		}
	}
	return list
}

// Print writes the report as text: for each language a table of its classes, then
// its misses with what was expected and what came first instead.
func (r Report) Print(w io.Writer) error {
	b := bufio.NewWriter(w)
	for i, lang := range r.Languages() {
		if i > 0 {
			fmt.Fprintln(b)
		}
		r.printScores(b, lang)
		if misses := r.Misses(lang); len(misses) > 0 {
			fmt.Fprintf(b, "\nnot found first in %s\n", lang)
			for _, a := range misses {
				a.print(b)
			}
		}
	}
	return b.Flush()
}

// printScores writes a language's table. Numbers are aligned on the right.
func (r Report) printScores(w io.Writer, lang string) {
	classes := append(r.Classes(lang), r.Score(lang))
	classes[len(classes)-1].Class = "all"
	width := len(lang)
	for _, s := range classes {
		width = max(width, len([]rune(s.Class)))
	}
	fmt.Fprintf(w, "%-*s  queries    MRR  found first\n", width, lang)
	for _, s := range classes {
		fmt.Fprintf(w, "%-*s  %7d  %.3f  %11d\n", width, s.Class, s.Queries, s.MRR, s.First)
	}
}

// print writes a miss.
func (a Answer) print(w io.Writer) {
	rank := "not found"
	if a.Rank > 0 {
		rank = fmt.Sprintf("rank %d", a.Rank)
	}
	got := "nothing"
	if len(a.Found) > 0 {
		got = strings.Join(a.Found[:min(len(a.Found), shownHits)], ", ")
	}
	fmt.Fprintf(w, "  %s (%s, %s)\n", a.Query, a.Class, rank)
	fmt.Fprintf(w, "    expected %s\n    got      %s\n", strings.Join(a.Expected, " or "), got)
}
