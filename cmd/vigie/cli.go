package main

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"vigie/generator"
)

// cli holds the flags that commands share.
type cli struct {
	stdout, stderr *os.File

	source, destination, baseURL, now string
	drafts, future, json, quiet       bool
	allowShrink, noCache              bool // of the commands that publish
	github                            bool // diagnostics are workflow commands of GitHub Actions
}

// root makes the command and all below it.
func (c *cli) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "vigie",
		Short: "Static knowledge and news sites with sourced facts",
		Long: `Vigie turns a folder of Markdown into a static site: pages in several languages,
feeds, sitemaps, sourced facts and events, checked while it is built.

A site is a folder with config.toml and content/. Make one with "vigie init DIR".`,
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usageError{fmt.Errorf("unknown command %q", args[0])}
			}
			return cmd.Help()
		},
		Args: cobra.ArbitraryArgs,
	}
	root.SetOut(c.stdout)
	root.SetErr(c.stderr)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.CompletionOptions.HiddenDefaultCmd = true
	flags := root.PersistentFlags()
	flags.StringVarP(&c.source, "source", "s", ".", "the site's `folder`")
	flags.StringVarP(&c.destination, "destination", "d", "public", "the published `folder`, below the site's unless absolute")
	flags.StringVarP(&c.baseURL, "base-url", "b", "", "`URL` in place of the configuration's base_url")
	flags.StringVar(&c.now, "now", "", "the build's clock, as `RFC3339` or a day (default: the time it is)")
	flags.BoolVarP(&c.drafts, "drafts", "D", false, "publish drafts")
	flags.BoolVarP(&c.future, "future", "F", false, "publish pages dated after the build's clock")
	flags.BoolVar(&c.json, "json", false, "print for programs: one JSON object per line")
	flags.BoolVar(&c.quiet, "quiet", false, "print errors only")
	root.AddCommand(c.buildCommand(), c.serveCommand(), c.previewCommand(), c.checkCommand(), c.searchCommand(), c.newCommand(), c.initCommand(), c.versionCommand())
	return root
}

// exactly wants n arguments, named in the error.
func exactly(names ...string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == len(names) {
			return nil
		}
		want := "no argument"
		if len(names) > 0 {
			want = strings.Join(names, " ")
		}
		return usageError{fmt.Errorf("%s takes %s, not %d arguments", cmd.CommandPath(), want, len(args))}
	}
}

// options turns the shared flags into the generator's options.
func (c *cli) options() (generator.Options, error) {
	now := time.Now()
	if c.now != "" {
		var err error
		if now, err = parseClock(c.now); err != nil {
			return generator.Options{}, usageError{err}
		}
	}
	return generator.Options{
		Source: c.source, Destination: c.destination, BaseURL: c.baseURL,
		Drafts: c.drafts, Future: c.future, Now: now, AllowShrink: c.allowShrink, NoCache: c.noCache, Progress: c.progress(),
	}, nil
}

// parseClock reads --now: a moment, or a day, whose noon UTC it then is so that it
// is that day all over Europe.
func parseClock(text string) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t, nil
	}
	if t, err := time.Parse(time.DateOnly, text); err == nil {
		return t.Add(12 * time.Hour), nil
	}
	return time.Time{}, fmt.Errorf("--now is %q, want a moment such as 2026-11-21T09:00:00+01:00 or a day such as 2026-11-21", text)
}

// terminal tells whether a person reads f.
func terminal(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }

// print prints diagnostics to standard error: coloured, with the source line, for a
// person; one per line in a pipe.
func (c *cli) print(list generator.Diagnostics) error {
	if c.quiet {
		list = slices.DeleteFunc(slices.Clone(list), func(d generator.Diagnostic) bool { return d.Severity != generator.Error })
	}
	if c.github {
		return generator.Print(c.stderr, list, generator.PrintOptions{GitHub: true, Base: c.base()})
	}
	person := terminal(c.stderr) && !c.json
	color := person && os.Getenv("NO_COLOR") == ""
	return generator.Print(c.stderr, list, generator.PrintOptions{JSON: c.json, Color: color, Excerpt: person})
}

// finish prints diagnostics and, where there are errors, how many.
func (c *cli) finish(list generator.Diagnostics, what string) error {
	if err := c.print(list); err != nil {
		return err
	}
	errorCount, _ := list.Count()
	if errorCount == 0 {
		return nil
	}
	if !c.json && !c.quiet {
		fmt.Fprintf(c.stderr, "vigie: %s, %s\n", plural(errorCount, "error"), what)
	}
	return errFailed
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// addPublishFlags gives a command that publishes its flags.
func (c *cli) addPublishFlags(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&c.noCache, "no-cache", false, "make everything anew, and keep nothing in .vigie/cache")
	cmd.Flags().BoolVar(&c.allowShrink, "allow-shrink", false, "publish data sets that lost more rows than data.max_shrink in config.toml allows")
}

