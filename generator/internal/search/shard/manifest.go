package shard

import (
	"vigie/generator/internal/search/analysis"
	"vigie/generator/internal/search/segment"
)

// maxRuns is the number of runs of kinds that the manifest holds.
const maxRuns = 256

// tables adds the shard of tables: the lengths of bodies, and kinds in many runs.
func (p *projection) tables() {
	table := writer(p.bodies)
	if len(p.kinds) > maxRuns {
		table.runs(p.kinds)
	}
	if len(table) > 0 {
		p.add('k', 0, table)
	}
}

// manifest returns the body of the manifest, which names the groups of documents.
func (p *projection) manifest(documents []group) []byte {
	var w writer
	w.number(analysis.Version)
	w.text(p.meta.Lang)
	w.number(p.meta.Documents)
	w.number(p.meta.Dated)
	for f := range segment.TextFields {
		w.number(p.meta.Totals[f.String()])
	}
	w.number(p.options.BlockSize)
	w.number(p.groupSize())
	for _, g := range documents {
		w = append(w, g.sum[:]...)
	}
	w.runs(p.years)
	w.number(len(p.kindNames))
	for _, name := range p.kindNames {
		w.text(name)
		w.text(p.meta.Kinds[name])
	}
	if len(p.kinds) <= maxRuns {
		w.runs(p.kinds)
	} else {
		w.number(0)
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
