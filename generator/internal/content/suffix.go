package content

import (
	"path"
	"slices"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"vigie/generator/internal/diag"
)

// Extensions are the endings of Markdown files, in lower case; files have them in any.
var Extensions = []string{".md", ".markdown", ".mdown", ".mkd"}

// IsMarkdown tells by its name whether a file is Markdown.
func IsMarkdown(name string) bool {
	return slices.Contains(Extensions, strings.ToLower(path.Ext(name)))
}

// Stem returns the name of a Markdown file without its ending; another name as it is.
func Stem(name string) string {
	if !IsMarkdown(name) {
		return name
	}
	return strings.TrimSuffix(name, path.Ext(name))
}

// declaredLanguage returns the declared language that a file's suffix names, in any
// case, as config.toml writes it.
func (l *loader) declaredLanguage(suffix string) (code string, ok bool) {
	for _, own := range l.Config.Languages {
		if strings.EqualFold(own.Code, suffix) {
			return own.Code, true
		}
	}
	return "", false
}

// checkSuffixes warns of pages whose file names end in a language that is not declared.
func (l *loader) checkSuffixes() {
	for _, p := range l.Pages {
		_, suffix, ok := cutLast(p.Name, ".")
		if !ok || p.File == nil {
			continue
		}
		code, ok := languageOf(suffix)
		if !ok || slices.Contains(endings, code) && !l.hasSibling(p, suffix) {
			continue
		}
		l.report(diag.Errorf(p.File.Position(0), "undeclared-language", "file name ends in %q, which is no declared language: the page is taken for one of its own", "."+suffix).
			WithSuggestion("declare [languages.%s] in config.toml or rename the file", code).AsWarning())
	}
}

// hasSibling tells whether there is a page of the same name without the suffix.
func (l *loader) hasSibling(p *Page, suffix string) bool {
	whole := strings.TrimPrefix(p.FileName(), Dir+"/")
	stem := strings.TrimSuffix(whole, "."+suffix+path.Ext(whole))
	return slices.ContainsFunc(Extensions, func(ending string) bool { return l.paths[stem+ending] != nil })
}

// endings are two-letter languages whose codes also end the names of files or sites:
// "asp.ml.md" may be about anything. They are taken for languages where the page of the
// same name without them is there, too.
var endings = []string{
	"am", "as", "bs", "cs", "hr", "id", "is", "ky", "lo", "mk", "ml", "mn", "mr", "my", "ne", "or", "pa", "pl", "ps", "si", "so", "sq", "sr", "to",
}

// languageOf returns the code of the language that a suffix such as "en", "EN" or
// "pt-BR" names: one of two letters that interfaces are translated into.
func languageOf(suffix string) (code string, ok bool) {
	base, region, regional := strings.Cut(strings.ReplaceAll(suffix, "_", "-"), "-")
	if len(base) != 2 || regional && (len(region) < 2 || len(region) > 4) {
		return "", false
	}
	tag, err := language.Parse(strings.ReplaceAll(suffix, "_", "-"))
	if err != nil {
		return "", false
	}
	parsed, _ := tag.Base()
	if parsed.String() != strings.ToLower(base) || !inUse(parsed) {
		return "", false
	}
	return strings.ToLower(tag.String()), true
}

// inUse tells whether a language is one that interfaces are translated into.
func inUse(base language.Base) bool {
	return slices.ContainsFunc(display.Supported.Tags(), func(t language.Tag) bool {
		own, _ := t.Base()
		return own == base
	})
}
