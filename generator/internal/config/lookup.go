package config

import "strings"

// Kind returns the kind of a name.
func (c *Config) Kind(name string) (Kind, bool) {
	return find(c.Kinds, func(k *Kind) bool { return k.Name == name })
}

// KindOfFolder returns the kind of the pages in a folder below content/, given
// with slashes: the kind whose Folder is dir or holds it. Pages outside every
// kind's folder are of kind "page", which is not for this method to say.
func (c *Config) KindOfFolder(dir string) (Kind, bool) {
	return find(c.Kinds, func(k *Kind) bool { return k.Folder != "" && within(dir, k.Folder) })
}

// within tells whether dir is folder or lies below it.
func within(dir, folder string) bool {
	return dir == folder || strings.HasPrefix(dir, folder+"/")
}

// DefaultLanguage returns the language written without a URL prefix.
func (c *Config) DefaultLanguage() Language { return c.Languages[0] }

// LanguageOf returns the language of a code.
func (c *Config) LanguageOf(code string) (Language, bool) {
	return find(c.Languages, func(l *Language) bool { return l.Code == code })
}

// languageCodes returns the codes of the declared languages.
func (c *Config) languageCodes() []string {
	var codes []string
	for _, l := range c.Languages {
		codes = append(codes, l.Code)
	}
	return codes
}

// Taxonomy returns the taxonomy of a name.
func (c *Config) Taxonomy(name string) (Taxonomy, bool) {
	return find(c.Taxonomies, func(t *Taxonomy) bool { return t.Name == name })
}

func find[T any](list []T, ok func(*T) bool) (T, bool) {
	for i := range list {
		if ok(&list[i]) {
			return list[i], true
		}
	}
	var zero T
	return zero, false
}
