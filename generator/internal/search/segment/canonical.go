package segment

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"slices"
)

// pair is the size of a section's type (2 bytes) and address (8) in a field's entry
// of the sections index.
const pair = 10

// Canonical makes a zap segment, as it stands on disk, in place, the same for the same documents: zapx
// 17.2.3 ranges over a Go map when it writes each field's (section type, address)
// pairs (write.go, persistFieldsSection). They are sorted by type, and the CRC-32
// of the footer is computed anew.
func Canonical(data []byte) error {
	f, err := readFooter(data)
	if err != nil {
		return err
	}
	body := data[:len(data)-f.size]
	fields, pos, err := uvarint(body, f.sections)
	if err != nil {
		return err
	}
	for range fields {
		if uint64(len(body)) < pos+8 {
			return fmt.Errorf("%w: sections index ends early", ErrCorrupt)
		}
		if err := sortSections(body, binary.BigEndian.Uint64(body[pos:])); err != nil {
			return err
		}
		pos += 8
	}
	end := len(data) - 4
	binary.BigEndian.PutUint32(data[end:], crc32.ChecksumIEEE(data[:end]))
	return nil
}

// sortSections sorts the pairs of the field whose entry stands at pos: length of
// the name, name, options, number of pairs, pairs.
func sortSections(body []byte, pos uint64) error {
	name, pos, err := uvarint(body, pos)
	if err != nil {
		return err
	}
	_, pos, err = uvarint(body, pos+name)
	if err != nil {
		return err
	}
	n, pos, err := uvarint(body, pos)
	if err != nil {
		return err
	}
	if rest := uint64(len(body)) - pos; n > rest/pair {
		return fmt.Errorf("%w: field has %d sections", ErrCorrupt, n)
	}
	at := body[pos : pos+n*pair]
	pairs := make([][pair]byte, n)
	for i := range pairs {
		copy(pairs[i][:], at[i*pair:])
	}
	slices.SortFunc(pairs, func(a, b [pair]byte) int { return bytes.Compare(a[:], b[:]) })
	for i, p := range pairs {
		copy(at[i*pair:], p[:])
	}
	return nil
}

func uvarint(data []byte, pos uint64) (value, next uint64, err error) {
	if pos <= uint64(len(data)) {
		if v, n := binary.Uvarint(data[pos:]); n > 0 {
			return v, pos + uint64(n), nil
		}
	}
	return 0, 0, fmt.Errorf("%w: no number at byte %d of the segment", ErrCorrupt, pos)
}
