package render

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vigie/generator/internal/asset"
)

// someTrace makes a trace of a number of pages in which everything occurs.
func someTrace(chance *rand.Rand, pages int) *Trace {
	places := func() []int {
		var list []int
		for i := range pages {
			if chance.IntN(3) == 0 {
				list = append(list, i)
			}
		}
		return list
	}
	var sum [32]byte
	sum[3] = byte(chance.IntN(256))
	t := &Trace{Files: []FileTrace{}, Bodies: make([]BodyTrace, pages), Common: places()}
	for i := range t.Bodies {
		t.Bodies[i] = BodyTrace{Links: places(), Citations: []string{"a", "b"}, Files: []string{"/x", "y.pdf"}, Quotations: i, Faulty: i%2 == 0, Gist: Gist{i, "Début « é »", "2026-11-20T00:00:00Z"}, GistText: places()}
		if i%3 > 0 {
			t.Bodies[i].Found, t.Bodies[i].Search = true, sum
			t.Bodies[i].Text, t.Bodies[i].Linked = places(), places()
		}
	}
	t.Images = []ImageTrace{{
		Name: "a.png", Sums: [][32]byte{sum}, Sizes: []int64{1 << 33},
		Picture: asset.Picture{Width: 9, Height: 8, Type: "image/png", Src: "assets/a.png", SrcSet: []asset.Variant{{Src: "assets/a.png", Width: 9}}, Files: []asset.File{{Path: "assets/a.png"}}},
	}}
	t.Search = []FileTrace{{Path: "search/fr.bin", Sum: sum, Size: 9}}
	for _, name := range []string{"a/index.html", "index.html"} {
		t.Files = append(t.Files, FileTrace{Path: name, Sum: sum, Size: 300, Faulty: chance.IntN(2) == 0, Text: places(), Gists: places(), Linked: places(), Images: []int{0}})
	}
	return t
}

// TestTraceEncoding: what is decoded is what was encoded.
func TestTraceEncoding(t *testing.T) {
	for pages := range 40 {
		want := someTrace(rand.New(rand.NewPCG(uint64(pages), 3)), pages)
		got, err := DecodeTrace(string(want.Encode()), pages)
		if err != nil {
			t.Fatalf("%d pages: %v", pages, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%d pages: %s", pages, diff)
		}
	}
	if _, err := DecodeTrace(string(someTrace(rand.New(rand.NewPCG(1, 3)), 5).Encode()), 6); !errors.Is(err, ErrTrace) {
		t.Errorf("a trace of fewer pages: %v", err)
	}
}

// FuzzDecodeTrace: any bytes are refused, or are a trace whose places exist.
func FuzzDecodeTrace(f *testing.F) {
	for pages := range 4 {
		f.Add(string(someTrace(rand.New(rand.NewPCG(uint64(pages), 3)), pages).Encode()), pages)
	}
	f.Add("", 0)
	f.Add("\x01\xff\xff\xff\xff\xff\xff\xff\xff\x7f", 3)
	f.Fuzz(func(t *testing.T, data string, pages int) {
		if pages < 0 || pages > 100 {
			return
		}
		trace, err := DecodeTrace(data, pages)
		if err != nil {
			if !errors.Is(err, ErrTrace) {
				t.Errorf("error is %v", err)
			}
			return
		}
		check := func(limit int, lists ...[]int) {
			for _, list := range lists {
				if slices.ContainsFunc(list, func(n int) bool { return n < 0 || n >= limit }) {
					t.Errorf("places %v, of %d", list, limit)
				}
			}
		}
		check(pages, trace.Common)
		for _, b := range trace.Bodies {
			check(pages, b.Links, b.GistText, b.Text, b.Linked)
		}
		for _, file := range trace.Files {
			check(pages, file.Text, file.Gists, file.Linked)
			check(len(trace.Images), file.Images)
		}
		if again, err := DecodeTrace(string(trace.Encode()), pages); err != nil || !cmp.Equal(again, trace) {
			t.Errorf("encoded again it is another: %v", err)
		}
	})
}
