package content

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"vigie/generator/internal/config"
	"vigie/generator/internal/diag"
	"vigie/generator/internal/permalink"
	"vigie/generator/internal/record"
)

// termName returns the slug of a term and its title in a language. A term that
// config.toml declares may be called by its name or by its title, in any language, in
// other case and without accents; another name with the same slug is another term, for
// which declared is false.
func (l *loader) termName(taxonomy config.Taxonomy, written, lang string) (slug, title string, declared bool) {
	for _, same := range []func(a, b string) bool{func(a, b string) bool { return a == b }, permalink.Same} {
		for _, name := range taxonomy.TermNames {
			text := taxonomy.Terms[name]
			if same(written, name) || same(written, text.In(lang)) || same(written, text.In(l.Config.Language)) {
				return permalink.Slug(name), text.In(lang), true
			}
		}
	}
	return permalink.Slug(written), written, false
}

// termNames are the names under which a term was written that is not declared.
type termNames struct {
	name string
	at   diag.Position // of the first; of the declaration, for a term that is declared
	told []string      // other names, of which each is told once
}

// checkTermName reports a name that is not the one under which a term was first met, or
// declared, though it has the same slug: two things must not be merged in silence. It
// tells whether the name is the term's.
func (l *loader) checkTermName(t *Term, taxonomy config.Taxonomy, p *Page, name record.Field[string]) bool {
	first := l.termsWritten[t]
	if first == nil {
		first = &termNames{name: name.Value, at: p.File.Position(name.Span.Offset)}
		for _, declared := range taxonomy.TermNames {
			if permalink.Slug(declared) == t.Name {
				first.name, first.at = taxonomy.Terms[declared].In(l.Config.Language), l.Config.Source.Position(taxonomy.TermAt[declared].Offset)
			}
		}
		l.termsWritten[t] = first
	}
	switch {
	case permalink.Same(first.name, name.Value):
		return true
	case slices.ContainsFunc(first.told, func(told string) bool { return permalink.Same(told, name.Value) }):
		return false
	}
	first.told = append(first.told, name.Value)
	l.report(p.errorf(name.Span, "term-clash", "%q and %q are two %s with one address, %s", name.Value, first.name, t.Taxonomy, t.Path).
		WithSuggestion("write one name for both, or declare this one under [taxonomies.%s.terms] with an id of its own: %s = %q", t.Taxonomy, spelledSlug(name.Value, t.Name), name.Value).
		WithNote(first.at, "%q is written here", first.name))
	return false
}

// signs are how the signs that part names such as C, C++ and C# are spelled in an id that
// is suggested for them.
var signs = strings.NewReplacer("+", " plus ", "#", " sharp ", "&", " et ", "@", " at ", "%", " pour cent ", "*", " etoile ", ".", " point ", "=", " egal ", "/", " ou ")

// spelledSlug suggests an id for a name whose slug is another's.
func spelledSlug(name, taken string) string {
	if slug := permalink.Slug(signs.Replace(name)); slug != "" && slug != taken {
		return slug
	}
	return fmt.Sprintf("%s-2", taken)
}

// introduce finds the page that stands at the address of a term's list and so introduces
// it. Its title is the term's.
func (l *loader) introduce(t *Term) {
	p := l.urls[t.Path]
	if p == nil {
		return
	}
	t.Page, p.Term = p, t
	if p.File != nil && p.Title != Humanize(p.Name) { // else nobody gave it one
		t.Title = p.Title
	}
}

// gatherFolders adds to the lists of terms what lies in the folders of the pages that
// introduce them.
func (l *loader) gatherFolders() {
	for _, t := range l.Terms {
		if t.Page == nil || !t.Page.IsSection {
			continue
		}
		for _, p := range l.Section(t.Lang, t.Page.Dir).Pages {
			if !slices.Contains(t.Pages, p) {
				t.Pages = append(t.Pages, p)
			}
		}
		slices.SortStableFunc(t.Pages, newestFirst)
	}
}

// taxonomyPath returns where the index page of a taxonomy's folder stands, or of a term's
// folder in it: at the address of the list, wherever config.toml has that. ok is false for
// all other folders.
func (l *loader) taxonomyPath(dir, lang string) (sitePath string, ok bool) {
	name, term, below := strings.Cut(dir, "/")
	taxonomy, ok := l.Config.Taxonomy(name)
	if !ok || strings.Contains(term, "/") {
		return "", false
	}
	if !below {
		return permalink.Clean(taxonomy.Path.In(lang)), true
	}
	slug, _, _ := l.termName(taxonomy, term, lang)
	return permalink.Clean(path.Join(taxonomy.Path.In(lang), slug)), true
}
