package serve

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"
)

// file answers with the site's file at name, a URL path without its base.
func (s *server) file(w *response, r *http.Request, name string) {
	site := s.site()
	asFolder := name == "" || strings.HasSuffix(name, "/")
	name = strings.TrimSuffix(name, "/")
	if name == "" {
		name = "."
	}
	// ValidPath refuses "..", and what would make a second slash in a redirect.
	if !fs.ValidPath(name) || isHidden(name) || strings.Contains(name, "\x00") {
		s.notFound(w, r, "")
		return
	}
	info, err := fs.Stat(site, name)
	switch {
	case err != nil:
	case asFolder && info.IsDir():
		name = path.Join(name, "index.html")
	case asFolder:
		err = fs.ErrNotExist // a file has nothing below it
	case info.IsDir():
		if _, err = fs.Stat(site, path.Join(name, "index.html")); err == nil {
			redirect(w, r, s.base+name+"/", http.StatusPermanentRedirect)
			return
		}
	}
	var c *content
	if err == nil {
		c, err = open(site, name)
	}
	if err != nil {
		s.openFailed(w, r, name, err)
		return
	}
	defer c.close()
	s.send(w, r, c)
}

// isHidden tells a path with an element that begins with a dot; /.well-known/
// (RFC 8615) is there to be read.
func isHidden(name string) bool {
	if name == "." {
		return false
	}
	name = strings.TrimPrefix(name, ".well-known/")
	return strings.HasPrefix(name, ".") || strings.Contains(name, "/.")
}

// openFailed answers for a file that cannot be had.
func (s *server) openFailed(w *response, r *http.Request, name string, err error) {
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrInvalid) || errors.Is(err, errNotFile) {
		s.notFound(w, r, name)
		return
	}
	s.log.Error("file cannot be read", "path", r.URL.Path, "error", err)
	s.fail(w, http.StatusInternalServerError)
}

// notFound answers with the nearest 404.html up from name.
func (s *server) notFound(w *response, r *http.Request, name string) {
	site := s.site()
	for dir := name; ; {
		dir = path.Dir(dir)
		c, err := open(site, path.Join(dir, "404.html"))
		if err == nil {
			defer c.close()
			s.sendNotFound(w, r, c)
			return
		}
		if dir == "." {
			s.fail(w, http.StatusNotFound)
			return
		}
	}
}

// wholeTo is the size up to which files are read whole. Larger ones, which pages
// do not wait for, are sent as they are read: without a tag, and not compressed.
const wholeTo = 8 << 20

// content is an open file of the site.
type content struct {
	name    string
	changed time.Time
	data    []byte        // nil for a large file
	hash    string        // of data
	body    io.ReadSeeker // over data, or the large file
	close   func()
}

// errNotFile says that a name is a folder or something odd.
var errNotFile = errors.New("not a regular file")

// open opens a file of the site. What it returns was read at one moment: a site
// that is replaced meanwhile does not mix with it.
func open(site fs.FS, name string) (*content, error) {
	f, err := site.Open(name)
	if err != nil {
		return nil, err
	}
	closeFile := func() { _ = f.Close() } // only read: nothing is lost
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = errNotFile
	}
	if err != nil {
		closeFile()
		return nil, err
	}
	c := &content{name: name, changed: info.ModTime()}
	if large, ok := f.(io.ReadSeeker); ok && info.Size() > wholeTo {
		c.body, c.close = large, closeFile
		return c, nil
	}
	defer closeFile()
	c.data, err = io.ReadAll(f)
	sum := sha256.Sum256(c.data)
	c.hash = base64.RawURLEncoding.EncodeToString(sum[:15])
	c.body, c.close = bytes.NewReader(c.data), func() {}
	return c, err
}

// send answers with a file: whole, a range of it, or that it did not change.
//
// The tag is made of the bytes, at every request: times and sizes do not tell
// two versions of a file apart where a copy set the times.
func (s *server) send(w *response, r *http.Request, c *content) {
	h := w.Header()
	h.Set("Cache-Control", cacheControl(c.name))
	encoding, body := s.negotiate(h, r, c)
	switch {
	case c.hash == "", isSearchData(c.name): // asked for once, by a name that tells its bytes
	case encoding != "":
		h.Set("Etag", `"`+c.hash+"-"+encoding+`"`) // other bytes, another strong tag
	default:
		h.Set("Etag", `"`+c.hash+`"`)
	}
	http.ServeContent(w, r, c.name, c.changed, body)
}

// sendNotFound answers with a 404 page. Conditions and ranges are about the page
// that was asked for, which there is none of.
func (s *server) sendNotFound(w *response, r *http.Request, c *content) {
	w.Header().Set("Cache-Control", "no-cache")
	_, body := s.negotiate(w.Header(), r, c)
	w.WriteHeader(http.StatusNotFound)
	if r.Method != http.MethodHead {
		_, _ = io.Copy(w, body) // a client that left needs no answer
	}
}

// cacheControl lets browsers keep what is named after its bytes, and asks them
// to check all else.
func cacheControl(name string) string {
	folder, base := path.Split(name)
	switch {
	case strings.HasPrefix(name, "assets/") && isFingerprinted(base),
		// An index, and the shards in a folder that is named after their bytes.
		strings.HasPrefix(name, "search/") && (isFingerprinted(base) || isFingerprinted(path.Base(folder))):
		return "public, max-age=31536000, immutable"
	}
	return "no-cache"
}

// isFingerprinted tells a name such as main.0a1b2c3d4e.css or
// photo.0a1b2c3d4e-800.jpg.
func isFingerprinted(base string) bool {
	const digits = 10
	for part := range strings.SplitSeq(base, ".") {
		if hash, _, _ := strings.Cut(part, "-"); len(hash) == digits && strings.Trim(hash, "0123456789abcdef") == "" {
			return true
		}
	}
	return false
}
