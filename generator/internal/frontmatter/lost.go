package frontmatter

import (
	"bytes"
	"fmt"
	"path"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"vigie/generator/internal/diag"
)

// Front matter that is not where it should be, or not between its fences, would be
// published as text, and what it says of the page, such as draft: true, not be heard.
// These are the ways in which that happens.

// betraying are keys by which a few lines are known for front matter, in lower case and
// without - and _. Those that say whether a page is published give it away alone.
var betraying = map[string]bool{
	"title": false, "date": false, "tags": false, "tag": false, "slug": false, "layout": false, "author": false, "authors": false, "category": false, "categories": false,
	"description": false, "summary": false, "excerpt": false, "aliases": false, "alias": false, "lastmod": false, "modified": false, "updated": false, "permalink": false, "url": false,
	"lang": false, "type": false, "kind": false, "weight": false, "keywords": false, "cssclass": false, "cssclasses": false, "created": false, "template": false, "redirectfrom": false, "saveas": false,
	"draft": true, "isdraft": true, "published": true, "publish": true, "status": true, "private": true, "hidden": true, "unlisted": true, "visibility": true,
	"headless": true, "expirydate": true, "publishdate": true, "expires": true,
}

// keyLine is a line that gives a key, as YAML, TOML and headers of mail do.
var keyLine = regexp.MustCompile(`^["']?([A-Za-z][A-Za-z_ -]{0,30}?)["']?[ \t]*(?:::?|=)(?:[ \t]+(.*)|)$`)

// fold brings a key into the form of betraying.
func fold(key string) string {
	return strings.NewReplacer("-", "", "_", "", " ", "").Replace(strings.ToLower(key))
}

// shape is what lines have of front matter.
type shape struct {
	known, keys int
	title, says bool // has a title; says whether the page is published
	pure        bool // nothing else stands there
}

// shapeOf looks at lines.
func shapeOf(lines []string) shape {
	s := shape{pure: true}
	for _, line := range lines {
		trimmed := strings.TrimSpace(line)
		m := keyLine.FindStringSubmatch(strings.TrimRight(line, " \t\r"))
		switch {
		case trimmed == "", trimmed[0] == '#', strings.HasPrefix(trimmed, "- "), strings.HasPrefix(trimmed, "["), s.keys > 0 && line[0] != trimmed[0]:
		case m == nil:
			s.pure = false
		default:
			s.keys++
			says, known := betraying[fold(m[1])]
			if known {
				s.known++
			}
			s.title = s.title || fold(m[1]) == "title"
			// A stage is a word; a longer text is prose.
			s.says = s.says || says && len(strings.Fields(m[2])) <= 2
		}
	}
	return s
}

// isMatter reports whether lines between fences are front matter.
func (s shape) isMatter() bool { return s.pure && s.known > 0 }

// isHeader reports whether lines without fences are front matter.
func (s shape) isHeader() bool {
	return s.pure && (s.says || s.title && s.known > 1 || s.known > 2)
}

// linesFrom returns up to limit lines from offset on, and where each begins.
func linesFrom(text []byte, offset, limit int) (lines []string, starts []int) {
	for at := offset; at < len(text) && len(lines) < limit; {
		line, next := lineAt(text, at)
		lines, starts = append(lines, string(line)), append(starts, at)
		at = next
	}
	return lines, starts
}

// blank reports a character that shows nothing.
func blank(r rune) bool {
	return unicode.IsSpace(r) || r == '\u200b' || r == '\u2060' || r == '\ufeff'
}

// lost reports front matter that is not read as such, in a file that has none.
func lost(src *diag.Source) diag.List {
	text := src.Text()
	at := len(text) - len(bytes.TrimLeftFunc(text, blank))
	lines, starts := linesFrom(text, at, 200)
	if len(lines) == 0 {
		return nil
	}
	first := strings.TrimSpace(lines[0])
	fail := func(i int, rule, cure, format string, args ...any) diag.List {
		return diag.List{src.Errorf(starts[i], len(lines[i]), rule, format, args...).WithSuggestion("%s", cure)}
	}
	if isFence(first) {
		for _, other := range lines[1:] {
			if strings.TrimSpace(other) == first {
				return fail(0, "misplaced-front-matter", "remove what stands before it", "front matter does not open on the first line")
			}
		}
	}
	named := strings.IndexFunc(first, unicode.IsLetter) > 0
	if oddFence(first) && (named || len(lines) > 1 && strings.HasPrefix(lines[1], "{") && looksLikeJSON(text[starts[1]:]) || shapeOf(until(lines[1:], closesOdd)).isMatter()) {
		return fail(0, "misplaced-front-matter", "open and close YAML with --- alone on its line, TOML with +++, or write JSON as { … }", "front matter opens with %q", first)
	}
	if strings.HasPrefix(first, "{") && looksLikeJSON(text[at:]) {
		return fail(0, "misplaced-front-matter", "remove what stands before it", "front matter does not open on the first line")
	}
	if m := bareJSONKey.FindStringSubmatch(string(text[at:])); m != nil {
		if _, known := betraying[fold(m[1])]; known {
			return fail(0, "misplaced-front-matter", fmt.Sprintf("write { %q: …", m[1]), "key %q of JSON front matter is not in quotes", m[1])
		}
	}
	if comment, ok := strings.CutPrefix(first, "<!--"); ok {
		inner := []string{comment}
		if !strings.Contains(comment, "-->") {
			inner = append(inner, until(lines[1:], func(line string) bool { return strings.Contains(line, "-->") })...)
		}
		for i, line := range inner {
			inner[i] = strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(line), ".."), "-->"))
		}
		if shapeOf(inner).isHeader() {
			return fail(0, "misplaced-front-matter", "put its keys between two lines of ---", "front matter stands in a comment, where nothing reads it")
		}
	}
	if header := until(lines, func(line string) bool { return strings.TrimSpace(line) == "" || closesOdd(line) }); shapeOf(header).isHeader() && keyLine.MatchString(lines[0]) {
		return fail(0, "unfenced-front-matter", "put its keys between two lines of ---", "front matter has no fences")
	}
	return lostBelow(src, at, 20)
}

