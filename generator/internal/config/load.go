package config

import (
	"cmp"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/language"

	"vigie/generator/internal/diag"
	"vigie/generator/internal/frontmatter"
	"vigie/generator/internal/permalink"
	"vigie/generator/internal/record"
)

// The defaults and the bounds of numbers.
const (
	defaultLanguage  = "fr"
	defaultPaginate  = 20
	maxPaginate      = 1000
	defaultFeedLimit = 20
	maxFeedLimit     = 1000
	defaultMaxShrink = 10
)

// noun names a key in messages.
const noun = "config key"

// file is config.toml as written.
type file struct {
	Title       Text                 `record:"title,required"`
	Tagline     Text                 `record:"tagline"`
	Description Text                 `record:"description"`
	BaseURL     record.Field[string] `record:"base_url,required"`
	Language    record.Field[string] `record:"language"`
	Timezone    record.Field[string] `record:"timezone"`
	Paginate    record.Field[int]    `record:"paginate"`
	Image       record.Field[string] `record:"image"`

	Languages   *record.Table                   `record:"languages"`
	Kinds       *record.Table                   `record:"kinds"`
	Properties  *record.Table                   `record:"properties"`
	Taxonomies  *record.Table                   `record:"taxonomies"`
	Menus       *record.Table                   `record:"menus"`
	Publication map[string]record.Field[string] `record:"publication"`
	Views       map[string]record.Field[string] `record:"views"`

	FrontMatter struct {
		Unknown record.Field[string] `record:"unknown"`
	} `record:"front_matter"`
	Markdown struct {
		RawHTML   record.Field[string] `record:"raw_html"`
		TermLinks record.Field[bool]   `record:"term_links"`
		Callouts  *record.Table        `record:"callouts"`
	} `record:"markdown"`
	Feeds struct {
		Limit record.Field[int] `record:"limit"`
	} `record:"feeds"`
	Content rawContent `record:"content"`
	Data    rawData    `record:"data"`
	Check   rawCheck   `record:"check"`
}

// Load reads a config.toml, fills in the defaults and checks all that the file
// alone can tell. The config is usable only where the list has no errors, and
// never nil.
func Load(src *diag.Source) (*Config, diag.List) {
	src, strays := frontmatter.Clean(src)
	l := &loader{src: src, config: &Config{
		Source:      src,
		Language:    defaultLanguage,
		Location:    time.UTC,
		Paginate:    defaultPaginate,
		FeedLimit:   defaultFeedLimit,
		Data:        Data{MaxShrink: defaultMaxShrink},
		UnknownKeys: UnknownError,
		RawHTML:     RawHTMLError,
		Properties:  map[string]Property{},
		Menus:       map[string][]MenuEntry{},
		Publication: map[string]record.Field[string]{},
		Views:       map[string]record.Field[string]{},
	}}
	var f file
	if l.list = frontmatter.CheckText(src); len(l.list) == 0 {
		var table *record.Table
		table, l.list = frontmatter.ParseTOML(src)
		if !l.list.HasErrors() {
			l.list = append(l.list, table.Decode(&f, record.DecodeOptions{Noun: noun})...)
		}
	}
	// Later steps look up what earlier ones declare.
	l.languages(&f)
	l.site(&f)
	l.properties(f.Properties)
	l.taxonomies(f.Taxonomies)
	l.callouts(f.Markdown.Callouts)
	l.kinds(f.Kinds)
	l.menus(f.Menus)
	l.publication(f.Publication)
	l.views(f.Views)
	l.content(f.Content)
	l.data(f.Data)
	l.check(f.Check)
	return l.config, append(strays, l.list...)
}

// loader turns a file into a config.
type loader struct {
	src    *diag.Source
	config *Config
	list   diag.List
}

// report adds an error that covers span; the cure may be empty.
func (l *loader) report(span record.Span, rule, message, cure string) {
	d := l.src.Errorf(span.Offset, span.Length, rule, "%s", message)
	l.list = append(l.list, d.WithSuggestion("%s", cure))
}

