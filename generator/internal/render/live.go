package render

import (
	"context"
	"io/fs"
	"maps"
	"slices"
	"sync"

	"vigie/generator/internal/content"
	"vigie/generator/internal/diag"
	"vigie/generator/internal/layout"
	"vigie/generator/internal/markdown"
	"vigie/generator/internal/search"
)

// Live is a site whose files are made when they are wanted. They are those that
// [Render] makes, byte for byte. Its methods may be called concurrently.
type Live struct {
	mu     sync.RWMutex // held for reading while files are made
	r      *renderer
	byPath map[string]int // in r.outputs; the first of those that want one path

	found     sync.Mutex // guards what was found of pages
	problems  map[*content.Page]diag.List
	documents map[*body]document
}

// Open prepares a site. Where no file can be made, as when the layouts do not parse,
// it returns nil and why; else what is wrong comes with the files.
func Open(ctx context.Context, in Input) (*Live, diag.List) {
	r, ok := prepared(ctx, in)
	if !ok {
		return nil, r.diags.Sort()
	}
	l := &Live{r: r, problems: map[*content.Page]diag.List{}, documents: map[*body]document{}}
	l.index()
	return l, nil
}

// index finds the files by their paths.
func (l *Live) index() {
	l.byPath = make(map[string]int, len(l.r.outputs))
	for i, o := range l.r.outputs {
		if _, taken := l.byPath[o.path]; !taken {
			l.byPath[o.path] = i
		}
	}
}

// Site is the content that the files are made from. It must not be read while
// [Live.EditBody] runs.
func (l *Live) Site() *content.Site { return l.r.site }

// Paths lists the files that the site has, images aside: pages bring those.
func (l *Live) Paths() []string {
	l.mu.RLock()
	defer l.mu.RUnlock()
	var list []string
	for path := range l.byPath {
		list = append(list, path)
	}
	slices.Sort(list)
	return list
}

// Make makes the file at a path, with what is wrong with it. ok tells whether the
// site has one; data is nil where what is wrong leaves nothing to show.
func (l *Live) Make(path string) (data []byte, problems diag.List, ok bool) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.make(path)
}

// make is Make for one who holds mu.
func (l *Live) make(path string) (data []byte, problems diag.List, ok bool) {
	if i, found := l.byPath[path]; found {
		data, problems = l.r.outputs[i].made(l.r)
		return data, problems, true
	}
	data, ok = l.r.pictures.file(path)
	return data, nil, ok
}

// Has tells whether the site has a file at a path, images aside.
func (l *Live) Has(path string) bool {
	l.mu.RLock()
	defer l.mu.RUnlock()
	_, ok := l.byPath[path]
	return ok
}

// Documents are what search may find, by language, and where each language's search
// stands; none without scripts of search. Files can be made, and bodies edited, while
// they are gathered.
func (l *Live) Documents(ctx context.Context) ([]SearchPage, map[string][]search.Document) {
	if l.r.scripts == nil {
		return nil, nil
	}
	pages := l.r.searched()
	documents := make([]search.Document, len(pages))
	l.inTurns(ctx, len(pages), func(i int) {
		b := l.r.bodies[pages[i]]
		l.found.Lock()
		known, ok := l.documents[b]
		l.found.Unlock()
		if text := b.parsed(); !ok || known.of != text {
			known = document{text, l.r.document(pages[i])}
			l.found.Lock()
			l.documents[b] = known
			l.found.Unlock()
		}
		documents[i] = known.search
	})
	all := map[string][]search.Document{}
	for i, p := range pages {
		all[p.Lang] = append(all[p.Lang], documents[i])
	}
	return l.r.searchPages(), all
}

// document is a page as search saw it when it had some Markdown: what else it shows
// does not change while the site is the same.
type document struct {
	of     *parsed
	search search.Document
}

// turn is how many pages are worked on before others may write.
const turn = 32

// inTurns calls do for 0 … n-1 on all cores, giving way to writers in between.
func (l *Live) inTurns(ctx context.Context, n int, do func(i int)) {
	for from := 0; from < n && ctx.Err() == nil; from += turn {
		func() {
			l.mu.RLock()
			defer l.mu.RUnlock()
			l.r.each(ctx, min(turn, n-from), func(i int) { do(from + i) })
		}()
	}
}

// All makes all files and what search is made from, as [Render] does.
func (l *Live) All(ctx context.Context) (Output, diag.List) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.r.output(ctx)
}

// Problems is all that is wrong with the site but with its layouts, which shows when
// they are executed. Files can be made, and bodies edited, while it is gathered.
func (l *Live) Problems(ctx context.Context) diag.List {
	diags := slices.Clone(l.r.diags)
	pages := l.r.site.Pages
	lists := make([]diag.List, len(pages))
	l.inTurns(ctx, len(pages), func(i int) {
		l.found.Lock()
		list, known := l.problems[pages[i]]
		l.found.Unlock()
		if !known {
			list = l.pageProblems(pages[i])
			l.found.Lock()
			l.problems[pages[i]] = list
			l.found.Unlock()
		}
		lists[i] = list
	})
	for _, list := range lists {
		diags = append(diags, list...)
	}
	return diags.Sort()
}

