package render

import (
	"cmp"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"

	"vigie/generator/internal/content"
	"vigie/generator/internal/diag"
	"vigie/generator/internal/markdown"
	"vigie/generator/internal/permalink"
	"vigie/generator/internal/tree"
)

// resolver answers where the references of one page lead. It checks every one:
// pages, anchors, files, images and sources.
type resolver struct {
	*renderer
	page     *content.Page
	absolute bool // for readers outside the site: feeds and Markdown twins
}

// Resolve implements markdown.Resolver.
func (r resolver) Resolve(ref markdown.Reference) (markdown.Resolution, *markdown.Problem) {
	switch ref.Kind {
	case markdown.KindWiki:
		return r.wiki(ref)
	case markdown.KindImage:
		return r.image(ref)
	case markdown.KindCitation:
		return r.citation(ref)
	case markdown.KindFact:
		return r.fact(ref)
	}
	return r.link(ref)
}

func problem(rule, suggestion, format string, args ...any) *markdown.Problem {
	return &markdown.Problem{Rule: rule, Suggestion: suggestion, Message: fmt.Sprintf(format, args...)}
}

// url returns a site path as a reference's address.
func (r resolver) url(sitePath, fragment string) string {
	address := r.config.BaseURL.Rel(sitePath)
	if r.absolute {
		address = r.config.BaseURL.Abs(sitePath)
	}
	if fragment != "" {
		address += "#" + escapeFragment(fragment)
	}
	return address
}

// here returns the address of an element of the page itself.
func (r resolver) here(fragment string) string {
	if r.absolute {
		return r.url(r.page.SitePath, fragment)
	}
	return "#" + url.PathEscape(fragment)
}

// pageOf returns the page a reference leads to, nil for none, and reports nothing.
func (r resolver) pageOf(ref markdown.Reference) *content.Page {
	var target *content.Page
	switch {
	case ref.Target == "":
	case ref.Kind == markdown.KindWiki:
		target, _, _, _ = r.site.LookupLink(r.page.Lang, ref.Target, ref.Fragment)
	case ref.Kind == markdown.KindFact:
		target, _ = r.site.Lookup(r.page.Lang, ref.Target)
	case ref.Kind == markdown.KindLink && !isExternal(ref.Target):
		target, _, _, _ = r.local(ref.Target)
	}
	if target == nil || r.bodies[target] == nil {
		return nil
	}
	return target
}

// wiki resolves [[name#fragment]].
func (r resolver) wiki(ref markdown.Reference) (markdown.Resolution, *markdown.Problem) {
	if ref.Target == "" {
		fragment, p := r.anchor(r.page, ref.Fragment)
		return markdown.Resolution{URL: r.here(fragment), Text: ref.Fragment}, p
	}
	target, candidates, name, fragment := r.site.LookupLink(r.page.Lang, ref.Target, ref.Fragment)
	ref.Target, ref.Fragment = name, fragment
	switch {
	case len(candidates) > 0:
		return markdown.Resolution{}, problem("ambiguous-page", "write the path of one", "page %q in link could be %s", ref.Target, strings.Join(candidates, " or "))
	case target == nil:
		if resolution, why, ok := r.toFile(ref); ok {
			return resolution, why
		}
		if why := r.leftOutName(ref.Target); why != nil {
			return markdown.Resolution{}, why
		}
		hint := cmp.Or(diag.DidYouMean(ref.Target, r.site.Names()), "write the page, or correct the name")
		return markdown.Resolution{}, problem("unknown-page", hint, "unknown page %q in link", ref.Target)
	}
	return r.toPage(target, ref)
}

// toPage resolves a reference to a page of the site.
func (r resolver) toPage(target *content.Page, ref markdown.Reference) (markdown.Resolution, *markdown.Problem) {
	if why := r.site.WhyHidden(target); why != "" {
		return markdown.Resolution{}, problem("hidden-page", "publish it, or build with --drafts or --future", "page %q in link %s", ref.Target, why)
	}
	fragment := ref.Fragment
	if fragment != "" {
		found, p := r.anchor(target, fragment)
		if p != nil {
			return markdown.Resolution{}, p
		}
		fragment = found
	}
	resolution := markdown.Resolution{URL: r.url(target.SitePath, fragment), Text: markdown.Typography(target.Lang, target.Title)}
	if target.Lang != r.page.Lang {
		resolution.Lang = target.Lang
	}
	resolution.Term = !r.absolute && fragment == "" && r.explains(r.page, target)
	return resolution, nil
}

