package shard

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
)

// maxGroups is the number of groups of documents that the manifest has room for.
const maxGroups = 64

// sum is what a group is named after: the first bytes of the SHA-256 of its files.
type sum [5]byte

// group is the shards of one folder.
type group struct {
	sum    sum
	shards []shard
}

// newGroup returns a group of shards, which are in the order of their names.
func newGroup(shards []shard) group {
	h := sha256.New()
	h.Write([]byte(magic))
	for _, s := range shards {
		w := writer{s.kind}
		w.number(s.number)
		w.number(len(s.body))
		h.Write(w)
		h.Write(s.body)
	}
	g := group{shards: shards}
	copy(g.sum[:], h.Sum(nil))
	return g
}

// groups parts the shards: all but those of documents, which an edit changes most of,
// then those of documents, of which it changes one.
func (p *projection) groups() (first group, documents []group) {
	slices.SortFunc(p.shards, func(a, b shard) int {
		return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.number, b.number))
	})
	n := p.blocks() // d is the first kind
	for shards := range slices.Chunk(p.shards[:n], p.groupSize()) {
		documents = append(documents, newGroup(shards))
	}
	return newGroup(p.shards[n:]), documents
}

// groupSize returns the number of files of documents in a group. It is a power of two,
// so that few groups are parted anew where the documents become more.
func (p *projection) groupSize() int {
	size := 1
	for maxGroups*size < p.blocks() {
		size *= 2
	}
	return size
}

// blocks returns the number of files of documents.
func (p *projection) blocks() int {
	return (p.meta.Documents + p.options.BlockSize - 1) / p.options.BlockSize
}

// seal gives all files their headers and names.
func (p *projection) seal() []File {
	p.tables()
	first, documents := p.groups()
	files := []File{{p.meta.Lang + ".bin", header('m', first.sum, 0, p.manifest(documents))}}
	for _, g := range append([]group{first}, documents...) {
		folder := p.meta.Lang + "." + hex.EncodeToString(g.sum[:])
		for _, s := range g.shards {
			var f File
			switch s.kind {
			case 'd':
				f = File{fmt.Sprintf("%s/d%d.txt", folder, s.number), textHeader(g.sum, s.number, s.body)}
			case 'k', 'x':
				f = File{fmt.Sprintf("%s/%c.bin", folder, s.kind), header(s.kind, g.sum, 0, s.body)}
			default:
				f = File{fmt.Sprintf("%s/%c%d.bin", folder, s.kind, s.number), header(s.kind, g.sum, s.number, s.body)}
			}
			files = append(files, f)
		}
	}
	return files
}
