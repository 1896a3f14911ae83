package check

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"vigie/generator/internal/content"
	"vigie/generator/internal/diag"
	"vigie/generator/internal/frontmatter"
	"vigie/generator/internal/record"
)

// fileName is the file of the judged queries as diagnostics name it.
var fileName = path.Join(content.Dir, content.QueriesFile)

// judgement is a query with the pages that answer it, in the query's language.
type judgement struct {
	query, class, lang string
	pages              []*content.Page
	position           diag.Position
}

// queryMatter is a query as it is written.
type queryMatter struct {
	Query record.Field[string]                 `record:"query,required"`
	Class record.Field[string]                 `record:"class,required"`
	Lang  record.Field[string]                 `record:"lang"`
	Pages record.Field[[]record.Field[string]] `record:"pages,required"`
}

// reader carries the reading of the judged queries.
type reader struct {
	site  *content.Site
	src   *diag.Source
	first map[string]diag.Position // where each query of a language was first written
	diags diag.List
}

// readQueries reads the site's judged queries, and reports what is wrong with them.
func readQueries(site *content.Site) ([]judgement, diag.List) {
	text, err := fs.ReadFile(site.Files(), content.QueriesFile)
	if err != nil {
		d := diag.Errorf(diag.Position{File: fileName}, "no-queries", "file cannot be read: %s", cause(err))
		if errors.Is(err, fs.ErrNotExist) {
			d = d.WithSuggestion("write [[queries]] with query, class and pages")
		}
		return nil, diag.List{d}
	}
	r := &reader{site: site, src: diag.NewSource(fileName, text), first: map[string]diag.Position{}}
	if list := frontmatter.CheckText(r.src); list.HasErrors() {
		return nil, list
	}
	table, list := record.ParseTOML(r.src, 0, len(text))
	if table == nil || list.HasErrors() {
		return nil, list
	}
	var file struct {
		Queries record.Field[[]record.Field[queryMatter]] `record:"queries,required"`
	}
	r.diags = append(list, table.Decode(&file, record.DecodeOptions{})...)
	if at := file.Queries.Span; file.Queries.Set && len(file.Queries.Value) == 0 {
		r.report(r.src.Errorf(at.Offset, at.Length, "no-queries", "queries is empty").WithSuggestion("write [[queries]] with query, class and pages"))
	}
	var judged []judgement
	for _, q := range file.Queries.Value {
		if j, ok := r.query(q.Value); ok {
			judged = append(judged, j)
		}
	}
	return judged, r.diags
}

// query checks one query. It is not fit to be asked where anything is wrong with it.
func (r *reader) query(m queryMatter) (judgement, bool) {
	if !m.Query.Set || !m.Class.Set || !m.Pages.Set || m.Lang.Key.Length > 0 && !m.Lang.Set {
		return judgement{}, false // reported as missing or of the wrong type
	}
	j := judgement{
		query: m.Query.Value, class: m.Class.Value, lang: r.site.Config.Language,
		position: r.src.Position(m.Query.Span.Offset),
	}
	if m.Lang.Set {
		j.lang = m.Lang.Value
	}
	before := len(r.diags)
	if strings.TrimSpace(j.query) == "" {
		r.report(r.errorf(m.Query, "empty-query", "query is empty").WithSuggestion("write what a reader would type, or remove the table"))
	}
	if strings.TrimSpace(j.class) == "" {
		r.report(r.errorf(m.Class, "empty-class", "class is empty").WithSuggestion(`name what the query tries, such as "typo"`))
	}
	key := j.lang + " " + j.query
	if first, taken := r.first[key]; taken {
		r.report(r.errorf(m.Query, "duplicate-query", "query %q is written twice", j.query).
			WithSuggestion("remove one").WithNote(first, "first written here"))
	} else {
		r.first[key] = j.position
	}
	if _, declared := r.site.Config.LanguageOf(j.lang); !declared {
		codes := r.languages()
		r.report(r.errorf(m.Lang, "unknown-language", "language %q is not declared in config.toml", j.lang).
			WithSuggestion("%s", cmp.Or(diag.DidYouMean(j.lang, codes), "declared are "+strings.Join(codes, ", "))))
		return judgement{}, false // no page is in such a language
	}
	if len(m.Pages.Value) == 0 {
		r.report(r.src.Errorf(m.Pages.Span.Offset, m.Pages.Span.Length, "no-pages", "query has no page").WithSuggestion("name the pages that answer it"))
	}
	for _, name := range m.Pages.Value {
		if !name.Set {
			continue // reported as of the wrong type
		}
		if p := r.page(name, j.lang); p != nil {
			j.pages = append(j.pages, p)
		}
	}
	return j, len(r.diags) == before
}

// page returns the page that a wiki link in language lang would lead to, nil for one
// that search cannot find.
func (r *reader) page(name record.Field[string], lang string) *content.Page {
	p, candidates := r.site.Lookup(lang, name.Value)
	d := r.errorf(name, "unknown-page", "unknown page %q in query", name.Value)
	switch {
	case len(candidates) > 0:
		d.Rule, d.Message = "ambiguous-page", fmt.Sprintf("page %q in query could be %s", name.Value, strings.Join(candidates, " or "))
		r.report(d.WithSuggestion("write the path of one"))
		return nil
	case p == nil:
		r.report(d.WithSuggestion("%s", cmp.Or(diag.DidYouMean(name.Value, r.site.Names()), "write the page, or correct the name")))
		return nil
	}
	d.Rule = "unsearched-page"
	why := r.site.WhyHidden(p)
	switch {
	case why != "":
		d.Message = fmt.Sprintf("page %q in query %s", name.Value, why)
		r.report(d.WithSuggestion("publish it, or build with --drafts or --future"))
		return nil
	case p.Lang != lang:
		d.Message = fmt.Sprintf("page %q in query is not written in %q", name.Value, lang)
		r.report(d.WithSuggestion("translate it, or name another page"))
		return nil
	case p.IsHome || p.File == nil:
		d.Message = fmt.Sprintf("page %q in query is not searched: it is the home page or made by the build", name.Value)
		r.report(d.WithSuggestion("name another page"))
		return nil
	}
	return p
}

// languages lists the codes of the site's languages.
func (r *reader) languages() []string {
	var codes []string
	for _, l := range r.site.Config.Languages {
		codes = append(codes, l.Code)
	}
	return codes
}

func (r *reader) report(d diag.Diagnostic) { r.diags = append(r.diags, d) }

// errorf returns an error at a value of the file.
func (r *reader) errorf(at record.Field[string], rule, format string, args ...any) diag.Diagnostic {
	return r.src.Errorf(at.Span.Offset, at.Span.Length, rule, format, args...)
}

// cause is an error's text without the path, which the position already names.
func cause(err error) string {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		err = pathError.Err
	}
	return err.Error()
}
