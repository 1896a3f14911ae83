package config

import (
	"cmp"
	"fmt"
	"io/fs"
	"maps"
	"net/url"
	"slices"
	"strings"

	"vigie/generator/internal/permalink"
	"vigie/generator/internal/record"
)

// pageKind is the name of the kind of pages outside every kind's folder.
const pageKind = "page"

// propertyTypes are the types a property may have.
var propertyTypes = []PropertyType{TypeText, TypeNumber, TypeDate, TypeURL, TypePage, TypeBoolean}

// roles are the pages a publication owes its readers, and the help on its search.
var roles = []string{"about", "sourcing", "corrections", "privacy", "accessibility", "legal", "search_help"}

// properties settles [properties].
func (l *loader) properties(t *record.Table) {
	type rawProperty struct {
		Title    Text                 `record:"title"`
		Type     record.Field[string] `record:"type"`
		Unit     Text                 `record:"unit"`
		Multiple bool                 `record:"multiple"`
		Inverse  Text                 `record:"inverse"`

		After       []record.Field[string] `record:"after"`
		ReviewAfter Review                 `record:"review_after"`
	}
	names := []string{}
	if t != nil {
		names = t.Keys()
	}
	var after []startOf
	entries(l, t, "properties", func(name string, key record.Span, raw rawProperty) {
		if !raw.Inverse.IsZero() && raw.Type.Value != string(TypePage) {
			l.report(key, "invalid-value", fmt.Sprintf("property %q has an inverse, and its values are no pages", name), `remove inverse, or write type = "page"`)
		}
		l.config.Properties[name] = Property{
			Name:     name,
			Title:    l.text(raw.Title, name),
			Type:     choice(l, "properties."+name+".type", raw.Type, propertyTypes...),
			Unit:     l.text(raw.Unit, ""),
			Multiple: raw.Multiple,
			Inverse:  l.text(raw.Inverse, ""),
			After:    l.declared("property", raw.After, names),

			ReviewAfter: raw.ReviewAfter,
		}
		for _, f := range raw.After {
			after = append(after, startOf{name, f})
		}
	})
	for _, a := range after { // all types are known now
		for _, end := range []string{a.property, a.start.Value} {
			if p, ok := l.config.Properties[end]; ok && p.Type != TypeDate {
				l.report(a.start.Span, "invalid-value", fmt.Sprintf("property %q comes after %q, and %q is no date but a %s", a.property, a.start.Value, end, p.Type), "remove it, or declare both with type = \"date\"")
				break
			}
		}
	}
}

// startOf is a property that another must come after.
type startOf struct {
	property string
	start    record.Field[string]
}

// callouts settles [markdown.callouts].
func (l *loader) callouts(t *record.Table) {
	type rawCallout struct {
		Title Text                 `record:"title"`
		Like  record.Field[string] `record:"like"`
	}
	l.config.Callouts = map[string]Callout{}
	entries(l, t, "markdown.callouts", func(name string, _ record.Span, raw rawCallout) {
		like := cmp.Or(strings.ToLower(raw.Like.Value), "note")
		if kinds := []string{"note", "tip", "important", "warning", "caution"}; !slices.Contains(kinds, like) {
			l.report(raw.Like.Span, "unknown-callout", fmt.Sprintf("callout %q is to look like %q, which is none of ours", name, raw.Like.Value), "use "+strings.Join(kinds, ", "))
			like = "note"
		}
		l.config.Callouts[strings.ToLower(name)] = Callout{Title: l.text(raw.Title, name), Like: like}
	})
}

