package sitetest

import (
	"context"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"

	"vigie/generator/internal/browsertest"
	"vigie/generator/internal/serve"
)

// host serves a folder and remembers what it was asked for.
type host struct {
	*httptest.Server
	mu    sync.Mutex
	asked []string
}

// newHost serves a folder as vigie does, but for a policy that lets Pagefind run, and
// an empty page at /blank.txt. What compresses is compressed beforehand, as a static
// host has it.
func newHost(t testing.TB, dir string) *host {
	t.Helper()
	site := serve.New(serve.Dir(dir), serve.Options{})
	h := &host{}
	h.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/blank.txt" {
			w.Header().Set("Content-Type", "text/plain")
			return
		}
		h.mu.Lock()
		h.asked = append(h.asked, r.URL.Path)
		h.mu.Unlock()
		site.ServeHTTP(loose{w}, r)
	}))
	t.Cleanup(h.Close)
	for _, part := range []func(string) string{ourPart, theirPart} {
		err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || part(name) == "" || path.Ext(name) == ".vigie" || path.Ext(name) == ".pf_fragment" {
				return err
			}
			r := httptest.NewRequest(http.MethodGet, (&url.URL{Path: "/" + name}).String(), nil)
			r.Header.Set("Accept-Encoding", "gzip, deflate, br, zstd")
			site.ServeHTTP(httptest.NewRecorder(), r)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return h
}

// loose answers with the policy that Pagefind's documentation asks for, where there is one.
type loose struct{ http.ResponseWriter }

func (w loose) WriteHeader(status int) {
	if h := w.Header(); h.Get("Content-Security-Policy") != "" {
		h.Set("Content-Security-Policy", "default-src 'self' data:; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:")
	}
	w.ResponseWriter.WriteHeader(status)
}

// takeAsked returns the paths asked for since it was last called, sorted.
func (h *host) takeAsked() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	asked := slices.Sorted(slices.Values(h.asked))
	h.asked = nil
	return asked
}

// tab is an open page whose traffic is weighed.
type tab struct {
	*browsertest.Page
	host  *host
	scale *scale
}

// open opens a page in a browser context of its own, with nothing in its cache, and
// weighs what it loads from its own document on, in workers too.
func (h *host) open(t testing.TB, b *browsertest.Browser, path string) *tab {
	t.Helper()
	p := b.Open(t, h.URL+"/blank.txt", desktop)
	s := &scale{byID: map[network.RequestID]string{}, weight: map[string]int{}}
	p.Run(t, chromedp.Func(func(ctx context.Context, page *chromedp.Target) error {
		if err := chromedp.Listen(ctx, s.weigh); err != nil {
			return err
		}
		workers := func(event any) {
			if e, ok := event.(*target.EventAttachedToTarget); ok && strings.Contains(e.TargetInfo.Type, "worker") {
				go s.follow(ctx, e.TargetInfo.TargetID)
			}
		}
		if err := chromedp.Listen(ctx, workers); err != nil {
			return err
		}
		flatten := true
		_, err := cdp.Call(ctx, page, target.SetAutoAttach, target.SetAutoAttachParams{AutoAttach: true, WaitForDebuggerOnStart: true, Flatten: &flatten})
		return err
	}))
	h.takeAsked()
	p.Run(t, chromedp.Navigate(h.URL+path))
	p.Settle(t)
	return &tab{p, h, s}
}

// scale weighs the requests of a tab.
type scale struct {
	mu     sync.Mutex
	byID   map[network.RequestID]string // paths of the requests under way
	weight map[string]int               // bytes transferred, headers too, by path
	paths  []string                     // one for each request
	last   time.Time
	err    error
}

func (s *scale) weigh(event any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		if u, err := url.Parse(e.Request.URL); err == nil && u.Scheme == "http" {
			s.byID[e.RequestID] = u.Path
		}
	case *network.EventLoadingFinished:
		if path, ok := s.byID[e.RequestID]; ok {
			s.weight[path] += int(e.EncodedDataLength)
			s.paths = append(s.paths, path)
			delete(s.byID, e.RequestID)
		}
	case *network.EventLoadingFailed:
		delete(s.byID, e.RequestID)
	default:
		return
	}
	s.last = time.Now()
}

// follow weighs a worker that waits to be let go.
func (s *scale) follow(ctx context.Context, id target.ID) {
	worker, cancel := chromedp.NewContext(ctx, chromedp.WithTargetID(id), chromedp.WithListener(s.weigh), chromedp.WithDetachOnCancel())
	context.AfterFunc(ctx, cancel)
	_, err := chromedp.Call(worker, runtime.RunIfWaitingForDebugger, cdp.Empty{})
	s.mu.Lock()
	defer s.mu.Unlock()
	s.err = err
}

// settle waits until nothing is under way.
func (s *scale) settle(t testing.TB) {
	t.Helper()
	for start := time.Now(); time.Since(start) < 20*time.Second; time.Sleep(10 * time.Millisecond) {
		s.mu.Lock()
		quiet := len(s.byID) == 0 && time.Since(s.last) > 150*time.Millisecond
		err := s.err
		s.mu.Unlock()
		if err != nil {
			t.Fatal(err)
		}
		if quiet {
			return
		}
	}
	t.Fatalf("requests do not end: %v, after %q", s.byID, s.paths)
}
