// Package sitemap owns the files that tell machines what a site holds: the
// sitemap and its index (sitemaps.org 0.9, with hreflang alternates), the Google
// News sitemap, robots.txt (RFC 9309), the OpenSearch 1.1 description and
// llms.txt (llmstxt.org).
//
// Its input types are neutral and its output is the same bytes for the same
// input, whatever its order. It reads no clock, knows nothing of pages and never
// fetches.
package sitemap

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// The limits of one sitemap file that sitemaps.org sets.
const (
	MaxURLs  = 50_000
	MaxBytes = 50 << 20 // uncompressed
	maxLoc   = 2048     // an address is shorter than this
)

// URL is one page of a sitemap.
type URL struct {
	Loc string // absolute
	// Modified is the last significant change, written in its own time zone; a
	// zero time is left out.
	Modified time.Time
	// Alternates are the page's versions in every language, itself included.
	// Each version must list the same set, or search engines ignore them all.
	Alternates []Alternate
}

// Alternate is one language version of a page.
type Alternate struct {
	Lang string // BCP 47 tag, or "x-default"
	Href string // absolute
}

// File is one file to publish.
type File struct {
	Name string // relative to the site's root, such as "sitemap.xml"
	Data []byte
}

// Files returns the sitemap of urls, sorted by address: "sitemap.xml" alone, or,
// where one file would pass [MaxURLs] or [MaxBytes], "sitemap.xml" as the index
// of "sitemap-1.xml", "sitemap-2.xml" and so on. base is the absolute URL of the
// site's root. The error lists every address that is not absolute, lies outside
// base or stands twice, and every alternate that is not reciprocal.
func Files(base string, urls []URL) ([]File, error) {
	base = strings.TrimSuffix(base, "/") + "/"
	urls = slices.SortedFunc(slices.Values(urls), func(a, b URL) int { return cmp.Compare(a.Loc, b.Loc) })
	if err := check(base, urls); err != nil {
		return nil, err
	}
	parts := split(urls, MaxURLs, MaxBytes)
	if len(parts) == 1 {
		return []File{{"sitemap.xml", parts[0].data}}, nil
	}
	var index bytes.Buffer
	index.WriteString(indexHead)
	files := make([]File, 1, len(parts)+1)
	for n, p := range parts {
		name := fmt.Sprintf("sitemap-%d.xml", n+1)
		files = append(files, File{name, p.data})
		index.WriteString("  <sitemap>\n")
		element(&index, "    ", "loc", base+name)
		if !p.modified.IsZero() {
			element(&index, "    ", "lastmod", p.modified.Format(time.RFC3339))
		}
		index.WriteString("  </sitemap>\n")
	}
	index.WriteString(indexTail)
	files[0] = File{"sitemap.xml", index.Bytes()}
	return files, nil
}

// part is one sitemap file with the newest date in it.
type part struct {
	data     []byte
	modified time.Time
}

// split writes sorted urls into as many files as the limits ask for, at least
// one.
func split(urls []URL, maxURLs, maxBytes int) []part {
	var parts []part
	var out, entry bytes.Buffer
	count, newest := 0, time.Time{}
	flush := func() {
		out.WriteString(setTail)
		parts = append(parts, part{bytes.Clone(out.Bytes()), newest})
		out.Reset()
		count, newest = 0, time.Time{}
	}
	for _, u := range urls {
		entry.Reset()
		writeURL(&entry, u)
		if count > 0 && (count == maxURLs || out.Len()+entry.Len()+len(setTail) > maxBytes) {
			flush()
		}
		if count == 0 {
			out.WriteString(setHead)
		}
		out.Write(entry.Bytes())
		count++
		if u.Modified.After(newest) {
			newest = u.Modified
		}
	}
	if count == 0 {
		out.WriteString(setHead)
	}
	flush()
	return parts
}

func writeURL(b *bytes.Buffer, u URL) {
	b.WriteString("  <url>\n")
	element(b, "    ", "loc", u.Loc)
	if !u.Modified.IsZero() {
		element(b, "    ", "lastmod", u.Modified.Format(time.RFC3339))
	}
	for _, a := range sortedAlternates(u) {
		fmt.Fprintf(b, "    <xhtml:link rel=\"alternate\" hreflang=\"%s\" href=\"%s\"/>\n", escape(a.Lang), escape(a.Href))
	}
	b.WriteString("  </url>\n")
}

// sortedAlternates orders by language, x-default last.
func sortedAlternates(u URL) []Alternate {
	return slices.SortedFunc(slices.Values(u.Alternates), func(a, b Alternate) int {
		if a.Lang == b.Lang {
			return cmp.Compare(a.Href, b.Href)
		}
		if a.Lang == xDefault || b.Lang == xDefault {
			if a.Lang == xDefault {
				return 1
			}
			return -1
		}
		return cmp.Compare(a.Lang, b.Lang)
	})
}

// xDefault marks the version for readers of no listed language.
const xDefault = "x-default"

// check returns every rule that urls, sorted by address, break.
func check(base string, urls []URL) error {
	x := fault{file: "sitemap"}
	x.web("base", base)
	byLoc := make(map[string]URL, len(urls))
	for n, u := range urls {
		switch {
		case !isWeb(u.Loc):
			x.web("address", u.Loc)
		case !strings.HasPrefix(u.Loc, base):
			x.add("address %q lies outside %q", u.Loc, base)
		case len(escape(u.Loc)) >= maxLoc:
			x.add("address %q is not shorter than %d bytes", u.Loc, maxLoc)
		}
		if n > 0 && urls[n-1].Loc == u.Loc {
			x.add("address %q stands twice", u.Loc)
		}
		byLoc[u.Loc] = u
	}
	for _, u := range urls {
		checkAlternates(&x, u, byLoc)
	}
	return x.err()
}

// checkAlternates demands what Google's guide to localized versions does: a
// page lists itself, each language once, and every version lists the same set.
func checkAlternates(x *fault, u URL, byLoc map[string]URL) {
	if len(u.Alternates) == 0 {
		return
	}
	set := sortedAlternates(u)
	if !slices.ContainsFunc(set, func(a Alternate) bool { return a.Href == u.Loc && a.Lang != xDefault }) {
		x.add("address %q does not stand among its own alternates", u.Loc)
	}
	for n, a := range set {
		if a.Lang != xDefault && !tag.MatchString(a.Lang) {
			x.add("alternate of %q has %q, which is not a language tag", u.Loc, a.Lang)
		}
		if n > 0 && set[n-1].Lang == a.Lang {
			x.add("alternates of %q give the language %q twice", u.Loc, a.Lang)
		}
		other, ok := byLoc[a.Href]
		if !ok {
			x.add("alternate %q of %q does not stand in the sitemap", a.Href, u.Loc)
		} else if !slices.Equal(set, sortedAlternates(other)) {
			x.add("alternate %q of %q does not list the same alternates", a.Href, u.Loc)
		}
	}
}
