package build

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"vigie/generator/internal/check"
	"vigie/generator/internal/config"
	"vigie/generator/internal/content"
	"vigie/generator/internal/diag"
	"vigie/generator/internal/render"
	"vigie/generator/internal/search/index"
	"vigie/generator/internal/tree"
)

// Live is a site in memory whose files are made when they are wanted, and which
// follows the files it is made from. What it makes is what [Render] would make of the
// same files, byte for byte.
type Live struct {
	options     Options
	config      *config.Config
	site        *render.Live
	configuring diag.List // what is wrong with the configuration
	loading     diag.List // … and with the content
	folders     diag.List // of that, what is wrong with layouts/ and static/
	search      *liveSearch
	memory      *memory   // nil without
	kept        sync.Once // in it, what the bodies are
}

// Change is what an update did.
type Change struct {
	// Pages are those whose Markdown alone changed; where All is set, anything may
	// have.
	Pages []*content.Page
	All   bool
}

// None tells that nothing changed for anybody.
func (c Change) None() bool { return len(c.Pages) == 0 && !c.All }

// Open reads a site. It is nil where nothing can be made of it.
func Open(ctx context.Context, o Options) (*Live, diag.List) {
	return open(ctx, o, nil, nil)
}

// open reads a site. before, if not nil, is the site as it was, of which the named
// files may have changed; none named stand for all.
func open(ctx context.Context, o Options, before *Live, changed []string) (_ *Live, diags diag.List) {
	defer recovered(&diags)
	same := func(area string) bool {
		return before != nil && len(changed) > 0 && !touches(changed, area) && !touches(changed, ConfigFile)
	}
	var cfg *config.Config
	if before != nil && len(changed) > 0 && !touches(changed, ConfigFile) {
		cfg, diags = before.config, slices.Clone(before.configuring)
	} else if cfg, diags = LoadConfig(o); cfg == nil || diags.HasErrors() {
		return nil, diags
	}
	configuring := slices.Clone(diags)
	how := content.Options{Keep: true}
	if before != nil {
		how.Before = before.site.Site()
	}
	var site *content.Site
	if same(content.Dir) {
		site, diags = before.site.Site(), slices.Clone(before.loading)
	} else {
		var list diag.List
		site, list = loadContent(ctx, o, cfg, how)
		if diags = append(diags, list...); site == nil {
			return nil, diags
		}
	}
	folders := judgeFolders(o, cfg)
	if !same(content.Dir) {
		diags = append(diags, folders...)
	} else { // those of before are among them
		diags = append(slices.DeleteFunc(diags, func(d diag.Diagnostic) bool {
			return slices.ContainsFunc(before.folders, func(f diag.Diagnostic) bool { return sameFinding(d, f) })
		}), folders...)
	}
	in := renderInput(o, site)
	var memory *memory
	if before == nil {
		memory = remember(o, "preview")
		in.Recall = func(ground string) (*render.Trace, []int) { return memory.recall(takeLiveFingerprint(site, ground)) }
	} else {
		memory = before.memory
	}
	if before != nil {
		in.Before, in.SameStatic = before.site, same("static")
	}
	live, list := render.Open(ctx, in)
	diags = append(diags, list...)
	if live == nil {
		return nil, diags.Sort()
	}
	diags = diags.Sort()
	return &Live{options: o, config: cfg, site: live, configuring: configuring, loading: diags, folders: folders, search: &liveSearch{memory: memory}, memory: memory}, slices.Concat(diags, memory.untold())
}

// CacheNote tells why nothing that was kept is of use though something was there, ""
// where there is nothing to tell.
func (l *Live) CacheNote() string { return l.memory.why() }

// touches tells whether any of the files is one, or stands below a folder.
func touches(files []string, name string) bool {
	for _, f := range files {
		if f == name || strings.HasPrefix(f, name+"/") || strings.HasPrefix(name, f+"/") {
			return true
		}
	}
	return false
}

// Update brings the site up to date with the named files, below its folder with
// slashes, which were written, made, moved or removed; none named stand for all. The
// result is l itself where only the Markdown of pages changed. It is nil where nothing
// can be made of what the files hold now; l is then as it was.
func (l *Live) Update(ctx context.Context, changed []string) (_ *Live, _ Change, diags diag.List) {
	defer recovered(&diags)
	if change, ok := l.editBodies(changed); ok {
		return l, change, l.loading
	}
	if l.redress(changed) {
		return l, Change{All: true}, l.loading
	}
	next, diags := open(ctx, l.options, l, changed)
	return next, Change{All: true}, diags
}

// redress takes over what changed in templates alone, or in style sheets and scripts
// alone, and tells whether that was all.
func (l *Live) redress(changed []string) bool {
	only := func(fits func(name string) bool) bool {
		return len(changed) > 0 && !slices.ContainsFunc(changed, func(name string) bool { return !fits(name) })
	}
	switch {
	case !slices.EqualFunc(judgeFolders(l.options, l.config), l.folders, sameFinding):
		return false // what is wrong with them is told anew
	case only(l.isLayout):
		return l.site.Relayout(renderInput(l.options, l.site.Site()).Layouts)
	case only(func(name string) bool {
		ext := path.Ext(name)
		return strings.HasPrefix(name, "static/css/") && ext == ".css" || strings.HasPrefix(name, "static/js/") && (ext == ".ts" || ext == ".js")
	}):
		return l.site.Restyle()
	}
	return false
}

