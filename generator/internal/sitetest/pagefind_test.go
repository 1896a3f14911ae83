package sitetest

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/performance"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"vigie/generator/internal/browsertest"
	"vigie/generator/internal/build"
	"vigie/generator/internal/search/index"
	"vigie/generator/internal/search/shard"
)

// What search may cost a reader of 10,000 pages, and next to Pagefind.
const (
	medianBytes   = 80_000
	p95Bytes      = 120_000
	shareOfPeer   = 0.4  // of the bytes
	keystrokeTime = 16.0 // milliseconds of the main thread, the median
)

// TestPagefind holds a first query, with nothing in the cache, against Pagefind over
// the same pages, both in Chromium and both compressed in transfer: 10,000 articles,
// or as many as -corpus-size says. It prints what each of the queries of
// testdata/pagefind costs.
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
	} {
		if goal.value > goal.most {
			t.Errorf("%s: %.4g, want at most %.4g", goal.what, goal.value, goal.most)
		}
	}
	// Milliseconds depend on the machine: they are told, not judged.
	for what, ms := range map[string]float64{"a key that takes a letter back": spreadOf(c.takenBack).median, "a letter": spreadOf(c.typed).median} {
		if ms > keystrokeTime {
			t.Logf("main thread for %s: %.3g ms, the aim is %g", what, ms, keystrokeTime)
		}
	}
	for i, q := range c.queries {
		if c.ours[i].Shown == 0 && c.theirs[i].Shown > 0 {
			t.Errorf("%s: nothing found, Pagefind finds %d", q, c.theirs[i].Total)
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
		b.ReportMetric(spreadOf(c.typed).median, "ms/keystroke")
	}
}

