package asset

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"slices"

	"golang.org/x/image/draw"
	"golang.org/x/image/math/f64"
)

// resize makes the variants of a JPEG or PNG. The stripped file itself serves
// at its own width where nothing smaller says the same.
func resize(name string, k kind, data, stripped []byte, o ImageOptions) (Picture, error) {
	decode, orientation := png.Decode, 1
	if k.ext == ".jpg" {
		decode, orientation = jpeg.Decode, orientationOf(data)
	}
	img, err := decode(bytes.NewReader(data))
	if err != nil {
		return Picture{}, decodeError(err)
	}
	img = upright(img, orientation)
	size := img.Bounds().Size()
	widest := min(size.X, o.Widths[len(o.Widths)-1])
	widths := []int{widest}
	for _, w := range slices.Backward(o.Widths) {
		if w > 0 && w < widest {
			widths = append(widths, w)
		}
	}
	p := Picture{Type: k.mediaType}
	smallest := 0 // bytes of the last variant kept
	for _, w := range widths {
		h := max(1, (size.Y*w+size.X/2)/size.X)
		variant := img
		if w != size.X {
			variant = scale(img, w, h)
		}
		encoded, err := encode(variant, k, data, o.Quality)
		if err != nil {
			return Picture{}, err
		}
		if w == size.X && orientation == 1 && len(stripped) <= len(encoded) {
			encoded = stripped
		}
		if p.Src != "" && len(encoded) >= smallest {
			continue
		}
		smallest = len(encoded)
		src := publishedName(name, encoded, fmt.Sprintf("-%d", w), k.ext)
		if p.Src == "" {
			p.Src, p.Width, p.Height = src, w, h
		}
		p.SrcSet = append(p.SrcSet, Variant{src, w})
		p.Files = append(p.Files, File{src, encoded})
	}
	slices.Reverse(p.SrcSet)
	slices.Reverse(p.Files)
	if len(p.SrcSet) == 1 {
		p.SrcSet = nil
	}
	return p, nil
}

// scale returns img at w × h pixels.
func scale(img image.Image, w, h int) image.Image {
	to := image.Rect(0, 0, w, h)
	// With an alpha channel, colours are mixed premultiplied (RGBA), so that
	// what is transparent does not bleed in.
	dst := image.NewRGBA(to)
	draw.CatmullRom.Scale(dst, to, img, img.Bounds(), draw.Src, nil)
	return dst
}

// encode writes img in its kind, with the colour profile of the original file.
func encode(img image.Image, k kind, original []byte, quality int) ([]byte, error) {
	var b bytes.Buffer
	if k.ext == ".jpg" {
		err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality})
		return withJPEGProfile(b.Bytes(), original), err
	}
	err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, img)
	return withPNGColours(b.Bytes(), original), err
}

// upright turns img as the EXIF orientation from 1 to 8 asks.
func upright(img image.Image, orientation int) image.Image {
	r := img.Bounds()
	w, h := float64(r.Dx()), float64(r.Dy())
	// Source to destination: x' = a·x + b·y + c, y' = d·x + e·y + f.
	var m f64.Aff3
	switch orientation {
	case 2:
		m = f64.Aff3{-1, 0, w, 0, 1, 0}
	case 3:
		m = f64.Aff3{-1, 0, w, 0, -1, h}
	case 4:
		m = f64.Aff3{1, 0, 0, 0, -1, h}
	case 5:
		m = f64.Aff3{0, 1, 0, 1, 0, 0}
	case 6:
		m = f64.Aff3{0, -1, h, 1, 0, 0}
	case 7:
		m = f64.Aff3{0, -1, h, -1, 0, w}
	case 8:
		m = f64.Aff3{0, 1, 0, -1, 0, w}
	default:
		return img
	}
	to := image.Rect(0, 0, r.Dx(), r.Dy())
	if orientation >= 5 {
		to = image.Rect(0, 0, r.Dy(), r.Dx())
	}
	dst := image.NewRGBA(to)
	// The decoders' images start at 0, 0; the matrix counts on it.
	draw.NearestNeighbor.Transform(dst, m, img, r, draw.Src, nil)
	return dst
}
