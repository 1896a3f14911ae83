package diagram_test

import (
	"encoding/xml"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"vigie/generator/internal/diagram"
)

var update = flag.Bool("update", false, "rewrite the golden files from what the code gives")

// golden compares a drawing, an element a line, with a file of testdata.
func golden(t *testing.T, name, svg string) {
	t.Helper()
	svg = strings.ReplaceAll(svg, "><", ">\n<") + "\n"
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(svg), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), svg); diff != "" {
		t.Errorf("%s (-want +got)\n%s", name, diff)
	}
}

// element is an element of a drawing.
type element struct {
	name  string
	attrs map[string]string
}

func (e element) number(t *testing.T, name string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(e.attrs[name], 64)
	if err != nil {
		t.Fatalf("%s of <%s>: %v", name, e.name, err)
	}
	return v
}

// elements reads a drawing, and fails the test where it is not well-formed or carries
// what a strict Content-Security-Policy forbids.
func elements(t *testing.T, svg string) []element {
	t.Helper()
	var list []element
	for d := xml.NewDecoder(strings.NewReader(svg)); ; {
		token, err := d.Token()
		if err == io.EOF {
			return list
		}
		if err != nil {
			t.Fatalf("%v in\n%s", err, svg)
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		e := element{start.Name.Local, map[string]string{}}
		for _, a := range start.Attr {
			e.attrs[a.Name.Local] = a.Value
			if a.Name.Local == "style" || strings.HasPrefix(a.Name.Local, "on") {
				t.Errorf("attribute %s in\n%s", a.Name.Local, svg)
			}
		}
		if e.name == "style" || e.name == "script" {
			t.Errorf("<%s> in\n%s", e.name, svg)
		}
		list = append(list, e)
	}
}

func day(text string) time.Time {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return t
}

func TestChronicle(t *testing.T) {
	mark := func(from, to string) diagram.Mark { return diagram.Mark{From: day(from), To: day(to)} }
	coming := mark("2026-12-31", "2026-12-31")
	coming.Coming = true
	golden(t, "chronicle.svg", diagram.Chronicle{
		ID: "c", Title: "Overview", Text: `<All> & "more"`, Lanes: []string{"Steps", "Law"},
		Periods: []diagram.Period{
			{Label: "2026", URL: "#y2026", From: day("2026-01-01"), To: day("2026-12-31"), Cells: []diagram.Cell{
				{Name: "2026, steps: 3", URL: "#a", Marks: []diagram.Mark{mark("2026-01-01", "2026-01-01"), mark("2026-01-02", "2026-01-02"), coming}},
				{},
			}},
			{Label: "2024", From: day("2024-01-01"), To: day("2024-12-31"), Gap: true, Cells: []diagram.Cell{
				{},
				{Name: "2024, law: 3", URL: "#b", Marks: []diagram.Mark{mark("2024-03-01", "2024-03-31"), mark("2024-01-01", "2024-12-31"), mark("2024-11-01", "2026-02-01")}},
			}},
		},
	}.SVG())
}

// TestChronicleLanes asserts that lanes get the room that their names need, and that
// names which cannot all fit stand at two heights.
func TestChronicleLanes(t *testing.T) {
	heights := func(lanes ...string) map[string]bool {
		at := map[string]bool{}
		for _, e := range elements(t, diagram.Chronicle{ID: "c", Lanes: lanes}.SVG()) {
			if e.attrs["class"] == "chronicle-lane" {
				at[e.attrs["y"]] = true
			}
		}
		return at
	}
	if got := heights("Jalons", "Fournisseurs", "Référentiels", "Droit", "Acteurs", "Glossaire"); len(got) != 1 {
		t.Errorf("names that fit stand at heights %v", got)
	}
	if got := heights("Qualifications", "Fournisseurs", "Référentiels", "Réglementation", "Acteurs publics", "Glossaire"); len(got) != 2 {
		t.Errorf("names that do not fit stand at heights %v", got)
	}
}

// TestChronicleTargets asserts that what can be pressed is at least 24 units wide and
// high, and that every mark stays within its cell, however many there are.
func TestChronicleTargets(t *testing.T) {
	c := diagram.Chronicle{ID: "c", Lanes: []string{"A", "B", "C", "D", "E", "F"}}
	p := diagram.Period{Label: "2025", URL: "#y", From: day("2025-01-01"), To: day("2025-12-31")}
	for lane := range c.Lanes {
		cell := diagram.Cell{Name: "n", URL: "#x"}
		for i := range 40 * lane {
			at := p.From.AddDate(0, 0, (i*37)%365)
			cell.Marks = append(cell.Marks, diagram.Mark{From: at, To: at})
		}
		p.Cells = append(p.Cells, cell)
	}
	c.Periods = []diagram.Period{p}
	links, cells := 0, 0
	height := 0.0
	for _, e := range elements(t, c.SVG()) {
		switch {
		case e.name == "svg":
			height = e.number(t, "height")
		case e.name == "a":
			links++
		case e.attrs["class"] == "chronicle-cell":
			cells++
			if e.number(t, "width") < 24 || e.number(t, "height") < 24 {
				t.Errorf("cell of %s by %s", e.attrs["width"], e.attrs["height"])
			}
			if e.number(t, "y")+e.number(t, "height") > height {
				t.Errorf("cell ends at %v of %v", e.number(t, "y")+e.number(t, "height"), height)
			}
		}
	}
	if links != 6 || cells != 6 { // the first lane is empty; the year is a link
		t.Errorf("%d links and %d cells, want 6 of each", links, cells)
	}
}

func relations() diagram.Relations {
	return diagram.Relations{
		ID: "r", Title: "Relations of Bleu", Text: "in words", Name: "Bleu & Co",
		In: []diagram.Group{{Label: "Chosen by", Nodes: []diagram.Node{{Name: "EDF", URL: "/edf/"}}}},
		Out: []diagram.Group{
			{Label: "Shareholders", Nodes: []diagram.Node{{Name: "Orange", URL: "/orange/"}, {Name: "Capgemini", URL: "/capgemini/"}}},
			{Label: "In progress (J1)", Nodes: []diagram.Node{{Name: "SecNumCloud", URL: "/snc/", Lang: "fr"}}},
		},
	}
}

func TestRelations(t *testing.T) { golden(t, "relations.svg", relations().SVG()) }

// TestRelationsFit asserts that boxes keep within the drawing and apart, whatever the
// names.
func TestRelationsFit(t *testing.T) {
	r := relations()
	for _, name := range []string{
		"Règlement sur la résilience opérationnelle numérique du secteur financier", "A", "", strings.Repeat("mot ", 40),
		strings.Repeat("W", 90), "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft", "日本語の長い名前がここにあります",
	} {
		r.In[0].Nodes = append(r.In[0].Nodes, diagram.Node{Name: name, URL: "/x/"})
		r.Out[1].Nodes = append(r.Out[1].Nodes, diagram.Node{Name: name, URL: "/x/"})
	}
	r.Name = strings.Repeat("Un nom très long ", 8)
	type box struct{ x, y, width, height float64 }
	var boxes []box
	bottom := 0.0
	for _, e := range elements(t, r.SVG()) {
		if e.name == "svg" {
			bottom = e.number(t, "height")
		}
		if e.name != "rect" {
			continue
		}
		b := box{e.number(t, "x"), e.number(t, "y"), e.number(t, "width"), e.number(t, "height")}
		if b.x < 0 || b.x+b.width > 341 || b.y+b.height > bottom {
			t.Errorf("box %+v leaves the drawing of 340 by %v", b, bottom)
		}
		if e.attrs["class"] == "graph-node" && (b.width < 24 || b.height < 24) {
			t.Errorf("box %+v is too small for a finger", b)
		}
		for _, o := range boxes {
			if b.x < o.x+o.width && o.x < b.x+b.width && b.y < o.y+o.height && o.y < b.y+b.height {
				t.Errorf("boxes %+v and %+v overlap", b, o)
			}
		}
		boxes = append(boxes, b)
	}
	if len(boxes) != 4+14+1 {
		t.Errorf("%d boxes, want 19", len(boxes))
	}
}

func TestShares(t *testing.T) {
	golden(t, "shares.svg", diagram.Shares{Parts: []float64{39, 71, 0, 32}}.SVG())
	for _, parts := range [][]float64{nil, {0, 0}} {
		if got := (diagram.Shares{Parts: parts}).SVG(); got != "" {
			t.Errorf("shares of %v = %s", parts, got)
		}
	}
}

// FuzzRelations draws whatever names there are, and twice the same.
func FuzzRelations(f *testing.F) {
	for _, s := range []string{"Bleu", "", "\x00", "<a>&\"", "a-b c", strings.Repeat("é", 200), "\xff"} {
		f.Add(s, 3)
	}
	f.Fuzz(func(t *testing.T, name string, n int) {
		name = strings.ToValidUTF8(strings.Map(func(r rune) rune {
			if r < ' ' || r == 0x7f || r > 0xfffd { // no text of a page has them
				return -1
			}
			return r
		}, name), "")
		r := relations()
		r.Name, r.Text = name, name
		for range n % 9 {
			r.Out[0].Nodes = append(r.Out[0].Nodes, diagram.Node{Name: name, URL: name})
		}
		svg := r.SVG()
		elements(t, svg)
		if again := r.SVG(); again != svg {
			t.Error("drawn twice, not the same")
		}
	})
}
