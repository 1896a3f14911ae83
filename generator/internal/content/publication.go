package content

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"vigie/generator/internal/config"
	"vigie/generator/internal/diag"
	"vigie/generator/internal/permalink"
	"vigie/generator/internal/record"
)

// Whether and when a page is published, in the words of the tools that content comes
// from. A key that says so is honoured, or an error; it is never passed over.

// publication is what keeps a page back. What stands in it are the words of the front
// matter, such as "private: true"; "" for none.
type publication struct {
	draft string // a draft, shown with --drafts
	kept  string // kept back in every build

	from, until         time.Time // zero for no bound
	fromText, untilText string
}

// join adds what an original says to what its translation does: what either keeps back
// is kept back.
func (u publication) join(o publication) publication {
	if u.draft == "" {
		u.draft = o.draft
	}
	if u.kept == "" {
		u.kept = o.kept
	}
	if o.from.After(u.from) {
		u.from, u.fromText = o.from, o.fromText
	}
	if !o.until.IsZero() && (u.until.IsZero() || o.until.Before(u.until)) {
		u.until, u.untilText = o.until, o.untilText
	}
	return u
}

// sense is what a key says of publication.
type sense int

const (
	saysDraft    sense = iota + 1 // a draft where true
	saysPublish                   // a draft where false; a date is when it is published
	saysKept                      // kept back where true
	saysOpen                      // kept back where false
	saysReady                     // a draft where false; else a key like any other
	saysRoute                     // kept back where false, never or link
	saysUnlisted                  // in no list where true
	saysListed                    // in no list where false or never
	saysStatus                    // a word that names a stage
	saysStage                     // the same, in a key that mostly says something else
	saysAudience                  // a word that names who may read
	saysPassword                  // kept back where there is one
	saysFrom                      // the day it is published
	saysUntil                     // the day it is taken down
	saysEmbargo                   // kept back where true; a date is when it is published
	saysBuild                     // Hugo's table of render and list
	saysPath                      // kept back where false, else an address
	saysCascade                   // Hugo's front matter for the pages below
)

// foldKey brings a key into the form in which spellings of one key are the same:
// publishDate, publish_date, PublishDate.
func foldKey(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '-' || r == '_' || r == ' ' || r == '.':
			return -1
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		case strings.ContainsRune("éèêë", r):
			return 'e'
		}
		return r
	}, norm.NFC.String(name))
}

// readPublication reads what the front matter of foreign content says of publication,
// and returns what is left of it. What cannot be read is an error.
func (l *loader) readPublication(p *Page, t *record.Table) (*record.Table, diag.List) {
	r := publicationReader{loader: l, page: p}
	rest := t
	r.dated = t.Has("date")
	for _, name := range t.Keys() {
		says, ok := publicationKeys[foldKey(name)]
		if !ok || slices.Contains(l.otherTaxonomies, name) {
			continue
		}
		v, _ := t.Get(name)
		r.key, r.text = t.KeySpan(name), sourceLine(p.File, t.KeySpan(name), v.Span())
		if r.read(says, name, v) {
			rest = rest.Without(name)
		}
	}
	r.params(t)
	for _, name := range rest.Keys() {
		if v, _ := rest.Get(name); !slices.Contains(ownKeys, name) && publicationKeys[foldKey(name)] == 0 {
			if table, ok := v.AsTable(); ok {
				r.elsewhere(table.Only(plainKeys), name, "write draft: true at the top")
			}
		}
	}
	return rest, r.list
}

// sourceLine is a key and its value as they stand in the file, on one line.
func sourceLine(src *diag.Source, key, value record.Span) string {
	text := string(src.Text()[key.Offset:max(key.End(), value.End())])
	line, _, more := strings.Cut(text, "\n")
	if line = strings.TrimRight(line, " \t\r"); more {
		line += " …"
	}
	return line
}

type publicationReader struct {
	*loader
	page  *Page
	dated bool // the page has a date of its own
	key   record.Span
	text  string // of the key and its value
	list  diag.List
}

