package preview

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"html"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"

	"vigie/generator/internal/content"
	"vigie/generator/internal/livereload"
	"vigie/generator/internal/search"
	"vigie/generator/internal/serve"
)

// prefix is where what preview adds to the site is served.
const prefix = "_vigie/"

// mount makes the handler, production's over the site in memory, for the place where
// the site's configuration has it.
func (s *Session) mount() {
	base := "/"
	if s.live != nil {
		base = s.live.Config().BaseURL.Path()
	}
	if h := s.handler.Load(); h != nil && h.base == base {
		return
	}
	site := serve.New(func() fs.FS { return served{s} }, serve.Options{
		BasePath: base, OpenIndex: s.options.OpenIndex, Logger: s.options.Logger,
		Routes: map[string]http.Handler{
			prefix + "events":     s.stream,
			prefix + "client.js":  send(s.client.script, "text/javascript; charset=utf-8"),
			prefix + "client.css": send(s.client.style, "text/css; charset=utf-8"),
			prefix + "marks.css":  send(s.client.marks, "text/css; charset=utf-8"),
			prefix + "rank":       http.HandlerFunc(s.rank),
		},
	})
	s.handler.Store(&rooted{base, livereload.Guard(s.options.AllowedHosts, site)})
}

// Base is the URL path of the site's root: it begins and ends with a slash.
func (s *Session) Base() string { return s.handler.Load().base }

// served is the site as browsers get it: pages with preview's script, and the last
// good form of what cannot be read now.
type served struct{ session *Session }

// Open implements [fs.FS].
func (f served) Open(name string) (fs.File, error) {
	s := f.session
	update := s.told.update() // before the page is made: it tells no more than the page shows
	live := s.site()
	if live == nil {
		if path.Ext(name) == ".html" || name == "." {
			return f.file(name, s.inject(placeholder, hashOf(placeholder), update)), nil
		}
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	if path.Ext(name) != ".html" {
		return live.Files(s.ctx).Open(name)
	}
	page, problems, ok := s.page(name)
	if !ok {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	if page == nil { // its layout failed
		page = placeholder
	}
	hash := hashOf(page)
	s.told.remember(name, hash, page, problems)
	return f.file(name, s.inject(page, hash, update)), nil
}

// Stat implements [fs.StatFS], without making the page.
func (f served) Stat(name string) (fs.FileInfo, error) {
	live := f.session.site()
	if live == nil {
		file, err := f.Open(path.Join(name, "index.html"))
		if err != nil {
			return nil, err
		}
		return file.Stat()
	}
	if info, err := fs.Stat(live.Files(f.session.ctx), name); err == nil {
		return info, nil
	}
	if f.session.isHeld(path.Join(name, "index.html")) { // the folder of a page that cannot be read
		return info{name: path.Base(name), folder: true}, nil
	}
	if f.session.isHeld(name) {
		return info{name: path.Base(name)}, nil
	}
	return nil, &fs.PathError{Op: "stat", Path: name, Err: fs.ErrNotExist}
}

func (f served) file(name string, data []byte) fs.File {
	return &servedFile{bytes.NewReader(data), info{name: path.Base(name), size: int64(len(data))}}
}

// placeholder is shown in place of a page that cannot be made; the reasons lie over it.
var placeholder = []byte("<!doctype html>\n<html lang=\"fr\">\n<head><meta charset=\"utf-8\"><title>Vigie</title></head>\n<body><main></main></body>\n</html>\n")

// servedFile is an open page.
type servedFile struct {
	*bytes.Reader
	info info
}

func (f *servedFile) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f *servedFile) Close() error               { return nil }

// info describes a page, or its folder.
type info struct {
	name   string
	size   int64
	folder bool
}

func (i info) Name() string       { return i.name }
func (i info) Size() int64        { return i.size }
func (i info) ModTime() time.Time { return time.Time{} }
func (i info) IsDir() bool        { return i.folder }
func (i info) Sys() any           { return nil }

func (i info) Mode() fs.FileMode {
	if i.folder {
		return fs.ModeDir | 0o555
	}
	return 0o444
}

// hashOf names a page after its bytes.
func hashOf(page []byte) string {
	sum := sha256.Sum256(page)
	return hex.EncodeToString(sum[:8])
}

// fileOf is the file of the page at a URL's path, "" outside the site.
func (s *Session) fileOf(urlPath string) string {
	name, ok := strings.CutPrefix(urlPath, s.Base())
	if !ok || !fs.ValidPath(path.Clean("/" + name)[1:]) && name != "" {
		return ""
	}
	return outputFile("/" + name)
}

// shownAt is the file of the page that is shown at a URL's path: the one published
// there, or the nearest that says there is none; "" outside the site.
func (s *Session) shownAt(urlPath string) string {
	file := s.fileOf(urlPath)
	for dir := file; dir != "" && dir != "." && !s.has(file); {
		dir = path.Dir(dir)
		file = path.Join(dir, "404.html")
	}
	return file
}

// rank answers where a page ranks for a query, and why.
func (s *Session) rank(w http.ResponseWriter, r *http.Request) {
	type answer struct {
		Rank        int      `json:"rank"` // from 1; 0 for not found
		Total       int      `json:"total"`
		Score       float64  `json:"score"`
		Explanation []string `json:"explanation"`
	}
	fail := func(status int, message string) {
		http.Error(w, html.EscapeString(message), status)
	}
	live := s.site()
	if live == nil {
		fail(http.StatusServiceUnavailable, "503 the site has errors")
		return
	}
	if list := live.MakeSearch(r.Context()); list.HasErrors() {
		fail(http.StatusInternalServerError, list[0].String())
		return
	}
	data, _, _ := live.Make(search.DescriptorPath)
	descriptor, err := search.ParseDescriptor(data)
	lang, ok := descriptor.Of(r.URL.Query().Get("lang"))
	if err != nil || !ok {
		fail(http.StatusNotFound, "404 the language has no search")
		return
	}
	file, _, _ := live.Make(lang.Index)
	engine, err := s.options.OpenIndex(file)
	if err != nil {
		fail(http.StatusInternalServerError, err.Error())
		return
	}
	const most = 100
	result, err := engine.Search(r.Context(), search.Request{Query: r.URL.Query().Get("q"), Limit: most, Explain: true})
	if err != nil {
		fail(http.StatusInternalServerError, err.Error())
		return
	}
	a := answer{Total: result.Total + result.Partial}
	id := "/" + strings.TrimPrefix(r.URL.Query().Get("path"), s.Base())
	for i, h := range result.Hits {
		if h.ID == id {
			a.Rank, a.Score, a.Explanation = i+1, h.Score, strings.Split(strings.TrimSpace(h.Explanation), "\n")
		}
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_ = json.NewEncoder(w).Encode(a) // a client that left needs no answer
}

// pageAt is the written page that is published in a file, nil for none.
func (s *Session) pageAt(file string) *content.Page {
	if s.live == nil {
		return nil
	}
	return s.live.Content().PageAt("/" + strings.TrimSuffix(file, "index.html"))
}

// PathOf is the URL path of the page written in a file below content/, "" for none.
func (s *Session) PathOf(file string) string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.live == nil {
		return ""
	}
	p := s.live.Content().PageOf(file)
	if p == nil {
		return ""
	}
	return s.live.Config().BaseURL.Rel(p.SitePath)
}
