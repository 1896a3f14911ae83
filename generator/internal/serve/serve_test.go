package serve_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/andybalholm/brotli"
	"golang.org/x/tools/txtar"

	"vigie/generator/internal/serve"
)

// site returns the files that the scripts ask for.
func site(t testing.TB) fstest.MapFS {
	t.Helper()
	archive, err := txtar.ParseFile("testdata/site.txtar")
	if err != nil {
		t.Fatal(err)
	}
	long := []byte(strings.Repeat("long and dull ", 100_000/14+1))[:100_000]
	noise := []byte(strings.Repeat("pixels", 1000))
	files := append(archive.Files,
		txtar.File{Name: "long.html", Data: long}, txtar.File{Name: "long/404.html", Data: long}, txtar.File{Name: "photo.jpg", Data: noise})
	fsys := make(fstest.MapFS)
	for _, f := range files {
		fsys[f.Name] = &fstest.MapFile{Data: f.Data, ModTime: time.Date(2025, 5, 17, 10, 0, 0, 0, time.UTC)}
	}
	return fsys
}

// routes are those of a script with a base.
func routes() map[string]http.Handler {
	echo := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "%s %s", r.Method, r.URL)
	})
	return map[string]http.Handler{
		"api/echo": echo,
		"events/":  echo,
		"panic": http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Cache-Control", "public")
			w.Header().Set("Etag", `"a"`)
			panic("on purpose")
		}),
		"panic/late": http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, "half an ")
			panic("on purpose")
		}),
	}
}

// TestScripts runs testdata/*.txt on the handler. A script is a list of cases
// apart by blank lines. A case is a request line, lines "> Name: value" for its
// headers, and what the answer must be:
//
//	code == 200            (or "aborted")
//	header Name == value   (or !=, contains; an absent header is empty)
//	body == text           (or contains; decompressed, without spaces at its ends)
//
// "base path" anywhere mounts the site there, with routes.
func TestScripts(t *testing.T) {
	names, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(names) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txt"), func(t *testing.T) {
			script, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			runScript(t, name, string(script))
		})
	}
}

func runScript(t *testing.T, name, script string) {
	options := serve.Options{}
	if _, rest, ok := strings.Cut(script, "\nbase "); ok {
		options.BasePath, _, _ = strings.Cut(rest, "\n")
		options.Routes = routes()
	}
	handler := serve.New(serve.FS(site(t)), options)
	var request *http.Request
	var answer *httptest.ResponseRecorder
	var aborted bool
	etag, checks := "", 0
	send := func() {
		answer, aborted = httptest.NewRecorder(), false
		defer func() { aborted = recover() != nil }()
		handler.ServeHTTP(answer, request)
	}
	lines := bufio.NewScanner(strings.NewReader(script))
	for number := 1; lines.Scan(); number++ {
		line := strings.TrimSpace(lines.Text())
		fail := func(format string, args ...any) {
			t.Helper()
			t.Errorf("%s:%d: %s: %s", name, number, line, fmt.Sprintf(format, args...))
		}
		word, rest, _ := strings.Cut(line, " ")
		switch word {
		case "", "base", "#":
		case "GET", "HEAD", "POST", "DELETE", "OPTIONS":
			if answer != nil {
				etag = answer.Result().Header.Get("Etag")
			}
			target, err := url.ParseRequestURI("http://vigie.example" + rest)
			if err != nil {
				t.Fatal(err)
			}
			request, answer = httptest.NewRequest(word, "/", nil), nil
			request.URL = &url.URL{Path: target.Path, RawPath: target.RawPath, RawQuery: target.RawQuery}
		case ">":
			key, value, _ := strings.Cut(rest, ": ")
			if strings.Contains(value, "$etag") && etag == "" {
				fail("the answer before has no tag")
			}
			request.Header.Add(key, strings.ReplaceAll(value, "$etag", etag))
		case "code", "header", "body":
			if answer == nil {
				send()
			}
			checks++
			key := ""
			if word == "header" {
				key, rest, _ = strings.Cut(rest, " ")
			}
			operator, want, _ := strings.Cut(rest, " ")
			var got string
			switch word {
			case "code":
				got = fmt.Sprint(answer.Code)
				if aborted {
					got = "aborted"
				}
			case "header":
				// Result has the headers as they were when the answer began.
				got = strings.Join(answer.Result().Header.Values(key), ", ")
			case "body":
				got = strings.TrimSpace(body(t, answer))
			}
			var ok bool
			switch operator {
			case "==":
				ok = got == want
			case "!=":
				ok = got != want
			case "contains":
				ok = want != "" && strings.Contains(got, want)
			default:
				fail("unknown operator %q", operator)
			}
			if !ok {
				fail("got %.200q", got)
			}
		default:
			fail("unknown command")
		}
	}
	if checks == 0 {
		t.Errorf("%s checks nothing", name)
	}
}