func (r *publicationReader) hold(word *string) {
	if *word == "" {
		*word = r.text
	}
}

// unreadable reports a value that does not say what its key is there to say.
func (r *publicationReader) unreadable(v record.Value, cure string) {
	r.list = append(r.list, v.Errorf("unreadable-publication", "value does not say whether the page is published: %q", r.text).WithSuggestion("%s", cure))
	r.hold(&r.page.publication.kept)
}

// told notes that a page is held back by a word that means less, or other, than that.
func (r *publicationReader) told(subject, format string, args ...any) {
	r.page.remark(remark{rule: "not-published", subject: subject, at: r.key, text: fmt.Sprintf(format, args...), cure: "write draft: true, or remove it"})
}

// read takes over one key. It reports whether the key has been dealt with; else it is
// one like any other.
func (r *publicationReader) read(says sense, name string, v record.Value) bool {
	u := &r.page.publication
	if v.Kind() == record.KindNull {
		return true // a key without a value counts as missing
	}
	yes, readable := truth(v)
	switch says {
	case saysDraft:
		if _, isBool := v.AsBool(); isBool && name == "draft" {
			return false // ours, as we write it
		}
		if !readable {
			r.unreadable(v, "write true or false")
		} else if yes {
			r.hold(&u.draft)
		}
	case saysPublish:
		switch _, _, isDate := r.moment(v); {
		case isDate:
			return r.date(name, v, true)
		case !readable:
			r.unreadable(v, "write true, false or a date")
		case !yes:
			r.hold(&u.draft)
		}
	case saysKept, saysOpen:
		if !readable {
			if word, ok := v.AsString(); ok && says == saysOpen && slices.Contains(publicStages, permalink.Slug(word)) {
				return true
			}
			r.unreadable(v, "write true or false")
		} else if yes == (says == saysKept) {
			r.hold(&u.kept)
		}
	case saysReady:
		if !readable || yes {
			return false
		}
		r.hold(&u.draft)
	case saysRoute:
		r.render(v)
	case saysUnlisted:
		if list, ok := v.AsArray(); ok && name == "hide" { // parts of the page that a theme is to leave out
			return len(list) == 0
		}
		if !readable {
			r.unreadable(v, "write true or false")
		} else if yes {
			r.unlisted(name)
		}
	case saysListed:
		return r.listed(name, v)
	case saysStatus, saysStage:
		return r.status(says, name, v)
	case saysAudience:
		r.audience(name, v)
	case saysPassword:
		if text, ok := v.Text(); !ok || text != "" && (!readable || yes) {
			r.hold(&u.kept)
		}
	case saysFrom:
		return r.date(name, v, true)
	case saysUntil, saysEmbargo:
		if _, isBool := v.AsBool(); isBool || readable && v.Kind() == record.KindString {
			if yes {
				r.hold(&u.kept)
			}
			return true
		}
		return r.date(name, v, says == saysEmbargo)
	case saysBuild:
		return r.build(name, v)
	case saysPath:
		if readable && !yes && v.Kind() != record.KindInteger {
			r.hold(&u.kept)
			return true
		}
		return false
	case saysCascade:
		return r.cascade(v)
	}
	return true
}

// unlisted holds back a page that its author wants published in no list.
func (r *publicationReader) unlisted(name string) {
	r.hold(&r.page.publication.draft)
	r.told(name, "page is not published: %q asks for one in no list, and every page here is in lists", r.text)
}

// render reads what says whether a page is made at all.
func (r *publicationReader) render(v record.Value) bool {
	yes, readable := truth(v)
	word, _ := v.AsString()
	switch strings.ToLower(strings.TrimSpace(word)) {
	case "always":
		return true
	case "never", "link":
		yes, readable = false, true
	}
	if !readable {
		r.unreadable(v, "write true or false")
	} else if !yes {
		r.hold(&r.page.publication.kept)
	}
	return true
}

