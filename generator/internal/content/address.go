package content

import (
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"

	"vigie/generator/internal/config"
	"vigie/generator/internal/diag"
	"vigie/generator/internal/permalink"
	"vigie/generator/internal/record"
)

// address makes up the index pages that nobody wrote, then gives every page its
// place on the site and reports those that claim the same one.
func (l *loader) address() {
	l.makeIndexes()
	type claim struct {
		page *Page
		at   record.Span
	}
	claims := make(map[string]claim, len(l.Pages))
	take := func(sitePath string, c claim, what string) bool {
		folded := strings.ToLower(sitePath)
		if first, taken := claims[folded]; taken {
			cure := "change the slug of one"
			if c.page.File == nil || first.page.File == nil {
				cure = "rename the folder, or change the slug of the page"
			}
			holder := first.page.FileName()
			if first.page.IsHome && first.page.File == nil {
				holder = fmt.Sprintf("the home page in language %q", first.page.Lang)
			}
			l.report(duplicate(c.page, c.at, "duplicate-url", fmt.Sprintf("%s %s is taken by %s", what, sitePath, holder), first.page, first.at).
				WithSuggestion("%s", cure))
			return false
		}
		claims[folded] = c
		return true
	}
	// Home pages first: no language is without one.
	order := slices.Clone(l.Pages)
	slices.SortStableFunc(order, func(a, b *Page) int { return boolInt(b.IsHome) - boolInt(a.IsHome) })
	for _, p := range order {
		if p.Slug == "" && !p.IsSection {
			continue // reported
		}
		sitePath, err := l.sitePath(p)
		if err != nil {
			l.report(p.errorf(record.Span{}, "bad-permalink", "%s", err).WithSuggestion("add a date, or change the kind's permalink in config.toml"))
			continue
		}
		p.SitePath = sitePath
		at := p.titleAt
		if p.matter.Slug.Set {
			at = p.matter.Slug.Span
		}
		if take(sitePath, claim{p, at}, "address") {
			l.urls[sitePath] = p
		}
	}
	// What claims a place that is taken has been reported; nothing is made of it, so
	// that one mistake is not told again by all that is made of pages.
	without := func(p *Page) bool { return l.urls[p.SitePath] != p }
	l.Pages = slices.DeleteFunc(l.Pages, without)
	for _, p := range l.Pages {
		p.Translations = slices.DeleteFunc(slices.Clone(p.Translations), without)
	}
	for _, p := range l.Pages { // after the pages: an alias yields to a page
		var kept []record.Field[string]
		for _, alias := range p.Aliases {
			clean, err := cleanAlias(alias.Value)
			if err != nil && l.lenient() {
				l.late = append(l.late, lateRemark{p, remark{"ignored-key", "alias " + alias.Value, alias.Span, fmt.Sprintf("alias %q is ignored: it %s", alias.Value, err), `write an old path of this page such as "/old/name/", or a name without a slash`}})
				continue
			}
			if err != nil {
				l.report(p.errorf(alias.Span, "bad-alias", "alias %q %s", alias.Value, err).WithSuggestion(`write an old path of this page such as "/old/name/"; other names of the thing stand without a slash`))
				continue
			}
			alias.Value = clean
			if take(clean, claim{p, alias.Span}, "alias") {
				kept = append(kept, alias)
			}
		}
		p.Aliases = kept
	}
}

// cleanAlias checks an old address of a page and brings it into form.
func cleanAlias(alias string) (string, error) {
	u, err := url.Parse(alias)
	switch {
	case err != nil:
		return "", fmt.Errorf("is no address: %w", err)
	case u.Scheme != "" || u.Host != "" || u.RawQuery != "" || u.Fragment != "":
		return "", fmt.Errorf("is not a path alone")
	case !strings.HasPrefix(u.Path, "/"):
		return "", fmt.Errorf("does not start with a slash")
	case slices.Contains(strings.Split(u.Path, "/"), ".."):
		return "", fmt.Errorf("leaves the site")
	}
	return permalink.Clean(u.Path), nil
}

// LanguagePath returns a site path below a language's prefix.
func LanguagePath(language config.Language, p string) string {
	if language.Prefix == "" {
		return permalink.Clean(p)
	}
	return permalink.Clean(language.Prefix + "/" + p)
}

