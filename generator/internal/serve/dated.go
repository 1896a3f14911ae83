package serve

import (
	"errors"
	"io"
	"io/fs"
	"net/http"
	"strings"

	"vigie/generator/internal/almanac"
)

// dated answers a request that asks a folder for a day, /etat/?date=2025-06-01, where
// the folder has an almanac: it leads to the page in force on it, the query kept. It
// reports false for all others, which are answered as they are: a day that the
// folder's own page is about, one that is no day, a folder without an almanac.
func (s *server) dated(w *response, r *http.Request, name string) bool {
	asked := r.URL.Query().Get(almanac.Param)
	if asked == "" || name != "" && !strings.HasSuffix(name, "/") || !fs.ValidPath(name+almanac.File) || isHidden(name+almanac.File) {
		return false
	}
	day, ok := almanac.ParseDay(asked)
	if !ok {
		return false
	}
	a, err := readAlmanac(s.site(), name+almanac.File)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			s.log.Error("almanac cannot be read", "path", r.URL.Path, "error", err)
		}
		return false
	}
	day, ok = a.InForce(day)
	if ok {
		redirect(w, r, s.base+name+almanac.Name(day)+"/", http.StatusSeeOther)
	}
	return ok
}

func readAlmanac(site fs.FS, name string) (almanac.Almanac, error) {
	f, err := site.Open(name)
	if err != nil {
		return almanac.Almanac{}, err
	}
	defer func() { _ = f.Close() }() // only read: nothing is lost
	data, err := io.ReadAll(io.LimitReader(f, almanac.MaxSize+1))
	if err != nil {
		return almanac.Almanac{}, err
	}
	return almanac.Parse(data)
}
