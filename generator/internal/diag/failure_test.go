package diag_test

import (
	"errors"
	"strings"
	"testing"

	"vigie/generator/internal/diag"
)

// fail panics as programs do.
func fail(list []int) int { return list[3] }

func TestGuard(t *testing.T) {
	list := diag.Guard("content", func() {
		defer diag.WorkingOn("content/b.md")
		var w diag.Workers
		w.Go(func() {
			defer diag.WorkingOn("content/a.md")
			fail(nil)
		})
		w.Go(func() {})
		w.Wait()
	})
	if len(list) != 1 || !list.HasErrors() || list[0].Rule != diag.InternalRule {
		t.Fatalf("a panic gives %v", list)
	}
	text := list[0].String()
	for _, want := range []string{"content/a.md: error: program failed: runtime error: index out of range", "in diag_test.fail (failure_test.go:", "please report it"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q lacks %q", text, want)
		}
	}
	if list := diag.Guard("x", func() {}); list != nil {
		t.Errorf("nothing gives %v", list)
	}
	if text := diag.Guard("", func() { panic("un\ndeux") }).Sort()[0].String(); !strings.HasPrefix(text, "-: error: program failed: un, in ") || strings.Contains(text, "deux") {
		t.Errorf("a panic of nobody's file gives %q", text)
	}
}

func TestCaught(t *testing.T) {
	var f *diag.Failure
	if err := diag.Caught("x", func() error { panic("no") }); !errors.As(err, &f) || f.File != "x" || len(f.Stack) == 0 {
		t.Errorf("a panic gives %v", err)
	}
	plain := errors.New("plain")
	if err := diag.Caught("x", func() error { return plain }); err != plain {
		t.Errorf("an error gives %v", err)
	}
}