// isLayout tells whether a changed file is a template, or a folder of nothing else, such as
// one that was made for it.
func (l *Live) isLayout(name string) bool {
	if name != "layouts" && !strings.HasPrefix(name, "layouts/") {
		return false
	}
	err := fs.WalkDir(os.DirFS(l.options.Source), name, func(name string, d fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist): // a template that was removed, or a folder of who knows what
		case err != nil || d.IsDir():
			return err
		}
		if path.Ext(name) != ".html" || strings.HasPrefix(name, "layouts/i18n/") {
			return errors.New("not a template")
		}
		return nil
	})
	return err == nil
}

// editBodies takes over what changed in the Markdown of pages; ok tells whether that
// was all. What was taken over before something else was found is right in any case.
func (l *Live) editBodies(changed []string) (change Change, ok bool) {
	if len(changed) == 0 {
		return change, false
	}
	texts := map[string][]byte{}
	for _, name := range changed {
		file, inContent := strings.CutPrefix(tree.Name(name), content.Dir+"/")
		page := l.site.Site().PageOf(file)
		if !inContent || page == nil {
			return change, false
		}
		text, err := os.ReadFile(filepath.Join(l.options.Source, filepath.FromSlash(name)))
		if err != nil {
			return change, false
		}
		if !bytes.Equal(text, page.File.Text()) {
			texts[file] = text
		}
	}
	for file, text := range texts {
		page, ok := l.site.EditBody(file, text)
		if !ok {
			return Change{}, false
		}
		change.Pages = append(change.Pages, page)
	}
	if len(change.Pages) > 0 {
		l.search.forget()
	}
	return change, true
}

// Config is the site's configuration.
func (l *Live) Config() *config.Config { return l.config }

// Content is what the site is made from. It must not be read while Update runs.
func (l *Live) Content() *content.Site { return l.site.Site() }

// Make makes the file at a path of the site, with what is wrong with it; ok tells
// whether there is one. The files of search are those of the last [Live.MakeSearch].
func (l *Live) Make(file string) (data []byte, problems diag.List, ok bool) {
	if data, ok = l.search.file(file); ok {
		return data, nil, true
	}
	return l.site.Make(file)
}

// Marked is Make for an editor: what is wrong with a page is marked in it where it
// shows, by elements that name the problem (see [MarkID]).
func (l *Live) Marked(file string) (data []byte, problems diag.List, ok bool) {
	defer recovered(&problems)
	return l.site.Marked(file, l.loading)
}

// MarkID names a problem in the pages that [Live.Marked] makes, in the attribute
// data-vigie-problem.
func MarkID(d diag.Diagnostic) string { return render.MarkID(d) }

// Has tells whether the site has a file at a path, images and search aside.
func (l *Live) Has(file string) bool { return l.site.Has(file) }

// Problems is all that is wrong with the site but with its layouts, which shows when
// they are executed.
func (l *Live) Problems(ctx context.Context) (diags diag.List) {
	defer recovered(&diags)
	list := l.site.Problems(ctx)
	if ctx.Err() == nil {
		l.kept.Do(func() { l.memory.keepBodies(l.site) }) // now that all are parsed
	}
	return check.Silence(l.site.Site(), append(slices.Clone(l.loading), list...).Sort())
}

// PageProblems is what is wrong with the body of a page.
func (l *Live) PageProblems(p *content.Page) diag.List {
	return check.Silence(l.site.Site(), l.site.PageProblems(p))
}

// PageNumbers counts a page.
func (l *Live) PageNumbers(p *content.Page) render.PageNumbers { return l.site.PageNumbers(p) }

// MakeSearch indexes the site as it is, unless it was so already.
func (l *Live) MakeSearch(ctx context.Context) (diags diag.List) {
	defer recovered(&diags)
	return l.search.build(ctx, l.site)
}

// All makes all files, as [Render] does.
func (l *Live) All(ctx context.Context) (_ *Site, diags diag.List) {
	defer recovered(&diags)
	site, diags := l.all(ctx)
	return site, check.Silence(site.Content, diags)
}

// liveSearch is the files of a live site's search.
type liveSearch struct {
	memory   *memory
	building sync.Mutex

	mu      sync.Mutex
	version int // counts what made the files outdated
	made    int // the version that files are of, plus one; 0 for none
	files   map[string][]byte
	diags   diag.List
}

// forget says that the site's documents changed.
func (s *liveSearch) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.version++
}

func (s *liveSearch) file(name string) ([]byte, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	data, ok := s.files[name]
	return data, ok
}

// build indexes the site, unless its present documents are indexed.
func (s *liveSearch) build(ctx context.Context, site *render.Live) diag.List {
	s.building.Lock()
	defer s.building.Unlock()
	s.mu.Lock()
	version, made, diags := s.version, s.made, s.diags
	s.mu.Unlock()
	if made == version+1 {
		return diags
	}
	pages, documents := site.Documents(ctx)
	s.memory.beginSearch()
	list, diags := searchFiles(ctx, pages, documents, searchOptions{index: index.Options{Parts: s.memory.parts()}})
	s.memory.endSearch()
	if ctx.Err() != nil {
		return diags
	}
	files := map[string][]byte{}
	for _, f := range list {
		files[f.path] = f.data
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.files, s.diags, s.made = files, diags, version+1
	return diags
}

// Files are the site's files as a file system. They are made as they are opened.
func (l *Live) Files(ctx context.Context) fs.FS { return liveFS{ctx, l} }