// comparison is one run.
type comparison struct {
	pages     int
	build     time.Duration // of the whole site by Vigie
	index     time.Duration // of that, what search takes
	peerIndex time.Duration
	files     map[string]size // by what they are
	queries   []string
	ours      firsts
	theirs    firsts
	takenBack []float64 // milliseconds of the main thread, for each query
	typed     []float64
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
	if err := enrich(source); err != nil {
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
		file, err := index.Build(t.Context(), lang, documents, index.Options{})
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
		c.askOurs(t, browser, ours, q)
		p := theirs.open(t, browser, "/")
		c.theirs = append(c.theirs, ask(t, p, "theirs", q))
		p.Close()
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

var syllables = strings.Fields(`ba be bi bo ca ce cla cou da de di do fa fé fi flo ga ge gra la le li lo ma me mi mon
na né ni no pa pe pré pro ra re ri ron sa se si sta ta te ti tra va ve vi vo`)

// enrich replaces one word in nine of the paragraphs of a generated site with one made
// up of syllables: the corpus has few words, and all of them in most articles, while in
// a language most words are rare. The same site gives the same.
func enrich(dir string) error {
	files, err := filepath.Glob(filepath.Join(dir, "content", "articles", "*.md"))
	if err != nil {
		return err
	}
	for i, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		random := rand.New(rand.NewPCG(uint64(i), 1))
		lines := strings.Split(string(data), "\n")
		for n, line := range lines {
			if list := strings.Fields(line); len(list) > 20 && !strings.Contains(line, "[[") && !strings.Contains(line, " = ") {
				for at := range list {
					if random.IntN(9) == 0 {
						list[at] = madeUp(random)
					}
				}
				lines[n] = strings.Join(list, " ")
			}
		}
		if err := os.WriteFile(file, []byte(strings.Join(lines, "\n")), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// madeUp is a word of two or three syllables, of which the first ones come most often.
func madeUp(random *rand.Rand) string {
	var b strings.Builder
	for range 2 + random.IntN(2) {
		v := random.Float64()
		b.WriteString(syllables[int(v*v*float64(len(syllables)))])
	}
	return b.String()
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
		entry, _, _ := strings.Cut(base, ".")
		return entry + ".js"
	case dir == "search/" && path.Ext(base) == ".bin":
		return "manifest"
	case dir == "search/" && path.Ext(base) == ".vigie":
		return "server's index"
	case !strings.HasPrefix(dir, "search/"):
		return ""
	}
	// See shard/FORMAT.md.
	return map[byte]string{'t': "terms", 'p': "positions", 'l': "lexicon", 'd': "documents", 'k': "tables", 'w': "literal words", 'x': "literal words"}[base[0]]
}

// theirPart says the same of Pagefind's files.
func theirPart(name string) string {
	switch {
	case !strings.HasPrefix(name, "pagefind/"):
		return ""
	case path.Ext(name) == ".css", path.Ext(name) == ".js" && name != "pagefind/pagefind.js" && name != "pagefind/pagefind-worker.js":
		return "pf interfaces" // which nobody asks for here
	case path.Ext(name) == ".pagefind":
		return "pf engine"
	}
	return "pf " + strings.TrimPrefix(strings.TrimPrefix(path.Ext(name), "."), "pf_")
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

// first is what a first query cost.
type first struct {
	Milliseconds         float64 // to the results on the page
	Total, Shown, Marked int     // results, those shown, matches marked in them
	Parts                map[string]size
}

func (f first) bytes() (n int64) {
	for _, p := range f.Parts {
		n += p.bytes
	}
	return n
}

func (f first) requests() (n int) {
	for _, p := range f.Parts {
		n += p.files
	}
	return n
}

// ask asks a query in a fresh tab with testdata/pagefind/<script>.js. The page itself
// and its style are not counted, all else is.
func ask(t testing.TB, p *tab, script, query string) first {
	t.Helper()
	source, err := os.ReadFile(filepath.Join("testdata", "pagefind", script+".js"))
	if err != nil {
		t.Fatal(err)
	}
	var f first
	p.Eval(t, fmt.Sprintf("(%s)(%q)", strings.TrimSpace(string(source)), query), &f)
	p.scale.settle(t)
	p.scale.mu.Lock()
	defer p.scale.mu.Unlock()
	// A request that the browser did not tell of would be missing.
	seen := slices.Sorted(slices.Values(p.scale.paths))
	if asked := p.host.takeAsked(); !slices.Equal(asked, seen) {
		t.Fatalf("%s: server was asked for %q, browser told of %q", query, asked, seen)
	}
	f.Parts = map[string]size{}
	for _, name := range seen {
		part := ourPart(name[1:]) + theirPart(name[1:])
		if part != "" {
			f.Parts[part] = size{f.Parts[part].files + 1, f.Parts[part].bytes}
		}
	}
	for name, n := range p.scale.weight {
		if part := ourPart(name[1:]) + theirPart(name[1:]); part != "" {
			f.Parts[part] = size{f.Parts[part].files, f.Parts[part].bytes + int64(n)}
		}
	}
	return f
}

// askOurs asks a query in the dialog of an article, then takes back its last letter,
// which may need other files, and types it again.
func (c *comparison) askOurs(t testing.TB, b *browsertest.Browser, h *host, query string) {
	t.Helper()
	p := h.open(t, b, "/articles/a00000/")
	defer p.Close()
	c.ours = append(c.ours, ask(t, p, "ours", query))
	p.Run(t, call(performance.Enable, performance.EnableParams{TimeDomain: performance.EnableTimeDomainThreadTicks}))
	letters := []rune(query)
	c.takenBack = append(c.takenBack, p.press(t, kb.Backspace))
	c.typed = append(c.typed, p.press(t, string(letters[len(letters)-1])))
}

// press presses a key, waits for the answer and returns what the main thread did for
// it, painting included, in milliseconds of a core.
func (p *tab) press(t testing.TB, key string) float64 {
	t.Helper()
	p.Eval(t, "nextAnswer()", nil)
	before := p.work(t)
	p.Run(t, chromedp.KeyEvent(key))
	p.Eval(t, "answered", nil)
	return p.work(t) - before
}

// work returns the time that the main thread has worked, in milliseconds of a core.
func (p *tab) work(t testing.TB) (milliseconds float64) {
	t.Helper()
	p.Run(t, chromedp.Func(func(ctx context.Context, page *chromedp.Target) error {
		result, err := cdp.Call(ctx, page, performance.GetMetrics, cdp.Empty{})
		for _, m := range result.Metrics {
			if m.Name == "TaskDuration" {
				milliseconds = m.Value * 1000
			}
		}
		return err
	}))
	return milliseconds
}

// call is the step that runs one command of the protocol.
func call[P, R any](command cdp.Command[P, R], params P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, page *chromedp.Target) error {
		_, err := cdp.Call(ctx, page, command, params)
		return err
	})
}

// firsts are the answers to all queries.
type firsts []first

type figures struct{ bytes, requests, time spread }

func (list firsts) figures() figures {
	var bytes, requests, time []float64
	for _, f := range list {
		bytes = append(bytes, float64(f.bytes()))
		requests = append(requests, float64(f.requests()))
		time = append(time, f.Milliseconds)
	}
	return figures{spreadOf(bytes), spreadOf(requests), spreadOf(time)}
}

// spread is how some values lie.
type spread struct{ median, p95, most float64 }

func spreadOf(values []float64) spread {
	sorted := slices.Sorted(slices.Values(values))
	at := func(share float64) float64 { return sorted[int(share*float64(len(sorted)-1)+0.5)] }
	return spread{at(0.5), at(0.95), at(1)}
}

// String is the tables that people read.
func (c *comparison) String() string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	ours, theirs := c.ours.figures(), c.theirs.figures()
	fmt.Fprintf(w, "\n%d articles, %d queries\tVigie\t\t\tPagefind\t\t\tratio\t\t\n", c.pages, len(c.queries))
	fmt.Fprint(w, "first query\tmedian\tp95\tmost\tmedian\tp95\tmost\tmedian\tp95\t\n")
	for _, row := range []struct {
		what      string
		our, peer spread
		scale     float64
	}{
		{"kB transferred", ours.bytes, theirs.bytes, 1000},
		{"requests", ours.requests, theirs.requests, 1},
		{"ms to results", ours.time, theirs.time, 1},
	} {
		o, p := row.our, row.peer
		fmt.Fprintf(w, "%s\t%.1f\t%.1f\t%.1f\t%.1f\t%.1f\t%.1f\t%.2f\t%.2f\t\n", row.what, o.median/row.scale, o.p95/row.scale, o.most/row.scale,
			p.median/row.scale, p.p95/row.scale, p.most/row.scale, o.median/p.median, o.p95/p.p95)
	}
	for _, row := range []struct {
		what string
		keys spread
	}{{"ms of main thread, letter taken back", spreadOf(c.takenBack)}, {"ms of main thread, letter typed", spreadOf(c.typed)}} {
		fmt.Fprintf(w, "%s\t%.1f\t%.1f\t%.1f\t\t\t\t\t\t\n", row.what, row.keys.median, row.keys.p95, row.keys.most)
	}
	_ = w.Flush()
	fmt.Fprintf(&b, "\nVigie builds the site in %.1f s, of which about %.1f s for search; Pagefind indexes it in %.1f s\n", c.build.Seconds(), c.index.Seconds(), c.peerIndex.Seconds())
	var own, peers size
	for part, s := range c.files {
		switch {
		case strings.HasPrefix(part, "pf "):
			peers = size{peers.files + s.files, peers.bytes + s.bytes}
		case part != "server's index":
			own = size{own.files + s.files, own.bytes + s.bytes}
		}
	}
	fmt.Fprintf(&b, "files for browsers: Vigie %d of %.1f MB (one for %.1f articles), Pagefind %d of %.1f MB\n\n",
		own.files, float64(own.bytes)/1e6, float64(c.pages)/float64(own.files), peers.files, float64(peers.bytes)/1e6)

	// Where the bytes go: what each kind of file adds to a query.
	fmt.Fprint(w, "part\tfiles\tkB in all\trequests a query\tkB a query: mean\tmedian\tp95\tmost\t\n")
	for _, part := range slices.Sorted(maps.Keys(c.files)) {
		asked := c.ours
		if strings.HasPrefix(part, "pf ") {
			asked = c.theirs
		}
		var requests, sum float64
		var kilobytes []float64
		for _, f := range asked {
			p := f.Parts[part]
			requests += float64(p.files)
			sum += float64(p.bytes) / 1000
			kilobytes = append(kilobytes, float64(p.bytes)/1000)
		}
		n, kB := float64(len(asked)), spreadOf(kilobytes)
		fmt.Fprintf(w, "%s\t%d\t%.1f\t%.1f\t%.1f\t%.1f\t%.1f\t%.1f\t\n", part, c.files[part].files, float64(c.files[part].bytes)/1000, requests/n, sum/n, kB.median, kB.p95, kB.most)
	}
	fmt.Fprint(w, "\nquery\tkB\trequests\tms\tresults\tshown\tkB\trequests\tms\tresults\tshown\tkeys, ms\t\n")
	for i, q := range c.queries {
		o, p := c.ours[i], c.theirs[i]
		fmt.Fprintf(w, "%s\t%.1f\t%d\t%.0f\t%d\t%d\t%.1f\t%d\t%.0f\t%d\t%d\t%.1f %.1f\t\n", q,
			float64(o.bytes())/1000, o.requests(), o.Milliseconds, o.Total, o.Shown,
			float64(p.bytes())/1000, p.requests(), p.Milliseconds, p.Total, p.Shown, c.takenBack[i], c.typed[i])
	}
	_ = w.Flush()
	return b.String()
}
