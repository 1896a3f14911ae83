package sitetest

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"vigie/generator/internal/browsertest"
)

// hugoSite is what Hugo needs beside the articles: a theme as plain as can be, with a home
// page, lists, tags, feeds and a sitemap.
var hugoSite = map[string]string{
	"hugo.toml": "title = \"Corpus\"\nbaseURL = \"https://corpus.example/\"\nlanguageCode = \"fr\"\ndisableKinds = []\n[taxonomies]\ntag = \"tags\"\n[pagination]\npagerSize = 50\n",
	"layouts/_default/baseof.html": `<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>{{ .Title }}</title></head><body><main>{{ block "main" . }}{{ end }}</main></body></html>
`,
	"layouts/_default/single.html": `{{ define "main" }}<article><h1>{{ .Title }}</h1>{{ .Content }}{{ range .Params.tags }}<p>{{ . }}</p>{{ end }}</article>{{ end }}
`,
	"layouts/_default/list.html": `{{ define "main" }}<h1>{{ .Title }}</h1>{{ range .Paginator.Pages }}<p><a href="{{ .RelPermalink }}">{{ .Title }}</a> {{ .Description }}</p>{{ end }}{{ end }}
`,
}

// hugoPatience is how long hugo server may take to show an edit before it counts as lost.
const hugoPatience = 20 * time.Second

// hugoEdits serves the articles of a site with `hugo server` and returns the milliseconds
// from an edited body to the changed text in the browser, for the page in a content path.
// It tells how many edits were never shown.
// It returns none where there is no Hugo: VIGIE_HUGO names it, or it is in the PATH.
func hugoEdits(t *testing.T, browser *browsertest.Browser, site, page string, edits int) []float64 {
	t.Helper()
	program := os.Getenv("VIGIE_HUGO")
	if program == "" {
		var err error
		if program, err = exec.LookPath("hugo"); err != nil {
			t.Log("there is no hugo to compare with: install it, or name it in VIGIE_HUGO")
			return nil
		}
	}
	version, err := exec.Command(program, "version").Output()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, text := range hugoSite {
		write(t, filepath.Join(dir, name), []byte(text))
	}
	if err := os.CopyFS(filepath.Join(dir, "content"), os.DirFS(filepath.Join(site, "content"))); err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().(*net.TCPAddr)
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	cmd := exec.CommandContext(t.Context(), program, "server", "--bind", "127.0.0.1", "--port", fmt.Sprint(address.Port), "--source", dir, "--renderToMemory", "--baseURL", "http://"+address.String()+"/", "--appendPort=false", "--watch")
	cmd.Stdout, cmd.Stderr = &out, &out
	start := time.Now()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}()
	url := "http://" + address.String() + "/" + page + "/"
	for up := false; !up; time.Sleep(100 * time.Millisecond) {
		if answer, err := http.Get(url); err == nil {
			up = answer.StatusCode == http.StatusOK
			answer.Body.Close()
		}
		if time.Since(start) > 3*time.Minute {
			t.Fatalf("hugo server does not serve %s:\n%s", url, out.String())
		}
	}
	t.Logf("%s serves the site after %v", bytes.TrimSpace(version), time.Since(start).Round(time.Millisecond))
	file := filepath.Join(dir, "content", filepath.FromSlash(page)+".md")
	original, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	p := browser.Open(t, url, browsertest.View{})
	var took []float64
	for i := range edits {
		mark := fmt.Sprintf("repere%dfin", i)
		ms, ok := seenWithin(p, mark, func() { write(t, file, append(bytes.Clone(original), "\n\nUn texte neuf, "+mark+".\n"...)) }, hugoPatience)
		if ok {
			took = append(took, ms)
		}
		time.Sleep(200 * time.Millisecond)
	}
	if lost := edits - len(took); lost > 0 {
		t.Logf("hugo server did not show %d of %d edits within %v", lost, edits, hugoPatience)
	}
	return took
}
