package render

import (
	"path"
	"slices"
	"strings"

	"vigie/generator/internal/diag"
	"vigie/generator/internal/markdown"
	"vigie/generator/internal/tree"
)

// fileNamed returns the file of content/ that a name means wherever it lies, as in
// ![[plan.png]]: the one that lies there, seen from folder or from content/, else the one
// of that name with the shortest path. Where several are as near, it returns "" and all
// of them; where there is none, neither.
func (r *renderer) fileNamed(name, folder string) (file string, candidates []string) {
	name = strings.TrimPrefix(tree.Name(name), "/")
	if path.Ext(name) == "" {
		return "", nil
	}
	for _, place := range []string{path.Join(folder, name), path.Clean(name)} {
		if r.site.Resources[place] {
			return place, nil
		}
	}
	for _, same := range []func(a, b string) bool{func(a, b string) bool { return a == b }, strings.EqualFold} {
		depth := 0
		for _, resource := range sortedKeys(r.site.Resources) {
			tail := resource
			if extra := len(resource) - len(name); extra > 0 && resource[extra-1] == '/' {
				tail = resource[extra:]
			}
			if !same(tail, name) {
				continue
			}
			switch own := strings.Count(resource, "/"); {
			case len(candidates) == 0 || own < depth:
				candidates, depth = []string{resource}, own
			case own == depth:
				candidates = append(candidates, resource)
			}
		}
		if len(candidates) > 0 {
			break
		}
	}
	if len(candidates) == 1 {
		return candidates[0], nil
	}
	return "", candidates
}

// namedFile is [renderer.fileNamed] for the resolver's page, with what is wrong where
// nothing, or too much, is called so.
func (r resolver) namedFile(name string) (string, *markdown.Problem) {
	file, candidates := r.fileNamed(name, r.folder())
	switch {
	case file != "":
		return file, nil
	case len(candidates) > 0:
		return "", problem("ambiguous-file", "write the path of one", "file %q could be %s", name, strings.Join(candidates, " or "))
	}
	if why := r.leftOutName(name); why != nil {
		return "", why
	}
	var names []string
	for resource := range r.site.Resources {
		names = append(names, path.Base(resource))
	}
	slices.Sort(names)
	return "", problem("unknown-image", diag.DidYouMean(name, slices.Compact(names)), "unknown image %q", name)
}

// toFile resolves a wiki link whose name is that of a file; ok is false where there is
// no such file.
func (r resolver) toFile(ref markdown.Reference) (resolution markdown.Resolution, why *markdown.Problem, ok bool) {
	file, candidates := r.fileNamed(ref.Target, r.folder())
	switch {
	case len(candidates) > 0:
		_, why = r.namedFile(ref.Target)
		return resolution, why, true
	case file == "":
		return resolution, nil, false
	case isImage(file):
		resolution, why = r.toImage(file, ref)
	default:
		resolution.URL = r.url("/"+file, ref.Fragment)
	}
	resolution.Text = path.Base(file)
	return resolution, why, true
}

// isNoPage reports whether no page has the name of a wiki link.
func (r *renderer) isNoPage(lang string, ref markdown.Reference) bool {
	page, candidates, _, _ := r.site.LookupLink(lang, ref.Target, ref.Fragment)
	return page == nil && len(candidates) == 0
}
