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
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

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
	// OwnStatic are the files of Static that are the site's, not its theme's; nil for all.
	OwnStatic fs.FS
	// Scripts is the source of the browser's search (see [searchEntries]). A
	// site without it is published without search.
	Scripts fs.FS
	// Progress, if not nil, is called as pages are done, from any goroutine.
	Progress func(stage string, done, total int)
	// Before, if not nil, is the same site as it was: what depends on nothing that
	// changed is taken over from it. Its files are no longer made meanwhile.
	Before *Live
	// SameStatic says that no file of Static, and nothing of the configuration, differs
	// from Before.
	SameStatic bool
	// Trace, if not nil, is that of an earlier rendering of the same site, from which
	// nothing differs but the Markdown of the pages at the Edited places and when they
	// were updated, if they state no facts or events and were not corrected. Files that
	// are as they were are kept ([publish.Set.Keep]), not made.
	Trace  *Trace
	Edited []int
	// Recall, if not nil, is asked for the trace of an earlier [Live], by which bodies
	// that are as they were need not be parsed before somebody reads them. Ground tells
	// all that they are parsed by beside the site.
	Recall func(ground string) (*Trace, []int)
	// Tracing says that [Output.Trace] is wanted.
	Tracing bool
}

// Output is a rendered site.
type Output struct {
	Files     *publish.Set
	Counts    Counts
	Data      Data
	Documents map[string][]search.Document // what search may find, by language; nil unless Input.Scripts is set
	// Known are the sums of those documents, by id, that are as they were. They come
	// without their texts; Whole returns one with them.
	Known map[string][sha256.Size]byte
	Whole func(id string) (search.Document, error)
	// SearchPages are the site paths of the search pages by language, the default
	// language's first.
	SearchPages []SearchPage
	// KeptSearch are the files of search, where they are as they were; else nil.
	KeptSearch []FileTrace

	Kept int // files that are as they were, and were not made

	trace func() *Trace
}

// Trace tells what the files were made from; nil unless Input.Tracing is set. It is not
// to be called twice at a time.
func (o Output) Trace() *Trace {
	if o.trace == nil {
		return nil
	}
	return o.trace()
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
	r, ok := prepared(ctx, in)
	if !ok {
		return Output{Files: &publish.Set{}}, r.diags.Sort()
	}
	return r.output(ctx)
}

// prepared is prepare, without its panics.
func prepared(ctx context.Context, in Input) (r *renderer, ok bool) {
	failed := diag.Guard("", func() { r, ok = prepare(ctx, in) })
	if r == nil {
		r = &renderer{ledger: &ledger{}}
	}
	r.report(failed...)
	return r, ok && len(failed) == 0
}

// output makes all of a prepared site. The list holds what was found before, too.
func (r *renderer) output(ctx context.Context) (Output, diag.List) {
	diags := slices.Clone(r.diags)
	for _, p := range r.site.Pages {
		diags = append(diags, r.bodies[p].problems()...)
	}
	files, list := r.makeAll(ctx)
	diags = append(diags, list...)
	out := Output{Files: files, Counts: r.count(), Data: r.published(), Kept: r.kept()}
	if r.scripts != nil && !diags.HasErrors() {
		diags = append(diags, diag.Guard("", func() { out.Documents, out.Known = r.documents(ctx) })...)
		out.Whole, out.SearchPages = r.whole, r.searchPages()
		out.KeptSearch = r.keptSearch()
	}
	if r.reads != nil && !diags.HasErrors() {
		out.trace = func() *Trace { return r.trace(files) }
	}
	diags = append(diags, r.checkStrings()...) // after all that speaks
	return out, append(diags, interruption(ctx)...).Sort()
}

// prepare does all that comes before the first file is made; ok tells whether any can
// be made.
func prepare(ctx context.Context, in Input) (r *renderer, ok bool) {
	r = &renderer{site: in.Site, config: in.Site.Config, static: in.Static, ownStatic: in.OwnStatic, scripts: in.Scripts, progress: in.Progress,
		ledger: &ledger{}, machine: map[string]bool{}, bodies: map[*content.Page]*body{}, converters: map[string]*markdown.Converter{}}
	if in.Before != nil {
		r.before = in.Before.r
	}
	if in.Tracing {
		r.reads = newReads()
	}
	if !r.load(in) {
		return r, false
	}
	if in.Recall != nil {
		in.Trace, in.Edited = in.Recall(r.ground())
	}
	r.retracing = retrace(in.Site, in.Trace, in.Edited)
	r.parse(ctx)
	if list := interruption(ctx); len(list) > 0 {
		r.report(list...)
		return r, false
	}
	r.connect()
	r.prepareUsage()
	r.pictures, r.before = newPictures(r), nil
	if r.retracing != nil && in.Tracing {
		for i := range in.Trace.Images {
			r.pictures.known[in.Trace.Images[i].Name] = &in.Trace.Images[i]
		}
	}
	r.prepareLanguages()
	r.prepareFeatures()
	r.prepareGlossary()
	r.cited = r.citedSources()
	r.checkMissing()
	r.prepareHistory()
	r.prepareCalendars()
	r.prepareData()
	r.planAll()
	if r.retracing != nil && in.Tracing {
		r.retracing.compare(r)
	}
	return r, true
}

