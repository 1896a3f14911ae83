package check

import (
	"path"
	"strings"
	"unicode/utf8"

	"vigie/generator/internal/config"
	"vigie/generator/internal/content"
	"vigie/generator/internal/diag"
	"vigie/generator/internal/permalink"
	"vigie/generator/internal/record"
)

// The longest texts that lists and search engines show whole, in characters.
const (
	maxTitle       = 70
	maxDescription = 200 // as much as layouts take of a text without a description
)

// orphans finds the pages that only lists lead to: no text of another page links to
// them, no fact or event of another page names them, and no menu or other entry of
// config.toml. News is read from its lists, and the pages of sections stand in them.
// The versions of a page count as one.
func (j *judge) orphans() (list diag.List) {
	reached := map[*content.Page]bool{}
	reach := func(from, to *content.Page) {
		if to != nil && (from == nil || original(from) != original(to)) {
			reached[original(to)] = true
		}
	}
	for _, name := range j.configured() {
		target, _ := j.Lookup(j.Config.Language, name)
		reach(nil, target)
	}
	for _, menu := range j.Config.Menus {
		for _, entry := range menu {
			if strings.HasPrefix(entry.URL.Value, "/") {
				reach(nil, j.PageAt(permalink.Clean(entry.URL.Value)))
			}
		}
	}
	for _, p := range j.written() {
		for _, f := range p.Facts {
			reach(p, f.Value.Page)
		}
		for _, e := range p.Events {
			reach(p, e.Scheme)
			for _, actor := range e.Actors {
				reach(p, actor)
			}
		}
		document := j.bodies.Document(p)
		if document == nil {
			continue
		}
		for _, ref := range document.References() {
			reach(p, j.bodies.Target(p, ref))
		}
	}
	for _, p := range j.written() {
		if p != original(p) || p.IsSection || p.Term != nil || j.IsNews(p) || reached[p] {
			continue
		}
		list = append(list, p.Warnf(p.TitleAt(), "orphan-page", "page is in no menu, and no other page links to it").
			WithSuggestion("link to it with [[%s]] where readers would look for it", p.Name))
	}
	return list
}

// configured lists the names of pages in config.toml.
func (j *judge) configured() (names []string) {
	for _, menu := range j.Config.Menus {
		for _, entry := range menu {
			names = append(names, entry.Page.Value)
		}
	}
	for _, pages := range []map[string]record.Field[string]{j.Config.Publication, j.Config.Views} {
		for _, f := range pages {
			names = append(names, f.Value)
		}
	}
	return names
}

// original returns the first of a page's versions, which stands for all.
func original(p *content.Page) *content.Page {
	if len(p.Translations) == 0 {
		return p
	}
	return p.Translations[0]
}

// missingTranslations finds the pages that are not written in a language they are to
// be in. Which these are config.toml says; where it does not, a kind of which one page
// is translated into a language is to be in it.
func (j *judge) missingTranslations() (list diag.List) {
	begun := map[string][]string{} // languages by kind
	for _, language := range j.Config.Languages {
		for _, p := range j.written() {
			if codes := begun[p.Kind.Name]; p.Original != nil && p.Original.File != nil && p.Lang == language.Code &&
				(len(codes) == 0 || codes[len(codes)-1] != language.Code) {
				begun[p.Kind.Name] = append(codes, language.Code)
			}
		}
	}
	unpublished := map[string]bool{} // by path and language
	for _, p := range j.Hidden {
		unpublished[p.Path+" "+p.Lang] = true
	}
	for _, p := range j.written() {
		if p != firstWritten(p) {
			continue
		}
		wanted, given := j.Config.Translations(p.Kind)
		if !given && p.Lang == j.Config.Language {
			wanted = begun[p.Kind.Name]
		}
		for _, lang := range wanted {
			if t := p.In(lang); t != nil && t.File != nil || lang == p.Lang || unpublished[p.Path+" "+lang] {
				continue
			}
			cure := "write " + versionName(p, lang, j.Config)
			if !given {
				cure += "; translations = [] below [kinds." + p.Kind.Name + "] or [check] in config.toml wants none"
			}
			list = append(list, p.Warnf(p.TitleAt(), "missing-translation", "page is not translated into %q", lang).WithSuggestion("%s", cure))
		}
	}
	return list
}

