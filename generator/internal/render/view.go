package render

import (
	"html/template"

	"vigie/generator/internal/diag"
	"vigie/generator/internal/layout"
)

// View is what every layout receives as its dot. It holds values ready to be
// shown in the page's language: texts with their typography, links with the
// site's base path, dates with their words. Layouts choose and arrange; they
// never compute.
type View struct {
	Site     SiteView
	Language LanguageView // the page's language

	Layout string // the layout's name: "home", "section", "article", …
	Kind   string // the page's kind, "" on pages made by the build (archives, 404)
	Form   *Link  // the article's form (brève, analyse…), Title only; nil without

	Title       string // plain text, with typography
	HeadTitle   string // the text of <title>
	Description string // plain text; the chapô
	URL         string // root-relative, with the site's base path: "/actualites/x/"
	Permalink   string // absolute
	MarkdownURL string // the Markdown twin's URL; "" where there is none
	NoIndex     bool   // search engines are asked to leave the page out
	Draft       bool

	Translations []Translation // every language the page exists in, itself included; empty for one language
	Breadcrumbs  []Link        // from the home page to this one, which is last; empty on the home page
	MainMenu     []MenuItem
	FooterMenu   []MenuItem
	Feeds        []FeedLink // the feeds to announce on this page, the most specific first

	Date        *Date // publication
	Updated     *Date // nil unless later than Date
	Authors     []Link
	Tags        []Link
	ReadingTime int // minutes, at least 1; 0 on lists
	Words       int

	Content  template.HTML // the body, rendered
	Contents []Heading     // the table of contents, nested; empty when it would be useless
	Sources  []SourceView  // cited on the page, in order of their numbers
	Facts    []FactGroup   // by property, in the kind's order
	Events   []EventView   // oldest first
	Names    []string      // other names of the thing
	Related  []Card
	// Backlinks are the pages that link here ("Cité par").
	Backlinks []Card
	Previous  *Card // the next older page of the section (by title where undated)
	Next      *Card

	// Lists (home, section, taxonomy, tag, archives).
	Lead        *Card       // home: the lead story
	Pages       []Card      // the pages listed on this page of the list
	Groups      []CardGroup // pages grouped by letter, year, month, kind or section, where the layout groups them
	Subsections []Card
	Paginator   *Paginator  // nil where all fits on one page
	Upcoming    []EventView // home: dated events still to come by the build's clock, soonest first
	Latest      []EventView // home: the latest past events, newest first
	Board       []BoardRow  // home: where things stand, one row for each and scheme

	Standings  []BoardRow      // where the page's thing stands with its qualifications
	WholeBoard *BoardView      // view board, and a day's state: every qualification
	Comparison *ComparisonView // view comparison
	State      *StateView      // view state, and its pages for past days
	Today      *Date           // the build's day, on pages that show a view

	Timeline    *TimelineView  // the page of view timeline
	SourceIndex *SourceIndex   // the page of view sources
	SourceType  *SourceShare   // a page below it: the sources of one type
	Glossary    *GlossaryView  // the page of view glossary
	Relations   *RelationsView // of the thing; nil where it has few
	Interview   *InterviewView // nil where the page is none
	Equivalents []Equivalent   // what the thing is called in other languages
	// Cards is the URL of the cards that js/terms.ts shows beside links of the class
	// "term"; "" on a page without any.
	Cards string

	Changes       *ChangesView   // view changes, and its pages for years
	History       []ChangeView   // what changed about the page's thing, newest first
	Corrections   []NoteView     // of what the page said, oldest first
	CorrectionLog *CorrectionLog // on the page of corrections
	Deadlines     *DeadlinesView // view deadlines
	Calendar      *CalendarLink  // of the page's thing, nil without
	Data          *DataView      // view data

	// Scripts are entry points in static/ that the page loads, as asset names them.
	Scripts []string

	Meta Meta // what only <head> needs

	texts    *layout.Strings
	problems diag.List // found while the view was made
}

// SiteView is the site as layouts see it.
type SiteView struct {
	Title          string
	Tagline        string
	Description    string
	URL            string // absolute base URL with a final slash
	Home           string // root-relative home of the page's language
	SourcingURL    string // root-relative URLs of the publication's pages, "" where absent
	AboutURL       string
	CorrectionsURL string
	SearchURL      string
	SearchHelp     string // the page that explains how to search, "" without one
	ArchivesURL    string
	NewsURL        string // the section of the kind marked news, "" without one
	OpenSearch     string // URL of the OpenSearch description
	// Views are the URLs of the pages of config.toml's [views] by view, those that the
	// language has.
	Views map[string]string
	// Search tells pages how to search in the browser; nil where the language has
	// no index.
	Search *SearchView
}

// SearchView says where the scripts of search and their index are. All URLs are
// root-relative.
type SearchView struct {
	Script   string // the script of every page, built from browser.Main
	App      string // the script that it fetches when search is first used, built from browser.App
	Engine   string // the engine, a worker's script or a module, fetched then too; built from browser.Worker
	Manifest string // the manifest of the language's shards; their names are relative to it
	Root     string // the site's root, "/" or the base path: a hit's path is relative to it
}

// Name is the site's title and, where it has one, its tagline.
func (s SiteView) Name() string {
	if s.Tagline == "" {
		return s.Title
	}
	return s.Title + " – " + s.Tagline
}

