// Package render turns a site's model into the set of files that is published:
// content × Markdown × layouts → HTML pages, lists, feeds, sitemaps, Markdown
// twins and redirects.
//
// [Render] is its one entry. It works in passes over all pages, each parallel:
// parse the Markdown, link the pages with each other, render the bodies, execute
// the layouts. [View] is what layouts see.
//
// The package never reads content/ but through the site's file system, never
// writes to disk and looks at no clock but the site's.
package render

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"vigie/generator/internal/config"
	"vigie/generator/internal/content"
	"vigie/generator/internal/diag"
	"vigie/generator/internal/layout"
	"vigie/generator/internal/markdown"
	"vigie/generator/internal/publish"
	"vigie/generator/internal/search"
)

// Input is what a site is rendered from.
type Input struct {
	Site    *content.Site
	Layouts fs.FS // rooted at layouts/
	Static  fs.FS // rooted at static/
	// Scripts is the source of the browser's search (see [searchEntries]). A
	// site without it is published without search.
	Scripts fs.FS
	// Progress, if not nil, is called as pages are done, from any goroutine.
	Progress func(stage string, done, total int)
}

// Output is a rendered site.
type Output struct {
	Files     *publish.Set
	Counts    Counts
	Data      Data
	Documents map[string][]search.Document // what search may find, by language; nil unless Input.Scripts is set
	// SearchPages are the site paths of the search pages by language, the default
	// language's first.
	SearchPages []SearchPage
}

// SearchPage is where a language's search page and manifest stand.
type SearchPage struct {
	Lang     string
	Path     string // site path of the page: "/search/"
	Manifest string // site path of what the browser's search loads first: "/search/fr.bin"
}

// Counts says what was rendered.
type Counts struct {
	Pages   int            // pages that editors wrote
	ByKind  map[string]int // of those
	Lists   int            // pages made by the build: lists, archives, redirects
	Images  int
	Facts   int
	Events  int
	Sources int
	// Quotations are those whose last line says whose words they are.
	Sourced    int // facts that have a source and a date
	Quotations int
	Hidden     int            // drafts and pages of the future
	Language   map[string]int // written pages by language
}

// Render makes the site's files. Where diagnostics hold an error the set is not
// fit to be published.
func Render(ctx context.Context, in Input) (Output, diag.List) {
	r := &renderer{site: in.Site, config: in.Site.Config, static: in.Static, scripts: in.Scripts, progress: in.Progress, set: &publish.Set{},
		machine: map[string]bool{}, bodies: map[*content.Page]*body{}, converters: map[string]*markdown.Converter{}}
	if !r.prepare(in) {
		return Output{Files: r.set}, r.diags.Sort()
	}
	r.parse(ctx)
	if r.interrupted(ctx) {
		return Output{Files: r.set}, r.diags.Sort()
	}
	r.connect()
	r.pictures = newPictures(r)
	r.prepareLanguages()
	r.prepareFeatures()
	r.prepareGlossary()
	r.checkCited()
	r.checkMissing()
	r.prepareHistory()
	r.prepareCalendars()
	r.prepareData()
	r.renderPages(ctx)
	r.renderLists(ctx)
	r.renderFeeds(ctx)
	r.renderHistory(ctx)
	r.renderCalendars()
	r.renderData()
	r.renderMachineFiles()
	r.renderRedirects()
	r.copyStatic()
	out := Output{Files: r.set, Counts: r.count(), Data: r.published()}
	if r.scripts != nil && !r.diags.HasErrors() {
		out.Documents, out.SearchPages = r.documents(), r.searchPages()
	}
	r.checkStrings() // after all that speaks
	r.interrupted(ctx)
	return out, r.diags.Sort()
}

// interrupted tells, and reports, whether the build is to end here.
func (r *renderer) interrupted(ctx context.Context) bool {
	err := context.Cause(ctx)
	if err != nil {
		r.report(diag.Errorf(diag.Position{}, "interrupted", "build was interrupted: %v", err))
	}
	return err != nil
}

