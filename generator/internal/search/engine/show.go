package engine

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	blevesearch "github.com/blevesearch/bleve/v2/search"

	"vigie/generator/internal/search"
	"vigie/generator/internal/search/analysis"
	"vigie/generator/internal/search/segment"
)

// Excerpts, in bytes.
const (
	excerptSize = 240
	excerptLead = 60 // before the first match
)

// show returns a hit as a result shows it.
func (e *Engine) show(h hit, p *plan, explain bool) (search.Hit, error) {
	r, err := e.segment.Record(int(h.doc))
	if err != nil {
		return search.Hit{}, err
	}
	shown := search.Hit{
		ID: r.ID, Score: h.final, Tier: h.tier,
		Title: r.Title, Kind: r.Kind, KindTitle: cmp.Or(e.meta.Kinds[r.Kind], r.Kind),
		Summary: r.Summary, Tags: r.Tags, Date: r.Date,
	}
	best, text := e.section(r, p)
	shown.Anchor, shown.Heading = best.Anchor, best.Heading
	shown.Excerpt = excerpt(text, e.matches(text, p))
	if explain {
		shown.Explanation = h.explain()
	}
	return shown, nil
}

// match is a piece of a text that the query has.
type match struct {
	from, to int // bytes
	unit     int
}

// matches returns the matches in a text, in order; none within another.
func (e *Engine) matches(text string, p *plan) []match {
	var found []match
	for i, u := range p.units {
		if !u.isPhrase() {
			continue
		}
		for from, to := analysis.Find(text, 0, u.literal); to > 0; from, to = analysis.Find(text, to, u.literal) {
			found = append(found, match{from, to, len(p.units) + i})
		}
	}
	if len(p.terms) == 0 {
		return found
	}
	for _, t := range e.analyzer.Index(text) {
		if unit, ok := p.terms[t.Term]; ok {
			found = append(found, match{t.Start, t.End, unit})
		}
	}
	slices.SortStableFunc(found, func(a, b match) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(b.to, a.to))
	})
	end := -1
	return slices.DeleteFunc(found, func(m match) bool {
		if m.to <= end {
			return true
		}
		end = m.to
		return false
	})
}

// units returns how many of the query's units the matches have.
func units(list ...[]match) int {
	seen := make(map[int]bool)
	for _, matches := range list {
		for _, m := range matches {
			seen[m.unit] = true
		}
	}
	return len(seen)
}

// section returns the section to link to, empty for the page, and the text to cut
// the excerpt from.
func (e *Engine) section(r segment.Record, p *plan) (search.Section, string) {
	inTitle := units(e.matches(r.Title, p))
	var best search.Section
	most, text, mostText := 0, r.Summary, 0
	for _, s := range r.Body {
		heading, body := e.matches(s.Heading, p), e.matches(s.Text, p)
		if n := units(heading, body); n > most {
			most, best = n, s
		}
		if n := units(body); n > mostText {
			mostText, text = n, s.Text
		}
	}
	if most > inTitle && best.Anchor != "" {
		if units(e.matches(best.Text, p)) > 0 {
			text = best.Text
		}
		return search.Section{Anchor: best.Anchor, Heading: best.Heading}, text
	}
	if text == "" && len(r.Body) > 0 {
		text = r.Body[0].Text
	}
	return search.Section{}, text
}

// excerpt cuts a text around its matches.
func excerpt(text string, matches []match) []search.Fragment {
	from, to := window(text, matches)
	var out []search.Fragment
	add := func(s string, marked bool) {
		if s = strings.ToValidUTF8(s, ""); s != "" {
			out = append(out, search.Fragment{Text: s, Match: marked})
		}
	}
	at, lead := from, ""
	if from > 0 {
		lead = "… "
	}
	for _, m := range matches {
		if m.from < at || m.to > to {
			continue
		}
		add(lead+text[at:m.from], false)
		add(text[m.from:m.to], true)
		at, lead = m.to, ""
	}
	rest := lead + text[at:to]
	if to < len(text) {
		rest += " …"
	}
	add(rest, false)
	return out
}

// firstIn returns where the first match within a window begins, or its end.
func firstIn(matches []match, from, to int) int {
	for _, m := range matches {
		if m.from >= from && m.to <= to {
			return m.from
		}
	}
	return to
}

// window returns the piece of the text that has the most units, then the most
// matches, cut between words.
func window(text string, matches []match) (from, to int) {
	if len(text) <= excerptSize {
		return 0, len(text)
	}
	bestUnits, bestMatches := 0, 0
	for i, m := range matches {
		begin := max(0, m.from-excerptLead)
		n := i
		for n < len(matches) && matches[n].to <= begin+excerptSize {
			n++
		}
		if u := units(matches[i:n]); u > bestUnits || u == bestUnits && n-i > bestMatches {
			from, bestUnits, bestMatches = begin, u, n-i
		}
	}
	if end := len(text) - excerptSize; from > end {
		from = end
	}
	if from > 0 {
		// The first word that begins in the window, but not after a match.
		limit := firstIn(matches, from, len(text))
		if i := strings.IndexFunc(text[from:limit], unicode.IsSpace); i >= 0 {
			from += i
			from += len(text[from:limit]) - len(strings.TrimLeftFunc(text[from:limit], unicode.IsSpace))
		} else {
			from = boundary(text, from)
		}
	}
	to = min(len(text), from+excerptSize)
	if to < len(text) {
		last := 0
		for _, m := range matches {
			if m.from >= from && m.to <= to {
				last = m.to
			}
		}
		if i := strings.LastIndexFunc(text[from:to], unicode.IsSpace); i > 0 && from+i >= last {
			to = from + i
		} else {
			to = boundary(text, to)
		}
		to = from + len(strings.TrimRightFunc(text[from:to], unicode.IsSpace))
	}
	return from, to
}

// boundary returns the beginning of the character at i.
func boundary(text string, i int) int {
	for i > 0 && i < len(text) && !utf8.RuneStart(text[i]) {
		i--
	}
	return i
}

// explain tells how a hit's score came about.
func (h hit) explain() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%.6f = %.6f × (1 + %g × (near %g + title %g) + %g × fresh %.4f)\n", h.final, h.score, nearWeight, h.near, h.title, freshWeight, h.fresh)
	describe(&b, h.explanation, 1)
	return b.String()
}

func describe(b *strings.Builder, x *blevesearch.Explanation, depth int) {
	if x == nil {
		return
	}
	fmt.Fprintf(b, "%s%.6f %s\n", strings.Repeat("  ", depth), x.Value, x.Message)
	for _, child := range x.Children {
		describe(b, child, depth+1)
	}
}
