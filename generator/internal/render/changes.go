package render

import (
	"cmp"
	"html/template"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"vigie/generator/internal/content"
	"vigie/generator/internal/edtf"
	"vigie/generator/internal/feed"
	"vigie/generator/internal/markdown"
	"vigie/generator/internal/permalink"
)

// recentChanges is from how many changes on the page of changes stops, at the end of
// a month; the others stand on the pages of their years.
const recentChanges = 40

// ChangesView is what changed, on the page of changes and on those of its years.
type ChangesView struct {
	Months []ChangeMonth // newest first
	Years  []YearLink    // the pages of the years; on the page of a year all others too
	Things []ThingGroup  // things that have a history of their own; on the page itself
	Older  bool          // there is more than is shown
}

// YearLink leads to the changes of a year.
type YearLink struct {
	Year    string
	URL     string
	Count   int
	Current bool
}

// ThingGroup is the things of one kind that have a history.
type ThingGroup struct {
	Title  string
	Things []ThingLink
}

// ThingLink leads to what a thing's page says of its history or its deadlines.
type ThingLink struct {
	Link
	Count int
}

// ChangeMonth is the changes of one month, or of a year where the month is not known.
type ChangeMonth struct {
	Title   string // « Novembre 2025 »
	ID      string
	Changes []ChangeView
}

// ChangeView is one change.
type ChangeView struct {
	ID        string // anchor
	Kind      string // content.ChangeKind
	KindTitle string // « valeur remplacée »
	On        *Date
	Page      Link   // of the thing, in the page's language where it exists
	Title     string // of the property or event; "" for a correction
	TitleLang string // set where it differs from the page's language
	URL       string // of the statement
	Old, New  *FactView
	Event     *EventView
	Note      string // why
	NoteLang  string
	Sources   []FactSource
}

// NoteView is a dated note on a page: a correction.
type NoteView struct {
	Date *Date
	Text string
	Lang string // set where it differs from the page's
	Page *Link  // in the list of all: the page that was corrected
}

// CorrectionLog is the list of all corrections.
type CorrectionLog struct{ Notes []NoteView }

// history is what changed on the site.
type history struct {
	all    []content.Change // newest first
	byPage map[*content.Page][]content.Change
}

// prepareHistory finds what changed, and announces the files that tell of it.
func (r *renderer) prepareHistory() {
	r.history = history{byPage: map[*content.Page][]content.Change{}}
	r.history.all = r.site.Changes()
	for _, c := range r.history.all {
		r.history.byPage[c.Page] = append(r.history.byPage[c.Page], c)
	}
	for _, home := range r.site.Homes {
		for _, f := range r.changeFeeds(home.Lang) {
			r.machine[feedDir(f.page.SitePath)+"atom.xml"], r.machine[feedDir(f.page.SitePath)+"feed.json"] = true, true
		}
		if p := r.changesPage(home.Lang); p != nil {
			for _, y := range r.changeYears(home.Lang) {
				r.machine[yearPath(p, y.Year)] = true
			}
		}
	}
}

// changesPage is the page that shows the changes in a language, nil without.
func (r *renderer) changesPage(lang string) *content.Page {
	if p := r.featurePage("changes", lang); p != nil && p.Lang == lang {
		return p
	}
	return nil
}

// correctionsPage is the page that owes readers the corrections, nil without.
func (r *renderer) correctionsPage(lang string) *content.Page {
	name, ok := r.config.Publication["corrections"]
	if !ok {
		return nil
	}
	if p := r.named(name.Value, lang); p != nil && p.Lang == lang && !p.IsSection {
		return p
	}
	return nil
}

// changesOf are the changes of a page's thing, where the site shows changes in the
// page's language.
func (r *renderer) changesOf(p *content.Page) []content.Change {
	if p.IsSection || r.changesPage(p.Lang) == nil {
		return nil
	}
	original := p
	if p.Original != nil {
		original = p.Original
	}
	return r.history.byPage[original]
}

// factHistory are those of a page's changes that it tells of nowhere else: events and
// corrections stand on it in lists of their own.
func (r *renderer) factHistory(p *content.Page) []content.Change {
	return slices.DeleteFunc(slices.Clone(r.changesOf(p)), func(c content.Change) bool {
		return c.Kind == content.Happened || c.Kind == content.Corrected
	})
}

