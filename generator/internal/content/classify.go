package content

import (
	"bytes"
	"cmp"
	"maps"
	"path"
	"slices"
	"strings"

	"vigie/generator/internal/diag"
	"vigie/generator/internal/permalink"
	"vigie/generator/internal/record"
)

// classify gives pages their terms, and gathers the pages of each term.
func (l *loader) classify() {
	terms := map[string]*Term{}
	l.termsWritten = map[*Term]*termNames{}
	for _, p := range l.Pages {
		source := p
		if p.Original != nil {
			source = p.Original
		}
		p.Tags = l.termsOf(p, "tags", source.matter.Tags, terms, source == p)
		p.Authors = l.termsOf(p, "authors", source.matter.Authors, terms, source == p)
		for _, name := range l.otherTaxonomies {
			p.Terms = append(p.Terms, l.termsOf(p, name, source.matter.Terms[name], terms, source == p)...)
		}
	}
	titles := newCollation(l.Config.Languages)
	for _, p := range l.Pages {
		if p.File == nil { // read has done the others
			p.sortKey = titles.key(p.Lang, p.Title)
		}
		for _, t := range slices.Concat(p.Tags, p.Authors, p.Terms) {
			t.Pages = append(t.Pages, p)
		}
	}
	for _, t := range terms {
		l.introduce(t)
		slices.SortStableFunc(t.Pages, newestFirst)
		l.Terms = append(l.Terms, t)
	}
	slices.SortFunc(l.Terms, func(a, b *Term) int {
		if c := strings.Compare(a.Taxonomy, b.Taxonomy); c != 0 {
			return c
		}
		if a.Lang != b.Lang {
			return l.languageOrder(a.Lang) - l.languageOrder(b.Lang)
		}
		if c := titles.compare(a.Lang, a.Title, b.Title); c != 0 {
			return c
		}
		return strings.Compare(a.Name, b.Name)
	})
}

// termsOf returns the terms that the names written in a page's front matter stand
// for, in the page's language. Names are reported where they were written.
func (l *loader) termsOf(p *Page, taxonomyName string, written record.Field[[]record.Field[string]], terms map[string]*Term, report bool) []*Term {
	defer diag.WorkingOn(p.FileName())
	if !written.Set {
		return nil
	}
	taxonomy, ok := l.Config.Taxonomy(taxonomyName)
	if !ok || !slices.Contains(p.Kind.Taxonomies, taxonomyName) {
		if report {
			l.report(p.errorf(written.Key, "unaccepted-taxonomy", "kind %q does not accept %s", p.Kind.Name, taxonomyName).
				WithSuggestion("remove it, or add %q to the kind's taxonomies in config.toml", taxonomyName))
		}
		return nil
	}
	var list []*Term
	for _, name := range written.Value {
		slug, title, declared := l.termName(taxonomy, name.Value, p.Lang)
		if slug == "" {
			if report {
				l.report(p.errorf(name.Span, "bad-term", "%q has no letter or digit to make an address of", name.Value).WithSuggestion("write a word, or remove it"))
			}
			continue
		}
		if taxonomy.Closed && !declared {
			if report {
				l.report(p.errorf(name.Span, "unknown-term", "%q is not among the %s declared in config.toml", name.Value, taxonomyName).
					WithSuggestion("%s", cmp.Or(diag.DidYouMean(name.Value, taxonomy.TermNames), "declare it under [taxonomies."+taxonomyName+".terms]")))
			}
			continue
		}
		key := taxonomyName + "/" + p.Lang + "/" + slug
		t := terms[key]
		if t == nil {
			lang, _ := l.Config.LanguageOf(p.Lang)
			t = &Term{Taxonomy: taxonomyName, Name: slug, Title: title, Lang: p.Lang,
				Path: LanguagePath(lang, path.Join(taxonomy.Path.In(p.Lang), slug))}
			terms[key] = t
		}
		itself := !report || declared || l.checkTermName(t, taxonomy, p, name)
		if slices.Contains(list, t) {
			if report && itself {
				l.report(p.errorf(name.Span, "duplicate-term", "%q is listed twice", name.Value).WithSuggestion("remove one"))
			}
			continue
		}
		list = append(list, t)
	}
	return list
}

