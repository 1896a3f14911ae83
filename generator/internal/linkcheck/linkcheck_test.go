package linkcheck_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"vigie/generator/internal/linkcheck"
)

var now = time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)

// site is a host on the loopback that remembers what it was asked.
type site struct {
	*httptest.Server
	mu     sync.Mutex
	asked  []string // "GET /x"
	agents []string
	at     []time.Time
	open   int
	most   int // requests at once
}

// serve starts a host. It has no robots.txt unless answer gives one.
func serve(t *testing.T, answer http.HandlerFunc) *site {
	s := &site{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.asked = append(s.asked, r.Method+" "+r.URL.RequestURI())
		s.agents = append(s.agents, r.UserAgent())
		s.at = append(s.at, time.Now())
		s.open++
		s.most = max(s.most, s.open)
		s.mu.Unlock()
		answer(w, r)
		s.mu.Lock()
		s.open--
		s.mu.Unlock()
	}))
	t.Cleanup(s.Close)
	return s
}

// requests lists what was asked for, robots.txt aside.
func (s *site) requests() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(s.asked), func(r string) bool { return r == "GET /robots.txt" })
}

// quick are options for hosts that need no patience.
func quick() linkcheck.Options {
	return linkcheck.Options{UserAgent: "Vigie/1 (+https://example.org)", Now: now, Pause: time.Nanosecond, Retry: time.Millisecond, Timeout: time.Minute}
}

// noRobots answers 404 for robots.txt and lets the others through.
func noRobots(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			http.NotFound(w, r)
			return
		}
		next(w, r)
	}
}

// check tries one path of a host.
func check(t *testing.T, o linkcheck.Options, address string) linkcheck.Result {
	t.Helper()
	results, notices := linkcheck.New(o).Check(t.Context(), []string{address})
	if len(notices) > 0 {
		t.Errorf("notices: %q", notices)
	}
	return results[address]
}

