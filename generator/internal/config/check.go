package config

import (
	"fmt"
	"slices"
	"strings"

	"vigie/generator/internal/diag"
	"vigie/generator/internal/edtf"
	"vigie/generator/internal/record"
)

// CheckRules are the rules whose findings can be silenced on purpose, for a site with
// [check] ignore and for a page with check_ignore. All of them warn; an error is cured,
// never silenced.
var CheckRules = []string{
	// what every build tells
	"accidental-markup", "body-h1", "broken-table", "conflicted-copy", "control-character", "foreign-key", "heading-level", "html-sanitized",
	"ignored-key", "missing-alt", "missing-language", "not-published", "suspected-syntax", "table-cells", "two-titles", "undeclared-language",
	"unknown-language", "unknown-status", "unused-file", "unused-footnote", "unused-layout", "unused-pattern", "unused-slug", "unused-text",
	"yaml-comment",
	// what check adds
	"orphan-page", "missing-translation", "stale-translation",
	"duplicate-title", "long-title", "missing-description", "duplicate-description", "long-description",
	"stale-fact", "unused-source",
	// what check adds with --external
	"dead-link", "moved-link",
}

// Check is what config.toml says of how the site is judged.
type Check struct {
	Ignore []record.Field[string] // of CheckRules, each once
	// Translations are the languages that all pages are to be translated into, if Set.
	Translations record.Field[[]string]
}

// Review says when what was stated is to be looked at again.
type Review struct {
	After edtf.Period // zero for never
	Set   bool
}

// never is the review_after of what does not age, such as a date of adoption.
const never = "never"

// UnmarshalRecord reads a period, or never.
func (r *Review) UnmarshalRecord(v record.Value) error {
	if text, _ := v.AsString(); text == never {
		*r = Review{Set: true}
		return nil
	}
	var p edtf.Period
	if err := p.UnmarshalRecord(v); err != nil {
		return fmt.Errorf("%w, or %q", err, never)
	}
	*r = Review{After: p, Set: true}
	return nil
}

// ReviewAfter returns how long a statement about a property, on a page of a kind,
// stands before it is to be looked at again: as the property says, else as the kind
// does. It is the zero period where neither wants it.
func (c *Config) ReviewAfter(kind Kind, property Property) edtf.Period {
	if property.ReviewAfter.Set {
		return property.ReviewAfter.After
	}
	return kind.ReviewAfter.After
}

// Translations returns the languages that pages of a kind are to be translated into:
// as the kind says, else as [check] does. ok is false where neither does.
func (c *Config) Translations(kind Kind) (codes []string, ok bool) {
	if kind.Translations.Set {
		return kind.Translations.Value, true
	}
	return c.Check.Translations.Value, c.Check.Translations.Set
}

// rawCheck is [check] as written.
type rawCheck struct {
	Ignore       []record.Field[string]               `record:"ignore"`
	Translations record.Field[[]record.Field[string]] `record:"translations"`
}

// check settles [check].
func (l *loader) check(raw rawCheck) {
	var found diag.List
	l.config.Check.Ignore, found = KnownRules(l.src, raw.Ignore)
	l.list = append(l.list, found...)
	l.config.Check.Translations = l.translations(raw.Translations)
}

// translations reads a list of languages, which must be declared.
func (l *loader) translations(raw record.Field[[]record.Field[string]]) record.Field[[]string] {
	return record.Field[[]string]{
		Value: l.declared("language", raw.Value, l.config.languageCodes()),
		Key:   raw.Key, Span: raw.Span, Set: raw.Set,
	}
}

// KnownRules returns those of the names, written in src, that are of [CheckRules], each
// once, and reports the others.
func KnownRules(src *diag.Source, names []record.Field[string]) (known []record.Field[string], list diag.List) {
	for _, name := range names {
		if !name.Set {
			continue // reported as of the wrong type
		}
		first := slices.IndexFunc(known, func(k record.Field[string]) bool { return k.Value == name.Value })
		switch {
		case !slices.Contains(CheckRules, name.Value):
			list = append(list, src.Errorf(name.Span.Offset, name.Span.Length, "unknown-rule", "rule %q is not one that can be silenced", name.Value).
				WithSuggestion("%s", didYouMeanOr(name.Value, CheckRules, "known: %s", strings.Join(slices.Sorted(slices.Values(CheckRules)), ", "))))
		case first >= 0:
			list = append(list, src.Errorf(name.Span.Offset, name.Span.Length, "duplicate-rule", "rule %q is silenced twice", name.Value).
				WithSuggestion("remove one").WithNote(src.Position(known[first].Span.Offset), "first silenced here"))
		default:
			known = append(known, name)
		}
	}
	return known, list
}
