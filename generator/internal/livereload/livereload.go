// Package livereload keeps browsers in touch with the program that serves them: a
// stream of server-sent events to each open page, and a guard that lets only pages
// of this program's own address ask for anything.
//
// It carries events and knows nothing of what they say; it never reads files and
// renders nothing.
package livereload

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	retryAfter = 300 * time.Millisecond // for browsers that lost the stream
	heartbeat  = 15 * time.Second       // shorter than what proxies cut off
	maxClients = 256
)

// Event is something to tell a page.
type Event struct {
	Name string // what browsers listen for; of two that wait under one name the later is sent
	Data any    // sent as JSON
}

// Stream is the open event streams. Its zero value is not usable; see [New].
type Stream struct {
	greet func(*Client)

	mu      sync.Mutex
	clients map[*Client]bool
	closed  chan struct{}
}

// New makes a stream. greet, if not nil, is called with each client that connects or
// comes back, so that it can be told the state of things.
func New(greet func(*Client)) *Stream {
	return &Stream{greet: greet, clients: map[*Client]bool{}, closed: make(chan struct{})}
}

// Client is one open page.
type Client struct {
	Path  string // the page's path, as it says
	Query url.Values

	mu      sync.Mutex
	waiting []message
	wake    chan struct{}
}

type message struct {
	name string
	data []byte
}

// Send tells the page of an event, without waiting for it.
func (c *Client) Send(e Event) error {
	data, err := json.Marshal(e.Data)
	if err != nil {
		return fmt.Errorf("event %s: %w", e.Name, err)
	}
	c.mu.Lock()
	c.waiting = slices.DeleteFunc(c.waiting, func(m message) bool { return m.name == e.Name })
	c.waiting = append(c.waiting, message{e.Name, data})
	c.mu.Unlock()
	select {
	case c.wake <- struct{}{}:
	default: // it is awake
	}
	return nil
}

// take returns what waits to be sent.
func (c *Client) take() []message {
	c.mu.Lock()
	defer c.mu.Unlock()
	list := c.waiting
	c.waiting = nil
	return list
}

// Clients are the pages that are open now, in no order.
func (s *Stream) Clients() []*Client {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]*Client, 0, len(s.clients))
	for c := range s.clients {
		list = append(list, c)
	}
	return list
}

// Close ends all streams; browsers will try to come back.
func (s *Stream) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-s.closed:
	default:
		close(s.closed)
	}
}

// ServeHTTP opens a stream: GET, with the page's path in the query as "path".
func (s *Stream) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet {
		w.Header().Set("Allow", http.MethodGet)
		http.Error(w, "405 method not allowed", http.StatusMethodNotAllowed)
		return
	}
	c := &Client{Path: r.URL.Query().Get("path"), Query: r.URL.Query(), wake: make(chan struct{}, 1)}
	s.mu.Lock()
	full := len(s.clients) >= maxClients
	if !full {
		s.clients[c] = true
	}
	s.mu.Unlock()
	if full {
		http.Error(w, "503 too many pages are open", http.StatusServiceUnavailable)
		return
	}
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.clients, c)
	}()
	control := http.NewResponseController(w)
	_ = control.SetWriteDeadline(time.Time{}) // the stream outlives any single answer
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Accel-Buffering", "no")
	if _, err := fmt.Fprintf(w, "retry: %d\n\n", retryAfter.Milliseconds()); err != nil {
		return
	}
	if control.Flush() != nil {
		return
	}
	if s.greet != nil {
		s.greet(c)
	}
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		select {
		case <-r.Context().Done():
			return
		case <-s.closed:
			return
		case <-beat.C:
			if _, err := w.Write([]byte(":\n\n")); err != nil {
				return
			}
		case <-c.wake:
			for _, m := range c.take() {
				if _, err := fmt.Fprintf(w, "event: %s\ndata: %s\n\n", m.name, m.data); err != nil {
					return
				}
			}
		}
		if control.Flush() != nil {
			return
		}
	}
}

// Guard answers 403 to requests that name a host other than those allowed, so that
// no page of another site can reach this program by rebinding its own name to the
// program's address, and to those that another origin's page sent. Loopback names
// and addresses are always allowed, at any port.
func Guard(allowed []string, next http.Handler) http.Handler {
	known := func(hostport string) bool {
		host := hostport
		if h, _, err := net.SplitHostPort(hostport); err == nil {
			host = h
		}
		host = strings.ToLower(strings.TrimSuffix(strings.Trim(host, "[]"), "."))
		if host == "localhost" || strings.HasSuffix(host, ".localhost") {
			return true
		}
		if ip := net.ParseIP(host); ip != nil && ip.IsLoopback() {
			return true
		}
		return slices.Contains(allowed, host)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !known(r.Host) {
			http.Error(w, fmt.Sprintf("403 host %q is not this program's; add it with --allow-host if it is yours", r.Host), http.StatusForbidden)
			return
		}
		if origin := r.Header.Get("Origin"); origin != "" {
			u, err := url.Parse(origin)
			if err != nil || u.Host == "" || !known(u.Host) {
				http.Error(w, "403 the request comes from another site", http.StatusForbidden)
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}
