// Package browsertest owns the real judges of a built page: Chromium, driven
// over the DevTools protocol, axe-core inside it, and the Nu HTML checker.
//
// A package's TestMain calls [Main]; a test calls [New] once, [Browser.Open] for each page and view, and asserts on
// what [Page] collected: console errors, failed requests and the address of
// every request. The browser reaches no host but the local one: other names do
// not resolve, though requests to them are seen and listed. Only tests import
// this package; it never starts a server.
package browsertest

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// patience bounds each step of the browser. It is long, for a slow machine that
// runs other tests at the same time; nothing waits it out unless it hangs.
const patience = 5 * time.Minute

// missing skips the test for want of a tool, or fails it where the tools are
// required.
func missing(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("VIGIE_REQUIRE_BROWSER") == "1" {
		t.Fatalf("%s, and VIGIE_REQUIRE_BROWSER=1", what)
	}
	t.Skipf("%s (`make test` installs what the tests need)", what)
}

// Chromium returns the path of the browser: VIGIE_CHROMIUM, or the first of the
// usual names on the PATH. Without one it skips the test, or fails it where
// VIGIE_REQUIRE_BROWSER=1, as `make test` sets.
func Chromium(t testing.TB) string {
	t.Helper()
	names := []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome",
		"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"}
	if own := os.Getenv("VIGIE_CHROMIUM"); own != "" {
		names = []string{own}
	}
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	missing(t, "no browser found among "+strings.Join(names, ", "))
	return ""
}

// Browser is one running Chromium with a profile of its own.
type Browser struct {
	ctx  context.Context
	stop func()
}

// shared is the browser of all tests of a program whose TestMain calls [Main].
var shared struct {
	sync.Mutex
	wanted  bool
	browser *Browser // nil until a test wants it
}

// Main runs a program's tests with one browser for all of them, which ends with them: it
// takes longer to start than most tests to run, and each tab has cookies, storage and
// cache of its own. It is what a TestMain calls.
func Main(m *testing.M) {
	shared.wanted = true
	defer func() {
		shared.Lock()
		defer shared.Unlock()
		if shared.browser != nil {
			shared.browser.stop()
		}
	}()
	m.Run() // whose result the testing package exits with
}

// New returns a running browser: the one of all tests where [Main] runs them, else one
// that ends with the test. It skips or fails as [Chromium] does.
func New(t testing.TB) *Browser {
	t.Helper()
	path := Chromium(t)
	shared.Lock()
	defer shared.Unlock()
	if !shared.wanted {
		b := start(t, path)
		t.Cleanup(b.stop)
		return b
	}
	if shared.browser != nil && shared.browser.ctx.Err() != nil { // it crashed: that was another test's fault
		shared.browser.stop()
		shared.browser = nil
	}
	if shared.browser == nil {
		shared.browser = start(t, path)
	}
	return shared.browser
}

// start starts a browser.
func start(t testing.TB, path string) *Browser {
	t.Helper()
	profile, err := os.MkdirTemp("", "vigie-browser-")
	if err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	opts := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path),
		chromedp.UserDataDir(profile),
		chromedp.CombinedOutput(&said),
		chromedp.DisableGPU,
		chromedp.Flag("headless", "new"),
		// Nothing but the pages under test may cause traffic.
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-domain-reliability", true),
		chromedp.Flag("no-pings", true),
		chromedp.Flag("no-proxy-server", true),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1, EXCLUDE [::1]"),
		// The same pixels everywhere.
		chromedp.Flag("hide-scrollbars", true),
		chromedp.Flag("font-render-hinting", "none"),
	)
	if os.Geteuid() == 0 {
		opts = append(opts, chromedp.NoSandbox) // Chromium refuses root with a sandbox
	}
	alloc, stopAlloc := chromedp.NewExecAllocator(context.Background(), opts...)
	ctx, cancel := chromedp.NewContext(alloc)
	b := &Browser{ctx: ctx, stop: func() {
		cancel()
		stopAlloc() // waits until the browser has gone
		_ = os.RemoveAll(profile)
	}}
	// The first call starts the browser, which would die with a time limit of
	// its context (see chromedp.Run), so a timer watches it.
	watch := time.AfterFunc(patience, cancel)
	defer watch.Stop()
	if err := chromedp.Do(ctx); err != nil {
		b.stop()
		t.Fatalf("browser does not start: %v\n%s", err, said.String())
	}
	return b
}
