package sitetest

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"encoding/xml"
	"io"
	"io/fs"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestOwnSite reads the repository's own site as a crawler would.
func TestOwnSite(t *testing.T) {
	site := Own(t)
	problems, err := Crawl(site.Files.FS(), site.Config.BaseURL.String())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Error(p)
	}
}

// TestOwnSiteCounts keeps the promise of what the site holds.
func TestOwnSiteCounts(t *testing.T) {
	counts := Own(t).Counts
	for kind, least := range map[string]int{"article": 10, "provider": 6, "scheme": 2, "law": 3, "actor": 3, "term": 10, "page": 6} {
		if got := counts.ByKind[kind]; got < least {
			t.Errorf("%d pages of kind %s, want at least %d", got, kind, least)
		}
	}
	if counts.Language["en"] < 5 {
		t.Errorf("%d English pages, want at least 5", counts.Language["en"])
	}
}

// TestWeight holds every page of the site to 30 kB with its style sheet, and the
// style sheet to 12 kB, compressed.
func TestWeight(t *testing.T) {
	files := Own(t).Files.FS()
	css := 0
	stylesheets, err := fs.Glob(files, "assets/main.*.css")
	if err != nil || len(stylesheets) != 1 {
		t.Fatalf("style sheets %v, %v", stylesheets, err)
	}
	css = compressed(t, files, stylesheets[0])
	if css > 12_000 {
		t.Errorf("style sheet is %d bytes compressed, want at most 12000", css)
	}
	heaviest, most := "", 0
	eachFile(t, files, ".html", func(name string) {
		if n := compressed(t, files, name) + css; n > most {
			heaviest, most = name, n
		}
	})
	t.Logf("style sheet %d bytes, heaviest page %s %d bytes with it", css, heaviest, most)
	if most > 30_000 {
		t.Errorf("%s is %d bytes with its style sheet, compressed, want at most 30000", heaviest, most)
	}
}

func compressed(t *testing.T, files fs.FS, name string) int {
	t.Helper()
	data, err := fs.ReadFile(files, name)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write(data)
	_ = z.Close()
	return b.Len()
}

func eachFile(t *testing.T, files fs.FS, ext string, do func(name string)) {
	t.Helper()
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && path.Ext(name) == ext {
			do(name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestMachineFiles parses every XML and JSON file of the site.
func TestMachineFiles(t *testing.T) {
	files := Own(t).Files.FS()
	eachFile(t, files, ".xml", func(name string) {
		data, _ := fs.ReadFile(files, name)
		for d := xml.NewDecoder(bytes.NewReader(data)); ; {
			if _, err := d.Token(); err == io.EOF {
				break
			} else if err != nil {
				t.Errorf("%s: %v", name, err)
				break
			}
		}
	})
	eachFile(t, files, ".json", func(name string) {
		if data, _ := fs.ReadFile(files, name); !json.Valid(data) {
			t.Errorf("%s is not JSON", name)
		}
	})
	news, err := fs.ReadFile(files, "sitemap-news.xml")
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(news), "<url>"); n == 0 {
		t.Error("news sitemap is empty on the tests' clock")
	}
}

// TestFigures finds figures in French prose that nothing sources: every article
// cites, and every cited number leads to a source of the page's list.
func TestFigures(t *testing.T) {
	files := Own(t).Files.FS()
	cite := regexp.MustCompile(`href="#source-(\d+)"`)
	articles := 0
	eachFile(t, files, ".html", func(name string) {
		if !strings.HasPrefix(name, "actualites/") || strings.Count(name, "/") != 2 || strings.HasPrefix(name, "actualites/page") {
			return
		}
		articles++
		data, _ := fs.ReadFile(files, name)
		marks := cite.FindAllStringSubmatch(string(data), -1)
		if len(marks) == 0 {
			t.Errorf("%s cites no source", name)
		}
		for _, m := range marks {
			if !strings.Contains(string(data), `id="source-`+m[1]+`"`) {
				t.Errorf("%s cites source %s, which it does not list", name, m[1])
			}
		}
	})
	if articles < 10 {
		t.Errorf("found %d articles, want at least 10", articles)
	}
}

// TestCorpus keeps the benchmark's site buildable and the same everywhere.
func TestCorpus(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "site")
	if err := Corpus(dir, 60); err != nil {
		t.Fatal(err)
	}
	site := Build(t, dir)
	if got := site.Counts.ByKind["article"]; got != 60 {
		t.Errorf("%d articles, want 60", got)
	}
	problems, err := Crawl(site.Files.FS(), site.Config.BaseURL.String())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Error(p)
	}
}
