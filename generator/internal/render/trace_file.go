package render

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"

	"vigie/generator/internal/asset"
)

// traceVersion is the version of the encoding of traces.
const traceVersion = 1

// ErrTrace is reported for bytes that are no encoded trace.
var ErrTrace = errors.New("not a trace of a rendering")

// Encoded: numbers as in encoding/binary's Uvarint; strings and lists with their length
// before them; ascending numbers as the distance of each to the one before.

// traceWriter appends what a trace is made of.
type traceWriter []byte

func (w *traceWriter) number(n int) { *w = binary.AppendUvarint(*w, uint64(n)) }

func (w *traceWriter) flag(b bool) {
	if b {
		*w = append(*w, 1)
	} else {
		*w = append(*w, 0)
	}
}

func (w *traceWriter) text(s string) {
	w.number(len(s))
	*w = append(*w, s...)
}

func (w *traceWriter) texts(list []string) {
	w.number(len(list))
	for _, s := range list {
		w.text(s)
	}
}

func (w *traceWriter) numbers(list []int) {
	w.number(len(list))
	for _, n := range list {
		w.number(n)
	}
}

func (w *traceWriter) ascending(list []int) {
	w.number(len(list))
	last := 0
	for _, n := range list {
		w.number(n - last)
		last = n
	}
}

// Encode writes the trace down, for [DecodeTrace].
func (t *Trace) Encode() []byte {
	var w traceWriter
	w.number(traceVersion)
	w.number(len(t.Bodies))
	for i := range t.Bodies {
		b := &t.Bodies[i]
		w.numbers(b.Links)
		w.texts(b.Citations)
		w.texts(b.Files)
		w.number(b.Quotations)
		w.flag(b.Faulty)
		w.number(b.Minutes)
		w.text(b.Summary)
		w.text(b.Updated)
		w.ascending(b.GistText)
		w.flag(b.Found)
		if b.Found {
			w = append(w, b.Search[:]...)
			w.ascending(b.Text)
			w.ascending(b.Linked)
		}
	}
	w.number(len(t.Images))
	for _, image := range t.Images {
		w.image(image)
	}
	w.number(len(t.Files))
	for _, f := range t.Files {
		w.file(f)
		w.flag(f.Faulty)
		w.ascending(f.Text)
		w.ascending(f.Gists)
		w.ascending(f.Linked)
		w.ascending(f.Images)
	}
	w.ascending(t.Common)
	w.number(len(t.Search))
	for _, f := range t.Search {
		w.file(f)
	}
	return w
}

// file writes what identifies a file.
func (w *traceWriter) file(f FileTrace) {
	w.text(f.Path)
	*w = append(*w, f.Sum[:]...)
	w.number(int(f.Size))
}

func (w *traceWriter) image(image ImageTrace) {
	p := image.Picture
	w.text(image.Name)
	w.number(p.Width)
	w.number(p.Height)
	w.text(p.Type)
	w.text(p.Src)
	w.number(len(p.SrcSet))
	for _, v := range p.SrcSet {
		w.text(v.Src)
		w.number(v.Width)
	}
	w.number(len(p.Files))
	for i, f := range p.Files {
		w.text(f.Path)
		*w = append(*w, image.Sums[i][:]...)
		w.number(int(image.Sizes[i]))
	}
}