// anchor finds the element of a page that a fragment names, by its id or by a
// heading's text.
func (r resolver) anchor(target *content.Page, fragment string) (string, *markdown.Problem) {
	b := r.bodies[target]
	if b == nil || !b.written() {
		return fragment, nil
	}
	document := b.document(r.renderer)
	for _, same := range []func(a, b string) bool{func(a, b string) bool { return a == b }, permalink.Same} {
		if document.HasAnchor(fragment) {
			break // an id is meant by its very letters
		}
		for _, h := range document.Headings() {
			if same(h.Text, decodeFragment(fragment)) {
				return h.ID, nil
			}
		}
	}
	for _, id := range fragmentForms(fragment) {
		if document.HasAnchor(id) && (id == fragment || !r.isOtherHeading(document, id, decodeFragment(fragment))) || slices.ContainsFunc(target.Facts, func(f *content.Fact) bool { return factAnchor(f) == id }) ||
			slices.ContainsFunc(target.Events, func(e *content.Event) bool { return eventAnchor(e) == id }) {
			return id, nil
		}
	}
	if id := headingLike(document.Headings(), fragment); id != "" {
		return id, nil
	}
	if permalink.Same(decodeFragment(fragment), target.Title) || permalink.Slug(decodeFragment(fragment)) == permalink.Slug(target.Title) {
		return "", nil // the page's title stands at its top
	}
	if i := strings.LastIndexByte(fragment, '#'); i > 0 && i < len(fragment)-1 { // a heading below headings
		return r.anchor(target, strings.TrimSpace(fragment[i+1:]))
	}
	if why := badEscape(fragment); why != nil {
		return "", why
	}
	var ids []string
	for _, h := range document.Headings() {
		ids = append(ids, h.ID)
	}
	hint := diag.DidYouMean(decodeFragment(fragment), ids)
	if hint == "" && len(ids) > 0 {
		hint = "its headings are " + strings.Join(ids, ", ")
	}
	return "", problem("unknown-anchor", hint, "unknown anchor %q in %s", fragment, target.FileName())
}

// isOtherHeading tells whether an id is that of a heading that says something else than a
// fragment from which the id was made: "c" is the heading C, and not C++.
func (r resolver) isOtherHeading(document *markdown.Document, id, fragment string) bool {
	return slices.ContainsFunc(document.Headings(), func(h markdown.Heading) bool {
		return h.ID == id && !permalink.Alike(h.Text, fragment) && permalink.Slug(h.Text) == id
	})
}

// citation resolves [@id].
func (r resolver) citation(ref markdown.Reference) (markdown.Resolution, *markdown.Problem) {
	source := r.site.Source(ref.Target)
	if source == nil {
		d := r.site.UnknownSource(diag.Diagnostic{}, ref.Target)
		return markdown.Resolution{}, problem("unknown-source", d.Suggestion, "unknown source %q in citation", ref.Target)
	}
	return markdown.Resolution{
		URL:   cmp.Or(source.URL, r.config.BaseURL.Abs(r.page.SitePath)),
		Title: r.sourceTitle(source, r.page.Lang),
	}, nil
}

// isExternal tells whether a link's target leads outside the site.
func isExternal(target string) bool {
	u, err := url.Parse(target)
	return err == nil && (u.Scheme != "" || u.Host != "")
}

// link resolves [text](target).
func (r resolver) link(ref markdown.Reference) (markdown.Resolution, *markdown.Problem) {
	if ref.Target == "" {
		if ref.Fragment == "" {
			return markdown.Resolution{}, problem("empty-link", "give it an address, or remove it", "link has no target")
		}
		fragment, p := r.anchor(r.page, ref.Fragment)
		return markdown.Resolution{URL: r.here(fragment)}, p
	}
	u, err := url.Parse(ref.Target)
	if err != nil {
		return markdown.Resolution{}, problem("bad-link", "", "link target %q is no address", ref.Target)
	}
	if u.Scheme != "" || u.Host != "" {
		return r.external(ref, u)
	}
	target, file, image, why := r.local(ref.Target)
	var resolution markdown.Resolution
	switch {
	case target != nil:
		resolution, why = r.toPage(target, ref)
	case image != "":
		resolution, why = r.toImage(image, ref)
	case file != "":
		resolution.URL = r.url(file, ref.Fragment)
	}
	if why != nil {
		return markdown.Resolution{}, why
	}
	if u.RawQuery != "" { // what a search page is asked
		address, fragment, found := strings.Cut(resolution.URL, "#")
		resolution.URL = address + "?" + u.RawQuery
		if found {
			resolution.URL += "#" + fragment
		}
	}
	return resolution, nil
}

// external resolves a link that leads outside.
func (r resolver) external(ref markdown.Reference, u *url.URL) (markdown.Resolution, *markdown.Problem) {
	switch u.Scheme {
	case "http", "https", "mailto", "tel", "":
	default:
		return markdown.Resolution{}, problem("bad-link", "use https", "link target %q has the scheme %q, which is not allowed", ref.Target, u.Scheme)
	}
	if (u.Scheme == "http" || u.Scheme == "https") && u.Host == "" {
		return markdown.Resolution{}, problem("bad-link", "", "link target %q names no host", ref.Target)
	}
	address := ref.Target
	if ref.Fragment != "" {
		address += "#" + ref.Fragment
	}
	return markdown.Resolution{URL: address, External: u.Scheme != "mailto" && u.Scheme != "tel"}, nil
}

