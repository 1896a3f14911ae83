package build

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"strings"
	"sync"

	"vigie/generator/internal/cache"
	"vigie/generator/internal/content"
	"vigie/generator/internal/diag"
	"vigie/generator/internal/publish"
	"vigie/generator/internal/render"
	"vigie/generator/internal/search/index"
)

// CacheDir is where builds keep what saves them work, below a site's folder.
const CacheDir = ".vigie/cache"

// maxSlots is how many ways of building a site are remembered: with drafts and without,
// for other addresses.
const maxSlots = 4

const (
	traceFile   = "trace"
	partsPrefix = "search-"
	treePrefix  = "published-"
)

// memory is what builds of one site, in one way, remember of the last one. It says what
// is wrong with it and goes on without. The nil memory remembers nothing.
type memory struct {
	dir  *cache.Dir
	slot string // folder in dir
	last func() (lastBuild, bool)

	mu   sync.Mutex
	used map[string]bool // files of this build
	// ahead reads files of the last build, each once, that this one likely asks for.
	ahead map[string]func() ([]byte, bool)
	note  string // why what there was is of no use, "" where it is
	diags diag.List
	said  int // of diags, how many were told
}

// remember opens the memory of a use, "build" or "preview", with some options.
func remember(o Options, use string) *memory {
	if o.NoCache {
		return nil
	}
	h := sha256.New()
	write(h, use, o.BaseURL, fmt.Sprint(o.Drafts, o.Future))
	m := &memory{
		dir:  cache.Open(filepath.Join(o.Source, filepath.FromSlash(CacheDir)), cache.Program),
		slot: hex.EncodeToString(h.Sum(nil)[:6]),
		used: map[string]bool{},
	}
	m.last = sync.OnceValues(m.readTrace)
	go func() { _, _ = m.last() }() // while the site is read
	return m
}

// get reads a file of this build's memory.
func (m *memory) get(name string) ([]byte, bool) {
	m.mu.Lock()
	m.used[name] = true
	read := m.ahead[name]
	m.mu.Unlock()
	if read != nil {
		return read()
	}
	return m.read(name)
}

// readAhead begins to read the parts of the last build's index, with one core: most are
// asked for when the documents are known, after an edit.
func (m *memory) readAhead() {
	var reads []func() ([]byte, bool)
	ahead := map[string]func() ([]byte, bool){}
	for _, name := range m.dir.Names(m.slot) {
		if strings.HasPrefix(name, partsPrefix) {
			read := sync.OnceValues(func() ([]byte, bool) { return m.read(name) })
			ahead[name], reads = read, append(reads, read)
		}
	}
	m.mu.Lock()
	m.ahead = ahead
	m.mu.Unlock()
	go func() {
		for _, read := range reads {
			_, _ = read()
		}
	}()
}

// read reads a file of the memory, and says what is wrong with it.
func (m *memory) read(name string) ([]byte, bool) {
	data, err := m.dir.Get(m.slot + "/" + name)
	switch {
	case err == nil:
		return data, true
	case errors.Is(err, fs.ErrNotExist):
	case errors.Is(err, cache.ErrForeign):
		m.mu.Lock()
		m.note = "cache of another version of vigie discarded"
		m.mu.Unlock()
	case errors.Is(err, cache.ErrDamaged):
		m.discard(name, err)
	default:
		m.warn("what vigie keeps between runs cannot be read: %s", cause(err))
	}
	return nil, false
}

// discard says that a file cannot be used. Each is told once, and all as one finding.
func (m *memory) discard(name string, err error) {
	m.dir.Remove(m.slot + "/" + name)
	m.warn("what vigie keeps between runs is damaged and was discarded: %s", cause(err))
}

// warn reports the first of what is wrong.
func (m *memory) warn(format string, args ...any) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.diags) == 0 {
		m.diags = append(m.diags, diag.Errorf(diag.Position{File: CacheDir}, "cache", format, args...).AsWarning())
	}
}

// put writes a file of the memory.
func (m *memory) put(name string, parts ...[]byte) {
	m.mu.Lock()
	m.used[name] = true
	m.mu.Unlock()
	if err := m.dir.Put(m.slot+"/"+name, parts...); err != nil {
		m.dir.Remove(m.slot + "/" + name) // of an earlier build
		m.warn("what saves the next build work cannot be written: %s", cause(err))
	}
}

// Get implements [index.Parts].
func (m *memory) Get(key string) ([]byte, bool) { return m.get(partsPrefix + key) }

// Put implements [index.Parts].
func (m *memory) Put(key string, data []byte) { m.put(partsPrefix+key, data) }

// keepBodies writes down what the bodies of a site that stays open are.
func (m *memory) keepBodies(site *render.Live) {
	if m == nil {
		return
	}
	site.Trace(func(ground string, t *render.Trace) {
		m.put(traceFile, takeLiveFingerprint(site.Site(), ground).encode(), t.Encode())
	})
}

