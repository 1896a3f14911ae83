package render

import (
	"cmp"
	"crypto/sha256"
	"maps"
	"slices"
	"strings"

	"vigie/generator/internal/asset"
	"vigie/generator/internal/content"
	"vigie/generator/internal/publish"
)

// Trace tells what the files of a rendering were made from, so that a later one of the
// same site, in which nothing but the Markdown of some pages differs and when they were
// updated, can leave the others as they are. [Trace.Encode] writes it down.
type Trace struct {
	Bodies []BodyTrace // by page, in the order of the site's pages
	Files  []FileTrace // by path
	Images []ImageTrace
	// Common are the bodies that were read for no file in particular: all files rest
	// on them.
	Common []int
	// Search are the files of search, of which path, sum and size alone are told. Who
	// makes them adds them.
	Search []FileTrace
}

// BodyTrace is what a page's Markdown tells others.
type BodyTrace struct {
	Links      []int    // places of the pages of its language that it links to
	Citations  []string // ids of sources, each once for each use
	Quotations int
	Files      []string // of content/ that it uses; see filesOf
	Faulty     bool     // something is wrong with it, and has to be told again

	Gist           // of no minutes where it is not known
	GistText []int // places of the pages whose Markdown the gist was made from

	Found  bool              // search may find the page
	Search [sha256.Size]byte // sum of what search sees of it, which the indexer tells
	Text   []int             // places of the pages whose Markdown that was made from
	Linked []int             // … and of which it was read who links to whom
}

// FileTrace is a file and what it was made from.
type FileTrace struct {
	Path   string
	Sum    [sha256.Size]byte
	Size   int64
	Faulty bool  // something is wrong with what it was made from, and has to be told again
	Text   []int // places of the pages whose Markdown was read
	Gists  []int // … whose gist alone was
	Linked []int // … and of which it was read who links to whom
	Images []int // those that it shows, among the trace's
}

// ImageTrace is a processed image. Its picture's files come without their bytes.
type ImageTrace struct {
	Name    string // as pages call it
	Picture asset.Picture
	Sums    [][sha256.Size]byte // of the picture's files
	Sizes   []int64
}

// retracing is an earlier trace on its way to a new one.
type retracing struct {
	old      *Trace
	edited   map[int]bool // places of the pages whose Markdown differs
	retold   map[int]bool // … of those whose gist differs
	relinked map[int]bool // … and of those that other pages link to or are linked from now
	files    map[string]*FileTrace
	keeps    bool // files may be kept
}

// known is what an earlier rendering tells of the page at a place, nil for nothing.
func (t *retracing) known(place int) *BodyTrace {
	if t == nil || t.edited[place] {
		return nil
	}
	return &t.old.Bodies[place]
}

// retrace takes up an earlier trace. It must be of a site that differs in the Markdown
// of the edited pages alone, and in when they were updated.
func retrace(site *content.Site, old *Trace, edited []int) *retracing {
	if old == nil || len(old.Bodies) != len(site.Pages) {
		return nil
	}
	t := &retracing{old: old, edited: map[int]bool{}, retold: map[int]bool{}, relinked: map[int]bool{}, files: map[string]*FileTrace{}}
	for _, place := range edited {
		t.edited[place] = true
	}
	for i := range old.Files {
		t.files[old.Files[i].Path] = &old.Files[i]
	}
	return t
}

// compare finds, when all pages are connected, what the edits mean for others.
func (t *retracing) compare(r *renderer) {
	t.keeps = true
	for place := range t.edited {
		b, old := r.bodies[r.site.Pages[place]], t.old.Bodies[place]
		// What rests on a source shows on other pages.
		if !slices.Equal(b.citations(), old.Citations) {
			t.keeps = false
		}
		var links []int
		for _, p := range b.links {
			links = append(links, r.bodies[p].place)
		}
		if !slices.Equal(links, old.Links) {
			t.relinked[place] = true
			for _, p := range slices.Concat(links, old.Links) {
				t.relinked[p] = true
			}
		}
	}
	for i, p := range r.site.Pages {
		if b := r.bodies[p]; b.written() && !b.same && b.memo().gist().Gist != t.old.Bodies[i].Gist {
			t.retold[i] = true
		}
	}
	common := slices.Concat(t.old.Common, r.reads.of(readText|readGist|readLinks))
	if t.touches(common, common, common) {
		t.keeps = false
	}
}

// touches tells whether what was made from some texts, gists and links is to be made anew.
func (t *retracing) touches(text, gists, linked []int) bool {
	return slices.ContainsFunc(text, func(place int) bool { return t.edited[place] }) ||
		slices.ContainsFunc(gists, func(place int) bool { return t.retold[place] }) ||
		slices.ContainsFunc(linked, func(place int) bool { return t.relinked[place] })
}

// kept is the trace of a file that is as it was, nil for one that is to be made.
func (t *retracing) kept(o output) *FileTrace {
	if t == nil || !t.keeps || o.fresh {
		return nil
	}
	f := t.files[o.path]
	if f == nil || f.Faulty || t.touches(f.Text, f.Gists, f.Linked) {
		return nil
	}
	return f
}

