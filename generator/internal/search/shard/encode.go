package shard

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math/bits"
)

// writer appends the values of FORMAT.md.
type writer []byte

func (w *writer) number(n int) { *w = binary.AppendUvarint(*w, uint64(n)) }

func (w *writer) text(s string) {
	w.number(len(s))
	*w = append(*w, s...)
}

// term writes a term after another.
func (w *writer) term(before, term string) {
	shared := 0
	for shared < min(len(before), len(term)) && before[shared] == term[shared] {
		shared++
	}
	w.number(shared)
	w.text(term[shared:])
}

// docs writes ascending numbers of some of n documents.
func (w *writer) docs(list []uint32, n int) {
	if isDense(len(list), n) {
		bits := make([]byte, (n+7)/8)
		for _, d := range list {
			bits[d/8] |= 1 << (d % 8)
		}
		*w = append(*w, bits...)
		return
	}
	next := 0
	for _, d := range list {
		w.number(int(d) - next)
		next = int(d) + 1
	}
}

// isDense reports whether a bit for each of n documents is the shorter way to write
// count of them.
func isDense(count, n int) bool { return 4*count > n }

// ascending writes numbers that may repeat.
func (w *writer) ascending(list []uint32) {
	last := uint32(0)
	for _, n := range list {
		w.number(int(n - last))
		last = n
	}
}

func (w *writer) runs(list []run) {
	w.number(len(list))
	for _, r := range list {
		w.number(r.value)
		w.number(r.documents)
	}
}

// lengthCode returns the code of a length that segment.Length has rounded.
func lengthCode(length uint32) byte {
	e := max(bits.Len32(length)-4, 0)
	return byte(8*e + int(length>>e))
}

func header(kind byte, generation [5]byte, number int, body []byte) []byte {
	file := make([]byte, 4, 16+len(body))
	file = append(file, 'V', 'G', 'S', Version, kind)
	file = append(file, generation[:]...)
	file = binary.BigEndian.AppendUint16(file, uint16(number))
	file = append(file, body...)
	binary.BigEndian.PutUint32(file, crc32.ChecksumIEEE(file[4:]))
	return file
}

func textHeader(generation [5]byte, number int, body []byte) []byte {
	rest := fmt.Appendf(nil, " VGS%dd%x %d\n%s", Version, generation, number, body)
	return append(fmt.Appendf(nil, "%08x", crc32.ChecksumIEEE(rest)), rest...)
}
