package engine

import (
	"context"
	"errors"

	bleveindex "github.com/blevesearch/bleve_index_api"

	"vigie/generator/internal/search/segment"
)

// index shows a segment to bleve's searchers. It implements the part of bleve's
// IndexReader that they use for terms, phrases and all documents.
type index struct {
	segment *segment.Segment
	fields  map[string]segment.Field
}

var (
	_ bleveindex.IndexReader = (*index)(nil)

	errUnused = errors.New("not used by the engine's queries")
)

func newIndex(s *segment.Segment) *index {
	x := &index{s, make(map[string]segment.Field)}
	for f := range segment.Fields {
		x.fields[f.String()] = f
	}
	return x
}

func (x *index) TermFieldReader(ctx context.Context, term []byte, field string, _, _, positions bool) (bleveindex.TermFieldReader, error) {
	f := x.fields[field]
	p, err := x.segment.Postings(f, string(term), positions)
	if err != nil {
		return nil, err
	}
	return &termReader{ctx: ctx, field: field, postings: p}, nil
}

func (x *index) DocCount() (uint64, error) { return uint64(x.segment.Meta().Documents), nil }

func (x *index) DocIDReaderAll() (bleveindex.DocIDReader, error) {
	return &allReader{count: uint64(x.segment.Meta().Documents)}, nil
}

func (x *index) Close() error { return nil }

func (x *index) DocIDReaderOnly([]string) (bleveindex.DocIDReader, error) { return nil, errUnused }
func (x *index) FieldDict(string) (bleveindex.FieldDict, error)           { return nil, errUnused }
func (x *index) FieldDictRange(string, []byte, []byte) (bleveindex.FieldDict, error) {
	return nil, errUnused
}
func (x *index) FieldDictPrefix(string, []byte) (bleveindex.FieldDict, error) {
	return nil, errUnused
}
func (x *index) Document(string) (bleveindex.Document, error) { return nil, errUnused }
func (x *index) DocValueReader([]string) (bleveindex.DocValueReader, error) {
	return nil, errUnused
}
func (x *index) Fields() ([]string, error)                             { return nil, errUnused }
func (x *index) GetInternal([]byte) ([]byte, error)                    { return nil, errUnused }
func (x *index) ExternalID(bleveindex.IndexInternalID) (string, error) { return "", errUnused }
func (x *index) InternalID(string) (bleveindex.IndexInternalID, error) { return nil, errUnused }

// checkEvery is how many postings are read between two looks at the context.
const checkEvery = 1024

// termReader reads the postings of a term for bleve.
type termReader struct {
	ctx      context.Context
	field    string
	postings *segment.Postings
	read     int
}

func (r *termReader) Next(into *bleveindex.TermFieldDoc) (*bleveindex.TermFieldDoc, error) {
	p, ok, err := r.postings.Next()
	return r.doc(p, ok, err, into)
}

func (r *termReader) Advance(id bleveindex.IndexInternalID, into *bleveindex.TermFieldDoc) (*bleveindex.TermFieldDoc, error) {
	p, ok, err := r.postings.Advance(uint32(id.Value()))
	return r.doc(p, ok, err, into)
}

func (r *termReader) doc(p segment.Posting, ok bool, err error, into *bleveindex.TermFieldDoc) (*bleveindex.TermFieldDoc, error) {
	if r.read++; r.read%checkEvery == 0 && err == nil {
		err = r.ctx.Err()
	}
	if err != nil || !ok {
		return nil, err
	}
	if into == nil {
		into = new(bleveindex.TermFieldDoc)
	}
	into.ID = bleveindex.NewIndexInternalID(into.ID, uint64(p.Doc))
	into.Freq = uint64(p.Frequency)
	into.Norm = segment.Norm(p.Length)
	into.Vectors = into.Vectors[:0]
	for _, at := range p.Positions {
		into.Vectors = append(into.Vectors, &bleveindex.TermFieldVector{Field: r.field, Pos: uint64(at)})
	}
	return into, nil
}

func (r *termReader) Count() uint64 { return uint64(r.postings.Count()) }
func (r *termReader) Close() error  { return nil }
func (r *termReader) Size() int     { return 0 }

// allReader reads the numbers of all documents.
type allReader struct {
	next, count uint64
}

func (r *allReader) Next() (bleveindex.IndexInternalID, error) {
	if r.next >= r.count {
		return nil, nil
	}
	r.next++
	return bleveindex.NewIndexInternalID(nil, r.next-1), nil
}

func (r *allReader) Advance(id bleveindex.IndexInternalID) (bleveindex.IndexInternalID, error) {
	r.next = id.Value()
	return r.Next()
}

func (r *allReader) Size() int    { return 0 }
func (r *allReader) Close() error { return nil }
