package sitemap

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"
)

// tag is the lexical form of a BCP 47 language tag.
var tag = regexp.MustCompile(`^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$`)

// fault collects what a file's input breaks, so that one run tells all of it.
type fault struct {
	file string // the kind of file, first in every message
	errs []error
}

func (x *fault) add(format string, args ...any) {
	x.errs = append(x.errs, fmt.Errorf(x.file+": "+format, args...))
}

func (x *fault) err() error { return errors.Join(x.errs...) }

// web demands an absolute http(s) address, as every one of these files does.
func (x *fault) web(what, address string) {
	if !isWeb(address) {
		x.add("%s %q is not an absolute http address", what, address)
	}
}

func isWeb(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https") &&
		oneLine(address) && !strings.ContainsAny(address, ` "<>`)
}

// length demands a text of 1 to most characters.
func (x *fault) length(what, text string, most int) {
	switch n := utf8.RuneCountInString(text); {
	case n == 0:
		x.add("%s missing", what)
	case n > most:
		x.add("%s has %d characters, more than %d", what, n, most)
	}
}

// oneLine tells whether s may stand on a line of a text file: no line ends and
// no other control characters.
func oneLine(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool {
		return r < 0x20 || r >= 0x7F && r < 0xA0 || r == '\u2028' || r == '\u2029'
	})
}
