package diagram

// Shares is a bar cut into the parts of a whole, in their order. It repeats what
// stands in words beside it, and is hidden from those who hear the page.
type Shares struct {
	Parts []float64 // of any unit; none is negative
}

const (
	barWidth  = 340.0
	barHeight = 16.0
	barGap    = 2.0
)

// SVG draws the bar; "" where there is nothing to share out. The parts have the
// classes share-1, share-2 and so on.
func (s Shares) SVG() string {
	total, shown := 0.0, 0
	for _, part := range s.Parts {
		if part > 0 {
			total += part
			shown++
		}
	}
	if total == 0 {
		return ""
	}
	var c canvas
	c.open("svg", attr{"class", "shares"}, attr{"viewBox", "0 0 " + number(barWidth) + " " + number(barHeight)}, attr{"width", barWidth}, attr{"height", barHeight},
		attr{"preserveAspectRatio", "none"}, attr{"aria-hidden", "true"}, attr{"focusable", "false"})
	x := 0.0
	room := barWidth - barGap*float64(shown-1)
	for i, part := range s.Parts {
		if part <= 0 {
			continue
		}
		width := part / total * room
		c.element("rect", attr{"class", "share-" + number(float64(i+1))}, attr{"x", x}, attr{"y", 0.0}, attr{"width", width}, attr{"height", barHeight})
		x += width + barGap
	}
	c.close("svg")
	return c.String()
}
