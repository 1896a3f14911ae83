package shard

import (
	"bytes"
	"encoding/json"
	"maps"
	"math"
	"runtime"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/sync/errgroup"
	"golang.org/x/text/unicode/norm"

	"vigie/generator/internal/search/segment"
)

const undated = math.MinInt // instead of a year

// documents reads the records: they give the runs of years and kinds, and the files
// of documents.
func (p *projection) documents() error {
	p.kindNames = slices.Sorted(maps.Keys(p.meta.Kinds))
	kind := make(map[string]int)
	for i, name := range p.kindNames {
		kind[name] = i + 1
	}
	n, size := p.meta.Documents, p.options.BlockSize
	years, kinds := make([]int, n), make([]int, n)
	blocks := make([][]byte, p.blocks())
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i := range blocks {
		group.Go(func() error {
			return segment.Guard(func() (err error) {
				last := n - 1 - i*size // numbers fall, from file to file and within one
				list := make([]any, 0, size)
				for d := last; d > max(last-size, -1); d-- {
					r, err := p.segment.Record(d)
					if err != nil {
						return err
					}
					years[d] = undated
					if !r.Date.IsZero() {
						years[d] = r.Date.Year()
					}
					kinds[d] = kind[r.Kind]
					list = append(list, p.shown(r))
				}
				blocks[i], err = encodeJSON(list)
				return err
			})
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for d := range n {
		if years[d] != undated {
			p.years = extend(p.years, years[d])
		}
		p.kinds = extend(p.kinds, kinds[d])
	}
	for i, body := range blocks {
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
var ligatures = map[rune]string{'œ': "oe", 'æ': "ae", 'ß': "ss", 'ø': "o", 'ł': "l", 'đ': "d"}

// anchorOf returns the anchor that a reader takes for granted below a heading.
func anchorOf(heading string) string {
	anchor := make([]byte, 0, len(heading)+1)
	gap := false
	letters := func(s string) {
		if gap && len(anchor) > 0 {
			anchor = append(anchor, '-')
		}
		gap = false
		anchor = append(anchor, s...)
	}
	add := func(r rune) {
		r = unicode.ToLower(r)
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			letters(string(r))
		case unicode.IsMark(r):
		case ligatures[r] != "":
			letters(ligatures[r])
		default:
			gap = true
		}
	}
	for i, r := range heading {
		if r < utf8.RuneSelf {
			add(r)
			continue
		}
		parts := norm.NFKD.PropertiesString(heading[i:]).Decomposition()
		if parts == nil {
			add(r)
		}
		for len(parts) > 0 {
			part, size := utf8.DecodeRune(parts)
			add(part)
			parts = parts[size:]
		}
	}
	return string(anchor)
}

// excerpt returns the beginning of a text, of at most n characters, up to a space.
func excerpt(text string, n int) string {
	var beginning strings.Builder // of enough bytes to have more than n characters
	for word := range strings.FieldsSeq(text) {
		if beginning.Len() > utf8.UTFMax*n {
			break
		}
		if beginning.Len() > 0 {
			beginning.WriteByte(' ')
		}
		beginning.WriteString(word)
	}
	text = beginning.String()
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
