package conformance_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"maps"
	"math/rand/v2"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"vigie/generator/internal/browsertest"
	"vigie/generator/internal/search/conformance"
	"vigie/generator/internal/search/shard"
)

// probing are queries that together need files of every kind.
var probing = []string{
	"eIDAS ", "cliant ", `"client eIDAS"`, "tag:theme-3 régi", "-nuage client", "J0", "kind:article 2016..2020 marché l’usage d’accord ",
}

// damagedSite returns the files of a generated site with files of every kind.
func damagedSite(t testing.TB, documents int) map[string][]byte {
	docs := conformance.Generate(documents)
	for i := range docs {
		docs[i].Body = docs[i].Body[:1]
	}
	return project(t, buildIndex(t, docs), shard.Options{TextLength: 60, BlockSize: 100, ShardSize: 4096})
}

// ask opens the manifest among the files and asks all queries; it returns the first
// error.
func ask(twin *conformance.Twin, files map[string][]byte, queries ...string) error {
	twin.Read = func(path string) ([]byte, bool) {
		data, ok := files[path]
		return data, ok
	}
	if err := twin.Open(files["fr.bin"]); err != nil {
		return err
	}
	for _, q := range queries {
		if _, err := twin.Search(q, 3, 0); err != nil {
			return err
		}
	}
	return nil
}

// TestDamaged changes each kind of file in each way and expects the error's name.
func TestDamaged(t *testing.T) {
	t.Parallel()
	files := damagedSite(t, 1000) // as many as it takes for kinds to get a file
	twin := newTwin(t, files)
	needs := map[string]string{} // a file of each kind and a query that needs it
	where := map[string]string{}
	for _, q := range probing {
		if err := ask(twin, files, q); err != nil {
			t.Fatal(err)
		}
		for _, name := range twin.Requests {
			kind := path.Base(name)[:1]
			if _, ok := needs[kind]; !ok {
				needs[kind], where[kind] = q, name
			}
		}
	}
	kinds := map[string]bool{}
	for name := range files {
		if path.Dir(name) != "." {
			kinds[path.Base(name)[:1]] = true
		}
	}
	got, want := strings.Join(slices.Sorted(maps.Keys(needs)), ""), strings.Join(slices.Sorted(maps.Keys(kinds)), "")
	if got != want || len(want) < 5 {
		t.Fatalf("queries need files of the kinds %s, want all: %s", got, want)
	}
	needs["m"], where["m"] = "client", "fr.bin"
	foreign := project(t, buildIndex(t, conformance.Generate(20)), shard.Options{})

	for kind, name := range where {
		healthy := files[name]
		text := kind == "d"
		flipped := func(at int) []byte {
			data := slices.Clone(healthy)
			data[at] ^= 0x10
			return data
		}
		type change struct {
			name, want string
			data       []byte
		}
		changes := []change{
			{"missing", "unavailable", nil},
			{"empty", "corrupt", []byte{}},
			{"another's", "corrupt", []byte("<!doctype html><title>404</title><p>Cette page n’existe pas.")},
			{"longer", "corrupt", append(slices.Clone(healthy), 0)},
			{"first byte", "corrupt", flipped(0)},
			{"middle", "corrupt", flipped(len(healthy) / 2)},
			{"last byte", "corrupt", flipped(len(healthy) - 1)},
		}
		for _, n := range []int{1, 8, 16, len(healthy) / 2, len(healthy) - 1} {
			changes = append(changes, change{fmt.Sprint("cut at ", n), "corrupt", healthy[:n]})
		}
		version, group := slices.Clone(healthy), slices.Clone(healthy)
		if text {
			version[12]++
			group[14] ^= 1
		} else {
			version[7]++
			group[9] ^= 1
		}
		seal(group, text)
		changes = append(changes, change{"version", "version", version})
		if kind == "m" {
			changes = slices.DeleteFunc(changes, func(c change) bool { return c.name == "missing" })
			changes = append(changes,
				change{"of another index", "unavailable", foreign["fr.bin"]},
				change{"of another group", "unavailable", group})
		} else {
			changes = append(changes, change{"of another group", "corrupt", group})
		}
		for other, data := range files {
			if other != name && path.Base(other)[:1] == kind && path.Dir(other) != "." {
				changes = append(changes, change{"another of its kind", "corrupt", data})
				break
			}
		}
		for other, data := range foreign {
			if path.Base(other) == path.Base(name) && kind != "m" {
				changes = append(changes, change{"of another index", "corrupt", data})
			}
		}
		for _, c := range changes {
			changed := maps.Clone(files)
			changed[name] = c.data
			if c.data == nil {
				delete(changed, name)
			}
			err := ask(twin, changed, needs[kind])
			var failure *conformance.Failure
			if !errors.As(err, &failure) || failure.Kind != c.want {
				t.Errorf("%s, %s: error is %v, want %s", name, c.name, err, c.want)
			}
		}
	}
	if err := ask(twin, files, probing...); err != nil {
		t.Errorf("healthy files after all: %v", err)
	}
}

