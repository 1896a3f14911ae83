package render

import (
	"encoding/json"
	"html"
	"html/template"

	"vigie/generator/internal/config"
	"vigie/generator/internal/content"
)

type kind = config.Kind

func unescape(s string) string { return html.UnescapeString(s) }

// object is a JSON-LD object (schema.org). encoding/json sorts its keys and escapes
// <, > and &, so that it may stand in a script element.
type object map[string]any

// jsonLD encodes objects, each with its context.
func jsonLD(objects ...object) []template.JS {
	var list []template.JS
	for _, o := range objects {
		if o == nil {
			continue
		}
		o["@context"] = "https://schema.org"
		data, err := json.Marshal(o)
		if err != nil {
			panic(err) // strings, numbers, lists and objects only: cannot fail
		}
		list = append(list, template.JS(data))
	}
	return list
}

// publisher describes the publication, with the pages by which readers can judge it.
func (r *renderer) publisher(lang string) object {
	site := r.language[lang].site
	o := object{"@type": "NewsMediaOrganization", "@id": site.URL + "#publication", "name": site.Title, "url": site.URL}
	for role, property := range map[string]string{"sourcing": "publishingPrinciples", "corrections": "correctionsPolicy", "about": "ownershipFundingInfo"} {
		if name := r.config.Publication[role]; name.Set {
			if p := r.named(name.Value, lang); p != nil {
				o[property] = r.config.BaseURL.Abs(p.SitePath)
			}
		}
	}
	if r.statics["apple-touch-icon.png"] {
		o["logo"] = object{"@type": "ImageObject", "url": r.config.BaseURL.Abs("/apple-touch-icon.png")}
	}
	return o
}

// breadcrumbList describes the way from the home page, nil where there is none.
func (r *renderer) breadcrumbList(v *View) object {
	if len(v.Breadcrumbs) < 2 {
		return nil
	}
	var items []object
	for i, link := range v.Breadcrumbs {
		items = append(items, object{"@type": "ListItem", "position": i + 1, "name": link.Title, "item": r.absolute(link.URL)})
	}
	return object{"@type": "BreadcrumbList", "itemListElement": items}
}

// absolute is the absolute form of a root-relative URL of the site.
func (r *renderer) absolute(rel string) string {
	base := r.config.BaseURL
	return base.String()[:len(base.String())-len(base.Path())] + rel
}

