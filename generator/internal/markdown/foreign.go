package markdown

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// Syntaxes of other generators, which would be printed as they are written: shortcodes,
// template tags, attributes, admonitions. What can be nothing else is an error
// (foreign-syntax); what may be prose is a warning (suspected-syntax). Code may show them.

// asCode is how text that looks like a foreign syntax is written on purpose.
const asCode = "put it between backquotes if it is to be read as it is"

// foreignMark is a syntax that stands between two marks within text.
type foreignMark struct {
	open, close string
	what        string
	cure        func(content string) string
	plain       func(content string) bool // nil: always an error; false: a warning
	known       func(content string) bool // nil: always this syntax
}

// foreignMarks are tried in order: the longer openings stand first.
var foreignMarks = []foreignMark{
	{open: "{{<", close: ">}}", what: "shortcode", cure: shortcodeCure},
	{open: "{{%", close: "%}}", what: "shortcode", cure: shortcodeCure},
	{open: "{{", close: "}}", what: "template expression", cure: expressionCure, plain: isBlockExpression, known: isExpression},
	{open: "{%", close: "%}", what: "template tag", cure: tagCure, known: isTemplateTag},
	{open: "{#", close: "#}", what: "template comment", cure: constant("write <!-- … -->, or remove it")},
	{open: "{/*", close: "*/}", what: "MDX comment", cure: constant("write <!-- … -->, or remove it")},
	{open: "<%", close: "%>", what: "template tag", cure: constant("write the text that it would give, or " + asCode)},
	{open: "{:", close: "}", what: "kramdown attribute list", cure: kramdownCure, known: isKramdown},
}

func constant(cure string) func(string) string { return func(string) string { return cure } }

var (
	expression       = regexp.MustCompile(`^[-~{]?[ \t]*[\pL_.$@"'(|#/&>!^*][^{}]*$`)
	templateTag      = regexp.MustCompile(`^[-+]?\s*[A-Za-z]`)
	kramdown         = regexp.MustCompile(`^[ \t]*[.#/:A-Za-z][^{}\n]*$`)
	attributes       = regexp.MustCompile(`^\{:?[ \t]*(?:[.#][A-Za-z][\w:.-]*|[A-Za-z][\w-]*=(?:"[^"\n]*"|'[^'\n]*'|[^\s"'{}]+))(?:[ \t]+(?:[.#]?[A-Za-z][\w:.-]*(?:=(?:"[^"\n]*"|'[^'\n]*'|[^\s"'{}]+))?))*[ \t]*\}`)
	inlineFormula    = regexp.MustCompile(`^\$[^\s$](?:[^$\n]*\\[A-Za-z]+[^$\n]*)\$|^\$\\[A-Za-z]+[^$\n]*\$`)
	shortcodeArg     = regexp.MustCompile(`([A-Za-z_-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|` + "`([^`]*)`" + `|(\S+))|"([^"]*)"|` + "`([^`]*)`" + `|(\S+)`)
	containerFence   = regexp.MustCompile(`^:{3,}[ \t]*(?:([A-Za-z{\[].*))?$`)
	admonition       = regexp.MustCompile(`^(?:!!!|\?\?\?\+?)[ \t]+([a-z][a-z-]*)((?:[ \t]+[a-z-]+)*)([ \t]+"[^"]*")?[ \t]*$`)
	contentTab       = regexp.MustCompile(`^===[+!]?[ \t]+"[^"]*"[ \t]*$`)
	snippet          = regexp.MustCompile(`^-{1,2}8<-{1,2}(?:[ \t]+["'].*)?[ \t]*$`)
	moduleImport     = regexp.MustCompile(`^import[ \t]+(?:[\w$*{][^'"]*[ \t]from[ \t]+)?["'][^"']+["'];?[ \t]*$`)
	moduleExport     = regexp.MustCompile(`^export[ \t]+(?:(?:const|let|var)[ \t]+\w+[ \t]*=|default[ \t(]|(?:async[ \t]+)?function\b)`)
	contentsMark     = regexp.MustCompile(`(?i)^(?:\[toc\]|\$\{toc\}|\{toc\}|@\[toc\](?:\(.*\))?|\[\[_toc_\]\])[ \t]*$`)
	dataviewInline   = regexp.MustCompile(`^(?:=[ \t]*this[.\[]|\$=[ \t]*dv\.)`)
	foreignTargets   = regexp.MustCompile(`^(?:\{(filename|static|attach|tag|category|author|index)\}|\|(filename|static|attach)\|)(.*)$`)
	templateInTarget = regexp.MustCompile(`\{\{|\{%|<%`)
)

