// Command vigie builds and serves static knowledge and news sites with sourced
// facts. See the README, or run vigie help.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	_ "time/tzdata" // sites name their time zone; the machine may have no database
)

// Exit codes, a contract with other people's scripts.
const (
	exitDone   = 0
	exitFailed = 1 // the content or the work failed
	exitUsage  = 2 // wrong usage
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := guarded(os.Stderr, func() int { return run(ctx, os.Args[1:], os.Stdout, os.Stderr) })
	stop()
	os.Exit(code)
}

// guarded calls do, whose exit code it returns. A panic that nobody made a diagnostic of is
// told in one line, and where it came from if VIGIE_TRACE is set.
func guarded(stderr io.Writer, do func() int) (code int) {
	defer func() {
		if p := recover(); p != nil {
			fmt.Fprintf(stderr, "vigie: program failed: %v (please report it, with the site if you can; VIGIE_TRACE=1 shows where it failed)\n", p)
			if os.Getenv("VIGIE_TRACE") != "" {
				_, _ = stderr.Write(debug.Stack())
			}
			code = exitFailed
		}
	}()
	return do()
}

// errFailed is returned by commands that have already said what went wrong.
var errFailed = errors.New("failed")

// usageError is an error in how the command was called.
type usageError struct{ error }

// run executes the command line and returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr *os.File) int {
	c := &cli{stdout: stdout, stderr: stderr}
	root := c.root()
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	var usage usageError
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, errFailed):
		return exitFailed
	case errors.As(err, &usage):
		fmt.Fprintf(stderr, "vigie: %v\nRun \"vigie help\" for what it takes.\n", err)
		return exitUsage
	}
	fmt.Fprintf(stderr, "vigie: %v\n", err)
	return exitFailed
}
