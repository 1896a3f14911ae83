package render

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"vigie/generator/internal/content"
	"vigie/generator/internal/layout"
	"vigie/generator/internal/markdown"
)

// BoardView is where everything stood on a day.
type BoardView struct {
	Rows   []BoardRow
	States []BoardChoice // the states that a row has, in their order
	Scopes []BoardChoice // the kinds of service that a row names, sorted
	Past   bool          // as it stood on a past day: what was last verified says nothing
}

// BoardChoice is a value that the rows of a board can be chosen by.
type BoardChoice struct {
	Value string
	Title string
	Count int
}

// BoardRow is where a thing stands with a scheme's qualification of a service.
type BoardRow struct {
	Provider    Link
	Scheme      Link
	Service     string // "" where it is not known
	ServiceLang string // set where it differs from the page's language
	Version     string // of the scheme, "" where it is not known
	Scope       []string
	Decision    string // the decision's number, "" where it is not known
	Status      string // qualified | in-progress | expired | claimed
	StatusTitle string // « qualifié »
	Rank        int    // the state's place in the order shown
	Milestone   string // the furthest reached: "J1"
	Date        *Date  // of the milestone
	Steps       []BoardStep
	Qualified   *Date // of the last milestone, nil until it is reached
	Expires     *Date
	EndKnown    bool // Days is there: the expiry has an end
	Days        int  // whole days left until the qualification's last day, 0 after it
	DaysPast    int  // whole days since that day, 0 before it
	// Certainty is the status of the latest milestone's statement where that is not
	// current, such as "to-confirm".
	Certainty      string
	CertaintyTitle string
	Verified       *Date // when a source was last read
	Sources        []FactSource
	More           int // how many rows of the same thing and scheme this one stands for, beside itself
}

// BoardStep is a milestone on the way.
type BoardStep struct {
	Name  string // "J0"
	Date  *Date  // nil where it is not reached, or not known
	URL   string // the event's, "" likewise
	Known bool   // reached by what is known: it or a later one
}

// boardRow shows a standing on a day in a language. refs are the sources of the page
// it is shown on, nil where that is not the thing's own.
func (r *renderer) boardRow(st *content.Standing, lang string, day time.Time, refs *references) BoardRow {
	texts := r.strings[lang]
	row := BoardRow{
		Provider: r.linkIn(st.Page, lang), Scheme: r.linkIn(st.Scheme, lang), Version: st.Version, Scope: st.Scope, Decision: st.Decision,
		Status: string(st.State), StatusTitle: texts.Must("board." + string(st.State)), Rank: st.State.Rank(),
		Milestone: st.Reached.Milestone, Date: edtfView(texts, st.Reached.Date), Expires: edtfView(texts, st.Expires),
		Verified: edtfView(texts, st.Verified()), Sources: r.factSources(st.Sources(), lang, st.Page, refs),
	}
	left, known := st.DaysLeft(day)
	row.Days, row.DaysPast, row.EndKnown = max(left, 0), max(-left, 0), known
	if !st.Service.IsZero() {
		spoken := st.Service.Language(lang)
		row.Service, row.ServiceLang = markdown.Typography(spoken, st.Service.In(lang)), otherThan(spoken, lang)
	}
	if status := st.Reached.Status; status != content.Current {
		row.Certainty, row.CertaintyTitle = string(status), texts.Must("status."+string(status))
	}
	for i, name := range content.Milestones() {
		step := BoardStep{Name: name, Known: name <= st.Reached.Milestone}
		if e := st.Milestones[i]; e != nil {
			step.Date = edtfView(texts, e.Date)
			step.URL = "#" + eventAnchor(e)
			if refs == nil {
				step.URL = r.config.BaseURL.Rel(inLanguage(e.Page, lang).SitePath) + step.URL
			}
			if name == content.LastMilestone {
				row.Qualified = step.Date
			}
		}
		row.Steps = append(row.Steps, step)
	}
	return row
}

