package preview

import (
	"bytes"
	"strings"

	"vigie/generator/internal/build"
	"vigie/generator/internal/content"
	"vigie/generator/internal/diag"
)

// heldPage is the last good form of a page that cannot be read as it is now.
type heldPage struct {
	source string // its file, as diagnostics name it
	html   []byte
}

// hold keeps the last good form of pages whose files cannot be read as they are now,
// and lets go of those whose files can. A form is good too if it is wrong in places
// that it can show marked: such a one is shown, not held. hold is called before live
// is replaced by next.
func (s *Session) hold(next *build.Live) {
	if s.live == next { // only texts or layouts changed: no page can be read that could not
		return
	}
	before, now := mistakes(s.loaded), mistakes(s.loading)
	held := map[string]heldPage{}
	for file, page := range s.held { // of an earlier state that could not be read
		if list := now[page.source]; len(list) > 0 && !marksAll(next, file, list) {
			held[file] = page
		}
	}
	for source, list := range now {
		if s.live == nil {
			break
		}
		p := s.live.Content().PageOf(strings.TrimPrefix(source, content.Dir+"/"))
		if p == nil {
			continue
		}
		file := outputFile(p.SitePath)
		if !marksAll(s.live, file, before[source]) || marksAll(next, file, list) {
			continue
		}
		if html, _, ok := s.live.Make(file); ok && html != nil {
			held[file] = heldPage{source, html}
		}
	}
	s.held = held
}

// mistakes are the errors in files of content, by file.
func mistakes(list diag.List) map[string]diag.List {
	byFile := map[string]diag.List{}
	for _, d := range list {
		if d.Severity == diag.Error && strings.HasPrefix(d.File, content.Dir+"/") {
			byFile[d.File] = append(byFile[d.File], d)
		}
	}
	return byFile
}

// marksAll tells whether a page of a site shows the places of all problems.
func marksAll(site *build.Live, file string, list diag.List) bool {
	if len(list) == 0 {
		return true
	}
	page, _, ok := site.Marked(file)
	if !ok {
		return false
	}
	for _, d := range list {
		if !bytes.Contains(page, []byte(build.MarkID(d))) {
			return false
		}
	}
	return true
}

// isHeld tells whether the last good form of a page is kept in a file of the site.
func (s *Session) isHeld(file string) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.held[file].html != nil
}