// beginSearch and endSearch enclose the making of an index: the parts of it that are not
// used are removed.
func (m *memory) beginSearch() {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.used = map[string]bool{traceFile: true}
}

func (m *memory) endSearch() {
	if m == nil {
		return
	}
	m.mu.Lock()
	used := maps.Clone(m.used)
	m.mu.Unlock()
	m.dir.Prune(m.slot, func(name string) bool { return used[name] })
	m.dir.PruneFolders(maxSlots)
}

// recall returns the trace of the last build and the places of the pages whose Markdown
// changed since; no trace where anything else did.
func (m *memory) recall(now fingerprint) (trace *render.Trace, edited []int) {
	if m == nil {
		return nil, nil
	}
	last, ok := m.last()
	if !ok || last.ground != now.ground || len(last.bodies) != len(now.bodies) {
		return nil, nil
	}
	for i, sum := range now.bodies {
		if sum != last.bodies[i] {
			edited = append(edited, i)
		}
	}
	return last.trace, edited
}

// lastBuild is what a build remembers of the last one.
type lastBuild struct {
	fingerprint
	trace *render.Trace
}

// readTrace reads what the last build wrote down.
func (m *memory) readTrace() (last lastBuild, ok bool) {
	data, ok := m.get(traceFile)
	if !ok {
		return last, false
	}
	var err error
	if data, err = last.decode(data); err == nil {
		last.trace, err = render.DecodeTrace(string(data), len(last.bodies))
	}
	if err != nil {
		m.discard(traceFile, err)
	}
	return last, err == nil
}

// treeFile is the file that tells what was published to a folder.
func treeFile(destination string) string {
	if abs, err := filepath.Abs(destination); err == nil {
		destination = abs
	}
	sum := sha256.Sum256([]byte(destination))
	return treePrefix + hex.EncodeToString(sum[:6])
}

// state is what the last build left in a folder, nil where that is not known.
func (m *memory) state(destination string) *publish.State {
	if m == nil {
		return nil
	}
	_, _ = m.last() // of two damaged files, always the same is told
	data, ok := m.get(treeFile(destination))
	if !ok {
		return nil
	}
	state, err := publish.ReadState(data)
	if err != nil {
		m.discard(treeFile(destination), err)
		return nil
	}
	return state
}

// keepTrace writes down what the files of a build were made from, when complete, which
// returns when all are made, tells that they are. Should they not be published after all,
// the next build will find that they are missing.
func (m *memory) keepTrace(now fingerprint, in render.Input, out render.Output, site *Site, complete func() error) {
	if m == nil {
		return
	}
	trace := out.Trace()
	if trace == nil {
		return
	}
	if disk, err := sumDisk(in); err != nil || disk != now.disk {
		m.dir.Remove(m.slot + "/" + traceFile) // files changed while they were read: nobody knows which were used
		return
	}
	sumDocuments(trace, in.Site, out)
	if complete() != nil {
		return
	}
	for _, path := range site.search {
		f := render.FileTrace{Path: path}
		f.Sum, f.Size, _ = site.Files.Sum(path)
		trace.Search = append(trace.Search, f)
	}
	m.put(traceFile, now.encode(), trace.Encode())
}

// sumDocuments tells a trace the sums of the documents that it has none of.
func sumDocuments(trace *render.Trace, site *content.Site, out render.Output) {
	sums := map[string][sha256.Size]byte{}
	for _, list := range out.Documents {
		for i := range list {
			if _, ok := out.Known[list[i].ID]; !ok {
				sums[list[i].ID] = index.Sum(&list[i])
			}
		}
	}
	for i, p := range site.Pages {
		if sum, ok := sums[p.SitePath]; ok && trace.Bodies[i].Found {
			trace.Bodies[i].Search = sum
		}
	}
}

// keepState writes down what was published to a folder, and removes what builds do not
// use any more. Where search was kept, nobody asked for its parts.
func (m *memory) keepState(destination string, state *publish.State, searchKept bool) {
	if m == nil {
		return
	}
	m.put(treeFile(destination), state.Encode())
	m.dir.Prune(m.slot, func(name string) bool {
		return m.used[name] || strings.HasPrefix(name, treePrefix) || searchKept && strings.HasPrefix(name, partsPrefix)
	})
	m.dir.PruneFolders(maxSlots)
}

// parts are the kept parts of the index, nil without a memory.
func (m *memory) parts() index.Parts {
	if m == nil {
		return nil
	}
	return m
}

// why is the reason for which what was kept is of no use, "" where it is.
func (m *memory) why() string {
	if m == nil {
		return ""
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.note
}

// untold is what was found to be wrong with the memory since it was last asked.
func (m *memory) untold() diag.List {
	if m == nil {
		return nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	list := m.diags[m.said:]
	m.said = len(m.diags)
	return list
}
