package main

import (
	"cmp"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"vigie/generator"
)

func (c *cli) previewCommand() *cobra.Command {
	var p generator.PreviewOptions
	var open bool
	cmd := &cobra.Command{
		Use: "preview", Short: "Serve the site while it is being written", Args: exactly(),
		Long: `Serves the site from memory, drafts and pages of the future shown, and follows its
files: what you save is in the browser at once. Mistakes are shown over the page.

Nothing is written. Places of mistakes lead to the editor that $VISUAL or $EDITOR
names, where it has addresses of its own (code, codium, cursor, zed, subl, idea …).`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			o, err := c.options()
			if err != nil {
				return err
			}
			p.Editor = cmp.Or(strings.TrimSpace(os.Getenv("VISUAL")), os.Getenv("EDITOR"))
			p.Ready = func(url string) {
				if !c.quiet && !c.json {
					fmt.Fprintf(c.stdout, "Previewing %s (press Ctrl+C to stop)\n", url)
				}
				if open {
					openBrowser(url)
				}
			}
			p.Notice = func(message string) { fmt.Fprintf(c.stderr, "vigie: %s\n", message) }
			p.Updated = c.previewed
			return generator.Preview(cmd.Context(), o, p)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&p.Addr, "addr", "", "TCP `address` to listen on (default: localhost:1313, or the next free port)")
	flags.BoolVar(&open, "open", false, "open the site in the browser")
	flags.StringSliceVar(&p.AllowedHosts, "allow-host", nil, "host `name` that requests may use, beside this machine's")
	flags.DurationVar(&p.Poll, "poll", 0, "look for changes this often, where the file system tells of none")
	return cmd
}

// previewed tells on the terminal what became of the site.
func (c *cli) previewed(u generator.PreviewUpdate) {
	_ = c.print(u.Problems)
	if c.quiet || c.json {
		return
	}
	what := "site read"
	switch n := len(u.Changed); {
	case n == 1:
		what = u.Changed[0]
	case n > 1:
		what = plural(n, "file")
	}
	state := ""
	if u.Stale {
		state = "; the last good state is shown"
	}
	fmt.Fprintf(c.stdout, "%s: %v%s\n", what, u.Duration.Round(time.Millisecond), state)
}

// openBrowser asks the system to show a URL. Where it cannot, the URL is on the
// terminal anyway.
func openBrowser(url string) {
	name, args := "xdg-open", []string{url}
	switch runtime.GOOS {
	case "darwin":
		name = "open"
	case "windows":
		name, args = "rundll32", []string{"url.dll,FileProtocolHandler", url}
	}
	cmd := exec.Command(name, args...)
	if cmd.Start() == nil {
		go func() { _ = cmd.Wait() }()
	}
}
