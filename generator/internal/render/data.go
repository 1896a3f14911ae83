package render

import (
	"cmp"
	"path"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"

	"vigie/generator/internal/content"
	"vigie/generator/internal/dataset"
	"vigie/generator/internal/diag"
	"vigie/generator/internal/edtf"
	"vigie/generator/internal/markdown"
	"vigie/generator/internal/permalink"
)

// The files of a site's open data beside the tables' own.
const (
	dataIndex      = "datapackage.json"
	dataDictionary = "dictionary.json"
)

// DataView is the page of open data.
type DataView struct {
	Tables     []DataTable
	Types      []DataType
	License    string // "" where the site says nothing
	LicenseURL string
	External   bool // LicenseURL leads elsewhere
	Citation   string
	Index      DataFile
	Dictionary DataFile
	MaxShrink  int
}

// DataTable is a data set.
type DataTable struct {
	Name        string // "facts"
	ID          string // anchor
	Title       string
	Description string
	Rows        int
	Files       []DataFile // JSON, CSV
	Schema      DataFile
	Columns     []DataColumn
}

// DataFile is a published file.
type DataFile struct {
	Format string // "CSV"
	URL    string
	Size   string // « 12 ko »
	SHA256 string
}

// DataColumn is a column of the data dictionary.
type DataColumn struct {
	Name        string
	Type        string
	Description string
	Required    bool
	Values      []string // the only ones
	References  string   // "pages.id"
}

// DataType explains a type of columns.
type DataType struct{ Name, Description string }

// openData is the site's data, ready to be published.
type openData struct {
	dir       string // site path of the folder
	languages dataset.Languages
	terms     dataset.Terms
	files     map[string]dataFile // by site path
	tables    []dataset.Table
	names     map[string]string // of the files without extension, by table
	index     string            // site path
}

type dataFile struct {
	resource dataset.Resource
	origin   string
}

// Data says what data a site publishes, for those who compare two builds.
type Data struct {
	Index string // file of the set that describes the others; "" where there is no data
	Sizes []dataset.Size
}

// dataPage is the page that shows the data in a language, nil without.
func (r *renderer) dataPage(lang string) *content.Page {
	if p := r.featurePage("data", lang); p != nil && p.Lang == lang {
		return p
	}
	return nil
}

// prepareData makes the data sets. They stand once, at the page of data in the default
// language, with the texts of every language side by side.
func (r *renderer) prepareData() {
	page := r.dataPage(r.config.Language)
	if page == nil {
		return
	}
	d := &openData{dir: permalink.Clean(page.SitePath), files: map[string]dataFile{}, names: map[string]string{}}
	for _, home := range r.site.Homes {
		d.languages = append(d.languages, home.Lang)
	}
	d.terms = r.dataTerms(d.languages)
	d.tables = r.tables(d.languages)
	d.index = d.dir + dataIndex
	add := func(name, origin string, resource dataset.Resource, err error) dataset.Resource {
		if err != nil && !r.site.Faulty {
			r.report(diag.Errorf(diag.Position{File: origin}, "data", "%v", err))
		}
		resource.Path = name
		d.files[d.dir+name] = dataFile{resource, origin}
		r.machine[d.dir+name] = true
		return resource
	}
	var resources []dataset.Resource
	for _, t := range d.tables {
		name := r.fileName(r.config.Language, "path.data-"+t.Name, t.Name)
		d.names[t.Name] = name
		origin := "data set " + t.Name
		schemaName := name + ".schema.json"
		schemaURL := r.config.BaseURL.Abs(d.dir + schemaName)
		data, err := t.JSON(d.languages, d.terms, schemaURL)
		resources = append(resources, add(name+".json", origin, dataset.Resource{Table: t, Schema: schemaName, Data: data}, err))
		csv, err := t.CSV()
		if err != nil {
			err = nil // the same as that of the other form
		}
		resources = append(resources, add(name+".csv", origin, dataset.Resource{Table: t, Data: csv}, err))
		schema, err := t.Schema(d.languages, schemaURL)
		add(schemaName, origin, dataset.Resource{Data: schema}, err)
	}
	dictionary, err := dataset.Dictionary(d.tables, d.languages, d.terms)
	add(dataDictionary, "data dictionary", dataset.Resource{Data: dictionary}, err)
	index, err := dataset.Index(dataset.Package{
		Name: cmp.Or(permalink.Slug(r.config.Title.In(r.config.Language)), "site"), Title: r.dataText(d.languages, func(lang string) string {
			if p := r.dataPage(lang); p != nil {
				return r.config.Title.In(lang) + " – " + p.Title
			}
			return ""
		}),
		Description: r.dataText(d.languages, func(lang string) string {
			if p := r.dataPage(lang); p != nil {
				return p.Description
			}
			return ""
		}),
		Homepage: r.config.BaseURL.Abs(page.SitePath), Terms: d.terms, Languages: d.languages,
	}, resources)
	add(dataIndex, "index of data", dataset.Resource{Data: index}, err)
	r.data = d
}

// dataText is a text in every language, leaving out those it lacks.
func (r *renderer) dataText(languages dataset.Languages, in func(lang string) string) dataset.Text {
	t := dataset.Text{}
	for _, lang := range languages {
		if s := in(lang); s != "" {
			t[lang] = s
		}
	}
	return t
}

