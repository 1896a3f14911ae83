package sitemap

import (
	"bytes"
	"encoding/xml"
	"strings"
)

// encoding/xml cannot write a prefixed element such as xhtml:link without
// declaring its namespace on every one, which doubles the file. So these few
// flat elements are written by hand, and every text through escape.

const (
	xmlHead = `<?xml version="1.0" encoding="UTF-8"?>` + "\n"
	setHead = xmlHead + `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"` +
		` xmlns:xhtml="http://www.w3.org/1999/xhtml">` + "\n"
	newsHead = xmlHead + `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"` +
		` xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">` + "\n"
	setTail   = "</urlset>\n"
	indexHead = xmlHead + `<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">` + "\n"
	indexTail = "</sitemapindex>\n"
)

func element(b *bytes.Buffer, indent, name, text string) {
	b.WriteString(indent + "<" + name + ">" + escape(text) + "</" + name + ">\n")
}

// escape returns text for XML content and attributes; a character that XML
// cannot carry becomes U+FFFD.
func escape(text string) string {
	var b strings.Builder
	// A strings.Builder never fails.
	_ = xml.EscapeText(&b, []byte(text))
	return b.String()
}
