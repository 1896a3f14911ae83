package publish

import (
	"bytes"
	"crypto/sha256"
	"reflect"
	"testing"
)

// sample is a state with every kind of thing: files that the former tree had
// too, as another file, or not at all; files it alone had; files that nobody vouches
// for; folders of both trees or of one, and unknown ones.
func sample() *State {
	id := func(n int64) identity { return identity{n, n * 1e9, -n, uint64(n)} }
	return &State{
		paths: []string{"a/b/new.html", "a/été.html", "index.html", "no-inode.html", "no-inode2.html", "unsure.html", "unsure2.html"},
		files: map[string]record{
			"index.html":     {id(1), sha256.Sum256([]byte("1"))},
			"a/été.html":     {id(2), sha256.Sum256([]byte("2"))},
			"a/b/new.html":   {id(3), sha256.Sum256([]byte("3"))},
			"no-inode.html":  {identity{size: 7}, [32]byte{}},
			"no-inode2.html": {identity{size: 7}, [32]byte{}},
		},
		folders: folders{"a": {}, "a/b": id(12)},
		former: former{
			folders: folders{"a": id(10), "old": id(11), "unknown": {}},
			files:   map[string]uint64{"index.html": 1, "a/été.html": 20, "old/x.html": 21, "no-inode.html": 22, "unsure.html": 23},
		},
	}
}

func TestState(t *testing.T) {
	for name, want := range map[string]*State{
		"full":  sample(),
		"empty": {paths: []string{}, files: map[string]record{}, folders: folders{}, former: former{folders{}, map[string]uint64{}}},
	} {
		data := want.Encode()
		got, err := ReadState(data)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: read back as %+v, want %+v", name, got, want)
		}
		if again := got.Encode(); !bytes.Equal(again, data) {
			t.Errorf("%s: the bytes changed", name)
		}
	}
}

func TestStateDamaged(t *testing.T) {
	data := sample().Encode()
	for n := range data {
		if _, err := ReadState(data[:n]); err == nil {
			t.Errorf("the first %d bytes of %d were read", n, len(data))
		}
		damaged := bytes.Clone(data)
		damaged[n] ^= 0x20
		if _, err := ReadState(damaged); err == nil {
			t.Errorf("a damaged byte %d was read", n)
		}
	}
	if _, err := ReadState(append(data, 0)); err == nil {
		t.Error("a state with a byte too many was read")
	}
}

// FuzzReadState gives the decoder bodies with a right head and a right sum, and
// the whole reader anything.
func FuzzReadState(f *testing.F) {
	data := sample().Encode()
	f.Add(data)
	f.Add(data[len(stateHead) : len(data)-sha256.Size])
	f.Add([]byte{})
	f.Add([]byte("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"))
	f.Fuzz(func(t *testing.T, data []byte) {
		_, _ = ReadState(data)
		sealed := append([]byte(stateHead), data...)
		sum := sha256.Sum256(sealed)
		s, err := ReadState(append(sealed, sum[:]...))
		if err != nil {
			return
		}
		again, err := ReadState(s.Encode())
		if err != nil || !reflect.DeepEqual(s, again) {
			t.Errorf("read %+v, and from its encoding %+v, %v", s, again, err)
		}
	})
}
