package sitetest

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/txtar"
)

// Step is what an editor does in one go: files written, moved and removed.
type Step struct {
	Label string
	Acts  []Act
}

// Act is one change of a file or folder, by its path below the site's folder.
type Act struct {
	Verb string // write | remove | move
	Path string
	To   string // of a move
	Text string // of what is written
}

// Paths are what a watcher of files would tell of a step.
func (s Step) Paths() []string {
	var list []string
	for _, a := range s.Acts {
		list = append(list, a.Path)
		if a.Verb == "move" {
			list = append(list, a.To)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// Apply does a step to the site in a folder. Acts on what is no longer there do
// nothing: sequences are shortened by leaving steps out.
func (s Step) Apply(dir string) error {
	at := func(name string) string { return filepath.Join(dir, filepath.FromSlash(name)) }
	for _, a := range s.Acts {
		var err error
		switch a.Verb {
		case "write":
			if err = os.MkdirAll(filepath.Dir(at(a.Path)), 0o755); err == nil {
				err = os.WriteFile(at(a.Path), []byte(a.Text), 0o644)
			}
		case "remove":
			err = os.RemoveAll(at(a.Path))
		case "move":
			if _, gone := os.Stat(at(a.Path)); gone != nil || a.Path == a.To {
				continue
			}
			if err = os.MkdirAll(filepath.Dir(at(a.To)), 0o755); err == nil {
				if err = os.RemoveAll(at(a.To)); err == nil {
					err = os.Rename(at(a.Path), at(a.To))
				}
			}
		default:
			err = fmt.Errorf("verb %q is unknown", a.Verb)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// FormatSteps writes steps as text that [ParseSteps] reads: a section for each act,
// named "step verb path [to]".
func FormatSteps(comment string, steps []Step) []byte {
	archive := &txtar.Archive{Comment: []byte(comment)}
	for i, s := range steps {
		for _, a := range s.Acts {
			name := strings.TrimSpace(fmt.Sprintf("%d %s %s %s", i+1, a.Verb, a.Path, a.To))
			archive.Files = append(archive.Files, txtar.File{Name: name, Data: []byte(a.Text)})
		}
	}
	return txtar.Format(archive)
}

// ParseSteps reads what [FormatSteps] wrote.
func ParseSteps(text []byte) ([]Step, error) {
	var steps []Step
	last := ""
	for _, f := range txtar.Parse(text).Files {
		fields := strings.Fields(f.Name)
		if len(fields) < 3 {
			return nil, fmt.Errorf("section %q: want a step, a verb and a path", f.Name)
		}
		if fields[0] != last {
			last = fields[0]
			steps = append(steps, Step{Label: last})
		}
		a := Act{Verb: fields[1], Path: fields[2], Text: string(f.Data)}
		if len(fields) > 3 {
			a.To = fields[3]
		}
		step := &steps[len(steps)-1]
		step.Acts = append(step.Acts, a)
	}
	return steps, nil
}

// Editing makes up what editors do to a site. The same source of chance gives the
// same edits.
type Editing struct {
	chance *rand.Rand
	files  map[string]string // what the site holds, by path
	serial int
}

// editedConfig is the configuration of the site that is edited.
const editedConfig = `title = "Essai"
tagline = "Un site qui change"
base_url = "https://example.org/"
timezone = "Europe/Paris"
paginate = 5
[languages.fr]
name = "Français"
[languages.en]
name = "English"
prefix = "en"
[kinds.article]
title = { fr = "Actualités", en = "News" }
folder = "actualites"
permalink = { fr = "/actualites/:slug/", en = "/news/:slug/" }
news = true
forms = { breve = "Brève", analyse = "Analyse" }
[kinds.provider]
title = { fr = "Fournisseurs", en = "Providers" }
folder = "fournisseurs"
properties = ["staff", "owner", "website"]
[kinds.term]
title = "Glossaire"
folder = "glossaire"
[properties]
staff = { title = "Effectif", type = "number", unit = "personnes" }
owner = { title = "Propriétaire", type = "page", multiple = true }
website = { type = "url" }
[views]
sources = "liste"
timeline = "dates"
board = "tableau"
state = "etat"
changes = "changements"
deadlines = "echeances"
data = "donnees"
comparison = "comparer"
glossary = "glossaire"
`

// NewEditing returns the files of a site of some sixty pages in two languages, and
// what edits them.
func NewEditing(chance *rand.Rand) *Editing {
	e := &Editing{chance: chance, files: map[string]string{"config.toml": editedConfig}}
	var sources strings.Builder
	for i := range 6 {
		fmt.Fprintf(&sources, "[[sources]]\nid = \"s%d\"\ntitle = \"Source %d\"\npublisher = \"Éditeur %d\"\nurl = \"https://example.com/%d\"\ndate = \"2025-0%d\"\ntype = \"press\"\n\n", i, i, i%3, i, i+1)
	}
	e.files["content/sources.toml"] = sources.String()
	e.files["content/_index.md"] = "+++\ntitle = \"Essai\"\n+++\nAccueil.\n"
	e.files["content/_index.en.md"] = "+++\ntitle = \"Trial\"\n+++\nHome.\n"
	for _, name := range []string{"liste", "dates", "tableau", "etat", "changements", "echeances", "donnees", "comparer"} {
		e.files["content/"+name+".md"] = "+++\ntitle = \"" + strings.ToUpper(name[:1]) + name[1:] + "\"\n+++\nTexte.\n"
	}
	e.files["content/liste.en.md"] = "+++\ntitle = \"Sources\"\n+++\nText.\n"
	e.files["static/css/main.css"] = "body { color: #123456 }\n"
	e.files["static/icone.svg"] = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4"><path d="M0 0h4v4z"/></svg>`
	e.files["content/fournisseurs/figure.svg"] = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path d="M0 0h8v8z"/></svg>`
	for range 26 {
		e.newPage("actualites")
	}
	for range 9 {
		e.newPage("fournisseurs")
	}
	for range 7 {
		e.newPage("glossaire")
	}
	for range 3 {
		e.newPage("")
	}
	for _, name := range e.pages() {
		if e.chance.IntN(3) == 0 {
			e.files[strings.TrimSuffix(name, ".md")+".en.md"] = e.translation()
		}
	}
	return e
}

// Files is the site as it should be now, by path.
func (e *Editing) Files() map[string]string { return e.files }

func (e *Editing) pick(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[e.chance.IntN(len(list))]
}

// pages lists the default language's pages, sorted.
func (e *Editing) pages() []string {
	var list []string
	for name := range e.files {
		if strings.HasPrefix(name, "content/") && strings.HasSuffix(name, ".md") && !strings.HasSuffix(name, ".en.md") && path.Base(name) != "_index.md" && (strings.Count(name, "/") > 1 || strings.HasPrefix(path.Base(name), "page-") || strings.HasPrefix(path.Base(name), "renomme-")) {
			list = append(list, name)
		}
	}
	slices.Sort(list)
	return list
}

var (
	editWords = strings.Fields("le cloud de confiance souverain qualification jalon données hébergement été clé œuvre sécurité fournisseur loi État décision exigence audit réversibilité catalogue annonce")
	editTags  = []string{"bleu", "droit", "europe", "santé"}
)

func (e *Editing) words(n int) string {
	var list []string
	for range n {
		list = append(list, e.pick(editWords))
	}
	return strings.Join(list, " ")
}

func (e *Editing) title() string {
	e.serial++
	return strings.ToUpper(e.words(1)[:1]) + e.words(2) + fmt.Sprintf(" %d", e.serial)
}

// body makes up Markdown with links, citations, headings and the like.
func (e *Editing) body() string {
	var b strings.Builder
	for i := range 1 + e.chance.IntN(4) {
		if i > 0 {
			fmt.Fprintf(&b, "## %s\n\n", e.pick([]string{"Contexte", "Suite", "Détails", "Et après"}))
		}
		b.WriteString(e.words(5 + e.chance.IntN(30)))
		switch e.chance.IntN(10) {
		case 0:
			fmt.Fprintf(&b, " [[%s]]", e.linkName())
		case 1:
			fmt.Fprintf(&b, " [[%s|un lien]]", e.linkName())
		case 2:
			target := e.pick(e.pages())
			if _, heading, ok := strings.Cut(e.files[target], "\n## "); ok {
				heading, _, _ = strings.Cut(heading, "\n")
				fmt.Fprintf(&b, " [[%s#%s]]", strings.TrimSuffix(path.Base(target), ".md"), heading)
			}
		case 3:
			fmt.Fprintf(&b, " [@s%d]", e.chance.IntN(6))
		case 4:
			fmt.Fprintf(&b, " [@s%d, p. 3] et encore [@s0]", e.chance.IntN(6))
		case 5:
			b.WriteString("\n\n![Une figure](/icone.svg \"Légende\")")
		case 6:
			b.WriteString("\n\n> [!NOTE]\n> " + e.words(4))
		case 8:
			for _, name := range e.pages() {
				if folderOf(name) == "fournisseurs" && strings.Contains(e.files[name], "property = \"staff\"") {
					fmt.Fprintf(&b, " Ils sont [=%s.staff]", strings.TrimSuffix(path.Base(name), ".md"))
					break
				}
			}
		case 7:
			b.WriteString(" « cité » ; voilà ![](/fournisseurs/figure.svg)")
		}
		b.WriteString(".\n\n")
	}
	return b.String()
}

func (e *Editing) linkName() string {
	return strings.TrimSuffix(path.Base(e.pick(e.pages())), ".md")
}

// matter makes up front matter for a page of a folder.
func (e *Editing) matter(folder string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "+++\ntitle = %q\n", e.title())
	if e.chance.IntN(2) == 0 {
		fmt.Fprintf(&b, "description = %q\n", e.words(8))
	}
	if folder == "actualites" {
		fmt.Fprintf(&b, "date = 2025-%02d-%02d\n", 1+e.chance.IntN(12), 1+e.chance.IntN(28))
		if e.chance.IntN(2) == 0 {
			b.WriteString("form = \"breve\"\n")
		}
	}
	if e.chance.IntN(2) == 0 {
		fmt.Fprintf(&b, "tags = [%q]\n", e.pick(editTags))
	}
	if e.chance.IntN(12) == 0 {
		b.WriteString("draft = true\n")
	}
	if e.chance.IntN(10) == 0 {
		fmt.Fprintf(&b, "aliases = [\"/ancien/%d/\"]\n", e.chance.IntN(40))
	}
	if folder == "fournisseurs" {
		fmt.Fprintf(&b, "[[facts]]\nproperty = \"staff\"\nvalue = %d\nas_of = \"2025\"\nsource = \"s%d\"\n", e.chance.IntN(5000), e.chance.IntN(6))
		if e.chance.IntN(2) == 0 && len(e.pages()) > 0 {
			fmt.Fprintf(&b, "[[facts]]\nproperty = \"owner\"\nvalue = %q\nas_of = \"2024\"\nsource = [\"s1\", \"s2\"]\n", e.linkName())
		}
		fmt.Fprintf(&b, "[[events]]\nid = \"e\"\ndate = \"2025-%02d\"\ntitle = { fr = %q, en = \"Event\" }\nsource = \"s3\"\n", 1+e.chance.IntN(9), e.words(3))
	}
	b.WriteString("+++\n")
	return b.String()
}

func (e *Editing) translation() string {
	return fmt.Sprintf("+++\ntitle = \"English %d\"\n+++\n%s text [@s1].\n", e.chance.IntN(1000), e.words(6))
}

func (e *Editing) newPage(folder string) string {
	e.serial++
	name := path.Join("content", folder, fmt.Sprintf("page-%d.md", e.serial))
	e.files[name] = e.matter(folder) + e.body()
	return name
}

// folderOf is the folder of a page below content/.
func folderOf(name string) string {
	return strings.TrimPrefix(strings.TrimPrefix(path.Dir(name), "content"), "/")
}

// split cuts a page into its front matter and its body.
func split(text string) (matter, body string) {
	i := strings.Index(text[min(4, len(text)):], "+++\n")
	if i < 0 {
		return "", text
	}
	i += 8
	return text[:i], text[i:]
}

// Next makes up the next step, and takes the site to have followed it.
func (e *Editing) Next() Step { return e.follow(e.step()) }

// EditText makes up a step that changes the Markdown of one page, or when it was updated.
func (e *Editing) EditText() Step {
	name := e.pick(e.pages())
	matter, body := split(e.files[name])
	switch e.chance.IntN(4) {
	case 0:
		body = e.body()
	case 1:
		lines := slices.DeleteFunc(strings.SplitAfter(matter, "\n"), func(line string) bool { return strings.HasPrefix(line, "updated") })
		if len(lines) > 3 {
			lines = slices.Insert(lines, 1, fmt.Sprintf("updated = 2026-%02d-%02d\n", 1+e.chance.IntN(11), 1+e.chance.IntN(19)))
			matter = strings.Join(lines, "")
		}
	case 2:
		body = strings.Replace(body, " ", " "+e.words(1)+" ", 1)
	default:
		body += "\n" + e.words(12) + ".\n"
	}
	return e.follow(Step{"edit text of " + name, []Act{{Verb: "write", Path: name, Text: matter + body}}})
}

// follow takes the site to have followed a step.
func (e *Editing) follow(s Step) Step {
	for _, a := range s.Acts {
		switch a.Verb {
		case "write":
			e.files[a.Path] = a.Text
		case "remove":
			for name := range e.files {
				if name == a.Path || strings.HasPrefix(name, a.Path+"/") {
					delete(e.files, name)
				}
			}
		case "move":
			if a.Path == a.To {
				continue
			}
			for name, text := range maps.Clone(e.files) {
				if rest, ok := strings.CutPrefix(name, a.Path); ok && (rest == "" || rest[0] == '/') {
					delete(e.files, name)
					e.files[a.To+rest] = text
				}
			}
		}
	}
	return s
}

func (e *Editing) step() Step {
	write := func(label, name, text string) Step {
		return Step{label, []Act{{Verb: "write", Path: name, Text: text}}}
	}
	pages := e.pages()
	if len(pages) < 20 {
		name := e.newPage("actualites")
		return write("new page", name, e.files[name])
	}
	name := e.pick(pages)
	matter, body := split(e.files[name])
	switch n := e.chance.IntN(100); {
	case n < 34:
		return write("edit body", name, matter+e.body())
	case n < 44:
		return write("edit a word", name, matter+strings.Replace(body, " ", " "+e.words(1)+" ", 1))
	case n < 54:
		return write("edit front matter", name, e.matter(folderOf(name))+body)
	case n < 60:
		created := e.newPage(e.pick([]string{"actualites", "fournisseurs", "glossaire", "", "notes", "actualites/2025"}))
		return write("new page", created, e.files[created])
	case n < 64:
		return Step{"remove page", []Act{{Verb: "remove", Path: name}}}
	case n < 68:
		e.serial++
		return Step{"rename page", []Act{{Verb: "move", Path: name, To: path.Join(path.Dir(name), fmt.Sprintf("renomme-%d.md", e.serial))}}}
	case n < 71:
		return Step{"move page", []Act{{Verb: "move", Path: name, To: path.Join("content", e.pick([]string{"glossaire", "notes", "actualites"}), path.Base(name))}}}
	case n < 76:
		translated := strings.TrimSuffix(name, ".md") + ".en.md"
		if _, ok := e.files[translated]; ok && e.chance.IntN(3) == 0 {
			return Step{"remove translation", []Act{{Verb: "remove", Path: translated}}}
		}
		return write("translate", translated, e.translation())
	case n < 80:
		text := e.files["content/sources.toml"]
		if e.chance.IntN(2) == 0 {
			text = strings.Replace(text, "Éditeur", e.pick([]string{"Maison", "Journal"}), 1)
		} else {
			e.serial++
			text += fmt.Sprintf("[[sources]]\nid = \"n%d\"\ntitle = \"Neuve\"\npublisher = \"X\"\nreference = \"r\"\ndate = \"2025\"\ntype = \"official\"\n", e.serial)
		}
		return write("sources", "content/sources.toml", text)
	case n < 84:
		layout := e.pick([]string{"article", "page", "section", "partials/footer", "partials/title-link"})
		file := "layouts/" + layout + ".html"
		if _, ok := e.files[file]; ok && e.chance.IntN(2) == 0 {
			return Step{"remove layout", []Act{{Verb: "remove", Path: file}}}
		}
		text := "{{define \"main\"}}<h1 id=\"neuf\">{{.Title}}</h1>{{.Content}}<p>" + e.words(2) + "</p>{{end}}\n"
		if strings.HasPrefix(layout, "partials/") {
			text = "<a href=\"{{.URL}}\">{{.Title}}</a><!-- " + e.words(1) + " -->"
			if layout == "partials/footer" {
				text = "<footer><p>" + e.words(3) + "</p></footer>\n"
			}
		}
		return write("layout", file, text)
	case n < 88:
		return write("style", "static/css/main.css", fmt.Sprintf("body { color: #%06x }\n", e.chance.IntN(1<<24)))
	case n < 90:
		return write("static", fmt.Sprintf("static/fichier-%d.txt", e.chance.IntN(3)), e.words(3))
	case n < 92:
		return write("image", e.pick([]string{"static/icone.svg", "content/fournisseurs/figure.svg"}),
			fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d 9"><path d="M0 0h8v8z"/></svg>`, 1+e.chance.IntN(20)))
	case n < 95:
		text := e.files["config.toml"]
		switch e.chance.IntN(3) {
		case 0:
			text = strings.Replace(text, "tagline = \"", "tagline = \""+e.words(1)+" ", 1)
		case 1:
			text = strings.Replace(text, "paginate = 5", fmt.Sprintf("paginate = %d", 3+e.chance.IntN(5)), 1)
		default:
			text = strings.Replace(text, "title = \"Glossaire\"", "title = \"Lexique\"", 1)
		}
		return write("configuration", "config.toml", text)
	case n < 97: // several files at once
		other := e.pick(pages)
		m, _ := split(e.files[other])
		return Step{"two bodies", []Act{{Verb: "write", Path: name, Text: matter + e.body()}, {Verb: "write", Path: other, Text: m + e.body()}}}
	case n < 98:
		return write("broken front matter", name, strings.Replace(e.files[name], "title = ", "title ", 1))
	case n < 99:
		return Step{"move folder", []Act{{Verb: "move", Path: "content/glossaire", To: "content/lexique"}}}
	default:
		return write("section", "content/actualites/_index.md", "+++\ntitle = \"Les "+e.words(1)+"\"\n+++\n"+e.body())
	}
}
