package sitefuzz

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"vigie/generator/internal/diag"
)

// Finding is something that must not be: what rule is broken, and how.
type Finding struct {
	Rule   string // "leak", "lost", "unused", "crawl", "syntax", "position", …
	Detail string
}

// String returns the finding in one line.
func (f Finding) String() string { return f.Rule + ": " + f.Detail }

// findings gathers what is found, each once.
type findings []Finding

func (list *findings) add(rule, format string, args ...any) {
	f := Finding{rule, fmt.Sprintf(format, args...)}
	if !slices.Contains(*list, f) {
		*list = append(*list, f)
	}
}

// Built is what became of a site.
type Built struct {
	Files map[string][]byte // what it publishes, by path; nil where it has errors
	Diags diag.List
	Base  string // the site's address, with a slash at its end
}

// Inspect returns what must not be of a site and what became of it.
func Inspect(s Site, b Built) []Finding {
	var list findings
	list.diagnostics(s, b.Diags)
	if b.Diags.HasErrors() || b.Files == nil {
		return list
	}
	list.leaks(b.Files)
	list.index(b.Files)
	list.lost(s, b)
	list.syntax(b.Files)
	list.links(s, b)
	slices.SortFunc(list, func(a, b Finding) int { return strings.Compare(a.String(), b.String()) })
	return list
}

// diagnostics finds what is wrong with what is said: places that are outside their
// files, sentences that are none.
func (list *findings) diagnostics(s Site, diags diag.List) {
	for _, d := range diags {
		if d.Rule == diag.InternalRule {
			list.add("panic", "%s", d)
		}
		list.place(s, d.Position, d)
		if !s.has(d.File) && d.File != "content/sources.toml" && d.Rule != "sitemap" { // which are to be made
			list.add("nowhere", "names no file of the site: %s", d)
		}
		for _, n := range d.Notes {
			list.place(s, n.Position, d)
		}
		first, _, _ := strings.Cut(d.Message, " ")
		switch {
		case d.Rule == "":
			list.add("message", "has no rule: %s", d)
		case d.Message == "" || strings.HasSuffix(d.Message, "."):
			list.add("message", "is no sentence of ours: %s", d)
		case first != strings.ToLower(first) && strings.Trim(first, `"`) == first && first != strings.ToUpper(first):
			list.add("message", "starts with a capital: %s", d)
		case strings.Contains(d.Message, "%!") || strings.Contains(d.Suggestion, "%!"):
			list.add("message", "is badly formatted: %s", d)
		}
	}
}

// has reports whether the site has a file or folder.
func (s Site) has(name string) bool {
	for file := range s {
		if file = norm.NFC.String(file); file == norm.NFC.String(name) || strings.HasPrefix(file, name+"/") {
			return true
		}
	}
	return false
}

// file returns the text of a file, by its name in NFC as diagnostics have it.
func (s Site) file(name string) (string, bool) {
	if text, ok := s[name]; ok {
		return text, true
	}
	for file, text := range s {
		if norm.NFC.String(file) == name {
			return text, true
		}
	}
	return "", false
}

// place finds a position outside its file.
func (list *findings) place(s Site, at diag.Position, d diag.Diagnostic) {
	if at.Line == 0 {
		return
	}
	text, ok := s.file(at.File)
	if !ok {
		if strings.HasPrefix(at.File, "content/") {
			list.add("position", "no such file: %s", d)
		}
		return
	}
	lines := strings.Split(text, "\n")
	if at.Line > len(lines) || at.Line < 0 || at.Col < 0 {
		list.add("position", "line outside the file of %d lines: %s", len(lines), d)
		return
	}
	if n := len([]rune(lines[at.Line-1])); at.Col > n+1 {
		list.add("position", "column outside the line of %d characters: %s", n, d)
	}
}
