package analysis

import (
	"strings"

	"github.com/blevesearch/bleve/v2/analysis"
)

// Bounds of a cache. The words of a language fit; a site of random strings does
// not fill the memory.
const (
	maxCached     = 1 << 17 // words
	maxCachedWord = 64      // bytes
)

// Cache is an analyzer that remembers the words it has seen: texts have few
// distinct ones, and stemming is most of the work. It belongs to one goroutine.
type Cache struct {
	analyzer *Analyzer
	words    map[string][]form
}

// NewCache returns an empty cache over the analyzer.
func (a *Analyzer) NewCache() *Cache {
	return &Cache{a, make(map[string][]form)}
}

// Index returns what [Analyzer.Index] returns.
func (c *Cache) Index(text string) []Token {
	return c.analyzer.tokens(text, c.forms)
}

// Analyze returns what [Analyzer.Analyze] returns.
func (c *Cache) Analyze(text []byte) analysis.TokenStream {
	return stream(c.Index(string(text)))
}

func (c *Cache) forms(raw string, start int) []form {
	forms, ok := c.words[raw]
	if !ok {
		forms = c.analyzer.forms(raw, start)
		if len(raw) <= maxCachedWord && len(c.words) < maxCached {
			c.words[strings.Clone(raw)] = forms // the text itself must not stay in memory
		}
	}
	return forms
}
