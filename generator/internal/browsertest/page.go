package browsertest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// View is how a page is looked at. The zero value is a desktop window of
// 1280×800 with scripts, in light colours.
type View struct {
	Width, Height int    // CSS pixels; 0 means 1280 and 800
	Mobile        bool   // touch and a mobile viewport
	Dark          bool   // prefers-color-scheme: dark
	ReducedMotion bool   // prefers-reduced-motion: reduce
	ForcedColors  bool   // forced-colors: active
	Print         bool   // the print medium
	NoScript      bool   // scripts off
	Language      string // Accept-Language; "" means the browser's
}

// Page is one open tab, with cookies, storage and cache of its own, and its workers.
type Page struct {
	ctx    context.Context
	close  context.CancelFunc
	view   View
	origin string
	status int
	traffic
	threads threads
}

// Open opens url in a new tab, waits until it has loaded and its network has
// been quiet for a moment, and returns the tab, which closes with the test. A
// stream that stays open, such as live reload's, does not count as traffic. It
// fails the test where the page does not load; an HTTP error status is no
// failure.
func (b *Browser) Open(t testing.TB, address string, view View) *Page {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	p := &Page{view: view, origin: u.Scheme + "://" + u.Host}
	p.pending = make(map[network.RequestID]bool)
	p.method = make(map[network.RequestID]string)
	p.ctx, p.close = chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext(), chromedp.WithListener(p.event))
	t.Cleanup(p.close)
	p.Run(t, view.emulate(), p.followWorkers())

	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	response, err := chromedp.Run(ctx, chromedp.NavigateResponse(address))
	if err != nil {
		t.Fatalf("open %s: %v", address, err)
	}
	if response != nil {
		p.status = int(response.Status)
	}
	p.Settle(t)
	return p
}

// Look makes the open page look as view says, without loading it anew: its
// NoScript and Language count from the next request on.
func (p *Page) Look(t testing.TB, view View) {
	t.Helper()
	p.view = view
	p.Run(t, view.emulate())
}

// emulate returns the step that makes a tab look at pages as v does.
func (v View) emulate() chromedp.Action[chromedp.Void] {
	width, height := v.Width, v.Height
	if width == 0 {
		width = 1280
	}
	if height == 0 {
		height = 800
	}
	var size []chromedp.EmulateViewportOption
	if v.Mobile {
		size = append(size, chromedp.EmulateMobile, chromedp.EmulateTouch, chromedp.EmulatePortrait)
	}
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: choose(v.Dark, "dark", "light")},
		{Name: "prefers-reduced-motion", Value: choose(v.ReducedMotion, "reduce", "no-preference")},
		{Name: "forced-colors", Value: choose(v.ForcedColors, "active", "none")},
	}}
	if v.Print {
		media.Media = "print"
	}
	return chromedp.Steps(
		chromedp.EmulateViewport(int64(width), int64(height), size...),
		call(emulation.SetEmulatedMedia, media),
		scripts(!v.NoScript),
		chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
			if v.Language == "" {
				return nil
			}
			_, err := cdp.Call(ctx, target, network.SetExtraHTTPHeaders,
				network.SetExtraHTTPHeadersParams{Headers: network.Headers{"Accept-Language": v.Language}})
			return err
		}),
	)
}

func choose(yes bool, a, b string) string {
	if yes {
		return a
	}
	return b
}

// call returns the step that runs one command of the protocol.
func call[P, R any](command cdp.Command[P, R], params P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, command, params)
		return err
	})
}

func scripts(on bool) chromedp.Action[chromedp.Void] {
	return call(emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on})
}

// Run runs chromedp steps in the tab, and fails the test on an error.
func (p *Page) Run(t testing.TB, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	// The first call in a tab opens it, and the tab would close with the time
	// limit of that call's context; see chromedp.Run.
	watch := time.AfterFunc(patience, p.close)
	defer watch.Stop()
	if err := chromedp.Do(p.ctx, steps...); err != nil {
		t.Fatalf("%s: %v", p.origin, err)
	}
}

// Eval evaluates a JavaScript expression (awaiting a promise) and decodes its
// JSON value into out, which may be nil. It also works with scripts off, though
// a promise may then never settle.
func (p *Page) Eval(t testing.TB, expression string, out any) {
	t.Helper()
	if err := p.Try(expression, out); err != nil {
		t.Fatalf("evaluate %s: %v", excerpt(expression), err)
	}
}

// Try is Eval for what may fail, as while the page is loaded anew.
func (p *Page) Try(expression string, out any) error {
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[[]byte](expression, chromedp.EvalAwaitPromise, chromedp.EvalAsValue))
	if err != nil || out == nil {
		return err
	}
	if value == nil {
		return errors.New("no JSON value")
	}
	if err := json.Unmarshal(value, out); err != nil {
		return fmt.Errorf("%w in %s", err, excerpt(string(value)))
	}
	return nil
}

func excerpt(s string) string {
	if r := []rune(s); len(r) > 200 {
		return string(r[:200]) + "…"
	}
	return s
}

// Settle waits until no request has been under way for a moment, and fails the test where
// one never ends. Tests call it after a step that loads something.
func (p *Page) Settle(t testing.TB) {
	t.Helper()
	const moment = 150 * time.Millisecond
	for start := time.Now(); p.quiet() < moment; time.Sleep(10 * time.Millisecond) {
		if time.Since(start) > patience {
			t.Fatalf("requests of %s never end:\n%s", p.origin, p.state())
		}
	}
}

// Status returns the HTTP status of the page itself, after redirects.
func (p *Page) Status() int { return p.status }

// ThirdParty returns the requests whose origin is not that of the address
// opened, be they answered or not.
func (p *Page) ThirdParty() []string {
	return slices.DeleteFunc(p.Requests(), func(address string) bool {
		u, err := url.Parse(address)
		return err == nil && u.Scheme+"://"+u.Host == p.origin
	})
}

// Cookies returns the names of the cookies that the tab holds, for any site.
func (p *Page) Cookies(t testing.TB) []string {
	t.Helper()
	var names []string
	p.Run(t, chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		result, err := cdp.Call(ctx, target, network.GetCookies, network.GetCookiesParams{URLs: p.Requests()})
		for _, c := range result.Cookies {
			names = append(names, c.Name)
		}
		return err
	}))
	slices.Sort(names)
	return slices.Compact(names)
}

// Screenshot writes a PNG of the whole page, as long as it is, to file.
func (p *Page) Screenshot(t testing.TB, file string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	png, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		t.Fatalf("screenshot: %v", err)
	}
	if err := os.WriteFile(file, png, 0o644); err != nil {
		t.Fatal(err)
	}
}

// Close closes the tab before the test's end.
func (p *Page) Close() { p.close() }
