package serve_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"vigie/generator/internal/serve"
)

// Requests that run when the server stops are answered; streams are told.
func TestServeStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	begun := make(chan struct{})
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(begun)
		<-r.Context().Done()
		_, _ = io.WriteString(w, "the end")
	})
	listener, err := serve.Listen(ctx, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	stopped := make(chan error, 1)
	go func() { stopped <- serve.Serve(ctx, listener, h) }()
	go func() {
		<-begun
		cancel()
	}()
	client := &http.Client{Timeout: 2 * time.Minute}
	answer, err := client.Get("http://" + listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if text, err := io.ReadAll(answer.Body); err != nil || string(text) != "the end" {
		t.Errorf("answer is %q, %v", text, err)
	}
	select {
	case err := <-stopped:
		if err != nil {
			t.Errorf("Serve = %v, want nil", err)
		}
	case <-time.After(2 * time.Minute):
		t.Fatal("the server does not stop")
	}
}

// Over a real connection, a file that fails in the middle does not pass for whole,
// and a 412 does not promise a body.
func TestConnection(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	listener, err := serve.Listen(ctx, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	stopped := make(chan error, 1)
	go func() {
		stopped <- serve.Serve(ctx, listener, serve.New(serve.FS(site(t)), serve.Options{Routes: routes()}))
	}()
	client := &http.Client{Timeout: 2 * time.Minute}
	fetch := func(path, key, value string) (int, error) {
		request, err := http.NewRequestWithContext(ctx, "GET", "http://"+listener.Addr().String()+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set(key, value)
		answer, err := client.Do(request)
		if err != nil {
			return 0, err
		}
		defer answer.Body.Close()
		_, err = io.ReadAll(answer.Body)
		return answer.StatusCode, err
	}
	if code, err := fetch("/panic/late", "Accept", "*/*"); err == nil {
		t.Errorf("half an answer came as a whole one, code %d", code)
	}
	for _, test := range []struct {
		path, key, value string
		want             int
	}{
		{"/long.html", "Accept-Encoding", "br", 200},
		{"/long.html", "If-Match", `"other"`, 412},
		{"/long/nothing", "Accept-Encoding", "gzip", 404},
		{"/panic", "Accept", "*/*", 500},
	} {
		if code, err := fetch(test.path, test.key, test.value); code != test.want || err != nil {
			t.Errorf("%s with %s %s: %d, %v, want %d", test.path, test.key, test.value, code, err, test.want)
		}
	}
	cancel()
	if err := <-stopped; err != nil {
		t.Errorf("Serve = %v, want nil", err)
	}
}

func TestListenErrors(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for _, test := range []struct{ addr, want string }{
		{taken.Addr().String(), "address " + taken.Addr().String() + " is in use by another program (choose another with --addr)"},
		{"localhost", `address "localhost" cannot be listened on (want host:port in --addr)`},
		{"localhost:http:8080", "(want host:port in --addr)"},
	} {
		err := serve.ListenAndServe(t.Context(), test.addr, http.NotFoundHandler())
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("ListenAndServe(%q) = %v, want %s", test.addr, err, test.want)
		}
	}
}
