// Package sitetest owns whole sites in tests: building one from a folder or from
// text, and reading the published files as a browser and a crawler would. It is for
// tests only.
package sitetest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/html"

	"vigie/generator/internal/build"
	"vigie/generator/internal/diag"
)

// Root is the repository's folder, as seen from the package whose tests run.
func Root() string {
	dir := "."
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if abs, err := filepath.Abs(dir); err != nil || abs == filepath.Dir(abs) {
			panic("no go.mod above the working folder")
		}
		dir = filepath.Join(dir, "..")
	}
}

// Now is the clock that tests build the repository's own site with.
var Now = time.Date(2026, 11, 21, 9, 0, 0, 0, time.FixedZone("CET", 3600))

// own is the repository's own site, built when a test first wants it: nothing in it
// changes once it is made, and there are many tests.
var own = sync.OnceValues(func() (*build.Site, diag.List) { return rendered(Root()) })

// Own builds the repository's own site in memory, and fails the test where it has
// errors. Tests share it.
func Own(t testing.TB) *build.Site {
	t.Helper()
	site, diags := own()
	free(t, Root(), diags)
	return site
}

// Build builds the site in a folder, and fails the test where it has errors.
func Build(t testing.TB, dir string) *build.Site {
	t.Helper()
	site, diags := rendered(dir)
	free(t, dir, diags)
	return site
}

// OwnOn is [Own] on another day, at noon UTC. Nothing of it is shared.
func OwnOn(t testing.TB, day time.Time) *build.Site {
	t.Helper()
	site, diags := renderedOn(Root(), day.UTC().Truncate(24*time.Hour).Add(12*time.Hour))
	free(t, Root(), diags)
	return site
}

func rendered(dir string) (*build.Site, diag.List) { return renderedOn(dir, Now) }

func renderedOn(dir string, now time.Time) (*build.Site, diag.List) {
	return build.Render(context.Background(), build.Options{Source: dir, Theme: os.DirFS(Root()), Now: now})
}

// free fails the test where a site has errors.
func free(t testing.TB, dir string, diags diag.List) {
	t.Helper()
	if diags.HasErrors() {
		var b bytes.Buffer
		_ = diag.Print(&b, diags, diag.PrintOptions{})
		t.Fatalf("site %s has errors:\n%s", dir, b.String())
	}
}

// document is what a crawler wants to know of an HTML file.
type document struct {
	ids   map[string]bool
	links []string // href and src values
}

// Crawl reads every HTML file of a published site and returns what is wrong with
// it, sorted: links and anchors that lead nowhere, resources of other sites, inline
// scripts and styles, ids used twice, JSON-LD that does not parse. base is the
// site's absolute URL.
func Crawl(site fs.FS, base string) ([]string, error) {
	var problems []string
	documents := map[string]document{}
	err := fs.WalkDir(site, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) != ".html" {
			return err
		}
		data, err := fs.ReadFile(site, name)
		if err != nil {
			return err
		}
		doc, found, err := read(data)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		documents[name] = doc
		for _, p := range found {
			problems = append(problems, name+": "+p)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	root, err := url.Parse(base)
	if err != nil {
		return nil, err
	}
	for name, doc := range documents {
		at := root.JoinPath(strings.TrimSuffix(name, "index.html"))
		for _, link := range doc.links {
			if p := follow(site, documents, root, at, link); p != "" {
				problems = append(problems, name+": "+p)
			}
		}
	}
	slices.Sort(problems)
	return slices.Compact(problems), nil
}

// follow returns what is wrong with a link of the page at the URL at.
func follow(site fs.FS, documents map[string]document, root, at *url.URL, link string) string {
	u, err := at.Parse(link)
	if err != nil {
		return fmt.Sprintf("link %q is no URL", link)
	}
	if u.Host != root.Host || !strings.HasPrefix(u.Path, root.Path) {
		return ""
	}
	name := strings.TrimPrefix(u.Path, root.Path)
	if name == "" || strings.HasSuffix(name, "/") {
		name += "index.html"
	}
	info, err := fs.Stat(site, name)
	if err != nil || info.IsDir() {
		return fmt.Sprintf("link %q leads to no file", link)
	}
	if doc, isHTML := documents[name]; isHTML && u.Fragment != "" && !doc.ids[u.Fragment] {
		return fmt.Sprintf("link %q leads to no anchor", link)
	}
	return ""
}

// read parses one page.
func read(data []byte) (document, []string, error) {
	doc := document{ids: map[string]bool{}}
	var problems []string
	root, err := html.Parse(bytes.NewReader(data))
	if err != nil {
		return doc, nil, err
	}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		problems = append(problems, doc.element(n)...)
	}
	return doc, problems, nil
}

// element notes an element's ids and links and returns what is wrong with it.
func (doc *document) element(n *html.Node) (problems []string) {
	attributes := map[string]string{}
	for _, a := range n.Attr {
		attributes[a.Key] = a.Val
		if strings.HasPrefix(a.Key, "on") {
			problems = append(problems, fmt.Sprintf("<%s> has the handler %s", n.Data, a.Key))
		}
	}
	if id, ok := attributes["id"]; ok {
		if doc.ids[id] {
			problems = append(problems, fmt.Sprintf("id %q is used twice", id))
		}
		doc.ids[id] = true
	}
	if _, ok := attributes["style"]; ok || n.Data == "style" {
		problems = append(problems, fmt.Sprintf("<%s> has an inline style", n.Data))
	}
	if n.Data == "script" && attributes["src"] == "" {
		if attributes["type"] != "application/ld+json" {
			problems = append(problems, "script is inline")
		} else if n.FirstChild == nil || !json.Valid([]byte(n.FirstChild.Data)) {
			problems = append(problems, "JSON-LD does not parse")
		}
	}
	if n.Data == "a" || n.Data == "link" || n.Data == "area" {
		if href, ok := attributes["href"]; ok {
			doc.links = append(doc.links, href)
		}
	}
	for _, resource := range resources(n.Data, attributes) {
		doc.links = append(doc.links, resource)
		if u, err := url.Parse(resource); err == nil && u.Host != "" {
			problems = append(problems, fmt.Sprintf("<%s> loads %q from elsewhere", n.Data, resource))
		}
	}
	return problems
}

// resources are the addresses that a browser loads for an element by itself.
func resources(element string, attributes map[string]string) []string {
	var list []string
	if element == "link" {
		if rel := attributes["rel"]; strings.Contains(rel, "stylesheet") || strings.Contains(rel, "icon") || rel == "manifest" || rel == "preload" {
			list = append(list, attributes["href"])
		}
	}
	if src := attributes["src"]; src != "" {
		list = append(list, src)
	}
	for candidate := range strings.SplitSeq(attributes["srcset"], ",") {
		if address, _, _ := strings.Cut(strings.TrimSpace(candidate), " "); address != "" {
			list = append(list, address)
		}
	}
	return list
}
