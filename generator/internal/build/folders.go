package build

import (
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"vigie/generator/internal/config"
	"vigie/generator/internal/diag"
	"vigie/generator/internal/layout"
	"vigie/generator/internal/record"
	"vigie/generator/internal/tree"
)

// judgeFolders warns of what lies in the site's own layouts/ and static/ and has no
// effect.
func judgeFolders(o Options, cfg *config.Config) diag.List {
	j := &folderJudge{config: cfg}
	source := os.DirFS(o.Source)
	if hidden, err := fs.Sub(source, "static"); err == nil {
		j.hidden(hidden)
	}
	own, err := fs.Sub(source, "layouts")
	if err != nil || o.Theme == nil {
		return j.list
	}
	theme, err := fs.Sub(o.Theme, "layouts")
	if err != nil {
		return j.list
	}
	j.layouts(tree.New(own), tree.New(theme))
	return j.list
}

// folderJudge gathers what is found.
type folderJudge struct {
	config *config.Config
	list   diag.List
}

func (j *folderJudge) warn(at diag.Position, rule, message, cure string) {
	j.list = append(j.list, diag.Errorf(at, rule, "%s", message).WithSuggestion("%s", cure).AsWarning())
}

// quiet are beginnings of hidden names that say nothing of the site.
var quiet = []string{
	".git", ".hg", ".svn", ".jj", ".keep", ".editorconfig", ".idea", ".vscode", ".obsidian", ".trash", ".Trash", ".DS_Store", "._", ".#", ".~",
	".directory", ".fuse_hidden", ".nfs", ".goutputstream", ".stfolder", ".stversions", ".sync", ".well-known",
}

// hidden warns of hidden files in static/, which are not published.
func (j *folderJudge) hidden(static fs.FS) {
	_ = fs.WalkDir(static, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil // who publishes says so
		}
		base := path.Base(name)
		switch {
		case tree.IsLeaving(base):
		case !tree.IsHidden(base):
			return nil
		case !slices.ContainsFunc(quiet, func(known string) bool { return strings.HasPrefix(base, known) }):
			j.warn(diag.Position{File: path.Join("static", name)}, "unused-file", "hidden file is not published",
				"put what the host needs into the published folder's own configuration, or remove the file")
		}
		if d.IsDir() {
			return fs.SkipDir
		}
		return nil
	})
}

// layouts warns of the site's own files that replace nothing of the theme, and that
// nothing uses.
func (j *folderJudge) layouts(own, theme fs.FS) {
	var themes []string
	texts := ""
	read := func(fsys fs.FS, each func(name string)) {
		_ = fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && name != "." {
				each(name)
			}
			return nil
		})
	}
	read(theme, func(name string) {
		themes = append(themes, name)
		if _, err := fs.Stat(own, name); err != nil && path.Ext(name) == ".html" {
			data, _ := fs.ReadFile(theme, name)
			texts += string(data)
		}
	})
	var added []string
	read(own, func(name string) {
		if path.Ext(name) == ".html" {
			data, _ := fs.ReadFile(own, name)
			texts += string(data)
		}
		if !slices.Contains(themes, name) {
			added = append(added, name)
		}
	})
	for _, name := range added {
		if j.used(name, texts) {
			continue
		}
		cure := diag.DidYouMean(name, themes)
		if cure == "" {
			cure = "name it as the file of the theme that it is to replace, use it, or remove it"
		}
		j.warn(diag.Position{File: path.Join("layouts", name)}, "unused-layout", "file replaces nothing of the theme, and nothing uses it", cure)
	}
	for _, language := range j.config.Languages {
		j.texts(own, theme, language.Code, texts)
	}
}

// used tells whether a file of layouts/ that the theme does not have is used.
func (j *folderJudge) used(name, texts string) bool {
	dir, base := path.Split(name)
	stem := strings.TrimSuffix(base, path.Ext(base))
	switch {
	case strings.EqualFold(stem, "README"):
		return true
	case dir == "i18n/" && path.Ext(name) == ".toml":
		return slices.ContainsFunc(j.config.Languages, func(l config.Language) bool { return l.Code == stem })
	case path.Ext(name) != ".html":
		return false
	case dir == "" && slices.ContainsFunc(j.config.Kinds, func(k config.Kind) bool { return k.Layout == stem }):
		return true
	case dir == "" && j.config.Views[stem].Set:
		return true
	}
	return strings.Contains(texts, `"`+name+`"`) || strings.Contains(texts, "`"+name+"`")
}

// texts warns of texts of the interface that nothing asks for.
func (j *folderJudge) texts(own, theme fs.FS, language, templates string) {
	file := path.Join("i18n", language+".toml")
	data, err := fs.ReadFile(own, file)
	if err != nil {
		return
	}
	known := j.themeTexts(theme)
	if len(known) == 0 {
		return
	}
	src := diag.NewSource(path.Join("layouts", file), data)
	table, list := record.ParseTOML(src, 0, len(data))
	if list.HasErrors() {
		return // who reads the texts says so
	}
	all, _ := layout.LoadStrings(own, "layouts", []string{language})
	if all[language] == nil {
		return
	}
	for _, key := range all[language].Keys() {
		if slices.Contains(known, key) || strings.Contains(templates, `"`+key+`"`) {
			continue
		}
		at := keyPosition(src, table, key)
		cure := diag.DidYouMean(key, known)
		if cure == "" {
			cure = "remove it"
		}
		j.warn(at, "unused-text", "text \""+key+"\" is asked for by no layout", cure)
	}
}

// themeTexts are the keys of the texts that the theme has in any language.
func (j *folderJudge) themeTexts(theme fs.FS) []string {
	entries, err := fs.ReadDir(theme, "i18n")
	if err != nil {
		return nil
	}
	var keys []string
	for _, e := range entries {
		code, ok := strings.CutSuffix(e.Name(), ".toml")
		if !ok {
			continue
		}
		all, _ := layout.LoadStrings(theme, "layouts", []string{code})
		if all[code] != nil {
			keys = append(keys, all[code].Keys()...)
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// keyPosition is where a key with dots is written.
func keyPosition(src *diag.Source, table *record.Table, key string) diag.Position {
	at := diag.Position{File: src.Name()}
	for part := range strings.SplitSeq(key, ".") {
		v, ok := table.Get(part)
		if !ok {
			return at
		}
		at = src.Position(table.KeySpan(part).Offset)
		if table, ok = v.AsTable(); !ok {
			return at
		}
	}
	return at
}

// sameFinding tells whether two diagnostics say the same of the same place.
func sameFinding(a, b diag.Diagnostic) bool {
	return a.Position == b.Position && a.Rule == b.Rule && a.Message == b.Message && a.Suggestion == b.Suggestion
}