// interruption reports that the build is to end here, if it is.
func interruption(ctx context.Context) diag.List {
	if err := context.Cause(ctx); err != nil {
		return diag.List{diag.Errorf(diag.Position{}, "interrupted", "build was interrupted: %v", err)}
	}
	return nil
}

// renderer carries one rendering through its passes.
type renderer struct {
	site       *content.Site
	config     *config.Config
	layouts    *layout.Set
	strings    map[string]*layout.Strings // by language
	converters map[string]*markdown.Converter
	static     fs.FS
	ownStatic  fs.FS             // see Input
	scripts    fs.FS             // nil without search
	script     map[string]string // published paths of the browser's search, by entry point
	assets     map[string]string // source path below static/ → published path
	statics    map[string]bool   // files of static/ that are published as they are
	usage      usage             // of the files of content/
	pictures   *pictures
	bodies     map[*content.Page]*body
	version    uint64                   // of the bodies; see body.memo
	before     *renderer                // while r is prepared: the site as it was, nil without
	reserved   []string                 // ids that layouts use
	features   map[*content.Page]string // the view of config.toml's [views] that a page shows
	language   map[string]*languageParts
	glossary   map[string]*glossary             // by language; without one, nil
	cited      map[*content.Source][]*sourceUse // what rests on each source
	extra      []job                            // pages that views made below their own, for the sitemap
	history    history
	calendars  map[*content.Page]calendar
	data       *openData                                // nil without a page that shows it
	introduced map[*content.Page]bool                   // pages that stand at the addresses of lists
	versions   map[string]func(*renderer) []Translation // of the lists at site paths
	machine    map[string]bool                          // site paths of what views make for pages to link to
	dated      map[*content.Page][]*content.Page        // by section page: its dated pages, newest first
	place      map[*content.Page]int                    // of a page in its section
	progress   func(stage string, done, total int)

	reads      *reads       // of what is being made; nil unless they are noted
	retracing  *retracing   // nil without an earlier trace
	makings    []making     // of the outputs, when they are made
	searchable []searchable // by place of the page, when documents are made
	*ledger
}

// ledger is what a rendering writes down, from wherever.
type ledger struct {
	mu      sync.Mutex
	outputs []output
	built   []output // of those, the style sheets and scripts
	diags   diag.List
}

func (r *renderer) report(list ...diag.Diagnostic) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.diags = append(r.diags, list...)
}

// load loads the layouts, the interface's texts and the assets.
func (r *renderer) load(in Input) bool {
	var codes []string
	for _, home := range r.site.Homes {
		codes = append(codes, home.Lang)
	}
	var list diag.List
	r.strings, list = layout.LoadStrings(in.Layouts, "layouts", codes)
	r.report(list...)
	if r.before != nil && in.SameStatic {
		r.assets, r.statics, r.script, r.built = r.before.assets, r.before.statics, r.before.script, r.before.built
		r.outputs = slices.Clone(r.built)
	} else {
		r.buildAssets()
		r.buildScripts()
		r.built = slices.Clone(r.outputs)
	}
	r.layouts, list = layout.Load(in.Layouts, "layouts", r.functions())
	r.report(list...)
	if r.diags.HasErrors() {
		return false
	}
	r.reserved = r.layouts.IDs()
	for _, code := range codes {
		texts := r.strings[code]
		r.converters[code] = markdown.New(markdown.Options{
			Language: code, RawHTML: markdown.RawHTML(r.config.RawHTML), Label: texts.Must, ReservedIDs: r.reserved,
			Callouts: calloutsIn(r.config, code), Foreign: r.config.UnknownKeys != config.UnknownError,
		})
	}
	return true
}

// calloutsIn returns the types of callouts that the site declares, in a language.
func calloutsIn(cfg *config.Config, lang string) map[string]markdown.Callout {
	callouts := make(map[string]markdown.Callout, len(cfg.Callouts))
	for name, c := range cfg.Callouts {
		callouts[name] = markdown.Callout{Title: c.Title.In(lang), Like: c.Like}
	}
	return callouts
}

