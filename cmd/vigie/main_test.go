package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "rewrite the expected output in testdata/script")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"vigie": func() { os.Exit(run(context.Background(), dated(os.Args[1:]), os.Stdout, os.Stderr)) },
	})
}

// dated gives the command a clock where a test gives it none: what it says may not depend
// on the day on which it is tested.
func dated(args []string) []string {
	if slices.ContainsFunc(args, func(a string) bool { return a == "--now" || strings.HasPrefix(a, "--now=") }) {
		return args
	}
	return append([]string{"--now=" + now}, args...)
}

// TestScript runs the command over small sites written as text.
func TestScript(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("NOW", now)
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"exits": exits,
			"crlf":  func(ts *testscript.TestScript, _ bool, args []string) { rewrite(ts, args[0], "\n", "\r\n") },
			"bytes": writeBytes,
			// damage PATTERN flips a byte in every file of a pattern.
			"damage": damage,
			// same A B wants two folders to hold the same files.
			"same": same,
			// hosts FILE puts the addresses of web servers in the place of their names.
			"hosts": hosts,
		},
	})
}

// exits runs a command and wants its exit code: exits 2 vigie build --nope. Its
// output is kept in the files out and err.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	want, err := strconv.Atoi(args[0])
	if neg || err != nil {
		ts.Fatalf("usage: exits CODE COMMAND ...")
	}
	got := 0
	err = ts.Exec(args[1], args[2:]...)
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		got = exit.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// rewrite replaces text in a file.
func rewrite(ts *testscript.TestScript, name, old, new string) {
	data := []byte(ts.ReadFile(name))
	ts.Check(os.WriteFile(ts.MkAbs(name), bytes.ReplaceAll(data, []byte(old), []byte(new)), 0o644))
}

// writeBytes writes a file from a Go string literal, for what text cannot hold:
// bytes FILE "\xff…" or bytes FILE N "x" for x repeated N times.
func writeBytes(ts *testscript.TestScript, _ bool, args []string) {
	count := 1
	if len(args) == 3 {
		var err error
		count, err = strconv.Atoi(args[1])
		ts.Check(err)
	}
	text, err := strconv.Unquote(`"` + args[len(args)-1] + `"`)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), bytes.Repeat([]byte(text), count), 0o644))
}

// damage flips a byte in the middle of every file of a pattern.
func damage(ts *testscript.TestScript, _ bool, args []string) {
	names, err := filepath.Glob(ts.MkAbs(args[0]))
	ts.Check(err)
	if len(names) == 0 {
		ts.Fatalf("no file is %s", args[0])
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		ts.Check(err)
		data[len(data)/2] ^= 0x20
		ts.Check(os.Remove(name)) // it may be linked to another build's
		ts.Check(os.WriteFile(name, data, 0o644))
	}
}

// same wants two folders to hold the same files.
func same(ts *testscript.TestScript, neg bool, args []string) {
	a, err := tree(ts.MkAbs(args[0]))
	ts.Check(err)
	b, err := tree(ts.MkAbs(args[1]))
	ts.Check(err)
	if d := difference(a, b); neg == (d == "") {
		ts.Fatalf("%s and %s differ:\n%s", args[0], args[1], d)
	}
}

// hosts starts web servers on the loopback until the script ends, one that has all, one
// that has nothing and one that has moved, and writes their addresses for LIVE, DEAD and
// MOVED in a file.
func hosts(ts *testscript.TestScript, _ bool, args []string) {
	start := func(answer http.HandlerFunc) string {
		server := httptest.NewServer(answer)
		ts.Defer(server.Close)
		return server.URL
	}
	live := start(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			http.NotFound(w, r)
		}
	})
	dead := start(http.NotFound)
	moved := start(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			http.NotFound(w, r)
			return
		}
		http.Redirect(w, r, live+"/new", http.StatusMovedPermanently)
	})
	for name, address := range map[string]string{"LIVE": live, "DEAD": dead, "MOVED": moved} {
		rewrite(ts, args[0], name, address)
	}
}

// TestGuarded: what nobody made a diagnostic of is told in one line, with the exit code of
// work that failed.
func TestGuarded(t *testing.T) {
	var out strings.Builder
	t.Setenv("VIGIE_TRACE", "")
	if code := guarded(&out, func() int { panic("no") }); code != exitFailed || strings.Count(out.String(), "\n") != 1 ||
		!strings.HasPrefix(out.String(), "vigie: program failed: no (please report it") {
		t.Errorf("a panic gives %d and %q", code, out.String())
	}
	out.Reset()
	t.Setenv("VIGIE_TRACE", "1")
	if guarded(&out, func() int { panic("no") }); !strings.Contains(out.String(), "TestGuarded") {
		t.Errorf("a trace that was asked for is missing: %q", out.String())
	}
	if code := guarded(&out, func() int { return exitUsage }); code != exitUsage {
		t.Errorf("an exit code became %d", code)
	}
}
