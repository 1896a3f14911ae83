package sitemap

import (
	"bytes"
	"regexp"
	"strings"
)

// Robots is the content of a robots.txt (RFC 9309). Its zero value allows all.
type Robots struct {
	Groups   []RobotsGroup
	Sitemaps []string // absolute URLs
}

// RobotsGroup is what some crawlers may and may not fetch. A group without
// paths allows all.
type RobotsGroup struct {
	Agents   []string // product tokens; none means "*"
	Allow    []string // paths from the root
	Disallow []string
}

// product is a product token (RFC 9309 § 2.2.1).
var product = regexp.MustCompile(`^[A-Za-z_-]+$`)

// Text returns the file's text. The error names what would break a line or is
// not a path, a token or an absolute URL.
func (r Robots) Text() ([]byte, error) {
	x := fault{file: "robots.txt"}
	groups := r.Groups
	if len(groups) == 0 {
		groups = []RobotsGroup{{}}
	}
	var b bytes.Buffer
	for n, g := range groups {
		if n > 0 {
			b.WriteByte('\n')
		}
		agents := g.Agents
		if len(agents) == 0 {
			agents = []string{"*"}
		}
		for _, agent := range agents {
			if agent != "*" && !product.MatchString(agent) {
				x.add("agent %q is not a product token", agent)
			}
			b.WriteString("User-agent: " + agent + "\n")
		}
		rules := func(verb string, paths []string) {
			for _, path := range paths {
				if !strings.HasPrefix(path, "/") || !oneLine(path) || strings.ContainsAny(path, " #") {
					x.add("path %q is not an escaped path from the root", path)
				}
				b.WriteString(verb + ": " + path + "\n")
			}
		}
		rules("Allow", g.Allow)
		rules("Disallow", g.Disallow)
		if len(g.Allow)+len(g.Disallow) == 0 {
			b.WriteString("Disallow:\n") // some crawlers expect a rule in each group
		}
	}
	if len(r.Sitemaps) > 0 {
		b.WriteByte('\n')
	}
	for _, s := range r.Sitemaps {
		x.web("sitemap", s)
		b.WriteString("Sitemap: " + s + "\n")
	}
	if err := x.err(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
