package feed

import (
	"net"
	"net/url"
	"strings"
	"time"
)

// TagURI returns the tag URI (RFC 4151) of what host published at path on date:
// "tag:vigie.example,2025-03-04:/actualites/x/". It stays the item's identifier
// when the item moves, so path is the first address it had, or any name that
// never changes. host may be a name (in its ASCII form), a host:port or a URL.
// The day is date's own, in its time zone.
func TagURI(host string, date time.Time, path string) string {
	if _, rest, ok := strings.Cut(host, "://"); ok {
		host = rest
	}
	if end := strings.IndexAny(host, "/?#"); end >= 0 {
		host = host[:end]
	}
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	// An escaped and an unescaped spelling of one path are one identifier.
	if plain, err := url.PathUnescape(path); err == nil {
		path = plain
	}
	return "tag:" + strings.ToLower(host) + "," + date.Format(time.DateOnly) + ":" +
		(&url.URL{Path: path}).EscapedPath()
}
