package markdown

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/alecthomas/chroma/v2"
)

// role is what a token means to a reader; tokens of a role look the same.
type role int

const (
	keywordRole role = iota
	stringRole
	numberRole
	commentRole
	nameRole
	attributeRole
	deletedRole
	insertedRole
	roleCount
)

// palette gives each role its colour on a light and on a dark background.
var palette = [roleCount]struct{ light, dark string }{
	keywordRole:   {"#8a1f5c", "#e893bd"},
	stringRole:    {"#1b6237", "#8fce9d"},
	numberRole:    {"#84490b", "#e3b778"},
	commentRole:   {"#5d6570", "#9ba4af"},
	nameRole:      {"#1c5792", "#8bbcf0"},
	attributeRole: {"#654a9b", "#bfaaec"},
	deletedRole:   {"#a02822", "#f29a93"},
	insertedRole:  {"#1b6237", "#8fce9d"},
}

// tokenRoles are the token types that have a look of their own; the others take
// their category's, or stay plain.
var tokenRoles = map[chroma.TokenType]role{
	chroma.Keyword:         keywordRole,
	chroma.OperatorWord:    keywordRole,
	chroma.LiteralString:   stringRole,
	chroma.LiteralNumber:   numberRole,
	chroma.LiteralDate:     numberRole,
	chroma.KeywordConstant: numberRole,
	chroma.NameConstant:    numberRole,
	chroma.Comment:         commentRole,
	chroma.GenericOutput:   commentRole,
	chroma.NameFunction:    nameRole,
	chroma.NameClass:       nameRole,
	chroma.NameTag:         nameRole,
	chroma.NameNamespace:   nameRole,
	chroma.GenericHeading:  nameRole,
	chroma.GenericPrompt:   nameRole,
	chroma.NameAttribute:   attributeRole,
	chroma.NameBuiltin:     attributeRole,
	chroma.NameDecorator:   attributeRole,
	chroma.NameVariable:    attributeRole,
	chroma.CommentPreproc:  attributeRole,
	chroma.GenericDeleted:  deletedRole,
	chroma.GenericError:    deletedRole,
	chroma.GenericInserted: insertedRole,
}

// minContrast is what WCAG 2.2 asks of text at level AA (success criterion 1.4.3).
const minContrast = 4.5

// Stylesheet returns the CSS of highlighted code: one sheet for the light and the
// dark scheme (prefers-color-scheme), whose colours have a contrast of at least
// 4.5:1 against light and dark, the page's two code backgrounds as "#rrggbb"
// ("" for #f6f6f4 and #1b1d21). The background itself is left to the page. It is
// an error if a background is not such a colour.
func Stylesheet(light, dark string) ([]byte, error) {
	lightBackground, err := parseColor(firstOf(light, "#f6f6f4"))
	if err != nil {
		return nil, fmt.Errorf("light background: %w", err)
	}
	darkBackground, err := parseColor(firstOf(dark, "#1b1d21"))
	if err != nil {
		return nil, fmt.Errorf("dark background: %w", err)
	}
	var lights, darks, rules strings.Builder
	for r, colors := range palette {
		for _, scheme := range []struct {
			b          *strings.Builder
			color      string
			background color
		}{{&lights, colors.light, lightBackground}, {&darks, colors.dark, darkBackground}} {
			c, err := parseColor(scheme.color)
			if err != nil {
				return nil, err
			}
			fmt.Fprintf(scheme.b, "--code-%d:%s;", r, c.against(scheme.background))
		}
		var classes []string
		for t, of := range tokenRoles {
			if of == role(r) {
				classes = append(classes, ".chroma ."+chroma.StandardTypes[t])
			}
		}
		slices.Sort(classes)
		fmt.Fprintf(&rules, "%s{color:var(--code-%d)}\n", strings.Join(classes, ","), r)
	}
	sheet := ".chroma{" + strings.TrimSuffix(lights.String(), ";") + "}\n" +
		"@media (prefers-color-scheme:dark){.chroma{" + strings.TrimSuffix(darks.String(), ";") + "}}\n" +
		rules.String() +
		".chroma .c{font-style:italic}\n"
	return []byte(sheet), nil
}

// color is an sRGB colour, each channel from 0 to 255.
type color [3]float64

func parseColor(s string) (color, error) {
	hex, found := strings.CutPrefix(s, "#")
	n, err := strconv.ParseUint(hex, 16, 32)
	if !found || len(hex) != 6 || err != nil {
		return color{}, fmt.Errorf("colour %q is not of the form #rrggbb", s)
	}
	return color{float64(n >> 16), float64(n >> 8 & 0xff), float64(n & 0xff)}, nil
}

// String returns c as CSS writes it.
func (c color) String() string {
	return fmt.Sprintf("#%02x%02x%02x", int(c[0]), int(c[1]), int(c[2]))
}

// luminance is the relative luminance of WCAG 2.2.
func (c color) luminance() float64 {
	var sum float64
	for i, weight := range [3]float64{0.2126, 0.7152, 0.0722} {
		v := c[i] / 255
		if v <= 0.04045 {
			v /= 12.92
		} else {
			v = math.Pow((v+0.055)/1.055, 2.4)
		}
		sum += weight * v
	}
	return sum
}

// contrast is the contrast ratio of WCAG 2.2, from 1 to 21.
func contrast(a, b color) float64 {
	light, dark := a.luminance(), b.luminance()
	return (max(light, dark) + 0.05) / (min(light, dark) + 0.05)
}

// against returns c, moved towards black or white until it can be read on background.
func (c color) against(background color) color {
	end := 0.0
	if contrast(color{255, 255, 255}, background) > contrast(color{}, background) {
		end = 255
	}
	for contrast(c, background) < minContrast {
		moved := c
		for i := range moved {
			moved[i] = math.Round(moved[i] + (end-moved[i])*0.1)
		}
		if moved == c {
			return color{end, end, end}
		}
		c = moved
	}
	return c
}