// entries calls f for every table in t, decoded into a T, in the file's order. A
// name that cannot stand in a URL, a file name and a template is an error.
func entries[T any](l *loader, t *record.Table, path string, f func(name string, key record.Span, raw T)) {
	if t == nil {
		return
	}
	for _, name := range t.Keys() {
		v, _ := t.Get(name)
		var raw T
		found := v.Decode(&raw, record.DecodeOptions{Noun: noun, Path: path + "." + name})
		l.list = append(l.list, found...)
		if !isName(name) {
			l.report(t.KeySpan(name), "invalid-name", fmt.Sprintf("name %q is not made of lower-case letters, digits, - and _", name), didYouMeanName(name))
			continue
		}
		f(name, t.KeySpan(name), raw)
	}
}

// isName tells whether s may name something declared.
func isName(s string) bool {
	return s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-_") == "" && s[0] != '-' && s[0] != '_'
}

func didYouMeanName(name string) string {
	if slug := permalink.Slug(name); isName(slug) {
		return fmt.Sprintf("write %s", slug)
	}
	return ""
}

// text resolves a text, taking fallback where it is not given.
func (l *loader) text(t Text, fallback string) Text {
	if t.IsZero() {
		t = Text{Common: fallback}
	}
	l.list = append(l.list, l.config.Resolve(&t)...)
	return t
}

// languages settles the languages, the default first.
func (l *loader) languages(f *file) {
	c := l.config
	type rawLanguage struct {
		Name   string               `record:"name"`
		Locale record.Field[string] `record:"locale"`
		Prefix record.Field[string] `record:"prefix"`
	}
	if f.Language.Set {
		c.Language = f.Language.Value
	}
	c.LanguageGiven = f.Language.Set || f.Languages != nil && f.Languages.Len() > 0
	prefixes := map[string]record.Span{}
	if f.Languages != nil {
		for _, code := range f.Languages.Keys() {
			if _, err := language.Parse(code); err != nil && isName(code) {
				l.report(f.Languages.KeySpan(code), "invalid-language", fmt.Sprintf("language %q is not a language code", code), "write it as fr, en or pt-br")
			}
		}
	}
	entries(l, f.Languages, "languages", func(code string, key record.Span, raw rawLanguage) {
		lang := Language{
			Code:   code,
			Name:   cmp.Or(raw.Name, code),
			Locale: cmp.Or(raw.Locale.Value, code),
			Prefix: raw.Prefix.Value,
		}
		if !raw.Prefix.Set && code != c.Language {
			lang.Prefix = code
		}
		at := key
		if raw.Prefix.Set {
			at = raw.Prefix.Span
		}
		first, taken := prefixes[lang.Prefix]
		switch {
		case code == c.Language && lang.Prefix != "":
			l.report(at, "invalid-prefix", "prefix of the default language is not empty", "remove it")
		case code != c.Language && (lang.Prefix == "" || permalink.Slug(lang.Prefix) != lang.Prefix):
			l.report(at, "invalid-prefix", fmt.Sprintf("prefix %q is not a URL segment", lang.Prefix), fmt.Sprintf("write prefix = %q", code))
		case taken:
			l.report(at, "duplicate-prefix", fmt.Sprintf("prefix %q is taken by another language", lang.Prefix), "choose another one")
			l.note(first, "it is taken here")
		default:
			prefixes[lang.Prefix] = at
		}
		if _, err := language.Parse(lang.Locale); raw.Locale.Set && err != nil {
			l.report(raw.Locale.Span, "invalid-locale", fmt.Sprintf("locale %q is not a BCP 47 language tag", lang.Locale), "write it as fr-FR")
		}
		c.Languages = append(c.Languages, lang)
	})
	if f.Languages == nil || f.Languages.Len() == 0 {
		c.Languages = []Language{{Code: c.Language, Name: c.Language, Locale: c.Language}}
		if _, err := language.Parse(c.Language); err != nil {
			l.report(f.Language.Span, "invalid-language", fmt.Sprintf("language %q is not a language code", c.Language), "write it as fr, en or pt-br")
		}
	} else if _, ok := c.LanguageOf(c.Language); !ok {
		at, message := f.Language.Span, fmt.Sprintf("default language %q is not declared", c.Language)
		if !f.Language.Set {
			at = f.Languages.Span()
		}
		l.report(at, "unknown-language", message, didYouMeanOr(c.Language, c.languageCodes(), "declare [languages.%s] or set language", c.Language))
		c.Languages = append(c.Languages, Language{Code: c.Language, Name: c.Language, Locale: c.Language})
	}
	slices.SortStableFunc(c.Languages, func(a, b Language) int {
		if (a.Code == c.Language) != (b.Code == c.Language) {
			if a.Code == c.Language {
				return -1
			}
			return 1
		}
		return strings.Compare(a.Code, b.Code)
	})
}

