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
)

// pictures processes the images that pages use, each once.
type pictures struct {
	renderer *renderer
	mu       sync.Mutex
	entries  map[string]*pictureEntry
	before   *pictures     // of the site as it was, nil without
	turn     chan struct{} // decoded images are large: one at a time
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
	p := &pictures{renderer: r, entries: map[string]*pictureEntry{}, turn: make(chan struct{}, 1)}
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
// front, below static/.
func (p *pictures) get(name string) (asset.Picture, *pictureError) {
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
		p.process(name, entry)
		entry.done.Store(true)
	})
	return entry.picture, entry.err
}

// process reads and scales an image, unless it was so already.
func (p *pictures) process(name string, entry *pictureEntry) {
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
	picture, err := asset.Process(file, data, asset.ImageOptions{})
	<-p.turn
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
	data, err := fs.ReadFile(fsys, relative)
	if err != nil {
		return nil, file, &pictureError{rule: "unknown-image", message: "unknown image " + quote(file), suggestion: diag.DidYouMean(relative, p.renderer.contentPaths())}
	}
	return data, file, nil
}

// copy publishes an image as it is, for links that lead to the file itself.
func (p *pictures) copy(name string) (string, error) {
	picture, failure := p.get(name)
	if failure != nil {
		return "", failure
	}
	return picture.Src, nil
}

// Error returns the message.
func (e *pictureError) Error() string { return e.message }

func (p *pictures) count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.entries)
}

func quote(s string) string { return `"` + s + `"` }

// files are the files of all images processed so far, by published path. Two images
// of one content share them.
func (p *pictures) files() map[string][]byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	all := map[string][]byte{}
	for _, entry := range p.entries {
		if !entry.done.Load() {
			continue // its page is being made
		}
		for _, f := range entry.picture.Files {
			all[f.Path] = f.Data
		}
	}
	return all
}

// file is the file of an image processed so far.
func (p *pictures) file(name string) ([]byte, bool) {
	data, ok := p.files()[name]
	return data, ok
}
