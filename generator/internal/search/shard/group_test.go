package shard_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"vigie/generator/internal/search"
	"vigie/generator/internal/search/shard"
)

// smallBlocks make many files of few documents.
var smallBlocks = shard.Options{BlockSize: 2}

// folders returns the files of each folder but the manifest's, in the order of Project.
func folders(files []shard.File) map[string][]shard.File {
	list := make(map[string][]shard.File)
	for _, f := range files[1:] {
		list[path.Dir(f.Path)] = append(list[path.Dir(f.Path)], f)
	}
	return list
}

// name tells the kind and number of a file.
var name = regexp.MustCompile(`^([tpldw])(\d+)\.(?:bin|txt)$|^([kx])\.bin$`)

// parse returns the kind and number of a file, and its body.
func parse(t *testing.T, f shard.File) (kind string, number int, body []byte) {
	t.Helper()
	m := name.FindStringSubmatch(path.Base(f.Path))
	if m == nil {
		t.Fatalf("name %s", f.Path)
	}
	kind, body = m[1]+m[3], f.Data[16:]
	number, _ = strconv.Atoi(m[2])
	if kind == "d" {
		_, body, _ = bytes.Cut(f.Data, []byte("\n"))
	}
	return kind, number, body
}

// sum returns G of some files, as FORMAT.md says.
func sum(t *testing.T, files []shard.File) []byte {
	t.Helper()
	type part struct {
		kind   string
		number int
		body   []byte
	}
	var parts []part
	for _, f := range files {
		kind, number, body := parse(t, f)
		parts = append(parts, part{kind, number, body})
	}
	slices.SortFunc(parts, func(a, b part) int {
		if a.kind != b.kind {
			return strings.Compare(a.kind, b.kind)
		}
		return a.number - b.number
	})
	content := []byte{'V', 'G', 'S', shard.Version}
	for _, p := range parts {
		content = append(content, p.kind...)
		content = binary.AppendUvarint(content, uint64(p.number))
		content = binary.AppendUvarint(content, uint64(len(p.body)))
		content = append(content, p.body...)
	}
	digest := sha256.Sum256(content)
	return digest[:5]
}

// listed returns what the manifest says of groups: the first, how many files of
// documents the others have, and the others, of which there are n.
func listed(t *testing.T, manifest []byte, n int) (first []byte, size int, documents [][]byte) {
	t.Helper()
	first, rest := manifest[9:14], manifest[16:]
	number := func() int {
		v, length := binary.Uvarint(rest)
		if length <= 0 {
			t.Fatal("the manifest ends early")
		}
		rest = rest[length:]
		return int(v)
	}
	number()               // version of the analysis
	rest = rest[number():] // language
	for range 2 + 6 + 1 {  // documents, tokens, documents in a block
		number()
	}
	size = number()
	if len(rest) < 5*n {
		t.Fatal("the manifest ends early")
	}
	for range n {
		documents = append(documents, rest[:5])
		rest = rest[5:]
	}
	return first, size, documents
}

// TestGroups asserts which files are in a folder together, how the folder is named and
// that the manifest says so, for no document, as many as a file holds, and more files
// than groups.
func TestGroups(t *testing.T) {
	for _, c := range []struct{ documents, size, groups int }{
		{0, 1, 0}, {1, 1, 1}, {2, 1, 1}, {3, 1, 2}, {128, 1, 64}, {129, 2, 33}, {256, 2, 64}, {257, 4, 33},
	} {
		files := project(t, articles(c.documents), smallBlocks)
		first, size, documents := listed(t, files[0].Data, c.groups)
		if size != c.size {
			t.Errorf("%d documents: groups of %d files, want %d", c.documents, size, c.size)
		}
		want := [][]byte{first}
		if c.documents == 0 {
			want = nil
		}
		want = append(want, documents...)
		found := folders(files)
		if len(found) != len(want) {
			t.Errorf("%d documents have %d folders, want %d", c.documents, len(found), len(want))
		}
		for i, g := range want {
			list := found[fmt.Sprintf("fr.%x", g)]
			if !bytes.Equal(sum(t, list), g) {
				t.Errorf("%d documents: group %d is named %x; its %d files make %x", c.documents, i, g, len(list), sum(t, list))
			}
			for _, f := range list {
				kind, number, _ := parse(t, f)
				if in := number/size + 1; kind == "d" && in != i || kind != "d" && i != 0 {
					t.Errorf("%d documents: %s is in group %d", c.documents, f.Path, i)
				}
			}
		}
	}
}

// kept returns the folders of a project whose files another has too, under the same
// names and with the same bytes. No folder may be in both with other files.
func kept(t *testing.T, before, after []shard.File) map[string]bool {
	t.Helper()
	old, list := folders(before), make(map[string]bool)
	for folder, files := range folders(after) {
		if _, ok := old[folder]; !ok {
			continue
		}
		list[folder] = true
		if !slices.EqualFunc(files, old[folder], func(a, b shard.File) bool { return a.Path == b.Path && bytes.Equal(a.Data, b.Data) }) {
			t.Errorf("%s holds other files than before", folder)
		}
	}
	return list
}

// groupOf returns the folder of the file of documents that has a text.
func groupOf(t *testing.T, files []shard.File, text string) string {
	t.Helper()
	for _, f := range files {
		if path.Ext(f.Path) == ".txt" && bytes.Contains(f.Data, []byte(text)) {
			return path.Dir(f.Path)
		}
	}
	t.Fatalf("no file of documents has %q", text)
	return ""
}

// TestEdit asserts which files an edit gives other names: those of the document's group,
// and all of the first group if its words are others.
func TestEdit(t *testing.T) {
	const edited = 100
	before := project(t, articles(257), smallBlocks)
	first := path.Dir(before[1].Path)
	for _, c := range []struct {
		name  string
		edit  func(*search.Document)
		words bool // are others
	}{
		{"summary", func(d *search.Document) { d.Summary = "Une souveraineté." }, true},
		{"body", func(d *search.Document) { d.Body[1].Text += " Puis il part." }, true},
		{"mark", func(d *search.Document) { d.Summary += ".." }, false},
	} {
		docs := articles(257)
		c.edit(&docs[edited])
		after := project(t, docs, smallBlocks)
		stay := kept(t, before, after)
		changed := groupOf(t, before, docs[edited].ID)
		for folder := range folders(before) {
			if other := folder == changed || folder == first && c.words; stay[folder] == other {
				t.Errorf("%s: %s is kept: %t", c.name, folder, !other)
			}
		}
		if bytes.Equal(before[0].Data, after[0].Data) {
			t.Errorf("%s: the manifest is the same", c.name)
		}
	}
}

// TestNewest asserts that a new document changes no group of documents but the last.
func TestNewest(t *testing.T) {
	const size = 4 // files in a group
	// The last file has room; it has none, but its group has; neither has.
	for _, n := range []int{257, 258, 264} {
		docs := articles(n)
		before := project(t, docs, smallBlocks)
		newest := articles(n + 1)[n]
		newest.Date = time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
		after := project(t, append(docs, newest), smallBlocks)
		stay := kept(t, before, after)
		for _, f := range before[1:] {
			if kind, number, _ := parse(t, f); kind == "d" && number%size == 0 {
				full := (number+size)*smallBlocks.BlockSize <= n
				if stay[path.Dir(f.Path)] != full {
					t.Errorf("%d documents and another: the group of d%d is kept: %t", n, number, !full)
				}
			}
		}
		if fresh := groupOf(t, after, newest.ID); stay[fresh] {
			t.Errorf("%d documents and another: it is in an old group", n)
		}
	}
}
