package render

import (
	"context"
	"crypto/sha256"
	"maps"
	"slices"
	"strings"
	"sync/atomic"

	"vigie/generator/internal/diag"
	"vigie/generator/internal/publish"
)

// output is a file of the site, to be made when it is wanted.
type output struct {
	path   string    // "actualites/x/index.html"
	origin string    // what it is made from, for diagnostics
	by     *claimant // who asked for it at its path, nil for what the build makes of itself
	page   bool      // a page that an editor wrote: progress counts those
	list   bool      // a page that the build made
	fresh  bool      // every build makes it: it depends on the hour, or is made by now
	// make makes the file. It reads the renderer it is given, never one it was
	// planned by: the same plan serves while bodies change.
	make func(r *renderer) ([]byte, diag.List)
}

// made makes the file. A panic is what is wrong with it.
func (o output) made(r *renderer) (data []byte, list diag.List) {
	if failed := diag.Guard(o.origin, func() { data, list = o.make(r) }); failed != nil {
		return nil, failed
	}
	return data, list
}

// plan adds a file to the site's plan.
func (r *renderer) plan(o output) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.outputs = append(r.outputs, o)
}

// add plans a file that is made already.
func (r *renderer) add(file string, data []byte, origin string) {
	r.plan(output{path: file, origin: origin, fresh: true, make: func(*renderer) ([]byte, diag.List) { return data, nil }})
}

// planAll plans all files of the site but the images, which pages bring with them.
func (r *renderer) planAll() {
	r.planLists() // first: what is found to introduce a list is no page of its own
	r.planPages()
	r.planFeeds()
	r.planHistory()
	r.planCalendars()
	r.planData()
	r.planMachineFiles()
	r.planRedirects()
	r.planStatic()
	r.checkClaims()
}

// makeAll makes all planned files, then adds the images that they brought.
func (r *renderer) makeAll(ctx context.Context) (*publish.Set, diag.List) {
	total := 0
	for _, o := range r.outputs {
		if o.page {
			total++
		}
	}
	var done atomic.Int64
	made := make([][]byte, len(r.outputs))
	lists := make([]diag.List, len(r.outputs))
	r.makings = make([]making, len(r.outputs))
	r.each(ctx, len(r.outputs), func(i int) {
		o := r.outputs[i]
		if kept := r.retracing.kept(o); kept != nil {
			r.makings[i].kept = kept
		} else {
			own := r.reading()
			made[i], lists[i] = o.made(own)
			r.makings[i] = making{reads: own.reads, faulty: len(lists[i]) > 0}
		}
		if o.page && r.progress != nil {
			r.progress("render", int(done.Add(1)), total)
		}
	})
	set := &publish.Set{}
	set.Grow(len(r.outputs))
	var diags diag.List
	add := func(file string, data []byte, origin string) {
		if err := set.Add(file, data, origin); err != nil {
			diags = append(diags, diag.Errorf(diag.Position{File: origin}, "duplicate-url", "%v", err).WithSuggestion("rename one of the two"))
		}
	}
	keep := func(file string, sum [sha256.Size]byte, size int64, origin string) {
		if err := set.Keep(file, sum, size, origin); err != nil {
			diags = append(diags, diag.Errorf(diag.Position{File: origin}, "duplicate-url", "%v", err).WithSuggestion("rename one of the two"))
		}
	}
	for i, o := range r.outputs {
		diags = append(diags, lists[i]...)
		if kept := r.makings[i].kept; kept != nil {
			keep(o.path, kept.Sum, kept.Size, o.origin)
			for _, image := range kept.Images {
				r.pictures.keep(r.retracing.old.Images[image].Name)
			}
		} else if made[i] != nil {
			add(o.path, made[i], o.origin)
		}
	}
	files := r.pictures.files()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if f := files[name]; f.Data != nil {
			add(name, f.Data, "image "+name)
		} else {
			keep(name, f.Sum, f.Size, "image "+name)
		}
	}
	return set, diags
}

// execute executes a view's layout. origin is what the page is made from.
func (r *renderer) execute(view *View, origin string) ([]byte, diag.List) {
	var b strings.Builder
	if d, ok := r.layouts.Execute(&b, view.Layout, view); !ok {
		return nil, append(view.problems, d.WithNote(diag.Position{File: origin}, "while rendering this page"))
	}
	return []byte(b.String()), view.problems
}

// planPages plans every page that has a body of its own, and its twin.
func (r *renderer) planPages() {
	for _, p := range r.site.Pages {
		if p.IsSection {
			continue // with the lists
		}
		if r.introduced[p] {
			r.planTwin(p)
			continue
		}
		r.plan(output{path: outputFile(p.SitePath), origin: p.FileName(), by: claimedByPage(p), page: true, make: func(r *renderer) ([]byte, diag.List) {
			_, list := r.bodies[p].html(r)
			view, problems := r.pageView(p)
			if list = append(slices.Clip(list), problems...); view == nil {
				return nil, list
			}
			data, problems := r.execute(view, p.FileName())
			return data, append(list, problems...)
		}})
		r.planTwin(p)
	}
}

// outputFile is the file that a site path is published in.
func outputFile(sitePath string) string {
	file := strings.TrimPrefix(sitePath, "/")
	if strings.HasSuffix(sitePath, "/") {
		return file + "index.html"
	}
	return file
}
