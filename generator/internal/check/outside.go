package check

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"strings"

	"vigie/generator/internal/config"
	"vigie/generator/internal/content"
	"vigie/generator/internal/diag"
	"vigie/generator/internal/linkcheck"
	"vigie/generator/internal/markdown"
)

// The rules that need the network.
const (
	deadLink  = "dead-link"
	movedLink = "moved-link"
)

// LinkCounts says how many addresses outside the site were tried, each counted once.
type LinkCounts struct {
	Tried   int
	Alive   int // those that moved among them
	Dead    int
	Unknown int // of which could not be told: forbidden by robots.txt, for people alone, no time left
	Cached  int // known from an earlier run
}

// Unjudged is an address of which could not be told whether it leads anywhere.
type Unjudged struct {
	Address string `json:"address"`
	Reason  string `json:"reason"`
}

// place is where an address outside the site is written.
type place struct {
	address  string          // as written
	what     string          // "link", "address of source …"
	at       diag.Diagnostic // without rule and message
	archived string          // of a source: the address of its copy
}

// outsideLinks tries the addresses outside the site: links of texts and menus, sources
// and their copies, values of facts, recordings. A source that is gone and has a copy
// that is not is well: readers are led to the copy.
func (j *judge) outsideLinks(ctx context.Context, links *linkcheck.Checker) (Findings, diag.List) {
	places := slices.Concat(j.linksOfPages(), j.linksOfSources(), j.linksOfMenus())
	wanted := map[string]bool{}
	for _, p := range places {
		wanted[bare(p.address)] = true
	}
	results, notices := links.Check(ctx, slices.Sorted(maps.Keys(wanted)))
	findings := Findings{Notices: notices}
	for _, address := range slices.Sorted(maps.Keys(results)) {
		r := results[address]
		findings.Links.add(r)
		if r.Outcome == linkcheck.Unknown {
			findings.Unjudged = append(findings.Unjudged, Unjudged{address, r.Reason})
		}
	}
	var list diag.List
	for _, p := range places {
		r := results[bare(p.address)]
		d := p.at
		switch {
		case r.Outcome == linkcheck.Moved:
			d.Rule = movedLink
			d = message(d, "%s %s has moved for good", p.what, p.address).WithSuggestion("write %s", withFragment(r.Address, p.address))
		case r.Outcome != linkcheck.Dead || p.archived != "" && isAlive(results[bare(p.archived)]):
			continue
		default:
			d.Rule = deadLink
			d = message(d, "%s %s is dead: %s", p.what, p.address, r.Reason).WithSuggestion("%s", p.cure())
		}
		list = append(list, d)
	}
	return findings, list
}

func isAlive(r linkcheck.Result) bool {
	return r.Outcome == linkcheck.Alive || r.Outcome == linkcheck.Moved
}

func (c *LinkCounts) add(r linkcheck.Result) {
	c.Tried++
	switch {
	case isAlive(r):
		c.Alive++
	case r.Outcome == linkcheck.Dead:
		c.Dead++
	default:
		c.Unknown++
	}
	if r.Cached {
		c.Cached++
	}
}

// message gives d what it has to say.
func message(d diag.Diagnostic, format string, args ...any) diag.Diagnostic {
	d.Message = diag.Errorf(d.Position, d.Rule, format, args...).Message
	return d
}

// cure is what to do about a dead address.
func (p place) cure() string {
	if strings.HasPrefix(p.what, sourceNoun) {
		return "correct it, or add archived_url with the address of a copy"
	}
	return "correct it, link to a copy, or remove it"
}

const sourceNoun = "source"

// linksOfPages lists the addresses in texts and front matter.
func (j *judge) linksOfPages() (list []place) {
	for _, p := range j.written() {
		if document := j.bodies.Document(p); document != nil {
			for _, ref := range document.References() {
				address := ref.Target
				if ref.Fragment != "" {
					address += "#" + ref.Fragment
				}
				if ref.Kind == markdown.KindLink && j.isOutside(address) {
					list = append(list, place{address: address, what: "link to", at: p.File.Errorf(ref.Offset, ref.Length, deadLink, "").AsWarning()})
				}
			}
		}
		if p.Original != nil {
			continue // what follows is written once
		}
		for _, f := range p.Facts {
			if f.Property.Type == config.TypeURL && j.isOutside(f.Value.URL) && f.Status != content.Withdrawn && f.Status != content.Superseded {
				list = append(list, place{address: f.Value.URL, what: "value of " + f.Property.Name, at: p.Warnf(f.ValueAt, deadLink, "")})
			}
		}
		if i := p.Interview; i != nil && j.isOutside(i.Media) {
			list = append(list, place{address: i.Media, what: "recording", at: p.Warnf(p.MediaAt(), deadLink, "")})
		}
	}
	return list
}

// linksOfSources lists the addresses of publications and of their copies.
func (j *judge) linksOfSources() (list []place) {
	for _, s := range j.Sources {
		if j.isOutside(s.URL) {
			list = append(list, place{address: s.URL, what: sourceNoun, at: s.Warnf(s.URLAt, deadLink, ""), archived: s.Archived})
		}
		if j.isOutside(s.Archived) {
			list = append(list, place{address: s.Archived, what: "copy", at: s.Warnf(s.ArchivedAt, deadLink, "")})
		}
	}
	return list
}

// linksOfMenus lists the addresses in config.toml.
func (j *judge) linksOfMenus() (list []place) {
	for _, name := range slices.Sorted(maps.Keys(j.Config.Menus)) {
		for _, entry := range j.Config.Menus[name] {
			if at := entry.URL.Span; j.isOutside(entry.URL.Value) {
				list = append(list, place{address: entry.URL.Value, what: "menu entry", at: j.Config.Source.Errorf(at.Offset, at.Length, deadLink, "").AsWarning()})
			}
		}
	}
	return list
}

// isOutside tells whether an address is one of the web that is not this site's own.
func (j *judge) isOutside(address string) bool {
	u, err := url.Parse(bare(address))
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && !strings.HasPrefix(u.String()+"/", j.Config.BaseURL.String())
}

// bare is an address as it is tried: without its fragment, which hosts do not see, and
// with a scheme.
func bare(address string) string {
	address, _, _ = strings.Cut(address, "#")
	if strings.HasPrefix(address, "//") {
		return "https:" + address
	}
	return address
}

// withFragment gives an address the fragment of another.
func withFragment(address, from string) string {
	if _, fragment, ok := strings.Cut(from, "#"); ok {
		return address + "#" + fragment
	}
	return address
}
