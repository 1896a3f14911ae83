package browser_test

import (
	"bufio"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp/kb"

	"vigie/generator/internal/browsertest"
	"vigie/generator/internal/sitetest"
)

// What the interface says in French.
const (
	loading     = "Recherche en cours…"
	offline     = "Vous êtes hors ligne. La recherche reprendra avec la connexion."
	unavailable = "La recherche n’est pas disponible pour le moment."
)

// publishOwn writes the repository's own site into a folder.
func publishOwn(t *testing.T) (dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "public")
	site := sitetest.Own(t)
	if err := os.CopyFS(dir, site.Files.FS()); err != nil {
		t.Fatal(err)
	}
	return dir
}

// static serves a folder as the plainest hosts do: no compression, no policy, no
// search of its own. It counts what it is asked for below /search/ and /assets/.
func static(t *testing.T, dir string) (address string, asked func() map[string]int) {
	t.Helper()
	requests := make(chan string, 1000)
	files := http.FileServer(http.Dir(dir))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests <- r.URL.Path
		files.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL, func() map[string]int {
		count := map[string]int{}
		for {
			select {
			case name := <-requests:
				if strings.HasPrefix(name, "/search/") || strings.HasPrefix(name, "/assets/") {
					count[name]++
				}
			default:
				return count
			}
		}
	}
}

// python serves a folder with `python3 -m http.server`.
func python(t *testing.T, dir string) (address string) {
	t.Helper()
	program, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("python3 is not installed; Go's file server alone stands for a plain host")
	}
	command := exec.Command(program, "-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory", dir)
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = command.Process.Kill()
		_ = command.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	port := regexp.MustCompile(`port (\d+)`).FindStringSubmatch(line)
	if port == nil {
		t.Fatalf("python3 says %q, %v", line, err)
	}
	return "http://127.0.0.1:" + port[1]
}

// TestStaticHosts asserts that search works on hosts that do nothing but hand out
// files.
func TestStaticHosts(t *testing.T) {
	b, dir := browsertest.New(t), publishOwn(t)
	for name, serve := range map[string]func() string{
		"python3 -m http.server": func() string { return python(t, dir) },
		"http.FileServer":        func() string { address, _ := static(t, dir); return address },
	} {
		t.Run(name, func(t *testing.T) {
			address := serve()
			p := open(t, b, address+"/glossaire/", desktop)
			openDialog(t, p)
			write(t, p, "secnumcloud")
			s := until(t, p, "answered", func(s state) bool { return len(s.Options) > 3 })
			if s.Options[0] != "SecNumCloud" {
				t.Errorf("first of %q is %q, want SecNumCloud", s.Options, s.Options[0])
			}
			press(t, p, kb.ArrowDown)
			press(t, p, kb.Enter)
			until(t, p, "left", func(s state) bool { return !s.Open })
			var at string
			if p.Eval(t, `location.pathname`, &at); at != "/referentiels/secnumcloud/" {
				t.Errorf("Enter leads to %s", at)
			}
			clean(t, p)

			p = open(t, b, address+"/search/?q="+url.QueryEscape(`"cloud de confiance" -bleu`), desktop)
			s = until(t, p, "answered", func(s state) bool { return s.Status != "" && s.Status != loading })
			if len(s.Options) == 0 {
				t.Errorf("search page: %+v", s)
			}
			clean(t, p)
			t.Logf("SecNumCloud is first in the dialog; the search page has %s", s.Status)
		})
	}
}

// Networks of readers.
var (
	slow   = network.Conditions{Latency: 400, DownloadThroughput: 400_000 / 8, UploadThroughput: 400_000 / 8} // 400 ms, 400 kbit/s
	gone   = network.Conditions{Offline: true, DownloadThroughput: -1, UploadThroughput: -1}
	normal = network.Conditions{DownloadThroughput: -1, UploadThroughput: -1}
)

