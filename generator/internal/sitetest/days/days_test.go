package days

import (
	"bytes"
	"crypto/sha256"
	"io/fs"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"vigie/generator/internal/browsertest"
	"vigie/generator/internal/build"
	"vigie/generator/internal/serve"
	"vigie/generator/internal/sitetest"
)

// count is how many days the site is built on, from the first to two years later.
const count = 12

var first, last = day("2026-12-01"), day("2028-12-01")

func day(text string) time.Time {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return t
}

// calendar are days on which a calendar is known to be odd: ends and beginnings of
// months and years, the day that few years have.
var calendar = []string{"2026-12-31", "2027-01-01", "2027-02-28", "2028-02-29", "2028-12-01"}

// due finds the dates that content states.
var due = regexp.MustCompile(`(?m)^(?:date|expires|as_of|until)\s*=\s*"?(\d{4}-\d{2}-\d{2})"?\s*$`)

// chosen returns the days to build on: those of the calendar, and those on which
// something that the content states falls due, or the days after, evenly.
func chosen(t *testing.T) []time.Time {
	t.Helper()
	content := os.DirFS(filepath.Join(sitetest.Root(), "content"))
	var dates []time.Time
	err := fs.WalkDir(content, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || path.Ext(name) != ".md" {
			return err
		}
		data, err := fs.ReadFile(content, name)
		for _, m := range due.FindAllSubmatch(data, -1) {
			if at, err := time.Parse(time.DateOnly, string(m[1])); err == nil && at.After(first) && at.Before(last) {
				dates = append(dates, at)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	list := []time.Time{first}
	for _, text := range calendar {
		list = append(list, day(text))
	}
	slices.SortFunc(dates, time.Time.Compare)
	dates = slices.Compact(dates)
	t.Logf("%d days on which something falls due: %s … %s", len(dates), first.Format(time.DateOnly), last.Format(time.DateOnly))
	// Where the content looks less far ahead, days of no meaning complete the dozen.
	for at := first.AddDate(0, 2, 10); len(dates) < count-len(list); at = at.AddDate(0, 3, 1) {
		dates = append(dates, at)
	}
	wanted := count - len(list)
	for i := range wanted {
		at := dates[i*(len(dates)-1)/max(1, wanted-1)]
		if i%2 == 1 {
			at = at.AddDate(0, 0, 1)
		}
		for slices.Contains(list, at) {
			at = at.AddDate(0, 0, 1)
		}
		list = append(list, at)
	}
	slices.SortFunc(list, time.Time.Compare)
	return list
}

// TestTwelveDays builds the repository's own site on twelve days of two years. On each it
// builds, every link and anchor leads somewhere, and the pages that are as on no day
// before hold against the HTML standard and, in a browser, against axe-core and the
// probes: a few of each day, the layouts in turn, or all with VIGIE_SOAK=1.
func TestTwelveDays(t *testing.T) {
	browser := browsertest.New(t)
	days := chosen(t)
	if len(days) != count || !days[0].Equal(first) || days[count-1].After(last) {
		t.Fatalf("days are %v", days)
	}
	seen := texts{}
	seen.fresh(t, sitetest.Own(t).Files.FS())
	changed := filepath.Join(t.TempDir(), "changed")
	pages, judged := 0, map[string]int{}
	for _, at := range days {
		t.Run(at.Format(time.DateOnly), func(t *testing.T) {
			site := sitetest.OwnOn(t, at)
			crawl(t, site)
			files := site.Files.FS()
			names := seen.fresh(t, files)
			for _, name := range names {
				pages++
				write(t, filepath.Join(changed, at.Format(time.DateOnly), filepath.FromSlash(name)), files, name)
			}
			judge(t, browser, site, sample(t, files, names, judged))
			t.Logf("%d pages are as on no day before", len(names))
		})
	}
	if pages == 0 {
		t.Fatal("no page moves with the clock: the test shows nothing")
	}
	for _, found := range browsertest.Nu(t, changed) {
		t.Error(found)
	}
	t.Logf("%d pages that differ were held against the HTML standard; in the browser were seen %v", pages, judged)
}

// crawl follows every link of a site.
func crawl(t *testing.T, site *build.Site) {
	t.Helper()
	problems, err := sitetest.Crawl(site.Files.FS(), site.Config.BaseURL.String())
	if err != nil {
		t.Fatal(err)
	}
	sitetest.Report(t, "crawl", problems)
}

// texts are the pages that were there on some day, by the sum of their bytes.
type texts map[[sha256.Size]byte]bool

// fresh returns the pages of a site that are as on no day before, and remembers them.
func (seen texts) fresh(t *testing.T, files fs.FS) (names []string) {
	t.Helper()
	pages, err := sitetest.Pages(files)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range pages {
		data, err := fs.ReadFile(files, name)
		if err != nil {
			t.Fatal(err)
		}
		if sum := sha256.Sum256(data); !seen[sum] {
			seen[sum] = true
			names = append(names, name)
		}
	}
	return names
}

// perDay is how many pages are looked at in the browser on each day.
const perDay = 2

// sample returns pages of the layouts, by language, that were looked at least often on the
// days before, as counted in judged: one of each, or all pages with VIGIE_SOAK=1.
func sample(t *testing.T, files fs.FS, names []string, judged map[string]int) []string {
	t.Helper()
	if os.Getenv("VIGIE_SOAK") != "" {
		return names
	}
	of := map[string]string{}
	var layouts []string
	for _, name := range names {
		layout := layoutOf(t, files, name)
		if of[layout] == "" {
			of[layout] = name
			layouts = append(layouts, layout)
		}
	}
	slices.SortStableFunc(layouts, func(a, b string) int { return judged[a] - judged[b] })
	var list []string
	for _, layout := range layouts[:min(perDay, len(layouts))] {
		judged[layout]++
		list = append(list, of[layout])
	}
	return list
}

// judge looks at pages of a site in the browser.
func judge(t *testing.T, browser *browsertest.Browser, site *build.Site, names []string) {
	t.Helper()
	files := site.Files.FS()
	server := httptest.NewServer(serve.New(serve.FS(files), serve.Options{}))
	defer server.Close()
	for _, name := range names {
		page := browser.Open(t, server.URL+"/"+strings.TrimSuffix(name, "index.html"), sitetest.Desktop)
		if page.Status() != 200 {
			t.Errorf("%s: status is %d", name, page.Status())
		}
		sitetest.Report(t, name+": console", page.Console())
		sitetest.Report(t, name+": failed", page.Failed())
		if os.Getenv("VIGIE_SOAK") != "" {
			sitetest.Judge(t, page)
		} else { // what does not depend on how long a text is was judged on the tests' day
			sitetest.Report(t, name+": axe", page.Axe(t))
			page.Look(t, sitetest.Phone)
			sitetest.Report(t, name+": axe on a phone", page.AxeRules(t, "target-size", "color-contrast"))
			sitetest.Report(t, name+": target under 24 by 24 pixels", sitetest.Probe(t, page, "targets"))
			page.Look(t, browsertest.View{Width: 320, Height: 640})
			sitetest.Report(t, name+": does not fit a width of 320", sitetest.Probe(t, page, "overflow"))
		}
		page.Close()
	}
}

// layoutOf returns the class of a page's body, with its language.
func layoutOf(t *testing.T, files fs.FS, name string) string {
	t.Helper()
	language, class := "", ""
	data, err := fs.ReadFile(files, name)
	if err != nil {
		t.Fatal(err)
	}
	root, err := html.Parse(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && (n.Data == "html" || n.Data == "body") {
			for _, a := range n.Attr {
				switch {
				case n.Data == "html" && a.Key == "lang":
					language = a.Val
				case n.Data == "body" && a.Key == "class":
					class = a.Val
				}
			}
		}
	}
	return language + " " + class
}

func write(t *testing.T, file string, files fs.FS, name string) {
	t.Helper()
	data, err := fs.ReadFile(files, name)
	if err == nil {
		err = os.MkdirAll(filepath.Dir(file), 0o755)
	}
	if err == nil {
		err = os.WriteFile(file, data, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}