// plain is the row in a line of text, without what it is about and its sources.
func (row BoardRow) plain(texts *layout.Strings) string {
	parts := []string{row.StatusTitle}
	for _, part := range append([]string{row.Service, row.Version}, row.Scope...) {
		if part != "" {
			parts = append(parts, part)
		}
	}
	for _, step := range row.Steps {
		if step.Date != nil {
			parts = append(parts, step.Name+" "+step.Date.Text)
		}
	}
	if row.Expires != nil {
		parts = append(parts, texts.Must("expires")+" "+row.Expires.Text)
	}
	if row.Status == string(content.Expired) {
		parts = append(parts, texts.Must("board.unrenewed"))
	}
	if row.CertaintyTitle != "" {
		parts = append(parts, row.CertaintyTitle)
	}
	return strings.Join(parts, ", ")
}

// wholeBoard shows every standing on a day.
func (r *renderer) wholeBoard(lang string, day time.Time) *BoardView {
	v := &BoardView{Past: day.Before(r.site.Today())}
	count := map[string]int{}
	for _, st := range r.site.Standings(day) {
		row := r.boardRow(st, lang, day, nil)
		v.Rows = append(v.Rows, row)
		count[row.Status]++
		for _, scope := range row.Scope {
			if i := slices.IndexFunc(v.Scopes, func(c BoardChoice) bool { return c.Value == scope }); i >= 0 {
				v.Scopes[i].Count++
				continue
			}
			v.Scopes = append(v.Scopes, BoardChoice{Value: scope, Title: scope, Count: 1})
		}
	}
	for _, state := range content.StandingStates() {
		if n := count[string(state)]; n > 0 {
			v.States = append(v.States, BoardChoice{Value: string(state), Title: r.strings[lang].Must("board." + string(state)), Count: n})
		}
	}
	slices.SortFunc(v.Scopes, func(a, b BoardChoice) int { return strings.Compare(a.Value, b.Value) })
	return v
}

// frontPageBoard is how many rows the front page shows where a page has them all.
const frontPageBoard = 8

// board is the front page's: one row for each thing and scheme, what holds before
// what does not. Where a page of its own shows the whole board, only the first rows of
// those the editors put first, by weight.
func (r *renderer) board(lang string) []BoardRow {
	type key struct{ page, scheme *content.Page }
	best := map[key]*content.Standing{}
	count := map[key]int{}
	var keys []key
	holds := func(st *content.Standing) int { // what a thing with several is known for
		return slices.Index([]content.StandingState{content.Qualified, content.InProgress, content.Expired, content.Claimed}, st.State)
	}
	for _, st := range r.site.Standings(r.site.Today()) {
		k := key{st.Page, st.Scheme}
		if count[k]++; count[k] == 1 {
			keys = append(keys, k)
		}
		if best[k] == nil || holds(st) < holds(best[k]) {
			best[k] = st
		}
	}
	if r.featurePage("board", lang) != nil && len(keys) > frontPageBoard {
		weighed := slices.Clone(keys)
		slices.SortStableFunc(weighed, func(a, b key) int { return cmp.Compare(weight(a.page), weight(b.page)) })
		weighed = weighed[:frontPageBoard]
		keys = slices.DeleteFunc(keys, func(k key) bool { return !slices.Contains(weighed, k) })
	}
	slices.SortStableFunc(keys, func(a, b key) int {
		return cmp.Or(cmp.Compare(best[a].State.Rank(), best[b].State.Rank()), cmp.Compare(weight(a.page), weight(b.page)),
			content.ByTitle(inLanguage(a.page, lang), inLanguage(b.page, lang)), content.ByTitle(inLanguage(a.scheme, lang), inLanguage(b.scheme, lang)))
	})
	var rows []BoardRow
	for _, k := range keys {
		row := r.boardRow(best[k], lang, r.site.Today(), nil)
		row.More, row.Sources = count[k]-1, r.factSources(best[k].Reached.Sources, lang, k.page, nil)
		rows = append(rows, row)
	}
	return rows
}

// weight is the editors' order of a page; one without comes last.
func weight(p *content.Page) int {
	if p.Weight == 0 {
		return int(^uint(0) >> 1)
	}
	return p.Weight
}

// standings shows where a page's thing stands on the build's day.
func (r *renderer) standings(p *content.Page, refs *references) []BoardRow {
	var rows []BoardRow
	for _, st := range r.site.StandingsOf(p, r.site.Today()) {
		rows = append(rows, r.boardRow(st, p.Lang, r.site.Today(), refs))
	}
	return rows
}

func showBoard(r *renderer, p *content.Page, v *View) {
	v.WholeBoard = r.wholeBoard(p.Lang, r.site.Today())
}
