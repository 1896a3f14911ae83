package browsertest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// untilPatience bounds [Page.Until]. It is not how long anything may take: it ends a test
// that would wait for ever, on a machine of whatever load.
// lookPatience bounds one look at the page: an answer can get lost where a page gives
// way to the next.
const (
	untilPatience = 3 * time.Minute
	lookPatience  = 15 * time.Second
)

// Until waits until a JavaScript expression holds, through any navigation, and fails
// the test where it does not in a while, with what the page looked like. What it throws
// counts as not yet.
func (p *Page) Until(t testing.TB, expression string) {
	t.Helper()
	p.until(t, expression, untilPatience)
}

func (p *Page) until(t testing.TB, expression string, patience time.Duration) {
	t.Helper()
	const moment = 5 * time.Millisecond
	for start := time.Now(); time.Since(start) < patience; time.Sleep(moment) {
		ok, err := look[bool](p, "(() => { try { return !!("+expression+") } catch { return false } })()")
		if err == nil && ok {
			return
		}
	}
	t.Fatalf("never came in %v: %s\n%s", patience, expression, p.state())
}

// look evaluates an expression that is no promise, within lookPatience.
func look[T any](p *Page, expression string) (T, error) {
	ctx, cancel := context.WithTimeout(p.ctx, lookPatience)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAsValue))
}

// describe gathers what the page shows, what stands in open shadow trees included.
const describe = `(() => {
	const short = (text) => text.replace(/\s+/g, " ").trim().slice(0, 600);
	const shadows = [...document.querySelectorAll("*")].filter((e) => e.shadowRoot !== null).map((e) =>
		"<" + e.localName + ">: " + short([...e.shadowRoot.children].filter((c) => c.checkVisibility()).map((c) => "[" + c.className + "] " + c.innerText).join(" ")));
	return [
		"page: " + location.href + " (" + document.readyState + ", " + document.visibilityState + ")",
		"title: " + document.title,
		"text: " + short(document.body?.innerText ?? ""),
		...shadows,
	].join("\n");
})()`

// lastRequests is how many requests are told of a page.
const lastRequests = 8

// state describes the page to those who look for why a test failed.
func (p *Page) state() string {
	text, err := look[string](p, describe)
	if err != nil {
		text = fmt.Sprintf("page: gives no answer: %v", err)
	}
	requests := p.Requests()
	for _, l := range []struct {
		name string
		list []string
	}{
		{"console", p.Console()}, {"failed", p.Failed()}, {"last requests", requests[max(0, len(requests)-lastRequests):]},
	} {
		if len(l.list) > 0 {
			text += "\n" + l.name + ":\n\t" + strings.Join(slices.Compact(l.list), "\n\t")
		}
	}
	return text
}