// firstWritten returns the first of a page's versions that somebody wrote.
func firstWritten(p *content.Page) *content.Page {
	for _, t := range p.Translations {
		if t.File != nil {
			return t
		}
	}
	return p
}

// versionName names the file of a page's version in a language.
func versionName(p *content.Page, lang string, cfg *config.Config) string {
	ext := path.Ext(p.FileName())
	stem := strings.TrimSuffix(p.FileName(), ext)
	stem = strings.TrimSuffix(stem, "."+p.Lang)
	if lang == cfg.Language {
		return stem + ext
	}
	return stem + "." + lang + ext
}

// staleTranslations finds the translations of what was updated since.
func (j *judge) staleTranslations() (list diag.List) {
	for _, p := range j.written() {
		if !p.StaleTranslation() {
			continue
		}
		const day = "2006-01-02"
		at, own := p.UpdatedAt()
		message := "translation is older than its original, which was updated"
		if !own {
			at, message = p.TitleAt(), "translation does not say when it was updated, and its original was"
		}
		place, _ := p.Original.UpdatedAt()
		list = append(list, p.Warnf(at, "stale-translation", "%s on %s", message, p.Original.Updated.Format(day)).
			WithSuggestion("bring it up to date, and write updated = %s", p.Original.Updated.Format(day)).
			WithNote(p.Original.File.Position(place.Offset), "the original was updated here"))
	}
	return list
}

// same finds the texts that a page of the same language had before.
func (j *judge) same(name, what string, text func(*content.Page) (string, record.Span)) (list diag.List) {
	type key struct{ lang, text string }
	first := map[key]*content.Page{}
	for _, p := range j.written() {
		value, at := text(p)
		k := key{p.Lang, fold(value)}
		if p.IsHome || k.text == "" {
			continue
		}
		other := first[k]
		if other == nil {
			first[k] = p
			continue
		}
		_, place := text(other)
		list = append(list, p.Warnf(at, name, "%s is that of another page", what).
			WithSuggestion("say what sets the page apart").
			WithNote(other.File.Position(place.Offset), "the other page is here"))
	}
	return list
}

func (j *judge) duplicateTitles() diag.List {
	return j.same("duplicate-title", "title", func(p *content.Page) (string, record.Span) { return p.Title, p.TitleAt() })
}

func (j *judge) duplicateDescriptions() diag.List {
	return j.same("duplicate-description", "description", func(p *content.Page) (string, record.Span) { return p.Description, p.DescriptionAt() })
}

func (j *judge) longTitles() (list diag.List) {
	for _, p := range j.written() {
		if n := utf8.RuneCountInString(p.Title); n > maxTitle {
			list = append(list, p.Warnf(p.TitleAt(), "long-title", "title has %d characters, want at most %d", n, maxTitle).
				WithSuggestion("shorten it: search engines would cut it"))
		}
	}
	return list
}

func (j *judge) longDescriptions() (list diag.List) {
	for _, p := range j.written() {
		if n := utf8.RuneCountInString(p.Description); n > maxDescription {
			list = append(list, p.Warnf(p.DescriptionAt(), "long-description", "description has %d characters, want at most %d", n, maxDescription).
				WithSuggestion("shorten it to one or two sentences"))
		}
	}
	return list
}

// missingDescriptions finds the pages for which lists and search engines must take the
// beginning of the text. The home page has the site's.
func (j *judge) missingDescriptions() (list diag.List) {
	for _, p := range j.written() {
		if p.Description == "" && !p.IsHome {
			list = append(list, p.Warnf(p.TitleAt(), "missing-description", "page has no description").
				WithSuggestion("add description = \"…\": one or two sentences, shown in lists and by search engines"))
		}
	}
	return list
}
