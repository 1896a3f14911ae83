package build_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"vigie/generator/internal/build"
	"vigie/generator/internal/diag"
)

// TestUsage follows a file that pages begin and cease to use, comes and goes: in preview
// and in builds with what the last one kept, it is published as in a clean build.
func TestUsage(t *testing.T) {
	page := func(body string) string { return "+++\ntitle = \"A\"\n+++\n" + body + "\n" }
	dir := write(t, map[string]string{
		"config.toml":       kinds + "\n[markdown]\nraw_html = \"trust\"\n",
		"content/a.md":      page("Rien."),
		"content/b.md":      "+++\ntitle = \"B\"\n+++\nAutre.\n",
		"content/plan.pdf":  "pdf",
		"content/cadre.htm": "<img src=\"fond.gif\">",
		"content/fond.gif":  "gif",
	})
	options := build.Options{Source: dir, Theme: theme, Now: now}
	public := filepath.Join(dir, "public")
	live, diags := build.Open(context.Background(), options)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	for i, step := range []struct {
		file, text string // "" removes it
		want       []string
		unused     string // what the warning names
	}{
		{"content/a.md", page("Le [plan](plan.pdf)."), []string{"plan.pdf"}, "cadre.htm, fond.gif"},
		{"content/a.md", page("Le [plan](plan.pdf), encore."), []string{"plan.pdf"}, "cadre.htm, fond.gif"},
		{"content/a.md", page("<iframe src=\"/cadre.htm\"></iframe>"), []string{"cadre.htm", "fond.gif"}, "plan.pdf"},
		{"content/cadre.htm", "<p>Rien", []string{"cadre.htm"}, "fond.gif, plan.pdf"},
		{"content/fond.gif", "", []string{"cadre.htm"}, "plan.pdf"},
		{"content/a.md", page("<!-- [plan](plan.pdf) -->"), nil, "cadre.htm, plan.pdf"},
		{"content/b.md", "+++\ntitle = \"B\"\ndraft = true\n+++\nLe [plan](plan.pdf).\n", nil, "cadre.htm"},
		{"content/b.md", "+++\ntitle = \"B\"\n[params]\nfile = \"plan.pdf\"\n+++\nTexte.\n", []string{"plan.pdf"}, "cadre.htm"},
		{"config.toml", kinds + "\n[content]\npublish = [\"*.htm\"]\n", []string{"cadre.htm", "plan.pdf"}, ""},
	} {
		name := filepath.Join(dir, filepath.FromSlash(step.file))
		if step.text == "" {
			if err := os.Remove(name); err != nil {
				t.Fatal(err)
			}
		} else if err := os.WriteFile(name, []byte(step.text), 0o644); err != nil {
			t.Fatal(err)
		}
		var list diag.List
		if live, _, list = live.Update(context.Background(), []string{step.file}); live == nil {
			t.Fatalf("step %d: %v", i, list)
		}
		if _, _, list = build.Publish(context.Background(), options, public); list.HasErrors() {
			t.Fatalf("step %d: %v", i, list)
		}
		for _, file := range []string{"plan.pdf", "cadre.htm", "fond.gif"} {
			want := slices.Contains(step.want, file)
			if live.Has(file) != want {
				t.Errorf("step %d: preview has %s: %v", i, file, !want)
			}
			if _, err := os.Stat(filepath.Join(public, file)); (err == nil) != want {
				t.Errorf("step %d: a build has %s: %v", i, file, !want)
			}
		}
		for what, list := range map[string]diag.List{"preview": live.Problems(context.Background()), "a build": list} {
			var told []string
			for _, d := range list {
				if d.Rule == "unused-file" {
					_, names, _ := strings.Cut(d.Message, "not published: ")
					told = append(told, names)
				}
			}
			if got := strings.Join(told, "; "); got != step.unused {
				t.Errorf("step %d: %s tells of %q, want %q", i, what, got, step.unused)
			}
		}
	}
}
