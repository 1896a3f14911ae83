package render_test

import (
	"context"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"vigie/generator/internal/config"
	"vigie/generator/internal/content"
	"vigie/generator/internal/diag"
	"vigie/generator/internal/overlay"
	"vigie/generator/internal/render"
)

// failing is a file system that panics where a file is opened, as a fault of the program
// would.
type failing struct {
	fs.FS
	name string
}

func (f failing) Open(name string) (fs.File, error) {
	if name == f.name {
		var none []int
		_ = none[len(name)]
	}
	return f.FS.Open(name)
}

// TestFailures has the program panic while it works on something: what comes of it is an
// error that names the file, and no page goes missing without one.
func TestFailures(t *testing.T) {
	whole := func() site {
		return site{now: now, layouts: fstest.MapFS{}, static: fstest.MapFS{"pixel.png": {Data: picture(t, "2 2")}, "x.txt": file("x")},
			config: []byte("title = \"Essai\"\nbase_url = \"https://example.org/\"\n"),
			content: fstest.MapFS{
				"a.md":      file("---\ntitle: A\ndate: 2025-01-01\n---\nTexte.\n\n![Un point](/pixel.png)\n"),
				"b.md":      file("# B\n\n[[a]] et [x](x.pdf), ![y](y.png).\n"),
				"x.pdf":     file("pdf"),
				"y.png":     {Data: picture(t, "4 4")},
				"sous/c.md": file("# C\n\nTexte.\n"),
			}}
	}
	texts, static := theme(root, filepath.Join("testdata", "theme"))
	for name, c := range map[string]struct {
		layouts, static, content string // the file that panics
		lost                     string // the page whose language is lost, as never happens
		want                     string // how the diagnostic begins
	}{
		"image of static":  {static: "pixel.png", want: "content/a.md:7:1: error: program failed: runtime error: index out of range"},
		"image of content": {content: "y.png", want: "content/b.md:3:22: error: program failed: "},
		"static file":      {static: "x.txt", want: "static/x.txt: error: program failed: "},
		"resource":         {content: "x.pdf", want: "content/x.pdf: error: program failed: "},
		"body":             {lost: "content/sous/c.md", want: "content/sous/c.md: error: program failed: runtime error: invalid memory address"},
		"layouts":          {layouts: "base.html", want: "-: error: program failed: "},
		"page":             {content: "b.md", want: "content/b.md: error: program failed: "},
	} {
		t.Run(name, func(t *testing.T) {
			s := whole()
			cfg, _ := config.Load(diag.NewSource("config.toml", s.config))
			load := func() (*content.Site, diag.List) {
				loaded, list := content.Load(context.Background(), failing{s.content, c.content}, cfg, content.Options{Now: now})
				for _, p := range loaded.Pages {
					if p.FileName() == c.lost {
						p.Lang = "xx"
					}
				}
				return loaded, list
			}
			input := func(loaded *content.Site) render.Input {
				return render.Input{Site: loaded, Layouts: failing{overlay.FS{s.layouts, texts}, c.layouts}, Static: failing{overlay.FS{s.static, static}, c.static}}
			}
			check := func(how string, list diag.List) {
				t.Helper()
				i := slices.IndexFunc(list, func(d diag.Diagnostic) bool { return strings.HasPrefix(d.String(), c.want) })
				if i < 0 || list[i].Rule != diag.InternalRule || !strings.Contains(list[i].String(), "please report it") {
					t.Errorf("%s tells\n%v\nwant %s…", how, list, c.want)
				}
			}
			loaded, list := load()
			_, told := render.Render(context.Background(), input(loaded))
			check("Render", append(list, told...))

			loaded, list = load()
			live, told := render.Open(context.Background(), input(loaded))
			list = append(list, told...)
			if live != nil {
				list = append(list, live.Problems(context.Background())...)
				for _, name := range live.Paths() {
					_, problems, _ := live.Make(name)
					list = append(list, problems...)
				}
			}
			check("Live", list)
		})
	}
}
