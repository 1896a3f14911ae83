package segment

import (
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"time"

	"vigie/generator/internal/search"
)

// Record is what the index stores of a document: what a result shows, and the texts
// that excerpts are cut from.
type Record struct {
	ID      string
	Kind    string
	Title   string
	Names   []string
	Summary string
	Tags    []string
	Date    time.Time // to the second; zero without
	Body    []search.Section
}

// Parts are the texts that a phrase stands in as a whole or not at all, in order: the
// title, the names, the headings, the summary, the texts of the sections.
func (r Record) Parts() iter.Seq[string] {
	return func(yield func(string) bool) {
		if !yield(r.Title) {
			return
		}
		for _, name := range r.Names {
			if !yield(name) {
				return
			}
		}
		for _, s := range r.Body {
			if !yield(s.Heading) {
				return
			}
		}
		if !yield(r.Summary) {
			return
		}
		for _, s := range r.Body {
			if !yield(s.Text) {
				return
			}
		}
	}
}

// Encoded: strings and lists with their length before them, in the order of the
// fields; a date as 0, or 1, seconds since 1970 and the zone's offset in seconds.
type encoder []byte

func (e *encoder) number(n int64) { *e = binary.AppendVarint(*e, n) }
func (e *encoder) length(n int)   { *e = binary.AppendUvarint(*e, uint64(n)) }

func (e *encoder) text(s string) {
	e.length(len(s))
	*e = append(*e, s...)
}

func (e *encoder) texts(list []string) {
	e.length(len(list))
	for _, s := range list {
		e.text(s)
	}
}

// Encode appends the stored form of the record to buf.
func (r Record) Encode(buf []byte) []byte {
	e := encoder(buf)
	e.text(r.ID)
	e.text(r.Kind)
	e.text(r.Title)
	e.texts(r.Names)
	e.text(r.Summary)
	e.texts(r.Tags)
	if r.Date.IsZero() {
		e.length(0)
	} else {
		_, offset := r.Date.Zone()
		e.length(1)
		e.number(r.Date.Unix())
		e.number(int64(offset))
	}
	e.length(len(r.Body))
	for _, s := range r.Body {
		e.text(s.Anchor)
		e.text(s.Heading)
		e.text(s.Text)
	}
	return e
}

// decoder reads what encoder writes; after an error it only returns zeros. All texts
// are parts of one string: a record has many.
type decoder struct {
	all  string
	data []byte // what is still to be read, the end of all
	err  error
}

func (d *decoder) fail(what string) {
	if d.err == nil {
		d.err = fmt.Errorf("record has no %s", what)
	}
	d.data = nil
}

// length reads a count of things that take at least one byte each.
func (d *decoder) length() int {
	n, size := binary.Uvarint(d.data)
	if size <= 0 || n > uint64(len(d.data)-size) {
		d.fail("length")
		return 0
	}
	d.data = d.data[size:]
	return int(n)
}

func (d *decoder) number() int64 {
	n, size := binary.Varint(d.data)
	if size <= 0 {
		d.fail("number")
		return 0
	}
	d.data = d.data[size:]
	return n
}

func (d *decoder) text() string {
	n := d.length()
	at := len(d.all) - len(d.data)
	d.data = d.data[n:]
	return d.all[at : at+n]
}

func (d *decoder) texts() []string {
	n := d.length()
	if n == 0 {
		return nil
	}
	list := make([]string, n)
	for i := range list {
		list[i] = d.text()
	}
	return list
}

// Decode reads what [Record.Encode] writes.
func Decode(data []byte) (Record, error) {
	d := decoder{all: string(data), data: data}
	r := Record{
		ID:      d.text(),
		Kind:    d.text(),
		Title:   d.text(),
		Names:   d.texts(),
		Summary: d.text(),
		Tags:    d.texts(),
	}
	// A date's flag is 0 or 1, so it is no length; but it is read as bounded.
	if len(d.data) > 0 && d.data[0] == 1 {
		d.data = d.data[1:]
		at, offset := d.number(), d.number()
		r.Date = time.Unix(at, 0).UTC()
		if offset != 0 {
			r.Date = r.Date.In(time.FixedZone("", int(offset)))
		}
	} else if d.length() != 0 {
		d.fail("date")
	}
	if n := d.length(); n > 0 {
		r.Body = make([]search.Section, n)
		for i := range r.Body {
			r.Body[i] = search.Section{Anchor: d.text(), Heading: d.text(), Text: d.text()}
		}
	}
	if d.err == nil && len(d.data) > 0 {
		d.err = errors.New("record is followed by other bytes")
	}
	return r, d.err
}