// found is a page that search sees as it did, nil for one that has to be looked at.
func (t *retracing) found(place int) *BodyTrace {
	if t == nil || !t.keeps {
		return nil
	}
	old := &t.old.Bodies[place]
	if !old.Found || t.edited[place] || t.touches(old.Text, nil, old.Linked) {
		return nil
	}
	return old
}

// keptSearch are the files of search, where search sees all pages as it did; else nil.
func (r *renderer) keptSearch() []FileTrace {
	if r.retracing == nil || !r.retracing.keeps || slices.ContainsFunc(r.searchable, func(s searchable) bool { return s.reads != nil }) {
		return nil
	}
	return r.retracing.old.Search
}

// making is how a planned file came about.
type making struct {
	kept   *FileTrace
	reads  *reads // nil for a file that was kept
	faulty bool
}

// trace tells what the files were made from. files are they.
func (r *renderer) trace(files *publish.Set) *Trace {
	t := &Trace{Bodies: make([]BodyTrace, len(r.site.Pages))}
	for i, p := range r.site.Pages {
		b := r.bodies[p]
		known := &t.Bodies[i]
		*known = r.bodyTrace(b)
		if b.written() && !b.same {
			gist := b.memo().gist()
			known.Gist, known.GistText = gist.Gist, gist.reads.of(readText)
		}
		if found := r.searchable; found == nil {
			known.Found = false
		} else if found[i].reads != nil {
			known.Found, known.Search = true, [sha256.Size]byte{}
			known.Text, known.Linked = found[i].reads.of(readText), found[i].reads.of(readLinks)
		}
	}
	images := r.imageTraces(files)
	place := map[string]int{}
	for i, image := range images {
		place[image.Name] = i
	}
	t.Images = images
	for i, o := range r.outputs {
		f := FileTrace{Path: o.path}
		made := r.makings[i]
		var shown []string
		switch {
		case made.kept != nil:
			f = *made.kept
			for _, i := range f.Images {
				shown = append(shown, r.retracing.old.Images[i].Name)
			}
		default:
			f.Sum, f.Size, _ = files.Sum(o.path)
			f.Faulty, f.Text, f.Gists, f.Linked = made.faulty, made.reads.of(readText), made.reads.of(readGist), made.reads.of(readLinks)
			shown = slices.Collect(maps.Keys(made.reads.images))
		}
		f.Images = nil
		for _, name := range shown {
			if i, ok := place[name]; ok {
				f.Images = append(f.Images, i)
			}
		}
		slices.Sort(f.Images)
		t.Files = append(t.Files, f)
	}
	slices.SortFunc(t.Files, func(a, b FileTrace) int { return cmp.Compare(a.Path, b.Path) })
	t.Common = r.reads.of(readText | readGist | readLinks)
	if r.retracing != nil {
		t.Common = append(t.Common, r.retracing.old.Common...)
	}
	slices.Sort(t.Common)
	t.Common = slices.Compact(t.Common)
	return t
}

// bodyTrace tells of a body what is told of all.
func (r *renderer) bodyTrace(b *body) (t BodyTrace) {
	switch {
	case b.known != nil:
		return *b.known
	case b.written():
		t.Citations, t.Quotations, t.Faulty = b.citations(), b.quotations(), len(b.problems()) > 0
		t.Files = b.files
		for _, target := range b.links {
			t.Links = append(t.Links, r.bodies[target].place)
		}
	}
	return t
}

// ground tells what bodies are parsed by, and their links found, beside the site's
// content and configuration.
func (r *renderer) ground() string {
	return strings.Join(slices.Concat(r.reserved, []string{""}, sortedKeys(r.statics)), "\n")
}

// Trace tells do what the bodies are, for a later Input.Recall, together with what they
// were parsed by. Nothing is edited meanwhile. Of files it says nothing.
func (l *Live) Trace(do func(ground string, t *Trace)) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	t := &Trace{Bodies: make([]BodyTrace, len(l.r.site.Pages))}
	for i, p := range l.r.site.Pages {
		t.Bodies[i] = l.r.bodyTrace(l.r.bodies[p])
	}
	do(l.r.ground(), t)
}

// imageTraces lists the images of the site. files are its files.
func (r *renderer) imageTraces(files *publish.Set) []ImageTrace {
	var list []ImageTrace
	for name, picture := range r.pictures.all() {
		image := ImageTrace{Name: name, Picture: picture}
		image.Picture.Files = nil
		for _, f := range picture.Files {
			sum, size, _ := files.Sum(f.Path)
			image.Picture.Files = append(image.Picture.Files, asset.File{Path: f.Path})
			image.Sums, image.Sizes = append(image.Sums, sum), append(image.Sizes, size)
		}
		list = append(list, image)
	}
	slices.SortFunc(list, func(a, b ImageTrace) int { return cmp.Compare(a.Name, b.Name) })
	return list
}

// kept counts the files that were not made.
func (r *renderer) kept() int {
	n := 0
	for _, m := range r.makings {
		if m.kept != nil {
			n++
		}
	}
	return n
}
