package sitetest

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestAtomGrammar holds every Atom feed of the repository's own site against the
// grammar of RFC 4287.
func TestAtomGrammar(t *testing.T) {
	lint, err := exec.LookPath("xmllint")
	if err != nil {
		if os.Getenv("VIGIE_REQUIRE_BROWSER") == "1" {
			t.Fatal("xmllint missing (Debian package libxml2-utils)")
		}
		t.Skip("xmllint missing (Debian package libxml2-utils)")
	}
	files := Own(t).Files.FS()
	dir := filepath.Join(t.TempDir(), "site")
	if err := os.CopyFS(dir, files); err != nil {
		t.Fatal(err)
	}
	args := []string{"--nonet", "--noout", "--relaxng", filepath.Join(Root(), "generator", "internal", "feed", "testdata", "atom.rng")}
	feeds := feedsOf(t, files)
	for _, name := range feeds {
		args = append(args, filepath.Join(dir, name))
	}
	out, err := exec.Command(lint, args...).CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	if n := bytes.Count(out, []byte(" validates")); n != len(feeds) {
		t.Errorf("%d of %d feeds are valid", n, len(feeds))
	}
}

// feedsOf returns the site's Atom feeds.
func feedsOf(t *testing.T, files fs.FS) (feeds []string) {
	t.Helper()
	eachFile(t, files, ".xml", func(name string) {
		if path.Base(name) == "atom.xml" {
			feeds = append(feeds, name)
		}
	})
	if len(feeds) < 5 {
		t.Fatalf("feeds are %v, want one of the site and one of each section at least", feeds)
	}
	return feeds
}

// atomFeed is what a reader keeps of an Atom feed.
type atomFeed struct {
	Links   []atomLink `xml:"link"`
	Entries []struct {
		ID        string     `xml:"id"`
		Title     string     `xml:"title"`
		Published time.Time  `xml:"published"`
		Updated   time.Time  `xml:"updated"`
		Links     []atomLink `xml:"link"`
		Content   string     `xml:"content"`
		Summary   string     `xml:"summary"`
	} `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
	Href string `xml:"href,attr"`
}

// address returns the href of a link by its relation.
func address(links []atomLink, rel, mediaType string) string {
	for _, l := range links {
		if l.Rel == rel && l.Type == mediaType {
			return l.Href
		}
	}
	return ""
}

// jsonFeed is JSON Feed 1.1 (jsonfeed.org/version/1.1) with the keys that the site
// uses; another one is a fault.
type jsonFeed struct {
	Version     string       `json:"version"`
	Title       string       `json:"title"`
	HomePageURL string       `json:"home_page_url"`
	FeedURL     string       `json:"feed_url"`
	Description string       `json:"description"`
	Icon        string       `json:"icon"`
	Favicon     string       `json:"favicon"`
	Language    string       `json:"language"`
	Authors     []jsonAuthor `json:"authors"`
	Hubs        []jsonHub    `json:"hubs"`
	Items       []jsonItem   `json:"items"`
}

type jsonItem struct {
	ID            string       `json:"id"`
	URL           string       `json:"url"`
	Title         string       `json:"title"`
	HTML          string       `json:"content_html"`
	Text          string       `json:"content_text"`
	Summary       string       `json:"summary"`
	Image         string       `json:"image"`
	DatePublished time.Time    `json:"date_published"` // RFC 3339, or it does not decode
	DateModified  time.Time    `json:"date_modified"`
	Authors       []jsonAuthor `json:"authors"`
	Tags          []string     `json:"tags"`
	Language      string       `json:"language"`
}

type jsonAuthor struct {
	Name   string `json:"name"`
	URL    string `json:"url"`
	Avatar string `json:"avatar"`
}

type jsonHub struct {
	Type string `json:"type"`
	URL  string `json:"url"`
}

// relative finds an address that means nothing in a feed reader.
var relative = regexp.MustCompile(`(?:href|src|srcset|poster|cite)="(?:[^":]*"|[/#.][^"]*")`)

// TestFeeds asserts that the two formats of each feed say the same, know their own
// address, and that what they hold can be read far from the site.
func TestFeeds(t *testing.T) {
	site := Own(t)
	files, base := site.Files.FS(), site.Config.BaseURL.String()
	for _, name := range feedsOf(t, files) {
		var atom atomFeed
		data, err := fs.ReadFile(files, name)
		if err == nil {
			err = xml.Unmarshal(data, &atom)
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		twin := path.Join(path.Dir(name), "feed.json")
		var feed jsonFeed
		data, err = fs.ReadFile(files, twin)
		if err == nil {
			d := json.NewDecoder(bytes.NewReader(data))
			d.DisallowUnknownFields()
			err = d.Decode(&feed)
		}
		if err != nil {
			t.Errorf("%s: %v", twin, err)
			continue
		}
		home := base + strings.TrimPrefix(path.Dir(name)+"/", "./")
		for _, c := range []struct{ what, got, want string }{
			{"own address", address(atom.Links, "self", "application/atom+xml"), base + name},
			{"page", address(atom.Links, "alternate", "text/html"), home},
			{"other format", address(atom.Links, "alternate", "application/feed+json"), base + twin},
			{"JSON version", feed.Version, "https://jsonfeed.org/version/1.1"},
			{"JSON's own address", feed.FeedURL, base + twin},
			{"JSON's page", feed.HomePageURL, home},
		} {
			if c.got != c.want {
				t.Errorf("%s: %s is %q, want %q", name, c.what, c.got, c.want)
			}
		}
		if len(atom.Entries) != len(feed.Items) {
			t.Errorf("%s has %d entries, %s has %d", name, len(atom.Entries), twin, len(feed.Items))
			continue
		}
		ids := map[string]bool{}
		for i, e := range atom.Entries {
			item := feed.Items[i]
			if ids[e.ID] {
				t.Errorf("%s: %s stands twice", name, e.ID)
			}
			ids[e.ID] = true
			link := address(e.Links, "alternate", "text/html")
			if item.ID != e.ID || item.Title != e.Title || item.URL != link || item.HTML != e.Content || !item.DatePublished.Equal(e.Published) {
				t.Errorf("%s and %s differ at entry %d, %s", name, twin, i, e.ID)
			}
			page, _, _ := strings.Cut(strings.TrimPrefix(link, base), "#")
			if _, err := fs.Stat(files, page+"index.html"); err != nil || !strings.HasPrefix(link, base) {
				t.Errorf("%s: %s leads to no page", name, link)
			}
			if item.HTML+item.Text == "" || e.Content == "" && e.Summary == "" {
				t.Errorf("%s: %s is empty", name, e.ID)
			}
			if found := relative.FindString(e.Content); found != "" {
				t.Errorf("%s: %s holds %s", name, e.ID, found)
			}
			if e.Updated.Before(e.Published) || e.Published.After(Now) {
				t.Errorf("%s: %s is of %s, changed %s", name, e.ID, e.Published, e.Updated)
			}
		}
		if !slices.IsSortedFunc(feed.Items, func(a, b jsonItem) int {
			return b.DatePublished.Compare(a.DatePublished)
		}) {
			t.Errorf("%s does not begin with its newest item", twin)
		}
	}
}