// corrections are all corrections, newest first.
func (r *renderer) corrections() []content.Change {
	return slices.DeleteFunc(slices.Clone(r.history.all), func(c content.Change) bool { return c.Kind != content.Corrected })
}

// showHistory adds to a page's view its corrections and the history of its thing.
func (r *renderer) showHistory(p *content.Page, v *View) {
	for _, n := range p.Corrections {
		v.Corrections = append(v.Corrections, r.noteView(n.On, n.Text.In(p.Lang), n.Text.Language(p.Lang), p.Lang))
	}
	refs := r.references(p)
	for _, c := range r.factHistory(p) {
		v.History = append(v.History, r.changeView(c, p.Lang, refs))
	}
	if len(r.changesOf(p)) > 0 {
		v.Feeds = append(r.feedLinksAt(p.SitePath, p.Lang, r.strings[p.Lang].Must("changes.of", p.Title)), v.Feeds...)
	}
	if p != r.correctionsPage(p.Lang) {
		return
	}
	v.CorrectionLog = &CorrectionLog{}
	for _, c := range r.corrections() {
		note := r.noteView(c.On, c.Note.In(p.Lang), c.Note.Language(p.Lang), p.Lang)
		link := r.linkIn(c.Page, p.Lang)
		note.Page = &link
		v.CorrectionLog.Notes = append(v.CorrectionLog.Notes, note)
	}
	v.Feeds = append(r.feedLinksAt(p.SitePath, p.Lang, p.Title), v.Feeds...)
}

func (r *renderer) noteView(on edtf.Date, text, spoken, lang string) NoteView {
	return NoteView{Date: edtfView(r.strings[lang], on), Text: markdown.Typography(spoken, text), Lang: otherThan(spoken, lang)}
}

// changeView shows a change in a language. refs are the sources of the page it is
// shown on, nil where that is not the thing's own.
func (r *renderer) changeView(c content.Change, lang string, refs *references) ChangeView {
	texts := r.strings[lang]
	v := ChangeView{
		ID: "changement-" + permalink.Slug(c.ID), Kind: string(c.Kind), KindTitle: texts.Must("change." + string(c.Kind)),
		On: edtfView(texts, c.On), Page: r.linkIn(c.Page, lang),
	}
	fragment := ""
	fact := func(f *content.Fact) *FactView {
		view := r.factView(f, lang, refs)
		v.Title, fragment = markdown.Typography(lang, cmp.Or(f.Property.Title.In(lang), f.Property.Name)), "#"+view.ID
		v.Sources = view.Sources
		return &view
	}
	if c.Old != nil {
		v.Old = fact(c.Old)
	}
	if c.New != nil {
		v.New = fact(c.New)
	}
	if c.Event != nil {
		view := r.eventView(c.Event, lang, refs)
		v.Event, v.Title, v.TitleLang, v.Sources = &view, view.Title, view.Lang, view.Sources
		fragment = "#" + view.ID
	}
	if !c.Note.IsZero() {
		spoken := c.Note.Language(lang)
		v.Note, v.NoteLang = markdown.Typography(spoken, c.Note.In(lang)), otherThan(spoken, lang)
	}
	v.URL = v.Page.URL + fragment
	if refs != nil && fragment != "" {
		v.URL = fragment
	}
	return v
}

// changeMonths groups changes, newest first, by month.
func (r *renderer) changeMonths(list []content.Change, lang string) []ChangeMonth {
	var months []ChangeMonth
	for _, c := range list {
		id, title := r.monthOf(c.On, lang)
		if n := len(months); n == 0 || months[n-1].ID != id {
			months = append(months, ChangeMonth{Title: title, ID: id})
		}
		m := &months[len(months)-1]
		m.Changes = append(m.Changes, r.changeView(c, lang, nil))
	}
	return months
}

// monthOf names the month that a date begins in, the year where no more is known.
func (r *renderer) monthOf(d edtf.Date, lang string) (id, title string) {
	texts, year := r.strings[lang], strconv.Itoa(d.Year())
	if d.Precision() < edtf.Month {
		return "annee-" + year, texts.Must("changes.year", year)
	}
	title = texts.Month(d.Year(), d.Month())
	first, size := utf8.DecodeRuneInString(title)
	return "mois-" + d.Start().Format("2006-01"), string(unicode.ToUpper(first)) + title[size:]
}

