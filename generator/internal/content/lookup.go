package content

import (
	"path"
	"slices"
	"strings"

	"vigie/generator/internal/permalink"
)

// Lookup returns the page that a wiki link in language lang means by name, in that
// language where it exists. A page whose own name or path it is goes before one that
// merely bears it as a title, the very letters before the same name in other case or
// accents, and all these before one whose punctuation differs. Names with one slug that
// differ in a sign, such as "C" and "C++", are two names. Where several pages fit, none is
// returned and candidates lists their paths; where none fits, candidates is empty.
func (s *Site) Lookup(lang, name string) (page *Page, candidates []string) {
	name = strings.TrimSuffix(name, ".md")
	bearers := s.names[permalink.Slug(name)]
	var found []*Page
	exact := func(a, b string) bool { return a == b }
	for _, try := range []struct {
		names func(p *Page) []string
		same  func(a, b string) bool
	}{
		{ownNames, exact}, {ownNames, permalink.Same}, {s.namesOf, exact}, {s.namesOf, permalink.Same},
		{ownNames, permalink.Alike}, {s.namesOf, permalink.Alike},
	} {
		found = slices.DeleteFunc(slices.Clone(bearers), func(p *Page) bool {
			return !slices.ContainsFunc(try.names(p), func(own string) bool { return try.same(own, name) })
		})
		if len(found) > 0 {
			break
		}
	}
	switch len(found) {
	case 0:
		return nil, nil
	case 1:
		if t := found[0].In(lang); t != nil {
			return t, nil
		}
		return found[0], nil
	}
	for _, p := range found {
		candidates = append(candidates, p.Path)
	}
	slices.Sort(candidates)
	return nil, candidates
}

// LookupLink is Lookup for what stands in a wiki link, where "#" parts a name from the
// fragment and may be part of the name: "C#", "C##histoire". The longest name that a page
// bears is meant; where none does, what stands before the first sign.
func (s *Site) LookupLink(lang, target, fragment string) (page *Page, candidates []string, name, rest string) {
	for i := len(fragment); fragment != "" && i >= 0; i-- {
		if i < len(fragment) && fragment[i] != '#' {
			continue
		}
		rest, _ := strings.CutPrefix(fragment[i:], "#")
		name := strings.TrimSpace(target + "#" + fragment[:i])
		if page, candidates = s.Lookup(lang, name); page != nil || len(candidates) > 0 {
			return page, candidates, name, strings.TrimSpace(rest)
		}
	}
	page, candidates = s.Lookup(lang, target)
	return page, candidates, target, fragment
}

// ownNames are those by which a page's file calls it.
func ownNames(p *Page) []string { return []string{p.Name, p.Path, path.Base(p.Path)} }
