package content

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/sync/errgroup"

	"vigie/generator/internal/config"
	"vigie/generator/internal/diag"
	"vigie/generator/internal/frontmatter"
	"vigie/generator/internal/markdown"
	"vigie/generator/internal/permalink"
	"vigie/generator/internal/record"
	"vigie/generator/internal/tree"
)

// Dir is the folder of the content in a site, as diagnostics name it.
const Dir = "content"

// QueriesFile is the file below content/ that says what search is expected to find.
// It is for package check, and not published.
const QueriesFile = "queries.toml"

// Options adjust [Load].
type Options struct {
	Now    time.Time // the build's clock
	Drafts bool      // publish drafts
	Future bool      // publish pages dated after Now
	// Before, if not nil, is the same site as it was, with the same configuration:
	// files that did not change are not read again.
	Before *Site
	// Keep has the site remember what its files said, for a later Before.
	Keep bool
}

// Load reads the site's content from files, the file system rooted at content/. It
// returns as much of the site as could be read, with everything that is wrong.
func Load(ctx context.Context, files fs.FS, cfg *config.Config, o Options) (*Site, diag.List) {
	files = tree.New(files)
	l := &loader{
		Site: &Site{
			Config: cfg, Now: o.Now, Resources: map[string]bool{}, LeftOut: map[string]string{}, files: files,
			sources: map[string]*Source{}, hidden: map[string]string{},
			paths: map[string]*Page{}, urls: map[string]*Page{},
		},
		options: o,
	}
	for _, t := range cfg.Taxonomies {
		if t.Name != "tags" && t.Name != "authors" {
			l.otherTaxonomies = append(l.otherTaxonomies, t.Name)
		}
	}
	pages, tables := l.walk()
	l.read(ctx, pages)
	l.checkSuffixes()
	l.readSources(tables)
	l.translate()
	l.hide()
	l.address()
	l.classify()
	l.index()
	l.state()
	l.tell()
	l.askLanguage()
	l.Faulty = l.diags.HasErrors()
	return l.Site, l.diags.Sort()
}

// loader carries a site through the steps of loading.
type loader struct {
	*Site
	options         Options
	otherTaxonomies []string // declared beside tags and authors
	termsWritten    map[*Term]*termNames
	written         []*Page // those with a file, in its order, as they were read
	late            []lateRemark
	diags           diag.List
}

func (l *loader) report(d diag.Diagnostic) { l.diags = append(l.diags, d) }

// at is the position of a file below content/.
func at(name string) diag.Position { return diag.Position{File: path.Join(Dir, name)} }

// cause is an error's text without the path, which the position already names.
func cause(err error) string {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		err = pathError.Err
	}
	return err.Error()
}

// read parses the front matter of the named files, in parallel.
func (l *loader) read(ctx context.Context, files []string) {
	pages := make([]*Page, len(files))
	lists := make([]diag.List, len(files))
	var next atomic.Int64
	g, _ := errgroup.WithContext(ctx)
	for range runtime.GOMAXPROCS(0) {
		g.Go(func() error {
			r, titles := newTextReader(l.files), newCollation(l.Config.Languages)
			for i := next.Add(1) - 1; i < int64(len(files)); i = next.Add(1) - 1 {
				lists[i] = append(diag.Guard(path.Join(Dir, files[i]), func() {
					pages[i], lists[i] = l.readPage(r, files[i])
					if p := pages[i]; p != nil && p.sortKey == nil {
						p.sortKey = titles.key(p.Lang, p.Title)
					}
				}), lists[i]...)
			}
			return nil
		})
	}
	_ = g.Wait() // no task fails: what is wrong is in lists
	if l.options.Keep {
		l.readings = make(map[string]reading, len(files))
	}
	for i, p := range pages {
		if l.options.Keep && p != nil {
			l.readings[files[i]] = reading{*p, lists[i]}
		}
		l.diags = append(l.diags, lists[i]...)
		if p != nil {
			l.Pages = append(l.Pages, p)
			l.paths[files[i]] = p
			l.written = append(l.written, p)
		}
	}
}

// datePrefix is a date at the start of a file's name, as in 2025-04-17-bleu.md, or
// all of it, as in a diary.
var datePrefix = regexp.MustCompile(`^(\d{4}-\d{2}-\d{2})(?:[-_ ](.+))?$`)

