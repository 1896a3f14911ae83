package sitetest

import (
	"embed"
	"fmt"
	"testing"

	"vigie/generator/internal/browsertest"
)

// The windows that pages are looked at in.
var (
	Desktop = browsertest.View{Width: 1280, Height: 800}
	Phone   = browsertest.View{Width: 360, Height: 740, Mobile: true}
)

// looks are the ways in which axe-core judges every page.
var looks = []struct {
	name string
	view browsertest.View
	// colours says that nothing but colours differs from the look before, so that the rules
	// of colours alone are to be judged again.
	colours bool
}{
	{"desktop", Desktop, false},
	{"desktop, dark", browsertest.View{Width: 1280, Height: 800, Dark: true}, true},
	{"phone", Phone, false},
	{"phone, dark", browsertest.View{Width: 360, Height: 740, Mobile: true, Dark: true}, true},
	{"forced colours, reduced motion", browsertest.View{ForcedColors: true, ReducedMotion: true}, false},
}

// Judge looks at an open page in every way, and fails the test on what axe-core or the
// probes find wrong.
func Judge(t testing.TB, p *browsertest.Page) {
	t.Helper()
	for _, look := range looks {
		p.Look(t, look.view)
		if look.colours {
			Report(t, look.name+": axe", p.AxeRules(t, "color-contrast", "link-in-text-block"))
		} else {
			Report(t, look.name+": axe", p.Axe(t))
		}
		if look.view == Phone {
			Report(t, "target under 24 by 24 pixels", Probe(t, p, "targets"))
			Report(t, "read before what is drawn above it", Probe(t, p, "order"))
		}
	}
	p.Look(t, browsertest.View{Width: 320, Height: 640})
	Report(t, "does not fit a width of 320", Probe(t, p, "overflow"))
	p.Look(t, browsertest.View{Print: true})
	Report(t, "printed", Probe(t, p, "printed"))
	p.Look(t, Desktop)
	// As a browser that zooms text alone: the media queries do not notice.
	p.Eval(t, `void (document.documentElement.style.fontSize = "200%")`, nil)
	Report(t, "does not fit with text at 200 %", Probe(t, p, "overflow"))
}

// Report fails the test with each thing found.
func Report(t testing.TB, what string, found []string) {
	t.Helper()
	for _, f := range found {
		t.Errorf("%s: %s", what, f)
	}
}

//go:embed testdata/*.js
var scripts embed.FS

// Probe runs testdata/<name>.js in the page, which returns a list of faults.
func Probe(t testing.TB, p *browsertest.Page, name string) (found []string) {
	t.Helper()
	p.Eval(t, Script(t, name), &found)
	return found
}

// Script returns testdata/<name>.js as an expression, with what all of them use.
func Script(t testing.TB, name string) string {
	t.Helper()
	text := "(() => {\n"
	for _, file := range []string{"element", name} {
		data, err := scripts.ReadFile(fmt.Sprintf("testdata/%s.js", file))
		if err != nil {
			t.Fatal(err)
		}
		text += string(data)
	}
	return text + "})()"
}
