package render

import (
	"cmp"
	"html/template"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"

	"vigie/generator/internal/config"
	"vigie/generator/internal/content"
	"vigie/generator/internal/layout"
	"vigie/generator/internal/markdown"
)

// references are the sources of one page, numbered: those cited in the text in the
// order of their citation, then those that only facts and events rest on.
type references struct {
	views  []SourceView
	number map[string]int // by id of the source
}

// references are the sources of a page, numbered once.
func (r *renderer) references(p *content.Page) *references { return r.bodies[p].references(r) }

// numbering are the numbers of a page's sources, by id. Of the page's text it reads only
// which sources it cites.
func (r *renderer) numbering(p *content.Page) map[string]int { return r.bodies[p].memo().numbering() }

// numberSources numbers the sources of a page.
func (r *renderer) numberSources(p *content.Page) map[string]int {
	number, last := map[string]int{}, 0
	add := func(id string) {
		if last++; number[id] > 0 {
			last--
			return
		}
		number[id] = last
	}
	for _, id := range slices.Compact(slices.Clone(r.bodies[p].citations())) {
		add(id)
	}
	for _, s := range statedSources(p) {
		add(s.ID)
	}
	return number
}

// statedSources are the sources that a page rests on beside those its text cites.
func statedSources(p *content.Page) []*content.Source {
	list := slices.Clone(p.Sources)
	for _, f := range p.Facts {
		list = append(list, f.Sources...)
	}
	for _, e := range p.Events {
		list = append(list, e.Sources...)
	}
	return list
}

// listSources shows the sources of a page under their numbers.
func (r *renderer) listSources(p *content.Page) *references {
	refs := &references{number: r.numbering(p)}
	add := func(s *content.Source) *SourceView {
		n := refs.number[s.ID]
		if n > len(refs.views) {
			refs.views = append(refs.views, r.sourceView(s, p.Lang, n))
		}
		return &refs.views[n-1]
	}
	if d := r.bodies[p].document(r); d != nil {
		for _, c := range d.Citations() {
			s := r.site.Source(c.Source)
			if s == nil {
				// Reported where it is cited; the number stays taken, as the text shows it.
				refs.views = append(refs.views, SourceView{Number: c.Number, ID: "source-" + strconv.Itoa(c.Number), Title: c.Source})
				continue
			}
			view := add(s)
			for i, use := range c.Uses {
				view.Uses = append(view.Uses, CitationUse{Anchor: use.Anchor, Label: useLabel(i), Locator: use.Locator})
			}
		}
	}
	for _, s := range statedSources(p) {
		add(s)
	}
	return refs
}

// useLabel numbers the uses of a source: a … z, then aa, ab …
func useLabel(i int) string {
	if i < 26 {
		return string(rune('a' + i))
	}
	return useLabel(i/26-1) + string(rune('a'+i%26))
}

// sourceView is a source as the list of a page in a language shows it.
func (r *renderer) sourceView(s *content.Source, lang string, n int) SourceView {
	texts := r.strings[lang]
	v := SourceView{
		Number: n, ID: "source-" + strconv.Itoa(n), Title: markdown.Typography(s.Lang, s.Title), Publisher: s.Publisher,
		URL: s.URL, Reference: s.Reference, Archived: s.Archived, Lang: s.Lang,
		Date: edtfView(texts, s.Date), Accessed: edtfView(texts, s.Accessed),
		Type: string(s.Type), TypeTitle: texts.Must("source." + string(s.Type)), Note: markdown.Typography(lang, s.Note.In(lang)),
	}
	if s.Lang == lang {
		v.Lang = ""
	}
	if v.Lang != "" && texts.Has("language."+v.Lang) {
		v.LangName = texts.Must("language." + v.Lang)
	}
	return v
}

// sourceTitle is a source in a few words: who published it, and when.
func (r *renderer) sourceTitle(s *content.Source, lang string) string {
	title := s.Publisher
	if d := edtfView(r.strings[lang], s.Date); d != nil {
		title += ", " + d.Text
	}
	return title
}

// factSources refers to sources by their numbers on the page they are shown on or,
// where refs is nil, to their place in the list of the page that owns them.
func (r *renderer) factSources(sources []*content.Source, lang string, owner *content.Page, refs *references) []FactSource {
	var list []FactSource
	for _, s := range sources {
		fs := FactSource{Title: r.sourceTitle(s, lang), Publisher: markdown.Typography(s.Lang, s.Publisher)}
		if refs != nil {
			fs.Number = refs.number[s.ID]
			fs.URL = "#source-" + strconv.Itoa(fs.Number)
		} else {
			owner := inLanguage(owner, lang)
			fs.URL = r.config.BaseURL.Rel(owner.SitePath) + "#source-" + strconv.Itoa(r.numbering(owner)[s.ID])
		}
		list = append(list, fs)
	}
	return list
}

