// Package linkcheck finds out whether addresses on the web still lead somewhere, and
// disturbs their hosts as little as it can.
//
// A [Checker] is asked about many addresses at once and gives a [Result] for each. It
// sends one request at a time to a host, with a pause behind each, and a few in all; it
// says who it is, keeps to robots.txt (RFC 9309), asks for headers before it asks for
// pages, follows redirects step by step, tries again later where a host is busy, stops
// when its time is up, and remembers answers between runs.
//
// The package knows nothing of sites and pages, never reads what pages say, and never
// sends anything but HEAD and GET without cookies, credentials or referrer.
package linkcheck

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"vigie/generator/internal/diag"
)

// Outcome is what an address was found to be.
type Outcome string

// The outcomes.
const (
	Alive Outcome = "alive"
	Moved Outcome = "moved" // alive at another address, for good
	Dead  Outcome = "dead"
	// Unknown is what cannot be judged: robots.txt forbids to ask, the host answers
	// people alone, or there was no time left.
	Unknown Outcome = "unknown"
)

// Result is what was found of an address.
type Result struct {
	Outcome Outcome
	// Reason says why, for what is dead or unknown: "404 Not Found".
	Reason string
	// Address is where what moved is now, without a fragment.
	Address string
	// Checked is when it was found.
	Checked time.Time
	// Cached tells that it was found in an earlier run.
	Cached bool

	unasked   bool // nothing was found out: not to be remembered
	unreached bool // no host was reached: with none reached at all, no finding
}

// Options say how addresses are tried. The zero value is fit for the web.
type Options struct {
	UserAgent string    // "" for "vigie"; its first word is the name that robots.txt may give rules for
	Now       time.Time // when results are dated, and by which the age of old ones is told; zero for the time it is
	Cache     string    // the file in which results are kept; "" for none

	Pause       time.Duration // after each request to a host; 0 for one second
	Timeout     time.Duration // of one request; 0 for 15 seconds
	Retry       time.Duration // before the second try, then twice that; 0 for two seconds
	Budget      time.Duration // for all; 0 for ten minutes
	Concurrency int           // requests at a time; 0 for eight
	Limit       int           // addresses tried in one run; 0 for 5,000

	Transport http.RoundTripper // nil for the system's, proxies included
	// Progress, if not nil, is called as addresses are settled, from any goroutine.
	Progress func(done, total int)
}

// The bounds of what is done for one address.
const (
	tries        = 3
	maxRedirects = 10
	maxRetry     = 30 * time.Second // the longest Retry-After that is waited for
	maxDelay     = 10 * time.Second // the longest Crawl-delay that is kept to
)

// Checker tries addresses. Its methods may be called concurrently.
type Checker struct {
	options Options
	client  *http.Client
	slots   chan struct{}

	mu       sync.Mutex
	hosts    map[string]*host
	answered bool // some host did
}

// New returns a checker.
func New(o Options) *Checker {
	set := func(d *time.Duration, otherwise time.Duration) {
		if *d == 0 {
			*d = otherwise
		}
	}
	set(&o.Pause, time.Second)
	set(&o.Timeout, 15*time.Second)
	set(&o.Retry, 2*time.Second)
	set(&o.Budget, 10*time.Minute)
	if o.Concurrency == 0 {
		o.Concurrency = 8
	}
	if o.Limit == 0 {
		o.Limit = 5000
	}
	if o.UserAgent == "" {
		o.UserAgent = "vigie"
	}
	if o.Now.IsZero() {
		o.Now = time.Now()
	}
	if o.Transport == nil {
		t := http.DefaultTransport.(*http.Transport).Clone()
		t.DisableKeepAlives = true // a host is asked once or twice, with a pause
		t.OnProxyConnectResponse = func(_ context.Context, _ *url.URL, _ *http.Request, r *http.Response) error {
			if r.StatusCode != http.StatusOK {
				return errForbidden{"the proxy answers " + statusText(r.StatusCode)}
			}
			return nil
		}
		o.Transport = t
	}
	return &Checker{
		options: o,
		client: &http.Client{
			Transport: o.Transport, Timeout: o.Timeout,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		slots: make(chan struct{}, o.Concurrency),
		hosts: map[string]*host{},
	}
}

// Check tries addresses, absolute ones of http or https, and returns what was found of
// each by the address as it was given. What is known from earlier runs and still fresh
// is not asked again. The notices say what the user should know of the cache. Check
// ends early where ctx does; what was not tried by then is [Unknown].
func (c *Checker) Check(ctx context.Context, addresses []string) (results map[string]Result, notices []string) {
	known, notices := c.readCache()
	results = map[string]Result{}
	groups := map[string][]string{} // by host
	total, left := 0, c.options.Limit
	for _, address := range slices.Compact(slices.Sorted(slices.Values(addresses))) {
		total++
		if r, ok := known[address]; ok {
			r.Cached = true
			results[address] = r
			continue
		}
		u, err := url.Parse(address)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
			results[address] = Result{Outcome: Unknown, Reason: "it is no web address", unasked: true}
			continue
		}
		if left--; left < 0 {
			results[address] = Result{Outcome: Unknown, Reason: "too many addresses for one run", unasked: true}
			continue
		}
		groups[u.Host] = append(groups[u.Host], address)
	}
	c.progress(len(results), total)
	limited, stop := context.WithTimeout(ctx, c.options.Budget)
	defer stop()
	var mu sync.Mutex
	var wait diag.Workers
	for _, group := range groups {
		wait.Go(func() {
			for _, address := range group {
				r := c.try(limited, address)
				r.Checked = c.options.Now
				mu.Lock()
				results[address] = r
				c.progress(len(results), total)
				mu.Unlock()
			}
		})
	}
	wait.Wait()
	notices = append(notices, c.checkNetwork(results)...)
	if notice := c.writeCache(known, results); notice != "" {
		notices = append(notices, notice)
	}
	return results, notices
}

func (c *Checker) progress(done, total int) {
	if c.options.Progress != nil && total > 0 {
		c.options.Progress(done, total)
	}
}

// product is the name by which robots.txt may call the checker: the first word of its
// user agent, without a version.
func (c *Checker) product() string {
	name, _, _ := strings.Cut(c.options.UserAgent, "/")
	name, _, _ = strings.Cut(name, " ")
	return name
}

// checkNetwork takes back what was found of hosts that could not be reached where none
// could: more likely it is this machine that is not on the web.
func (c *Checker) checkNetwork(results map[string]Result) (notices []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.answered {
		return nil
	}
	for address, r := range results {
		if r.unreached {
			results[address] = Result{Outcome: Unknown, Reason: "no host could be reached", Checked: r.Checked, unasked: true}
			notices = []string{"no host could be reached: is this machine connected to the web?"}
		}
	}
	return notices
}
