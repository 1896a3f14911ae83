package serve

import (
	"path"
	"strings"
)

// mediaType returns the Content-Type of a file by its name, and whether its
// bytes are worth compressing. It is our own table: the system's differs from
// one machine to the next.
func mediaType(name string) (mediaType string, compressible bool) {
	switch path.Base(name) {
	case "atom.xml":
		return "application/atom+xml; charset=utf-8", true
	case "opensearch.xml":
		return "application/opensearchdescription+xml; charset=utf-8", true
	case "rss.xml":
		return "application/rss+xml; charset=utf-8", true
	case "feed.json":
		return "application/feed+json; charset=utf-8", true
	}
	switch strings.ToLower(path.Ext(name)) {
	case ".html", ".htm":
		return "text/html; charset=utf-8", true
	case ".css":
		return "text/css; charset=utf-8", true
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8", true
	case ".json", ".map":
		return "application/json; charset=utf-8", true
	case ".jsonl":
		return "application/jsonl; charset=utf-8", true
	case ".xml":
		return "application/xml; charset=utf-8", true
	case ".atom":
		return "application/atom+xml; charset=utf-8", true
	case ".rss":
		return "application/rss+xml; charset=utf-8", true
	case ".xsl":
		return "application/xslt+xml; charset=utf-8", true
	case ".md":
		return "text/markdown; charset=utf-8", true
	case ".txt":
		return "text/plain; charset=utf-8", true
	case ".csv":
		return "text/csv; charset=utf-8", true
	case ".ics":
		return "text/calendar; charset=utf-8", true
	case ".vtt":
		return "text/vtt; charset=utf-8", true
	case ".webmanifest":
		return "application/manifest+json; charset=utf-8", true
	case ".svg":
		return "image/svg+xml; charset=utf-8", true
	case ".bin": // the search's shards
		return "application/octet-stream", true
	case ".wasm":
		return "application/wasm", true
	case ".ico":
		return "image/x-icon", true
	case ".ttf":
		return "font/ttf", true
	case ".otf":
		return "font/otf", true
	case ".woff":
		return "font/woff", false
	case ".woff2":
		return "font/woff2", false
	case ".png":
		return "image/png", false
	case ".jpg", ".jpeg":
		return "image/jpeg", false
	case ".gif":
		return "image/gif", false
	case ".webp":
		return "image/webp", false
	case ".avif":
		return "image/avif", false
	case ".mp4":
		return "video/mp4", false
	case ".webm":
		return "video/webm", false
	case ".mp3":
		return "audio/mpeg", false
	case ".pdf":
		return "application/pdf", false
	case ".zip":
		return "application/zip", false
	case ".gz":
		return "application/gzip", false
	}
	return "application/octet-stream", false
}