// readPage reads one Markdown file. The page is nil where the file is unusable.
func (l *loader) readPage(r *textReader, name string) (*Page, diag.List) {
	text, size, err := r.read(name)
	switch {
	case err != nil:
		return nil, diag.List{diag.Errorf(at(name), "unreadable", "file cannot be read: %s", cause(err))}
	case size > frontmatter.MaxSize:
		return nil, diag.List{diag.Errorf(at(name), "too-large", "file of %d bytes is larger than the limit of %d", size, frontmatter.MaxSize).
			WithSuggestion("split the page")}
	}
	if p, diags, ok := l.readBefore(name, text); ok {
		return p, diags
	}
	src, diags := frontmatter.Clean(diag.NewSource(path.Join(Dir, name), bytes.Clone(text)))
	table, body, list := frontmatter.Parse(src)
	diags = append(diags, list...)
	if table.Has("excalidraw-plugin") {
		return nil, nil // a drawing's data, kept as Markdown
	}
	p := &Page{File: src, Body: body, Lang: l.Config.Language}
	table, list = l.adapt(p, path.Dir(name), table)
	diags = append(diags, list...)
	diags = append(diags, table.Decode(&p.matter, record.DecodeOptions{
		Noun:    "front matter key",
		Unknown: unknownPolicy(l.Config.UnknownKeys),
		Also:    l.otherTaxonomies,
		Cure:    l.cureOf,
	})...)
	diags = append(diags, l.readTerms(p, table)...)

	stem := Stem(path.Base(name))
	if before, suffix, ok := cutLast(stem, "."); ok {
		if code, declared := l.declaredLanguage(suffix); declared {
			stem, p.Lang = before, code
		}
	}
	p.Dir = strings.TrimPrefix(path.Dir(name), ".")
	p.Path = path.Join(p.Dir, stem)
	p.Name = stem
	switch stem {
	case "_index":
		p.IsSection = true
		p.IsHome = p.Dir == ""
		p.Path, p.Name = p.Dir, path.Base(p.Dir)
		if p.IsHome {
			p.Name = ""
		}
	case "index":
		if p.Dir == "" {
			p.IsSection, p.IsHome = true, true
			p.Path, p.Name = "", ""
			break
		}
		p.IsBundle = true
		p.Path, p.Name = p.Dir, path.Base(p.Dir)
		p.Dir = parentDir(p.Dir)
	}
	var dated string
	if m := datePrefix.FindStringSubmatch(p.Name); m != nil && !p.IsSection {
		dated, p.Name = m[1], cmp.Or(m[2], m[1])
	}
	diags = append(diags, l.settle(p, dated, table.Len() == 0)...)
	l.readHashtags(p)
	return p, diags
}

// reading is what a file said, before it was joined with others.
type reading struct {
	page  Page
	diags diag.List
}

// readBefore returns what a file said in the site as it was, if it says the same now.
func (l *loader) readBefore(name string, text []byte) (*Page, diag.List, bool) {
	if l.options.Before == nil || l.options.Before.Config != l.Config {
		return nil, nil, false
	}
	old, ok := l.options.Before.readings[name]
	if !ok || !bytes.Equal(old.page.File.Text(), text) {
		return nil, nil, false
	}
	p := old.page
	return &p, old.diags, true
}

