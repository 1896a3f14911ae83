// Package preview serves a site to its editors while they write it: from memory,
// drafts and all, in step with the files it is made from.
//
// What it serves is what a build would publish, byte for byte, but for one script
// element in each page. That script (src/) keeps the page in step, shows what is wrong
// and what the editor should know.
//
// A [Session] owns the site as it is now and tells browsers of what changed. The
// package decides when the site is read anew and who is told; it renders nothing
// itself and never writes to the site's folder.
package preview

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"vigie/generator/internal/build"
	"vigie/generator/internal/content"
	"vigie/generator/internal/diag"
	"vigie/generator/internal/livereload"
	"vigie/generator/internal/serve"
	"vigie/generator/internal/watch"
)

// Options say what to preview and how.
type Options struct {
	Build build.Options
	// OpenIndex opens the indexes that the site is searched with.
	OpenIndex serve.OpenIndex
	// Editor makes the address that opens a place of a file in the editor, "" for none;
	// nil where the editor has no such addresses.
	Editor func(file string, line, column int) string
	// AllowedHosts may be named by requests, beside the names of this machine.
	AllowedHosts []string
	// Poll is how often files are looked at where the system does not tell of changes;
	// 0 has the system tell.
	Poll time.Duration
	// Updated, if not nil, hears of the site's first state and of every later one, from
	// one goroutine at a time. States that follow closely are told as one.
	Updated func(Update)
	// Notice, if not nil, hears what the user should know, such as that files are polled.
	Notice func(message string)
	Logger *slog.Logger // requests and errors; nil for none
}

// Update is what became of the site.
type Update struct {
	Changed  []string // the files that changed; none for the first state, or for all
	Problems diag.List
	// Stale says that nothing could be made of the files: what was right last is
	// still served.
	Stale    bool
	Duration time.Duration // until the browsers were told of their pages
}

// Session is a preview of one site.
type Session struct {
	options Options
	program string // names this run of the program
	client  client // what is served beside the site
	stream  *livereload.Stream
	handler atomic.Pointer[rooted]
	ctx     context.Context

	// mu is held for writing while the site is brought up to date: requests wait.
	mu      sync.RWMutex
	live    *build.Live         // nil while there was none without fatal errors
	loaded  diag.List           // what is wrong with what live was made from
	loading diag.List           // … and with what was read last
	pending []string            // files that changed since live was made
	missed  bool                // all must be looked at
	failed  bool                // the program failed at live, which is not to be built upon
	held    map[string]heldPage // by its file in the site
	notice  string

	// telling is held while what a page is told is gathered and sent: no page hears old
	// news after new.
	telling sync.Mutex
	told    tellings
	checks  checks
}

// rooted is the handler for a site at some path.
type rooted struct {
	base    string // begins and ends with a slash
	handler http.Handler
}

// New opens the site. It can be served even where it has errors, which are told in
// the browser; an error is returned for what no edit of the site would cure.
func New(ctx context.Context, o Options) (*Session, error) {
	client, err := newClient()
	if err != nil {
		return nil, err
	}
	var name [8]byte
	if _, err := rand.Read(name[:]); err != nil {
		return nil, fmt.Errorf("preview: %w", err)
	}
	s := &Session{options: o, program: hex.EncodeToString(name[:]), client: client, ctx: ctx}
	s.told.init()
	s.stream = livereload.New(s.greet)
	start := time.Now()
	s.live, s.loading = build.Open(ctx, o.Build)
	s.loaded = s.loading
	if s.live != nil && s.live.CacheNote() != "" && o.Notice != nil {
		o.Notice(s.live.CacheNote())
	}
	s.mount()
	s.check(ctx, &Update{Stale: s.live == nil, Duration: time.Since(start)})
	return s, nil
}

// ServeHTTP serves the site and what preview adds to it.
func (s *Session) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.handler.Load().handler.ServeHTTP(w, r)
}

// Follow keeps the site in step with its files until ctx is done.
func (s *Session) Follow(ctx context.Context) error {
	defer s.checks.running.Wait()
	defer s.stream.Close()
	w, err := watch.New(ctx, watch.Options{
		Root: s.options.Build.Source, Paths: []string{build.ConfigFile, content.Dir, "layouts", "static"}, Poll: s.options.Poll,
		Notice: s.setNotice,
	})
	if err != nil {
		return err
	}
	// What changed between the first reading and now would go unnoticed.
	s.update(ctx, watch.Batch{All: true})
	for batch := range w.Batches() {
		s.update(ctx, batch)
	}
	return ctx.Err()
}

// setNotice keeps what the watcher has to say, and passes it on.
func (s *Session) setNotice(message string) {
	s.mu.Lock()
	s.notice = message
	s.mu.Unlock()
	if s.options.Notice != nil {
		s.options.Notice(message)
	}
}

// update brings the site up to date with a batch of changes, and tells the browsers.
func (s *Session) update(ctx context.Context, batch watch.Batch) {
	start := time.Now()
	s.stopCheck() // what it would find is of the past
	change, updated := s.reload(ctx, batch)
	switch {
	case ctx.Err() != nil:
	case updated && change.None(): // files were touched, not changed
		s.check(ctx, nil)
	default:
		s.guarded(func() { s.tellPages(change, batch.Paths) })
		s.check(ctx, &Update{Changed: batch.Paths, Stale: !updated, Duration: time.Since(start)})
	}
}

// reload reads what changed. updated is false where nothing could be made of it: the
// site stays as it was.
func (s *Session) reload(ctx context.Context, batch watch.Batch) (change build.Change, updated bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pending = append(s.pending, batch.Paths...)
	slices.Sort(s.pending)
	s.pending = slices.Compact(s.pending)
	s.missed = s.missed || batch.All
	var next *build.Live
	var diags diag.List
	switch {
	case s.live == nil || s.failed:
		next, diags = build.Open(ctx, s.options.Build)
		change = build.Change{All: true}
	case s.missed:
		next, change, diags = s.live.Update(ctx, nil)
	default:
		next, change, diags = s.live.Update(ctx, s.pending)
	}
	if ctx.Err() != nil {
		return change, false
	}
	if s.loading = diags; build.Failed(diags) {
		s.failed = true
	}
	if next == nil {
		return build.Change{All: true}, false
	}
	s.hold(next)
	s.live, s.loaded, s.pending, s.missed, s.failed = next, diags, nil, false, false
	s.mount()
	return change, true
}

// site is the site as it is, when it is up to date; nil while there is none.
func (s *Session) site() *build.Live {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.live
}

// page is the HTML of the page in a file of the site, with what is wrong with it. ok
// tells whether there is such a page.
func (s *Session) page(file string) (html []byte, problems diag.List, ok bool) {
	s.mu.RLock()
	live, held := s.live, s.held[file]
	s.mu.RUnlock()
	if held.html != nil {
		return held.html, nil, true
	}
	if live == nil {
		return nil, nil, false
	}
	return live.Marked(file)
}

// has tells whether the site has a page in a file, or had one that is kept.
func (s *Session) has(file string) bool {
	live := s.site()
	return s.isHeld(file) || live != nil && live.Has(file)
}

// Site returns the files of the site as they are now, without preview's script; nil
// while nothing could be made of it.
func (s *Session) Site() fs.FS {
	if live := s.site(); live != nil {
		return live.Files(s.ctx)
	}
	return nil
}

// outputFile is the file that a site path is published in.
func outputFile(sitePath string) string {
	file := strings.TrimPrefix(sitePath, "/")
	if file == "" || strings.HasSuffix(file, "/") {
		return file + "index.html"
	}
	return file
}
