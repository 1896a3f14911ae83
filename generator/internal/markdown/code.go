package markdown

import (
	"strings"

	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/lexers"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"

	"vigie/generator/internal/diag"
)

// maxHighlighted is the longest code that is highlighted, in bytes: chroma's
// lexers are backtracking, and nobody reads colours further.
const maxHighlighted = 256 << 10

// codeBlock checks the language of a block of code.
func (s *survey) codeBlock(n *ast.FencedCodeBlock) {
	language := string(n.Language(s.d.text))
	if language == "" || s.full() || s.foreignFence(n, language) || lexerOf(language) != nil {
		return
	}
	cure := diag.DidYouMean(language, lexers.Names(true))
	if cure == "" {
		cure = "leave it out, or write text"
	}
	s.errorf(n.Info.Segment.Start, len(language), "unknown-language", "unknown language %q of code", language).
		suggest("%s", cure).warning()
}

// lexerOf returns the lexer of a language by name or alias, or nil.
func lexerOf(language string) chroma.Lexer {
	return lexers.Get(unescape([]byte(language)))
}

func (w *renderer) fencedCode(n *ast.FencedCodeBlock) {
	w.code(string(n.Language(w.d.text)), n.Lines())
}

// code writes a block of code with chroma's classes. It takes the focus, so that
// wide lines can be scrolled with the keyboard.
func (w *renderer) code(language string, lines *text.Segments) {
	var b strings.Builder
	for i := range lines.Len() {
		line := lines.At(i)
		b.Write(line.Value(w.d.text))
	}
	source := strings.ReplaceAll(b.String(), "\r\n", "\n")
	w.WriteString("<pre")
	if !w.feed {
		w.WriteString(` class="chroma" tabindex="0" role="group"`)
		w.attribute("aria-label", w.c.label("code.scroll"))
	}
	var lexer chroma.Lexer
	if language != "" {
		lexer = lexerOf(language)
	}
	if lexer != nil && !w.feed {
		w.attribute("data-lang", lexer.Config().Name)
	}
	w.WriteString("><code")
	if language != "" && !w.feed {
		w.attribute("class", "language-"+unescape([]byte(language)))
	}
	w.WriteByte('>')
	if lexer == nil || w.feed || !w.highlight(lexer, source) {
		w.text(source)
	}
	w.WriteString("</code></pre>\n")
}

// highlight writes code with a span for each token; it reports false, having
// written nothing, where the lexer gives up.
func (w *renderer) highlight(lexer chroma.Lexer, source string) (done bool) {
	if len(source) > maxHighlighted {
		return false
	}
	start := w.Len()
	defer func() {
		// chroma panics where a regular expression runs out of its time.
		if recover() != nil {
			w.Truncate(start)
			done = false
		}
	}()
	tokens, err := chroma.Coalesce(lexer).Tokenise(&chroma.TokeniseOptions{State: "root"}, source)
	if err != nil {
		return false
	}
	written := 0
	for token := tokens(); token != chroma.EOF && written < len(source); token = tokens() {
		// Lexers may add a line end to the last line.
		value := token.Value[:min(len(token.Value), len(source)-written)]
		if !strings.HasPrefix(source[written:], value) {
			break // bytes that are no UTF-8, which lexers replace
		}
		written += len(value)
		if class := tokenClass(token.Type); class != "" {
			w.WriteString(`<span class="` + class + `">`)
			w.text(value)
			w.WriteString("</span>")
		} else {
			w.text(value)
		}
	}
	if written < len(source) {
		w.Truncate(start)
		return false
	}
	return true
}

// tokenClass returns the class of a token, as short as Pygments has them, and ""
// for what [Stylesheet] gives no colour.
func tokenClass(t chroma.TokenType) string {
	for _, c := range []chroma.TokenType{t, t.SubCategory(), t.Category()} {
		if _, styled := tokenRoles[c]; styled {
			return chroma.StandardTypes[c]
		}
	}
	return ""
}
