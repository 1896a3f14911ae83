package conformance_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"vigie/generator/internal/search/conformance"
	"vigie/generator/internal/search/shard"
)

// probing are queries that together need files of every kind.
var probing = []string{
	"eIDAS ", "cliant ", `"client eIDAS"`, "tag:theme-3 régi", "-nuage client", "J0", "kind:article 2016..2020 marché l’usage d’accord ",
}

// damagedSite returns the files of a generated site with files of every kind.
func damagedSite(t testing.TB) map[string][]byte {
	docs := conformance.Generate(1000) // as many as it takes for kinds to get a file
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
	files := damagedSite(t)
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
	if got := strings.Join(slices.Sorted(maps.Keys(needs)), ""); got != "dklnpt" {
		t.Fatalf("queries need files of the kinds %s, want all: dklnpt", got)
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
		version := slices.Clone(healthy)
		if text {
			version[12]++
		} else {
			version[7]++
		}
		changes = append(changes, change{"version", "version", version})
		if kind == "m" {
			changes = slices.DeleteFunc(changes, func(c change) bool { return c.name == "missing" })
			changes = append(changes, change{"of another index", "unavailable", foreign["fr.bin"]})
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

// FuzzDecoder changes files behind their checksums, so that the decoders meet bytes
// that no writer made: they answer or refuse, in time.
func FuzzDecoder(f *testing.F) {
	files := damagedSite(f)
	names := slices.Sorted(maps.Keys(files))
	script, err := conformance.Script(sources)
	if err != nil {
		f.Fatal(err)
	}
	seeded := map[string]int{}
	for i, name := range names {
		if kind := path.Base(name)[:1]; seeded[kind] < 2 {
			seeded[kind]++
			f.Add(uint16(i), uint32(i%5), []byte{0xff, 0xff, 0xff, 0xff, 0x0f}, uint16(0))
			f.Add(uint16(i), uint32(40+i%50), []byte{0x00}, uint16(7))
		}
	}
	f.Fuzz(func(t *testing.T, file uint16, at uint32, patch []byte, cut uint16) {
		if len(patch) > 64 {
			return
		}
		name := names[int(file)%len(names)]
		data := slices.Clone(files[name])
		header := 16
		if strings.HasSuffix(name, ".txt") {
			header = 8
		}
		from := header + int(at)%(len(data)-header)
		copy(data[from:], patch)
		data = data[:max(header, len(data)-int(cut))]
		if header == 8 {
			copy(data, fmt.Sprintf("%08x", crc32.ChecksumIEEE(data[8:])))
		} else {
			binary.BigEndian.PutUint32(data, crc32.ChecksumIEEE(data[4:]))
		}
		changed := maps.Clone(files)
		changed[name] = data
		twin, err := conformance.NewTwin(script, 20*time.Second)
		if err != nil {
			t.Fatal(err)
		}
		defer twin.Close()
		err = ask(twin, changed, probing...)
		var failure *conformance.Failure
		if err != nil && (!errors.As(err, &failure) || failure.Kind == "other") {
			t.Errorf("%s, %d bytes at %d, cut by %d: %v", name, len(patch), from, cut, err)
		}
	})
}