// factAnchor is the id of a fact on its page.
func factAnchor(f *content.Fact) string { return "fait-" + f.ID }

// eventAnchor is the id of an event on its page.
func eventAnchor(e *content.Event) string { return "evenement-" + e.ID }

// factGroups shows the facts of a page by property.
func (r *renderer) factGroups(p *content.Page, refs *references) []FactGroup {
	var groups []FactGroup
	for _, f := range p.Facts {
		if n := len(groups); n == 0 || groups[n-1].Property != f.Property.Name {
			groups = append(groups, FactGroup{Property: f.Property.Name, Title: markdown.Typography(p.Lang, cmp.Or(f.Property.Title.In(p.Lang), f.Property.Name))})
		}
		group := &groups[len(groups)-1]
		group.Facts = append(group.Facts, r.factView(f, p.Lang, refs))
	}
	return groups
}

// factView shows a fact in a language. refs are the sources of the page it is shown
// on, nil where that is not the fact's own.
func (r *renderer) factView(f *content.Fact, lang string, refs *references) FactView {
	texts, spoken := r.strings[lang], factLanguage(f, lang)
	return FactView{
		Lang: otherThan(spoken, lang),
		ID:   factAnchor(f), Value: r.factValue(f, lang), AsOf: edtfView(texts, f.AsOf),
		Status: string(f.Status), StatusTitle: texts.Must("status." + string(f.Status)), Past: f.Status.Past(),
		Sources: r.factSources(f.Sources, lang, f.Page, refs), Publishers: publishers(f.Sources), Note: markdown.Typography(spoken, f.Note.In(lang)),
	}
}

// publishers are those who say so, each once.
func publishers(sources []*content.Source) []string {
	var list []string
	for _, s := range sources {
		if !slices.Contains(list, s.Publisher) {
			list = append(list, s.Publisher)
		}
	}
	return list
}

// factLanguage is the language that a fact's words are in where lang was asked for.
func factLanguage(f *content.Fact, lang string) string {
	if f.Property.Type == config.TypeText {
		return f.Value.Text.Language(lang)
	}
	if !f.Note.IsZero() {
		return f.Note.Language(lang)
	}
	return lang
}

// otherThan is lang where it differs from the page's, else "".
func otherThan(lang, page string) string {
	if lang == page {
		return ""
	}
	return lang
}

// factValue shows a fact's value in a language, escaped.
func (r *renderer) factValue(f *content.Fact, lang string) template.HTML {
	texts := r.strings[lang]
	var shown string
	switch f.Property.Type {
	case config.TypeNumber:
		shown = formatNumber(lang, f.Value.Number, f.Value.Literal, f.Unit.In(lang))
	case config.TypeDate:
		if d := edtfView(texts, f.Value.Date); d != nil {
			return template.HTML(`<time datetime="` + template.HTMLEscapeString(d.ISO) + `">` + template.HTMLEscapeString(d.Text) + `</time>`)
		}
	case config.TypeURL:
		label := strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(f.Value.URL, "https://"), "http://"), "/")
		return template.HTML(`<a class="external" rel="noopener" href="` + template.HTMLEscapeString(f.Value.URL) + `">` + template.HTMLEscapeString(label) + `</a>`)
	case config.TypePage:
		target := f.Value.Page
		if t := target.In(lang); t != nil {
			target = t
		}
		attributes := ""
		if target.Lang != lang {
			attributes = ` lang="` + target.Lang + `" hreflang="` + target.Lang + `"`
		}
		link := r.pageLink(target)
		return template.HTML(`<a href="` + template.HTMLEscapeString(link.URL) + `"` + attributes + `>` + template.HTMLEscapeString(link.Title) + `</a>`)
	case config.TypeBoolean:
		shown = texts.Must("boolean." + strconv.FormatBool(f.Value.Boolean))
	default:
		return template.HTML(template.HTMLEscapeString(markdown.Typography(f.Value.Text.Language(lang), f.Value.Text.In(lang))))
	}
	return template.HTML(template.HTMLEscapeString(markdown.Typography(lang, shown)))
}

// formatNumber shows a number with its unit, with the language's separators and as
// many decimals as were written. The language says how far a % stands off.
func formatNumber(lang string, value float64, literal, unit string) string {
	mantissa, exponent, _ := strings.Cut(strings.ToLower(literal), "e")
	_, decimals, _ := strings.Cut(mantissa, ".")
	shift, _ := strconv.Atoi(exponent)
	scale := number.Scale(min(max(len(decimals)-shift, 0), 15))
	printer := message.NewPrinter(language.Make(lang))
	var shown string
	switch unit {
	case "%":
		shown = printer.Sprint(number.Percent(value/100, scale))
	case "":
		shown = printer.Sprint(number.Decimal(value, scale))
	default:
		shown = printer.Sprint(number.Decimal(value, scale)) + " " + unit
	}
	// Typography knows the narrow no-break space; CLDR's data may give others.
	return strings.ReplaceAll(shown, "\u00a0", "\u202f")
}