// recent returns the newest changes: whole months, [recentChanges] at least.
func (r *renderer) recent() []content.Change {
	list := r.history.all
	for n := recentChanges; n < len(list); n++ {
		if a, _ := r.monthOf(list[n-1].On, r.config.Language); a != "" {
			if b, _ := r.monthOf(list[n].On, r.config.Language); a != b {
				return list[:n]
			}
		}
	}
	return list
}

// showChanges fills the page of changes.
func showChanges(r *renderer, p *content.Page, v *View) {
	recent := r.recent()
	v.Changes = &ChangesView{
		Months: r.changeMonths(recent, p.Lang), Years: r.changeYears(p.Lang), Things: r.changedThings(p.Lang),
		Older: len(recent) < len(r.history.all),
	}
	v.Feeds = append(r.feedLinksAt(p.SitePath, p.Lang, p.Title), v.Feeds...)
}

// changeYears lists the years that have changes, newest first.
func (r *renderer) changeYears(lang string) []YearLink {
	var years []YearLink
	p := r.changesPage(lang)
	for _, c := range r.history.all {
		year := strconv.Itoa(c.On.Year())
		if n := len(years); n > 0 && years[n-1].Year == year {
			years[n-1].Count++
			continue
		}
		years = append(years, YearLink{Year: year, URL: r.config.BaseURL.Rel(yearPath(p, year)), Count: 1})
	}
	return years
}

func yearPath(p *content.Page, year string) string { return permalink.Clean(p.SitePath) + year + "/" }

// changedThings lists the pages that show a history of their thing, by kind.
func (r *renderer) changedThings(lang string) []ThingGroup {
	count := func(p *content.Page) int { return len(r.factHistory(p)) }
	return r.thingGroups(lang, count, func(p *content.Page) string { return r.config.BaseURL.Rel(p.SitePath) + "#page-history" })
}

// thingGroups lists the pages of a language for which count is not 0, by kind in the
// configuration's order, then by title.
func (r *renderer) thingGroups(lang string, count func(*content.Page) int, url func(*content.Page) string) []ThingGroup {
	var groups []ThingGroup
	for _, k := range r.config.Kinds {
		var pages []*content.Page
		for _, p := range r.site.Pages {
			if p.Lang == lang && p.Kind.Name == k.Name && !p.IsSection && count(p) > 0 {
				pages = append(pages, p)
			}
		}
		if len(pages) == 0 {
			continue
		}
		slices.SortStableFunc(pages, content.ByTitle)
		group := ThingGroup{Title: cmp.Or(kindTitle(k, lang), r.strings[lang].Must("changes.pages"))}
		for _, p := range pages {
			group.Things = append(group.Things, ThingLink{Link{Title: markdown.Typography(lang, p.Title), URL: url(p)}, count(p)})
		}
		groups = append(groups, group)
	}
	return groups
}

// changeJobs makes a page for every year that has changes.
func changeJobs(r *renderer, p *content.Page) []job {
	texts := r.strings[p.Lang]
	var jobs []job
	for _, y := range r.changeYears(p.Lang) {
		ofYear := slices.DeleteFunc(slices.Clone(r.history.all), func(c content.Change) bool { return strconv.Itoa(c.On.Year()) != y.Year })
		at := yearPath(p, y.Year)
		jobs = append(jobs, job{sitePath: at, origin: "changes of " + y.Year, listed: true, view: func(r *renderer) *View {
			v := r.madeView(p.Lang, "changes", texts.Must("changes.in", y.Year), texts.Must("changes.description", y.Count, y.Year), at, r.pageLink(p))
			v.Changes = &ChangesView{Months: r.changeMonths(ofYear, p.Lang), Years: r.changeYears(p.Lang)}
			for i := range v.Changes.Years {
				v.Changes.Years[i].Current = v.Changes.Years[i].Year == y.Year
			}
			v.Feeds = append(r.feedLinksAt(p.SitePath, p.Lang, p.Title), v.Feeds...)
			v.Translations = r.changeTranslations(p.Lang, y.Year)
			return v
		}})
	}
	return jobs
}

// changeTranslations are the versions of a year's page.
func (r *renderer) changeTranslations(lang, year string) []Translation {
	var homes []*content.Page
	for _, home := range r.site.Homes {
		if r.changesPage(home.Lang) != nil {
			homes = append(homes, home)
		}
	}
	list := r.madeTranslations(lang, "changes.in", func(lang string) string { return yearPath(r.changesPage(lang), year) }, homes)
	for i := range list {
		list[i].Title = r.strings[list[i].Code].Must("changes.in", year)
	}
	return list
}

