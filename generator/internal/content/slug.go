package content

import (
	"vigie/generator/internal/diag"
	"vigie/generator/internal/permalink"
)

// unusedSlug warns of a slug that says nothing of where the page stands: the home page
// stands at the root of its language, the index page of a kind's folder where the kind's
// permalink has it.
func (l *loader) unusedSlug(p *Page) diag.List {
	if !p.matter.Slug.Set {
		return nil
	}
	kind, ok := l.Config.KindOfFolder(p.Dir)
	where := ""
	switch {
	case p.IsHome:
		where = "home page"
	case p.IsSection && ok && kind.Folder == p.Dir && permalink.Prefix(kind.Permalink.In(p.Lang)) != "/":
		where = "index page of kind " + kind.Name
	default:
		return nil
	}
	return diag.List{p.errorf(p.matter.Slug.Span, "unused-slug", "slug of the %s has no effect on its address", where).WithSuggestion("remove it").AsWarning()}
}
