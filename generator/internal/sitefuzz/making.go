package sitefuzz

import (
	"fmt"
	"path"
	"regexp"
	"strings"
)

// Make makes a site of a fuzzer's bytes. The same bytes give the same site, and none the
// plainest there is.
func Make(data []byte) Site {
	m := &making{chance: &chance{bytes: data}, site: Site{}}
	m.config()
	m.sources()
	m.names()
	for i := range m.pages {
		m.write(&m.pages[i])
	}
	m.views()
	m.beside()
	return m.site
}

// making is a site that is being made.
type making struct {
	*chance
	site      Site
	pages     []page
	resources []string // files beside the pages that these may refer to
	drawing   string   // an image, "" without
	words     int
	ignored   bool // the folder "prive" is ignored, *.csv is published
	full      bool // kinds, sources and views are declared
	english   bool
	risky     bool   // what is an error anywhere is allowed
	unknown   string // what an unknown key is
	html      string // the policy
}

// page is a page that is to be written.
type page struct {
	file   string // below content/
	kind   string
	hidden string // how: "draft", "future"; "" for a page that is published
}

// word is one that stands nowhere else: hidden in some way, or visible.
func (m *making) word(hidden string) string {
	m.words++
	letters := ""
	for n := m.words; n > 0; n /= 20 {
		letters += string("bcdfghjklmnpqrstvwyz"[n%20])
	}
	if hidden == "" {
		return "zqxv" + letters
	}
	return "zqxh" + hidden + "x" + letters
}

// risk is a text that may be an error, in a site where errors are allowed.
func (m *making) risk(safe, risky string) string {
	if m.risky {
		return risky
	}
	return safe
}

// up is the larger of two bounds in a site where errors are allowed.
func (m *making) up(safe, risky int) int {
	if m.risky {
		return risky
	}
	return safe
}

// cites reports whether there are sources to cite.
func (m *making) cites() bool { return m.risky || m.site["content/sources.toml"] != "" }

// config writes the configuration.
func (m *making) config() {
	var b strings.Builder
	base := m.of("https://example.org/", "https://example.org/sous/", "https://example.org/a/b/")
	fmt.Fprintf(&b, "title = \"Essai\" # %s\nbase_url = %q\nlanguage = \"fr\"\n", m.word("config"), base)
	m.risky = m.below(4) == 3
	m.full, m.english = m.oneIn(2), m.oneIn(3)
	m.unknown, m.html = m.of("ignore", "warn", "error"), m.of("error", "sanitize", "trust")
	if n := m.below(3); n > 0 {
		fmt.Fprintf(&b, "paginate = %d\n", n)
	}
	if m.english {
		b.WriteString("[languages.fr]\nname = \"Français\"\n[languages.en]\nname = \"English\"\nprefix = \"en\"\n")
	}
	fmt.Fprintf(&b, "[front_matter]\nunknown = %q\n[markdown]\nraw_html = %q\n", m.unknown, m.html)
	if m.oneIn(5) {
		m.ignored = true
		b.WriteString("[content]\nignore = [\"prive\"]\npublish = [\"*.csv\"]\n")
		m.site["content/prive/a.md"] = "# " + m.word("ignored") + "\n\n" + m.word("ignored") + " #" + m.word("ignored") + "\n"
		m.site["content/prive/x.csv"] = m.word("ignored")
		m.site["content/"+m.of("", "notes/")+"donnees.csv"] = "a,b\n1,2\n"
	}
	if m.oneIn(4) {
		b.WriteString("term_links = false\n[feeds]\nlimit = 1\n")
	}
	if m.full {
		text := fullConfig
		if !m.english {
			text = strings.NewReplacer(`{ fr = "Actualités", en = "News" }`, `"Actualités"`, `{ fr = "/actualites/:slug/", en = "/news/:slug/" }`, `"/actualites/:slug/"`).Replace(text)
		}
		b.WriteString(text)
	}
	m.site["config.toml"] = b.String()
}

