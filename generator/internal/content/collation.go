package content

import (
	"bytes"
	"cmp"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"vigie/generator/internal/config"
)

// collation orders titles as the languages of a site do. It is not for concurrent use.
type collation struct {
	collators map[string]*collate.Collator // by language
	buffer    collate.Buffer
}

func newCollation(languages []config.Language) *collation {
	c := &collation{collators: map[string]*collate.Collator{}}
	for _, lang := range languages {
		c.collators[lang.Code] = collate.New(language.Make(cmp.Or(lang.Locale, lang.Code)), collate.IgnoreCase)
	}
	return c
}

// key returns what orders a title among others of its language, byte by byte.
func (c *collation) key(lang, title string) []byte {
	c.buffer.Reset()
	return bytes.Clone(c.collators[lang].KeyFromString(&c.buffer, title))
}

// compare orders two titles in a language.
func (c *collation) compare(lang, a, b string) int {
	return c.collators[lang].CompareString(a, b)
}
