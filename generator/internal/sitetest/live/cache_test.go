package live

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"vigie/generator/internal/build"
	"vigie/generator/internal/diag"
	"vigie/generator/internal/sitetest"
)

// TestCache edits a site at random and publishes it after every step with what the last
// build left to save work, and holds folder and diagnostics against a build from
// nothing.
func TestCache(t *testing.T) {
	sequences, steps := 5, 10
	if os.Getenv("VIGIE_SOAK") == "1" {
		sequences, steps = 60, 12
	}
	start := time.Now()
	kept, builds := 0, 0
	for seed := range sequences {
		chance := rand.New(rand.NewPCG(uint64(seed), 2))
		editing := sitetest.NewEditing(chance)
		dir, public := t.TempDir(), filepath.Join(t.TempDir(), "public")
		first := sitetest.Step{}
		for name, text := range maps.Clone(editing.Files()) {
			first.Acts = append(first.Acts, sitetest.Act{Verb: "write", Path: name, Text: text})
		}
		if err := first.Apply(dir); err != nil {
			t.Fatal(err)
		}
		var labels []string
		for step := range steps {
			if step > 0 {
				next := editing.Next()
				if chance.IntN(3) > 0 { // bodies are what the cache is for
					next = editing.EditText()
				}
				if err := next.Apply(dir); err != nil {
					t.Fatal(err)
				}
				labels = append(labels, next.Label)
			}
			o := build.Options{Source: dir, Theme: os.DirFS(sitetest.Root()), Now: sitetest.Now.Add(time.Duration(step) * time.Hour), Drafts: true, Future: true}
			site, fault := publishTwice(o, public, filepath.Join(t.TempDir(), "public"))
			if fault != "" {
				t.Fatalf("seed %d, after %q: %s", seed, labels, fault)
			}
			if builds++; site != nil && site.Kept > site.Files.Len()/2 {
				kept++
			}
		}
		os.RemoveAll(dir)
	}
	if kept < builds/8 { // those that find an error publish nothing
		t.Errorf("%d of %d builds kept most files: the others show little", kept, builds)
	}
	t.Logf("%d builds, %d of which kept most files, in %v", builds, kept, time.Since(start).Round(time.Second))
}

// TestCacheReopened edits the texts of a site that stays open, closes it, edits more and
// opens it again with what it had found of its texts: then, and after every edit that
// follows, it is a site built from nothing.
func TestCacheReopened(t *testing.T) {
	sequences := 3
	if os.Getenv("VIGIE_SOAK") == "1" {
		sequences = 30
	}
	ctx := context.Background()
	for seed := range sequences {
		editing := sitetest.NewEditing(rand.New(rand.NewPCG(uint64(seed), 4)))
		dir := t.TempDir()
		first := sitetest.Step{}
		for name, text := range maps.Clone(editing.Files()) {
			first.Acts = append(first.Acts, sitetest.Act{Verb: "write", Path: name, Text: text})
		}
		if err := first.Apply(dir); err != nil {
			t.Fatal(err)
		}
		o := build.Options{Source: dir, Theme: os.DirFS(sitetest.Root()), Now: sitetest.Now, Drafts: true, Future: true}
		var labels []string
		for range 3 {
			live, diags := build.Open(ctx, o)
			if fault := compare1(ctx, o, live, diags); fault != "" {
				t.Fatalf("seed %d, opened after %q: %s", seed, labels, fault)
			}
			for range 3 {
				step := editing.EditText()
				if err := step.Apply(dir); err != nil {
					t.Fatal(err)
				}
				labels = append(labels, step.Label)
				live, _, diags = live.Update(ctx, step.Paths())
				live.MakeSearch(ctx)
				if fault := compare1(ctx, o, live, diags); fault != "" {
					t.Fatalf("seed %d, after %q: %s", seed, labels, fault)
				}
			}
			live.Problems(ctx) // finds what is kept
			step := editing.EditText()
			if err := step.Apply(dir); err != nil {
				t.Fatal(err)
			}
			labels = append(labels, "closed, "+step.Label)
		}
		if names, err := filepath.Glob(filepath.Join(dir, ".vigie", "cache", "*", "trace")); err != nil || len(names) != 1 {
			t.Errorf("seed %d: %d traces are kept, %v", seed, len(names), err)
		} else if err := os.WriteFile(names[0], []byte("not what was kept"), 0o644); err != nil {
			t.Fatal(err)
		}
		for _, want := range []int{1, 0} {
			live, diags := build.Open(ctx, o)
			told := slices.DeleteFunc(slices.Clone(diags), func(d diag.Diagnostic) bool { return d.Rule != "cache" })
			if len(told) != want {
				t.Errorf("seed %d: damage is told as %v", seed, told)
			}
			if live == nil {
				t.Fatal(diags)
			}
			live.Problems(ctx)
		}
	}
}

// TestCacheParts builds a site whose texts do not change: the parts of its index stay for
// the build after that.
func TestCacheParts(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "site")
	if err := sitetest.Corpus(dir, 300); err != nil {
		t.Fatal(err)
	}
	o := build.Options{Source: dir, Theme: os.DirFS(sitetest.Root()), Now: sitetest.Now}
	var first []string
	for step := range 3 {
		if _, _, diags := build.Publish(context.Background(), o, filepath.Join(dir, "public")); diags.HasErrors() {
			t.Fatal(diags[0])
		}
		parts, err := filepath.Glob(filepath.Join(dir, build.CacheDir, "*", "search-*"))
		if err != nil || len(parts) < 2 {
			t.Fatalf("%d parts are kept, %v", len(parts), err)
		}
		switch {
		case step == 0:
			first = parts
		case step == 1 && !slices.Equal(parts, first):
			t.Errorf("after a build without a change %d of %d parts are kept", len(parts), len(first))
		case step == 2:
			if others := except(parts, first); len(others) == 0 || len(others) == len(parts) || len(parts) != len(first) {
				t.Errorf("after an edit %d of %d parts are new, %d before", len(others), len(parts), len(first))
			}
		}
		if step == 1 {
			name := filepath.Join(dir, "content", "articles", "a00007.md")
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(name, append(text, "\nUn mot neuf.\n"...), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// publishTwice publishes a site with the cache and without, and returns the first
// difference, "" for none.
func publishTwice(o build.Options, public, clean string) (*build.Site, string) {
	ctx := context.Background()
	site, _, got := build.Publish(ctx, o, public)
	o.NoCache = true
	_, _, want := build.Publish(ctx, o, clean)
	if fault := compareDiags(got, want); fault != "" {
		return nil, fault
	}
	if want.HasErrors() {
		return nil, ""
	}
	return site, compareFolders(public, clean)
}

// compareFolders returns the first difference between two folders, "" for none.
func compareFolders(got, want string) string {
	g, err := readFolder(got)
	if err != nil {
		return err.Error()
	}
	w, err := readFolder(want)
	if err != nil {
		return err.Error()
	}
	for _, name := range slices.Sorted(maps.Keys(w)) {
		if text, ok := g[name]; !ok {
			return name + " is missing"
		} else if text != w[name] {
			return fmt.Sprintf("%s differs: %s", name, sitetest.FirstDifference(text, w[name]))
		}
	}
	for name := range g {
		if _, ok := w[name]; !ok {
			return name + " is too many"
		}
	}
	return ""
}

func readFolder(dir string) (map[string]string, error) {
	files := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(filepath.Join(dir, name))
		files[name] = string(text)
		return err
	})
	return files, err
}
