package serve

import (
	"strings"
	"testing"
)

// The memory for compressed files is bounded; what was used last stays.
func TestEncodingsBounded(t *testing.T) {
	e := newEncodings(100)
	made := 0
	get := func(key string, size int) {
		t.Helper()
		want := strings.Repeat(key, size)
		got := e.get(key, func() []byte {
			made++
			return []byte(want)
		})
		if string(got) != want {
			t.Errorf("%s holds %.20q", key, got)
		}
	}
	for _, step := range []struct {
		key  string
		size int
		made int // in all
		kept int
	}{
		{"a", 40, 1, 1},
		{"b", 40, 2, 2},
		{"a", 40, 2, 2},
		{"c", 40, 3, 2}, // b was used least lately
		{"a", 40, 3, 2},
		{"b", 40, 4, 2},
		{"d", 101, 5, 0}, // larger than all the room
		{"a", 100, 6, 1},
	} {
		get(step.key, step.size)
		if made != step.made || len(e.byKey) != step.kept || e.order.Len() != step.kept || e.room < 0 {
			t.Errorf("after %s: %d made, %d kept, room %d, want %d made, %d kept", step.key, made, len(e.byKey), e.room, step.made, step.kept)
		}
	}
}
