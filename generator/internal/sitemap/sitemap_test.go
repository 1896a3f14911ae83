package sitemap_test

import (
	"bytes"
	"encoding/xml"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"vigie/generator/internal/sitemap"
)

var update = flag.Bool("update", false, "rewrite the expected files in testdata")

const base = "https://vigie.example/"

func at(t testing.TB, value string) time.Time {
	t.Helper()
	when, err := time.Parse(time.RFC3339, value)
	if err != nil {
		t.Fatal(err)
	}
	return when
}

// golden compares got with testdata/name and holds XML against the grammar.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s: -want +got (rewrite with -update):\n%s", file, diff)
	}
}

// validate returns what the grammar says against doc, or "".
func validate(t *testing.T, doc []byte) string {
	t.Helper()
	lint, err := exec.LookPath("xmllint")
	if err != nil {
		if os.Getenv("VIGIE_REQUIRE_BROWSER") == "1" {
			t.Fatal("xmllint missing (Debian package libxml2-utils)")
		}
		t.Skip("xmllint missing (Debian package libxml2-utils)")
	}
	cmd := exec.Command(lint, "--nonet", "--noout", "--relaxng", "testdata/machine.rng", "-")
	cmd.Stdin = bytes.NewReader(doc)
	out, err := cmd.CombinedOutput()
	if err == nil {
		return ""
	}
	return fmt.Sprintf("%v: %s", err, out)
}

// pages is a small bilingual site, in no order.
func pages(t testing.TB) []sitemap.URL {
	bleu := []sitemap.Alternate{
		{Lang: "x-default", Href: base + "bleu/"},
		{Lang: "fr", Href: base + "bleu/"},
		{Lang: "en", Href: base + "en/bleu/"},
	}
	reversed := slices.Clone(bleu)
	slices.Reverse(reversed)
	return []sitemap.URL{
		{Loc: base + "en/bleu/", Modified: at(t, "2025-05-17T08:00:00+02:00"), Alternates: bleu},
		{Loc: base + "recherche/?q=a&b='c'"},
		{Loc: base + "bleu/", Modified: at(t, "2025-06-01T00:00:00Z"), Alternates: reversed},
	}
}

func articles(t testing.TB) []sitemap.Article {
	list := []sitemap.Article{
		{Loc: base + "old/", Title: "Too old by a second", Published: at(t, "2025-05-15T11:59:59Z")},
		{Loc: base + "edge/", Title: "Just in: J3 « atteint\u202f» & <signé>", Published: at(t, "2025-05-15T12:00:00Z")},
		{Loc: base + "tomorrow/", Title: "Not yet", Published: at(t, "2025-05-17T12:00:01Z")},
		{Loc: base + "b/", Title: "B", Published: at(t, "2025-05-17T14:00:00+02:00")},
		{Loc: base + "a/", Title: "A, of the same instant", Published: at(t, "2025-05-17T12:00:00Z")},
	}
	for n := range list {
		list[n].Publication, list[n].Language = "Vigie", "fr"
	}
	return list
}

func openSearch() sitemap.OpenSearch {
	return sitemap.OpenSearch{
		ShortName:   "Vigie",
		LongName:    "Vigie, l’observatoire du cloud de confiance",
		Description: "Bleu, S3NS & SecNumCloud",
		Language:    "fr",
		Results:     base + "recherche/?q={searchTerms}&src=os",
		Suggestions: base + "suggest?q={searchTerms}",
		Self:        base + "opensearch.xml",
		Icon:        base + "favicon.png",
	}
}

