package content

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"vigie/generator/internal/config"
	"vigie/generator/internal/diag"
	"vigie/generator/internal/permalink"
	"vigie/generator/internal/record"
)

// Front matter that was written for other tools, let in by [front_matter] unknown =
// "ignore" or "warn": brought into our terms where its meaning is plain, told once for
// the site where it is not.

// adapt returns a page's front matter as it is to be decoded. dir is the folder of its
// file.
func (l *loader) adapt(p *Page, dir string, t *record.Table) (*record.Table, diag.List) {
	list := l.commentCuts(p, t)
	if !l.lenient() {
		strict := publicationReader{loader: l, page: p}
		strict.params(t)
		return t, append(list, strict.list...)
	}
	t, more := l.readPublication(p, t)
	list = append(list, more...)
	t = l.translateKeys(p, t)
	t = coerce(p, t)
	if kind := l.kindAt(dir, t); len(kind.Properties) == 0 {
		t = l.dropForeign(p, t)
	}
	if l.Config.UnknownKeys == "ignore" { // else decoding tells
		for _, name := range t.Keys() {
			if !slices.Contains(ownKeys, name) && !slices.Contains(l.otherTaxonomies, name) {
				l.ignored(p, t, name, "is ignored", l.cureOf(name))
			}
		}
	}
	return t, list
}

// ignored notes that a key means nothing here.
func (l *loader) ignored(p *Page, t *record.Table, name, what, cure string) {
	if cure == "" {
		cure = "move it under params"
	}
	p.remark(remark{rule: "ignored-key", subject: name + " " + what, at: t.KeySpan(name), text: fmt.Sprintf("front matter key %q %s", name, what), cure: cure})
}

// translateKeys gives keys of other tools, and ours in other case, our names.
func (l *loader) translateKeys(p *Page, t *record.Table) *record.Table {
	for _, name := range t.Keys() {
		if slices.Contains(ownKeys, name) || slices.Contains(l.otherTaxonomies, name) {
			continue
		}
		folded, own := foldKey(name), ""
		for _, key := range slices.Concat(ownKeys, l.otherTaxonomies) {
			if folded == foldKey(key) {
				own = key
			}
		}
		if own == "" {
			own = synonyms[folded]
		}
		v, _ := t.Get(name)
		if own == "" || t.Has(own) || v.Kind() == record.KindNull {
			continue // the first that says it holds; the others are said to be ignored
		}
		t = t.Renamed(name, own)
		if probe := dropped(coerce(&Page{File: p.File}, t), own); probe != nil {
			t = t.Renamed(own, name) // no such thing after all
			continue
		}
		p.remark(remark{rule: "foreign-key", subject: name, at: t.KeySpan(own), text: fmt.Sprintf("front matter key %q is read as %s", name, own), cure: "write " + own})
	}
	return t
}

// dropped returns what is wrong with a key's value, nil for nothing.
func dropped(t *record.Table, name string) diag.List {
	var others []string
	for _, other := range t.Keys() {
		if other != name {
			others = append(others, other)
		}
	}
	var trial matter
	if list := t.Without(others...).Decode(&trial, record.DecodeOptions{Unknown: record.UnknownWarn}); list.HasErrors() {
		return list
	}
	return nil
}

// coerce reads values as other tools do: a text or a number for a list of one, texts
// between commas for a list, numbers and dates as the text they are written as.
func coerce(p *Page, t *record.Table) *record.Table {
	for _, name := range t.Keys() {
		v, _ := t.Get(name)
		switch name {
		case "title", "description", "slug", "lang", "kind", "form":
			if text, ok := v.Text(); ok && v.Kind() != record.KindString {
				t = t.With(name, record.StringValue(p.File, v.Span(), text))
			}
		case "tags", "authors", "aliases", "names":
			if list, ok := listOf(p, name, v); ok {
				t = t.With(name, list)
			}
		case "weight":
			if text, ok := v.AsString(); ok {
				if n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 32); err == nil {
					t = t.With(name, record.IntegerValue(p.File, v.Span(), n))
				}
			} else if f, ok := v.AsFloat(); ok && v.Kind() == record.KindFloat && f == float64(int32(f)) {
				t = t.With(name, record.IntegerValue(p.File, v.Span(), int64(f)))
			}
		}
	}
	return t
}

