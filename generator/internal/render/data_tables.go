package render

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"vigie/generator/internal/config"
	"vigie/generator/internal/content"
	"vigie/generator/internal/dataset"
	"vigie/generator/internal/permalink"
)

// tables makes the data sets of the site: what its pages state, without the words of
// the layouts and without typography.
func (r *renderer) tables(languages dataset.Languages) []dataset.Table {
	m := &tableMaker{renderer: r, languages: languages, ids: r.pageIDs()}
	return []dataset.Table{m.facts(), m.events(), m.qualifications(), m.sources(), m.pages()}
}

// tableMaker makes tables.
type tableMaker struct {
	*renderer
	languages dataset.Languages
	ids       map[*content.Page]string
}

// pageIDs names the written pages of the default language, and those that exist in
// another alone, as data does: by the page's own name, with its folders where several
// have one name. The home page is "/".
func (r *renderer) pageIDs() map[*content.Page]string {
	slug := func(p *content.Page, name string) string {
		var parts []string
		for part := range strings.SplitSeq(name, "/") {
			parts = append(parts, cmp.Or(permalink.Slug(part), part))
		}
		id := strings.ReplaceAll(strings.Join(parts, "/"), " ", "-")
		if p.Lang != r.config.Language {
			id += "." + p.Lang
		}
		return cmp.Or(id, "/")
	}
	count := map[string]int{}
	var pages []*content.Page
	for _, p := range r.site.Pages {
		if p.File != nil && p.Original == nil {
			pages = append(pages, p)
			count[slug(p, p.Name)]++
		}
	}
	ids := map[*content.Page]string{}
	for _, p := range pages {
		if ids[p] = slug(p, p.Name); count[ids[p]] > 1 {
			ids[p] = slug(p, p.Path)
		}
	}
	return ids
}

// column describes a column by the interface's texts: "data.facts.value", or
// "data.column.value" where it means the same in every table.
func (m *tableMaker) column(table, name string, c dataset.Column) dataset.Column {
	c.Name = name
	c.Description = m.dataText(m.languages, func(lang string) string {
		texts := m.strings[lang]
		if key := "data." + table + "." + name; texts.Has(key) {
			return texts.Must(key)
		}
		return texts.Must("data.column." + name)
	})
	return c
}

// table starts a table.
func (m *tableMaker) table(name string) dataset.Table {
	text := func(key string) dataset.Text {
		return m.dataText(m.languages, func(lang string) string { return m.strings[lang].Must(key) })
	}
	return dataset.Table{Name: name, Title: text("data." + name), Description: text("data." + name + ".about")}
}

// build describes the columns of a table. One named "x_*" stands for a column of each
// language, which rows give as one cell: a [perLanguage].
func (m *tableMaker) build(t dataset.Table, columns []dataset.Column, rows [][]any) dataset.Table {
	for _, c := range columns {
		base, each := strings.CutSuffix(c.Name, "_*")
		described := m.column(t.Name, base, c)
		if !each {
			t.Columns = append(t.Columns, described)
			continue
		}
		for _, lang := range m.languages {
			own := described
			own.Name = base + "_" + strings.ReplaceAll(strings.ToLower(lang), "-", "_")
			own.Description = m.dataText(m.languages, func(l string) string {
				return m.strings[l].Must("data.in-language", described.Description[l], lang)
			})
			t.Columns = append(t.Columns, own)
		}
	}
	for _, row := range rows {
		var cells []any
		for _, value := range row {
			if texts, ok := value.(perLanguage); ok {
				cells = append(cells, texts...)
				continue
			}
			cells = append(cells, value)
		}
		t.Rows = append(t.Rows, cells)
	}
	return t
}

// perLanguage is a cell for each language.
type perLanguage []any

// texts are a text in each language that it is given in.
func (m *tableMaker) texts(t config.Text) perLanguage {
	cells := make(perLanguage, len(m.languages))
	for i, lang := range m.languages {
		if t.Language(lang) == lang {
			cells[i] = given(t.In(lang))
		}
	}
	return cells
}

