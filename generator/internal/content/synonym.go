package content

import (
	"fmt"
	"slices"

	"vigie/generator/internal/record"
)

// ownKeys are the keys of front matter that pages have.
var ownKeys = record.KeysOf(new(matter))

// synonyms are the keys of other tools, folded, that mean what one of ours does: in
// content that is let in they are read as that one.
var synonyms = map[string]string{
	"lastmod": "updated", "modified": "updated", "lastmodified": "updated", "lastmodifiedat": "updated", "lastmodifieddate": "updated",
	"lastupdated": "updated", "lastupdate": "updated", "updatedat": "updated", "updateddate": "updated", "dateupdated": "updated",
	"datemodified": "updated", "modifieddate": "updated", "modifiedat": "updated", "moddate": "updated", "updatedon": "updated", "revised": "updated",
	"summary": "description", "excerpt": "description", "abstract": "description", "metadescription": "description", "seodescription": "description",
	"teaser": "description", "snippet": "description", "chapo": "description", "desc": "description",
	"author": "authors", "auteur": "authors", "auteurs": "authors", "byline": "authors", "creator": "authors", "writer": "authors",
	"tag":   "tags",
	"alias": "aliases", "redirectfrom": "aliases", "redirects": "aliases", "oldurls": "aliases",
	"publishdate": "date", "pubdate": "date", "publicationdate": "date", "publisheddate": "date", "datepublished": "date", "publishedat": "date",
	"publishedon": "date", "published": "date", "publish": "date",
	"aka": "names", "othernames": "names", "alternatenames": "names",
}

// cures say what to write for other keys of Hugo, Jekyll, Eleventy, Astro, Pelican,
// Obsidian, Quartz and Docusaurus.
var cures = map[string]string{
	"created": "write date", "createdat": "write date", "creationdate": "write date", "datecreated": "write date", "posted": "write date", "postdate": "write date",
	"categories": "write tags, or declare [taxonomies.categories] in config.toml", "category": "write tags, or declare [taxonomies.category] in config.toml",
	"keywords": "write tags", "topics": "write tags, or declare [taxonomies.topics] in config.toml", "labels": "write tags", "etiquettes": "write tags",
	"taxonomies": "write tags = […] and authors = […] at the top", "series": "declare [taxonomies.series] in config.toml, or write tags",
	"url": "write slug for the last part of the address; the rest is the kind's permalink in config.toml", "permalink": "write slug for the last part of the address; the rest is the kind's permalink in config.toml",
	"path": "write slug for the last part of the address", "saveas": "write slug for the last part of the address", "pathname": "write slug for the last part of the address",
	"type": "write kind, of those declared in config.toml", "contenttype": "write kind, of those declared in config.toml", "posttype": "write kind, of those declared in config.toml",
	"collection": "write kind, of those declared in config.toml", "postformat": "write form, of those of the kind",
	"layout": "remove it: the kind's layout in config.toml holds", "template": "remove it: the kind's layout in config.toml holds", "pagetemplate": "remove it: the kind's layout in config.toml holds",
	"menu": "name the page under [menus] in config.toml", "menus": "name the page under [menus] in config.toml", "nav": "name the page under [menus] in config.toml",
	"navigation": "name the page under [menus] in config.toml", "eleventynavigation": "name the page under [menus] in config.toml", "sidebar": "name the page under [menus] in config.toml",
	"order": "write weight", "position": "write weight", "navorder": "write weight", "sidebarposition": "write weight", "sortorder": "write weight", "menuorder": "write weight",
	"translationkey": "name the translation x.en.md beside x.md", "translationof": "name the translation x.en.md beside x.md", "translation": "name the translation x.en.md beside x.md", "i18n": "name the translation x.en.md beside x.md",
	"language": "name the file x.en.md for a page in English", "locale": "name the file x.en.md for a page in English", "langcode": "name the file x.en.md for a page in English", "htmllang": "name the file x.en.md for a page in English",
	"featuredimage": "write image", "featureimage": "write image", "featuredimg": "write image", "cover": "write image", "coverimage": "write image", "heroimage": "write image",
	"thumbnail": "write image", "thumb": "write image", "banner": "write image", "ogimage": "write image", "socialimage": "write image", "images": "write image", "img": "write image", "photo": "write image", "hero": "write image",
	"subtitle": "move it under params", "linktitle": "move it under params", "seotitle": "write title", "metatitle": "write title", "headline": "write title", "name": "write title", "titre": "write title",
	"toc": "move it under params", "cssclass": "move it under params", "cssclasses": "move it under params", "comments": "move it under params", "math": "move it under params", "mermaid": "move it under params", "outputs": "move it under params",
	"canonicalurl": "move it under params", "canonical": "move it under params",
	"noindex": "remove it: every published page can be found; draft: true keeps it back", "robots": "remove it: every published page can be found; draft: true keeps it back",
	"sitemap":           "remove it: every published page stands in the sitemap; draft: true keeps it back",
	"excludefromsearch": "remove it: every published page can be found; draft: true keeps it back", "insearchindex": "remove it: every published page can be found; draft: true keeps it back",
	"searchable": "remove it: every published page can be found; draft: true keeps it back", "navexclude": "remove it: every published page stands in its section's list",
	"cascade":    "write the keys in each of the pages below",
	"references": "write sources, with ids of sources.toml", "bibliography": "write sources, with ids of sources.toml", "citations": "write sources, with ids of sources.toml",
	"correction": "write corrections", "errata": "write corrections",
}