// sitePath returns where p is published.
func (l *loader) sitePath(p *Page) (string, error) {
	defer diag.WorkingOn(p.FileName())
	language, _ := l.Config.LanguageOf(p.Lang)
	switch {
	case p.IsHome:
		return LanguagePath(language, "/"), nil
	case p.IsSection:
		return LanguagePath(language, l.sectionPath(p.Dir, p.Lang, p.matter.Slug.Value)), nil
	}
	section := ""
	if p.Kind.Name == "page" || p.Kind.Folder == "" {
		section = slugPath(p.Dir)
	}
	expanded, err := permalink.Expand(p.Kind.Permalink.In(p.Lang), permalink.Values{
		Slug: p.Slug, Filename: p.Name, Section: section,
		Year: p.Date.Year() * boolInt(!p.Date.IsZero()), Month: int(p.Date.Month()), Day: p.Date.Day(),
	})
	if err != nil {
		return "", err
	}
	return LanguagePath(language, expanded), nil
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// sectionPath returns the path of a folder's index page, before the language's
// prefix: the fixed part of its kind's permalink, or the folder itself.
func (l *loader) sectionPath(dir, lang, slug string) string {
	if kind, ok := l.Config.KindOfFolder(dir); ok {
		prefix := permalink.Prefix(kind.Permalink.In(lang))
		if dir == kind.Folder && prefix != "/" {
			return prefix
		}
		if rest, ok := strings.CutPrefix(dir, kind.Folder+"/"); ok && prefix != "/" {
			return permalink.Clean(prefix + slugPath(rest))
		}
	}
	if sitePath, ok := l.taxonomyPath(dir, lang); ok && slug == "" {
		return sitePath
	}
	if slug != "" {
		return permalink.Clean(slugPath(parentDir(dir)) + "/" + slug)
	}
	return permalink.Clean(slugPath(dir))
}

// slugPath is a folder's path as it stands in an address.
func slugPath(dir string) string {
	parts := strings.Split(dir, "/")
	for i, part := range parts {
		parts[i] = permalink.Slug(part)
	}
	return strings.Join(parts, "/")
}

// promote makes a page that is called as a folder with pages, docs/index.md or
// docs.md beside docs/, the folder's index page, as which its address has it stand.
func (l *loader) promote() {
	holds := map[string]bool{}
	written := map[string]bool{}
	for _, p := range l.Pages {
		if p.IsSection {
			written[p.Dir] = true
			continue
		}
		for _, dir := range foldersAbove(p.Dir) {
			holds[dir] = true
		}
	}
	for _, p := range l.Pages {
		if p.IsSection || written[p.Path] {
			continue
		}
		kind, ok := l.Config.KindOfFolder(p.Path)
		// A folder below a kind's folder has no index: it only keeps files in order.
		if ok && kind.Folder != p.Path || !ok && !holds[p.Path] {
			continue
		}
		p.IsSection, p.IsBundle, p.Dir, p.Name = true, false, p.Path, path.Base(p.Path)
		if ok && !p.matter.Kind.Set {
			p.Kind = kind
		}
	}
}

// sectionTitle is the title of a kind's section: the kind's, or, where that is only
// its name in the configuration, its folder's.
func sectionTitle(kind config.Kind, lang string) string {
	if title := kind.Title.In(lang); title != kind.Name {
		return title
	}
	return Humanize(path.Base(kind.Folder))
}

// makeIndexes makes up, for every language that has pages, the home page and the
// index pages of folders that have none.
func (l *loader) makeIndexes() {
	type key struct{ lang, dir string }
	have := map[key]bool{}
	need := map[key]bool{}
	languages := map[string]bool{l.Config.Language: true}
	l.promote()
	for _, p := range l.Pages {
		languages[p.Lang] = true
		if p.IsSection {
			have[key{p.Lang, p.Dir}] = true
			continue
		}
		if p.Dir != "" {
			need[key{p.Lang, p.Dir}] = true
		}
		if kind := p.Kind; kind.Folder != "" && kind.Name != "page" {
			need[key{p.Lang, kind.Folder}] = true
		}
	}
	for k := range need {
		// A sub-folder of a kind's folder only keeps files in order.
		if kind, ok := l.Config.KindOfFolder(k.dir); ok && kind.Folder != k.dir {
			delete(need, k)
			continue
		}
		for dir := parentDir(k.dir); dir != ""; dir = parentDir(dir) {
			need[key{k.lang, dir}] = true
		}
	}
	for lang := range languages {
		need[key{lang, ""}] = true
	}
	var made []*Page
	for k := range need {
		if have[k] {
			continue
		}
		kind, ok := l.Config.KindOfFolder(k.dir)
		p := &Page{Path: k.dir, Name: path.Base(k.dir), Dir: k.dir, Lang: k.lang, IsSection: true, IsHome: k.dir == "", Kind: kind}
		switch {
		case p.IsHome:
			p.Title, p.Name, p.Description = l.Config.Title.In(k.lang), "", l.Config.Description.In(k.lang)
		case ok && kind.Folder == k.dir:
			p.Title = sectionTitle(kind, k.lang)
		default:
			p.Title = Humanize(p.Name)
		}
		if !ok {
			p.Kind, _ = l.Config.Kind("page")
		}
		made = append(made, p)
	}
	l.Pages = append(l.Pages, made...)
	slices.SortStableFunc(l.Pages, func(a, b *Page) int {
		if a.Lang != b.Lang {
			return l.languageOrder(a.Lang) - l.languageOrder(b.Lang)
		}
		if c := strings.Compare(a.Path, b.Path); c != 0 {
			return c
		}
		return boolInt(b.IsSection) - boolInt(a.IsSection)
	})
	byDir := map[string][]*Page{}
	for _, p := range l.Pages {
		if p.IsSection {
			byDir[p.Dir] = append(byDir[p.Dir], p)
		}
	}
	for _, group := range byDir {
		for _, p := range group {
			p.Translations = group
			if group[0].Lang == l.Config.Language && p != group[0] {
				p.Original = group[0]
			}
		}
	}
}
