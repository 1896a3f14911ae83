// Package feed owns the two feed formats a site publishes: Atom 1.0 (RFC 4287)
// and JSON Feed 1.1, both made from one neutral [Feed].
//
// [Atom] and [JSON] give the same bytes for the same feed: they read no clock,
// keep the items in the order given and take the feed's date from its newest
// item. Identifiers are the caller's; [TagURI] makes ones that survive a change
// of address. Characters that XML 1.0 cannot carry are removed from every text
// in both formats, so that the two never differ.
//
// The package knows nothing of pages and never fetches, sorts or shortens.
package feed

import "time"

// Media types of the two formats, for links and servers.
const (
	AtomType = "application/atom+xml"
	JSONType = "application/feed+json"
)

// Feed is a list of items with what introduces it. Every URL is absolute
// (http or https). ID, Title and URL are required; at least the feed or each of
// its items names an author.
type Feed struct {
	ID       string // permanent identifier, an absolute URI; see [TagURI]
	Title    string // plain text
	Subtitle string // plain text, may be empty
	Language string // BCP 47 tag of the feed and of items that name none
	URL      string // the HTML page that shows the same items
	SelfAtom string // where the Atom form is published
	SelfJSON string // where the JSON form is published
	Hub      string // WebSub hub, or ""
	// Updated counts only for a feed without items, to which Atom gives no
	// other date; see [Feed.Modified].
	Updated time.Time
	Authors []Author
	Icon    string // square image, or ""
	Rights  string // plain text, or ""
	Items   []Item // in the order readers should see them
}

// Author is a person or an organization.
type Author struct {
	Name string
	URL  string // absolute, or ""
}

// Item is one entry of a feed. ID, URL, Title and Published are required.
type Item struct {
	ID        string // permanent identifier, an absolute URI; see [TagURI]
	URL       string // the item's HTML page
	Title     string // plain text
	Summary   string // plain text, may be empty
	HTML      string // the full content; addresses in it should be absolute
	Published time.Time
	Updated   time.Time // last significant change; zero means Published
	Authors   []Author  // empty: the feed's
	Tags      []string
	Image     string // URL of the picture that stands for the item, or ""
	Language  string // BCP 47 tag, or "" for the feed's
}

// Modified returns when the item last changed: Updated, but never before
// Published.
func (i Item) Modified() time.Time {
	if i.Updated.After(i.Published) {
		return i.Updated
	}
	return i.Published
}

// Modified returns when the feed last changed: the newest item's time, or
// Updated where there are no items.
func (f Feed) Modified() time.Time {
	if len(f.Items) == 0 {
		return f.Updated
	}
	var newest time.Time
	for _, i := range f.Items {
		if m := i.Modified(); m.After(newest) {
			newest = m
		}
	}
	return newest
}
