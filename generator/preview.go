package generator

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"vigie/generator/internal/preview"
	"vigie/generator/internal/serve"
)

// PreviewOptions say where and how a site is previewed.
type PreviewOptions struct {
	Addr string // TCP address; "" for localhost:1313 or, where that is taken, the next free port
	// Editor is the editor's command, as $EDITOR has it: places of mistakes lead there
	// where the editor has addresses of its own.
	Editor       string
	AllowedHosts []string      // that requests may name, beside this machine's names
	Poll         time.Duration // look for changes this often; 0 to be told by the system
	// Ready, if not nil, is called once with the site's URL before requests are answered.
	Ready func(url string)
	// Updated, if not nil, hears of the first state and of each later one, from one
	// goroutine at a time. States that follow closely are told as one.
	Updated func(PreviewUpdate)
	Notice  func(message string) // hears what the user should know
	Logger  *slog.Logger         // requests and errors; nil for none
}

// PreviewUpdate is what became of a previewed site.
type PreviewUpdate = preview.Update

// previewPort is the first of the ports that a preview tries.
const previewPort, previewPorts = 1313, 20

// Preview serves the site from memory, drafts and pages of the future shown, and keeps
// it in step with its files until ctx is done. A site with errors is served too: the
// browser tells of them.
func Preview(ctx context.Context, o Options, p PreviewOptions) error {
	o.Drafts, o.Future = true, true
	listener, addr, err := listenForPreview(ctx, p.Addr)
	if err != nil {
		return err
	}
	root, err := filepath.Abs(o.source())
	if err != nil {
		_ = listener.Close()
		return fmt.Errorf("folder of the site: %w", err)
	}
	session, err := preview.New(ctx, preview.Options{
		Build: o.build(), OpenIndex: openIndex, Editor: preview.Editor(p.Editor, root), AllowedHosts: p.AllowedHosts,
		Poll: p.Poll, Updated: p.Updated, Notice: p.Notice, Logger: p.Logger,
	})
	if err != nil {
		_ = listener.Close()
		return err
	}
	if p.Ready != nil {
		p.Ready("http://" + displayAddr(addr, listener.Addr()) + session.Base())
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	followed := make(chan error, 1)
	go func() {
		defer stop()
		followed <- session.Follow(ctx)
	}()
	err = serve.Serve(ctx, listener, session)
	stop()
	if follow := <-followed; err == nil && !errors.Is(follow, context.Canceled) {
		err = follow
	}
	return err
}

// listenForPreview opens the address asked for or, where none is, the first free port.
func listenForPreview(ctx context.Context, asked string) (net.Listener, string, error) {
	if asked != "" {
		listener, err := serve.Listen(ctx, asked)
		return listener, asked, err
	}
	for port := previewPort; ; port++ {
		addr := net.JoinHostPort("localhost", strconv.Itoa(port))
		listener, err := serve.Listen(ctx, addr)
		if err == nil || !errors.Is(err, syscall.EADDRINUSE) || port == previewPort+previewPorts {
			return listener, addr, err
		}
	}
}