// TestOutcomes tries every kind of answer, and counts the requests that it takes.
func TestOutcomes(t *testing.T) {
	times := map[string]int{}
	s := serve(t, noRobots(func(w http.ResponseWriter, r *http.Request) {
		times[r.URL.Path]++ // one request at a time
		head := r.Method == http.MethodHead
		switch path := r.URL.Path; path {
		case "/ok", "/new", "/q":
		case "/gone":
			w.WriteHeader(http.StatusGone)
		case "/only-get":
			if head {
				w.WriteHeader(http.StatusMethodNotAllowed)
			}
		case "/no-head": // answers HEAD as if it had nothing
			if head {
				w.WriteHeader(http.StatusNotFound)
			}
		case "/refused":
			w.WriteHeader(http.StatusForbidden)
		case "/down":
			w.WriteHeader(http.StatusServiceUnavailable)
		case "/limited":
			w.WriteHeader(http.StatusTooManyRequests)
		case "/busy-once":
			if times[path] == 1 {
				w.Header().Set("Retry-After", "0")
				w.WriteHeader(http.StatusTooManyRequests)
			}
		case "/cut": // closes the connection on HEAD
			if head {
				panic(http.ErrAbortHandler)
			}
		case "/moved":
			http.Redirect(w, r, "/new", http.StatusMovedPermanently)
		case "/moved-twice":
			http.Redirect(w, r, "/moved", http.StatusPermanentRedirect)
		case "/moved-then-elsewhere":
			http.Redirect(w, r, "/elsewhere", http.StatusMovedPermanently)
		case "/elsewhere":
			http.Redirect(w, r, "/ok", http.StatusFound)
		case "/elsewhere-then-moved":
			http.Redirect(w, r, "/moved", http.StatusFound)
		case "/moved-to-gone":
			http.Redirect(w, r, "/gone", http.StatusMovedPermanently)
		case "/circle":
			http.Redirect(w, r, "/circle", http.StatusFound)
		case "/to-mail":
			w.Header().Set("Location", "mailto:a@example.org")
			w.WriteHeader(http.StatusMovedPermanently)
		case "/nowhere":
			w.WriteHeader(http.StatusMovedPermanently)
		default:
			if n := strings.TrimPrefix(path, "/long"); n != path {
				http.Redirect(w, r, "/long"+n+"x", http.StatusFound)
				return
			}
			http.NotFound(w, r)
		}
	}))
	for _, test := range []struct {
		path    string
		outcome linkcheck.Outcome
		say     string // reason or address
		want    []string
	}{
		{"/ok", linkcheck.Alive, "", []string{"HEAD /ok"}},
		{"/q?a=1&b=%20", linkcheck.Alive, "", []string{"HEAD /q?a=1&b=%20"}},
		{"/ok#part", linkcheck.Alive, "", []string{"HEAD /ok"}},
		{"/absent", linkcheck.Dead, "404 Not Found", []string{"HEAD /absent", "GET /absent"}},
		{"/gone", linkcheck.Dead, "410 Gone", []string{"HEAD /gone", "GET /gone"}},
		{"/only-get", linkcheck.Alive, "", []string{"HEAD /only-get", "GET /only-get"}},
		{"/no-head", linkcheck.Alive, "", []string{"HEAD /no-head", "GET /no-head"}},
		{"/refused", linkcheck.Unknown, "403 Forbidden", []string{"HEAD /refused", "GET /refused"}},
		{"/down", linkcheck.Dead, "503 Service Unavailable", []string{"HEAD /down", "GET /down", "GET /down"}},
		{"/limited", linkcheck.Unknown, "429 Too Many Requests", []string{"HEAD /limited", "GET /limited", "GET /limited"}},
		{"/busy-once", linkcheck.Alive, "", []string{"HEAD /busy-once", "GET /busy-once"}},
		{"/cut", linkcheck.Alive, "", []string{"HEAD /cut", "GET /cut"}},
		{"/moved", linkcheck.Moved, "/new", []string{"HEAD /moved", "HEAD /new"}},
		{"/moved-twice", linkcheck.Moved, "/new", []string{"HEAD /moved-twice", "HEAD /moved", "HEAD /new"}},
		{"/moved-then-elsewhere", linkcheck.Moved, "/elsewhere", nil},
		{"/elsewhere", linkcheck.Alive, "", nil},
		{"/elsewhere-then-moved", linkcheck.Alive, "", nil},
		{"/moved-to-gone", linkcheck.Dead, "410 Gone", nil},
		{"/circle", linkcheck.Dead, "in a circle", nil},
		{"/long", linkcheck.Dead, "more than 10 times", nil},
		{"/to-mail", linkcheck.Dead, "no address on the web", nil},
		{"/nowhere", linkcheck.Dead, "without saying where", nil},
	} {
		s.mu.Lock()
		s.asked = nil
		s.mu.Unlock()
		r := check(t, quick(), s.URL+test.path)
		if r.Outcome != test.outcome || !strings.Contains(r.Reason+r.Address, test.say) || r.Checked != now || r.Cached {
			t.Errorf("%s is %+v, want %s, %q", test.path, r, test.outcome, test.say)
		}
		if got := s.requests(); test.want != nil && !slices.Equal(got, test.want) {
			t.Errorf("%s took %q, want %q", test.path, got, test.want)
		}
	}
}

// TestUnreachable tells a host that refuses from a machine without a network.
func TestUnreachable(t *testing.T) {
	s := serve(t, noRobots(func(http.ResponseWriter, *http.Request) {}))
	address := s.URL + "/x"
	s.Close()
	if r := check(t, quick(), address); r.Outcome != linkcheck.Dead || !strings.Contains(r.Reason, "connection failed") {
		t.Errorf("a closed port is %+v", r)
	}
	o := quick()
	o.Cache = filepath.Join(t.TempDir(), "links.json")
	o.Transport = &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
		return nil, &net.OpError{Op: "dial", Err: fmt.Errorf("network is unreachable")}
	}}
	results, notices := linkcheck.New(o).Check(t.Context(), []string{"http://a.example/", "http://b.example/"})
	if len(notices) != 1 || !strings.Contains(notices[0], "no host could be reached") {
		t.Errorf("notices are %q", notices)
	}
	for address, r := range results {
		if r.Outcome != linkcheck.Unknown {
			t.Errorf("%s is %+v without a network", address, r)
		}
	}
	if text, err := os.ReadFile(o.Cache); err != nil || strings.Contains(string(text), "a.example") {
		t.Errorf("the cache remembers what was not found out: %s, %v", text, err)
	}
}

