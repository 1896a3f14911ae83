package sitetest

import (
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"vigie/generator/internal/browsertest"
)

// compared is what the browser shows of the comparison.
type compared struct {
	Columns  []string
	Search   string
	Note     string
	Form     bool
	Disabled int
	Rows     int
	Focus    string
}

const comparisonProbe = `(() => ({
	columns: [...document.querySelectorAll(".comparison thead th + th")].filter(c => c.checkVisibility()).map(c => c.textContent),
	search: location.search,
	note: document.querySelector("[data-few]").textContent,
	form: document.querySelector("[data-comparison] form").checkVisibility(),
	disabled: document.querySelectorAll("[data-comparison] input:disabled").length,
	rows: [...document.querySelectorAll(".comparison tbody tr")].filter(r => r.checkVisibility()).length,
	focus: document.activeElement.value ?? document.activeElement.className,
}))()`

// TestComparison compares things in a browser: two until a reader chooses, at most
// four, as the address says; all of them without JavaScript.
func TestComparison(t *testing.T) {
	b, root := browsertest.New(t), served(t)
	address := root + "comparer/"
	look := func(p *browsertest.Page) (seen compared) {
		t.Helper()
		p.Eval(t, comparisonProbe, &seen)
		return seen
	}

	p := b.Open(t, address, browsertest.View{NoScript: true, Width: 360, Height: 740, Mobile: true})
	all := look(p)
	if all.Form || len(all.Columns) < 6 || all.Rows < 10 {
		t.Errorf("without scripts the comparison is %+v", all)
	}
	report(t, "axe, phone without scripts", p.Axe(t))
	p.Look(t, browsertest.View{NoScript: true})
	report(t, "axe, desktop without scripts", p.Axe(t))
	var region string
	p.Eval(t, `document.querySelector(".table-scroll").focus(), document.activeElement.className + " " + getComputedStyle(document.querySelector(".comparison tbody th")).position`, &region)
	if region != "table-scroll sticky" {
		t.Errorf("without scripts the table is %q, want to be reached by keyboard and its properties in sight", region)
	}
	p.Close()

	p = b.Open(t, address, desktop)
	quiet(t, p)
	if seen := look(p); !seen.Form || !slices.Equal(seen.Columns, []string{"Bleu", "S3NS"}) || seen.Search != "" {
		t.Errorf("before any choice the comparison is %+v", seen)
	}
	press := func(keys string) { p.Run(t, chromedp.KeyEvent(keys)) }
	for range 2 {
		p.Eval(t, `document.querySelector("[data-comparison] input:not(:checked)").focus()`, nil)
		press(" ")
	}
	four := look(p)
	if len(four.Columns) != 4 || four.Disabled != len(all.Columns)-4 || strings.Count(four.Search, "provider=") != 4 {
		t.Errorf("with two more the comparison is %+v", four)
	}
	report(t, "axe, four", p.Axe(t))
	p.Look(t, browsertest.View{Width: 320, Height: 640})
	report(t, "four do not fit a width of 320", probe(t, p, "overflow"))
	p.Close()

	for query, want := range map[string][]string{
		"?provider=outscale&provider=numspot": {"Outscale", "NumSpot"},
		"?provider=s3ns,bleu,outscale":        {"Bleu", "S3NS", "Outscale"},
		"?provider=nobody":                    {"Bleu", "S3NS"},
		"?provider=bleu":                      {"Bleu"},
	} {
		p := b.Open(t, address+query, phone)
		seen := look(p)
		if !slices.Equal(seen.Columns, want) || (seen.Note == "") != (len(want) > 1) || seen.Rows == 0 {
			t.Errorf("%s shows %+v, want %q", query, seen, want)
		}
		p.Close()
	}
}
