package live

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"vigie/generator/internal/sitetest"
)

// coldStart is the part of a full build that a build after an edit is to take, as README
// says; coldStartAtMost is the part that no machine, however busy, finds it to take.
const coldStart, coldStartAtMost = 0.1, 0.25

// TestBuildSpeed builds a site of 10,000 articles from nothing, edits one at a time and
// builds again: what is published is what a build without the cache makes, and an edit takes
// a small part of the time, as measured in one run.
func TestBuildSpeed(t *testing.T) {
	if os.Getenv("VIGIE_SOAK") != "1" {
		t.Skip("VIGIE_SOAK is not 1: building a large site takes a minute")
	}
	dir := t.TempDir()
	bin := filepath.Join(dir, "vigie")
	run := func(program string, args ...string) {
		t.Helper()
		if out, err := exec.Command(program, args...).CombinedOutput(); err != nil {
			t.Fatalf("%s %v: %v\n%s", program, args, err, out)
		}
	}
	run("go", "build", "-o", bin, filepath.Join(sitetest.Root(), "cmd", "vigie"))
	site := filepath.Join(dir, "site")
	if err := sitetest.Corpus(site, 10000); err != nil {
		t.Fatal(err)
	}
	build := func(args ...string) time.Duration {
		start := time.Now()
		run(bin, append([]string{"build", "-s", site, "--now", sitetest.Now.Format(time.RFC3339), "--quiet"}, args...)...)
		return time.Since(start)
	}
	full := build()
	var edits []time.Duration
	for i := range 7 {
		file := filepath.Join(site, "content", "articles", fmt.Sprintf("a%05d.md", 1000+i*1111))
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, append(text, "\nUne phrase neuve, ajoutée à la fin.\n"...), 0o644); err != nil {
			t.Fatal(err)
		}
		edits = append(edits, build())
	}
	nothing := build()
	clean := filepath.Join(dir, "clean")
	without := build("--no-cache", "-d", clean)
	if fault := compareFolders(filepath.Join(site, "public"), clean); fault != "" {
		t.Errorf("the site differs from one built without the cache: %s", fault)
	}
	slices.Sort(edits)
	median := edits[len(edits)/2]
	ratio := func(part, whole time.Duration) float64 { return float64(part) / float64(whole) }
	t.Logf("from nothing %v, without the cache %v; after one edit %v (median of %d, %v to %v): %.3f and %.3f of it (aim %g); after none %v",
		full.Round(time.Millisecond), without.Round(time.Millisecond), median.Round(time.Millisecond), len(edits), edits[0].Round(time.Millisecond), edits[len(edits)-1].Round(time.Millisecond),
		ratio(median, full), ratio(median, without), coldStart, nothing.Round(time.Millisecond))
	for name, whole := range map[string]time.Duration{"from nothing": full, "without the cache": without} {
		if r := ratio(median, whole); r > coldStartAtMost {
			t.Errorf("a build after an edit takes %.2f of one %s, want at most %g", r, name, coldStartAtMost)
		}
	}
}
