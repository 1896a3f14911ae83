package render

import (
	"slices"
	"sync"

	"vigie/generator/internal/asset"
)

// reads are what something was made from, of what may change while front matter,
// layouts and all else stay: the bodies of pages, and who links to whom. Images are
// noted because they are published with what shows them. The nil reads note nothing.
//
// Whatever reads a body does so through a renderer ([renderer.reading]), and so is
// noted without a word of its own. What is read through the site's own renderer, for
// no file in particular, counts as read by all files.
type reads struct {
	mu     sync.Mutex
	bodies map[int]aspect // by place among all pages
	images map[string]bool
}

// aspect is what of a body was read; aspects can be joined.
type aspect uint8

const (
	readText  aspect = 1 << iota // its Markdown
	readGist                     // what lists say of it
	readLinks                    // which pages it links to, and which link to it
)

func newReads() *reads { return &reads{bodies: map[int]aspect{}, images: map[string]bool{}} }

func (s *reads) add(place int, what aspect) {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.bodies[place] |= what
}

func (s *reads) addImage(name string) {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.images[name] = true
}

// join adds what another has noted.
func (s *reads) join(from *reads) {
	if s == nil || from == nil || s == from {
		return
	}
	from.mu.Lock()
	defer from.mu.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	for place, what := range from.bodies {
		s.bodies[place] |= what
	}
	for name := range from.images {
		s.images[name] = true
	}
}

// of lists the places of the bodies of which an aspect was read.
func (s *reads) of(what aspect) []int {
	if s == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []int
	for place, read := range s.bodies {
		if read&what != 0 {
			list = append(list, place)
		}
	}
	slices.Sort(list)
	return list
}

// reading is the renderer for making one thing, whose reads are its own. Where nothing
// is noted it is the renderer itself.
func (r *renderer) reading() *renderer {
	if r.reads == nil {
		return r
	}
	own := *r
	own.reads = newReads()
	return &own
}

// picture is the published picture of an image; see [pictures.get].
func (r *renderer) picture(name string) (asset.Picture, *pictureError) {
	key, picture, failure := r.pictures.get(name)
	r.reads.addImage(key)
	return picture, failure
}
