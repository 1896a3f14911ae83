package render

import (
	"cmp"
	"html/template"
	"path"
	"slices"
	"strings"
	"time"

	"vigie/generator/internal/almanac"
	"vigie/generator/internal/content"
	"vigie/generator/internal/markdown"
)

// StateView is what was known to hold on a day.
type StateView struct {
	Day    *Date
	Latest bool   // the build's day: the page that all others stand below
	Until  *Date  // the last day on which it held unchanged, nil for the latest
	Action string // URL that answers for a day asked for in the query date
	First  string // the first and the last day that can be asked for, as ISO dates
	Last   string

	Previous *StateDay
	Next     *StateDay
	Changes  []StateChange // what changed on the day; on the latest nothing
	Later    []StateChange // what happened until the next such day, and changed nothing of this
	Groups   []StateGroup  // by kind
	Years    []StateYear   // every day with a page, newest first; on the latest alone
}

// StateDay is a day with a page.
type StateDay struct {
	Date  *Date
	URL   string
	Count int // of changes
}

// StateYear is the days of a year.
type StateYear struct {
	Year int
	Days []StateDay
}

// StateGroup is the things of a kind.
type StateGroup struct {
	ID     string
	Title  string
	Things []StateThing
}

// StateThing is what held of a thing.
type StateThing struct {
	Link
	Properties []StateProperty
}

// StateProperty is a property's values, the surest first.
type StateProperty struct {
	Title string
	Facts []StateFact
}

// StateFact is a fact in few words: its value, since when, and who says so.
type StateFact struct {
	Value       template.HTML
	Lang        string // of Value, set where it differs from the page's
	AsOf        *Date
	URL         string // the fact's, on its thing's page
	Status      string // as FactView.Status, for one that still holds; "" for past ones and current
	StatusTitle string
	Sources     []FactSource
}

// StateChange is one thing that changed.
type StateChange struct {
	Kind     string // begun | replaced | ended | event | expired
	Thing    Link
	Property string      // of facts
	Now      *StateFact  // what holds from the day on
	Before   []StateFact // what no longer did
	Event    *EventView
}

// stateScript leads from a day asked for to the page in force.
const stateScript = "js/state.ts"

// stateMaker makes the pages of the days in a language.
type stateMaker struct {
	*renderer
	lang   string
	page   *content.Page // the view's
	days   []stateDay
	facts  map[*content.Fact]StateFact
	things []thingsOfKind
}

// stateDay is a day on which the state changed, with what happened until the next.
type stateDay struct {
	content.ChangeDay
	later []*content.Event
}

// stateDays are the days with a page of their own.
func (r *renderer) stateDays() []stateDay {
	var days []stateDay
	for _, c := range r.site.ChangeDays() {
		if n := len(days); c.ChangesState() {
			days = append(days, stateDay{ChangeDay: c})
		} else if n > 0 {
			days[n-1].later = append(days[n-1].later, c.Happened...)
		}
	}
	return days
}

type thingsOfKind struct {
	kind  kind
	pages []*content.Page // originals
}

func (r *renderer) newStateMaker(p *content.Page) *stateMaker {
	m := &stateMaker{renderer: r, lang: p.Lang, page: p, days: r.stateDays(), facts: map[*content.Fact]StateFact{}}
	for _, k := range r.config.Kinds {
		if len(k.Properties) > 0 {
			m.things = append(m.things, thingsOfKind{k, r.things(k, p.Lang)})
		}
	}
	return m
}

// at is the site path of a day's page.
func (m *stateMaker) at(day time.Time) string { return m.page.SitePath + almanac.Name(day) + "/" }

// day shows a day as links to it do.
func (m *stateMaker) day(i int) *StateDay {
	if i < 0 || i >= len(m.days) {
		return nil
	}
	c := m.days[i]
	return &StateDay{Date: dateView(m.strings[m.lang], c.Day, false), URL: m.config.BaseURL.Rel(m.at(c.Day)), Count: len(m.changes(c.ChangeDay))}
}

// view is the state on a day.
func (m *stateMaker) view(day time.Time) *StateView {
	v := &StateView{Day: dateView(m.strings[m.lang], day, false), Action: m.config.BaseURL.Rel(m.page.SitePath), Last: almanac.Name(m.site.Today())}
	if len(m.days) > 0 {
		v.First = almanac.Name(m.days[0].Day)
	}
	for _, group := range m.things {
		g := StateGroup{ID: "kind-" + group.kind.Name, Title: cmp.Or(kindTitle(group.kind, m.lang), group.kind.Name)}
		for _, p := range group.pages {
			thing := StateThing{Link: m.linkIn(p, m.lang)}
			property := ""
			for _, f := range p.FactsOn(day) {
				if f.Property.Name != property {
					property = f.Property.Name
					thing.Properties = append(thing.Properties, StateProperty{Title: m.property(f)})
				}
				last := &thing.Properties[len(thing.Properties)-1]
				last.Facts = append(last.Facts, m.fact(f))
			}
			if len(thing.Properties) > 0 {
				g.Things = append(g.Things, thing)
			}
		}
		if len(g.Things) > 0 {
			v.Groups = append(v.Groups, g)
		}
	}
	return v
}

// property is what a fact's property is called.
func (m *stateMaker) property(f *content.Fact) string {
	return markdown.Typography(m.lang, cmp.Or(f.Property.Title.In(m.lang), f.Property.Name))
}

