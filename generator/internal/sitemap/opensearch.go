package sitemap

import (
	"bytes"
	"fmt"
	"strings"
)

// OpenSearchType is the media type of an OpenSearch description.
const OpenSearchType = "application/opensearchdescription+xml"

// OpenSearch describes a site's search to browsers (OpenSearch 1.1, draft 6).
type OpenSearch struct {
	ShortName   string // at most 16 characters
	LongName    string // at most 48 characters, or ""
	Description string // at most 1024 characters
	Language    string // BCP 47 tag, or ""
	Results     string // URL template with {searchTerms} of the HTML results
	Suggestions string // URL template of JSON suggestions, or ""
	Self        string // where the description is published, or ""
	Icon        string // URL of a 16×16 icon, or ""
}

// searchTerms is the template parameter that stands for the reader's words.
const searchTerms = "{searchTerms}"

// XML returns the description document. The error lists what breaks the format.
func (o OpenSearch) XML() ([]byte, error) {
	x := fault{file: "opensearch"}
	x.length("short name", o.ShortName, 16)
	x.length("description", o.Description, 1024)
	if o.LongName != "" {
		x.length("long name", o.LongName, 48)
	}
	if o.Language != "" && !tag.MatchString(o.Language) {
		x.add("language %q is not a language tag", o.Language)
	}
	template := func(what, t string) {
		x.web(what, strings.ReplaceAll(t, searchTerms, "x"))
		if !strings.Contains(t, searchTerms) {
			x.add("%s %q lacks %s", what, t, searchTerms)
		}
	}
	template("results template", o.Results)
	if o.Suggestions != "" {
		template("suggestions template", o.Suggestions)
	}

	var b bytes.Buffer
	b.WriteString(xmlHead + `<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">` + "\n")
	element(&b, "  ", "ShortName", o.ShortName)
	if o.LongName != "" {
		element(&b, "  ", "LongName", o.LongName)
	}
	element(&b, "  ", "Description", o.Description)
	address := func(rel, mediaType, template string) {
		fmt.Fprintf(&b, "  <Url rel=\"%s\" type=\"%s\" template=\"%s\"/>\n", rel, mediaType, escape(template))
	}
	address("results", "text/html", o.Results)
	if o.Suggestions != "" {
		address("suggestions", "application/x-suggestions+json", o.Suggestions)
	}
	if o.Self != "" {
		x.web("self address", o.Self)
		address("self", OpenSearchType, o.Self)
	}
	if o.Icon != "" {
		x.web("icon", o.Icon)
		fmt.Fprintf(&b, "  <Image width=\"16\" height=\"16\">%s</Image>\n", escape(o.Icon))
	}
	if o.Language != "" {
		element(&b, "  ", "Language", o.Language)
	}
	element(&b, "  ", "InputEncoding", "UTF-8")
	element(&b, "  ", "OutputEncoding", "UTF-8")
	b.WriteString("</OpenSearchDescription>\n")
	if err := x.err(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
