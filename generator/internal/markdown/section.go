package markdown

import "strings"

// Section is the text below one heading, up to the next of any level.
type Section struct {
	Anchor  string // the heading's id; "" before the first heading
	Heading string // "" before the first heading
	Text    string // as [Document.Text] gives it, without the heading
}

// Sections returns the document's plain text by section. The first, before any
// heading, is left out where it is empty.
func (d *Document) Sections() []Section {
	var list []Section
	var text strings.Builder
	current := Section{}
	end := func() {
		current.Text = strings.TrimRight(text.String(), "\n")
		if current.Anchor != "" || current.Text != "" {
			list = append(list, current)
		}
		text.Reset()
	}
	next := 0
	for line := range strings.Lines(d.Text()) {
		if next < len(d.headings) && strings.TrimSuffix(line, "\n") == d.headings[next].Text {
			end()
			current = Section{Anchor: d.headings[next].ID, Heading: d.headings[next].Text}
			next++
			continue
		}
		text.WriteString(line)
	}
	end()
	return list
}