// lostBelow reports front matter that opens among the first lines from offset on.
func lostBelow(src *diag.Source, offset, within int) diag.List {
	lines, starts := linesFrom(src.Text(), offset, 200)
	for i, line := range lines {
		if i >= within || strings.HasPrefix(line, "```") || strings.HasPrefix(line, "~~~") {
			return nil // a sample of it
		}
		if !isFence(line) {
			continue
		}
		inner := until(lines[i+1:], func(other string) bool { return other == line })
		if i+1+len(inner) < len(lines) && shapeOf(inner).isMatter() {
			return diag.List{src.Errorf(starts[i], len(line), "misplaced-front-matter", "front matter does not open on the first line").
				WithSuggestion("move it there; a rule is written *** or with blank lines around it")}
		}
		if i > 0 || len(inner) > 0 {
			return nil
		}
	}
	return nil
}

// second reports front matter that opens where the body of a file with front matter
// begins: it would be text.
func second(src *diag.Source, body int) diag.List {
	lines, starts := linesFrom(src.Text(), body, 200)
	for i, line := range lines {
		if line == "" {
			continue
		}
		inner := until(lines[i+1:], func(other string) bool { return other == line })
		if isFence(line) && i+1+len(inner) < len(lines) && shapeOf(inner).isMatter() {
			return diag.List{src.Errorf(starts[i], len(line), "misplaced-front-matter", "front matter is the second one, and would be text").
				WithSuggestion("write a single one")}
		}
		break
	}
	return nil
}

// until returns the lines before the first that ends is true of.
func until(lines []string, ends func(string) bool) []string {
	for i, line := range lines {
		if ends(line) {
			return lines[:i]
		}
	}
	return lines
}

func isFence(line string) bool { return line == "---" || line == "+++" }

// oddFence reports a line that other tools, or a slip, open front matter with: ---json,
// ----, ;;;, ===, —.
func oddFence(line string) bool {
	rest := strings.TrimLeft(line, "-+;=*~—–")
	marks := utf8.RuneCountInString(line) - utf8.RuneCountInString(rest)
	switch strings.ToLower(strings.TrimSpace(rest)) {
	case "":
		return marks >= 3 && !isFence(line) || line == "—" || line == "——" || line == "—-" || line == "–-"
	case "json", "yaml", "yml", "toml", "js", "javascript", "coffee", "cson", "json5":
		return marks >= 3
	}
	return false
}

// closesOdd reports a line that closes what oddFence opens.
func closesOdd(line string) bool {
	line = strings.TrimSpace(line)
	return line == "..." || isFence(line) || oddFence(line)
}

// bareJSONKey is the start of an object whose first key has no quotes.
var bareJSONKey = regexp.MustCompile(`^\{\s*'?([A-Za-z_]+)'?\s*:`)

// quotedJSONKey is the start of an object, or an empty one on its line.
var quotedJSONKey = regexp.MustCompile(`^\{(?:[ \t\r\n]*"(?:[^"\\\n]|\\.)*"[ \t\r\n]*:|[ \t]*\}[ \t\r]*(?:\n|$))`)

// looksLikeJSON reports whether text begins with a JSON object. A shortcode and a set
// do not: behind their brace is no key in quotes.
func looksLikeJSON(text []byte) bool { return quotedJSONKey.Match(text) }

// placeholder is a value that a template's engine would have replaced.
var placeholder = regexp.MustCompile(`(?m)^[ \t]*(?:- +)?(?:[\w-]+[ \t]*[:=][ \t]*)?\[?[ \t]*(\{\{.*?\}\}|<%.*?%>)`)

// placeholders reports values that are a template's: {{title}}, <% tp.file.title %>.
func placeholders(src *diag.Source, from, to int) (list diag.List) {
	for _, m := range placeholder.FindAllSubmatchIndex(src.Text()[from:to], -1) {
		cure := `put it in quotes: "…"`
		if dir := path.Dir(src.Name()); strings.Contains(dir, "/") {
			_, below, _ := strings.Cut(dir, "/")
			cure += fmt.Sprintf("; or leave the folder of templates out: [content] ignore = [%q]", below+"/**")
		}
		list = append(list, src.Errorf(from+m[2], m[3]-m[2], "template-value", "value %s is a template's", src.Text()[from+m[2]:from+m[3]]).WithSuggestion("%s", cure))
	}
	return list
}
