package render

import (
	"bytes"
	"fmt"
	"strings"

	"vigie/generator/internal/content"
	"vigie/generator/internal/markdown"
)

// InterviewView is who speaks in an interview, and where it was published first.
type InterviewView struct {
	Guest     string
	GuestRole string
	RoleLang  string // set where it differs from the page's language
	Host      string // "" without
	Outlet    string // "" without
	Media     string // URL of the recording or the text, "" without
}

// interview shows who speaks in a page, nil where it is no interview.
func (r *renderer) interview(p *content.Page) *InterviewView {
	i := p.Interview
	if i == nil {
		return nil
	}
	v := &InterviewView{Guest: markdown.Typography(p.Lang, i.Guest), Host: markdown.Typography(p.Lang, i.Host), Outlet: markdown.Typography(p.Lang, i.Outlet), Media: i.Media}
	if !i.GuestRole.IsZero() {
		spoken := i.GuestRole.Language(p.Lang)
		v.GuestRole, v.RoleLang = markdown.Typography(spoken, i.GuestRole.In(p.Lang)), otherThan(spoken, p.Lang)
	}
	return v
}

// addInterview writes who speaks in a page into its Markdown twin.
func (r *renderer) addInterview(out *bytes.Buffer, p *content.Page) {
	i := r.interview(p)
	if i == nil {
		return
	}
	texts := r.strings[p.Lang]
	for _, line := range []struct{ key, text string }{
		{"interview.guest", strings.TrimSuffix(i.Guest+", "+i.GuestRole, ", ")},
		{"interview.host", i.Host},
		{"interview.outlet", strings.TrimSpace(i.Outlet + " " + i.Media)},
	} {
		if line.text != "" {
			fmt.Fprintf(out, "- %s%s%s\n", texts.Must(line.key), texts.Must("colon"), line.text)
		}
	}
}

// interviewLD adds to the description of an article whom it interviews, and what it
// quotes. schema.org has no interview: the guest is whom the article is about, and
// what it reports on is a work of the outlet.
func (r *renderer) interviewLD(o object, p *content.Page, v *View) {
	if i := v.Interview; i != nil {
		guest := object{"@type": "Person", "name": i.Guest}
		if i.GuestRole != "" {
			guest["jobTitle"] = i.GuestRole
		}
		o["about"] = guest
		if i.Host != "" {
			o["contributor"] = object{"@type": "Person", "name": i.Host}
		}
		work := object{"@type": "CreativeWork"}
		if i.Outlet != "" {
			work["publisher"] = object{"@type": "Organization", "name": i.Outlet}
		}
		if i.Media != "" {
			work["url"] = i.Media
		}
		if len(work) > 1 {
			o["isBasedOn"] = work
		}
	}
	b := r.bodies[p]
	if !b.written() {
		return
	}
	var quotations []object
	for _, q := range b.resolved(r).Quotations() {
		quotations = append(quotations, object{"@type": "Quotation", "text": q.Text, "spokenByCharacter": object{"@type": "Person", "name": q.Name()}})
	}
	if len(quotations) > 0 {
		o["hasPart"] = quotations
	}
}
