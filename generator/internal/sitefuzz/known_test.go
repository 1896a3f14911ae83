package sitefuzz

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestCases builds the sites of testdata/cases: of none is there anything to find.
func TestCases(t *testing.T) {
	theme := themeOf(t)
	files, err := filepath.Glob(filepath.Join("testdata", "cases", "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			s, comment := read(t, file)
			dir := t.TempDir()
			held := s.Write(dir)
			b := Build(dir, theme)
			list := Inspect(held, b)
			if want := strings.Contains(comment, "(errors)"); b.Diags.HasErrors() != want {
				t.Errorf("errors: %t, want %t", !want, want)
			}
			for _, f := range list {
				t.Error(f)
			}
			if t.Failed() {
				t.Log(b.Diags)
			}
		})
	}
}

// TestKnown builds the sites with faults that are known: each has its fault still.
func TestKnown(t *testing.T) {
	if file := os.Getenv("VIGIE_SITEFUZZ_CASE"); file != "" { // in a process of its own
		s, _ := read(t, file)
		dir := t.TempDir()
		s.Write(dir)
		Build(dir, themeOf(t))
		return
	}
	theme := themeOf(t)
	files, err := filepath.Glob(filepath.Join("testdata", "known", "*.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".txtar")
		if !slices.ContainsFunc(known, func(k Known) bool { return k.Case == name }) {
			t.Errorf("%s is not listed", file)
		}
	}
	for _, k := range known {
		t.Run(k.Case, func(t *testing.T) {
			file := filepath.Join("testdata", "known", k.Case+".txtar")
			s, comment := read(t, file)
			if k.Panics {
				c := exec.Command(os.Args[0], "-test.run=^TestKnown$")
				c.Env = append(os.Environ(), "VIGIE_SITEFUZZ_CASE="+file)
				if out, err := c.CombinedOutput(); err == nil || !strings.Contains(string(out), "panic: ") {
					t.Errorf("no longer panics (%v): move %s to testdata/cases and take it off the list", err, file)
					return
				}
				t.Logf("known: %s", comment)
				return
			}
			dir := t.TempDir()
			held := s.Write(dir)
			list := Inspect(held, Build(dir, theme))
			if !slices.ContainsFunc(list, func(f Finding) bool { return k.Form.MatchString(f.String()) }) {
				t.Errorf("no longer found: move %s to testdata/cases and take it off the list; found are %v", file, list)
			}
			t.Logf("known: %s", comment)
		})
	}
}

func read(t testing.TB, file string) (Site, string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	s, comment := Parse(text)
	return s, strings.TrimSpace(comment)
}
