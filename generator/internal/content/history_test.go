package content_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"vigie/generator/internal/content"
)

// TestHistory loads the sites of testdata/history and compares their changes and
// deadlines with the file want.
func TestHistory(t *testing.T) {
	names, err := filepath.Glob(filepath.Join("testdata", "history", "*.txtar"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			last := len(archive.Files) - 1
			in := read(t, archive.Files[:last])
			site, diags := content.Load(context.Background(), in.files, in.cfg, in.options)
			if in.diags.HasErrors() || len(diags) > 0 {
				t.Fatal(in.diags, diags)
			}
			var b strings.Builder
			for _, c := range site.Changes() {
				fmt.Fprintf(&b, "%s %s on %s", c.ID, c.Kind, c.On)
				if c.Old != nil {
					fmt.Fprintf(&b, " old %s", c.Old.ID)
				}
				if c.New != nil {
					fmt.Fprintf(&b, " new %s", c.New.ID)
				}
				if c.Event != nil {
					fmt.Fprintf(&b, " event %s", c.Event.ID)
				}
				if c.Revision > 0 {
					fmt.Fprintf(&b, " revision %d", c.Revision)
				}
				if note := c.Note.In("fr"); note != "" {
					fmt.Fprintf(&b, ": %s", note)
				}
				b.WriteByte('\n')
			}
			b.WriteByte('\n')
			for _, d := range site.Deadlines() {
				fmt.Fprintf(&b, "%s %s %s %s revisions %d modified %s due %s", d.ID, d.Kind, d.Date, d.Status, d.Revisions, d.Modified.Format("2006-01-02"), d.Due().Format("2006-01-02"))
				if first, last, ok := d.Days(); ok {
					fmt.Fprintf(&b, " from %s to %s", first.Format("2006-01-02"), last.Format("2006-01-02"))
				}
				for _, p := range site.Pages {
					if d.Concerns(p) && p.Lang == "fr" {
						fmt.Fprintf(&b, " @%s", p.Path)
					}
				}
				b.WriteByte('\n')
			}
			if *update {
				archive.Files[last].Data = []byte(b.String())
				if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(string(archive.Files[last].Data), b.String()); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}
