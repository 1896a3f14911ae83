package feed

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"time"
)

// language is what XML Schema accepts as xml:lang, the lexical form of BCP 47.
var language = regexp.MustCompile(`^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$`)

// fault collects what a feed breaks, so that one run tells all of it.
type fault struct{ errs []error }

func (x *fault) add(format string, args ...any) {
	x.errs = append(x.errs, fmt.Errorf("feed: "+format, args...))
}

// web demands an absolute http(s) address; an empty one only where required.
func (x *fault) web(what, address string, required bool) {
	if address == "" {
		if required {
			x.add("%s missing", what)
		}
		return
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		x.add("%s %q is not an absolute http address", what, address)
	}
}

func (x *fault) id(what, id string) {
	if id == "" {
		x.add("%s missing", what)
	} else if u, err := url.Parse(id); err != nil || !u.IsAbs() {
		x.add("%s %q is not an absolute URI", what, id)
	}
}

func (x *fault) text(what, text string) {
	if text == "" {
		x.add("%s missing", what)
	}
}

func (x *fault) lang(what, tag string) {
	if tag != "" && !language.MatchString(tag) {
		x.add("%s %q is not a language tag", what, tag)
	}
}

// date demands what RFC 3339 can write.
func (x *fault) date(what string, t time.Time) {
	if t.IsZero() {
		x.add("%s missing", what)
	} else if y := t.Year(); y < 0 || y > 9999 {
		x.add("%s has the year %d, which RFC 3339 cannot write", what, y)
	}
}

func (x *fault) authors(what string, authors []Author) {
	for _, a := range authors {
		x.web(what+" "+a.Name+" address", a.URL, false)
	}
}

// check returns every rule that a cleaned feed breaks. The two formats share
// them, so that whatever makes one form makes the other.
func (f Feed) check() error {
	var x fault
	x.id("id", f.ID)
	x.text("title", f.Title)
	x.lang("language", f.Language)
	x.web("address", f.URL, true)
	x.web("self address of Atom", f.SelfAtom, false)
	x.web("self address of JSON", f.SelfJSON, false)
	x.web("hub", f.Hub, false)
	x.web("icon", f.Icon, false)
	x.authors("author", f.Authors)
	x.date("date", f.Modified())

	seen := make(map[string]bool, len(f.Items))
	for n, i := range f.Items {
		what := fmt.Sprintf("item %d (%s)", n+1, i.ID)
		x.id(what+" id", i.ID)
		if i.ID != "" && seen[i.ID] {
			x.add("%s stands twice", what)
		}
		seen[i.ID] = true
		x.text(what+" title", i.Title)
		x.web(what+" address", i.URL, true)
		x.web(what+" image", i.Image, false)
		x.lang(what+" language", i.Language)
		x.date(what+" date", i.Published)
		x.date(what+" modification date", i.Modified())
		x.authors(what+" author", i.Authors)
		if len(i.Authors) == 0 && len(f.Authors) == 0 {
			x.add("%s author missing, in the item and in the feed", what)
		}
		if i.HTML == "" && i.Summary == "" {
			x.add("%s content missing", what)
		}
	}
	if len(f.Items) == 0 && len(f.Authors) == 0 {
		x.add("author missing")
	}
	return errors.Join(x.errs...)
}