func TestGolden(t *testing.T) {
	now := at(t, "2025-05-17T12:00:00Z")
	write := map[string]func() ([]byte, error){
		"sitemap.xml": func() ([]byte, error) {
			files, err := sitemap.Files(base, pages(t))
			if err != nil {
				return nil, err
			}
			if len(files) != 1 || files[0].Name != "sitemap.xml" {
				t.Errorf("files = %v, want sitemap.xml alone", files)
			}
			return files[0].Data, nil
		},
		"news.xml":       func() ([]byte, error) { return sitemap.News(now, articles(t)) },
		"news-empty.xml": func() ([]byte, error) { return sitemap.News(now.AddDate(1, 0, 0), articles(t)) },
		"opensearch.xml": func() ([]byte, error) { return openSearch().XML() },
		"opensearch-least.xml": func() ([]byte, error) {
			return sitemap.OpenSearch{ShortName: "V", Description: "d", Results: base + "?q={searchTerms}"}.XML()
		},
		"robots-open.txt": func() ([]byte, error) { return sitemap.Robots{}.Text() },
		"robots.txt": func() ([]byte, error) {
			return sitemap.Robots{
				Groups: []sitemap.RobotsGroup{
					{Disallow: []string{"/recherche/"}, Allow: []string{"/recherche/$"}},
					{Agents: []string{"GPTBot", "CCBot"}, Disallow: []string{"/"}},
				},
				Sitemaps: []string{base + "sitemap.xml", base + "news.xml"},
			}.Text()
		},
		"llms.txt": func() ([]byte, error) {
			return sitemap.LLMs{
				Title:   "Vigie",
				Summary: "L’état du cloud de confiance,\nchaque *chiffre* avec sa source.",
				Notes:   []string{"Every page also stands at the same address in Markdown:\n\n- add `index.md`."},
				Sections: []sitemap.LLMSection{
					{Title: "Fournisseurs", Links: []sitemap.LLMLink{
						{Title: "Bleu [SAS]", URL: base + "bleu/index.md", Notes: "coentreprise d’Orange\u00a0: Capgemini"},
						{Title: "S3NS", URL: base + "s3ns_(thales)/index.md"},
					}},
					{Title: "Empty, left out"},
				},
				Optional: []sitemap.LLMLink{{Title: "Mentions légales", URL: base + "mentions-legales/index.md"}},
			}.Text()
		},
	}
	for name, f := range write {
		t.Run(name, func(t *testing.T) {
			got, err := f()
			if err != nil {
				t.Fatal(err)
			}
			golden(t, name, got)
			if strings.HasSuffix(name, ".xml") {
				if said := validate(t, got); said != "" {
					t.Error(said)
				}
			}
		})
	}
}

// TestGrammarSaysNo makes sure that the judge of TestGolden can refuse.
func TestGrammarSaysNo(t *testing.T) {
	doc, err := os.ReadFile(filepath.Join("testdata", "sitemap.xml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, damage := range []struct{ from, to string }{
		{"<loc>https://", "<loc>/"}, {"2025-06-01", "1 June"}, {`hreflang="fr"`, `hreflang=""`}, {"lastmod", "modified"},
	} {
		if bad := bytes.ReplaceAll(doc, []byte(damage.from), []byte(damage.to)); validate(t, bad) == "" {
			t.Errorf("grammar accepts %q for %q", damage.to, damage.from)
		}
	}
}

func TestFilesAreOrderedByAddressAlone(t *testing.T) {
	forth, back := pages(t), pages(t)
	slices.Reverse(back)
	a, err := sitemap.Files(base, forth)
	if err != nil {
		t.Fatal(err)
	}
	b, err := sitemap.Files(strings.TrimSuffix(base, "/"), back)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(a, b); diff != "" {
		t.Errorf("the order of the input shows:\n%s", diff)
	}
}

// TestIndex passes the limit of addresses, then that of bytes.
func TestIndex(t *testing.T) {
	long := strings.Repeat("&", 380) // five bytes each once escaped: 1,900
	for _, c := range []struct {
		name  string
		count int
		path  string
		parts []int
	}{
		{"at the limit", sitemap.MaxURLs, "%06d/", []int{sitemap.MaxURLs}},
		{"addresses", 2*sitemap.MaxURLs + 1, "%06d/", []int{sitemap.MaxURLs, sitemap.MaxURLs, 1}},
		{"bytes", 28_000, "%06d/" + long, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			var urls []sitemap.URL
			first := at(t, "2025-01-01T00:00:00Z")
			for n := range c.count {
				urls = append(urls, sitemap.URL{Loc: base + fmt.Sprintf(c.path, n), Modified: first.Add(time.Duration(n) * time.Second)})
			}
			files, err := sitemap.Files(base, urls)
			if err != nil {
				t.Fatal(err)
			}
			var set struct {
				URLs []struct {
					Loc string `xml:"loc"`
				} `xml:"url"`
			}
			if len(c.parts) == 1 {
				if err := xml.Unmarshal(files[0].Data, &set); err != nil || len(files) != 1 || len(set.URLs) != c.count {
					t.Errorf("%d files, %d addresses, %v; want one file of %d", len(files), len(set.URLs), err, c.count)
				}
				return
			}
			var index struct {
				Sitemaps []struct {
					Loc     string    `xml:"loc"`
					Lastmod time.Time `xml:"lastmod"`
				} `xml:"sitemap"`
			}
			if said := validate(t, files[0].Data); said != "" {
				t.Error(said)
			}
			if err := xml.Unmarshal(files[0].Data, &index); err != nil || len(index.Sitemaps) != len(files)-1 || len(files) < 3 {
				t.Fatalf("index of %d in %d files, %v", len(index.Sitemaps), len(files), err)
			}
			total := 0
			for n, f := range files[1:] {
				if len(f.Data) > sitemap.MaxBytes {
					t.Errorf("%s has %d bytes", f.Name, len(f.Data))
				}
				set.URLs = nil
				if err := xml.Unmarshal(f.Data, &set); err != nil {
					t.Fatal(err)
				}
				if c.parts != nil && len(set.URLs) != c.parts[n] {
					t.Errorf("%s has %d addresses, want %d", f.Name, len(set.URLs), c.parts[n])
				}
				total += len(set.URLs)
				if want := base + f.Name; index.Sitemaps[n].Loc != want {
					t.Errorf("index says %s, want %s", index.Sitemaps[n].Loc, want)
				}
				if want := first.Add(time.Duration(total-1) * time.Second); !index.Sitemaps[n].Lastmod.Equal(want) {
					t.Errorf("%s changed %v, want %v", f.Name, index.Sitemaps[n].Lastmod, want)
				}
			}
			if total != c.count {
				t.Errorf("%d addresses, want %d", total, c.count)
			}
		})
	}
}