func isExpression(content string) bool { return expression.MatchString(content) }

// isBlockExpression reports whether an expression in double braces is one of a template
// that is no mere value: a block, a partial, a comment.
func isBlockExpression(content string) bool {
	content = strings.TrimLeft(content, "-~ \t")
	return content != "" && strings.IndexByte("#/!>^", content[0]) >= 0
}

func isTemplateTag(content string) bool {
	return templateTag.MatchString(content) && !strings.Contains(content, "{%")
}

func isKramdown(content string) bool { return kramdown.MatchString(content) }

// foreignParser reports what is written in the syntaxes of others, and leaves it as text.
type foreignParser struct{}

// Trigger implements [parser.InlineParser].
func (foreignParser) Trigger() []byte { return []byte{'{', '<', '$'} }

// Parse implements [parser.InlineParser].
func (foreignParser) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, segment := block.PeekLine()
	s, _ := pc.Get(surveyKey).(*survey)
	if s == nil || len(line) < 3 {
		return nil
	}
	var before byte = '\n'
	if segment.Start > 0 {
		before = block.Source()[segment.Start-1]
	}
	if line[0] == '$' {
		s.formula(line, segment.Start, before, block)
		return nil
	}
	if before == '{' && (segment.Start < 2 || block.Source()[segment.Start-2] != '\\') {
		return nil // the first brace was looked at
	}
	for _, m := range foreignMarks {
		if !bytes.HasPrefix(line, []byte(m.open)) {
			continue
		}
		rest := restOf(block)
		content, _, closed := strings.Cut(rest[len(m.open):], m.close)
		if !closed && (m.open == "{{<" || m.open == "{{%") {
			content, _, _ = strings.Cut(rest[len(m.open):], "\n")
			s.errorf(segment.Start, len(m.open), "foreign-syntax", "%s that begins with %s does not end in its paragraph", m.what, m.open).
				suggest("%s", m.cure(content))
			return nil
		}
		if !closed || m.known != nil && !m.known(content) {
			continue
		}
		length := len(m.open) + len(content) + len(m.close)
		if m.plain != nil && !m.plain(content) {
			s.errorf(segment.Start, length, "suspected-syntax", "%s %s is printed as it is written", m.what, short(rest[:length])).
				suggest("%s", m.cure(content)).warning()
			return nil
		}
		s.foreign(m, rest[:length], content, segment.Start)
		return take(parent, block, length)
	}
	if at := attributes.Find(line); at != nil && (strings.IndexByte("])`*_\"", before) >= 0 || len(bytes.TrimSpace(line)) == len(at) && before == '\n') {
		s.errorf(segment.Start, len(at), "foreign-syntax", "attribute list %s is not read", short(string(at))).
			suggest("remove it: how things look is said by the site's style sheet; only headings take {#id}")
		return take(parent, block, len(at))
	}
	return nil
}

// foreign reports one construct. The end of a pair that was reported is not reported again.
func (s *survey) foreign(m foreignMark, whole, content string, offset int) {
	name := strings.TrimLeft(content, "-+~# \t\r\n")
	name, end := strings.CutPrefix(name, "/")
	name, _, _ = strings.Cut(strings.TrimSpace(name), " ")
	if rest, ok := strings.CutPrefix(name, "end"); ok && m.open == "{%" && rest != "" {
		name, end = rest, true
	}
	if end && s.foreignOpen[name] > 0 {
		s.foreignOpen[name]--
		return
	}
	if !end {
		if s.foreignOpen == nil {
			s.foreignOpen = map[string]int{}
		}
		s.foreignOpen[name]++
	}
	s.errorf(offset, len(whole), "foreign-syntax", "%s %s is not read", m.what, short(whole)).suggest("%s", m.cure(content))
}