// settle takes over the front matter's plain values. dated is the date in the
// file's name, bare whether the file has no front matter at all.
func (l *loader) settle(p *Page, dated string, bare bool) (diags diag.List) {
	diags = l.settleKind(p)
	m := &p.matter
	p.Title, p.titleAt = strings.TrimSpace(m.Title.Value), m.Title.Span
	if p.Title == "" && m.Title.Key.Length == 0 {
		p.Title = leadingTitle(markdown.Visible(p.File.Text()[p.Body:]))
	}
	if p.Title == "" && p.IsHome {
		p.Title = l.Config.Title.In(p.Lang)
	}
	if p.Title == "" && p.IsSection && p.Kind.Folder == p.Dir {
		p.Title = sectionTitle(p.Kind, p.Lang)
	}
	if p.Title == "" && !bare && (m.Title.Set || m.Title.Key.Length == 0) { // else reported as of the wrong type
		d := p.errorf(m.Title.Span, "missing-title", "title is missing").WithSuggestion(`add title = "…"`)
		switch l.Config.UnknownKeys { // content of other tools is also called what its file is called
		case config.UnknownError:
			diags = append(diags, d)
		case config.UnknownWarn:
			diags = append(diags, d.AsWarning())
		}
	}
	if p.Title == "" { // a file without front matter is called what its file is called
		p.Title = Humanize(p.Name)
	}
	p.Description = strings.TrimSpace(m.Description.Value)
	p.Weight, p.Image, p.Params = m.Weight.Value, m.Image, m.Params
	p.Aliases, p.Names = splitAliases(m.Aliases, m.Names)
	p.Draft = m.Draft.Value || p.publication.draft != ""
	if m.Expires.Set {
		p.publication = p.publication.join(publication{until: m.Expires.Value.in(l.Config.Location), untilText: sourceLine(p.File, m.Expires.Key, m.Expires.Span)})
	}
	p.TermLinks = m.TermLinks.Value || !m.TermLinks.Set
	var list diag.List
	p.CheckIgnore, list = config.KnownRules(p.File, m.CheckIgnore)
	diags = append(diags, list...)
	if m.Date.Set {
		p.Date, p.HasTime = m.Date.Value.in(l.Config.Location), m.Date.Value.hasTime
	} else if dated != "" {
		t, err := time.ParseInLocation("2006-01-02", dated, l.Config.Location)
		if p.Date = t; err != nil {
			diags = append(diags, p.errorf(record.Span{}, "bad-date", "date %s in the file's name does not exist", dated).WithSuggestion("rename the file"))
		}
	}
	if m.Updated.Set {
		p.Updated, p.UpdatedTime = m.Updated.Value.in(l.Config.Location), m.Updated.Value.hasTime
	}
	p.Slug = permalink.Slug(p.Name)
	if m.Slug.Set {
		if p.Slug = m.Slug.Value; p.Slug != permalink.Slug(p.Slug) || p.Slug == "" {
			repaired := cmp.Or(permalink.Slug(p.Slug), permalink.Slug(p.Name), "a-name")
			if l.lenient() {
				repaired = cmp.Or(lastSlug(p.Slug), repaired)
				p.remark(remark{"foreign-key", "slug", m.Slug.Span, fmt.Sprintf("slug %q has signs that do not belong in an address, and is read as %q", p.Slug, repaired), fmt.Sprintf("write %q", repaired)})
			} else {
				diags = append(diags, p.errorf(m.Slug.Span, "bad-slug", "slug %q has signs that do not belong in an address", p.Slug).WithSuggestion("write %q", repaired))
			}
			p.Slug = repaired
		}
	} else if p.Slug == "" && !p.IsSection {
		diags = append(diags, p.errorf(record.Span{}, "bad-slug", "file name gives no address").WithSuggestion("add a slug"))
	}
	diags = append(diags, l.unusedSlug(p)...)
	switch {
	case !m.Lang.Set || m.Lang.Value == p.Lang:
	case l.lenient():
		p.foreignLang(m.Lang)
	default:
		diags = append(diags, p.errorf(m.Lang.Span, "language", "lang is %q, and the file's name says %q", m.Lang.Value, p.Lang).
			WithSuggestion("name the file x.%s.md, or remove lang", m.Lang.Value))
	}
	return diags
}