// fact shows a fact, made once for all the days on which it held.
func (m *stateMaker) fact(f *content.Fact) StateFact {
	if shown, ok := m.facts[f]; ok {
		return shown
	}
	whole := m.factView(f, m.lang, nil)
	shown := StateFact{Value: whole.Value, Lang: whole.Lang, AsOf: whole.AsOf, Sources: whole.Sources,
		URL: m.config.BaseURL.Rel(inLanguage(f.Page, m.lang).SitePath) + "#" + whole.ID}
	if f.Status != content.Current && !f.Status.Past() {
		shown.Status, shown.StatusTitle = whole.Status, whole.StatusTitle
	}
	m.facts[f] = shown
	return shown
}

// changes lists what changed on a day: events and expiries, then facts by thing.
func (m *stateMaker) changes(c content.ChangeDay) []StateChange {
	var list []StateChange
	for _, e := range c.Happened {
		v := m.eventView(e, m.lang, nil)
		list = append(list, StateChange{Kind: "event", Thing: m.linkIn(e.Page, m.lang), Event: &v})
	}
	for _, e := range c.Expired {
		v := m.eventView(e, m.lang, nil)
		list = append(list, StateChange{Kind: "expired", Thing: m.linkIn(e.Page, m.lang), Event: &v})
	}
	ended := slices.Clone(c.Ended)
	for _, f := range c.Begun {
		now := m.fact(f)
		change := StateChange{Kind: "begun", Thing: m.linkIn(f.Page, m.lang), Property: m.property(f), Now: &now}
		ended = slices.DeleteFunc(ended, func(old *content.Fact) bool {
			same := old.Page == f.Page && old.Property.Name == f.Property.Name
			if same {
				change.Before = append(change.Before, m.fact(old))
				change.Kind = "replaced"
			}
			return same
		})
		list = append(list, change)
	}
	for _, f := range ended {
		list = append(list, StateChange{Kind: "ended", Thing: m.linkIn(f.Page, m.lang), Property: m.property(f), Before: []StateFact{m.fact(f)}})
	}
	return list
}

// showState shows the build's day, and leads to all others.
func showState(r *renderer, p *content.Page, v *View) {
	m := r.newStateMaker(p)
	v.State, v.WholeBoard = m.view(r.site.Today()), r.wholeBoard(p.Lang, r.site.Today())
	v.State.Latest = true
	v.State.Previous = m.day(len(m.days) - 1)
	for i := range slices.Backward(m.days) {
		year := m.days[i].Day.Year()
		if n := len(v.State.Years); n == 0 || v.State.Years[n-1].Year != year {
			v.State.Years = append(v.State.Years, StateYear{Year: year})
		}
		last := &v.State.Years[len(v.State.Years)-1]
		last.Days = append(last.Days, *m.day(i))
	}
}

// stateJobs makes a page for every day on which the state changed, and the list of
// these days for the server. Search engines and our own search leave them out: they
// repeat what the pages of things say.
func stateJobs(r *renderer, p *content.Page) []job {
	m := r.newStateMaker(p)
	list := almanac.Almanac{Today: r.site.Today()}
	var jobs []job
	for i, c := range m.days {
		list.Days = append(list.Days, c.Day)
		jobs = append(jobs, job{sitePath: m.at(c.Day), origin: "state of " + almanac.Name(c.Day), view: func(r *renderer) *View { return r.stateView(p, i) }})
	}
	r.add(path.Join(strings.TrimPrefix(p.SitePath, "/"), almanac.File), list.Marshal(), p.FileName())
	return jobs
}

// stateView makes the page of a day, the i-th on which the state changed.
func (r *renderer) stateView(p *content.Page, i int) *View {
	m := r.newStateMaker(p)
	texts, c := r.strings[p.Lang], m.days[i]
	shown := dateView(texts, c.Day, false)
	v := r.madeView(p.Lang, "state", texts.Must("state.title", shown.Text), texts.Must("state.description", shown.Text), m.at(c.Day), r.pageLink(p))
	v.NoIndex, v.Meta.JSONLD = true, nil
	v.State, v.WholeBoard = m.view(c.Day), r.wholeBoard(p.Lang, c.Day)
	v.State.Changes = m.changes(c.ChangeDay)
	v.State.Later = m.changes(content.ChangeDay{Happened: c.later})
	v.State.Previous, v.State.Next = m.day(i-1), m.day(i+1)
	if v.State.Next != nil {
		v.State.Until = dateView(texts, m.days[i+1].Day.AddDate(0, 0, -1), false)
	}
	v.Translations = m.translations(c.Day)
	v.Scripts = append(v.Scripts, stateScript)
	return v
}

// translations are the versions of a day's page in the languages that have the view.
func (m *stateMaker) translations(day time.Time) []Translation {
	var homes []*content.Page
	for _, home := range m.site.Homes {
		if p := m.featurePage("state", home.Lang); p != nil && p.Lang == home.Lang {
			homes = append(homes, home)
		}
	}
	list := m.madeTranslations(m.lang, "state", func(lang string) string {
		return m.featurePage("state", lang).SitePath + almanac.Name(day) + "/"
	}, homes)
	for i := range list {
		list[i].Title = m.strings[list[i].Code].Must("state.title", dateView(m.strings[list[i].Code], day, false).Text)
	}
	return list
}

// isStatePage tells whether the state of a day stands at a site path.
func (r *renderer) isStatePage(sitePath string) bool {
	dir, name := path.Split(strings.TrimSuffix(sitePath, "/"))
	p := r.site.PageAt(dir)
	if p == nil || r.features[p] != "state" {
		return false
	}
	day, ok := almanac.ParseDay(name)
	return ok && slices.ContainsFunc(r.stateDays(), func(c stateDay) bool { return c.Day.Equal(day) })
}
