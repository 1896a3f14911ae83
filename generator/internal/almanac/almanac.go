// Package almanac owns days.json: the list of the days for which a folder of a site
// has a page of its own, such as /etat/2025-04-17/. Who asks the folder for a day, as
// in /etat/?date=2025-06-01, is sent to the page in force on it.
//
// The build writes it, the server reads it; the package knows no clock and no file
// system.
package almanac

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// File is the name of an almanac in the folder it is about.
const File = "days.json"

// Param is the name of the query that asks for a day.
const Param = "date"

// MaxSize is the largest file that [Parse] reads, in bytes.
const MaxSize = 1 << 20

// version is that of the file's form. A field may be added within it.
const version = 1

// Almanac says for which days there are pages.
type Almanac struct {
	// Today is the day that the folder's own page is about: what is asked for it or a
	// later day is answered there.
	Today time.Time
	// Days are the days with a page, oldest first, each once.
	Days []time.Time
}

type file struct {
	Version int      `json:"version"`
	Today   string   `json:"today"`
	Days    []string `json:"days"`
}

// Marshal returns the almanac as a file.
func (a Almanac) Marshal() []byte {
	f := file{Version: version, Today: Name(a.Today), Days: []string{}}
	for _, day := range a.Days {
		f.Days = append(f.Days, Name(day))
	}
	data, err := json.Marshal(f)
	if err != nil {
		panic(err) // numbers and strings have a form
	}
	return append(data, '\n')
}

// Parse reads a file. It returns an error for one that is no almanac of a version it
// knows, or whose days are not in their order.
func Parse(data []byte) (Almanac, error) {
	if len(data) > MaxSize {
		return Almanac{}, fmt.Errorf("almanac is larger than %d bytes", MaxSize)
	}
	var f file
	if err := json.Unmarshal(data, &f); err != nil {
		return Almanac{}, fmt.Errorf("almanac: %w", err)
	}
	if f.Version != version {
		return Almanac{}, fmt.Errorf("almanac has version %d, want %d", f.Version, version)
	}
	a := Almanac{}
	var ok bool
	if a.Today, ok = ParseDay(f.Today); !ok {
		return Almanac{}, fmt.Errorf("almanac has no day %q", f.Today)
	}
	for _, name := range f.Days {
		day, ok := ParseDay(name)
		if n := len(a.Days); !ok || n > 0 && !day.After(a.Days[n-1]) {
			return Almanac{}, fmt.Errorf("almanac has the day %q out of order", name)
		}
		a.Days = append(a.Days, day)
	}
	return a, nil
}

// InForce returns the day whose page shows what held on a day: the latest with a page
// that is not after it or, for a day before all of them, the first. It reports false
// where the folder's own page is the one.
func (a Almanac) InForce(day time.Time) (time.Time, bool) {
	if len(a.Days) == 0 || !day.Before(a.Today) {
		return time.Time{}, false
	}
	i, found := slices.BinarySearchFunc(a.Days, day, time.Time.Compare)
	if !found {
		i = max(i-1, 0)
	}
	return a.Days[i], true
}

// Name is a day as addresses and queries have it: "2025-04-17".
func Name(day time.Time) string { return day.Format(time.DateOnly) }

// ParseDay reads a day's name as midnight UTC.
func ParseDay(name string) (time.Time, bool) {
	day, err := time.Parse(time.DateOnly, name)
	return day, err == nil && day.Year() > 0 && Name(day) == name
}
