package publish_test

import (
	"bufio"
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vigie/generator/internal/publish"
)

// victimEnv makes this test binary publish to the folder it names until killed.
const victimEnv = "VIGIE_TEST_VICTIM"

func TestMain(m *testing.M) {
	if dir := os.Getenv(victimEnv); dir != "" {
		victim(dir)
		return
	}
	os.Exit(m.Run())
}

// states are the two sites a victim alternates between. They share some files,
// differ in the bytes of others, and each has some of its own.
func states() map[string]map[string]string {
	all := map[string]map[string]string{"A": {}, "B": {}}
	for name, files := range all {
		files["index.html"] = "state " + name
		for i := range 60 {
			files[fmt.Sprintf("shared/%02d.html", i)] = strings.Repeat("the same ", i)
			files[fmt.Sprintf("both/%02d.html", i)] = strings.Repeat("bytes of "+name, i)
			files[fmt.Sprintf("only-%s/%02d.html", name, i)] = "own"
		}
	}
	return all
}

func setOf(files map[string]string) (*publish.Set, error) {
	set := new(publish.Set)
	for p, text := range files {
		if err := set.Add(p, []byte(text), "test"); err != nil {
			return nil, err
		}
	}
	return set, nil
}

// updateEnv makes the victim remember, see [publish.Update].
const updateEnv = "VIGIE_TEST_VICTIM_UPDATES"

func victim(dir string) {
	all := states()
	var last *publish.State
	fmt.Println("ready")
	for round := 0; ; round++ {
		set, err := setOf(all[string("AB"[round%2])])
		switch {
		case err != nil:
		case os.Getenv(updateEnv) != "":
			_, last, err = publish.Update(context.Background(), dir, set, last)
		default:
			_, err = publish.Write(context.Background(), dir, set)
		}
		if err != nil {
			fmt.Println("error:", err)
			os.Exit(1)
		}
	}
}

// Killed at any moment, a build leaves the one site or the other.
func TestKilled(t *testing.T) {
	t.Run("Write", func(t *testing.T) { testKilled(t, false) })
	t.Run("Update", func(t *testing.T) { testKilled(t, true) })
}

func testKilled(t *testing.T, updates bool) {
	rounds := 25
	if os.Getenv("VIGIE_SOAK") != "" {
		rounds = 200
	}
	all := states()
	parent := t.TempDir()
	dir := filepath.Join(parent, "public")
	env, beside := append(os.Environ(), victimEnv+"="+dir), []string{"public"}
	var last *publish.State
	if updates {
		env, beside = append(env, updateEnv+"=1"), []string{".public.vigie-spare", "public"}
	}
	publishState := func(name string) {
		t.Helper()
		set, err := setOf(all[name])
		if err != nil {
			t.Fatal(err)
		}
		if updates {
			_, last, err = publish.Update(t.Context(), dir, set, last)
		} else {
			_, err = publish.Write(t.Context(), dir, set)
		}
		if err != nil {
			t.Fatal(err)
		}
		if got := read(t, dir); !maps.Equal(got, all[name]) {
			t.Fatalf("public has %d files, and index.html says %q; want state %s", len(got), got["index.html"], name)
		}
		wantAlone(t, parent, beside...)
	}
	publishState("B")
	start := time.Now()
	publishState("A")
	span := min(4*time.Since(start), 150*time.Millisecond) // from A to B and back, on a fast disk
	inMiddle := 0
	seen := make(map[string]int)
	for round := range rounds {
		cmd := exec.Command(os.Args[0])
		cmd.Env = env
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if line, _ := bufio.NewReader(out).ReadString('\n'); line != "ready\n" {
			t.Fatalf("round %d: the victim said %q", round, line)
		}
		time.Sleep(rand.N(span))
		_ = cmd.Process.Kill()
		_ = cmd.Wait()

		got := read(t, dir)
		switch {
		case maps.Equal(got, all["A"]):
			seen["A"]++
		case maps.Equal(got, all["B"]):
			seen["B"]++
		default:
			t.Fatalf("round %d: public is neither site; it has %d files, and index.html says %q", round, len(got), got["index.html"])
		}
		if entries, err := os.ReadDir(parent); err != nil || len(entries) > len(beside) {
			inMiddle++
		} else if updates { // a spare that is neither site is being patched
			spare := read(t, filepath.Join(parent, ".public.vigie-spare", "tree"))
			if !maps.Equal(spare, all["A"]) && !maps.Equal(spare, all["B"]) {
				inMiddle++
			}
		}
		// Every other round goes on from what the kill left.
		if round%2 == 1 {
			publishState("A")
		}
	}
	if inMiddle == 0 {
		t.Errorf("no kill of %d struck while a build was writing", rounds)
	}
	t.Logf("%d kills, %d in the middle of a build; sites left: %v", rounds, inMiddle, seen)
}

// A reader sees a site at every moment.
func TestNeverAbsent(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "public")
	publishTo(t, dir, site(t, "index.html", "0"), publish.Report{Written: 1})
	if !publish.Exchanges(t.TempDir()) {
		t.Skip("two names cannot be exchanged here in one step")
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for i := range 50 {
			set, err := setOf(map[string]string{"index.html": fmt.Sprint(i + 1)})
			if err == nil {
				_, err = publish.Write(context.Background(), dir, set)
			}
			if err != nil {
				t.Error(err)
				return
			}
		}
	}()
	for reads := 0; ; reads++ {
		if _, err := os.Stat(dir); err != nil {
			t.Errorf("read %d: %v", reads, err)
			<-done
			return
		}
		select {
		case <-done:
			return
		default:
		}
	}
}
