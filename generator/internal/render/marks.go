package render

import (
	"bytes"
	"fmt"
	"hash/fnv"
	"html"
	"regexp"
	"slices"
	"strings"

	"vigie/generator/internal/content"
	"vigie/generator/internal/diag"
	"vigie/generator/internal/markdown"
	"vigie/generator/internal/record"
)

// MarkAttribute names the attribute of an element that is wrong: it lists the
// [MarkID] of each problem.
const MarkAttribute = "data-vigie-problem"

// MarkID names a problem in the pages that [Live.Marked] makes.
func MarkID(d diag.Diagnostic) string {
	h := fnv.New64a()
	_, _ = h.Write([]byte(d.String())) // a hash takes all
	return fmt.Sprintf("%016x", h.Sum64())
}

// Marked is [Live.Make] for an editor: where the page shows what is wrong with its
// text, or with the facts and events of its front matter, the place is marked.
// loading is what was wrong with the site's content. Marks are put into what Make
// made; what readers get never passes here.
func (l *Live) Marked(path string, loading diag.List) (data []byte, problems diag.List, ok bool) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	data, problems, ok = l.make(path)
	if data == nil || !strings.HasSuffix(path, ".html") {
		return data, problems, ok
	}
	p := l.r.site.PageAt("/" + strings.TrimSuffix(path, "index.html"))
	if p == nil || p.File == nil {
		return data, problems, ok
	}
	return l.r.markStatements(l.r.markBody(data, p), p, loading), problems, ok
}

// markBody marks the references of a page's text that lead nowhere, and the blocks
// that cannot be read as they are written.
func (r *renderer) markBody(data []byte, p *content.Page) []byte {
	b := r.bodies[p]
	if b == nil || !b.written() {
		return data
	}
	plain, list := b.html(r)
	if len(plain) == 0 || !list.HasErrors() && !b.problems().HasErrors() {
		return data
	}
	marked, _ := r.converters[p.Lang].RenderMarked(b.document(r), resolver{renderer: r, page: p}, r.termsIn(b), markdown.Marks{Broken: markBroken, Note: markNote}, b.problems())
	return bytes.Replace(data, plain, marked, 1)
}

// markBroken opens the element around a reference that leads nowhere.
func markBroken(d diag.Diagnostic, plain bool) string {
	press := ` role="button" tabindex="0"`
	if plain {
		press = ""
	}
	return fmt.Sprintf(`<mark class="vigie-broken" %s="%s" title="%s"%s>`, MarkAttribute, MarkID(d), html.EscapeString(told(d)), press)
}

// markNote tells a problem in an element of its own.
func markNote(d diag.Diagnostic) string {
	return fmt.Sprintf(`<span class="vigie-note" %s="%s" role="button" tabindex="0" lang="en">%s</span>`, MarkAttribute, MarkID(d), html.EscapeString(told(d)))
}

// told is a problem in one line.
func told(d diag.Diagnostic) string {
	if d.Suggestion == "" {
		return d.Message
	}
	return d.Message + " (" + d.Suggestion + ")"
}

// markStatements marks the facts and events of a page that loading found fault with.
func (r *renderer) markStatements(data []byte, p *content.Page, loading diag.List) []byte {
	owner := p
	if p.Original != nil {
		owner = p.Original
	}
	wrong := func(written record.Span) (list diag.List) {
		for _, d := range loading {
			if d.Severity != diag.Error || d.File != owner.FileName() || d.Line == 0 {
				continue
			}
			if at := owner.File.Offset(d.Line, d.Col); written.Offset <= at && at < written.End() {
				list = append(list, d)
			}
		}
		return list
	}
	for _, f := range owner.Facts {
		data = markElement(data, factAnchor(f), wrong(f.Written))
	}
	for _, e := range owner.Events {
		data = markElement(data, eventAnchor(e), wrong(e.Written))
	}
	return data
}

// startTag matches a start tag, whose name and attributes it takes apart.
var startTag = regexp.MustCompile(`<([a-zA-Z][a-zA-Z0-9]*)((?:\s+[^\s"'<>/=]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'=<>]+))?)*)\s*>`)

// attributes matches an attribute of a start tag, and its value as it is written.
var attributes = regexp.MustCompile(`([^\s"'<>/=]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'=<>]+))?`)

// childless are the elements that may not have a note as their child.
var childless = []string{"table", "thead", "tbody", "tfoot", "tr", "ul", "ol", "dl", "select", "picture"}

// markElement marks the element with an id, and tells in it what is wrong. It leaves
// a page without that element as it is.
func markElement(data []byte, id string, list diag.List) []byte {
	if len(list) == 0 {
		return data
	}
	for _, m := range startTag.FindAllSubmatchIndex(data, -1) {
		if !slices.ContainsFunc(attributes.FindAllSubmatch(data[m[4]:m[5]], -1), func(a [][]byte) bool {
			return strings.EqualFold(string(a[1]), "id") && string(bytes.Trim(a[2], `"'`)) == id
		}) {
			continue
		}
		var ids []string
		var notes string
		for _, d := range list {
			ids = append(ids, MarkID(d))
			notes += markNote(d)
		}
		if slices.Contains(childless, strings.ToLower(string(data[m[2]:m[3]]))) {
			notes = ""
		}
		return slices.Concat(data[:m[5]], fmt.Appendf(nil, ` %s="%s"`, MarkAttribute, strings.Join(ids, " ")), data[m[5]:m[1]], []byte(notes), data[m[1]:])
	}
	return data
}
