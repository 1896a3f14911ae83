package markdown

import (
	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"

	"vigie/generator/internal/diag"
)

// survey walks a parsed tree once, in the order in which it will be rendered. It
// numbers footnotes and citations, gives headings their ids, turns the author's
// text into what readers see, lists the references and reports what is wrong.
// Afterwards the tree is never changed again.
type survey struct {
	c       *Converter
	d       *Document
	page    Page           // whose body it is
	context parser.Context // of the parse, for its link definitions
	diags   diag.List

	ends        map[ast.Node]int     // where links and images end
	definitions map[string]*footnote // by label
	unnumbered  []*footnote          // the definitions in their order
	sources     map[string]int       // index of a cited source in d.citations
	uses        int                  // citations so far
	level       int                  // of the last heading; 1 is the page's title
	opening     *ast.Heading         // of level 1, opens the body, and is not the title
	shift       int                  // how many levels lower headings are shown
	nestedTop   bool                 // a heading of level 1 in a quotation or list was told of
	explicit    map[string]bool      // ids that headings ask for
	slugs       map[string]int       // the next suffix to try for a heading's slug
	inLink      bool
	labels      map[string]bool // that links are written with; nil until they are wanted
	openTags    map[string]int  // raw HTML elements reported in this block of text
	open        []openTag       // HTML elements open among these siblings
	details     []detailsTag
	foreignOpen map[string]int // shortcodes and template tags reported, whose ends are to come
	containers  int            // ::: reported, likewise
	summarized  map[int]bool   // by the offset of a <details>: whether its summary was there
	prose       prose
	plain       plainText
}

func newSurvey(c *Converter, d *Document) *survey {
	d.anchors = map[string]bool{}
	d.nodes = map[ast.Node]int{}
	d.html = map[ast.Node]string{}
	return &survey{
		c: c, d: d, level: 1, prose: prose{odd: wideControls(d.text)},
		ends: map[ast.Node]int{}, definitions: map[string]*footnote{}, sources: map[string]int{},
		explicit: map[string]bool{}, slugs: map[string]int{}, openTags: map[string]int{}, summarized: map[int]bool{},
	}
}

// errorf reports an error about length bytes of the body from offset on. Of more
// than maxFindings only the first are kept, and a remark that there are others.
func (s *survey) errorf(offset, length int, rule, format string, args ...any) *finding {
	if len(s.diags) > maxFindings {
		return &finding{}
	}
	if len(s.diags) == maxFindings {
		s.diags = append(s.diags, s.d.src.Errorf(s.d.place(offset), length, "too-many-findings",
			"body with more than %d findings; the others are not shown", maxFindings))
		return &finding{}
	}
	start := s.d.place(offset)
	s.diags = append(s.diags, s.d.src.Errorf(start, max(s.d.place(offset+length)-start, 0), rule, format, args...))
	return &finding{s.d, &s.diags[len(s.diags)-1]}
}

// full reports whether further findings would not be kept, so that there is no use
// in looking for their cures.
func (s *survey) full() bool { return len(s.diags) > maxFindings }

// finding is a diagnostic just reported, to be completed at once. Its diagnostic
// is nil where it was one too many.
type finding struct {
	d *Document
	*diag.Diagnostic
}

func (f *finding) suggest(format string, args ...any) *finding {
	if f.Diagnostic != nil {
		*f.Diagnostic = f.WithSuggestion(format, args...)
	}
	return f
}

func (f *finding) warning() *finding {
	if f.Diagnostic != nil {
		f.Severity = diag.Warning
	}
	return f
}

func (f *finding) note(offset int, format string, args ...any) *finding {
	if f.Diagnostic != nil {
		*f.Diagnostic = f.WithNote(f.d.src.Position(f.d.place(offset)), format, args...)
	}
	return f
}

func (s *survey) run() {
	s.collect(s.d.root)
	s.takeTitle()
	s.blocks(s.d.root)
	for i := 0; i < len(s.d.notes); i++ { // a footnote may refer to further ones
		s.blocks(s.d.notes[i].node)
	}
	s.checkDetails()
	for _, n := range s.unnumbered {
		if n.number == 0 {
			s.errorf(n.offset, len(n.label)+3, "unused-footnote", "footnote %q is never referred to", n.label).
				suggest("refer to it with [^%s], or remove it", n.label).warning()
		}
	}
	s.unseen()
	s.d.markedPlain, s.d.markedLead = s.plain.b.String(), s.plain.lead
	s.d.fill(Reference.name)
}

