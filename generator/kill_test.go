package generator_test

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"vigie/generator"
	"vigie/generator/internal/killtest"
)

// victimEnv makes this test binary build the site in the folder it names.
const victimEnv = "VIGIE_TEST_VICTIM"

var now = time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)

func TestMain(m *testing.M) {
	if site := os.Getenv(victimEnv); site != "" {
		if _, diags := generator.Build(killtest.Context(context.Background()), generator.Options{Source: site, Now: now}); diags.HasErrors() {
			_ = generator.Print(os.Stdout, diags, generator.PrintOptions{})
			os.Exit(1)
		}
		return
	}
	m.Run()
}

// changing is a site that changes between two states.
type changing struct {
	t         *testing.T
	site      string
	published [2]map[string]string
}

// enter makes the content that of a state.
func (c *changing) enter(state int) {
	c.t.Helper()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(c.site, "content", name), []byte(text), 0o644); err != nil {
			c.t.Fatal(err)
		}
	}
	write("un.md", fmt.Sprintf("+++\ntitle = \"Un\"\n+++\nUn texte de l’état %d.\n", state))
	write("deux.md", "+++\ntitle = \"Deux\"\n+++\nUn texte qui reste, et un lien vers [[un]].\n")
	if state == 1 {
		write("trois.md", "+++\ntitle = \"Trois\"\n+++\nUne page de plus.\n")
	} else {
		_ = os.Remove(filepath.Join(c.site, "content", "trois.md"))
	}
}

// run builds the site in a process of its own, under a setting of the environment, and
// tells whether that was killed.
func (c *changing) run(setting string) (killed bool) {
	c.t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), victimEnv+"="+c.site, setting)
	out, err := cmd.CombinedOutput()
	if err != nil && len(out) > 0 {
		c.t.Fatalf("a build under %q: %v\n%s", setting, err, out)
	}
	return err != nil
}

// holds returns the state that is published.
func (c *changing) holds() int {
	c.t.Helper()
	got := c.files()
	for i, files := range c.published {
		if maps.Equal(got, files) {
			return i
		}
	}
	c.t.Fatalf("the published folder is neither state: it has %d files", len(got))
	return 0
}

func (c *changing) files() map[string]string {
	c.t.Helper()
	files := map[string]string{}
	public := os.DirFS(filepath.Join(c.site, "public"))
	err := fs.WalkDir(public, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(public, name)
		files[name] = string(data)
		return err
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return files
}

// TestKilledBuilds kills builds of a site that changes between two states, before each
// step of publishing: the published folder holds the old state until the new one is
// swapped in, and the next build makes what is to be made, whatever the killed one left
// there and in the cache.
func TestKilledBuilds(t *testing.T) {
	c := &changing{t: t, site: t.TempDir()}
	if err := os.Mkdir(filepath.Join(c.site, "content"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(c.site, "config.toml"), []byte("title = \"Essai\"\nbase_url = \"https://example.org/\"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for i := range c.published {
		c.enter(i)
		if c.run("") {
			t.Fatal("a build was killed by somebody else")
		}
		c.published[i] = c.files()
	}
	c.enter(0)
	notes := filepath.Join(t.TempDir(), "steps")
	if c.run(killtest.NotesEnv(notes)) || c.holds() != 0 {
		t.Fatal("a build that is not killed does not publish its state")
	}
	state, swapped := 0, false
	for _, p := range killtest.Points(t, notes, "clean", "read", "target", "shape", "file", "mark", "flush", "swap", "outlast", "end") {
		was := state
		state = 1 - state
		c.enter(state)
		if !c.run(p.Env()) {
			t.Errorf("a build was not killed before %s %d", p.Step, p.Nth)
		}
		want := was
		if swapped {
			want = state
		}
		if got := c.holds(); got != want {
			t.Errorf("killed before %s %d, a build leaves state %d, want %d", p.Step, p.Nth, got, want)
		}
		if c.run("") || c.holds() != state {
			t.Fatalf("after a kill before %s %d, a build does not publish state %d", p.Step, p.Nth, state)
		}
		swapped = swapped || p.Step == "swap"
	}
	entries, err := os.ReadDir(c.site)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !slices.Contains([]string{"config.toml", "content", "public", ".vigie", ".public.vigie-spare"}, e.Name()) {
			t.Errorf("the build after the kills left %s behind", e.Name())
		}
	}
}