// TestTimeout gives up on a host that does not answer, after trying again.
func TestTimeout(t *testing.T) {
	s := serve(t, noRobots(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	o := quick()
	o.Timeout = time.Second
	r := check(t, o, s.URL+"/slow")
	if r.Outcome != linkcheck.Dead || r.Reason != "host does not answer" || len(s.requests()) != 3 {
		t.Errorf("a slow host is %+v after %q", r, s.requests())
	}
}

// TestPolite asks a host one thing at a time, with a pause, and says who asks.
func TestPolite(t *testing.T) {
	s := serve(t, noRobots(func(http.ResponseWriter, *http.Request) { time.Sleep(2 * time.Millisecond) }))
	o := quick()
	o.Pause = 20 * time.Millisecond
	var addresses []string
	for i := range 6 {
		addresses = append(addresses, fmt.Sprintf("%s/%d", s.URL, i))
	}
	results, _ := linkcheck.New(o).Check(t.Context(), append(addresses, addresses...))
	if len(results) != 6 || len(s.requests()) != 6 {
		t.Errorf("%d results of %d requests, want 6 of 6", len(results), len(s.requests()))
	}
	if s.most != 1 {
		t.Errorf("%d requests at once", s.most)
	}
	for i := 1; i < len(s.at); i++ {
		if pause := s.at[i].Sub(s.at[i-1]); pause < o.Pause {
			t.Errorf("request %d came %v after the one before it", i, pause)
		}
	}
	for _, agent := range s.agents {
		if agent != o.UserAgent {
			t.Errorf("user agent is %q", agent)
		}
	}
}

// TestConcurrency bounds the requests to all hosts together.
func TestConcurrency(t *testing.T) {
	var mu sync.Mutex
	open, most := 0, 0
	var addresses []string
	for range 6 {
		s := serve(t, noRobots(func(http.ResponseWriter, *http.Request) {
			mu.Lock()
			open++
			most = max(most, open)
			mu.Unlock()
			time.Sleep(10 * time.Millisecond)
			mu.Lock()
			open--
			mu.Unlock()
		}))
		addresses = append(addresses, s.URL+"/")
	}
	o := quick()
	o.Concurrency = 2
	linkcheck.New(o).Check(t.Context(), addresses)
	if most > 2 {
		t.Errorf("%d requests at once, want at most 2", most)
	}
}

// TestRobots keeps to a host's robots.txt, which is read once.
func TestRobots(t *testing.T) {
	for name, test := range map[string]struct {
		status  int
		text    string
		path    string
		outcome linkcheck.Outcome
	}{
		"allowed":   {200, "User-agent: *\nDisallow: /private/\n", "/public", linkcheck.Alive},
		"forbidden": {200, "User-agent: *\nDisallow: /private/\n", "/private/x", linkcheck.Unknown},
		"named":     {200, "User-agent: *\nAllow: /\n\nUser-agent: vigie\nDisallow: /\n", "/x", linkcheck.Unknown},
		"absent":    {404, "", "/x", linkcheck.Alive},
		"guarded":   {403, "", "/x", linkcheck.Alive},
		"broken":    {500, "", "/x", linkcheck.Unknown},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/robots.txt" {
					w.WriteHeader(test.status)
					fmt.Fprint(w, test.text)
				}
			})
			results, _ := linkcheck.New(quick()).Check(t.Context(), []string{s.URL + test.path, s.URL + test.path + "?2"})
			for address, r := range results {
				if r.Outcome != test.outcome || r.Outcome == linkcheck.Unknown && !strings.Contains(r.Reason, "robots.txt") {
					t.Errorf("%s is %+v, want %s", address, r, test.outcome)
				}
			}
			if test.outcome == linkcheck.Unknown && len(s.requests()) > 0 {
				t.Errorf("asked %q all the same", s.requests())
			}
			if n := len(s.asked) - len(s.requests()); n != 1 && test.status != 500 {
				t.Errorf("robots.txt was read %d times", n)
			}
		})
	}
}

