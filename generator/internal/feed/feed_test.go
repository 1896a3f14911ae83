package feed_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"flag"
	"fmt"
	"maps"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"vigie/generator/internal/feed"
)

var update = flag.Bool("update", false, "rewrite the expected files in testdata")

func paris(t testing.TB, value string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, value)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// news is a feed that uses every field, with the texts that break careless
// writers: markup, "]]>", no-break spaces, characters XML cannot carry.
func news(t testing.TB) feed.Feed {
	return feed.Feed{
		ID:       feed.TagURI("vigie.example", paris(t, "2025-01-01T00:00:00+01:00"), "/actualites/"),
		Title:    "Vigie\u00a0: l’actualité",
		Subtitle: "Bleu, S3NS & SecNumCloud",
		Language: "fr",
		URL:      "https://vigie.example/actualites/",
		SelfAtom: "https://vigie.example/actualites/atom.xml",
		SelfJSON: "https://vigie.example/actualites/feed.json",
		Hub:      "https://hub.example/?a=1&b=2",
		Updated:  paris(t, "2030-01-01T00:00:00Z"), // must not count: there are items
		Authors:  []feed.Author{{Name: "La rédaction", URL: "https://vigie.example/a-propos/"}},
		Icon:     "https://vigie.example/icon.png",
		Rights:   "CC BY 4.0",
		Items: []feed.Item{
			{
				ID:        "tag:vigie.example,2025-05-17:/actualites/b/",
				URL:       "https://vigie.example/actualites/b/",
				Title:     "Qualification\n\tSecNumCloud\u202f: <J3> « atteint\u202f»",
				Summary:   "Un jalon & sa preuve.",
				HTML:      "<p>Un jalon&nbsp;: <code>a]]&gt;b ]]> c</code>\x00\x08\r\n<em>fin</em>\uFFFE</p>\n",
				Published: paris(t, "2025-05-17T08:00:00+02:00"),
				Updated:   paris(t, "2025-06-01T09:30:00+02:00"),
				Authors:   []feed.Author{{Name: "Anne O’Neil"}, {Name: " "}},
				Tags:      []string{"S3NS", "", "Droit & achat"},
				Image:     "https://vigie.example/b.PNG?v=1",
				Language:  "fr",
			},
			{
				ID:        "tag:vigie.example,2025-05-16:/en/news/a/",
				URL:       "https://vigie.example/en/news/a/",
				Title:     "In brief",
				Summary:   "One sentence is all.",
				Published: paris(t, "2025-05-16T08:00:00Z"),
				Updated:   paris(t, "2025-05-01T08:00:00Z"), // before it was published: ignored
				Language:  "en",
			},
		},
	}
}

func empty(t testing.TB) feed.Feed {
	f := news(t)
	f.Items = nil
	return f
}

