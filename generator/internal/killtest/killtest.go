// Package killtest owns the killing of programs that publish, at steps that a test
// chooses: a program notes in a first run which steps it takes, and is killed in later
// ones before a given one of them. It never kills any program but its own. It is for
// tests only.
package killtest

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"

	"vigie/generator/internal/publish"
)

// The variables of the environment that say what becomes of a program.
const (
	pointEnv = "VIGIE_TEST_KILL"  // "step nth"
	notesEnv = "VIGIE_TEST_STEPS" // a file
)

// Point is a moment: before a step is taken for the nth time, counted from 1.
type Point struct {
	Step string
	Nth  int
}

// Env is the setting under which a program is killed at the point.
func (p Point) Env() string { return fmt.Sprintf("%s=%s %d", pointEnv, p.Step, p.Nth) }

// NotesEnv is the setting under which a program notes its steps in a file, for [Points].
func NotesEnv(file string) string { return notesEnv + "=" + file }

// Context returns the context in which a program is to publish, so that it does what its
// environment says.
func Context(ctx context.Context) context.Context {
	if file := os.Getenv(notesEnv); file != "" {
		var mu sync.Mutex
		ctx = publish.WithSteps(ctx, func(step string) {
			mu.Lock()
			defer mu.Unlock()
			f, err := os.OpenFile(file, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
			if err == nil {
				_, err = f.WriteString(step + "\n")
				_ = f.Close()
			}
			if err != nil {
				panic(err)
			}
		})
	}
	if name, nth, ok := strings.Cut(os.Getenv(pointEnv), " "); ok {
		left, err := strconv.Atoi(nth)
		if err != nil {
			panic(err)
		}
		var mu sync.Mutex
		ctx = publish.WithSteps(ctx, func(step string) {
			mu.Lock() // and never unlocked by who is killed: none takes another step
			if step == name {
				if left--; left == 0 {
					kill()
				}
			}
			mu.Unlock()
		})
	}
	return ctx
}

// kill ends the program as `kill -9` does.
func kill() {
	self, err := os.FindProcess(os.Getpid())
	if err == nil {
		err = self.Kill()
	}
	if err != nil {
		panic(err)
	}
	select {}
}

// Points returns the points to kill at, in order of the steps noted in a file: each step
// is taken for the first time, for the last, and for one between them. It fails the test
// where one of the steps wanted is not among them.
func Points(t testing.TB, file string, want ...string) (list []Point) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	var order []string
	for step := range strings.FieldsSeq(string(data)) {
		if count[step]++; count[step] == 1 {
			order = append(order, step)
		}
	}
	for _, step := range order {
		n, last := count[step], 0
		for _, nth := range []int{1, (1 + n) / 2, n} {
			if nth != last {
				list = append(list, Point{step, nth})
			}
			last = nth
		}
	}
	for _, step := range want {
		if count[step] == 0 {
			t.Fatalf("no step %q is taken; the steps are %v", step, order)
		}
	}
	return list
}
