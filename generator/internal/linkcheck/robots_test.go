package linkcheck

import (
	"net/url"
	"strings"
	"testing"
	"time"
)

// TestRobotsRules tries the examples of RFC 9309 and what is known to be written.
func TestRobotsRules(t *testing.T) {
	for _, test := range []struct{ robots, allowed, forbidden string }{
		{"", "/ /a", ""},
		{"User-agent: *\nDisallow:\n", "/ /a", ""},
		{"User-agent: *\nDisallow: /\n", "", "/ /a"},
		{"user-AGENT : *\r\ndisAllow:/a # why\r\rallow: /a/b", "/ /a/b /a/bc", "/a /ab /a/c"},
		{"\ufeffUser-agent: *\nDisallow: /a\n", "/b", "/a"},
		{"Disallow: /a\nUser-agent: *\nDisallow: /b\n", "/a", "/b"}, // a rule before any group
		{"User-agent: other\nDisallow: /\n", "/", ""},
		{"User-agent: *\nDisallow: /\nUser-agent: Vigie/2.0\nDisallow: /x\n", "/ /a", "/x"},
		{"User-agent: vigie\nDisallow: /x\nUser-agent: *\nDisallow: /\n\nUser-agent: VIGIE\nDisallow: /y\n", "/", "/x /y"}, // groups are joined
		{"User-agent: vigiebot\nDisallow: /\n", "/", ""},
		{"User-agent: other\nUser-agent: vigie\nSitemap: https://x.example/s.xml\nDisallow: /x\n", "/", "/x"},
		{"User-agent: vigie\n\nUser-agent: *\nDisallow: /\n", "", "/"}, // blank lines separate nothing
		{"User-agent: *\nDisallow: /*.gif$\n", "/a.gif?x /a.gifs /gif", "/a.gif /.gif"},
		{"User-agent: *\nDisallow: /a*b*c\n", "/ab /acb", "/abc /a1b2c3"},
		{"User-agent: *\nDisallow: /*?\n", "/a", "/a?b"},
		{"User-agent: *\nAllow: /p\nDisallow: /p\n", "/p", ""}, // as long: allow
		{"User-agent: *\nAllow: /p\nDisallow: /pp*\n", "/p /pa", "/pp /ppa"},
		{"User-agent: *\nDisallow: /é\n", "/e", "/%C3%A9 /%c3%a9"},
		{"User-agent: *\nDisallow: /%c3%a9/%62\n", "/%C3%A9/c", "/%C3%A9/b /é/%62"},
		{"User-agent: *\nDisallow: /a%2Fb\n", "/a/b", "/a%2fb"},
		{"User-agent: *\nDisallow: a\n", "/a", ""},
	} {
		r := parseRobots([]byte(test.robots), "vigie")
		for want, paths := range map[bool]string{true: test.allowed, false: test.forbidden} {
			for _, path := range strings.Fields(paths) {
				u, err := url.Parse("https://x.example" + path)
				if err != nil {
					t.Fatal(err)
				}
				if got := r.allows(u); got != want {
					t.Errorf("%q allows %s: %v, want %v", test.robots, path, got, want)
				}
			}
		}
	}
	for text, want := range map[string]time.Duration{
		"User-agent: *\nCrawl-delay: 2.5\n":   2500 * time.Millisecond,
		"User-agent: *\nCrawl-delay: 86400\n": maxDelay,
		"User-agent: *\nCrawl-delay: -1\n":    0,
		"User-agent: *\nCrawl-delay: NaN\n":   0,
		"User-agent: x\nCrawl-delay: 3\n":     0,
	} {
		if got := parseRobots([]byte(text), "vigie").delay; got != want {
			t.Errorf("%q gives a delay of %v, want %v", text, got, want)
		}
	}
}

// FuzzRobots reads any robots.txt: it never panics, and keeps to the bounds.
func FuzzRobots(f *testing.F) {
	f.Add([]byte("User-agent: *\nDisallow: /*a*$\nCrawl-delay: 1e9\n"), "/%zz?%")
	f.Add([]byte("user-agent:\nallow:%\n\xff\x00"), "")
	f.Fuzz(func(t *testing.T, text []byte, path string) {
		r := parseRobots(text, "vigie")
		if r.delay < 0 || r.delay > maxDelay {
			t.Errorf("delay is %v", r.delay)
		}
		r.allows(&url.URL{Scheme: "https", Host: "x.example", Path: "/" + path, RawQuery: path})
		if once := normalizePath(path); normalizePath(once) != once {
			t.Errorf("%q is normalized to %q, then to %q", path, once, normalizePath(once))
		}
	})
}
