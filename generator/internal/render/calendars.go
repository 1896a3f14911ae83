package render

import (
	"html/template"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"vigie/generator/internal/content"
	"vigie/generator/internal/diag"
	"vigie/generator/internal/ical"
	"vigie/generator/internal/markdown"
	"vigie/generator/internal/permalink"
)

// calendarRefresh is after how many days programs should ask again for a calendar.
const calendarRefresh = 1

// DeadlinesView is the page of deadlines.
type DeadlinesView struct {
	Coming   []DeadlineView // soonest first
	Past     []DeadlineYear // newest first: milestones, expiries and dates of facts
	Count    int            // of the past ones
	Calendar *CalendarLink  // of everything; nil where nothing has a month
	Things   []ThingGroup   // things that have a calendar of their own
}

// DeadlineYear is the past deadlines of a year.
type DeadlineYear struct {
	Year      string
	Deadlines []DeadlineView
}

// CalendarLink leads to a calendar.
type CalendarLink struct {
	URL       string
	Subscribe template.URL // the same with the scheme webcal, which programs open
	Permalink string       // absolute, for copying
	Count     int
}

// DeadlineView is a date that matters.
type DeadlineView struct {
	Kind        string // content.DeadlineKind
	KindTitle   string // « fin de validité »
	Date        *Date
	Days        int  // left until the last day; negative once past
	Within      bool // it may be any day until then
	Title       string
	Lang        string // of Title, set where it differs from the page's
	URL         string // of the statement
	Page        Link   // of the thing
	Scheme      *Link
	Milestone   string
	Status      string
	StatusTitle string // "" for current
	Sources     []FactSource
}

// deadlinesPage is the page that shows the deadlines in a language, nil without.
func (r *renderer) deadlinesPage(lang string) *content.Page {
	if p := r.featurePage("deadlines", lang); p != nil && p.Lang == lang {
		return p
	}
	return nil
}

// calendar is an iCalendar file.
type calendar struct {
	page      *content.Page // that shows the same
	title     string
	sitePath  string
	deadlines []content.Deadline
}

// prepareCalendars finds which calendars there are, and announces their files.
func (r *renderer) prepareCalendars() {
	r.calendars = map[*content.Page]calendar{}
	deadlines := slices.DeleteFunc(r.site.Deadlines(), func(d content.Deadline) bool {
		_, _, ok := d.Days()
		return !ok
	})
	for _, home := range r.site.Homes {
		list := r.deadlinesPage(home.Lang)
		if list == nil || len(deadlines) == 0 { // the format knows no empty calendar
			continue
		}
		texts := r.strings[home.Lang]
		all := calendar{list, list.Title, permalink.Clean(list.SitePath) + r.fileName(home.Lang, "path.calendar-all", "all") + ".ics", deadlines}
		r.calendars[list] = all
		r.machine[all.sitePath] = true
		for _, p := range r.site.Pages {
			if p.Lang != home.Lang || p.IsSection || p == list {
				continue
			}
			own := slices.DeleteFunc(slices.Clone(deadlines), func(d content.Deadline) bool { return !d.Concerns(p) })
			if len(own) == 0 {
				continue
			}
			c := calendar{p, texts.Must("deadlines.of", p.Title), permalink.Clean(p.SitePath) + r.fileName(home.Lang, "path.calendar", "deadlines") + ".ics", own}
			r.calendars[p] = c
			r.machine[c.sitePath] = true
		}
	}
}

// fileName is the name of a file that the interface's texts may translate.
func (r *renderer) fileName(lang, key, fallback string) string {
	if texts := r.strings[lang]; texts.Has(key) {
		if name := permalink.Slug(texts.Must(key)); name != "" {
			return name
		}
	}
	return fallback
}

// calendarLink leads to a page's calendar, nil where it has none.
func (r *renderer) calendarLink(p *content.Page) *CalendarLink {
	c, ok := r.calendars[p]
	if !ok {
		return nil
	}
	link := &CalendarLink{URL: r.config.BaseURL.Rel(c.sitePath), Permalink: r.config.BaseURL.Abs(c.sitePath), Count: len(c.deadlines)}
	_, rest, _ := strings.Cut(link.Permalink, "://")
	link.Subscribe = template.URL("webcal://" + rest) // a scheme html/template does not know
	return link
}

// showCalendar adds to a page's view the calendar of its thing.
func (r *renderer) showCalendar(p *content.Page, v *View) {
	c, ok := r.calendars[p]
	if !ok {
		return
	}
	v.Calendar = r.calendarLink(p)
	title := v.Site.Title + " – " + markdown.Typography(p.Lang, c.title) + " (iCalendar)"
	v.Feeds = append([]FeedLink{{Title: title, Type: ical.MediaType, URL: v.Calendar.URL}}, v.Feeds...)
}

