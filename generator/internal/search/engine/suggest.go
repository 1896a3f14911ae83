package engine

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"vigie/generator/internal/search/segment"
)

// suggestion returns the query with its unknown words replaced, or "".
func (e *Engine) suggestion(p *plan) (string, error) {
	// From the end of each text, so that the places before stay true.
	for i := len(p.unknown) - 1; i >= 0; i-- {
		u := p.unknown[i]
		written, err := e.written(u.best)
		if err != nil {
			return "", err
		}
		if written == "" {
			written = u.best.text
		}
		*u.text = (*u.text)[:u.from] + written + (*u.text)[u.to:]
	}
	if len(p.unknown) == 0 {
		return "", nil
	}
	return strings.TrimSpace(p.query.String()), nil
}

// maxLooked is how many documents are looked at for the spelling of a term.
const maxLooked = 3

// written returns a term as a document writes it, in small letters unless the word
// has capitals within.
func (e *Engine) written(w word) (string, error) {
	for f := range segment.TextFields {
		if !w.in(f) {
			continue
		}
		list, err := e.segment.Postings(f, w.text, false)
		if err != nil {
			return "", err
		}
		for range maxLooked {
			at, ok, err := list.Next()
			if err != nil {
				return "", err
			}
			if !ok {
				break
			}
			r, err := e.segment.Record(int(at.Doc))
			if err != nil {
				return "", err
			}
			texts := []string{r.Title, r.Summary}
			texts = append(texts, r.Names...)
			for _, s := range r.Body {
				texts = append(texts, s.Heading, s.Text)
			}
			for _, text := range texts {
				for _, t := range e.analyzer.Index(text) {
					if t.Term == w.text {
						return plain(text[t.Start:t.End]), nil
					}
				}
			}
		}
	}
	return "", nil
}

// plain drops an elision and the capital of a sentence's first word.
func plain(s string) string {
	if i := strings.LastIndexAny(s, "'’ʼ‘"); i >= 0 {
		_, size := utf8.DecodeRuneInString(s[i:])
		s = s[i+size:]
	}
	first, size := utf8.DecodeRuneInString(s)
	if unicode.IsUpper(first) && s[size:] == strings.ToLower(s[size:]) {
		return string(unicode.ToLower(first)) + s[size:]
	}
	return s
}