// listed reads what says whether a page stands in lists.
func (r *publicationReader) listed(name string, v record.Value) bool {
	yes, readable := truth(v)
	word, isString := v.AsString()
	switch strings.ToLower(strings.TrimSpace(word)) {
	case "always":
		return true
	case "never", "local":
		yes, readable = false, true
	}
	switch {
	case readable && !yes:
		r.unlisted(name)
	case !readable && (isString || name != "list"):
		r.unreadable(v, "write true or false")
	case !readable:
		return false // a list of something
	}
	return true
}

// status reads a word for the stage a page is in, or several.
func (r *publicationReader) status(says sense, name string, v record.Value) bool {
	values := []record.Value{v}
	if list, ok := v.AsArray(); ok {
		values = list
	}
	dealt := says == saysStatus
	var unknown []remark
	for _, v := range values {
		word, ok := v.Text()
		slug := permalink.Slug(word)
		parts := strings.Split(slug, "-")
		switch {
		case ok && slug != "" && slices.Contains(keptStages, slug) && (says == saysStatus || slug != "no" && slug != "false" && slug != "future" && slug != "sent"):
			r.hold(&r.page.publication.draft)
			dealt = true
		case ok && slices.ContainsFunc(parts, func(part string) bool { return slices.Contains(unfinished, part) }):
			r.hold(&r.page.publication.draft)
			r.told(name+" "+slug, "page is not published: %q says that it is not meant to be yet", r.text)
			dealt = true
		case says == saysStage || ok && (slug == "" && strings.TrimSpace(word) == "" || slices.Contains(publicStages, slug)):
		default:
			unknown = append(unknown, remark{rule: "unknown-status", subject: name + " " + slug, at: r.key,
				text: fmt.Sprintf("page is published: %q is no word for one that is held back", r.text), cure: "write draft: true if it is to be held back"})
		}
	}
	if r.page.publication.draft == "" {
		r.page.remarks = append(r.page.remarks, unknown...)
	}
	return dealt
}

// audience reads a word for who may read a page: a site of files is there for all.
func (r *publicationReader) audience(name string, v record.Value) {
	values := []record.Value{v}
	if list, ok := v.AsArray(); ok {
		values = list
	}
	for _, v := range values {
		word, ok := v.Text()
		switch permalink.Slug(word) {
		case "public", "open", "all", "everyone", "everybody", "anyone", "anonymous", "world", "visible", "published", "true", "yes", "tous", "libre", "ouvert":
			if ok {
				continue
			}
		case "private", "hidden", "false", "no", "prive", "none":
			r.hold(&r.page.publication.kept)
			continue
		}
		r.hold(&r.page.publication.kept)
		r.told(name, "page is not published: %q opens it to some, and a site of files is open to all", r.text)
	}
}

// build reads Hugo's table of that name, or false.
func (r *publicationReader) build(name string, v record.Value) bool {
	table, ok := v.AsTable()
	if !ok {
		if yes, readable := truth(v); readable && !yes {
			r.hold(&r.page.publication.kept)
			return true
		}
		return false
	}
	for _, key := range table.Keys() {
		inner, _ := table.Get(key)
		if inner.Kind() == record.KindNull {
			continue
		}
		r.key, r.text = table.KeySpan(key), sourceLine(r.page.File, table.KeySpan(key), inner.Span())
		switch foldKey(key) {
		case "render":
			r.render(inner)
		case "list":
			r.listed(name+".list", inner)
		}
	}
	return true
}

// cascade refuses what would hide the pages below: each page says for itself here.
func (r *publicationReader) cascade(v record.Value) bool {
	tables := []record.Value{v}
	if list, ok := v.AsArray(); ok {
		tables = list
	}
	for _, v := range tables {
		if table, ok := v.AsTable(); ok {
			r.elsewhere(table, "cascade", "write draft: true in each of the pages below")
		}
	}
	return false
}

// params refuses free keys that look as if they kept the page from being published.
func (r *publicationReader) params(t *record.Table) {
	v, _ := t.Get("params")
	if table, ok := v.AsTable(); ok {
		r.elsewhere(table, "params", "write draft: true outside of params, or give the key another name")
	}
}

