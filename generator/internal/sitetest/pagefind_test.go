package sitetest

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/performance"
	cdpruntime "github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"vigie/generator/internal/browsertest"
	"vigie/generator/internal/build"
	"vigie/generator/internal/search/index"
	"vigie/generator/internal/search/shard"
	"vigie/generator/internal/serve"
)

// What search may cost a reader of 10,000 pages, and next to Pagefind.
const (
	medianBytes   = 80_000
	p95Bytes      = 120_000
	shareOfPeer   = 0.4  // of the bytes
	keystrokeTime = 16.0 // milliseconds of the main thread, the median
)

// TestPagefind holds a first query, with nothing in the cache, against Pagefind over
// the same pages, both in Chromium and both compressed in transfer. It prints what
// each of the queries of testdata/pagefind costs with -v.
func TestPagefind(t *testing.T) {
	if os.Getenv("VIGIE_SOAK") != "1" {
		t.Skip("VIGIE_SOAK is not 1: Pagefind would take minutes")
	}
	c := compare(t, *corpusSize)
	t.Log(c)
	ours, theirs := c.ours.figures(), c.theirs.figures()
	for _, goal := range []struct {
		what        string
		value, most float64
	}{
		{"bytes, median", ours.bytes.median, medianBytes},
		{"bytes, 95th percentile", ours.bytes.p95, p95Bytes},
		{"bytes next to Pagefind, median", ours.bytes.median / theirs.bytes.median, shareOfPeer},
		{"requests next to Pagefind, median", ours.requests.median / theirs.requests.median, 0.99},
		{"time next to Pagefind, median", ours.time.median / theirs.time.median, 0.99},
		{"main thread for a keystroke, median", spreadOf(c.keystrokes).median, keystrokeTime},
	} {
		if goal.value > goal.most {
			t.Errorf("%s: %.4g, want at most %.4g", goal.what, goal.value, goal.most)
		}
	}
	for i, q := range c.queries {
		if o, p := c.ours[i].Shown, c.theirs[i].Shown; o < min(p, 10) {
			t.Errorf("%s: %d results shown, Pagefind shows %d", q, o, p)
		}
	}
}

// BenchmarkPagefind measures what [TestPagefind] judges.
func BenchmarkPagefind(b *testing.B) {
	for b.Loop() {
		c := compare(b, *corpusSize)
		b.Log(c)
		ours, theirs := c.ours.figures(), c.theirs.figures()
		b.ReportMetric(ours.bytes.median, "B/query")
		b.ReportMetric(ours.requests.median, "requests/query")
		b.ReportMetric(ours.time.median, "ms/query")
		b.ReportMetric(ours.bytes.median/theirs.bytes.median, "×bytes")
		b.ReportMetric(ours.requests.median/theirs.requests.median, "×requests")
		b.ReportMetric(ours.time.median/theirs.time.median, "×time")
		b.ReportMetric(spreadOf(c.keystrokes).median, "ms/keystroke")
	}
}

// comparison is one run.
type comparison struct {
	pages       int
	build       time.Duration // of the whole site by Vigie
	index       time.Duration // of that, what search takes
	peerIndex   time.Duration
	files       map[string]size // by what they are
	queries     []string
	ours        firsts
	theirs      firsts
	keystrokes  []float64 // milliseconds of the main thread
	chromiumEnv string
}

// size is what some files take.
type size struct {
	files int
	bytes int64
}

