package render

import (
	"io/fs"
	"path"
	"strings"
	"sync"

	"vigie/generator/internal/asset"
	"vigie/generator/internal/content"
	"vigie/generator/internal/diag"
)

// pictures processes the images that pages use, each once.
type pictures struct {
	renderer *renderer
	mu       sync.Mutex
	entries  map[string]*pictureEntry
	turn     chan struct{} // decoded images are large: one at a time
}

type pictureEntry struct {
	once    sync.Once
	picture asset.Picture
	err     *pictureError
}

// pictureError is why an image cannot be shown.
type pictureError struct{ rule, message, suggestion string }

func newPictures(r *renderer) *pictures {
	return &pictures{renderer: r, entries: map[string]*pictureEntry{}, turn: make(chan struct{}, 1)}
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
	entry.once.Do(func() { entry.picture, entry.err = p.process(name) })
	return entry.picture, entry.err
}

func (p *pictures) process(name string) (asset.Picture, *pictureError) {
	data, file, failure := p.read(name)
	if failure != nil {
		return asset.Picture{}, failure
	}
	p.turn <- struct{}{}
	picture, err := asset.Process(file, data, asset.ImageOptions{})
	<-p.turn
	if err != nil {
		return picture, &pictureError{rule: "bad-image", message: err.Error()}
	}
	return picture, nil
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
		for _, f := range entry.picture.Files {
			all[f.Path] = f.Data
		}
	}
	return all
}