// fullConfig declares a bit of everything.
const fullConfig = `[kinds.article]
title = { fr = "Actualités", en = "News" }
folder = "actualites"
permalink = { fr = "/actualites/:slug/", en = "/news/:slug/" }
news = true
taxonomies = ["tags", "authors"]
[kinds.provider]
title = "Fournisseurs"
folder = "fournisseurs"
schema = "Organization"
properties = ["staff", "owner", "website", "services", "adopted", "certified"]
taxonomies = ["tags"]
[kinds.term]
title = "Glossaire"
folder = "glossaire"
taxonomies = ["tags"]
[properties]
staff = { title = "Effectif", type = "number" }
owner = { title = "Auteur", type = "page", inverse = "Auteur de" }
website = { title = "Site", type = "url" }
services = { title = "Services", type = "text", multiple = true }
adopted = { title = "Adoption", type = "date" }
certified = { title = "Certifié", type = "boolean" }
[views]
board = "tableau"
comparison = "comparer"
timeline = "chronologie"
state = "etat"
changes = "changements"
deadlines = "echeances"
sources = "les-sources"
data = "donnees"
glossary = "glossaire"
`

// sources writes the table of sources; one is for pages that are hidden alone.
func (m *making) sources() {
	if !m.full && !m.oneIn(3) {
		return
	}
	m.site["content/sources.toml"] = fmt.Sprintf(`# %s
[[sources]]
id = "un"
title = "Un titre"
publisher = "Éditeur"
url = "https://example.com/un"
date = "2025-01-01"
type = "official"
[[sources]]
id = "cachee"
title = %q
publisher = %q
url = "https://example.com/%s"
date = "2025-01-02"
type = "press"
`, m.word("sources"), m.word("source"), m.word("source"), m.word("source"))
}

