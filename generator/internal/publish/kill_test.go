package publish_test

import (
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

	"vigie/generator/internal/killtest"
	"vigie/generator/internal/publish"
)

// victimEnv makes this test binary publish to the folder it names, in the way of wayEnv.
const (
	victimEnv = "VIGIE_TEST_VICTIM"
	wayEnv    = "VIGIE_TEST_VICTIM_WAY"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(victimEnv); dir != "" {
		if err := victim(dir, ways[os.Getenv(wayEnv)]); err != nil {
			fmt.Println("error:", err)
			os.Exit(1)
		}
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
		files["large.bin"] = strings.Repeat("large"+name, 1<<18) // large enough to be written ahead
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

// way is a way to publish. It takes and returns what is remembered of the folder.
type way func(ctx context.Context, dir string, set *publish.Set, last *publish.State) (*publish.State, error)

var ways = map[string]way{
	"Write": func(ctx context.Context, dir string, set *publish.Set, _ *publish.State) (*publish.State, error) {
		_, err := publish.Write(ctx, dir, set)
		return nil, err
	},
	"Update": func(ctx context.Context, dir string, set *publish.Set, last *publish.State) (*publish.State, error) {
		_, state, err := publish.Update(ctx, dir, set, last)
		return state, err
	},
	// As a build does it: files come while others are written.
	"Ahead": func(ctx context.Context, dir string, set *publish.Set, last *publish.State) (*publish.State, error) {
		look := publish.Ahead(ctx, dir, func() *publish.State { return last })
		defer look.Close()
		large, _ := set.Get("large.bin")
		look.Write("large.bin", large)
		_, state, err := look.UpdateWhen(ctx, set, func() error { return set.Add("late.html", []byte("late"), "test") })
		return state, err
	},
}

// victim publishes state A and then, in the steps that are told of or killed at, state B.
func victim(dir string, publishBy way) error {
	all := states()
	a, err := setOf(all["A"])
	if err != nil {
		return err
	}
	b, err := setOf(all["B"])
	if err != nil {
		return err
	}
	last, err := publishBy(context.Background(), dir, a, nil)
	if err != nil {
		return err
	}
	_, err = publishBy(killtest.Context(context.Background()), dir, b, last)
	return err
}

// A build that is killed before any of its steps leaves the site of before, until it has
// swapped in the new one, and the next build is none the worse for it. Under VIGIE_SOAK=1
// others are killed at random moments.
func TestKilled(t *testing.T) {
	for name := range ways {
		t.Run(name, func(t *testing.T) { t.Parallel(); testKilled(t, name) })
	}
}

func testKilled(t *testing.T, name string) {
	all := states()
	if name == "Ahead" {
		all["A"]["late.html"], all["B"]["late.html"] = "late", "late"
	}
	parent := t.TempDir()
	dir := filepath.Join(parent, "public")
	beside, steps := []string{".public.vigie-spare", "public"}, []string{"clean", "read", "target", "shape", "file", "mark", "flush", "swap", "outlast", "end"}
	if name == "Write" {
		beside, steps = []string{"public"}, append(steps, "claim", "remove")
	}
	run := func(setting string) (killed bool) {
		t.Helper()
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), victimEnv+"="+dir, wayEnv+"="+name, setting)
		out, err := cmd.CombinedOutput()
		if err != nil && len(out) > 0 {
			t.Fatalf("the victim of %s: %v\n%s", setting, err, out)
		}
		return err != nil
	}
	holds := func() string {
		t.Helper()
		got := read(t, dir)
		for state, files := range all {
			if maps.Equal(got, files) {
				return state
			}
		}
		t.Fatalf("public is neither site; it has %d files, and index.html says %q", len(got), got["index.html"])
		return ""
	}
	notes := filepath.Join(parent, "notes")
	run("") // makes the spare
	if run(killtest.NotesEnv(notes)) || holds() != "B" {
		t.Fatal("not killed, the victim does not publish state B")
	}
	points := killtest.Points(t, notes, steps...)
	must(t, os.Remove(notes))
	swapped := false
	for i, p := range points {
		if !run(p.Env()) {
			t.Errorf("the victim was not killed before %s %d", p.Step, p.Nth)
		}
		want := "A"
		if swapped {
			want = "B"
		}
		if got := holds(); got != want {
			t.Errorf("killed before %s %d, a build leaves state %s, want %s", p.Step, p.Nth, got, want)
		}
		swapped = swapped || p.Step == "swap"
		// Every other time the next victim goes on from what the kill left.
		if i%2 == 1 {
			continue
		}
		if run("") || holds() != "B" {
			t.Fatalf("after a kill before %s %d, the next build does not publish state B", p.Step, p.Nth)
		}
		wantAlone(t, parent, beside...)
	}
	t.Logf("killed at %v", points)
	if os.Getenv("VIGIE_SOAK") == "" {
		return
	}
	start := time.Now()
	run("")
	span := time.Since(start)
	for round := range 200 {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), victimEnv+"="+dir, wayEnv+"="+name)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(rand.N(span))
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		if state := holds(); round%2 == 1 && (run("") || holds() != "B") {
			t.Fatalf("round %d: after a kill that left state %s, the next build does not publish state B", round, state)
		}
	}
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
