package asset

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"path"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/image/webp"
	"golang.org/x/text/unicode/norm"
)

// ImageOptions bounds and shapes what [Process] makes. The zero value stands
// for the defaults named at each field.
type ImageOptions struct {
	Widths    []int // widths of the variants in pixels; 480, 800, 1200, 1600
	Quality   int   // JPEG quality from 1 to 100; 82
	MaxPixels int   // refuse larger images; 50 million pixels
	MaxBytes  int   // refuse larger files; 30 MB
}

// withDefaults returns o with its zero fields filled in, and the widths in order.
func (o ImageOptions) withDefaults() ImageOptions {
	o.Widths = slices.Clone(o.Widths)
	if len(o.Widths) == 0 {
		o.Widths = []int{480, 800, 1200, 1600}
	}
	slices.Sort(o.Widths)
	o.Widths = slices.Compact(o.Widths)
	o.Quality = cmp.Or(o.Quality, 82)
	o.MaxPixels = cmp.Or(o.MaxPixels, 50_000_000)
	o.MaxBytes = cmp.Or(o.MaxBytes, 30_000_000)
	return o
}

// Picture is an image ready to be shown: what an <img> element needs.
type Picture struct {
	// Width and Height are the size in pixels of the file at Src, upright;
	// 0 where it is not known (an SVG without any size).
	Width, Height int
	// Type is the media type of the files, such as "image/jpeg".
	Type string
	// Src is the path below the site's root of the largest file.
	Src string
	// SrcSet are the files by ascending width, Src the last of them; empty
	// where there is one file only.
	SrcSet []Variant
	// Files are the files to publish. The same bytes under the same base name
	// have the same paths, wherever in the site they come from.
	Files []File
}

// Variant is one size of a picture.
type Variant struct {
	Src   string // path below the site's root
	Width int    // in pixels
}

// Process makes the published files of the image in data, whose name is only
// read for the names of the files and for errors. The kind is told by the
// bytes, not by the name:
//
//   - JPEG and PNG: variants at the widths of o below the image's own, and one
//     at its own width or the largest of o; a variant that a larger one
//     undercuts in bytes is left out. Pictures are turned upright as their
//     EXIF says. Metadata goes, but for what colours need.
//   - GIF, WebP, AVIF and animated PNG: the file as it is, but for its metadata
//     (AVIF keeps it).
//   - SVG: the file without comments and metadata, where it holds no script and
//     refers to nothing outside itself; an error otherwise.
//
// An error names the image and what is wrong with it; nothing is decoded that
// is beyond the bounds of o.
func Process(name string, data []byte, o ImageOptions) (Picture, error) {
	o = o.withDefaults()
	p, err := process(name, data, o)
	if err != nil {
		return Picture{}, fmt.Errorf("image %s %w", name, err)
	}
	return p, nil
}

// errTruncated is the end of the sentence "image x.jpg …".
var errTruncated = errors.New("is truncated")

// kind is a kind of image: how it is told, and published.
type kind struct {
	ext, mediaType string
	is             func(data []byte) bool
	// size returns the width and height in pixels without decoding.
	size func(data []byte) (width, height int, err error)
	// strip returns the file without metadata; it fails on a truncated one.
	strip func(data []byte) ([]byte, error)
}

// kinds returns the kinds of image there are. They are few and cheap to make,
// and need no variable.
func kinds() []kind {
	return []kind{
		{".jpg", "image/jpeg", hasPrefix("\xff\xd8\xff"), sizeOf(jpeg.DecodeConfig), stripJPEG},
		{".png", "image/png", hasPrefix(pngSignature), sizeOf(png.DecodeConfig), stripPNG},
		{".gif", "image/gif", hasPrefix("GIF8"), sizeOf(gif.DecodeConfig), stripGIF},
		{".webp", "image/webp", isWebP, sizeOf(webp.DecodeConfig), stripWebP},
		{".avif", "image/avif", isAVIF, sizeOfAVIF, wholeAVIF},
		{".svg", "image/svg+xml", isSVG, sizeOfSVG, publicSVG},
	}
}

func hasPrefix(magic string) func([]byte) bool {
	return func(data []byte) bool { return bytes.HasPrefix(data, []byte(magic)) }
}

func process(name string, data []byte, o ImageOptions) (Picture, error) {
	if len(data) > o.MaxBytes {
		return Picture{}, fmt.Errorf("has %.1f MB, want at most %.1f (save a smaller one)", float64(len(data))/1e6, float64(o.MaxBytes)/1e6)
	}
	if len(data) == 0 {
		return Picture{}, errors.New("is empty")
	}
	all := kinds()
	i := slices.IndexFunc(all, func(k kind) bool { return k.is(data) })
	if i < 0 {
		return Picture{}, errors.New("has an unknown format (want JPEG, PNG, GIF, WebP, AVIF or SVG)")
	}
	k := all[i]
	stripped, err := k.strip(data)
	if err != nil {
		return Picture{}, err
	}
	width, height, err := k.size(data)
	if err != nil {
		return Picture{}, decodeError(err)
	}
	if k.ext != ".svg" && height > o.MaxPixels/width {
		return Picture{}, fmt.Errorf("has %d × %d pixels, want at most %d million in all (save a smaller one)", width, height, o.MaxPixels/1_000_000)
	}
	if k.ext == ".jpg" || k.ext == ".png" && !isAnimatedPNG(data) {
		return resize(name, k, data, stripped, o)
	}
	src := publishedName(name, stripped, "", k.ext)
	return Picture{Width: width, Height: height, Type: k.mediaType, Src: src, Files: []File{{src, stripped}}}, nil
}

// decodeError turns a decoder's error into the end of our sentence.
func decodeError(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return errTruncated
	}
	if errors.Is(err, errTruncated) {
		return err
	}
	return fmt.Errorf("cannot be read: %w", err)
}

// publishedName returns "assets/img/<base>.<digits><suffix><ext>", the base in
// letters that need no escaping anywhere.
func publishedName(name string, data []byte, suffix, ext string) string {
	base, _ := splitExt(name)
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(base)) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '_':
			b.WriteRune(r)
		case unicode.Is(unicode.Mn, r): // the accent of the letter before
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	const longest = 80
	base = b.String()
	base = strings.Trim(base[:min(len(base), longest)], "-")
	return path.Join(folder, "img", cmp.Or(base, "image")+"."+digest(data)+suffix+ext)
}
