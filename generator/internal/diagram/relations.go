package diagram

// Relations is a thing with what it is related to: above it the groups that lead to
// it, below it those it leads to.
type Relations struct {
	ID          string // before the ids of its title and description
	Title, Text string // what it is called, and what it shows in words
	Name        string // of the thing
	In, Out     []Group
}

// Group is the things of one relation.
type Group struct {
	Label string
	Nodes []Node
}

// Node is a related thing.
type Node struct {
	Name string
	URL  string
	Lang string // of Name, where it differs from the page's
}

// Measures of a graph of relations, in units of the drawing.
const (
	graphWidth    = 340.0
	trunk         = 14.0  // where the line runs that joins the groups
	branch        = 36.0  // where the boxes begin
	nodeWidth     = 146.0 // the widest text of a box
	nodeText      = 13.0
	nodeSlack     = 1.06 // for fonts that run wide
	lineHeight    = 16.0
	boxPadding    = 8.0
	boxGap        = 8.0
	labelHeight   = 18.0
	groupGap      = 8.0
	nameText      = 15.0
	nameLine      = 19.0
	leastBoxWidth = 32.0
)

// box is a node in its place.
type box struct {
	Node
	lines               []string
	x, y, width, height float64
}

// SVG draws the relations.
func (r Relations) SVG() string {
	var body canvas
	y := 0.0
	first := 0.0
	for i, g := range r.In {
		middle := 0.0
		y, middle = g.draw(&body, y, false)
		if i == 0 {
			first = middle
		}
	}
	lines := wrap(r.Name, nameText, graphWidth-2*boxPadding-4)
	width := 0.0
	for _, line := range lines {
		width = max(width, textWidth(line, nameText)*1.1)
	}
	width = min(max(width+2*boxPadding, 2*trunk+40), graphWidth)
	height := float64(len(lines))*nameLine + boxPadding
	top := y
	if len(r.In) > 0 {
		top += 6 // for the arrow
		body.element("path", attr{"class", "graph-line"}, attr{"d", "M" + number(trunk) + " " + number(first) + "V" + number(top)})
		arrow(&body, trunk, top, 0, 1)
	}
	body.element("rect", attr{"class", "graph-name"}, attr{"x", "0.5"}, attr{"y", top + 0.5}, attr{"width", width}, attr{"height", height}, attr{"rx", "2"})
	for i, line := range lines {
		body.text("graph-name-text", boxPadding, top+nameLine*float64(i+1)-1, line)
	}
	bottom := top + height + 1
	y = bottom
	last := bottom
	if len(r.Out) > 0 {
		y += groupGap
	}
	for _, g := range r.Out {
		y, last = g.draw(&body, y, true)
	}
	if last > bottom {
		body.element("path", attr{"class", "graph-line"}, attr{"d", "M" + number(trunk) + " " + number(bottom) + "V" + number(last)})
	}
	var out canvas
	out.start("graph", r.ID, r.Title, r.Text, graphWidth, y+1)
	out.WriteString(body.String())
	out.close("svg")
	return out.String()
}

// draw draws a group from y on, and returns where it ends and where its line joins
// the trunk.
func (g Group) draw(c *canvas, y float64, out bool) (end, middle float64) {
	c.text("graph-label", branch, y+13, g.Label)
	y += labelHeight
	boxes := g.place(y)
	middle = y + boxes[0].height/2
	c.element("path", attr{"class", "graph-line"}, attr{"d", "M" + number(trunk) + " " + number(middle) + "H" + number(branch)})
	if out {
		arrow(c, branch, middle, 1, 0)
	}
	for _, b := range boxes {
		b.draw(c)
		end = max(end, b.y+b.height)
	}
	return end + groupGap, middle
}

// place puts the boxes of a group into rows from y on.
func (g Group) place(y float64) []box {
	var boxes []box
	x := branch
	rowHeight := 0.0
	for _, n := range g.Nodes {
		b := box{Node: n, lines: wrap(n.Name, nodeText, nodeWidth)}
		for _, line := range b.lines {
			b.width = max(b.width, textWidth(line, nodeText)*nodeSlack)
		}
		b.width = max(b.width+2*boxPadding, leastBoxWidth)
		b.height = float64(max(len(b.lines), 1))*lineHeight + boxPadding + 2
		if x > branch && x+b.width > graphWidth-1 {
			x, y, rowHeight = branch, y+rowHeight+boxGap, 0
		}
		b.x, b.y = x, y
		x += b.width + boxGap
		rowHeight = max(rowHeight, b.height)
		boxes = append(boxes, b)
	}
	return boxes
}

func (b box) draw(c *canvas) {
	c.open("a", attr{"href", b.URL}, attr{"lang", b.Lang}, attr{"hreflang", b.Lang})
	c.element("rect", attr{"class", "graph-node"}, attr{"x", b.x + 0.5}, attr{"y", b.y + 0.5}, attr{"width", b.width}, attr{"height", b.height}, attr{"rx", "2"})
	for i, line := range b.lines {
		c.text("graph-node-text", b.x+boxPadding, b.y+lineHeight*float64(i+1)+1, line)
	}
	c.close("a")
}

// arrow draws the head of an arrow whose point is at x, y and which goes along dx, dy.
func arrow(c *canvas, x, y, dx, dy float64) {
	const long, wide = 7.0, 3.5
	at := func(along, across float64) string {
		return number(x+along*dx-across*dy) + " " + number(y+along*dy+across*dx)
	}
	c.element("path", attr{"class", "graph-arrow"}, attr{"d", "M" + at(0, 0) + "L" + at(-long, wide) + "L" + at(-long, -wide) + "z"})
}
