// Package serve owns the HTTP side of a built site: which file answers which
// path, and with which headers.
//
// [New] makes a handler of a site, any [fs.FS]: the folder public/, the memory
// of a preview, a bundle. The site is asked for at every request, so that one
// that was replaced shows at once. [ListenAndServe] runs a handler until its
// context ends.
//
// Paths are those of any static host, so that a site behaves the same there:
// /dir/ is its index.html, /dir leads to /dir/, what does not exist is answered
// with the nearest 404.html up the path. Files whose name begins with a dot are
// not served, but for /.well-known/.
//
// Every answer, also an error, carries the security headers (scripts and the data of
// search no more of them than they need); every file an ETag made of its bytes, so that a browser's
// copy is used for as long as it is true and no longer, or a name made of them. Text is compressed with Brotli or gzip.
//
// Two things are more than a static host does: search without JavaScript, and the
// page in force on a day that a folder is asked for (see package almanac).
//
// The package never writes, never renders, and trusts no name from a request.
package serve

import (
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"runtime/debug"
	"strings"
	"time"
)

// Options says how a site is served. The zero value serves it at "/".
type Options struct {
	// BasePath is the URL path the site is mounted at, such as "/docs/";
	// empty means "/". Without its slashes it means the same.
	BasePath string
	// Routes are handlers that answer before the files do, by URL path below
	// BasePath, such as "api/search" (exact) or "events/" (the path and all
	// below; the longest wins). They get the security headers, the log and the
	// recovery from panics, and choose their own methods.
	Routes map[string]http.Handler
	// OpenIndex opens the index files that the site publishes; nil serves no search
	// but the browser's own.
	OpenIndex OpenIndex
	// Logger receives one record per request and the errors; nil for none.
	Logger *slog.Logger
}

// New returns a handler that serves the site which site returns, asked anew at
// every request. The handler is safe for concurrent use.
func New(site func() fs.FS, o Options) http.Handler {
	base := "/"
	if trimmed := strings.Trim(o.BasePath, "/"); trimmed != "" {
		base = "/" + trimmed + "/"
	}
	log := o.Logger
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	s := &server{site: site, base: base, routes: o.Routes, log: log, encoded: newEncodings(encodedBytes)}
	if o.OpenIndex != nil {
		s.searches = &searches{open: o.OpenIndex}
	}
	return s
}

// Dir returns a site for [New] that reads the folder at path on disk.
func Dir(path string) func() fs.FS { return func() fs.FS { return os.DirFS(path) } }

// FS returns a site for [New] that is always fsys.
func FS(fsys fs.FS) func() fs.FS { return func() fs.FS { return fsys } }

type server struct {
	site     func() fs.FS
	base     string // begins and ends with a slash
	routes   map[string]http.Handler
	log      *slog.Logger
	encoded  *encodings
	searches *searches // nil without
}

// ServeHTTP answers one request. No panic escapes it but [http.ErrAbortHandler],
// with which net/http quietly cuts a connection.
func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	start := time.Now()
	answer := &response{ResponseWriter: w}
	defer func() {
		if p := recover(); p != nil {
			if p == http.ErrAbortHandler {
				panic(p)
			}
			s.log.Error("request panicked", "path", r.URL.Path, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			if answer.status != 0 {
				// Half an answer must not look like a whole one.
				panic(http.ErrAbortHandler)
			}
			s.fail(answer, http.StatusInternalServerError)
		}
		s.log.Info("request", "method", r.Method, "path", r.URL.Path, "status", answer.status, "bytes", answer.bytes, "duration", time.Since(start))
	}()
	setSecurityHeaders(w.Header())
	s.route(answer, r)
}

// route finds what answers a request: a route, a redirect, or a file.
func (s *server) route(w *response, r *http.Request) {
	name, ok := strings.CutPrefix(r.URL.Path, s.base)
	if h := s.routeOf(name); ok && h != nil {
		h.ServeHTTP(w, r)
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		s.fail(w, http.StatusMethodNotAllowed)
		return
	}
	switch {
	case ok && s.search(w, r, name):
	case ok && s.dated(w, r, name):
	case ok:
		s.file(w, r, name)
	case r.URL.Path == "/" || r.URL.Path+"/" == s.base:
		redirect(w, r, s.base, http.StatusTemporaryRedirect)
	default:
		s.notFound(w, r, "")
	}
}

// routeOf returns the handler mounted at name or, the longest first, above it.
func (s *server) routeOf(name string) http.Handler {
	if h, ok := s.routes[name]; ok {
		return h
	}
	for i := len(name) - 1; i >= 0; i-- {
		if name[i] == '/' {
			if h, ok := s.routes[name[:i+1]]; ok {
				return h
			}
		}
	}
	return nil
}

// fail answers with a status and its text.
func (s *server) fail(w *response, status int) {
	h := w.Header()
	for _, key := range []string{"Etag", "Last-Modified", "Content-Encoding", "Content-Length", "Vary"} {
		h.Del(key)
	}
	h.Set("Cache-Control", "no-cache")
	h.Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = fmt.Fprintln(w, http.StatusText(status)) // a client that left needs no answer
}

// redirect sends the client to a path of ours, the query kept. The path is
// rooted and has no empty element, so that it cannot name another host.
func redirect(w http.ResponseWriter, r *http.Request, path string, status int) {
	target := url.URL{Path: path, RawQuery: r.URL.RawQuery}
	w.Header().Set("Location", target.String())
	w.Header().Set("Cache-Control", "no-cache") // a folder may become a file
	w.WriteHeader(status)
}

// setSecurityHeaders sets the headers that every answer carries.
func setSecurityHeaders(h http.Header) {
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()")
	h.Set("Referrer-Policy", "strict-origin-when-cross-origin")
	h.Set("X-Content-Type-Options", "nosniff")
}

// response notes what is sent through it.
type response struct {
	http.ResponseWriter
	status int
	bytes  int64
}

// Unwrap lets [http.ResponseController] reach the connection.
func (w *response) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *response) WriteHeader(status int) {
	if w.status == 0 && status >= 200 {
		w.status = status
		if status == http.StatusPreconditionFailed {
			// ServeContent sends no body, and leaves the length of one.
			w.Header().Del("Content-Length")
		}
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *response) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(p)
	w.bytes += int64(n)
	return n, err
}
