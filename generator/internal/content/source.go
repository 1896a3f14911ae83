package content

import (
	"fmt"
	"io/fs"
	"maps"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"vigie/generator/internal/config"
	"vigie/generator/internal/diag"
	"vigie/generator/internal/edtf"
	"vigie/generator/internal/frontmatter"
	"vigie/generator/internal/record"
)

// Source is a publication that pages cite.
type Source struct {
	ID        string
	Code      string // the editors' own shelf mark, "" without
	Title     string
	Publisher string
	URL       string // "" where there is no full address
	Reference string // the publisher's identifier
	Date      edtf.Date
	Accessed  edtf.Date // zero without
	Lang      string    // BCP 47
	Type      SourceType
	Note      config.Text
	Archived  string

	File       *diag.Source // where it is written
	IDAt       record.Span
	URLAt      record.Span // zero without
	ArchivedAt record.Span // zero without
}

// SourceType says who speaks in a source.
type SourceType string

// The types of sources.
const (
	Official  SourceType = "official"
	Press     SourceType = "press"
	Company   SourceType = "company"
	Secondary SourceType = "secondary"
)

var sourceTypes = []string{string(Official), string(Press), string(Company), string(Secondary)}

// sourceID is the form of a source's id, which citations must be able to write.
var sourceID = regexp.MustCompile(`^[a-z0-9][a-z0-9._:-]*$`)

// readSources reads the tables of sources.
func (l *loader) readSources(files []string) {
	first := map[string]diag.Position{}
	for _, name := range files {
		text, err := fs.ReadFile(l.files, name)
		if err != nil {
			l.report(diag.Errorf(at(name), "unreadable", "file cannot be read: %s", cause(err)))
			continue
		}
		src, strays := frontmatter.Clean(diag.NewSource(path.Join(Dir, name), text))
		l.diags = append(l.diags, strays...)
		l.Tables = append(l.Tables, src)
		if list := frontmatter.CheckText(src); list.HasErrors() {
			l.diags = append(l.diags, list...)
			continue
		}
		table, list := frontmatter.ParseTOML(src)
		l.diags = append(l.diags, list...)
		if table == nil || list.HasErrors() {
			continue
		}
		var file struct {
			Sources []record.Field[sourceMatter] `record:"sources"`
		}
		l.diags = append(l.diags, table.Decode(&file, record.DecodeOptions{Noun: "key"})...)
		for _, m := range file.Sources {
			if s := l.readSource(src, m, first); s != nil {
				l.Sources = append(l.Sources, s)
				l.sources[s.ID] = s
			}
		}
	}
	slices.SortFunc(l.Sources, func(a, b *Source) int { return strings.Compare(a.ID, b.ID) })
}

// readSource checks one source. first holds where each id was first used.
func (l *loader) readSource(src *diag.Source, f record.Field[sourceMatter], first map[string]diag.Position) *Source {
	defer diag.WorkingOn(src.Name())
	m := f.Value
	l.resolveTexts(&m.Note)
	fail := func(at record.Span, rule, format string, args ...any) diag.Diagnostic {
		return src.Errorf(at.Offset, at.Length, rule, format, args...)
	}
	if m.ID.Value == "" {
		return nil // reported as missing
	}
	if !sourceID.MatchString(m.ID.Value) {
		l.report(fail(m.ID.Span, "bad-source", "source id %q may hold lower-case letters, digits and - . _ : only", m.ID.Value))
	}
	if pos, taken := first[m.ID.Value]; taken {
		l.report(fail(m.ID.Span, "duplicate-id", "source id %q is used twice", m.ID.Value).WithNote(pos, "first used here"))
		return nil
	}
	first[m.ID.Value] = src.Position(m.ID.Span.Offset)
	if !slices.Contains(sourceTypes, m.Type.Value) && m.Type.Set {
		l.report(fail(m.Type.Span, "bad-source", "source type %q is unknown", m.Type.Value).
			WithSuggestion("one of %s", strings.Join(sourceTypes, ", ")))
	}
	if m.URL.Value == "" && m.Reference == "" {
		l.report(fail(m.ID.Span, "bad-source", "source %q has neither url nor reference", m.ID.Value).
			WithSuggestion("add the address, or the publisher's identifier as reference"))
	}
	for _, address := range []record.Field[string]{m.URL, m.Archived} {
		if address.Set && !isWebAddress(address.Value) {
			l.report(fail(address.Span, "bad-source", "%q is no web address", address.Value).WithSuggestion("start it with https://"))
		}
	}
	if !m.Accessed.Value.IsZero() && m.Accessed.Value.Start().Before(m.Date.Value.Start()) {
		l.report(fail(m.Accessed.Span, "bad-source", "source was accessed before it was published").WithSuggestion("swap the dates, or correct one"))
	}
	return &Source{
		ID: m.ID.Value, Code: m.Code, Title: m.Title, Publisher: m.Publisher, URL: m.URL.Value, Reference: m.Reference,
		Date: m.Date.Value, Accessed: m.Accessed.Value, Lang: m.Lang.Value, Type: SourceType(m.Type.Value), Note: m.Note,
		Archived: m.Archived.Value,
		File:     src, IDAt: m.ID.Span, URLAt: m.URL.Span, ArchivedAt: m.Archived.Span,
	}
}

// isWebAddress tells whether s is an absolute http or https URL.
func isWebAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
}

// resolveSources returns the sources that names stand for, reporting the unknown.
// what ("fact", "event" or "" for the page itself) and id say who rests on them.
func (l *loader) resolveSources(p *Page, list []record.Field[string], what, id string) []*Source {
	var sources []*Source
	for _, name := range list {
		s := l.sources[name.Value]
		if s == nil && what == "" && l.lenient() && len(p.Kind.Properties) == 0 {
			l.late = append(l.late, lateRemark{p, remark{"ignored-key", "sources", name.Span, fmt.Sprintf("source %q is in no table of sources, and ignored", name.Value), "add it to " + Dir + "/sources.toml, or rename the key"}})
			continue
		}
		if s == nil {
			message := fmt.Sprintf("unknown source %q", name.Value)
			if what != "" {
				message += " of " + what + " " + id
			}
			l.report(l.UnknownSource(p.errorf(name.Span, "unknown-source", "%s", message), name.Value))
			l.Missing = append(l.Missing, MissingSource{name.Value, p, id})
			continue
		}
		if !slices.Contains(sources, s) {
			sources = append(sources, s)
		}
	}
	return sources
}

// MissingSource is a place that rests on a source that no table has.
type MissingSource struct {
	ID        string // the source's
	Page      *Page
	Statement string // the id of the fact or event, "" for the page as a whole
}

// UnknownSource adds to a diagnostic about an unknown source what to do.
func (s *Site) UnknownSource(d diag.Diagnostic, id string) diag.Diagnostic {
	if hint := diag.DidYouMean(id, slices.Collect(maps.Keys(s.sources))); hint != "" {
		return d.WithSuggestion("%s", hint)
	}
	return d.WithSuggestion("add it to %s/sources.toml", Dir)
}
