package serve

import (
	"bytes"
	"compress/gzip"
	"container/list"
	"fmt"
	"io"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"
)

const (
	// encodeFrom is the size below which headers weigh more than what is saved.
	encodeFrom = 1 << 10
	// encodedBytes bounds the compressed files kept in memory.
	encodedBytes = 64 << 20
	// brotliLevel compresses about as fast as gzip's default, and better.
	brotliLevel = 5
	// Files that never change are worth the most, once: a tenth of their bytes for a
	// tenth of a second, if they are not large.
	brotliBest = brotli.BestCompression
	bestUpTo   = 256 << 10
)

// negotiate returns the body to send for c and its encoding, "" for the bytes as
// they are, and sets the headers about both.
func (s *server) negotiate(h http.Header, r *http.Request, c *content) (encoding string, body io.ReadSeeker) {
	media, compressible := mediaType(c.name)
	h.Set("Content-Type", media)
	if isSearchData(c.name) {
		// The index's data may do nothing at all, in few words: a query takes a dozen of
		// its files. A script keeps the site's policy: it holds for a worker made of it.
		h.Set("Content-Security-Policy", "default-src 'none'")
	}
	if isSearchData(c.name) || path.Ext(c.name) == ".js" {
		// What is said of windows and referrers is for pages alone.
		for _, name := range []string{"Cross-Origin-Opener-Policy", "Permissions-Policy", "Referrer-Policy"} {
			h.Del(name)
		}
	}
	if !compressible {
		return "", c.body
	}
	h.Add("Vary", "Accept-Encoding")
	// A range is one of the plain bytes: the parts fit whoever asks.
	if len(c.data) < encodeFrom || r.Header.Get("Range") != "" {
		return "", c.body
	}
	encoding = acceptedEncoding(r.Header.Values("Accept-Encoding"))
	if encoding == "" {
		return "", c.body
	}
	level := brotliLevel
	if isImmutable(c.name) && len(c.data) <= bestUpTo {
		level = brotliBest
	}
	// The level is part of the key: the same bytes may have two names.
	data := s.encoded.get(fmt.Sprint(c.hash, "-", encoding, level), func() []byte { return encode(encoding, level, c.data) })
	if len(data) >= len(c.data) {
		return "", c.body
	}
	h.Set("Content-Encoding", encoding)
	// ServeContent sets no length on encoded bodies.
	h.Set("Content-Length", strconv.Itoa(len(data)))
	return encoding, bytes.NewReader(data)
}

// isImmutable reports whether the file of a name keeps its bytes for ever.
func isImmutable(name string) bool { return strings.HasSuffix(cacheControl(name), "immutable") }

// isSearchData reports whether a name is that of a part of the search index, which is
// named after its bytes.
func isSearchData(name string) bool { return strings.HasPrefix(name, "search/") && isImmutable(name) }

// encode compresses data; level is that of Brotli.
func encode(encoding string, level int, data []byte) []byte {
	var b bytes.Buffer // writing to it cannot fail, nor can closing what writes to it
	var w io.WriteCloser = gzip.NewWriter(&b)
	if encoding == "br" {
		w = brotli.NewWriterLevel(&b, level)
	}
	_, _ = w.Write(data)
	_ = w.Close()
	return b.Bytes()
}

// acceptedEncoding returns the best of our encodings that the Accept-Encoding
// header lets us use (RFC 9110, 12.5.3), or "" for none.
func acceptedEncoding(headers []string) string {
	quality := map[string]float64{}
	for item := range strings.SplitSeq(strings.Join(headers, ","), ",") {
		name, params, _ := strings.Cut(item, ";")
		q := 1.0
		if key, value, ok := strings.Cut(strings.TrimSpace(params), "="); ok && strings.EqualFold(strings.TrimSpace(key), "q") {
			v, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
			if err != nil || !(v >= 0 && v <= 1) {
				continue
			}
			q = v
		}
		quality[strings.ToLower(strings.TrimSpace(name))] = q
	}
	best, bestQuality := "", 0.0
	for _, name := range []string{"br", "gzip"} {
		q, ok := quality[name]
		if !ok {
			q = quality["*"]
		}
		if q > bestQuality {
			best, bestQuality = name, q
		}
	}
	if bestQuality < quality["identity"] {
		return ""
	}
	return best
}

// encodings keeps the compressed bytes that were last asked for. The keys are
// made of hashes, so that nothing in it ever becomes wrong.
type encodings struct {
	mu    sync.Mutex
	room  int // bytes left
	byKey map[string]*list.Element
	order *list.List // of encoded, the last used in front
}

type encoded struct {
	key  string
	data []byte
}

func newEncodings(room int) *encodings {
	return &encodings{room: room, byKey: make(map[string]*list.Element), order: list.New()}
}

// get returns the bytes at key, or makes them. Two requests at once may both
// make them; the result is the same.
func (e *encodings) get(key string, make func() []byte) []byte {
	e.mu.Lock()
	if at, ok := e.byKey[key]; ok {
		e.order.MoveToFront(at)
		e.mu.Unlock()
		return at.Value.(encoded).data
	}
	e.mu.Unlock()
	data := make()
	e.mu.Lock()
	defer e.mu.Unlock()
	if _, ok := e.byKey[key]; !ok {
		e.byKey[key] = e.order.PushFront(encoded{key, data})
		e.room -= len(data)
	}
	for e.room < 0 {
		last := e.order.Remove(e.order.Back()).(encoded)
		delete(e.byKey, last.key)
		e.room += len(last.data)
	}
	return data
}
