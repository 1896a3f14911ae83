package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"vigie/generator"
)

// marks are written around what matches: bold for a person, nothing in a pipe.
type marks struct{ open, close string }

func (c *cli) searchCommand() *cobra.Command {
	var r generator.SearchRequest
	cmd := &cobra.Command{
		Use: "search QUERY", Short: "Query the built site's index", Args: exactly("QUERY"),
		Long: `Query the index of the published site. All words are wanted; "…" is an exact phrase,
-word excludes, kind:provider tag:eucs year:2025 2024..2026 restrict.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			o, err := c.options()
			if err != nil {
				return err
			}
			if r.Limit < 1 || r.Limit > 100 {
				return usageError{fmt.Errorf("--limit is %d, want 1 to 100", r.Limit)}
			}
			r.Query = args[0]
			if c.json {
				answer, err := generator.SearchData(cmd.Context(), o, r)
				if err != nil {
					return err
				}
				return json.NewEncoder(c.stdout).Encode(answer)
			}
			result, err := generator.Search(cmd.Context(), o, r)
			if err != nil {
				return err
			}
			return c.results(result)
		},
	}
	cmd.Flags().StringVar(&r.Lang, "lang", "", "the `language` to search (default: the site's)")
	cmd.Flags().IntVar(&r.Limit, "limit", 10, "how many results to print")
	cmd.Flags().BoolVar(&r.Explain, "explain", false, "tell how each score came about")
	return cmd
}

// tierNames tell how well a hit answers, in the order of the tiers.
var tierNames = []string{"exact", "all words", "with a typo", "near phrase", "some words"}

// results prints hits for a person.
func (c *cli) results(r generator.SearchResult) error {
	m := marks{}
	if terminal(c.stdout) {
		m = marks{"\x1b[1m", "\x1b[0m"}
	}
	for i, h := range r.Hits {
		address := h.ID
		if h.Anchor != "" {
			address += "#" + h.Anchor
		}
		fmt.Fprintf(c.stdout, "%2d. %s%s%s\n    %s  (%s, %.4f)\n", i+1, m.open, h.Title, m.close, address, tierNames[h.Tier], h.Score)
		var b strings.Builder
		for _, f := range h.Excerpt {
			if f.Match {
				b.WriteString(m.open + f.Text + m.close)
				continue
			}
			b.WriteString(f.Text)
		}
		if b.Len() > 0 {
			fmt.Fprintf(c.stdout, "    %s\n", strings.ReplaceAll(b.String(), "\n", " "))
		}
		if h.Explanation != "" {
			fmt.Fprintf(c.stdout, "    %s\n", strings.ReplaceAll(strings.TrimSpace(h.Explanation), "\n", "\n    "))
		}
	}
	if r.Suggestion != "" {
		fmt.Fprintf(c.stdout, "Did you mean %q?\n", r.Suggestion)
	}
	for _, ignored := range r.Ignored {
		fmt.Fprintf(c.stderr, "vigie: not used: %s\n", ignored)
	}
	near := ""
	if r.Near > 0 {
		near = fmt.Sprintf(", %d with a near phrase", r.Near)
	}
	_, err := fmt.Fprintf(c.stdout, "%s%s, %d that match in part\n", plural(r.Total, "result"), near, r.Partial)
	return err
}
