// Package generator is Vigie as a library: what the command does, in a few
// functions and option structs.
//
// [Build] turns a site's folder (config.toml, content/ and, where it wants to
// differ from the theme, layouts/ and static/) into a folder of files that any
// static host can serve. [Serve] does the same and serves the result over HTTP.
// [Check] does all but writing, [Search] queries the index of a published site.
// [NewPage] and [NewSite] start what editors go on with.
//
// A site is described to the generator by files alone; the functions keep no state
// and read no environment. What is wrong with a site comes back as diagnostics,
// values that say where (file:line:col), what, and what would cure it: [Print]
// writes them. Where one is an error nothing was published. The build's only clock
// is Options.Now: the same files and the same clock give the same bytes.
package generator

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"vigie"
	"vigie/generator/internal/build"
	"vigie/generator/internal/diag"
	"vigie/generator/internal/render"
	"vigie/generator/internal/scaffold"
	"vigie/generator/internal/serve"
)

// Options say which site to build and how.
type Options struct {
	Source      string // the site's folder; "" for the current one
	Destination string // the published folder; relative to Source; "" for "public"
	Theme       fs.FS  // layouts/ and static/ for what the site lacks; nil for the embedded theme
	BaseURL     string // replaces the configuration's base_url; "" keeps it
	Drafts      bool   // publish drafts
	Future      bool   // publish pages dated after Now
	Now         time.Time
	AllowShrink bool // publish data sets that lost more rows than data.max_shrink allows
	// NoCache keeps nothing between builds in .vigie/cache, and uses nothing of it. What
	// is built is the same.
	NoCache bool
	// Progress, if not nil, hears how the work goes on, from any goroutine.
	Progress func(stage string, done, total int)
}

// Diagnostics is what is wrong with a site, sorted.
type Diagnostics = diag.List

// Diagnostic is one finding about the input.
type Diagnostic = diag.Diagnostic

// The severities of diagnostics.
const (
	Error   = diag.Error
	Warning = diag.Warning
)

// PrintOptions say how diagnostics are printed.
type PrintOptions = diag.PrintOptions

// Counts says what a build rendered.
type Counts = render.Counts

// Report says what a build did.
type Report struct {
	Counts    Counts
	Files     int // in the published folder
	Written   int // new or changed
	Unchanged int
	Removed   int
	Kept      int    // of those unchanged, files that did not have to be made again
	Cache     string // why nothing was left of the last build that was to be found; "" else
	Duration  time.Duration
}

// Print writes diagnostics, one per line, as files, people or programs want them.
func Print(w io.Writer, list Diagnostics, o PrintOptions) error { return diag.Print(w, list, o) }

// Build builds the site and publishes it. Where the diagnostics hold an error the
// published folder is as it was.
func Build(ctx context.Context, o Options) (Report, Diagnostics) {
	report, _, diags := o.publish(ctx)
	return report, diags
}

func (o Options) publish(ctx context.Context) (Report, *build.Site, Diagnostics) {
	start := time.Now()
	site, written, diags := build.Publish(ctx, o.build(), o.destination())
	report := Report{Duration: time.Since(start), Written: written.Written, Unchanged: written.Unchanged, Removed: written.Removed}
	if site != nil {
		report.Counts, report.Files, report.Kept, report.Cache = site.Counts, site.Files.Len(), site.Kept, site.CacheNote
	}
	return report, site, diags
}

func (o Options) source() string {
	if o.Source == "" {
		return "."
	}
	return o.Source
}

// destination is the published folder as the process sees it.
func (o Options) destination() string {
	dir := o.Destination
	if dir == "" {
		dir = "public"
	}
	if filepath.IsAbs(dir) {
		return dir
	}
	return filepath.Join(o.source(), dir)
}

func (o Options) build() build.Options {
	if o.Theme == nil {
		o.Theme = vigie.Theme
	}
	return build.Options{Source: o.source(), Theme: o.Theme, BaseURL: o.BaseURL, Drafts: o.Drafts, Future: o.Future, Now: o.Now, Progress: o.Progress, AllowShrink: o.AllowShrink, NoCache: o.NoCache}
}

// ServeOptions say where a site is served.
type ServeOptions struct {
	Addr string // TCP address; "" for localhost:8080
	// Ready, if not nil, is called once with the build's report and the site's URL
	// before requests are answered.
	Ready  func(report Report, diags Diagnostics, url string)
	Logger *slog.Logger // requests and errors; nil for none
}

// Serve builds the site and serves the published folder until ctx is done. Where
// the diagnostics hold an error nothing was served.
func Serve(ctx context.Context, o Options, s ServeOptions) (Diagnostics, error) {
	report, site, diags := o.publish(ctx)
	if diags.HasErrors() {
		return diags, nil
	}
	if s.Addr == "" {
		s.Addr = "localhost:8080"
	}
	listener, err := serve.Listen(ctx, s.Addr)
	if err != nil {
		return diags, err
	}
	base := site.Config.BaseURL.Path()
	site = nil // the files are on disk now
	if s.Ready != nil {
		s.Ready(report, diags, "http://"+displayAddr(s.Addr, listener.Addr())+base)
	}
	return diags, serve.Serve(ctx, listener, Handler(o.destination(), base, s.Logger))
}

// Handler serves a published folder at the path of its base URL, such as "/", as
// vigie serve does.
func Handler(published, basePath string, logger *slog.Logger) http.Handler {
	return serve.New(serve.Dir(published), serve.Options{BasePath: basePath, OpenIndex: openIndex, Logger: logger})
}

// displayAddr is the address as a browser takes it: the host as asked for, the port
// as it was given.
func displayAddr(asked string, given net.Addr) string {
	host, _, err := net.SplitHostPort(asked)
	if err != nil || host == "" || host == "0.0.0.0" || host == "::" {
		host = "localhost"
	}
	_, port, err := net.SplitHostPort(given.String())
	if err != nil {
		return asked
	}
	return net.JoinHostPort(host, port)
}

// NewPage writes a new page of a kind and returns its file's path. The title names
// the file; an existing file is never overwritten.
func NewPage(o Options, kind, title string) (string, Diagnostics, error) {
	cfg, diags := build.LoadConfig(o.build())
	if cfg == nil || diags.HasErrors() {
		return "", diags, nil
	}
	declared, ok := cfg.Kind(kind)
	if !ok {
		var names []string
		for _, k := range cfg.Kinds {
			names = append(names, k.Name)
		}
		slices.Sort(names)
		return "", diags, fmt.Errorf("kind %q is not declared; declared are %s", kind, strings.Join(names, ", "))
	}
	name, text, err := scaffold.Page(cfg, declared, title, o.Now)
	if err != nil {
		return "", diags, err
	}
	name = filepath.Join(o.source(), name)
	return name, diags, scaffold.Write(name, text)
}

// NewSite makes a small site that builds in a folder that does not exist or is
// empty, and returns the files written.
func NewSite(dir string, now time.Time) ([]string, error) { return scaffold.Init(dir, now) }

// Version is the program's version, as the Go toolchain recorded it.
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	version := info.Main.Version
	if version == "" {
		version = "(devel)"
	}
	return version + " " + info.GoVersion
}
