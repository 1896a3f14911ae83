package browsertest

import (
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// threads are the workers of a tab, each a target of its own in the protocol. What
// they request and log is the tab's, and they share its network.
type threads struct {
	mu        sync.Mutex
	workers   []context.Context
	listeners []func(event any)
	network   *network.Conditions // of workers yet to come; nil for the browser's
}

// Listen has f called with each event of the tab and of its workers from now on,
// from the loop that reads the browser's messages: it must be quick.
func (p *Page) Listen(f func(event any)) {
	p.threads.mu.Lock()
	defer p.threads.mu.Unlock()
	p.threads.listeners = append(p.threads.listeners, f)
}

// Connect gives the tab and its workers, those to come too, a network as c has it.
func (p *Page) Connect(t testing.TB, c network.Conditions) {
	t.Helper()
	p.threads.mu.Lock()
	p.threads.network = &c
	workers := p.threads.workers
	p.threads.mu.Unlock()
	p.Run(t, throttle(c), call(network.OverrideNetworkState, network.OverrideNetworkStateParams{ // what navigator says
		Offline: c.Offline, Latency: c.Latency, DownloadThroughput: c.DownloadThroughput, UploadThroughput: c.UploadThroughput,
	}))
	for _, ctx := range workers {
		// A worker may have ended.
		if err := chromedp.Do(ctx, throttle(c)); err != nil && ctx.Err() == nil {
			t.Errorf("network of a worker: %v", err)
		}
	}
}

// throttle returns the step that holds the requests of a target to c.
func throttle(c network.Conditions) chromedp.Action[chromedp.Void] {
	return call(network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{MatchedNetworkConditions: []*network.Conditions{&c}})
}

// event takes in one event of the tab or of a worker.
func (p *Page) event(event any) {
	p.observe(event)
	p.threads.mu.Lock()
	listeners := p.threads.listeners
	p.threads.mu.Unlock()
	for _, f := range listeners {
		f(event)
	}
}

// followWorkers is the step that has workers wait at their beginning until they are
// observed.
func (p *Page) followWorkers() chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, page *chromedp.Target) error {
		err := chromedp.Listen(ctx, func(event any) {
			if e, ok := event.(*target.EventAttachedToTarget); ok && strings.Contains(e.TargetInfo.Type, "worker") {
				go p.follow(ctx, e.TargetInfo.TargetID)
			}
		})
		if err != nil {
			return err
		}
		flatten := true
		_, err = cdp.Call(ctx, page, target.SetAutoAttach, target.SetAutoAttachParams{AutoAttach: true, WaitForDebuggerOnStart: true, Flatten: &flatten})
		return err
	})
}

// follow observes a worker that waits to be let go. One whose page has left meanwhile
// is gone, which is no error; one that is not let go has a page that waits for it.
func (p *Page) follow(ctx context.Context, id target.ID) {
	worker, cancel := chromedp.NewContext(ctx, chromedp.WithTargetID(id), chromedp.WithListener(p.event), chromedp.WithDetachOnCancel())
	context.AfterFunc(ctx, cancel)
	p.threads.mu.Lock()
	conditions := p.threads.network
	p.threads.mu.Unlock()
	if conditions != nil {
		if err := chromedp.Do(worker, throttle(*conditions)); err != nil {
			return
		}
	}
	if _, err := chromedp.Call(worker, runtime.RunIfWaitingForDebugger, cdp.Empty{}); err != nil {
		return
	}
	p.threads.mu.Lock()
	defer p.threads.mu.Unlock()
	p.threads.workers = append(p.threads.workers, worker)
}