// TestRobotsElsewhere follows a redirect of robots.txt, and asks the host that a link
// redirects to for its own.
func TestRobotsElsewhere(t *testing.T) {
	closed := serve(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "User-agent: *\nDisallow: /\n") })
	open := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/robots.txt":
			http.Redirect(w, r, "/rules.txt", http.StatusFound)
		case "/rules.txt":
			fmt.Fprint(w, "User-agent: *\nDisallow: /no\n")
		case "/there":
			http.Redirect(w, r, closed.URL+"/x", http.StatusMovedPermanently)
		}
	})
	if r := check(t, quick(), open.URL+"/no"); r.Outcome != linkcheck.Unknown {
		t.Errorf("what a redirected robots.txt forbids is %+v", r)
	}
	if r := check(t, quick(), open.URL+"/there"); r.Outcome != linkcheck.Unknown || len(closed.requests()) > 0 {
		t.Errorf("a redirect to a host that forbids to ask is %+v, asked %q", r, closed.requests())
	}
}

// TestPrivate never follows a redirect from the web into a private network.
func TestPrivate(t *testing.T) {
	inside := serve(t, noRobots(func(http.ResponseWriter, *http.Request) {}))
	outside := serve(t, noRobots(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, inside.URL+"/admin", http.StatusFound)
	}))
	o := quick()
	var dialer net.Dialer
	o.Transport = &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
		if strings.HasPrefix(addr, "outside.example:") {
			addr = outside.Listener.Addr().String()
		}
		return dialer.DialContext(ctx, network, addr)
	}}
	if r := check(t, o, "http://outside.example/"); r.Outcome != linkcheck.Dead || len(inside.asked) > 0 {
		t.Errorf("a redirect inside is %+v, asked %q", r, inside.asked)
	}
	if r := check(t, o, outside.URL+"/"); r.Outcome != linkcheck.Alive {
		t.Errorf("a redirect between private hosts is %+v", r)
	}
}

// TestCache asks again only when what is known has aged.
func TestCache(t *testing.T) {
	s := serve(t, noRobots(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/gone":
			w.WriteHeader(http.StatusGone)
		case "/moved":
			http.Redirect(w, r, "/ok", http.StatusMovedPermanently)
		}
	}))
	addresses := []string{s.URL + "/gone", s.URL + "/moved", s.URL + "/ok"}
	o := quick()
	o.Cache = filepath.Join(t.TempDir(), ".vigie", "links.json")
	run := func(after time.Duration) (cached string) {
		t.Helper()
		o.Now = now.Add(after)
		results, notices := linkcheck.New(o).Check(t.Context(), addresses)
		if len(notices) > 0 {
			t.Errorf("notices: %q", notices)
		}
		for i, want := range []linkcheck.Outcome{linkcheck.Dead, linkcheck.Moved, linkcheck.Alive} {
			r := results[addresses[i]]
			if r.Outcome != want || want == linkcheck.Moved && r.Address != s.URL+"/ok" || want == linkcheck.Dead && r.Reason != "410 Gone" {
				t.Errorf("after %v, %s is %+v", after, addresses[i], r)
			}
			if r.Cached {
				cached += strings.TrimPrefix(addresses[i], s.URL)
			}
		}
		return cached
	}
	for _, step := range []struct {
		after  time.Duration
		cached string
	}{
		{0, ""},
		{59 * time.Minute, "/gone/moved/ok"},
		{61 * time.Minute, "/moved/ok"},
		{7*24*time.Hour - time.Minute, "/moved/ok"},
		{7*24*time.Hour + time.Minute, "/gone"},
		{-time.Hour, ""}, // a clock that goes before
	} {
		if got := run(step.after); got != step.cached {
			t.Errorf("after %v, %q is taken from the cache, want %q", step.after, got, step.cached)
		}
	}
}

