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
	gaps := make([]uint32, len(list))
	next := uint32(0)
	for i, d := range list {
		gaps[i] = d - next
		next = d + 1
	}
	w.packed(gaps)
}

// packed writes numbers as bits: a Rice code, whose parameter stands before it.
func (w *writer) packed(list []uint32) {
	best, size := 0, -1
	for k := range 1 << riceBits {
		n := 0
		for _, v := range list {
			n += int(v>>k) + 1 + k
		}
		if size < 0 || n < size {
			best, size = k, n
		}
	}
	var bits bitWriter
	bits.write(uint64(best), riceBits)
	for _, v := range list {
		for range v >> best {
			bits.write(1, 1)
		}
		bits.write(0, 1)
		bits.write(uint64(v), best)
	}
	*w = append(*w, bits.bytes...)
}

// riceBits is the size of the parameter of a Rice code.
const riceBits = 5

// bitWriter fills bytes from their low bits.
type bitWriter struct {
	bytes []byte
	used  int // bits of the last byte
}

func (w *bitWriter) write(v uint64, bits int) {
	for i := range bits {
		if w.used%8 == 0 {
			w.bytes = append(w.bytes, 0)
			w.used = 0
		}
		w.bytes[len(w.bytes)-1] |= byte(v>>i&1) << w.used
		w.used++
	}
}

// isDense reports whether a bit for each of n documents is the shorter way to write
// count of them.
func isDense(count, n int) bool { return 4*count > n }

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
