package markdown

import (
	"bytes"
	"regexp"
	"slices"

	"github.com/yuin/goldmark/text"
)

// Hashtag is a #tag in the text of a body, as Obsidian has them.
type Hashtag struct {
	Name   string // without #
	Offset int    // of the # in the body
	Length int    // in bytes, the # included
}

// hashtag is a tag: behind a blank or at the start of a line, of letters, digits, - _ and
// /, and not of digits alone (#1 is a rank).
var hashtag = regexp.MustCompile(`(?m)(?:^|[ \t])[ \t>]*#([\pL\pN\pM_/-]*[\pL_][\pL\pN\pM_/-]*)`)

// Hashtags returns the tags in a body's text, in order, each as often as it stands
// there. Code, comments and addresses have none.
func Hashtags(body []byte) []Hashtag {
	if bytes.IndexByte(body, '#') < 0 || !hashtag.Match(body) {
		return nil
	}
	left, cuts, _ := withoutComments(body)
	code := codeIn(left)
	var list []Hashtag
	for _, m := range hashtag.FindAllSubmatchIndex(left, -1) {
		start, end := m[2]-1, m[3]
		if slices.ContainsFunc(code, func(s text.Segment) bool { return start >= s.Start && start < s.Stop }) || escaped(left, start) {
			continue
		}
		name := bytes.TrimRight(left[m[2]:end], "-/")
		list = append(list, Hashtag{Name: string(name), Offset: original(cuts, start), Length: 1 + len(name)})
	}
	return list
}
