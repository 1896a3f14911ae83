package render

import (
	"context"
	"slices"
	"sync"

	"vigie/generator/internal/content"
	"vigie/generator/internal/diag"
	"vigie/generator/internal/search"
)

// Live is a site whose files are made when they are wanted. They are those that
// [Render] makes, byte for byte. Its methods may be called concurrently.
type Live struct {
	mu     sync.RWMutex // held for reading while files are made
	r      *renderer
	byPath map[string]int // in r.outputs; the first of those that want one path
}

// Open prepares a site. Where no file can be made, as when the layouts do not parse,
// it returns nil and why; else what is wrong comes with the files.
func Open(ctx context.Context, in Input) (*Live, diag.List) {
	r, ok := prepare(ctx, in)
	if !ok {
		return nil, r.diags.Sort()
	}
	l := &Live{r: r, byPath: make(map[string]int, len(r.outputs))}
	for i, o := range r.outputs {
		if _, taken := l.byPath[o.path]; !taken {
			l.byPath[o.path] = i
		}
	}
	return l, nil
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
	if i, found := l.byPath[path]; found {
		data, problems = l.r.outputs[i].make(l.r)
		return data, problems, true
	}
	data, ok = l.r.pictures.file(path)
	return data, nil, ok
}

// Has tells whether the site has a file at a path, images aside.
func (l *Live) Has(path string) bool {
	_, ok := l.byPath[path]
	return ok
}

// Documents are what search may find, by language, and where each language's search
// stands; none without scripts of search.
func (l *Live) Documents() ([]SearchPage, map[string][]search.Document) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if l.r.scripts == nil {
		return nil, nil
	}
	return l.r.searchPages(), l.r.documents()
}

// All makes all files and what search is made from, as [Render] does.
func (l *Live) All(ctx context.Context) (Output, diag.List) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.r.output(ctx)
}

// Problems is all that is wrong with the site but with its layouts, which shows when
// they are executed.
func (l *Live) Problems(ctx context.Context) diag.List {
	l.mu.RLock()
	defer l.mu.RUnlock()
	diags := slices.Clone(l.r.diags)
	lists := make([]diag.List, len(l.r.site.Pages))
	l.r.each(ctx, len(lists), func(i int) {
		b := l.r.bodies[l.r.site.Pages[i]]
		_, list := b.html()
		lists[i] = append(slices.Clip(b.problems), list...)
	})
	for _, list := range lists {
		diags = append(diags, list...)
	}
	return diags.Sort()
}

// PageProblems is what is wrong with the body of a page.
func (l *Live) PageProblems(p *content.Page) diag.List {
	l.mu.RLock()
	defer l.mu.RUnlock()
	b := l.r.bodies[p]
	if b == nil {
		return nil
	}
	_, list := b.html()
	return append(slices.Clip(b.problems), list...)
}

// EditBody gives a page the Markdown that its file holds now, and tells whether
// nothing else of the file changed. If not, nothing was done: the site must be opened
// anew.
func (l *Live) EditBody(file string, text []byte) (page *content.Page, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if page, ok = l.r.site.EditBody(file, text); !ok {
		return nil, false
	}
	b := l.r.bodies[page]
	b.document, b.problems = l.r.parseBody(page)
	l.r.reconnect(b)
	l.r.version++
	return page, true
}
