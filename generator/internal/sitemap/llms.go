package sitemap

import (
	"bytes"
	"strings"
)

// LLMs is the content of an llms.txt (llmstxt.org): Markdown that leads language
// models to a site's pages in plain form.
type LLMs struct {
	Title    string   // the site's name, plain text
	Summary  string   // one paragraph of plain text, or ""
	Notes    []string // further paragraphs of Markdown without headings
	Sections []LLMSection
	Optional []LLMLink // what a short context may leave out
}

// LLMSection is a titled list of links. One without links is left out.
type LLMSection struct {
	Title string // plain text; "Optional" is reserved
	Links []LLMLink
}

// LLMLink is one page; its URL best leads to its Markdown twin.
type LLMLink struct {
	Title string // plain text
	URL   string // absolute
	Notes string // plain text, or ""
}

// Text returns the file's Markdown. The error lists what breaks the format.
func (l LLMs) Text() ([]byte, error) {
	x := fault{file: "llms.txt"}
	var b bytes.Buffer
	if words(l.Title) == "" {
		x.add("title missing")
	}
	b.WriteString("# " + plain(l.Title) + "\n")
	if s := plain(l.Summary); s != "" {
		b.WriteString("\n> " + s + "\n")
	}
	for _, note := range l.Notes {
		for text := range strings.Lines(note) {
			if strings.HasPrefix(strings.TrimLeft(text, " "), "#") {
				x.add("notes hold the heading %q", strings.TrimSpace(text))
			}
		}
		b.WriteString("\n" + strings.TrimSpace(note) + "\n")
	}
	section := func(title string, links []LLMLink) {
		if len(links) == 0 {
			return
		}
		b.WriteString("\n## " + plain(title) + "\n\n")
		for _, link := range links {
			x.web("link", link.URL)
			if words(link.Title) == "" {
				x.add("title of the link %q missing", link.URL)
			}
			b.WriteString("- [" + plain(link.Title) + "](" + destination.Replace(link.URL) + ")")
			if notes := plain(link.Notes); notes != "" {
				b.WriteString(": " + notes)
			}
			b.WriteByte('\n')
		}
	}
	for _, s := range l.Sections {
		if words(s.Title) == "" || strings.EqualFold(words(s.Title), "optional") {
			x.add("section has the title %q, which is empty or reserved", s.Title)
		}
		section(s.Title, s.Links)
	}
	section("Optional", l.Optional)
	if err := x.err(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// words returns text on one line. It folds ASCII space alone: no-break spaces
// are part of the text.
func words(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool {
		return r <= ' ' || r == 0x7F
	}), " ")
}

// markup escapes what Markdown would read as more than text.
var markup = strings.NewReplacer(`\`, `\\`, `[`, `\[`, `]`, `\]`, `*`, `\*`, `_`, `\_`, "`", "\\`", `<`, `\<`, `#`, `\#`)

// destination escapes what would end a link's address.
var destination = strings.NewReplacer("(", "%28", ")", "%29", " ", "%20", "<", "%3C", ">", "%3E", `\`, "%5C")

// plain returns text as Markdown that reads as text, on one line.
func plain(text string) string { return markup.Replace(words(text)) }
