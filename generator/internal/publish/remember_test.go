package publish

import (
	"crypto/sha256"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// A file or folder last changed at the moment the run began, or after, might
// change again without showing it.
func TestRemember(t *testing.T) {
	sum := sha256.Sum256([]byte("x"))
	set := new(Set)
	file := func(changed int64) entry {
		return entry{identity: identity{size: 1, modified: 3, changed: changed, inode: 9}, mode: fileMode}
	}
	old := &tree{files: map[string]entry{"older": file(99), "same": file(100), "newer": file(101), "known": file(102), "changed": file(103)}}
	same := make(map[string]bool)
	for p := range old.files {
		same[p] = true
		if err := set.Keep(p, sum, 1, "test"); err != nil {
			t.Fatal(err)
		}
	}
	last := &State{files: map[string]record{"known": {file(102).identity, sum}, "changed": {file(104).identity, sum}}}
	u := &update{set: set, old: old, last: last, remembers: true, start: 100}
	state := u.remember(same)
	if got := slices.Sorted(maps.Keys(state.files)); !slices.Equal(got, []string{"known", "older"}) {
		t.Errorf("the state vouches for %q, want known and older", got)
	}

	folder := func(changed int64, mode fs.FileMode) entry {
		return entry{identity: identity{changed: changed, inode: 8}, mode: fs.ModeDir | mode}
	}
	former := newFormer(map[string]entry{
		".": folder(99, folderMode), "older": folder(99, folderMode), "same": folder(100, folderMode), "private": folder(99, 0o700),
		"mixed": folder(99, folderMode), "mixed/.DS_Store": file(1), "mixed/x": file(1),
	}, 100, func(p string) bool { return p == "mixed/.DS_Store" })
	want := map[string]identity{"older": folder(99, 0).identity, "same": {}, "private": {}, "mixed": {}}
	if !maps.Equal(former.folders, want) {
		t.Errorf("the folders of the former tree are known as %v, want %v", former.folders, want)
	}
	if want := map[string]uint64{"mixed/x": 9}; !maps.Equal(former.files, want) {
		t.Errorf("the files of the former tree are known as %v, want %v", former.files, want)
	}
}

// The same for files that a run makes: nothing is vouched for without a clock,
// and a link is only if the file stayed as it was found.
func TestLearn(t *testing.T) {
	parent := t.TempDir()
	dir, staged := filepath.Join(parent, "public"), filepath.Join(parent, "staged")
	set := new(Set)
	u := &update{set: set, dir: dir, old: &tree{files: make(map[string]entry)}, remembers: true}
	if err := os.Mkdir(staged, folderMode); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(staged, "changed"), folderMode); err != nil {
		t.Fatal(err)
	}
	for _, p := range []string{"written", "linked", "touched", "replaced"} {
		name := filepath.Join(staged, p)
		if err := os.WriteFile(name, []byte(p), fileMode); err != nil {
			t.Fatal(err)
		}
		info, err := os.Lstat(name)
		if err != nil {
			t.Fatal(err)
		}
		u.old.files[p] = entryOf(info)
		if err := set.Add(p, []byte(p), "test"); err != nil {
			t.Fatal(err)
		}
	}
	if u.old.files["linked"].inode == 0 {
		t.Skip("no inodes")
	}
	last := u.old.files["replaced"].changed
	for clock(dir) <= last { // until time went on
	}
	u.start = clock(dir)
	touched, replaced := u.old.files["touched"], u.old.files["replaced"]
	touched.modified--
	replaced.inode++
	u.old.files["touched"], u.old.files["replaced"] = touched, replaced
	info, err := os.Lstat(filepath.Join(staged, "changed"))
	if err != nil {
		t.Fatal(err)
	}
	folder := func(changed int64, mode fs.FileMode) entry {
		return entry{identity: identity{changed: changed, inode: 8}, mode: fs.ModeDir | mode}
	}
	have := map[string]entry{
		".": folder(1, folderMode), "changed": folder(1, folderMode), "gone": folder(1, folderMode),
		"stayed": folder(1, folderMode), "private": folder(1, 0o700), "recent": folder(u.start, folderMode),
	}
	done := &changes{
		written: []string{"written"}, linked: []string{"linked", "touched", "replaced"}, folders: map[string]bool{".": true, "changed": true},
		stayed: map[string]bool{".": true, "changed": true, "stayed": true, "private": true, "recent": true},
	}
	for _, test := range []struct {
		dir     string
		want    []string
		changed identity
	}{{dir, []string{"linked", "written"}, identityOf(info)}, {filepath.Join(parent, "no", "public"), nil, identity{}}} {
		u.dir, u.state = test.dir, &State{files: map[string]record{"touched": {}}}
		if err := u.learn(t.Context(), staged, have, done); err != nil {
			t.Fatal(err)
		}
		want := folders{"changed": test.changed, "stayed": have["stayed"].identity, "private": {}, "recent": {}}
		if !maps.Equal(u.state.folders, want) {
			t.Errorf("the folders of the published tree are known as %v, want %v", u.state.folders, want)
		}
		if got := slices.Sorted(maps.Keys(u.state.files)); !slices.Equal(got, test.want) {
			t.Errorf("the state vouches for %q, want %q", got, test.want)
		}
	}
}
