package config

import (
	"slices"
	"strings"
)

// In returns the text for a language: its own, else the common one, else the
// default language's, else the first by code.
func (t Text) In(lang string) string {
	if s, ok := t.ByLanguage[lang]; ok {
		return s
	}
	return t.Common
}

// IsZero tells whether the text is not given at all.
func (t Text) IsZero() bool { return t.Common == "" && len(t.ByLanguage) == 0 }

// Kind returns the kind of a name.
func (c *Config) Kind(name string) (Kind, bool) {
	return find(c.Kinds, func(k Kind) bool { return k.Name == name })
}

// KindOfFolder returns the kind of the pages in a folder below content/, given
// with slashes: the kind whose Folder is dir or holds it. Pages of no kind's
// folder have no kind of their own; they are of kind "page".
func (c *Config) KindOfFolder(dir string) (Kind, bool) {
	return find(c.Kinds, func(k Kind) bool {
		return k.Folder != "" && (dir == k.Folder || strings.HasPrefix(dir, k.Folder+"/"))
	})
}

// LanguageOf returns the language of a code.
func (c *Config) LanguageOf(code string) (Language, bool) {
	return find(c.Languages, func(l Language) bool { return l.Code == code })
}

// Taxonomy returns the taxonomy of a name.
func (c *Config) Taxonomy(name string) (Taxonomy, bool) {
	return find(c.Taxonomies, func(t Taxonomy) bool { return t.Name == name })
}

func find[T any](list []T, ok func(T) bool) (T, bool) {
	if i := slices.IndexFunc(list, ok); i >= 0 {
		return list[i], true
	}
	var zero T
	return zero, false
}