func TestNewsKeepsTheNewestThousand(t *testing.T) {
	now := at(t, "2025-05-17T12:00:00Z")
	var list []sitemap.Article
	for n := range sitemap.MaxNews + 5 {
		list = append(list, sitemap.Article{Loc: fmt.Sprintf("%s%d/", base, n), Publication: "Vigie", Language: "fr", Title: "t",
			Published: now.Add(-time.Duration(n) * time.Minute)})
	}
	slices.Reverse(list)
	doc, err := sitemap.News(now, list)
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(doc, []byte("<url>")); n != sitemap.MaxNews {
		t.Errorf("%d articles, want %d", n, sitemap.MaxNews)
	}
	if !bytes.Contains(doc, []byte(base+"999/<")) || bytes.Contains(doc, []byte(base+"1000/<")) {
		t.Error("the articles kept are not the newest")
	}
}

func TestErrors(t *testing.T) {
	fr, en := base+"a/", base+"en/a/"
	alt := func(pairs ...string) (list []sitemap.Alternate) {
		for n := 0; n < len(pairs); n += 2 {
			list = append(list, sitemap.Alternate{Lang: pairs[n], Href: pairs[n+1]})
		}
		return list
	}
	files := func(base string, urls ...sitemap.URL) func() ([]byte, error) {
		return func() ([]byte, error) {
			files, err := sitemap.Files(base, urls)
			if files != nil {
				return files[0].Data, err
			}
			return nil, err
		}
	}
	for _, c := range []struct {
		name  string
		write func() ([]byte, error)
		want  []string
	}{
		{"addresses", files(base, sitemap.URL{Loc: "/a/"}, sitemap.URL{Loc: fr}, sitemap.URL{Loc: fr},
			sitemap.URL{Loc: "https://other.example/"}, sitemap.URL{Loc: base + strings.Repeat("x", 2048)}),
			[]string{`sitemap: address "/a/" is not an absolute http address`,
				`sitemap: address "https://other.example/" lies outside "https://vigie.example/"`,
				`sitemap: address "https://vigie.example/a/" stands twice`,
				`sitemap: address "https://vigie.example/` + strings.Repeat("x", 2048) + `" is not shorter than 2048 bytes`}},
		{"base", files("vigie.example"), []string{`sitemap: base "vigie.example/" is not an absolute http address`}},
		{"one-way alternate", files(base, sitemap.URL{Loc: fr, Alternates: alt("fr", fr, "en", en)}, sitemap.URL{Loc: en}),
			[]string{`sitemap: alternate "https://vigie.example/en/a/" of "https://vigie.example/a/" does not list the same alternates`}},
		{"alternate outside the sitemap", files(base, sitemap.URL{Loc: fr, Alternates: alt("fr", fr, "en", en)}),
			[]string{`sitemap: alternate "https://vigie.example/en/a/" of "https://vigie.example/a/" does not stand in the sitemap`}},
		{"alternates without self, with a wrong and a double language",
			files(base, sitemap.URL{Loc: fr, Alternates: alt("fr_FR", en, "x-default", fr, "fr_FR", en)},
				sitemap.URL{Loc: en, Alternates: alt("fr_FR", en, "x-default", fr, "fr_FR", en)}),
			[]string{`sitemap: address "https://vigie.example/a/" does not stand among its own alternates`,
				`sitemap: alternate of "https://vigie.example/a/" has "fr_FR", which is not a language tag`,
				`sitemap: alternate of "https://vigie.example/a/" has "fr_FR", which is not a language tag`,
				`sitemap: alternates of "https://vigie.example/a/" give the language "fr_FR" twice`,
				`sitemap: alternate of "https://vigie.example/en/a/" has "fr_FR", which is not a language tag`,
				`sitemap: alternate of "https://vigie.example/en/a/" has "fr_FR", which is not a language tag`,
				`sitemap: alternates of "https://vigie.example/en/a/" give the language "fr_FR" twice`}},
		{"news", func() ([]byte, error) {
			return sitemap.News(time.Time{}, []sitemap.Article{{Loc: fr, Language: "fr-FR"}, {Loc: fr, Language: "fr",
				Title: "t", Publication: "p", Published: at(t, "2025-01-01T00:00:00Z")}})
		}, []string{`news sitemap: publication of "https://vigie.example/a/" missing`,
			`news sitemap: title of "https://vigie.example/a/" missing`,
			`news sitemap: language "fr-FR" of "https://vigie.example/a/" is not an ISO 639 code`,
			`news sitemap: date of "https://vigie.example/a/" missing`,
			`news sitemap: address "https://vigie.example/a/" stands twice`}},
		{"robots", sitemap.Robots{Groups: []sitemap.RobotsGroup{{Agents: []string{"a b"}, Allow: []string{"a"},
			Disallow: []string{"/a\nAllow: /"}}}, Sitemaps: []string{"/s.xml"}}.Text,
			[]string{`robots.txt: agent "a b" is not a product token`,
				`robots.txt: path "a" is not an escaped path from the root`,
				`robots.txt: path "/a\nAllow: /" is not an escaped path from the root`,
				`robots.txt: sitemap "/s.xml" is not an absolute http address`}},
		{"opensearch", sitemap.OpenSearch{ShortName: "More than sixteen characters", LongName: strings.Repeat("é", 49),
			Language: "fr_FR", Results: "/?q={searchTerms}", Suggestions: base, Self: "x", Icon: "y"}.XML,
			[]string{`opensearch: short name has 28 characters, more than 16`, `opensearch: description missing`,
				`opensearch: long name has 49 characters, more than 48`, `opensearch: language "fr_FR" is not a language tag`,
				`opensearch: results template "/?q=x" is not an absolute http address`,
				`opensearch: suggestions template "https://vigie.example/" lacks {searchTerms}`,
				`opensearch: self address "x" is not an absolute http address`,
				`opensearch: icon "y" is not an absolute http address`}},
		{"llms", sitemap.LLMs{Notes: []string{"text\n## heading\n"}, Sections: []sitemap.LLMSection{
			{Title: "OPTIONAL", Links: []sitemap.LLMLink{{URL: "a.md"}}}}}.Text,
			[]string{`llms.txt: title missing`, `llms.txt: notes hold the heading "## heading"`,
				`llms.txt: section has the title "OPTIONAL", which is empty or reserved`,
				`llms.txt: link "a.md" is not an absolute http address`, `llms.txt: title of the link "a.md" missing`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			doc, err := c.write()
			if err == nil || doc != nil {
				t.Fatalf("got %q, %v; want an error alone", doc, err)
			}
			if diff := cmp.Diff(c.want, strings.Split(err.Error(), "\n")); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// FuzzFiles proves that no text breaks out of its element or its line.
func FuzzFiles(f *testing.F) {
	f.Add("/a/?b=c&d", "Titre & <b>", "notes")
	f.Add("/\x00\n\u2028", "]]>\xff", "# h\n> q")
	f.Fuzz(func(t *testing.T, path, title, notes string) {
		loc := strings.TrimSuffix(base, "/") + path
		if files, err := sitemap.Files(base, []sitemap.URL{{Loc: loc}}); err == nil {
			var set struct {
				URLs []struct {
					Loc string `xml:"loc"`
				} `xml:"url"`
			}
			if err := xml.Unmarshal(files[0].Data, &set); err != nil || len(set.URLs) != 1 || set.URLs[0].Loc != loc {
				t.Errorf("%q came back as %v, %v", loc, set, err)
			}
		}
		if doc, err := (sitemap.OpenSearch{ShortName: title, Description: notes, Results: loc + "{searchTerms}"}).XML(); err == nil {
			if err := xml.Unmarshal(doc, new(struct{})); err != nil {
				t.Errorf("%v\n%s", err, doc)
			}
		}
		if doc, err := (sitemap.Robots{Groups: []sitemap.RobotsGroup{{Disallow: []string{path}}}}).Text(); err == nil {
			if n := bytes.Count(doc, []byte("\n")); n != 2 {
				t.Errorf("%d lines for one rule:\n%s", n, doc)
			}
		}
		l := sitemap.LLMs{Title: title, Summary: notes, Optional: []sitemap.LLMLink{{Title: title, URL: loc, Notes: notes}}}
		if doc, err := l.Text(); err == nil {
			headings := 0
			for text := range strings.Lines(string(doc)) {
				if strings.HasPrefix(text, "#") {
					headings++
				}
			}
			if headings != 2 {
				t.Errorf("%d headings, want 2:\n%s", headings, doc)
			}
		}
	})
}
