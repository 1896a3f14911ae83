package render

import (
	"cmp"
	"html/template"
	"slices"
	"strconv"
	"strings"
	"time"

	"vigie/generator/internal/content"
	"vigie/generator/internal/diagram"
	"vigie/generator/internal/markdown"
	"vigie/generator/internal/permalink"
)

// TimelineView is all that happened and is to come, the latest first.
type TimelineView struct {
	Overview template.HTML // an SVG element whose marks lead to the list
	Years    []TimelineYear
	Count    int
	// What the list can be filtered by; a choice's value stands in the entries' own.
	Kinds, Actors, Schemes []TimelineChoice
}

// TimelineChoice is a value that the entries can be chosen by.
type TimelineChoice struct {
	Value string
	Title string
	URL   string // of a page; entries of the choice have a link to it
	Count int
}

// TimelineYear is the entries of a year, as far as their dates begin in it.
type TimelineYear struct {
	Title   string
	ID      string
	Entries []TimelineEntry
}

// TimelineEntry is an event, an expiry or a date that a fact gives.
type TimelineEntry struct {
	EventView
	Page       Link   // what it is about; EventView.URL leads to the place that states it
	Kind       string // a value of TimelineView.Kinds
	KindTitle  string
	Publishers []string // who says so
	OnActor    bool     // it stands on the page of one of its actors or of its scheme: Page says nothing more
}

// The kinds of entries that are not called as the kind of page they stand on.
const (
	milestoneKind = "milestone"
	expiryKind    = "expiry"
)

// showTimeline shows the timeline.
func showTimeline(r *renderer, p *content.Page, v *View) {
	t := &timeline{renderer: r, lang: p.Lang, names: map[*content.Page]string{}, used: map[string]bool{}}
	for _, d := range r.site.Deadlines() {
		if !d.Status.Past() && !d.Date.IsZero() {
			t.deadlines = append(t.deadlines, d)
		}
	}
	slices.Reverse(t.deadlines)
	// A date without a start stands in the year that is known of it.
	slices.SortStableFunc(t.deadlines, func(a, b content.Deadline) int { return b.Date.Year() - a.Date.Year() })
	view := &TimelineView{Count: len(t.deadlines)}
	for _, d := range t.deadlines {
		year := strconv.Itoa(d.Date.Year())
		if n := len(view.Years); n == 0 || view.Years[n-1].Title != year {
			view.Years = append(view.Years, TimelineYear{Title: year, ID: "annee-" + year})
		}
		last := &view.Years[len(view.Years)-1]
		last.Entries = append(last.Entries, t.entry(d))
	}
	view.Kinds, view.Actors, view.Schemes = t.kinds(view), t.choices(t.actors()), t.choices(t.schemes())
	view.Overview = t.overview(v, view)
	v.Timeline = view
}

// timeline makes the timeline of a language.
type timeline struct {
	*renderer
	lang      string
	deadlines []content.Deadline // the latest first
	names     map[*content.Page]string
	used      map[string]bool
	list      struct{ actors, schemes []*content.Page }
}

