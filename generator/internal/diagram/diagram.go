// Package diagram draws: a chronicle of dated marks, the relations of a thing, the
// shares of a whole. Its drawings are SVG elements to stand in an HTML page, made of
// plain structs; they carry classes and presentation attributes, no style and no
// script, so that the page's style sheet decides on every colour and a strict
// Content-Security-Policy holds.
//
// The same struct gives the same bytes. Text is measured by rule of thumb, since the
// reader's font is not known; names that do not fit are wrapped. Links keep clear of
// each other by 24 units, the size that a finger needs where the drawing is shown as
// wide as it is drawn.
//
// The package knows nothing of events, facts, pages or languages: all its words come
// from the caller, and are escaped here.
package diagram

import (
	"html"
	"math"
	"strconv"
	"strings"
	"unicode"
)

// canvas collects the elements of a drawing.
type canvas struct{ strings.Builder }

// attr is an attribute of an element, a number or a text.
type attr struct {
	name  string
	value any
}

// open writes a start tag.
func (c *canvas) open(name string, attrs ...attr) { c.tag(name, attrs, ">") }

// element writes an element without content.
func (c *canvas) element(name string, attrs ...attr) { c.tag(name, attrs, "/>") }

func (c *canvas) tag(name string, attrs []attr, end string) {
	c.WriteString("<" + name)
	for _, a := range attrs {
		value := ""
		switch v := a.value.(type) {
		case float64:
			value = number(v)
		case string:
			value = v
		}
		if value == "" {
			continue
		}
		c.WriteString(" " + a.name + `="` + html.EscapeString(value) + `"`)
	}
	c.WriteString(end)
}

// close writes an end tag.
func (c *canvas) close(name string) { c.WriteString("</" + name + ">") }

// text writes a line of text.
func (c *canvas) text(class string, x, y float64, text string, attrs ...attr) {
	c.open("text", append([]attr{{"class", class}, {"x", x}, {"y", y}}, attrs...)...)
	c.WriteString(html.EscapeString(text))
	c.close("text")
}

// describe writes what the drawing is called and what it says, for the svg element to
// refer to as id-title and id-desc.
func (c *canvas) describe(id, title, text string) {
	c.open("title", attr{"id", id + "-title"})
	c.WriteString(html.EscapeString(title))
	c.close("title")
	c.open("desc", attr{"id", id + "-desc"})
	c.WriteString(html.EscapeString(text))
	c.close("desc")
}

// start opens the svg element of a drawing that has links in it.
func (c *canvas) start(class, id, title, text string, width, height float64) {
	c.open("svg", attr{"class", class}, attr{"viewBox", "0 0 " + number(width) + " " + number(height)}, attr{"width", width}, attr{"height", height},
		attr{"role", "group"}, attr{"aria-labelledby", id + "-title"}, attr{"aria-describedby", id + "-desc"})
	c.describe(id, title, text)
}

// number writes a coordinate with at most two decimals.
func number(v float64) string {
	return strconv.FormatFloat(math.Round(v*100)/100+0, 'f', -1, 64) // + 0: there is no -0
}

// textWidth estimates how wide a text is in a sans-serif font.
func textWidth(text string, size float64) float64 {
	sum := 0.0
	for _, r := range text {
		switch {
		case strings.ContainsRune("iIjlft.,;:'’|!()[]- \u00a0\u202f", r):
			sum += 0.33
		case strings.ContainsRune("mwMW%@—œŒæÆ", r):
			sum += 0.9
		case strings.ContainsRune("rsczJ", r):
			sum += 0.5
		case unicode.IsUpper(r):
			sum += 0.68
		case r > '\u2fff':
			sum += 1
		default:
			sum += 0.56
		}
	}
	return sum * size
}

// wrap breaks a text into lines of at most width at its spaces and hyphens; a word
// that is longer than a line is cut.
func wrap(text string, size, width float64) []string {
	var lines []string
	line := ""
	for _, word := range words(text) {
		switch {
		case textWidth(strings.TrimRight(line+word, " "), size) <= width:
			line += word
			continue
		case line != "":
			lines = append(lines, strings.TrimRight(line, " "))
		}
		for line = word; textWidth(strings.TrimRight(line, " "), size) > width; {
			runes := []rune(line)
			n := len(runes) - 1
			for n > 1 && textWidth(string(runes[:n]), size) > width {
				n--
			}
			lines, line = append(lines, string(runes[:n])), string(runes[n:])
		}
	}
	if line = strings.TrimRight(line, " "); line != "" {
		lines = append(lines, line)
	}
	return lines
}

// words splits a text behind its spaces and hyphens.
func words(text string) []string {
	return strings.FieldsFunc(strings.NewReplacer(" ", " \x00", "-", "-\x00").Replace(text), func(r rune) bool { return r == 0 })
}
