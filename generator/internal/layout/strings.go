package layout

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"

	"vigie/generator/internal/diag"
	"vigie/generator/internal/record"
)

// Strings is the interface's texts in one language. It is safe for concurrent use.
type Strings struct {
	language string
	tag      language.Tag
	texts    map[string]text
	months   []string // twelve
	short    []string // twelve, abbreviated

	mu      sync.Mutex
	missing map[string]bool // what Must was asked for in vain
}

// text is one text, with its plural forms where it has any.
type text struct {
	other string
	forms map[plural.Form]string
}

// pluralForms are the keys that make a table a text with plural forms (CLDR).
var pluralForms = map[string]plural.Form{"zero": plural.Zero, "one": plural.One, "two": plural.Two, "few": plural.Few, "many": plural.Many, "other": plural.Other}

// LoadStrings reads i18n/<language>.toml in the layouts folder for each language.
// A file holds texts by key; tables nest keys with dots; a table of plural forms
// (one, other …) is one text. months and months_short list twelve names;
// date_format, date_short_format and month_format arrange {day}, {month},
// {month_short} and {year}, time_format {hour} and {minute}; first_day replaces the
// first day's number.
func LoadStrings(fsys fs.FS, dir string, languages []string) (map[string]*Strings, diag.List) {
	all := map[string]*Strings{}
	var diags diag.List
	for _, lang := range languages {
		name := path.Join("i18n", lang+".toml")
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			diags = append(diags, diag.Errorf(diag.Position{File: path.Join(dir, name)}, "layout", "interface texts for language %q cannot be read: %v", lang, cause(err)).
				WithSuggestion("add %s", path.Join(dir, name)))
			continue
		}
		src := diag.NewSource(path.Join(dir, name), data)
		table, list := record.ParseTOML(src, 0, len(data))
		if !list.HasErrors() {
			s := &Strings{language: lang, tag: language.Make(lang), texts: map[string]text{}, missing: map[string]bool{}}
			list = append(list, s.read(table)...)
			all[lang] = s
		}
		diags = append(diags, list...)
	}
	return all, diags
}

// cause is an error's text without the path, which the position already names.
func cause(err error) error {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		return pathError.Err
	}
	return err
}

// read takes over the texts of a whole file.
func (s *Strings) read(t *record.Table) diag.List {
	var diags diag.List
	s.months = make([]string, 12)
	s.short = make([]string, 12)
	for key, names := range map[string][]string{"months": s.months, "months_short": s.short} {
		v, ok := t.Get(key)
		if !ok {
			diags = append(diags, t.Errorf(record.Span{Offset: t.Span().Offset}, "text", "%s is missing", key).WithSuggestion("list the twelve names"))
			continue
		}
		var list []string
		if found := v.Decode(&list, record.DecodeOptions{Noun: "text", Path: key}); len(found) > 0 {
			diags = append(diags, found...)
		} else if len(list) != 12 {
			diags = append(diags, v.Errorf("text", "%s lists %d names, want twelve", key, len(list)))
		}
		copy(names, list)
	}
	diags = append(diags, s.flatten("", t)...)
	for _, key := range []string{"date_format", "date_short_format", "month_format", "time_format"} {
		if !s.Has(key) && !t.Has(key) {
			diags = append(diags, t.Errorf(record.Span{Offset: t.Span().Offset}, "text", "%s is missing", key).WithSuggestion("such as %s = %q", key, formats[key]))
		}
	}
	return diags
}

// formats are the forms of dates that may be suggested.
var formats = map[string]string{
	"date_format": "{day} {month} {year}", "date_short_format": "{day} {month_short} {year}",
	"month_format": "{month} {year}", "time_format": "{hour}:{minute}",
}