// taxonomies settles [taxonomies].
func (l *loader) taxonomies(t *record.Table) {
	c := l.config
	type rawTaxonomy struct {
		Schema string             `record:"schema"`
		Title  Text               `record:"title"`
		Path   Text               `record:"path"`
		Closed record.Field[bool] `record:"closed"`
		Terms  *record.Table      `record:"terms"`
	}
	keys := map[string]record.Span{}
	entries(l, t, "taxonomies", func(name string, key record.Span, raw rawTaxonomy) {
		taxonomy := Taxonomy{
			Schema: raw.Schema,
			Name:   name,
			Title:  l.text(raw.Title, name),
			Path:   l.text(raw.Path, name),
			Closed: raw.Closed.Value,
		}
		taxonomy.Terms, taxonomy.TermNames = l.labels(raw.Terms, "taxonomies."+name+".terms")
		taxonomy.TermAt = map[string]record.Span{}
		for _, term := range taxonomy.TermNames {
			taxonomy.TermAt[term] = raw.Terms.KeySpan(term)
		}
		raw.Path.versions(func(_, path string, at record.Span) {
			if path == "" || permalink.Slug(path) != path {
				l.report(at, "invalid-path", fmt.Sprintf("path %q is not a URL segment", path), didYouMeanName(path))
			}
		})
		if taxonomy.Closed && len(taxonomy.TermNames) == 0 {
			l.report(raw.Closed.Key, "no-terms", fmt.Sprintf("taxonomy %q is closed and has no terms", name),
				fmt.Sprintf("list them below [taxonomies.%s.terms]", name))
		}
		keys[name] = key
		c.Taxonomies = append(c.Taxonomies, taxonomy)
	})
	for _, name := range []string{"tags", "authors"} {
		if _, ok := c.Taxonomy(name); !ok {
			c.Taxonomies = append(c.Taxonomies, Taxonomy{Name: name, Title: l.text(Text{}, name), Path: l.text(Text{}, name), Terms: map[string]Text{}})
		}
	}
	slices.SortFunc(c.Taxonomies, func(a, b Taxonomy) int { return strings.Compare(a.Name, b.Name) })
	for _, taxonomy := range c.Taxonomies {
		if key, declared := keys[taxonomy.Name]; declared {
			l.taxonomyPath(taxonomy, key, keys)
		}
	}
}

// taxonomyPath checks that a taxonomy's path is its alone in every language. Of two
// that are declared the later one is reported.
func (l *loader) taxonomyPath(taxonomy Taxonomy, key record.Span, keys map[string]record.Span) {
	for _, lang := range l.config.Languages {
		path := taxonomy.Path.In(lang.Code)
		for _, other := range l.config.Languages {
			if path == other.Prefix {
				l.report(key, "duplicate-path", fmt.Sprintf("path %q of taxonomy %q is the prefix of a language", path, taxonomy.Name), "choose another path")
				return
			}
		}
		for _, other := range l.config.Taxonomies {
			if path != other.Path.In(lang.Code) || other.Name == taxonomy.Name || keys[other.Name].Offset > key.Offset {
				continue
			}
			l.report(key, "duplicate-path", fmt.Sprintf("path %q of taxonomy %q is that of taxonomy %q", path, taxonomy.Name, other.Name), "choose another path")
			return
		}
	}
}

// labels reads a table of names and their texts. Two names may not give the same
// address.
func (l *loader) labels(t *record.Table, path string) (map[string]Text, []string) {
	texts := map[string]Text{}
	if t == nil {
		return texts, nil
	}
	slugs := map[string]string{}
	for _, name := range t.Keys() {
		v, _ := t.Get(name)
		var text Text
		l.list = append(l.list, v.Decode(&text, record.DecodeOptions{Noun: noun, Path: path + "." + name})...)
		slug := permalink.Slug(name)
		other, taken := slugs[slug]
		switch {
		case slug == "":
			l.report(t.KeySpan(name), "invalid-name", fmt.Sprintf("name %q gives no address", name), "use a letter or a digit")
		case taken:
			l.report(t.KeySpan(name), "duplicate-path", fmt.Sprintf("name %q has the same address as %q", name, other), "rename one")
			l.note(t.KeySpan(other), "it is taken here")
		default:
			slugs[slug] = name
		}
		texts[name] = l.text(text, name)
	}
	return texts, t.Keys()
}

// rawKind is a kind as written.
type rawKind struct {
	Title      Text                                 `record:"title"`
	Folder     record.Field[string]                 `record:"folder"`
	Permalink  Text                                 `record:"permalink"`
	Layout     record.Field[string]                 `record:"layout"`
	Schema     string                               `record:"schema"`
	News       bool                                 `record:"news"`
	Taxonomies record.Field[[]record.Field[string]] `record:"taxonomies"`
	Properties []record.Field[string]               `record:"properties"`
	Forms      *record.Table                        `record:"forms"`

	ReviewAfter  Review                               `record:"review_after"`
	Translations record.Field[[]record.Field[string]] `record:"translations"`
}

