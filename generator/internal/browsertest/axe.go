package browsertest

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// axeTags choose the rules of axe-core that hold for every page: WCAG 2.2 at
// level AA, and the best practices beyond it.
var axeTags = []string{"wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"}

// Axe runs axe-core on the page and returns its violations as readable text,
// one per rule and element: rule, impact, selector and what is wrong. tags
// choose the rules; none means WCAG 2.2 A and AA with the best practices. It
// works under a strict Content-Security-Policy, which does not bind the DevTools
// protocol, and with scripts off: they are allowed for axe-core alone, after the
// page has loaded without.
func (p *Page) Axe(t testing.TB, tags ...string) []string {
	t.Helper()
	if len(tags) == 0 {
		tags = axeTags
	}
	return p.axe(t, "tag", tags)
}

// AxeRules is Axe for the rules of the given names alone.
func (p *Page) AxeRules(t testing.TB, rules ...string) []string {
	t.Helper()
	return p.axe(t, "rule", rules)
}

// axe runs axe-core with rules chosen by tag or by rule.
func (p *Page) axe(t testing.TB, by string, values []string) []string {
	t.Helper()
	source, err := os.ReadFile(nodeModule(t, "axe-core/axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	list, err := json.Marshal(values)
	if err != nil {
		t.Fatal(err)
	}
	if p.view.NoScript {
		p.Run(t, scripts(true))
		defer p.Run(t, scripts(false))
	}
	var loaded bool
	if p.Eval(t, `window.axe !== undefined`, &loaded); !loaded {
		p.Eval(t, string(source)+"\n;undefined", nil)
	}
	var violations []struct {
		ID, Impact, Help string
		Nodes            []struct {
			Target         []any
			FailureSummary string
		}
	}
	// A plain object decodes; axe's own result holds DOM nodes.
	p.Eval(t, `axe.run(document, {runOnly: {type: "`+by+`", values: `+string(list)+`}, resultTypes: ["violations"]})
		.then(r => r.violations.map(v => ({id: v.id, impact: v.impact, help: v.help,
			nodes: v.nodes.map(n => ({target: n.target, failureSummary: n.failureSummary}))})))`, &violations)
	var found []string
	for _, v := range violations {
		for _, n := range v.Nodes {
			// The summary's first line only says "Fix any of the following".
			_, summary, _ := strings.Cut(n.FailureSummary, "\n")
			found = append(found, v.ID+" ("+v.Impact+"): "+v.Help+": "+selector(n.Target)+": "+
				strings.Join(strings.Fields(summary), " "))
		}
	}
	return found
}

// selector joins the steps of an axe target: one for a plain element, more
// through frames, a nested list through shadow roots.
func selector(target []any) string {
	var steps []string
	for _, step := range target {
		switch s := step.(type) {
		case string:
			steps = append(steps, s)
		case []any:
			steps = append(steps, selector(s))
		}
	}
	return strings.Join(steps, " >>> ")
}

// nodeModule returns the path of a file of an installed npm package. Tests run
// in their own package's folder, so the module's root is looked for upwards.
func nodeModule(t testing.TB, name string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if filepath.Dir(dir) == dir {
			t.Fatal("module root not found above the working folder")
		}
		dir = filepath.Dir(dir)
	}
	file := filepath.Join(dir, "generator", "internal", "browsertest", "node_modules", filepath.FromSlash(name))
	if _, err := os.Stat(file); err != nil {
		missing(t, "npm package "+name+" not installed")
	}
	return file
}