// compare builds a site of n articles, indexes it with both and asks both the
// queries of testdata/pagefind.
func compare(t testing.TB, n int) *comparison {
	t.Helper()
	program := pagefind(t)
	browser := browsertest.New(t)
	dir := t.TempDir()
	c := &comparison{pages: n, queries: queries(t), files: map[string]size{}}

	source, public := filepath.Join(dir, "site"), filepath.Join(dir, "public")
	if err := Corpus(source, n); err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	site, _, diags := build.Publish(t.Context(), build.Options{Source: source, Theme: os.DirFS(Root()), Now: Now}, public)
	if diags.HasErrors() {
		t.Fatal(diags[0])
	}
	c.build = time.Since(start)
	start = time.Now()
	for lang, documents := range site.Documents {
		file, err := index.Build(t.Context(), lang, documents)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := shard.Project(file, shard.Options{}); err != nil {
			t.Fatal(err)
		}
	}
	c.index = time.Since(start)

	// Pagefind indexes what we do, the articles without menus and lists, and writes
	// beside the site.
	peer := filepath.Join(dir, "peer")
	copyFile(t, filepath.Join(peer, "index.html"), filepath.Join("testdata", "pagefind", "peer.html"))
	start = time.Now()
	command := exec.CommandContext(t.Context(), program, "--silent", "--site", public, "--glob", "articles/a*/index.html",
		"--root-selector", "main", "--output-path", filepath.Join(peer, "pagefind"))
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("pagefind: %v\n%s", err, out)
	}
	c.peerIndex = time.Since(start)
	c.measure(t, os.DirFS(public), ourPart)
	c.measure(t, os.DirFS(peer), theirPart)

	ours, theirs := newHost(t, public), newHost(t, peer)
	for _, q := range c.queries {
		first, keystrokes := c.askOurs(t, browser, ours, q)
		c.ours = append(c.ours, first)
		c.keystrokes = append(c.keystrokes, keystrokes...)
		c.theirs = append(c.theirs, ask(t, theirs.open(t, browser, "/"), "theirs", q))
	}
	return c
}

// pagefind returns the path of the program that npm installed.
func pagefind(t testing.TB) string {
	t.Helper()
	arch := map[string]string{"amd64": "x64", "arm64": "arm64"}[runtime.GOARCH]
	program := filepath.Join(Root(), "generator", "internal", "browsertest", "node_modules", "@pagefind", runtime.GOOS+"-"+arch, "bin", "pagefind_extended")
	program, err := filepath.Abs(program)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(program); err != nil {
		t.Skipf("Pagefind is not installed for %s/%s (`make tools` installs it on Linux)", runtime.GOOS, runtime.GOARCH)
	}
	return program
}

// queries reads testdata/pagefind/queries.txt.
func queries(t testing.TB) []string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "pagefind", "queries.txt"))
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for lines := bufio.NewScanner(bytes.NewReader(data)); lines.Scan(); {
		if line := strings.TrimSpace(lines.Text()); line != "" && !strings.HasPrefix(line, "#") {
			list = append(list, line)
		}
	}
	if len(list) < 60 {
		t.Fatalf("%d queries, want at least 60", len(list))
	}
	return list
}

func copyFile(t testing.TB, to, from string) {
	t.Helper()
	data, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := writeFile(to, data); err != nil {
		t.Fatal(err)
	}
}

// ourPart says what part in search a file of the site has, by its path; "" for none.
func ourPart(name string) string {
	dir, base := path.Split(name)
	switch {
	case dir == "assets/" && path.Ext(base) == ".js":
		return "script " + base[:strings.IndexByte(base, '.')]
	case !strings.HasPrefix(dir, "search/"):
		return ""
	case path.Ext(base) == ".bin" && dir == "search/":
		return "manifest"
	case path.Ext(base) == ".vigie":
		return "server's index"
	}
	return map[byte]string{'t': "terms", 'n': "blocks", 'p': "positions", 'l': "lexicon", 'd': "documents", 'k': "kinds"}[strings.TrimPrefix(dir, "search/")[0]*0+base[0]]
}

// theirPart says the same of Pagefind's files.
func theirPart(name string) string {
	switch {
	case !strings.HasPrefix(name, "pagefind/"):
		return ""
	case path.Ext(name) == ".js" && !slices.Contains([]string{"pagefind.js", "pagefind-worker.js"}, path.Base(name)):
		return "pf interfaces"
	case path.Ext(name) == ".css":
		return "pf interfaces"
	}
	return "pf " + strings.TrimPrefix(path.Ext(name), ".")
}

// measure adds up the files that part names.
func (c *comparison) measure(t testing.TB, site fs.FS, part func(string) string) {
	t.Helper()
	err := fs.WalkDir(site, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if p := part(name); p != "" {
			c.files[p] = size{c.files[p].files + 1, c.files[p].bytes + info.Size()}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
