package build

import (
	"context"
	"slices"

	"vigie/generator/internal/check"
	"vigie/generator/internal/diag"
)

// Check makes the site's files in memory as [Render] does, and judges it by the rules
// of package check. The site is nil where nothing could be made of it.
func Check(ctx context.Context, o Options, c check.Options) (_ *Site, _ check.Findings, diags diag.List) {
	defer recovered(&diags)
	o.NoCache = true // it is to write nothing
	live, diags := Open(ctx, o)
	if live == nil {
		return nil, check.Findings{}, diags
	}
	site, told := live.all(ctx)
	findings, diags := check.Site(ctx, live.Content(), live.site, told, c)
	return site, findings, diags
}

// all makes all files, and tells what is silenced too.
func (l *Live) all(ctx context.Context) (*Site, diag.List) {
	out, list := l.site.All(ctx)
	site := &Site{Config: l.config, Content: l.site.Site(), Files: out.Files, Counts: out.Counts, Documents: out.Documents}
	diags := append(slices.Clone(l.loading), list...)
	if !diags.HasErrors() {
		diags = append(diags, site.addSearch(ctx, out, searchOptions{})...)
	}
	return site, diags.Sort()
}
