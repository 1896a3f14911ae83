package markdown_test

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"vigie/generator/internal/diag"
	"vigie/generator/internal/markdown"
)

// TestStylesheetContrast computes the contrast of every colour anew (WCAG 2.2,
// success criterion 1.4.3), on backgrounds from the expected to the awkward.
func TestStylesheetContrast(t *testing.T) {
	luminance := func(hex string) float64 {
		n, err := strconv.ParseUint(strings.TrimPrefix(hex, "#"), 16, 32)
		if err != nil {
			t.Fatal(err)
		}
		channel := func(v uint64) float64 {
			c := float64(v&0xff) / 255
			if c <= 0.04045 {
				return c / 12.92
			}
			return math.Pow((c+0.055)/1.055, 2.4)
		}
		return 0.2126*channel(n>>16) + 0.7152*channel(n>>8) + 0.0722*channel(n)
	}
	colors := regexp.MustCompile(`--code-\d:(#[0-9a-f]{6})`)
	for _, backgrounds := range [][2]string{{"#f6f6f4", "#1b1d21"}, {"#ffffff", "#000000"}, {"#dddddd", "#333333"}, {"#b0b0b0", "#5a5a5a"}} {
		sheet, err := markdown.Stylesheet(backgrounds[0], backgrounds[1])
		if err != nil {
			t.Fatal(err)
		}
		light, dark, found := strings.Cut(string(sheet), "@media")
		if !found {
			t.Fatalf("no dark scheme in\n%s", sheet)
		}
		for i, part := range []string{light, dark} {
			found := colors.FindAllStringSubmatch(part, -1)
			if len(found) < 5 {
				t.Fatalf("%d colours in\n%s", len(found), part)
			}
			for _, c := range found {
				a, b := luminance(c[1]), luminance(backgrounds[i])
				if ratio := (max(a, b) + 0.05) / (min(a, b) + 0.05); ratio < 4.5 {
					t.Errorf("%s on %s has a contrast of %.2f", c[1], backgrounds[i], ratio)
				}
			}
		}
		if len(sheet) > 2000 {
			t.Errorf("stylesheet of %d bytes", len(sheet))
		}
	}
	for _, bad := range []string{"red", "#fff", "#gggggg", "f6f6f4"} {
		if _, err := markdown.Stylesheet(bad, ""); err == nil {
			t.Errorf("background %q is accepted", bad)
		}
	}
}

// TestStylesheetClasses checks that every class in highlighted code has a rule.
func TestStylesheetClasses(t *testing.T) {
	sheet, err := markdown.Stylesheet("", "")
	if err != nil {
		t.Fatal(err)
	}
	body := "```go\n// c\nfunc main() { x := `a` + \"b\" + 'c'; return 0x1, true, nil }\n```\n\n```html\n<a href=\"b\">c</a><!-- d -->\n```\n\n```diff\n- a\n+ b\n```\n\n```python\n@a\nclass B:\n  \"doc\"\n```\n"
	c := markdown.New(markdown.Options{})
	d, _ := c.Parse(diag.NewSource("x.md", []byte(body)), 0)
	out, _ := c.Render(d, nil)
	classes := regexp.MustCompile(`<span class="(\w+)">`).FindAllStringSubmatch(string(out), -1)
	if len(classes) < 15 {
		t.Fatalf("%d spans in\n%s", len(classes), out)
	}
	for _, m := range classes {
		if !strings.Contains(string(sheet), ".chroma ."+m[1]+",") && !strings.Contains(string(sheet), ".chroma ."+m[1]+"{") {
			t.Errorf("no rule for class %q", m[1])
		}
	}
}
