package markdown

import "vigie/generator/internal/diag"

// Kind tells what a [Reference] was written as.
type Kind int

// The kinds of references.
const (
	KindWiki     Kind = iota // [[name]], [[name|text]], [[name#fragment]]
	KindLink                 // [text](target), <https://…>, a bare URL
	KindImage                // ![alt](target)
	KindCitation             // [@id]
	KindFact                 // [=page.property], [=property], [=page#id]
)

// String returns the kind's name in lower case, as messages use it.
func (k Kind) String() string {
	switch k {
	case KindWiki:
		return "wiki link"
	case KindLink:
		return "link"
	case KindImage:
		return "image"
	case KindCitation:
		return "citation"
	case KindFact:
		return "fact"
	}
	return "reference"
}

// Reference is what a document points at: the question a [Resolver] answers.
type Reference struct {
	Kind Kind
	// Target is what is pointed at, without its fragment and with Markdown's
	// escapes resolved: a page's name (wiki link), a path or URL with its query
	// (link, image; "mailto:a@b.c" for an e-mail address), a source's id without
	// the @ (citation), a page's name (fact). It is empty where a link stays on its
	// page: [[#here]], [x](#here), [=property].
	Target string
	// Fragment is what follows #, without it; links and facts only.
	Fragment string
	// Property is a fact's property; "" where Fragment is the fact's id.
	Property string
	// Label is the text the author gave as plain text: a wiki link's ("" where it
	// has none), a link's, or an image's alternative text.
	Label string
	// Named says that Target is the name of a file wherever it lies, as in ![[plan.png]].
	Named bool
	// Locator is a citation's "p. 12", with typography.
	Locator string
	// Offset and Length are the bytes of the file that the whole construct covers;
	// of one citation in a group such as [@a; @b], "@a" alone.
	Offset, Length int
}

// Resolution is what a reference leads to.
type Resolution struct {
	// URL is written as the address, fragment included. A citation's is the
	// publication's own address, which only a feed links to: on a page a citation
	// leads to the list of sources.
	URL string
	// Text stands for a wiki link that has no label; empty, the target does. A fact's
	// is its value, and TextLang its language where that differs from the page's.
	Text, TextLang string
	// Lang is the target's language where it differs from the page's (lang and hreflang).
	Lang string
	// External marks an address outside the site: class "external", rel "noopener".
	External bool
	// Width and Height are an image's size in CSS pixels, 0 where unknown.
	Width, Height int
	// SrcSet is an image's srcset attribute, or "".
	SrcSet string
	// Title is a citation's publisher and date, or another link's title where the
	// author gave none.
	Title string
	// Term marks a link to what the site's glossary explains (class "term").
	Term bool
}

// Problem is why a reference does not resolve. It becomes a diagnostic at the
// reference's position.
type Problem struct {
	Message    string // starts with a noun, such as `unknown page "blue" in link`
	Suggestion string // the cure, or ""
	Rule       string // stable kebab-case name
	// Severity is diag.Error unless set; a reference with a warning is still not linked.
	Severity diag.Severity
}

// Resolver turns references into addresses. Resolve is called in the order of the
// text, once for every reference of a rendering, from the goroutine that renders.
type Resolver interface {
	Resolve(Reference) (Resolution, *Problem)
}