// flatten takes over the texts of a table, whose keys stand behind prefix.
func (s *Strings) flatten(prefix string, t *record.Table) diag.List {
	var diags diag.List
	for _, key := range t.Keys() {
		if prefix == "" && (key == "months" || key == "months_short") {
			continue
		}
		v, _ := t.Get(key)
		if own, ok := v.AsString(); ok {
			s.texts[prefix+key] = text{other: own}
			continue
		}
		table, ok := v.AsTable()
		switch {
		case !ok:
			diags = append(diags, v.Errorf("text", "text %q is %s, want a string", prefix+key, v.Kind()))
		case isPlural(table):
			var forms map[string]string
			found := v.Decode(&forms, record.DecodeOptions{Noun: "text", Path: prefix + key})
			diags = append(diags, found...)
			if !table.Has("other") {
				diags = append(diags, t.Errorf(t.KeySpan(key), "text", "text %q has no form other", prefix+key).WithSuggestion("add it: it stands for the numbers without a form of their own"))
			}
			own := text{other: forms["other"], forms: map[plural.Form]string{}}
			for name, form := range forms {
				own.forms[pluralForms[name]] = form
			}
			s.texts[prefix+key] = own
		default:
			diags = append(diags, s.flatten(prefix+key+".", table)...)
		}
	}
	return diags
}

// isPlural tells whether a table's keys are all plural forms.
func isPlural(t *record.Table) bool {
	for _, key := range t.Keys() {
		if _, ok := pluralForms[key]; !ok {
			return false
		}
	}
	return t.Len() > 0
}

// Keys returns the texts' keys, sorted.
func (s *Strings) Keys() []string { return slices.Sorted(maps.Keys(s.texts)) }

// Has tells whether there is a text of that key.
func (s *Strings) Has(key string) bool {
	_, ok := s.texts[key]
	return ok
}

// T returns the text of key with its fmt verbs filled by args. Where the text has
// plural forms the first integer argument chooses. An unknown key is an error
// that names the nearest one.
func (s *Strings) T(key string, args ...any) (string, error) {
	t, ok := s.texts[key]
	if !ok {
		err := fmt.Sprintf("text %q is not in i18n/%s.toml", key, s.language)
		if hint := diag.DidYouMean(key, s.Keys()); hint != "" {
			err += " (" + hint + ")"
		}
		return "", fmt.Errorf("%s", err)
	}
	format := t.other
	if t.forms != nil {
		for _, arg := range args {
			if n, ok := arg.(int); ok {
				if f, ok := t.forms[plural.Cardinal.MatchPlural(s.tag, max(n, -n), 0, 0, 0, 0)]; ok {
					format = f
				}
				break
			}
		}
	}
	if len(args) == 0 || !strings.Contains(format, "%") {
		return format, nil
	}
	return fmt.Sprintf(format, args...), nil
}

// Must is T for texts that the generator itself needs. A missing one shows as its
// key and is remembered for [Strings.Missing].
func (s *Strings) Must(key string, args ...any) string {
	text, err := s.T(key, args...)
	if err != nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.missing[key] = true
		return key
	}
	return text
}

// Missing returns the keys that [Strings.Must] was asked for in vain, sorted.
func (s *Strings) Missing() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Sorted(maps.Keys(s.missing))
}

// Day formats a day: « 17 avril 2025 », or « 17 avr. 2025 » if short.
func (s *Strings) Day(t time.Time, short bool) string {
	key := "date_format"
	if short {
		key = "date_short_format"
	}
	day := fmt.Sprint(t.Day())
	if t.Day() == 1 && s.Has("first_day") {
		day = s.Must("first_day")
	}
	return s.arrange(key, day, t.Year(), t.Month())
}

// Month formats a month: « avril 2025 ».
func (s *Strings) Month(year int, month time.Month) string {
	return s.arrange("month_format", "", year, month)
}

// MonthShort formats a month in few characters: « avr. 2025 ».
func (s *Strings) MonthShort(year int, month time.Month) string {
	return strings.NewReplacer("{month}", s.short[month-1], "{month_short}", s.short[month-1], "{year}", fmt.Sprint(year)).Replace(s.Must("month_format"))
}

func (s *Strings) arrange(key, day string, year int, month time.Month) string {
	return strings.NewReplacer("{day}", day, "{month}", s.months[month-1], "{month_short}", s.short[month-1], "{year}", fmt.Sprint(year)).Replace(s.Must(key))
}

// Clock formats a time of day: « 9 h 05 ».
func (s *Strings) Clock(t time.Time) string {
	return strings.NewReplacer("{hour}", fmt.Sprint(t.Hour()), "{minute}", fmt.Sprintf("%02d", t.Minute())).Replace(s.Must("time_format"))
}
