package preview

import (
	"bytes"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

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
	pages    map[string][]byte    // by hash
	problems map[string]diag.List // of those pages, by hash
	order    []string             // the oldest first
	shows    map[*livereload.Client]string

	changed   []elsewhere // the pages that changed last
	changedAt time.Time
}

func (t *tellings) init() {
	t.pages, t.problems, t.shows = map[string][]byte{}, map[string]diag.List{}, map[*livereload.Client]string{}
}

// remember keeps a page under its hash.
func (t *tellings) remember(hash string, page []byte, problems diag.List) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if _, known := t.pages[hash]; !known {
		t.order = append(t.order, hash)
	}
	t.pages[hash], t.problems[hash] = page, problems
	if len(t.order) > maxRemembered {
		delete(t.pages, t.order[0])
		delete(t.problems, t.order[0])
		t.order = t.order[1:]
	}
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
	s.send(c, "hello", struct {
		Program  string    `json:"program"`
		Problems []problem `json:"problems"`
		Report   report    `json:"report"`
	}{s.program, s.problemsFor(c, s.knownProblems()), s.reportOn(c.Path)})
	s.tellPage(c)
	s.tellElsewhere(c)
}

func (s *Session) send(c *livereload.Client, name string, data any) {
	if err := c.Send(livereload.Event{Name: name, Data: data}); err != nil && s.options.Logger != nil {
		s.options.Logger.Error("event cannot be sent", "event", name, "error", err)
	}
}

// tellPage brings a client's page up to date, if it is not.
func (s *Session) tellPage(c *livereload.Client) {
	file := s.fileOf(c.Path)
	hash, old := s.told.shown(c)
	if file == "" || hash == "" {
		return
	}
	fresh, problems, ok := s.page(file)
	for dir := file; !ok && dir != "."; { // what is shown in its place
		dir = path.Dir(dir)
		fresh, problems, ok = s.page(path.Join(dir, "404.html"))
	}
	if fresh == nil {
		fresh = placeholder
	}
	next := hashOf(fresh)
	if next == hash {
		return
	}
	s.told.remember(next, fresh, problems)
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
	clients := s.stream.Clients()
	s.told.forget(clients)
	s.told.mu.Lock()
	s.told.changed, s.told.changedAt = s.changedPages(change, files), time.Now()
	s.told.mu.Unlock()
	for _, c := range clients {
		s.tellPage(c)
		s.tellElsewhere(c)
	}
}

// news is for how long a change is news to a page that connects: it may have been
// loaded anew because of it.
const news = 3 * time.Second

// tellElsewhere tells a client of pages that changed, unless it shows one of them.
func (s *Session) tellElsewhere(c *livereload.Client) {
	s.told.mu.Lock()
	pages, at := s.told.changed, s.told.changedAt
	s.told.mu.Unlock()
	if len(pages) > 0 && time.Since(at) < news && !slices.ContainsFunc(pages, func(p elsewhere) bool { return p.URL == c.Path }) {
		s.send(c, "elsewhere", pages)
	}
}

// elsewhere is a page that changed.
type elsewhere struct {
	URL   string `json:"url"`
	Title string `json:"title"`
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
		list = append(list, elsewhere{s.live.Config().BaseURL.Rel(p.SitePath), p.Title})
	}
	return list
}

// tellProblems tells all open pages what is wrong, and reports on them anew.
func (s *Session) tellProblems(list diag.List) {
	s.told.mu.Lock()
	s.told.problems[""] = list // the whole site's
	s.told.mu.Unlock()
	for _, c := range s.stream.Clients() {
		s.send(c, "problems", s.problemsFor(c, list))
		s.send(c, "report", s.reportOn(c.Path))
	}
}

// knownProblems is what was wrong with the site when it was last looked at.
func (s *Session) knownProblems() diag.List {
	s.told.mu.Lock()
	defer s.told.mu.Unlock()
	return s.told.problems[""]
}
