package linkcheck

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// How long a result is taken for granted.
const (
	freshAlive = 7 * 24 * time.Hour
	freshOther = time.Hour // dead and unknown ones
)

// cacheVersion is the version of the cache's form; another one's is not read.
const cacheVersion = 1

// cacheFile is the cache as JSON.
type cacheFile struct {
	Version int                   `json:"version"`
	Links   map[string]cacheEntry `json:"links"`
}

type cacheEntry struct {
	Checked time.Time `json:"checked"`
	Outcome Outcome   `json:"outcome"`
	Reason  string    `json:"reason,omitempty"`
	Address string    `json:"address,omitempty"`
}

// maxCache bounds what is read of a cache, in bytes.
const maxCache = 64 << 20

// readCache returns what is known from earlier runs and still fresh. A cache that is
// damaged is not used at all.
func (c *Checker) readCache() (known map[string]Result, notices []string) {
	known = map[string]Result{}
	if c.options.Cache == "" {
		return known, nil
	}
	file, err := readCacheFile(c.options.Cache)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return known, nil
	case err != nil:
		return known, []string{fmt.Sprintf("cache of links is not used: %v", err)}
	}
	for address, e := range file.Links {
		r := Result{Outcome: e.Outcome, Reason: e.Reason, Address: e.Address, Checked: e.Checked}
		if r.fresh(c.options.Now) {
			known[address] = r
		}
	}
	return known, nil
}

func readCacheFile(name string) (cacheFile, error) {
	var file cacheFile
	info, err := os.Stat(name)
	if err != nil {
		return file, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxCache {
		return file, fmt.Errorf("%s is no file of at most %d bytes", filepath.ToSlash(name), maxCache)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return file, err
	}
	if err := json.Unmarshal(text, &file); err != nil {
		return file, fmt.Errorf("%s is damaged: %w", filepath.ToSlash(name), err)
	}
	if file.Version != cacheVersion {
		return file, fmt.Errorf("%s has version %d, want %d", filepath.ToSlash(name), file.Version, cacheVersion)
	}
	for address, e := range file.Links {
		switch e.Outcome {
		case Alive, Moved, Dead, Unknown:
		default:
			return file, fmt.Errorf("%s is damaged: outcome of %s is %q", filepath.ToSlash(name), address, e.Outcome)
		}
		if (e.Outcome == Moved) != (e.Address != "") {
			return file, fmt.Errorf("%s is damaged: address of %s", filepath.ToSlash(name), address)
		}
	}
	return file, nil
}

// fresh tells whether a result still counts. One of the future, found by a run with
// another clock, does not.
func (r Result) fresh(now time.Time) bool {
	age := now.Sub(r.Checked)
	limit := freshOther
	if r.Outcome == Alive || r.Outcome == Moved {
		limit = freshAlive
	}
	return age >= 0 && age < limit
}

// writeCache keeps what is known, and returns what the user should know of it. The file
// is replaced at once, so that a run that is killed leaves the old one.
func (c *Checker) writeCache(known, found map[string]Result) (notice string) {
	if c.options.Cache == "" {
		return ""
	}
	file := cacheFile{cacheVersion, map[string]cacheEntry{}}
	for _, results := range []map[string]Result{known, found} {
		for address, r := range results {
			if !r.unasked {
				file.Links[address] = cacheEntry{r.Checked, r.Outcome, r.Reason, r.Address}
			}
		}
	}
	text, err := json.MarshalIndent(file, "", "\t")
	if err == nil {
		err = replace(c.options.Cache, append(text, '\n'))
	}
	if err != nil {
		return fmt.Sprintf("cache of links is not kept: %v", err)
	}
	return ""
}

// replace gives a file a new text in one step.
func replace(name string, text []byte) error {
	dir := filepath.Dir(name)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, "."+filepath.Base(name)+"-*")
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}
