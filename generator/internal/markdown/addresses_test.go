package markdown_test

import (
	"slices"
	"testing"

	"vigie/generator/internal/markdown"
)

func TestAddresses(t *testing.T) {
	for source, want := range map[string][]string{
		`<a href="a.pdf">b.pdf</a> <!-- <img src="c.png"> -->`:                                                              {"a.pdf"},
		`<img src=' p.png ' srcset="p.png 1x, q.png 2x" alt="r.png" title="s.png">`:                                         {"p.png", "p.png", "q.png"},
		`<video poster="p.jpg"><source src="v.mp4"><track src="v.vtt"></video><object data="o.pdf">`:                        {"p.jpg", "v.mp4", "v.vtt", "o.pdf"},
		`<p style="background: url('a.png')"><style>@import "b.css"; p { background: url(c.png) } /* url(d.png) */</style>`: {"a.png", "b.css", "c.png"},
		`<svg><image xlink:href="i.png"/></svg>`:                                                                            {"i.png"},
		`rien`:                                                                                                              nil,
	} {
		if got := markdown.Addresses(source); !slices.Equal(got, want) {
			t.Errorf("Addresses(%s) = %q, want %q", source, got, want)
		}
	}
}
