package render_test

import (
	"bytes"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
)

// identifiers matches what names an entry, a feed or a calendar's event for ever.
var identifiers = regexp.MustCompile(`tag:[^"<\s]+|(?m)^UID:\S+`)

// TestIdentifiersOfNeighbours builds one content for sites that share a host: what
// names their entries differs, and that of a site at the root says no more than it did.
func TestIdentifiersOfNeighbours(t *testing.T) {
	of := func(base string) []string {
		s := site{now: now, layouts: fstest.MapFS{}, static: fstest.MapFS{},
			config: fmt.Appendf(nil, `title = "Essai"
base_url = %q
[views]
deadlines = "echeances"
changes = "suivi"
`, base),
			content: fstest.MapFS{
				"blog/hello.md":  file("---\ntitle: Hello\ndate: 2025-04-17\ntags: [x]\nauthors: [Jane]\n---\nBonjour\n"),
				"échelle/été.md": file("---\ntitle: Été\ndate: 2025-04-18\n---\nBonjour\n"),
				"suivi.md":       file("# Suivi\n"),
				"echeances.md":   file("# Échéances\n"),
				"certificat.md":  file("---\ntitle: Certificat\nevents:\n  - title: Qualification\n    date: 2026-01-05\n    expires: 2027-01-05\n    source: s\n---\n"),
				"sources.toml":   file("[[sources]]\nid = \"s\"\ntitle = \"S\"\npublisher = \"P\"\nurl = \"https://example.com/\"\ndate = 2026-01-05\naccessed = 2026-01-06\nlang = \"fr\"\ntype = \"official\"\n"),
			}}
		layouts, static := theme(root, filepath.Join("testdata", "theme"))
		set, _, diags := s.build(t, layouts, static)
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		var all bytes.Buffer
		for _, name := range set.Paths() {
			if data, _ := set.Get(name); strings.HasSuffix(name, "atom.xml") || strings.HasSuffix(name, "feed.json") || strings.HasSuffix(name, ".ics") {
				all.Write(data)
			}
		}
		return identifiers.FindAllString(all.String(), -1)
	}
	rooted, wsw, other := of("https://jane.github.io/"), of("https://jane.github.io/wsw/"), of("https://jane.github.io/other/")
	kinds := map[string]bool{}
	taken := map[string]bool{}
	for _, id := range other {
		taken[id] = true
	}
	for i, id := range wsw {
		kinds[id[:3]] = true
		if taken[id] {
			t.Errorf("%s names entries of two sites", id)
		}
		if want := strings.Replace(strings.Replace(id, ":/wsw/", ":/", 1), "github.io/wsw", "github.io", 1); want == id || rooted[i] != want {
			t.Errorf("%s stands for %s at the root, want %s", id, rooted[i], want)
		}
	}
	if !kinds["tag"] || !kinds["UID"] {
		t.Errorf("identifiers of feeds and calendars were to be compared: %v", wsw)
	}
	if want := "tag:jane.github.io,2025-04-17:/wsw/blog/hello/"; !strings.Contains(strings.Join(wsw, " "), want) {
		t.Errorf("%s is missing from %v", want, wsw)
	}
}
