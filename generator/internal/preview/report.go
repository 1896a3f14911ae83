package preview

import (
	"html"
	"slices"

	"vigie/generator/internal/build"
	"vigie/generator/internal/content"
	"vigie/generator/internal/diag"
	"vigie/generator/internal/livereload"
)

// problem is a finding as the browser shows it: see src/overlay.ts.
type problem struct {
	Severity   string `json:"severity"`
	File       string `json:"file"`
	Line       int    `json:"line"`
	Column     int    `json:"column"`
	Message    string `json:"message"`
	Rule       string `json:"rule"`
	Suggestion string `json:"suggestion,omitempty"`
	Source     string `json:"source,omitempty"`
	Length     int    `json:"length,omitempty"`
	Editor     string `json:"editor,omitempty"`
	Notes      []note `json:"notes,omitempty"`
	// Mark names the problem where the page shows it. Here tells whether it stands in
	// the files of the page shown, Hides whether because of it the page shown is not
	// what its files say.
	Mark  string `json:"mark"`
	Here  bool   `json:"here"`
	Hides bool   `json:"hides"`
}

type note struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Message string `json:"message"`
}

// maxProblems is how many findings a page is told of.
const maxProblems = 100

// problemsFor lists what is wrong with the site and with the page that a client shows,
// the page's own file first.
func (s *Session) problemsFor(c *livereload.Client) []problem {
	file := s.shownAt(c.Path)
	all, shown := s.told.problemsOf(file), s.shownIn(file)
	list := []problem{}
	seen := map[string]bool{}
	add := func(d diag.Diagnostic) {
		if key := d.String(); !seen[key] && len(list) < maxProblems {
			seen[key] = true
			p := s.problem(d)
			p.Here, p.Hides = shown.has(d), shown.hidesFor(d)
			list = append(list, p)
		}
	}
	for _, first := range []bool{true, false} {
		for _, d := range all {
			if shown.has(d) == first {
				add(d)
			}
		}
	}
	return list
}

// problem shows a diagnostic.
func (s *Session) problem(d diag.Diagnostic) problem {
	p := problem{
		Severity: d.Severity.String(), File: d.Position.File, Line: d.Position.Line, Column: d.Position.Col,
		Message: d.Message, Rule: d.Rule, Suggestion: d.Suggestion, Source: d.Text, Length: d.Length,
		Editor: s.editor(d.Position), Mark: build.MarkID(d),
	}
	for _, n := range d.Notes {
		p.Notes = append(p.Notes, note{n.Position.File, n.Position.Line, n.Position.Col, n.Message})
	}
	return p
}

// editor is the address that opens a place in the editor, "" for none.
func (s *Session) editor(at diag.Position) string {
	if s.options.Editor == nil || at.File == "" {
		return ""
	}
	return s.options.Editor(at.File, at.Line, at.Col)
}

// report is what an editor should know of a page: see src/bar.ts.
type report struct {
	File      string   `json:"file"`
	Editor    string   `json:"editor,omitempty"`
	Draft     bool     `json:"draft"`
	Future    bool     `json:"future"`
	Words     int      `json:"words"`
	Minutes   int      `json:"minutes"`
	Missing   []string `json:"missing"`
	Stale     []string `json:"stale"`
	Due       []due    `json:"due"`
	Broken    []broken `json:"broken"`
	Wrong     []broken `json:"wrong"` // in its front matter
	Backlinks []link   `json:"backlinks"`
	Notice    string   `json:"notice,omitempty"`
}

// broken is what is wrong in the page, such as a reference that leads nowhere, and its
// mark.
type broken struct {
	Text string `json:"text"`
	Mark string `json:"mark"`
}

type due struct {
	URL  string `json:"url"`
	Text string `json:"text"`
}

type link struct {
	URL   string `json:"url"`
	Title string `json:"title"`
}

// reportOn reports on the page at a URL's path.
func (s *Session) reportOn(urlPath string) report {
	file := s.fileOf(urlPath)
	s.mu.RLock()
	defer s.mu.RUnlock()
	r := report{Missing: []string{}, Stale: []string{}, Due: []due{}, Broken: []broken{}, Wrong: []broken{}, Backlinks: []link{}, Notice: s.notice}
	p := s.pageAt(file)
	if p == nil || p.File == nil {
		return r
	}
	r.File = p.FileName()
	r.Editor = s.editor(diag.Position{File: r.File, Line: 1, Col: 1})
	r.Draft, r.Future = p.Draft, p.Date.After(s.options.Build.Now)
	numbers := s.live.PageNumbers(p)
	r.Words, r.Minutes = numbers.Words, numbers.Minutes
	for _, b := range numbers.Backlinks {
		r.Backlinks = append(r.Backlinks, link{s.live.Config().BaseURL.Rel(b.SitePath), b.Title})
	}
	for _, d := range s.live.PageProblems(p) {
		if d.Severity == diag.Error {
			r.Broken = append(r.Broken, broken{d.Message, build.MarkID(d)})
		}
	}
	v := shown{files: filesOf(p)}
	for _, d := range s.loading {
		if m := (broken{d.Message, build.MarkID(d)}); d.Severity == diag.Error && v.has(d) && !slices.Contains(r.Broken, m) {
			r.Wrong = append(r.Wrong, m)
		}
	}
	for _, f := range p.Facts {
		if day, ok := s.live.Content().ReviewDue(f); ok && day.Before(s.live.Content().Today()) {
			r.Due = append(r.Due, due{"#fait-" + f.ID, f.Property.Title.In(p.Lang)})
		}
	}
	r.Missing, r.Stale = s.translations(p)
	return r
}

// translations lists the languages that a page is not written in, and those in which
// it is older than the original.
func (s *Session) translations(p *content.Page) (missing, stale []string) {
	missing, stale = []string{}, []string{}
	original := p
	if p.Original != nil {
		original = p.Original
	}
	for _, lang := range s.live.Config().Languages {
		t := original.In(lang.Code)
		switch {
		case t == nil:
			missing = append(missing, lang.Code)
		case t.StaleTranslation():
			stale = append(stale, lang.Code)
		}
	}
	return missing, stale
}

func unescape(s string) string { return html.UnescapeString(s) }