// note adds a second place to the last diagnostic.
func (l *loader) note(at record.Span, message string) {
	last := len(l.list) - 1
	l.list[last] = l.list[last].WithNote(l.src.Position(at.Offset), "%s", message)
}

// site settles what is said of the site as a whole.
func (l *loader) site(f *file) {
	c := l.config
	c.Title = l.text(f.Title, "")
	c.Tagline = l.text(f.Tagline, "")
	c.Description = l.text(f.Description, "")
	var err error
	if f.BaseURL.Set {
		if c.BaseURL, err = permalink.ParseBase(f.BaseURL.Value); err != nil {
			l.report(f.BaseURL.Span, "invalid-base-url", err.Error(), "")
		}
	}
	if f.Timezone.Set {
		// "Local" would make the build depend on the machine.
		location, err := time.LoadLocation(f.Timezone.Value)
		if err != nil || f.Timezone.Value == "" || f.Timezone.Value == "Local" {
			l.report(f.Timezone.Span, "unknown-timezone", fmt.Sprintf("timezone %q is unknown", f.Timezone.Value), "write it as Europe/Paris or UTC")
		} else {
			c.Location = location
		}
	}
	c.Paginate = l.number("paginate", f.Paginate, defaultPaginate, maxPaginate)
	c.FeedLimit = l.number("feeds.limit", f.Feeds.Limit, defaultFeedLimit, maxFeedLimit)
	if c.Image = f.Image; f.Image.Set {
		c.Image.Value = strings.TrimPrefix(f.Image.Value, "/")
		if !fs.ValidPath(c.Image.Value) || c.Image.Value == "." || strings.Contains(c.Image.Value, ":") {
			l.report(f.Image.Span, "invalid-path", fmt.Sprintf("image %q is not a path below static/", f.Image.Value), `write it as "og.png"`)
		}
	}
	c.UnknownKeys = choice(l, "front_matter.unknown", f.FrontMatter.Unknown, UnknownError, UnknownWarn, UnknownIgnore)
	c.TermLinks = f.Markdown.TermLinks.Value || !f.Markdown.TermLinks.Set
	c.RawHTML = choice(l, "markdown.raw_html", f.Markdown.RawHTML, RawHTMLError, RawHTMLSanitize, RawHTMLTrust)
}

// number returns a number between 1 and limit, or fallback where it is not given.
func (l *loader) number(name string, f record.Field[int], fallback, limit int) int {
	if !f.Set {
		return fallback
	}
	if f.Value < 1 || f.Value > limit {
		l.report(f.Span, "out-of-range", fmt.Sprintf("%s is %d, want 1 to %d", name, f.Value, limit), "")
		return fallback
	}
	return f.Value
}

// choice returns one of the choices, the first where none is given.
func choice[T ~string](l *loader, name string, f record.Field[string], choices ...T) T {
	if !f.Set {
		return choices[0]
	}
	var words []string
	for _, c := range choices {
		if string(c) == f.Value {
			return c
		}
		words = append(words, string(c))
	}
	l.report(f.Span, "unknown-choice", fmt.Sprintf("%s is %q, want one of %s", name, f.Value, strings.Join(words, ", ")), diag.DidYouMean(f.Value, words))
	return choices[0]
}

// didYouMeanOr suggests the candidate nearest to word, or else a cure of its own.
func didYouMeanOr(word string, candidates []string, format string, args ...any) string {
	return cmp.Or(diag.DidYouMean(word, candidates), fmt.Sprintf(format, args...))
}