// publicationCures say how what a key of publication means is written here.
var publicationCures = map[sense]string{
	saysDraft: "write draft = true for a page that is not to be published", saysPublish: "write draft = true for a page that is not to be published",
	saysFrom: "write date: a page waits for the day it is dated", saysEmbargo: "write date: a page waits for the day it is dated", saysUntil: "write expires",
	saysPath: "write slug for the last part of the address; draft = true keeps the page back", saysCascade: "write the keys in each of the pages below",
}

// cureOf says what to write in the place of a key that is not ours, "" for one that no
// tool is known to have.
func (l *loader) cureOf(name string) string {
	folded := foldKey(name)
	for _, own := range slices.Concat(ownKeys, l.otherTaxonomies) {
		if folded == foldKey(own) {
			return "write " + own
		}
	}
	if cure, ok := cures[folded]; ok && folded != "permalink" {
		return cure
	}
	if says, ok := publicationKeys[folded]; ok && says != saysStage && folded != "hide" && folded != "list" {
		if cure, ok := publicationCures[says]; ok {
			return cure
		}
		return "write draft = true for a page that is not to be published"
	}
	if own, ok := synonyms[folded]; ok {
		return "write " + own
	}
	return ""
}

// remark is a warning about one page that many may give: it is told once for a site.
type remark struct {
	rule    string
	subject string // pages that give the same rule and subject are told together
	at      record.Span
	text    string
	cure    string
}

// lateRemark is one that is found when the pages are joined.
type lateRemark struct {
	page *Page
	remark
}

// remark notes a remark while the page's file is read.
func (p *Page) remark(r remark) {
	p.remarks = append(p.remarks, r)
}

// tell warns once of what pages gave remarks about, at the first by file.
func (l *loader) tell() {
	type group struct {
		lateRemark
		pages map[*Page]bool
	}
	var groups []*group
	known := map[[2]string]*group{}
	add := func(p *Page, r remark) {
		// What a page silences is told of that page alone, and so silences no other's.
		own := slices.ContainsFunc(p.CheckIgnore, func(f record.Field[string]) bool { return f.Value == r.rule })
		if own {
			r.subject += "\x00" + p.FileName()
		}
		if g := known[[2]string{r.rule, r.subject}]; g != nil {
			g.pages[p] = true
			return
		}
		g := &group{lateRemark{p, r}, map[*Page]bool{p: true}}
		known[[2]string{r.rule, r.subject}] = g
		groups = append(groups, g)
	}
	for _, p := range l.written {
		for _, r := range p.remarks {
			add(p, r)
		}
	}
	for _, r := range l.late {
		add(r.page, r.remark)
	}
	for _, g := range groups {
		text := g.text
		if n := len(g.pages); n > 1 {
			text += fmt.Sprintf("; so on %d pages", n)
		}
		l.report(g.page.errorf(g.at, g.rule, "%s", text).WithSuggestion("%s", g.cure).AsWarning())
	}
}