// DecodeTrace reads an encoded trace of a site of some number of pages. It shares its
// strings. Any bytes that [Trace.Encode] did not write are [ErrTrace], or a trace that
// only says something else: who keeps traces also keeps a sum of their bytes.
func DecodeTrace(data string, pages int) (*Trace, error) {
	r := traceReader{rest: data}
	if v := r.number(); v != traceVersion {
		return nil, fmt.Errorf("%w: version %d, want %d", ErrTrace, v, traceVersion)
	}
	t := &Trace{}
	if n := r.count(); n != pages {
		return nil, fmt.Errorf("%w: of %d pages, want %d", ErrTrace, n, pages)
	}
	t.Bodies = make([]BodyTrace, pages)
	for i := range t.Bodies {
		b := &t.Bodies[i]
		b.Links = r.numbers(pages)
		b.Citations = r.texts()
		b.Files = r.texts()
		b.Quotations = r.number()
		b.Faulty = r.flag()
		b.Gist = Gist{r.number(), r.text(), r.text()}
		b.GistText = r.ascending(pages)
		if b.Found = r.flag(); b.Found {
			copy(b.Search[:], r.take(len(b.Search)))
			b.Text, b.Linked = r.ascending(pages), r.ascending(pages)
		}
	}
	for range r.count() {
		t.Images = append(t.Images, r.image())
	}
	t.Files = make([]FileTrace, r.countOf(sha256.Size+7))
	for i := range t.Files {
		f := &t.Files[i]
		*f = r.file()
		f.Faulty = r.flag()
		f.Text, f.Gists, f.Linked, f.Images = r.ascending(pages), r.ascending(pages), r.ascending(pages), r.ascending(len(t.Images))
	}
	t.Common = r.ascending(pages)
	for range r.count() {
		t.Search = append(t.Search, r.file())
	}
	if r.bad || r.rest != "" {
		return nil, ErrTrace
	}
	return t, nil
}

// traceReader takes a trace apart. After the first thing that cannot be, it is bad and
// returns zeros.
type traceReader struct {
	rest string
	bad  bool
}

func (r *traceReader) fail() {
	r.bad, r.rest = true, ""
}

func (r *traceReader) number() int {
	var n uint64
	for i := range len(r.rest) {
		c := r.rest[i]
		if i == binary.MaxVarintLen64-1 { // more than any size that we write
			break
		}
		n |= uint64(c&0x7f) << (7 * i)
		if c < 0x80 {
			r.rest = r.rest[i+1:]
			return int(n)
		}
	}
	r.fail()
	return 0
}

// count is how many things follow, each of a byte at least.
func (r *traceReader) count() int { return r.countOf(1) }

// countOf is how many things of some bytes at least follow. What is not there takes no
// memory.
func (r *traceReader) countOf(size int) int {
	n := r.number()
	if n > len(r.rest)/size {
		r.fail()
		return 0
	}
	return n
}

func (r *traceReader) take(n int) string {
	if n > len(r.rest) {
		r.fail()
		return ""
	}
	s := r.rest[:n]
	r.rest = r.rest[n:]
	return s
}

func (r *traceReader) flag() bool { return r.take(1) == "\x01" }

func (r *traceReader) text() string { return r.take(r.count()) }

func (r *traceReader) texts() []string {
	n := r.count()
	if n == 0 {
		return nil
	}
	list := make([]string, n)
	for i := range list {
		list[i] = r.text()
	}
	return list
}

// numbers are a list of numbers below limit.
func (r *traceReader) numbers(limit int) []int {
	n := r.count()
	if n == 0 {
		return nil
	}
	list := make([]int, n)
	for i := range list {
		if list[i] = r.number(); list[i] >= limit {
			r.fail()
			return nil
		}
	}
	return list
}

func (r *traceReader) ascending(limit int) []int {
	n := r.count()
	if n == 0 {
		return nil
	}
	list := make([]int, n)
	last := 0
	for i := range list {
		distance := r.number()
		if distance >= limit-last {
			r.fail()
			return nil
		}
		last += distance
		list[i] = last
	}
	return list
}

func (r *traceReader) file() (f FileTrace) {
	f.Path = r.text()
	copy(f.Sum[:], r.take(len(f.Sum)))
	f.Size = int64(r.number())
	return f
}

func (r *traceReader) image() ImageTrace {
	var image ImageTrace
	p := &image.Picture
	image.Name = r.text()
	p.Width, p.Height = r.number(), r.number()
	p.Type, p.Src = r.text(), r.text()
	for range r.count() {
		p.SrcSet = append(p.SrcSet, asset.Variant{Src: r.text(), Width: r.number()})
	}
	for range r.count() {
		p.Files = append(p.Files, asset.File{Path: r.text()})
		var sum [sha256.Size]byte
		copy(sum[:], r.take(len(sum)))
		image.Sums, image.Sizes = append(image.Sums, sum), append(image.Sizes, int64(r.number()))
	}
	return image
}
