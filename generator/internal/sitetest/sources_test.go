package sitetest

import (
	"io/fs"
	"path"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"vigie/generator/internal/browsertest"
)

// TestSourceIndex asserts that every source of the site stands in the index once, at
// an anchor of its own, with something that rests on it.
func TestSourceIndex(t *testing.T) {
	site := Own(t)
	files := site.Files.FS()
	pages, err := fs.Glob(files, "sources-citees/*/index.html")
	if err != nil || len(pages) == 0 {
		t.Fatalf("pages of the index: %v, %v", pages, err)
	}
	var text strings.Builder
	for _, name := range pages {
		data, err := fs.ReadFile(files, name)
		if err != nil {
			t.Fatal(err)
		}
		text.Write(data)
	}
	for _, s := range site.Content.Sources {
		_, entry, found := strings.Cut(text.String(), `<li id="ref-`+s.ID+`">`)
		if !found {
			t.Errorf("source %s does not stand in the index", s.ID)
			continue
		}
		entry, _, _ = strings.Cut(entry, "</li>")
		if _, uses, _ := strings.Cut(entry, `class="source-uses"`); !strings.Contains(uses, "<a href=\"/") {
			t.Errorf("nothing rests on source %s", s.ID)
		}
		if s.Archived != "" && !strings.Contains(entry, s.Archived) {
			t.Errorf("archived copy of source %s is not linked", s.ID)
		}
	}
	if got := strings.Count(text.String(), `<li id="ref-`); got != len(site.Content.Sources) {
		t.Errorf("%d sources in the index, %d on the site", got, len(site.Content.Sources))
	}
}

// TestSources opens the index of sources in a browser.
func TestSources(t *testing.T) {
	b, root := browsertest.New(t), served(t)
	p := b.Open(t, root+"sources-citees/", browsertest.View{NoScript: true, Width: 360, Height: 740, Mobile: true})
	var shares []string
	p.Eval(t, `[...document.querySelectorAll(".share-list li")].map(e => e.innerText)`, &shares)
	sum := 0
	for _, share := range shares {
		found := regexp.MustCompile(`(\d+)[\s\x{202f}]*%`).FindStringSubmatch(share)
		if found == nil {
			t.Fatalf("%q tells no share", share)
		}
		n, _ := strconv.Atoi(found[1])
		sum += n
	}
	if len(shares) < 3 || sum < 97 || sum > 103 {
		t.Errorf("shares are %q", shares)
	}
	report(t, "axe, phone without scripts", p.Axe(t))
	report(t, "target under 24 by 24 pixels", probe(t, p, "targets"))
	var first string
	p.Eval(t, `document.querySelector(".share-list a").hash && document.querySelector(".list-group-title a").getAttribute("href")`, &first)
	p.Close()

	p = b.Open(t, root+strings.TrimPrefix(path.Clean(first), "/")+"/", browsertest.View{Width: 320, Height: 640})
	quiet(t, p)
	report(t, "does not fit a width of 320", probe(t, p, "overflow"))
	for _, view := range []browsertest.View{desktop, {Width: 360, Height: 740, Mobile: true, Dark: true}, {ForcedColors: true}} {
		p.Look(t, view)
		report(t, "axe, sources of a type", p.Axe(t))
	}
	p.Close()
}