// settleKind finds the page's kind, and what the kind says of form and taxonomies.
func (l *loader) settleKind(p *Page) (diags diag.List) {
	m := &p.matter
	dir := p.Dir
	if p.IsBundle {
		dir = p.Path
	}
	p.Kind = l.kindOfFolder(dir)
	if m.Kind.Set {
		kind, ok := l.Config.Kind(m.Kind.Value)
		if !ok && l.lenient() && len(p.Kind.Properties) == 0 {
			p.remark(remark{"ignored-key", "kind " + m.Kind.Value, m.Kind.Span, fmt.Sprintf("kind %q is not declared in config.toml, and ignored", m.Kind.Value), "declare [kinds." + m.Kind.Value + "], or remove it"})
		} else if !ok {
			diags = append(diags, p.errorf(m.Kind.Span, "unknown-kind", "kind %q is not declared in config.toml", m.Kind.Value).
				WithSuggestion("%s", cmp.Or(diag.DidYouMean(m.Kind.Value, kindNames(l.Config)), "declared are "+strings.Join(kindNames(l.Config), ", "))))
		} else {
			p.Kind = kind
		}
	}
	if m.Form.Set {
		p.Form = m.Form.Value
		if _, ok := p.Kind.Forms[p.Form]; !ok {
			d := p.errorf(m.Form.Span, "unknown-form", "form %q is not declared for kind %q", p.Form, p.Kind.Name)
			if len(p.Kind.FormNames) > 0 {
				d = d.WithSuggestion("%s", cmp.Or(diag.DidYouMean(p.Form, p.Kind.FormNames), "declared are "+strings.Join(p.Kind.FormNames, ", ")))
			} else if l.lenient() && len(p.Kind.Properties) == 0 {
				p.remark(remark{"ignored-key", "form " + p.Form, m.Form.Span, d.Message + ", and ignored", "remove it"})
				p.Form = ""
				d.Message = ""
			}
			if d.Message != "" {
				diags = append(diags, d)
			}
		}
	}
	if m.Image.Set && strings.TrimSpace(m.Image.Value) == "" {
		diags = append(diags, p.errorf(m.Image.Span, "unknown-image", "image is empty").WithSuggestion("name a file, or remove the key"))
	}
	return diags
}

func kindNames(cfg *config.Config) []string {
	var list []string
	for _, k := range cfg.Kinds {
		list = append(list, k.Name)
	}
	slices.Sort(list)
	return list
}

func unknownPolicy(u config.UnknownKeys) record.UnknownPolicy {
	switch u {
	case config.UnknownWarn:
		return record.UnknownWarn
	case config.UnknownIgnore:
		return record.UnknownIgnore
	}
	return record.UnknownError
}

func cutLast(s, sep string) (before, after string, ok bool) {
	if i := strings.LastIndex(s, sep); i > 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

// Humanize turns a folder's or file's name into a title: "cloud-act" → "Cloud act".
// A name with spaces, or without letters, is one already.
func Humanize(name string) string {
	words := name
	if !strings.Contains(name, " ") && strings.ContainsFunc(name, unicode.IsLetter) {
		words = strings.Join(strings.FieldsFunc(name, func(r rune) bool { return r == '-' || r == '_' }), " ")
	}
	first, size := utf8.DecodeRuneInString(words)
	if size == 0 {
		return name
	}
	return string(unicode.ToUpper(first)) + words[size:]
}

// leadingTitle returns the text of a "# Title" that opens a Markdown body, or of a
// title underlined with "===".
func leadingTitle(body []byte) string {
	var first []byte
	for line := range bytes.Lines(body) {
		line = bytes.TrimSpace(line)
		switch {
		case first != nil:
			if len(line) == 0 || len(bytes.Trim(line, "=")) > 0 {
				return ""
			}
			return plainTitle(first)
		case len(line) == 0:
		case bytes.HasPrefix(line, []byte("# ")):
			title := bytes.TrimSpace(line[2:])
			if open := bytes.TrimRight(title, "#"); len(open) == 0 || open[len(open)-1] == ' ' || open[len(open)-1] == '\t' {
				title = open // closing signs stand apart: those of "C#" are its own
			}
			return plainTitle(title)
		default:
			first = line
		}
	}
	return ""
}

// readTerms reads what a page lists under the declared taxonomies that have no
// field of their own in the front matter.
func (l *loader) readTerms(p *Page, t *record.Table) (diags diag.List) {
	for _, name := range l.otherTaxonomies {
		v, ok := t.Get(name)
		if !ok || v.Kind() == record.KindNull {
			continue
		}
		f := record.Field[[]record.Field[string]]{Key: t.KeySpan(name), Span: v.Span()}
		list := v.Decode(&f.Value, record.DecodeOptions{Noun: "front matter key", Path: name})
		f.Set = !list.HasErrors()
		diags = append(diags, list...)
		if p.matter.Terms == nil {
			p.matter.Terms = map[string]record.Field[[]record.Field[string]]{}
		}
		p.matter.Terms[name] = f
	}
	return diags
}
