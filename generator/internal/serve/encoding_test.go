package serve_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vigie/generator/internal/serve"
)

// TestShards asserts that files of the index, which never change, are compressed better
// than others, and come without the headers that are about pages, with a policy that
// allows nothing.
func TestShards(t *testing.T) {
	var text strings.Builder
	for i := range 4000 {
		fmt.Fprintf(&text, "%d clients ont choisi l’offre %x.\n", i*i%977, i*7919%4096)
	}
	const shard, other = "search/fr.0a1b2c3d4e/d0.txt", "search/notes.txt"
	dir := t.TempDir()
	for _, name := range []string{shard, other} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	site := serve.New(serve.Dir(dir), serve.Options{})
	get := func(name string) *httptest.ResponseRecorder {
		r := httptest.NewRequest("GET", "/"+name, nil)
		r.Header.Set("Accept-Encoding", "br")
		w := httptest.NewRecorder()
		site.ServeHTTP(w, r)
		if w.Code != 200 || w.Header().Get("Content-Encoding") != "br" {
			t.Fatalf("%s: status %d, encoding %q", name, w.Code, w.Header().Get("Content-Encoding"))
		}
		return w
	}
	best, quick := get(shard), get(other)
	if best.Body.Len() >= quick.Body.Len() {
		t.Errorf("%s has %d bytes, %s of the same text %d", shard, best.Body.Len(), other, quick.Body.Len())
	}
	if v := best.Header().Get("Content-Security-Policy"); v != "default-src 'none'" {
		t.Errorf("%s: policy is %q", shard, v)
	}
	for _, name := range []string{"Etag", "Permissions-Policy", "Referrer-Policy", "Cross-Origin-Opener-Policy"} {
		if v := best.Header().Get(name); v != "" {
			t.Errorf("%s: header %s is %q, want none", shard, name, v)
		}
		if quick.Header().Get(name) == "" {
			t.Errorf("%s: header %s is missing", other, name)
		}
	}
	if best.Header().Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%s: its type may be guessed", shard)
	}
}

// TestScript asserts that a script carries the site's policy, which binds a worker made
// of it, and not what is said of pages alone.
func TestScript(t *testing.T) {
	const script = "assets/worker.0a1b2c3d4e.js"
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "assets"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{script, "index.html"} {
		if err := os.WriteFile(filepath.Join(dir, filepath.FromSlash(name)), []byte("0"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	site := serve.New(serve.Dir(dir), serve.Options{})
	get := func(address string) http.Header {
		w := httptest.NewRecorder()
		site.ServeHTTP(w, httptest.NewRequest("GET", address, nil))
		return w.Header()
	}
	page, got := get("/"), get("/"+script)
	for _, name := range []string{"Content-Security-Policy", "X-Content-Type-Options"} {
		if got.Get(name) == "" || got.Get(name) != page.Get(name) {
			t.Errorf("header %s is %q, of a page %q", name, got.Get(name), page.Get(name))
		}
	}
	for _, name := range []string{"Permissions-Policy", "Referrer-Policy", "Cross-Origin-Opener-Policy"} {
		if got.Get(name) != "" || page.Get(name) == "" {
			t.Errorf("header %s is %q, of a page %q", name, got.Get(name), page.Get(name))
		}
	}
}