// collect finds what must be known before the text is read: footnotes'
// definitions and the ids that headings ask for.
func (s *survey) collect(parent ast.Node) {
	for n := parent.FirstChild(); n != nil; {
		next := n.NextSibling()
		switch n := n.(type) {
		case *extast.FootnoteList:
			for item := n.FirstChild(); item != nil; item = item.NextSibling() {
				s.collect(item)
			}
			s.define(n)
		case *ast.Heading:
			if id, ok := n.AttributeString("id"); ok {
				value, _ := id.([]byte)
				s.explicit[string(value)] = true
			}
		default:
			if n.Type() == ast.TypeBlock {
				s.collect(n)
			}
		}
		n = next
	}
}

// blocks walks the blocks under parent.
func (s *survey) blocks(parent ast.Node) {
	outer := s.openScope()
	defer s.closeScope(parent, outer)
	for n := parent.FirstChild(); n != nil; {
		next := n.NextSibling()
		s.block(n)
		n = next
	}
}

func (s *survey) block(n ast.Node) {
	s.accidents(n)
	switch n := n.(type) {
	case *ast.Heading:
		s.heading(n)
	case *ast.Paragraph:
		s.brokenTable(n)
		s.foreignLines(n)
		if s.blockMark(n) {
			n.Parent().RemoveChild(n.Parent(), n)
		} else if !s.figure(n) {
			s.inlines(n, true)
		}
	case *extast.Table:
		s.tableRows(n)
		s.blocks(n)
	case *ast.TextBlock:
		s.foreignLines(n)
		s.blockMark(n)
		s.inlines(n, false)
	case *extast.TableCell, *extast.DefinitionTerm, *calloutTitle, *attribution:
		s.inlines(n, false)
	case *ast.FencedCodeBlock:
		s.codeBlock(n)
	case *ast.HTMLBlock:
		s.htmlBlock(n)
	case *ast.Blockquote:
		if c := s.callout(n); c != ast.Node(n) {
			s.blocks(c)
		} else {
			s.quotation(n)
		}
	case *ast.CodeBlock, *blockID:
	default:
		s.blocks(n)
	}
}

// inlines walks what stands in a block of text, sets its typography, and adds it
// to the document's plain text. It returns it, with marks for the names of pages.
func (s *survey) inlines(block ast.Node, paragraph bool) string {
	clear(s.openTags)
	s.prose.reset()
	s.walkInlines(block)
	text := s.prose.set(s.c.options.Language)
	s.plain.add(text, paragraph)
	return text
}

// walkInlines gathers the text of parent's children and registers their references.
func (s *survey) walkInlines(parent ast.Node) {
	outer := s.openScope()
	defer s.closeScope(parent, outer)
	for n := parent.FirstChild(); n != nil; {
		next := n.NextSibling()
		switch n := n.(type) {
		case *ast.Text:
			s.controlEntities(n.Segment.Start, n.Segment.Value(s.d.text))
			s.lostBackslashes(n.Segment.Start, n.Segment.Value(s.d.text))
			s.prose.addText(parent, n, s.d.text)
		case *ast.Emphasis:
			if first := s.accidentalEmphasis(n); first != nil {
				next = first
			} else {
				s.walkInlines(n)
			}
		case *ast.CodeSpan:
			code := codeText(n, s.d.text)
			s.foreignCode(n, code)
			s.prose.addObject(code)
		case *ast.AutoLink:
			s.autoLink(n)
		case *ast.Link:
			s.link(n)
		case *ast.Image:
			if link := s.exclaimedLink(n); link != nil {
				s.link(link)
			} else {
				s.image(n)
			}
		case *wikiLink:
			s.wikiLink(n)
		case *embed:
			s.embed(n)
		case *citations:
			s.citations(n)
		case *fact:
			s.fact(n)
		case *footnoteRef:
			s.footnoteRef(n)
		case *ast.RawHTML:
			s.inlineHTML(n)
		default:
			s.walkInlines(n)
		}
		n = next
	}
}
