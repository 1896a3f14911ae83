package sitetest

import (
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
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
	s := &scale{byID: map[network.RequestID]string{}, least: map[network.RequestID]int{}, weight: map[string]int{}}
	p.Listen(s.weigh)
	h.takeAsked()
	p.Run(t, chromedp.Navigate(h.URL+path))
	p.Settle(t)
	return &tab{p, h, s}
}

// scale weighs the requests of a tab.
type scale struct {
	mu     sync.Mutex
	byID   map[network.RequestID]string // paths of the requests under way
	least  map[network.RequestID]int    // bytes of the answers to them, as their headers have it
	weight map[string]int               // bytes transferred, headers too, by path
	paths  []string                     // one for each request
	last   time.Time
}

func (s *scale) weigh(event any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		if u, err := url.Parse(e.Request.URL); err == nil && u.Scheme == "http" {
			s.byID[e.RequestID] = u.Path
		}
	case *network.EventResponseReceived:
		// Of a worker's script, the end tells the headers alone.
		length, _ := strconv.Atoi(fmt.Sprint(e.Response.Headers["Content-Length"])) // 0 where none is told
		s.least[e.RequestID] = int(e.Response.EncodedDataLength) + length
	case *network.EventLoadingFinished:
		if path, ok := s.byID[e.RequestID]; ok {
			s.weight[path] += max(int(e.EncodedDataLength), s.least[e.RequestID])
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

// settle waits until nothing is under way.
func (s *scale) settle(t testing.TB) {
	t.Helper()
	for start := time.Now(); time.Since(start) < 3*time.Minute; time.Sleep(10 * time.Millisecond) {
		s.mu.Lock()
		quiet := len(s.byID) == 0 && time.Since(s.last) > 150*time.Millisecond
		s.mu.Unlock()
		if quiet {
			return
		}
	}
	t.Fatalf("requests do not end: %v, after %q", s.byID, s.paths)
}
