package content

import (
	"bytes"
	"path"
	"slices"

	"vigie/generator/internal/diag"
	"vigie/generator/internal/frontmatter"
)

// EditBody gives a page, written in a file below content/, the text that the file
// holds now, and tells whether nothing but its Markdown changed. If not, nothing was
// done: the site must be loaded anew. All that [Load] made of the page is then what it
// would make of it now.
func (s *Site) EditBody(p *Page, file string, text []byte) bool {
	if !p.TitleGiven() || int64(len(text)) > frontmatter.MaxSize {
		return false
	}
	src, strays := frontmatter.Clean(diag.NewSource(path.Join(Dir, file), text))
	if len(strays) > 0 {
		return false
	}
	m, list := frontmatter.Split(src)
	if len(list) > 0 || m.Body != p.Body || !bytes.Equal(text[:m.Body], p.File.Text()[:p.Body]) {
		return false
	}
	if now := (&Page{File: src, Body: p.Body}); (p.hashtags != nil || s.readsHashtags(p)) && !slices.Equal(hashtagsIn(now), p.hashtags) {
		return false
	}
	p.File = src
	if old, ok := s.readings[file]; ok {
		old.page.File = src
		s.readings[file] = old
	}
	return true
}
