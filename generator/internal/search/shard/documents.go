package shard

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"vigie/generator/internal/search/segment"
)

// documents reads the records: they give the runs of years and kinds, and the files
// of documents.
func (p *projection) documents() error {
	p.kindNames = slices.Sorted(maps.Keys(p.meta.Kinds))
	kind := make(map[string]int)
	for i, name := range p.kindNames {
		kind[name] = i + 1
	}
	n, size := p.meta.Documents, p.options.BlockSize
	blocks := make([][]any, (n+size-1)/size)
	for d := range n {
		r, err := p.segment.Record(d)
		if err != nil {
			return err
		}
		if !r.Date.IsZero() {
			p.years = extend(p.years, r.Date.Year())
		}
		p.kinds = extend(p.kinds, kind[r.Kind])
		block := (n - 1 - d) / size
		blocks[block] = append(blocks[block], p.shown(r))
	}
	for i, block := range blocks {
		slices.Reverse(block)
		body, err := encodeJSON(block)
		if err != nil {
			return err
		}
		p.add('d', i, body)
	}
	return nil
}

func extend(runs []run, value int) []run {
	if n := len(runs); n > 0 && runs[n-1].value == value {
		runs[n-1].documents++
		return runs
	}
	return append(runs, run{value, 1})
}

const (
	leadShare = 2  // how much more of its text a section keeps than those after it
	leastText = 60 // characters that are worth showing
)

// shown returns what a result shows of a document.
func (p *projection) shown(r segment.Record) any {
	date := ""
	if !r.Date.IsZero() {
		date = r.Date.Format(time.DateOnly)
	}
	names := r.Names
	if names == nil {
		names = []string{}
	}
	left := p.options.TextLength
	sections := make([][]string, len(r.Body))
	for i, s := range r.Body {
		// Each section has its share of what those before left, unless shares are too
		// small to be worth showing.
		share := max(left*leadShare/(leadShare+len(r.Body)-1-i), leastText)
		if left-share < leastText {
			share = left
		}
		text := excerpt(s.Text, share)
		left -= utf8.RuneCountInString(text)
		sections[i] = []string{s.Heading, text, s.Anchor}
		if s.Anchor == anchorOf(s.Heading) {
			sections[i] = sections[i][:2]
		}
	}
	return []any{r.ID, r.Title, r.Kind, date, r.Summary, names, sections}
}

// ligatures are letters that decomposition does not take apart, in small letters.
var ligatures = strings.NewReplacer("œ", "oe", "æ", "ae", "ß", "ss", "ø", "o", "ł", "l", "đ", "d")

// anchorOf returns the anchor that a reader takes for granted below a heading.
func anchorOf(heading string) string {
	var b strings.Builder
	gap := false
	for _, r := range ligatures.Replace(strings.ToLower(norm.NFKD.String(heading))) {
		switch {
		case unicode.IsMark(r):
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			gap = false
			b.WriteRune(r)
		default:
			gap = true
		}
	}
	return b.String()
}

// excerpt returns the beginning of a text, of at most n characters, up to a space.
func excerpt(text string, n int) string {
	text = strings.Join(strings.Fields(text), " ")
	if len(text) <= n || utf8.RuneCountInString(text) <= n {
		return text
	}
	end, space := 0, 0
	for i, r := range text {
		if r == ' ' {
			space = i
		}
		if n--; n < 0 {
			break
		}
		end = i + utf8.RuneLen(r)
	}
	if space > 0 {
		end = space
	}
	return text[:end]
}

func encodeJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