// renderer carries one rendering through its passes.
type renderer struct {
	site       *content.Site
	config     *config.Config
	layouts    *layout.Set
	strings    map[string]*layout.Strings // by language
	converters map[string]*markdown.Converter
	static     fs.FS
	scripts    fs.FS             // nil without search
	script     map[string]string // published paths of the browser's search, by entry point
	assets     map[string]string // source path below static/ → published path
	statics    map[string]bool   // files of static/ that are published as they are
	pictures   *pictures
	bodies     map[*content.Page]*body
	features   map[*content.Page]string // the view of config.toml's [views] that a page shows
	language   map[string]*languageParts
	glossary   map[string]*glossary             // by language; without one, nil
	cited      map[*content.Source][]*sourceUse // what rests on each source
	extra      []*View                          // pages that views made below their own, for the sitemap
	history    history
	calendars  map[*content.Page]calendar
	data       *openData                         // nil without a page that shows it
	machine    map[string]bool                   // site paths of what views make for pages to link to
	dated      map[*content.Page][]*content.Page // by section page: its dated pages, newest first
	place      map[*content.Page]int             // of a page in its section
	lists      int
	progress   func(stage string, done, total int)
	set        *publish.Set

	mu    sync.Mutex
	diags diag.List
}

func (r *renderer) report(list ...diag.Diagnostic) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.diags = append(r.diags, list...)
}

// add puts a file into the set; a path taken twice is a diagnostic about origin.
func (r *renderer) add(file string, data []byte, origin string) {
	if err := r.set.Add(file, data, origin); err != nil {
		r.report(diag.Errorf(diag.Position{File: origin}, "duplicate-url", "%v", err).WithSuggestion("rename one of the two"))
	}
}

// prepare loads the layouts, the interface's texts and the assets.
func (r *renderer) prepare(in Input) bool {
	var codes []string
	for _, home := range r.site.Homes {
		codes = append(codes, home.Lang)
	}
	var list diag.List
	r.strings, list = layout.LoadStrings(in.Layouts, "layouts", codes)
	r.report(list...)
	r.buildAssets()
	r.buildScripts()
	r.layouts, list = layout.Load(in.Layouts, "layouts", r.functions())
	r.report(list...)
	if r.diags.HasErrors() {
		return false
	}
	for _, code := range codes {
		texts := r.strings[code]
		r.converters[code] = markdown.New(markdown.Options{
			Language: code, RawHTML: markdown.RawHTML(r.config.RawHTML), Label: texts.Must, ReservedIDs: r.layouts.IDs(),
		})
	}
	return true
}

// body is a page's Markdown on its way to HTML.
type body struct {
	page     *content.Page
	document *markdown.Document
	resolved *markdown.Document // with the titles of what wiki links lead to, for plain texts
	html     []byte
	links    []*content.Page // pages of the same language that this one links to
	linkedBy []*content.Page
	// computed once, when first asked for
	feedHTML   func() []byte
	references func() *references
}

// parse parses the Markdown of all pages.
func (r *renderer) parse(ctx context.Context) {
	pages := r.site.Pages
	bodies := make([]*body, len(pages))
	lists := make([]diag.List, len(pages))
	r.each(ctx, len(pages), func(i int) {
		p := pages[i]
		bodies[i] = &body{page: p}
		if p.File == nil {
			return
		}
		bodies[i].document, lists[i] = r.converters[p.Lang].ParseWith(p.File, p.Body, r.basis(p))
		if title := bodies[i].document.Title(); title != "" && p.TitleGiven() && markdown.Typography(p.Lang, p.Title) != title {
			lists[i] = append(lists[i], diag.Errorf(p.File.Position(p.Body), "two-titles", "body opens with the title %q, and the front matter says %q", title, p.Title).
				WithSuggestion("remove one; the front matter's is shown").AsWarning())
		}
	})
	if ctx.Err() != nil {
		return // not all were parsed
	}
	for i, b := range bodies {
		r.report(lists[i]...)
		b.feedHTML = sync.OnceValue(func() []byte { return r.feedBody(b) })
		b.references = sync.OnceValue(func() *references { return r.numberSources(b.page) })
		r.bodies[b.page] = b
	}
}

// connect finds which pages link to which, so that each knows who links to it.
func (r *renderer) connect() {
	for _, p := range r.site.Pages {
		b := r.bodies[p]
		if b.document == nil {
			continue
		}
		resolve := resolver{renderer: r, page: p}
		for _, ref := range b.document.References() {
			target := resolve.pageOf(ref)
			if target == nil || target == p || target.Lang != p.Lang || slices.Contains(b.links, target) {
				continue
			}
			b.links = append(b.links, target)
			if !p.IsSection {
				t := r.bodies[target]
				t.linkedBy = append(t.linkedBy, p)
			}
		}
	}
}

