package diag

import (
	"fmt"
	"path"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
)

// InternalRule is the rule of the diagnostics of a program that failed: of a panic.
const InternalRule = "internal"

// Failure is a panic of the program on its way to a diagnostic. It is the value that
// [WorkingOn] panics with, and an error for those who return errors.
type Failure struct {
	File  string // what was worked on, as diagnostics name it; "" where nobody knew
	Value any    // of the panic
	Stack []byte
	at    string // the place in the program, "" where it is not known
}

// Error says what failed and where in the program, without the file.
func (f *Failure) Error() string {
	text, _, _ := strings.Cut(fmt.Sprint(f.Value), "\n")
	if f.at != "" {
		text += ", in " + f.at
	}
	return "program failed: " + text
}

// failure makes one of what recover returned. It must be called by the deferred function
// itself, while the stack of the panic is there.
func failure(value any, file string) *Failure {
	if f, ok := value.(*Failure); ok {
		if f.File == "" {
			f.File = file
		}
		return f // the innermost knows best
	}
	return &Failure{File: file, Value: value, Stack: debug.Stack(), at: failedAt()}
}

// failedAt names the function of ours that panicked, and its line.
func failedAt() string {
	pcs := make([]uintptr, 64)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	panicking, place := false, ""
	for {
		frame, more := frames.Next()
		switch {
		case strings.HasPrefix(frame.Function, "runtime."):
			if panicking = panicking || frame.Function == "runtime.gopanic"; frame.Function == "runtime.gopanic" {
				place = "" // what came before was deferred
			}
		case panicking && place == "" && strings.HasPrefix(frame.Function, "vigie/"):
			place = fmt.Sprintf("%s (%s:%d)", path.Base(frame.Function), path.Base(frame.File), frame.Line)
		}
		if !more {
			return place
		}
	}
}

// WorkingOn is deferred by what works on a file: a panic goes on, and knows of the file. A
// panic that knows of one already, of a part of the work, goes on as it is.
func WorkingOn(file string) {
	if p := recover(); p != nil {
		panic(failure(p, file))
	}
}

// Recovered is the diagnostic of a panic: value is what recover returned, which the
// deferred function that calls this called; file is what was worked on as a whole, where
// the panic knows of nothing nearer.
func Recovered(value any, file string) Diagnostic {
	f := failure(value, file)
	if f.File == "" {
		return Errorf(Position{}, InternalRule, "%v, while it worked on the site", f).WithSuggestion("please report it, with the site if you can")
	}
	return Errorf(Position{File: f.File}, InternalRule, "%v, while it worked on this", f).WithSuggestion("please report it, with the file if you can")
}

// Guard calls do. Where do panics, the list says so of file; else it is empty.
func Guard(file string, do func()) (list List) {
	defer func() {
		if p := recover(); p != nil {
			list = List{Recovered(p, file)}
		}
	}()
	do()
	return nil
}

// Caught calls do and returns its error, or the [Failure] as which it panicked.
func Caught(file string, do func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = failure(p, file)
		}
	}()
	return do()
}

// Workers are goroutines whose panic is that of the one who waits for them, so that it can
// be recovered. The zero value has none.
type Workers struct {
	group sync.WaitGroup
	mu    sync.Mutex
	first *Failure
}

// Go runs do in a goroutine.
func (w *Workers) Go(do func()) {
	w.group.Go(func() {
		defer func() {
			if p := recover(); p != nil {
				f := failure(p, "")
				w.mu.Lock()
				defer w.mu.Unlock()
				if w.first == nil || f.File < w.first.File {
					w.first = f
				}
			}
		}()
		do()
	})
}

// Wait waits until all have ended, and panics if one did.
func (w *Workers) Wait() {
	w.group.Wait()
	if w.first != nil {
		panic(w.first)
	}
}
