package segment_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"testing"
	"time"

	bleveindex "github.com/blevesearch/bleve_index_api"
	"github.com/blevesearch/zapx/v17"
	"github.com/google/go-cmp/cmp"

	"vigie/generator/internal/search"
	"vigie/generator/internal/search/segment"
)

var record = segment.Record{
	ID: "/fournisseurs/bleu/", Kind: "provider", Title: "Bleu", Names: []string{"Bleu SAS", "«Bleu»"},
	Summary: "Un nuage.", Tags: []string{"secnumcloud"},
	Date: time.Date(2025, 12, 19, 8, 30, 0, 0, time.FixedZone("", 3600)),
	Body: []search.Section{{Text: "Texte œuvre."}, {Anchor: "b", Heading: "B", Text: "Suite."}},
}

// page is a document as zapx takes it, with one term in the title.
type page struct {
	record segment.Record
	term   string
}

type column struct {
	page
	name string
}

func (p page) ID() string                                      { return p.record.ID }
func (p page) Size() int                                       { return 0 }
func (p page) HasComposite() bool                              { return false }
func (p page) VisitComposite(bleveindex.CompositeFieldVisitor) {}
func (p page) NumPlainTextBytes() uint64                       { return 0 }
func (p page) AddIDField()                                     {}
func (p page) StoredFieldsBytes() uint64                       { return 0 }
func (p page) Indexed() bool                                   { return true }
func (p page) VisitFields(visit bleveindex.FieldVisitor) {
	for _, name := range []string{segment.IDField, segment.StoredField, "title"} {
		visit(column{p, name})
	}
}

func (c column) Name() string             { return c.name }
func (c column) ArrayPositions() []uint64 { return nil }
func (c column) EncodedFieldType() byte   { return 't' }
func (c column) Analyze()                 {}
func (c column) AnalyzedLength() int      { return 3 }
func (c column) Value() []byte {
	if c.name == segment.IDField {
		return []byte(c.record.ID)
	}
	return c.record.Encode(nil)
}
func (c column) Options() bleveindex.FieldIndexingOptions {
	if c.name == "title" {
		return bleveindex.IndexField | bleveindex.IncludeTermVectors
	}
	return bleveindex.StoreField
}
func (c column) AnalyzedTokenFrequencies() bleveindex.TokenFrequencies {
	if c.name != "title" {
		return nil
	}
	f := &bleveindex.TokenFreq{Locations: []*bleveindex.TokenLocation{{Position: 2}, {Position: 5}}}
	f.SetFrequency(2)
	return bleveindex.TokenFrequencies{c.term: f}
}

// zapped returns a zap segment of pages with the terms, as it stands on disk.
func zapped(t testing.TB, terms ...string) []byte {
	t.Helper()
	var pages []bleveindex.Document
	for _, term := range terms {
		pages = append(pages, page{record, term})
	}
	made, _, err := new(zap.ZapPlugin).New(pages)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if _, err := made.(*zap.SegmentBase).WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func packed(t testing.TB, terms ...string) []byte {
	t.Helper()
	data := zapped(t, terms...)
	file, _, err := segment.Pack(segment.Meta{Lang: "fr", Documents: len(terms)}, len(data), bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	segment.Seal(file)
	return file
}

func TestReading(t *testing.T) {
	s, err := segment.Open(packed(t, "bleu", "nuage", "bleu"))
	if err != nil {
		t.Fatal(err)
	}
	got, err := s.Record(1)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(record, got); diff != "" {
		t.Errorf("record (-want +got):\n%s", diff)
	}
	var terms []string
	for term, err := range s.Terms("", "", segment.Title) {
		if err != nil {
			t.Fatal(err)
		}
		terms = append(terms, term.Text)
	}
	if diff := cmp.Diff([]string{"bleu", "nuage"}, terms); diff != "" {
		t.Errorf("terms (-want +got):\n%s", diff)
	}
	p, err := s.Postings(segment.Title, "bleu", true)
	if err != nil {
		t.Fatal(err)
	}
	want := []segment.Posting{
		{Doc: 0, Frequency: 2, Length: 3, Positions: []uint32{2, 5}},
		{Doc: 2, Frequency: 2, Length: 3, Positions: []uint32{2, 5}},
	}
	for _, doc := range []uint32{0, 1, 0, 2} { // forth, back and forth
		at, ok, err := p.Advance(doc)
		if i := (doc + 1) / 2; err != nil || !ok || !cmp.Equal(at, want[i]) {
			t.Errorf("advance to %d gives %+v, %v, %v, want %+v", doc, at, ok, err, want[i])
		}
	}
	if _, ok, err := p.Next(); ok || err != nil {
		t.Errorf("postings do not end: %v", err)
	}
	encoded := record.Encode(nil)
	for _, c := range []struct {
		id     string
		record []byte
		want   bool
	}{{record.ID, encoded, true}, {"/b/", encoded, false}, {record.ID, encoded[1:], false}} {
		if got, err := s.Holds(1, c.id, c.record); err != nil || got != c.want {
			t.Errorf("document 1 is %s, of %d bytes: %t, %v, want %t", c.id, len(c.record), got, err, c.want)
		}
	}
	if _, err := s.Record(7); !errors.Is(err, segment.ErrCorrupt) {
		t.Errorf("record of no document: %v", err)
	}
}

// TestRefused damages a file in every way and asserts what is said of it.
func TestRefused(t *testing.T) {
	good := packed(t, "bleu", "nuage")
	change := func(f func(file []byte)) []byte {
		file := bytes.Clone(good)
		f(file)
		return file
	}
	for _, c := range []struct {
		name string
		file []byte
		want error
	}{
		{"empty", nil, segment.ErrTruncated},
		{"magic alone", good[:8], segment.ErrTruncated},
		{"header cut", good[:50], segment.ErrTruncated},
		{"one byte less", good[:len(good)-1], segment.ErrTruncated},
		{"one byte more", append(bytes.Clone(good), 0), segment.ErrCorrupt},
		{"another file", []byte("<!doctype html>\n<title>Not found</title>"), segment.ErrForeign},
		{"zap without header", zapped(t, "bleu"), segment.ErrForeign},
		{"format version", change(func(f []byte) { f[11]++ }), segment.ErrVersion},
		{"zap version", change(func(f []byte) { f[15]-- }), segment.ErrVersion},
		{"mapping", change(func(f []byte) { f[20] ^= 1 }), segment.ErrMapping},
		{"huge metadata", change(func(f []byte) { binary.BigEndian.PutUint32(f[48:], math.MaxUint32) }), segment.ErrCorrupt},
		{"huge segment", change(func(f []byte) { binary.BigEndian.PutUint64(f[52:], math.MaxUint64) }), segment.ErrTruncated},
		{"sum", change(func(f []byte) { f[70] ^= 1 }), segment.ErrCorrupt},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := segment.Open(c.file); !errors.Is(err, c.want) {
				t.Errorf("error is %v, want %v", err, c.want)
			}
		})
	}
	for n := range good {
		if _, err := segment.Open(good[:n]); !errors.Is(err, segment.ErrTruncated) {
			t.Fatalf("%d of %d bytes: error is %v", n, len(good), err)
		}
		flipped := change(func(f []byte) { f[n] ^= 0x10 })
		if _, err := segment.Open(flipped); err == nil {
			t.Fatalf("a flipped bit in byte %d is not noticed", n)
		}
	}
}

