package content_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"testing/iotest"

	"vigie/generator/internal/config"
	"vigie/generator/internal/content"
	"vigie/generator/internal/diag"
	"vigie/generator/internal/frontmatter"
)

// slowFS gives a byte at a time, and fails in the midst of the files of the name broken.md.
type slowFS struct{ fs.FS }

func (s slowFS) Open(name string) (fs.File, error) {
	f, err := s.FS.Open(name)
	if d, ok := f.(fs.ReadDirFile); ok || err != nil {
		return d, err
	}
	return slowFile{f, name == "broken.md"}, nil
}

type slowFile struct {
	fs.File
	broken bool
}

func (f slowFile) Read(p []byte) (int, error) {
	if f.broken {
		n, _ := f.File.Read(p[:1])
		return n, errors.New("disk is broken")
	}
	return iotest.OneByteReader(f.File).Read(p)
}

// Whatever their length, and in however many pieces they come, files are read whole,
// each by itself; those that are too large are named with their size.
func TestReadFiles(t *testing.T) {
	cfg, diags := config.Load(diag.NewSource("config.toml", []byte("title = \"x\"\nbase_url = \"https://x.example/\"\nlanguage = \"fr\"\n")))
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	files := fstest.MapFS{}
	lengths := []int{frontmatter.MaxSize, 1, 64<<10 - 1, 64 << 10, 64<<10 + 1, 128 << 10, 300_000, 3, 5000}
	for i, n := range lengths {
		files[fmt.Sprintf("p%d.md", i)] = &fstest.MapFile{Data: []byte(strings.Repeat(string(rune('a'+i)), n))}
	}
	files["large.md"] = &fstest.MapFile{Data: make([]byte, frontmatter.MaxSize+7)}
	site, diags := content.Load(context.Background(), files, cfg, content.Options{Now: now})
	if want := "content/large.md: error: file of 8388615 bytes is larger than the limit of 8388608 (split the page)"; len(diags) != 1 || diags[0].String() != want {
		t.Errorf("diagnostics are %v, want %s", diags, want)
	}
	for i := range lengths {
		name := fmt.Sprintf("p%d.md", i)
		if p := site.PageOf(name); p == nil || string(p.File.Text()) != string(files[name].Data) {
			t.Errorf("%s, %d bytes long, is not as it was written", name, lengths[i])
		}
	}

	slow := fstest.MapFS{"p.md": {Data: []byte("+++\ntitle = \"é\"\n+++\nCorps\n")}, "broken.md": {Data: []byte("Corps")}}
	site, diags = content.Load(context.Background(), slowFS{slow}, cfg, content.Options{Now: now})
	if len(diags) != 1 || diags[0].String() != "content/broken.md: error: file cannot be read: disk is broken" {
		t.Errorf("diagnostics are %v", diags)
	}
	if p := site.PageOf("p.md"); p == nil || p.Title != "é" || string(p.File.Text()) != string(slow["p.md"].Data) {
		t.Errorf("p.md is not as it was written: %+v", p)
	}
}
