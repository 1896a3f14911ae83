package layout

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"

	"vigie/generator/internal/diag"
	"vigie/generator/internal/record"
)

// Strings is the interface's texts in one language.
type Strings struct {
	language string
	tag      language.Tag
	texts    map[string]text
	months   []string // twelve
	short    []string // twelve, abbreviated
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
// {month_short} and {year}; first_day replaces the first day's number.
func LoadStrings(fsys fs.FS, dir string, languages []string) (map[string]*Strings, diag.List) {
	all := map[string]*Strings{}
	var diags diag.List
	for _, lang := range languages {
		name := path.Join("i18n", lang+".toml")
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			diags = append(diags, diag.Errorf(diag.Position{File: path.Join(dir, name)}, "layout", "interface texts for language %q cannot be read: %v", lang, err).
				WithSuggestion("add %s", path.Join(dir, name)))
			continue
		}
		src := diag.NewSource(path.Join(dir, name), data)
		table, list := record.ParseTOML(src, 0, len(data))
		diags = append(diags, list...)
		if list.HasErrors() {
			continue
		}
		var tree map[string]any
		if list := table.Decode(&tree, record.DecodeOptions{Noun: "text"}); list.HasErrors() {
			diags = append(diags, list...)
			continue
		}
		s := &Strings{language: lang, tag: language.Make(lang), texts: map[string]text{}}
		s.months, s.short = stringList(tree["months"]), stringList(tree["months_short"])
		delete(tree, "months")
		delete(tree, "months_short")
		s.flatten("", tree)
		if len(s.months) != 12 || len(s.short) != 12 {
			diags = append(diags, diag.Errorf(diag.Position{File: src.Name()}, "layout", "months and months_short must each list twelve names"))
		}
		all[lang] = s
	}
	return all, diags
}

func stringList(v any) []string {
	items, _ := v.([]any)
	list := make([]string, len(items))
	for i, item := range items {
		list[i], _ = item.(string)
	}
	return list
}

func (s *Strings) flatten(prefix string, tree map[string]any) {
	for key, v := range tree {
		switch v := v.(type) {
		case string:
			s.texts[prefix+key] = text{other: v}
		case map[string]any:
			if other, ok := v["other"].(string); ok && isPlural(v) {
				t := text{other: other, forms: map[plural.Form]string{}}
				for name, form := range pluralForms {
					if f, ok := v[name].(string); ok {
						t.forms[form] = f
					}
				}
				s.texts[prefix+key] = t
				continue
			}
			s.flatten(prefix+key+".", v)
		}
	}
}

func isPlural(v map[string]any) bool {
	for key := range v {
		if _, ok := pluralForms[key]; !ok {
			return false
		}
	}
	return true
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

// Must is T for keys that [LoadStrings]' caller has checked; a missing text shows
// as its key.
func (s *Strings) Must(key string, args ...any) string {
	text, err := s.T(key, args...)
	if err != nil {
		return key
	}
	return text
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

func (s *Strings) arrange(key, day string, year int, month time.Month) string {
	return strings.NewReplacer("{day}", day, "{month}", s.months[month-1], "{month_short}", s.short[month-1], "{year}", fmt.Sprint(year)).Replace(s.Must(key))
}

// MonthShort formats a month in few characters: « avr. 2025 ».
func (s *Strings) MonthShort(year int, month time.Month) string {
	return s.arrange("month_short_format", "", year, month)
}

// Clock formats a time of day: « 9 h 05 ».
func (s *Strings) Clock(t time.Time) string {
	return strings.NewReplacer("{hour}", fmt.Sprint(t.Hour()), "{minute}", fmt.Sprintf("%02d", t.Minute())).Replace(s.Must("time_format"))
}
