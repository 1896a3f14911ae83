package conformance

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"testing"

	"vigie/generator/internal/browsertest"
	"vigie/generator/internal/serve"
)

// inBrowser is the driver of a tab. It loads files as the interface does, by
// addresses that stand beside the manifest.
const inBrowser = `
	const fetchBytes = async (address) => {
		const response = await fetch(address);
		if (!response.ok) throw new Error("status " + response.status);
		return new Uint8Array(await response.arrayBuffer());
	};
	let engine;
	globalThis.openIndex = (manifest) => reply((async () => {
		const base = new URL(manifest, location.href);
		engine = Engine.open(await fetchBytes(base), (path) => fetchBytes(new URL(path, base)));
	})());
	globalThis.askAll = async (questions) => {
		const replies = [];
		for (const { query, limit, offset } of questions) replies.push(await reply(engine.search(query, { limit, offset })));
		return replies;
	};
`

// Where the page stands that drives the engine.
const (
	drivingPage   = "conformance.html"
	drivingScript = "conformance.js"
)

// Tab is the browser's engine in a tab of Chromium, which fetches the published
// files of a site over HTTP, as serve.New serves them.
type Tab struct{ page *browsertest.Page }

// NewTab serves the files of a site, and opens a page beside them that has the engine
// of the folder of the sources. It fails the test where that cannot be done.
func NewTab(t testing.TB, b *browsertest.Browser, site fs.FS, folder string) *Tab {
	t.Helper()
	code, err := script(folder, inBrowser+scrambling)
	if err != nil {
		t.Fatal(err)
	}
	own := func(contentType, text string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", contentType)
			_, _ = w.Write([]byte(text))
		})
	}
	server := httptest.NewServer(serve.New(serve.FS(site), serve.Options{Routes: map[string]http.Handler{
		drivingPage:   own("text/html; charset=utf-8", `<!doctype html><title>Conformance</title><script src="`+drivingScript+`"></script>`),
		drivingScript: own("text/javascript; charset=utf-8", code),
	}}))
	t.Cleanup(server.Close)
	tab := &Tab{b.Open(t, server.URL+"/"+drivingPage, browsertest.View{})}
	for _, e := range tab.page.Console() {
		t.Fatal(e)
	}
	return tab
}

// Open opens an index by the address of its manifest below the site's root. The error
// is a [*Failure] if it is the engine's.
func (tab *Tab) Open(t testing.TB, manifest string) error {
	t.Helper()
	var r Reply
	tab.page.Eval(t, fmt.Sprintf("openIndex(%q)", manifest), &r)
	return r.Err
}

// Ask answers questions, one after the other.
func (tab *Tab) Ask(t testing.TB, questions []Question) []Reply {
	t.Helper()
	list, err := json.Marshal(questions)
	if err != nil {
		t.Fatal(err)
	}
	var replies []Reply
	tab.page.Eval(t, "askAll("+string(list)+")", &replies)
	return replies
}
