package serve_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/fstest"

	"vigie/generator/internal/serve"
)

// TestDated: a folder with an almanac leads to the page in force on the day asked
// for; whatever else is asked is answered as without.
func TestDated(t *testing.T) {
	page := &fstest.MapFile{Data: []byte("<!doctype html>")}
	site := fstest.MapFS{
		"index.html":                 page,
		"etat/index.html":            page,
		"etat/days.json":             {Data: []byte(`{"version":1,"today":"2026-11-21","days":["2021-05-31","2025-04-17"]}`)},
		"etat/2021-05-31/index.html": page,
		"etat/2025-04-17/index.html": page,
		"broken/index.html":          page,
		"broken/days.json":           {Data: []byte(`{"version":1,"today":"2026-11-21","days":["//evil.example/"]}`)},
		"plain/index.html":           page,
		".hidden/days.json":          {Data: []byte(`{"version":1,"today":"2026-11-21","days":["2021-05-31"]}`)},
	}
	for _, base := range []string{"/", "/docs/"} {
		h := serve.New(serve.FS(site), serve.Options{BasePath: base})
		for _, c := range []struct {
			path   string
			status int
			to     string
		}{
			{"etat/?date=2025-06-01", http.StatusSeeOther, "etat/2025-04-17/?date=2025-06-01"},
			{"etat/?date=2025-04-17", http.StatusSeeOther, "etat/2025-04-17/?date=2025-04-17"},
			{"etat/?date=2025-04-16", http.StatusSeeOther, "etat/2021-05-31/?date=2025-04-16"},
			{"etat/?date=1999-01-01", http.StatusSeeOther, "etat/2021-05-31/?date=1999-01-01"},
			{"etat/?date=2026-11-21", http.StatusOK, ""},
			{"etat/?date=2099-01-01", http.StatusOK, ""},
			{"etat/?date=2025-06-31", http.StatusOK, ""},
			{"etat/?date=../../x", http.StatusOK, ""},
			{"etat/?date=", http.StatusOK, ""},
			{"etat/", http.StatusOK, ""},
			{"etat?date=2025-06-01", http.StatusPermanentRedirect, "etat/?date=2025-06-01"},
			{"etat/2025-04-17/?date=2025-06-01", http.StatusOK, ""},
			{"broken/?date=2025-06-01", http.StatusOK, ""},
			{"plain/?date=2025-06-01", http.StatusOK, ""},
			{"?date=2025-06-01", http.StatusOK, ""},
			{".hidden/?date=2025-06-01", http.StatusNotFound, ""},
			{"../etat/?date=2025-06-01", http.StatusNotFound, ""},
		} {
			w := httptest.NewRecorder()
			h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, base+c.path, nil))
			want := c.to
			if want != "" {
				want = base + want
			}
			if got := w.Header().Get("Location"); w.Code != c.status || got != want {
				t.Errorf("%s%s gives %d to %q, want %d to %q", base, c.path, w.Code, got, c.status, want)
			}
			if w.Header().Get("Content-Security-Policy") == "" {
				t.Errorf("%s%s is answered without the security headers", base, c.path)
			}
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodPost, base+"etat/?date=2025-06-01", nil))
		if w.Code != http.StatusMethodNotAllowed {
			t.Errorf("POST gives %d", w.Code)
		}
	}
}