// body returns an answer's body, decompressed.
func body(t *testing.T, answer *httptest.ResponseRecorder) string {
	t.Helper()
	var r io.Reader = bytes.NewReader(answer.Body.Bytes())
	if answer.Body.Len() > 0 {
		switch answer.Result().Header.Get("Content-Encoding") {
		case "br":
			r = brotli.NewReader(r)
		case "gzip":
			z, err := gzip.NewReader(r)
			if err != nil {
				t.Fatal(err)
			}
			r = z
		}
	}
	data, err := io.ReadAll(r)
	if err != nil {
		t.Error(err)
	}
	return string(data)
}

func get(h http.Handler, path string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", path, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// A site that is replaced shows at once, on disk too, and its tags are true even
// when sizes and times are the same.
func TestReplacedSite(t *testing.T) {
	dir := t.TempDir()
	h := serve.New(serve.Dir(dir), serve.Options{})
	stamp := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	tag := ""
	for _, text := range []string{strings.Repeat("one ", 1000), strings.Repeat("two ", 1000)} {
		name := filepath.Join(dir, "index.html")
		if err := errors.Join(os.WriteFile(name, []byte(text), 0o644), os.Chtimes(name, stamp, stamp)); err != nil {
			t.Fatal(err)
		}
		answer := get(h, "/", "If-None-Match", tag, "Accept-Encoding", "br")
		if got := body(t, answer); got != text {
			t.Errorf("body is %.20q with code %d, want %.20q", got, answer.Code, text)
		}
		tag = answer.Header().Get("Etag")
	}
}

// Large files are sent as they are read, without a tag; ranges work.
func TestLargeFile(t *testing.T) {
	dir := t.TempDir()
	large := bytes.Repeat([]byte("0123456789"), 1<<20)
	if err := os.WriteFile(filepath.Join(dir, "large.txt"), large, 0o644); err != nil {
		t.Fatal(err)
	}
	h := serve.New(serve.Dir(dir), serve.Options{})
	answer := get(h, "/large.txt", "Accept-Encoding", "br")
	if !bytes.Equal(answer.Body.Bytes(), large) || answer.Header().Get("Content-Encoding") != "" || answer.Header().Get("Etag") != "" {
		t.Errorf("%d bytes, %v", answer.Body.Len(), answer.Header())
	}
	answer = get(h, "/large.txt", "Range", "bytes=10485755-")
	if answer.Code != http.StatusPartialContent || answer.Body.String() != "56789" {
		t.Errorf("the end of a large file is %d %q", answer.Code, answer.Body)
	}
}

type brokenFS struct{ fs.FS }

func (f brokenFS) Open(name string) (fs.File, error) {
	if name == "broken.html" {
		return nil, &fs.PathError{Op: "open", Path: name, Err: errors.New("disk on fire")}
	}
	return f.FS.Open(name)
}

func TestLog(t *testing.T) {
	var log bytes.Buffer
	h := serve.New(serve.FS(brokenFS{site(t)}), serve.Options{Routes: routes(), Logger: slog.New(slog.NewTextHandler(&log, nil))})
	if code := get(h, "/broken.html").Code; code != http.StatusInternalServerError {
		t.Errorf("a file that cannot be read has the code %d", code)
	}
	get(h, "/panic")
	get(h, "/en/")
	for _, want := range []string{
		`level=ERROR msg="file cannot be read" path=/broken.html error="open broken.html: disk on fire"`,
		`method=GET path=/broken.html status=500`,
		`level=ERROR msg="request panicked" path=/panic panic="on purpose" stack=`,
		`method=GET path=/panic status=500`,
		`level=INFO msg=request method=GET path=/en/ status=200 bytes=13 duration=`,
	} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log lacks %s:\n%s", want, log.String())
		}
	}
}

// Whatever is asked for, no redirect leaves the site, no hidden file is shown
// and nothing fails.
func FuzzPath(f *testing.F) {
	for _, p := range []string{"/", "/en", "//evil.example/..", "/.git/config", "/a?b", "/\\evil", "/en/../.vigie", "/./en", "\x00"} {
		f.Add(p)
	}
	fsys := site(f)
	f.Fuzz(func(t *testing.T, path string) {
		for _, base := range []string{"/", "/docs/"} {
			r := httptest.NewRequest("GET", "/", nil)
			r.URL = &url.URL{Path: path}
			w := httptest.NewRecorder()
			serve.New(serve.FS(fsys), serve.Options{BasePath: base}).ServeHTTP(w, r)
			if location := w.Header().Get("Location"); location != "" {
				target, err := url.Parse(location)
				if err != nil || target.Host != "" || target.Scheme != "" || !strings.HasPrefix(location, base) || strings.HasPrefix(location, "//") || strings.Contains(location, `\`) {
					t.Errorf("%q leads to %q", path, location)
				}
			}
			if w.Code >= 500 || strings.Contains(w.Body.String(), "secret") {
				t.Errorf("%q is answered with %d %q", path, w.Code, w.Body)
			}
		}
	})
}
