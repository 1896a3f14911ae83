package browsertest

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
)

// traffic is what one tab requested and logged. Its observe method is called
// from the loop that reads the browser's messages, the others from the test.
type traffic struct {
	mu       sync.Mutex
	console  []string
	failed   []string
	requests []string
	document network.RequestID            // the page's own request
	method   map[network.RequestID]string // "GET url" of each request
	pending  map[network.RequestID]bool
	last     time.Time // of the latest change of pending
}

// observe takes in one event of the tab. It must be quick; see chromedp.Listen.
func (x *traffic) observe(event any) {
	x.mu.Lock()
	defer x.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		address := e.Request.URL
		if strings.HasPrefix(address, "data:") || strings.HasPrefix(address, "blob:") {
			return
		}
		if x.document == "" && e.Type == network.ResourceTypeDocument {
			x.document = e.RequestID
		}
		x.requests = append(x.requests, address)
		x.method[e.RequestID] = e.Request.Method + " " + address
		if e.Type != network.ResourceTypeEventSource {
			x.pending[e.RequestID], x.last = true, time.Now()
		}
	case *network.EventWebSocketCreated:
		x.requests = append(x.requests, e.URL)
	case *network.EventResponseReceived:
		if m := x.method[e.RequestID]; m != "" && e.RequestID != x.document && e.Response.Status >= 400 {
			x.failed = append(x.failed, fmt.Sprintf("%s: status %d", m, e.Response.Status))
		}
	case *network.EventLoadingFinished:
		x.done(e.RequestID)
	case *network.EventLoadingFailed:
		x.done(e.RequestID)
		m := x.method[e.RequestID]
		switch {
		case m == "" || e.RequestID == x.document:
		case e.BlockedReason != "":
			x.failed = append(x.failed, fmt.Sprintf("%s: blocked, %s", m, e.BlockedReason))
		case !e.Canceled: // by the page itself
			x.failed = append(x.failed, fmt.Sprintf("%s: %s", m, e.ErrorText))
		}
	case *log.EventEntryAdded:
		// A request that fails is listed once, by Failed.
		if l := e.Entry; l.Source != log.EntrySourceNetwork && (l.Level == log.EntryLevelError || l.Level == log.EntryLevelWarning) {
			x.logged(string(l.Level), l.Text, l.URL, l.LineNumber)
		}
	case *runtime.EventConsoleAPICalled:
		switch e.Type {
		case runtime.ConsoleAPICalledTypeError, runtime.ConsoleAPICalledTypeWarning, runtime.ConsoleAPICalledTypeAssert:
			var words []string
			for _, arg := range e.Args {
				words = append(words, value(arg))
			}
			address, line := place(e.StackTrace)
			x.logged(string(e.Type), strings.Join(words, " "), address, line)
		}
	case *runtime.EventExceptionThrown:
		d := e.ExceptionDetails
		text, address, line := d.Text, d.URL, d.LineNumber
		if d.Exception != nil {
			text += " " + value(d.Exception)
		}
		if address == "" {
			address, line = place(d.StackTrace)
		}
		x.logged("exception", text, address, line)
	}
}

func (x *traffic) done(id network.RequestID) {
	delete(x.pending, id)
	x.last = time.Now()
}

// logged keeps one message; line counts from 0, as the protocol does.
func (x *traffic) logged(level, text, address string, line int64) {
	// The description of an error holds its stack: the first line is enough.
	text, _, _ = strings.Cut(text, "\n")
	if address != "" {
		text += fmt.Sprintf(" (%s:%d)", address, line+1)
	}
	x.console = append(x.console, level+": "+text)
}

// value returns what the console shows for an argument.
func value(o *runtime.RemoteObject) string {
	if o.Description != "" {
		return o.Description
	}
	return strings.Trim(string(o.Value), `"`)
}

func place(stack *runtime.StackTrace) (address string, line int64) {
	if stack == nil || len(stack.CallFrames) == 0 {
		return "", 0
	}
	return stack.CallFrames[0].URL, stack.CallFrames[0].LineNumber
}

// quiet returns for how long no request has been under way, or 0.
func (x *traffic) quiet() time.Duration {
	x.mu.Lock()
	defer x.mu.Unlock()
	if len(x.pending) > 0 {
		return 0
	}
	return time.Since(x.last)
}

// Console returns the errors and warnings that the page logged so far, among
// them uncaught exceptions and violations of the Content-Security-Policy, as
// "level: text (url:line)". Requests that fail are left to [Page.Failed].
func (x *traffic) Console() []string { return x.copyOf(&x.console) }

// Failed returns the requests that failed, were blocked or were answered with a
// status of 400 and above, as "GET url: reason", the page itself excepted.
func (x *traffic) Failed() []string { return x.copyOf(&x.failed) }

// Requests returns the URL of every request in order, the page's own first,
// those that were blocked or failed included; data: and blob: addresses are
// left out.
func (x *traffic) Requests() []string { return x.copyOf(&x.requests) }

func (x *traffic) copyOf(list *[]string) []string {
	x.mu.Lock()
	defer x.mu.Unlock()
	return slices.Clone(*list)
}
