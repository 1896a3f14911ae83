package preview

import (
	"bytes"
	"embed"
	"fmt"
	"html"
	"io/fs"
	"net/http"

	"vigie/generator/internal/asset"
)

//go:embed src
var source embed.FS

// client is the script that preview serves beside the site, the style sheet of its
// interface and that of the marks in pages.
type client struct{ script, style, marks []byte }

// newClient builds the script.
func newClient() (client, error) {
	src, err := fs.Sub(source, "src")
	if err != nil {
		return client{}, fmt.Errorf("preview: %w", err)
	}
	var c client
	for _, part := range []struct {
		entry string
		into  *[]byte
	}{{"client.ts", &c.script}, {"client.css", &c.style}, {"marks.css", &c.marks}} {
		output, list := asset.Bundle(src, part.entry, asset.BundleOptions{Root: "preview"})
		if list.HasErrors() {
			return client{}, fmt.Errorf("preview: %s", list[0])
		}
		*part.into = output.Files[0].Data
	}
	return c, nil
}

// send answers with a file of the client.
func send(data []byte, mediaType string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", mediaType)
		w.Header().Set("Cache-Control", "no-cache")
		_, _ = w.Write(data) // a client that left needs no answer
	})
}

// inject adds the script to a page. hash names the page as it is without; update is the
// last one that it may show.
func (s *Session) inject(page []byte, hash string, update int) []byte {
	script := fmt.Sprintf("<script type=\"module\" src=\"%s_vigie/client.js\" data-vigie-preview data-base=\"%[1]s\" data-hash=\"%s\" data-update=\"%d\" data-program=\"%s\"></script>\n",
		html.EscapeString(s.Base()), hash, update, s.program)
	at := bytes.Index(page, []byte("</head>"))
	if at < 0 {
		return append([]byte(script), page...)
	}
	out := make([]byte, 0, len(page)+len(script))
	out = append(out, page[:at]...)
	out = append(out, script...)
	return append(out, page[at:]...)
}
