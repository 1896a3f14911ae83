package preview

import (
	"path"
	"slices"
	"strings"

	"vigie/generator/internal/content"
	"vigie/generator/internal/diag"
)

// shown is what a browser has before it, as far as problems go.
type shown struct {
	files []string // that the page is written in, its own first
	held  bool     // it is the last good form of a page that cannot be read now
	stale bool     // nothing can be made of the site's files as they are
}

// shownIn tells what is shown of a file of the site.
func (s *Session) shownIn(file string) shown {
	s.mu.RLock()
	defer s.mu.RUnlock()
	held := s.held[file]
	v := shown{files: filesOf(s.pageAt(file)), held: held.html != nil, stale: s.live == nil || len(s.pending) > 0 || s.missed}
	if len(v.files) == 0 && v.held {
		v.files = []string{held.source}
	}
	return v
}

// filesOf are the files that a page is written in, its own first; none for nil.
func filesOf(p *content.Page) []string {
	switch {
	case p == nil:
		return nil
	case p.Original == nil:
		return []string{p.FileName()}
	}
	return []string{p.FileName(), p.Original.FileName()} // what it states is written there
}

// has tells whether a problem stands in a file that the page is written in.
func (v shown) has(d diag.Diagnostic) bool {
	return slices.Contains(v.files, d.File)
}

// hidesFor tells whether a problem keeps the page from being shown as its files have
// it: none of another page does.
func (v shown) hidesFor(d diag.Diagnostic) bool {
	if d.Severity != diag.Error {
		return false
	}
	isPage := strings.HasPrefix(d.File, content.Dir+"/") && (path.Ext(d.File) == ".md" || path.Ext(d.File) == ".markdown")
	return v.stale || !isPage || v.held && v.has(d)
}
