package config

import (
	"cmp"
	"maps"
	"slices"

	"vigie/generator/internal/diag"
	"vigie/generator/internal/record"
)

// Text is a text given once or per language. One that is read outside this package
// needs [Config.Resolve] before [Text.In] knows the default language.
type Text struct {
	// Common holds for every language that ByLanguage does not name.
	Common     string
	ByLanguage map[string]string

	fallback string           // the default language's code
	places   map[string]place // by language, "" for Common
	source   *diag.Source
}

// place is where one of a text's versions stands.
type place struct{ key, value record.Span }

// In returns the text for a language: its own, else the common one, else the
// default language's, else the first by code.
func (t Text) In(lang string) string {
	if s, ok := t.ByLanguage[lang]; ok {
		return s
	}
	if t.Common != "" || len(t.ByLanguage) == 0 {
		return t.Common
	}
	if s, ok := t.ByLanguage[t.fallback]; ok {
		return s
	}
	return t.ByLanguage[t.Languages()[0]]
}

// Language returns the language of what [Text.In] returns for lang. A text given
// once is taken to be in the default language.
func (t Text) Language(lang string) string {
	_, own := t.ByLanguage[lang]
	switch {
	case own:
		return lang
	case t.Common != "" || len(t.ByLanguage) == 0:
		return cmp.Or(t.fallback, lang)
	}
	if _, ok := t.ByLanguage[t.fallback]; ok {
		return t.fallback
	}
	return t.Languages()[0]
}

// IsZero tells whether the text is not given at all.
func (t Text) IsZero() bool { return t.Common == "" && len(t.ByLanguage) == 0 }

// Equal tells whether two texts say the same in every language.
func (t Text) Equal(o Text) bool {
	return t.Common == o.Common && maps.Equal(t.ByLanguage, o.ByLanguage)
}

// Languages returns the codes of the languages that have a text of their own, sorted.
func (t Text) Languages() []string { return slices.Sorted(maps.Keys(t.ByLanguage)) }

// UnmarshalRecord reads a text given as a string or as a table by language.
func (t *Text) UnmarshalRecord(v record.Value) error {
	read := Text{source: v.Source(), places: map[string]place{}}
	if s, ok := v.AsString(); ok {
		read.Common = s
		read.places[""] = place{v.Span(), v.Span()}
		*t = read
		return nil
	}
	table, ok := v.AsTable()
	if !ok {
		return record.NewError(diag.List{v.Errorf("wrong-type", "text is %s, want a string or a table by language", v.Kind()).
			WithSuggestion(`write "…" or { fr = "…", en = "…" }`)})
	}
	var list diag.List
	if table.Len() == 0 {
		list = append(list, v.Errorf("invalid-value", "text has no language").WithSuggestion(`write { fr = "…" }`))
	}
	read.ByLanguage = make(map[string]string, table.Len())
	for _, code := range table.Keys() {
		version, _ := table.Get(code)
		s, ok := version.AsString()
		if !ok {
			list = append(list, version.Errorf("wrong-type", "text in %q is %s, want a string", code, version.Kind()))
			continue
		}
		read.ByLanguage[code] = s
		read.places[code] = place{table.KeySpan(code), version.Span()}
	}
	*t = read
	return record.NewError(list)
}

// Resolve makes t fall back on the site's default language, and reports the
// languages of t that config.toml does not declare.
func (c *Config) Resolve(t *Text) diag.List {
	t.fallback = c.Language
	var list diag.List
	for _, code := range t.Languages() {
		if _, ok := c.LanguageOf(code); ok || t.source == nil {
			continue
		}
		at := t.places[code].key
		list = append(list, t.source.Errorf(at.Offset, at.Length, "unknown-language", "language %q is not declared in config.toml", code).
			WithSuggestion("%s", didYouMeanOr(code, c.languageCodes(), "declare [languages.%s] or remove the text", code)))
	}
	return list
}

// versions calls f for every version of t that stands in a source, with its
// language's code, "" for the common one, and where its value stands.
func (t Text) versions(f func(code, text string, at record.Span)) {
	if p, ok := t.places[""]; ok {
		f("", t.Common, p.value)
	}
	for _, code := range t.Languages() {
		f(code, t.ByLanguage[code], t.places[code].value)
	}
}