// each calls do for 0 … n-1 on all cores, until ctx is done.
func (r *renderer) each(ctx context.Context, n int, do func(i int)) {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i := range n {
		if ctx.Err() != nil {
			break
		}
		g.Go(func() error {
			do(i)
			return nil
		})
	}
	_ = g.Wait()
}

// renderPages renders every page that has a body of its own.
func (r *renderer) renderPages(ctx context.Context) {
	pages := r.site.Pages
	lists := make([]diag.List, len(pages))
	r.each(ctx, len(pages), func(i int) {
		b := r.bodies[pages[i]]
		if b.document == nil {
			return
		}
		resolve := resolver{renderer: r, page: b.page}
		b.resolved = b.document.Resolve(resolve)
		b.html, lists[i] = r.renderBody(b, resolve)
	})
	views := make([]diag.List, len(pages))
	var done atomic.Int64
	total := 0
	for _, p := range pages {
		if !p.IsSection {
			total++
		}
	}
	r.each(ctx, len(pages), func(i int) {
		p := pages[i]
		if p.IsSection {
			return // with the lists
		}
		view, list := r.pageView(p)
		if views[i] = list; view != nil {
			views[i] = append(list, r.execute(view, outputFile(p.SitePath), p.FileName())...)
		}
		r.addTwin(p)
		if r.progress != nil {
			r.progress("render", int(done.Add(1)), total)
		}
	})
	for i := range pages {
		r.report(lists[i]...)
		r.report(views[i]...)
	}
}

// execute executes a view's layout into a file of the set.
func (r *renderer) execute(view *View, file, origin string) diag.List {
	var b strings.Builder
	if d, ok := r.layouts.Execute(&b, view.Layout, view); !ok {
		return diag.List{d.WithNote(diag.Position{File: origin}, "while rendering this page")}
	}
	r.add(file, []byte(b.String()), origin)
	return nil
}

// outputFile is the file that a site path is published in.
func outputFile(sitePath string) string {
	file := strings.TrimPrefix(sitePath, "/")
	if strings.HasSuffix(sitePath, "/") {
		return file + "index.html"
	}
	return file
}

// count sums up what was rendered.
func (r *renderer) count() Counts {
	c := Counts{ByKind: map[string]int{}, Language: map[string]int{}, Lists: r.lists, Hidden: len(r.site.Hidden), Events: len(r.site.Events), Sources: len(r.site.Sources)}
	for _, p := range r.site.Pages {
		if p.File == nil {
			continue
		}
		c.Pages++
		c.Language[p.Lang]++
		if p.Original == nil {
			c.ByKind[p.Kind.Name]++
			c.Facts += len(p.Facts)
			for _, f := range p.Facts {
				if len(f.Sources) > 0 && !f.AsOf.IsZero() {
					c.Sourced++
				}
			}
			if d := r.bodies[p].document; d != nil {
				c.Quotations += len(d.Quotations())
			}
		}
	}
	c.Images = r.pictures.count()
	return c
}

// checkStrings reports the interface's texts that were wanted and are missing.
func (r *renderer) checkStrings() {
	for lang, texts := range r.strings {
		for _, key := range texts.Missing() {
			r.report(diag.Errorf(diag.Position{File: path.Join("layouts", "i18n", lang+".toml")}, "text", "text %q is missing", key).
				WithSuggestion("add %q = \"…\"", key))
		}
	}
}

// copyStatic publishes the static files that are not built.
func (r *renderer) copyStatic() {
	for _, name := range slices.Sorted(maps.Keys(r.statics)) {
		data, err := fs.ReadFile(r.static, name)
		if err != nil {
			r.report(diag.Errorf(diag.Position{File: path.Join("static", name)}, "unreadable", "file cannot be read: %s", rootCause(err)))
			continue
		}
		r.add(name, data, path.Join("static", name))
	}
	for _, name := range slices.Sorted(maps.Keys(r.site.Resources)) {
		if isImage(name) {
			continue // published as pages use them
		}
		data, err := fs.ReadFile(r.site.Files(), name)
		if err != nil {
			r.report(diag.Errorf(diag.Position{File: path.Join(content.Dir, name)}, "unreadable", "file cannot be read: %s", rootCause(err)))
			continue
		}
		r.add(name, data, path.Join(content.Dir, name))
	}
}

// rootCause is an error's text without the path that the position already names.
func rootCause(err error) string {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		err = pathError.Err
	}
	return fmt.Sprint(err)
}
