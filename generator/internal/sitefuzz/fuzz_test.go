package sitefuzz

import (
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// FuzzSite makes sites of the fuzzer's bytes, builds them, and looks for what must not
// be. As a test it tries those of fixed seeds; VIGIE_SOAK tries many more, and
// "-fuzz FuzzSite" goes on from there.
func FuzzSite(f *testing.F) {
	theme := themeOf(f)
	for seed := range uint64(3) {
		f.Add(randomBytes(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		try(t, theme, Make(data), int(checksum(data)))
	})
}

// TestSites is the short form of [FuzzSite]: sites of fixed seeds. VIGIE_SITES says how
// many. A panic ends the process: VIGIE_SITE_DUMP names a file that then holds the site.
func TestSites(t *testing.T) {
	theme := themeOf(t)
	n := 60
	if os.Getenv("VIGIE_SOAK") != "" {
		n = 20000
	}
	if s := os.Getenv("VIGIE_SITES"); s != "" {
		if _, err := fmt.Sscan(s, &n); err != nil {
			t.Fatal(err)
		}
	}
	start, published, pages := time.Now(), 0, 0
	first := 0 // VIGIE_SITES_FROM says which seed is the first
	if s := os.Getenv("VIGIE_SITES_FROM"); s != "" {
		if _, err := fmt.Sscan(s, &first); err != nil {
			t.Fatal(err)
		}
	}
	for seed := first; seed < first+n; seed++ {
		s := Make(randomBytes(uint64(seed)))
		b := try(t, theme, s, seed)
		if b.Files != nil {
			published++
		}
		pages += strings.Count(strings.Join(s.Paths(), "\n"), ".md")
	}
	if published < n/3 {
		t.Errorf("%d of %d sites are published: the others show little", published, n)
	}
	t.Logf("%d sites of %d pages, %d published, %.1f a second", n, pages, published, float64(n)/time.Since(start).Seconds())
}

func themeOf(t testing.TB) fs.FS {
	t.Helper()
	theme, err := Theme(root)
	if err != nil {
		t.Fatal(err)
	}
	return theme
}

func randomBytes(seed uint64) []byte {
	random := rand.New(rand.NewPCG(seed, 7))
	data := make([]byte, 60+random.IntN(500))
	for i := range data {
		data[i] = byte(random.Uint32())
	}
	return data
}

func checksum(data []byte) (sum uint32) {
	for _, b := range data {
		sum = sum*31 + uint32(b)
	}
	return sum >> 4
}

// try builds a site, and fails the test with its text where something must not be. Some
// sites, by their number, are built a second time and some after an edit.
func try(t *testing.T, theme fs.FS, s Site, number int) Built {
	dir, err := os.MkdirTemp("", "sitefuzz-")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	if at := os.Getenv("VIGIE_SITE_DUMP"); at != "" { // the last is what a panic came from
		if err := os.WriteFile(at, s.Format(""), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	held := s.Write(dir + "/site")
	b := Build(dir+"/site", theme)
	list := Inspect(held, b)
	if number%8 == 3 {
		list = append(list, Again(held, b, dir+"/other", theme)...)
	}
	if number%16 == 5 {
		for _, name := range held.Paths() {
			if strings.HasPrefix(name, "content/") && strings.HasSuffix(name, ".md") {
				list = append(list, Edited(held, name, dir+"/edited", theme)...)
				break
			}
		}
	}
	if list = unknown(list); len(list) > 0 {
		t.Errorf("site %d:\n%s", number, joined(list))
		if os.Getenv("VIGIE_SITE_QUIET") == "" {
			t.Logf("%s", s.Format(fmt.Sprint(b.Diags)))
		}
	}
	return b
}

func joined(list []Finding) string {
	lines := map[string]bool{}
	for _, f := range list {
		lines[f.String()] = true
	}
	return strings.Join(slices.Sorted(maps.Keys(lines)), "\n")
}