// listOf reads a value as a list of texts.
func listOf(p *Page, name string, v record.Value) (list record.Value, ok bool) {
	elements, isArray := v.AsArray()
	if text, isText := v.Text(); isText {
		offset := v.Span().Offset
		if v.Kind() != record.KindString || !strings.Contains(text, ",") {
			if name == "tags" && len(strings.Fields(text)) > 1 {
				p.remark(remark{rule: "foreign-key", subject: "tags with spaces", at: v.Span(), text: fmt.Sprintf("tags is a text, read as the one tag %q", text), cure: "write [" + strings.Join(strings.Fields(text), ", ") + "] for several"})
			}
			elements = []record.Value{v}
		}
		for part := range strings.SplitSeq(text, ",") {
			if v.Kind() != record.KindString || !strings.Contains(text, ",") {
				break
			}
			if part = strings.TrimSpace(part); part == "" {
				continue
			}
			at := v.Span()
			if i := strings.Index(string(p.File.Text()[offset:v.Span().End()]), part); i >= 0 {
				at = record.Span{Offset: offset + i, Length: len(part)}
				offset = at.End()
			}
			elements = append(elements, record.StringValue(p.File, at, part))
		}
	} else if table, isTable := v.AsTable(); isTable && name == "authors" {
		if called, ok := table.Get("name"); ok {
			elements = []record.Value{called}
		}
	} else if !isArray {
		return v, false
	}
	if len(elements) == 0 {
		return v, isArray
	}
	var texts []record.Value
	for _, e := range elements {
		if table, isTable := e.AsTable(); isTable && name == "authors" {
			e, _ = table.Get("name")
		}
		if e.Kind() == record.KindNull {
			continue // an empty line of a list; commentCuts tells of one that a # emptied
		}
		text, ok := e.Text()
		if !ok {
			return v, false
		}
		texts = append(texts, record.StringValue(p.File, e.Span(), strings.TrimSpace(text)))
	}
	return record.ArrayValue(p.File, v.Span(), texts), true
}

// dropForeign takes out what stands under a name of ours and is something else. What
// says when a page is published stays, and is an error where it cannot be read.
func (l *loader) dropForeign(p *Page, t *record.Table) *record.Table {
	for _, name := range t.Keys() {
		if !slices.Contains(ownKeys, name) || name == "date" || name == "draft" || name == "expires" {
			continue
		}
		v, _ := t.Get(name)
		why := dropped(t, name)
		foreign := why != nil || name == "facts" || (name == "sources" || name == "events") && !namesSources(v)
		switch {
		case !foreign || v.Kind() == record.KindNull:
		case name == "title":
			// A page without a title is an error of its own; this one says why.
		default:
			cure := "rename it, or move it under params"
			if len(why) > 0 && why[0].Suggestion != "" && v.Kind() != record.KindArray {
				cure = why[0].Suggestion
			}
			l.ignored(p, t, name, "does not hold what it holds here, and is ignored", cure)
			t = t.Without(name)
		}
	}
	return t
}

// namesSources reports whether all that is given as sources below v could be ids of
// sources.toml, not titles or addresses.
func namesSources(v record.Value) bool {
	list, _ := v.AsArray()
	for _, e := range list {
		if table, ok := e.AsTable(); ok {
			source, _ := table.Get("source")
			if text, isString := source.AsString(); isString {
				e = record.StringValue(v.Source(), source.Span(), text)
			} else if !namesSources(source) {
				return false
			} else {
				continue
			}
		}
		if text, ok := e.AsString(); !ok || !sourceID.MatchString(text) || strings.Contains(text, "://") || strings.HasPrefix(text, "www.") {
			return false
		}
	}
	return true
}

// lastSlug is the last part of an address that was given as a slug, as one.
func lastSlug(address string) string {
	parts := strings.FieldsFunc(address, func(r rune) bool { return r == '/' })
	if len(parts) == 0 {
		return ""
	}
	return permalink.Slug(strings.TrimSuffix(parts[len(parts)-1], ".html"))
}

// kindOfFolder returns the kind of the pages in a folder.
func (l *loader) kindOfFolder(dir string) config.Kind {
	if kind, ok := l.Config.KindOfFolder(strings.TrimPrefix(dir, ".")); ok {
		return kind
	}
	kind, _ := l.Config.Kind("page")
	return kind
}

// kindAt returns the kind that a page in a folder has by its front matter.
func (l *loader) kindAt(dir string, t *record.Table) config.Kind {
	v, _ := t.Get("kind")
	name, _ := v.AsString()
	if kind, ok := l.Config.Kind(name); ok {
		return kind
	}
	return l.kindOfFolder(dir)
}

// foreignLang notes a language that is not the one the file's name gives. The same
// language of another region is the same here.
func (p *Page) foreignLang(lang record.Field[string]) {
	base, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(lang.Value, "_", "-")), "-")
	if base == p.Lang {
		return
	}
	p.remark(remark{"ignored-key", "lang " + lang.Value, lang.Span, fmt.Sprintf("lang %q is ignored: the file's name says %q", lang.Value, p.Lang), fmt.Sprintf("name the file x.%s.md and declare [languages.%s] in config.toml", base, base)})
}

// splitAliases tells old addresses of a page from other names of it: an alias without a
// slash is a name, as in Obsidian. names are those given as such.
func splitAliases(aliases []record.Field[string], names []string) (addresses []record.Field[string], all []string) {
	all = slices.Clip(names)
	for _, alias := range aliases {
		name := strings.TrimSpace(alias.Value)
		switch {
		case name == "", strings.Contains(name, "/"), strings.HasSuffix(name, ".html"):
			addresses = append(addresses, alias)
		case !slices.Contains(all, name):
			all = append(all, name)
		}
	}
	return addresses, all
}
