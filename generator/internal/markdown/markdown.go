// Package markdown turns a page's Markdown body into HTML.
//
// A [Converter] is made once for a language and a policy; its Parse reads a body
// into a [Document], an immutable value that answers questions (title, headings,
// references, citations, plain text) and may be rendered many times. What a
// document points at is a [Reference]; a [Resolver], which the caller brings,
// gives each one an address. The Markdown is CommonMark with GitHub's tables,
// task lists, strikethrough and bare URLs, footnotes, definition lists, callouts,
// [[wiki links]], [@citations], [=facts], attributed quotations, figures and
// highlighted code; text gets the typography of its language. What readers see may
// be linked to a glossary ([Terms]).
//
// The package owns everything between the bytes of a body and its HTML, the
// stylesheet of highlighted code included. It never reads files, never knows
// sites, pages or URLs beyond what the resolver says, never lets an author inject
// script unless told to trust raw HTML, and writes no inline style: a strict
// Content-Security-Policy holds for all of its output.
package markdown

import (
	"bytes"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"vigie/generator/internal/diag"
)

// RawHTML says what becomes of HTML written in Markdown. Comments are always
// allowed, and dropped.
type RawHTML string

// The policies.
const (
	// Error lets a few harmless elements pass (br, kbd, sup, abbr, details … without
	// ids and classes), and reports each other piece of HTML and leaves it out. The
	// zero value means the same.
	Error RawHTML = "error"
	// Sanitize keeps harmless elements (b, sub, details, table…) without ids and
	// event handlers, and warns where it drops anything. Links and images are not
	// among them: written as Markdown, their targets are checked.
	Sanitize RawHTML = "sanitize"
	// Trust passes HTML through as it is written.
	Trust RawHTML = "trust"
)

// Options are what a [Converter] needs to know.
type Options struct {
	// Language is the page's language code. "fr" sets French typography, "en"
	// English quotes and dashes; others leave the text as it is.
	Language string
	RawHTML  RawHTML
	// Label returns an interface text by key; nil gives English texts. The keys are
	// callout.note and those of the other types, footnotes, footnote.back (number), citation (number),
	// table.scroll, code.scroll, anchor (heading), task.done, task.open.
	Label func(key string, args ...any) string
	// Callouts are the types of callouts that the site declares, by name in lower case.
	Callouts map[string]Callout
	// Foreign says that the site lets content of other tools in: what they know and
	// Vigie does not is a warning, where the text loses nothing.
	Foreign bool
	// ReservedIDs are the ids the layouts use; headings stay clear of them.
	ReservedIDs []string
	// ImageSizes is the sizes attribute of images that have a srcset; "" means
	// "(min-width: 48rem) 42rem, 100vw".
	ImageSizes string
}

// Converter turns Markdown into HTML. It is immutable and safe for concurrent use.
type Converter struct {
	options  Options
	label    func(key string, args ...any) string
	reserved map[string]bool
	sizes    string
	parser   parser.Parser
	policy   *bluemonday.Policy // nil unless raw HTML is sanitized
}

// New returns a converter.
func New(o Options) *Converter {
	c := &Converter{options: o, label: o.Label, reserved: map[string]bool{}, sizes: o.ImageSizes, parser: newParser()}
	if c.label == nil {
		c.label = englishLabel
	}
	if c.sizes == "" {
		c.sizes = "(min-width: 48rem) 42rem, 100vw"
	}
	if o.RawHTML == Sanitize {
		c.policy = newPolicy()
	}
	for _, id := range o.ReservedIDs {
		c.reserved[id] = true
	}
	return c
}