// showDeadlines fills the page of deadlines.
func showDeadlines(r *renderer, p *content.Page, v *View) {
	d := &DeadlinesView{Calendar: r.calendarLink(p)}
	for _, deadline := range r.site.Deadlines() {
		if deadline.Status.Past() {
			continue // calendars tell who was told of it
		}
		view := r.deadlineView(deadline, p.Lang)
		if r.daysUntil(deadline.Due()) >= 0 {
			d.Coming = append(d.Coming, view)
			continue
		}
		if deadline.Kind == content.DeadlineEvent {
			continue // history, no deadline
		}
		year := strconv.Itoa(deadline.Due().Year())
		d.Past = append(d.Past, DeadlineYear{year, []DeadlineView{view}})
	}
	slices.SortStableFunc(d.Coming, func(a, b DeadlineView) int { return a.Days - b.Days })
	slices.Reverse(d.Past)
	slices.SortStableFunc(d.Past, func(a, b DeadlineYear) int { return strings.Compare(b.Year, a.Year) })
	d.Count = len(d.Past)
	var years []DeadlineYear
	for _, y := range d.Past {
		if n := len(years); n == 0 || years[n-1].Year != y.Year {
			years = append(years, DeadlineYear{Year: y.Year})
		}
		last := &years[len(years)-1]
		last.Deadlines = append(last.Deadlines, y.Deadlines...)
	}
	d.Past = years
	d.Things = r.thingGroups(p.Lang, func(t *content.Page) int {
		if t == p {
			return 0
		}
		return len(r.calendars[t].deadlines)
	}, func(t *content.Page) string { return r.config.BaseURL.Rel(r.calendars[t].sitePath) })
	v.Deadlines = d
}

// deadlineView shows a deadline in a language.
func (r *renderer) deadlineView(d content.Deadline, lang string) DeadlineView {
	texts := r.strings[lang]
	v := DeadlineView{
		Kind: string(d.Kind), KindTitle: texts.Must("deadline." + string(d.Kind)), Date: edtfView(texts, d.Date),
		Days: r.daysUntil(d.Date.Start()), Page: r.linkIn(d.Page, lang), Status: string(d.Status),
	}
	if due := d.Due(); !due.Equal(d.Date.Start()) {
		v.Days, v.Within = r.daysUntil(due), true
	}
	v.Title, v.Lang = r.deadlineTitle(d, lang)
	sources := []*content.Source(nil)
	if d.Event != nil {
		sources = d.Event.Sources
		v.URL = v.Page.URL + "#" + eventAnchor(d.Event)
		if d.Event.Scheme != nil && d.Event.Scheme != d.Page {
			link := r.linkIn(d.Event.Scheme, lang)
			v.Scheme = &link
		}
		if d.Kind == content.DeadlineMilestone {
			v.Milestone = d.Event.Milestone
		}
	} else {
		sources = d.Fact.Sources
		v.URL = v.Page.URL + "#" + factAnchor(d.Fact)
	}
	v.Sources = r.factSources(sources, lang, d.Page, nil)
	if d.Status != content.Current {
		v.StatusTitle = texts.Must("status." + v.Status)
	}
	return v
}

// deadlineTitle says what a deadline is about, and in which language that is where it
// differs from lang. The thing is named by itself or, of an event, within its title.
func (r *renderer) deadlineTitle(d content.Deadline, lang string) (title, spoken string) {
	texts := r.strings[lang]
	thing := inLanguage(d.Page, lang)
	switch {
	case d.Kind == content.DeadlineExpiry && d.Event.Milestone == content.LastMilestone:
		name := thing.Title
		if !d.Event.Service.IsZero() {
			name += " – " + d.Event.Service.In(lang)
		}
		return markdown.Typography(lang, texts.Must("event.expiry", name)), ""
	case d.Kind == content.DeadlineExpiry:
		spoken := d.Event.Title.Language(lang)
		return markdown.Typography(lang, texts.Must("deadline.end", d.Event.Title.In(lang))), otherThan(spoken, lang)
	case d.Kind == content.DeadlineDate:
		return markdown.Typography(lang, thing.Title+texts.Must("colon")+lowerFirst(d.Fact.Property.Title.In(lang))), otherThan(thing.Lang, lang)
	}
	spoken = d.Event.Title.Language(lang)
	return markdown.Typography(spoken, d.Event.Title.In(lang)), otherThan(spoken, lang)
}

// lowerFirst writes the first word of a text as it stands within a sentence: « Entrée
// en vigueur » → « entrée en vigueur ». A word that has more capitals keeps them.
func lowerFirst(text string) string {
	word, _, _ := strings.Cut(text, " ")
	_, first := utf8.DecodeRuneInString(word)
	if rest := word[first:]; rest == "" || strings.ToLower(rest) != rest {
		return text
	}
	return strings.ToLower(text[:first]) + text[first:]
}

