// Package content owns the model of a site: its pages in every language, their
// sections and terms, the facts and events they state and the sources these rest
// on. Its fundamental types are [Site] and [Page].
//
// [Load] reads content/ through a file system and checks all that can be checked
// without rendering: front matter, kinds, languages, addresses, facts, events and
// sources. The package never makes HTML, never reads Markdown beyond finding where
// it begins, and never writes.
package content

import (
	"io/fs"
	"slices"
	"strings"
	"time"

	"vigie/generator/internal/config"
	"vigie/generator/internal/diag"
)

// Site is everything that is published, checked and linked together.
type Site struct {
	Config *config.Config
	Now    time.Time // the build's clock

	Pages    []*Page         // what editors wrote, section pages included, by language then path
	Hidden   []*Page         // drafts, pages of the future and what is kept back or has expired: this build leaves them out
	Homes    []*Page         // the home pages, the default language first
	Sections []*Section      // by language then folder
	Terms    []*Term         // by taxonomy, language and title; only those with pages
	Sources  []*Source       // by id
	Events   []*Event        // of all pages, oldest first
	Missing  []MissingSource // what rests on sources that are not there, by page
	Faulty   bool            // errors were found: what they are about is missing, or repaired at a guess

	Resources map[string]bool   // files below content/ that are no pages, by path below content/
	LeftOut   map[string]string // files and folders below content/ that are not read, with why
	Tables    []*diag.Source    // files of sources, as they were read

	files   fs.FS
	sources map[string]*Source
	names   map[string][]*Page // wiki names, folded, to default-language pages
	hidden  map[string]string  // why each of Hidden is, by file as diagnostics name it
	paths   map[string]*Page   // by content path with extension: "fournisseurs/bleu.md"
	urls    map[string]*Page   // by site path

	readings map[string]reading // by file below content/; nil unless kept
}

// Source returns the source of an id, nil without.
func (s *Site) Source(id string) *Source { return s.sources[id] }

// SourceIDs returns the ids of all sources, sorted.
func (s *Site) SourceIDs() []string {
	ids := make([]string, len(s.Sources))
	for i, source := range s.Sources {
		ids[i] = source.ID
	}
	return ids
}

// PageAt returns the page published at a site path ("/actualites/x/"), nil without.
func (s *Site) PageAt(sitePath string) *Page { return s.urls[sitePath] }

// PageOf returns the page written in a file below content/, nil without.
func (s *Site) PageOf(file string) *Page { return s.paths[file] }

// Files is the file system that holds the pages and their resources, rooted at
// content/.
func (s *Site) Files() fs.FS { return s.files }

// News returns the site's news in a language, newest first: the pages of the kinds
// declared as news or, where no kind is, every dated page.
func (s *Site) News(lang string) []*Page {
	var news []*Page
	for _, p := range s.Pages {
		if p.Lang == lang && s.IsNews(p) {
			news = append(news, p)
		}
	}
	slices.SortStableFunc(news, func(a, b *Page) int {
		if c := b.Date.Compare(a.Date); c != 0 {
			return c
		}
		return strings.Compare(a.Path, b.Path)
	})
	return news
}

// Section returns the section of a folder in a language, nil without.
func (s *Site) Section(lang, dir string) *Section {
	for _, section := range s.Sections {
		if section.Page.Lang == lang && section.Dir == dir {
			return section
		}
	}
	return nil
}

// SectionOf returns the nearest section that holds p, nil for a page outside any.
func (s *Site) SectionOf(p *Page) *Section {
	dir := p.Dir
	if p.IsSection {
		dir = parentDir(dir)
	} else if folder := p.foreignFolder(); folder != "" {
		dir = folder
	}
	for dir != "" {
		if section := s.Section(p.Lang, dir); section != nil {
			return section
		}
		dir = parentDir(dir)
	}
	return nil
}

// parentDir returns the folder that holds dir, "" for one at the top.
func parentDir(dir string) string {
	i := strings.LastIndexByte(dir, '/')
	return dir[:max(i, 0)]
}

// Section is a folder of pages in one language.
type Section struct {
	Dir         string  // "fournisseurs"
	Page        *Page   // its index page, written or made up
	Pages       []*Page // in the section's order, those of subsections included, section pages not
	Subsections []*Section
}

// Term is a taxonomy's term in one language, with the pages that carry it.
type Term struct {
	Taxonomy string // "tags"
	Name     string // the slug, which names the term in every language
	Title    string
	Lang     string
	Path     string // site path: "/themes/eucs/"
	Pages    []*Page
	// Page introduces the term's list: it was written at the list's address, such as
	// content/tags/eucs/_index.md. It is nil for most terms. What else lies in its folder
	// is among Pages.
	Page *Page
}
