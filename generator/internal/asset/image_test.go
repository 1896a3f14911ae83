package asset_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"vigie/generator/internal/asset"
)

// photo returns a picture with detail everywhere, as a photograph has, whose
// top left quarter is red.
func photo(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	noise := rand.New(rand.NewPCG(1, 2))
	for y := range h {
		for x := range w {
			c := color.RGBA{uint8(x * 255 / w), uint8(y * 255 / h), uint8(128 + noise.IntN(100)), 255}
			if x < w/2 && y < h/2 {
				c = color.RGBA{uint8(200 + noise.IntN(50)), 0, 0, 255}
			}
			m.SetRGBA(x, y, c)
		}
	}
	return m
}

func encodeJPEG(t testing.TB, m image.Image, quality int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: quality}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func encodePNG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func encodeGIF(t testing.TB, w, h int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := gif.Encode(&b, photo(w, h), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// withSegment puts an application segment behind a JPEG's first marker.
func withSegment(data []byte, marker byte, payload string) []byte {
	head := []byte{0xff, 0xd8, 0xff, marker, 0, 0}
	binary.BigEndian.PutUint16(head[4:], uint16(len(payload)+2))
	return slices.Concat(head, []byte(payload), data[2:])
}

// exif returns EXIF data with the orientation, in either byte order.
func exif(orientation byte, little bool) string {
	if little {
		return "Exif\x00\x00II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00" + string([]byte{orientation, 0, 0, 0}) + "\x00\x00\x00\x00"
	}
	return "Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01" + string([]byte{0, orientation, 0, 0}) + "\x00\x00\x00\x00"
}

// withChunk puts a chunk behind a PNG's header.
func withChunk(data []byte, kind, payload string) []byte {
	chunk := binary.BigEndian.AppendUint32(nil, uint32(len(payload)))
	chunk = append(chunk, kind+payload...)
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE([]byte(kind+payload)))
	const header = 33
	return slices.Concat(data[:header], chunk, data[header:])
}

func iccProfile(space string) string {
	return "ICC_PROFILE\x00\x01\x01" + strings.Repeat("\x00", 16) + space + strings.Repeat("p", 100)
}

func process(t *testing.T, name string, data []byte, o asset.ImageOptions) asset.Picture {
	t.Helper()
	p, err := asset.Process(name, data, o)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(p.Files, func(f asset.File) bool { return f.Path == p.Src }) {
		t.Errorf("Src %s is not among the files", p.Src)
	}
	return p
}

func decode(t *testing.T, data []byte) image.Image {
	t.Helper()
	m, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestVariants(t *testing.T) {
	small := asset.ImageOptions{Widths: []int{48, 80, 120, 160}}
	for _, test := range []struct {
		name   string
		data   []byte
		widths []int // of the source set
		w, h   int
		o      asset.ImageOptions
	}{
		{"wider than all", encodeJPEG(t, photo(200, 100), 90), []int{48, 80, 120, 160}, 160, 80, small},
		{"between two", encodeJPEG(t, photo(100, 50), 90), []int{48, 80, 100}, 100, 50, small},
		{"as wide as one", encodeJPEG(t, photo(80, 40), 90), []int{48, 80}, 80, 40, small},
		{"narrower than all", encodeJPEG(t, photo(30, 60), 90), nil, 30, 60, small},
		{"one pixel", encodePNG(t, photo(1, 1)), nil, 1, 1, small},
		{"flat", encodeJPEG(t, photo(160, 1), 90), []int{48, 80, 120, 160}, 160, 1, small},
		{"PNG", encodePNG(t, photo(100, 50)), []int{48, 80, 100}, 100, 50, small},
		{"defaults", encodeJPEG(t, photo(1000, 4), 90), []int{480, 800, 1000}, 1000, 4, asset.ImageOptions{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := process(t, "x.jpg", test.data, test.o)
			var widths []int
			for i, v := range p.SrcSet {
				widths = append(widths, v.Width)
				if got := decode(t, p.Files[i].Data).Bounds().Dx(); got != v.Width || p.Files[i].Path != v.Src {
					t.Errorf("%s is %d pixels wide, want %d", p.Files[i].Path, got, v.Width)
				}
			}
			if !slices.Equal(widths, test.widths) || p.Width != test.w || p.Height != test.h {
				t.Errorf("variants %v of %d × %d, want %v of %d × %d", widths, p.Width, p.Height, test.widths, test.w, test.h)
			}
			if n := len(p.SrcSet); n > 0 && p.SrcSet[n-1].Src != p.Src {
				t.Errorf("Src is %s, want the widest, %s", p.Src, p.SrcSet[n-1].Src)
			}
			again := process(t, "x.jpg", test.data, test.o)
			if fmt.Sprint(again) != fmt.Sprint(p) {
				t.Error("the same image has other files the second time")
			}
		})
	}
}

// A smaller picture with more bytes than a larger one helps nobody: flat colours
// with hard edges grow when their edges are smoothed.
func TestVariantsWorthTheirBytes(t *testing.T) {
	m := image.NewPaletted(image.Rect(0, 0, 160, 160), color.Palette{color.White, color.Black})
	for i := range m.Pix {
		m.Pix[i] = uint8(i % 3 / 2)
	}
	p := process(t, "grid.png", encodePNG(t, m), asset.ImageOptions{Widths: []int{50, 110, 160}})
	for i := range p.Files[1:] {
		if len(p.Files[i].Data) >= len(p.Files[i+1].Data) {
			t.Errorf("%s has %d bytes, %s has %d", p.Files[i].Path, len(p.Files[i].Data), p.Files[i+1].Path, len(p.Files[i+1].Data))
		}
	}
	if len(p.Files) == 3 {
		t.Error("no variant was left out; the case tests nothing")
	}
}

// The red corner is at the top left in all eight orientations.
func TestOrientation(t *testing.T) {
	for orientation := range byte(10) {
		for _, little := range []bool{false, true} {
			t.Run(fmt.Sprintf("%d little=%v", orientation, little), func(t *testing.T) {
				// Where the upright picture's top left is in the stored one, and
				// whether it lies on its side (TIFF 6.0, Orientation).
				corner := map[byte]image.Point{2: {1, 0}, 3: {1, 1}, 4: {0, 1}, 6: {0, 1}, 7: {1, 1}, 8: {1, 0}}[orientation]
				stored := image.NewRGBA(image.Rect(0, 0, 64, 32))
				for y := range 32 {
					for x := range 64 {
						c := color.RGBA{0, 0, 255, 255}
						if x/32 == corner.X && y/16 == corner.Y {
							c = color.RGBA{255, 0, 0, 255}
						}
						stored.SetRGBA(x, y, c)
					}
				}
				p := process(t, "x.jpg", withSegment(encodeJPEG(t, stored, 95), 0xe1, exif(orientation, little)), asset.ImageOptions{})
				w, h := 64, 32
				if orientation >= 5 && orientation <= 8 {
					w, h = 32, 64
				}
				if p.Width != w || p.Height != h {
					t.Fatalf("size %d × %d, want %d × %d", p.Width, p.Height, w, h)
				}
				m := decode(t, p.Files[0].Data)
				for _, at := range []image.Point{{w / 4, h / 4}, {3 * w / 4, h / 4}, {w / 4, 3 * h / 4}, {3 * w / 4, 3 * h / 4}} {
					r, _, b, _ := m.At(at.X, at.Y).RGBA()
					if isRed := r > b; isRed != (at == image.Point{w / 4, h / 4}) {
						t.Errorf("red at %v: %v", at, isRed)
					}
				}
			})
		}
	}
}

func TestMetadata(t *testing.T) {
	secret := "GPS 48.85 N"
	jpg := encodeJPEG(t, photo(60, 40), 30) // so small that it is published as it is
	jpg = withSegment(withSegment(jpg, 0xe1, exif(1, true)+secret), 0xfe, secret)
	pic := withChunk(withChunk(encodePNG(t, photo(60, 40)), "tEXt", "Comment\x00"+secret), "eXIf", secret)
	trailing := append(slices.Clone(jpg), secret...)
	for name, data := range map[string][]byte{"a.jpg": jpg, "b.png": pic, "trailing.jpg": trailing, "c.webp": webP(true)} {
		if !bytes.Contains(data, []byte(secret)) {
			t.Fatalf("%s has no metadata to begin with", name)
		}
		for _, f := range process(t, name, data, asset.ImageOptions{Widths: []int{30, 60}}).Files {
			if bytes.Contains(f.Data, []byte(secret)) {
				t.Errorf("%s keeps its metadata", f.Path)
			}
		}
	}
}

func TestColourProfile(t *testing.T) {
	keep, drop := iccProfile("RGB "), iccProfile("GRAY")
	for name, test := range map[string]struct {
		data []byte
		mark string
		want bool
	}{
		"rgb.jpg":  {withSegment(encodeJPEG(t, photo(60, 40), 95), 0xe2, keep), keep, true},
		"kept.jpg": {withSegment(encodeJPEG(t, photo(20, 10), 10), 0xe2, keep), keep, true}, // published as it is
		"grey.jpg": {withSegment(encodeJPEG(t, photo(60, 40), 95), 0xe2, drop), drop, false},
		"rgb.png":  {withChunk(encodePNG(t, photo(60, 40)), "gAMA", "\x00\x00\xb1\x8f"), "gAMA\x00\x00\xb1\x8f", true},
	} {
		for _, f := range process(t, name, test.data, asset.ImageOptions{Widths: []int{30, 50}}).Files {
			if got := bytes.Contains(f.Data, []byte(test.mark)); got != test.want {
				t.Errorf("%s has the colours of its original: %v, want %v", f.Path, got, test.want)
			}
			decode(t, f.Data)
		}
	}
}

// webP returns a 1 × 1 picture with an extended header, with metadata or without.
func webP(metadata bool) []byte {
	chunk := func(kind, payload string) string {
		n := len(payload)
		return kind + string(binary.LittleEndian.AppendUint32(nil, uint32(n))) + payload + strings.Repeat("\x00", n%2)
	}
	flags := "\x00"
	body := chunk("VP8L", "\x2f\x00\x00\x00\x00\x07\x10\x11\x11\x88\x88\xfe\x07\x00")
	if metadata {
		flags = "\x0c"
		body += chunk("EXIF", "GPS 48.85 N") + chunk("XMP ", "GPS 48.85 N")
	}
	body = "WEBP" + chunk("VP8X", flags+strings.Repeat("\x00", 9)) + body
	return []byte("RIFF" + string(binary.LittleEndian.AppendUint32(nil, uint32(len(body)))) + body)
}

// avif returns the boxes of a file with an image of 640 × 480, a thumbnail, and
// a quarter turn if turned.
func avif(turned bool) []byte {
	box := func(kind string, bodies ...string) string {
		body := strings.Join(bodies, "")
		return string(binary.BigEndian.AppendUint32(nil, uint32(8+len(body)))) + kind + body
	}
	full := "\x00\x00\x00\x00"
	ipco := []string{box("ispe", full, "\x00\x00\x02\x80\x00\x00\x01\xe0"), box("ispe", full, "\x00\x00\x00\x40\x00\x00\x00\x30")}
	if turned {
		ipco = append(ipco, box("irot", "\x01"))
	}
	return []byte(box("ftyp", "avif\x00\x00\x00\x00avif") + box("meta", full, box("iprp", box("ipco", ipco...))) + box("mdat", "pixels"))
}

func TestPassedThrough(t *testing.T) {
	animated := withChunk(encodePNG(t, photo(9, 7)), "acTL", "\x00\x00\x00\x01\x00\x00\x00\x00")
	for _, test := range []struct {
		name      string
		data      []byte
		mediaType string
		w, h      int
	}{
		{"Été à Paris (1).gif", encodeGIF(t, 20, 10), "image/gif", 20, 10},
		{"été à  paris_1.webp", webP(false), "image/webp", 1, 1},
		{"x.avif", avif(false), "image/avif", 640, 480},
		{"turned.avif", avif(true), "image/avif", 480, 640},
		{"animated.png", animated, "image/png", 9, 7},
		{"lying.jpg", encodeGIF(t, 2, 3), "image/gif", 2, 3},
	} {
		p := process(t, "content/"+test.name, test.data, asset.ImageOptions{})
		if p.Type != test.mediaType || p.Width != test.w || p.Height != test.h || p.SrcSet != nil || len(p.Files) != 1 {
			t.Errorf("%s: %s of %d × %d in %d files, want %s of %d × %d", test.name, p.Type, p.Width, p.Height, len(p.Files), test.mediaType, test.w, test.h)
		}
		if !bytes.Equal(p.Files[0].Data, test.data) {
			t.Errorf("%s was changed", test.name)
		}
	}
}

func TestPublishedName(t *testing.T) {
	data := encodeGIF(t, 2, 2)
	for name, want := range map[string]string{
		"a/Été à  Paris, (1).gif":         "assets/img/ete-a-paris-1.#.gif",
		"x.jpg":                           "assets/img/x.#.gif",
		"日本.gif":                          "assets/img/image.#.gif",
		".gif":                            "assets/img/image.#.gif",
		strings.Repeat("a", 300) + ".gif": "assets/img/" + strings.Repeat("a", 80) + ".#.gif",
	} {
		_, hash, _ := strings.Cut(asset.Fingerprint("x", data), ".")
		if got := process(t, name, data, asset.ImageOptions{}).Src; got != strings.Replace(want, "#", hash, 1) {
			t.Errorf("%q is published as %s, want %s", name, got, want)
		}
	}
}

func TestProcessRefuses(t *testing.T) {
	jpg, pic, anim := encodeJPEG(t, photo(64, 64), 90), encodePNG(t, photo(64, 64)), encodeGIF(t, 64, 64)
	bomb := bytes.Clone(pic) // says it is huge
	binary.BigEndian.PutUint32(bomb[16:], 60_000)
	binary.BigEndian.PutUint32(bomb[20:], 60_000)
	binary.BigEndian.PutUint32(bomb[29:], crc32.ChecksumIEEE(bomb[12:29]))
	for _, test := range []struct {
		name string
		data []byte
		o    asset.ImageOptions
		want string
	}{
		{"empty", nil, asset.ImageOptions{}, "image x is empty"},
		{"text", []byte("hello"), asset.ImageOptions{}, "image x has an unknown format (want JPEG, PNG, GIF, WebP, AVIF or SVG)"},
		{"HTML", []byte("<!doctype html><p>"), asset.ImageOptions{}, "image x has an unknown format"},
		{"bytes", jpg, asset.ImageOptions{MaxBytes: 1000}, "MB, want at most 0.0 (save a smaller one)"},
		{"pixels", jpg, asset.ImageOptions{MaxPixels: 64*64 - 1}, "image x has 64 × 64 pixels, want at most 0 million in all"},
		{"bomb", bomb, asset.ImageOptions{}, "image x has 60000 × 60000 pixels, want at most 50 million in all"},
		{"truncated JPEG", jpg[:len(jpg)/2], asset.ImageOptions{}, "image x is truncated"},
		{"JPEG without its end", jpg[:len(jpg)-2], asset.ImageOptions{}, "image x is truncated"},
		{"truncated JPEG head", jpg[:40], asset.ImageOptions{}, "image x is truncated"},
		{"truncated PNG", pic[:len(pic)/2], asset.ImageOptions{}, "image x is truncated"},
		{"PNG without its end", pic[:len(pic)-12], asset.ImageOptions{}, "image x is truncated"},
		{"truncated GIF", anim[:len(anim)/2], asset.ImageOptions{}, "image x is truncated"},
		{"GIF without its end", anim[:len(anim)-1], asset.ImageOptions{}, "image x is truncated"},
		{"truncated WebP", webP(true)[:60], asset.ImageOptions{}, "image x is truncated"},
		{"truncated AVIF", avif(false)[:100], asset.ImageOptions{}, "image x is truncated"},
		{"damaged PNG", slices.Concat(pic[:60], []byte("damage"), pic[66:]), asset.ImageOptions{}, "image x cannot be read: "},
	} {
		t.Run(test.name, func(t *testing.T) {
			p, err := asset.Process("x", test.data, test.o)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("Process = %v, %v, want %s", p, err, test.want)
			}
		})
	}
}

func FuzzProcess(f *testing.F) {
	f.Add(encodeJPEG(f, photo(20, 10), 50))
	f.Add(withSegment(withSegment(encodeJPEG(f, photo(20, 10), 50), 0xe1, exif(6, true)), 0xe2, iccProfile("RGB ")))
	f.Add(withChunk(encodePNG(f, photo(20, 10)), "tEXt", "a\x00b"))
	f.Add(encodeGIF(f, 20, 10))
	f.Add(webP(true))
	f.Add(avif(true))
	f.Add([]byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 1"><style>a{fill:url(#b)}</style></svg>`))
	o := asset.ImageOptions{Widths: []int{4, 16}, MaxPixels: 10_000, MaxBytes: 100_000}
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := asset.Process("x", data, o)
		if err != nil {
			return
		}
		if len(p.Files) == 0 || p.Type != "image/svg+xml" && (p.Width <= 0 || p.Height <= 0) {
			t.Fatalf("picture of %d files, %d × %d", len(p.Files), p.Width, p.Height)
		}
		// What is published can be published again.
		for _, file := range p.Files {
			if _, err := asset.Process("x", file.Data, o); err != nil {
				t.Errorf("%s: %v", file.Path, err)
			}
		}
	})
}
