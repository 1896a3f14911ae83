package content_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"vigie/generator/internal/content"
)

// TestDays loads the sites of testdata/days and compares what held on the days of the
// file days, and what changed when, with the file want.
func TestDays(t *testing.T) {
	names, err := filepath.Glob(filepath.Join("testdata", "days", "*.txtar"))
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
			if last < 1 || archive.Files[last].Name != "want" || archive.Files[last-1].Name != "days" {
				t.Fatalf("%s does not end with the files days and want", name)
			}
			in := read(t, archive.Files[:last-1])
			loaded, diags := content.Load(context.Background(), in.files, in.cfg, in.options)
			if diags = append(in.diags, diags...); diags.HasErrors() {
				t.Fatal(diags)
			}
			got := held(t, loaded, strings.Fields(string(archive.Files[last-1].Data)))
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

// held says what held on days, and what changed.
func held(t *testing.T, site *content.Site, days []string) string {
	t.Helper()
	var b strings.Builder
	for _, name := range days {
		day, err := time.Parse(time.DateOnly, name)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "== %s\n", name)
		for _, p := range site.Pages {
			for _, f := range p.FactsOn(day) {
				if !f.HeldOn(day) {
					t.Errorf("%s is listed on %s, and did not hold", f.ID, name)
				}
				fmt.Fprintf(&b, "fact %s %s %s (%s)\n", p.Name, f.ID, f.Value.Text.In("fr"), f.Status)
			}
		}
		for _, st := range site.Standings(day) {
			fmt.Fprintf(&b, "%s %s %s", st.State, st.Page.Name, st.Scheme.Name)
			if st.Name() != "" {
				fmt.Fprintf(&b, " [%s]", st.Name())
			}
			for i, e := range st.Milestones {
				if e != nil {
					fmt.Fprintf(&b, " J%d:%s", i, e.ID)
				}
			}
			if len(st.Scope) > 0 {
				fmt.Fprintf(&b, " %s", strings.Join(st.Scope, "+"))
			}
			if left, ok := st.DaysLeft(day); ok {
				fmt.Fprintf(&b, " expires %s, %d left", st.Expires, left)
			}
			fmt.Fprintf(&b, "; read %s\n", st.Verified())
		}
	}
	fmt.Fprintln(&b, "== changes")
	for _, c := range site.ChangeDays() {
		fmt.Fprint(&b, c.Day.Format(time.DateOnly))
		for _, f := range c.Begun {
			fmt.Fprintf(&b, " +%s", f.ID)
		}
		for _, f := range c.Ended {
			fmt.Fprintf(&b, " -%s", f.ID)
		}
		for _, e := range c.Happened {
			fmt.Fprintf(&b, " !%s#%s", e.Page.Name, e.ID)
		}
		for _, e := range c.Expired {
			fmt.Fprintf(&b, " ~%s#%s", e.Page.Name, e.ID)
		}
		fmt.Fprintln(&b)
	}
	return b.String()
}

// A fact whose date cannot be read, which is an error, changes nothing on any day.
func TestUndatedChangesNothing(t *testing.T) {
	archive, err := txtar.ParseFile(filepath.Join("testdata", "days", "facts.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range archive.Files {
		archive.Files[i].Data = []byte(strings.ReplaceAll(string(f.Data), "\nas_of = \"", "\nas_of = \"x"))
	}
	in := read(t, archive.Files[:len(archive.Files)-2])
	loaded, diags := content.Load(context.Background(), in.files, in.cfg, in.options)
	if !diags.HasErrors() {
		t.Fatal("facts without dates are no error")
	}
	for _, c := range loaded.ChangeDays() {
		if c.Day.IsZero() || len(c.Begun) > 0 {
			t.Errorf("on %s there begin %d facts", c.Day.Format(time.DateOnly), len(c.Begun))
		}
	}
}