// seal puts the checksum before what a file has become.
func seal(data []byte, text bool) {
	if text {
		copy(data, fmt.Sprintf("%08x", crc32.ChecksumIEEE(data[8:])))
	} else {
		binary.BigEndian.PutUint32(data, crc32.ChecksumIEEE(data[4:]))
	}
}

// TestDamagedGroups changes what the manifest says of the groups of documents.
func TestDamagedGroups(t *testing.T) {
	t.Parallel()
	const documents, groups = 200, 2
	files := damagedSite(t, documents)
	twin := newTwin(t, files)
	healthy := files["fr.bin"]
	at := sizesAt(t, healthy) // a byte each: of a block, of a group; then the groups
	if healthy[at] != documents/groups || healthy[at+1] != 1 {
		t.Fatalf("blocks of %d documents and groups of %d files, want %d and 1", healthy[at], healthy[at+1], documents/groups)
	}
	sums := at + 2
	for _, c := range []struct {
		name, want string
		change     func(data []byte) []byte
	}{
		{"no documents in a block", "corrupt", func(data []byte) []byte { data[at] = 0; return data }},
		{"no files in a group", "corrupt", func(data []byte) []byte { data[at+1] = 0; return data }},
		{"no size of groups", "corrupt", func(data []byte) []byte { return data[:at+1] }},
		{"no groups", "corrupt", func(data []byte) []byte { return data[:sums] }},
		{"half a group", "corrupt", func(data []byte) []byte { return data[:sums+5*groups-2] }},
		{"more groups than bytes", "corrupt", func(data []byte) []byte { data[at] = 1; return data }},
		{"another group", "unavailable", func(data []byte) []byte {
			for i := range groups {
				data[sums+5*i] ^= 1
			}
			return data
		}},
		{"groups exchanged", "unavailable", func(data []byte) []byte {
			first := slices.Clone(data[sums : sums+5])
			copy(data[sums:], data[sums+5:sums+10])
			copy(data[sums+5:], first)
			return data
		}},
		{"healthy", "", func(data []byte) []byte { return data }},
	} {
		data := c.change(slices.Clone(healthy))
		seal(data, false)
		changed := maps.Clone(files)
		changed["fr.bin"] = data
		err := ask(twin, changed, "client")
		var failure *conformance.Failure
		if c.want == "" && err != nil || c.want != "" && (!errors.As(err, &failure) || failure.Kind != c.want) {
			t.Errorf("%s: error is %v, want %q", c.name, err, c.want)
		}
	}
}

// sizesAt returns where a manifest says how many documents are in a block.
func sizesAt(t testing.TB, manifest []byte) int {
	t.Helper()
	at := 16
	number := func() int {
		v, length := binary.Uvarint(manifest[at:])
		if length <= 0 {
			t.Fatal("the manifest ends early")
		}
		at += length
		return int(v)
	}
	number()           // version of the analysis
	length := number() // of the language
	at += length
	for range 2 + 6 {
		number() // documents, tokens
	}
	return at
}

