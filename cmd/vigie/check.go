package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"vigie/generator"
)

func (c *cli) checkCommand() *cobra.Command {
	var options generator.CheckOptions
	var format string
	var strict bool
	cmd := &cobra.Command{
		Use: "check", Short: "Check the site without writing anything", Args: exactly(),
		Long: `Do all that build does but writing, and say what is wrong. Beyond what build tells,
warn of pages that nothing links to, missing and stale translations, facts due for review
(review_after), sources cited nowhere, and titles and descriptions that are missing, too
long or those of another page.

With --external, try the links that lead outside, one at a time for each host, and keep
what was found in .vigie/links.json: a week for those that work, an hour for others. With
--search, run the judged queries of content/queries.toml and print how the index answers.

A rule is silenced for the site with [check] ignore = ["rule"] in config.toml, for a page
with check_ignore = ["rule"] in its front matter. Warnings do not fail the check unless
--strict is given.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			switch format {
			case "text":
			case "json":
				c.json = true
			case "github":
				if c.json {
					return usageError{fmt.Errorf("--format github and --json exclude each other")}
				}
				c.github = true
			default:
				return usageError{fmt.Errorf("--format is %q, want text, json or github", format)}
			}
			o, err := c.options()
			if err != nil {
				return err
			}
			report, diags := generator.Check(cmd.Context(), o, options)
			return c.checked(report, diags, options, strict)
		},
	}
	flags := cmd.Flags()
	flags.BoolVar(&options.External, "external", false, "try the links that lead outside the site")
	flags.BoolVar(&options.Search, "search", false, "run the judged queries too")
	flags.BoolVar(&strict, "strict", false, "fail on warnings too")
	flags.StringVar(&format, "format", "text", "how findings are printed: text, json or github (workflow commands)")
	return cmd
}

// checked says what a check found.
func (c *cli) checked(report generator.CheckReport, diags generator.Diagnostics, options generator.CheckOptions, strict bool) error {
	if !c.quiet && !c.json {
		for _, notice := range report.Notices {
			fmt.Fprintln(c.stderr, "vigie:", notice)
		}
		if err := report.PrintRelevance(c.stdout); err != nil {
			return err
		}
	}
	_, warnings := diags.Count()
	quiet := c.quiet
	c.quiet = quiet && !strict // what makes the check fail is told
	err := c.finish(diags, "the site would not be published")
	c.quiet = quiet
	if err != nil {
		return err
	}
	switch {
	case c.json:
		summary := map[string]any{"pages": report.Counts.Pages, "warnings": warnings}
		if n := report.Counts.Hidden; n > 0 {
			summary["hidden"] = n
		}
		if n := report.Links; options.External {
			summary["links"] = map[string]int{"tried": n.Tried, "alive": n.Alive, "dead": n.Dead, "unknown": n.Unknown, "cached": n.Cached}
			summary["unjudged"] = append([]generator.UnjudgedLink{}, report.Unjudged...)
		}
		if len(report.Notices) > 0 {
			summary["notices"] = report.Notices
		}
		if err := json.NewEncoder(c.stdout).Encode(summary); err != nil {
			return err
		}
	case !c.quiet:
		if n := report.Links; options.External {
			fmt.Fprintf(c.stdout, "%s to other sites: %d alive, %d dead, %d that could not be judged; %d known from before\n", plural(n.Tried, "link"), n.Alive, n.Dead, n.Unknown, n.Cached)
			for _, link := range report.Unjudged {
				fmt.Fprintf(c.stdout, "  %s: %s\n", link.Address, link.Reason)
			}
		}
		found := "nothing wrong"
		if warnings > 0 {
			found = plural(warnings, "warning")
		}
		fmt.Fprintf(c.stdout, "%s checked, %s\n", plural(report.Counts.Pages, "page"), found)
		if n := report.Counts.Hidden; n > 0 {
			fmt.Fprintf(c.stdout, "%s left out: %s\n", plural(n, "page"), leftOut)
		}
	}
	if strict && warnings > 0 {
		return errFailed
	}
	return nil
}

// base is the site's folder as GitHub's runners see it: from the root of the repository,
// which is where they run or what they say it is.
func (c *cli) base() string {
	root := os.Getenv("GITHUB_WORKSPACE")
	if root == "" {
		root = "."
	}
	root, err := filepath.Abs(root)
	if err != nil {
		return ""
	}
	source, err := filepath.Abs(c.source)
	if err != nil {
		return ""
	}
	base, err := filepath.Rel(root, source)
	if err != nil || base == ".." || strings.HasPrefix(base, ".."+string(filepath.Separator)) {
		return ""
	}
	return filepath.ToSlash(base)
}