// restOf returns what the block still holds, from where it is read.
func restOf(block text.Reader) string {
	number, position := block.Position()
	defer block.SetPosition(number, position)
	var b strings.Builder
	for range maxForeignLines {
		line, _ := block.PeekLine()
		if line == nil {
			break
		}
		b.Write(line)
		block.AdvanceLine()
	}
	return b.String()
}

// maxForeignLines is how many lines a construct may have.
const maxForeignLines = 100

// take takes the next n bytes of the block as text, line by line, and returns the last.
func take(parent ast.Node, block text.Reader, n int) ast.Node {
	for {
		line, segment := block.PeekLine()
		if len(line) >= n {
			block.Advance(n)
			return ast.NewTextSegment(segment.WithStop(segment.Start + n))
		}
		n -= len(line)
		part := ast.NewTextSegment(segment.TrimRightSpace(block.Source()))
		part.SetSoftLineBreak(true)
		parent.AppendChild(parent, part)
		block.AdvanceLine()
	}
}

// short returns a text as messages show it: one line, not too long.
func short(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > 60 {
		return string(r[:59]) + "…"
	}
	return s
}

// formula warns of TeX, whose source would be shown. Prices stay prose.
func (s *survey) formula(line []byte, offset int, before byte, block text.Reader) {
	if before == '$' || before == '\\' {
		return
	}
	found := ""
	if bytes.HasPrefix(line, []byte("$$")) {
		if content, _, closed := strings.Cut(restOf(block)[2:], "$$"); closed && strings.TrimSpace(content) != "" {
			found = "$$" + content + "$$"
		}
	} else {
		found = string(inlineFormula.Find(line))
	}
	if found != "" {
		s.errorf(offset, len(found), "suspected-syntax", "formula %s is printed as its source", short(found)).
			suggest("write it in words or signs, show it as an image, or %s", asCode).warning()
	}
}

// admonitionKinds are Material's and Python-Markdown's, which need no title to be known.
var admonitionKinds = []string{
	"note", "abstract", "summary", "tldr", "info", "todo", "tip", "hint", "important", "success", "check", "done", "question", "help", "faq",
	"warning", "caution", "attention", "failure", "fail", "missing", "danger", "error", "bug", "example", "quote", "cite", "seealso",
}

// foreignLines reports blocks of other syntaxes that begin with a line of their own. n is
// a paragraph, or the text of a list item.
func (s *survey) foreignLines(n ast.Node) {
	lines := n.Lines()
	module := true // all lines so far were of an MDX module
	for i := range lines.Len() {
		segment := lines.At(i)
		segment = segment.TrimLeftSpace(s.d.text)
		line := string(bytes.TrimRight(segment.Value(s.d.text), " \t\r\n"))
		if len(line) < 3 {
			continue
		}
		report := func(what, cure string, args ...any) {
			s.errorf(segment.Start, len(line), "foreign-syntax", "%s %s is not read", what, short(line)).suggest(cure, args...)
		}
		switch line[0] {
		case ':':
			m := containerFence.FindStringSubmatch(line)
			switch {
			case m == nil:
			case m[1] == "" && s.containers > 0:
				s.containers--
			case m[1] == "":
				report("fence", "remove it, or "+asCode)
			default:
				s.containers++
				kind := strings.FieldsFunc(m[1], func(r rune) bool { return strings.ContainsRune(" \t{}[].\"", r) })
				report("container", "write a callout: > [!%s], each line of it behind >", calloutOf(append(kind, "")[0]))
			}
		case '!', '?':
			m := admonition.FindStringSubmatch(line)
			if m != nil && (m[3] != "" || calloutKnown(m[1])) {
				report("admonition", "write a callout: > %s, each line of it behind >", strings.TrimSpace("[!"+calloutOf(m[1])+"] "+strings.Trim(m[3], " \t\"")))
			}
		case '=':
			if contentTab.MatchString(line) {
				report("tab", "write a heading")
			}
		case '-':
			if snippet.MatchString(line) {
				report("snippet", "write the text here: nothing is included")
			}
		case 'i', 'e':
			if module = module && (moduleImport.MatchString(line) || moduleExport.MatchString(line)); module {
				report("MDX line", "remove it: Markdown runs no code, or put it into a fenced block")
			}
		case '[', '{', '$', '@':
			if lines.Len() == 1 && contentsMark.MatchString(line) {
				report("table of contents", "remove it: the page's layout shows its headings")
			}
		}
	}
}

