package markdown

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// HTMLAddresses lists what the HTML that passes into the page names: see [Addresses].
func (d *Document) HTMLAddresses() []string {
	found := map[string]bool{}
	for _, raw := range d.html {
		for _, address := range Addresses(raw) {
			found[address] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// lists are attributes that hold several addresses, each with a word on its size.
var lists = []string{"srcset", "imagesrcset"}

// texts are attributes that never hold an address.
var texts = []string{"alt", "title", "class", "id", "name", "lang", "rel", "type", "width", "height", "sizes", "media"}

// Addresses lists what the attributes and styles of a piece of HTML or SVG may name,
// in their order; its comments name nothing. Not all are addresses.
func Addresses(source string) []string {
	var list []string
	inStyle := false
	for z := html.NewTokenizer(strings.NewReader(source)); ; {
		switch z.Next() {
		case html.ErrorToken:
			return list
		case html.TextToken:
			if inStyle {
				list = append(list, StyleAddresses(string(z.Raw()))...)
			}
		case html.EndTagToken:
			inStyle = false
		case html.StartTagToken, html.SelfClosingTagToken:
			token := z.Token()
			inStyle = token.Data == "style"
			for _, a := range token.Attr {
				switch {
				case slices.Contains(texts, a.Key):
				case a.Key == "style":
					list = append(list, StyleAddresses(a.Val)...)
				case slices.Contains(lists, a.Key):
					for candidate := range strings.SplitSeq(a.Val, ",") {
						if words := strings.Fields(candidate); len(words) > 0 {
							list = append(list, words[0])
						}
					}
				default:
					if value := strings.TrimSpace(a.Val); value != "" {
						list = append(list, value)
					}
				}
			}
		}
	}
}

// styleAddress is an address in a style sheet, and styleComment what names none.
var (
	styleAddress = regexp.MustCompile(`(?i)url\(\s*(?:"([^"]*)"|'([^']*)'|([^"'()\s]+))\s*\)|@import\s+(?:"([^"]*)"|'([^']*)')`)
	styleComment = regexp.MustCompile(`(?s)/\*.*?(?:\*/|$)`)
)

// StyleAddresses lists the addresses in a style sheet, in their order.
func StyleAddresses(source string) []string {
	var list []string
	for _, m := range styleAddress.FindAllStringSubmatch(styleComment.ReplaceAllString(source, ""), -1) {
		if address := strings.Join(m[1:], ""); address != "" {
			list = append(list, address)
		}
	}
	return list
}