// kinds settles [kinds].
func (l *loader) kinds(t *record.Table) {
	c := l.config
	var taxonomyNames []string
	for _, taxonomy := range c.Taxonomies {
		taxonomyNames = append(taxonomyNames, taxonomy.Name)
	}
	propertyNames := slices.Sorted(maps.Keys(c.Properties))

	folders := map[string]record.Span{}
	entries(l, t, "kinds", func(name string, key record.Span, raw rawKind) {
		kind := Kind{
			Name:       name,
			Title:      l.text(raw.Title, name),
			Folder:     strings.Trim(raw.Folder.Value, "/"),
			Layout:     cmp.Or(raw.Layout.Value, name),
			Schema:     cmp.Or(raw.Schema, "WebPage"),
			News:       raw.News,
			Properties: l.declared("property", raw.Properties, propertyNames),
			Taxonomies: taxonomyNames,

			ReviewAfter:  raw.ReviewAfter,
			Translations: l.translations(raw.Translations),
		}
		if raw.Layout.Set {
			kind.LayoutAt = raw.Layout.Span
		}
		l.folder(kind.Folder, raw.Folder, folders)
		kind.Permalink = l.permalink(raw.Permalink, kind.Folder)
		kind.Forms, kind.FormNames = l.labels(raw.Forms, "kinds."+name+".forms")
		if raw.Taxonomies.Set {
			kind.Taxonomies = l.declared("taxonomy", raw.Taxonomies.Value, taxonomyNames)
		}
		if raw.Layout.Set && !isName(raw.Layout.Value) {
			l.report(raw.Layout.Span, "invalid-name", fmt.Sprintf("layout %q is not the name of a layout", raw.Layout.Value), "write it without folder and extension")
		}
		c.Kinds = append(c.Kinds, kind)
	})
	if _, ok := c.Kind(pageKind); !ok {
		c.Kinds = append(c.Kinds, Kind{
			Name:       pageKind,
			Title:      l.text(Text{}, pageKind),
			Permalink:  l.permalink(Text{}, ""),
			Layout:     pageKind,
			Schema:     "WebPage",
			Taxonomies: taxonomyNames,
			Forms:      map[string]Text{},
		})
	}
}

