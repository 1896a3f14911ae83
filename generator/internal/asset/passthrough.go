package asset

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"io"
)

// The kinds that are published as they are: GIF, WebP and AVIF.

// sizeOf makes a kind's size of its decoder's.
func sizeOf(config func(io.Reader) (image.Config, error)) func([]byte) (int, int, error) {
	return func(data []byte) (int, int, error) {
		c, err := config(bytes.NewReader(data))
		if err == nil && (c.Width <= 0 || c.Height <= 0) {
			err = errors.New("it has no pixels")
		}
		return c.Width, c.Height, err
	}
}

// stripGIF walks the blocks of a GIF file (GIF89a, appendix A) to its trailer, and leaves
// out comments and what programs have put in for themselves, but for how often the
// pictures are repeated and what their colours mean.
func stripGIF(data []byte) ([]byte, error) {
	const screen, trailer, extension, picture = 13, 0x3b, 0x21, 0x2c
	const comment, application = 0xfe, 0xff
	if len(data) < screen {
		return nil, errTruncated
	}
	rest := skip(data, screen+colourTable(data[10]))
	out := bytes.Clone(data[:len(data)-len(rest)])
	for {
		if len(rest) == 0 {
			return nil, errTruncated
		}
		block, private := rest, false
		switch rest[0] {
		case trailer:
			return append(out, trailer), nil
		case extension:
			private = len(rest) > 1 && (rest[1] == comment || rest[1] == application && !isShown(rest))
			rest = skip(rest, 2)
		case picture:
			if len(rest) < 10 {
				return nil, errTruncated
			}
			rest = skip(rest, 10+colourTable(rest[9])+1)
		default:
			return nil, errors.New("is not a valid GIF file")
		}
		for len(rest) > 0 && rest[0] != 0 { // sub-blocks
			rest = skip(rest, 1+int(rest[0]))
		}
		rest = skip(rest, 1)
		if !private {
			out = append(out, block[:len(block)-len(rest)]...)
		}
	}
}

// isShown reports whether an application's block changes what is seen.
func isShown(block []byte) bool {
	name := skip(block, 3)
	return bytes.HasPrefix(name, []byte("NETSCAPE2.0")) || bytes.HasPrefix(name, []byte("ANIMEXTS1.0")) || bytes.HasPrefix(name, []byte("ICCRGBG1012"))
}

// colourTable returns the bytes of the table that a packed field announces.
func colourTable(packed byte) int {
	if packed&0x80 == 0 {
		return 0
	}
	return 3 << (packed&7 + 1)
}

func skip(data []byte, n int) []byte { return data[min(n, len(data)):] }

func isWebP(data []byte) bool {
	return len(data) >= 12 && string(data[:4]) == "RIFF" && string(data[8:12]) == "WEBP"
}

// stripWebP returns the file without its EXIF and XMP chunks (RFC 9649).
func stripWebP(data []byte) ([]byte, error) {
	end := uint64(binary.LittleEndian.Uint32(data[4:])) + 8
	if end > uint64(len(data)) {
		return nil, errTruncated
	}
	if end < 12 {
		return nil, errors.New("is not a valid WebP file")
	}
	out := bytes.Clone(data[:12])
	for rest := data[12:end]; len(rest) > 0; {
		if len(rest) < 8 {
			return nil, errTruncated
		}
		length := uint64(binary.LittleEndian.Uint32(rest[4:])) + 8
		length += length & 1 // chunks are padded to even sizes
		if length > uint64(len(rest)) {
			return nil, errTruncated
		}
		switch kind := string(rest[:4]); kind {
		case "EXIF", "XMP ":
		default:
			start := len(out)
			out = append(out, rest[:length]...)
			if kind == "VP8X" && length > 8 {
				const hasXMP, hasEXIF = 0x04, 0x08
				out[start+8] &^= hasXMP | hasEXIF
			}
		}
		rest = rest[length:]
	}
	binary.LittleEndian.PutUint32(out[4:], uint32(len(out)-8))
	return out, nil
}

func isAVIF(data []byte) bool {
	return len(data) >= 12 && string(data[4:8]) == "ftyp" && (string(data[8:12]) == "avif" || string(data[8:12]) == "avis")
}

// wholeAVIF checks that the file's boxes are all there.
func wholeAVIF(data []byte) ([]byte, error) {
	if !eachBox(data, func(string, []byte) {}) {
		return nil, errTruncated
	}
	return data, nil
}

// sizeOfAVIF returns the size of the largest image item (ISO/IEC 23008-12,
// 6.5.3): an item's thumbnail, alpha plane or tile is not larger.
func sizeOfAVIF(data []byte) (width, height int, err error) {
	turned := false
	var properties func(kind string, body []byte)
	properties = func(kind string, body []byte) {
		switch {
		case kind == "meta" && len(body) >= 4:
			eachBox(body[4:], properties) // behind version and flags
		case kind == "iprp", kind == "ipco":
			eachBox(body, properties)
		case kind == "ispe" && len(body) >= 12:
			w, h := int(binary.BigEndian.Uint32(body[4:])), int(binary.BigEndian.Uint32(body[8:]))
			if w > width || w == width && h > height {
				width, height = w, h
			}
		case kind == "irot" && len(body) >= 1:
			turned = body[0]&1 == 1 // quarter turns
		}
	}
	eachBox(data, properties)
	if width <= 0 || height <= 0 {
		return 0, 0, errors.New("it has no pixels")
	}
	if turned {
		width, height = height, width
	}
	return width, height, nil
}

// eachBox calls do for each box of the ISO base media format (ISO/IEC 14496-12,
// 4.2) in data, and tells whether they are all whole.
func eachBox(data []byte, do func(kind string, body []byte)) bool {
	for len(data) > 0 {
		if len(data) < 8 {
			return false
		}
		size, head := uint64(binary.BigEndian.Uint32(data)), uint64(8)
		switch size {
		case 0: // to the end
			size = uint64(len(data))
		case 1:
			if len(data) < 16 {
				return false
			}
			size, head = binary.BigEndian.Uint64(data[8:]), 16
		}
		if size < head || size > uint64(len(data)) {
			return false
		}
		do(string(data[4:8]), data[head:size])
		data = data[size:]
	}
	return true
}