func (c *cli) buildCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "build", Short: "Build the site into its published folder", Args: exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			o, err := c.options()
			if err != nil {
				return err
			}
			if os.Getenv("GOGC") == "" {
				debug.SetGCPercent(200) // a build is short: what it would collect is soon gone
			}
			report, diags := generator.Build(cmd.Context(), o)
			if err := c.finish(diags, "nothing was published"); err != nil {
				return err
			}
			return c.report(report)
		},
	}
	c.addPublishFlags(cmd)
	return cmd
}

// leftOut says why pages are left out.
const leftOut = "drafts, held back, expired, or dated after the clock"

// report says what a build did.
func (c *cli) report(r generator.Report) error {
	n := r.Counts
	switch {
	case c.json:
		return json.NewEncoder(c.stdout).Encode(map[string]any{
			"pages": n.Pages, "pages_by_kind": n.ByKind, "pages_by_language": n.Language, "lists": n.Lists, "images": n.Images,
			"facts": n.Facts, "facts_sourced_and_dated": n.Sourced, "quotations": n.Quotations, "events": n.Events, "sources": n.Sources, "hidden": n.Hidden,
			"files": r.Files, "written": r.Written, "unchanged": r.Unchanged, "removed": r.Removed, "not_made": r.Kept, "milliseconds": r.Duration.Milliseconds(),
		})
	case c.quiet:
		return nil
	}
	summary := []string{plural(n.Pages, "page")}
	if n.Pages > 0 {
		summary = []string{fmt.Sprintf("%s (%s)", summary[0], counts(n.ByKind)), counts(n.Language)}
	}
	facts := plural(n.Facts, "fact")
	if n.Facts > 0 {
		facts += fmt.Sprintf(" (%d%% sourced and dated)", n.Sourced*100/n.Facts)
	}
	summary = append(summary, facts, plural(n.Events, "event"), plural(n.Sources, "source"), plural(n.Quotations, "quotation"))
	fmt.Fprintln(c.stdout, strings.Join(summary, ", "))
	if n.Hidden > 0 {
		fmt.Fprintf(c.stdout, "%s left out: %s\n", plural(n.Hidden, "page"), leftOut)
	}
	if r.Cache != "" {
		fmt.Fprintln(c.stdout, r.Cache)
	}
	unchanged := fmt.Sprintf("%d unchanged", r.Unchanged)
	if r.Kept > 0 {
		unchanged += fmt.Sprintf(" (%d of them not made again)", r.Kept)
	}
	_, err := fmt.Fprintf(c.stdout, "%s in %s: %d written, %s, %d removed, in %v\n", plural(r.Files, "file"), c.destination, r.Written, unchanged, r.Removed, r.Duration.Round(time.Millisecond))
	return err
}

// counts lists numbers by name: "24 article, 9 provider".
func counts(by map[string]int) string {
	var list []string
	for name, n := range by {
		list = append(list, fmt.Sprintf("%d %s", n, name))
	}
	slices.SortFunc(list, func(a, b string) int {
		_, a, _ = strings.Cut(a, " ")
		_, b, _ = strings.Cut(b, " ")
		return strings.Compare(a, b)
	})
	return strings.Join(list, ", ")
}

func (c *cli) serveCommand() *cobra.Command {
	var addr string
	cmd := &cobra.Command{
		Use: "serve", Short: "Build the site and serve it", Args: exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			o, err := c.options()
			if err != nil {
				return err
			}
			ready := func(report generator.Report, diags generator.Diagnostics, url string) {
				_ = c.print(diags)
				_ = c.report(report)
				if !c.quiet && !c.json {
					fmt.Fprintf(c.stdout, "Serving %s (press Ctrl+C to stop)\n", url)
				}
			}
			diags, err := generator.Serve(cmd.Context(), o, generator.ServeOptions{Addr: addr, Ready: ready})
			if err != nil {
				return err
			}
			if diags.HasErrors() {
				return c.finish(diags, "nothing was published")
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&addr, "addr", "localhost:8080", "TCP `address` to listen on")
	c.addPublishFlags(cmd)
	return cmd
}

func (c *cli) newCommand() *cobra.Command {
	return &cobra.Command{
		Use: `new KIND "Title"`, Short: "Start a page of a kind", Args: exactly("KIND", `"Title"`),
		RunE: func(_ *cobra.Command, args []string) error {
			o, err := c.options()
			if err != nil {
				return err
			}
			name, diags, err := generator.NewPage(o, args[0], args[1])
			if err := c.finish(diags, "no page was made"); err != nil {
				return err
			}
			if err != nil {
				return err
			}
			_, err = fmt.Fprintln(c.stdout, name)
			return err
		},
	}
}

func (c *cli) initCommand() *cobra.Command {
	return &cobra.Command{
		Use: "init DIR", Short: "Make a small site that builds", Args: exactly("DIR"),
		RunE: func(_ *cobra.Command, args []string) error {
			o, err := c.options()
			if err != nil {
				return err
			}
			names, err := generator.NewSite(args[0], o.Now)
			if err != nil {
				return err
			}
			for _, name := range names {
				if !c.quiet {
					fmt.Fprintln(c.stdout, name)
				}
			}
			return nil
		},
	}
}

func (c *cli) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the program's version", Args: exactly(),
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintln(c.stdout, "vigie", generator.Version())
			return err
		},
	}
}