// planCalendars plans the iCalendar files.
func (r *renderer) planCalendars() {
	for _, p := range r.site.Pages {
		c, ok := r.calendars[p]
		if !ok {
			continue
		}
		origin := "calendar of " + quote(c.title)
		r.plan(output{path: outputFile(c.sitePath), origin: origin, make: func(r *renderer) ([]byte, diag.List) {
			data, err := ical.Encode(r.calendarFile(p, c))
			if err != nil {
				return nil, diag.List{diag.Errorf(diag.Position{File: origin}, "calendar", "%v", err)}
			}
			return data, nil
		}})
	}
}

// calendarFile makes the calendar of a page.
func (r *renderer) calendarFile(p *content.Page, c calendar) ical.Calendar {
	site := r.language[p.Lang].site
	file := ical.Calendar{
		Product: "-//" + r.host() + "//" + site.Title + "//" + strings.ToUpper(p.Lang),
		Name:    site.Title + " – " + markdown.Typography(p.Lang, c.title), Description: markdown.Typography(p.Lang, r.strings[p.Lang].Must("deadlines.description")),
		Language: r.language[p.Lang].language.Locale, URL: r.config.BaseURL.Abs(p.SitePath), Source: r.config.BaseURL.Abs(c.sitePath), Refresh: calendarRefresh,
	}
	for _, d := range c.deadlines {
		file.Events = append(file.Events, r.calendarEvent(d, p.Lang))
	}
	return file
}

// host is the name of the site's host, by which calendars tell its events from others'.
func (r *renderer) host() string {
	u, err := url.Parse(r.config.BaseURL.String())
	if err != nil {
		return "localhost"
	}
	return strings.ToLower(u.Hostname())
}

// authority is what makes an identifier of the site its own: its host, and where it stands
// on a host that other sites may share.
func (r *renderer) authority() string {
	return r.host() + strings.TrimSuffix(r.config.BaseURL.Path(), "/")
}

// calendarEvent is a deadline as calendars have it. Its UID is the same in every
// calendar and language; its sequence is the number of its revisions, so that
// subscribers take over a corrected date.
func (r *renderer) calendarEvent(d content.Deadline, lang string) ical.Event {
	texts := r.strings[lang]
	v := r.deadlineView(d, lang)
	first, last, _ := d.Days()
	e := ical.Event{
		UID: d.ID + "@" + r.authority(), Sequence: d.Revisions, Stamp: r.stampOf(d), Start: first, End: last,
		Summary: v.Title, URL: r.absolute(v.URL), Categories: []string{v.KindTitle}, Status: ical.Confirmed,
	}
	if v.Scheme != nil {
		e.Categories = append(e.Categories, v.Scheme.Title)
	}
	if v.Page.Title != "" && (v.Scheme == nil || v.Page.Title != v.Scheme.Title) {
		e.Categories = append(e.Categories, v.Page.Title)
	}
	switch {
	case d.Status.Past():
		e.Status = ical.Cancelled
	case d.Status != content.Current, d.Date.Uncertain(), d.Date.Approximate():
		e.Status = ical.Tentative
	}
	var lines []string
	colon := texts.Must("colon")
	if v.StatusTitle != "" {
		lines = append(lines, texts.Must("deadline.status")+colon+v.StatusTitle)
	}
	if !first.Equal(last) {
		lines = append(lines, texts.Must("deadline.imprecise")+colon+v.Date.Text)
	}
	note := func(t string, spoken string) {
		if t != "" {
			lines = append(lines, markdown.Typography(spoken, t))
		}
	}
	var sources []*content.Source
	if d.Event != nil {
		note(d.Event.Note.In(lang), d.Event.Note.Language(lang))
		if n := len(d.Event.Revisions); n > 0 {
			last := d.Event.Revisions[n-1]
			lines = append(lines, texts.Must("deadline.revised", edtfView(texts, last.On).Text)+colon+markdown.Typography(last.Text.Language(lang), last.Text.In(lang)))
		}
		sources = d.Event.Sources
	} else {
		note(d.Fact.Note.In(lang), d.Fact.Note.Language(lang))
		sources = d.Fact.Sources
	}
	for _, s := range sources {
		line := r.sourceTitle(s, lang)
		if s.URL != "" {
			line += " <" + s.URL + ">"
		}
		lines = append(lines, texts.Must("deadline.source")+colon+line)
	}
	e.Description = strings.Join(append(lines, e.URL), "\n")
	return e
}

// stampOf is when a deadline's statement was last looked at. It is told by what the
// content says, so that a calendar keeps its bytes from one day's build to the next.
func (r *renderer) stampOf(d content.Deadline) time.Time {
	if d.Modified.IsZero() {
		return r.epoch()
	}
	return d.Modified
}
