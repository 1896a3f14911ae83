package layout_test

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"vigie/generator/internal/layout"
)

// TestLoops executes layouts that include themselves.
func TestLoops(t *testing.T) {
	type node struct{ Children []node }
	deep := node{}
	for range 40 {
		deep = node{[]node{deep}}
	}
	for _, test := range []struct {
		name  string
		files map[string]string
		dot   any
		want  string // the diagnostic, "" for none
	}{
		{"a partial", map[string]string{"partials/a.html": "<p>\n\n {{template \"partials/a.html\" .}}"}, nil,
			"layouts/partials/a.html:3:13: error: template includes itself without end: partials/a.html → partials/a.html"},
		{"two, through a range, silent", map[string]string{
			"partials/a.html": "\n{{- range .}}{{with .}}{{if .}}{{template \"partials/b.html\" $}}{{end}}{{end}}{{end -}}\n",
			"partials/b.html": "{{- template \"partials/a.html\" . -}}"}, []string{"x"},
			"layouts/partials/a.html:2:43: error: template includes itself without end: partials/a.html → partials/b.html → partials/a.html"},
		{"in an attribute", map[string]string{"partials/a.html": "<p class=\"{{template \"partials/b.html\" .}}\">", "partials/b.html": "x{{template \"partials/b.html\" .}}"}, nil,
			"layouts/partials/b.html:1:13: error: template includes itself without end: partials/b.html → partials/b.html"},
		{"a tree", map[string]string{"partials/a.html": "{{range .Children}}<i title=\"{{len .Children}}\">{{template \"partials/a.html\" .}}</i>{{end}}"}, deep, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			files := fstest.MapFS{
				"base.html": {Data: []byte(`<main>{{block "main" .}}{{end}}</main>`)},
				"page.html": {Data: []byte(`{{define "main"}}{{template "partials/a.html" .}}{{end}}`)},
			}
			for name, text := range test.files {
				files[name] = &fstest.MapFile{Data: []byte(text)}
			}
			set, list := layout.Load(files, "layouts", nil)
			if len(list) > 0 {
				t.Fatal(list)
			}
			var b strings.Builder
			start := time.Now()
			d, ok := set.Execute(&b, "page", test.dot)
			t.Logf("%v", time.Since(start).Round(time.Millisecond))
			if test.want == "" {
				if !ok || strings.Count(b.String(), "<i ") != 40 {
					t.Errorf("%v, %d levels", d, strings.Count(b.String(), "<i "))
				}
				return
			}
			if got := d.String(); ok || got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
			if strings.TrimSpace(d.Text) == "" {
				t.Error("no line of the file")
			}
		})
	}
}
