package asset

import (
	"bytes"
	"encoding/binary"
	"errors"
)

// Markers of JPEG (ITU-T T.81, table B.1).
const (
	jpegRST0 = 0xd0
	jpegRST7 = 0xd7
	jpegSOI  = 0xd8
	jpegEOI  = 0xd9
	jpegSOS  = 0xda
	jpegAPP0 = 0xe0
	jpegAPP1 = 0xe1
	jpegAPP2 = 0xe2
	jpegAPPE = 0xee
	jpegAPPF = 0xef
	jpegCOM  = 0xfe
)

// jpegSegment is one marker segment before the image data.
type jpegSegment struct {
	marker  byte
	raw     []byte // with its marker and length
	payload []byte
}

// jpegSegments splits the head of a JPEG file; rest begins with the scan.
func jpegSegments(data []byte) (segments []jpegSegment, rest []byte, err error) {
	if len(data) < 2 {
		return nil, nil, errTruncated
	}
	rest = data[2:] // SOI
	for {
		if len(rest) < 4 {
			return nil, nil, errTruncated
		}
		if rest[0] != 0xff {
			return nil, nil, errors.New("is not a valid JPEG file")
		}
		if rest[1] == 0xff { // fill byte
			rest = rest[1:]
			continue
		}
		if rest[1] == jpegSOS {
			return segments, rest, nil
		}
		length := 2 + int(binary.BigEndian.Uint16(rest[2:]))
		if length < 4 {
			return nil, nil, errors.New("is not a valid JPEG file")
		}
		if length > len(rest) {
			return nil, nil, errTruncated
		}
		segments = append(segments, jpegSegment{rest[1], rest[:length], rest[4:length]})
		rest = rest[length:]
	}
}

// stripJPEG returns the file without comments and application data (EXIF, XMP,
// thumbnails), but for the colour profile and Adobe's colour transform.
func stripJPEG(data []byte) ([]byte, error) {
	segments, rest, err := jpegSegments(data)
	if err != nil {
		return nil, err
	}
	end := jpegEnd(rest)
	if end < 0 {
		return nil, errTruncated
	}
	out := []byte{0xff, jpegSOI}
	for _, s := range segments {
		switch {
		case isICC(s), s.marker == jpegAPPE && bytes.HasPrefix(s.payload, []byte("Adobe")):
		case s.marker >= jpegAPP0 && s.marker <= jpegAPPF, s.marker == jpegCOM:
			continue
		}
		out = append(out, s.raw...)
	}
	return append(out, rest[:end]...), nil // what cameras put behind the image goes too
}

// jpegEnd returns where the image ends that begins with the given scan, behind
// its end marker; -1 if there is none.
func jpegEnd(scan []byte) int {
	for i := 0; i+1 < len(scan); {
		marker := scan[i+1]
		switch {
		case scan[i] != 0xff, marker == 0xff: // image data, fill byte
			i++
		case marker == 0, marker >= jpegRST0 && marker <= jpegRST7:
			i += 2
		case marker == jpegEOI:
			return i + 2
		case i+3 < len(scan): // tables, the next scan
			i += 2 + int(binary.BigEndian.Uint16(scan[i+2:]))
		default:
			return -1
		}
	}
	return -1
}

// isICC tells the segments of a colour profile (ICC.1, annex B.4).
func isICC(s jpegSegment) bool {
	return s.marker == jpegAPP2 && bytes.HasPrefix(s.payload, []byte("ICC_PROFILE\x00"))
}

// withJPEGProfile puts the colour profile of the original file into an encoded
// one, where it is a profile for RGB, as which we encode.
func withJPEGProfile(encoded, original []byte) []byte {
	segments, _, err := jpegSegments(original)
	if err != nil {
		return encoded
	}
	const head = 14 // "ICC_PROFILE", NUL, part, parts
	var profile []byte
	for _, s := range segments {
		if !isICC(s) {
			continue
		}
		if len(profile) == 0 && (len(s.payload) < head+20 || string(s.payload[head+16:head+20]) != "RGB ") {
			return encoded
		}
		profile = append(profile, s.raw...)
	}
	out := append([]byte{0xff, jpegSOI}, profile...)
	return append(out, encoded[2:]...)
}

// orientationOf returns the EXIF orientation of a JPEG file, from 1 to 8; 1
// where it has none.
func orientationOf(data []byte) int {
	segments, _, err := jpegSegments(data)
	if err != nil {
		return 1
	}
	for _, s := range segments {
		if tiff, ok := bytes.CutPrefix(s.payload, []byte("Exif\x00\x00")); ok && s.marker == jpegAPP1 {
			return tiffOrientation(tiff)
		}
	}
	return 1
}

// tiffOrientation reads tag 0x0112 of the first directory of a TIFF structure
// (TIFF 6.0, section 2).
func tiffOrientation(tiff []byte) int {
	if len(tiff) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.LittleEndian
	if tiff[0] == 'M' {
		order = binary.BigEndian
	}
	at := uint64(order.Uint32(tiff[4:]))
	if at+2 > uint64(len(tiff)) {
		return 1
	}
	entries := tiff[at+2:]
	for range order.Uint16(tiff[at:]) {
		if len(entries) < 12 {
			return 1
		}
		const orientationTag, short = 0x0112, 3
		if order.Uint16(entries) == orientationTag && order.Uint16(entries[2:]) == short {
			if v := int(order.Uint16(entries[8:])); v >= 1 && v <= 8 {
				return v
			}
			return 1
		}
		entries = entries[12:]
	}
	return 1
}
