package feed

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"
)

// jsonVersion is the URL that names JSON Feed 1.1.
const jsonVersion = "https://jsonfeed.org/version/1.1"

type jsonFeed struct {
	Version     string       `json:"version"`
	Title       string       `json:"title"`
	HomePageURL string       `json:"home_page_url"`
	FeedURL     string       `json:"feed_url,omitempty"`
	Description string       `json:"description,omitempty"`
	Icon        string       `json:"icon,omitempty"`
	Authors     []jsonAuthor `json:"authors,omitempty"`
	Language    string       `json:"language,omitempty"`
	Hubs        []jsonHub    `json:"hubs,omitempty"`
	Items       []jsonItem   `json:"items"`
}

type jsonItem struct {
	ID            string       `json:"id"`
	URL           string       `json:"url"`
	Title         string       `json:"title"`
	ContentHTML   string       `json:"content_html,omitempty"`
	ContentText   string       `json:"content_text,omitempty"`
	Summary       string       `json:"summary,omitempty"`
	Image         string       `json:"image,omitempty"`
	DatePublished string       `json:"date_published"`
	DateModified  string       `json:"date_modified"`
	Authors       []jsonAuthor `json:"authors,omitempty"`
	Tags          []string     `json:"tags,omitempty"`
	Language      string       `json:"language,omitempty"`
}

type jsonAuthor struct {
	Name string `json:"name"`
	URL  string `json:"url,omitempty"`
}

type jsonHub struct {
	Type string `json:"type"`
	URL  string `json:"url"`
}

// JSON returns f as a JSON Feed 1.1 document. The error lists every rule of the
// formats that f breaks. JSON Feed has no place for ID, Rights and Updated.
func JSON(f Feed) ([]byte, error) {
	f = f.cleaned()
	if err := f.check(); err != nil {
		return nil, err
	}
	doc := jsonFeed{
		Version:     jsonVersion,
		Title:       f.Title,
		HomePageURL: f.URL,
		FeedURL:     f.SelfJSON,
		Description: f.Subtitle,
		Icon:        f.Icon,
		Authors:     jsonAuthors(f.Authors),
		Language:    f.Language,
		Items:       []jsonItem{}, // an empty feed has an empty list, not null
	}
	if f.Hub != "" {
		doc.Hubs = []jsonHub{{"WebSub", f.Hub}}
	}
	for _, i := range f.Items {
		item := jsonItem{
			ID:            i.ID,
			URL:           i.URL,
			Title:         i.Title,
			ContentHTML:   i.HTML,
			Summary:       i.Summary,
			Image:         i.Image,
			DatePublished: i.Published.Format(time.RFC3339),
			DateModified:  i.Modified().Format(time.RFC3339),
			Authors:       jsonAuthors(i.Authors),
			Tags:          i.Tags,
		}
		if i.HTML == "" { // one of the two contents is required
			item.ContentText = i.Summary
		}
		if i.Language != f.Language {
			item.Language = i.Language
		}
		doc.Items = append(doc.Items, item)
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false) // the file is never a script in a page
	enc.SetIndent("", "  ")
	if err := enc.Encode(doc); err != nil {
		return nil, fmt.Errorf("feed: %w", err)
	}
	return b.Bytes(), nil
}

func jsonAuthors(authors []Author) []jsonAuthor {
	var list []jsonAuthor
	for _, a := range authors {
		list = append(list, jsonAuthor(a))
	}
	return list
}
