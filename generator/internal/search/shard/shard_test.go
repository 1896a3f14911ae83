package shard_test

import (
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"vigie/generator/internal/search"
	"vigie/generator/internal/search/index"
	"vigie/generator/internal/search/segment"
	"vigie/generator/internal/search/shard"
)

// articles are n short documents, of which no two have the same words.
func articles(n int) []search.Document {
	docs := make([]search.Document, n)
	for i := range docs {
		docs[i] = search.Document{
			ID: fmt.Sprintf("/a/%05d/", i), Lang: "fr", Kind: "article", KindTitle: "Articles",
			Title: fmt.Sprintf("Nuage numéro a%d", i), Summary: "Un nuage de confiance.",
			Body: []search.Section{{Text: strings.Repeat("Le client choisit. ", i%7)}, {Anchor: "suite", Heading: "Suite", Text: fmt.Sprintf("Il paie %d euros.", i*i)}},
			Tags: []string{"nuage"}, Date: time.Date(2020, 1, 1+i/3, 0, 0, 0, 0, time.UTC),
		}
	}
	return docs
}

func project(t *testing.T, docs []search.Document, o shard.Options) []shard.File {
	t.Helper()
	file, err := index.Build(t.Context(), "fr", docs, index.Options{})
	if err != nil {
		t.Fatal(err)
	}
	files, err := shard.Project(file, o)
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// TestFiles asserts names and headers, and that the same index gives the same files.
func TestFiles(t *testing.T) {
	docs := articles(200)
	files := project(t, docs, shard.Options{})
	if files[0].Path != "fr.bin" {
		t.Errorf("first file is %s, want fr.bin", files[0].Path)
	}
	name := regexp.MustCompile(`^fr\.([0-9a-f]{10})/(?:([tplw])(\d+)\.bin|([kx])\.bin|(d)(\d+)\.txt)$`)
	for _, f := range files[1:] {
		m := name.FindStringSubmatch(f.Path)
		if m == nil {
			t.Errorf("name %s", f.Path)
			continue
		}
		folder := m[1]
		if m[5] == "d" {
			head, rest, _ := strings.Cut(string(f.Data), "\n")
			want := fmt.Sprintf("%08x VGS%dd%s %s", crc32.ChecksumIEEE(f.Data[8:]), shard.Version, folder, m[6])
			if head != want || !strings.HasPrefix(rest, "[[") {
				t.Errorf("%s begins with %q, want %q", f.Path, head, want)
			}
			continue
		}
		kind, number := m[2]+m[4], 0
		if m[3] != "" {
			number, _ = strconv.Atoi(m[3])
		}
		want := fmt.Appendf(nil, "VGS%c%s", shard.Version, kind)
		if !bytes.Equal(f.Data[4:9], want) || fmt.Sprintf("%x", f.Data[9:14]) != folder || int(f.Data[14])<<8+int(f.Data[15]) != number {
			t.Errorf("%s begins with %q", f.Path, f.Data[:16])
		}
	}
	again := project(t, docs, shard.Options{})
	for i, f := range files {
		if i >= len(again) || f.Path != again[i].Path || !bytes.Equal(f.Data, again[i].Data) {
			t.Fatalf("%s differs in another run", f.Path)
		}
	}
}

// TestCount asserts that large sites have few files, and small ones very few.
func TestCount(t *testing.T) {
	for _, c := range []struct{ documents, most int }{{0, 1}, {1, 8}, {100, 16}, {1000, 100}, {3000, 300}} {
		if n := len(project(t, articles(c.documents), shard.Options{})); n > c.most {
			t.Errorf("%d documents have %d files, want at most %d", c.documents, n, c.most)
		}
	}
}

// TestRefused asserts that a damaged index is named so.
func TestRefused(t *testing.T) {
	file, err := index.Build(t.Context(), "fr", articles(20), index.Options{})
	if err != nil {
		t.Fatal(err)
	}
	file[len(file)/2]++
	if _, err := shard.Project(file, shard.Options{}); !errors.Is(err, segment.ErrCorrupt) {
		t.Errorf("error is %v, want %v", err, segment.ErrCorrupt)
	}
	if _, err := shard.Project([]byte("no index"), shard.Options{}); !errors.Is(err, segment.ErrForeign) {
		t.Errorf("error is %v, want %v", err, segment.ErrForeign)
	}
}