// toImage resolves a link to an image below content/: it leads to the image as it is
// published, the largest of its files.
func (r resolver) toImage(name string, ref markdown.Reference) (markdown.Resolution, *markdown.Problem) {
	picture, failure := r.picture(name)
	if failure != nil {
		return markdown.Resolution{}, problem(failure.rule, failure.suggestion, "%s", failure.message)
	}
	return markdown.Resolution{URL: r.url("/"+picture.Src, ref.Fragment)}, nil
}

// local finds what a path of this site leads to: a page, the site path of a file that is
// published as it is, or an image by its path below content/, which is published when
// something is made that shows it or leads to it. It publishes nothing itself: links are
// followed to connect pages before anything is made.
func (r resolver) local(target string) (page *content.Page, file, image string, why *markdown.Problem) {
	u, err := url.Parse(target)
	if err != nil {
		return nil, "", "", problem("bad-link", "", "link target %q is no address", target)
	}
	name := tree.Name(u.Path)
	if strings.HasPrefix(name, "/") {
		clean := permalink.Clean(name)
		if p := r.site.PageAt(clean); p != nil {
			return p, "", "", nil
		}
		switch resource := strings.TrimPrefix(name, "/"); {
		case r.statics[resource], r.site.Resources[resource] && !isImage(resource):
			return nil, name, "", nil
		case r.site.Resources[resource]:
			return nil, "", resource, nil
		}
		if r.isList(clean) {
			return nil, clean, "", nil
		}
		if r.isMachineFile(name) {
			return nil, name, "", nil
		}
		return nil, "", "", problem("unknown-page", diag.DidYouMean(clean, r.sitePaths()), "unknown page %q in link", target)
	}
	full := path.Join(r.folder(), name)
	if full == ".." || strings.HasPrefix(full, "../") {
		return nil, "", "", problem("unknown-page", "", "link %q leaves content/", target)
	}
	for _, candidate := range pageFiles(full) {
		if p := r.site.PageOf(candidate); p != nil {
			if t := p.In(r.page.Lang); t != nil && p.Lang == r.config.Language {
				p = t
			}
			return p, "", "", nil
		}
	}
	if s := r.site.Section(r.page.Lang, full); s != nil {
		return s.Page, "", "", nil
	}
	if r.site.Resources[full] {
		if isImage(full) {
			return nil, "", full, nil
		}
		return nil, "/" + full, "", nil
	}
	if why := r.leftOut(target, full); why != nil {
		return nil, "", "", why
	}
	return nil, "", "", problem("unknown-page", diag.DidYouMean(full, r.contentPaths()), "unknown file %q in link", target)
}

// folder is the folder that relative targets of the page start from.
func (r resolver) folder() string {
	if r.page.File == nil {
		return r.page.Dir
	}
	return path.Dir(strings.TrimPrefix(r.page.File.Name(), content.Dir+"/"))
}

// image resolves ![alt](target).
func (r resolver) image(ref markdown.Reference) (markdown.Resolution, *markdown.Problem) {
	if isExternal(ref.Target) {
		return markdown.Resolution{}, problem("external-image", "put the file beside the page", "image %q is on another site, which readers would have to ask", ref.Target)
	}
	name := r.imagePath(ref.Target)
	if ref.Named {
		file, why := r.namedFile(ref.Target)
		if why != nil {
			return markdown.Resolution{}, why
		}
		name = file
	}
	picture, err := r.picture(name)
	if err != nil {
		return markdown.Resolution{}, problem(err.rule, err.suggestion, "%s", err.message)
	}
	resolution := markdown.Resolution{URL: r.url("/"+picture.Src, ref.Fragment), Width: picture.Width, Height: picture.Height}
	if len(picture.SrcSet) > 1 {
		var set []string
		for _, v := range picture.SrcSet {
			set = append(set, fmt.Sprintf("%s %dw", r.url("/"+v.Src, ""), v.Width))
		}
		resolution.SrcSet = strings.Join(set, ", ")
	}
	return resolution, nil
}

// imagePath says where an image's target lies: below content/, or below static/
// with a slash in front.
func (r resolver) imagePath(target string) string {
	if unescaped, err := url.PathUnescape(target); err == nil {
		target = unescaped
	}
	target = tree.Name(target)
	if strings.HasPrefix(target, "/") {
		return target
	}
	return path.Join(r.folder(), target)
}

// contentPaths lists the files of content/, to suggest from.
func (r *renderer) contentPaths() []string {
	var list []string
	for name := range r.site.Resources {
		list = append(list, name)
	}
	for _, p := range r.site.Pages {
		if p.File != nil {
			list = append(list, strings.TrimPrefix(p.File.Name(), content.Dir+"/"))
		}
	}
	return list
}

// sitePaths lists the pages' places on the site, to suggest from.
func (r *renderer) sitePaths() []string {
	var list []string
	for _, p := range r.site.Pages {
		list = append(list, p.SitePath)
	}
	return list
}
