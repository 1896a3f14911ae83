package sitemap

import (
	"bytes"
	"cmp"
	"regexp"
	"slices"
	"time"
)

// The limits that Google sets to a news sitemap.
const (
	NewsAge = 48 * time.Hour
	MaxNews = 1000
)

// Article is one entry of a news sitemap. All fields are required.
type Article struct {
	Loc         string // absolute
	Publication string // name of the publication, as it stands on the site
	Language    string // ISO 639 code of the article, such as "fr"
	Title       string
	Published   time.Time
}

// newsLanguage is what Google accepts: ISO 639, and two forms of Chinese.
var newsLanguage = regexp.MustCompile(`^([a-z]{2,3}|zh-cn|zh-tw)$`)

// News returns the Google News sitemap of the articles published within
// [NewsAge] before now, the newest first and at most [MaxNews]. With none it is
// valid and empty. The error lists what breaks the format, in any article.
func News(now time.Time, articles []Article) ([]byte, error) {
	x := fault{file: "news sitemap"}
	seen := make(map[string]bool, len(articles))
	var recent []Article
	for _, a := range articles {
		x.web("address", a.Loc)
		if seen[a.Loc] {
			x.add("address %q stands twice", a.Loc)
		}
		seen[a.Loc] = true
		if a.Publication == "" {
			x.add("publication of %q missing", a.Loc)
		}
		if a.Title == "" {
			x.add("title of %q missing", a.Loc)
		}
		if !newsLanguage.MatchString(a.Language) {
			x.add("language %q of %q is not an ISO 639 code", a.Language, a.Loc)
		}
		if a.Published.IsZero() {
			x.add("date of %q missing", a.Loc)
		}
		if !a.Published.After(now) && now.Sub(a.Published) <= NewsAge {
			recent = append(recent, a)
		}
	}
	if err := x.err(); err != nil {
		return nil, err
	}
	slices.SortFunc(recent, func(a, b Article) int {
		return cmp.Or(b.Published.Compare(a.Published), cmp.Compare(a.Loc, b.Loc))
	})
	var b bytes.Buffer
	b.WriteString(newsHead)
	for _, a := range recent[:min(len(recent), MaxNews)] {
		b.WriteString("  <url>\n")
		element(&b, "    ", "loc", a.Loc)
		b.WriteString("    <news:news>\n      <news:publication>\n")
		element(&b, "        ", "news:name", a.Publication)
		element(&b, "        ", "news:language", a.Language)
		b.WriteString("      </news:publication>\n")
		element(&b, "      ", "news:publication_date", a.Published.Format(time.RFC3339))
		element(&b, "      ", "news:title", a.Title)
		b.WriteString("    </news:news>\n  </url>\n")
	}
	b.WriteString(setTail)
	return b.Bytes(), nil
}
