package preview

import (
	"bytes"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"vigie/generator/internal/build"
	"vigie/generator/internal/content"
	"vigie/generator/internal/diag"
	"vigie/generator/internal/livereload"
)

// maxRemembered is how many pages are remembered as browsers got them.
const maxRemembered = 64

// tellings is what browsers were told: the pages they got, and which each one shows.
type tellings struct {
	mu       sync.Mutex
	pages    map[string][]byte // by hash
	order    []string          // of hashes, the oldest first
	shows    map[*livereload.Client]string
	problems map[string]diag.List // of pages as they were made last, by file
	site     diag.List            // what is wrong with the whole site
	news     news
}

func (t *tellings) init() {
	t.pages, t.problems, t.shows = map[string][]byte{}, map[string]diag.List{}, map[*livereload.Client]string{}
}

// remember keeps a page under its hash, and what is wrong with it under its file.
func (t *tellings) remember(file, hash string, page []byte, problems diag.List) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if delete(t.problems, file); len(problems) > 0 {
		t.problems[file] = problems
	}
	if _, known := t.pages[hash]; known {
		return
	}
	t.pages[hash] = page
	t.order = append(t.order, hash)
	if len(t.order) > maxRemembered {
		delete(t.pages, t.order[0])
		t.order = t.order[1:]
	}
}

// judge notes what is wrong with the whole site.
func (t *tellings) judge(list diag.List) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.site = list
}

// add counts an update, and the pages that it changed.
func (t *tellings) add(changed []elsewhere) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.news.add(changed)
}

// update is how many updates there have been.
func (t *tellings) update() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.news.last
}

// since lists the pages that changed after an update, for the page at a URL, and counts
// updates.
func (t *tellings) since(update int, url string) (last int, pages []elsewhere) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.news.last, t.news.since(update, url)
}

// problemsOf is what is wrong with the site, and with the page in a file.
func (t *tellings) problemsOf(file string) diag.List {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Concat(t.site, t.problems[file])
}

// shown returns the page that a client shows, nil where it is forgotten.
func (t *tellings) shown(c *livereload.Client) (hash string, page []byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	hash, ok := t.shows[c]
	if !ok {
		hash = c.Query.Get("hash")
	}
	return hash, t.pages[hash]
}

// show notes which page a client shows from now on.
func (t *tellings) show(c *livereload.Client, hash string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.shows[c] = hash
}

// forget drops the clients that are gone.
func (t *tellings) forget(open []*livereload.Client) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for c := range t.shows {
		if !slices.Contains(open, c) {
			delete(t.shows, c)
		}
	}
}

// patch is how a page that is open becomes another: see src/patch.ts.
type patch struct {
	From   string   `json:"from"`
	Hash   string   `json:"hash"`
	Title  string   `json:"title"`
	Main   string   `json:"main"`
	Styles []string `json:"styles"`
}

var (
	mainOpen   = regexp.MustCompile(`<main[^>]*>`)
	titleText  = regexp.MustCompile(`(?s)<title>(.*?)</title>`)
	styleLinks = regexp.MustCompile(`<link rel="stylesheet" href="([^"]*)">`)
	scripts    = regexp.MustCompile(`<script [^>]*src="[^"]*"[^>]*>`)
)

// parts are the pieces of a page that a patch knows.
type parts struct {
	before, main, after string // of <body>
	scripts             []string
}

// cut cuts a page into parts; ok is false for one of another shape.
func cut(page []byte) (p parts, ok bool) {
	body := bytes.Index(page, []byte("<body"))
	if body < 0 {
		return p, false
	}
	at := mainOpen.FindIndex(page[body:])
	end := bytes.LastIndex(page, []byte("</main>"))
	if at == nil || end < body+at[1] || bytes.Count(page, []byte("<main")) != 1 {
		return p, false
	}
	p.before, p.main, p.after = string(page[body:body+at[1]]), string(page[body+at[1]:end]), string(page[end:])
	for _, s := range scripts.FindAll(page, -1) {
		p.scripts = append(p.scripts, string(s))
	}
	return p, true
}