// TestSlowNetwork asserts that a reader on a slow network is told to wait, gets an
// answer, and that writing fetches each file once.
func TestSlowNetwork(t *testing.T) {
	b := browsertest.New(t)
	address, asked := static(t, publishOwn(t))
	p := open(t, b, address+"/glossaire/", desktop)
	asked()
	p.Connect(t, slow)
	start := time.Now()
	openDialog(t, p)
	const query = "qualification secnumcloud"
	for _, letter := range query {
		press(t, p, string(letter))
		time.Sleep(30 * time.Millisecond) // faster than anyone writes
	}
	s := until(t, p, "waiting", func(s state) bool { return s.Status == loading })
	if s.Value != query || s.Focus != "input" {
		t.Errorf("while waiting, the field has %q, the focus is on %q", s.Value, s.Focus)
	}
	s = until(t, p, "answered", func(s state) bool { return len(s.Options) > 3 && s.Value == query })
	took := time.Since(start)
	p.Settle(t)
	count := asked()
	for name, n := range count {
		if n > 1 {
			t.Errorf("%s is fetched %d times", name, n)
		}
	}
	// The beginnings of the words need files of their own, but not one for each letter.
	if len(count) > len(query) {
		t.Errorf("%d files for a query of %d letters: %v", len(count), len(query), count)
	}
	t.Logf("%q on 400 kbit/s and 400 ms: %s after %.1f s, %d requests", query, s.Status, took.Seconds(), len(count))
	clean(t, p)
}

// TestSearchDeleted asserts what a reader is told where the site was copied without
// its search files, and that reading goes on.
func TestSearchDeleted(t *testing.T) {
	b, dir := browsertest.New(t), publishOwn(t)
	address, _ := static(t, dir)
	entries, err := os.ReadDir(filepath.Join(dir, "search"))
	if err != nil {
		t.Fatal(err)
	}
	steps := []struct {
		what string
		gone func(name string) bool
	}{
		{"all but the manifests", func(name string) bool { return path.Ext(name) != ".bin" && path.Ext(name) != ".html" }},
		{"all", func(name string) bool { return path.Ext(name) != ".html" }},
	}
	for _, step := range steps {
		for _, e := range entries {
			if step.gone(e.Name()) {
				if err := os.RemoveAll(filepath.Join(dir, "search", e.Name())); err != nil {
					t.Fatal(err)
				}
			}
		}
		t.Run(step.what, func(t *testing.T) {
			for _, where := range []string{"/glossaire/", "/search/"} {
				p := open(t, b, address+where, desktop)
				press(t, p, "/")
				until(t, p, "in the field", func(s state) bool { return s.Focus == "input" })
				press(t, p, "bleu")
				s := until(t, p, "told", func(s state) bool { return strings.HasPrefix(s.Status, unavailable) })
				if s.Focus != "input" || len(s.Options) > 0 || s.After != "Parcourir toutes les pages" && where != "/search/" {
					t.Errorf("%s: %+v", where, s)
				}
				for _, found := range p.Axe(t) {
					t.Errorf("%s: %s", where, found)
				}
				if list := slices.Concat(p.Console(), p.ThirdParty()); len(list) > 0 {
					t.Errorf("%s: %q", where, list)
				}
			}
		})
	}
}

// TestOffline takes the network away before the dialog was first opened, and between
// two queries; each time the reader is told so, and the query is answered once the
// network is back, without another key.
func TestOffline(t *testing.T) {
	b := browsertest.New(t)
	address, _ := static(t, publishOwn(t))
	p := open(t, b, address+"/glossaire/", desktop)
	p.Connect(t, gone)
	openDialog(t, p)
	press(t, p, "bleu")
	until(t, p, "offline", func(s state) bool { return s.Status == offline && s.Value == "bleu" && s.Focus == "input" })
	p.Settle(t) // each letter tried
	p.Connect(t, normal)
	s := until(t, p, "back", func(s state) bool { return len(s.Options) > 0 })
	if s.Options[0] != "Bleu" || s.Value != "bleu" || s.Focus != "input" {
		t.Errorf("back: %+v", s)
	}
	p.Settle(t)

	p.Connect(t, gone)
	p.Eval(t, `document.querySelector("[role=combobox]").select()`, nil)
	press(t, p, "réversibilité")
	until(t, p, "offline", func(s state) bool { return s.Status == offline && s.Value == "réversibilité" })
	p.Settle(t)
	p.Connect(t, normal)
	s = until(t, p, "back", func(s state) bool { return len(s.Options) > 0 })
	if s.Options[0] != "Réversibilité" {
		t.Errorf("back: %+v", s)
	}
	if list := slices.Concat(p.Console(), p.ThirdParty()); len(list) > 0 {
		t.Error(list)
	}
}
