package shard

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math/bits"
	"slices"
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
		from := len(*w)
		*w = append(*w, make([]byte, (n+7)/8)...)
		bits := (*w)[from:]
		for _, d := range list {
			bits[d/8] |= 1 << (d % 8)
		}
		return
	}
	var few [64]uint32 // most lists fit
	gaps := few[:0]
	next := uint32(0)
	for _, d := range list {
		gaps = append(gaps, d-next)
		next = d + 1
	}
	w.packed(gaps)
}

// packed writes numbers as bits: a Rice code, whose parameter stands before it.
func (w *writer) packed(list []uint32) {
	// A larger parameter saves less than the one before it did, so the first that saves
	// nothing ends the search.
	best, size := 0, riceSize(list, 0)
	for k := 1; k < 1<<riceBits; k++ {
		n := riceSize(list, k)
		if n >= size {
			break
		}
		best, size = k, n
	}
	bits := bitWriter{bytes: slices.Grow(*w, (riceBits+size+7)/8)}
	bits.write(uint64(best), riceBits)
	for _, v := range list {
		ones := v >> best
		for ; ones >= 32; ones -= 32 {
			bits.write(1<<32-1, 32)
		}
		bits.write(1<<ones-1, int(ones)+1) // and a zero
		bits.write(uint64(v)&(1<<best-1), best)
	}
	*w = bits.close()
}

// riceSize returns the bits that numbers take with a parameter.
func riceSize(list []uint32, k int) int {
	n := len(list) * (1 + k)
	for _, v := range list {
		n += int(v >> k)
	}
	return n
}

// riceBits is the size of the parameter of a Rice code.
const riceBits = 5

// bitWriter fills bytes from their low bits.
type bitWriter struct {
	bytes []byte
	next  uint64 // bits that are not in bytes yet, fewer than 8
	used  int    // their number
}

// write appends the low bits of v, at most 33; those above must be 0.
func (w *bitWriter) write(v uint64, bits int) {
	w.next |= v << w.used
	for w.used += bits; w.used >= 8; w.used -= 8 {
		w.bytes = append(w.bytes, byte(w.next))
		w.next >>= 8
	}
}

// close returns the bytes, the last one filled with zeros.
func (w *bitWriter) close() []byte {
	if w.used > 0 {
		w.bytes = append(w.bytes, byte(w.next))
	}
	return w.bytes
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

// magic is what tells the format.
const magic = "VGS" + string(rune(Version))

// header puts its header before the body of a file.
func header(kind byte, of sum, number int, body []byte) []byte {
	file := make([]byte, 4, 16+len(body))
	file = append(append(file, magic...), kind)
	file = append(file, of[:]...)
	file = binary.BigEndian.AppendUint16(file, uint16(number))
	file = append(file, body...)
	binary.BigEndian.PutUint32(file, crc32.ChecksumIEEE(file[4:]))
	return file
}

// textHeader puts its header before the body of a file of documents.
func textHeader(of sum, number int, body []byte) []byte {
	rest := fmt.Appendf(nil, " VGS%dd%x %d\n%s", Version, of, number, body)
	return append(fmt.Appendf(nil, "%08x", crc32.ChecksumIEEE(rest)), rest...)
}