func calloutKnown(kind string) bool {
	for _, k := range admonitionKinds {
		if k == kind {
			return true
		}
	}
	return false
}

// foreignFences are blocks of code that others run or draw, and what they do.
var foreignFences = map[string]string{
	"dataview": "query", "dataviewjs": "query", "tasks": "query", "query": "query", "base": "query", "mermaid": "diagram", "plantuml": "diagram",
	"button": "button", "tracker": "chart", "chart": "chart", "math": "formula", "tikz": "diagram", "embed": "embed",
}

// foreignFence warns of a block of code that would show its source where its result is
// meant, and reports whether it has.
func (s *survey) foreignFence(n *ast.FencedCodeBlock, language string) bool {
	what, ok := foreignFences[language]
	if !ok {
		if kind := strings.Trim(language, "{}"); kind != language && calloutKnown(kind) {
			s.errorf(n.Info.Segment.Start, len(language), "foreign-syntax", "directive %s is not read", language).
				suggest("write a callout: > [!%s], each line of it behind >", calloutOf(kind))
			return true
		}
		return false
	}
	cure := "write what it would give"
	if what == "diagram" || what == "chart" {
		cure = "show it as an image"
	}
	s.errorf(n.Info.Segment.Start, len(language), "suspected-syntax", "%s in a block of %s is printed as its source", what, language).
		suggest("%s; if its source is meant, call the block text", cure).warning()
	return true
}

// foreignCode warns of code between backquotes that Obsidian's Dataview would run.
func (s *survey) foreignCode(n ast.Node, code string) {
	if !dataviewInline.MatchString(code) {
		return
	}
	first, ok := n.FirstChild().(*ast.Text)
	if !ok {
		return
	}
	s.errorf(first.Segment.Start, len(code), "suspected-syntax", "query `%s` is printed as its source", short(code)).
		suggest("write its result").warning()
}

// foreignTarget returns what is wrong with a target of a link or image that is written for
// another generator, and its cure; "" for nothing.
func foreignTarget(kind Kind, address string) (what, cure string) {
	form := "[text](%s)"
	if kind == KindImage {
		form = "![alternative text](%s)"
	}
	if m := foreignTargets.FindStringSubmatch(address); m != nil {
		switch word := m[1] + m[2]; word {
		case "filename", "static", "attach":
			return "{" + word + "}", "write the file's path: " + strings.Replace(form, "%s", firstOf(m[3], "file"), 1)
		default:
			return "{" + word + "}", "write the page's address"
		}
	}
	if at := templateInTarget.FindStringIndex(address); at != nil {
		rest := address
		for _, closing := range []string{"}}", "%}", "%>"} {
			if i := strings.LastIndex(rest, closing); i >= 0 {
				rest = rest[i+len(closing):]
			}
		}
		return short(address), "write the file's path or the page's name: " + strings.Replace(form, "%s", firstOf(strings.TrimPrefix(rest, "/"), "page.md"), 1)
	}
	return "", ""
}

// foreignHTML reports shortcodes and template tags within raw HTML that passes.
func (s *survey) foreignHTML(offset int, line []byte) {
	for i := 0; i < len(line); i++ {
		if line[i] != '{' {
			continue
		}
		for _, m := range foreignMarks {
			if (m.open != "{{<" && m.open != "{{%" && m.open != "{%") || !bytes.HasPrefix(line[i:], []byte(m.open)) {
				continue
			}
			content, _, closed := strings.Cut(string(line[i+len(m.open):]), m.close)
			if !closed || m.known != nil && !m.known(content) {
				continue
			}
			whole := m.open + content + m.close
			s.foreign(m, whole, content, offset+i)
			i += len(whole) - 1
			break
		}
	}
}

// codeElements hold text that is shown as it is written.
var codeElements = regexp.MustCompile(`(?i)<(?:pre|code|script|style|textarea)\b|<!--`)

// foreignHTMLBlock is foreignHTML for a block.
func (s *survey) foreignHTMLBlock(n *ast.HTMLBlock, raw []byte) {
	if codeElements.Match(raw) {
		return
	}
	for i := range n.Lines().Len() {
		line := n.Lines().At(i)
		s.foreignHTML(line.Start, line.Value(s.d.text))
	}
}
