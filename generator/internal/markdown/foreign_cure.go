package markdown

import "strings"

// shortcodeArgs reads what a shortcode is given: its name, its arguments by name and the
// first without one.
func shortcodeArgs(content string) (name, first string, args map[string]string) {
	args = map[string]string{}
	content = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(content), "/"))
	content = strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(content, "/*"), "*/"))
	content = strings.TrimSpace(strings.TrimPrefix(content, "/"))
	name, rest, _ := strings.Cut(strings.ReplaceAll(content, "\n", " "), " ")
	for _, m := range shortcodeArg.FindAllStringSubmatch(rest, -1) {
		switch {
		case m[1] != "":
			args[m[1]] = firstOf(m[2], m[3], m[4], m[5])
		case first == "":
			first = firstOf(m[6], m[7], m[8])
		}
	}
	return name, first, args
}

// shortcodeCure says what to write in the place of Hugo's shortcodes.
func shortcodeCure(content string) string {
	if strings.HasPrefix(strings.TrimSpace(content), "/*") {
		name, _, _ := shortcodeArgs(content)
		return "code needs no such signs here: write `{{< " + name + " >}}` between backquotes"
	}
	name, first, args := shortcodeArgs(content)
	switch strings.ToLower(name) {
	case "ref", "relref":
		target, fragment, _ := strings.Cut(firstOf(first, args["path"], "page"), "#")
		base := strings.TrimSuffix(strings.TrimSuffix(strings.Trim(target, "/"), ".md"), "/_index")
		if fragment != "" {
			fragment = "#" + fragment
		}
		if base == "" {
			return "write [text](" + fragment + ")"
		}
		return "write [[" + base + fragment + "]], or [text](" + base + ".md" + fragment + ")"
	case "figure", "img", "image", "imgproc", "picture":
		caption := firstOf(args["caption"], args["title"])
		if caption != "" {
			caption = ` "` + caption + `"`
		}
		return "write ![" + firstOf(args["alt"], "alternative text") + "](" + firstOf(args["src"], first, "file") + caption + ")"
	case "highlight", "code":
		return "write a fenced block: ```" + firstOf(first, args["lang"])
	case "youtube", "youtube-lite":
		return "write a link: [title](https://www.youtube.com/watch?v=" + firstOf(first, args["id"], "…") + ")"
	case "vimeo":
		return "write a link: [title](https://vimeo.com/" + firstOf(first, args["id"], "…") + ")"
	case "tweet", "x", "twitter", "instagram", "gist", "mastodon", "video", "audio", "button", "link":
		return "write a link: [text](https://…)"
	case "notice", "alert", "admonition", "callout", "hint", "note", "tip", "info", "important", "warning", "caution", "danger", "quote":
		return "write a callout: > [!" + calloutOf(firstOf(args["type"], first), name) + "]"
	case "details", "expand", "collapse":
		return "write a callout that folds: > [!NOTE]- Title"
	case "toc":
		return "remove it: the page's layout shows its headings"
	case "mermaid", "katex", "math", "chart":
		return "show it as an image: ![alternative text](file)"
	}
	return "write its result as Markdown, or " + asCode
}

// calloutOf returns GitHub's callout that is nearest to a foreign kind.
func calloutOf(names ...string) string {
	for _, name := range names {
		switch strings.ToLower(name) {
		case "tip", "hint", "success", "check", "done":
			return "TIP"
		case "important":
			return "IMPORTANT"
		case "warning", "attention", "question", "help", "faq":
			return "WARNING"
		case "caution", "danger", "error", "failure", "fail", "bug":
			return "CAUTION"
		case "note", "info", "abstract", "summary", "example", "quote", "seealso", "todo":
			return "NOTE"
		}
	}
	return "NOTE"
}

// expressionCure says what to write in the place of an expression in double braces.
func expressionCure(content string) string {
	trimmed := strings.TrimLeft(content, "-~ \t")
	switch {
	case strings.HasPrefix(trimmed, "!"), strings.HasPrefix(trimmed, "/*"):
		return "write <!-- … -->, or remove it"
	case isBlockExpression(content):
		return "write the text that it would give, or " + asCode
	}
	return "write its value, a fact as [=page.property], or " + asCode
}

// tagCure says what to write in the place of a tag of Liquid, Nunjucks, Jinja or Twig.
func tagCure(content string) string {
	name, first, _ := shortcodeArgs(strings.TrimLeft(content, "-+ \t\r\n"))
	switch name {
	case "link", "post_url":
		return "write [text](" + strings.TrimSuffix(firstOf(first, "page"), ".md") + ".md)"
	case "highlight":
		return "write a fenced block: ```" + first
	case "raw", "endraw", "verbatim", "endverbatim":
		return "remove it, and put code between backquotes"
	case "comment", "endcomment":
		return "write <!-- … -->, or remove it"
	case "figure", "image", "img":
		return "write ![alternative text](file)"
	case "include", "render", "include_relative":
		return "write the text here: nothing is included"
	}
	return "write the text that it would give, or " + asCode
}

// kramdownCure says what to write in the place of {: …}.
func kramdownCure(content string) string {
	switch trimmed := strings.TrimSpace(content); {
	case trimmed == "toc":
		return "remove it and its list: the page's layout shows its headings"
	case strings.HasPrefix(trimmed, ":comment"):
		return "write <!-- … -->, or remove it"
	}
	return "remove it: how things look is said by the site's style sheet; only headings take {#id}"
}
