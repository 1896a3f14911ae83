package sitetest

import (
	"bytes"
	"io/fs"
	"path"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// Pages returns the HTML files of a published site, sorted; those of redirects,
// which only lead on, are left out.
func Pages(site fs.FS) ([]string, error) {
	features, err := survey(site)
	if err != nil {
		return nil, err
	}
	var names []string
	for name := range features {
		names = append(names, name)
	}
	slices.Sort(names)
	return names, nil
}

// Cover returns few pages that stand for all: whatever element or class a layout
// uses on a page of the site, it uses on one of them; every layout, every language
// and, in the default language, every folder that holds the pages of a kind is
// there. The most telling page comes first.
func Cover(site fs.FS) ([]string, error) {
	features, err := survey(site)
	if err != nil {
		return nil, err
	}
	missing := map[string]bool{}
	for _, list := range features {
		for f := range list {
			missing[f] = true
		}
	}
	var chosen []string
	for len(missing) > 0 {
		best, most := "", 0
		for name, list := range features {
			n := 0
			for f := range list {
				if missing[f] {
					n++
				}
			}
			if n > most || n == most && n > 0 && name < best {
				best, most = name, n
			}
		}
		chosen = append(chosen, best)
		for f := range features[best] {
			delete(missing, f)
		}
	}
	return chosen, nil
}

// survey returns what each page of the site shows, by file.
func survey(site fs.FS) (map[string]map[string]bool, error) {
	pages := map[string]map[string]bool{}
	err := fs.WalkDir(site, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) != ".html" {
			return err
		}
		data, err := fs.ReadFile(site, name)
		if err != nil {
			return err
		}
		root, err := html.Parse(bytes.NewReader(data))
		if err != nil {
			return err
		}
		if list := shown(name, root); list != nil {
			pages[name] = list
		}
		return nil
	})
	return pages, err
}

// shown is what one page shows, or nil for a redirect.
func shown(name string, root *html.Node) map[string]bool {
	list := map[string]bool{}
	language, layout := "", ""
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		attributes := map[string]string{}
		for _, a := range n.Attr {
			attributes[a.Key] = a.Val
		}
		switch n.Data {
		case "html":
			language = attributes["lang"]
		case "meta":
			if attributes["http-equiv"] == "refresh" {
				return nil
			}
		case "body":
			layout = attributes["class"]
			list["in "+language] = true
			list[layout] = true
			if folder, rest, _ := strings.Cut(name, "/"); folder != language && strings.Contains(rest, "/") {
				list[layout+" of "+folder] = true
			}
		}
		if layout == "" {
			continue // the head is not looked at
		}
		list[layout+" <"+n.Data+">"] = true
		for class := range strings.FieldsSeq(attributes["class"]) {
			list[layout+" ."+class] = true
		}
	}
	return list
}
