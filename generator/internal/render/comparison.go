package render

import (
	"cmp"
	"slices"
	"time"

	"vigie/generator/internal/config"
	"vigie/generator/internal/content"
	"vigie/generator/internal/markdown"
)

// ComparisonView sets the things of one kind side by side: all of them, of which a
// reader chooses a few.
type ComparisonView struct {
	Kind    string // its name, which the query of a choice is named after: "provider"
	Title   string // « Fournisseurs »
	Columns []ComparisonColumn
	Rows    []ComparisonRow
}

// ComparisonColumn is a thing compared.
type ComparisonColumn struct {
	Link
	Name   string // what the query of a choice calls it: "bleu"
	Chosen bool   // while nobody has chosen: the first two
}

// ComparisonRow is a property, or the scheme that things are qualified under.
type ComparisonRow struct {
	Title  string
	Scheme *Link            // set for a scheme
	Cells  []ComparisonCell // one for each column
}

// ComparisonCell is what is known of a thing; both empty where nothing is.
type ComparisonCell struct {
	Facts     []FactView
	Standings []BoardRow
}

// Empty tells whether nothing is known.
func (c ComparisonCell) Empty() bool { return len(c.Facts) == 0 && len(c.Standings) == 0 }

// comparedKind is the kind whose things are compared: the first of config.toml that
// has properties and pages to compare.
func (r *renderer) comparedKind(lang string) (kind, []*content.Page) {
	for _, k := range r.config.Kinds {
		if len(k.Properties) == 0 {
			continue
		}
		if pages := r.things(k, lang); len(pages) > 1 {
			return k, pages
		}
	}
	return kind{}, nil
}

// things are the pages of a kind that say anything in facts or events, in the order
// of their section: in a language where they exist, else as they are.
func (r *renderer) things(k kind, lang string) []*content.Page {
	var pages []*content.Page
	for _, p := range r.site.Pages {
		if p.Kind.Name == k.Name && p.Original == nil && !p.IsSection && len(p.Facts)+len(p.Events) > 0 {
			pages = append(pages, inLanguage(p, lang))
		}
	}
	slices.SortStableFunc(pages, func(a, b *content.Page) int {
		return cmp.Or(cmp.Compare(weight(a), weight(b)), content.ByTitle(a, b))
	})
	return pages
}

// comparison sets the things of the compared kind side by side; nil where there are
// none.
func (r *renderer) comparison(lang string) *ComparisonView {
	k, pages := r.comparedKind(lang)
	if len(pages) == 0 {
		return nil
	}
	v := &ComparisonView{Kind: k.Name, Title: kindTitle(k, lang)}
	for i, p := range pages {
		v.Columns = append(v.Columns, ComparisonColumn{Link: r.linkIn(p, lang), Name: p.Name, Chosen: i < 2})
	}
	add := func(row ComparisonRow) {
		if slices.ContainsFunc(row.Cells, func(c ComparisonCell) bool { return !c.Empty() }) {
			v.Rows = append(v.Rows, row)
		}
	}
	today := r.site.Today()
	standings := r.site.Standings(today)
	for _, scheme := range schemesOf(standings) {
		link := r.linkIn(scheme, lang)
		row := ComparisonRow{Title: link.Title, Scheme: &link}
		for _, p := range pages {
			var cell ComparisonCell
			for _, st := range standings {
				if st.Scheme == scheme && (st.Page == p || st.Page == p.Original) {
					cell.Standings = append(cell.Standings, r.boardRow(st, lang, today, nil))
				}
			}
			row.Cells = append(row.Cells, cell)
		}
		add(row)
	}
	for _, name := range k.Properties {
		property := r.config.Properties[name]
		row := ComparisonRow{Title: markdown.Typography(lang, cmp.Or(property.Title.In(lang), name))}
		for _, p := range pages {
			row.Cells = append(row.Cells, ComparisonCell{Facts: r.heldFacts(p, property, lang, today)})
		}
		add(row)
	}
	return v
}

// schemesOf are the schemes of standings, by title.
func schemesOf(standings []*content.Standing) []*content.Page {
	var list []*content.Page
	for _, st := range standings {
		if !slices.Contains(list, st.Scheme) {
			list = append(list, st.Scheme)
		}
	}
	slices.SortFunc(list, content.ByTitle)
	return list
}

// heldFacts shows what a property of a page's thing was on a day, the surest first.
func (r *renderer) heldFacts(p *content.Page, property config.Property, lang string, day time.Time) []FactView {
	var list []FactView
	for _, f := range p.FactsOn(day) {
		if f.Property.Name != property.Name {
			continue
		}
		list = append(list, r.factView(f, lang, nil))
	}
	return list
}

func showComparison(r *renderer, p *content.Page, v *View) { v.Comparison = r.comparison(p.Lang) }
