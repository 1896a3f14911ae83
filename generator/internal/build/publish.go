package build

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"sync"

	"vigie/generator/internal/check"
	"vigie/generator/internal/diag"
	"vigie/generator/internal/publish"
	"vigie/generator/internal/render"
	"vigie/generator/internal/search/index"
)

// Publish renders the site and writes it to the folder destination, which stays as
// it was where anything is wrong.
func Publish(ctx context.Context, o Options, destination string) (_ *Site, _ publish.Report, diags diag.List) {
	defer recovered(&diags)
	p := &publication{options: o, destination: destination, memory: remember(o, "build")}
	p.last = sync.OnceValue(func() *publish.State { return p.memory.state(destination) })
	p.look = publish.Ahead(ctx, destination, p.last) // with one core, of which most of what follows leaves some
	defer p.look.Close()
	in, loading := load(ctx, o)
	if in.Site == nil {
		return nil, publish.Report{}, loading
	}
	p.loading = loading
	p.recall(&in)
	site, report, diags, ok := p.attempt(ctx, in)
	if !ok { // what the last build left is not what it was
		in.Trace, in.Edited = nil, nil
		site, report, diags, _ = p.attempt(ctx, in)
	}
	return site, report, diags
}

// publication is one run of [Publish].
type publication struct {
	options     Options
	destination string
	memory      *memory
	last        func() *publish.State // what the last build left at the destination
	look        *publish.Look
	loading     diag.List   // what is wrong with what was read
	now         fingerprint // of the site
}

// recall has the site rendered from what the last build found out, where it can be.
func (p *publication) recall(in *render.Input) {
	if p.memory == nil || in.Site.Faulty {
		return
	}
	var err error
	if p.now, err = takeFingerprint(*in); err != nil {
		return
	}
	in.Tracing = true
	if in.Trace, in.Edited = p.memory.recall(p.now); len(in.Edited) > 0 {
		p.memory.readAhead()
	}
}

// attempt makes the site and publishes it. It is not ok where something was kept, and
// something that is not as it was when it was kept may be why the site is not published.
func (p *publication) attempt(ctx context.Context, in render.Input) (_ *Site, _ publish.Report, _ diag.List, ok bool) {
	site, out, list, fit := makeFiles(ctx, in)
	complete := newGate()
	var w *writing
	defer func() {
		complete.open(errUnfit) // if it is not open yet
		if w != nil {
			w.wait()
		}
	}()
	// The index of a site of which little was edited takes the longest, with one core.
	if fit && in.Trace != nil {
		w = p.begin(ctx, in, out, site, complete)
	}
	if fit {
		list = append(list, site.addSearch(ctx, out, searchOptions{index: index.Options{Parts: p.memory.parts()}, early: p.look.Write})...)
	}
	p.last()                                                // what is wrong with it is told in any case
	p.loading = slices.Concat(p.loading, p.memory.untold()) // also by another attempt
	diags := check.Silence(in.Site, slices.Concat(p.loading, list).Sort())
	site.CacheNote = p.memory.why()
	if in.Trace != nil && slices.ContainsFunc(list, func(d diag.Diagnostic) bool { return d.Rule == "search-index" || d.Rule == diag.InternalRule }) {
		return nil, publish.Report{}, nil, false // before the site is blamed
	}
	if diags.HasErrors() {
		return site, publish.Report{}, diags, true
	}
	if !p.options.AllowShrink {
		if list := checkShrink(site, p.destination); list.HasErrors() {
			return site, publish.Report{}, append(diags, list...).Sort(), true
		}
	}
	if w == nil {
		w = p.begin(ctx, in, out, site, complete)
	}
	complete.open(nil)
	w.wait()
	var missing *publish.MissingError
	if errors.As(w.err, &missing) && in.Trace != nil {
		return nil, publish.Report{}, nil, false // the folder is not as the last build left it
	}
	if w.err != nil {
		return site, w.report, append(diags, diag.Errorf(diag.Position{File: filepath.ToSlash(p.destination)}, "publish", "%v", w.err)), true
	}
	p.memory.keepState(p.destination, w.state, out.KeptSearch != nil)
	return site, w.report, slices.Concat(diags, p.memory.untold()), true
}

// writing is the publishing of a site's files, and the writing down of what they were made
// from, while the last of them are made.
type writing struct {
	report publish.Report
	state  *publish.State
	err    error
	done   diag.Workers
}

// begin begins to publish the files that a site has. Those of its search may be added
// until complete is open.
func (p *publication) begin(ctx context.Context, in render.Input, out render.Output, site *Site, complete *gate) *writing {
	w := &writing{}
	w.done.Go(func() { w.report, w.state, w.err = p.look.UpdateWhen(ctx, site.Files, complete.wait) })
	w.done.Go(func() { p.memory.keepTrace(p.now, in, out, site, complete.wait) })
	return w
}

func (w *writing) wait() { w.done.Wait() }

// errUnfit opens the gate of a site that is not published.
var errUnfit = errors.New("site is not fit to be published")

// gate is what others wait for. It is opened once; later times do nothing.
type gate struct {
	once   sync.Once
	opened chan struct{}
	err    error
}

func newGate() *gate { return &gate{opened: make(chan struct{})} }

func (g *gate) open(err error) {
	g.once.Do(func() {
		g.err = err
		close(g.opened)
	})
}

func (g *gate) wait() error {
	<-g.opened
	return g.err
}
