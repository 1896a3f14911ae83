package build

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"vigie/generator/internal/content"
	"vigie/generator/internal/diag"
	"vigie/generator/internal/render"
)

// fingerprint is what a site is built from: a sum of all but the Markdown of its pages
// and when they were updated, and a sum of those for each page.
type fingerprint struct {
	ground [sha256.Size]byte
	disk   [sha256.Size]byte   // of that, what is read when it is wanted
	bodies [][sha256.Size]byte // by page
}

// takeFingerprint sums up what a site is built from.
func takeFingerprint(in render.Input) (fingerprint, error) {
	disk, err := sumDisk(in)
	if err != nil {
		return fingerprint{}, err
	}
	h := sha256.New()
	h.Write(disk[:])
	write(h, string(in.Site.Config.Source.Text()), in.Site.Config.BaseURL.String(), in.Site.Today().Format("2006-01-02"))
	for _, table := range in.Site.Tables {
		write(h, table.Name(), string(table.Text()))
	}
	f := sumPages(h, in.Site)
	f.disk = disk
	return f, nil
}

// sumDisk sums up what a site is built from and reads when it is wanted.
func sumDisk(in render.Input) (sum [sha256.Size]byte, err error) {
	h := sha256.New()
	for _, fsys := range []fs.FS{in.Layouts, in.Static} {
		if err := sumFolder(h, fsys); err != nil {
			return sum, err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(in.Site.Resources)) {
		if err := sumFile(h, in.Site.Files(), name); err != nil {
			return sum, err
		}
	}
	h.Sum(sum[:0])
	return sum, nil
}

// sumPages completes a fingerprint by the pages of a site.
func sumPages(h hash.Hash, site *content.Site) fingerprint {
	f := fingerprint{bodies: make([][sha256.Size]byte, len(site.Pages))}
	var beside diag.Workers
	beside.Go(func() {
		for i, p := range site.Pages {
			if p.File == nil {
				continue
			}
			_, updated := splitUpdated(p)
			own := sha256.New()
			write(own, updated)
			own.Write(p.File.Text()[p.Body:])
			own.Sum(f.bodies[i][:0])
		}
	})
	for _, p := range slices.Concat(site.Pages, site.Hidden) {
		if p.File == nil {
			write(h, p.SitePath, p.Lang)
			continue
		}
		matter, _ := splitUpdated(p)
		write(h, p.FileName(), p.Title, matter)      // a title may stand in the Markdown
		write(h, strings.Join(p.Hashtags(), "\x00")) // and tags do
	}
	write(h, fmt.Sprint(len(site.Pages)))
	beside.Wait()
	h.Sum(f.ground[:0])
	return f
}

// takeLiveFingerprint sums up what the bodies of a site that stays open are parsed by.
// All of it is in memory: the files may have changed since.
func takeLiveFingerprint(site *content.Site, ground string) fingerprint {
	h := sha256.New()
	write(h, string(site.Config.Source.Text()), site.Config.BaseURL.String(), ground)
	write(h, slices.Sorted(maps.Keys(site.Resources))...)
	return sumPages(h, site)
}

// updatedLine is a line of front matter that says when a page was updated, and no more.
var updatedLine = regexp.MustCompile(`^updated[ \t]*[=:][ \t]*["']?[0-9TZ:.+ -]+["']?[ \t]*\r?$`)

// splitUpdated returns a page's front matter and, apart from it where nothing but
// itself, its feeds and lists show it, when the page was updated.
func splitUpdated(p *content.Page) (matter, updated string) {
	text := p.File.Text()
	matter = string(text[:p.Body])
	original := cmp.Or(p.Original, p)
	if len(original.Facts)+len(original.Events)+len(original.Corrections)+len(p.Corrections) > 0 {
		return matter + p.Updated.Format(time.RFC3339Nano), ""
	}
	if at, ok := p.UpdatedAt(); ok {
		from := strings.LastIndexByte(matter[:at.Offset], '\n') + 1
		line, rest, _ := strings.Cut(matter[from:], "\n")
		if !updatedLine.MatchString(line) {
			return matter, ""
		}
		matter = matter[:from] + rest
	}
	return matter, fmt.Sprint(p.Updated.Format(time.RFC3339Nano), p.UpdatedTime)
}

// sumFolder adds all files of a file system to a sum.
func sumFolder(h hash.Hash, fsys fs.FS) error {
	return fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist) && name == ".":
			return nil
		case err != nil || d.IsDir():
			return err
		}
		return sumFile(h, fsys, name)
	})
}

func sumFile(h hash.Hash, fsys fs.FS, name string) error {
	data, err := fs.ReadFile(fsys, name)
	write(h, name, string(data))
	return err
}

// decode reads a fingerprint that encode wrote and returns what follows it.
func (f *fingerprint) decode(data []byte) (rest []byte, err error) {
	take := func(n int) []byte {
		if err != nil || n > len(data) {
			err = errors.New("fingerprint is cut off")
			return make([]byte, n)
		}
		part := data[:n]
		data = data[n:]
		return part
	}
	copy(f.ground[:], take(sha256.Size))
	n := int(binary.BigEndian.Uint32(take(4)))
	if n > len(data)/sha256.Size {
		return nil, errors.New("fingerprint is cut off")
	}
	f.bodies = make([][sha256.Size]byte, n)
	for i := range f.bodies {
		copy(f.bodies[i][:], take(sha256.Size))
	}
	return data, err
}

// encode writes the fingerprint down.
func (f fingerprint) encode() []byte {
	list := append([]byte(nil), f.ground[:]...)
	list = binary.BigEndian.AppendUint32(list, uint32(len(f.bodies)))
	for _, sum := range f.bodies {
		list = append(list, sum[:]...)
	}
	return list
}

// write writes texts so that no two lists of them write the same.
func write(h hash.Hash, texts ...string) {
	for _, s := range texts {
		var length [8]byte
		binary.BigEndian.PutUint64(length[:], uint64(len(s)))
		h.Write(length[:])
		io.WriteString(h, s)
	}
}
