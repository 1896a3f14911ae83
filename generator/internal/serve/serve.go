// Package serve owns the HTTP side of a built site: which file answers which
// path, with which headers.
package serve

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
)

// Options says how a site is served. The zero value serves it at "/".
type Options struct {
	// BasePath is the URL path the site is mounted at, such as "/docs/";
	// empty means "/". Without its slashes it means the same.
	BasePath string
	// Routes are handlers that answer before the files do, by URL path below
	// BasePath, such as "api/search" (exact) or "events/" (the path and all
	// below). They get the security headers, the log and the recovery from
	// panics, and choose their own methods.
	Routes map[string]http.Handler
	// Logger receives one record per request and the errors; nil for none.
	Logger *slog.Logger
}

// New returns a handler that serves the site which site returns, asked anew at
// every request, so that a site that was replaced shows at once.
func New(site func() fs.FS, o Options) http.Handler { return http.NotFoundHandler() }

// Dir returns a site for [New] that reads the folder at path on disk.
func Dir(path string) func() fs.FS { return func() fs.FS { return os.DirFS(path) } }

// FS returns a site for [New] that is always fsys.
func FS(fsys fs.FS) func() fs.FS { return func() fs.FS { return fsys } }

// ListenAndServe serves h on the TCP address addr (such as "localhost:8080")
// until ctx is done, then lets running requests finish for a few seconds. It
// returns nil after such a stop.
func ListenAndServe(ctx context.Context, addr string, h http.Handler) error {
	return errors.New("not written yet")
}
