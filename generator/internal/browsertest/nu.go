package browsertest

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// nuMessage is one finding of the checker, in its JSON form.
type nuMessage struct {
	Type, SubType, URL, Message string
	LastLine, FirstLine         int // FirstLine is left out where it is LastLine
	FirstColumn                 int
}

// Nu checks every .html file under dir with the Nu HTML checker in one run and
// returns its errors and warnings as "file:line:col: error: message", sorted by
// place, with files relative to dir. It fails the test where dir holds no page.
// Without Java or the checker it skips the test, or fails it where
// VIGIE_REQUIRE_BROWSER=1.
func Nu(t testing.TB, dir string) []string {
	t.Helper()
	java, err := exec.LookPath("java")
	if err != nil {
		missing(t, "Java not found")
	}
	jar := nodeModule(t, "vnu-jar/build/dist/vnu.jar")
	if dir, err = filepath.Abs(dir); err != nil {
		t.Fatal(err)
	}
	if dir, err = filepath.EvalSymlinks(dir); err != nil {
		t.Fatal(err)
	}
	// The checker is silent about a folder without pages, as about good ones.
	pages := 0
	err = fs.WalkDir(os.DirFS(dir), ".", func(path string, _ fs.DirEntry, err error) error {
		if strings.HasSuffix(path, ".html") {
			pages++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if pages == 0 {
		t.Fatalf("no .html file under %s", dir)
	}

	cmd := exec.Command(java, "-Xss4m", "-jar", jar, "--format", "json", "--stdout", "--exit-zero-always",
		"--asciiquotes", "--skip-info-messages", "--skip-non-html", dir)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("nu html checker: %v\n%s%s", err, out, stderr.String())
	}
	var report struct{ Messages []nuMessage }
	if err := json.Unmarshal(out, &report); err != nil {
		t.Fatalf("nu html checker: %v\n%s%s", err, excerpt(string(out)), stderr.String())
	}
	slices.SortStableFunc(report.Messages, func(a, b nuMessage) int {
		return cmp.Or(cmp.Compare(a.URL, b.URL), cmp.Compare(a.line(), b.line()), cmp.Compare(a.FirstColumn, b.FirstColumn))
	})
	var found []string
	for _, m := range report.Messages {
		kind := m.Type
		if kind == "info" {
			if kind = m.SubType; kind == "" {
				continue
			}
		}
		found = append(found, fmt.Sprintf("%s:%d:%d: %s: %s", relative(dir, m.URL), m.line(), m.FirstColumn, kind, m.Message))
	}
	return found
}

func (m nuMessage) line() int { return cmp.Or(m.FirstLine, m.LastLine) }

// relative returns the path under dir of a file: address, or the address.
func relative(dir, address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "file" {
		return address
	}
	path, err := filepath.Rel(dir, filepath.FromSlash(u.Path))
	if err != nil {
		return address
	}
	return filepath.ToSlash(path)
}