// parse parses the Markdown of all pages.
func (r *renderer) parse(ctx context.Context) {
	pages := r.site.Pages
	bodies := make([]*body, len(pages))
	for i, p := range pages {
		b := &body{renderer: r, page: p, place: i, known: r.retracing.known(i)}
		b.same = b.known != nil && b.known.Minutes > 0 && !r.retracing.touches(b.known.GistText, nil, nil)
		bodies[i] = b
	}
	r.each(ctx, len(pages), func(i int) {
		if b := bodies[i]; b.written() && (b.known == nil || b.known.Faulty) {
			b.parsed()
		}
	})
	if ctx.Err() != nil {
		return // not all were parsed
	}
	for _, b := range bodies {
		r.bodies[b.page] = b
	}
}

// parseBody parses the Markdown of a page.
func (r *renderer) parseBody(p *content.Page) (*markdown.Document, diag.List) {
	if old := r.parsedBefore(p); old != nil {
		return old.document, old.problems
	}
	page := markdown.Page{Title: p.Title, TitleGiven: p.TitleGiven(), Basis: r.basis(p)}
	var document *markdown.Document
	var list diag.List
	failed := diag.Guard(p.FileName(), func() { document, list = r.converters[p.Lang].ParsePage(p.File, p.Body, page) })
	if failed != nil { // of a page without text all else can still be told
		document, _ = r.converters[r.config.Language].ParsePage(p.File, len(p.File.Text()), page)
		return document, failed
	}
	return document, list
}

// parsedBefore is the body of the same page in the site as it was, nil where its
// Markdown or what decides how to read it differs.
func (r *renderer) parsedBefore(p *content.Page) *parsed {
	if r.before == nil || r.config.RawHTML != r.before.config.RawHTML || r.config.UnknownKeys != r.before.config.UnknownKeys ||
		!reflect.DeepEqual(r.config.Callouts, r.before.config.Callouts) || !slices.Equal(r.reserved, r.before.reserved) {
		return nil
	}
	old := r.before.site.PageOf(strings.TrimPrefix(p.FileName(), content.Dir+"/"))
	if old == nil || old.Lang != p.Lang || old.Body != p.Body || old.Title != p.Title || old.TitleGiven() != p.TitleGiven() || !bytes.Equal(old.File.Text(), p.File.Text()) {
		return nil
	}
	b := r.before.bodies[old]
	if b == nil || !b.written() {
		return nil
	}
	text := b.text.Load()
	if text == nil || text.document.StatesFacts() {
		return nil
	}
	return text
}

// each calls do for 0 … n-1 on all cores, until ctx is done. It panics as do does.
func (r *renderer) each(ctx context.Context, n int, do func(i int)) {
	var next atomic.Int64
	var workers diag.Workers
	for range min(n, runtime.GOMAXPROCS(0)) {
		workers.Go(func() {
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				do(i)
			}
		})
	}
	workers.Wait()
}

// count sums up what was rendered.
func (r *renderer) count() Counts {
	c := Counts{ByKind: map[string]int{}, Language: map[string]int{}, Hidden: len(r.site.Hidden), Events: len(r.site.Events), Sources: len(r.site.Sources)}
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
			c.Quotations += r.bodies[p].quotations()
		}
	}
	for _, o := range r.outputs {
		if o.list {
			c.Lists++
		}
	}
	c.Images = r.pictures.count()
	return c
}

// checkStrings reports the interface's texts that were wanted and are missing.
func (r *renderer) checkStrings() (list diag.List) {
	for lang, texts := range r.strings {
		for _, key := range texts.Missing() {
			list = append(list, diag.Errorf(diag.Position{File: path.Join("layouts", "i18n", lang+".toml")}, "text", "text %q is missing", key).
				WithSuggestion("add %q = \"…\"", key))
		}
	}
	return list
}

// planStatic plans the static files that are not built, and content's own files.
func (r *renderer) planStatic() {
	plan := func(name, origin string, fsys func(r *renderer) fs.FS) {
		r.plan(output{path: name, origin: origin, by: claimedByFile(origin), make: func(r *renderer) ([]byte, diag.List) {
			data, err := fs.ReadFile(fsys(r), name)
			if err != nil {
				return nil, diag.List{diag.Errorf(diag.Position{File: origin}, "unreadable", "file cannot be read: %s", rootCause(err))}
			}
			if strings.HasPrefix(origin, content.Dir+"/") && content.IsText(name) && content.HasFrontMatter(data) {
				return nil, diag.List{diag.Errorf(diag.Position{File: origin, Line: 1, Col: 1}, "foreign-page", "file has front matter, which would be published with it").
					WithSuggestion("take the front matter off, or write the file as a Markdown page")}
			}
			return data, nil
		}})
	}
	for _, name := range slices.Sorted(maps.Keys(r.statics)) {
		plan(name, path.Join("static", name), func(r *renderer) fs.FS { return r.static })
	}
	for _, name := range slices.Sorted(maps.Keys(r.site.Resources)) {
		if r.usage.published(name) {
			plan(name, path.Join(content.Dir, name), func(r *renderer) fs.FS { return r.site.Files() })
		}
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
