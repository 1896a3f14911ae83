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

// program builds the command once and returns its path.
func program(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "vigie")
	if out, err := exec.Command("go", "build", "-o", name, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
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

// TestKilledBuilds kills builds of a site that changes between two states, at
// random moments: the published folder always holds one state whole.
func TestKilledBuilds(t *testing.T) {
	kills := 25
	if os.Getenv("VIGIE_SOAK") != "" {
		kills = 200
	}
	bin, dir := program(t), t.TempDir()
	site, public := filepath.Join(dir, "site"), filepath.Join(dir, "site", "public")
	copyShuffled(t, site, rand.New(rand.NewPCG(3, 4)))
	page := filepath.Join(site, "content", "fournisseurs", "bleu.md")
	original, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	extra := filepath.Join(site, "content", "actualites", "2025-01-01-etat-b.md")
	enter := func(state int) {
		text := original
		_ = os.Remove(extra)
		if state == 1 {
			text = append(slices.Clone(original), "\n\nUn état B.\n"...)
			err := os.WriteFile(extra, []byte("+++\ntitle = \"État B\"\ntags = [\"bleu\"]\n+++\nUn article.\n"), 0o644)
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := os.WriteFile(page, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	args := []string{"build", "-s", site, "--now", now, "--quiet"}
	var states [2]map[string][32]byte
	var took time.Duration
	for _, i := range []int{1, 0} {
		enter(i)
		start := time.Now()
		vigie(t, bin, nil, args...)
		took = time.Since(start)
		states[i] = mustTree(t, public)
	}
	random := rand.New(rand.NewPCG(5, 6))
	killed, seen := 0, [2]int{}
	for i := range kills {
		enter(1 - i%2)
		cmd := exec.Command(bin, args...)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		// Most of the time goes into rendering; look at the end of it too.
		wait := time.Duration(random.Int64N(int64(took) * 5 / 4))
		if i%2 == 0 {
			wait = took*7/10 + time.Duration(random.Int64N(int64(took)/2))
		}
		time.Sleep(wait)
		_ = cmd.Process.Kill()
		if err := cmd.Wait(); err != nil {
			killed++
		}
		now := mustTree(t, public)
		switch {
		case difference(states[0], now) == "":
			seen[0]++
		case difference(states[1], now) == "":
			seen[1]++
		default:
			t.Fatalf("kill %d after %v: the published folder is neither state; against A:\n%sagainst B:\n%s", i, wait, difference(states[0], now), difference(states[1], now))
		}
	}
	vigie(t, bin, nil, args...)
	if d := difference(states[1-(kills-1)%2], mustTree(t, public)); d != "" {
		t.Errorf("the build after the kills is not what was to be built:\n%s", d)
	}
	entries, err := os.ReadDir(site)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !slices.Contains([]string{"config.toml", "content", "layouts", "static", "public", ".vigie", ".public.vigie-spare"}, e.Name()) {
			t.Errorf("the build after the kills left %s behind", e.Name())
		}
	}
	t.Logf("%d builds, %d killed, state A seen %d times, state B %d times; a whole build takes %v", kills, killed, seen[0], seen[1], took)
	if killed == 0 {
		t.Error("no build was killed: the test shows nothing")
	}
}
