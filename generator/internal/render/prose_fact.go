package render

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"vigie/generator/internal/config"
	"vigie/generator/internal/content"
	"vigie/generator/internal/diag"
	"vigie/generator/internal/markdown"
)

// A fact in prose: [=page.property] shows the current value of a property, so that
// what is written once is right everywhere.

// basis says on which sources the facts shown in a page's text rest.
func (r *renderer) basis(p *content.Page) markdown.Basis {
	resolve := resolver{renderer: r, page: p}
	return func(ref markdown.Reference) []string {
		f, _, problem := resolve.stated(ref)
		if problem != nil {
			return nil // reported where it is shown
		}
		var ids []string
		for _, s := range f.Sources {
			ids = append(ids, s.ID)
		}
		return ids
	}
}

// fact resolves [=page.property] and its like.
func (r resolver) fact(ref markdown.Reference) (markdown.Resolution, *markdown.Problem) {
	f, target, problem := r.stated(ref)
	if problem != nil {
		return markdown.Resolution{}, problem
	}
	lang := r.page.Lang
	resolution := markdown.Resolution{
		Text: plainText(string(r.factValue(f, lang))), TextLang: otherThan(valueLanguage(f, lang), lang), Title: r.factTitle(f, lang),
	}
	if target == r.page {
		resolution.URL = r.here(factAnchor(f))
	} else {
		resolution.URL, resolution.Lang = r.url(target.SitePath, factAnchor(f)), otherThan(target.Lang, lang)
	}
	return resolution, nil
}

// valueLanguage is the language that a fact's value is shown in where lang was asked
// for.
func valueLanguage(f *content.Fact, lang string) string {
	switch f.Property.Type {
	case config.TypeText:
		return f.Value.Text.Language(lang)
	case config.TypePage:
		return inLanguage(f.Value.Page, lang).Lang
	}
	return lang
}

// factTitle says of a fact what it is about, as of when it holds and who says so.
func (r *renderer) factTitle(f *content.Fact, lang string) string {
	texts := r.strings[lang]
	title := cmp.Or(f.Property.Title.In(lang), f.Property.Name)
	if f.Status != content.Current {
		title += " (" + texts.Must("status."+string(f.Status)) + ")"
	}
	if d := edtfView(texts, f.AsOf); d != nil {
		title += ", " + d.Text
	}
	var sources []string
	for _, s := range f.Sources {
		sources = append(sources, r.sourceTitle(s, lang))
	}
	return markdown.Typography(lang, title+" – "+strings.Join(sources, "; "))
}

// stated finds the fact that a reference names, and the page that states it, in the
// reader's language where it exists.
func (r resolver) stated(ref markdown.Reference) (*content.Fact, *content.Page, *markdown.Problem) {
	target := r.page
	if ref.Target != "" {
		var candidates []string
		target, candidates = r.site.Lookup(r.page.Lang, ref.Target)
		switch {
		case len(candidates) > 0:
			return nil, nil, problem("ambiguous-page", "write the path of one", "page %q in fact could be %s", ref.Target, strings.Join(candidates, " or "))
		case target == nil:
			return nil, nil, problem("unknown-page", cmp.Or(diag.DidYouMean(ref.Target, r.site.Names()), "write the page, or correct the name"), "unknown page %q in fact", ref.Target)
		case r.site.WhyHidden(target) != "":
			return nil, nil, problem("hidden-page", "publish it, or build with --drafts or --future", "page %q in fact %s", ref.Target, r.site.WhyHidden(target))
		}
	}
	if ref.Property == "" {
		f, why := r.factOfID(target, ref)
		return f, target, why
	}
	f, why := r.currentFact(target, ref)
	return f, target, why
}

// factOfID finds the fact that [=page#id] names.
func (r resolver) factOfID(p *content.Page, ref markdown.Reference) (*content.Fact, *markdown.Problem) {
	var ids []string
	for _, f := range p.Facts {
		if f.ID == ref.Fragment || factAnchor(f) == ref.Fragment {
			return f, nil
		}
		ids = append(ids, f.ID)
	}
	if len(ids) == 0 {
		return nil, problem("unknown-fact", "", "page %q states no fact", p.Name)
	}
	slices.Sort(ids)
	return nil, problem("unknown-fact", cmp.Or(diag.DidYouMean(ref.Fragment, ids), "its facts are "+strings.Join(ids, ", ")), "unknown fact %q of %q", ref.Fragment, p.Name)
}

// currentFact finds the one current fact of the property that [=page.property] names.
func (r resolver) currentFact(p *content.Page, ref markdown.Reference) (*content.Fact, *markdown.Problem) {
	var found, current []*content.Fact
	var properties []string
	for _, f := range p.Facts {
		if !slices.Contains(properties, f.Property.Name) {
			properties = append(properties, f.Property.Name)
		}
		if f.Property.Name != ref.Property {
			continue
		}
		found = append(found, f)
		if f.Status == content.Current {
			current = append(current, f)
		}
	}
	// shown lists what to write instead for one of several facts.
	shown := func(list []*content.Fact) string {
		var written []string
		for _, f := range list {
			written = append(written, fmt.Sprintf("[=%s#%s] (%s)", ref.Target, f.ID, f.Status))
		}
		return strings.Join(written, ", ")
	}
	switch {
	case len(current) == 1:
		return current[0], nil
	case len(current) > 1:
		return nil, problem("ambiguous-fact", "write one of "+shown(current), "property %q of %q has %d current values", ref.Property, p.Name, len(current))
	case len(found) > 0:
		return nil, problem("no-current-value", "write "+shown(found)+" for one that is not, and say so", "property %q of %q has no current value", ref.Property, p.Name)
	}
	hint := diag.DidYouMean(ref.Property, properties)
	if _, declared := r.config.Properties[ref.Property]; hint == "" && ref.Target == "" && declared {
		hint = "write [=page." + ref.Property + "] for another page’s"
	}
	if hint == "" && len(properties) > 0 {
		hint = "it has facts about " + strings.Join(properties, ", ")
	}
	return nil, problem("unknown-property", hint, "page %q states no fact about %q", p.Name, ref.Property)
}
