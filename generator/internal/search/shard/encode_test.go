package shard

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// TestPacked compares Rice codes with ones written bit by bit, with every parameter tried.
func TestPacked(t *testing.T) {
	random := rand.New(rand.NewPCG(4, 2))
	for range 2000 {
		list := make([]uint32, random.IntN(40))
		most := random.IntN(18)
		for i := range list {
			list[i] = uint32(random.IntN(1 << random.IntN(most+1)))
		}
		if random.IntN(50) == 0 {
			list = append(list, 1<<20) // many ones, if the others are small
		}
		best, size := 0, -1
		for k := range 1 << riceBits {
			if n := riceSize(list, k); size < 0 || n < size {
				best, size = k, n
			}
		}
		var want []byte
		used := 0
		bit := func(b uint32) {
			if used%8 == 0 {
				want = append(want, 0)
			}
			want[used/8] |= byte(b) << (used % 8)
			used++
		}
		number := func(v uint32, bits int) {
			for i := range bits {
				bit(v >> i & 1)
			}
		}
		number(uint32(best), riceBits)
		for _, v := range list {
			for range v >> best {
				bit(1)
			}
			bit(0)
			number(v, best)
		}
		got := writer("before")
		got.packed(list)
		if !bytes.Equal(got, append([]byte("before"), want...)) {
			t.Fatalf("%v is %x, want %x", list, got[6:], want)
		}
	}
}

func TestHalves(t *testing.T) {
	for _, c := range []struct{ list, want string }{
		{"", ""}, {"\x07", "\x07"}, {"\x01\x02", "\x21"}, {"\x0f\x0e\x0d\x0c\x0b", "\xef\xcd\x0b"},
	} {
		if got := halves(writer(c.list)); string(got) != c.want {
			t.Errorf("halves of %x are %x, want %x", c.list, got, c.want)
		}
	}
}

// TestExcerpt compares excerpts with those of the whole text with single spaces.
func TestExcerpt(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 5))
	alphabet := []rune("aé€𝄞  \t\n\u00a0z")
	for range 3000 {
		var b strings.Builder
		for range random.IntN(60) {
			b.WriteRune(alphabet[random.IntN(len(alphabet))])
		}
		text, n := b.String(), random.IntN(50)
		whole := []rune(strings.Join(strings.Fields(text), " "))
		want := string(whole)
		if len(whole) > n {
			want = string(whole[:n])
			if i := strings.LastIndexByte(string(whole[:n+1]), ' '); i > 0 {
				want = want[:i]
			}
		}
		if got := excerpt(text, n); got != want || !utf8.ValidString(got) {
			t.Fatalf("%d characters of %q are %q, want %q", n, text, got, want)
		}
	}
}

// TestAnchor compares anchors with those made of the whole heading, decomposed.
func TestAnchor(t *testing.T) {
	want := func(heading string) string {
		var b strings.Builder
		gap := false
		folded := strings.NewReplacer("œ", "oe", "æ", "ae", "ß", "ss", "ø", "o", "ł", "l", "đ", "d").
			Replace(strings.ToLower(norm.NFKD.String(heading)))
		for _, r := range folded {
			switch {
			case unicode.IsMark(r):
			case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
				if gap && b.Len() > 0 {
					b.WriteByte('-')
				}
				gap = false
				b.WriteRune(r)
			default:
				gap = true
			}
		}
		return b.String()
	}
	for _, heading := range []string{"", " ", "Écart n° 2 : l’œuvre", "e\u0301te\u0301", "ŒUVRE ǅ Straße", "a\xffb", "각 a", "½ ﬁn", "§ À Ⅳ"} {
		if got := anchorOf(heading); got != want(heading) {
			t.Errorf("anchor of %q is %q, want %q", heading, got, want(heading))
		}
	}
	for r := range rune(0x30000) {
		heading := "a" + string(r) + "b" + string(r) + string(r)
		if got := anchorOf(heading); got != want(heading) {
			t.Fatalf("anchor of %q is %q, want %q", heading, got, want(heading))
		}
	}
}
