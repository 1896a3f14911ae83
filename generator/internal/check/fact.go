package check

import (
	"bytes"

	"vigie/generator/internal/content"
	"vigie/generator/internal/diag"
)

// staleFacts finds the statements that were to be looked at again before today
// (review_after in config.toml). What is past does not age.
func (j *judge) staleFacts() (list diag.List) {
	today := j.Today()
	for _, p := range j.written() {
		for _, f := range p.Facts {
			if f.Page != p {
				continue // a translation states what its original does
			}
			due, ages := j.ReviewDue(f)
			if !ages || !today.After(due) {
				continue
			}
			list = append(list, p.Warnf(f.AsOfAt, "stale-fact", "fact of %s is as of %s, and was to be reviewed by %s", f.Property.Name, f.AsOf, due.Format("2006-01-02")).
				WithSuggestion("look whether it still holds; then renew as_of, or mark it superseded"))
		}
	}
	return list
}

// unusedSources finds the publications that nothing rests on and no text cites. A draft
// that names one is taken at its word.
func (j *judge) unusedSources() (list diag.List) {
	used := map[string]bool{}
	use := func(sources []*content.Source) {
		for _, s := range sources {
			used[s.ID] = true
		}
	}
	for _, p := range j.Pages {
		use(p.Sources)
		for _, f := range p.Facts {
			use(f.Sources)
		}
		for _, e := range p.Events {
			use(e.Sources)
		}
		if document := j.bodies.Document(p); document != nil {
			for _, c := range document.Citations() {
				used[c.Source] = true
			}
		}
	}
	for _, s := range j.Sources {
		if used[s.ID] || j.draftNames(s.ID) {
			continue
		}
		list = append(list, s.Warnf(s.IDAt, "unused-source", "source %q is cited nowhere", s.ID).
			WithSuggestion("cite it with [@%s], or remove it", s.ID))
	}
	return list
}

// draftNames tells whether a page that this build leaves out has an id in it.
func (j *judge) draftNames(id string) bool {
	for _, p := range j.Hidden {
		if bytes.Contains(p.File.Text(), []byte(id)) {
			return true
		}
	}
	return false
}