// entry shows a deadline.
func (t *timeline) entry(d content.Deadline) TimelineEntry {
	texts := t.strings[t.lang]
	page := inLanguage(d.Page, t.lang)
	e := TimelineEntry{Page: t.linkIn(d.Page, t.lang), Kind: t.kindOf(d)}
	switch {
	case d.Fact != nil:
		title := cmp.Or(d.Fact.Property.Title.In(t.lang), d.Fact.Property.Name)
		e.EventView = EventView{
			Title: markdown.Typography(t.lang, title+texts.Must("colon")+page.Title), Sources: t.factSources(d.Fact.Sources, t.lang, d.Page, nil),
			Status: string(d.Status), Days: t.daysUntil(d.Date.Start()), URL: e.Page.URL + "#" + factAnchor(d.Fact),
		}
		if d.Status != content.Current {
			e.StatusTitle = texts.Must("status." + e.Status)
		}
	case d.Kind == content.DeadlineExpiry:
		e.EventView = t.eventView(d.Event, t.lang, nil)
		e.Title, e.Lang, e.Note, e.Milestone, e.Expires = expiryTitle(texts, t.lang, page, d.Event), "", "", "", nil
		e.Days, e.URL = t.daysUntil(d.Date.End()), e.URL+"#"+eventAnchor(d.Event)
	default:
		e.EventView = t.eventView(d.Event, t.lang, nil)
		e.Expires = nil // an entry of its own
		e.URL += "#" + eventAnchor(d.Event)
	}
	e.Date = edtfView(texts, d.Date)
	e.ID = freeID("e-"+permalink.Slug(strings.TrimPrefix(d.ID, d.Page.Dir+"/")), t.used)
	if d.Fact != nil {
		e.Publishers = publishers(d.Fact.Sources)
	} else {
		e.Publishers = publishers(d.Event.Sources)
		e.OnActor = d.Event.Scheme == d.Page || slices.Contains(d.Event.Actors, d.Page)
	}
	return e
}

// kindOf says what sort of entry a deadline is: a step of a qualification, the end of
// one, or an event of the kind of page that it stands on.
func (t *timeline) kindOf(d content.Deadline) string {
	switch d.Kind {
	case content.DeadlineMilestone:
		return milestoneKind
	case content.DeadlineExpiry:
		return expiryKind
	}
	return d.Page.Kind.Name
}

// kinds lists the kinds of the entries: steps and ends of qualifications first, then
// those of pages as config.toml declares them. It gives the entries their titles.
func (t *timeline) kinds(view *TimelineView) []TimelineChoice {
	texts := t.strings[t.lang]
	list := []TimelineChoice{{Value: milestoneKind, Title: texts.Must("timeline.milestone")}, {Value: expiryKind, Title: texts.Must("timeline.expiry")}}
	for _, k := range t.config.Kinds {
		list = append(list, TimelineChoice{Value: k.Name, Title: cmp.Or(kindTitle(k, t.lang), texts.Must("search.loose"))})
	}
	for _, year := range view.Years {
		for i := range year.Entries {
			e := &year.Entries[i]
			at := slices.IndexFunc(list, func(c TimelineChoice) bool { return c.Value == e.Kind })
			list[at].Count++
			e.KindTitle = list[at].Title
		}
	}
	return slices.DeleteFunc(list, func(c TimelineChoice) bool { return c.Count == 0 })
}

// actors are the pages that any event names as an actor, by title.
func (t *timeline) actors() ([]*content.Page, func(content.Deadline) []*content.Page) {
	if t.list.actors == nil {
		for _, e := range t.site.Events {
			t.list.actors = append(t.list.actors, e.Actors...)
		}
		t.list.actors = t.byTitle(t.list.actors)
	}
	return t.list.actors, t.actorsOf
}

// schemes are the pages that any event names as its scheme, by title.
func (t *timeline) schemes() ([]*content.Page, func(content.Deadline) []*content.Page) {
	if t.list.schemes == nil {
		for _, e := range t.site.Events {
			if e.Scheme != nil {
				t.list.schemes = append(t.list.schemes, e.Scheme)
			}
		}
		t.list.schemes = t.byTitle(t.list.schemes)
	}
	return t.list.schemes, t.schemesOf
}

// byTitle sorts pages by their titles in the timeline's language, each once.
func (t *timeline) byTitle(pages []*content.Page) []*content.Page {
	slices.SortStableFunc(pages, func(a, b *content.Page) int {
		return content.ByTitle(inLanguage(a, t.lang), inLanguage(b, t.lang))
	})
	return slices.Compact(pages)
}

