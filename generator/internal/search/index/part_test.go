package index_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"vigie/generator/internal/search"
	"vigie/generator/internal/search/index"
)

// shelf keeps parts in memory, and the keys of what was got and put since it was cleared.
type shelf struct {
	mu       sync.Mutex
	parts    map[string][]byte
	got, put []string
}

func newShelf() *shelf { return &shelf{parts: make(map[string][]byte)} }

func (s *shelf) Get(key string) ([]byte, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	data, ok := s.parts[key]
	if ok {
		s.got = append(s.got, key)
	}
	return data, ok
}

func (s *shelf) Put(key string, data []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.parts[key] = data
	s.put = append(s.put, key)
}

// build returns the index of documents with what the shelf keeps.
func (s *shelf) build(t testing.TB, docs []search.Document) []byte {
	t.Helper()
	s.got, s.put = nil, nil
	file, err := index.Build(t.Context(), "fr", docs, index.Options{Parts: s})
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// short returns n documents of a few words.
func short(n int) []search.Document {
	docs := generated(n)
	for i := range docs {
		docs[i].Body = docs[i].Body[1:2]
		docs[i].Body[0].Text = docs[i].Body[0].Text[:40]
	}
	return docs
}

// TestParts edits documents again and again, and asserts that the index is what it is
// without parts, and that few of them are made anew.
func TestParts(t *testing.T) {
	random := rand.New(rand.NewPCG(8, 1))
	docs := short(1500)
	kept := newShelf()
	if !bytes.Equal(kept.build(t, docs), build(t, docs)) {
		t.Fatal("the first index differs")
	}
	if len(kept.put) < 4 || len(kept.got) > 0 {
		t.Fatalf("%d parts are made, %d got", len(kept.put), len(kept.got))
	}
	for run := range 9 {
		edits := run % 3
		for range edits {
			switch i := random.IntN(len(docs)); random.IntN(5) {
			case 0:
				docs[i].Title = sentence(random, 3)
			case 1:
				docs[i].Body[0].Text += sentence(random, 300)
			case 2:
				docs[i].Date = docs[random.IntN(len(docs))].Date
			case 3:
				docs = slices.Delete(docs, i, i+1)
			case 4:
				d := docs[i]
				d.ID += fmt.Sprintf("copie-%d/", run)
				d.Body = slices.Clone(d.Body)
				docs = append(docs, d)
			}
		}
		file := kept.build(t, docs)
		// An edit is in a batch, a new date in two; each may have joined or parted two.
		if made := len(kept.put); made > 4*edits || len(kept.got) == 0 {
			t.Errorf("%d edits make %d parts anew, %d are got", edits, made, len(kept.got))
		}
		if !bytes.Equal(file, build(t, docs)) {
			t.Fatalf("run %d: the index differs from that without parts", run)
		}
	}
	if bytes.Equal(kept.build(t, nil), kept.build(t, docs)) {
		t.Error("no documents have the index of many")
	}
}

// TestDamagedParts damages kept parts, and gives some of them a checksum that is right.
func TestDamagedParts(t *testing.T) {
	docs := short(500)
	kept := newShelf()
	want := kept.build(t, docs)
	whole := make(map[string][]byte)
	var keys []string
	for key, data := range kept.parts {
		whole[key] = data
		keys = append(keys, key)
	}
	slices.Sort(keys)
	if len(keys) < 2 {
		t.Fatalf("%d parts", len(keys))
	}
	random := rand.New(rand.NewPCG(3, 9))
	check := func(name, key string, data []byte) {
		t.Helper()
		kept.parts[key] = data
		if !bytes.Equal(kept.build(t, docs), want) {
			t.Fatalf("%s: the index differs", name)
		}
		if !slices.Contains(kept.put, key) || !bytes.Equal(kept.parts[key], whole[key]) {
			t.Fatalf("%s: the part is not made anew", name)
		}
	}
	first := keys[0]
	check("empty", first, nil)
	check("cut", first, whole[first][:len(whole[first])/2])
	check("another's", first, whole[keys[1]])
	for range 10 {
		data := bytes.Clone(whole[first])
		data[random.IntN(len(data))] ^= 1 << random.IntN(8)
		check("a flipped bit", first, data)
	}
	for range 10 { // counts, which tell that the part is not what was analysed
		data := bytes.Clone(whole[first])
		data[4+random.IntN(8*16)] ^= 1 << random.IntN(8)
		check("other counts", first, index.SealPart(data))
	}
	for i := range 30 { // whatever it is, it must not panic
		data := bytes.Clone(whole[first])
		at := 4 + random.IntN(len(data)-4)
		if i%2 == 0 { // the end has the addresses
			at = len(data) - 1 - random.IntN(400)
		}
		data[at] ^= 1 << random.IntN(8)
		kept.parts[first] = index.SealPart(data)
		kept.build(t, docs)
	}
}

// TestPartKey changes each field of a document in turn: another part is made.
func TestPartKey(t *testing.T) {
	docs := short(1)
	docs[0].Names = []string{"Nom"}
	kept := newShelf()
	kept.build(t, docs)
	change := func(v reflect.Value) {
		switch at := v.Addr().Interface().(type) {
		case *string:
			*at += "x"
		case *[]string:
			*at = append(slices.Clone(*at), "x")
		case *[]search.Section:
			*at = append(slices.Clone(*at), search.Section{Text: "x"})
		case *time.Time:
			*at = at.Add(time.Second)
		default:
			t.Fatalf("a field is a %T", at)
		}
	}
	for i := range reflect.TypeFor[search.Document]().NumField() {
		changed := slices.Clone(docs)
		f := reflect.TypeFor[search.Document]().Field(i)
		if f.Name == "Lang" { // all documents have that of the index
			continue
		}
		change(reflect.ValueOf(&changed[0]).Elem().Field(i))
		if kept.build(t, changed); len(kept.got) > 0 {
			t.Errorf("a document with another %s has the same key", f.Name)
		}
	}
	for i := range reflect.TypeFor[search.Section]().NumField() {
		changed := slices.Clone(docs)
		changed[0].Body = slices.Clone(docs[0].Body)
		change(reflect.ValueOf(&changed[0].Body[0]).Elem().Field(i))
		if kept.build(t, changed); len(kept.got) > 0 {
			t.Errorf("a section with another %s has the same key", reflect.TypeFor[search.Section]().Field(i).Name)
		}
	}
	other := slices.Clone(docs)
	other[0].Lang = "en"
	kept.got = nil
	if _, err := index.Build(t.Context(), "en", other, index.Options{Parts: kept}); err != nil || len(kept.got) > 0 {
		t.Errorf("another language has the same key (%v)", err)
	}
}

// TestKnown gives documents without their texts: only those are asked for whole whose
// part has to be made, and the index is the same.
func TestKnown(t *testing.T) {
	docs := short(900)
	kept := newShelf()
	kept.build(t, docs)
	docs[700].Body = []search.Section{{Text: "Un tout autre texte."}}
	want := build(t, docs)

	known := map[string][sha256.Size]byte{}
	whole := map[string]search.Document{}
	heads := slices.Clone(docs)
	for i, d := range docs {
		if i == 700 {
			continue
		}
		known[d.ID], whole[d.ID] = index.Sum(&d), d
		heads[i] = search.Document{ID: d.ID, Lang: d.Lang, Kind: d.Kind, KindTitle: d.KindTitle, Tags: d.Tags, TagTitles: d.TagTitles, Date: d.Date}
	}
	var asked atomic.Int64
	o := index.Options{Parts: kept, Known: known, Whole: func(id string) (search.Document, error) {
		asked.Add(1)
		return whole[id], nil
	}}
	got, err := index.Build(t.Context(), "fr", heads, o)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("the index differs")
	}
	if n := asked.Load(); n == 0 || n > 500 {
		t.Errorf("%d of %d documents are asked for", n, len(docs))
	}
	o.Parts = nil
	if got, err = index.Build(t.Context(), "fr", heads, o); err != nil || !bytes.Equal(got, want) {
		t.Errorf("without parts the index differs (%v)", err)
	}
	for _, fault := range []func(id string) (search.Document, error){
		func(id string) (search.Document, error) { return docs[700], nil },
		func(id string) (search.Document, error) { return search.Document{}, errors.New("gone") },
	} {
		o.Whole = fault
		if _, err := index.Build(t.Context(), "fr", heads, o); err == nil {
			t.Error("a document that is not what was known of it is indexed")
		}
	}
}
