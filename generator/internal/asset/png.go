package asset

import (
	"encoding/binary"
	"errors"
)

const pngSignature = "\x89PNG\r\n\x1a\n"

// pngChunk is one chunk of a PNG file (W3C PNG, 5.3).
type pngChunk struct {
	kind string
	raw  []byte // with length, kind and checksum
}

// pngChunks splits a PNG file up to its end chunk.
func pngChunks(data []byte) ([]pngChunk, error) {
	rest := data[len(pngSignature):]
	var chunks []pngChunk
	for {
		if len(rest) < 12 {
			return nil, errTruncated
		}
		length := uint64(binary.BigEndian.Uint32(rest)) + 12
		if length > 12+1<<31-1 {
			return nil, errors.New("is not a valid PNG file")
		}
		if length > uint64(len(rest)) {
			return nil, errTruncated
		}
		c := pngChunk{string(rest[4:8]), rest[:length]}
		chunks = append(chunks, c)
		if c.kind == "IEND" {
			return chunks, nil
		}
		rest = rest[length:]
	}
}

// isPNGColour tells the chunks that say what the colours mean.
func isPNGColour(kind string) bool {
	switch kind {
	case "gAMA", "cHRM", "sRGB", "iCCP", "cICP":
		return true
	}
	return false
}

// stripPNG returns the file without text, time, EXIF and unknown chunks.
func stripPNG(data []byte) ([]byte, error) {
	chunks, err := pngChunks(data)
	if err != nil {
		return nil, err
	}
	out := []byte(pngSignature)
	for _, c := range chunks {
		switch c.kind {
		case "IHDR", "PLTE", "IDAT", "IEND", "tRNS", "bKGD", "sBIT", "acTL", "fcTL", "fdAT":
		default:
			if !isPNGColour(c.kind) {
				continue
			}
		}
		out = append(out, c.raw...)
	}
	return out, nil
}

// withPNGColours puts the colour chunks of the original file into an encoded one.
func withPNGColours(encoded, original []byte) []byte {
	chunks, err := pngChunks(original)
	if err != nil {
		return encoded
	}
	// A grey original may have a profile for grey, and be encoded as RGB.
	const head = len(pngSignature) + 25 // through IHDR
	const colourType = len(pngSignature) + 8 + 9
	if len(encoded) < head || encoded[colourType]&2 != original[colourType]&2 {
		return encoded
	}
	out := append([]byte(nil), encoded[:head]...)
	for _, c := range chunks {
		if isPNGColour(c.kind) {
			out = append(out, c.raw...)
		}
	}
	return append(out, encoded[head:]...)
}

// isAnimatedPNG tells whether the file has more frames than one.
func isAnimatedPNG(data []byte) bool {
	chunks, err := pngChunks(data)
	if err != nil {
		return false
	}
	for _, c := range chunks {
		switch c.kind {
		case "acTL":
			return true
		case "IDAT": // it would have stood before
			return false
		}
	}
	return false
}
