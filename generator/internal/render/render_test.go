package render_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"html"
	"image"
	"image/png"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
	_ "time/tzdata" // so that timezones do not depend on the machine

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"vigie/generator/internal/config"
	"vigie/generator/internal/content"
	"vigie/generator/internal/diag"
	"vigie/generator/internal/overlay"
	"vigie/generator/internal/publish"
	"vigie/generator/internal/render"
)

var update = flag.Bool("update", false, "rewrite the golden files from what the code gives")

// now is the clock of the cases that give no other.
var now = time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)

// site is one case: a configuration, content, what the case changes of the theme.
type site struct {
	config   []byte
	content  fstest.MapFS
	layouts  fstest.MapFS
	static   fstest.MapFS
	now      time.Time
	show     []string // globs of published files, "" for the list of all
	onlyWith string   // how the lines of HTML pages to show start, a regular expression; "" for all
}

// read sorts the files of an archive. A file whose name ends in .png holds its width
// and height.
func read(t *testing.T, files []txtar.File) site {
	t.Helper()
	s := site{content: fstest.MapFS{}, layouts: fstest.MapFS{}, static: fstest.MapFS{}, now: now}
	for _, f := range files {
		data := f.Data
		if path.Ext(f.Name) == ".png" {
			data = picture(t, string(data))
		}
		dir, name, _ := strings.Cut(f.Name, "/")
		switch {
		case f.Name == "config.toml":
			s.config = f.Data
		case f.Name == "now":
			at, err := time.Parse(time.RFC3339, strings.TrimSpace(string(f.Data)))
			if err != nil {
				t.Fatal(err)
			}
			s.now = at
		case f.Name == "show":
			s.show = strings.Fields(string(f.Data))
		case f.Name == "lines":
			s.onlyWith = strings.Join(strings.Split(strings.Trim(string(f.Data), "\n"), "\n"), "|")
		case dir == "content":
			s.content[name] = &fstest.MapFile{Data: data}
		case dir == "layouts":
			s.layouts[name] = &fstest.MapFile{Data: data}
		case dir == "static":
			s.static[name] = &fstest.MapFile{Data: data}
		default:
			t.Fatalf("file %s is no part of a site", f.Name)
		}
	}
	return s
}

// file is a file of a case.
func file(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }

func picture(t *testing.T, size string) []byte {
	t.Helper()
	var width, height int
	if _, err := fmt.Sscan(size, &width, &height); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, width, height))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// theme is the theme of a folder: layouts of the tests, which show all that a view
// holds, with the interface's own texts; or the site's own.
func theme(root, layouts string) (fs.FS, fs.FS) {
	texts, err := fs.Sub(os.DirFS(root), "layouts")
	if err != nil {
		panic(err)
	}
	static, err := fs.Sub(os.DirFS(root), "static")
	if err != nil {
		panic(err)
	}
	if layouts == "" {
		return texts, static
	}
	return overlay.FS{os.DirFS(layouts), texts}, nil
}

// build renders a case over a theme.
func (s site) build(t *testing.T, layouts, static fs.FS) (*publish.Set, *config.Config, diag.List) {
	t.Helper()
	cfg, diags := config.Load(diag.NewSource("config.toml", s.config))
	if diags.HasErrors() {
		t.Fatal(diags[0])
	}
	loaded, list := content.Load(context.Background(), s.content, cfg, content.Options{Now: s.now})
	diags = append(diags, list...)
	out, list := render.Render(context.Background(), render.Input{
		Site: loaded, Layouts: overlay.FS{s.layouts, layouts}, Static: overlay.FS{s.static, static},
	})
	return out.Files, cfg, append(diags, list...).Sort()
}

// TestSites renders the sites of testdata and compares what the case wants to see of
// them with the file want.
func TestSites(t *testing.T) {
	names, err := filepath.Glob(filepath.Join("testdata", "*.txtar"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	layouts, static := theme(root, filepath.Join("testdata", "theme"))
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			last := len(archive.Files) - 1
			if last < 0 || archive.Files[last].Name != "want" {
				t.Fatalf("%s does not end with a file want", name)
			}
			in := read(t, archive.Files[:last])
			set, _, diags := in.build(t, layouts, static)
			got := in.shown(t, set, diags)
			if *update {
				archive.Files[last].Data = []byte(got)
				if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(string(archive.Files[last].Data), got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

const root = "../../.."

// shown is what a case wants to see of a published site. "~" stands for U+00A0 and
// "‿" for U+202F.
func (s site) shown(t *testing.T, set *publish.Set, diags diag.List) string {
	t.Helper()
	var b strings.Builder
	for _, d := range diags {
		fmt.Fprintln(&b, d)
		for _, n := range d.Notes {
			fmt.Fprintf(&b, "  %s: note: %s\n", n.Position, n.Message)
		}
	}
	paths := set.Paths()
	slices.Sort(paths)
	if len(s.show) == 0 {
		return b.String() + strings.Join(paths, "\n") + "\n"
	}
	for _, glob := range s.show {
		found := false
		for _, name := range paths {
			if ok, err := path.Match(glob, name); err != nil {
				t.Fatal(err)
			} else if !ok {
				continue
			}
			found = true
			data, _ := set.Get(name)
			fmt.Fprintf(&b, "== %s\n", name)
			for line := range strings.Lines(readable(t, name, data)) {
				if path.Ext(name) != ".html" || s.onlyWith == "" || regexp.MustCompile("^("+s.onlyWith+")").MatchString(line) {
					b.WriteString(line)
				}
			}
		}
		if !found {
			fmt.Fprintf(&b, "== %s: no such file\n", glob)
		}
	}
	return strings.NewReplacer("\u00a0", "~", "\u202f", "‿").Replace(b.String())
}

// jsonLD matches a JSON-LD element.
var jsonLD = regexp.MustCompile(`<script type="application/ld\+json">(.*)</script>`)

// readable lays JSON out in lines, and undoes HTML's escapes in what the theme of the
// tests writes.
func readable(t *testing.T, name string, data []byte) string {
	t.Helper()
	indented := func(data []byte) string {
		var b bytes.Buffer
		if err := json.Indent(&b, data, "  ", "  "); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		return b.String()
	}
	switch path.Ext(name) {
	case ".json":
		return indented(data) + "\n"
	case ".html":
		var lines []string
		for line := range strings.Lines(string(data)) {
			if m := jsonLD.FindStringSubmatch(line); m != nil {
				lines = append(lines, "json-ld: "+indented([]byte(m[1]))+"\n")
				continue
			}
			lines = append(lines, html.UnescapeString(line))
		}
		return strings.Join(lines, "")
	}
	return strings.TrimRight(string(data), "\n") + "\n"
}
