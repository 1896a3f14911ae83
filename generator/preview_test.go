package generator_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"vigie/generator"
)

// startPreview previews a site until the test ends. It returns the site's URL and what
// hears of updates.
func startPreview(t *testing.T, dir string) (string, chan generator.PreviewUpdate) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	ready, ended, updates := make(chan string, 1), make(chan error, 1), make(chan generator.PreviewUpdate, 100)
	go func() {
		ended <- generator.Preview(ctx, generator.Options{Source: dir, Theme: os.DirFS(".."), Now: time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)},
			generator.PreviewOptions{Ready: func(url string) { ready <- url }, Updated: func(u generator.PreviewUpdate) { updates <- u }})
	}()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil && !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
	select {
	case url := <-ready:
		return url, updates
	case err := <-ended:
		ended <- err
		t.Fatal(err)
	}
	return "", nil
}

// TestTwoPreviews previews one site twice: each has a port of its own, and follows the
// files.
func TestTwoPreviews(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("config.toml", "title = \"Essai\"\nbase_url = \"https://example.org/\"\n")
	write("content/notes/un.md", "+++\ntitle = \"Un\"\n+++\nAvant.\n")
	one, first := startPreview(t, dir)
	two, second := startPreview(t, dir)
	if one == two {
		t.Fatalf("both at %s", one)
	}
	write("content/notes/un.md", "+++\ntitle = \"Un\"\n+++\nAprès.\n")
	for url, updates := range map[string]chan generator.PreviewUpdate{one: first, two: second} {
		for shown := ""; !strings.Contains(shown, "Après."); {
			select {
			case <-updates:
			case <-time.After(3 * time.Minute):
				t.Fatalf("%s shows %s", url, shown)
			}
			response, err := http.Get(url + "notes/un/")
			if err != nil {
				t.Fatal(err)
			}
			text, err := io.ReadAll(response.Body)
			_ = response.Body.Close()
			if err != nil {
				t.Fatal(err)
			}
			shown = string(text)
		}
	}
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		if !slices.Contains([]string{"config.toml", "content", ".vigie"}, e.Name()) {
			t.Errorf("preview left %s behind", e.Name())
		}
	}
	if err != nil {
		t.Error(err)
	}
}

// TestPreviewPortTaken asks for a port that another program has.
func TestPreviewPortTaken(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	err = generator.Preview(context.Background(), generator.Options{Source: t.TempDir()}, generator.PreviewOptions{Addr: taken.Addr().String()})
	if err == nil || !strings.Contains(err.Error(), "is in use by another program") {
		t.Errorf("error %v", err)
	}
}
