package sitefuzz

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"net/url"
	"path"
	"strings"
	"testing/fstest"
	"unicode/utf8"

	"golang.org/x/net/html"

	"vigie/generator/internal/search"
	"vigie/generator/internal/sitetest"
)

// syntax finds files that are not what their names say.
func (list *findings) syntax(files map[string][]byte) {
	for name, data := range files {
		var err error
		switch path.Ext(name) {
		case ".xml":
			err = wellFormed(data)
		case ".json", ".webmanifest":
			if !json.Valid(data) {
				err = errors.New("no JSON")
			}
		case ".csv":
			_, err = csv.NewReader(bytes.NewReader(data)).ReadAll()
		case ".html", ".md", ".txt", ".ics", ".css", ".js", ".svg":
		default:
			continue
		}
		if err != nil {
			list.add("syntax", "%s: %v", name, err)
		}
		if !utf8.Valid(data) {
			list.add("syntax", "%s is no UTF-8", class(name))
		}
		if i := bytes.IndexFunc(data, func(r rune) bool {
			return r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0x7f || r >= 0x80 && r < 0xa0
		}); i >= 0 && !strings.HasPrefix(name, "search/") {
			list.add("control", "character 0x%02X in %s", data[i], class(name))
		}
	}
}

func wellFormed(data []byte) error {
	d := xml.NewDecoder(bytes.NewReader(data))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// links finds links that lead nowhere, what breaks the site's own policy, and files that
// nothing leads to.
func (list *findings) links(s Site, b Built) {
	fsys := fstest.MapFS{}
	for name, data := range b.Files {
		fsys[name] = &fstest.MapFile{Data: data}
	}
	problems, err := sitetest.Crawl(fsys, b.Base)
	if err != nil {
		list.add("crawl", "%v", err)
	}
	for _, p := range problems {
		list.add("crawl", "%s", p)
	}
	used := reached(b)
	for name := range b.Files {
		content, isResource := s["content/"+name]
		switch {
		case used[name], builtForMachines(name), isRedirect(b.Files[name]):
		case s["static/"+name] != "" || isTheme(name):
		case isResource && path.Ext(name) == ".csv" && strings.Contains(s["config.toml"], `publish = ["*.csv"]`): // asked for
		case isResource && content == string(b.Files[name]):
			list.add("unused", "resource is published, and no page uses it")
		default:
			list.add("unused", "%s: nothing leads to it", name)
		}
	}
}

// reached are the files that a page, a feed, a sitemap or llms.txt leads to.
func reached(b Built) map[string]bool {
	used := map[string]bool{}
	base, err := url.Parse(b.Base)
	if err != nil {
		return used
	}
	note := func(at *url.URL, link string) {
		u, err := at.Parse(link)
		if err != nil || u.Host != base.Host || !strings.HasPrefix(u.Path, base.Path) {
			return
		}
		name := strings.TrimPrefix(u.Path, base.Path)
		if name == "" || strings.HasSuffix(name, "/") {
			name += "index.html"
		}
		used[name] = true
	}
	for name, data := range b.Files {
		at := base.JoinPath(strings.TrimSuffix(name, "index.html"))
		switch path.Ext(name) {
		case ".html":
			z := html.NewTokenizer(bytes.NewReader(data))
			for z.Next() != html.ErrorToken {
				for _, a := range z.Token().Attr {
					switch a.Key {
					case "srcset":
						for candidate := range strings.SplitSeq(a.Val, ",") {
							address, _, _ := strings.Cut(strings.TrimSpace(candidate), " ")
							note(at, address)
						}
					case "href", "src", "content", "data-src", "data-cards", "action":
						note(at, a.Val)
					default:
						if strings.HasPrefix(a.Key, "data-") && strings.ContainsAny(a.Val, "/.") {
							note(at, a.Val)
						}
					}
				}
			}
		case ".xml", ".txt", ".json":
			for _, part := range strings.FieldsFunc(string(data), func(r rune) bool { return strings.ContainsRune("<>\"' \n\t()", r) }) {
				if strings.HasPrefix(part, b.Base) {
					note(base, html.UnescapeString(part))
				}
			}
		}
	}
	return used
}

// builtForMachines reports whether a file is one that its readers know to ask for.
func builtForMachines(name string) bool {
	base := path.Base(name)
	return strings.HasPrefix(name, "search/") || name == search.DescriptorPath || base == "404.html" || base == "robots.txt" || base == "llms.txt" ||
		strings.HasPrefix(base, "sitemap") || base == "opensearch.xml" || strings.HasPrefix(name, "assets/") ||
		base == "days.json" || base == "cards.json" // scripts ask for them where a page has a use for them
}

// isTheme reports whether a file is one of the default theme's static/.
func isTheme(name string) bool {
	switch name {
	case "favicon.ico", "icon.svg", "apple-touch-icon.png", "og.png", "site.webmanifest":
		return true
	}
	return false
}

func isRedirect(data []byte) bool { return bytes.Contains(data, []byte(`http-equiv="refresh"`)) }