// patchOf makes the patch from one form of a page to another; ok is false where the
// page must be loaded anew: what is around <main> changed, or a script may have made
// of <main> what it was not.
func patchOf(old, fresh []byte) (p patch, ok bool) {
	a, okOld := cut(old)
	b, okNew := cut(fresh)
	if !okOld || !okNew || a.before != b.before || a.after != b.after || !slices.Equal(a.scripts, b.scripts) || len(b.scripts) > 1 {
		return p, false
	}
	p = patch{From: hashOf(old), Hash: hashOf(fresh), Main: b.main, Styles: []string{}}
	if m := titleText.FindSubmatch(fresh); m != nil {
		p.Title = unescape(string(m[1]))
	}
	for _, m := range styleLinks.FindAllSubmatch(fresh, -1) {
		p.Styles = append(p.Styles, unescape(string(m[1])))
	}
	return p, true
}

// greet tells a page that connects how things stand.
func (s *Session) greet(c *livereload.Client) {
	s.telling.Lock()
	defer s.telling.Unlock()
	page := s.makeShown(c) // which shows what is wrong with it
	s.send(c, "hello", struct {
		Program  string    `json:"program"`
		Problems []problem `json:"problems"`
		Report   report    `json:"report"`
	}{s.program, s.problemsFor(c), s.reportOn(c.Path)})
	s.tellElsewhere(c)
	s.tellPage(c, page)
}

func (s *Session) send(c *livereload.Client, name string, data any) {
	if err := c.Send(livereload.Event{Name: name, Data: data}); err != nil && s.options.Logger != nil {
		s.options.Logger.Error("event cannot be sent", "event", name, "error", err)
	}
}

// makeShown makes the page that a client should show, nil outside the site.
func (s *Session) makeShown(c *livereload.Client) []byte {
	file := s.shownAt(c.Path)
	if file == "" {
		return nil
	}
	page, problems, _ := s.page(file)
	if page == nil {
		page = placeholder
	}
	s.told.remember(file, hashOf(page), page, problems)
	return page
}

// tellPage brings what a client shows up to date with the page that it should show.
func (s *Session) tellPage(c *livereload.Client, fresh []byte) {
	hash, old := s.told.shown(c)
	next := hashOf(fresh)
	if fresh == nil || hash == "" || next == hash {
		return
	}
	if old != nil {
		if p, ok := patchOf(old, fresh); ok {
			s.told.show(c, next)
			s.send(c, "patch", p)
			return
		}
	}
	s.send(c, "reload", nil)
}

// tellPages brings all open pages up to date, and tells those that are not written in
// the files which pages are.
func (s *Session) tellPages(change build.Change, files []string) {
	s.telling.Lock()
	defer s.telling.Unlock()
	clients := s.stream.Clients()
	s.told.forget(clients)
	s.told.add(s.changedPages(change, files))
	for _, c := range clients {
		s.tellElsewhere(c) // first: a page that changes takes it along
		s.tellPage(c, s.makeShown(c))
	}
}

// tellElsewhere tells a client of the pages that changed since it was told last. It is
// told again of what may be on the way to it: it knows what it has seen.
func (s *Session) tellElsewhere(c *livereload.Client) {
	seen, err := strconv.Atoi(c.Query.Get("seen"))
	if err != nil {
		return // not of our script
	}
	if update, pages := s.told.since(seen, c.Path); update > seen {
		s.send(c, "elsewhere", struct {
			Update int         `json:"update"`
			Pages  []elsewhere `json:"pages"`
		}{update, pages})
	}
}

// changedPages are the pages written in the files that changed.
func (s *Session) changedPages(change build.Change, files []string) []elsewhere {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.live == nil {
		return nil
	}
	pages := change.Pages
	for _, f := range files {
		if name, ok := strings.CutPrefix(f, content.Dir+"/"); ok {
			if p := s.live.Content().PageOf(name); p != nil && !slices.Contains(pages, p) {
				pages = append(pages, p)
			}
		}
	}
	var list []elsewhere
	for _, p := range pages {
		list = append(list, elsewhere{URL: s.live.Config().BaseURL.Rel(p.SitePath), Title: p.Title})
	}
	return list
}

// tellProblems tells all open pages what is wrong, and reports on them anew.
func (s *Session) tellProblems(list diag.List) {
	s.telling.Lock()
	defer s.telling.Unlock()
	s.told.judge(list)
	for _, c := range s.stream.Clients() {
		s.send(c, "problems", s.problemsFor(c))
		s.send(c, "report", s.reportOn(c.Path))
	}
}