// TestPackRefuses gives Pack what is no zap segment: it must not panic.
func TestPackRefuses(t *testing.T) {
	good := zapped(t, "bleu")
	for n := range good {
		if _, _, err := segment.Pack(segment.Meta{}, n, bytes.NewReader(good)); err == nil {
			t.Fatalf("%d of %d bytes are packed", n, len(good))
		}
	}
	if _, _, err := segment.Pack(segment.Meta{}, len(good)+1, bytes.NewReader(good)); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("a segment that is too short: %v", err)
	}
}

// TestCanonical asserts that segments of equal documents, which zapx writes
// differently from run to run, are packed into equal files.
func TestCanonical(t *testing.T) {
	want := packed(t, "bleu", "nuage")
	raw := zapped(t, "bleu", "nuage")
	differed := false
	for range 40 {
		again := zapped(t, "bleu", "nuage")
		differed = differed || !bytes.Equal(raw, again)
		if !bytes.Equal(packed(t, "bleu", "nuage"), want) {
			t.Fatal("files differ")
		}
	}
	if !differed {
		t.Error("zapx writes the same bytes each time: Pack need not sort any more")
	}
}

func TestLength(t *testing.T) {
	for tokens, want := range map[int]int{0: 0, 1: 1, 15: 15, 16: 16, 17: 16, 18: 18, 300: 288, 319: 288, 320: 320, 1 << 20: 1 << 20} {
		if got := segment.Length(tokens); got != want {
			t.Errorf("length of %d tokens is %d, want %d", tokens, got, want)
		}
	}
}

func TestKey(t *testing.T) {
	for _, c := range []struct {
		terms []string
		want  string
	}{
		{nil, ""},
		{[]string{"a"}, "a e40c292c"}, // FNV-1a of "a"
		{[]string{"foobar"}, "foobar bf9cf968"},
		{[]string{"jalon", "j0"}, "jalon f7257ea1"},
	} {
		if got := segment.Key(c.terms); got != c.want {
			t.Errorf("key of %q is %q, want %q", c.terms, got, c.want)
		}
	}
}

// FuzzOpen opens damaged files: whatever they are, an error or a segment that can
// be walked through.
func FuzzOpen(f *testing.F) {
	f.Add(packed(f, "bleu", "nuage"))
	f.Add(packed(f))
	f.Add([]byte("VIGIEIDX"))
	f.Fuzz(func(t *testing.T, file []byte) {
		s, err := segment.Open(file)
		if err != nil {
			return
		}
		_ = segment.Guard(func() error {
			for term, err := range s.Terms("", "") {
				if err != nil {
					return err
				}
				if _, err := s.Postings(segment.Title, term.Text, true); err != nil {
					return err
				}
			}
			_, err := s.Record(0)
			return err
		})
	})
}

// FuzzRecord decodes damaged records.
func FuzzRecord(f *testing.F) {
	f.Add(record.Encode(nil))
	f.Add([]byte{0, 0, 0, 0, 0, 0, 1, 2, 2, 1, 0, 0, 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := segment.Decode(data)
		if err != nil {
			return
		}
		again, err := segment.Decode(r.Encode(nil))
		if err != nil || !cmp.Equal(r, again) {
			t.Errorf("%+v becomes %+v, %v", r, again, err)
		}
	})
}