func TestGolden(t *testing.T) {
	for name, f := range map[string]feed.Feed{"news": news(t), "empty": empty(t)} {
		for ext, write := range map[string]func(feed.Feed) ([]byte, error){"atom": feed.Atom, "json": feed.JSON} {
			t.Run(name+"."+ext, func(t *testing.T) {
				got, err := write(f)
				if err != nil {
					t.Fatal(err)
				}
				file := filepath.Join("testdata", name+"."+ext)
				if *update {
					if err := os.WriteFile(file, got, 0o644); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(string(want), string(got)); diff != "" {
					t.Errorf("-want +got (rewrite with -update):\n%s", diff)
				}
			})
		}
	}
}

// TestAtomGrammar holds the expected files against the grammar of RFC 4287.
func TestAtomGrammar(t *testing.T) {
	lint, err := exec.LookPath("xmllint")
	if err != nil {
		if os.Getenv("VIGIE_REQUIRE_BROWSER") == "1" {
			t.Fatal("xmllint missing (Debian package libxml2-utils)")
		}
		t.Skip("xmllint missing (Debian package libxml2-utils)")
	}
	validate := func(doc []byte) (string, error) {
		cmd := exec.Command(lint, "--nonet", "--noout", "--relaxng", "testdata/atom.rng", "-")
		cmd.Stdin = bytes.NewReader(doc)
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	for _, f := range []feed.Feed{news(t), empty(t)} {
		doc, err := feed.Atom(f)
		if err != nil {
			t.Fatal(err)
		}
		if out, err := validate(doc); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
		// The judge itself must be able to say no.
		for _, damage := range []string{"<updated>", "<name>", `href="`, "<id>"} {
			bad := bytes.Replace(doc, []byte(damage), []byte(strings.Replace(damage, damage[1:3], "x", 1)), 1)
			if _, err := validate(bad); err == nil {
				t.Errorf("grammar accepts a feed with %q damaged", damage)
			}
		}
	}
}

// parsed is an Atom document as a reader sees it, namespaces resolved.
type parsed struct {
	XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
	Lang    string   `xml:"http://www.w3.org/XML/1998/namespace lang,attr"`
	ID      string   `xml:"http://www.w3.org/2005/Atom id"`
	Title   string   `xml:"http://www.w3.org/2005/Atom title"`
	Updated string   `xml:"http://www.w3.org/2005/Atom updated"`
	Entries []struct {
		Lang    string `xml:"http://www.w3.org/XML/1998/namespace lang,attr"`
		ID      string `xml:"http://www.w3.org/2005/Atom id"`
		Title   string `xml:"http://www.w3.org/2005/Atom title"`
		Updated string `xml:"http://www.w3.org/2005/Atom updated"`
		Content struct {
			Type string `xml:"type,attr"`
			Text string `xml:",chardata"`
		} `xml:"http://www.w3.org/2005/Atom content"`
		Categories []struct {
			Term string `xml:"term,attr"`
		} `xml:"http://www.w3.org/2005/Atom category"`
	} `xml:"http://www.w3.org/2005/Atom entry"`
}

func TestAtomRoundTrip(t *testing.T) {
	doc, err := feed.Atom(news(t))
	if err != nil {
		t.Fatal(err)
	}
	var p parsed
	if err := xml.Unmarshal(doc, &p); err != nil {
		t.Fatal(err)
	}
	e := p.Entries[0]
	for _, c := range []struct{ what, got, want string }{
		{"feed language", p.Lang, "fr"},
		{"feed title", p.Title, "Vigie\u00a0: l’actualité"},
		{"feed date", p.Updated, "2025-06-01T09:30:00+02:00"},
		{"title", e.Title, "Qualification SecNumCloud\u202f: <J3> « atteint\u202f»"},
		{"content", e.Content.Text, "<p>Un jalon&nbsp;: <code>a]]&gt;b ]]> c</code>\n<em>fin</em></p>\n"},
		{"content type", e.Content.Type, "html"},
		{"tag", e.Categories[1].Term, "Droit & achat"},
		{"language like the feed's", e.Lang, ""},
		{"other language", p.Entries[1].Lang, "en"},
		{"date never before publication", p.Entries[1].Updated, "2025-05-16T08:00:00Z"},
	} {
		if c.got != c.want {
			t.Errorf("%s = %q, want %q", c.what, c.got, c.want)
		}
	}
}

func TestJSONFollowsTheSpec(t *testing.T) {
	for _, f := range []feed.Feed{news(t), empty(t)} {
		doc, err := feed.JSON(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, fault := range jsonFaults(doc) {
			t.Error(fault)
		}
	}
	// The judge itself must be able to say no.
	for _, bad := range []string{
		`{}`,
		`{"version":"https://jsonfeed.org/version/1","title":"a","items":[]}`,
		`{"version":"https://jsonfeed.org/version/1.1","title":"a","items":null}`,
		`{"version":"https://jsonfeed.org/version/1.1","title":"a","items":[{"id":"1"}]}`,
		`{"version":"https://jsonfeed.org/version/1.1","title":"a","items":[{"id":1,"content_text":"b"}]}`,
		`{"version":"https://jsonfeed.org/version/1.1","title":"a","items":[{"id":"1","content_text":"b","date_published":"today"}]}`,
		`{"version":"https://jsonfeed.org/version/1.1","title":"a","items":[{"id":"1","content_text":"b","author":{}}]}`,
	} {
		if len(jsonFaults([]byte(bad))) == 0 {
			t.Errorf("checker accepts %s", bad)
		}
	}
}

// jsonFaults returns what breaks JSON Feed 1.1 (jsonfeed.org/version/1.1) in
// doc. A key the specification does not name is a fault, unless it starts with
// an underscore as extensions do.
func jsonFaults(doc []byte) []string {
	var faults []string
	fail := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }

	text := func(v any) bool { s, ok := v.(string); return ok && s != "" }
	address := func(v any) bool {
		s, _ := v.(string)
		u, err := url.Parse(s)
		return err == nil && u.IsAbs() && u.Host != ""
	}
	date := func(v any) bool { s, _ := v.(string); _, err := time.Parse(time.RFC3339, s); return err == nil }
	texts := func(v any) bool {
		list, ok := v.([]any)
		return ok && !slices.ContainsFunc(list, func(v any) bool { return !text(v) })
	}
	type rules map[string]func(any) bool
	object := func(where string, v any, r rules) {
		m, ok := v.(map[string]any)
		if !ok {
			fail("%s is no object", where)
		}
		for _, key := range slices.Sorted(maps.Keys(m)) {
			if strings.HasPrefix(key, "_") {
				continue
			}
			if check := r[key]; check == nil {
				fail("%s has the unknown key %q", where, key)
			} else if !check(m[key]) {
				fail("%s has a wrong %s: %v", where, key, m[key])
			}
		}
	}
	objects := func(where string, r rules) func(any) bool {
		return func(v any) bool {
			list, ok := v.([]any)
			for n, v := range list {
				object(fmt.Sprintf("%s[%d]", where, n), v, r)
			}
			return ok
		}
	}
	authors := objects("authors", rules{"name": text, "url": address, "avatar": address})

	var top any
	if err := json.Unmarshal(doc, &top); err != nil {
		return []string{err.Error()}
	}
	item := rules{"id": text, "url": address, "external_url": address, "title": text, "content_html": text,
		"content_text": text, "summary": text, "image": address, "banner_image": address, "date_published": date,
		"date_modified": date, "authors": authors, "tags": texts, "language": text,
		"attachments": objects("attachments", rules{"url": address, "mime_type": text, "title": text})}
	object("feed", top, rules{
		"version": func(v any) bool { return v == "https://jsonfeed.org/version/1.1" },
		"title":   text, "home_page_url": address, "feed_url": address, "description": text, "user_comment": text,
		"next_url": address, "icon": address, "favicon": address, "authors": authors, "language": text,
		"expired": func(v any) bool { _, ok := v.(bool); return ok },
		"hubs":    objects("hubs", rules{"type": text, "url": address}),
		"items":   objects("items", item),
	})
	m, _ := top.(map[string]any)
	for _, key := range []string{"version", "title", "items"} {
		if m[key] == nil {
			fail("feed has no %s", key)
		}
	}
	items, _ := m["items"].([]any)
	seen := map[any]bool{}
	for n, v := range items {
		i, _ := v.(map[string]any)
		if i["id"] == nil || seen[i["id"]] {
			fail("item %d has no id of its own", n)
		}
		seen[i["id"]] = true
		if i["content_html"] == nil && i["content_text"] == nil {
			fail("item %d has no content", n)
		}
	}
	return faults
}

func TestErrorsNameEveryFault(t *testing.T) {
	f := feed.Feed{
		Language: "français",
		SelfAtom: "/atom.xml",
		Items: []feed.Item{
			{ID: "x", URL: "https://a.example/x", Title: "X", Published: paris(t, "2025-01-01T00:00:00Z")},
			{ID: "tag:a,2025:x", URL: "https://a.example/x", Summary: "s", Authors: []feed.Author{{Name: "A", URL: "a"}}},
			{ID: "tag:a,2025:x", URL: "ftp://a.example/x", Title: "\x01", Summary: "s", Published: time.Date(12000, 1, 1, 0, 0, 0, 0, time.UTC)},
		},
	}
	const want = `feed: id missing
feed: title missing
feed: language "français" is not a language tag
feed: address missing
feed: self address of Atom "/atom.xml" is not an absolute http address
feed: date has the year 12000, which RFC 3339 cannot write
feed: item 1 (x) id "x" is not an absolute URI
feed: item 1 (x) author missing, in the item and in the feed
feed: item 1 (x) content missing
feed: item 2 (tag:a,2025:x) title missing
feed: item 2 (tag:a,2025:x) date missing
feed: item 2 (tag:a,2025:x) modification date missing
feed: item 2 (tag:a,2025:x) author A address "a" is not an absolute http address
feed: item 3 (tag:a,2025:x) stands twice
feed: item 3 (tag:a,2025:x) title missing
feed: item 3 (tag:a,2025:x) address "ftp://a.example/x" is not an absolute http address
feed: item 3 (tag:a,2025:x) date has the year 12000, which RFC 3339 cannot write
feed: item 3 (tag:a,2025:x) modification date has the year 12000, which RFC 3339 cannot write
feed: item 3 (tag:a,2025:x) author missing, in the item and in the feed`
	for _, write := range []func(feed.Feed) ([]byte, error){feed.Atom, feed.JSON} {
		doc, err := write(f)
		if doc != nil || err == nil {
			t.Fatalf("got %q, %v; want an error", doc, err)
		}
		if diff := cmp.Diff(want, err.Error()); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	}
	if _, err := feed.Atom(feed.Feed{ID: "tag:a,2025:x", Title: "t", URL: "https://a.example/"}); err == nil ||
		err.Error() != "feed: date missing\nfeed: author missing" {
		t.Errorf("empty feed: %v", err)
	}
}

func TestTagURI(t *testing.T) {
	at := paris(t, "2025-03-04T00:30:00+01:00") // still the 3rd in UTC
	for _, c := range []struct{ host, path, want string }{
		{"vigie.example", "/actualites/x/", "tag:vigie.example,2025-03-04:/actualites/x/"},
		{"https://Vigie.Example:8443/base/?q#f", "/x", "tag:vigie.example,2025-03-04:/x"},
		{"localhost:8080", "/x", "tag:localhost,2025-03-04:/x"},
		{"vigie.example", "/thèmes/été à 50 %/", "tag:vigie.example,2025-03-04:/th%C3%A8mes/%C3%A9t%C3%A9%20%C3%A0%2050%20%25/"},
		{"vigie.example", "/th%C3%A8mes/", "tag:vigie.example,2025-03-04:/th%C3%A8mes/"},
		{"vigie.example", "fait#2", "tag:vigie.example,2025-03-04:fait%232"},
	} {
		if got := feed.TagURI(c.host, at, c.path); got != c.want {
			t.Errorf("TagURI(%q, %q) = %q, want %q", c.host, c.path, got, c.want)
		}
	}
}

func TestInputIsKept(t *testing.T) {
	f := news(t)
	for _, write := range []func(feed.Feed) ([]byte, error){feed.Atom, feed.JSON} {
		if _, err := write(f); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(news(t), f); diff != "" {
		t.Errorf("writing changed the feed:\n%s", diff)
	}
}

// FuzzFeed proves that whatever the texts hold, both formats parse and say the
// same thing.
func FuzzFeed(f *testing.F) {
	f.Add("Titre", "<p>a</p>", "tag", "/x/")
	f.Add("a]]>b", "]]>]]>]]&gt;<![CDATA[", "&", "/é%zz")
	f.Add("\xff\x00\u202f", "\r\n\r\uFFFE\uFFFF\U0010FFFF", "\u2028", "?#")
	f.Fuzz(func(t *testing.T, title, html, tag, path string) {
		in := news(t)
		in.Title = title
		in.Items[0].HTML = html
		in.Items[0].Tags = []string{tag}
		in.Items[0].ID = feed.TagURI("a.example", in.Items[0].Published, path)
		atom, err := feed.Atom(in)
		doc, errJSON := feed.JSON(in)
		if (err == nil) != (errJSON == nil) {
			t.Fatalf("the formats disagree: %v, %v", err, errJSON)
		}
		if err != nil {
			return
		}
		var p parsed
		if err := xml.Unmarshal(atom, &p); err != nil {
			t.Fatalf("%v\n%s", err, atom)
		}
		var j struct {
			Title string
			Items []struct {
				ID, Title string
				HTML      string `json:"content_html"`
				Tags      []string
			}
		}
		if err := json.Unmarshal(doc, &j); err != nil {
			t.Fatalf("%v\n%s", err, doc)
		}
		var terms []string
		for _, c := range p.Entries[0].Categories {
			terms = append(terms, c.Term)
		}
		if p.Title != j.Title || p.Entries[0].ID != j.Items[0].ID || p.Entries[0].Content.Text != j.Items[0].HTML ||
			!slices.Equal(terms, j.Items[0].Tags) {
			t.Errorf("the formats differ:\n%s\n%s", atom, doc)
		}
	})
}
