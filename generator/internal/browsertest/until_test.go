package browsertest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"
)

// failure is a test that keeps what it fails with.
type failure struct {
	testing.TB
	message string
}

func (f *failure) Fatalf(format string, args ...any) {
	f.message = fmt.Sprintf(format, args...)
	runtime.Goexit()
}

// TestUntilGivesUp says what the page looked like, also where it is on the way to
// another that never comes.
func TestUntilGivesUp(t *testing.T) {
	never := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/":
			w.Header().Set("Content-Type", "text/html")
			_, _ = fmt.Fprint(w, `<!doctype html><title>Plain</title><p>Some text.</p><x-box></x-box>
				<script>document.querySelector("x-box").attachShadow({ mode: "open" }).innerHTML = "<p class=note>Beside</p><p hidden>Unseen</p>"; console.error("broken")</script>`)
		case "/never":
			<-never
		}
	}))
	t.Cleanup(server.Close)
	p := New(t).Open(t, server.URL+"/", View{})
	giveUp := func(patience time.Duration) string {
		f := &failure{TB: t}
		done := make(chan struct{})
		go func() {
			defer close(done)
			p.until(f, `document.title === "Other"`, patience)
		}()
		<-done
		return f.message
	}
	message := giveUp(50 * time.Millisecond)
	for _, want := range []string{`document.title === "Other"`, server.URL + "/ (complete", "title: Plain", "text: Some text.", "<x-box>: [note] Beside", "error: broken", "last requests:"} {
		if !strings.Contains(message, want) {
			t.Errorf("lacks %q:\n%s", want, message)
		}
	}
	if strings.Contains(message, "Unseen") {
		t.Errorf("tells of what is hidden:\n%s", message)
	}
	t.Cleanup(func() { close(never) })
	p.Eval(t, `void (location.href = "/never")`, nil)
	if message := giveUp(50 * time.Millisecond); !strings.Contains(message, "gives no answer") || !strings.Contains(message, server.URL+"/never") {
		t.Errorf("on the way to nowhere:\n%s", message)
	}
}
