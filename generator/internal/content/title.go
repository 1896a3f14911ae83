package content

import (
	"bytes"
	"regexp"
	"strings"
)

// titleSyntax is what of a heading's Markdown is no text of the title. What is kept stands
// in the first group that matched.
var titleSyntax = regexp.MustCompile("(`+[^`]*`+)" + // code keeps what it holds
	`|\[\^[^\]]*\]|\[@[^\]]*\]` + // footnotes, citations
	`|!?\[\[(?:[^\[\]|]*\|)?([^\[\]|]*)\]\]` + // links of wikis, by their text
	`|!?\[([^\[\]]*)\](?:\([^()]*(?:\([^()]*\)[^()]*)*\)|\[[^\[\]]*\])` + // links and images, by theirs
	`|</?[A-Za-z][^<>]*>` + // HTML, but for addresses
	`|==(\S(?:[^=]*\S)?)==`)

// address is what stands between < and > and is no element.
var address = regexp.MustCompile(`^<[A-Za-z][A-Za-z0-9+.-]*[:@]`)

// plainTitle returns a heading's text, which has no comments any more: without Markdown's
// signs, with links as what they say.
func plainTitle(heading []byte) string {
	text := titleSyntax.ReplaceAllFunc(heading, func(whole []byte) []byte {
		if address.Match(whole) {
			return whole
		}
		for _, group := range titleSyntax.FindSubmatch(whole)[1:] {
			if len(group) > 0 {
				return group
			}
		}
		return nil
	})
	plain := strings.NewReplacer("*", "", "`", "", "\\", "").Replace(string(bytes.TrimSpace(text)))
	return strings.Join(strings.Fields(plain), " ")
}