// newParser returns goldmark's parser with this package's extensions. Priorities
// follow goldmark's: the lower is asked first.
func newParser() parser.Parser {
	return parser.NewParser(
		parser.WithBlockParsers(
			util.Prioritized(keepProse{parser.NewSetextHeadingParser(parser.WithHeadingAttribute()), underlineIsProse}, 100),
			util.Prioritized(keepProse{extension.NewDefinitionListParser(), definitionIsProse}, 101),
			util.Prioritized(extension.NewDefinitionDescriptionParser(), 102),
			util.Prioritized(parser.NewThematicBreakParser(), 200),
			util.Prioritized(keepProse{parser.NewListParser(), listIsProse}, 300),
			util.Prioritized(parser.NewListItemParser(), 400),
			util.Prioritized(parser.NewCodeBlockParser(), 500),
			util.Prioritized(keepProse{parser.NewATXHeadingParser(parser.WithHeadingAttribute()), headingIsProse}, 600),
			util.Prioritized(parser.NewFencedCodeBlockParser(), 700),
			util.Prioritized(keepProse{parser.NewBlockquoteParser(), quoteIsProse}, 800),
			util.Prioritized(htmlBlockParser{parser.NewHTMLBlockParser()}, 900),
			util.Prioritized(extension.NewFootnoteBlockParser(), 999),
			util.Prioritized(parser.NewParagraphParser(), 1000),
		),
		parser.WithInlineParsers(
			util.Prioritized(extension.NewTaskCheckBoxParser(), 0),
			util.Prioritized(foreignParser{}, 50),
			util.Prioritized(parser.NewCodeSpanParser(), 100),
			util.Prioritized(footnoteParser{}, 101),
			util.Prioritized(wikiParser{}, 102),
			util.Prioritized(citationParser{}, 103),
			util.Prioritized(factParser{}, 104),
			util.Prioritized(linkParser{parser.NewLinkParser()}, 200),
			util.Prioritized(parser.NewAutoLinkParser(), 300),
			util.Prioritized(parser.NewRawHTMLParser(), 400),
			util.Prioritized(emphasisParser{parser.NewEmphasisParser()}, 500),
			util.Prioritized(emphasisParser{extension.NewStrikethroughParser()}, 500),
			util.Prioritized(highlightParser{}, 500),
			util.Prioritized(linkifyParser{}, 999),
		),
		parser.WithParagraphTransformers(
			util.Prioritized(limitTransformer{}, 10),
			util.Prioritized(calloutTransformer{}, 50),
			util.Prioritized(attributionTransformer{}, 60),
			util.Prioritized(parser.LinkReferenceParagraphTransformer, 100),
			util.Prioritized(tableTransformer{extension.NewTableParagraphTransformer()}, 200),
		),
		parser.WithASTTransformers(
			util.Prioritized(extension.NewTableASTTransformer(), 0),
		),
	)
}

// Parse reads the Markdown of src that begins at the byte offset body. The
// diagnostics stand in the order of the text, at exact positions of src. The
// document is never nil, and it may be rendered whatever the diagnostics say.
func (c *Converter) Parse(src *diag.Source, body int) (*Document, diag.List) {
	return c.ParsePage(src, body, Page{})
}

// ParsePage is Parse for the body of a page: a heading that repeats its title is left
// out, and what its facts rest on is numbered among what the text cites.
func (c *Converter) ParsePage(src *diag.Source, body int, page Page) (*Document, diag.List) {
	body = min(max(body, 0), len(src.Text()))
	if body == 0 && bytes.HasPrefix(src.Text(), []byte("\ufeff")) {
		body = len("\ufeff")
	}
	d := &Document{src: src, base: body, text: src.Text()[body:], root: ast.NewDocument()}
	s := newSurvey(c, d)
	s.page = page
	if s.check() {
		s.conceal()
		pc := parser.NewContext()
		pc.Set(surveyKey, s)
		d.root = c.parser.Parse(text.NewReader(d.text), parser.WithContext(pc)).(*ast.Document)
		s.context = pc
		s.run()
	}
	return d, s.diags.Sort()
}

// surveyKey holds the *survey that the extensions' parsers report to.
var surveyKey = parser.NewContextKey()