// changeFeed is a feed of changes, in the folder of a page.
type changeFeed struct {
	page    *content.Page
	title   string
	changes []content.Change
}

// changeFeeds are the feeds of changes in a language: of the site, of every thing that
// has a history, and of the corrections.
func (r *renderer) changeFeeds(lang string) []changeFeed {
	var feeds []changeFeed
	if p := r.changesPage(lang); p != nil {
		feeds = append(feeds, changeFeed{p, p.Title, r.history.all})
	}
	if p := r.correctionsPage(lang); p != nil {
		feeds = append(feeds, changeFeed{p, p.Title, r.corrections()})
	}
	for _, p := range r.site.Pages {
		if changes := r.changesOf(p); p.Lang == lang && len(changes) > 0 {
			feeds = append(feeds, changeFeed{p, r.strings[lang].Must("changes.of", p.Title), changes})
		}
	}
	return feeds
}

// planHistory plans the feeds of changes.
func (r *renderer) planHistory() {
	for _, home := range r.site.Homes {
		for _, f := range r.changeFeeds(home.Lang) {
			r.planFeed(f.page.SitePath, func(r *renderer) feed.Feed {
				page := r.newFeed(home.Lang, f.title, f.page.SitePath)
				r.reads.add(r.bodies[f.page].place, readGist)
				page.Updated = cmp.Or(f.page.Modified(), r.epoch()) // of one that has no entry yet
				for _, c := range f.changes[:min(len(f.changes), r.config.FeedLimit)] {
					page.Items = append(page.Items, r.changeItem(c, home.Lang))
				}
				return page
			})
		}
	}
}

// changeItem is a change as feeds carry it. Its id is the change's, in the language.
func (r *renderer) changeItem(c content.Change, lang string) feed.Item {
	texts := r.strings[lang]
	v := r.changeView(c, lang, nil)
	day := c.On.Start()
	item := feed.Item{
		ID: r.tagURI(r.epoch(), "/changes/"+lang+"/"+c.ID), URL: r.absolute(v.URL), Language: lang,
		Published: time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, r.config.Location),
		Tags:      []string{v.KindTitle},
	}
	colon := texts.Must("colon")
	what := cmp.Or(v.Title, v.KindTitle)
	switch {
	case v.New != nil && v.Old != nil:
		what += colon + texts.Must("change.instead", plainText(string(v.New.Value)), plainText(string(v.Old.Value)))
	case v.New != nil:
		what += colon + plainText(string(v.New.Value))
	case v.Old != nil:
		what += colon + texts.Must("change.no-longer", plainText(string(v.Old.Value)))
	}
	if c.Kind == content.Revised {
		what = texts.Must("change.revised-title", what)
	}
	if item.Title = what; !strings.Contains(what, v.Page.Title) {
		item.Title = v.Page.Title + " – " + what
	}
	var b strings.Builder
	paragraph := func(html string) { b.WriteString("<p>" + html + "</p>\n") }
	escape := template.HTMLEscapeString
	paragraph(`<a href="` + escape(item.URL) + `">` + escape(v.Page.Title) + `</a> – ` + escape(v.KindTitle) + ` (` + escape(v.On.Text) + `)` + escape(colon) + escape(what) + `.`)
	if v.New != nil && v.New.Status != string(content.Current) {
		paragraph(escape(texts.Must("change.status", v.New.StatusTitle)))
	}
	if v.Event != nil {
		if v.Event.StatusTitle != "" {
			paragraph(escape(texts.Must("change.status", v.Event.StatusTitle)))
		}
		if c.Kind == content.Revised {
			paragraph(escape(texts.Must("change.date", v.Event.Date.Text)))
		}
	}
	if v.Note != "" {
		item.Summary = v.Note
		paragraph(escape(v.Note))
	}
	var sources []string
	for _, s := range v.Sources {
		sources = append(sources, `<a href="`+escape(r.absolute(s.URL))+`">`+escape(s.Title)+`</a>`)
	}
	if len(sources) > 0 {
		paragraph(escape(texts.Must("sources")) + escape(colon) + strings.Join(sources, " ; "))
	}
	item.HTML = b.String()
	return item
}
