package markdown

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"vigie/generator/internal/diag"
)

// Term is a name of something that a glossary explains.
type Term struct {
	Name   string
	Target string // what the name stands for; several names may share one
	// Proper marks a proper name, which is found as it is written alone. Of other
	// names the first letter may be small or capital, and the words that have no
	// capital within may be in the plural.
	Proper bool
}

// Terms finds the terms of a glossary in text of one language. It is immutable and
// safe for concurrent use.
type Terms struct {
	phrases map[string][]phrase // by the first word, in small letters; the longest first
}

// phrase is a term as it is looked for.
type phrase struct {
	words  []phraseWord
	target string
}

// phraseWord is a word of a phrase.
type phraseWord struct {
	forms     []string // as the text may have it
	separator string   // from the word before
}

// TermLinks says how a rendering links terms.
type TermLinks struct {
	Terms *Terms
	// Link returns the address of a target's explanation, false where it is not to
	// be linked here. It is called once for each target that the text names.
	Link func(target string) (url string, ok bool)
}

// NewTerms prepares the terms of a language. A name that two targets share stands
// for the first that is given.
func NewTerms(lang string, list []Term) *Terms {
	t := &Terms{phrases: map[string][]phrase{}}
	taken := map[string]bool{}
	for _, term := range list {
		written := tokens(Typography(lang, term.Name))
		if len(written) == 0 || utf8.RuneCountInString(strings.TrimSpace(term.Name)) < 2 {
			continue
		}
		p := phrase{target: term.Target}
		key := ""
		for i, w := range written {
			word := phraseWord{forms: []string{w.text}}
			if i > 0 {
				word.separator = w.separator
			}
			if plain, ok := commonWord(w.text, i == 0); ok && !term.Proper {
				word.forms = forms(lang, plain)
				if i == 0 {
					for _, form := range slices.Clone(word.forms) {
						word.forms = append(word.forms, capitalized(form))
					}
				}
			}
			key += word.separator + word.forms[0]
			p.words = append(p.words, word)
		}
		if taken[key] {
			continue
		}
		taken[key] = true
		var firsts []string
		for _, form := range p.words[0].forms {
			if first := strings.ToLower(form); !slices.Contains(firsts, first) {
				firsts = append(firsts, first)
				t.phrases[first] = append(t.phrases[first], p)
			}
		}
	}
	for _, list := range t.phrases {
		slices.SortStableFunc(list, func(a, b phrase) int { return cmp.Compare(len(b.words), len(a.words)) })
	}
	return t
}

// commonWord returns a word in small letters, unless it is one that keeps its
// capitals: an acronym, a name, a word with a digit.
func commonWord(word string, first bool) (string, bool) {
	for i, r := range word {
		if unicode.IsDigit(r) || unicode.IsUpper(r) && (i > 0 || !first) {
			return word, false
		}
	}
	return strings.ToLower(word), utf8.RuneCountInString(word) > 1
}

// forms returns a word and its plural or singular.
func forms(lang, word string) []string {
	list := []string{word}
	n := utf8.RuneCountInString(word)
	base, _, _ := strings.Cut(lang, "-")
	switch {
	case n < 3 || base != "fr" && base != "en":
	case strings.HasSuffix(word, "s"):
		if n > 4 && !strings.HasSuffix(word, "ss") {
			list = append(list, strings.TrimSuffix(word, "s"))
		}
	case base == "fr" && (strings.HasSuffix(word, "x") || strings.HasSuffix(word, "z")):
	case base == "fr" && strings.HasSuffix(word, "al"):
		list = append(list, strings.TrimSuffix(word, "l")+"ux", word+"s")
	case base == "fr" && (strings.HasSuffix(word, "au") || strings.HasSuffix(word, "eu")):
		list = append(list, word+"x")
	case base == "en" && strings.HasSuffix(word, "y"):
		list = append(list, strings.TrimSuffix(word, "y")+"ies", word+"s")
	default:
		list = append(list, word+"s")
	}
	return list
}

func capitalized(word string) string {
	r, n := utf8.DecodeRuneInString(word)
	return string(unicode.ToUpper(r)) + word[n:]
}

