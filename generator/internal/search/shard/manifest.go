package shard

import (
	"vigie/generator/internal/search/analysis"
	"vigie/generator/internal/search/segment"
)

// maxRuns is the number of runs of kinds that the manifest holds.
const maxRuns = 256

// manifest returns the body of the manifest, and adds the shard of tables: the lengths
// of bodies, and kinds in many runs.
func (p *projection) manifest() []byte {
	var w writer
	w.number(analysis.Version)
	w.text(p.meta.Lang)
	w.number(p.meta.Documents)
	w.number(p.meta.Dated)
	for f := range segment.TextFields {
		w.number(p.meta.Totals[f.String()])
	}
	w.number(p.options.BlockSize)
	w.runs(p.years)
	w.number(len(p.kindNames))
	for _, name := range p.kindNames {
		w.text(name)
		w.text(p.meta.Kinds[name])
	}
	table := writer(p.bodies)
	if len(p.kinds) <= maxRuns {
		w.runs(p.kinds)
	} else {
		w.number(0)
		table.runs(p.kinds)
	}
	if len(table) > 0 {
		p.add('k', 0, table)
	}
	w.number(len(p.lexicons))
	for _, first := range p.lexicons {
		w.text(first)
	}
	w.number(len(p.firsts))
	before := ""
	for _, first := range p.firsts {
		w.term(before, first)
		before = first
	}
	w.number(len(p.covered))
	for _, n := range p.covered {
		w.number(n)
	}
	return w
}
