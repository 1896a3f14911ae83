package index

import (
	"encoding/binary"
	"hash/crc32"
)

// SealPart gives a part, in place, the checksum that it should have.
func SealPart(data []byte) []byte {
	binary.BigEndian.PutUint32(data, crc32.ChecksumIEEE(data[4:]))
	return data
}
