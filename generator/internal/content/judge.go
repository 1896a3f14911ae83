package content

import (
	"bytes"
	"slices"
	"strings"
	"time"

	"vigie/generator/internal/config"
	"vigie/generator/internal/diag"
	"vigie/generator/internal/record"
)

// What is asked of a site by those who judge it rather than publish it.

// ReviewDue returns the day after which a fact is to be looked at again, as midnight
// UTC; ok is false for one that does not age: past ones, and those whose property and
// kind have no review_after.
func (s *Site) ReviewDue(f *Fact) (day time.Time, ok bool) {
	period := s.Config.ReviewAfter(f.Page.Kind, f.Property)
	if period.IsZero() || f.Status.Past() || f.AsOf.IsZero() {
		return time.Time{}, false
	}
	return period.After(f.AsOf.End()), true
}

// StaleTranslation tells whether the page translates one that was updated since. A
// translation that does not say itself when it was updated is as old as the page's date.
func (p *Page) StaleTranslation() bool {
	if p.Original == nil || !p.Original.matter.Updated.Set {
		return false
	}
	if p.matter.Updated.Set {
		return p.Updated.Before(p.Original.Updated)
	}
	return p.Original.Updated.After(p.Date)
}

// IsNews tells whether the page is among the site's news (see [Site.News]).
func (s *Site) IsNews(p *Page) bool {
	declared := slices.ContainsFunc(s.Config.Kinds, func(k config.Kind) bool { return k.News })
	return !p.IsSection && !p.Date.IsZero() && (p.Kind.News || !declared)
}

// TitleAt returns where the page's title is written: in the front matter, else at the
// start of the body, else nowhere.
func (p *Page) TitleAt() record.Span {
	if p.matter.Title.Set || p.File == nil {
		return p.titleAt
	}
	body := p.File.Text()[p.Body:]
	if leadingTitle(body) == "" {
		return record.Span{}
	}
	start := p.Body + len(body) - len(bytes.TrimLeft(body, " \t\r\n"))
	line, _, _ := strings.Cut(string(p.File.Text()[start:]), "\n")
	return record.Span{Offset: start, Length: len(strings.TrimRight(line, " \t\r"))}
}

// DescriptionAt returns where the page's description is written.
func (p *Page) DescriptionAt() record.Span { return p.matter.Description.Span }

// UpdatedAt returns where the page says itself when it was updated; ok is false where
// it does not.
func (p *Page) UpdatedAt() (at record.Span, ok bool) {
	return p.matter.Updated.Span, p.matter.Updated.Set
}

// MediaAt returns where the address of the interview's recording is written.
func (p *Page) MediaAt() record.Span { return p.matter.Interview.Value.Media.Span }

// Warnf returns a warning at a span of the page's file.
func (p *Page) Warnf(at record.Span, rule, format string, args ...any) diag.Diagnostic {
	return p.errorf(at, rule, format, args...).AsWarning()
}

// Warnf returns a warning at a span of the file that the source is written in.
func (s *Source) Warnf(at record.Span, rule, format string, args ...any) diag.Diagnostic {
	return s.File.Errorf(at.Offset, at.Length, rule, format, args...).AsWarning()
}