// newestFirst orders pages by date, the newest first, undated ones last by title.
func newestFirst(a, b *Page) int {
	if c := b.Date.Compare(a.Date); c != 0 {
		return c
	}
	if c := bytes.Compare(a.sortKey, b.sortKey); c != 0 {
		return c
	}
	return strings.Compare(a.Path, b.Path)
}

// sectionOrder orders a section's pages: by weight where they have one, then the
// newest first, then by title.
func sectionOrder(a, b *Page) int {
	if a.Weight != b.Weight {
		switch {
		case a.Weight == 0:
			return 1
		case b.Weight == 0:
			return -1
		}
		return a.Weight - b.Weight
	}
	return newestFirst(a, b)
}

// ByTitle orders pages by their titles, collated in their language.
func ByTitle(a, b *Page) int {
	if c := bytes.Compare(a.sortKey, b.sortKey); c != 0 {
		return c
	}
	return strings.Compare(a.Path, b.Path)
}

// index builds the sections, the home pages and the names that wiki links use.
func (l *loader) index() {
	type key struct{ lang, dir string }
	sections := map[key]*Section{}
	for _, p := range l.Pages {
		switch {
		case p.IsHome:
			l.Homes = append(l.Homes, p)
		case p.IsSection:
			s := &Section{Dir: p.Dir, Page: p}
			sections[key{p.Lang, p.Dir}] = s
			l.Sections = append(l.Sections, s)
		}
	}
	for _, p := range l.Pages {
		if p.IsHome {
			continue
		}
		if p.IsSection {
			if parent := sections[key{p.Lang, parentDir(p.Dir)}]; parent != nil {
				parent.Subsections = append(parent.Subsections, sections[key{p.Lang, p.Dir}])
			}
			continue
		}
		dirs := foldersAbove(p.Dir)
		if folder := p.foreignFolder(); folder != "" {
			dirs = append(dirs, foldersAbove(folder)...)
		}
		for i, dir := range dirs {
			if s := sections[key{p.Lang, dir}]; s != nil && !slices.Contains(dirs[:i], dir) {
				s.Pages = append(s.Pages, p)
			}
		}
	}
	for _, s := range l.Sections {
		slices.SortStableFunc(s.Pages, sectionOrder)
	}
	l.gatherFolders()
	l.names = make(map[string][]*Page, 3*len(l.Pages))
	for _, p := range slices.Concat(l.Pages, l.Hidden) {
		if p.Original != nil {
			continue
		}
		for _, name := range l.namesOf(p) {
			if folded := permalink.Slug(name); folded != "" && !slices.Contains(l.names[folded], p) {
				l.names[folded] = append(l.names[folded], p)
			}
		}
	}
}

// foldersAbove lists a folder and those above it, from the inside out.
func foldersAbove(dir string) []string {
	var list []string
	for ; dir != ""; dir = parentDir(dir) {
		list = append(list, dir)
	}
	return list
}

// namesOf lists what a wiki link may call a page: its name, its path, its file's
// name with the date, its titles in all languages, its other names.
func (s *Site) namesOf(p *Page) []string {
	list := []string{p.Name, p.Path, path.Base(p.Path), p.Dir + "/" + p.Name, p.Title}
	for _, t := range append(slices.Clip(p.Translations), p) {
		if list = append(list, t.Title); t.matter.Slug.Set { // else it says less than the name
			list = append(list, t.Slug)
		}
		list = append(list, t.Names...)
	}
	list = append(list, p.Names...)
	slices.Sort(list) // most pages bear few names, for several reasons
	return slices.Compact(list)
}

// Names returns every page's name, sorted, to suggest from.
func (s *Site) Names() []string {
	set := map[string]bool{}
	for _, p := range s.Pages {
		if p.Name != "" {
			set[p.Name] = true
		}
	}
	return slices.Sorted(maps.Keys(set))
}
