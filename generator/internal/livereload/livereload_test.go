package livereload_test

import (
	"bufio"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"vigie/generator/internal/livereload"
)

// open connects to a stream and returns its lines.
func open(t *testing.T, url string) (lines <-chan string, closeIt func()) {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	if got := resp.Header.Get("Content-Type"); got != "text/event-stream" {
		t.Fatalf("content type %q", got)
	}
	out := make(chan string, 100)
	go func() {
		defer close(out)
		scanner := bufio.NewScanner(resp.Body)
		for scanner.Scan() {
			if scanner.Text() != "" {
				out <- scanner.Text()
			}
		}
	}()
	return out, func() { _ = resp.Body.Close() }
}

// next is the stream's next line.
func next(t *testing.T, lines <-chan string) string {
	t.Helper()
	select {
	case line, ok := <-lines:
		if !ok {
			return "(closed)"
		}
		return line
	case <-time.After(2 * time.Minute):
		t.Fatal("nothing came")
	}
	return ""
}

// TestStream follows a page from its greeting to the stream's end.
func TestStream(t *testing.T) {
	s := livereload.New(func(c *livereload.Client) {
		_ = c.Send(livereload.Event{Name: "hello", Data: c.Path})
	})
	server := httptest.NewServer(s)
	defer server.Close()
	lines, closeIt := open(t, server.URL+"?path=/a/")
	defer closeIt()
	for _, want := range []string{"retry: 300", "event: hello", `data: "/a/"`} {
		if got := next(t, lines); got != want {
			t.Fatalf("got %q, want %q", got, want)
		}
	}
	clients := s.Clients()
	if len(clients) != 1 || clients[0].Path != "/a/" {
		t.Fatalf("clients: %v", clients)
	}
	if err := clients[0].Send(livereload.Event{Name: "page", Data: map[string]string{"html": "<p>\n</p>"}}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"event: page", `data: {"html":"\u003cp\u003e\n\u003c/p\u003e"}`} {
		if got := next(t, lines); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	s.Close()
	s.Close() // twice is once
	if got := next(t, lines); got != "(closed)" {
		t.Errorf("after Close: %q", got)
	}
	for range 6000 {
		if len(s.Clients()) == 0 {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Error("client is not forgotten")
}

// TestLatest sends of several events under one name the last.
func TestLatest(t *testing.T) {
	s := livereload.New(func(c *livereload.Client) { // before the stream's first look
		for _, text := range []string{"one", "two", "three"} {
			_ = c.Send(livereload.Event{Name: "page", Data: text})
		}
		_ = c.Send(livereload.Event{Name: "other", Data: 1})
	})
	server := httptest.NewServer(s)
	defer server.Close()
	lines, closeIt := open(t, server.URL)
	defer closeIt()
	for _, want := range []string{"retry: 300", "event: page", `data: "three"`, "event: other", "data: 1"} {
		if got := next(t, lines); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// TestBadEvent refuses what has no JSON.
func TestBadEvent(t *testing.T) {
	failed := make(chan error, 1)
	s := livereload.New(func(c *livereload.Client) { failed <- c.Send(livereload.Event{Name: "x", Data: make(chan int)}) })
	server := httptest.NewServer(s)
	defer server.Close()
	_, closeIt := open(t, server.URL)
	defer closeIt()
	if err := <-failed; err == nil {
		t.Error("no error")
	}
}

// TestMethod answers GET alone.
func TestMethod(t *testing.T) {
	w := httptest.NewRecorder()
	livereload.New(nil).ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/", nil))
	if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "GET" {
		t.Errorf("%d, Allow: %q", w.Code, w.Header().Get("Allow"))
	}
}

// TestGuard keeps other sites out.
func TestGuard(t *testing.T) {
	h := livereload.Guard([]string{"preview.example"}, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, "in") }))
	for _, c := range []struct {
		host, origin string
		in           bool
	}{
		{"localhost:1313", "", true},
		{"LOCALHOST:1313", "", true},
		{"127.0.0.1:1313", "", true},
		{"127.0.0.2", "", true},
		{"[::1]:1313", "", true},
		{"site.localhost:1313", "", true},
		{"preview.example", "", true},
		{"preview.example:1313", "http://preview.example:1313", true},
		{"localhost:1313", "http://localhost:1313", true},
		{"evil.example", "", false},
		{"localhost.evil.example", "", false},
		{"10.0.0.1:1313", "", false},
		{"", "", false},
		{"localhost:1313", "http://evil.example", false},
		{"localhost:1313", "null", false},
		{"localhost:1313", "::", false},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Host = c.host
		if c.origin != "" {
			r.Header.Set("Origin", c.origin)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if in := w.Code == http.StatusOK; in != c.in {
			t.Errorf("host %q, origin %q: %d %s", c.host, c.origin, w.Code, strings.TrimSpace(w.Body.String()))
		}
	}
}
