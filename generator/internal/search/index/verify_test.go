package index

import (
	"errors"
	"testing"
	"time"

	"vigie/generator/internal/search"
	"vigie/generator/internal/search/segment"
)

// pages are documents that differ in what a test changes.
func pages() []search.Document {
	return []search.Document{
		{ID: "/a/", Lang: "fr", Title: "Nuage", Kind: "article", Tags: []string{"eucs"}, Date: time.Date(2025, 3, 1, 0, 0, 0, 0, time.UTC),
			Body: []search.Section{{Text: "Le client choisit un fournisseur qualifié."}, {Anchor: "prix", Heading: "Prix", Text: "Il paie."}}},
		{ID: "/b/", Lang: "fr", Title: "Audit", Names: []string{"Contrôle"}, Summary: "Un audit.", Entities: []string{"Bleu"},
			Body: []search.Section{{Text: "Le fournisseur choisit un client."}}},
		{ID: "/c/", Lang: "fr", Title: "Vide"},
	}
}

// made returns the parts of documents and their builder.
func made(t *testing.T, docs []search.Document) ([]part, *builder) {
	t.Helper()
	docs, err := ordered("fr", docs)
	if err != nil {
		t.Fatal(err)
	}
	b := newBuilder("fr", docs, Options{})
	parts, err := b.batches(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return parts, b
}

// TestVerify holds an index against documents that it was not made of.
func TestVerify(t *testing.T) {
	parts, b := made(t, pages())
	_, index, err := b.merge(t.Context(), parts)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.verify(t.Context(), index, parts); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name     string
		postings bool // or the records alone
		edit     func(d []search.Document)
	}{
		{"word", true, func(d []search.Document) { d[0].Body[0].Text = "Le client choisit un prestataire qualifié." }},
		{"order of words", true, func(d []search.Document) { d[0].Body[0].Text = "Le fournisseur choisit un client qualifié." }},
		{"word elsewhere", true, func(d []search.Document) { d[0].Title, d[1].Title = d[1].Title, d[0].Title }},
		{"length", true, func(d []search.Document) { d[0].Summary = "Un"; d[1].Summary = "audit." }},
		{"tag", true, func(d []search.Document) { d[0].Tags[0] = "ens" }},
		{"kind", true, func(d []search.Document) { d[1].Kind, d[0].Kind = d[0].Kind, "" }},
		{"year", true, func(d []search.Document) { d[0].Date = d[0].Date.AddDate(1, 0, 0) }},
		{"key", true, func(d []search.Document) { d[1].Names[0], d[2].Names = "", []string{"Contrôle"} }},
		{"id", false, func(d []search.Document) { d[2].ID = "/d/" }},
		{"anchor", false, func(d []search.Document) { d[0].Body[1].Anchor = "cout" }},
		{"date", false, func(d []search.Document) { d[0].Date = d[0].Date.Add(time.Hour) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			docs := pages()
			c.edit(docs)
			others, other := made(t, docs)
			if err := other.verify(t.Context(), index, others); !errors.Is(err, segment.ErrCorrupt) {
				t.Errorf("other documents are verified: %v", err)
			}
			err := verifyPostings(t.Context(), index, other.docs, other.counts, true, 1)
			if errors.Is(err, segment.ErrCorrupt) != c.postings {
				t.Errorf("other postings: %v, want an error %t", err, c.postings)
			}
		})
	}
}

// TestCut asserts the sizes of batches, and that a document that goes or comes changes the
// batches around it alone.
func TestCut(t *testing.T) {
	docs := make([]search.Document, 20000)
	for i := range docs {
		docs[i].ID = time.Unix(int64(i)*7, 0).Format(time.RFC3339)
	}
	ends := func(list [][]search.Document) map[string]bool {
		set := make(map[string]bool)
		n := 0
		for i, batch := range list {
			if len(batch) > mostBatch || len(batch) < leastBatch && i < len(list)-1 {
				t.Errorf("batch %d has %d documents", i, len(batch))
			}
			set[batch[0].ID+batch[len(batch)-1].ID] = true
			n += len(batch)
		}
		if mean := n / len(list); mean < meanBatch/2 || mean > 2*(meanBatch+leastBatch) {
			t.Errorf("batches have %d documents on average", mean)
		}
		return set
	}
	before := ends(cut(docs))
	for i := 0; i < len(docs); i += 1999 {
		without := append(docs[:i:i], docs[i+1:]...)
		after, changed := ends(cut(without)), 0
		for batch := range after {
			if !before[batch] {
				changed++
			}
		}
		if changed > 4 {
			t.Errorf("without document %d, %d of %d batches are others", i, changed, len(after))
		}
	}
	if len(cut(nil)) != 0 {
		t.Error("no documents have batches")
	}
}