// names decides which pages there are, and what lies beside them.
func (m *making) names() {
	for n := 1 + m.below(6); n > 0; n-- {
		p := page{file: m.of("a.md", "b.md", "c.md", "x.MD", "Réunion du 3.md", "Re\u0301union.md", "node.js.md", "2025-04-17-note.md", "index.md", "_index.md", "b.markdown",
			"C.md", "a.en.md", "b.en.md", "b.EN.md", "search.md", "recherche.md", "404.md", "feed.md", "page.md", "2025.md", "archives.md", "sitemap.md",
			"a~b.md", "c#.md", "d e.md", "con.md", "l’été.md", "œuvre.md", "100 %.md", m.risk("a.md", "+.md"), m.risk("b.md", "…….md"), "en.md", "tags.md", strings.Repeat("long-", 30)+"nom.md", "[x].md", "a?b.md", "日本.md")}
		dir := m.of("", "notes", "actualites", "fournisseurs", "glossaire", "Dossier d’été", "notes/sous", "tags", "en", "node.js", "2025", "page", "search", "notes/a")
		p.kind = map[string]string{"actualites": "article", "fournisseurs": "provider", "glossaire": "term"}[dir]
		p.file = path.Join(dir, p.file)
		switch m.below(9) {
		case 5:
			p.hidden = "draft"
		case 6:
			p.hidden = "future"
		case 7:
			p.hidden = "expired"
		case 8:
			p.hidden = "spelling"
		}
		if _, taken := m.site["content/"+p.file]; taken {
			continue
		}
		m.site["content/"+p.file] = "" // taken
		m.pages = append(m.pages, p)
	}
	if m.oneIn(2) {
		m.drawing = m.of("plan.svg", "notes/plan.svg", "Schéma été.svg")
		m.site["content/"+m.drawing] = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><!-- ` + m.word("svg") + ` --><rect width="5" height="5"/></svg>`
	}
	if m.oneIn(3) {
		name := m.of("rapport.pdf", "notes/données.csv", "a/rapport.txt", "café.txt", "index.html", "search/x.txt", "feed.xml")
		m.resources = append(m.resources, name)
		m.site["content/"+name] = "données " + fmt.Sprint(m.words)
	}
}

// front is a page's front matter in one of its forms.
type front struct {
	form string // yaml, toml, json
	b    strings.Builder
	open bool // JSON: a key stands before
}

var bareDate = regexp.MustCompile(`^\d{4}-\d\d-\d\d$`)

func (f *front) key(name, value string) {
	switch f.form {
	case "toml":
		fmt.Fprintf(&f.b, "%s = %s\n", name, value)
	case "json":
		if f.open {
			f.b.WriteString(",\n")
		}
		f.open = true
		if bareDate.MatchString(value) { // JSON has none
			value = `"` + value + `"`
		}
		fmt.Fprintf(&f.b, "  %q: %s", name, value)
	default:
		fmt.Fprintf(&f.b, "%s: %s\n", name, value)
	}
}

func (f *front) comment(text string) {
	if f.form != "json" {
		fmt.Fprintf(&f.b, "# %s\n", text)
	}
}

func (f *front) close() string {
	switch f.form {
	case "toml":
		return "+++\n" + f.b.String() + "+++\n"
	case "json":
		return "{\n" + f.b.String() + "\n}\n"
	}
	return "---\n" + f.b.String() + "---\n"
}

// write writes a page: its front matter, its text, what editors leave beside it.
func (m *making) write(p *page) {
	text := ""
	isEnglish := m.english && strings.HasSuffix(p.file, ".en.md")
	translates := isEnglish && m.site["content/"+strings.TrimSuffix(p.file, ".en.md")+".md"] != ""
	if isEnglish { // it may be that of a hidden page, and inherits that
		for _, other := range m.pages {
			if other.file == strings.TrimSuffix(p.file, ".en.md")+".md" {
				translates = true
				if other.hidden != "" {
					p.hidden = other.hidden
				}
			}
		}
	}
	if p.hidden != "" || translates || !m.oneIn(6) {
		text = m.front(p, translates)
	} else if m.oneIn(2) {
		text = "# Un titre " + m.word("") + "\n\n"
	}
	text += m.body(p)
	m.site["content/"+p.file] = text
	if m.oneIn(8) {
		base, dir := path.Base(p.file), path.Dir(p.file)
		leaving := m.of(base+"~", "#"+base+"#", base+".bak", base+".orig", "."+base+".swp", base+".swp", "4913", "~$"+base, "Thumbs.db", ".DS_Store", base+".tmp", "copie de "+base+".txt")
		m.site["content/"+path.Join(dir, leaving)] = m.word("leaving")
	}
}

func (m *making) front(p *page, translates bool) string {
	f := &front{form: m.of("yaml", "toml", "json")}
	say := func() string { return m.word(p.hidden) }
	f.key("title", `"`+m.of("Titre ", "L'été à 100 % : ", "# ", "« A » & <b> ", "[x](y) ", "*a* ", "a\\u00a0b ")+say()+`"`)
	if m.oneIn(3) {
		f.comment(m.word("mattercomment"))
	}
	switch {
	case p.hidden == "draft":
		f.key("draft", "true")
	case p.hidden == "expired" && !translates:
		f.key("expires", m.of("2026-11-29", `"2020-01-01"`, `"2026-11-30T11:59:59Z"`))
	case p.hidden == "spelling" && !translates: // of other tools
		spelling := [][2]string{{"published", "false"}, {"Draft", "true"}, {"expiryDate", `"2020-01-01"`}, {"publishDate", `"2099-01-01"`}, {"status", `"draft"`}, {"draft", `"yes"`}, {"private", "true"}}[m.below(7)]
		f.key(spelling[0], spelling[1])
	case p.hidden == "future" && !translates:
		f.key("date", m.of("2026-12-01", `"2027-01-01"`, `"2026-11-30T12:00:01Z"`))
	case p.hidden != "": // it inherits
	case !translates && m.oneIn(2):
		f.key("date", m.of("2025-04-17", "2026-11-29", `"2026-11-30T11:59:59Z"`, "0001-01-01", "1969-12-31"))
	}
	if m.oneIn(3) {
		f.key("description", `"`+m.of("Une description ", "<script> ", "a < b & c ")+say()+`"`)
	}
	if !translates && m.oneIn(3) {
		f.key("tags", `["`+m.of("Budget", "budget", "BUDGET", "Été", "ete", "C", "C++", "node.js", "a/b", "search", "page", "日本", "x y")+`", "`+m.of("thème ", "Été ")+say()+`"]`)
	}
	if m.oneIn(5) {
		f.key("aliases", `["/`+m.of("ancien/", "vieux-", "a/b.html/", "Été/")+say()+`/"]`)
	}
	if m.oneIn(6) {
		f.key("names", `["Autre `+say()+`"]`)
	}
	if m.oneIn(6) {
		f.key("weight", m.of("1", "2", "-1"))
	}
	if m.oneIn(8) {
		f.key("slug", `"`+m.of("s-", "un-slug-", "")+say()+`"`)
	}
	if m.drawing != "" && m.oneIn(6) {
		f.key("image", `"/`+m.drawing+`"`)
	}
	if m.oneIn(6) {
		f.key("params", map[string]string{"toml": "{ note = %q }", "json": "{\"note\": %q}", "yaml": "{ note: %q }"}[f.form])
		s := f.b.String()
		f.b.Reset()
		f.b.WriteString(strings.ReplaceAll(s, "%q", `"`+m.word("params")+`"`))
	}
	if m.unknown != "error" && m.oneIn(4) {
		f.key(m.of("categories", "layout", "type", "cascade", "mot", "seo_title"), `"`+m.word("unknownkey")+`"`)
	}
	if p.hidden == "" && m.risky && m.oneIn(8) {
		f.key(m.of("titel", "description", "date", "tags", "weight", "aliases"), m.of(`"oui"`, "3", "[]", "{}", "null", `"2025-99-99"`))
	}
	if m.full && p.kind == "provider" && !translates && f.form == "toml" {
		m.statements(f, p, say)
	}
	if m.full && p.kind != "provider" && !translates && f.form == "toml" && m.oneIn(3) { // an event on a page of any kind
		fmt.Fprintf(&f.b, "[[events]]\ndate = \"2025-06\"\ntitle = \"Autre jalon %s\"\nsource = \"un\"\n", say())
		return f.close()
	}
	if m.full && p.kind == "term" && !translates && m.oneIn(2) {
		f.key("definition", `"Une définition `+say()+`"`)
	}
	return f.close()
}

// statements writes a page's facts and events.
func (m *making) statements(f *front, p *page, say func() string) {
	source := "un"
	if p.hidden != "" && m.oneIn(2) {
		source = "cachee"
	}
	for n := m.below(4); n > 0; n-- {
		property, value := "services", `"`+m.of("Service ", "a & b ", "<b> ")+say()+`"`
		switch m.below(5) {
		case 1:
			property, value = "staff", m.of("12", "1_000", "-3.5", "0")
		case 2:
			property, value = "website", `"https://example.com/`+say()+`"`
		case 3:
			property, value = "certified", "true"
		case 4:
			property, value = "adopted", `"`+m.of("2024", "2024-05", "2024-05-17", "2024?")+`"`
		}
		fmt.Fprintf(&f.b, "[[facts]]\nproperty = %q\nvalue = %s\nas_of = %q\nsource = %q\nstatus = %q\n", property, value,
			m.of("2025", "2025-03", "2025-03-04", "2024/2025", "2025~"), source, m.of("current", "announced", "disputed", "to-confirm"))
	}
	for n := m.below(3); n > 0; n-- {
		fmt.Fprintf(&f.b, "[[events]]\ndate = %q\ntitle = \"Jalon %s\"\nsource = %q\n", m.of("2025-04-17", "2025", "2025-05", "2027-01-01", "2026-11-30"), say(), source)
	}
}

// views writes the pages that show what is made from facts and events.
func (m *making) views() {
	if !m.full {
		return
	}
	for _, name := range []string{"tableau", "comparer", "chronologie", "etat", "changements", "echeances", "les-sources", "donnees", "glossaire/_index"} {
		if m.site["content/"+name+".md"] == "" {
			m.site["content/"+name+".md"] = "+++\ntitle = \"Vue " + path.Base(name) + "\"\n+++\n"
		}
		if m.english && m.oneIn(3) {
			m.site["content/"+name+".en.md"] = "+++\ntitle = \"View " + path.Base(name) + "\"\n+++\n"
		}
	}
}

// beside puts files beside the content.
func (m *making) beside() {
	m.site["notes.md"] = m.word("beside")
	if m.oneIn(4) {
		m.site["content/.obsidian/x.md"] = m.word("dotfile")
		m.site["content/queries.toml"] = "# " + m.word("queries") + "\n"
	}
	if m.oneIn(6) {
		m.site["static/"+m.of("robots.txt", "libre.txt", "sub/x.txt", "CNAME", "a/index.html", "search/x.txt")] = "User-agent: *\n"
	}
	if m.oneIn(8) {
		m.site["static/css/main.css"] = "/* " + m.word("css") + " */\nbody { color: black }\n"
	}
	if m.oneIn(8) {
		m.site["layouts/page.html"] = `{{ define "main" }}{{/* ` + m.word("layout") + ` */}}<!-- ` + m.word("layout") + ` --><h1>{{ .Title }}</h1>{{ .Content }}{{ template "partials/statements.html" . }}{{ end }}`
	}
}
