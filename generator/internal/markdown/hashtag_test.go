package markdown_test

import (
	"fmt"
	"strings"
	"testing"

	"vigie/generator/internal/markdown"
)

func TestHashtags(t *testing.T) {
	const body = "Avec #tag, #projet/vigie et #é-2024-, #1 du marché, a#b, C#, \\#non.\n" +
		"#début de ligne\n# Titre\n\n> #cité\n\n- #liste\n\n`#code` %%#secret%% <!-- #secret --> #après\n\n```\n#bloc\n```\n\n" +
		"[x](#ancre) https://example.org/#y [[page#z]] #2024 #_x\n"
	var got []string
	for _, h := range markdown.Hashtags([]byte(body)) {
		got = append(got, h.Name)
		if written := body[h.Offset : h.Offset+h.Length]; written != "#"+h.Name {
			t.Errorf("%s is said to stand at %q", h.Name, written)
		}
	}
	if got, want := strings.Join(got, " "), "tag projet/vigie é-2024 début cité liste après _x"; got != want {
		t.Errorf("tags: %s, want %s", got, want)
	}
	if got := markdown.Hashtags([]byte(strings.Repeat("#1 ", 10))); got != nil {
		t.Errorf("tags %s", fmt.Sprint(got))
	}
}
