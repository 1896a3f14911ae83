package config

import (
	"path"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"vigie/generator/internal/record"
	"vigie/generator/internal/tree"
)

// Content is what config.toml says of which files below content/ count.
type Content struct {
	Ignore  Patterns // files and folders that are not read
	Publish Patterns // files that are published though no page uses them
}

// Patterns are patterns of paths below content/, in the file's order.
type Patterns []Pattern

// Pattern matches paths below content/ as a line of .gitignore does: * and ? stand for
// parts of a name, ** for any folders; one without a slash inside matches at any depth,
// one with a slash at its end folders alone. A folder stands for all that is in it.
type Pattern struct {
	record.Field[string]        // as written
	glob                 string // from the root
	folder               bool   // folders alone
}

// Match tells whether the pattern matches a file or folder, or a folder above it.
func (p Pattern) Match(name string, isFolder bool) bool {
	for name != "." && name != "" {
		if (isFolder || !p.folder) && doublestar.MatchUnvalidated(p.glob, name) {
			return true
		}
		name, isFolder = path.Dir(name), true
	}
	return false
}

// Match returns the places of the patterns that match a file or folder.
func (list Patterns) Match(name string, isFolder bool) []int {
	var places []int
	for i, p := range list {
		if p.Match(name, isFolder) {
			places = append(places, i)
		}
	}
	return places
}

// rawContent is [content] as written.
type rawContent struct {
	Ignore  []record.Field[string] `record:"ignore"`
	Publish []record.Field[string] `record:"publish"`
}

// content settles [content].
func (l *loader) content(raw rawContent) {
	l.config.Content = Content{Ignore: l.patterns(raw.Ignore), Publish: l.patterns(raw.Publish)}
}

func (l *loader) patterns(raw []record.Field[string]) Patterns {
	var list Patterns
	for _, f := range raw {
		if !f.Set {
			continue // reported as of the wrong type
		}
		glob := strings.TrimPrefix(tree.Name(f.Value), "./")
		glob, folder := strings.CutSuffix(glob, "/")
		switch {
		case strings.Trim(glob, "/ ") == "":
			l.report(f.Span, "bad-pattern", "pattern names nothing", `write it as "templates/" or "**/*.txt"`)
			continue
		case strings.HasPrefix(glob, "!"):
			l.report(f.Span, "bad-pattern", "pattern "+quoted(f.Value)+" takes back others, which is not done here", "list only what is meant")
			continue
		case strings.HasPrefix(glob, "../") || strings.Contains(glob, "/../"):
			l.report(f.Span, "bad-pattern", "pattern "+quoted(f.Value)+" leads out of content/", "write it from content/ on")
			continue
		case !doublestar.ValidatePattern(glob):
			l.report(f.Span, "bad-pattern", "pattern "+quoted(f.Value)+" is not well formed", "close every [ and {, or write \\ before a sign that stands for itself")
			continue
		}
		glob, rooted := strings.CutPrefix(glob, "/")
		if !rooted && !strings.Contains(glob, "/") {
			glob = "**/" + glob
		}
		list = append(list, Pattern{f, glob, folder})
	}
	return list
}

func quoted(s string) string { return `"` + s + `"` }