// TestDamagedCache discards a cache that is not whole, says so, and writes a new one.
func TestDamagedCache(t *testing.T) {
	s := serve(t, noRobots(func(http.ResponseWriter, *http.Request) {}))
	for name, text := range map[string]string{
		"empty":      "",
		"cut":        `{"version":1,"links":{"` + s.URL + `/":{"checked":"2026-11-21T08:59:00Z","outc`,
		"other form": `[1,2]`,
		"version":    `{"version":99,"links":{}}`,
		"outcome":    `{"version":1,"links":{"` + s.URL + `/":{"checked":"2026-11-21T08:59:00Z","outcome":"fine"}}}`,
		"no address": `{"version":1,"links":{"` + s.URL + `/":{"checked":"2026-11-21T08:59:00Z","outcome":"moved"}}}`,
	} {
		t.Run(name, func(t *testing.T) {
			o := quick()
			o.Cache = filepath.Join(t.TempDir(), "links.json")
			if err := os.WriteFile(o.Cache, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
			results, notices := linkcheck.New(o).Check(t.Context(), []string{s.URL + "/"})
			if r := results[s.URL+"/"]; r.Outcome != linkcheck.Alive || r.Cached {
				t.Errorf("result is %+v", r)
			}
			if len(notices) != 1 || !strings.HasPrefix(notices[0], "cache of links is not used: ") {
				t.Errorf("notices are %q", notices)
			}
			written, err := os.ReadFile(o.Cache)
			if err != nil || !json.Valid(written) {
				t.Errorf("cache holds %s, %v", written, err)
			}
		})
	}
}

// TestUnwritableCache gives the results all the same.
func TestUnwritableCache(t *testing.T) {
	s := serve(t, noRobots(func(http.ResponseWriter, *http.Request) {}))
	o := quick()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	o.Cache = filepath.Join(file, "links.json")
	results, notices := linkcheck.New(o).Check(t.Context(), []string{s.URL + "/"})
	if r := results[s.URL+"/"]; r.Outcome != linkcheck.Alive || len(notices) == 0 || !strings.Contains(notices[len(notices)-1], "cache of links is not kept") {
		t.Errorf("result is %+v, notices %q", r, notices)
	}
}

// TestLimits leaves for the next run what is too much for this one.
func TestLimits(t *testing.T) {
	s := serve(t, noRobots(func(http.ResponseWriter, *http.Request) {}))
	addresses := []string{s.URL + "/a", s.URL + "/b", s.URL + "/c"}
	o := quick()
	o.Limit = 2
	o.Cache = filepath.Join(t.TempDir(), "links.json")
	results, _ := linkcheck.New(o).Check(t.Context(), addresses)
	if r := results[addresses[2]]; len(s.requests()) != 2 || r.Outcome != linkcheck.Unknown {
		t.Errorf("asked %q, the third is %+v", s.requests(), r)
	}
	results, _ = linkcheck.New(o).Check(t.Context(), addresses)
	if r := results[addresses[2]]; len(s.requests()) != 3 || r.Outcome != linkcheck.Alive {
		t.Errorf("asked %q, the third is %+v", s.requests(), r)
	}

	slow := serve(t, noRobots(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	o = quick()
	o.Budget = 50 * time.Millisecond
	if r := check(t, o, slow.URL+"/"); r.Outcome != linkcheck.Unknown || r.Reason != "there was no time left to try it" {
		t.Errorf("without time left it is %+v", r)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	results, _ = linkcheck.New(quick()).Check(ctx, addresses)
	if r := results[addresses[0]]; len(results) != 3 || r.Outcome != linkcheck.Unknown || r.Reason != "the check was interrupted" {
		t.Errorf("cancelled it is %+v", r)
	}
}

// TestNoAddress tells what cannot be tried.
func TestNoAddress(t *testing.T) {
	addresses := []string{"mailto:a@example.org", "https://", "://", "/x"}
	results, _ := linkcheck.New(quick()).Check(t.Context(), addresses)
	for _, address := range addresses {
		if r := results[address]; r.Outcome != linkcheck.Unknown || r.Reason != "it is no web address" {
			t.Errorf("%s is %+v", address, r)
		}
	}
}

// TestProgress tells how far it is, and ends at the end.
func TestProgress(t *testing.T) {
	s := serve(t, noRobots(func(http.ResponseWriter, *http.Request) {}))
	var told []string
	o := quick()
	o.Progress = func(done, total int) { told = append(told, fmt.Sprintf("%d/%d", done, total)) }
	linkcheck.New(o).Check(t.Context(), []string{s.URL + "/a", s.URL + "/b"})
	if got := strings.Join(told, " "); got != "0/2 1/2 2/2" {
		t.Errorf("progress is %q", got)
	}
}