// dataTerms are what config.toml says of the use of the data.
func (r *renderer) dataTerms(languages dataset.Languages) dataset.Terms {
	c := r.config.Data
	terms := dataset.Terms{
		License: r.dataText(languages, c.License.In), Citation: r.dataText(languages, c.Citation.In), LicenseURL: c.LicenseURL.Value,
	}
	if strings.HasPrefix(terms.LicenseURL, "/") {
		terms.LicenseURL = r.config.BaseURL.Abs(terms.LicenseURL)
	}
	return terms
}

// planData plans the data sets.
func (r *renderer) planData() {
	if r.data == nil {
		return
	}
	for _, name := range sortedKeys(r.data.files) {
		f := r.data.files[name]
		r.add(outputFile(name), f.resource.Data, f.origin)
	}
	if url := r.config.Data.LicenseURL; strings.HasPrefix(url.Value, "/") {
		resolve := resolver{renderer: r, page: r.dataPage(r.config.Language)}
		if page, file, _, _ := resolve.local(url.Value); page == nil && file == "" {
			r.report(r.config.Source.Errorf(url.Span.Offset, url.Span.Length, "unknown-page", "license_url %q leads to no page", url.Value).
				WithSuggestion("%s", cmp.Or(diag.DidYouMean(url.Value, r.sitePaths()), "write the page, or a full address")))
		}
	}
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// published says which data the site publishes.
func (r *renderer) published() Data {
	if r.data == nil {
		return Data{}
	}
	d := Data{Index: outputFile(r.data.index)}
	for _, t := range r.data.tables {
		d.Sizes = append(d.Sizes, dataset.Size{Table: t.Name, Rows: len(t.Rows)})
	}
	return d
}

// showData fills the page of data.
func showData(r *renderer, p *content.Page, v *View) {
	if r.data == nil { // the default language has no such page
		return
	}
	for _, listed := range r.site.Pages { // one of the tables says when each was updated
		r.reads.add(r.bodies[listed].place, readGist)
	}
	d, texts := r.data, r.strings[p.Lang]
	view := &DataView{
		License: markdown.Typography(p.Lang, r.config.Data.License.In(p.Lang)), Citation: markdown.Typography(p.Lang, r.config.Data.Citation.In(p.Lang)),
		LicenseURL: r.config.Data.LicenseURL.Value, External: isExternal(r.config.Data.LicenseURL.Value), MaxShrink: r.config.Data.MaxShrink,
		Index: r.dataFile(dataIndex, p.Lang), Dictionary: r.dataFile(dataDictionary, p.Lang),
	}
	if strings.HasPrefix(view.LicenseURL, "/") {
		view.LicenseURL = r.config.BaseURL.Rel(view.LicenseURL)
		if page := r.site.PageAt(permalink.Clean(r.config.Data.LicenseURL.Value)); page != nil {
			view.LicenseURL = r.linkIn(page, p.Lang).URL
		}
	}
	used := map[dataset.Type]bool{}
	for _, t := range d.tables {
		name := d.names[t.Name]
		table := DataTable{
			Name: t.Name, ID: "jeu-" + t.Name, Title: markdown.Typography(p.Lang, t.Title[p.Lang]), Description: markdown.Typography(p.Lang, t.Description[p.Lang]), Rows: len(t.Rows),
			Files: []DataFile{r.dataFile(name+".csv", p.Lang), r.dataFile(name+".json", p.Lang)}, Schema: r.dataFile(name+".schema.json", p.Lang),
		}
		for _, c := range t.Columns {
			used[c.Type] = true
			table.Columns = append(table.Columns, DataColumn{
				Name: c.Name, Type: string(c.Type), Description: markdown.Typography(p.Lang, c.Description[p.Lang]), Required: c.Required || c.Unique, Values: c.Enum, References: c.References,
			})
		}
		view.Tables = append(view.Tables, table)
	}
	for _, t := range dataset.Types() {
		if used[t] {
			view.Types = append(view.Types, DataType{string(t), texts.Must("data.type." + string(t))})
		}
	}
	v.Data = view
}

// dataFile shows a file of the data's folder.
func (r *renderer) dataFile(name, lang string) DataFile {
	sitePath := r.data.dir + name
	resource := r.data.files[sitePath].resource
	kB := float64(len(resource.Data)) / 1000
	scale := number.Scale(0)
	if kB < 10 {
		scale = number.Scale(1)
	}
	size := message.NewPrinter(language.Make(lang)).Sprint(number.Decimal(kB, scale))
	return DataFile{
		Format: strings.ToUpper(strings.TrimPrefix(path.Ext(name), ".")), URL: r.config.BaseURL.Rel(sitePath),
		Size: markdown.Typography(lang, strings.ReplaceAll(size, "\u00a0", "\u202f")+" "+r.strings[lang].Must("data.kilobyte")), SHA256: resource.SHA256(),
	}
}

// days are the first and the last day of a date, nil where it has none.
func days(d edtf.Date) (first, last any) {
	if d.IsZero() {
		return nil, nil
	}
	from, to := d.Ends()
	if !from.IsZero() {
		first = from.Start()
	}
	if !to.IsZero() {
		last = to.End()
	}
	return first, last
}

// given is a text as a cell, nil where it is empty.
func given(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// givenDate is a date as a cell.
func givenDate(d edtf.Date) any { return given(d.String()) }

// givenDay is the day of a moment as a cell.
func givenDay(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t
}

// TableOf is the table of a column that another refers to: "pages" of "pages.id".
func (DataView) TableOf(column string) string {
	table, _, _ := strings.Cut(column, ".")
	return table
}
