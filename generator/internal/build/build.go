// Package build owns the pipeline from a site's folder to its files: read the
// configuration, load the content, render it and, for [Publish], write the result.
//
// It decides in which order the work is done and what stops it; the work itself is
// done by the packages below.
package build

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"vigie/generator/internal/check"
	"vigie/generator/internal/config"
	"vigie/generator/internal/content"
	"vigie/generator/internal/diag"
	"vigie/generator/internal/frontmatter"
	"vigie/generator/internal/overlay"
	"vigie/generator/internal/permalink"
	"vigie/generator/internal/publish"
	"vigie/generator/internal/render"
	"vigie/generator/internal/search"
	"vigie/generator/internal/search/browser"
	"vigie/generator/internal/tree"
)

// ConfigFile is the name of a site's configuration.
const ConfigFile = "config.toml"

// Options say what to build.
type Options struct {
	Source  string // the site's folder
	Theme   fs.FS  // layouts/ and static/ for what the site lacks
	BaseURL string // replaces the configuration's; "" keeps it
	Drafts  bool
	Future  bool
	Now     time.Time // the build's clock
	// Progress, if not nil, is called as the work goes on, from any goroutine: done
	// of total pages in a stage ("render").
	Progress func(stage string, done, total int)
	// AllowShrink lets [Publish] replace data sets by ones that lost more of their rows
	// than the configuration allows.
	AllowShrink bool
	// NoCache keeps nothing between runs, and uses nothing that was kept.
	NoCache bool
}

// Site is a rendered site.
type Site struct {
	Config  *config.Config
	Content *content.Site
	Files   *publish.Set
	Counts  render.Counts
	Data    render.Data // the data sets, for [checkShrink]
	// Documents are what the indexes were made of, by language: without their texts for
	// pages that are as the last build found them.
	Documents map[string][]search.Document
	Kept      int      // files that are as the last build left them, and were not made
	search    []string // paths of the files of search
	CacheNote string   // why nothing was kept though something was there; "" else
}

// Render makes the site's files in memory. Where the diagnostics hold an error the
// site is not fit to be published, and may be nil.
func Render(ctx context.Context, o Options) (_ *Site, diags diag.List) {
	defer recovered(&diags)
	in, diags := load(ctx, o)
	if in.Site == nil {
		return nil, diags
	}
	site, out, list, fit := makeFiles(ctx, in)
	if fit {
		list = append(list, site.addSearch(ctx, out, searchOptions{})...)
	}
	return site, check.Silence(in.Site, append(diags, list...).Sort())
}

// load reads the configuration and the content. There is no site where nothing can be
// made of them.
func load(ctx context.Context, o Options) (render.Input, diag.List) {
	cfg, diags := LoadConfig(o)
	if cfg == nil || diags.HasErrors() {
		return render.Input{}, diags
	}
	site, list := loadContent(ctx, o, cfg, content.Options{})
	if diags = append(diags, list...); site == nil {
		return render.Input{}, diags
	}
	return renderInput(o, site), append(diags, judgeFolders(o, cfg)...)
}

// makeFiles makes the files of a loaded site, but for those of its search. fit tells
// whether search can be made.
func makeFiles(ctx context.Context, in render.Input) (site *Site, out render.Output, diags diag.List, fit bool) {
	out, diags = render.Render(ctx, in)
	site = &Site{Config: in.Site.Config, Content: in.Site, Files: out.Files, Counts: out.Counts, Data: out.Data, Documents: out.Documents, Kept: out.Kept}
	return site, out, diags, !diags.HasErrors() && !in.Site.Faulty
}

// loadContent loads the site's content; the site is nil where there is none.
func loadContent(ctx context.Context, o Options, cfg *config.Config, c content.Options) (*content.Site, diag.List) {
	files, err := fs.Sub(os.DirFS(o.Source), content.Dir)
	if err == nil {
		_, err = fs.Stat(files, ".")
	}
	if err != nil {
		return nil, diag.List{diag.Errorf(diag.Position{File: content.Dir}, "no-content", "folder cannot be read: %s", cause(err)).
			WithSuggestion("a site needs config.toml and content/; vigie init makes both")}
	}
	c.Now, c.Drafts, c.Future = o.Now, o.Drafts, o.Future
	var site *content.Site
	var list diag.List
	if failed := diag.Guard(content.Dir, func() { site, list = content.Load(ctx, files, cfg, c) }); failed != nil {
		return nil, failed
	}
	return site, list
}

// renderInput is what a site is rendered from.
func renderInput(o Options, site *content.Site) render.Input {
	source := os.DirFS(o.Source)
	return render.Input{Site: site, Layouts: layered(source, o.Theme, "layouts"), Static: layered(source, o.Theme, "static"),
		OwnStatic: layered(source, nil, "static"), Progress: o.Progress, Scripts: browser.Source}
}

// LoadConfig reads the site's configuration.
func LoadConfig(o Options) (*config.Config, diag.List) {
	text, err := os.ReadFile(filepath.Join(o.Source, ConfigFile))
	if err != nil {
		d := diag.Errorf(diag.Position{File: ConfigFile}, "no-config", "file cannot be read: %s", cause(err))
		if errors.Is(err, fs.ErrNotExist) {
			d = d.WithSuggestion("give the site's folder with --source, or make a site with vigie init")
		}
		return nil, diag.List{d}
	}
	src := diag.NewSource(ConfigFile, text)
	if list := frontmatter.CheckText(src); list.HasErrors() {
		return nil, list
	}
	cfg, diags := config.Load(src)
	if cfg != nil && o.BaseURL != "" {
		base, err := permalink.ParseBase(o.BaseURL)
		if err != nil {
			return nil, append(diags, diag.Errorf(diag.Position{File: "--base-url"}, "bad-base-url", "%v", err))
		}
		cfg.BaseURL = base
	}
	return cfg, diags
}

// layered is a folder of the site over the same folder of the theme.
func layered(site, theme fs.FS, dir string) fs.FS {
	var layers overlay.FS
	for _, fsys := range []fs.FS{site, theme} {
		if fsys == nil {
			continue
		}
		if sub, err := fs.Sub(fsys, dir); err == nil {
			layers = append(layers, tree.New(sub))
		}
	}
	return layers
}

// cause is an error's text without the path, which the position already names.
func cause(err error) string {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		err = pathError.Err
	}
	return err.Error()
}
