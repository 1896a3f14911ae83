package diagram

import (
	"html"
	"slices"
	"strings"
	"time"
)

// Chronicle is a table of time: a row for each period, a column for each lane, and in
// each cell the marks of what happened, from the period's first day at the left to its
// last at the right. So it is no wider than a phone, and years that were busy take
// the room they need.
type Chronicle struct {
	ID          string // before the ids of its title and description
	Title, Text string // what it is called, and what it shows in words
	Lanes       []string
	Periods     []Period // in the order shown
}

// Period is a row of a chronicle.
type Period struct {
	Label    string
	URL      string // of what happened in it, "" without
	From, To time.Time
	Gap      bool   // what lies between the row above and this one is left out
	Cells    []Cell // one for each lane
}

// Cell is what happened in one lane in a period. One without marks is empty, and leads
// nowhere.
type Cell struct {
	Name  string // in words: "2025, law: 4 events"
	URL   string
	Marks []Mark // in any order
}

// Mark is something that happened on a day or at some time between two, or that lasted.
type Mark struct {
	From, To time.Time // first and last day
	Coming   bool      // not yet
}

// Measures of a chronicle, in units of the drawing.
const (
	chronicleWidth = 340.0
	labelWidth     = 34.0
	markSize       = 6.5
	markPitch      = 8.0
	cellPadding    = 5.0
	leastCell      = 24.0
	leastLane      = 34.0
	laneTextSize   = 10.5
)

// SVG draws the chronicle.
func (c Chronicle) SVG() string {
	edges, crowded := c.edges()
	heading := 18.0
	if crowded { // every other name stands a line higher
		heading += 14
	}
	var body canvas
	y := heading
	for _, p := range c.Periods {
		y += p.draw(&body, y, edges)
	}
	var out canvas
	out.start("chronicle", c.ID, c.Title, c.Text, chronicleWidth, y+1)
	for i, name := range c.Lanes {
		top := heading - 6
		if crowded && i%2 == 1 {
			top -= 14
		}
		if i == len(c.Lanes)-1 {
			out.text("chronicle-lane", chronicleWidth, top, name, attr{"text-anchor", "end"})
		} else {
			out.text("chronicle-lane", edges[i]+2, top, name)
		}
		out.element("line", attr{"class", "chronicle-rule"}, attr{"x1", edges[i]}, attr{"x2", edges[i]}, attr{"y1", heading}, attr{"y2", y})
	}
	out.WriteString(body.String())
	out.element("line", attr{"class", "chronicle-rule"}, attr{"x1", 0.0}, attr{"x2", chronicleWidth}, attr{"y1", y}, attr{"y2", y})
	out.close("svg")
	return out.String()
}

// edges shares the width out among the lanes, so that each holds its name, and returns
// where they begin and where the last one ends. crowded tells that not all names fit:
// then the lanes are equally wide.
func (c Chronicle) edges() (edges []float64, crowded bool) {
	room := chronicleWidth - labelWidth
	widths := make([]float64, len(c.Lanes))
	need := 0.0
	for i, name := range c.Lanes {
		widths[i] = max(textWidth(name, laneTextSize)+4, leastLane)
		need += widths[i]
	}
	edges = []float64{labelWidth}
	for i := range widths {
		if need > room {
			widths[i] = room / float64(len(widths))
		} else {
			widths[i] += (room - need) / float64(len(widths))
		}
		edges = append(edges, edges[i]+widths[i])
	}
	return edges, need > room
}

// draw draws a row at y and returns its height.
func (p Period) draw(c *canvas, y float64, edges []float64) float64 {
	height := leastCell
	placed := make([][]spot, len(p.Cells))
	for i, cell := range p.Cells {
		rows := 0
		placed[i], rows = p.place(cell.Marks, edges[i+1]-edges[i]-2*cellPadding)
		height = max(height, float64(rows)*markPitch+2*cellPadding)
	}
	class := "chronicle-rule"
	if p.Gap {
		class += " chronicle-gap"
	}
	c.element("line", attr{"class", class}, attr{"x1", 0.0}, attr{"x2", chronicleWidth}, attr{"y1", y}, attr{"y2", y})
	if p.URL != "" {
		c.open("a", attr{"href", p.URL})
		c.element("rect", attr{"class", "chronicle-cell"}, attr{"x", 0.0}, attr{"y", y}, attr{"width", labelWidth}, attr{"height", height})
	}
	c.text("chronicle-period", 0, y+16, p.Label)
	if p.URL != "" {
		c.close("a")
	}
	for i, cell := range p.Cells {
		if len(cell.Marks) == 0 {
			continue
		}
		x := edges[i]
		c.open("a", attr{"href", cell.URL})
		c.open("title")
		c.WriteString(html.EscapeString(cell.Name))
		c.close("title")
		c.element("rect", attr{"class", "chronicle-cell"}, attr{"x", x}, attr{"y", y}, attr{"width", edges[i+1] - x}, attr{"height", height})
		drawSpots(c, placed[i], x+cellPadding, y+cellPadding+markPitch/2)
		c.close("a")
	}
	return height
}

// drawSpots draws the marks of a cell: what is past as one path, what is coming as
// another.
func drawSpots(c *canvas, spots []spot, x, y float64) {
	var past, coming strings.Builder
	for _, s := range spots {
		path := &past
		if s.coming {
			path = &coming
		}
		const r = markSize / 2
		left, top := x+s.from, y+float64(s.row)*markPitch-r
		// A pill: as wide as it is high for a day, longer for a span.
		path.WriteString("M" + number(left+r) + " " + number(top) + "h" + number(s.to-s.from-markSize) +
			"a" + number(r) + " " + number(r) + " 0 0 1 0 " + number(markSize) + "h" + number(-(s.to - s.from - markSize)) +
			"a" + number(r) + " " + number(r) + " 0 0 1 0 " + number(-markSize) + "z")
	}
	if past.Len() > 0 {
		c.element("path", attr{"class", "mark-past"}, attr{"d", past.String()})
	}
	if coming.Len() > 0 {
		c.element("path", attr{"class", "mark-coming"}, attr{"d", coming.String()})
	}
}

// spot is where a mark stands in its cell.
type spot struct {
	from, to float64
	row      int
	coming   bool
}

// place puts marks side by side where they are apart and below each other where they
// are not, and returns how many rows that takes.
func (p Period) place(marks []Mark, width float64) ([]spot, int) {
	sorted := slices.Clone(marks)
	slices.SortStableFunc(sorted, func(a, b Mark) int {
		if c := a.From.Compare(b.From); c != 0 {
			return c
		}
		return b.To.Compare(a.To)
	})
	span := p.To.Sub(p.From).Hours()/24 + 1
	at := func(day time.Time) float64 {
		return min(max(day.Sub(p.From).Hours()/24/span, 0), 1) * width
	}
	var spots []spot
	var ends []float64
	for _, m := range sorted {
		s := spot{from: at(m.From), to: at(m.To.AddDate(0, 0, 1)), coming: m.Coming}
		if s.to-s.from < markSize { // a day is a dot around its place
			middle := (s.from + s.to) / 2
			s.from = min(max(middle-markSize/2, 0), width-markSize)
			s.to = s.from + markSize
		}
		for s.row = 0; s.row < len(ends) && ends[s.row] > s.from-1; {
			s.row++
		}
		if s.row == len(ends) {
			ends = append(ends, 0)
		}
		ends[s.row] = s.to
		spots = append(spots, s)
	}
	return spots, len(ends)
}
