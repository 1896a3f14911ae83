package asset_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"vigie/generator/internal/asset"
)

// TestSVG checks the files of testdata/svg/*.txtar: in refused.txtar, each file
// is followed by one called "error" with the error; in accepted.txtar, each is
// followed by one called "size".
func TestSVG(t *testing.T) {
	for _, name := range []string{"accepted", "refused"} {
		archive, err := txtar.ParseFile(filepath.Join("testdata", "svg", name+".txtar"))
		if err != nil {
			t.Fatal(err)
		}
		if len(archive.Files) == 0 || len(archive.Files)%2 != 0 {
			t.Fatalf("%s has %d files", name, len(archive.Files))
		}
		for i := 0; i < len(archive.Files); i += 2 {
			file, want := archive.Files[i], &archive.Files[i+1]
			t.Run(name+"/"+strings.TrimSuffix(file.Name, ".svg"), func(t *testing.T) {
				p, err := asset.Process(file.Name, file.Data, asset.ImageOptions{})
				var got string
				switch {
				case err != nil:
					got = err.Error() + "\n"
				default:
					got = fmt.Sprintf("%d × %d", p.Width, p.Height) + "\n"
				}
				if (err != nil) != (want.Name == "error") {
					t.Errorf("got %s, want %s", got, want.Name)
				}
				if *update {
					want.Data = []byte(got)
				} else if got != string(want.Data) {
					t.Errorf("got %swant %s", got, want.Data)
				}
			})
		}
		if *update {
			if err := os.WriteFile(filepath.Join("testdata", "svg", name+".txtar"), txtar.Format(archive), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func FuzzSVG(f *testing.F) {
	for _, name := range []string{"accepted", "refused"} {
		archive, err := txtar.ParseFile(filepath.Join("testdata", "svg", name+".txtar"))
		if err != nil {
			f.Fatal(err)
		}
		for i := 0; i < len(archive.Files); i += 2 {
			f.Add(string(archive.Files[i].Data))
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := asset.Process("x.svg", []byte(text), asset.ImageOptions{})
		if err != nil || p.Type != "image/svg+xml" {
			return
		}
		lower := strings.ToLower(text)
		for _, bad := range []string{"<script", "<foreignobject", "<!entity"} {
			// In comments and CDATA the words are only words.
			if strings.Contains(lower, bad) && !strings.Contains(text, "<!--") && !strings.Contains(text, "<![CDATA[") {
				t.Errorf("%s was let through in %q", bad, text)
			}
		}
	})
}
