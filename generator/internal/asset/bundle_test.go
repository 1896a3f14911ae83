package asset_test

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/tools/txtar"

	"vigie/generator/internal/asset"
)

var update = flag.Bool("update", false, "rewrite the expectations in testdata")

// TestBundle bundles the files of each testdata/bundle/*.txtar from the entry
// that its comment's first word names, with the options that follow: "readable",
// and "append=path" for a file that is taken out of the tree and appended. The
// section "want" holds the diagnostics, then the output.
func TestBundle(t *testing.T) {
	names, err := filepath.Glob("testdata/bundle/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			first, _, _ := strings.Cut(string(archive.Comment), "\n")
			words := strings.Fields(first)
			fsys := make(fstest.MapFS)
			want := ""
			for _, f := range archive.Files {
				if f.Name == "want" {
					want = string(f.Data)
				} else {
					fsys[f.Name] = &fstest.MapFile{Data: f.Data}
				}
			}
			options := asset.BundleOptions{Root: "static"}
			for _, word := range words[1:] {
				if p, ok := strings.CutPrefix(word, "append="); ok {
					options.Append = append(options.Append, asset.File{Path: p, Data: fsys[p].Data})
					delete(fsys, p)
				}
				options.Readable = options.Readable || word == "readable"
			}
			out, list := asset.Bundle(fsys, words[0], options)
			var got bytes.Buffer
			for _, d := range list {
				fmt.Fprintf(&got, "%s [%s]\n", d, d.Rule)
				for _, n := range d.Notes {
					fmt.Fprintf(&got, "%s: note: %s\n", n.Position, n.Message)
				}
			}
			fmt.Fprintf(&got, "inputs: %s\n", strings.Join(out.Inputs, " "))
			for i, f := range out.Files {
				fmt.Fprintf(&got, "%s\n", f.Path)
				if i == 0 {
					fmt.Fprintf(&got, "%s\n", bytes.TrimSpace(f.Data))
				}
			}
			if got.String() == want {
				return
			}
			if !*update {
				t.Errorf("got:\n%s\nwant:\n%s", got.String(), want)
				return
			}
			for i, f := range archive.Files {
				if f.Name == "want" {
					archive.Files[i].Data = got.Bytes()
				}
			}
			if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// onlyFS fails the test when a file is opened that is not there: a bundle must
// not guess at names it was not given.
type onlyFS struct {
	fs.FS
	t *testing.T
}

func (f onlyFS) Open(name string) (fs.File, error) {
	if strings.Contains(name, "tsconfig") || strings.Contains(name, "package.json") || strings.Contains(name, "node_modules") {
		f.t.Errorf("%s was looked for", name)
	}
	return f.FS.Open(name)
}

func TestBundleIsReproducible(t *testing.T) {
	fsys := fstest.MapFS{"css/main.css": {Data: []byte("@import './a.css'; @import './b.css'; p { color: red }")}}
	for _, p := range []string{"a", "b"} {
		fsys["css/"+p+".css"] = &fstest.MapFile{Data: []byte(strings.Repeat("."+p+" { & b { background: url(../i.svg) } }\n", 100))}
	}
	fsys["i.svg"] = &fstest.MapFile{Data: []byte("<svg/>")}
	first, list := asset.Bundle(onlyFS{fsys, t}, "css/main.css", asset.BundleOptions{})
	if len(list) > 0 {
		t.Fatal(list)
	}
	for range 20 {
		next, _ := asset.Bundle(fsys, "css/main.css", asset.BundleOptions{})
		if fmt.Sprint(next) != fmt.Sprint(first) {
			t.Fatalf("a second bundle differs:\n%v\n%v", next, first)
		}
	}
}

func TestFingerprint(t *testing.T) {
	for _, test := range []struct{ name, data, want string }{
		{"css/main.css", "", "assets/main.e3b0c44298.css"},
		{"main.css", "a", "assets/main.ca978112ca.css"},
		{"a/b/no-extension", "a", "assets/no-extension.ca978112ca"},
	} {
		if got := asset.Fingerprint(test.name, []byte(test.data)); got != test.want {
			t.Errorf("Fingerprint(%q, %q) = %q, want %q", test.name, test.data, got, test.want)
		}
	}
}

// Whatever stands in a style sheet, Bundle answers with an output or an error.
func FuzzBundleCSS(f *testing.F) {
	for _, s := range []string{"a{b:c}", "@import './x.css';", "a{b:url(../i.svg)}", "a{", "\u2028a{\r}", "@media{&{}}", "a{b:url(data:,x)}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		out, list := asset.Bundle(fstest.MapFS{"css/main.css": {Data: []byte(text)}}, "css/main.css", asset.BundleOptions{})
		if list.HasErrors() == (len(out.Files) > 0) {
			t.Fatalf("%d files with %v", len(out.Files), list)
		}
		lines := strings.Count(text, "\n") + 1
		for _, d := range list {
			if d.Line < 1 || d.Line > lines {
				t.Errorf("%v is not in a file of %d lines", d, lines)
			}
		}
	})
}
