package linkcheck

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// host is one origin (scheme, name and port), which is asked one thing at a time.
type host struct {
	turn  chan struct{} // holds one token while nobody asks
	next  time.Time     // when it may be asked again
	pause time.Duration

	// What robots.txt says, once it was read. Guarded by turn.
	known     bool
	rules     robots
	forbidden string // why nothing may be asked for; "" where rules hold
	broken    error  // the host does not answer at all
}

// hostOf returns the host of an address.
func (c *Checker) hostOf(u *url.URL) *host {
	name := strings.ToLower(u.Scheme + "://" + u.Host)
	c.mu.Lock()
	defer c.mu.Unlock()
	h := c.hosts[name]
	if h == nil {
		h = &host{turn: make(chan struct{}, 1), pause: c.options.Pause}
		h.turn <- struct{}{}
		c.hosts[name] = h
	}
	return h
}

// answer is what a request got: the header's part of it.
type answer struct {
	status   int
	location string
	after    time.Duration // Retry-After; 0 without
	body     []byte        // of a robots.txt alone
}

// errForbidden is why robots.txt, or the want of it, forbids a request.
type errForbidden struct{ reason string }

func (e errForbidden) Error() string { return e.reason }

// ask sends one request when it is its host's turn and robots.txt allows it.
func (c *Checker) ask(ctx context.Context, method string, u *url.URL) (answer, error) {
	h := c.hostOf(u)
	select {
	case <-h.turn:
		defer func() { h.turn <- struct{}{} }()
	case <-ctx.Done():
		return answer{}, ctx.Err()
	}
	if !h.known {
		c.readRobots(ctx, h, u)
		if ctx.Err() != nil {
			return answer{}, ctx.Err()
		}
		h.known = true
	}
	switch {
	case h.broken != nil:
		return answer{}, h.broken
	case h.forbidden != "":
		return answer{}, errForbidden{h.forbidden}
	case !h.rules.allows(u):
		return answer{}, errForbidden{"robots.txt of " + u.Host + " forbids to ask"}
	}
	return c.send(ctx, h, method, u, 0)
}

// send sends a request, and reads at most limit bytes of what comes. It must be the
// host's turn.
func (c *Checker) send(ctx context.Context, h *host, method string, u *url.URL, limit int64) (answer, error) {
	if err := sleep(ctx, time.Until(h.next)); err != nil {
		return answer{}, err
	}
	select {
	case c.slots <- struct{}{}:
		defer func() { <-c.slots }()
	case <-ctx.Done():
		return answer{}, ctx.Err()
	}
	defer func() { h.next = later(h.next, time.Now().Add(h.pause)) }()
	request, err := http.NewRequestWithContext(ctx, method, u.String(), nil)
	if err != nil {
		return answer{}, err
	}
	request.Header.Set("User-Agent", c.options.UserAgent)
	request.Header.Set("Accept", "*/*")
	response, err := c.client.Do(request)
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	c.mu.Lock()
	c.answered = true
	c.mu.Unlock()
	a := answer{status: response.StatusCode, location: response.Header.Get("Location"), after: retryAfter(response.Header.Get("Retry-After"))}
	if a.after > 0 && busy(a.status) {
		h.next = time.Now().Add(min(a.after, maxRetry))
	}
	if limit > 0 {
		a.body, err = io.ReadAll(io.LimitReader(response.Body, limit))
	}
	return a, err
}

// readRobots reads a host's robots.txt as RFC 9309, § 2.3.1, asks: what is not there
// allows all, what cannot be had now forbids all.
func (c *Checker) readRobots(ctx context.Context, h *host, of *url.URL) {
	u := &url.URL{Scheme: of.Scheme, Host: of.Host, Path: "/robots.txt"}
	for range 5 { // redirects that are followed (§ 2.3.1.2)
		a, err := c.send(ctx, h, http.MethodGet, u, maxRobots)
		for try := 1; try < tries && ctx.Err() == nil && (temporary(err) || err == nil && busy(a.status)); try++ {
			if sleep(ctx, c.options.Retry<<(try-1)) == nil {
				a, err = c.send(ctx, h, http.MethodGet, u, maxRobots)
			}
		}
		switch {
		case err != nil:
			h.broken = err
			return
		case a.status >= 500 || a.status == http.StatusTooManyRequests:
			h.forbidden = fmt.Sprintf("robots.txt of %s cannot be read: %s", of.Host, statusText(a.status))
			return
		case a.status >= 300 && a.status < 400 && a.location != "":
			next, err := u.Parse(a.location)
			if err != nil || !mayFollow(of, next) {
				return // as if there were none
			}
			u = next
		case a.status >= 200 && a.status < 300:
			h.rules = parseRobots(a.body, c.product())
			h.pause = max(h.pause, h.rules.delay)
			return
		default:
			return
		}
	}
}

// sleep waits, and returns the context's error where that ends first.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// retryAfter reads the header's value: seconds, or a date.
func retryAfter(value string) time.Duration {
	if seconds, err := strconv.Atoi(value); err == nil {
		return time.Duration(max(seconds, 0)) * time.Second
	}
	if t, err := http.ParseTime(value); err == nil {
		return max(time.Until(t), 0)
	}
	return 0
}

// busy tells whether a host that answers so may answer otherwise in a moment.
func busy(status int) bool {
	switch status {
	case http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests,
		http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// temporary tells whether a request that failed so may succeed in a moment.
func temporary(err error) bool {
	var timeout interface{ Timeout() bool }
	return errors.As(err, &timeout) && timeout.Timeout() || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNRESET)
}