// folder checks that a kind's folder is one, and its alone.
func (l *loader) folder(folder string, raw record.Field[string], taken map[string]record.Span) {
	if !raw.Set {
		return
	}
	if !fs.ValidPath(folder) || folder == "." || strings.Contains(folder, `\`) {
		l.report(raw.Span, "invalid-path", fmt.Sprintf("folder %q is not a folder below content/", raw.Value), `write it as "actualites" or "docs/guide"`)
		return
	}
	for _, other := range slices.Sorted(maps.Keys(taken)) {
		if !within(folder, other) && !within(other, folder) {
			continue
		}
		message, cure := fmt.Sprintf("folder %q is taken by another kind", folder), "choose another one"
		if folder != other {
			message, cure = fmt.Sprintf("folder %q and folder %q lie in each other", folder, other), "give each kind a folder of its own"
		}
		l.report(raw.Span, "duplicate-folder", message, cure)
		l.note(taken[other], "it is taken here")
		return
	}
	taken[folder] = raw.Span
}

// permalink checks a kind's permalink patterns, or gives the default for its folder.
func (l *loader) permalink(t Text, folder string) Text {
	if t.IsZero() && len(t.places) == 0 {
		pattern := "/:section/:slug/"
		if folder != "" {
			pattern = "/" + folder + "/:slug/"
		}
		return l.text(Text{}, pattern)
	}
	t.versions(func(code, pattern string, at record.Span) {
		tokens := strings.Split(pattern, "/")
		first := strings.Split(permalink.Prefix(pattern), "/")[1]
		switch err := permalink.Check(pattern); {
		case err != nil:
			l.report(at, "bad-permalink", err.Error(), "")
		case !strings.HasPrefix(pattern, "/"):
			l.report(at, "bad-permalink", fmt.Sprintf("permalink %q does not start with a slash", pattern), "write /"+cmp.Or(pattern, ":section/:slug/"))
		case !slices.Contains(tokens, ":slug") && !slices.Contains(tokens, ":filename"):
			l.report(at, "bad-permalink", fmt.Sprintf("permalink %q would give every page the same address", pattern), "add :slug or :filename")
		case first != "" && slices.ContainsFunc(l.config.Languages, func(lang Language) bool { return lang.Prefix == first }):
			l.report(at, "bad-permalink", fmt.Sprintf("permalink %q starts with the prefix of a language", pattern), "the generator writes it; remove it")
		}
	})
	return l.text(t, "")
}

// declared returns the names of a list, reporting those that are not declared or
// stand there twice.
func (l *loader) declared(what string, list []record.Field[string], known []string) []string {
	var names []string
	for _, f := range list {
		switch {
		case !slices.Contains(known, f.Value):
			l.report(f.Span, "unknown-"+what, fmt.Sprintf("%s %q is not declared", what, f.Value), didYouMeanOr(f.Value, known, "declare it"))
		case slices.Contains(names, f.Value):
			l.report(f.Span, "duplicate-"+what, fmt.Sprintf("%s %q stands here twice", what, f.Value), "remove one")
		default:
			names = append(names, f.Value)
		}
	}
	return names
}

// menus settles [menus].
func (l *loader) menus(t *record.Table) {
	type rawEntry struct {
		Page  record.Field[string] `record:"page"`
		URL   record.Field[string] `record:"url"`
		Title Text                 `record:"title"`
	}
	entries(l, t, "menus", func(name string, key record.Span, raw []record.Field[rawEntry]) {
		for _, e := range raw {
			entry := MenuEntry{Page: e.Value.Page, URL: e.Value.URL, Title: l.text(e.Value.Title, "")}
			switch {
			case entry.Page.Set == entry.URL.Set:
				message := "menu entry has neither page nor url"
				if entry.Page.Set {
					message = "menu entry has both page and url"
				}
				l.report(e.Span, "invalid-menu-entry", message, "give one of them")
			case entry.URL.Set && entry.Title.IsZero():
				l.report(entry.URL.Span, "invalid-menu-entry", "menu entry with a url has no title", `add title = "…"`)
			case entry.URL.Set && !isLink(entry.URL.Value):
				l.report(entry.URL.Span, "invalid-url", fmt.Sprintf("url %q is neither absolute nor a path", entry.URL.Value), "start it with https:// or /")
			}
			l.config.Menus[name] = append(l.config.Menus[name], entry)
		}
	})
}

// isLink tells whether raw is a link that a menu may hold: to the web, a mailbox or
// a path of the site. A script is none.
func isLink(raw string) bool {
	u, err := url.Parse(raw)
	if err != nil {
		return false
	}
	switch u.Scheme {
	case "http", "https":
		return u.Host != ""
	case "mailto", "tel":
		return u.Opaque != ""
	}
	return u.Scheme == "" && strings.HasPrefix(raw, "/")
}

// Views are what a page can show that is made from facts, events and sources, by the
// name of its layout.
var Views = []string{"board", "comparison", "timeline", "state", "changes", "sources", "deadlines", "data", "glossary"}

// views settles [views].
func (l *loader) views(pages map[string]record.Field[string]) {
	taken := map[string]string{}
	for _, view := range slices.Sorted(maps.Keys(pages)) {
		page := pages[view]
		switch other := taken[page.Value]; {
		case !slices.Contains(Views, view):
			l.report(page.Key, "unknown-key", fmt.Sprintf("%s %q is unknown", noun, "views."+view),
				didYouMeanOr(view, Views, "known: %s", strings.Join(Views, ", ")))
		case strings.TrimSpace(page.Value) == "":
			l.report(page.Span, "invalid-value", fmt.Sprintf("page of view %q is empty", view), "name one or remove the line")
		case other != "":
			l.report(page.Span, "invalid-value", fmt.Sprintf("page %q shows view %q already", page.Value, other), "write a page for each view")
		default:
			taken[page.Value] = view
			l.config.Views[view] = page
		}
	}
}

// publication settles [publication].
func (l *loader) publication(pages map[string]record.Field[string]) {
	for _, role := range slices.Sorted(maps.Keys(pages)) {
		page := pages[role]
		switch {
		case !slices.Contains(roles, role):
			l.report(page.Key, "unknown-key", fmt.Sprintf("%s %q is unknown", noun, "publication."+role),
				didYouMeanOr(role, roles, "known: %s", strings.Join(roles, ", ")))
		case strings.TrimSpace(page.Value) == "":
			l.report(page.Span, "invalid-value", fmt.Sprintf("page of role %q is empty", role), "name one or remove the line")
		default:
			l.config.Publication[role] = page
		}
	}
}

// rawData is [data] as written.
type rawData struct {
	License    Text                 `record:"license"`
	LicenseURL record.Field[string] `record:"license_url"`
	Citation   Text                 `record:"citation"`
	MaxShrink  record.Field[int]    `record:"max_shrink"`
}

// data settles [data].
func (l *loader) data(raw rawData) {
	d := &l.config.Data
	d.License, d.Citation = l.text(raw.License, ""), l.text(raw.Citation, "")
	if u := raw.LicenseURL.Value; raw.LicenseURL.Set && (!isLink(u) || strings.HasPrefix(u, "mailto:") || strings.HasPrefix(u, "tel:")) {
		l.report(raw.LicenseURL.Span, "invalid-url", fmt.Sprintf("url %q is neither absolute nor a path", raw.LicenseURL.Value), "start it with https:// or /")
	} else {
		d.LicenseURL = raw.LicenseURL
	}
	if raw.MaxShrink.Set {
		if d.MaxShrink = raw.MaxShrink.Value; d.MaxShrink < 0 || d.MaxShrink > 100 {
			l.report(raw.MaxShrink.Span, "out-of-range", fmt.Sprintf("data.max_shrink is %d, want 0 to 100, in per cent", d.MaxShrink), "")
			d.MaxShrink = defaultMaxShrink
		}
	}
}
