package live

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"vigie/generator/internal/build"
	"vigie/generator/internal/diag"
	"vigie/generator/internal/sitetest"
)

// liveFrom lets a long run be shared by several processes.
var liveFrom = flag.Int("live-from", 0, "first sequence of TestLive")

// TestLive edits a site at random and holds, after every step, what is kept in memory
// against a build from nothing: byte for byte, search included, and diagnostic for
// diagnostic. Under VIGIE_SOAK=1 a thousand sequences run; a failing one is shortened
// and printed as a case for testdata/live.
func TestLive(t *testing.T) {
	sequences, steps := 6, 12
	if os.Getenv("VIGIE_SOAK") == "1" {
		sequences, steps = 1000, 6
	}
	start := time.Now()
	for seed := *liveFrom; seed < sequences; seed++ {
		if os.Getenv("VIGIE_SOAK") == "1" && seed%100 == 0 {
			t.Logf("sequence %d after %v", seed, time.Since(start).Round(time.Second))
		}
		editing := sitetest.NewEditing(rand.New(rand.NewPCG(uint64(seed), 1)))
		files := maps.Clone(editing.Files())
		var list []sitetest.Step
		for range steps {
			list = append(list, editing.Next())
		}
		fault := follow1(t, files, list)
		if fault == "" {
			continue
		}
		list = shorten(t, files, list)
		fault = follow1(t, files, list)
		var labels []string
		for _, s := range list {
			labels = append(labels, s.Label)
		}
		first := sitetest.Step{Label: "site"}
		for _, name := range slices.Sorted(maps.Keys(files)) {
			first.Acts = append(first.Acts, sitetest.Act{Verb: "write", Path: name, Text: files[name]})
		}
		t.Errorf("seed %d: %s\nafter %s:\n%s", seed, fault, strings.Join(labels, ", "), sitetest.FormatSteps("", list))
		if dir := os.Getenv("VIGIE_CASES"); dir != "" {
			name := filepath.Join(dir, fmt.Sprintf("seed-%d.txtar", seed))
			if err := os.WriteFile(name, sitetest.FormatSteps(fault+"\n", append([]sitetest.Step{first}, list...)), 0o644); err != nil {
				t.Error(err)
			}
		}
		return
	}
	t.Logf("sequences %d to %d, of %d steps each, in %v", *liveFrom, sequences-1, steps, time.Since(start).Round(time.Second))
}

// TestLiveCases follows the sequences that failed once. The first step of each is the
// site.
func TestLiveCases(t *testing.T) {
	names, err := filepath.Glob(filepath.Join("testdata", "live", "*.txtar"))
	if err != nil || len(names) == 0 {
		t.Fatal("no cases", err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		steps, err := sitetest.ParseSteps(text)
		if err != nil {
			t.Fatal(err)
		}
		files := map[string]string{}
		for _, a := range steps[0].Acts {
			files[a.Path] = a.Text
		}
		if fault := follow1(t, files, steps[1:]); fault != "" {
			t.Errorf("%s: %s", name, fault)
		}
	}
}

// shorten leaves out of a failing sequence what it fails without.
func shorten(t *testing.T, files map[string]string, steps []sitetest.Step) []sitetest.Step {
	for i := len(steps) - 1; i >= 0; i-- {
		without := slices.Delete(slices.Clone(steps), i, i+1)
		if follow1(t, files, without) != "" {
			steps = without
		}
	}
	return steps
}

// follow1 edits a site step by step and returns the first difference from a clean
// build, "" for none.
func follow1(t *testing.T, files map[string]string, steps []sitetest.Step) string {
	t.Helper()
	dir := t.TempDir()
	defer os.RemoveAll(dir)
	first := sitetest.Step{}
	for name, text := range files {
		first.Acts = append(first.Acts, sitetest.Act{Verb: "write", Path: name, Text: text})
	}
	if err := first.Apply(dir); err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	o := build.Options{Source: dir, Theme: os.DirFS(sitetest.Root()), Now: sitetest.Now, Drafts: true, Future: true}
	live, diags := build.Open(ctx, o)
	if live == nil {
		t.Fatalf("site cannot be opened: %v", diags)
	}
	if fault := compare1(ctx, o, live, diags); fault != "" {
		return "at the start: " + fault
	}
	var pending []string
	for i, s := range steps {
		if err := s.Apply(dir); err != nil {
			t.Fatal(err)
		}
		pending = append(pending, s.Paths()...)
		next, _, diags := live.Update(ctx, pending)
		if next != nil {
			live, pending = next, nil
		}
		if fault := compare1(ctx, o, next, diags); fault != "" {
			return fmt.Sprintf("step %d (%s): %s", i+1, s.Label, fault)
		}
	}
	return ""
}

// compare1 holds a live site against a clean build. live is nil where nothing could be
// made of the files, for the reasons given.
func compare1(ctx context.Context, o build.Options, live *build.Live, diags diag.List) string {
	want, wantDiags := build.Render(ctx, o)
	if live == nil {
		return compareDiags(diags, wantDiags)
	}
	got, gotDiags := live.All(ctx)
	if fault := compareDiags(gotDiags, wantDiags); fault != "" {
		return fault
	}
	// Files are held against each other even where errors keep them from being published.
	if want == nil {
		return ""
	}
	if g, w := got.Files.Paths(), want.Files.Paths(); !slices.Equal(g, w) {
		return fmt.Sprintf("files differ: %v, want %v", except(g, w), except(w, g))
	}
	for _, name := range want.Files.Paths() {
		g, _ := got.Files.Get(name)
		w, _ := want.Files.Get(name)
		if string(g) != string(w) {
			return fmt.Sprintf("%s differs: %s", name, sitetest.FirstDifference(string(g), string(w)))
		}
		// What is made alone is what is made with all others.
		if alone, _, ok := live.Make(name); ok && string(alone) != string(w) && !strings.HasPrefix(name, "search/") {
			return fmt.Sprintf("%s, made alone, differs: %s", name, sitetest.FirstDifference(string(alone), string(w)))
		}
	}
	return ""
}

func compareDiags(got, want diag.List) string {
	var g, w []string
	for _, d := range got {
		g = append(g, d.String())
	}
	for _, d := range want {
		w = append(w, d.String())
	}
	if !slices.Equal(g, w) {
		return fmt.Sprintf("diagnostics differ:\n  got  %s\n  want %s", strings.Join(except(g, w), "\n       "), strings.Join(except(w, g), "\n       "))
	}
	return ""
}

// except lists what is in a and not in b.
func except(a, b []string) []string {
	var list []string
	for _, s := range a {
		if !slices.Contains(b, s) {
			list = append(list, s)
		}
	}
	return list
}
