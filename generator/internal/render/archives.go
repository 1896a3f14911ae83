package render

import (
	"fmt"
	"slices"
	"time"

	"vigie/generator/internal/content"
	"vigie/generator/internal/markdown"
	"vigie/generator/internal/permalink"
)

// archiveJobs makes a language's archives: all years, each year, each month.
func (r *renderer) archiveJobs(lang string) []job {
	news := r.language[lang].news
	if len(news) == 0 {
		return nil
	}
	texts, root := r.strings[lang], r.archivesPath(lang)
	type month struct {
		year  int
		month time.Month
	}
	pagesOf := map[month][]*content.Page{}
	yearsOf := map[int][]*content.Page{}
	var months []month
	var years []int
	for _, p := range news { // newest first
		m := month{p.Date.Year(), p.Date.Month()}
		if len(pagesOf[m]) == 0 {
			months = append(months, m)
		}
		if len(yearsOf[m.year]) == 0 {
			years = append(years, m.year)
		}
		pagesOf[m] = append(pagesOf[m], p)
		yearsOf[m.year] = append(yearsOf[m.year], p)
	}
	yearPath := func(y int) string { return permalink.Clean(fmt.Sprintf("%s/%04d", root, y)) }
	monthPath := func(m month) string { return permalink.Clean(fmt.Sprintf("%s/%04d/%02d", root, m.year, m.month)) }
	index := func(r *renderer) Link {
		return Link{Title: markdown.Typography(lang, texts.Must("archives.title")), URL: r.config.BaseURL.Rel(root)}
	}
	yearLink := func(r *renderer, y int) Link {
		return Link{Title: fmt.Sprint(y), URL: r.config.BaseURL.Rel(yearPath(y))}
	}
	var jobs []job
	for _, y := range years {
		jobs = append(jobs, job{sitePath: yearPath(y), origin: "the archives", open: true, view: func(r *renderer) *View {
			v := r.madeView(lang, "archive", texts.Must("archive.title", fmt.Sprint(y)), texts.Must("archive.description", len(yearsOf[y])), yearPath(y), index(r))
			v.Breadcrumbs[len(v.Breadcrumbs)-1].Title = fmt.Sprint(y)
			for _, m := range months {
				if m.year != y {
					continue
				}
				inYear := CardGroup{Title: texts.Month(m.year, m.month), ID: fmt.Sprintf("mois-%02d", m.month), URL: r.config.BaseURL.Rel(monthPath(m)), Count: len(pagesOf[m])}
				for _, p := range pagesOf[m] {
					inYear.Pages = append(inYear.Pages, r.card(p, lang))
				}
				v.Groups = append(v.Groups, inYear)
			}
			return v
		}})
	}
	for _, m := range months {
		pages := r.paginate(pagesOf[m], monthPath(m), "the archives", func(r *renderer) *View {
			name := texts.Month(m.year, m.month)
			v := r.madeView(lang, "archive", texts.Must("archive.title", name), texts.Must("archive.description", len(pagesOf[m])), monthPath(m), index(r), yearLink(r, m.year))
			v.Breadcrumbs[len(v.Breadcrumbs)-1].Title = name
			return v
		})
		pages[0].open = true
		jobs = append(jobs, pages...)
	}
	return append(jobs, job{sitePath: root, origin: "the archives", open: true, versions: (*renderer).archivesVersions, view: func(r *renderer) *View {
		all := r.madeView(lang, "archives", texts.Must("archives.title"), texts.Must("archives.description"), root)
		for _, y := range years {
			group := CardGroup{Title: fmt.Sprint(y), ID: fmt.Sprintf("annee-%d", y), URL: yearLink(r, y).URL, Count: len(yearsOf[y])}
			for _, m := range months {
				if m.year == y {
					group.Pages = append(group.Pages, Card{Title: texts.Month(m.year, m.month), URL: r.config.BaseURL.Rel(monthPath(m)), Count: len(pagesOf[m])})
				}
			}
			all.Groups = append(all.Groups, group)
		}
		return all
	}})
}

// archivesVersions lists the languages' archives.
func (r *renderer) archivesVersions() []Translation {
	withNews := slices.DeleteFunc(slices.Clone(r.site.Homes), func(h *content.Page) bool { return len(r.language[h.Lang].news) == 0 })
	return r.madeVersions("archives.title", r.archivesPath, withNews)
}