// token is a word of a text.
type token struct {
	text       string
	start, end int
	separator  string // between it and the word before, spaces and apostrophes folded
}

// tokens splits a text into words.
func tokens(text string) []token {
	var list []token
	from, at := 0, -1
	finish := func(end int) {
		if at >= 0 {
			list = append(list, token{text[at:end], at, end, separator(text[from:at])})
			from, at = end, -1
		}
	}
	for i, r := range text {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r):
			finish(i)
		case at < 0:
			at = i
		}
	}
	finish(len(text))
	return list
}

// separator folds what stands between two words.
func separator(text string) string {
	switch text {
	case " ", "-", "'":
		return text
	case "’":
		return "'"
	}
	if strings.TrimFunc(text, func(r rune) bool { return isBlank(r) }) == "" {
		return " "
	}
	return strings.Map(func(r rune) rune {
		switch {
		case isBlank(r):
			return ' '
		case r == '’':
			return '\''
		case r == '\u2011':
			return '-'
		}
		return r
	}, text)
}

// foundTerm is a term in a text.
type foundTerm struct {
	start, end int
	target     string
}

// find returns the terms in a text, in order and without overlaps.
func (t *Terms) find(text string) []foundTerm {
	var list []foundTerm
	words := tokens(text)
	for i := 0; i < len(words); {
		n := 1
		for _, p := range t.phrases[strings.ToLower(words[i].text)] {
			if !p.stands(words[i:]) {
				continue
			}
			start, end := words[i].start, words[i+len(p.words)-1].end
			if !isWhole(text, start, end) {
				continue
			}
			list = append(list, foundTerm{start, end, p.target})
			n = len(p.words)
			break
		}
		i += n
	}
	return list
}

// stands reports whether words begin with the phrase.
func (p phrase) stands(words []token) bool {
	if len(words) < len(p.words) {
		return false
	}
	for i, w := range p.words {
		if i > 0 && words[i].separator != w.separator || !slices.Contains(w.forms, words[i].text) {
			return false
		}
	}
	return true
}

// isWhole reports whether text[start:end] is no part of a longer word, a number or
// an address.
func isWhole(text string, start, end int) bool {
	const joins = "-_/.@\u2011"
	if before, n := utf8.DecodeLastRuneInString(text[:start]); strings.ContainsRune(joins, before) {
		if r, _ := utf8.DecodeLastRuneInString(text[:start-n]); before != '.' || unicode.IsLetter(r) || unicode.IsDigit(r) {
			return false
		}
	}
	if after, n := utf8.DecodeRuneInString(text[end:]); strings.ContainsRune(joins, after) {
		if r, _ := utf8.DecodeRuneInString(text[end+n:]); unicode.IsLetter(r) || unicode.IsDigit(r) {
			return false
		}
	}
	return true
}

// RenderTerms is Render where the first use of a term leads to its explanation,
// with the class "term". Headings, links, code, quotations and what an author has
// linked already are left alone.
func (c *Converter) RenderTerms(d *Document, r Resolver, links TermLinks) ([]byte, diag.List) {
	return c.render(d, &renderer{resolver: r, terms: links, named: map[string]bool{}})
}

// prose writes the text of a leaf, with the terms in it linked.
func (w *renderer) prose(text string) {
	if w.terms.Terms == nil || w.plain > 0 {
		w.text(text)
		return
	}
	pos := 0
	for _, f := range w.terms.Terms.find(text) {
		if w.named[f.target] {
			continue
		}
		w.named[f.target] = true
		address, ok := w.terms.Link(f.target)
		if !ok {
			continue
		}
		w.text(text[pos:f.start])
		w.WriteString(`<a class="term" href="`)
		w.url(address)
		w.WriteString(`">`)
		w.text(text[f.start:f.end])
		w.WriteString("</a>")
		pos = f.end
	}
	w.text(text[pos:])
}

// unlinked calls write with terms left alone.
func (w *renderer) unlinked(write func()) {
	w.plain++
	write()
	w.plain--
}
