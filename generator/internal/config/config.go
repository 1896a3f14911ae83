// Package config owns the site's configuration: what config.toml may say, its
// defaults and the checks that need nothing but the file itself.
//
// [Load] reads it strictly. The package never looks at content, layouts or the
// environment; what can only be judged with pages at hand (a menu's page, a
// publication's page) is checked where the pages are.
package config

import (
	"time"

	"vigie/generator/internal/diag"
	"vigie/generator/internal/permalink"
	"vigie/generator/internal/record"
)

// Config is the whole of config.toml with defaults filled in. Every map has a
// sorted slice of its keys beside it where order shows; Kinds and Properties keep
// the file's order.
type Config struct {
	Source *diag.Source // config.toml

	Title       Text
	Tagline     Text
	Description Text
	BaseURL     permalink.Base
	Language    string // the default language's code
	// LanguageGiven reports whether the configuration names it; else it is French.
	LanguageGiven bool
	Location      *time.Location       // dates without a zone are read in it
	Paginate      int                  // pages on one page of a list; at least 1
	Image         record.Field[string] // static path of the image shared for pages without one; "" without

	Languages []Language // the default first, the others by code
	Kinds     []Kind     // in the file's order; the built-in kind "page" always among them, last unless declared
	// Properties are the declared properties of facts by name.
	Properties map[string]Property
	Taxonomies []Taxonomy             // by name; "tags" and "authors" always among them, open unless declared
	Menus      map[string][]MenuEntry // "main", "footer"
	// Publication names the pages a publication owes its readers by role: about,
	// sourcing, corrections, privacy, accessibility, legal, search_help.
	Publication map[string]record.Field[string]
	// Views names the pages that show what is made from facts, events and sources, by
	// view (see [Views]).
	Views map[string]record.Field[string]

	UnknownKeys UnknownKeys        // [front_matter] unknown
	RawHTML     RawHTML            // [markdown] raw_html
	Callouts    map[string]Callout // [markdown.callouts], by name in lower case
	TermLinks   bool               // [markdown] term_links: the first use of a glossary's term leads to it
	FeedLimit   int                // entries in a feed; at least 1
	Check       Check              // what vigie check is told
	Content     Content            // [content]
	Data        Data               // [data]
}

// Data says under which terms the site's data may be used, and how it may change.
type Data struct {
	License    Text                 // its name, or that there is none; zero where not given
	LicenseURL record.Field[string] // absolute, or a path of the site; "" without
	Citation   Text                 // how to cite the data; zero where not given
	MaxShrink  int                  // per cent of its rows that a data set may lose from one build to the next; 0 to 100
}

// UnknownKeys says what an unknown front-matter key is.
type UnknownKeys string

// The answers to an unknown front-matter key.
const (
	UnknownError  UnknownKeys = "error"
	UnknownWarn   UnknownKeys = "warn"
	UnknownIgnore UnknownKeys = "ignore"
)

// RawHTML says what becomes of HTML in Markdown.
type RawHTML string

// The answers to HTML in Markdown.
const (
	RawHTMLError    RawHTML = "error"
	RawHTMLSanitize RawHTML = "sanitize"
	RawHTMLTrust    RawHTML = "trust"
)

// Callout is a declared type of callouts.
type Callout struct {
	Title Text   // what readers are told that it is; the name where not given
	Like  string // the type that it looks like; "note" where not given
}

// Language is one of the site's languages.
type Language struct {
	Code   string // "fr": the suffix of translated files
	Name   string // "Français"; the code where not given
	Locale string // "fr-FR" (BCP 47); the code where not given
	Prefix string // first URL segment, without slashes; "" for the default language, the code for others where not given
}

// Kind is a declared kind of page.
type Kind struct {
	Name       string
	Title      Text            // of its section; the name where not given
	Folder     string          // below content/, slash-separated, without slashes at the ends; "" for none
	Permalink  Text            // pattern, without the language's prefix; default "/<folder>/:slug/"
	Layout     string          // default: the kind's name
	LayoutAt   record.Span     // where the layout is named; zero for the default
	Schema     string          // schema.org type; default "WebPage"
	News       bool            // its pages make the front page's news, the feeds and the news sitemap
	Taxonomies []string        // accepted; default: all
	Properties []string        // accepted in facts, in the order shown
	Forms      map[string]Text // the forms a page of the kind may declare
	FormNames  []string        // Forms' keys in the file's order
	// ReviewAfter says when facts on its pages are to be looked at again.
	ReviewAfter Review
	// Translations are the languages its pages are to be translated into, if Set.
	Translations record.Field[[]string]
}

// Property is a declared property of facts.
type Property struct {
	Name     string
	Title    Text
	Type     PropertyType
	Unit     Text
	Multiple bool // several current values do not contradict
	// Inverse is what the thing that a value names is to the one that has it: "owns"
	// for "owned by". Zero where it is not given; properties of type page only.
	Inverse Text
	// After names the properties one of which the thing must have too, and whose
	// dates this one's may not precede: an expiry needs a start.
	After []string
	// ReviewAfter goes before the kind's.
	ReviewAfter Review
}

// PropertyType is the type of a property's values.
type PropertyType string

// The types of a property's values.
const (
	TypeText    PropertyType = "text"
	TypeNumber  PropertyType = "number"
	TypeDate    PropertyType = "date"
	TypeURL     PropertyType = "url"
	TypePage    PropertyType = "page"
	TypeBoolean PropertyType = "boolean"
)

// Taxonomy groups pages by terms: tags, authors.
type Taxonomy struct {
	Name      string
	Title     Text
	Path      Text   // URL segment; default: the name
	Closed    bool   // terms outside Terms are errors
	Schema    string // schema.org type of its terms, such as "Organization"; "" without
	Terms     map[string]Text
	TermNames []string               // Terms' keys in the file's order
	TermAt    map[string]record.Span // where they are written
}

// MenuEntry is a link of a menu: to a page by name, or to a URL with a title.
type MenuEntry struct {
	Page  record.Field[string]
	URL   record.Field[string]
	Title Text // default: the page's title
}