// LanguageView is a language as layouts see it.
type LanguageView struct {
	Code   string // "fr"
	Name   string // "Français"
	Locale string // "fr-FR"
}

// Translation is one language version of a page.
type Translation struct {
	LanguageView
	Title     string
	URL       string
	Permalink string
	Current   bool
}

// Link is a titled URL. URL is root-relative unless External.
type Link struct {
	Title    string
	URL      string
	External bool
	Lang     string // set where the title and what it leads to are in another language
}

// MenuItem is a link of a menu.
type MenuItem struct {
	Link
	Current bool // this very page
	Within  bool // a page below it
}

// FeedLink announces a feed.
type FeedLink struct {
	Title string
	Type  string // media type: application/atom+xml or application/feed+json
	URL   string
}

// Date is a date as layouts show it.
type Date struct {
	ISO   string // the value of <time datetime>: 2025-04-17T09:00:00+02:00, 2025-04-17, 2025-04 or 2025
	Text  string // « 17 avril 2025 », « avril 2025 », « 2025 »
	Short string // « 17 avr. 2025 »
	Time  string // « 9 h 05 », "" where the date has no time of day
}

// Heading is an entry of the table of contents.
type Heading struct {
	ID       string
	Title    string
	Children []Heading
}

// Card is a page as lists show it.
type Card struct {
	Title       string
	URL         string
	Description string
	Kind        string // "article", "provider", …
	KindTitle   string // « Fournisseurs »
	Form        string // « Analyse », "" without
	Date        *Date
	Updated     *Date
	Tags        []Link
	ReadingTime int
	Image       *Image
	Lang        string // set where it differs from the page's language
	Count       int    // for taxonomy terms and subsections: how many pages
}

// CardGroup is a titled group of pages: a letter, a year, a month, a section.
type CardGroup struct {
	Title string
	ID    string
	URL   string // "" where the group has no page of its own
	Count int
	Pages []Card
}

// Image is a picture with its intrinsic size.
type Image struct {
	URL    string
	SrcSet string
	Width  int
	Height int
	Alt    string
}

// Paginator says where a page of a list stands among the others.
type Paginator struct {
	Page     int // from 1
	Total    int
	Previous string // URL, "" on the first page
	Next     string
	Pages    []PageNumber // a window around the current page, first and last always present
}

// PageNumber is one link of a paginator; Gap stands for the numbers left out.
type PageNumber struct {
	Number  int
	URL     string
	Current bool
	Gap     bool
}

// SourceView is a publication cited on the page.
type SourceView struct {
	Number    int
	ID        string // anchor on the page: "source-1"
	Title     string
	Publisher string
	URL       string // "" where the source has no full address
	Reference string // the publisher's identifier
	Archived  string
	Lang      string
	LangName  string // set where the source is not in the page's language
	Date      *Date
	Accessed  *Date
	Type      string // official | press | company | secondary
	TypeTitle string // « Officielle »
	Note      string
	Uses      []CitationUse // where the page cites it
}

// CitationUse is one place that cites a source.
type CitationUse struct {
	Anchor  string // id of the citation mark
	Label   string // "a", "b", …
	Locator string // "p. 12"
}

// FactGroup is the facts of one property.
type FactGroup struct {
	Property string     // "staff"
	Title    string     // « Effectif »
	Facts    []FactView // current first, then announced, disputed, to-confirm, superseded, withdrawn
}

// FactView is a sourced, dated statement.
type FactView struct {
	ID          string        // anchor on the page: "fait-staff"
	Value       template.HTML // with its unit, links and typography
	AsOf        *Date
	Status      string // current | announced | disputed | superseded | withdrawn | to-confirm
	StatusTitle string // « annoncé »
	Past        bool   // superseded or withdrawn: to be folded away
	Sources     []FactSource
	Publishers  []string // who says so
	Note        string
	Lang        string // of Value and Note, set where it differs from the page's
}

// FactSource refers a fact or event to an entry of the page's list of sources.
type FactSource struct {
	Number int
	URL    string // "#source-3"; on other pages with the page's address in front
	Title  string // publisher and date, for the link's title
	// Publisher names the source where there is room for little more than a number.
	Publisher string
}

// EventView is a dated event.
type EventView struct {
	ID          string
	Date        *Date
	Title       string
	Lang        string // of Title and Note, set where it differs from the page\'s
	URL         string // the page it stands on
	Actors      []Link
	Scheme      *Link
	Milestone   string // "J0" … "J3"
	Expires     *Date
	Status      string // as FactView.Status
	StatusTitle string // "" for current
	Days        int    // whole days from the build's clock to the event, negative in the past
	Sources     []FactSource
	Note        string
}

// Meta is what the head announces to machines.
type Meta struct {
	Type        string // Open Graph: "website" or "article"
	SiteName    string
	Locale      string // fr_FR
	AltLocales  []string
	Image       string // absolute URL
	ImageWidth  int
	ImageHeight int
	ImageAlt    string
	Published   string // RFC 3339
	Modified    string
	Section     string
	TagNames    []string
	JSONLD      []template.JS // one JSON-LD object per entry, safe inside a script element
	Previous    string        // absolute URLs of the list's neighbours
	Next        string
}
