package feed

import (
	"encoding/xml"
	"fmt"
	"net/url"
	"path"
	"strings"
	"time"
)

// The structs below name the Atom namespace once, on the root: encoding/xml
// writes their children without prefix, inside the root's default namespace.
// The xml prefix needs no declaration (Namespaces in XML 1.0 § 3).

type atomFeed struct {
	XMLName  xml.Name     `xml:"http://www.w3.org/2005/Atom feed"`
	Lang     string       `xml:"xml:lang,attr,omitempty"`
	ID       string       `xml:"id"`
	Title    string       `xml:"title"`
	Subtitle string       `xml:"subtitle,omitempty"`
	Updated  string       `xml:"updated"`
	Authors  []atomPerson `xml:"author"`
	Links    []atomLink   `xml:"link"`
	Icon     string       `xml:"icon,omitempty"`
	Rights   string       `xml:"rights,omitempty"`
	Entries  []atomEntry  `xml:"entry"`
}

type atomEntry struct {
	Lang       string         `xml:"xml:lang,attr,omitempty"`
	ID         string         `xml:"id"`
	Title      string         `xml:"title"`
	Published  string         `xml:"published"`
	Updated    string         `xml:"updated"`
	Authors    []atomPerson   `xml:"author"`
	Links      []atomLink     `xml:"link"`
	Categories []atomCategory `xml:"category"`
	Summary    string         `xml:"summary,omitempty"`
	Content    *atomContent   `xml:"content"`
}

type atomPerson struct {
	Name string `xml:"name"`
	URI  string `xml:"uri,omitempty"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr,omitempty"`
	Href string `xml:"href,attr"`
}

type atomCategory struct {
	Term string `xml:"term,attr"`
}

// atomContent holds markup as text (RFC 4287 § 4.1.3.3). A CDATA section keeps
// it readable and short; encoding/xml splits a "]]>" within.
type atomContent struct {
	Type string `xml:"type,attr"`
	Text string `xml:",cdata"`
}

// Atom returns f as an Atom 1.0 document (RFC 4287) in UTF-8. The error lists
// every rule of the formats that f breaks.
func Atom(f Feed) ([]byte, error) {
	f = f.cleaned()
	if err := f.check(); err != nil {
		return nil, err
	}
	doc := atomFeed{
		Lang:     f.Language,
		ID:       f.ID,
		Title:    f.Title,
		Subtitle: f.Subtitle,
		Updated:  f.Modified().Format(time.RFC3339),
		Authors:  atomPersons(f.Authors),
		Links:    atomLinks(f),
		Icon:     f.Icon,
		Rights:   f.Rights,
	}
	for _, i := range f.Items {
		doc.Entries = append(doc.Entries, atomItem(f, i))
	}
	body, err := xml.MarshalIndent(doc, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("feed: %w", err)
	}
	return append([]byte(xml.Header), append(body, '\n')...), nil
}

func atomLinks(f Feed) []atomLink {
	links := []atomLink{{"alternate", "text/html", f.URL}}
	if f.SelfAtom != "" {
		links = append(links, atomLink{"self", AtomType, f.SelfAtom})
	}
	if f.SelfJSON != "" {
		links = append(links, atomLink{"alternate", JSONType, f.SelfJSON})
	}
	if f.Hub != "" {
		links = append(links, atomLink{"hub", "", f.Hub})
	}
	return links
}

func atomItem(f Feed, i Item) atomEntry {
	e := atomEntry{
		ID:        i.ID,
		Title:     i.Title,
		Published: i.Published.Format(time.RFC3339),
		Updated:   i.Modified().Format(time.RFC3339),
		Authors:   atomPersons(i.Authors),
		Links:     []atomLink{{"alternate", "text/html", i.URL}},
		Summary:   i.Summary,
	}
	if i.Language != f.Language {
		e.Lang = i.Language
	}
	if i.Image != "" {
		e.Links = append(e.Links, atomLink{"enclosure", imageType(i.Image), i.Image})
	}
	for _, tag := range i.Tags {
		e.Categories = append(e.Categories, atomCategory{tag})
	}
	if i.HTML != "" {
		e.Content = &atomContent{"html", i.HTML}
	}
	return e
}

func atomPersons(authors []Author) []atomPerson {
	var persons []atomPerson
	for _, a := range authors {
		persons = append(persons, atomPerson{a.Name, a.URL})
	}
	return persons
}

// imageType returns the media type that a picture's address promises, or "".
// The system's own table would differ from machine to machine.
func imageType(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	switch strings.ToLower(path.Ext(u.Path)) {
	case ".png":
		return "image/png"
	case ".jpg", ".jpeg":
		return "image/jpeg"
	case ".webp":
		return "image/webp"
	case ".avif":
		return "image/avif"
	case ".gif":
		return "image/gif"
	case ".svg":
		return "image/svg+xml"
	}
	return ""
}
