package generator_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// stopwatches are the names of what may hold the time it is in tests: the ends of a wait
// or of a measurement, and when something was last heard of. Nothing else may: a test holds
// on any day.
var stopwatches = []string{"start", "told", "end", "deadline", "last", "at", "longAgo"}

// TestClock holds every test to a fixed clock.
func TestClock(t *testing.T) {
	found, err := clocks(os.DirFS(".."))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		t.Error(f)
	}
}

// TestClockSees shows the judge what is wrong.
func TestClockSees(t *testing.T) {
	text := `package x

import "time"

var started = time.Now()

func f() {
	start := time.Now()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); {
	}
	s.at = append(s.at, time.Now())
	_, _ = start, time.Now().String()
	build(Options{Now: time.Now()})
	clock := time.Now
	year := time.Now().Year()
}
`
	found, err := clocks(fstest.MapFS{"generator/internal/x/x_test.go": {Data: []byte(text)}, "generator/internal/x/x.go": {Data: []byte(text)}})
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, f := range found {
		lines = append(lines, strings.Split(f, ":")[1])
	}
	if want := []string{"5", "12", "13", "14", "15"}; !slices.Equal(lines, want) {
		t.Errorf("lines %v, want %v:\n%s", lines, want, strings.Join(found, "\n"))
	}
}

// clocks returns where tests, and packages for tests only, read the clock for more than a
// wait or a measurement, as "file:line: message".
func clocks(fsys fs.FS) ([]string, error) {
	files, err := goFiles(fsys)
	if err != nil {
		return nil, err
	}
	var found []string
	for _, f := range files {
		if !f.test && place(f.dir).kind != forTests {
			continue
		}
		text, err := fs.ReadFile(fsys, f.path)
		if err != nil {
			return nil, err
		}
		set := token.NewFileSet()
		tree, err := parser.ParseFile(set, f.path, text, 0)
		if err != nil {
			return nil, err
		}
		fine := map[ast.Node]bool{}
		ast.Inspect(tree, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.AssignStmt:
				for i, value := range n.Rhs {
					if i < len(n.Lhs) && len(n.Lhs) == len(n.Rhs) && slices.Contains(stopwatches, lastName(n.Lhs[i])) {
						allow(fine, value)
					}
				}
			case *ast.CallExpr: // time.Now().Before(deadline)
				if s, ok := n.Fun.(*ast.SelectorExpr); ok && (s.Sel.Name == "Before" || s.Sel.Name == "After") && len(n.Args) == 1 && slices.Contains(stopwatches, lastName(n.Args[0])) {
					allow(fine, s.X)
				}
			case *ast.SelectorExpr:
				if isNow(n) && !fine[n] {
					found = append(found, fmt.Sprintf("%s:%d: test reads the clock (give what it tests a fixed time; what holds the end of a wait is called one of %s)",
						f.path, set.Position(n.Pos()).Line, strings.Join(stopwatches, ", ")))
				}
			}
			return true
		})
	}
	return found, nil
}

// allow notes the readings of the clock that a stopwatch holds: time.Now(), that and a
// duration, or one more of a list.
func allow(fine map[ast.Node]bool, value ast.Expr) {
	call, ok := value.(*ast.CallExpr)
	if !ok {
		return
	}
	switch f := call.Fun.(type) {
	case *ast.SelectorExpr:
		if isNow(f) {
			fine[f] = true
		} else if f.Sel.Name == "Add" {
			allow(fine, f.X)
		}
	case *ast.Ident:
		if f.Name == "append" {
			for _, arg := range call.Args {
				allow(fine, arg)
			}
		}
	}
}

func isNow(s *ast.SelectorExpr) bool {
	x, ok := s.X.(*ast.Ident)
	return ok && x.Name == "time" && s.Sel.Name == "Now"
}

// lastName is the name of a variable, or of the field that an expression selects.
func lastName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}