// pageProblems is what is wrong with the body of a page.
func (l *Live) pageProblems(p *content.Page) diag.List {
	b := l.r.bodies[p]
	if b == nil {
		return nil
	}
	var list diag.List
	if failed := diag.Guard(p.FileName(), func() { _, list = b.html(l.r) }); failed != nil {
		list = failed
	}
	return append(slices.Clip(b.problems()), list...)
}

// PageProblems is what is wrong with the body of a page.
func (l *Live) PageProblems(p *content.Page) diag.List {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.pageProblems(p)
}

// EditBody gives a page the Markdown that its file holds now, and tells whether
// that is all there is to do. If not, nothing was done: the site must be opened anew.
// So it must where the page cites other sources than before.
func (l *Live) EditBody(file string, text []byte) (page *content.Page, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	page = l.r.site.PageOf(file)
	if page == nil || l.r.bodies[page] == nil || !l.r.bodies[page].written() {
		return nil, false
	}
	before := page.File
	b := l.r.bodies[page]
	old := b.parsed().document
	files := b.files
	if !l.r.site.EditBody(page, file, text) {
		return nil, false
	}
	document, problems := l.r.parseBody(page)
	if !slices.Equal(old.CitedSources(), document.CitedSources()) {
		l.r.site.EditBody(page, file, before.Text()) // what rests on a source shows on other pages
		return nil, false
	}
	if b.known, b.same = nil, false; !slices.Equal(files, l.r.filesIn(b, document)) {
		l.r.site.EditBody(page, file, before.Text()) // others are published now
		return nil, false
	}
	b.text.Store(&parsed{document, problems})
	l.r.reconnect(b)
	l.found.Lock()
	defer l.found.Unlock()
	if old.SameAnchors(document) {
		delete(l.problems, page)
	} else {
		for _, other := range l.r.bodies {
			other.same = false
		}
		clear(l.problems) // a link to the page may lead nowhere now, or somewhere
	}
	l.r.version++
	return page, true
}

// Relayout takes over layouts, of which templates alone changed, and tells whether
// that was all there is to do. If not, nothing was done: the site must be opened anew.
func (l *Live) Relayout(layouts fs.FS) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, texts := range l.r.strings {
		if len(texts.Missing()) > 0 {
			return false // of which the old layouts were in want
		}
	}
	set, list := layout.Load(layouts, "layouts", l.r.functions())
	if len(list) > 0 || !slices.Equal(set.IDs(), l.r.reserved) || !maps.Equal(l.r.layoutResources(set), l.r.usage.layouts) {
		return false
	}
	l.r.layouts = set
	return true
}

// Restyle builds the style sheets and scripts of static/ anew, of which sources alone
// changed, and tells whether that was all there is to do. If not, nothing was done.
func (l *Live) Restyle() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	fresh := &renderer{site: l.r.site, config: l.r.config, static: l.r.static, ledger: &ledger{}}
	fresh.buildAssets()
	if len(fresh.diags) > 0 || !maps.Equal(fresh.statics, l.r.statics) || l.r.diags.HasErrors() {
		return false
	}
	kept := slices.DeleteFunc(slices.Clone(l.r.built), func(o output) bool { return o.origin != searchOrigin })
	built := slices.Concat(fresh.outputs, kept)
	l.r.outputs = slices.Concat(built, l.r.outputs[len(l.r.built):])
	l.r.assets, l.r.built = fresh.assets, built
	l.index()
	return true
}

// PageNumbers are what editors want to know of a page.
type PageNumbers struct {
	Words     int
	Minutes   int             // to read it
	Backlinks []*content.Page // that link to it
}

// PageNumbers counts a page.
func (l *Live) PageNumbers(p *content.Page) PageNumbers {
	l.mu.RLock()
	defer l.mu.RUnlock()
	b := l.r.bodies[p]
	if b == nil || !b.written() {
		return PageNumbers{}
	}
	words := b.resolved(l.r).Words()
	return PageNumbers{words, max(1, (words+wordsPerMinute/2)/wordsPerMinute), slices.Clone(b.linkedBy)}
}

// Document is the parsed Markdown of a page, nil for one that nobody wrote.
func (l *Live) Document(p *content.Page) *markdown.Document {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if b := l.r.bodies[p]; b != nil {
		return b.document(l.r)
	}
	return nil
}

// Target is the page that a reference of p's Markdown leads to, nil for none.
func (l *Live) Target(p *content.Page, ref markdown.Reference) *content.Page {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return resolver{renderer: l.r, page: p}.pageOf(ref)
}