// pageJSONLD describes a page by its kind's schema.org type.
func (r *renderer) pageJSONLD(v *View, p *content.Page) []template.JS {
	o := object{
		"@type": p.Kind.Schema, "@id": v.Permalink + "#" + "page", "name": v.Title, "url": v.Permalink, "description": v.Description,
	}
	if v.Meta.Image != "" {
		o["image"] = v.Meta.Image
	}
	switch p.Kind.Schema {
	case "NewsArticle", "Article", "BlogPosting", "WebPage", "Report", "AnalysisNewsArticle":
		o["inLanguage"] = v.Language.Locale
		o["isPartOf"] = object{"@type": "WebSite", "@id": v.Site.URL + "#site", "name": v.Site.Title, "url": v.Site.URL}
		o["publisher"] = r.publisher(p.Lang)
		o["mainEntityOfPage"] = v.Permalink
		if p.Kind.Schema != "WebPage" {
			delete(o, "name")
			o["headline"] = v.Title
			o["isAccessibleForFree"] = true
			o["wordCount"] = v.Words
		}
		if v.Meta.Published != "" {
			o["datePublished"] = r.stamp(p.Date, true)
			o["dateModified"] = o["datePublished"]
			if v.Updated != nil {
				o["dateModified"] = r.stamp(p.Updated, true)
			}
		}
		if v.Meta.Section != "" && p.Kind.Schema != "WebPage" {
			o["articleSection"] = v.Meta.Section
		}
		if len(v.Meta.TagNames) > 0 {
			o["keywords"] = v.Meta.TagNames
		}
		var authors []object
		for _, a := range v.Authors {
			authors = append(authors, object{"@type": r.authorType(), "name": a.Title, "url": r.absolute(a.URL)})
		}
		if len(authors) > 0 {
			o["author"] = authors
		}
		o["citation"] = citations(v)
		r.interviewLD(o, p, v)
	case "DefinedTerm":
		section := r.site.SectionOf(p)
		if section != nil {
			o["inDefinedTermSet"] = r.config.BaseURL.Abs(section.Page.SitePath)
		}
		if g := r.glossary[p.Lang]; g != nil && g.has[p] {
			o["description"] = r.definition(p)
		}
		o["alternateName"] = v.Names
		o["subjectOf"] = citations(v)
	default: // things: Organization, Legislation
		o["@id"] = v.Permalink + "#thing"
		o["alternateName"] = v.Names
		o["mainEntityOfPage"] = v.Permalink
		o["subjectOf"] = citations(v)
		var same []string
		for _, f := range p.Facts {
			if f.Property.Type == config.TypeURL && f.Property.Name == "website" && !f.Status.Past() {
				same = append(same, f.Value.URL)
			}
		}
		o["sameAs"] = same
		delete(o, "image") // it is the site's, not the thing's
	}
	var corrections []object
	for _, n := range v.Corrections {
		corrections = append(corrections, object{"@type": "CorrectionComment", "text": n.Text, "datePublished": n.Date.ISO})
	}
	if p.Kind.Schema != "Organization" && p.Kind.Schema != "DefinedTerm" { // which are no creative works
		o["correction"] = corrections
	}
	for key, value := range o {
		if list, ok := value.([]object); ok && len(list) == 0 {
			delete(o, key)
		}
		if list, ok := value.([]string); ok && len(list) == 0 {
			delete(o, key)
		}
		if value == "" {
			delete(o, key)
		}
	}
	return jsonLD(o, r.breadcrumbList(v))
}

// authorType is the schema.org type of the site's authors.
func (r *renderer) authorType() string {
	if taxonomy, _ := r.config.Taxonomy("authors"); taxonomy.Schema != "" {
		return taxonomy.Schema
	}
	return "Person"
}

// citations describes the publications a page rests on.
func citations(v *View) []object {
	var list []object
	for _, s := range v.Sources {
		if s.Publisher == "" {
			continue
		}
		o := object{"@type": "CreativeWork", "name": s.Title, "publisher": object{"@type": "Organization", "name": s.Publisher}}
		if s.URL != "" {
			o["url"] = s.URL
		}
		if s.Date != nil {
			o["datePublished"] = s.Date.ISO
		}
		list = append(list, o)
	}
	return list
}

// listJSONLD describes a list.
func (r *renderer) listJSONLD(v *View) []template.JS {
	return jsonLD(object{
		"@type": "CollectionPage", "@id": v.Permalink + "#page", "name": v.Title, "url": v.Permalink, "inLanguage": v.Language.Locale,
		"isPartOf": object{"@type": "WebSite", "@id": v.Site.URL + "#site", "name": v.Site.Title, "url": v.Site.URL},
	}, r.breadcrumbList(v))
}

// homeJSONLD describes the site and its publisher.
func (r *renderer) homeJSONLD(v *View) []template.JS {
	site := object{
		"@type": "WebSite", "@id": v.Site.URL + "#site", "name": v.Site.Title, "url": v.Site.URL, "description": v.Site.Description,
		"inLanguage": v.Language.Locale, "publisher": object{"@id": v.Site.URL + "#publication"},
		"potentialAction": object{"@type": "SearchAction", "query-input": "required name=search_term_string",
			"target": object{"@type": "EntryPoint", "urlTemplate": r.absolute(v.Site.SearchURL) + "?q={search_term_string}"}},
	}
	if v.Site.Description == "" {
		delete(site, "description")
	}
	return jsonLD(site, r.publisher(v.Language.Code))
}
