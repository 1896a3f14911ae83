// Package permalink owns addresses: the slug of a text, the expansion of a
// permalink pattern such as "/actualites/:slug/", and the join of a base URL with
// a path. It knows nothing of pages and never looks at files.
package permalink

import (
	"fmt"
	"net/url"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// ligatures are the letters that canonical decomposition does not take apart.
var ligatures = strings.NewReplacer("œ", "oe", "Œ", "oe", "æ", "ae", "Æ", "ae", "ß", "ss", "ø", "o", "Ø", "o", "ł", "l", "Ł", "l", "đ", "d", "Đ", "d", "ð", "d", "Ð", "d", "þ", "th", "Þ", "th", "ı", "i")

// Slug returns text as it stands in a URL or an anchor: lower case, without
// accents, words joined by single hyphens. Apostrophes, spaces and signs part
// words: "L’« été » à 50 %" gives "l-ete-a-50". Letters and digits of other scripts
// are kept with their marks, which are no accents there. It returns "" where nothing
// is left.
func Slug(text string) string {
	if slug, ok := latinSlug(text); ok {
		return slug
	}
	var b strings.Builder
	gap, foreign := false, false // since the last letter; whether that is not Latin
	for _, r := range ligatures.Replace(norm.NFKD.String(text)) {
		switch {
		case unicode.IsMark(r):
			if foreign && !gap {
				b.WriteRune(r)
			}
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			gap, foreign = false, unicode.IsLetter(r) && !unicode.Is(unicode.Latin, r)
			b.WriteRune(unicode.ToLower(r))
		default:
			gap = true
		}
	}
	return norm.NFC.String(b.String())
}

// latinSlug is [Slug] for texts in ASCII and the accented letters of Latin-1, with the
// quotation marks and dashes of prose, which most titles and names are; ok is false for
// others.
func latinSlug(text string) (slug string, ok bool) {
	b := make([]byte, 0, 96) // on the stack; most slugs are shorter
	gap := false
	for i, r := range text {
		switch {
		case 'a' <= r && r <= 'z' || '0' <= r && r <= '9':
		case 'A' <= r && r <= 'Z':
			r += 'a' - 'A'
		case r < utf8.RuneSelf, r == '«', r == '»', r == '\u00a0', r == '\u202f', '\u2010' <= r && r <= '\u2027':
			gap = true
			continue
		case 'À' <= r && r <= 'ÿ':
			// An accented letter starts with its letter; what has none is for Slug.
			parts := norm.NFKD.PropertiesString(text[i:]).Decomposition()
			if len(parts) == 0 {
				return "", false
			}
			r = unicode.ToLower(rune(parts[0]))
		default:
			return "", false
		}
		if gap && len(b) > 0 {
			b = append(b, '-')
		}
		gap = false
		b = append(b, byte(r))
	}
	if string(b) == text {
		return text, true
	}
	return string(b), true
}

// Values are what a pattern's tokens stand for.
type Values struct {
	Slug     string
	Filename string
	Section  string // "docs/guide"
	Year     int    // 0 where the page has no date
	Month    int
	Day      int
}

// tokens lists what [Expand] knows, for error messages.
const tokens = ":slug, :filename, :section, :year, :month, :day"

// Expand returns pattern with its tokens replaced: :slug, :filename, :section,
// :year, :month (01) and :day (17). The result starts and ends with a slash. It is
// an error to use an unknown token, or a date's token without a date.
func Expand(pattern string, v Values) (string, error) {
	parts := strings.Split(pattern, "/")
	for i, part := range parts {
		name, isToken := strings.CutPrefix(part, ":")
		if !isToken {
			continue
		}
		switch name {
		case "slug":
			parts[i] = v.Slug
		case "filename":
			parts[i] = v.Filename
		case "section":
			parts[i] = v.Section
		case "year", "month", "day":
			if v.Year == 0 {
				return "", fmt.Errorf("permalink %q needs a date, and the page has none", pattern)
			}
			parts[i] = map[string]string{"year": fmt.Sprintf("%04d", v.Year), "month": fmt.Sprintf("%02d", v.Month), "day": fmt.Sprintf("%02d", v.Day)}[name]
		default:
			return "", fmt.Errorf("permalink %q has an unknown token %q; known are %s", pattern, part, tokens)
		}
	}
	return Clean(strings.Join(parts, "/")), nil
}

// Check reports whether pattern is well formed, without a page.
func Check(pattern string) error {
	_, err := Expand(pattern, Values{Slug: "s", Filename: "f", Section: "x", Year: 2000, Month: 1, Day: 1})
	return err
}

// Prefix returns the part of pattern before its first token, as a clean path:
// "/actualites/" of "/actualites/:year/:slug/".
func Prefix(pattern string) string {
	before, _, _ := strings.Cut(pattern, "/:")
	return Clean(before)
}

// Clean returns p as a site path: one slash at the start and, unless its last
// element is a file name with an extension, one at the end.
func Clean(p string) string {
	if strings.HasPrefix(p, "/") && strings.HasSuffix(p, "/") && !strings.Contains(p, "//") && !strings.Contains(p, ".") {
		return p // as nearly all are
	}
	p = path.Clean("/" + p)
	if p == "/" || path.Ext(p) != "" && strings.HasSuffix(p, ".html") {
		return p
	}
	return p + "/"
}

// Base is a site's base URL, split where links need it.
type Base struct {
	absolute string // "https://example.org/docs/"
	path     string // "/docs/"
}

// ParseBase reads a site's base URL: absolute, http or https, without query and
// fragment. A missing final slash is added.
func ParseBase(raw string) (Base, error) {
	u, err := url.Parse(raw)
	switch {
	case err != nil:
		return Base{}, fmt.Errorf("base URL %q: %w", raw, err)
	case u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return Base{}, fmt.Errorf("base URL %q is not absolute; write it as https://example.org/", raw)
	case u.RawQuery != "" || u.Fragment != "" || u.User != nil:
		return Base{}, fmt.Errorf("base URL %q has a query, a fragment or a user; write scheme, host and path alone", raw)
	}
	if !strings.HasSuffix(u.Path, "/") {
		u.Path += "/"
	}
	u.RawPath, u.ForceQuery = "", false
	return Base{u.String(), u.EscapedPath()}, nil
}

// String returns the absolute base URL with its final slash.
func (b Base) String() string { return b.absolute }

// Path returns the base's path, "/" or "/docs/".
func (b Base) Path() string { return b.path }

// Rel returns the root-relative URL of a site path ("/actualites/x/"), percent-encoded.
func (b Base) Rel(p string) string {
	return b.path + Escape(strings.TrimPrefix(p, "/"))
}

// Abs returns the absolute URL of a site path.
func (b Base) Abs(p string) string {
	return b.absolute + Escape(strings.TrimPrefix(p, "/"))
}

// Escape percent-encodes a path, leaving its slashes.
func Escape(p string) string {
	return (&url.URL{Path: "/" + p}).EscapedPath()[1:]
}
