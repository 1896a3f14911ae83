package content

import (
	"bytes"
	"slices"
	"strings"

	"vigie/generator/internal/diag"
	"vigie/generator/internal/record"
)

// textKeys are the keys whose values are texts, or lists of them, in our words and those
// of other tools: what a "#" cuts off there was meant to be read.
var textKeys = []string{"title", "description", "tags", "authors", "names", "aliases", "definition", "equivalent", "note", "guest", "host", "outlet",
	"subtitle", "summary", "excerpt", "tag", "author", "alias", "categories", "category", "keywords"}

// commentCuts warns of texts in YAML that " #" cuts short, or leaves nothing of: to YAML
// a comment begins there.
func (l *loader) commentCuts(p *Page, t *record.Table) diag.List {
	if !bytes.HasPrefix(p.File.Text(), []byte("---")) {
		return nil
	}
	c := commentCutter{page: p}
	for _, name := range t.Keys() {
		if v, _ := t.Get(name); slices.Contains(l.otherTaxonomies, name) || slices.Contains(textKeys, strings.ToLower(name)) {
			c.value(t.KeySpan(name), v)
		} else if nested, ok := v.AsTable(); ok {
			c.table(nested)
		} else if list, ok := v.AsArray(); ok {
			for _, e := range list {
				if nested, ok := e.AsTable(); ok {
					c.table(nested)
				}
			}
		}
	}
	return c.list
}

type commentCutter struct {
	page *Page
	list diag.List
}

func (c *commentCutter) table(t *record.Table) {
	for _, name := range t.Keys() {
		if v, _ := t.Get(name); slices.Contains(textKeys, strings.ToLower(name)) {
			c.value(t.KeySpan(name), v)
		}
	}
}

// value looks behind a value, which follows what stands at key.
func (c *commentCutter) value(key record.Span, v record.Value) {
	if list, ok := v.AsArray(); ok {
		for _, e := range list {
			c.value(e.Span(), e)
		}
		return
	}
	if t, ok := v.AsTable(); ok {
		for _, name := range t.Keys() {
			inner, _ := t.Get(name)
			c.value(t.KeySpan(name), inner)
		}
		return
	}
	text := c.page.File.Text()
	end := v.Span().End()
	if v.Span().Length > 0 && strings.ContainsRune(`"'|>`, rune(text[v.Span().Offset])) {
		return // quoted, or a block: what follows is plainly a comment
	}
	if v.Kind() == record.KindNull {
		end = max(end, key.End())
	}
	line, _, _ := bytes.Cut(text[end:], []byte("\n"))
	rest := bytes.TrimLeft(line, " \t:-")
	if v.Kind() != record.KindNull {
		rest = bytes.TrimLeft(line, " \t")
	}
	if len(rest) == 0 || rest[0] != '#' {
		return
	}
	rest = bytes.TrimRight(rest, " \t\r")
	at := end + bytes.IndexByte(line, '#')
	what := "text is cut at #, where a comment begins"
	if v.Kind() == record.KindNull {
		what = "text is missing: # begins a comment"
	}
	c.list = append(c.list, c.page.errorf(record.Span{Offset: at, Length: len(rest)}, "yaml-comment", "%s", what).
		WithSuggestion(`put the text in quotes, "…", or the comment on a line of its own`).AsWarning())
}
