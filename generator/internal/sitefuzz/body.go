package sitefuzz

import (
	"fmt"
	"path"
	"strings"
)

// body makes a page's text: pieces of Markdown, some inside others.
func (m *making) body(p *page) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n", m.word(p.hidden))
	for n := m.below(7); n > 0; n-- {
		piece := m.piece(p)
		if !strings.HasPrefix(piece, "[") { // a definition inside of something may be none, and is shown
			piece = m.wrap(piece)
		}
		b.WriteString(piece + "\n\n")
	}
	return b.String()
}

// wrap puts a piece into a list, a quotation or a callout, or leaves it alone.
func (m *making) wrap(piece string) string {
	indent := func(first, rest string) string {
		return first + strings.ReplaceAll(piece, "\n", "\n"+rest)
	}
	switch m.below(12) {
	case 6:
		return indent("- ", "  ")
	case 7:
		return indent("> ", "> ")
	case 8:
		return indent("1. ", "   ")
	case 9:
		return "> [!NOTE]\n" + indent("> ", "> ")
	case 10:
		return strings.ReplaceAll(piece, "\n", "\r\n")
	case 11:
		quote := strings.Repeat("> ", 1+m.below(m.up(4, 40)))
		return indent(quote, quote)
	}
	return piece
}

// piece is a piece of Markdown.
func (m *making) piece(p *page) string {
	say := func() string { return m.word(p.hidden) }
	hide := func(how string) string {
		if p.hidden != "" {
			how = p.hidden
		}
		return m.word(how)
	}
	switch n := m.below(34); n {
	case 0:
		return "Du texte : « oui » ! " + say()
	case 1:
		return "## Un titre " + say() + "\n\nDu texte."
	case 2:
		return m.link(p, say)
	case 3:
		return m.link(p, say) + " et " + m.link(p, say)
	case 4:
		return "<!-- " + hide("comment") + " -->"
	case 5:
		return "Avant <!-- " + hide("comment") + " --> après " + say()
	case 6:
		return "%%" + hide("obsidian") + "%% après " + say()
	case 7:
		return "%%\n" + hide("obsidian") + "\n%%\n\n" + say()
	case 8:
		return "[//]: # (" + hide("reference") + ")"
	case 9:
		return "[" + m.of("inutile", "a", "//") + "]: https://example.com/" + hide("reference") + " \"" + hide("reference") + "\""
	case 10:
		return fmt.Sprintf("[^n%d]: %s", m.words, hide("footnote"))
	case 11:
		id := m.words
		return fmt.Sprintf("Appel[^a%d] %s.\n\n[^a%d]: Note %s.", id, say(), id, say())
	case 12:
		return "| A | B |\n|---|:-:|\n| " + say() + " | `x` |\n| " + m.of("**y**", "a \\| b", "", m.risk("", "[[a|b]]")) + " | " + say() + " |"
	case 13:
		return "| A | B |\n|---|---|\n| 1 | 2 | " + hide("cell") + " |"
	case 14:
		return "```" + m.of("go", "", "html", "inconnu", "{.x}") + "\n" + say() + " <!-- x --> %%y%%\n```"
	case 15:
		return "- un " + say() + "\n  - deux\n\n    trois " + say() + "\n- [ ] quatre"
	case 16:
		if !m.risky {
			return "*" + say() + "* **" + say() + "** `" + say() + "`"
		}
		return "![" + say() + "](" + m.of("absente.png", "", "/"+m.drawing) + ")"
	case 17:
		if m.drawing == "" {
			return say()
		}
		return "![" + say() + "](/" + strings.ReplaceAll(m.drawing, " ", "%20") + m.of(")", " \"Légende\")")
	case 18:
		if !m.risky && m.html == "error" {
			return "<https://example.com/" + say() + ">"
		}
		if m.html == "trust" { // who trusts HTML gets what it says
			return m.of("<br>", "<kbd>x</kbd>", "<details><summary>a</summary>b</details>")
		}
		return m.of("<br>", "<kbd>x</kbd>", "<details><summary>a</summary>b</details>", "<div onclick=\"x\">a</div>", "<b>gras</b>", "<script>1</script>", "<a href=\"javascript:1\">x</a>", "<img src=x onerror=y>", "</main>")
	case 19:
		if !m.cites() {
			return say()
		}
		return "Une citation [@" + m.of("un", "un, p. 12", m.risk("un", "absente")) + "] " + say()
	case 20:
		if !m.risky {
			return "{ " + say() + " }"
		}
		return m.of("{{< figure src=\"x\" >}}", "{{% notice %}}a{{% /notice %}}", "{{ .Title }}", "{{<", "{% raw %}")
	case 21:
		return "a" + m.of("\v", "\x03", "\x7f", "\u0085", "\u200b", "\u2028", "\ufffe", "\U000e0001", "&#2;", "&#0;") + "b " + say()
	case 22:
		return strings.Repeat(m.of("*", "_", m.risk("*", "["), m.risk("_", "!["), "x`", "(", "<", "> ", "- ", "  - ", "**a ", "x~~"), 1+m.below(m.up(5, 250))) + say()
	case 23:
		if !m.cites() {
			return say()
		}
		return "> Une phrase " + say() + ".\n>\n> — Jeanne " + say() + ", directrice [@un]"
	case 24:
		return "> [!" + m.of("NOTE", "TIP", m.risk("NOTE", "info"), m.risk("TIP", "bizarre")) + "]" + m.of("", "-", "+") + m.of("", " Un titre "+say()) + "\n> Texte " + say()
	case 25:
		return "==marqué== " + m.of("^bloc1", "#motdièse", "#"+say(), "#"+say()+"/sous", m.risk("a", "![[plan.svg|300]]"), m.risk("b", "![[a]]"), "~~barré~~", "H~2~O", "$x^2$", ":smile:") + " " + say()
	case 26:
		return "Titre " + say() + "\n" + m.of("===", "---", "- suite", "1) suite", "+ suite", "# suite")
	case 27:
		return strings.Repeat("#", 2+m.below(m.up(1, 5))) + " Un titre " + say()
	case 28:
		return "Terme\n: Définition " + say()
	case 29:
		return "<" + m.of("https://example.com/"+say(), "jean@example.com", "a@b") + "> https://fr.wikipedia.org/wiki/École_polytechnique"
	case 30:
		if !m.risky {
			return say()
		}
		return "[=" + m.of("staff", "a.staff", "b#x", "absente.staff") + "] " + say()
	case 31:
		id := fmt.Sprint("r", m.words)
		return "[x][" + id + "]\n\n[" + id + "]: " + m.of("https://example.com/", m.risk("/", "a.md"), m.risk("/", "absente.md"), m.risk("/", "#ancre"), m.risk("/", "<>")) + m.of("", " \"Titre "+say()+"\"")
	case 32:
		return "<!--\n\n" + hide("comment") + "\n\n" + m.of("-->", "--> suite") + "\n\n" + say()
	}
	return say() + "  \nsuite\\\nfin " + m.of("&amp;", "&nbsp;", "&", "&#x41;", "&bogus;")
}

