package permalink_test

import (
	"net/url"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"vigie/generator/internal/permalink"
)

func TestSlug(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"Bleu", "bleu"},
		{"L’« été » à 50 %", "l-ete-a-50"},
		{"l'été, l’hiver", "l-ete-l-hiver"},
		{"Cœur & Œuvre, ex æquo", "coeur-oeuvre-ex-aequo"},
		{"Straße in Łódź, smørrebrød, Þór, Diyarbakır", "strasse-in-lodz-smorrebrod-thor-diyarbakir"},
		{"SecNumCloud 3.2", "secnumcloud-3-2"},
		{"  --Déjà__vu--  ", "deja-vu"},
		{"10\u00a0000\u202f€", "10-000"},
		{"ﬁn du ½ mois n°3", "fin-du-1-2-mois-n-3"},
		{"e\u0301te\u0301", "ete"}, // decomposed, as macOS names its files
		{"docs/Guide.md", "docs-guide-md"},
		{"?!… « »", ""},
		{"\u0301", ""},
		{"日本語 ガイド", "日本語-ガイド"}, // the voicing mark is part of the letter
		{"Новый год", "новый-год"},
		{"हिंदी", "हिंदी"},
		{"한국어", "한국어"},
		{"bad \xff byte", "bad-byte"},
	} {
		if got := permalink.Slug(c.in); got != norm.NFC.String(c.want) {
			t.Errorf("Slug(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

// slugBefore is the slug of a text that stands before a word of another script. Such
// texts are read in the general way, which gives the same.
func slugBefore(text string) string {
	return strings.TrimSuffix(strings.TrimSuffix(permalink.Slug(text+" ж"), "ж"), "-")
}

// The ways in which a slug is found agree on every sign that French, English and their
// neighbours write, wherever in a word it stands.
func TestSlugOfEverySign(t *testing.T) {
	for r := range rune(0x2100) {
		for _, text := range []string{string(r), "a" + string(r) + "B", "É " + string(r), string(r) + "é"} {
			if slug, longer := permalink.Slug(text), slugBefore(text); slug != longer {
				t.Errorf("Slug(%q) = %q, and %q before another word", text, slug, longer)
			}
		}
	}
}

// FuzzSlug holds slugs to what addresses, file names and anchors need.
func FuzzSlug(f *testing.F) {
	for _, seed := range []string{"L’été 2025 : 50 %", "Œuvre", "日本語 ガイド", "हिंदी", "İstanbul", "ǅ", "Ǣǿ", "\u0345ᾳ", "a\u0301", "\xff", "—"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		slug := permalink.Slug(text)
		if again := permalink.Slug(slug); again != slug {
			t.Errorf("Slug(%q) = %q, whose slug is %q", text, slug, again)
		}
		if strings.HasPrefix(slug, "-") || strings.HasSuffix(slug, "-") || strings.Contains(slug, "--") {
			t.Errorf("Slug(%q) = %q: hyphens must be single and inside", text, slug)
		}
		for _, r := range slug {
			if r != '-' && !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) {
				t.Errorf("Slug(%q) = %q: %q does not belong in an address", text, slug, r)
			}
		}
		if longer := slugBefore(text); longer != slug {
			t.Errorf("Slug(%q) = %q, and %q before another word", text, slug, longer)
		}
		if back, err := url.PathUnescape(permalink.Escape(slug)); err != nil || back != slug {
			t.Errorf("Escape(%q) is read back as %q, %v", slug, back, err)
		}
	})
}

func TestExpand(t *testing.T) {
	page := permalink.Values{Slug: "bleu-j0", Filename: "2025-04-07-bleu-j0", Section: "docs/guide", Year: 2025, Month: 4, Day: 7}
	undated := permalink.Values{Slug: "bleu", Filename: "bleu"}
	for _, c := range []struct {
		pattern string
		values  permalink.Values
		want    string // an error starts with "error: "
	}{
		{"/actualites/:slug/", page, "/actualites/bleu-j0/"},
		{"/:year/:month/:day/:slug/", page, "/2025/04/07/bleu-j0/"},
		{"/:section/:filename/", page, "/docs/guide/2025-04-07-bleu-j0/"},
		{"/:section/:slug/", undated, "/bleu/"},
		{":slug", undated, "/bleu/"},
		{"/a/../:slug", undated, "/bleu/"},
		{"/:slug/:section", undated, "/bleu/"},
		{"/:year/:slug/", undated, `error: permalink "/:year/:slug/" needs a date, and the page has none`},
		{"/:title/", page, `error: permalink "/:title/" has an unknown token ":title"; known are :slug, :filename, :section, :year, :month, :day`},
		{"/:slug.html", page, `error: permalink "/:slug.html" has an unknown token ":slug.html"; known are :slug, :filename, :section, :year, :month, :day`},
		{"/at-10:30/:slug/", undated, "/at-10:30/bleu/"},
	} {
		got, err := permalink.Expand(c.pattern, c.values)
		if err != nil {
			got = "error: " + err.Error()
		}
		if got != c.want {
			t.Errorf("Expand(%q) = %q, want %q", c.pattern, got, c.want)
		}
		if checked := permalink.Check(c.pattern) == nil; checked != (err == nil || strings.Contains(c.want, "needs a date")) {
			t.Errorf("Check(%q) accepts: %v, against Expand's %q", c.pattern, checked, c.want)
		}
	}
}

func TestPrefix(t *testing.T) {
	for pattern, want := range map[string]string{
		"/actualites/:slug/":       "/actualites/",
		"/actualites/:year/:slug/": "/actualites/",
		"/:section/:slug/":         "/",
		"/docs/guide/":             "/docs/guide/",
		"/at-10:30/:slug/":         "/at-10:30/",
	} {
		if got := permalink.Prefix(pattern); got != want {
			t.Errorf("Prefix(%q) = %q, want %q", pattern, got, want)
		}
	}
}

func TestClean(t *testing.T) {
	for p, want := range map[string]string{
		"":               "/",
		"/":              "/",
		"//":             "/",
		"a":              "/a/",
		"/a//b/":         "/a/b/",
		"/a/./b/../c":    "/a/c/",
		"../../etc":      "/etc/",
		"/404.html":      "/404.html",
		"/a/old.html":    "/a/old.html",
		"/v1.2":          "/v1.2/",
		"/été":           "/été/",
		"/a/index.html/": "/a/index.html",
	} {
		if got := permalink.Clean(p); got != want {
			t.Errorf("Clean(%q) = %q, want %q", p, got, want)
		}
		if again := permalink.Clean(permalink.Clean(p)); again != want {
			t.Errorf("Clean(Clean(%q)) = %q, want %q", p, again, want)
		}
	}
}

func TestBase(t *testing.T) {
	for _, c := range []struct{ raw, base, path, rel, abs string }{
		{"https://example.org", "https://example.org/", "/", "/a/%C3%A9t%C3%A9/", "https://example.org/a/%C3%A9t%C3%A9/"},
		{"https://example.org/docs", "https://example.org/docs/", "/docs/", "/docs/a/%C3%A9t%C3%A9/", "https://example.org/docs/a/%C3%A9t%C3%A9/"},
		{"http://localhost:8080/a b/", "http://localhost:8080/a%20b/", "/a%20b/", "/a%20b/a/%C3%A9t%C3%A9/", "http://localhost:8080/a%20b/a/%C3%A9t%C3%A9/"},
		{"https://example.org/?", "https://example.org/", "/", "/a/%C3%A9t%C3%A9/", "https://example.org/a/%C3%A9t%C3%A9/"},
	} {
		b, err := permalink.ParseBase(c.raw)
		if err != nil {
			t.Errorf("ParseBase(%q): %v", c.raw, err)
			continue
		}
		if b.String() != c.base || b.Path() != c.path || b.Rel("/a/été/") != c.rel || b.Abs("/a/été/") != c.abs {
			t.Errorf("ParseBase(%q) gives %q, %q, %q, %q", c.raw, b, b.Path(), b.Rel("/a/été/"), b.Abs("/a/été/"))
		}
		if got := b.Rel("/"); got != c.path {
			t.Errorf("home of %q is %q, want %q", c.raw, got, c.path)
		}
	}
	for raw, want := range map[string]string{
		"":                         "is not absolute",
		"example.org":              "is not absolute",
		"/docs/":                   "is not absolute",
		"ftp://example.org/":       "is not absolute",
		"https:example.org":        "is not absolute",
		"https://example.org/?q=1": "has a query",
		"https://example.org/#top": "has a query, a fragment",
		"https://me@example.org/":  "a user",
		"https://exa mple.org/":    "invalid character",
	} {
		if _, err := permalink.ParseBase(raw); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ParseBase(%q) gives the error %v, want one with %q", raw, err, want)
		}
	}
}

func TestEscape(t *testing.T) {
	for p, want := range map[string]string{
		"":                   "",
		"a b/c#d?e%f":        "a%20b/c%23d%3Fe%25f",
		"Œuvre/été.png":      "%C5%92uvre/%C3%A9t%C3%A9.png",
		"a:b":                "a:b",
		"quote\"<'>":         "quote%22%3C%27%3E",
		"back\\slash|^`{}[]": "back%5Cslash%7C%5E%60%7B%7D%5B%5D",
	} {
		if got := permalink.Escape(p); got != want {
			t.Errorf("Escape(%q) = %q, want %q", p, got, want)
		}
	}
}
