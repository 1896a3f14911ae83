// Package shard projects the index of a language into small files for the browser's
// engine (search/browser), which any static host can serve. FORMAT.md specifies
// them. It reads the index and nothing else, so that both readers answer alike; it
// never analyses a text, ranks or answers a query.
package shard

import (
	"fmt"

	"golang.org/x/sync/errgroup"

	"vigie/generator/internal/search/segment"
)

// Version is the version of the format.
// 1: the first.
// 2: lists of numbers in bits; no files of blocks; the lengths of bodies in a table of
// their own; files of positions cover several files of terms; anchors that follow from
// their headings are left out.
// 3: folders by groups of files; a document that changes leaves the files of most of
// the others their names.
// 4: files of literal words, for phrases.
const Version = 4

// MaxDocuments is the number of documents that a browser is trusted to rank.
const MaxDocuments = 1_000_000

// File is a file to publish: its path below the folder of all search files, with
// slashes, and its bytes.
type File struct {
	Path string
	Data []byte
}

// Options are sizes to choose, of which zeros stand for what suits the number of
// documents, and what is known of the index.
type Options struct {
	BlockSize  int // documents in a file of documents
	TextLength int // characters kept of a document's body
	ShardSize  int // bytes of a file of terms, about
	// Made says that this process made the index file: its sum is not compared.
	Made bool
}

// largeSite is a number of documents above which a query's bytes are scarce.
const largeSite = 5000

// withDefaults chooses the sizes. On a large site, files of documents are most of
// the files, and the texts in them most of what a query costs: hits are scattered,
// each brings the texts of its neighbours.
func (o Options) withDefaults(documents int) Options {
	if o.BlockSize == 0 {
		o.BlockSize = 16
		if documents > largeSite {
			o.BlockSize = 15
		}
	}
	if o.TextLength == 0 {
		switch {
		case documents <= 500:
			o.TextLength = 2000
		case documents <= 2000:
			o.TextLength = 900
		case documents <= largeSite:
			o.TextLength = 500
		default:
			o.TextLength = 60
		}
	}
	if o.ShardSize == 0 {
		o.ShardSize = 8 << 10
	}
	return o
}

// Project returns the browser's files for an index file: the manifest, named after
// the language (fr.bin), then the shards, in folders named after their content
// (fr.0a1b2c3d4e/). The same index gives the same files, and one that differs in few
// documents most of the same files of documents. Errors are those of
// [segment.Open], and that there are more than [MaxDocuments].
func Project(file []byte, o Options) ([]File, error) {
	open := segment.Open
	if o.Made {
		open = segment.Trust
	}
	s, err := open(file)
	if err != nil {
		return nil, err
	}
	n := s.Meta().Documents
	if n > MaxDocuments {
		return nil, fmt.Errorf("index has %d documents, browsers search at most %d", n, MaxDocuments)
	}
	p := &projection{segment: s, options: o.withDefaults(n), meta: s.Meta()}
	if err := segment.Guard(p.run); err != nil {
		return nil, err
	}
	return p.seal(), nil
}

// projection is one run.
type projection struct {
	segment *segment.Segment
	options Options
	meta    segment.Meta

	years, kinds []run
	bodies       []byte   // length code of each document's body
	kindNames    []string // by index in kinds, from 1
	lexicons     []string // first characters of each file
	firsts       []string // first term of each shard
	covered      []int    // shards of terms that each file of positions covers

	shards []shard
}

// run is a value that successive documents have.
type run struct{ value, documents int }

// shard is a file before its header is known.
type shard struct {
	kind   byte
	number int
	body   []byte
}

func (p *projection) run() error {
	p.bodies = make([]byte, p.meta.Documents)
	// The dictionaries are one after another; the documents keep the other cores busy.
	var entries []segment.Entry
	var group errgroup.Group
	group.Go(func() error {
		return segment.Guard(func() (err error) {
			entries, err = p.segment.Entries()
			return err
		})
	})
	group.Go(func() error { return segment.Guard(p.documents) })
	if err := group.Wait(); err != nil {
		return err
	}
	if err := p.terms(entries); err != nil {
		return err
	}
	return p.literals()
}

func (p *projection) add(kind byte, number int, body []byte) {
	p.shards = append(p.shards, shard{kind, number, body})
}
