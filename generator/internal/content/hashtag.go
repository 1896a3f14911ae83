package content

import (
	"slices"

	"vigie/generator/internal/markdown"
	"vigie/generator/internal/permalink"
	"vigie/generator/internal/record"
)

// readHashtags adds the #tags in a page's text to those of its front matter, where tags
// are open: where they are declared, a # in the text is a # in the text.
func (l *loader) readHashtags(p *Page) {
	if !l.readsHashtags(p) {
		return
	}
	p.hashtags = hashtagsIn(p)
	for _, h := range markdown.Hashtags(p.File.Text()[p.Body:]) {
		tags := &p.matter.Tags
		if slices.ContainsFunc(tags.Value, func(f record.Field[string]) bool { return permalink.Same(f.Value, h.Name) }) {
			continue
		}
		span := record.Span{Offset: p.Body + h.Offset, Length: h.Length}
		if !tags.Set {
			tags.Set, tags.Key, tags.Span = true, span, span
		}
		tags.Value = append(slices.Clip(tags.Value), record.Field[string]{Value: h.Name, Span: span, Set: true})
	}
}

// readsHashtags reports whether the page's text may give it tags.
func (s *Site) readsHashtags(p *Page) bool {
	taxonomy, ok := s.Config.Taxonomy("tags")
	return ok && !taxonomy.Closed && slices.Contains(p.Kind.Taxonomies, "tags")
}

// hashtagsIn are the names of the #tags in a page's text.
func hashtagsIn(p *Page) []string {
	var names []string
	for _, h := range markdown.Hashtags(p.File.Text()[p.Body:]) {
		names = append(names, h.Name)
	}
	return names
}

// Hashtags are the #tags in the page's text that it bears, which count as front matter
// does: the lists of tags show them.
func (p *Page) Hashtags() []string { return p.hashtags }