// elsewhere reports keys below another that would hold a page back at the top.
func (r *publicationReader) elsewhere(t *record.Table, where, cure string) {
	for _, name := range t.Keys() {
		v, _ := t.Get(name)
		key, text := t.KeySpan(name), sourceLine(r.page.File, t.KeySpan(name), v.Span())
		says, ok := publicationKeys[foldKey(name)]
		if params, nested := v.AsTable(); nested && foldKey(name) == "params" {
			r.elsewhere(params, where+".params", cure)
		}
		if !ok || v.Kind() == record.KindNull {
			continue
		}
		trial := publicationReader{loader: r.loader, page: &Page{File: r.page.File}, key: key, text: text}
		trial.read(says, name, v)
		if _, isBool := v.AsBool(); isBool && foldKey(name) == "draft" {
			yes, _ := v.AsBool()
			if yes {
				trial.hold(&trial.page.publication.draft)
			}
		}
		u := trial.page.publication
		if u.draft == "" && u.kept == "" && !u.from.After(r.Now) && (u.until.IsZero() || u.until.After(r.Now)) {
			continue
		}
		r.list = append(r.list, r.page.errorf(key, "unheard-publication", "%s.%s does not keep a page from being published: %q", where, name, text).WithSuggestion("%s", cure))
	}
}

// moment reads a date; ok is false for what is none.
func (r *publicationReader) moment(v record.Value) (at time.Time, m moment, ok bool) {
	if err := m.UnmarshalRecord(v); err != nil {
		return time.Time{}, m, false
	}
	return m.in(r.Config.Location), m, true
}

// date reads when a page is published or, unless from, taken down.
func (r *publicationReader) date(name string, v record.Value, from bool) bool {
	at, _, ok := r.moment(v)
	if word, isString := v.AsString(); !ok && isString && slices.Contains([]string{"", "never", "none"}, strings.ToLower(strings.TrimSpace(word))) {
		return true
	}
	u := &r.page.publication
	switch {
	case !ok:
		r.unreadable(v, "write a date such as 2025-04-17 or 2025-04-17T09:00:00+02:00")
	case from && at.After(u.from):
		u.from, u.fromText = at, r.text
	case !from && (u.until.IsZero() || at.Before(u.until)):
		u.until, u.untilText = at, r.text
	}
	return !ok || r.dated || synonyms[foldKey(name)] != "date" // when it is published is its date too
}

// truth reads a yes or no, as YAML 1.1 and people write them.
func truth(v record.Value) (yes, ok bool) {
	if b, isBool := v.AsBool(); isBool {
		return b, true
	}
	if n, isInteger := v.AsInteger(); isInteger {
		return n == 1, n == 0 || n == 1
	}
	s, _ := v.AsString()
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "true", "yes", "y", "on", "1", "oui", "o", "vrai", "ja", "wahr", "si", "sí":
		return true, true
	case "false", "no", "n", "off", "0", "non", "faux", "nein", "falsch":
		return false, true
	}
	return false, false
}

// heldBack says why a page is left out of a build, "" for one that is not.
func (l *loader) heldBack(p *Page) string {
	u := p.publication
	switch {
	case u.kept != "":
		return fmt.Sprintf("is not published: it says %q", u.kept)
	case !u.until.IsZero() && !l.options.Now.Before(u.until):
		return fmt.Sprintf("is no longer published: it says %q", u.untilText)
	case p.Draft && !l.options.Drafts && u.draft != "":
		return fmt.Sprintf("is a draft: it says %q", u.draft)
	case p.Draft && !l.options.Drafts:
		return "is a draft"
	case p.Date.After(l.options.Now) && !l.options.Future:
		return "is dated " + p.Date.Format(time.DateOnly) + ", after the build's clock"
	case u.from.After(l.options.Now) && !l.options.Future:
		return fmt.Sprintf("is not published yet: it says %q", u.fromText)
	}
	return ""
}

// lenient reports whether the site lets in content that was written for other tools.
func (l *loader) lenient() bool { return l.Config.UnknownKeys != config.UnknownError }