// eventView shows an event in a language. refs are the sources of the page it is
// shown on, nil where that is not the event's own.
func (r *renderer) eventView(e *content.Event, lang string, refs *references) EventView {
	texts := r.strings[lang]
	page := e.Page
	if t := page.In(lang); t != nil {
		page = t
	}
	spoken := e.Title.Language(lang)
	v := EventView{
		Lang: otherThan(spoken, lang),
		ID:   eventAnchor(e), Date: edtfView(texts, e.Date), Title: markdown.Typography(spoken, e.Title.In(lang)),
		URL: r.config.BaseURL.Rel(page.SitePath), Milestone: e.Milestone, Expires: edtfView(texts, e.Expires),
		Days: r.daysUntil(e.Date.Start()), Sources: r.factSources(e.Sources, lang, e.Page, refs), Note: markdown.Typography(spoken, e.Note.In(lang)),
	}
	if v.Status = string(e.Status); e.Status != content.Current {
		v.StatusTitle = texts.Must("status." + v.Status)
	}
	for _, actor := range e.Actors {
		v.Actors = append(v.Actors, r.linkIn(actor, lang))
	}
	if e.Scheme != nil {
		link := r.linkIn(e.Scheme, lang)
		v.Scheme = &link
	}
	return v
}

// inLanguage is a page in a language where it exists, else as it is.
func inLanguage(p *content.Page, lang string) *content.Page {
	if t := p.In(lang); t != nil {
		return t
	}
	return p
}

// linkIn leads to a page in a language where it exists, else to it as it is.
func (r *renderer) linkIn(p *content.Page, lang string) Link {
	p = inLanguage(p, lang)
	link := r.pageLink(p)
	link.Lang = otherThan(p.Lang, lang)
	return link
}

// due is the day from which an event counts as past: its first or, where it lasts or
// is only announced for some day of a month or a year, its last.
func due(e *content.Event) time.Time {
	if end := e.Date.End(); (e.Date.IsInterval() || e.Status == content.Announced) && end.Year() < 9999 {
		return end
	}
	return e.Date.Start()
}

// daysUntil is how many days lie between the build's day and a civil day.
func (r *renderer) daysUntil(day time.Time) int {
	return int(civil(day).Sub(r.site.Today()).Hours() / 24)
}

// civil is the day of t, free of its zone.
func civil(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

// agenda lists the events and expiries around the build's clock: the coming ones,
// soonest first, and the past ones with a milestone, newest first.
func (r *renderer) agenda(lang string, most int) (upcoming, past []EventView) {
	texts := r.strings[lang]
	type entry struct {
		event *content.Event
		view  EventView
	}
	var coming []entry
	for _, e := range r.site.Events {
		if e.Status.Past() {
			continue
		}
		if days := r.daysUntil(due(e)); days > 0 || days == 0 && e.Milestone == "" {
			v := r.eventView(e, lang, nil)
			if v.Days < 0 { // it has begun
				v.Days = days
			}
			coming = append(coming, entry{e, v})
		}
		if !e.Expires.IsZero() && r.daysUntil(e.Expires.End()) >= 0 {
			v := r.eventView(e, lang, nil)
			v.Date, v.Days, v.Milestone = v.Expires, r.daysUntil(e.Expires.End()), ""
			v.Lang, v.Title = "", expiryTitle(texts, lang, inLanguage(e.Page, lang), e)
			coming = append(coming, entry{e, v})
		}
	}
	slices.SortStableFunc(coming, func(a, b entry) int { return a.view.Days - b.view.Days })
	for _, d := range coming[:min(len(coming), most)] {
		upcoming = append(upcoming, d.view)
	}
	for i := len(r.site.Events) - 1; i >= 0 && len(past) < most; i-- {
		if e := r.site.Events[i]; e.Milestone != "" && !e.Status.Past() && r.daysUntil(due(e)) <= 0 {
			past = append(past, r.eventView(e, lang, nil))
		}
	}
	return upcoming, past
}

// expiryTitle names what expires: the provider and its qualified service, as the
// event's title tells them.
func expiryTitle(texts *layout.Strings, lang string, p *content.Page, e *content.Event) string {
	title := p.Title
	if !e.Service.IsZero() {
		title += ", " + e.Service.In(lang)
	}
	return markdown.Typography(lang, texts.Must("event.expiry", title))
}
