package render

import (
	"cmp"
	"html/template"
	"slices"
	"strings"

	"vigie/generator/internal/config"
	"vigie/generator/internal/content"
	"vigie/generator/internal/diagram"
	"vigie/generator/internal/markdown"
)

// leastRelations is from how many relations on a page draws them.
const leastRelations = 2

// RelationsView is what a thing is related to, by facts whose value is a page and by
// the qualifications of services.
type RelationsView struct {
	Drawing template.HTML // an SVG element
	Groups  []RelationGroup
}

// RelationGroup is the things of one relation.
type RelationGroup struct {
	Title string
	Links []Link
	In    bool // they say it, on their own pages
}

// relations shows what the thing of a page is related to, nil where that is little.
func (r *renderer) relations(p *content.Page) *RelationsView {
	if len(p.Kind.Properties) == 0 {
		return nil // no thing
	}
	c := &relationCollector{renderer: r, page: p, seen: map[string]bool{}}
	c.facts()
	c.standings()
	if len(c.seen) < leastRelations {
		return nil
	}
	slices.SortStableFunc(c.groups, func(a, b RelationGroup) int { return cmp.Compare(order(a), order(b)) })
	texts := r.strings[p.Lang]
	drawing := diagram.Relations{ID: "relations", Name: markdown.Typography(p.Lang, p.Title), Title: texts.Must("relations.title", markdown.Typography(p.Lang, p.Title))}
	var said []string
	for _, g := range c.groups {
		group := diagram.Group{Label: g.Title}
		var names []string
		for _, link := range g.Links {
			group.Nodes = append(group.Nodes, diagram.Node{Name: link.Title, URL: link.URL, Lang: link.Lang})
			names = append(names, link.Title)
		}
		said = append(said, g.Title+texts.Must("colon")+strings.Join(names, ", "))
		if g.In {
			drawing.In = append(drawing.In, group)
		} else {
			drawing.Out = append(drawing.Out, group)
		}
	}
	drawing.Text = strings.Join(said, "; ")
	return &RelationsView{Drawing: template.HTML(drawing.SVG()), Groups: c.groups}
}

// order puts what leads to the thing before what it leads to.
func order(g RelationGroup) int {
	if g.In {
		return 0
	}
	return 1
}

// relationCollector gathers the relations of one page, each once.
type relationCollector struct {
	*renderer
	page   *content.Page
	groups []RelationGroup
	seen   map[string]bool
}

// add adds a relation under a title.
func (c *relationCollector) add(title string, in bool, other *content.Page) {
	original := c.page
	if original.Original != nil {
		original = original.Original
	}
	if other == original {
		return
	}
	link := c.linkIn(other, c.page.Lang)
	title = sentence(markdown.Typography(c.page.Lang, title))
	key := title + "\x00" + link.URL
	if c.seen[key] {
		return
	}
	c.seen[key] = true
	i := slices.IndexFunc(c.groups, func(g RelationGroup) bool { return g.In == in && g.Title == title })
	if i < 0 {
		i = len(c.groups)
		c.groups = append(c.groups, RelationGroup{Title: title, In: in})
	}
	c.groups[i].Links = append(c.groups[i].Links, link)
}

// facts adds what the page's facts say of others, and what others' say of it, in the
// order in which config.toml declares no order but kinds do: by page.
func (c *relationCollector) facts() {
	lang := c.page.Lang
	title := func(text config.Text, f *content.Fact) string {
		t := cmp.Or(text.In(lang), f.Property.Title.In(lang), f.Property.Name)
		if f.Status != content.Current {
			t += " (" + c.strings[lang].Must("status."+string(f.Status)) + ")"
		}
		return t
	}
	for _, f := range c.page.Facts {
		if f.Property.Type == config.TypePage && !f.Status.Past() {
			c.add(title(f.Property.Title, f), false, f.Value.Page)
		}
	}
	for _, p := range c.site.Pages {
		if p.Original != nil {
			continue
		}
		for _, f := range p.Facts {
			if f.Property.Type == config.TypePage && !f.Status.Past() && slices.Contains(c.page.Translations, f.Value.Page) {
				c.add(title(f.Property.Inverse, f), true, p)
			}
		}
	}
}

// standings adds the schemes that the thing's services are qualified under, or on
// their way to, and the things whose services are under it as a scheme.
func (c *relationCollector) standings() {
	texts := c.strings[c.page.Lang]
	for _, st := range c.site.Standings(c.site.Today()) {
		title := texts.Must("board."+string(st.State)) + " (" + st.Reached.Milestone + ")"
		switch {
		case slices.Contains(c.page.Translations, st.Page):
			c.add(title, false, st.Scheme)
		case slices.Contains(c.page.Translations, st.Scheme):
			c.add(texts.Must("board."+string(st.State)), true, st.Page)
		}
	}
}

// sentence gives a text a capital.
func sentence(text string) string {
	for i, r := range text {
		if i == 0 {
			return strings.ToUpper(string(r)) + text[len(string(r)):]
		}
	}
	return text
}
