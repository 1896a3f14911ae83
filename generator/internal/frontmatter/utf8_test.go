package frontmatter

import (
	"bytes"
	"testing"
	"unicode/utf8"
)

// validUpTo is firstInvalid, character by character.
func validUpTo(text []byte) int {
	at := 0
	for at < len(text) {
		r, size := utf8.DecodeRune(text[at:])
		if r == utf8.RuneError && size == 1 {
			break
		}
		at += size
	}
	return at
}

// Any two bytes, alone and behind others that may or may not start a character, at
// every place within a word of eight bytes.
func TestFirstInvalid(t *testing.T) {
	for _, before := range []string{"", "a", "é", "\xc3", "\xe2", "\xe2\x82", "\xf0\x9f", "\xf0\x9f\x98", "\xed", "日本"} {
		for pair := range 1 << 16 {
			text := append([]byte(before), byte(pair>>8), byte(pair))
			if got, want := firstInvalid(text), validUpTo(text); got != want {
				t.Fatalf("%q is valid up to %d, want %d", text, got, want)
			}
		}
		for place := range 18 {
			for _, after := range []string{"", "a", "été d’été", "\xff", "\x80"} {
				text := append(bytes.Repeat([]byte("a"), place), before+after...)
				if got, want := firstInvalid(text), validUpTo(text); got != want {
					t.Fatalf("%q is valid up to %d, want %d", text, got, want)
				}
			}
		}
	}
}

func FuzzFirstInvalid(f *testing.F) {
	for _, seed := range []string{"", "été", "L’été\xe2\x80", "abcdefgh\xc3", "日本語\xed\xa0\x80", "\xf4\x90\x80\x80", "\xc0\x80", "\uFFFD"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		got := firstInvalid(text)
		if want := validUpTo(text); got != want || utf8.Valid(text) != (got == len(text)) {
			t.Errorf("%q is valid up to %d, want %d", text, got, want)
		}
	})
}