// actorsOf are the actors of an entry: those that the event names and, where it stands
// on the page of something that acts elsewhere, that.
func (t *timeline) actorsOf(d content.Deadline) []*content.Page {
	all, _ := t.actors()
	var list []*content.Page
	if d.Event != nil {
		list = append(list, d.Event.Actors...)
	}
	if slices.Contains(all, d.Page) && !slices.Contains(list, d.Page) {
		list = append(list, d.Page)
	}
	return list
}

// schemesOf are the scheme of an entry or, where it stands on a scheme's page, that.
func (t *timeline) schemesOf(d content.Deadline) []*content.Page {
	all, _ := t.schemes()
	if d.Event != nil && d.Event.Scheme != nil {
		return []*content.Page{d.Event.Scheme}
	}
	if slices.Contains(all, d.Page) {
		return []*content.Page{d.Page}
	}
	return nil
}

// choices counts the entries of each page.
func (t *timeline) choices(pages []*content.Page, of func(content.Deadline) []*content.Page) []TimelineChoice {
	count := map[*content.Page]int{}
	for _, d := range t.deadlines {
		for _, p := range of(d) {
			count[p]++
		}
	}
	var list []TimelineChoice
	for _, p := range pages {
		if count[p] > 0 {
			link := t.linkIn(p, t.lang)
			list = append(list, TimelineChoice{Value: t.key(p), Title: link.Title, URL: link.URL, Count: count[p]})
		}
	}
	return list
}

// key names a page in the addresses of filtered lists: by its slug in the default
// language, so that an address means the same in all.
func (t *timeline) key(p *content.Page) string {
	if t.names[p] == "" {
		t.names[p] = freeID(p.Slug, t.used)
	}
	return t.names[p]
}

// overview draws the timeline: years from the latest down, a lane for each kind, the
// ends of qualifications among their steps.
func (t *timeline) overview(v *View, view *TimelineView) template.HTML {
	texts := t.strings[t.lang]
	lane := map[string]int{}
	drawing := diagram.Chronicle{ID: "timeline", Title: texts.Must("timeline.overview"), Text: texts.Must("timeline.overview.text", view.Count)}
	for _, k := range view.Kinds {
		if k.Value == expiryKind && lane[milestoneKind] > 0 {
			lane[expiryKind] = lane[milestoneKind]
			continue
		}
		title := k.Title
		if k.Value == milestoneKind || k.Value == expiryKind {
			title = texts.Must("timeline.milestone.short")
		}
		drawing.Lanes = append(drawing.Lanes, title)
		lane[k.Value] = len(drawing.Lanes)
	}
	at := 0
	for i, year := range view.Years {
		from := time.Date(t.deadlines[at].Date.Year(), 1, 1, 0, 0, 0, 0, time.UTC)
		period := diagram.Period{Label: year.Title, URL: "#" + year.ID, From: from, To: from.AddDate(1, 0, -1), Cells: make([]diagram.Cell, len(drawing.Lanes))}
		period.Gap = i > 0 && view.Years[i-1].Title != strconv.Itoa(from.Year()+1)
		for _, e := range year.Entries {
			d := t.deadlines[at]
			at++
			cell := &period.Cells[lane[e.Kind]-1]
			if cell.URL == "" {
				cell.URL = "#" + e.ID
			}
			start, end := d.Date.Start(), d.Date.End()
			if start.Before(from) {
				start = from // the start is not known
			}
			cell.Marks = append(cell.Marks, diagram.Mark{From: start, To: end, Coming: t.daysUntil(d.Due()) > 0})
		}
		for i := range period.Cells {
			period.Cells[i].Name = texts.Must("timeline.cell", year.Title, drawing.Lanes[i], len(period.Cells[i].Marks))
		}
		drawing.Periods = append(drawing.Periods, period)
	}
	return template.HTML(drawing.SVG())
}

// freeID returns an id that is not used yet, and marks it as used.
func freeID(id string, used map[string]bool) string {
	free := id
	for n := 2; used[free]; n++ {
		free = id + "-" + strconv.Itoa(n)
	}
	used[free] = true
	return free
}
