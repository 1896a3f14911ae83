package content

import (
	"path"
	"strings"
	"time"

	"vigie/generator/internal/config"
	"vigie/generator/internal/diag"
	"vigie/generator/internal/record"
)

// Page is one page in one language.
type Page struct {
	File *diag.Source // the Markdown file; nil for a page that the build makes up
	Path string       // logical path, the same in every language: "actualites/2025-04-17-bleu-j0"
	Name string       // what wiki links call it: "bleu-j0"
	Dir  string       // the folder it stands in, below content/; "" at the top
	Lang string
	Kind config.Kind
	Body int // offset of the Markdown in File

	IsHome    bool
	IsSection bool // an index page: _index.md or made up, the home page included
	IsBundle  bool // an index.md whose folder is the page's own

	Title       string
	Description string
	Form        string // one of Kind.Forms, "" without
	Slug        string
	SitePath    string // "/actualites/bleu-j0/"
	Aliases     []record.Field[string]
	Date        time.Time // zero without
	Updated     time.Time // zero without
	HasTime     bool      // Date has a time of day
	UpdatedTime bool      // Updated has a time of day
	Draft       bool
	Weight      int
	Image       record.Field[string]
	Names       []string // other names of the thing
	Tags        []*Term
	Authors     []*Term
	Terms       []*Term   // of the declared taxonomies other than tags and authors
	Sources     []*Source // rests on, beside those cited in the text
	Facts       []*Fact
	Events      []*Event
	Params      map[string]any

	Definition  config.Text // one sentence for the glossary and its cards; zero without
	Equivalent  config.Text // what the thing is called in other languages
	Interview   *Interview  // nil without
	Corrections []Note      // of what the page said, oldest first
	// CheckIgnore are the rules ([config.CheckRules]) silenced in this very file, each
	// once: a translation does not inherit them.
	CheckIgnore []record.Field[string]
	TermLinks   bool // the first use of a glossary's term leads to it

	// Term is the one whose list the page introduces, nil for most pages.
	Term *Term

	// Original is the default-language page this one translates, nil for none.
	Original *Page
	// Translations are all languages' versions, this one included, in the order of
	// the site's languages.
	Translations []*Page

	publication publication
	remarks     []remark // see [loader.tell]
	hashtags    []string // see [Page.Hashtags]

	matter  matter
	titleAt record.Span
	sortKey []byte // collation key of the title
}

// Interview is who speaks in a page, and where it was published first.
type Interview struct {
	Guest     string
	GuestRole config.Text
	Host      string // "" without
	Outlet    string // the publication, "" without
	Media     string // address of the recording, "" without
}

// In returns the page's version in a language, nil without.
func (p *Page) In(lang string) *Page {
	for _, t := range p.Translations {
		if t.Lang == lang {
			return t
		}
	}
	return nil
}

// foreignFolder is the folder of the page's kind where the page, which says its kind
// itself, stands elsewhere; "" for all others. It is listed there too.
func (p *Page) foreignFolder() string {
	if folder := p.Kind.Folder; folder != "" && p.Dir != folder && !strings.HasPrefix(p.Dir, folder+"/") {
		return folder
	}
	return ""
}

// Modified returns when the page last changed for its readers: Updated, else Date.
func (p *Page) Modified() time.Time {
	if p.Updated.After(p.Date) {
		return p.Updated
	}
	return p.Date
}

// TitleGiven tells whether the front matter gives the title.
func (p *Page) TitleGiven() bool { return p.matter.Title.Set }

// FileName returns the page's file as diagnostics name it.
func (p *Page) FileName() string {
	if p.File == nil {
		return path.Join(Dir, p.Path)
	}
	return p.File.Name()
}

// AddressErrorf returns an error where the page says, or may say, what its address is: at
// its slug, else at its title; for a page that nobody wrote, at its folder.
func (p *Page) AddressErrorf(rule, format string, args ...any) diag.Diagnostic {
	at := p.titleAt
	if p.matter.Slug.Set {
		at = p.matter.Slug.Span
	}
	return p.errorf(at, rule, format, args...)
}

// errorf returns an error at a span of the page's file.
func (p *Page) errorf(at record.Span, rule, format string, args ...any) diag.Diagnostic {
	if p.File == nil {
		return diag.Errorf(diag.Position{File: p.FileName()}, rule, format, args...)
	}
	return p.File.Errorf(at.Offset, at.Length, rule, format, args...)
}