// link is a link to a page that is published, most of the time, or to something else.
func (m *making) link(p *page, say func() string) string {
	target := m.pages[m.below(len(m.pages))]
	if target.hidden != "" && p.hidden == "" && !m.risky {
		return say()
	}
	file := "/" + target.file
	stem := strings.TrimSuffix(path.Base(target.file), path.Ext(target.file))
	relative := file[1:]
	for range strings.Count(p.file, "/") {
		relative = "../" + relative
	}
	switch m.below(12) {
	case 0:
		return "[" + say() + "](<" + relative + ">)"
	case 1:
		return "[[" + stem + "]] " + say()
	case 2:
		return "[[" + stem + "|" + say() + "]]"
	case 3:
		return "[" + say() + "](" + strings.ReplaceAll(strings.ReplaceAll(relative, " ", "%20"), "é", m.of("é", "%C3%A9", "e%CC%81")) + m.of("", m.risk("", "#"), m.risk("", "#absente"), "?q=x") + ")"
	case 4:
		return "[[" + strings.TrimSuffix(target.file, ".md") + m.of("", m.risk("", "#Un titre"), m.risk("", "^bloc")) + "]] " + say()
	case 5:
		return "[" + say() + "](" + m.of("/", "mailto:a@example.com", "tel:+33", "/search/", "/sitemap.xml", "/llms.txt", "/404.html", "/robots.txt",
			m.risk("/", m.of("absente.md", "/absente/", "..", "../../..", "#", "", "/feed.xml", "/tags/", "?x", "//example.com/x", "javascript:alert(1)", "a b", "%zz", "http://[::1"))) + ")"
	case 6:
		if len(m.resources) > 0 {
			return "[" + say() + "](</" + m.resources[0] + ">)"
		}
	case 9:
		if m.drawing != "" {
			return "[" + say() + "](</" + m.drawing + ">)"
		}
	case 10:
		if m.drawing != "" {
			return "![[" + path.Base(m.drawing) + "]] " + say()
		}
	case 7:
		return "[" + say() + "](https://example.com/" + m.of("a", "é", "a?b=c&d", "(x)", "%20") + ")"
	case 8:
		if len(m.resources) > 0 {
			return "[" + say() + "](/" + m.resources[0] + ")"
		}
	}
	return say()
}