// scrambled is a site whose files are changed behind their checksums, so that the
// decoders meet bytes that no writer made: they answer or refuse, in time.
type scrambled struct {
	files   map[string][]byte
	names   []string            // of files that a query needs
	queries map[string][]string // by file
	twin    *conformance.Twin
}

func newScrambled(t testing.TB) *scrambled {
	s := &scrambled{files: damagedSite(t, 200), queries: map[string][]string{}}
	s.twin = newTwin(t, s.files)
	for _, q := range probing {
		if err := ask(s.twin, s.files, q); err != nil {
			t.Fatal(err)
		}
		for _, name := range append(s.twin.Requests, "fr.bin") {
			if len(s.queries[name]) < 2 {
				s.queries[name] = append(s.queries[name], q)
			}
		}
	}
	s.names = slices.Sorted(maps.Keys(s.queries))
	return s
}

// try puts patch into a file, cuts bytes off its end, and asks.
func (s *scrambled) try(t *testing.T, file uint16, at uint32, patch []byte, cut uint16) {
	name := s.names[int(file)%len(s.names)]
	data := slices.Clone(s.files[name])
	text := strings.HasSuffix(name, ".txt")
	header := 16
	if text {
		header = 8
	}
	from := header + int(at)%(len(data)-header)
	copy(data[from:], patch)
	data = data[:max(header, len(data)-int(cut))]
	seal(data, text)
	changed := maps.Clone(s.files)
	changed[name] = data
	err := ask(s.twin, changed, s.queries[name]...)
	var failure *conformance.Failure
	if err != nil && (!errors.As(err, &failure) || failure.Kind == "other") {
		t.Errorf("%s, %x at %d, cut by %d: %v", name, patch, from, cut, err)
	}
}

// TestScrambled tries changes drawn by chance.
func TestScrambled(t *testing.T) {
	t.Parallel()
	s := newScrambled(t)
	random := rand.New(rand.NewPCG(3, 5))
	tries := 150
	if os.Getenv("VIGIE_SOAK") != "" {
		tries = 5000
	}
	for range tries {
		patch := make([]byte, random.IntN(6))
		for i := range patch {
			patch[i] = byte(random.Uint32())
		}
		at := random.Uint32()
		if random.IntN(2) == 0 {
			at %= 64 // where the lists begin
		}
		s.try(t, uint16(random.Uint32()), at, patch, uint16(random.IntN(3)*random.IntN(40)))
	}
}

// FuzzDecoder does so in Chromium, at many places for each input: fuzzing instruments
// QuickJS, which then takes a second for what the browser does in a millisecond.
func FuzzDecoder(f *testing.F) {
	site := fstest.MapFS{}
	for name, data := range damagedSite(f, 200) {
		site["search/"+name] = &fstest.MapFile{Data: data}
	}
	tab := conformance.NewTab(f, browsertest.New(f), site, sources)
	needs := tab.Keep(f, "search/fr.bin", probing)
	names := slices.Sorted(maps.Keys(needs))
	at := sizesAt(f, site["search/fr.bin"].Data) - 16
	for _, size := range []byte{0, 1, 3, 127} {
		f.Add(uint16(slices.Index(names, "fr.bin")), uint32(at), []byte{size}, uint16(0))
	}
	for i := range names {
		f.Add(uint16(i), uint32(i%5), []byte{0xff, 0xff, 0xff, 0xff, 0x0f}, uint16(0))
		f.Add(uint16(i), uint32(40+i), []byte{0x00}, uint16(7))
	}
	f.Fuzz(func(t *testing.T, file uint16, at uint32, patch []byte, cut uint16) {
		if len(patch) > 64 {
			return
		}
		name := names[int(file)%len(names)]
		s := conformance.Scrambled{File: name, Queries: needs[name], At: at, Patch: make([]int, len(patch)), Cut: cut, Places: 32}
		for i, b := range patch {
			s.Patch[i] = int(b)
		}
		for _, fault := range tab.Scramble(t, s) {
			t.Error(fault)
		}
	})
}
