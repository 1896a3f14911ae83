package render

import (
	"fmt"
	"io/fs"
	"maps"
	"net/url"
	"path"
	"slices"
	"strings"

	"vigie/generator/internal/content"
	"vigie/generator/internal/diag"
	"vigie/generator/internal/layout"
	"vigie/generator/internal/markdown"
	"vigie/generator/internal/tree"
)

// usage is which files of content/ the site's pages use. A file that none uses is not
// published.
type usage struct {
	used  map[string]bool // by a page, a layout or config.toml
	named map[string]bool // of those, what is asked for under its own name, as HTML does; images too
	// layouts are those that layouts name.
	layouts map[string]bool
}

// ownName marks a file that is asked for under its own name.
const ownName = "/"

// filesOf lists the files of content/ that a body uses, sorted: with [ownName] before
// those that its HTML names.
func (r *renderer) filesOf(b *body) []string {
	switch {
	case !b.written():
		return nil
	case b.known != nil:
		return b.known.Files
	case len(r.site.Resources) == 0:
		return nil
	}
	return r.filesIn(b, b.parsed().document)
}

// filesIn lists the files of content/ that a body uses if it is a document.
func (r *renderer) filesIn(b *body, document *markdown.Document) []string {
	found := map[string]bool{}
	from := resolver{renderer: r, page: b.page}
	for _, ref := range document.References() {
		switch ref.Kind {
		case markdown.KindLink, markdown.KindImage, markdown.KindWiki:
			if ref.Named || ref.Kind == markdown.KindWiki && r.isNoPage(b.page.Lang, ref) {
				if name, _ := r.fileNamed(ref.Target, from.folder()); name != "" {
					found[name] = true
				}
				continue
			}
			if name := r.resource(ref.Target, from.folder()); name != "" {
				found[name] = true
			}
		}
	}
	for _, address := range document.HTMLAddresses() {
		// Relative to the file, as in Markdown, or to the page, as browsers have it.
		for _, folder := range []string{from.folder(), strings.Trim(path.Dir(b.page.SitePath+"x"), "/")} {
			if name := r.resource(address, folder); name != "" {
				found[ownName+name] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// resource returns the file of content/ that an address names, seen from a folder below
// it; "" for none.
func (r *renderer) resource(address, folder string) string {
	if rest, ok := strings.CutPrefix(address, r.config.BaseURL.String()); ok {
		address = "/" + rest
	}
	name := address
	if u, err := url.Parse(address); err == nil {
		if u.Scheme != "" || u.Host != "" {
			return ""
		}
		name = u.Path
	} else {
		name, _, _ = strings.Cut(name, "#")
	}
	name = tree.Name(name)
	candidates := []string{path.Join(folder, name)}
	if rooted, ok := strings.CutPrefix(name, "/"); ok {
		candidates = []string{rooted, strings.TrimPrefix(name, r.config.BaseURL.Path())}
	}
	for _, name := range candidates {
		if r.site.Resources[name] {
			return name
		}
	}
	return ""
}

// prepareUsage finds which files of content/ are used, and says which are left out. The
// pages must be connected.
func (r *renderer) prepareUsage() {
	u := usage{used: map[string]bool{}, named: map[string]bool{}, layouts: r.layoutResources(r.layouts)}
	use := func(name string) {
		if name, own := strings.CutPrefix(name, ownName); name != "" {
			u.used[name] = true
			u.named[name] = u.named[name] || own
		}
	}
	named := func(address, folder string) {
		if name := r.resource(address, folder); name != "" {
			use(ownName + name)
		}
	}
	for _, p := range r.site.Pages {
		for _, name := range r.bodies[p].files {
			use(name)
		}
		owner := resolver{renderer: r, page: imageOwner(p)}
		if p.Image.Set {
			use(r.resource(p.Image.Value, owner.folder()))
		}
		eachText(p.Params, func(text string) { named(text, owner.folder()) })
		for _, f := range p.Facts {
			named(f.Value.URL, owner.folder())
		}
	}
	use(r.resource(ownName+r.config.Image.Value, ""))
	for _, entries := range r.config.Menus {
		for _, entry := range entries {
			named(entry.URL.Value, "")
		}
	}
	named(r.config.Data.LicenseURL.Value, "")
	for name := range u.layouts {
		use(ownName + name)
	}
	for name := range r.site.Resources {
		if len(r.config.Content.Publish.Match(name, false)) > 0 {
			use(ownName + name)
		}
	}
	r.followUsage(u, named)
	r.usage = u
	r.reportUnused()
}

// followUsage adds what used pages and style sheets of HTML, SVG and CSS name in turn.
func (r *renderer) followUsage(u usage, named func(address, folder string)) {
	looked := map[string]bool{}
	for {
		var next []string
		for name := range u.used {
			if !looked[name] {
				next = append(next, name)
			}
		}
		if len(next) == 0 {
			return
		}
		for _, name := range next {
			looked[name] = true
			addresses := markdown.Addresses
			switch strings.ToLower(path.Ext(name)) {
			case ".html", ".htm", ".xhtml":
			case ".svg":
				if !u.named[name] {
					continue // an image loads nothing
				}
			case ".css":
				addresses = markdown.StyleAddresses
			default:
				continue
			}
			data, err := fs.ReadFile(r.site.Files(), name)
			if err != nil {
				continue // who publishes it says so
			}
			for _, address := range addresses(string(data)) {
				named(address, path.Dir(name))
			}
		}
	}
}

// layoutResources are the files of content/ that layouts name.
func (r *renderer) layoutResources(set *layout.Set) map[string]bool {
	found := map[string]bool{}
	for _, address := range set.Paths() {
		if name := r.resource(address, ""); name != "" {
			found[name] = true
		}
	}
	return found
}

// eachText calls do for every text in a value of the front matter.
func eachText(value any, do func(text string)) {
	switch v := value.(type) {
	case string:
		do(v)
	case []any:
		for _, item := range v {
			eachText(item, do)
		}
	case map[string]any:
		for _, item := range v {
			eachText(item, do)
		}
	}
}

// reportUnused says in one warning which files of content/ are left out because no page
// uses them. What a draft uses waits for it, and is not spoken of.
func (r *renderer) reportUnused() {
	var unused []string
	for _, name := range sortedKeys(r.site.Resources) {
		if !r.usage.used[name] && !r.awaited(name) {
			unused = append(unused, name)
		}
	}
	if len(unused) == 0 {
		return
	}
	const shown = 3
	what, list := "file that no page uses is", strings.Join(unused[:min(len(unused), shown)], ", ")
	if len(unused) > 1 {
		what = fmt.Sprintf("%d files that no page uses are", len(unused))
	}
	if more := len(unused) - shown; more > 0 {
		list = fmt.Sprintf("%s and %d more", list, more)
	}
	r.report(diag.Errorf(diag.Position{File: content.Dir}, "unused-file", "%s not published: %s", what, list).
		WithSuggestion("link to it from a page, move it to static/, or list it in config.toml under [content] publish, or ignore").AsWarning())
}

// awaited tells whether a page that is not published yet names a file.
func (r *renderer) awaited(name string) bool {
	base := path.Base(name)
	return slices.ContainsFunc(r.site.Hidden, func(p *content.Page) bool {
		if p.File == nil {
			return false
		}
		text := tree.Name(string(p.File.Text()))
		return strings.Contains(text, base) || strings.Contains(text, url.PathEscape(base))
	})
}

// published tells whether a file of content/ is published under its own name. An image
// that Markdown shows is published in sizes of its own.
func (u usage) published(name string) bool {
	return u.used[name] && (u.named[name] || !isImage(name))
}

// leftOut is why a reference leads to no file where the file is there and not read.
func (r *renderer) leftOut(target, name string) *markdown.Problem {
	why := r.site.WhyLeftOut(name)
	if why == "" {
		return nil
	}
	return problem("left-out", "link to something else, or change the pattern or the file", "file %q in link %s", target, why)
}

// leftOutName is leftOut for a wiki link's name.
func (r *renderer) leftOutName(name string) *markdown.Problem {
	if why := r.leftOut(name, name); why != nil {
		return why
	}
	for _, file := range sortedKeys(r.site.LeftOut) {
		if base := path.Base(file); strings.EqualFold(base, name) || strings.EqualFold(content.Stem(base), name) {
			return r.leftOut(name, file)
		}
	}
	return nil
}

// pageFiles lists the files that a link without or with an ending may mean.
func pageFiles(name string) []string {
	list := []string{name}
	for _, ending := range content.Extensions {
		list = append(list, name+ending, path.Join(name, "_index"+ending), path.Join(name, "index"+ending))
	}
	return list
}