// eachLanguage makes a cell of each version of a page.
func (m *tableMaker) eachLanguage(p *content.Page, cell func(*content.Page) any) perLanguage {
	cells := make(perLanguage, len(m.languages))
	for i, lang := range m.languages {
		if t := p.In(lang); t != nil {
			cells[i] = cell(t)
		}
	}
	return cells
}

// urls are the addresses of a place on a page's versions.
func (m *tableMaker) urls(p *content.Page, fragment string) perLanguage {
	return m.eachLanguage(p, func(t *content.Page) any { return m.config.BaseURL.Abs(t.SitePath) + fragment })
}

// pageID names a page, nil for none or for one that is not published.
func (m *tableMaker) pageID(p *content.Page) any {
	if p == nil {
		return nil
	}
	if p.Original != nil {
		p = p.Original
	}
	return given(m.ids[p])
}

func sourceIDs(sources []*content.Source) []string {
	ids := []string{}
	for _, s := range sources {
		ids = append(ids, s.ID)
	}
	return ids
}

func (m *tableMaker) pageIDsOf(pages []*content.Page) []string {
	ids := []string{}
	for _, p := range pages {
		if id, ok := m.pageID(p).(string); ok && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

var (
	factStatuses  = []string{"current", "announced", "disputed", "to-confirm", "superseded", "withdrawn"}
	propertyTypes = []string{"text", "number", "date", "url", "page", "boolean"}
)

// originals are the pages that state facts and events, by path.
func (m *tableMaker) originals() []*content.Page {
	var list []*content.Page
	for _, p := range m.site.Pages {
		if m.ids[p] != "" {
			list = append(list, p)
		}
	}
	slices.SortStableFunc(list, func(a, b *content.Page) int { return strings.Compare(a.Path, b.Path) })
	return list
}

// facts has a row for every fact.
func (m *tableMaker) facts() dataset.Table {
	columns := []dataset.Column{
		{Name: "id", Type: dataset.String, Unique: true},
		{Name: "page", Type: dataset.String, Required: true, References: "pages.id"},
		{Name: "page_title_*", Type: dataset.String},
		{Name: "kind", Type: dataset.String, Required: true},
		{Name: "property", Type: dataset.String, Required: true},
		{Name: "property_title_*", Type: dataset.String},
		{Name: "type", Type: dataset.String, Required: true, Enum: propertyTypes},
		{Name: "value", Type: dataset.String, Required: true},
		{Name: "value_*", Type: dataset.String},
		{Name: "value_number", Type: dataset.Number},
		{Name: "value_boolean", Type: dataset.Boolean},
		{Name: "value_date", Type: dataset.Date},
		{Name: "value_url", Type: dataset.URL},
		{Name: "value_page", Type: dataset.String, References: "pages.id"},
		{Name: "unit_*", Type: dataset.String},
		{Name: "status", Type: dataset.String, Required: true, Enum: factStatuses},
		{Name: "as_of", Type: dataset.Date, Required: true},
		{Name: "as_of_first", Type: dataset.Day},
		{Name: "as_of_last", Type: dataset.Day},
		{Name: "until", Type: dataset.Date},
		{Name: "until_first", Type: dataset.Day},
		{Name: "until_last", Type: dataset.Day},
		{Name: "sources", Type: dataset.List, Required: true, References: "sources.id"},
		{Name: "note_*", Type: dataset.String},
		{Name: "url_*", Type: dataset.URL},
	}
	var rows [][]any
	for _, p := range m.originals() {
		for _, f := range p.Facts {
			asOfFirst, asOfLast := days(f.AsOf)
			untilFirst, untilLast := days(f.Until)
			value, texts, number, boolean, date, url, page := m.factCells(f)
			rows = append(rows, []any{
				m.ids[p] + "/" + f.ID, m.ids[p], m.eachLanguage(p, func(t *content.Page) any { return given(t.Title) }), p.Kind.Name,
				f.Property.Name, m.texts(f.Property.Title), string(f.Property.Type), value, texts, number, boolean, date, url, page, m.texts(f.Unit),
				string(f.Status), givenDate(f.AsOf), asOfFirst, asOfLast, givenDate(f.Until), untilFirst, untilLast,
				sourceIDs(f.Sources), m.texts(f.Note), m.urls(p, "#"+factAnchor(f)),
			})
		}
	}
	return m.build(m.table("facts"), columns, rows)
}

// factCells are a fact's value as text and in the column of its type.
func (m *tableMaker) factCells(f *content.Fact) (value any, texts perLanguage, number, boolean, date, url, page any) {
	texts = make(perLanguage, len(m.languages))
	v := f.Value
	switch f.Property.Type {
	case config.TypeNumber:
		number = v.Number
		return strconv.FormatFloat(v.Number, 'f', -1, 64), texts, number, nil, nil, nil, nil
	case config.TypeBoolean:
		return strconv.FormatBool(v.Boolean), texts, nil, v.Boolean, nil, nil, nil
	case config.TypeDate:
		return givenDate(v.Date), texts, nil, nil, givenDate(v.Date), nil, nil
	case config.TypeURL:
		return given(v.URL), texts, nil, nil, nil, given(v.URL), nil
	case config.TypePage:
		id := m.pageID(v.Page)
		return cmp.Or(id, any(v.Page.Title)), m.eachLanguage(v.Page, func(t *content.Page) any { return given(t.Title) }), nil, nil, nil, nil, id
	}
	return given(v.Text.In(m.config.Language)), m.texts(v.Text), nil, nil, nil, nil, nil
}

// events has a row for every event.
func (m *tableMaker) events() dataset.Table {
	columns := []dataset.Column{
		{Name: "id", Type: dataset.String, Unique: true},
		{Name: "page", Type: dataset.String, Required: true, References: "pages.id"},
		{Name: "date", Type: dataset.Date, Required: true},
		{Name: "date_first", Type: dataset.Day},
		{Name: "date_last", Type: dataset.Day},
		{Name: "title_*", Type: dataset.String},
		{Name: "status", Type: dataset.String, Required: true, Enum: factStatuses},
		{Name: "actors", Type: dataset.List, Required: true, References: "pages.id"},
		{Name: "scheme", Type: dataset.String, References: "pages.id"},
		{Name: "milestone", Type: dataset.String, Enum: content.Milestones()},
		{Name: "service_*", Type: dataset.String},
		{Name: "version", Type: dataset.String},
		{Name: "scope", Type: dataset.String},
		{Name: "decision", Type: dataset.String},
		{Name: "expires", Type: dataset.Date},
		{Name: "expires_first", Type: dataset.Day},
		{Name: "expires_last", Type: dataset.Day},
		{Name: "sources", Type: dataset.List, Required: true, References: "sources.id"},
		{Name: "note_*", Type: dataset.String},
		{Name: "revisions", Type: dataset.Integer, Required: true},
		{Name: "revised", Type: dataset.Date},
		{Name: "url_*", Type: dataset.URL},
	}
	var rows [][]any
	for _, e := range m.site.Events {
		if m.ids[e.Page] == "" {
			continue
		}
		first, last := days(e.Date)
		expiresFirst, expiresLast := days(e.Expires)
		var revised any
		if n := len(e.Revisions); n > 0 {
			revised = givenDate(e.Revisions[n-1].On)
		}
		rows = append(rows, []any{
			m.ids[e.Page] + "/" + e.ID, m.ids[e.Page], givenDate(e.Date), first, last, m.texts(e.Title), string(e.Status), m.pageIDsOf(e.Actors),
			m.pageID(e.Scheme), given(e.Milestone), m.texts(e.Service), given(e.Version), given(strings.Join(e.Scope, ", ")), given(e.Decision),
			givenDate(e.Expires), expiresFirst, expiresLast, sourceIDs(e.Sources), m.texts(e.Note), len(e.Revisions), revised, m.urls(e.Page, "#"+eventAnchor(e)),
		})
	}
	return m.build(m.table("events"), columns, rows)
}

// qualifications has a row for where each thing stands with a scheme's qualification
// of one of its services, by the build's clock.
func (m *tableMaker) qualifications() dataset.Table {
	var states []string
	for _, s := range content.StandingStates() {
		states = append(states, string(s))
	}
	columns := []dataset.Column{
		{Name: "id", Type: dataset.String, Unique: true},
		{Name: "page", Type: dataset.String, Required: true, References: "pages.id"},
		{Name: "page_title_*", Type: dataset.String},
		{Name: "scheme", Type: dataset.String, Required: true, References: "pages.id"},
		{Name: "service_*", Type: dataset.String},
		{Name: "version", Type: dataset.String},
		{Name: "scope", Type: dataset.String},
		{Name: "decision", Type: dataset.String},
		{Name: "state", Type: dataset.String, Required: true, Enum: states},
		{Name: "milestone", Type: dataset.String, Required: true, Enum: content.Milestones()},
	}
	for _, name := range content.Milestones() {
		columns = append(columns, dataset.Column{Name: strings.ToLower(name), Type: dataset.Date})
	}
	columns = append(columns, []dataset.Column{
		{Name: "status", Type: dataset.String, Required: true, Enum: factStatuses},
		{Name: "expires", Type: dataset.Date},
		{Name: "expires_last", Type: dataset.Day},
		{Name: "verified", Type: dataset.Date},
		{Name: "events", Type: dataset.List, Required: true, References: "events.id"},
		{Name: "sources", Type: dataset.List, Required: true, References: "sources.id"},
		{Name: "url_*", Type: dataset.URL},
	}...)
	standings := slices.Clone(m.site.Standings(m.site.Today()))
	var rows [][]any
	taken := map[string]int{}
	for _, st := range standings {
		page, ok := m.pageID(st.Page).(string)
		if !ok {
			continue
		}
		id := page + "/" + cmp.Or(m.ids[st.Scheme], permalink.Slug(st.Scheme.Title))
		for _, part := range []string{st.Service.In(m.config.Language), st.Version} {
			if slug := strings.ReplaceAll(permalink.Slug(strings.ReplaceAll(part, ".", " ")), "/", "-"); slug != "" {
				id += "/" + slug
			}
		}
		if taken[id]++; taken[id] > 1 {
			id += "-" + strconv.Itoa(taken[id])
		}
		row := []any{
			id, page, m.eachLanguage(st.Page, func(t *content.Page) any { return given(t.Title) }), m.pageID(st.Scheme), m.texts(st.Service), given(st.Version),
			given(strings.Join(st.Scope, ", ")), given(st.Decision), string(st.State), st.Reached.Milestone,
		}
		events := []string{}
		for _, e := range st.Milestones {
			if e == nil {
				row = append(row, nil)
				continue
			}
			row = append(row, givenDate(e.Date))
			if id := m.ids[e.Page] + "/" + e.ID; !slices.Contains(events, id) {
				events = append(events, id)
			}
		}
		_, expires := days(st.Expires)
		rows = append(rows, append(row, string(st.Reached.Status), givenDate(st.Expires), expires, givenDate(st.Verified()), events, sourceIDs(st.Sources()), m.urls(st.Page, "")))
	}
	slices.SortStableFunc(rows, func(a, b []any) int { return strings.Compare(a[0].(string), b[0].(string)) })
	return m.build(m.table("qualifications"), columns, rows)
}

// sources has a row for every publication that a page rests on. Of one that drafts alone
// rest on, readers are to know as little as of the drafts.
func (m *tableMaker) sources() dataset.Table {
	columns := []dataset.Column{
		{Name: "id", Type: dataset.String, Unique: true},
		{Name: "title", Type: dataset.String, Required: true},
		{Name: "publisher", Type: dataset.String, Required: true},
		{Name: "type", Type: dataset.String, Required: true, Enum: []string{"official", "press", "company", "secondary"}},
		{Name: "language", Type: dataset.String},
		{Name: "url", Type: dataset.URL},
		{Name: "reference", Type: dataset.String},
		{Name: "archived_url", Type: dataset.URL},
		{Name: "date", Type: dataset.Date, Required: true},
		{Name: "date_first", Type: dataset.Day},
		{Name: "date_last", Type: dataset.Day},
		{Name: "accessed", Type: dataset.Date},
		{Name: "note_*", Type: dataset.String},
		{Name: "pages", Type: dataset.List, Required: true, References: "pages.id"},
		{Name: "facts", Type: dataset.Integer, Required: true},
		{Name: "events", Type: dataset.Integer, Required: true},
	}
	facts, events, pages := map[string]int{}, map[string]int{}, map[string][]*content.Page{}
	for _, p := range m.originals() {
		for _, f := range p.Facts {
			for _, s := range f.Sources {
				facts[s.ID]++
			}
		}
		for _, e := range p.Events {
			for _, s := range e.Sources {
				events[s.ID]++
			}
		}
		for _, t := range p.Translations { // a translation may cite what the original does not
			for id := range m.numbering(t) {
				if m.site.Source(id) == nil {
					continue // told where it is cited
				}
				pages[id] = append(pages[id], p)
			}
		}
	}
	var rows [][]any
	for _, s := range m.site.Sources {
		if len(m.cited[s]) == 0 {
			continue
		}
		first, last := days(s.Date)
		citing := m.pageIDsOf(pages[s.ID])
		slices.Sort(citing)
		rows = append(rows, []any{
			s.ID, given(s.Title), given(s.Publisher), string(s.Type), given(s.Lang), given(s.URL), given(s.Reference), given(s.Archived),
			givenDate(s.Date), first, last, givenDate(s.Accessed), m.texts(s.Note), citing, facts[s.ID], events[s.ID],
		})
	}
	return m.build(m.table("sources"), columns, rows)
}

// pages has a row for every page that editors wrote, its translations included.
func (m *tableMaker) pages() dataset.Table {
	columns := []dataset.Column{
		{Name: "id", Type: dataset.String, Unique: true},
		{Name: "kind", Type: dataset.String, Required: true},
		{Name: "form", Type: dataset.String},
		{Name: "title_*", Type: dataset.String},
		{Name: "description_*", Type: dataset.String},
		{Name: "names", Type: dataset.String},
		{Name: "tags", Type: dataset.List, Required: true},
		{Name: "published", Type: dataset.Day},
		{Name: "updated", Type: dataset.Day},
		{Name: "facts", Type: dataset.Integer, Required: true},
		{Name: "events", Type: dataset.Integer, Required: true},
		{Name: "corrections", Type: dataset.Integer, Required: true},
		{Name: "url_*", Type: dataset.URL},
	}
	var rows [][]any
	for _, p := range m.originals() {
		tags := []string{}
		for _, t := range p.Tags {
			tags = append(tags, t.Name)
		}
		rows = append(rows, []any{
			m.ids[p], p.Kind.Name, given(p.Form), m.eachLanguage(p, func(t *content.Page) any { return given(t.Title) }),
			m.eachLanguage(p, func(t *content.Page) any { return given(t.Description) }), given(strings.Join(p.Names, ", ")), tags,
			givenDay(p.Date), givenDay(p.Updated), len(p.Facts), len(p.Events), len(p.Corrections), m.urls(p, ""),
		})
	}
	return m.build(m.table("pages"), columns, rows)
}
