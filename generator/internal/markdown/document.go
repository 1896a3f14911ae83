package markdown

import (
	"maps"
	"slices"

	"github.com/yuin/goldmark/ast"

	"vigie/generator/internal/diag"
)

// Document is a parsed body. It is immutable and safe for concurrent use.
type Document struct {
	src  *diag.Source
	base int    // where the body begins in src
	text []byte // the body without its comments; positions of the tree count from its start
	cuts []cut  // the comments
	root *ast.Document

	title          string
	headings       []Heading
	anchors        map[string]bool
	notes          []*footnote // in the order of their numbers
	refs           []Reference
	nodes          map[ast.Node]int    // index of a link's or image's reference, or a heading's entry
	html           map[ast.Node]string // raw HTML that passes
	dropped        []edit              // what the page shows nothing of
	demoted        []edit              // headings as they are shown, where they are not as written
	targets        []target            // where each reference is written, as refs
	citations      []Citation
	quotations     []Quotation // their texts have marks for the names of pages
	nameOf         func(Reference) string
	markedPlain    string // these three have marks for the names of pages
	markedLead     string
	markedHeadings []string
	plain          string
	words          int
	lead           string // the first paragraph
}

// Heading is one heading of a document, the title aside.
type Heading struct {
	Level  int    // 2 to 6
	ID     string // the anchor, unique in the document
	Text   string // plain, with typography
	Offset int    // of its first byte in the file
}

// Citation is one publication a document cites.
type Citation struct {
	Number int    // from 1, in the order of first citation
	Source string // the id after @
	Uses   []Use  // in the order of the text; never empty
}

// Use is one place where a publication is cited.
type Use struct {
	Anchor  string // the id of the place in the HTML, "cite-1"; without #
	Locator string // "p. 12", with typography, or ""
	Offset  int    // of the citation in the file
}

// Title returns the text of the level 1 heading that opens the document, or "".
// That heading is the page's title and no part of the rendered HTML.
func (d *Document) Title() string { return d.title }

// Headings returns the headings in order, without the title.
func (d *Document) Headings() []Heading { return slices.Clone(d.headings) }

// HasAnchor reports whether the rendered HTML has an element with that id, or
// will have once the list of sources ("source-1") stands below it.
func (d *Document) HasAnchor(id string) bool { return d.anchors[id] }

// CitedSources returns the ids of the publications cited, each once for each use, in
// the order of their numbers.
func (d *Document) CitedSources() []string {
	var ids []string
	for _, c := range d.citations {
		for range max(1, len(c.Uses)) {
			ids = append(ids, c.Source)
		}
	}
	return ids
}

// StatesFacts tells whether the text shows facts by reference: what it cites depends
// on them.
func (d *Document) StatesFacts() bool {
	return slices.ContainsFunc(d.refs, func(r Reference) bool { return r.Kind == KindFact })
}

// SameAnchors tells whether two documents have the same anchors.
func (d *Document) SameAnchors(e *Document) bool { return maps.Equal(d.anchors, e.anchors) }

// References returns what a [Resolver] will be asked for, in that order.
func (d *Document) References() []Reference { return slices.Clone(d.refs) }

// Citations returns the publications cited, in the order of their numbers.
func (d *Document) Citations() []Citation { return slices.Clone(d.citations) }
