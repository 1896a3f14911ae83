package content

import (
	"bytes"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"vigie/generator/internal/config"
	"vigie/generator/internal/diag"
	"vigie/generator/internal/tree"
)

// walk lists the Markdown files and the tables of sources below content/, and records
// all other files as resources. Hidden files (.x), what editors leave behind, what
// [content] ignore names and the judged queries are passed over.
func (l *loader) walk() (pages, tables []string) {
	ignore := newMatches(l.Config.Content.Ignore)
	publish := newMatches(l.Config.Content.Publish)
	err := fs.WalkDir(l.files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			l.report(diag.Errorf(at(name), "unreadable", "file cannot be read: %s", cause(err)))
			return nil
		}
		if e, ok := d.(tree.Entry); ok && e.Spelled != nil {
			l.report(diag.Errorf(at(name), "same-name", "names of %d files differ in the spelling of their accents alone: %s", len(e.Spelled), spell(e.Spelled)).
				WithSuggestion("rename or remove one"))
		}
		if name != "." && ignore.match(name, d.IsDir()) {
			l.LeftOut[name] = "is left out by [content] ignore" // what is in a folder too: links name it
			return nil
		}
		if d.Type()&fs.ModeSymlink != 0 {
			info, err := fs.Stat(l.files, name)
			switch {
			case err != nil:
				l.report(diag.Errorf(at(name), "symlink", "symbolic link cannot be followed: %s", cause(err)).WithSuggestion("remove it, or put back what it leads to"))
				return nil
			case info.IsDir():
				l.report(diag.Errorf(at(name), "symlink", "symbolic link to a folder is not followed").WithSuggestion("put the folder itself here"))
				return nil
			}
		}
		switch {
		case d.IsDir():
		case name == ".":
			l.report(diag.Errorf(at(name), "unreadable", "folder cannot be read: it is a file"))
		case tree.IsConflict(path.Base(name)):
			l.LeftOut[name] = "is left out as a conflicted copy"
			l.report(diag.Errorf(at(name), "conflicted-copy", "file is a copy that a synchronization put aside, and is left out").
				WithSuggestion("take over what it has, and remove it").AsWarning())
		case isDrawing(name):
			l.LeftOut[name] = "is left out: it is data of Obsidian, which shows it"
		case IsMarkdown(name):
			pages = append(pages, name)
		case name == "sources.toml", path.Dir(name) == "sources" && path.Ext(name) == ".toml":
			tables = append(tables, name)
		case name == QueriesFile:
		case l.isForeignPage(name):
			l.LeftOut[name] = "is no Markdown"
		default:
			l.Resources[name] = true
			publish.match(name, false)
		}
		return nil
	})
	if err != nil {
		l.report(diag.Errorf(at("."), "unreadable", "folder cannot be read: %s", cause(err)))
	}
	l.reportUnmatched(ignore, "ignore")
	l.reportUnmatched(publish, "publish")
	return pages, tables
}

// spell writes names so that different spellings look different: signs that combine
// with the one before stand apart.
func spell(names []string) string {
	var list []string
	for _, name := range names {
		var b strings.Builder
		for _, r := range name {
			if r >= 0x300 && r < 0x370 {
				b.WriteString("◌")
			}
			b.WriteRune(r)
		}
		list = append(list, `"`+b.String()+`"`)
	}
	return strings.Join(list, " and ")
}

// isDrawing tells by its name whether a file is a canvas, a base or a drawing that
// Obsidian keeps as data.
func isDrawing(name string) bool {
	folded := strings.ToLower(name)
	return slices.ContainsFunc([]string{".canvas", ".base", ".excalidraw", ".excalidraw.md"}, func(ending string) bool { return strings.HasSuffix(folded, ending) })
}

// pageFormats are endings of files that other generators make pages of.
var pageFormats = []string{
	".html", ".htm", ".xhtml", ".adoc", ".asciidoc", ".ad", ".rst", ".org", ".textile", ".pandoc", ".pdc",
	".mdx", ".rmd", ".qmd", ".mdwn", ".mkdn", ".njk", ".liquid",
}

// isForeignPage tells whether a file is a page of another generator, in a format that
// is not read here: its front matter shows it. It is an error, and not published.
func (l *loader) isForeignPage(name string) bool {
	if !slices.Contains(pageFormats, strings.ToLower(path.Ext(name))) {
		return false
	}
	file, err := l.files.Open(name)
	if err != nil {
		return false // who wants it is told
	}
	defer file.Close()
	head, _ := io.ReadAll(io.LimitReader(file, 64<<10))
	if !HasFrontMatter(head) {
		return false
	}
	position := at(name)
	position.Line, position.Col = 1, 1
	l.report(diag.Errorf(position, "foreign-page", "file has front matter, and pages are written in Markdown").
		WithSuggestion("write it as %s.md; or take the front matter off and put the file into static/; or list it under [content] ignore", strings.TrimSuffix(path.Base(name), path.Ext(name))))
	return true
}

// IsText tells by its name whether a file is text that may be a page of a generator, or
// a copy of one.
func IsText(name string) bool {
	switch ext := strings.ToLower(path.Ext(name)); ext {
	case "", ".txt", ".text", ".old", ".copy", ".ipynb":
		return true
	default:
		return slices.Contains(pageFormats, ext)
	}
}

// HasFrontMatter tells whether a text that is no page opens with what is front matter
// in one: a block of --- or +++, or a JSON object on lines of its own.
func HasFrontMatter(text []byte) bool {
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	first, rest, _ := bytes.Cut(text, []byte("\n"))
	switch first = bytes.TrimRight(first, " \t\r"); string(first) {
	case "---", "+++":
		for line := range bytes.Lines(rest) {
			if bytes.Equal(bytes.TrimRight(line, " \t\r\n"), first) {
				return true
			}
		}
	case "{":
		for line := range bytes.Lines(rest) {
			if bytes.HasPrefix(line, []byte("}")) {
				return true
			}
		}
	}
	return false
}

// WhyLeftOut tells why a file below content/ is not read, as in "page x is left out by
// [content] ignore"; "" for one that is, or that is not there.
func (s *Site) WhyLeftOut(name string) string {
	for {
		for _, ending := range append([]string{""}, Extensions...) {
			if why := s.LeftOut[name+ending]; why != "" {
				return why
			}
		}
		if name = path.Dir(name); name == "." || name == "/" {
			return ""
		}
	}
}

// matches are patterns, and which of them have matched.
type matches struct {
	patterns config.Patterns
	matched  []bool
}

func newMatches(patterns config.Patterns) *matches {
	return &matches{patterns, make([]bool, len(patterns))}
}

func (m *matches) match(name string, isFolder bool) bool {
	places := m.patterns.Match(name, isFolder)
	for _, i := range places {
		m.matched[i] = true
	}
	return len(places) > 0
}

// reportUnmatched warns of patterns of a key of [content] that no file matches.
func (l *loader) reportUnmatched(m *matches, key string) {
	for i, p := range m.patterns {
		if m.matched[i] {
			continue
		}
		cure := "correct or remove it"
		if rest, ok := strings.CutPrefix(p.Value, Dir+"/"); ok {
			cure = "patterns start below content/: write \"" + rest + "\""
		}
		l.report(l.Config.Source.Errorf(p.Span.Offset, p.Span.Length, "unused-pattern", "pattern %q in [content] %s matches no file", p.Value, key).
			WithSuggestion("%s", cure).AsWarning())
	}
}
