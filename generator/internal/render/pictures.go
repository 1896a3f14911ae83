package render

import (
	"crypto/sha256"
	"io/fs"
	"path"
	"strings"
	"sync"
	"sync/atomic"

	"vigie/generator/internal/asset"
	"vigie/generator/internal/content"
	"vigie/generator/internal/diag"
	"vigie/generator/internal/tree"
)

// pictures processes the images that pages use, each once.
type pictures struct {
	renderer *renderer
	mu       sync.Mutex
	entries  map[string]*pictureEntry
	before   *pictures              // of the site as it was, nil without
	known    map[string]*ImageTrace // images that need not be processed again
	turn     chan struct{}          // decoded images are large: one at a time
}

type pictureEntry struct {
	once    sync.Once
	done    atomic.Bool
	sum     [sha256.Size]byte // of the image's bytes
	picture asset.Picture
	err     *pictureError
}

// pictureError is why an image cannot be shown.
type pictureError struct{ rule, message, suggestion string }

func newPictures(r *renderer) *pictures {
	p := &pictures{renderer: r, entries: map[string]*pictureEntry{}, known: map[string]*ImageTrace{}, turn: make(chan struct{}, 1)}
	if r.before != nil {
		p.before = r.before.pictures
		p.before.before = nil // one generation is enough
	}
	return p
}

// isImage tells by its name whether a file is an image.
func isImage(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".jpg", ".jpeg", ".png", ".gif", ".webp", ".svg", ".avif":
		return true
	}
	return false
}

// get returns the published picture of an image below content/ or, with a slash in
// front, below static/, and the one name that the image is known by.
func (p *pictures) get(name string) (string, asset.Picture, *pictureError) {
	name = tree.Name(name)
	if relative := strings.TrimPrefix(name, "/"); p.renderer.site.Resources[relative] {
		name = relative // a resource named by its place below content/
	}
	p.mu.Lock()
	entry := p.entries[name]
	if entry == nil {
		entry = &pictureEntry{}
		p.entries[name] = entry
	}
	p.mu.Unlock()
	entry.once.Do(func() {
		// What panics here would be taken for done by all who come later.
		for _, d := range diag.Guard("image "+name, func() { p.process(name, entry) }) {
			entry.err = &pictureError{rule: d.Rule, message: d.Message + ", " + d.File, suggestion: d.Suggestion}
		}
		entry.done.Store(true)
	})
	return name, entry.picture, entry.err
}

// process reads and scales an image, unless it was so already.
func (p *pictures) process(name string, entry *pictureEntry) {
	if image := p.known[name]; image != nil {
		entry.picture = image.Picture
		return
	}
	data, file, failure := p.read(name)
	if failure != nil {
		entry.err = failure
		return
	}
	entry.sum = sha256.Sum256(data)
	if old := p.processedBefore(name, entry.sum); old != nil {
		entry.picture, entry.err = old.picture, old.err
		return
	}
	p.turn <- struct{}{}
	defer func() { <-p.turn }()
	picture, err := asset.Process(file, data, asset.ImageOptions{})
	if entry.picture = picture; err != nil {
		entry.err = &pictureError{rule: "bad-image", message: err.Error()}
	}
}

// processedBefore is the same image in the site as it was, nil without.
func (p *pictures) processedBefore(name string, sum [sha256.Size]byte) *pictureEntry {
	if p.before == nil {
		return nil
	}
	p.before.mu.Lock()
	defer p.before.mu.Unlock()
	if old := p.before.entries[name]; old != nil && old.done.Load() && old.sum == sum {
		return old
	}
	return nil
}

// read reads an image's bytes.
func (p *pictures) read(name string) (data []byte, file string, failure *pictureError) {
	fsys, dir, relative := p.renderer.site.Files(), content.Dir, name
	if strings.HasPrefix(name, "/") {
		fsys, dir, relative = p.renderer.static, "static", strings.TrimPrefix(name, "/")
	}
	file = path.Join(dir, relative)
	if !fs.ValidPath(relative) {
		return nil, file, &pictureError{rule: "unknown-image", message: "image " + name + " lies outside the site"}
	}
	if why := p.renderer.site.WhyLeftOut(relative); why != "" && dir == content.Dir {
		return nil, file, &pictureError{rule: "left-out", message: "image " + quote(file) + " " + why, suggestion: "show another one, or change the pattern"}
	}
	data, err := fs.ReadFile(fsys, relative)
	if err != nil {
		return nil, file, &pictureError{rule: "unknown-image", message: "unknown image " + quote(file), suggestion: diag.DidYouMean(relative, p.renderer.contentPaths())}
	}
	return data, file, nil
}

// keep has an image among the site's that a file shows which is not made again.
func (p *pictures) keep(name string) { p.get(name) }

// all are the images processed so far without a fault.
func (p *pictures) all() map[string]asset.Picture {
	p.mu.Lock()
	defer p.mu.Unlock()
	all := map[string]asset.Picture{}
	for name, entry := range p.entries {
		if entry.done.Load() && entry.err == nil {
			all[name] = entry.picture
		}
	}
	return all
}

// Error returns the message.
func (e *pictureError) Error() string { return e.message }

func (p *pictures) count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.entries)
}

func quote(s string) string { return `"` + s + `"` }

// pictureFile is a published file of an image. Data is nil for one that is kept.
type pictureFile struct {
	Data []byte
	Sum  [sha256.Size]byte
	Size int64
}

// files are the files of all images processed so far, by published path. Two images
// of one content share them.
func (p *pictures) files() map[string]pictureFile {
	all := map[string]pictureFile{}
	for name, picture := range p.all() {
		for i, f := range picture.Files {
			file := pictureFile{Data: f.Data}
			if f.Data == nil {
				if all[f.Path].Data != nil {
					continue
				}
				file.Sum, file.Size = p.known[name].Sums[i], p.known[name].Sizes[i]
			}
			all[f.Path] = file
		}
	}
	return all
}

// file is the file of an image processed so far.
func (p *pictures) file(name string) ([]byte, bool) {
	f, ok := p.files()[name]
	return f.Data, ok && f.Data != nil
}
