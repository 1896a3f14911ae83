package markdown

import (
	"slices"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/util"

	"vigie/generator/internal/diag"
)

// Source returns the author's Markdown for readers without the site: wiki links
// become [text](url), targets of links and images the resolved URLs, [@id]
// becomes [1], a fact its value as a link. Everything else, and every reference that does not resolve, is
// byte for byte what was written, comments aside. With a resolver, headings have the
// level at which they are shown, and the title is left out, as is what the page shows
// nothing of.
func (d *Document) Source(r Resolver) ([]byte, diag.List) {
	var edits []edit
	if r == nil {
		r = identity{}
	} else {
		edits = append(append(edits, d.demoted...), d.dropped...)
	}
	numbers := map[string]int{}
	for _, c := range d.citations {
		numbers[c.Source] = c.Number
	}
	var diags diag.List
	for i, ref := range d.refs {
		res, problem := r.Resolve(ref)
		if problem != nil {
			if len(diags) < maxFindings {
				diags = append(diags, d.diagnostic(ref, problem))
			}
			continue
		}
		t := d.targets[i]
		e := edit{start: t.start, end: t.end}
		switch {
		case t.form == citationForm:
			e.text = strconv.Itoa(numbers[ref.Target])
		case t.form == factForm:
			e.text = "[" + escapeLabel(firstOf(res.Text, ref.name())) + "](" + destination(res.URL) + ")"
			if rests := d.rests(i, numbers); rests != "" {
				e.text += " [" + rests + "]"
			}
		case t.form == restForm:
			continue // with its fact
		case t.form == wikiForm:
			label := string(d.text[t.text[0]:t.text[1]])
			if label == "" {
				label = escapeLabel(firstOf(res.Text, ref.Target, ref.Fragment))
			}
			e.text = "[" + label + "](" + destination(res.URL) + ")"
		case t.form == embedForm:
			e.text = "![" + escapeLabel(ref.Label) + "](" + destination(res.URL) + ")"
		case sameAddress(res.URL, ref):
			continue
		case t.form == referenceForm:
			title := ""
			if t.title != "" {
				title = ` "` + strings.ReplaceAll(t.title, `"`, `\"`) + `"`
			}
			bang := ""
			if ref.Kind == KindImage {
				bang = "!"
			}
			e.text = bang + "[" + string(d.text[t.text[0]:t.text[1]]) + "](" + destination(res.URL) + title + ")"
		case t.form == angleForm, t.form == bareForm:
			e.text = "<" + encodeAddress(res.URL) + ">"
		default:
			e.text = destination(res.URL)
		}
		edits = append(edits, e)
	}
	// A link holds its image, and a reference link's text may hold anything: the
	// outer edit is applied and the inner ones left, as the text stays what it was.
	slices.SortStableFunc(edits, func(a, b edit) int {
		if a.start != b.start {
			return a.start - b.start
		}
		return b.end - a.end
	})
	var b strings.Builder
	pos := 0
	for _, e := range edits {
		if e.start < pos {
			continue
		}
		b.Write(d.text[pos:e.start])
		b.WriteString(e.text)
		pos = e.end
	}
	b.Write(d.text[pos:])
	if _, same := r.(identity); !same {
		return []byte(withoutControls(b.String())), diags.Sort()
	}
	return []byte(b.String()), diags.Sort()
}

// sameAddress reports whether url is what the author wrote.
func sameAddress(url string, r Reference) bool {
	written := r.Target
	if r.Fragment != "" {
		written += "#" + r.Fragment
	}
	return url == written
}

func firstOf(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

// destination returns an address as it stands in a link's parentheses.
func destination(address string) string {
	address = encodeAddress(address)
	if address == "" || strings.ContainsAny(address, "()") {
		return "<" + address + ">"
	}
	return address
}

func encodeAddress(address string) string {
	return strings.NewReplacer("<", "%3C", ">", "%3E", "|", "%7C", "\\", "%5C").Replace(string(util.URLEscape([]byte(asciiHost(address)), false)))
}

// escapeLabel returns a plain text as it stands in a link's brackets.
func escapeLabel(text string) string {
	return strings.NewReplacer(`\`, `\\`, "[", `\[`, "]", `\]`, "*", `\*`, "_", `\_`, "`", "\\`", "|", `\|`, "<", `\<`, "\n", " ").Replace(text)
}
