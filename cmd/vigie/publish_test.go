package main

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

const now = "2026-11-21T09:00:00+01:00"

// program returns the path of the command: that of the scripts, which is this test's own
// binary under its name.
func program(t *testing.T) string {
	t.Helper()
	name, err := exec.LookPath("vigie")
	if err != nil {
		t.Fatal(err)
	}
	return name
}

// vigie runs the command and fails the test where it fails.
func vigie(t *testing.T, program string, env []string, args ...string) {
	t.Helper()
	cmd := exec.Command(program, args...)
	cmd.Env = append(os.Environ(), env...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("vigie %v: %v\n%s", args, err, out)
	}
}

// mustTree is [tree] for a folder that can be read.
func mustTree(t *testing.T, dir string) map[string][32]byte {
	t.Helper()
	files, err := tree(dir)
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// tree hashes every file of a folder by its slash-separated path.
func tree(dir string) (map[string][32]byte, error) {
	files := map[string][32]byte{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(filepath.Join(dir, name))
		files[name] = sha256.Sum256(data)
		return err
	})
	return files, err
}

// difference tells what differs between two trees, "" where nothing does.
func difference(a, b map[string][32]byte) string {
	var list []string
	for name, sum := range a {
		if other, ok := b[name]; !ok {
			list = append(list, "- "+name)
		} else if other != sum {
			list = append(list, "! "+name)
		}
	}
	for name := range b {
		if _, ok := a[name]; !ok {
			list = append(list, "+ "+name)
		}
	}
	slices.Sort(list)
	var out bytes.Buffer
	for _, line := range list[:min(len(list), 20)] {
		fmt.Fprintln(&out, line)
	}
	return out.String()
}

// copyShuffled copies the repository's site, making its files in a random order.
func copyShuffled(t *testing.T, to string, random *rand.Rand) {
	t.Helper()
	root := filepath.Join("..", "..")
	var names []string
	for _, top := range []string{"config.toml", "content", "layouts", "static"} {
		err := filepath.WalkDir(filepath.Join(root, top), func(name string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				names = append(names, name)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	random.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	for _, name := range names {
		rel, _ := filepath.Rel(root, name)
		data, err := os.ReadFile(name)
		if err == nil {
			err = os.MkdirAll(filepath.Dir(filepath.Join(to, rel)), 0o755)
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(to, rel), data, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestReproducible builds the repository's site twice: the second time from a copy
// whose files were made in another order, in another time zone, on one core.
func TestReproducible(t *testing.T) {
	bin, dir := program(t), t.TempDir()
	first, second := filepath.Join(dir, "first"), filepath.Join(dir, "second")
	copied := filepath.Join(dir, "site")
	copyShuffled(t, copied, rand.New(rand.NewPCG(1, 2)))
	vigie(t, bin, nil, "build", "-s", filepath.Join("..", ".."), "-d", first, "--now", now)
	vigie(t, bin, []string{"TZ=Pacific/Chatham", "GOMAXPROCS=1", "LANG=tr_TR.UTF-8"}, "build", "-s", copied, "-d", second, "--now", now)
	if d := difference(mustTree(t, first), mustTree(t, second)); d != "" {
		t.Errorf("the two builds differ:\n%s", d)
	}
}

// changing is a site that changes between two states, and what is published of each.
type changing struct {
	t                 *testing.T
	bin, site, public string
	page, extra       string // files that change
	original          []byte
	states            [2]map[string][32]byte
	took              time.Duration // by a whole build
}

// newChanging builds both states of the site in a folder, first the second.
func newChanging(t *testing.T, site, page, extra string) *changing {
	t.Helper()
	c := &changing{t: t, bin: program(t), site: site, public: filepath.Join(site, "public"),
		page: filepath.Join(site, filepath.FromSlash(page)), extra: filepath.Join(site, filepath.FromSlash(extra))}
	var err error
	if c.original, err = os.ReadFile(c.page); err != nil {
		t.Fatal(err)
	}
	for _, i := range []int{1, 0} {
		c.enter(i)
		start := time.Now()
		vigie(t, c.bin, nil, c.args()...)
		c.took = time.Since(start)
		c.states[i] = mustTree(t, c.public)
	}
	return c
}

func (c *changing) args() []string { return []string{"build", "-s", c.site, "--now", now, "--quiet"} }

// enter makes the content that of a state.
func (c *changing) enter(state int) {
	c.t.Helper()
	text := c.original
	_ = os.Remove(c.extra)
	if state == 1 {
		text = append(slices.Clone(c.original), "\n\nUn état B.\n"...)
		if err := os.WriteFile(c.extra, []byte("+++\ntitle = \"État B\"\n+++\nUn article.\n"), 0o644); err != nil {
			c.t.Fatal(err)
		}
	}
	if err := os.WriteFile(c.page, text, 0o644); err != nil {
		c.t.Fatal(err)
	}
}

// holds returns the state that is published, and fails the test where it is neither.
func (c *changing) holds(when string) int {
	c.t.Helper()
	now := mustTree(c.t, c.public)
	for i, state := range c.states {
		if difference(state, now) == "" {
			return i
		}
	}
	c.t.Fatalf("%s: the published folder is neither state; against A:\n%sagainst B:\n%s", when, difference(c.states[0], now), difference(c.states[1], now))
	return 0
}

// alone fails the test where builds left something beside the site.
func (c *changing) alone() {
	c.t.Helper()
	entries, err := os.ReadDir(c.site)
	if err != nil {
		c.t.Fatal(err)
	}
	for _, e := range entries {
		if !slices.Contains([]string{"config.toml", "content", "layouts", "static", "public", ".gitignore", ".vigie", ".public.vigie-spare"}, e.Name()) {
			c.t.Errorf("the build after the kills left %s behind", e.Name())
		}
	}
}

// TestKilledAnywhere kills builds of the repository's site at random moments.
func TestKilledAnywhere(t *testing.T) {
	if os.Getenv("VIGIE_SOAK") == "" {
		t.Skip("VIGIE_SOAK is not set: 200 builds would take their time, and TestKilledBuilds of the generator kills at every step")
	}
	const kills = 200
	site := filepath.Join(t.TempDir(), "site")
	copyShuffled(t, site, rand.New(rand.NewPCG(3, 4)))
	c := newChanging(t, site, "content/fournisseurs/bleu.md", "content/actualites/2025-01-01-etat-b.md")
	random := rand.New(rand.NewPCG(5, 6))
	killed, seen := 0, [2]int{}
	for i := range kills {
		c.enter(1 - i%2)
		cmd := exec.Command(c.bin, c.args()...)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		// Most of the time goes into rendering; look at the end of it too.
		wait := time.Duration(random.Int64N(int64(c.took) * 5 / 4))
		if i%2 == 0 {
			wait = c.took*7/10 + time.Duration(random.Int64N(int64(c.took)/2))
		}
		time.Sleep(wait)
		_ = cmd.Process.Kill()
		if err := cmd.Wait(); err != nil {
			killed++
		}
		seen[c.holds(fmt.Sprintf("kill %d after %v", i, wait))]++
	}
	vigie(t, c.bin, nil, c.args()...)
	if c.holds("after the kills") != 1-(kills-1)%2 {
		t.Error("the build after the kills is not what was to be built")
	}
	c.alone()
	t.Logf("%d builds, %d killed, state A seen %d times, state B %d times; a whole build takes %v", kills, killed, seen[0], seen[1], c.took)
}
